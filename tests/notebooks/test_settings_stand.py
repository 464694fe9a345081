"""Going on with Shift+Enter leaves every panel as the reader set it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from helpers.panels.base import Choice, Panel, Several, Slider, Toggle

BOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def another(panel: Panel[Any]) -> dict[str, Any]:
    """One control, and a value it does not have now."""
    for field, control in panel.controls().items():
        now = getattr(panel.state, field)
        if isinstance(control, Choice | Several):
            others = [v for v in control.options.values() if v not in (now, (now,))]
            if others and isinstance(control, Several):
                return {field: tuple(others[:1]) if tuple(others[:1]) != now else ()}
            if others:
                return {field: others[0]}
        elif isinstance(control, Toggle):
            return {field: not now}
        elif isinstance(control, Slider):
            return {field: control.low if now != control.low else control.high}
    raise AssertionError(f"nothing to move in {panel.name}")


@pytest.mark.parametrize("path", sorted(BOOKS.glob("[0-9][0-9]_*.ipynb")), ids=lambda p: p.stem)
def test_every_setting_stands(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HRD_WORK_DIR", str(tmp_path))
    space: dict[str, Any] = {"__name__": "__main__", "display": lambda *_: None}
    left: list[tuple[str, Panel[Any], Any]] = []
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        exec(compile("".join(cell["source"]), path.name, "exec"), space)
        for name, panel in list(space.items()):
            if isinstance(panel, Panel) and all(panel is not known for _, known, _ in left):
                move = another(panel)
                panel.move(**move)
                assert panel.state == dataclasses.replace(panel.state, **move)
                left.append((name, panel, panel.state))
    assert left
    for name, panel, state in left:
        assert panel.state == state, f"{name} was moved by a later cell"
        assert space[name] is panel, f"{name} was made anew by a later cell"
