"""Panels that a page computes instead of storing: what their formulas in JavaScript start from.

A module stands for the panels of the room of the same name, beside the script that holds their
formulas; `tools.js` holds what several of them use. They answer as `compute` and `unavailable`
do, by test. Where `given` holds `apart`, one control keeps the others apart at each of its values,
all but those that it names as shared.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any, Final

from helpers.panels.base import Panel

ROOMS: Final = (
    "cases",
    "comparison",
    "deadlock",
    "dialogues",
    "multiverse",
    "release",
    "second_campaign",
    "survival",
    "trial",
)
"""Rooms of `helpers.panels` with panels that a page computes."""

_HERE: Final = Path(__file__).parent


def given(panel: Panel[Any]) -> dict[str, Any] | None:
    """Return what the panel's formula needs beside the setting, none without a formula."""
    room = type(panel).__module__.split(".")[2]
    if room not in ROOMS:
        return None
    # Only now: a page is made anew when a module that it loaded has changed.
    start = import_module(f"{__name__}.{room}").GIVEN.get(type(panel))
    return None if start is None else {"formula": type(panel).__name__, **start(panel)}


def script() -> str:
    """Return the formulas of every panel as one script."""
    scripts = sorted(_HERE.glob("*.js"), key=lambda path: (path.stem != "tools", path.stem))
    return "\n".join(path.read_text("utf-8") for path in scripts)
