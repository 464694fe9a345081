"""A notebook opened on another day shows its pictures, not widgets whose kernel is gone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

WIDGET: Final = "application/vnd.jupyter.widget-view+json"


def without_dead_widgets(model: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook's model in which what can be shown without its kernel is shown so.

    An output that holds a widget and something else keeps what else it holds: the still
    picture, the text. An output that is nothing but a widget stays as it is.
    """
    for cell in model["content"].get("cells", []):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if WIDGET in data and len(data) > 1:
                del data[WIDGET]
    return model


def show_pictures_without_a_kernel(server: Any) -> None:
    """Hand out notebooks without dead widgets when no kernel runs for them.

    JupyterLab prefers a widget to a picture and never falls back: in a notebook that was
    run, saved and opened again, each panel would read "Error displaying widget: model not
    found". While a session with a kernel lives, a tab closed and opened again still gets
    its live panels. The file on disk keeps both.

    Parameters
    ----------
    server : jupyter_server.serverapp.ServerApp
        Its contents manager, of whatever kind, is taught this; its sessions are asked.
    """
    from jupyter_core.utils import ensure_async

    manager = server.contents_manager
    plain = manager.get

    async def get(path: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        model: dict[str, Any] = await ensure_async(plain(path, *args, **kwargs))
        if model.get("type") != "notebook" or not isinstance(model.get("content"), Mapping):
            return model
        sessions = await ensure_async(server.session_manager.list_sessions())
        here = path.strip("/")
        alive = any(str(s.get("path", "")).strip("/") == here and s.get("kernel") for s in sessions)
        return model if alive else without_dead_widgets(model)

    manager.get = get
