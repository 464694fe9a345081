"""A weighted score whose parts are uncertain: exact distribution, interval, chance of each rank.

Scores are whole numbers from 0 to a top value and weights are whole numbers, so a total has
few possible values and its distribution is found by convolution: nothing is simulated. Scores
are taken to be wrong independently of each other; a judge who is lenient throughout moves all
of them together, and that is not in the interval.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from helpers.stats.errors import StatsError

Chances = NDArray[np.float64]


def score_chances(score: int, doubt: float, top: int = 2) -> Chances:
    """Return the chances of the scores 0 to `top` around the one given.

    Parameters
    ----------
    score : int
        The score given.
    doubt : float
        Chance that the right score is one step up, and that it is one step down (0 to 0.5);
        a step that would leave the scale stays.
    top : int
        The highest score.

    Returns
    -------
    ndarray, shape (top + 1,)
    """
    if not 0 <= score <= top:
        raise StatsError(f"A score must lie between 0 and {top}, and {score} does not.")
    if not 0 <= doubt <= 0.5:
        raise StatsError(f"The doubt {doubt:g} must be a chance from 0 to 0.5.")
    chances = np.zeros(top + 1)
    chances[score] = 1.0
    for step in (score - 1, score + 1):
        if 0 <= step <= top:
            chances[step] += doubt
            chances[score] -= doubt
    return chances


def total_chances(weights: Sequence[int], parts: Sequence[Chances]) -> Chances:
    """Return the chances of each weighted total, sum of weight times score.

    Parameters
    ----------
    weights : sequence of int, shape (criteria,)
        Whole and not negative; at least one above zero.
    parts : sequence of ndarray
        Chances of the scores of each criterion, as `score_chances` gives them.

    Returns
    -------
    ndarray, shape (largest total + 1,)
    """
    if len(weights) != len(parts):
        raise StatsError(f"There are {len(weights)} weights for {len(parts)} criteria.")
    if any(w < 0 or w != int(w) for w in weights):
        raise StatsError("Weights must be whole numbers that are not negative.")
    if not any(weights):
        raise StatsError(
            "All weights are zero, so nothing is scored; give at least one criterion a weight "
            "above zero."
        )
    chances = np.ones(1)
    for weight, part in zip(weights, parts, strict=True):
        if weight:
            spread = np.zeros((len(part) - 1) * int(weight) + 1)
            spread[:: int(weight)] = part
            chances = np.convolve(chances, spread)
    return chances


def weighted_score(scores: Sequence[float], weights: Sequence[float]) -> float:
    """Return the weighted mean of the scores.

    Raises
    ------
    StatsError
        If the weights add up to zero.
    """
    total = float(np.sum(weights))
    if total <= 0:
        raise StatsError(
            "All weights are zero, so nothing is scored; give at least one criterion a weight "
            "above zero."
        )
    return float(np.dot(weights, scores)) / total


def central_interval(chances: Chances, level: float = 0.9) -> tuple[int, int]:
    """Return the values between which at least `level` of the chance lies, tails cut equally.

    The low end is the smallest value with more than (1 - level) / 2 of the chance at or below
    it; the high end is the mirror image.
    """
    tail = (1 - level) / 2 + 1e-12
    low = int(np.argmax(np.cumsum(chances) > tail))
    high = len(chances) - 1 - int(np.argmax(np.cumsum(chances[::-1]) > tail))
    return low, high


def rank_chances(totals: Sequence[Chances]) -> Chances:
    """Return the chance of each rank for totals that vary independently.

    Parameters
    ----------
    totals : sequence of ndarray
        Chances of the totals 0, 1, 2, ... of each programme.

    Returns
    -------
    ndarray, shape (programmes, programmes)
        Row i holds the chances of programme i to be first, second, ...; programmes that tie
        share their ranks equally. Rows and columns add up to one.
    """
    size = max(len(t) for t in totals)
    mass = np.array([np.pad(t, (0, size - len(t))) for t in totals])
    below = np.cumsum(mass, axis=1) - mass
    above = 1 - below - mass
    n = len(totals)
    ranks = np.zeros((n, n))
    for i in range(n):
        # ways[a, e]: chance that a others lie above and e are equal, at each value of i's total
        ways = {(0, 0): np.ones(size)}
        for j in (k for k in range(n) if k != i):
            grown: dict[tuple[int, int], Chances] = {}
            for (a, e), chance in ways.items():
                for key, factor in (
                    ((a + 1, e), above[j]),
                    ((a, e + 1), mass[j]),
                    ((a, e), below[j]),
                ):
                    grown[key] = grown.get(key, np.zeros(size)) + chance * factor
            ways = grown
        for (a, e), chance in ways.items():
            ranks[i, a : a + e + 1] += float(mass[i] @ chance) / (e + 1)
    return ranks
