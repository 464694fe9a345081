"""What the text sends a reader to is on the page, however many settings a panel has."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from helpers.panels.release.tables import SCALES
from helpers.site import build
from helpers.site.settings import MOST, Stored
from helpers.study.release import FAMILY_WORDS
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


def test_controls_in_sight_combine_freely(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HRD_WORK_DIR", str(tmp_path))
    monkeypatch.setattr(Stored, "_frame", lambda self, place: 0)
    (book,) = build.chosen(["04"])
    (panel,) = (p for p in built.panels_of(book).values() if p.name == "Workbench")
    held = Stored(panel)
    assert held.whole > MOST
    for model, family, scale in itertools.product("12345", FAMILY_WORDS, SCALES.values()):
        state = panel._read(f"model={model}&family={family}&scale={scale}&errors=HC1")
        assert held.place_of(state) in held.frames
    assert len(held.frames) <= MOST
