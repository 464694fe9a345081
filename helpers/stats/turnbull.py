"""Turnbull's estimate: the survival curve when times are known only to lie between two dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from helpers.stats.errors import StatsError

Floats = NDArray[np.float64]
Places = NDArray[np.signedinteger]

GAP: Final = 1e-12
"""Stop when no curve can have a log-likelihood greater by this much a row."""
STEEPEST: Final = 40.0
"""Largest step of the cumulative hazard under delayed entry: all but 4e-18 leave at it."""


@dataclass(frozen=True)
class TurnbullCurve:
    """The nonparametric maximum likelihood estimate.

    Attributes
    ----------
    left, right : ndarray, shape (m,)
        The innermost intervals, the only places where the estimate can put mass:
        (left, right], or the single time where the two are equal. `right` is infinite
        for what lies beyond the last time anybody is known to have been held.
    mass : ndarray, shape (m,)
        Probability of each. How it is spread inside an interval the data cannot say.
    log_likelihood : float
    converged : bool
        Whether the estimate is certified: no other curve has a log-likelihood greater by
        more than `gap`, and `gap` is at most 1e-8 a row.
    gap : float
        The largest derivative of the log-likelihood towards one interval, less the number
        of rows; at the maximum it is 0, and it bounds what any other curve could gain.
    iterations : int
    """

    left: Floats
    right: Floats
    mass: Floats
    log_likelihood: float
    converged: bool
    gap: float
    iterations: int

    def at(self, when: float) -> tuple[float, float]:
        """Return the least and the greatest estimate of lasting beyond a time.

        They are equal except inside an innermost interval, where the curve is not determined.
        """
        begun = np.where(self.left == self.right, self.left <= when, self.left < when)
        low = 1 - float(self.mass[begun].sum())
        high = 1 - float(self.mass[self.right <= when].sum())
        return max(low, 0.0), min(max(high, 0.0), 1.0)

    @property
    def median(self) -> tuple[float, float]:
        """The interval in which the estimate falls to one half; its end may be infinite."""
        place = int(np.argmax(self.mass.cumsum() >= 0.5 - 1e-9))
        return float(self.left[place]), float(self.right[place])


def turnbull(
    left: ArrayLike,
    right: ArrayLike,
    weight: ArrayLike | None = None,
    max_iterations: int = 100,
    entry: ArrayLike | None = None,
) -> TurnbullCurve:
    """Estimate the survival curve from times known to lie in intervals.

    Parameters
    ----------
    left : array_like, shape (n,)
        Last time at which each is known not to have had the event, any unit, not
        negative; 0 where it may have come at any time up to `right`.
    right : array_like, shape (n,)
        First time at which each is known to have had it: the event lies in (left, right].
        Equal to `left` where the time is known exactly (0 included); infinite where it
        had not come when the row was last seen.
    weight : array_like, shape (n,), optional
        Case weights.
    max_iterations : int
        Where to stop if the estimate cannot be certified; `converged` is then False.
    entry : array_like, shape (n,), optional
        When each came under observation (delayed entry); the event is known to be later, so a
        left end before it is moved to it. The curve is then the one for those who last to the
        first entry.

    Raises
    ------
    StatsError
        No rows, a missing or negative time, a right end before its left end, bad weights,
        fewer than one iteration, or an entry that is missing, negative or not before the end.

    Notes
    -----
    Turnbull 1976; the estimate is the self-consistent one of Efron 1967: each interval's
    mass is the mean, over the rows, of its probability given what is known of the row. The
    steps of self-consistency (EM) need thousands of rounds to get there, so the concave
    log-likelihood is maximized by a primal-dual interior-point method instead, with about
    ten Newton steps, and the optimality conditions (Gentleman & Geyer 1994) are checked at
    the end. With only exact and right-censored times this is the Kaplan-Meier estimate.
    With every row censored all mass lies beyond the last time. Where several
    distributions are equally likely, a central one is returned.

    Under delayed entry each row's probability is divided by that of lasting to its entry
    (Turnbull 1976; the intervals as in Frydman 1994 and Alioum & Commenges 1996, entries
    bounding them too). In the steps of the cumulative hazard that likelihood is concave, so
    the same certificate holds among curves whose steps are at most `STEEPEST`.
    """
    lower, upper, w = _checked(left, right, weight)
    if max_iterations < 1:
        raise StatsError("Allow at least one iteration.")
    if entry is not None:
        kept = np.ones(lower.size, dtype=bool)
        if weight is not None:
            kept = np.asarray(weight, dtype=float).ravel() > 0
        late = _entries(entry, kept, upper)
        return _under_entry(np.maximum(lower, late), upper, late, w, max_iterations)
    start, end, low, high = _innermost(lower, upper)
    m = start.size
    # Rows that contain the same innermost intervals say the same thing.
    kinds, place = np.unique(low * m + high, return_inverse=True)
    low, high = kinds // m, kinds % m
    counts: Floats = np.bincount(place, weights=w).astype(float)
    mass, iterations = _maximize(low, high, counts, m, max_iterations)
    probability = _inside(mass, low, high)
    total = float(counts.sum())
    gap = float(_gradient(counts / probability, low, high, m).max()) - total
    return TurnbullCurve(
        start,
        end,
        mass,
        float(counts @ np.log(probability)),
        bool(gap <= 1e-8 * total),
        max(gap, 0.0),
        iterations,
    )


def _innermost(
    left: Floats, right: Floats, late: Floats | None = None
) -> tuple[Floats, Floats, Places, Places]:
    """Return the innermost intervals, and the first and last of them inside each row.

    Entries end an interval as right ends do: before them a row says nothing.
    """
    exact = left == right
    late = np.empty(0) if late is None else late
    # At one time a closed left end comes first, then a right end, then an open left end.
    value = np.concatenate([left, right, late])
    kind = np.concatenate([np.where(exact, 0, 2), np.ones(left.size + late.size, dtype=int)])
    order = np.lexsort((kind, value))
    value, kind = value[order], kind[order]
    j = np.flatnonzero((kind[:-1] != 1) & (kind[1:] == 1))
    start, end = value[j], value[j + 1]
    first = np.searchsorted(start, left, side="left")
    last = np.searchsorted(end, right, side="right") - 1
    # A row open at its left end does not hold the single time that lies there.
    at = np.minimum(first, start.size - 1)
    first = first + (~exact & (start[at] == left) & (end[at] == left))
    return start, end, first, last


def _inside(mass: Floats, low: Places, high: Places) -> Floats:
    reached = np.concatenate([[0.0], mass.cumsum()])
    return reached[high + 1] - reached[low]


def _gradient(value: Floats, low: Places, high: Places, m: int) -> Floats:
    """Sum, for each innermost interval, the values of the rows that hold it."""
    steps = np.bincount(low, value, m + 1) - np.bincount(high + 1, value, m + 1)
    out: Floats = steps[:m].cumsum()
    return out


def _maximize(low: Places, high: Places, counts: Floats, m: int, most: int) -> tuple[Floats, int]:
    """Maximize sum of counts log(mass inside), less n times the mass, over masses of 0 or more.

    The second term makes the masses of the maximum add to 1 of themselves. Newton steps on
    mass * price = target, price = n - gradient, with Mehrotra's (1992) choice of target.
    """
    n = float(counts.sum())
    mass, price = np.full(m, 1 / m), np.full(m, n)
    corner = high * m + low
    diagonal = np.arange(m)
    for iteration in range(most):
        inside = _inside(mass, low, high)
        pull = counts / inside
        gradient = _gradient(pull, low, high, m)
        slack = float(mass @ price) / m
        if gradient.max() * mass.sum() - n < GAP * n and slack < GAP * n / m:
            return _tidy(mass, price, n), iteration
        # Entry (j, k), j >= k, sums the rows that hold both intervals: low <= k, high >= j.
        curve = np.bincount(corner, pull / inside, m * m).reshape(m, m)
        curve = curve[::-1].cumsum(axis=0)[::-1].cumsum(axis=1)
        curve[diagonal, diagonal] += price / mass
        # Handed over transposed, which LAPACK reads without a copy: hence its upper part.
        factor, failed = scipy.linalg.lapack.dpotrf(curve.T, lower=0, clean=0, overwrite_a=1)
        if failed:
            return _tidy(mass, price, n), iteration
        climb = gradient - n
        step, _ = scipy.linalg.lapack.dpotrs(factor, climb, lower=0)
        turn = -price - price / mass * step
        reach = min(1.0, _room(mass, step), _room(price, turn))
        after = float((mass + reach * step) @ (price + reach * turn)) / m
        target = (after / slack) ** 3 * slack - step * turn
        step, _ = scipy.linalg.lapack.dpotrs(factor, climb + target / mass, lower=0)
        turn = target / mass - price - price / mass * step
        mass = mass + min(1.0, 0.99 * _room(mass, step)) * step
        price = price + min(1.0, 0.99 * _room(price, turn)) * turn
    return _tidy(mass, price, n), most


def _room(value: Floats, step: Floats) -> float:
    """How far one can go along a step before a value reaches 0."""
    worst = float((-step / value).max())
    return 1 / worst if worst > 0 else np.inf


def _tidy(mass: Floats, price: Floats, n: float) -> Floats:
    """Set to 0 what is held above it only by the method, and let the rest add to 1."""
    kept = np.where((mass * n < price) & (mass < 1e-8), 0.0, mass)
    out: Floats = kept / kept.sum()
    return out


def _entries(entry: ArrayLike, kept: NDArray[np.bool_], upper: Floats) -> Floats:
    late = np.asarray(entry, dtype=float).ravel()
    if late.size != kept.size:
        raise StatsError("There must be one entry for each row.")
    late = late[kept]
    if not np.isfinite(late).all() or (late < 0).any():
        raise StatsError("An entry is missing or negative; entries count from the clock's start.")
    if (late >= upper).any():
        row = int(np.flatnonzero(kept)[np.argmax(late >= upper)])
        raise StatsError(f"Row {row} enters at or after its end; entry must come before it.")
    return late


def _under_entry(lower: Floats, upper: Floats, late: Floats, w: Floats, most: int) -> TurnbullCurve:
    """Maximize, over steps H of the cumulative hazard, what rows say beyond their entries.

    A row adds minus the steps between its entry and its interval, and the log of
    1 - exp(-steps inside), which is concave in H. Beyond the last interval nobody lasts.
    """
    start, end, low, high = _innermost(lower, upper, late)
    m = start.size
    first = np.searchsorted(end, late, side="right")
    at = np.arange(m - 1)
    held = w @ ((at >= first[:, None]) & (at < low[:, None]))
    # A row whose interval reaches the end adds nothing for it.
    open_end = high >= m - 1
    inside = ((at >= low[:, None]) & (at <= high[:, None]))[~open_end].astype(float)
    count = w[~open_end]

    def climb(steps: Floats) -> tuple[float, Floats, Floats]:
        u = np.maximum(inside @ steps, 1e-300)
        value = float(count @ np.log(-np.expm1(-u)) - held @ steps)
        pull = np.exp(-u) / -np.expm1(-u)
        return value, inside.T @ (count * pull) - held, count * pull * (1 + pull)

    def gain(steps: Floats, slope: Floats) -> float:
        return float(np.maximum(slope * (STEEPEST - steps), -slope * steps).sum())

    steps = np.full(m - 1, 1 / m)
    value, slope, bend = climb(steps)
    iteration = 0
    while iteration < most and gain(steps, slope) > 1e-10 * w.sum():
        iteration += 1
        # Steps at a bound that the slope holds there stay; the others take a Newton step.
        free = ~((steps <= 0) & (slope <= 0)) & ~((steps >= STEEPEST) & (slope >= 0))
        part = inside[:, free]
        curve = (part.T * bend) @ part
        curve[np.diag_indices_from(curve)] += 1e-12 * (1 + np.trace(curve))
        move = np.zeros(m - 1)
        move[free] = np.linalg.solve(curve, slope[free])
        length = 1.0
        while length > 1e-12:
            trial = np.clip(steps + length * move, 0.0, STEEPEST)
            new = climb(trial)
            if new[0] >= value + 1e-4 * float(slope @ (trial - steps)):
                break
            length /= 2
        else:
            break
        steps, (value, slope, bend) = trial, new
    survival = np.exp(-np.concatenate([[0.0], steps.cumsum()]))
    mass = np.append(survival[:-1] * -np.expm1(-steps), survival[-1])
    gap = gain(steps, slope)
    return TurnbullCurve(
        start, end, mass, value, bool(gap <= 1e-8 * w.sum()), max(gap, 0.0), iteration
    )


def _checked(
    left: ArrayLike, right: ArrayLike, weight: ArrayLike | None
) -> tuple[Floats, Floats, Floats]:
    lower = np.asarray(left, dtype=float).ravel()
    upper = np.asarray(right, dtype=float).ravel()
    w = np.ones_like(lower) if weight is None else np.asarray(weight, dtype=float).ravel()
    if lower.size == 0:
        raise StatsError("No rows are left, so there is no curve to draw; widen the selection.")
    if not lower.size == upper.size == w.size:
        raise StatsError("Left ends, right ends and weights must have one value for each row.")
    if np.isnan(lower).any() or np.isnan(upper).any():
        raise StatsError(
            "An end is missing; give 0 for an unknown left end and infinity for an unknown right."
        )
    if (lower < 0).any() or np.isinf(lower).any():
        raise StatsError("A left end is negative or infinite; give a time of 0 or later.")
    if (upper < lower).any():
        row = int(np.argmax(upper < lower))
        raise StatsError(f"Row {row} ends before it starts; correct its two dates.")
    if (w < 0).any() or not np.isfinite(w).all() or w.sum() == 0:
        raise StatsError("Weights must be numbers of zero or more, and not all zero.")
    keep = w > 0
    return lower[keep], upper[keep], w[keep]
