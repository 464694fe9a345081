"""The Kaplan-Meier estimate in NumPy: fast enough to be redone at every move of a control."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from helpers.stats.errors import StatsError

Floats = NDArray[np.float64]
Scale = Literal["log-log", "log", "plain"]

SCALES: Final[tuple[Scale, ...]] = ("log-log", "log", "plain")


@dataclass(frozen=True)
class SurvivalCurve:
    """A Kaplan-Meier estimate.

    Attributes
    ----------
    time : ndarray, shape (k,)
        Distinct times at which somebody leaves, by event or by censoring; ascending.
    survival, std_error, lower, upper : ndarray, shape (k,)
        Estimate just after each time, its Greenwood standard error, and the bounds
        of the pointwise interval (NaN where the estimate is 0, where Greenwood's formula
        has nothing to say; both 1 before the first event).
    at_risk, events : ndarray, shape (k,)
        Size of the risk set just before each time, and events at it (weighted counts).
    emptied : float or None
        Set only under delayed entry: the time at which everybody then at risk had the
        event although others came under observation at it or later. The product is 0 from
        there on, whatever happens to the later ones: say so, or estimate from a
        later `start`.
    start : float
        The curve is the estimate for those who last beyond this time.
    """

    time: Floats
    survival: Floats
    std_error: Floats
    lower: Floats
    upper: Floats
    at_risk: Floats
    events: Floats
    emptied: float | None = None
    start: float = 0.0

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
    interval: Scale = "log-log",
    start: float = 0.0,
) -> SurvivalCurve:
    """Estimate the share not yet released at each time.

    Parameters
    ----------
    time : array_like, shape (n,)
        Time of exit, any unit, not negative. An exit at 0 is allowed when nobody enters
        late: everybody is then at risk at 0.
    event : array_like, shape (n,)
        1 if the exit is the event, 0 if it is censoring.
    entry : array_like, shape (n,), optional
        Time at which each comes under observation (delayed entry); 0 when left out.
        One who enters at a time counts in the risk sets after it.
    weight : array_like, shape (n,), optional
        Case weights: a weight of 2 is a row twice, in the standard errors too.
    level : float
        Level of the pointwise interval.
    interval : {"log-log", "log", "plain"}
        Scale on which the interval is symmetric. "log-log" stays within 0 and 1; "log"
        is cut at 1 and "plain" at 0 and 1.
    start : float
        Estimate for those who last beyond this time: rows out by then are left out, and
        the others enter at it or later.

    Raises
    ------
    StatsError
        For no rows, missing or negative times, events that are not 0 or 1, an entry
        that is negative or not before its exit, an unknown interval, or nobody beyond `start`.

    Notes
    -----
    Kaplan & Meier 1958; variance after Greenwood 1926; log(-log) interval as in
    Kalbfleisch & Prentice 2002, section 1.4. With every row censored the curve stays at 1
    with a standard error of 0: there is nothing in such data to measure it by.
    """
    t, d, enters, w = checked(time, event, entry, weight)
    level = checked_level(level)
    if interval not in SCALES:
        raise StatsError(f"The interval is one of {', '.join(SCALES)}, not {interval!r}.")
    if not 0 <= start < np.inf:
        raise StatsError("The start of the curve must be a time of 0 or later.")
    late = entry is not None or start > 0
    if start > 0:
        keep = (t > start) & (w > 0)
        if not keep.any():
            raise StatsError(f"Nobody is followed beyond {start:g}; choose an earlier start.")
        t, d, enters, w = t[keep], d[keep], np.maximum(enters[keep], start), w[keep]
    times, place = np.unique(t, return_inverse=True)
    events: Floats = np.bincount(place, weights=w * d, minlength=times.size).astype(float)
    leaving = np.bincount(place, weights=w, minlength=times.size)
    at_risk = leaving[::-1].cumsum()[::-1]
    if late:
        # Those who enter at or after a time are not yet in its risk set.
        order = np.argsort(enters)
        waiting = np.concatenate([[0.0], w[order].cumsum()])
        before = np.searchsorted(enters[order], times, side="left")
        at_risk = at_risk - (waiting[-1] - waiting[before])
    step = np.divide(events, at_risk, out=np.zeros_like(events), where=at_risk > 0)
    # Fractional weights are added in two orders: what they leave of a whole is rounding.
    step[step > 1 - 1e-12] = 1.0
    survival = np.cumprod(1 - step)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(np.where(step > 0, step / (at_risk * (1 - step)), 0.0))
    greenwood[survival == 0] = np.nan
    std_error = survival * np.sqrt(greenwood)
    lower, upper = _bounds(
        survival, np.sqrt(greenwood), float(scipy.special.ndtri(0.5 + level / 2)), interval
    )
    emptied = None
    if late and survival[-1] == 0:
        when = float(times[np.argmax(survival == 0)])
        emptied = when if when < times[-1] else None
    return SurvivalCurve(
        times, survival, std_error, lower, upper, at_risk, events, emptied, float(start)
    )


def _bounds(survival: Floats, relative: Floats, z: float, interval: Scale) -> tuple[Floats, Floats]:
    """Return pointwise bounds; `relative` is the standard error over the estimate."""
    if interval == "plain":
        reach = z * survival * relative
        return np.maximum(survival - reach, 0.0), np.minimum(survival + reach, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        if interval == "log":
            factor = np.exp(z * relative)
            return survival / factor, np.minimum(survival * factor, 1.0)
        log = np.log(survival)
        power = np.exp(z * relative / np.abs(log))
        lower, upper = np.exp(log * power), np.exp(log / power)
    whole = survival == 1
    lower[whole] = upper[whole] = 1.0
    return lower, upper


@dataclass(frozen=True)
class RiskTable:
    """How many are at risk: `at_risk[g, j]` in `groups[g]` just before time `at[j]`."""

    at: Floats
    groups: tuple[object, ...]
    at_risk: NDArray[np.intp]


def risk_table(
    time: ArrayLike, entry: ArrayLike | None, group: ArrayLike | None, at: ArrayLike
) -> RiskTable:
    """Count who is under observation and has not left, at chosen times, by group.

    Parameters
    ----------
    time : array_like, shape (n,)
        Times of exit, any unit, not negative.
    entry : array_like, shape (n,), or None
        Delayed entry; None where everybody is followed from 0.
    group : array_like, shape (n,), or None
        Labels of the groups; None for one group.
    at : array_like, shape (k,)
        Times at which to count, not negative, in the unit of `time`.

    Returns
    -------
    RiskTable
        Groups in sorted order. Whoever leaves at a time still counts at it, and whoever
        enters at a time counts after it, as in the estimate; at time 0 those who enter
        at 0 count.

    Raises
    ------
    StatsError
        As `kaplan_meier`, and for a missing group label or a missing or negative `at`.
    """
    t, _, enters, _ = checked(time, np.zeros_like(np.asarray(time, dtype=float)), entry, None)
    when = np.asarray(at, dtype=float).ravel()
    if when.size == 0 or not np.isfinite(when).all() or (when < 0).any():
        raise StatsError("Give the times to count at as numbers of zero or more.")
    names, place = checked_group(np.full(t.size, "all") if group is None else group, t.size)
    inside = (t[:, None] >= when) & ((enters[:, None] < when) | (enters[:, None] == 0))
    counts = np.zeros((len(names), when.size), dtype=np.intp)
    np.add.at(counts, place, inside)
    return RiskTable(when, names, counts)


def checked_level(level: float) -> float:
    """Return the level of an interval, or say why it is none."""
    if not 0 < level < 1:
        raise StatsError(f"The level is a number between 0 and 1, not {level}.")
    return float(level)


def checked_group(
    group: ArrayLike, size: int, what: str = "group"
) -> tuple[tuple[object, ...], NDArray[np.intp]]:
    """Return the sorted labels and, for each row, the place of its label among them.

    Raises
    ------
    StatsError
        A missing label, labels that cannot be sorted, or not one for each row.
    """
    label = np.asarray(group).ravel()
    if label.size != size:
        raise StatsError(f"There must be one {what} label for each row.")
    if label.dtype == object:
        if any(x is None or x != x for x in label.tolist()):
            raise StatsError(f"A {what} label is missing; give it one or drop the row.")
    elif label.dtype.kind == "f" and np.isnan(label).any():
        raise StatsError(f"A {what} label is missing; give it one or drop the row.")
    try:
        names, place = np.unique(label, return_inverse=True)
    except TypeError:
        raise StatsError(
            f"The {what} labels mix numbers and words; use one kind of label."
        ) from None
    return tuple(names.tolist()), place


def checked(
    time: ArrayLike, event: ArrayLike, entry: ArrayLike | None, weight: ArrayLike | None
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return times, events, entries and weights as arrays, or say what is wrong with them."""
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
    if (start < 0).any():
        raise StatsError("An entry is negative: nobody can be at risk before the clock starts.")
    if not ((d == 0) | (d == 1)).all():
        raise StatsError("Events must be 1 (event) or 0 (censored).")
    if (w < 0).any() or not np.isfinite(w).all() or w.sum() == 0:
        raise StatsError("Weights must be numbers of zero or more, and not all zero.")
    if entry is not None and (start >= t).any():
        raise StatsError("A row enters at or after its exit; entry must come before the exit.")
    return t, d, start, w
