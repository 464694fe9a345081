"""What comes back is read, never run unless asked, and whatever is wrong is one line."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from helpers.exercises.bank import load_bank
from helpers.teaching import assign, collect, rerun, roster
from helpers.teaching.pages import cell_safe
from helpers.teaching.report import page_text, table_text, write_report
from tests.teaching import kit
from tests.teaching.kit import share_again, table

SHARE = "def share(k, n):\n    return k / n if n else 0.0\n"


@pytest.fixture
def course(bank_folder: Path) -> collect.Course:
    """The fixture's bank, without names."""
    return collect.Course(load_bank(bank_folder), build="B")


@pytest.fixture
def box(tmp_path: Path) -> Path:
    folder = tmp_path / "returned"
    folder.mkdir()
    return folder


def line(result: collect.Result, student: str, exercise: str) -> collect.Line:
    (found,) = [x for x in result.lines if (x.student, x.exercise) == (student, exercise)]
    return found


def test_answers_are_checked_here(box: Path, course: collect.Course) -> None:
    (box / "a.json").write_text(
        kit.handin(
            name="Ada",
            build="B",
            _1=kit.record(84.21, 73.68, 89.5),
            _3=kit.record(["axis two", "axis one"], verdict="Right"),
            _6=kit.record(SHARE, verdict="Right"),
            _r1=kit.record("A rival.", verdict="Recorded"),
        )
    )
    result = collect.collect(box, course)
    assert result.problems == []
    first = line(result, "Ada", "99.1")
    assert (first.state, first.tries, first.checked) == ("Right", 3, collect.CHECKED)
    assert line(result, "Ada", "99.3").state == "Right"
    assert line(result, "Ada", "99.2").state == collect.MISSING
    code = line(result, "Ada", "99.6")
    assert (code.state, code.checked) == ("Right", collect.AS_SAID)
    assert line(result, "Ada", "99.r1").state == "Recorded"


def test_what_a_file_claims_is_not_believed(box: Path, course: collect.Course) -> None:
    (box / "a.json").write_text(kit.handin(name="Ada", _1=kit.record(12, verdict="Right")))
    assert line(collect.collect(box, course), "Ada", "99.1").state == "Not yet"


def test_predictions_before_and_after(box: Path, course: collect.Course) -> None:
    answer = kit.record("40", "50")
    answer["history"] += kit.record("89", phase="after reveal")["history"]
    (box / "a.json").write_text(kit.handin(name="Ada", _p1=answer))
    (box / "b.json").write_text(kit.handin(name="Bo", _p1=kit.record("60")))
    result = collect.collect(box, course)
    first, second = line(result, "Ada", "99.p1"), line(result, "Bo", "99.p1")
    assert (first.before, first.after) == ("50", "89")
    assert (second.before, second.after) == ("60", None)
    assert "middle value 55" in page_text(result)


def test_wrong_answers_are_counted_once_a_student(box: Path, course: collect.Course) -> None:
    for number in range(3):
        text = kit.handin(name=f"S{number}", _1=kit.record(84.21, 84.21, 10 + number))
        (box / f"{number}.json").write_text(text)
    wrong = collect.collect(box, course).wrong["99.1"]
    assert wrong.most_common(1) == [(("84.21", "Sixteen of nineteen is the second coding."), 3)]
    assert wrong[("10", "")] == 1


def test_a_notebook_says_as_much_as_it_can(box: Path, course: collect.Course) -> None:
    handed = kit.handin(name="Ada", made="2", _1=kit.record(89.5))
    (box / "ada.ipynb").write_text(kit.notebook('ask("99.1")', embedded=handed))
    (box / "bo.ipynb").write_text(
        kit.notebook('check("99.1", 17 / 19 * 100)', 'check("99.1", 100 * 3)', 'ask("99.2")')
    )
    (box / "cy.ipynb").write_text(
        kit.notebook('check("99.1", 89.5)', 'ask("99.2"); ask("99.2")', 'predict("99.p1", 60)')
    )
    result = collect.collect(box, course)
    assert line(result, "Ada", "99.1").state == "Right"
    assert line(result, "bo", "99.1").state == collect.MISSING  # computed, so not known unrun
    cy = line(result, "cy", "99.1")
    assert (cy.state, cy.checked) == ("Right", collect.WRITTEN_ONLY)
    assert line(result, "cy", "99.p1").before == 60
    told = " ".join(text for file, text in result.problems if file == "cy.ipynb")
    assert "lacks the cells of 99.p2" in told
    assert "has 99.2 more than once" in told


def test_the_newest_of_several_files_counts(box: Path, course: collect.Course) -> None:
    old: dict[str, Any] = {"_1": kit.record(1), "_2": kit.record("x")}
    new = kit.record(1, 89.5)  # the same store, a try later
    (box / "1.json").write_text(kit.handin(name="Ada", made="2026-01-02", _1=new))
    (box / "2.json").write_text(kit.handin(name="ada", made="2026-01-01", **old))
    result = collect.collect(box, course)
    assert {x.student for x in result.lines} == {"Ada"}
    assert line(result, "Ada", "99.1").state == "Right"
    assert line(result, "Ada", "99.2").answer == "x"
    assert "the newest answer counts" in result.problems[0][1]


def test_hostile_files_are_one_line_each_and_the_rest_goes_on(
    box: Path, tmp_path: Path, course: collect.Course
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    expected = kit.write_hostile(box, outside)
    (box / "good.json").write_text(kit.handin(name="Ada", _1=kit.record(89.5)))
    before = {p: p.stat().st_mtime_ns for p in box.iterdir() if not p.is_symlink()}
    result = collect.collect(box, course)
    told = dict(result.problems)
    for file, words in expected.items():
        assert words in told[file], file
        assert sum(f == file for f, _ in result.problems) == 1
    assert told["hostile.ipynb"] == "not run: code cell 2 imports os"
    assert line(result, "Ada", "99.1").state == "Right"
    assert {x.student for x in result.lines} == {"Ada", "hostile"}
    assert [p.name for p in outside.iterdir()] == ["secret.json"]
    assert not (tmp_path / "climbed.json").exists()
    assert {p: p.stat().st_mtime_ns for p in box.iterdir() if not p.is_symlink()} == before


@pytest.mark.parametrize(
    "record",
    [
        7,
        {"value": {"a": [1]}, "history": "x"},
        {"value": float("nan"), "history": [{"value": [[[]]]}, 3]},
        {"value": "9" * 10_000, "history": [{}] * 3000},
        {"value": [None, {"a": 1}]},
        {"value": True, "verdict": ["x"]},
        {},
    ],
)
def test_a_record_of_any_form_is_survived(box: Path, course: collect.Course, record) -> None:  # type: ignore[no-untyped-def]
    answers = {f"_{k}": record for k in ("1", "2", "3", "4", "5", "6", "p1", "p2", "r1")}
    (box / "a.json").write_text(kit.handin(name="Ada", **answers))
    result = collect.collect(box, course)
    table_text(result)
    page_text(result)
    assert all(x.state != "Right" for x in result.lines)


def test_the_report_is_escaped_and_starts_no_formula(box: Path, course: collect.Course) -> None:
    nasty = "<script>alert(1)</script>"
    (box / "a.json").write_text(
        kit.handin(
            name="=HYPERLINK(1)",
            _1=kit.record(nasty),
            _2=kit.record("@x"),
            _5=kit.record("+cmd|' /C calc'!A0"),
            _r1=kit.record(nasty, verdict="Recorded"),
            _p1=kit.record(nasty),
        )
    )
    result = collect.collect(box, course)
    page = page_text(result)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "default-src 'none'" in page
    for row in csv.reader(io.StringIO(table_text(result))):
        for cell in row:
            assert not re.match(r"\s*[=+@-](?!\d)", cell), cell
    assert cell_safe(-0.5) == -0.5
    assert cell_safe("-0.5") == "-0.5"
    assert cell_safe("-1+1") == "'-1+1"
    assert cell_safe("\t=1") == "' =1"


def test_reports_are_numbered_not_overwritten(
    box: Path, tmp_path: Path, course: collect.Course
) -> None:
    (box / "a.json").write_text(kit.handin(name="Ada", _1=kit.record(89.5)))
    result = collect.collect(box, course)
    names = [write_report(result, tmp_path / "report.csv").table.name for _ in range(3)]
    assert names == ["report.csv", "report-2.csv", "report-3.csv"]


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert collect.main([str(tmp_path / "nowhere")]) == 1
    assert "is not a folder" in capsys.readouterr().err
    assert collect.main([str(tmp_path), "--set", str(tmp_path)]) == 1
    assert "not a folder that assign made" in capsys.readouterr().err


# Running ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import os", "imports os"),
        ("from os import path", "imports os.path"),
        ("import numpy as np, subprocess", "imports subprocess"),
        ("!rm -rf ~", "command of the notebook or the system"),
        ("%run x.py", "command of the notebook or the system"),
        ("x = !ls", "command of the notebook or the system"),
        ("eval('1')", "uses eval"),
        ("().__class__.__bases__", "uses .__"),
        ("open('x', 'w')", "uses open"),
        ("df.to_csv('x')", "uses .to_csv"),
        ("pd.io.common.os.system('x')", "uses .system"),
        ("getattr(x, 'y')", "uses getattr"),
        ("def f(:", ""),
        ("import pandas as pd\npd.DataFrame({'code': [1]}).code.mean()", ""),
        ("from helpers.exercises import check\ncheck('99.1', 3)", ""),
    ],
)
def test_cells_that_reach_for_the_system_are_not_run(source: str, words: str) -> None:
    told = rerun.objection(["1 + 1", source])
    assert (words in told) if words else told == ""


def test_running_finds_computed_answers_and_checks_functions(
    box: Path, course: collect.Course
) -> None:
    (box / "ada.ipynb").write_text(
        kit.notebook(
            "from helpers.exercises import check",
            "share = 17 / 19 * 100\nprint('x' * 10_000_000)",
            "1 / 0",
            'check("99.1", share)',
            'def share(k, n):\n    return k / n if n else 0.0\n\n\ncheck("99.6", share)',
        )
    )
    wrong = kit.record("def share(k, n):\n    return 1\n", verdict="Right")
    (box / "bo.json").write_text(kit.handin(name="Bo", _6=wrong))
    assert line(collect.collect(box, course), "Bo", "99.6").state == "Right"  # as it claims
    result = collect.collect(box, course, run=True)
    assert line(result, "ada", "99.1").state == "Right"
    assert line(result, "ada", "99.6").checked == collect.RUN
    assert line(result, "Bo", "99.6").state == "Not yet"


def test_a_verdict_is_never_the_students_own(box: Path, course: collect.Course) -> None:
    forged = (
        "from helpers.store.answers import AnswerStore\n"
        "AnswerStore().record('99.6', 'def f(k, n):\\n    return 7', 'Right')\n"
        "AnswerStore().record('99.1', 12.0, 'Right')"
    )
    swapped = (
        "from helpers.exercises import check, grading\n"
        "grading.grade = lambda *_: grading.Verdict('Right', '')\n"
        "grading.grade_results = grading.grade\n"
        "check('99.6', lambda k, n: 3)\ncheck('99.1', 13)"
    )
    for name, source in (("ada", forged), ("bo", swapped)):
        (box / f"{name}.ipynb").write_text(kit.notebook(source, 'ask("99.1")', 'ask("99.6")'))
    result = collect.collect(box, course, run=True)
    for name in ("ada", "bo"):
        assert line(result, name, "99.1").state == "Not yet"
        assert line(result, name, "99.6").state in {"Not yet", collect.MISSING}


def test_a_run_gets_no_answers(course: collect.Course) -> None:
    for entry in course.entries.values():
        bare = rerun._without_answers(entry)
        given = json.dumps(bare)
        assert not {"table", "sealed", "solution", "fails"} & set(bare)
        assert bare["findings"] == {}
        assert "Sixteen of nineteen" not in given


@pytest.mark.skipif(not hasattr(__import__("os"), "killpg"), reason="limits need POSIX")
def test_a_run_has_an_end_and_a_limit(course: collect.Course) -> None:
    check = "from helpers.exercises import check\ncheck('99.1', 89.5)"
    endless = rerun.run([check, "while True: pass"], {}, course.entries, seconds=12)
    assert "stopped after 12 seconds" in endless.problem
    assert endless.answers["99.1"]["value"] == 89.5
    greedy = rerun.run([check, "x = bytearray(3 * 10**9)", "check('99.2', 'x')"], {},
                       course.entries, seconds=40)  # fmt: skip
    assert "99.2" in greedy.answers  # the cell failed, the process did not
    assert greedy.problem == ""


# A whole class ---------------------------------------------------------------------------------


def test_thirty_students_are_collected_and_the_keys_fit(thirty: Path, box: Path) -> None:
    rows = table(thirty / "instructor" / "roster.csv")
    build = json.loads((thirty / "instructor" / "build.json").read_text())["build"]
    for number, row in enumerate(rows):
        share = share_again(thirty / "students" / row["key"])
        text = kit.handin(
            key=row["key"],
            build=build,
            _7=kit.record(share if number % 3 else share + 3),
            _1=kit.record(89.5),
            _p2=kit.record("longer"),
        )
        (box / f"handin_{row['key']}.json").write_text(text)
    (box / "handin_stranger.json").write_text(kit.handin(key="STRANGER", _1=kit.record(1)))
    begun = time.monotonic()
    result = collect.collect(box, collect.read_course(thirty))
    print(f"\n30 students collected in {time.monotonic() - begun:.1f} s")
    assert {x.student for x in result.lines} == {r["student"] for r in rows} | {"STRANGER"}
    for number, row in enumerate(rows):
        state = line(result, row["student"], "99.7").state
        assert state == ("Right" if number % 3 else "Not yet")
    assert ("handin_stranger.json", "its key STRANGER is not in the roster of this build") in (
        result.problems
    )
    without = collect.collect(box, collect.read_course(None))
    assert without.files == 31


def test_assign_and_collect_meet_for_a_set_common_to_all(
    tmp_path: Path, box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from helpers.exercises import check, hand_in

    out = assign.assign(assign.Wish((kit.FIXTURE,), tmp_path / "out"))
    monkeypatch.delenv("HRD_WORK_DIR", raising=False)
    monkeypatch.chdir(out / "students" / "common")
    check("99.1", 84.2)
    check("99.6", lambda k, n: 0)
    said = hand_in("Ada")
    assert said.content is not None
    (box / "ada.json").write_text(json.dumps(said.content))
    result = collect.collect(box, collect.read_course(out))
    assert result.problems == []
    assert line(result, "Ada", "99.1").message == "Sixteen of nineteen is the second coding."
    assert line(result, "Ada", "99.6").state == "Not yet"
    assert roster.new_key() != roster.new_key()
