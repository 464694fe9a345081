"""A bank built from the fixture notebook, and an empty folder for answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.exercises import build

FIXTURE = Path(__file__).parent / "99_fixture.ipynb"


@pytest.fixture(scope="session")
def bank_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bank")
    build.build_notebook(FIXTURE, folder)
    return folder


@pytest.fixture
def bank(bank_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Use the fixture's bank and an empty work folder; return the work folder."""
    monkeypatch.setenv("HRD_BANK_DIR", str(bank_folder))
    monkeypatch.setenv("HRD_WORK_DIR", str(tmp_path / "work"))
    return tmp_path / "work"
