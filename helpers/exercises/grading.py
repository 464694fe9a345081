"""Compare an answer with the bank. Nothing here stores, shows or raises."""

from __future__ import annotations

import ast
import copy
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Any, Final

from helpers.exercises import reading
from helpers.exercises.seal import Entry, Finding, look_up, veiled

RIGHT, NOT_YET, BLANK = "Right", "Not yet", "Blank"
UNREADABLE, RECORDED = "Unreadable", "Recorded"

_GENERIC = {
    "number": "this number is outside the accepted range.",
    "choice": "another option fits better.",
    "multiple": "at least one option is missing or one too many is chosen.",
    "ordering": "at least one item is out of place.",
    "text": "these words are not among the accepted ones.",
    "code": "at least one hidden input gave another result than expected.",
}


_STUCK = (
    "your function returns nothing yet",
    "your function stopped with NameError",
    "your function stopped with TypeError",
    "your function stopped with AttributeError",
    "your function stopped with UnboundLocalError",
)
_SHARE = "that is a share; in per cent it is a hundred times as much."


def general_message(kind: str) -> str:
    """Return the message of a wrong answer that has none of its own."""
    return _GENERIC[kind]


@dataclass(frozen=True)
class Verdict:
    """Word, message, and one sentence on what was and was not checked."""

    word: str
    message: str
    checked: str = ""


def number_text(value: float) -> str:
    """Return a number as short as it can be written."""
    return f"{value:.10g}"


def checked_sentence(entry: Entry) -> str:
    """Return what a check of this exercise compares, with the tolerance in words."""
    kind = entry["kind"]
    if kind == "number":
        unit = f" {entry['unit']}" if entry.get("unit") else ""
        places = reading.grid_places(entry["tolerance"], entry.get("decimals"))
        if entry["tolerance"]:
            near = number_text(entry["tolerance"])
            return f"Checked: whether your number is within plus or minus {near}{unit} of ours."
        return f"Checked: whether your number, rounded to {places} decimals, equals ours."
    sentences = {
        "choice": "Checked: whether you chose the option that fits.",
        "multiple": "Checked: whether you chose every option that fits and no other.",
        "ordering": "Checked: whether the whole order is the same as ours.",
        "text": "Checked: the words; capitals, accents and punctuation do not matter.",
        "prediction": "Nothing was scored: a prediction is for comparing later.",
        "reflection": "Nothing was scored: a reflection is for you and your instructor.",
    }
    if kind == "code":
        return (
            f"Checked: what your function returns on {entry['n_tests']} hidden inputs; "
            "not its style or speed."
        )
    return sentences[kind]


def hints_of(entry: Entry) -> list[str]:
    """Return the hints of an exercise."""
    return [veiled(entry, "hints", kept) for kept in entry.get("hints", [])]


def solution_of(entry: Entry) -> str:
    """Return the solution in words, empty when the instructor's build does not carry it."""
    kept = entry.get("solution")
    return veiled(entry, "solution", kept) if kept else ""


def truth_of(entry: Entry) -> str | int | float | None:
    """Return what was found where a prediction was asked for; None when none is written."""
    kept = entry.get("truth")
    return None if kept is None else json.loads(veiled(entry, "truth", kept))


def read_answer(entry: Entry, answer: object) -> Any:
    """Return an answer in the form in which it is kept (number, text or list).

    Raises
    ------
    reading.UnreadableAnswer
        One sentence on what was expected.
    """
    kind = entry["kind"]
    if kind == "prediction":
        kind = entry["entry"]
    if kind == "number":
        return reading.parse_number(answer, entry.get("unit"))
    if kind == "choice":
        return reading.match_option(answer, entry["options"])
    if kind == "multiple":
        return sorted(set(reading.match_options(answer, entry["options"])))
    if kind == "ordering":
        return _read_order(answer, entry["options"])
    if callable(answer):
        raise reading.UnreadableAnswer("Text is expected here, not a function.")
    return str(answer).strip()


def _read_order(answer: object, options: list[str]) -> list[str]:
    if isinstance(answer, str | set | frozenset):
        raise reading.UnreadableAnswer("A list of all items, first to last, is expected here.")
    chosen = reading.match_options(answer, options)
    twice = [item for item in options if chosen.count(item) > 1]
    if twice:
        raise reading.UnreadableAnswer(f'"{twice[0]}" is used more than once.')
    missing = [item for item in options if item not in chosen]
    if missing:
        raise reading.UnreadableAnswer(f'"{missing[0]}" has no place yet.')
    return chosen


def grade(entry: Entry, answer: object) -> Verdict:
    """Return the verdict on an answer to the exercise `entry` describes."""
    checked = checked_sentence(entry)
    if reading.is_blank(answer):
        return Verdict(BLANK, f"nothing entered yet for {entry['id']}.")
    if entry["kind"] == "code":
        return _grade_code(entry, answer)
    try:
        value = read_answer(entry, answer)
    except reading.UnreadableAnswer as error:
        return Verdict(UNREADABLE, str(error))
    if entry["kind"] == "prediction" and (reason := _impossible(entry, value)):
        return Verdict(UNREADABLE, reason)
    if entry["kind"] in {"prediction", "reflection"}:
        what = "your prediction" if entry["kind"] == "prediction" else "your text"
        return Verdict(RECORDED, f"{what} for {entry['id']}.", checked)
    finding = _first_finding(entry, _canonical_forms(entry, value))
    if finding is None:
        message = near_miss(entry, value, answer) or _GENERIC[entry["kind"]]
        return Verdict(NOT_YET, message, checked)
    return Verdict(RIGHT if finding.right else NOT_YET, finding.message, checked)


_COUNTED: Final = ("women", "people", "tests", "rounds", "claims", "of 100")


def _impossible(entry: Entry, value: Any) -> str:
    """Return why a predicted number cannot be, or an empty text."""
    if entry.get("entry") != "number":
        return ""
    unit = entry.get("unit") or ""
    most = entry.get("most")
    if unit in reading.PERCENT_UNITS:
        if most is None and not 0 <= value <= 100:
            return "A share lies between 0 and 100 per cent."
        if most is not None and not 0 <= value <= most:
            return f"It lies between 0 and {number_text(float(most))} per cent."
        return ""
    if unit in _COUNTED and (value < 0 or value != int(value)):
        return f"A number of {unit} is a whole number, 0 or more."
    if most is not None and value > most:
        return f"There are {number_text(float(most))} in all."
    return ""


def near_miss(entry: Entry, value: Any, answer: object = None) -> str:
    """Return what is nearly right about a wrong answer, or an empty text.

    Only neighbours of the answer are looked up, so it works on a sealed entry too.

    Parameters
    ----------
    entry : Entry
        The exercise.
    value : float or list of str
        The answer as read.
    answer : object
        The answer as given; its decimals say whether it was rounded too far.
    """
    kind = entry["kind"]
    if kind == "number":
        return _near_number(entry, float(value), answer)
    if kind == "multiple":
        return _near_set(entry, value)
    return _near_order(entry, value) if kind == "ordering" else ""


def _right(entry: Entry, value: Any) -> bool:
    finding = _first_finding(entry, _canonical_forms(entry, value)[:1])
    return finding is not None and finding.right


def _near_number(entry: Entry, value: float, answer: object) -> str:
    in_percent = entry.get("unit") in reading.PERCENT_UNITS | reading.POINT_UNITS
    if _right(entry, 100 * value):
        return _SHARE if in_percent else "right but for a factor of a hundred: too small."
    if _right(entry, value / 100):
        return "right but for a factor of a hundred: too large."
    if value and _right(entry, -value):
        return "the size is right, the sign is not."
    if value and _right(entry, 1 / value):
        return "that is one divided by the answer: turn it round."
    typed = reading.decimals_typed(answer)
    if typed is not None and typed < 6:
        half = 0.5 * 10.0**-typed
        step = max(float(entry["tolerance"]), half / 25, 1e-6)
        for k in range(1, int(half / step) + 2):
            if _right(entry, value - min(k * step, half)) or _right(
                entry, value + min(k * step, half)
            ):
                return "close, but rounded too far: give more decimals."
    whole = value == int(value) if abs(value) < 1e9 else False
    if whole and entry["tolerance"] < 1 and (_right(entry, value - 1) or _right(entry, value + 1)):
        return "one off: count again, ends included."
    low, high = entry.get("between") or (value, value)
    if not low <= value <= high:
        how = "small" if value < low else "large"
        ends = f"{number_text(float(low))} and {number_text(float(high))}"
        return f"too {how}: it lies between {ends}."
    return ""


def _near_set(entry: Entry, chosen: list[str]) -> str:
    left = [option for option in entry["options"] if option not in chosen]
    if any(_right(entry, [*chosen, option]) for option in left):
        return "all of these fit, and one is still missing."
    if any(_right(entry, [c for c in chosen if c != option]) for option in chosen):
        return "one too many: the others are right."
    return ""


def _near_order(entry: Entry, order: list[str]) -> str:
    if _right(entry, order[::-1]):
        return "the order is right the other way round."
    for k in range(len(order) - 1):
        swapped = [*order[:k], order[k + 1], order[k], *order[k + 2 :]]
        if _right(entry, swapped):
            return (
                f"nearly: two neighbours have changed places, after the first {k}."
                if k
                else ("nearly: the first two have changed places.")
            )
    # Only the last four are tried in every order: a sealed entry takes its time for each.
    for k in range(len(order) - 3, max(len(order) - 5, 0), -1):
        if any(_right(entry, [*order[:k], *rest]) for rest in permutations(order[k:])):
            return f"the first {k} are right." if k > 1 else "only the first is right so far."
    return ""


def _first_finding(entry: Entry, forms: Iterable[str]) -> Finding | None:
    for form in forms:
        finding = look_up(entry, form)
        if finding is not None:
            return finding
    return None


def _canonical_forms(entry: Entry, value: Any) -> list[str]:
    """Return the canonical texts to look up, most specific first."""
    kind, partial = entry["kind"], entry.get("partial", False)
    if kind == "number":
        places = reading.grid_places(entry["tolerance"], entry.get("decimals"))
        return [reading.on_grid(value, places)]
    if kind == "choice":
        return [reading.fold(value)]
    if kind == "text":
        return [reading.fold_words(value)]
    if kind == "ordering":
        pairs = [reading.canonical_before(a, b) for a, b in combinations(value, 2)]
        return [reading.canonical_order(value), *(pairs if partial else [])]
    states = [f"{'has' if o in value else 'lacks'}:{reading.fold(o)}" for o in entry["options"]]
    return [reading.canonical_set(value), *(states if partial else [])]


def _grade_code(entry: Entry, answer: object) -> Verdict:
    if not callable(answer):
        kind = type(answer).__name__
        return Verdict(
            UNREADABLE, f"pass your function itself, not a {kind}: no brackets after it."
        )
    return grade_results(entry, results_of(entry, answer))


def results_of(entry: Entry, function: Callable[..., Any]) -> Iterator[tuple[str, str]]:
    """Yield, for each hidden input, the canonical result and a sentence on what went wrong."""
    places = reading.grid_places(entry["tolerance"], None)
    for args in ast.literal_eval(veiled(entry, "inputs", entry["inputs"])):
        yield _call(function, args, places)


def grade_results(entry: Entry, results: Iterable[tuple[str, str]]) -> Verdict:
    """Return the verdict on a function from what it gave; see `results_of`."""
    checked = checked_sentence(entry)
    explanation, count = "", 0
    for index, (form, trouble) in enumerate(results):
        count += 1
        finding = look_up(entry, f"{index}:{form}") if form else None
        if finding is None:
            kept = entry.get("fails", {}).get(str(index))
            own = veiled(entry, f"fails{index}", kept) if kept else ""
            message = own or trouble or _GENERIC["code"]
            if own and trouble:
                # What Python stumbled over says more than why a result would be wrong.
                stuck = trouble.startswith(_STUCK)
                message = trouble if stuck else f"{own} ({trouble.rstrip('.')})"
            return Verdict(NOT_YET, message, checked)
        explanation = finding.message or explanation
    if count < entry["n_tests"]:
        return Verdict(NOT_YET, "it was not called on every hidden input.", checked)
    return Verdict(RIGHT, explanation, checked)


def _call(function: Callable[..., Any], args: tuple[Any, ...], places: int) -> tuple[str, str]:
    """Return the canonical result of one call, and a sentence when it failed or gave nothing."""
    try:
        result = function(*copy.deepcopy(args))
        nothing = result is None or result is Ellipsis
        remark = f"{_STUCK[0]}; end it with return." if nothing else ""
        return reading.canonical_result(result, places), remark
    except Exception as error:  # the learner's own code may raise anything
        return "", f"your function stopped with {_first_line(error)} on a hidden input."


def _first_line(error: Exception) -> str:
    line = (str(error).splitlines() or [""])[0][:80].rstrip(".")
    return f"{type(error).__name__}: {line}" if line else type(error).__name__
