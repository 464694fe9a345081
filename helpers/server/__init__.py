"""What the suite adds to the Jupyter server it is opened with.

A server extension, so that start.py, conda, Binder and a hub's single-user server load it
alike: they all read jupyter_server_config.d, from .jupyter/ here or from etc/jupyter/ of the
environment the project is installed in (``python -m helpers.server`` puts it there). It must
stay cheap: nothing of the suite but this room is imported in the server.
"""

from __future__ import annotations

from typing import Any

from helpers.server.second_day import show_pictures_without_a_kernel
from helpers.server.websocket import send_at_once


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "helpers.server"}]


def _load_jupyter_server_extension(server: Any) -> None:
    send_at_once()
    show_pictures_without_a_kernel(server)
