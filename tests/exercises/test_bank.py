"""The bank: every exercise of every notebook works, and nothing lies in plain sight."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from helpers.exercises.bank import bank_dir
from helpers.teaching import build

FIXTURE = Path(__file__).parents[1] / "teaching" / "99_fixture.ipynb"
NOTEBOOKS = build.notebooks_dir()
SOURCES = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))


def leaves(value: Any, key: str = "") -> list[tuple[str, Any]]:
    """Every (key, plain value) in a JSON tree."""
    if isinstance(value, dict):
        return [x for k, v in value.items() for x in [("key", k), *leaves(v, k)]]
    if isinstance(value, list):
        return [x for v in value for x in leaves(v, key)]
    return [(key, value)]


def secrets(item: build.Solution) -> list[str]:
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


def find_leaks(entry: dict[str, Any], item: build.Solution) -> list[str]:
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


def test_fixture_exercises_all_behave(bank_folder: Path) -> None:
    assert len(build.read_solutions(FIXTURE)) == 10
    assert build.verify_solutions(FIXTURE, bank_folder) == []


@pytest.mark.parametrize("notebook", SOURCES, ids=lambda p: p.stem)
def test_every_exercise_behaves(notebook: Path) -> None:
    assert build.verify_solutions(notebook) == []


def manifest_rows() -> list[dict[str, Any]]:
    path = NOTEBOOKS / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


@pytest.mark.parametrize("row", manifest_rows(), ids=lambda row: row["file"])
def test_notebooks_have_the_exercises_the_manifest_promises(row: dict[str, Any]) -> None:
    notebook = NOTEBOOKS / row["file"]
    if not notebook.exists():
        pytest.skip(f"{row['file']} is not written yet")
    assert len(build.read_solutions(notebook)) >= int(row.get("exercises", 0))


@pytest.mark.parametrize("row", manifest_rows(), ids=lambda row: row["file"])
def test_every_exercise_names_its_objective_and_level(row: dict[str, Any]) -> None:
    for item in build.read_solutions(NOTEBOOKS / row["file"]):
        assert len(item.fields.get("objective", "")) > 10, item.identifier
        assert item.fields.get("level") in build.LEVELS, item.identifier


def test_there_are_sixty_scored_exercises_once_the_ten_notebooks_are_there() -> None:
    scored = {
        row["file"]: [
            item.identifier
            for item in build.read_solutions(NOTEBOOKS / row["file"])
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


def test_bank_matches_the_notebooks() -> None:
    if not any(build.read_solutions(n) for n in SOURCES):
        pytest.skip("no notebook declares an exercise yet")
    assert build.stale(NOTEBOOKS, bank_dir()) == []


def test_no_secret_in_plain_sight(bank_folder: Path) -> None:
    pairs = [(FIXTURE, bank_folder / "99_fixture.json")]
    pairs += [(n, build.bank_path(n, bank_dir())) for n in SOURCES]
    for notebook, path in pairs:
        stored = build.stored_entries(path)
        for item in build.read_solutions(notebook):
            assert find_leaks(stored.get(item.identifier, {}), item) == []


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
    item = next(i for i in build.read_solutions(FIXTURE) if i.identifier == identifier)
    entry = entries_of(bank_folder / "99_fixture.json")[identifier]
    assert find_leaks(entry, item) == []
    assert find_leaks({**entry, field: planted}, item) != []


def test_build_is_reproducible_and_knows_what_is_stale(tmp_path: Path) -> None:
    folder, books = tmp_path / "bank", tmp_path / "books"
    books.mkdir()
    book = books / FIXTURE.name
    shutil.copy(FIXTURE, book)
    assert any("newer" in line for line in build.stale(books, folder))
    assert build.build_all(books, folder) == [FIXTURE.name]
    first = (folder / "99_fixture.json").read_bytes()
    assert build.build_all(books, folder) == []
    (folder / "99_fixture.json").unlink()
    build.build_all(books, folder)
    assert (folder / "99_fixture.json").read_bytes() == first
    book.write_text(book.read_text().replace("89.47", "89.40"), encoding="utf-8")
    assert [s.split()[0] for s in build.stale(books, folder)] == ["99.1"]
    assert "stale" in build.verify_solutions(book, folder)[0]
    book.unlink()
    assert build.stale(books, folder) == ["99_fixture.json in the bank has no notebook."]
    assert build.build_all(books, folder) == ["99_fixture.json"]
    assert list(folder.iterdir()) == []


def test_verification_notices_a_bank_that_says_the_wrong_thing(
    bank_folder: Path, tmp_path: Path
) -> None:
    content = json.loads((bank_folder / "99_fixture.json").read_text(encoding="utf-8"))
    content["exercises"]["99.2"]["table"] = {}
    (tmp_path / "99_fixture.json").write_text(json.dumps(content), encoding="utf-8")
    problems = build.verify_solutions(FIXTURE, tmp_path)
    assert problems
    assert all(p.startswith("99.2: ") for p in problems)


def write_book(folder: Path, source: str, tags: list[str]) -> Path:
    cell = {"cell_type": "code", "source": source, "metadata": {"tags": tags}}
    path = folder / "99_made.ipynb"
    path.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
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
        ('open("x", "w")', "holds only calls"),
        ("solution(", "not valid Python"),
        ('solution("99.1", kind="text", answer="a")\n' * 2, "declared twice"),
    ],
)
def test_a_bad_solution_cell_gets_one_sentence(tmp_path: Path, source: str, words: str) -> None:
    with pytest.raises(build.SolutionError, match=re.escape(words)):
        build.read_solutions(write_book(tmp_path, source, ["solution"]))


def test_a_solution_outside_a_tagged_cell_is_refused(tmp_path: Path) -> None:
    book = write_book(tmp_path, 'solution("99.1", kind="text", answer="a")', [])
    with pytest.raises(build.SolutionError, match='needs the tag "solution"'):
        build.read_solutions(book)


@pytest.mark.parametrize(
    "source",
    [
        'solution("99.1", kind="choice", options=["a", "b"], answer="c")',
        'solution("99.1", kind="number", answer=1, tolerance=0.1, wrong={1.05: "m"})',
        'solution("99.1", kind="ordering", answer=["a", "b", "c"], wrong={("a", "b"): "m"})',
    ],
)
def test_an_answer_that_cannot_be_is_refused(tmp_path: Path, source: str) -> None:
    item = build.read_solutions(write_book(tmp_path, source, ["solution"]))[0]
    with pytest.raises(build.SolutionError):
        build.make_entry(item)
