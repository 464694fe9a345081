"""Sets for students and instructors: what is in them, what is not, and whose key is right."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest

from helpers.exercises import grading
from helpers.exercises.bank import load_bank
from helpers.exercises.table import notebooks_dir, read_solutions
from helpers.teaching import assign, cutting, leaks, roster
from helpers.teaching.cutting import KitError
from helpers.teaching.nbgrader import nbgrader_book
from tests.exercises import behaviour
from tests.teaching.kit import share_again, table

FIXTURE = Path(__file__).parent / "99_fixture.ipynb"
ITEMS = read_solutions(FIXTURE)
NOTEBOOKS = notebooks_dir()
SOURCES = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))


# What a student gets ---------------------------------------------------------------------------


def test_a_students_notebook_has_the_questions_and_nothing_else(common: Path) -> None:
    path = common / "students" / "common" / FIXTURE.name
    nbformat.validate(nbformat.read(path, as_version=4))
    book = cutting.read_book(path)
    text = path.read_text(encoding="utf-8")
    assert "solution" not in text
    assert "controls" not in text
    for cell in book["cells"]:
        assert cell["metadata"] == {}
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
    calls = [i for c in book["cells"] for _, i in cutting.exercise_calls(cutting.source_of(c))]
    assert {item.identifier for item in ITEMS} == set(calls)
    assert "hand_in(" in cutting.source_of(book["cells"][-1])
    assert set(book["metadata"]) == {"hrd", "kernelspec", "language_info"}


def test_the_zip_file_holds_the_same_as_the_folder(common: Path) -> None:
    folder = common / "students" / "common"
    with zipfile.ZipFile(folder.with_suffix(".zip")) as archive:
        packed = {n: archive.read(n) for n in archive.namelist()}
    there = {
        f"common/{p.relative_to(folder).as_posix()}": p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file()
    }
    assert packed == there


def test_nothing_leaks(common: Path, thirty: Path) -> None:
    assert leaks.find_leaks(common / "students", ITEMS) == []
    assert leaks.find_leaks(thirty / "students", ITEMS) == []


def _in_source(book: dict[str, Any], secret: str) -> None:
    book["cells"][1]["source"] = f"Note: {secret.upper()}"


def _in_output(book: dict[str, Any], secret: str) -> None:
    book["cells"][3]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": [secret]}]


def _in_metadata(book: dict[str, Any], secret: str) -> None:
    book["cells"][2]["metadata"] = {"note": {"deep": secret}}


def _in_attachment(book: dict[str, Any], secret: str) -> None:
    hidden = base64.b64encode(f"see: {secret}".encode()).decode()
    book["cells"][1]["attachments"] = {"a.txt": {"text/plain": hidden}}


def _split_over_lines(book: dict[str, Any], secret: str) -> None:
    half = len(secret) // 2
    book["cells"][1]["source"] = [secret[:half], secret[half:]]


PLACES = [_in_source, _in_output, _in_metadata, _in_attachment, _split_over_lines]


@pytest.mark.parametrize("place", PLACES, ids=lambda f: f.__name__)
@pytest.mark.parametrize("packed", [False, True], ids=["file", "archive"])
@pytest.mark.parametrize("number", range(len(ITEMS)))
def test_a_planted_solution_is_found(
    common: Path,
    tmp_path: Path,
    place: Callable[[dict[str, Any], str], None],
    packed: bool,
    number: int,
) -> None:
    secrets = leaks.sentences_of(ITEMS[number])
    if not secrets:  # predictions and the like have nothing to leak
        assert ITEMS[number].kind == "prediction"
        return
    book = cutting.read_book(common / "students" / "common" / FIXTURE.name)
    place(book, secrets[0])
    if packed:
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as archive:
            archive.writestr("a/book.ipynb", json.dumps(book))
        with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
            archive.writestr("inner.zip", inner.getvalue())
    else:
        cutting.write_book(book, tmp_path / "book.ipynb")
    assert leaks.find_leaks(tmp_path, ITEMS) != []


def test_a_planted_call_of_solution_and_a_bare_answer_in_the_bank_are_found(
    common: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": [{"source": 'solution("99.1", 3)'}]}))
    assert "a call of solution()" in leaks.find_leaks(tmp_path, ITEMS)[0]
    (tmp_path / "a.ipynb").unlink()
    bank = json.loads((common / "students/common/bank/99_fixture.json").read_text())
    bank["exercises"]["99.1"]["note"] = "it is 89.47 of course"
    (tmp_path / "b.json").write_text(json.dumps(bank))
    assert "99.1 shows the answer 89.47" in leaks.find_leaks(tmp_path, ITEMS)[0]


def test_a_leak_stops_the_build(tmp_path: Path) -> None:
    book = cutting.read_book(FIXTURE)
    book["cells"][7]["source"] += "\n\n" + ITEMS[2].fields["hints"][1]
    path = tmp_path / FIXTURE.name
    cutting.write_book(book, path)
    shutil.copytree(FIXTURE.parent / "exercises", tmp_path / "exercises")
    with pytest.raises(KitError, match="would have shown a solution"):
        assign.assign(assign.Wish((path,), tmp_path / "out"))
    assert {p.name for p in tmp_path.iterdir()} == {"exercises", path.name}


@pytest.mark.parametrize("notebook", SOURCES, ids=lambda p: p.stem)
def test_no_notebook_says_its_own_solutions(notebook: Path, tmp_path: Path) -> None:
    cells = list(cutting.shown_cells(cutting.read_book(notebook)))
    cutting.write_book(cutting.as_book(cells, {}), tmp_path / notebook.name)
    assert leaks.find_leaks(tmp_path, read_solutions(notebook)) == []


def test_builds_share_no_hash(common: Path, tmp_path: Path) -> None:
    again = assign.assign(assign.Wish((FIXTURE,), tmp_path / "out", show_solutions=True))
    first = load_bank(common / "students" / "common" / "bank")
    second = load_bank(again / "students" / "common" / "bank")
    for identifier, entry in first.items():
        assert "source" not in entry
        assert not set(entry.get("table", {})) & set(second[identifier].get("table", {}))


# What the forms of a set do --------------------------------------------------------------------


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Be in a student's folder, as a notebook there is."""
    monkeypatch.delenv("HRD_WORK_DIR", raising=False)
    monkeypatch.delenv("HRD_BANK_DIR", raising=False)
    return lambda folder: monkeypatch.chdir(folder)


def test_a_set_checks_with_its_own_bank_and_keeps_its_own_answers(
    common: Path, at_home: Callable[[Path], None]
) -> None:
    from helpers.exercises import check, hand_in
    from helpers.store.answers import work_dir

    folder = common / "students" / "common"
    at_home(folder)
    assert "write your name" in repr(hand_in())
    assert "no answer is stored" in repr(hand_in("Ada"))
    assert check("99.1", 89.5).right
    assert work_dir() == folder / "work"
    said = hand_in("Ada Löve, 3")
    assert "handin_ada-love-3.json" in repr(said)
    stored = json.loads((folder / "handin_ada-love-3.json").read_text(encoding="utf-8"))
    assert stored["answers"]["99.1"]["verdict"] == "Right"
    assert said.content == stored


def test_every_exercise_of_a_set_behaves(common: Path) -> None:
    entries = load_bank(common / "students" / "common" / "bank")
    for item in ITEMS:
        assert behaviour.verify(item, entries[item.identifier]) == []


def test_the_solution_comes_after_the_hints_where_it_is_allowed(
    common: Path, bank: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from helpers.exercises import ask
    from helpers.store.answers import AnswerStore

    form = ask("99.1")  # the suite's own bank
    form.next_hint()
    form.next_hint()
    assert "solution" not in form.labels
    monkeypatch.setenv("HRD_BANK_DIR", str(common / "students" / "common" / "bank"))
    form = ask("99.1")
    assert "solution" not in form.labels
    form.next_hint()
    assert "solution" not in form.labels
    form.next_hint()
    form.press("solution")
    assert "89.47 %" in form.solution
    assert AnswerStore().read()["99.1"]["solution_shown"]
    bare = ask("99.2")  # no hints: after a wrong answer
    bare.fill("public coercive")
    bare.press("submit")
    assert bare.labels["solution"] == "Show solution"


# A cohort for each student ---------------------------------------------------------------------


def test_keys_are_right_for_all_thirty(thirty: Path) -> None:
    roster_rows = table(thirty / "instructor" / "roster.csv")
    key = {
        row["key"]: float(row["answer"])
        for row in table(thirty / "instructor" / "answer_key.csv")
        if row["exercise"] == "99.7"
    }
    assert len(key) == len(roster_rows) == 30
    answers = []
    for row in roster_rows:
        folder = thirty / "students" / row["key"]
        answer = share_again(folder)
        answers.append(answer)
        assert key[row["key"]] == pytest.approx(answer, abs=1e-6)
        entries = load_bank(folder / "bank")
        assert grading.grade(entries["99.7"], answer).word == grading.RIGHT
        assert grading.grade(entries["99.7"], answer + 2).word == grading.NOT_YET
        outside = pd.read_csv(folder / "data" / "cohort" / "cohort.csv").query("freethe20 == 0")
        verdict = grading.grade(entries["99.7"], 100 * outside["released"].mean())
        assert "outside the campaign" in verdict.message
    assert len(set(answers)) > 3


def test_a_students_cohort_teaches_the_lesson_and_says_whose_it_is(
    thirty: Path, at_home: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    from helpers import data
    from helpers.provenance.kinds import Provenance
    from workshop.cohort.audit import fit_table3, fit_table4, read_cohort

    first, second = sorted(p for p in (thirty / "students").iterdir() if p.is_dir())[:2]
    at_home(first)
    cohort = data.load_cohort()
    assert f"Your set {first.name} has a synthetic cohort" in capsys.readouterr().out
    assert data.provenance_of(cohort) == (Provenance.SYNTHETIC,)
    assert cohort.attrs["variant"] == first.name
    shipped = data.read_table("cohort/cohort.csv") if hasattr(data, "read_table") else None
    assert shipped is None or not cohort.equals(shipped)
    assert len(data.load_long_list()) == 40
    # lifelines and statsmodels, not the fits that chose the cohort
    rows = read_cohort(second / "data" / "cohort" / "cohort.csv")
    assert all(fit_table3(rows, m).estimate[0] > 0 for m in range(1, 6))
    assert all(fit_table4(rows, m).estimate[0] < 0 for m in range(1, 6))
    assert all(fit_table4(rows, m).p_value[0] < 0.05 for m in range(1, 6))


def test_what_holds_only_in_the_suites_cohort_is_left_out(common: Path, thirty: Path) -> None:
    assert "99.5" in load_bank(common / "students" / "common" / "bank")
    folder = min(p for p in (thirty / "students").iterdir() if p.is_dir())
    assert "99.5" not in load_bank(folder / "bank")
    text = (folder / FIXTURE.name).read_text(encoding="utf-8")
    assert "Exercise 99.5 is not in your set" in text
    assert 'ask(\\"99.5\\")' not in text
    assert "99.5" not in {r["exercise"] for r in table(thirty / "instructor" / "answer_key.csv")}


def test_a_set_does_not_say_who_the_student_is(thirty: Path) -> None:
    names = {row["key"]: row["student"] for row in table(thirty / "instructor" / "roster.csv")}
    seeds = {row["key"]: row["seed"] for row in table(thirty / "instructor" / "roster.csv")}
    digests = {
        maker(name.encode()).hexdigest()[:8].upper()
        for name in names.values()
        for maker in (hashlib.md5, hashlib.sha1, hashlib.sha256)
    }
    for key, name in names.items():
        assert key not in digests
        for path in (thirty / "students" / key).rglob("*"):
            if path.is_file():
                text = path.read_text(encoding="utf-8")
                assert name not in text
                assert not re.search(rf"\b{seeds[key]}\b", text)
    archive = zipfile.ZipFile(thirty / "students" / f"{min(names)}.zip")
    assert {info.date_time for info in archive.infolist()} == {(2020, 1, 1, 0, 0, 0)}


# What the instructor gets ----------------------------------------------------------------------


def test_the_instructors_set_has_plans_notes_rubrics_and_key(common: Path) -> None:
    notes = (common / "instructor" / "notes" / "99_fixture.html").read_text(encoding="utf-8")
    for words in (
        "A class of 50 minutes",
        "A class of 80 minutes",
        "Names a rival explanation.",
        "Ask who would gain",
        "what would change your mind?",
        "Sixteen of nineteen is the second coding.",
    ):
        assert words in notes
    key = {row["exercise"]: row for row in table(common / "instructor" / "answer_key.csv")}
    assert key["99.1"]["answer"] == "89.47"
    assert key["99.4"]["answer"] == "repression > denial > concession > status"
    assert "99.p1" not in key
    assert (common / "instructor" / "START_HERE.html").exists()


def nbgrader_problems(book: dict[str, Any]) -> list[str]:
    """What nbgrader's validator of schema version 3 would refuse, by its documented rules."""
    kinds = {"grade": bool, "solution": bool, "locked": bool, "task": bool}
    allowed = {*kinds, "schema_version", "grade_id", "points", "checksum", "cell_type"}
    problems, seen = [], set()
    for cell in book["cells"]:
        meta = cell["metadata"].get("nbgrader")
        if meta is None:
            continue
        name = meta.get("grade_id", "")
        if meta.get("schema_version") != 3 or set(meta) - allowed:
            problems.append(f"{name}: version or keys")
        if any(type(meta.get(k)) is not t for k, t in kinds.items()):
            problems.append(f"{name}: flags")
        if not re.fullmatch(r"[a-zA-Z0-9_\-]+", name) or name in seen:
            problems.append(f"{name}: grade_id")
        seen.add(name)
        if meta.get("grade") and not meta.get("points", -1) >= 0:
            problems.append(f"{name}: points")
        if cell["cell_type"] == "markdown" and meta.get("grade") is not meta.get("solution"):
            problems.append(f"{name}: a Markdown cell is graded and a solution, or neither")
    return problems


@pytest.mark.parametrize("notebook", [FIXTURE, *SOURCES], ids=lambda p: p.stem)
def test_nbgrader_takes_the_source(notebook: Path) -> None:
    items = {i.identifier: i for i in read_solutions(notebook)}
    book = nbgrader_book(cutting.read_book(notebook), items)
    nbformat.validate(nbformat.from_dict(book))
    assert nbgrader_problems(book) == []
    graded = [c for c in book["cells"] if c["metadata"].get("nbgrader", {}).get("grade")]
    assert len(graded) == sum(i.kind != "prediction" for i in items.values())
    broken = json.loads(json.dumps(book))
    for cell in broken["cells"]:
        cell["metadata"].get("nbgrader", {}).pop("grade_id", None)
    assert nbgrader_problems(broken) != []


def test_nbgraders_answer_and_test_cells_agree(bank: Path) -> None:
    items = {i.identifier: i for i in ITEMS}
    book = nbgrader_book(cutting.read_book(FIXTURE), items)
    space: dict[str, Any] = {}
    ran = 0
    for cell in book["cells"]:
        meta = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code" and meta:
            source = cutting.source_of(cell)
            assert ("### BEGIN SOLUTION" in source) == meta["solution"]
            exec(source, space)
            ran += meta["grade"]
    assert ran == sum(i.kind not in {"prediction", "reflection"} for i in ITEMS)


# What goes wrong -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"student\n\n", "has no rows under its header"),
        (b"student\nTest Student\n", "lists no student"),
        (b"name,mail\nAda,x\n", 'lacks the column "student"; its columns are: name, mail'),
        (b"student\nAda\nBo\nada \n", "row 4: 'ada' is already in row 2"),
        (b"student,mail\nAda,x\n,y\n", "row 3: the student is missing"),
        ("student\nÉva\n".encode("latin-1"), "not text in UTF-8"),
        (b'student,mail\n"Ada,x\n', "quotation mark"),
        (b"student\nDoe, Joan\nBo\n", "row 2: 2 cells, where the header in row 1 has 1"),
        (b"student,mail\nDoe, Joan,j@x.org\n", "put a name with a comma between quotation marks"),
        (b"student\n" + b"\n".join(b"S%d" % n for n in range(10_000)), "lists 10000 students"),
    ],
)
def test_a_bad_roster_is_one_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(content)
    with pytest.raises(KitError, match=re.escape(words)) as told:
        roster.read_roster(path)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("\ufeffGroup;Student\nA;E\u0301va  Nagy\nA;Bo\n", ["Éva Nagy", "Bo"]),
        ("student\nAda Lovelace\nBo\n", ["Ada Lovelace", "Bo"]),
        ("student\nDoe, Joan\nRoe, Bo\n", ["Doe, Joan", "Roe, Bo"]),
        ('sep=;\nstudent;mail\n"Doe; Joan";\n', ["Doe; Joan"]),
        (  # as Canvas exports its gradebook
            "Student,ID,SIS Login ID,Section,Week 1 (9)\n,,,,Manual Posting\n"
            '    Points Possible,,,,10\n"Doe, Joan",7,jdoe,A,9\n"Student, Test",8,t,A,\n',
            ["Doe, Joan"],
        ),
        ("First name,Last name,ID number,Quiz\nJoan,Doe,7,9\n", ["Joan Doe"]),
    ],
)
def test_a_roster_is_read_as_it_is_kept(tmp_path: Path, content: str, names: list[str]) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(content.encode())
    students = roster.read_roster(path)
    assert [s.name for s in students] == names
    assert len({s.key for s in students}) == len({s.seed for s in students}) == len(names)
    assert {s.key for s in roster.read_roster(path)}.isdisjoint(s.key for s in students)


def test_a_roster_in_a_workbook_is_read(tmp_path: Path) -> None:
    texts = [["student", "Section"], ["Éva Nagy", "A"], ["Bo", "2"]]
    rows = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{t}</t></is></c>' for t in row) + "</row>"
        for row in texts
    )
    schemas = "http://schemas.openxmlformats.org"
    main, links = f"{schemas}/spreadsheetml/2006/main", f"{schemas}/package/2006/relationships"
    office = f"{schemas}/officeDocument/2006/relationships"

    def leads(kind: str, target: str) -> str:
        link = f'<Relationship Id="a" Type="{office}/{kind}" Target="{target}"/>'
        return f'<Relationships xmlns="{links}">{link}</Relationships>'

    parts = {
        "_rels/.rels": leads("officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": leads("worksheet", "worksheets/sheet1.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Class" sheetId="1" r:id="a"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}'
        "</sheetData></worksheet>",
    }
    path = tmp_path / "roster.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        for name, text in parts.items():
            book.writestr(name, text)
    read = [(s.name, s.columns) for s in roster.read_roster(path)]
    assert read == [("Éva Nagy", (("Section", "A"),)), ("Bo", (("Section", "2"),))]


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert assign.main(list(arguments)) == 1
    text = capsys.readouterr().err
    assert len(text.splitlines()) == 1
    return text


def test_a_bad_wish_is_one_sentence_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "mine.txt").write_text("mine")
    assert "nothing was overwritten" in said(capsys, "--notebooks", "0", "--to", str(taken))
    assert [p.name for p in taken.iterdir()] == ["mine.txt"]
    target = str(tmp_path / "new")
    assert "no notebook '77'; there are: 00" in said(capsys, "--notebooks", "77", "--to", target)
    below = str(taken / "mine.txt" / "new")
    assert "Nothing can be written" in said(capsys, "--notebooks", "0", "--to", below)
    assert "needs --students" in said(
        capsys, "--notebooks", "0", "--to", target, "--per-student-data"
    )
    missing = str(tmp_path / "no.csv")
    assert "There is no file" in said(
        capsys, "--notebooks", "0", "--to", target, "--students", missing
    )
    assert [p.name for p in tmp_path.iterdir()] == ["taken"]
