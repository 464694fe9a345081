"""Proof that feedback works: answers to an exercise, and what each of them must be told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helpers.exercises import grading, reading
from helpers.exercises.seal import Entry
from helpers.exercises.table import Solution, accepted_of, arguments_of


def verify(item: Solution, entry: Entry) -> list[str]:
    """Return what is wrong with an exercise as this entry has it; empty when all is well.

    The solution must pass, a blank must be answered politely, each catalogued wrong answer
    must get its own message, and an uncatalogued one must get the general message.
    """
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
    for answer in right_answers(item):
        verdict = grading.grade(entry, answer)
        if verdict.word != grading.RIGHT or verdict.message != explanation:
            problems.append(f"the solution gets: {verdict.word}: {verdict.message}")
    for answer, message in wrong_examples(item, entry):
        verdict = grading.grade(entry, answer)
        if verdict.word != grading.NOT_YET or verdict.message != message:
            problems.append(f"a catalogued wrong answer gets: {verdict.word}: {verdict.message}")
    other = uncatalogued(item, entry)
    if other is not None:
        verdict = grading.grade(entry, other)
        general = grading.general_message(item.kind)
        if "between" in item.fields:
            low, high = item.fields["between"]
            general = f"too large: it lies between {low} and {high}."
        if verdict.word != grading.NOT_YET or verdict.message != general:
            problems.append(f"an unknown wrong answer gets: {verdict.word}: {verdict.message}")
    return problems


def _reference(item: Solution) -> Callable[..., Any]:
    # The text comes from our own notebook and runs only when solutions are verified.
    space: dict[str, Any] = {}
    exec(item.fields["answer"], space)
    return next(v for k, v in space.items() if callable(v) and k != "__builtins__")


def right_answers(item: Solution) -> list[Any]:
    if item.kind == "code":
        return [_reference(item)]
    if item.kind in {"multiple", "ordering"}:
        return [item.fields["answer"]]
    return accepted_of(item)


def _failing_on(item: Solution, index: int) -> Callable[..., Any]:
    function, arguments = _reference(item), arguments_of(item)[index]

    def altered(*args: Any) -> Any:
        return "another result" if args == arguments else function(*args)

    return altered


def wrong_examples(item: Solution, entry: Entry) -> list[tuple[Any, str]]:
    wrong = item.fields.get("wrong", {})
    if item.kind == "code":
        return [(_failing_on(item, i), m) for i, m in wrong.items()]
    if item.kind == "multiple":
        answer = set(reading.match_options(accepted_of(item), entry["options"]))
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


def uncatalogued(item: Solution, entry: Entry) -> Any:
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
        known = {reading.fold(k) for k in (*accepted_of(item), *wrong)}
        return next((o for o in entry["options"] if reading.fold(o) not in known), None)
    return None
