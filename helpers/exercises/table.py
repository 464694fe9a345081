"""The exercises of a notebook, written out: exercises/NN_topic.py.

Such a file is a docstring and calls of `solution` with plain values. It is parsed, never
run, so nothing in it can be computed; `helpers.exercises` lists what each kind takes.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.exercises import reading
from helpers.exercises.seal import Entry, Finding, salt_for

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
    "number": {"answer", "tolerance", "unit", "decimals", "between", "wrong"},
    "choice": {"answer", "options", "wrong"},
    "multiple": {"answer", "options", "wrong"},
    "ordering": {"answer", "options", "wrong"},
    "text": {"answer", "wrong"},
    "code": {"answer", "tests", "tolerance", "wrong"},
    "prediction": {"entry", "options", "unit", "decimals", "most", "truth"},
    "reflection": {"rubric"},
}


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


def solution(identifier: str, **fields: Any) -> None:
    """Declare an exercise. Running it does nothing: the file is parsed.

    Parameters
    ----------
    identifier : str
        Two digits of the notebook, a point, a short name: "01.2".
    **fields
        Plain values; CONTRIBUTING.md lists them by kind.
    """


# Reading ------------------------------------------------------------------------------------


def notebooks_dir() -> Path:
    """Return the folder of the notebooks."""
    return Path(__file__).resolve().parents[2] / "notebooks"


def exercises_dir() -> Path:
    """Return the folder of the suite's exercises."""
    return Path(__file__).resolve().parents[2] / "exercises"


def table_of(notebook: Path) -> Path | None:
    """Return the file of a notebook's exercises, None when it has none.

    It has the notebook's name and lies in a folder exercises/ beside the notebook, or beside
    the folder of the notebooks.
    """
    places = (notebook.parent, notebook.parent.parent)
    found = (place / "exercises" / f"{notebook.stem}.py" for place in places)
    return next((path for path in found if path.exists()), None)


def read_solutions(notebook: Path) -> list[Solution]:
    """Return the exercises of a notebook, in order; none when it has no file of them.

    Raises
    ------
    SolutionError
        Names the file, the line or exercise, and what to change.
    """
    source = table_of(notebook)
    return read_table(source) if source else []


def read_table(source: Path) -> list[Solution]:
    """Return the exercises that one file declares, in order.

    Raises
    ------
    SolutionError
        Names the file, the line or exercise, and what to change.
    """
    try:
        text = source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SolutionError(f"{source.name} cannot be read as text.") from error
    found = _from_text(text, source.name)
    _refuse_bad_ids(found, source)
    return found


def _refuse_bad_ids(found: list[Solution], source: Path) -> None:
    seen: set[str] = set()
    for item in found:
        if not re.fullmatch(r"\d\d\.[0-9A-Za-z_]+", item.identifier):
            raise SolutionError(
                f'{source.name}: "{item.identifier}" is not an id like "01.2" or "01.p1".'
            )
        if item.identifier[:2] != source.name[:2]:
            raise SolutionError(
                f"{source.name}: {item.identifier} must start with {source.name[:2]}."
            )
        if item.identifier in seen:
            raise SolutionError(f"{source.name}: {item.identifier} is declared twice.")
        seen.add(item.identifier)


def _from_text(source: str, where: str) -> list[Solution]:
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise SolutionError(f"{where}: line {error.lineno} is not valid Python.") from error
    found = []
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]  # the docstring
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
                f"{where}: line {node.lineno}: the file holds only calls like "
                'solution("01.2", kind=...).'
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
    if not _is_range(fields.get("between"), fields.get("answer")):
        return "between must be two numbers, the smaller first, with the answer in between."
    if not isinstance(fields.get("most", 1), int | float):
        return "most must be a number."
    if not isinstance(fields.get("truth", ""), str | int | float):
        return "truth must be a number or a text."
    if "varies" in fields and kind != "number":
        return "only a number can vary with the student's cohort."
    return ""


def _is_range(between: Any, answer: Any) -> bool:
    if between is None:
        return True
    if not isinstance(between, list | tuple) or len(between) != 2:
        return False
    if not all(isinstance(x, int | float) for x in (*between, answer)):
        return False
    return bool(between[0] < between[1] and between[0] <= answer <= between[1])


# What a learner's copy knows ----------------------------------------------------------------


def plain_entry(item: Solution) -> Entry:
    """Return what `grading` needs of an exercise, nothing of it sealed.

    Raises
    ------
    SolutionError
        When an answer or a catalogued wrong answer does not fit the exercise.
    """
    try:
        entry = public_entry(item)
        entry["hints"] = list(item.fields.get("hints", []))
        if "truth" in item.fields:
            entry["truth"] = json.dumps(item.fields["truth"])
        if item.kind == "code":
            entry["inputs"] = repr(arguments_of(item))
            entry["fails"] = {str(i): m for i, m in item.fields.get("wrong", {}).items()}
        entry["findings"] = {}
        for answers, finding in groups_of(item, entry):
            for answer in answers:
                entry["findings"].setdefault(answer, (finding.right, finding.message))
        return entry
    except reading.UnreadableAnswer as error:
        raise SolutionError(f"{item.identifier}: {error}") from error


def public_entry(item: Solution) -> Entry:
    """Return what of an exercise nobody has to hide: its kind, options, unit, tolerance."""
    fields, kind = item.fields, item.kind
    public: Entry = {
        "id": item.identifier,
        "kind": kind,
        "objective": fields.get("objective", ""),
        "level": fields.get("level", ""),
    }
    public |= {k: fields[k] for k in ("unit", "decimals", "most") if fields.get(k) is not None}
    if fields.get("varies"):
        public["varies"] = True
    options = fields.get("options") or (fields["answer"] if kind == "ordering" else None)
    if options:
        texts = [str(o) for o in options]
        # The order of a prediction's options gives nothing away and often means something.
        public["options"] = texts if kind == "prediction" else _shuffled(item.identifier, texts)
    if kind == "number":
        public["tolerance"] = abs(float(fields.get("tolerance", 0)))
        if fields.get("between"):
            public["between"] = list(fields["between"])
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


def arguments_of(item: Solution) -> list[tuple[Any, ...]]:
    """Return the hidden inputs of an exercise of kind "code"."""
    return [a if isinstance(a, tuple) else (a,) for a, _ in item.fields["tests"]]


def accepted_of(item: Solution) -> list[Any]:
    """Return the accepted answers; where one takes a list, its members."""
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

    right = ([form(a) for a in accepted_of(item)], _right(item))
    return [right, *(([form(k)], finding) for k, finding in _wrong(item))]


def _text_groups(item: Solution, entry: Entry) -> Groups:
    right = ([reading.fold_words(a) for a in accepted_of(item)], _right(item))
    return [right, *(([reading.fold_words(k)], finding) for k, finding in _wrong(item))]


def _multiple_groups(item: Solution, entry: Entry) -> Groups:
    options = entry["options"]
    answer = reading.match_options(accepted_of(item), options)
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


def groups_of(item: Solution, entry: Entry) -> Groups:
    """Return what is said to which canonical answers, the right ones first.

    Raises
    ------
    SolutionError, reading.UnreadableAnswer
        When an answer or a catalogued wrong answer does not fit the exercise.
    """
    return _GROUPS[item.kind](item, entry) if item.kind in _GROUPS else []
