"""The restricted mean: the area under a survival curve up to a chosen time."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from helpers.stats.errors import StatsError
from helpers.stats.kaplan_meier import (
    SurvivalCurve,
    checked,
    checked_group,
    checked_level,
    kaplan_meier,
)


@dataclass(frozen=True)
class RestrictedMean:
    """The mean time without the event up to `tau`, in the unit of time, with its interval."""

    tau: float
    mean: float
    std_error: float
    lower: float
    upper: float
    level: float

    @property
    def lost(self) -> float:
        """The mean time lost to the event before `tau`."""
        return self.tau - self.mean


@dataclass(frozen=True)
class Contrast:
    """A difference or a ratio, its interval, and the two-sided p-value of "no difference".

    `std_error` is that of the estimate for a difference and of its logarithm for a ratio.
    """

    estimate: float
    std_error: float
    lower: float
    upper: float
    p_value: float


@dataclass(frozen=True)
class RestrictedMeans:
    """Two restricted means and what sets them apart: the second group against the first."""

    groups: tuple[object, object]
    means: tuple[RestrictedMean, RestrictedMean]
    difference: Contrast
    ratio: Contrast


def restricted_mean(
    time: ArrayLike,
    event: ArrayLike,
    tau: float,
    entry: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    level: float = 0.95,
) -> RestrictedMean:
    """Estimate the mean time without the event up to `tau`.

    Parameters
    ----------
    time, event, entry, weight : array_like, shape (n,)
        As in `kaplan_meier`.
    tau : float
        Where the area ends, in the unit of `time`.
    level : float
        Level of the interval (normal, on the scale of the mean).

    Raises
    ------
    StatsError
        Bad rows as in `kaplan_meier`; a `tau` that is not above 0, or beyond the last time
        while the curve is still above 0, for there the curve is unknown; or a risk set that
        delayed entry left empty before `tau`.

    Notes
    -----
    The standard error follows Greenwood: at each event the area still to come, squared,
    times d / (n (n - d)), as `print(survfit(...), rmean=)` in R and Klein & Moeschberger
    2003, section 4.5. A curve that has reached 0 adds no area, so `tau` may lie beyond it.
    If nobody has the event before `tau` the mean is `tau` and its standard error 0: no more
    than that nobody was seen to have it.
    """
    level = checked_level(level)
    return _area(kaplan_meier(time, event, entry, weight), tau, level, "")


def compare_restricted_means(
    time: ArrayLike,
    event: ArrayLike,
    group: ArrayLike,
    tau: float,
    entry: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    level: float = 0.95,
) -> RestrictedMeans:
    """Compare the restricted means of two groups.

    Parameters
    ----------
    time, event, entry, weight : array_like, shape (n,)
        As in `kaplan_meier`.
    group : array_like, shape (n,)
        Two labels; the second in sorted order is compared with the first.
    tau : float
        Where both areas end, in the unit of `time`.
    level : float
        Level of the intervals.

    Returns
    -------
    RestrictedMeans
        `difference` in the unit of time; `ratio` with an interval made on the log scale.

    Raises
    ------
    StatsError
        As `restricted_mean`, or not two groups, or a mean of 0, which has no ratio.

    Notes
    -----
    Royston & Parmar 2013; Uno et al. 2014. The groups are independent, so variances add.
    Without an event before `tau` in either group the standard errors are 0 and the
    p-values NaN: there is nothing to tell the groups apart by.
    """
    level = checked_level(level)
    t, d, enters, w = checked(time, event, entry, weight)
    names, place = checked_group(group, t.size)
    if len(names) != 2:
        raise StatsError(f"Two groups can be compared, but there are {len(names)}.")
    first, second = (
        _area(
            kaplan_meier(t[rows], d[rows], None if entry is None else enters[rows], w[rows]),
            tau,
            level,
            f" in group {names[k]}",
        )
        for k, rows in enumerate((place == 0, place == 1))
    )
    if min(first.mean, second.mean) <= 0:
        raise StatsError("A group has a mean of 0, so there is no ratio; its events are all at 0.")
    z = float(scipy.special.ndtri(0.5 + level / 2))
    gap = second.mean - first.mean
    se = math.hypot(first.std_error, second.std_error)
    log = math.log(second.mean / first.mean)
    log_se = math.hypot(first.std_error / first.mean, second.std_error / second.mean)
    return RestrictedMeans(
        (names[0], names[1]),
        (first, second),
        Contrast(gap, se, gap - z * se, gap + z * se, _p_value(gap, se)),
        Contrast(
            math.exp(log),
            log_se,
            math.exp(log - z * log_se),
            math.exp(log + z * log_se),
            _p_value(log, log_se),
        ),
    )


def _p_value(estimate: float, std_error: float) -> float:
    return 2 * float(scipy.special.ndtr(-abs(estimate) / std_error)) if std_error > 0 else math.nan


def _area(curve: SurvivalCurve, tau: float, level: float, where: str) -> RestrictedMean:
    if not 0 < tau < np.inf:
        raise StatsError("The restricted mean needs a number above 0 as its end.")
    last = float(curve.time[-1])
    if tau > last and curve.survival[-1] > 0:
        raise StatsError(
            f"The last time{where} is {last:g} and the curve is not known beyond it; "
            f"end the restricted mean there or before, not at {tau:g}."
        )
    if curve.emptied is not None and tau > curve.emptied:
        raise StatsError(
            f"Nobody is left at risk{where} at {curve.emptied:g} although others come in later; "
            "end the restricted mean there or before."
        )
    inside = curve.time < tau
    edges = np.concatenate([[0.0], curve.time[inside], [tau]])
    heights = np.concatenate([[1.0], curve.survival[inside]])
    pieces = np.diff(edges) * heights
    mean = float(pieces.sum())
    # Area still to come after each time at which somebody leaves.
    ahead = pieces[:0:-1].cumsum()[::-1]
    events, at_risk = curve.events[inside], curve.at_risk[inside]
    counts = (events > 0) & (curve.survival[inside] > 0)
    n, d = at_risk[counts], events[counts]
    se = math.sqrt(float((ahead[counts] ** 2 * d / (n * (n - d))).sum()))
    z = float(scipy.special.ndtri(0.5 + level / 2))
    return RestrictedMean(float(tau), mean, se, mean - z * se, mean + z * se, level)
