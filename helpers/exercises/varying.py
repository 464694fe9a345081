"""Exercises whose number depends on the synthetic cohort, computed for any cohort.

A solution cell names one of these with ``varies="name"``. When students get cohorts of
their own, the answer and the catalogued wrong answers are computed from each student's
rows. The wrong answers come in the order in which the solution cell catalogues them.

The hints and messages of such an exercise are shown to every student, so they state no
number that depends on the rows; its explanation is replaced by the one given here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from helpers.exercises.build import Solution, SolutionError


@dataclass(frozen=True)
class Drawn:
    """A cohort and the long list that goes with it."""

    cohort: pd.DataFrame
    long_list: pd.DataFrame


@dataclass(frozen=True)
class Varied:
    """Answer, wrong answers in catalogued order, and explanation for one cohort."""

    answer: float
    wrong: tuple[float, ...] = ()
    explanation: str = ""


Rule = Callable[[Drawn], Varied]
RULES: dict[str, Rule] = {}


def rule(function: Rule) -> Rule:
    """Register a function under its name."""
    RULES[function.__name__] = function
    return function


def vary(item: Solution, drawn: Drawn) -> Solution:
    """Return an exercise as it is for one cohort.

    A wrong answer that comes to lie within the tolerance of the right one, or of another
    wrong one, loses its message for that student.

    Raises
    ------
    SolutionError
        If the rule does not exist, gives no number, or not as many wrong answers as the
        cell catalogues.
    """
    name = str(item.fields["varies"])
    if name not in RULES:
        raise SolutionError(f'{item.identifier}: there is no rule "{name}" in varying.py.')
    found = RULES[name](drawn)
    messages = list(item.fields.get("wrong", {}).values())
    if not math.isfinite(found.answer):
        raise SolutionError(f'{item.identifier}: rule "{name}" gives no number here.')
    if len(found.wrong) != len(messages):
        raise SolutionError(
            f'{item.identifier}: rule "{name}" gives {len(found.wrong)} wrong answers, '
            f"the cell catalogues {len(messages)}."
        )
    near = 2.5 * float(item.fields.get("tolerance", 0)) or 1e-9
    taken = [found.answer]
    wrong = {}
    for value, message in zip(found.wrong, messages, strict=True):
        if math.isfinite(value) and all(abs(value - other) > near for other in taken):
            taken.append(value)
            wrong[value] = message
    fields = {**item.fields, "answer": found.answer, "wrong": wrong}
    fields["explanation"] = found.explanation
    return Solution(item.identifier, fields)


def _percent(part: float, whole: float) -> float:
    return 100 * part / whole if whole else math.nan


@rule
def campaign_released_share(drawn: Drawn) -> Varied:
    """Per cent of the campaign rows that are released; wrong: the others, all rows."""
    cohort = drawn.cohort
    campaign = cohort[cohort["freethe20"] == 1]
    others = cohort[cohort["freethe20"] == 0]
    released = int(campaign["released"].sum())
    return Varied(
        _percent(released, len(campaign)),
        (
            _percent(int(others["released"].sum()), len(others)),
            _percent(int(cohort["released"].sum()), len(cohort)),
        ),
        f"{released} of {len(campaign)} campaign rows are released.",
    )
