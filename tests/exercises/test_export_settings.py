"""A learner's weights and placements leave the suite as a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.exercises import export_settings
from helpers.store.answers import SettingStore


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HRD_WORK_DIR", str(tmp_path / "work"))


def test_only_what_was_asked_and_no_file_is_overwritten(tmp_path: Path) -> None:
    SettingStore().record("09.scorecard", "K2=5")
    SettingStore().record("06.cards", {"C1": 2.5})
    first = export_settings(tmp_path / "mine.json", starting="09.")
    again = export_settings(tmp_path / "mine.json")
    assert (first.name, again.name) == ("mine.json", "mine-2.json")
    assert json.loads(first.read_text("utf-8")) == {
        "version": 1,
        "settings": {"09.scorecard": "K2=5"},
    }
    assert set(json.loads(again.read_text("utf-8"))["settings"]) == {"09.scorecard", "06.cards"}


def test_by_default_it_goes_to_the_work_folder(tmp_path: Path) -> None:
    found = export_settings()
    assert found == tmp_path / "work" / "settings-export.json"
    assert json.loads(found.read_text("utf-8"))["settings"] == {}


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="settings could not be written"):
        export_settings(tmp_path / "missing" / "mine.json")
