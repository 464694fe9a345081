"""The kernel's messages leave at once."""

from __future__ import annotations


def send_at_once() -> None:
    """Switch off Nagle's algorithm on every kernel WebSocket opened from now on.

    A kernel answers in several small messages. Tornado leaves Nagle's algorithm on, and
    jupyter_server (2.21) never calls ``set_nodelay``: the second message then waits in the
    server until the browser has acknowledged the first, and a browser that has nothing to
    say delays its acknowledgement by about 40 ms. Each move of a panel paid that once,
    whatever it computed.
    """
    from jupyter_server.services.kernels.websocket import KernelWebsocketHandler as Handler

    plain = Handler.open
    if getattr(plain, "at_once", False):
        return

    async def open_at_once(self: Handler, kernel_id: str) -> None:
        self.set_nodelay(True)
        await plain(self, kernel_id)

    open_at_once.at_once = True  # type: ignore[attr-defined]
    Handler.open = open_at_once
