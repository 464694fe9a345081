"""What the text sends a reader to is on the page, however many settings a panel has."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.site import build
from helpers.site.settings import MOST, Stored
from helpers.teaching.plans import plan_path, read_plans
from tests.site import built


@pytest.mark.parametrize("book", build.chosen([]), ids=lambda path: path.stem)
def test_settings_that_are_named_are_held_and_moves_from_presets(
    book: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HRD_WORK_DIR", str(tmp_path))
    monkeypatch.setattr(Stored, "_frame", lambda self, place: 0)  # where, not what
    plans = read_plans(plan_path(book).read_text("utf-8")).values()
    planned = {pair for plan in plans for beat in plan.beats for pair in beat.panels}
    found = built.panels_of(book).values()
    assert found
    for panel in found:
        held = Stored(panel, most=0)  # what is held of any panel
        if held.given or held.whole <= MOST:
            continue
        presets = [panel._read(preset["setting"]) for preset in panel._view.facts["presets"]]
        for place in map(held.place_of, [*presets, panel._start, panel._default]):
            assert {place, *held._moves(place)} <= held.frames.keys()
        for name, setting in planned:
            if name == panel.name:
                assert held.place_of(panel._read(setting)) in held.frames, setting
