"""Build the bank from the notebooks: ``python -m helpers.teaching.build [--check]``.

Solution cells are parsed, never executed.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.exercises import grading, reading
from helpers.exercises.bank import Entry, bank_dir
from helpers.exercises.seal import (
    Finding,
    build_table,
    cost_of,
    salt_for,
    salt_of,
    seal,
    veil_key,
)

KINDS = (
    "number", "choice", "multiple", "ordering", "text", "code", "prediction", "reflection",
)  # fmt: skip
LEVELS = ("remember", "understand", "apply", "analyze", "evaluate", "create")
_COMMON = {
    "kind",
    "hints",
    "explanation",
    "objective",
    "level",
    "discussion",
    "varies",
    "only_shipped",
}
_FIELDS = {
    "number": {"answer", "tolerance", "unit", "decimals", "wrong"},
    "choice": {"answer", "options", "wrong"},
    "multiple": {"answer", "options", "wrong"},
    "ordering": {"answer", "options", "wrong"},
    "text": {"answer", "wrong"},
    "code": {"answer", "tests", "tolerance", "wrong"},
    "prediction": {"entry", "options", "unit", "decimals"},
    "reflection": {"rubric"},
}
_FORMAT = "1"


class SolutionError(ValueError):
    """A solution cell cannot be used; the sentence says which and why."""


@dataclass(frozen=True)
class Solution:
    """One declared exercise: its id and the literal fields of its `solution` call."""

    identifier: str
    fields: dict[str, Any]

    @property
    def kind(self) -> str:
        """Kind of exercise."""
        return str(self.fields["kind"])

    @property
    def digest(self) -> str:
        """Fingerprint of the declaration, costly to guess from, to tell what is stale."""
        text = _FORMAT + self.identifier + _stable(self.fields)
        raw = hashlib.scrypt(
            text.encode(), salt=b"digest" + salt_for(self.identifier), n=2**12, r=8, p=1, dklen=12
        )
        return raw.hex()


def _stable(value: Any) -> str:
    """Return a text that is the same in every process, sets and dicts included."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{_stable(k)}:{_stable(v)}" for k, v in value.items()) + "}"
    if isinstance(value, set | frozenset):
        return "{" + ",".join(sorted(_stable(v) for v in value)) + "}"
    if isinstance(value, list | tuple):
        return f"{type(value).__name__}[" + ",".join(_stable(v) for v in value) + "]"
    return repr(value)


# Reading notebooks --------------------------------------------------------------------------


def read_solutions(notebook: Path) -> list[Solution]:
    """Return the exercises a notebook declares, in order.

    Raises
    ------
    SolutionError
        Names the notebook, the cell (counted from 1) and what to change.
    """
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SolutionError(f"{notebook.name} cannot be read as a notebook.") from error
    found: list[Solution] = []
    for number, cell in enumerate(cells, start=1):
        if cell.get("cell_type") != "code":
            continue
        source = cell.get("source", "")
        source = source if isinstance(source, str) else "".join(source)
        tagged = "solution" in cell.get("metadata", {}).get("tags", [])
        where = f"{notebook.name}, cell {number}"
        if tagged:
            found += _from_cell(source, where)
        elif re.search(r"^\s*solution\(", source, re.MULTILINE):
            raise SolutionError(f'{where}: a cell that calls solution() needs the tag "solution".')
    _refuse_bad_ids(found, notebook)
    return found


def _refuse_bad_ids(found: list[Solution], notebook: Path) -> None:
    seen: set[str] = set()
    for item in found:
        if not re.fullmatch(r"\d\d\.[0-9A-Za-z_]+", item.identifier):
            raise SolutionError(
                f'{notebook.name}: "{item.identifier}" is not an id like "01.2" or "01.p1".'
            )
        if item.identifier[:2] != notebook.name[:2]:
            raise SolutionError(
                f"{notebook.name}: {item.identifier} must start with {notebook.name[:2]}."
            )
        if item.identifier in seen:
            raise SolutionError(f"{notebook.name}: {item.identifier} is declared twice.")
        seen.add(item.identifier)


def _from_cell(source: str, where: str) -> list[Solution]:
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise SolutionError(f"{where}: the solution cell is not valid Python.") from error
    found = []
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            continue
        call = node.value if isinstance(node, ast.Expr) else None
        if (
            not isinstance(call, ast.Call)
            or not isinstance(call.func, ast.Name)
            or call.func.id != "solution"
            or len(call.args) != 1
        ):
            raise SolutionError(
                f'{where}: a solution cell holds only calls like solution("01.2", kind=...).'
            )
        found.append(_from_call(call, where))
    return found


def _from_call(call: ast.Call, where: str) -> Solution:
    try:
        identifier = str(ast.literal_eval(call.args[0]))
    except ValueError as error:
        raise SolutionError(f"{where}: the id must be written out.") from error
    fields: dict[str, Any] = {}
    for word in call.keywords:
        try:
            fields[str(word.arg)] = ast.literal_eval(word.value)
        except (ValueError, TypeError) as error:
            raise SolutionError(
                f"{where}: {identifier}: {word.arg} must be written out as plain values, "
                "nothing computed."
            ) from error
    problem = _problem_with(fields)
    if problem:
        raise SolutionError(f"{where}: {identifier}: {problem}")
    return Solution(identifier, fields)


def _problem_with(fields: dict[str, Any]) -> str:
    kind = fields.get("kind")
    if kind not in KINDS:
        return f"kind must be one of {', '.join(KINDS)}."
    extra = sorted(set(fields) - _COMMON - _FIELDS[kind])
    if extra:
        return f'a {kind} has no field "{extra[0]}".'
    if kind not in {"prediction", "reflection"} and "answer" not in fields:
        return "answer is missing."
    if kind in {"choice", "multiple"} and len(fields.get("options", [])) < 2:
        return "options must list at least two."
    if kind == "code" and not fields.get("tests"):
        return "tests must list at least one (arguments, expected)."
    if fields.get("level", "apply") not in LEVELS:
        return f"level must be one of {', '.join(LEVELS)}."
    hints = fields.get("hints", [])
    if not isinstance(hints, list) or not all(isinstance(h, str) for h in hints):
        return "hints must be a list of sentences."
    if not isinstance(fields.get("wrong", {}), dict):
        return "wrong must map each wrong answer to its message."
    if kind == "number" and not isinstance(fields["answer"], int | float):
        return "answer must be a number."
    if "varies" in fields and kind != "number":
        return "only a number can vary with the student's cohort."
    return ""


# Sealing ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sealing:
    """How an entry is sealed for students.

    Attributes
    ----------
    salt : bytes
        Salt of the exercise, drawn for one build; empty for the salt of its id.
    cost : int
        scrypt's n; 0 for the usual.
    show_solution : bool
        Whether the form may show the solution after the hints.
    """

    salt: bytes = b""
    cost: int = 0
    show_solution: bool = False


def make_entry(item: Solution, sealing: Sealing | None = None) -> Entry:
    """Return the bank entry of one exercise.

    Parameters
    ----------
    item : Solution
        The exercise.
    sealing : Sealing, optional
        For a student's set. Such an entry has no digest of its source.

    Raises
    ------
    SolutionError
        When an answer or a catalogued wrong answer does not fit the exercise.
    """
    try:
        return _make_entry(item, sealing)
    except reading.UnreadableAnswer as error:
        raise SolutionError(f"{item.identifier}: {error}") from error


def _make_entry(item: Solution, sealing: Sealing | None) -> Entry:
    fields = item.fields
    entry: Entry = {"id": item.identifier, "kind": item.kind}
    if sealing is None:
        entry["source"] = item.digest
    else:
        entry |= {"salt": sealing.salt.hex()} if sealing.salt else {}
        entry |= {"cost": sealing.cost} if sealing.cost else {}
    salt = salt_of(entry)
    veil = veil_key(salt, "hints")
    entry |= {
        "objective": fields.get("objective", ""),
        "level": fields.get("level", ""),
        "hints": [seal(veil, hint) for hint in fields.get("hints", [])],
    }
    entry |= _public(item)
    if item.kind in {"prediction", "reflection"}:
        return entry
    if sealing is not None and sealing.show_solution:
        entry["solution"] = seal(veil_key(salt, "solution"), solution_text(item))
    if item.kind == "code":
        entry["inputs"] = seal(veil_key(salt, "inputs"), repr(_arguments(item)))
        entry["fails"] = {
            str(i): seal(veil_key(salt, f"fails{i}"), m) for i, m in fields.get("wrong", {}).items()
        }
    entry["table"], entry["sealed"] = build_table(
        salt, _GROUPS[item.kind](item, entry), cost_of(entry)
    )
    return entry


def solution_text(item: Solution) -> str:
    """Return the solution of a scored exercise in words, as a learner may be shown it."""
    fields = item.fields
    answer = _accepted(item)
    if item.kind == "number":
        unit = fields.get("unit") or ""
        text = f"{grading.number_text(float(fields['answer']))} {unit}".strip()
    elif item.kind == "ordering":
        text = ", then ".join(str(a) for a in answer)
    elif item.kind == "multiple":
        text = "; ".join(str(a) for a in answer)
    else:
        text = str(answer[0])
    explanation = fields.get("explanation", "")
    return f"{text}\n{explanation}" if explanation else text


def _public(item: Solution) -> Entry:
    fields, kind = item.fields, item.kind
    public: Entry = {k: fields[k] for k in ("unit", "decimals") if fields.get(k) is not None}
    if fields.get("varies"):
        public["varies"] = True
    options = fields.get("options") or (fields["answer"] if kind == "ordering" else None)
    if options:
        texts = [str(o) for o in options]
        # The order of a prediction's options gives nothing away and often means something.
        public["options"] = texts if kind == "prediction" else _shuffled(item.identifier, texts)
    if kind == "number":
        public["tolerance"] = abs(float(fields.get("tolerance", 0)))
    if kind == "code":
        public["tolerance"] = abs(float(fields.get("tolerance", 1e-6)))
        public["n_tests"] = len(fields["tests"])
    if kind == "prediction":
        number = "unit" in fields or "decimals" in fields
        guess = "choice" if options else "number" if number else "text"
        public["entry"] = fields.get("entry", guess)
    if kind in {"multiple", "ordering"}:
        public["partial"] = bool(fields.get("wrong"))
    return public


def _shuffled(identifier: str, options: list[str]) -> list[str]:
    salt = salt_for(identifier)
    return sorted(options, key=lambda o: hashlib.sha256(salt + b"order" + o.encode()).digest())


def _arguments(item: Solution) -> list[tuple[Any, ...]]:
    return [a if isinstance(a, tuple) else (a,) for a, _ in item.fields["tests"]]


def _accepted(item: Solution) -> list[Any]:
    answer = item.fields["answer"]
    return list(answer) if isinstance(answer, list | tuple | set) else [answer]


Groups = list[tuple[list[str], Finding]]


def _right(item: Solution) -> Finding:
    return Finding(True, item.fields.get("explanation", ""))


def _wrong(item: Solution) -> list[tuple[Any, Finding]]:
    return [(k, Finding(False, m)) for k, m in item.fields.get("wrong", {}).items()]


def _number_groups(item: Solution, entry: Entry) -> Groups:
    tolerance = entry["tolerance"]
    places = reading.grid_places(tolerance, entry.get("decimals"))
    groups = [(reading.grid_window(item.fields["answer"], tolerance, places), _right(item))]
    accepted = set(groups[0][0])
    for value, finding in _wrong(item):
        if reading.on_grid(value, places) in accepted:
            raise SolutionError(
                f"{item.identifier}: the wrong answer {value} lies within the tolerance."
            )
        groups.append((reading.grid_window(value, tolerance, places), finding))
    return groups


def _choice_groups(item: Solution, entry: Entry) -> Groups:
    def form(option: object) -> str:
        return reading.fold(reading.match_option(option, entry["options"]))

    right = ([form(a) for a in _accepted(item)], _right(item))
    return [right, *(([form(k)], finding) for k, finding in _wrong(item))]


def _text_groups(item: Solution, entry: Entry) -> Groups:
    right = ([reading.fold_words(a) for a in _accepted(item)], _right(item))
    return [right, *(([reading.fold_words(k)], finding) for k, finding in _wrong(item))]


def _multiple_groups(item: Solution, entry: Entry) -> Groups:
    options = entry["options"]
    answer = reading.match_options(_accepted(item), options)
    groups = [([reading.canonical_set(answer)], _right(item))]
    for key, finding in _wrong(item):
        if isinstance(key, tuple):
            chosen = reading.match_options(key, options)
            groups.append(([reading.canonical_set(chosen)], finding))
        else:
            option = reading.match_option(key, options)
            state = "lacks" if option in answer else "has"
            groups.append(([f"{state}:{reading.fold(option)}"], finding))
    return groups


def _ordering_groups(item: Solution, entry: Entry) -> Groups:
    options = entry["options"]
    order = reading.match_options(item.fields["answer"], options)
    if sorted(order) != sorted(options):
        raise SolutionError(f"{item.identifier}: answer must order every option once.")
    groups = [([reading.canonical_order(order)], _right(item))]
    for key, finding in _wrong(item):
        chosen = reading.match_options(key, options)
        if len(chosen) == len(options):
            groups.append(([reading.canonical_order(chosen)], finding))
        elif len(chosen) == 2 and order.index(chosen[0]) > order.index(chosen[1]):
            groups.append(([reading.canonical_before(*chosen)], finding))
        else:
            raise SolutionError(
                f"{item.identifier}: a wrong order lists all items, or two in the wrong order."
            )
    return groups


def _code_groups(item: Solution, entry: Entry) -> Groups:
    places = reading.grid_places(entry["tolerance"], None)
    forms: list[str] = []
    for index, (_, expected) in enumerate(item.fields["tests"]):
        if isinstance(expected, int | float) and not isinstance(expected, bool):
            window = reading.grid_window(float(expected), entry["tolerance"], places)
            forms += [f'{index}:"{k}"' for k in window]
        else:
            forms.append(f"{index}:{reading.canonical_result(expected, places)}")
    return [(forms, _right(item))]


_GROUPS: dict[str, Callable[[Solution, Entry], Groups]] = {
    "number": _number_groups,
    "choice": _choice_groups,
    "multiple": _multiple_groups,
    "ordering": _ordering_groups,
    "text": _text_groups,
    "code": _code_groups,
}


# The bank's files ---------------------------------------------------------------------------


def notebooks_dir() -> Path:
    """Return the folder of the notebooks."""
    return Path(__file__).resolve().parents[2] / "notebooks"


def bank_path(notebook: Path, folder: Path) -> Path:
    """Return the bank file of a notebook."""
    return folder / f"{notebook.stem}.json"


def stored_entries(path: Path) -> dict[str, Entry]:
    """Return the entries of one bank file, empty when there is none that can be read."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8"))["exercises"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def build_notebook(notebook: Path, folder: Path) -> bool:
    """Bring the bank file of one notebook up to date; return whether it changed."""
    items = read_solutions(notebook)
    path = bank_path(notebook, folder)
    old = stored_entries(path)
    if not items:
        if path.exists():
            path.unlink()
            return True
        return False
    entries = {}
    for item in items:
        kept = old.get(item.identifier, {})
        same = kept.get("source") == item.digest
        entries[item.identifier] = kept if same else make_entry(item)
    content = {"notebook": notebook.name, "exercises": entries}
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def stale(notebooks: Path, folder: Path) -> list[str]:
    """Return one sentence for each bank file or exercise that does not match its notebook."""
    problems = []
    expected = set()
    for notebook in sorted(notebooks.glob("[0-9][0-9]_*.ipynb")):
        items = read_solutions(notebook)
        path = bank_path(notebook, folder)
        if items:
            expected.add(path.name)
        stored = stored_entries(path)
        for item in items:
            if stored.get(item.identifier, {}).get("source") != item.digest:
                problems.append(f"{item.identifier} in {notebook.name} is newer than the bank.")
        for gone in sorted(set(stored) - {item.identifier for item in items}):
            problems.append(f"{gone} is in the bank but no longer in {notebook.name}.")
    for path in sorted(folder.glob("*.json")):
        if path.name not in expected and not (notebooks / f"{path.stem}.ipynb").exists():
            problems.append(f"{path.name} in the bank has no notebook.")
    return problems


def build_all(notebooks: Path, folder: Path) -> list[str]:
    """Bring the whole bank up to date; return the names of the notebooks that changed it."""
    changed = []
    sources = sorted(notebooks.glob("[0-9][0-9]_*.ipynb"))
    for notebook in sources:
        if build_notebook(notebook, folder):
            changed.append(notebook.name)
    stems = {notebook.stem for notebook in sources}
    for path in sorted(folder.glob("*.json")):
        if path.stem not in stems:
            path.unlink()
            changed.append(path.name)
    return changed


# Proof that feedback works ------------------------------------------------------------------


def verify_solutions(notebook: Path, folder: Path | None = None) -> list[str]:
    """Return what is wrong with the exercises of a notebook; empty when all is well.

    Each solution must pass, a blank must be answered politely, each catalogued wrong answer
    must get its own message, and an uncatalogued one must get the general message.

    Parameters
    ----------
    notebook : Path
        Notebook with its solution cells.
    folder : Path, optional
        Folder of the bank. Default: the bank in use.
    """
    try:
        items = read_solutions(notebook)
    except SolutionError as error:
        return [str(error)]
    stored = stored_entries(bank_path(notebook, folder or bank_dir()))
    problems: list[str] = []
    for item in items:
        entry = stored.get(item.identifier)
        if entry is None or entry.get("source") != item.digest:
            problems.append(f"{item.identifier}: stale; run python -m helpers.teaching.build.")
            continue
        problems += [f"{item.identifier}: {text}" for text in _verify(item, entry)]
    return problems


def _verify(item: Solution, entry: Entry) -> list[str]:
    problems = []
    blanks: tuple[object, ...] = (None, "", "  ", [])
    for nothing in blanks:
        if grading.grade(entry, nothing).word != grading.BLANK:
            problems.append(f"{nothing!r} is not treated as blank.")
    if item.kind in {"prediction", "reflection"}:
        sample = {"choice": (entry.get("options") or [""])[0], "number": 1}
        given = sample.get(entry.get("entry", "text"), "some words")
        if grading.grade(entry, given).word != grading.RECORDED:
            problems.append("an answer is not recorded.")
        return problems
    explanation = item.fields.get("explanation", "")
    for answer in _right_answers(item):
        verdict = grading.grade(entry, answer)
        if verdict.word != grading.RIGHT or verdict.message != explanation:
            problems.append(f"the solution gets: {verdict.word}: {verdict.message}")
    for answer, message in _wrong_examples(item, entry):
        verdict = grading.grade(entry, answer)
        if verdict.word != grading.NOT_YET or verdict.message != message:
            problems.append(f"a catalogued wrong answer gets: {verdict.word}: {verdict.message}")
    other = _uncatalogued(item, entry)
    if other is not None:
        verdict = grading.grade(entry, other)
        general = grading.general_message(item.kind)
        if verdict.word != grading.NOT_YET or verdict.message != general:
            problems.append(f"an unknown wrong answer gets: {verdict.word}: {verdict.message}")
    return problems


def _reference(item: Solution) -> Callable[..., Any]:
    # The text comes from our own notebook and runs only when solutions are verified.
    space: dict[str, Any] = {}
    exec(item.fields["answer"], space)
    return next(v for k, v in space.items() if callable(v) and k != "__builtins__")


def _right_answers(item: Solution) -> list[Any]:
    if item.kind == "code":
        return [_reference(item)]
    if item.kind in {"multiple", "ordering"}:
        return [item.fields["answer"]]
    return _accepted(item)


def _failing_on(item: Solution, index: int) -> Callable[..., Any]:
    function, arguments = _reference(item), _arguments(item)[index]

    def altered(*args: Any) -> Any:
        return "another result" if args == arguments else function(*args)

    return altered


def _wrong_examples(item: Solution, entry: Entry) -> list[tuple[Any, str]]:
    wrong = item.fields.get("wrong", {})
    if item.kind == "code":
        return [(_failing_on(item, i), m) for i, m in wrong.items()]
    if item.kind == "multiple":
        answer = set(reading.match_options(_accepted(item), entry["options"]))
        return [
            (list(k) if isinstance(k, tuple) else sorted(answer ^ {str(k)}), m)
            for k, m in wrong.items()
        ]
    if item.kind == "ordering":
        return [(_order_example(item, k), m) for k, m in wrong.items()]
    return list(wrong.items())


def _order_example(item: Solution, key: tuple[str, ...]) -> list[str]:
    order = [str(a) for a in item.fields["answer"]]
    if len(key) == len(order):
        return list(key)
    # The fewest moves that put key[0] before key[1]: take it out and put it just before.
    rest = [o for o in order if o != key[0]]
    rest.insert(rest.index(key[1]), key[0])
    return rest


def _uncatalogued(item: Solution, entry: Entry) -> Any:
    """Return a wrong answer with no message of its own, or None when there is none."""
    fields, wrong = item.fields, item.fields.get("wrong", {})
    if item.kind == "number":
        values = [float(v) for v in (fields["answer"], *wrong)]
        return max(values) + 100 * entry["tolerance"] + 12345.0
    if item.kind == "text":
        return "zzqx unlikely words"
    if item.kind == "code":
        return (lambda *_: "another result") if 0 not in wrong else None
    if item.kind == "choice":
        known = {reading.fold(k) for k in (*_accepted(item), *wrong)}
        return next((o for o in entry["options"] if reading.fold(o) not in known), None)
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the bank, or with ``--check`` say what is stale; return the exit status."""
    parser = argparse.ArgumentParser(description="Build the bank of exercises.")
    parser.add_argument("--check", action="store_true", help="change nothing, say what is stale")
    options = parser.parse_args(arguments)
    try:
        if options.check:
            problems = stale(notebooks_dir(), bank_dir())
            print("\n".join(problems) or "The bank matches the notebooks.")
            return 1 if problems else 0
        changed = build_all(notebooks_dir(), bank_dir())
    except SolutionError as error:
        print(error, file=sys.stderr)
        return 1
    print("Rebuilt: " + ", ".join(changed) if changed else "The bank was up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
