"""A student's edition runs by itself and holds no answers."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from helpers.teaching import assign
from tests.teaching import kit


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("edition") / "out"
    made = assign.assign(assign.Wish((kit.FIXTURE,), target, edition=True))
    place = tmp_path_factory.mktemp("far away")
    with zipfile.ZipFile(made / "students" / "common.zip") as archive:
        archive.extractall(place)
    return place / "common"


def test_it_holds_what_runs_and_nothing_that_tells(edition: Path) -> None:
    assert {p.name for p in edition.iterdir()} == {
        "READ_ME.txt", "notebooks", *assign._EDITION
    }  # fmt: skip
    assert not (edition / "helpers" / "teaching").exists()
    assert not (edition / "exercises").exists()
    names = {p.name for p in (edition / "notebooks").glob("*.ipynb")}
    assert names == {kit.FIXTURE.name}
    size = sum(p.stat().st_size for p in edition.rglob("*") if p.is_file())
    assert size < 20_000_000


def test_its_answers_are_checked_with_its_own_code(edition: Path) -> None:
    code = (
        "import helpers, sys\n"
        "from helpers.exercises import check\n"
        "print(helpers.__file__)\n"
        "print(check('99.1', 89.5).word, check('99.1', 84.21).message)\n"
    )
    env = {"PYTHONPATH": str(edition), "PATH": ""}
    run = subprocess.run([sys.executable, "-S", "-c", _with_packages(code)], env=env, text=True,
                         capture_output=True, cwd=edition / "notebooks", check=True)  # fmt: skip
    where, said = run.stdout.splitlines()
    assert Path(where).is_relative_to(edition)
    assert said == "Right Sixteen of nineteen is the second coding."


def _with_packages(code: str) -> str:
    """Give the packages of this environment without its link to the project."""
    places = [p for p in sys.path if "site-packages" in p]
    return f"import sys\nsys.path += {places!r}\n{code}"


def test_start_knows_an_edition(edition: Path) -> None:
    said = subprocess.run([sys.executable, "start.py", "assign"], cwd=edition, text=True,
                          capture_output=True)  # fmt: skip
    assert said.returncode == 1
    assert "for instructors" in said.stderr
    doctor = subprocess.run([sys.executable, "start.py", "doctor"], cwd=edition, text=True,
                            capture_output=True)  # fmt: skip
    assert "not the whole project" not in doctor.stdout
