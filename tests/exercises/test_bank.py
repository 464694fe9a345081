"""The bank: every exercise of every notebook works, and nothing lies in plain sight."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from helpers.exercises import check, grading
from helpers.exercises.bank import find, load_bank
from helpers.exercises.table import (
    LEVELS,
    Solution,
    SolutionError,
    exercises_dir,
    notebooks_dir,
    plain_entry,
    read_solutions,
    read_table,
)
from helpers.teaching import cutting
from helpers.teaching.sealing import Sealing, make_entry
from tests.exercises import behaviour

FIXTURE = Path(__file__).parents[1] / "teaching" / "99_fixture.ipynb"
NOTEBOOKS = notebooks_dir()
SOURCES = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))


def leaves(value: Any, key: str = "") -> list[tuple[str, Any]]:
    """Every (key, plain value) in a JSON tree."""
    if isinstance(value, dict):
        return [x for k, v in value.items() for x in [("key", k), *leaves(v, k)]]
    if isinstance(value, list):
        return [x for v in value for x in leaves(v, key)]
    return [(key, value)]


def secrets(item: Solution) -> list[str]:
    """Texts of a solution that must not be readable in the bank."""
    fields = item.fields
    texts = [*fields.get("wrong", {}).values(), *fields.get("hints", [])]
    texts += [fields[k] for k in ("explanation", "discussion") if fields.get(k)]
    texts += fields.get("rubric", [])
    answer = fields.get("answer")
    if item.kind == "text":
        texts += answer if isinstance(answer, list) else [answer]
    elif item.kind in {"number", "code"}:
        texts.append(str(answer))
    elif item.kind in {"multiple", "ordering"}:
        texts.append(json.dumps(answer, ensure_ascii=False))
    return [str(t) for t in texts]


def find_leaks(entry: dict[str, Any], item: Solution) -> list[str]:
    """Secrets of one exercise that its bank entry shows, as whole words of any value."""
    public = {"options", "tolerance", "decimals", "n_tests", "level", "kind", "id", "notebook"}
    # Under a tag of the table stand a slot number and hexadecimal digits, never an answer.
    tags = set(entry.get("table", {}))
    shown = [str(v) for k, v in leaves(entry) if k not in public | tags]
    shown.append(json.dumps(entry.get("options", []), ensure_ascii=False))
    found = []
    for secret in secrets(item):
        pattern = re.compile(rf"(?<![\w.]){re.escape(secret)}(?![\w.]*\w)", re.IGNORECASE)
        is_number = item.kind == "number" and secret == str(item.fields["answer"])
        places = shown[:-1] if is_number else shown
        found += [secret for text in places if pattern.search(text)]
    if item.kind == "choice" and item.fields["answer"] in [v for _, v in leaves_without(entry)]:
        found.append(item.fields["answer"])
    return found


def leaves_without(entry: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(k, v) for k, v in leaves(entry) if k != "options"]


def entries_of(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))["exercises"]


def sealed(item: Solution) -> dict[str, Any]:
    return make_entry(item, Sealing(b"x" * 16, 2**4))


@pytest.mark.parametrize("notebook", [FIXTURE, *SOURCES], ids=lambda p: p.stem)
def test_every_exercise_behaves_plain_and_sealed(notebook: Path) -> None:
    for item in read_solutions(notebook):
        assert behaviour.verify(item, plain_entry(item)) == [], item.identifier
        assert behaviour.verify(item, sealed(item)) == [], item.identifier


@pytest.mark.parametrize("notebook", [FIXTURE, *SOURCES], ids=lambda p: p.stem)
def test_feedback_is_the_same_plain_and_sealed(notebook: Path) -> None:
    for item in read_solutions(notebook):
        one, other = plain_entry(item), sealed(item)
        answers: list[Any] = [None, "", "no such thing", 0.5, [], ["no such thing"], len]
        if item.kind not in {"prediction", "reflection"}:
            answers += behaviour.right_answers(item)
            answers += [answer for answer, _ in behaviour.wrong_examples(item, one)]
            answers.append(behaviour.uncatalogued(item, one))
        for answer in answers:
            assert grading.grade(one, answer) == grading.grade(other, answer), item.identifier
        assert grading.hints_of(one) == grading.hints_of(other) == item.fields.get("hints", [])
        assert grading.truth_of(one) == grading.truth_of(other) == item.fields.get("truth")


def test_there_are_ten_kinds_of_fixture() -> None:
    assert len(read_solutions(FIXTURE)) == 10


@pytest.mark.parametrize("notebook", [FIXTURE, *SOURCES], ids=lambda p: p.stem)
def test_a_notebook_and_its_exercises_name_each_other(notebook: Path) -> None:
    items = {item.identifier: item for item in read_solutions(notebook)}
    cells = [c for c in cutting.read_book(notebook)["cells"] if c["cell_type"] == "code"]
    sources = [cutting.source_of(c) for c in cells]
    asked = [call for source in sources for call in cutting.exercise_calls(source)]
    for function, identifier in asked:
        kind = items[identifier].kind if identifier in items else "missing"
        assert kind != "missing", identifier
        assert (kind == "prediction") == (function in {"predict", "reveal"}), identifier
    posed = [i for function, i in asked if function != "reveal"]
    assert sorted(posed) == sorted(items), "each is posed once"
    for source in sources:
        for _, identifier in (c for c in cutting.exercise_calls(source) if c[0] == "reveal"):
            bare = re.search(rf'reveal\("{re.escape(identifier)}"(, shows=|\))', source) is not None
            assert bare == ("truth" in items[identifier].fields), identifier


def manifest_rows() -> list[dict[str, Any]]:
    path = NOTEBOOKS / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


@pytest.mark.parametrize("row", manifest_rows(), ids=lambda row: row["file"])
def test_notebooks_have_the_exercises_the_manifest_promises(row: dict[str, Any]) -> None:
    notebook = NOTEBOOKS / row["file"]
    if not notebook.exists():
        pytest.skip(f"{row['file']} is not written yet")
    assert len(read_solutions(notebook)) >= int(row.get("exercises", 0))


@pytest.mark.parametrize("row", manifest_rows(), ids=lambda row: row["file"])
def test_every_exercise_names_its_objective_and_level(row: dict[str, Any]) -> None:
    for item in read_solutions(NOTEBOOKS / row["file"]):
        assert len(item.fields.get("objective", "")) > 10, item.identifier
        assert item.fields.get("level") in LEVELS, item.identifier


def test_there_are_sixty_scored_exercises_once_the_ten_notebooks_are_there() -> None:
    scored = {
        row["file"]: [
            item.identifier
            for item in read_solutions(NOTEBOOKS / row["file"])
            if item.kind not in {"prediction", "reflection"}
        ]
        for row in manifest_rows()
    }
    assert {row["file"]: row["exercises"] for row in manifest_rows()} == {
        file: len(ids) for file, ids in scored.items()
    }
    core = [file for file in scored if re.match(r"0\d_", file)]
    if len(core) == 10:
        assert sum(len(scored[file]) for file in core) >= 60


def test_every_file_of_exercises_has_its_notebook() -> None:
    stems = [path.stem for path in sorted(exercises_dir().glob("*.py"))]
    assert stems == [path.stem for path in SOURCES]


def test_the_suite_reads_them_as_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HRD_BANK_DIR", raising=False)
    every = [item for path in SOURCES for item in read_solutions(path)]
    assert list(load_bank()) == [item.identifier for item in every]
    assert find("00.1")["notebook"] == "00_start_here.ipynb"


def test_a_file_that_cannot_be_read_says_so_where_it_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "98_made.py").write_text('solution("98.1", kind="numbr")', encoding="utf-8")
    (tmp_path / "97_made.py").write_text('solution("97.1", kind="text", answer="a")', "utf-8")
    monkeypatch.setenv("HRD_BANK_DIR", str(tmp_path))
    monkeypatch.setenv("HRD_WORK_DIR", str(tmp_path / "work"))
    said = check("98.1", 1).message
    assert 'exercise "98.1" cannot be read: 98_made.py: 98.1: kind must be one of' in said
    assert check("97.1", "a").right


def test_no_secret_in_plain_sight() -> None:
    for notebook in [FIXTURE, *SOURCES]:
        for item in read_solutions(notebook):
            assert find_leaks(sealed(item), item) == []


@pytest.mark.parametrize(
    ("identifier", "field", "planted"),
    [
        ("99.1", "objective", "The share is 89.47"),
        ("99.1", "answer", 89.47),
        ("99.1", "note", "Sixteen of nineteen is the second coding."),
        ("99.1", "hints", ["Divide seventeen by nineteen."]),
        ("99.2", "answer", "private coercive"),
        ("99.4", "options", ["repression", "denial", "concession", "status"]),
        ("99.5", "objective", "Name the risk set"),
    ],
)
def test_leak_check_finds_a_planted_secret(
    bank_folder: Path, identifier: str, field: str, planted: Any
) -> None:
    item = next(i for i in read_solutions(FIXTURE) if i.identifier == identifier)
    entry = entries_of(bank_folder / "99_fixture.json")[identifier]
    assert find_leaks(entry, item) == []
    assert find_leaks({**entry, field: planted}, item) != []


def write_table(folder: Path, source: str) -> Path:
    path = folder / "99_made.py"
    path.write_text(source, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('solution("99.1", kind="number", answer=f(1))', "written out"),
        ('solution("99.1", kind="numbr", answer=1)', "kind must be one of"),
        ('solution("99.1", kind="number")', "answer is missing"),
        ('solution("99.1", kind="number", answer=1, hint="x")', 'no field "hint"'),
        ('solution("98.1", kind="number", answer=1)', "must start with 99"),
        ('solution("99", kind="number", answer=1)', "not an id"),
        ('"""Doc."""\nopen("x", "w")', "line 2: the file holds only calls"),
        ('solution("99.p1", kind="prediction", truth=[1])', "truth must be a number or a text"),
        ("solution(", "line 1 is not valid Python"),
        ('solution("99.1", kind="text", answer="a")\n' * 2, "declared twice"),
    ],
)
def test_a_bad_declaration_gets_one_sentence(tmp_path: Path, source: str, words: str) -> None:
    with pytest.raises(SolutionError, match=re.escape(words)):
        read_table(write_table(tmp_path, source))


@pytest.mark.parametrize(
    "source",
    [
        'solution("99.1", kind="choice", options=["a", "b"], answer="c")',
        'solution("99.1", kind="number", answer=1, tolerance=0.1, wrong={1.05: "m"})',
        'solution("99.1", kind="ordering", answer=["a", "b", "c"], wrong={("a", "b"): "m"})',
    ],
)
def test_an_answer_that_cannot_be_is_refused(tmp_path: Path, source: str) -> None:
    item = read_table(write_table(tmp_path, source))[0]
    with pytest.raises(SolutionError):
        plain_entry(item)
    with pytest.raises(SolutionError):
        make_entry(item)
