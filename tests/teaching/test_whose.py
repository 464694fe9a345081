"""Every file that comes back has a student or a line; whose it is, is said."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from helpers.exercises.bank import load_bank
from helpers.teaching import collect
from helpers.teaching.course import HANDED_IN, UNREADABLE_FILES, Course, Result
from helpers.teaching.gradebook import gradebook_text
from helpers.teaching.report import in_words, page_text, table_text, write_report
from tests.teaching import returns
from tests.teaching.mutants import mutants


@pytest.fixture(scope="module")
def result(bank_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Result:
    folder = tmp_path_factory.mktemp("class")
    returns.write(folder)
    course = Course(load_bank(bank_folder), students=returns.ROSTER, build="B")
    return collect.collect(folder, course, due=collect.read_due("2026-01-05"))


def test_there_are_eighty_returns() -> None:
    assert len(returns.CASES) >= 80


@pytest.mark.parametrize("case", returns.CASES, ids=lambda c: c.files[0][0][:40])
def test_each_return_appears(result: Result, case: returns.Case) -> None:
    handed = {s.name for s in result.standings if s.state == HANDED_IN}
    unread = {s.name for s in result.standings if s.state == UNREADABLE_FILES}
    for name in case.appear:
        if name.startswith("!"):
            assert name[1:] in unread, unread
        else:
            assert name in handed, handed
    if case.words:
        lines = [f"{file} {text}" for file, text in result.problems]
        files = [name.split("/")[0] for name, _ in case.files]
        said = [x for x in lines if case.words in x]
        assert any(f in x for x in said for f in (*files, *case.appear)), said or lines


def test_nobody_else_appears(result: Result) -> None:
    expected = {name.lstrip("!") for case in returns.CASES for name in case.appear}
    expected |= {s.name for s in returns.ROSTER}
    assert {s.name for s in result.standings} == expected


def test_the_first_lines_say_who_is_where(result: Result) -> None:
    words = "\n".join(in_words(result))
    assert "Missing: Missing Person." in words
    assert "Fatima al-Zahra (handin_33333333.json is cut off" in words
    assert "Unread Able" in words
    assert "Paul Dot" in next(x for x in in_words(result) if x.startswith("Late"))
    assert "STRANGER" in next(x for x in in_words(result) if x.startswith("Not in the roster"))


def test_one_archive_is_one_line(result: Result) -> None:
    for name in ("junk.zip", "climb.zip", "bomb.zip"):
        assert sum(file.startswith(name) for file, _ in result.problems) == 1


def test_the_report_is_whole(result: Result, tmp_path: Path) -> None:
    written = write_report(result, tmp_path / "r")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["r.csv", "r.html", "r_gradebook.csv"]
    page = written.page.read_text("utf-8")
    assert page.endswith("</html>\n")
    assert "<script" not in page_text(result)
    assert "Unreadable" in table_text(result)
    cells = [cell for text in (table_text(result), gradebook_text(result))
             for row in csv.reader(io.StringIO(text)) for cell in row]  # fmt: skip
    assert "'=cmd|'/c calc'!A0" in cells
    assert not [cell for cell in cells if cell.lstrip()[:1] in {"=", "+", "@"}]


def test_the_gradebook_has_the_rosters_own_columns(result: Result) -> None:
    rows = list(csv.reader(io.StringIO(gradebook_text(result))))
    assert rows[0] == ["Student", "ID", "Email", "Notebook 99"]
    by = {row[0]: row for row in rows}
    assert by["Rosa Keyed"] == ["Rosa Keyed", "501", "rosa@x.edu", "1"]
    assert by["Missing Person"][-1] == ""
    assert by["Fatima al-Zahra"][-1] == ""
    assert "Dora" not in by


def try_mutants(folder: Path, course: Course, seed: int, count: int) -> Result:
    """Collect so many mutants at once and write the report."""
    for name, content in mutants(seed, count).items():
        path = folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    result = collect.collect(folder / "in", course)
    written = write_report(result, folder / "out" / "r")
    assert written.page.read_text("utf-8").endswith("</html>\n")
    assert len(list((folder / "out").iterdir())) == 3
    csv.reader(io.StringIO(written.table.read_text("utf-8")))
    return result


@pytest.mark.parametrize("seed", range(3))
def test_mutated_returns_leave_the_report_whole(
    bank_folder: Path, tmp_path: Path, seed: int
) -> None:
    course = Course(load_bank(bank_folder), students=returns.ROSTER, build="B")
    result = try_mutants(tmp_path, course, seed, 150)
    assert result.files > 100
    assert result.lines
