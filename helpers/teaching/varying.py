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

from helpers.calendar import DAYS_PER_MONTH, LAUNCH
from helpers.exercises.table import Solution, SolutionError
from helpers.stats.errors import StatsError
from helpers.stats.restricted_mean import compare_restricted_means
from helpers.stats.spells import Clock, Design
from helpers.study.models import in_prison_at_launch


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


def answerable(items: list[Solution], drawn: Drawn) -> bool:
    """Tell whether a cohort gives every one of these exercises an answer, and of the same sign."""
    try:
        made = [vary(item, drawn) for item in items]
    except (SolutionError, StatsError):
        return False
    pairs = zip(items, made, strict=True)
    return all(float(o.fields["answer"]) * float(m.fields["answer"]) > 0 for o, m in pairs)


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


@rule
def released_gap_in_prison(drawn: Drawn) -> Varied:
    """Release share, campaign minus others, in points, of rows in prison in 2015.

    Wrong: of all rows; as a share; the others' share; with the sign turned.
    """
    cohort = drawn.cohort
    inside = cohort[in_prison_at_launch(cohort)]
    share = inside.groupby("freethe20")["released"].mean()
    every = cohort.groupby("freethe20")["released"].mean()
    gap = float(share[1] - share[0])
    size = inside.groupby("freethe20")["released"].agg(["sum", "size"])
    return Varied(
        100 * gap,
        (100 * float(every[1] - every[0]), gap, 100 * float(share[0]), -100 * gap),
        f"{size.loc[1, 'sum']}/{size.loc[1, 'size']} - {size.loc[0, 'sum']}/{size.loc[0, 'size']} "
        f"= {gap:.3f}. Those released before 2015 are gone.",
    )


def restricted(cohort: pd.DataFrame, clock: Clock, tau: float) -> tuple[float, float]:
    """Return the mean months held up to `tau` of the others and of the campaign rows."""
    launch = pd.Timestamp(LAUNCH)
    campaign = cohort["freethe20"].to_numpy(dtype=float)
    days = Design(clock=clock).spells(
        (cohort["arrested"] - launch).dt.days,
        (cohort["left_prison"] - launch).dt.days,
        cohort["released"].to_numpy(dtype=float),
        campaign,
    )
    means = compare_restricted_means(
        days.time / DAYS_PER_MONTH, days.event, campaign[days.rows], tau
    ).means
    return means[0].mean, means[1].mean


@rule
def months_less_from_launch(drawn: Drawn) -> Varied:
    """Months less that campaign rows are held, of the first 30 from the launch.

    Wrong: with the clock from arrest, either sign; the campaign's mean; the others' mean.
    """
    others, campaign = restricted(drawn.cohort, "launch", 30)
    from_arrest = restricted(drawn.cohort, "arrest", 30)
    gap = from_arrest[0] - from_arrest[1]
    return Varied(
        others - campaign,
        (gap, -gap, campaign, others),
        f"{others:.1f} - {campaign:.1f} = {others - campaign:.1f} months of the first 30.",
    )
