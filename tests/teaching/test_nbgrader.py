"""The export, graded by nbgrader itself where it is installed.

It is no package of the suite. To run this: make an environment with the suite and nbgrader,
and name its Python in HRD_NBGRADER_PYTHON, as .ci/run does.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from helpers.exercises.table import notebooks_dir
from helpers.teaching import assign, cutting

PYTHON = os.environ.get("HRD_NBGRADER_PYTHON", "")
pytestmark = pytest.mark.skipif(
    not PYTHON and importlib.util.find_spec("nbgrader") is None, reason="nbgrader is not installed"
)
BOOK = "01_typology"


def answered(source: dict[str, Any], right: bool) -> dict[str, Any]:
    """The instructor's notebook as a student who knows everything, or nothing, hands it in."""
    for cell in source["cells"]:
        text = cutting.source_of(cell)
        if "### BEGIN SOLUTION" in text:
            text = re.sub(r"### (BEGIN|END) SOLUTION\n?", "", text)
            if not right:
                text = re.sub(r"^(answer_\w+) = .*$", r"\1 = 'no idea'", text, flags=re.MULTILINE)
            cell["source"] = text
    return source


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nbgrader")
    book = notebooks_dir() / f"{BOOK}.ipynb"
    made = assign.assign(assign.Wish((book,), folder / "out"))
    given = made / "instructor" / "nbgrader"
    place = folder / "course"
    place.mkdir()
    (given / "source").rename(place / "source")
    config = (given / "nbgrader_config.py").read_text() + 'c.CourseDirectory.course_id = "hrd"\n'
    (place / "nbgrader_config.py").write_text(config)
    run(place, "generate_assignment", BOOK)
    for student, right in (("ada", True), ("bo", False)):
        target = place / "submitted" / student / BOOK
        target.mkdir(parents=True)
        source = json.loads((place / "source" / BOOK / f"{BOOK}.ipynb").read_text("utf-8"))
        text = json.dumps(answered(source, right))
        (target / f"{BOOK}.ipynb").write_text(text, encoding="utf-8")
    run(place, "autograde", BOOK)
    run(place, "generate_feedback", BOOK)
    run(place, "export", "--to", "grades.csv")
    return place


def run(place: Path, *words: str) -> str:
    env = {**os.environ, "PYTHONPATH": str(notebooks_dir().parent)}
    env["PATH"] = f"{Path(PYTHON or sys.executable).parent}{os.pathsep}{env['PATH']}"
    # That environment may borrow the suite's packages; nbconvert's templates are not among them.
    env["JUPYTER_PATH"] = str(Path(sys.prefix) / "share" / "jupyter")
    env.pop("HRD_WORK_DIR", None)
    done = subprocess.run([PYTHON or sys.executable, "-m", "nbgrader", *words], cwd=place,
                          env=env, text=True, capture_output=True)  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout + done.stderr


def test_what_students_get_tells_nothing(course: Path) -> None:
    text = (course / "release" / BOOK / f"{BOOK}.ipynb").read_text("utf-8")
    assert "BEGIN SOLUTION" not in text
    assert "= 'diplomatic relations'" not in text


def test_the_source_passes_its_own_tests(course: Path) -> None:
    assert "Success!" in run(course, "validate", f"source/{BOOK}/{BOOK}.ipynb")


def test_all_right_and_all_wrong_get_their_points(course: Path) -> None:
    with (course / "grades.csv").open(newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert float(rows["ada"]["max_score"]) >= 5
    assert float(rows["ada"]["score"]) == float(rows["ada"]["max_score"])
    assert float(rows["bo"]["score"]) == 0


def test_each_submission_keeps_its_own_answers(course: Path) -> None:
    suite = notebooks_dir().parent
    kept = sorted(course.glob(f"autograded/*/{BOOK}/work/**/answers.json"))
    assert len(kept) == 2
    assert all(not path.is_relative_to(suite) for path in kept)


def test_feedback_says_why(course: Path) -> None:
    page = (course / "feedback" / "bo" / BOOK / f"{BOOK}.html").read_text("utf-8")
    assert "Unreadable" in page or "Not yet" in page
