"""A vote from phones in the room: ``python3 start.py class NN --vote``.

One page on the local network, under a random code, as long as the class lasts. It shows the
question that the poll on the projector has opened and takes one answer a device; a later one
from the same device replaces it. Votes are kept in memory and in one file beside the polls,
without anything that names a device. Nothing else can be reached: every other address gets
the same empty 404, and nothing from a request is ever opened, run or shown as markup.

What it does not stop: whoever is on the network and has the code can vote, and a device that
forgets its cookie is a new one (at most `DEVICES_AN_ADDRESS` from one address). The network
can read the votes: there is no TLS, for a phone would not trust a certificate made here. It is
a show of hands, no ballot.
"""

from __future__ import annotations

import argparse
import ipaddress
import json
import os
import re
import secrets
import socket
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import segno
from tornado import iostream, web
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets

from helpers.exercises import grading
from helpers.exercises.bank import Entry, load_bank
from helpers.exercises.reading import UnreadableAnswer
from helpers.exercises.table import notebooks_dir
from helpers.teaching import cutting
from helpers.teaching.assign import find_notebooks
from helpers.teaching.cutting import KitError
from helpers.teaching.plans import plain
from helpers.teaching.rooms import OPEN_FILE, ROOM_FILE, VOTES_FILE

DEVICES: Final = 400
DEVICES_AN_ADDRESS: Final = 60
CONNECTIONS: Final = 600
SILENT: Final = 15
MOST_BODY: Final = 2_000
MOST_ANSWER: Final = 200
HOURS: Final = 4
# An address may ask so often at once, and so often a second in the long run.
_BURST, _A_SECOND = 400, 40.0
_MISSES, _PAUSE = 20, 60.0
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_COOKIE: Final = "hrd_vote"


@dataclass
class Limits:
    """How much an address may still ask; wrong codes make it wait."""

    clock: Callable[[], float] = time.monotonic
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)
    _missed: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def allow(self, address: str) -> bool:
        """Count one request; tell whether it may be answered."""
        now = self.clock()
        recent = [t for t in self._missed.get(address, ()) if now - t < _PAUSE]
        if len(recent) >= _MISSES:
            return False
        left, then = self._left.get(address, (float(_BURST), now))
        left = min(_BURST, left + (now - then) * _A_SECOND)
        if len(self._left) > 5_000:
            self._left.clear()  # nobody's class has so many addresses
        self._left[address] = (left - 1, now) if left >= 1 else (left, now)
        return left >= 1

    def miss(self, address: str) -> None:
        """Count a request for something that is not there."""
        now = self.clock()
        if len(self._missed) > 5_000:
            self._missed.clear()
        self._missed[address] = [t for t in self._missed[address] if now - t < _PAUSE] + [now]


@dataclass
class Room:
    """The vote of one class.

    Attributes
    ----------
    folder : Path
        Where the poll says what is open and finds the votes.
    code : str
        Without it nothing is there.
    entries : dict
        The notebook's predictions by id.
    words : dict
        What is asked, by id.
    """

    folder: Path
    code: str
    entries: dict[str, Entry]
    words: dict[str, str]
    limits: Limits = field(default_factory=Limits)
    votes: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)

    def open_now(self) -> tuple[str, str]:
        """Return exercise and phase of the open question, empty when none is open."""
        try:
            said = json.loads((self.folder / OPEN_FILE).read_text("utf-8"))
            identifier, phase = str(said["exercise"]), str(said["phase"])
        except (OSError, ValueError, KeyError, TypeError):
            return "", ""
        known = identifier in self.entries and phase in {"before", "after"}
        return (identifier, phase) if known else ("", "")

    def device(self, token: str, address: str) -> str:
        """Return a device's token, a new one for a device not seen; empty when full."""
        if token in self.devices:
            return token
        taken = sum(a == address for a in self.devices.values())
        if len(self.devices) >= DEVICES or taken >= DEVICES_AN_ADDRESS:
            return ""
        token = secrets.token_urlsafe(16)
        self.devices[token] = address
        return token

    def vote(self, device: str, identifier: str, phase: str, answer: Any) -> str:
        """Keep a device's vote; return a sentence when it cannot be kept."""
        if (identifier, phase) != self.open_now() or not identifier:
            return "This question is closed."
        try:
            value = grading.read_answer(self.entries[identifier], answer)
        except UnreadableAnswer as problem:
            return str(problem)[:MOST_ANSWER]
        if isinstance(value, str) and not value.strip():
            return "Write an answer first."
        self.votes.setdefault((identifier, phase), {})[device] = value
        self._keep()
        return ""

    def _keep(self) -> None:
        content: dict[str, dict[str, list[Any]]] = {}
        for (identifier, phase), by in self.votes.items():
            content.setdefault(identifier, {})[phase] = sorted(by.values(), key=str)
        part = self.folder / f"{VOTES_FILE}.part"
        part.write_text(json.dumps({"votes": content}, ensure_ascii=False), encoding="utf-8")
        os.replace(part, self.folder / VOTES_FILE)


class _Handler(web.RequestHandler):
    """What every answer has in common: limits before, headers after."""

    def initialize(self, room: Room, host: str) -> None:
        self.room, self.host = room, host

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.nonce = secrets.token_urlsafe(16)
        for name, value in {
            "Content-Security-Policy": f"default-src 'none'; script-src 'nonce-{self.nonce}'; "
            f"style-src 'nonce-{self.nonce}'; connect-src 'self'; form-action 'none'; "
            "frame-ancestors 'none'; base-uri 'none'",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        }.items():
            self.set_header(name, value)

    @property
    def address(self) -> str:
        return str(self.request.remote_ip)

    def prepare(self) -> None:
        if not self.room.limits.allow(self.address):
            self._end(429)
        elif self.request.host != self.host or self.request.method not in {"GET", "POST"}:
            self._end(404)

    def _end(self, status: int) -> None:
        self.set_status(status)
        self.finish()

    def write_error(self, status_code: int, **_: Any) -> None:
        self.finish()  # no word about what went wrong, or with what

    def device(self) -> str:
        given = self.get_cookie(_COOKIE) or ""
        token = self.room.device(given, self.address)
        if token and token != given:
            self.set_cookie(_COOKIE, token, httponly=True, samesite="Strict", path="/")
        return token

    def answer(self, content: dict[str, Any]) -> None:
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(content))


class _Nothing(_Handler):
    def prepare(self) -> None:
        super().prepare()
        if not self._finished:
            self.room.limits.miss(self.address)
            self._end(404)


class _Page(_Handler):
    def get(self) -> None:
        full = not self.device()
        page = _FULL if full else _PAGE
        self.finish(page.replace("NONCE", self.nonce))


class _Now(_Handler):
    def get(self) -> None:
        identifier, phase = self.room.open_now()
        if not identifier:
            self.answer({"open": ""})
            return
        entry = self.room.entries[identifier]
        mine = self.room.votes.get((identifier, phase), {}).get(self.get_cookie(_COOKIE) or "")
        self.answer(
            {
                "open": f"{identifier} {phase}",
                "question": self.room.words.get(identifier, ""),
                "options": list(entry.get("options") or ()),
                "unit": str(entry.get("unit") or ""),
                "mine": "" if mine is None else str(mine),
            }
        )


class _Vote(_Handler):
    def post(self) -> None:
        device = self.get_cookie(_COOKIE) or ""
        if device not in self.room.devices or not self._from_our_page():
            self._end(403)
            return
        try:
            said = json.loads(self.request.body.decode("utf-8"))
            open_, given = str(said["open"]), said["answer"]
            if not isinstance(given, str) or len(given) > MOST_ANSWER:
                raise ValueError
            identifier, _, phase = open_.partition(" ")
        except (ValueError, KeyError, TypeError, RecursionError):
            self._end(400)
            return
        self.answer({"problem": self.room.vote(device, identifier, phase, given)})

    def _from_our_page(self) -> bool:
        """Tell whether our own page asks: a form of another page can send neither."""
        origin = self.request.headers.get("Origin", f"http://{self.host}")
        kind = self.request.headers.get("Content-Type", "")
        return origin == f"http://{self.host}" and kind == "application/json"


class _Server(HTTPServer):
    """A server that holds no more connections than a class opens."""

    def handle_stream(self, stream: iostream.IOStream, address: tuple[Any, ...]) -> None:
        held = [c.context.address[0] for c in self._connections]  # type: ignore[attr-defined]
        if len(held) >= CONNECTIONS or held.count(address[0]) >= CONNECTIONS // 4:
            stream.close()
            return
        super().handle_stream(stream, address)
        # Who opens a connection and asks for nothing does not keep it.
        IOLoop.current().call_later(SILENT, self._close_silent, stream)

    @staticmethod
    def _close_silent(stream: iostream.IOStream) -> None:
        if not stream.closed() and not getattr(stream, "hrd_asked", False):
            stream.close()


def application(room: Room, host: str) -> web.Application:
    """Return the pages of a room; `host` is the one name under which they answer."""
    given = {"room": room, "host": host}
    code = re.escape(room.code)
    return web.Application(
        [
            (rf"/{code}", _Page, given),
            (rf"/{code}/now", _Now, given),
            (rf"/{code}/vote", _Vote, given),
        ],
        default_handler_class=_Nothing,
        default_handler_args=given,
        log_function=_note,
    )


def _note(handler: web.RequestHandler) -> None:
    """Keep no log of who asked; only let a connection that asked something live on."""
    connection = handler.request.connection
    stream = getattr(connection, "stream", None)
    if stream is not None:
        stream.hrd_asked = True


def serve(room: Room, address: str, port: int = 0) -> tuple[HTTPServer, str]:
    """Begin to serve on one address; return the server and where it is."""
    sockets = bind_sockets(port, address)
    port = sockets[0].getsockname()[1]
    shown = f"[{address}]" if ":" in address else address
    host = f"{shown}:{port}"
    server = _Server(
        application(room, host),
        max_body_size=MOST_BODY,
        max_header_size=8_192,
        max_buffer_size=65_536,
        idle_connection_timeout=30,
        body_timeout=10,
        xheaders=False,
    )
    server.add_sockets(sockets)
    return server, f"http://{host}/{room.code}"


def new_code() -> str:
    """Return the code of a room: nine letters, which at twenty guesses a minute nobody finds."""
    return "".join(secrets.choice(_LETTERS) for _ in range(9))


def own_address(wanted: str = "") -> str:
    """Return this computer's address on the local network.

    Raises
    ------
    KitError
        If there is none, or the one wanted is not a local one.
    """
    if not wanted:
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
                probe.connect(("192.0.2.1", 9))  # a reserved address: nothing is sent
                wanted = str(probe.getsockname()[0])
        except OSError:
            raise KitError(
                "This computer is on no network, so no phone can reach it. Join the room's "
                "network, or count hands."
            ) from None
    try:
        found = ipaddress.ip_address(wanted)
    except ValueError:
        raise KitError(f"{wanted!r} is not an address such as 192.168.1.20.") from None
    if not found.is_private or found.is_unspecified:
        raise KitError(
            f"{wanted} is not an address of a local network, so the vote is not opened there. "
            "Use --address with a local one, or count hands."
        )
    return str(found)


def make_room(notebook: Path, folder: Path, code: str = "") -> Room:
    """Return the room of a notebook's predictions."""
    stem = notebook.name[:2]
    entries = {
        k: e for k, e in load_bank().items() if k.startswith(f"{stem}.")
        and e["kind"] == "prediction"
    }  # fmt: skip
    texts = cutting.question_texts(cutting.read_book(notebook))
    words = {k: plain(" ".join(texts.get(k, "").split())) for k in entries}
    folder.mkdir(parents=True, exist_ok=True)
    return Room(folder, code or new_code(), entries, words)


# The page -------------------------------------------------------------------------------------

_HEAD: Final = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Vote</title>
<style nonce="NONCE">
body { font: 18px/1.4 system-ui, sans-serif; margin: 0 auto; padding: 16px; max-width: 34em;
       color: #1b1b1b; background: #fff; }
button { display: block; width: 100%; margin: 10px 0; padding: 14px; font: inherit;
         text-align: left; border: 2px solid #595959; border-radius: 8px; background: #fff;
         color: inherit; }
button[aria-pressed=true] { border-color: #0072b2; background: #e5f1f8; font-weight: bold; }
input { font: inherit; width: 100%; box-sizing: border-box; padding: 12px;
        border: 2px solid #595959; border-radius: 8px; }
:focus-visible { outline: 3px solid #0072b2; outline-offset: 2px; }
#said { min-height: 1.5em; }
</style></head><body>"""

_FULL: Final = (
    f"{_HEAD}<h1>The room is full</h1><p>So many devices have voted from here; raise your hand.</p>"
    "</body></html>"
)

_PAGE: Final = (
    _HEAD
    + """<main><p id="question" role="status" aria-live="polite">Waiting for the question …</p>
<div id="answers"></div><p id="said" role="status" aria-live="polite"></p></main>
<script nonce="NONCE">
const here = location.pathname.replace(/\\/$/, "");
const find = (id) => document.getElementById(id);
let shown = "", timer = 0;
const say = (text) => { find("said").textContent = text; };
async function vote(open, answer, mark) {
  say("Sending …");
  try {
    const reply = await fetch(here + "/vote", { method: "POST", credentials: "same-origin",
      headers: { "Content-Type": "application/json" }, body: JSON.stringify({ open, answer }) });
    if (!reply.ok) throw new Error(reply.status);
    const { problem } = await reply.json();
    say(problem || "Your vote is in. You may still change it.");
    if (!problem) mark();
  } catch { say("It did not arrive. Try again."); }
}
function draw(now) {
  shown = now.open;
  find("question").textContent = now.question || now.open || "Waiting for the question …";
  const box = find("answers");
  box.replaceChildren();
  say(now.mine ? "Your vote is in. You may still change it." : "");
  if (!now.open) return;
  if (now.options.length) {
    const buttons = now.options.map((option) => {
      const button = document.createElement("button");
      button.textContent = option;
      button.setAttribute("aria-pressed", String(option === now.mine));
      button.addEventListener("click", () => vote(now.open, option, () =>
        buttons.forEach((b) => b.setAttribute("aria-pressed", String(b === button)))));
      return button;
    });
    box.append(...buttons);
  } else {
    const label = document.createElement("label");
    label.textContent = now.unit ? "Your answer (" + now.unit + ")" : "Your answer";
    const input = document.createElement("input");
    input.maxLength = 200;
    input.value = now.mine;
    label.append(input);
    const button = document.createElement("button");
    button.textContent = "Send";
    button.addEventListener("click", () => vote(now.open, input.value, () => {}));
    box.append(label, button);
  }
}
async function look() {
  clearTimeout(timer);
  try {
    const reply = await fetch(here + "/now", { credentials: "same-origin" });
    if (!reply.ok) throw new Error(reply.status);
    const now = await reply.json();
    if (now.open !== shown || !shown) draw(now);
  } catch { say("The vote cannot be reached; it tries again."); }
  timer = setTimeout(look, 2500 + 1000 * Math.random());
}
look();
</script></body></html>"""
)


# The command ----------------------------------------------------------------------------------


def invitation(address: str) -> str:
    """Return the address and its QR code for a terminal."""
    out: list[str] = []
    matrix = [list(row) for row in segno.make(address, micro=False).matrix]
    blank = [0] * (len(matrix[0]) + 4)
    rows = [blank, blank, *([0, 0, *row, 0, 0] for row in matrix), blank, blank]
    if len(rows) % 2:
        rows.append(blank)
    # Two rows of dots in one line of text; light on dark terminals is what phones expect.
    for top, low in zip(rows[::2], rows[1::2], strict=True):
        out.append("".join(" ▄▀█"[2 * (not a) + (not b)] for a, b in zip(top, low, strict=True)))
    return "\n".join(out) + f"\n{address}\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until the input ends; return the exit status."""
    made = argparse.ArgumentParser(prog="start.py class", description=__doc__.split(":")[0] + ".")
    made.add_argument("notebook", metavar="NN")
    made.add_argument("--folder", type=Path, required=True, help=argparse.SUPPRESS)
    made.add_argument("--address", default="", help="this computer's address in the room")
    chosen = made.parse_args(arguments)
    try:
        address = own_address(chosen.address)
        room = make_room(find_notebooks([chosen.notebook], notebooks_dir())[0], chosen.folder)
        if not room.entries:
            raise KitError(f"Notebook {chosen.notebook} has no prediction to vote on.")
        server, place = serve(room, address)
    except (KitError, OSError) as error:
        print(f"This did not work: {error}", file=sys.stderr)
        return 1
    note = room.folder / ROOM_FILE
    note.write_text(json.dumps({"address": place}), encoding="utf-8")
    print(f"The vote is open to whoever is on this network and has the address:\n"
          f"{invitation(place)}It closes when you end the class.", flush=True)  # fmt: skip
    loop = IOLoop.current()

    def wait() -> None:
        sys.stdin.read()  # the class ends, and with it what it wrote to us through
        loop.add_callback(loop.stop)

    threading.Thread(target=wait, daemon=True).start()
    loop.call_later(HOURS * 3600, loop.stop)
    try:
        loop.start()
    except KeyboardInterrupt:
        pass
    finally:
        server.stop()
        note.unlink(missing_ok=True)
        (room.folder / OPEN_FILE).unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
