"""The Kaplan-Meier estimate in NumPy: fast enough to be redone at every move of a control."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from helpers.stats.errors import StatsError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SurvivalCurve:
    """A Kaplan-Meier estimate.

    Attributes
    ----------
    time : ndarray, shape (k,)
        Distinct times at which somebody leaves, by event or by censoring; ascending.
    survival, std_error, lower, upper : ndarray, shape (k,)
        Estimate just after each time, its Greenwood standard error, and the bounds
        of the pointwise interval (NaN where the estimate is 0).
    at_risk, events : ndarray, shape (k,)
        Size of the risk set just before each time, and events at it (weighted counts).
    """

    time: Floats
    survival: Floats
    std_error: Floats
    lower: Floats
    upper: Floats
    at_risk: Floats
    events: Floats

    def at(self, when: float) -> float:
        """Return the estimate at a time; 1 before the first."""
        place = int(np.searchsorted(self.time, when, side="right"))
        return float(self.survival[place - 1]) if place else 1.0

    @property
    def median(self) -> float:
        """The first time at which the estimate is at most one half; infinite if never."""
        below = np.flatnonzero(self.survival <= 0.5 + 1e-12)
        return float(self.time[below[0]]) if below.size else float("inf")


def kaplan_meier(
    time: ArrayLike,
    event: ArrayLike,
    entry: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    level: float = 0.95,
) -> SurvivalCurve:
    """Estimate the share not yet released at each time.

    Parameters
    ----------
    time : array_like, shape (n,)
        Time of exit, any unit, not negative.
    event : array_like, shape (n,)
        1 if the exit is the event, 0 if it is censoring.
    entry : array_like, shape (n,), optional
        Time at which each comes under observation (delayed entry); 0 when left out.
        One who enters at a time counts in the risk sets after it.
    weight : array_like, shape (n,), optional
        Case weights.
    level : float
        Level of the pointwise interval on the log-log scale.

    Raises
    ------
    StatsError
        For no rows, missing or negative times, events that are not 0 or 1, or an entry
        not before its exit.

    Notes
    -----
    Kaplan & Meier 1958; variance after Greenwood 1926; log(-log) interval as in
    Kalbfleisch & Prentice 2002, section 1.4.
    """
    t, d, start, w = _checked(time, event, entry, weight)
    if not 0 < level < 1:
        raise StatsError(f"The level is a number between 0 and 1, not {level}.")
    times, place = np.unique(t, return_inverse=True)
    events: Floats = np.bincount(place, weights=w * d, minlength=times.size).astype(float)
    leaving = np.bincount(place, weights=w, minlength=times.size)
    at_risk = leaving[::-1].cumsum()[::-1]
    if entry is not None:
        # Those who enter at or after a time are not yet in its risk set.
        order = np.argsort(start)
        waiting = np.concatenate([[0.0], w[order].cumsum()])
        before = np.searchsorted(start[order], times, side="left")
        at_risk = at_risk - (waiting[-1] - waiting[before])
    step = np.divide(events, at_risk, out=np.zeros_like(events), where=at_risk > 0)
    survival = np.cumprod(1 - step)
    survival[survival < 1e-14] = 0.0
    left = at_risk * (at_risk - events)
    terms = np.divide(events, left, out=np.full_like(events, np.nan), where=left > 0)
    terms[events == 0] = 0.0
    greenwood = np.cumsum(terms)
    with np.errstate(divide="ignore", invalid="ignore"):
        inner = np.log(-np.log(survival))
        reach = ndtri(0.5 + level / 2) * np.sqrt(greenwood) / np.abs(np.log(survival))
        lower, upper = np.exp(-np.exp(inner + reach)), np.exp(-np.exp(inner - reach))
    whole = survival == 1
    lower[whole] = upper[whole] = 1.0
    return SurvivalCurve(
        times, survival, survival * np.sqrt(greenwood), lower, upper, at_risk, events
    )


def _checked(
    time: ArrayLike, event: ArrayLike, entry: ArrayLike | None, weight: ArrayLike | None
) -> tuple[Floats, Floats, Floats, Floats]:
    t = np.asarray(time, dtype=float).ravel()
    d = np.asarray(event, dtype=float).ravel()
    start = np.zeros_like(t) if entry is None else np.asarray(entry, dtype=float).ravel()
    w = np.ones_like(t) if weight is None else np.asarray(weight, dtype=float).ravel()
    if t.size == 0:
        raise StatsError("No rows are left, so there is no curve to draw; widen the selection.")
    if not t.size == d.size == start.size == w.size:
        raise StatsError("Times, events, entries and weights must have one value for each row.")
    if not np.isfinite(t).all() or not np.isfinite(start).all():
        raise StatsError("A time is missing or infinite; drop that row or give it a time.")
    if (t < 0).any():
        raise StatsError("A time is negative: an exit lies before the start of its clock.")
    if not np.isin(d, (0, 1)).all():
        raise StatsError("Events must be 1 (event) or 0 (censored).")
    if (w < 0).any() or not np.isfinite(w).all() or w.sum() == 0:
        raise StatsError("Weights must be numbers of zero or more, and not all zero.")
    if entry is not None and (start >= t).any():
        raise StatsError("A row enters at or after its exit; entry must come before the exit.")
    return t, d, start, w
