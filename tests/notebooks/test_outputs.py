"""What a page shows after Run All: nothing answers before it is asked, nothing is undone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter

from helpers.exercises.table import read_solutions
from helpers.teaching.cutting import exercise_calls
from helpers.teaching.leaks import sentences_of

BOOKS = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = sorted(BOOKS.glob("[0-9][0-9]_*.ipynb"))
# What would give a prediction away, in the words of the panels and tables; the tests of the
# panels hold that these are the truth.
GIVEN_AWAY = {
    "00.p1": r"\b(14|16|17) of (the )?(19|nineteen)\b",
    "00.p2": r"22 to 39 %",
    "01.p1": r"Open: public expressive and private expressive\.",
    "02.p1": r"\b2 of the 7 tests",
    "02.p2": r"\b39(\.\d)? % of 20,000",
    "02.p3": r"\b60 points",
    "03.p1": r"Up to month 30, women of the group",
    "03.p2": r"-4\.18",
    "04.p1": r"[456] of 6 printed numbers",
    "04.p2": r"\b(?!0\b)\d+ of 156 women have a fitted probability above 1",
    "04.p3": r"linear models only",
    "04.p4": r"Within 12 months",
    "05.p1": r"none at all in 29 %",
    "05.p2": r"about 1\.45|45 % up",
    "06.p1": r"\bLeyla Yunus is released|freed before",
    "06.p2": r"no interviews",
    "07.p1": r"proposed to Ta Phong Tan",
    "07.p2": r"no refusal",
    "08.p1": r"\b99 %",
    "08.p2": r"gives 0\.6|would give 0\.60",
    "09.p1": r"\b7 found",
    "09.p2": r"phase 4",
    "10.p1": r"your setting gives",
    "11.p1": r"itself contradict\w* \d|\b9 of 1\d\d\b",
    "12.p1": r"\b4 were: observed",
    "12.p2": r"observed over expected is \d",
}


def cells(path: Path) -> list[dict]:  # type: ignore[type-arg]
    return json.loads(path.read_text("utf-8"))["cells"]


def texts(cell: dict) -> str:  # type: ignore[type-arg]
    """All that an output says in words: its text and the text alternatives of its pictures."""
    found = []
    for out in cell.get("outputs", []):
        kept = out.get("data", {}).get("text/plain", out.get("text", ""))
        found.append(kept if isinstance(kept, str) else "".join(kept))
        found.append(str(out.get("metadata", {}).get("image/png", {}).get("alt", "")))
    return "\n".join(found)


def test_every_prediction_has_its_pattern() -> None:
    every = [item for path in NOTEBOOKS for item in read_solutions(path)]
    assert set(GIVEN_AWAY) == {item.identifier for item in every if item.kind == "prediction"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_no_output_answers_a_prediction_before_its_reveal(path: Path) -> None:
    book = cells(path)
    truths = {i.identifier: i.fields.get("truth") for i in read_solutions(path)}
    for place, cell in enumerate(book):
        calls = exercise_calls("".join(cell["source"])) if cell["cell_type"] == "code" else []
        for name in (i for function, i in calls if function == "reveal"):
            above = "\n".join(texts(c) for c in book[: place + 1])
            found = re.search(GIVEN_AWAY[name], above)
            assert found is None, f"{name} is given away: {found and found.group(0)}"
            if len(str(truths[name] or "")) > 3:
                assert str(truths[name]) not in above, name


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_as_a_page_no_feedback_is_on_it(path: Path) -> None:
    page, _ = HTMLExporter(exclude_anchor_links=True).from_notebook_node(
        nbformat.read(path, as_version=4)
    )
    plain = " ".join(re.sub(r"<[^>]+>", " ", page).split()).casefold()
    assert len(plain) > 10_000
    for item in read_solutions(path):
        for said in sentences_of(item):
            assert said not in plain, item.identifier
    assert "solution(" not in plain
