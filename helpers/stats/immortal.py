"""A simulation of immortal time: a group chosen among those still held, and the truth known.

Whoever is chosen at the launch must have lasted until then. Months before it cannot end in
a release for her, and a design that counts them understates how fast her group leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from helpers.stats.errors import StatsError

Array = NDArray[np.float64]
WINDOW: Final = 188.0
"""Months of arrests before the launch: January 2000 to August 2015."""
FOLLOWED: Final = 37.0
"""Months followed after the launch."""
TYPICAL: Final = 120.0
"""Weibull scale of the baseline: 63 per cent are released by this month."""


@dataclass(frozen=True)
class Draws:
    """Simulated populations, one a row; times in months since each woman's own arrest.

    Attributes
    ----------
    exit : ndarray, shape (draws, women)
        Release, or the end of follow-up.
    launch : ndarray, shape (draws, women)
        The launch on the woman's own clock.
    released, chosen : ndarray of bool, shape (draws, women)
    """

    exit: Array
    launch: Array
    released: NDArray[np.bool_]
    chosen: NDArray[np.bool_]


@dataclass(frozen=True)
class Estimates:
    """Log hazard ratios of the chosen, one a draw; NaN where a group has no release."""

    log_ratio: Array
    std_error: Array

    def covers(self, truth: float) -> float:
        """Share of draws whose 95 per cent interval holds `truth`."""
        known = np.isfinite(self.log_ratio)
        inside = np.abs(self.log_ratio - truth) <= 1.959963984540054 * self.std_error
        return float(inside[known].mean())


def simulate(
    log_ratio: float, shape: float, chosen: int, draws: int, seed: int, women: int = 252
) -> Draws:
    """Draw populations in which the hazard of the chosen is multiplied from the launch on.

    Parameters
    ----------
    log_ratio : float
        Truth: log of the factor on the hazard of the chosen after the launch.
    shape : float
        Weibull shape of the hazard since arrest: below 1 it falls, above 1 it rises.
    chosen : int
        How many of those still held at the launch are chosen, at random.
    draws, seed, women : int

    Raises
    ------
    StatsError
        More to choose than are held in some draw, or a shape that is not positive.
    """
    if not shape > 0:
        raise StatsError("The shape of the hazard must be a number above 0.")
    rng = np.random.default_rng(seed)
    launch = rng.uniform(0.0, WINDOW, size=(draws, women))
    # Cumulative hazard at which each leaves, and that reached at the launch.
    leaves = rng.exponential(size=launch.shape)
    reached = (launch / TYPICAL) ** shape
    held = leaves > reached
    if chosen > int(held.sum(axis=1).min()):
        raise StatsError(f"Fewer than {chosen} are still held in some draw; choose fewer.")
    order = np.argsort(np.where(held, rng.random(launch.shape), 2.0), axis=1)
    picked = np.zeros(launch.shape, dtype=bool)
    np.put_along_axis(picked, order[:, :chosen], True, axis=1)
    leaves = np.where(picked, reached + (leaves - reached) / np.exp(log_ratio), leaves)
    exit_ = TYPICAL * leaves ** (1 / shape)
    end = launch + FOLLOWED
    return Draws(np.minimum(exit_, end), launch, exit_ <= end, picked)


def estimate(draws: Draws, clock: str, entry: str) -> Estimates:
    """Fit a Weibull model with one covariate, the group, to every draw at once.

    Parameters
    ----------
    clock : {"arrest", "launch"}
        With "launch" only those still held are followed, from 0.
    entry : {"none", "everyone", "campaign"}
        Who enters the risk set at the launch only; as in `helpers.stats.spells`.

    Notes
    -----
    Given the shape a, the rate of a group is its releases over its sum of t^a less that at
    entry, so the likelihood is a function of a alone; Newton's method finds its maximum in
    all draws together. Standard errors come from the observed information.

    Raises
    ------
    StatsError
        An unknown clock or entry.
    """
    if clock not in ("arrest", "launch") or entry not in ("none", "everyone", "campaign"):
        raise StatsError(f"There is no design with clock {clock!r} and entry {entry!r}.")
    after = draws.exit > draws.launch
    time, start = draws.exit, np.zeros_like(draws.exit)
    used = np.ones_like(after)
    if clock == "launch":
        time, used = draws.exit - draws.launch, after
    elif entry == "everyone":
        start, used = draws.launch, after
    elif entry == "campaign":
        start = np.where(draws.chosen, draws.launch, 0.0)
    event = draws.released & used
    groups = [(used & draws.chosen), (used & ~draws.chosen)]
    with np.errstate(divide="ignore"):
        log_t = np.where(used, np.log(np.where(used, time, 1.0)), 0.0)
        log_e = np.log(start)
    late = start > 0
    log_e = np.where(late & used, log_e, 0.0)
    late &= used
    total = event.sum(axis=1)
    each = [(event & g).sum(axis=1) for g in groups]
    log_sum = (event * log_t).sum(axis=1)
    power_sums = _PowerSums(log_t, log_e, used, late, draws.chosen)
    a = np.ones(len(time))
    for _ in range(30):
        sums = power_sums(a)
        slope = total / a + log_sum
        bend = -total / a**2
        for d, (s0, s1, s2) in zip(each, sums, strict=True):
            slope = slope - d * s1 / s0
            bend = bend - d * (s2 / s0 - (s1 / s0) ** 2)
        step = np.where(bend < 0, -slope / bend, 0.1 * np.sign(slope))
        step = np.clip(step, -0.5 * a, a)
        a = a + step
        if np.abs(step).max() < 1e-5:  # the error is of the order of its square
            break
    return _contrast(a, total, each, power_sums(a))


class _PowerSums:
    """Sums over each group of t^a, t^a log t and t^a log^2 t, less the same at entry.

    Each draw's numbers are moved to the left once, so that what nobody counts is not raised to
    a power; the others' sums are those of everyone less those of the chosen.
    """

    def __init__(
        self,
        log_t: Array,
        log_e: Array,
        used: NDArray[np.bool_],
        late: NDArray[np.bool_],
        chosen: NDArray[np.bool_],
    ) -> None:
        self._parts = [
            (_packed(log, mask), _packed(log, mask & chosen))
            for log, mask in ((log_t, used), (log_e, late))
            if mask.any()
        ]

    def __call__(self, a: Array) -> list[tuple[Array, Array, Array]]:
        everyone, chosen = np.zeros((3, len(a))), np.zeros((3, len(a)))
        for sign, (all_, few) in zip((1, -1), self._parts, strict=False):
            everyone += sign * _moments(a, *all_)
            chosen += sign * _moments(a, *few)
        others = everyone - chosen
        return [(c[0], c[1], c[2]) for c in (chosen, others)]


def _packed(log: Array, mask: NDArray[np.bool_]) -> tuple[Array, Array]:
    width = int(mask.sum(axis=1).max())
    columns = np.argsort(~mask, axis=1, kind="stable")[:, :width]
    weight = np.take_along_axis(mask, columns, axis=1).astype(float)
    return np.take_along_axis(log, columns, axis=1), weight


def _moments(a: Array, log: Array, weight: Array) -> Array:
    power = np.exp(a[:, None] * log)
    power *= weight
    zero = power.sum(axis=1)
    power *= log
    return np.array([zero, power.sum(axis=1), np.einsum("ij,ij->i", power, log)])


def _contrast(
    a: Array,
    total: NDArray[np.intp],
    each: list[NDArray[np.intp]],
    sums: list[tuple[Array, Array, Array]],
) -> Estimates:
    """Log ratio of the two rates, and its standard error."""
    with np.errstate(divide="ignore", invalid="ignore"):
        (d1, d0), (one, other) = each, sums
        ratio = np.log(d1 / one[0]) - np.log(d0 / other[0])
        slopes = [s[1] / s[0] for s in sums]
        # Information on the shape once both rates are fitted.
        left = total / a**2
        for d, s, slope in zip(each, sums, slopes, strict=True):
            left = left + d * (s[2] / s[0] - slope**2)
        error = np.sqrt(1 / d1 + 1 / d0 + (slopes[0] - slopes[1]) ** 2 / left)
    known = (d1 > 0) & (d0 > 0)
    return Estimates(np.where(known, ratio, np.nan), np.where(known, error, np.nan))
