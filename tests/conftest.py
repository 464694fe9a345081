"""A bank built from the fixture notebook, and an empty folder for answers."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from helpers.exercises.table import read_solutions
from helpers.teaching import assign, roster
from helpers.teaching.sealing import make_entry

FIXTURE = Path(__file__).parent / "teaching" / "99_fixture.ipynb"
CLASS = 30


@pytest.fixture(scope="session")
def bank_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bank")
    entries = {item.identifier: make_entry(item) for item in read_solutions(FIXTURE)}
    content = {"notebook": FIXTURE.name, "exercises": entries}
    (folder / "99_fixture.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


@pytest.fixture
def bank(bank_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Use the fixture's bank and an empty work folder; return the work folder."""
    monkeypatch.setenv("HRD_BANK_DIR", str(bank_folder))
    monkeypatch.setenv("HRD_WORK_DIR", str(tmp_path / "work"))
    return tmp_path / "work"


@pytest.fixture(scope="session")
def common(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One set for all, with solutions allowed."""
    target = tmp_path_factory.mktemp("kit") / "out"
    return assign.assign(assign.Wish((FIXTURE,), target, show_solutions=True))


@pytest.fixture(scope="session")
def thirty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty students with a cohort each; the time is printed, not judged."""
    folder = tmp_path_factory.mktemp("kit")
    names = folder / "roster.csv"
    names.write_text("student\n" + "".join(f"Student {n}\n" for n in range(CLASS)))
    begun = time.monotonic()
    students = tuple(roster.read_roster(names))
    made = assign.assign(assign.Wish((FIXTURE,), folder / "out", students, own_data=True))
    print(f"\n{CLASS} students built in {time.monotonic() - begun:.0f} s")
    return made
