"""Smooth durations that make the five Weibull models print Table 4.

Each woman in prison in 2015 has two free durations (arrest to launch, launch to exit or last
confirmed date), each other woman one. Print fixes 73 numbers and leaves the rest free: here the
rest is held near smooth quantiles, one set for each of nine groups of durations. Three steps:
Gauss-Newton on the misses and the distance from the quantiles, written in the space of the 73
numbers; a sequence of linear programmes that lets most misses vanish and none pass its cap;
the same once more over whole days.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.stats import norm

from helpers.calendar import DAYS_PER_MONTH
from helpers.study.published import PrintedModel
from workshop.cohort.durations import Residual, durations_of, residual, with_durations
from workshop.cohort.rows import Rows
from workshop.cohort.weibull import Array

Printed = dict[tuple[str, int], PrintedModel]
Places = NDArray[np.int64]

MODELS: Final = (1, 2, 3, 4, 5)
HALF_UNIT: Final = 0.0005
CAPS: Final = {1: 0.0092, 2: 0.0092, 3: 0.0092, 4: 0.0092, 5: 0.0465}
"""Misses beyond these are bought back at any price."""


@dataclass(frozen=True)
class Group:
    """Durations that share one distribution.

    Attributes
    ----------
    places : array of int
        Places in `durations_of`.
    target : array
        Months, ascending: the smooth quantiles, one for each place.
    spread : float
        How far a duration may lie from its quantile, in logits of the share of its room.
    low, high : float
        Room in months.
    log : bool
        Whether the share is one of log months.
    """

    places: Places
    target: Array
    spread: float
    low: float
    high: float
    log: bool = True


def release_quantiles(share: Array, tail: float = 2.6, flat_to: float = 12.0) -> Array:
    """Months of stay of the comparison releases out before the launch.

    The density rises from two months to three, is flat to `flat_to` and then falls as a power:
    the geometric mean of months held, which print fixes, leaves little else.
    """
    months = np.r_[np.linspace(2.05, flat_to, 300), np.geomspace(flat_to, 120, 600)[1:]]
    density = np.where(
        months < flat_to,
        0.72 + 0.28 * np.clip((months - 2.05) / 1.3, 0, 1),
        (flat_to / months) ** tail,
    )
    steps = (density[1:] + density[:-1]) / 2 * np.diff(months)
    whole = np.r_[0, np.cumsum(steps)]
    return np.interp(share, whole / whole[-1], months)


def groups_of(rows: Rows, rng: np.random.Generator) -> tuple[Group, ...]:
    """Return the nine groups of durations with their quantiles, slightly out of step."""
    n = len(rows.inside)
    released, campaign = rows.inside[:, 0] == 1, rows.inside[:, 1] == 1
    freed, named, others, lost = (
        np.flatnonzero(chosen)
        for chosen in (
            released & ~campaign,
            released & campaign,
            ~released & ~campaign,
            ~released & campaign,
        )
    )
    out = np.r_[rows.outside[:, 0], rows.uncoded[:, 0]] == 1
    gone, died = 2 * n + np.flatnonzero(out), 2 * n + np.flatnonzero(~out)
    after_launch = 9 / DAYS_PER_MONTH

    def steps(places: Places) -> Array:
        count = len(places)
        return (np.arange(count) + rng.uniform(0.2, 0.8, count)) / count

    def bell(places: Places, middle: float, width: float) -> Array:
        return np.exp(np.log(middle) + width * norm.ppf(steps(places)))

    still = steps(others)
    followed = np.where(still < 0.25, 3.5 + 98 * still, 28 + 11.6 * (still - 0.25))
    featured = np.r_[named, lost]
    groups = (
        Group(freed, 0.4 + 36.2 * steps(freed) ** 1.18, 0.6, after_launch, 36.9),
        Group(named, bell(named, 8.0, 0.9), 0.3, after_launch, 35.9),
        Group(others, followed, 0.4, 2.2, 36.95, log=False),
        Group(lost, np.linspace(31, 36, len(lost)), 0.4, 28.2, 36.95, log=False),
        Group(n + others, 1.5 + 185 * steps(others) ** 0.8, 0.6, 0.4, 187.7, log=False),
        Group(n + featured, bell(featured, 12, 1.1), 0.5, 1.8, 140),
        # Far apart: delayed entry needs women released after short and after long custody.
        Group(n + freed, 6 + 158 * steps(freed), 0.5, 1.7, 170),
        Group(gone, release_quantiles(steps(gone)), 0.15, 2.03, 182),
        Group(died, np.linspace(95, 160, len(died)), 0.6, 2.03, 182),
    )
    return tuple(
        replace(g, target=np.clip(np.sort(g.target), g.low * 1.001, g.high * 0.999)) for g in groups
    )


class _Space:
    """Durations as logits of the share of their room."""

    def __init__(self, groups: tuple[Group, ...], size: int) -> None:
        self.groups = groups
        self.log = np.ones(size, dtype=bool)
        self.low, self.high, self.spread = np.ones(size), np.ones(size), np.ones(size)
        for g in groups:
            self.log[g.places] = g.log
            self.low[g.places], self.high[g.places], self.spread[g.places] = g.low, g.high, g.spread
        self._a = np.where(self.log, np.log(self.low), self.low)
        self._b = np.where(self.log, np.log(self.high), self.high)

    def logit(self, months: Array) -> Array:
        held = np.where(self.log, np.log(months), months)
        share = np.clip((held - self._a) / (self._b - self._a), 0.003, 0.997)
        return np.log(share / (1 - share))

    def months(self, y: Array) -> tuple[Array, Array]:
        """Months, and the derivative of their logs."""
        share = 1 / (1 + np.exp(-y))
        held = self._a + (self._b - self._a) * share
        slope = (self._b - self._a) * share * (1 - share)
        months = np.where(self.log, np.exp(np.where(self.log, held, 0.0)), held)
        return months, np.where(self.log, slope, slope / months)

    def center(self, months: Array) -> Array:
        """Logits of the quantiles, each at the duration of its rank."""
        near = months.copy()
        for g in self.groups:
            near[g.places[np.argsort(months[g.places], kind="stable")]] = g.target
        return self.logit(near)


@dataclass(frozen=True)
class Solution:
    """Rows with smooth durations.

    Attributes
    ----------
    rows : Rows
    cost : float
        Weighted squared misses plus squared distances from the quantiles.
    value : array, shape (73,)
        Obtained less printed.
    """

    rows: Rows
    cost: float
    value: Array


def caps(out: Residual) -> Array:
    """Return the cap of each of the numbers of a residual."""
    return np.array([CAPS[int(model)] for model in out.model])


def solve(
    rows: Rows,
    printed: Printed,
    groups: tuple[Group, ...],
    *,
    steps: int = 20,
    ranks: int = 3,
    weight: Array | None = None,
) -> Solution:
    """Move all durations at once until misses and distances from the quantiles balance.

    Parameters
    ----------
    rows : Rows
        Start.
    printed : dict
        Printed columns.
    groups : tuple of Group
        Smooth quantiles, from `groups_of`.
    steps : int
        Gauss-Newton steps for one order of the durations.
    ranks : int
        Times the quantiles are handed out anew, by the ranks then reached.
    weight : array, shape (73,), optional
        What a unit of each miss costs; two and a half units a cap when left out.
    """
    months = np.exp(durations_of(rows))
    space = _Space(groups, len(months))
    y = space.logit(np.clip(months, space.low * 1.0001, space.high * 0.9999))
    warm: dict[int, Array] = {}

    def at(y: Array) -> tuple[Residual, Array] | None:
        months, slope = space.months(y)
        try:
            out = residual(with_durations(rows, np.log(months)), printed, MODELS, warm)
        except np.linalg.LinAlgError:
            warm.clear()
            return None
        return (out, out.jacobian * slope) if np.isfinite(out.value).all() else None

    now = at(y)
    if now is None:
        raise np.linalg.LinAlgError("the models cannot be fitted at the start")
    w = 2.5 / caps(now[0]) if weight is None else weight

    def cost(out: Residual, y: Array, center: Array) -> float:
        return float(((w * out.value) ** 2).sum() + (((y - center) / space.spread) ** 2).sum())

    best = np.inf
    for _ in range(ranks):
        center = space.center(space.months(y)[0])
        best = cost(now[0], y, center)
        for _ in range(steps):
            out, jacobian = now
            scaled = jacobian * w[:, None] * space.spread
            gap = (center - y) / space.spread
            # The minimum over 408 durations, from a system of 73 equations.
            system = scaled @ scaled.T + np.eye(len(w))
            step = gap - scaled.T @ np.linalg.solve(system, w * out.value + scaled @ gap)
            step *= space.spread
            length = min(1.0, 2.5 / np.abs(step).max())
            for _ in range(7):
                moved = y + length * step
                tried = at(moved)
                if tried is not None and (lower := cost(tried[0], moved, center)) < best:
                    break
                length /= 2.5
            else:
                break
            gain, best, y, now = best - lower, lower, moved, tried
            if gain < 1e-4 * best:
                break
    return Solution(with_durations(rows, np.log(space.months(y)[0])), best, now[0].value)


def even(rows: Rows, printed: Printed, groups: tuple[Group, ...], rounds: int = 12) -> Solution:
    """Solve again and again, each time with more weight where a miss is nearest its cap."""
    found = solve(rows, printed, groups)
    limit = caps(residual(rows, printed, MODELS))
    weight = 2.5 / limit
    best = found
    for _ in range(rounds):
        near = np.abs(found.value) / limit
        if near.max() < (np.abs(best.value) / limit).max():
            best = found
        weight = np.clip(
            1.04 * weight * np.sqrt(0.3 + 1.4 * near / max(near.max(), 1.0)),
            0.6 / limit,
            10 / limit,
        )
        found = solve(found.rows, printed, groups, steps=12, ranks=2, weight=weight)
    return best


def _programme(out: Residual, per_unit: Array, prices: Array) -> tuple[sparse.csr_matrix, Array]:
    """Constraints |value + per_unit x| <= e + half a unit and e <= cap + slack.

    Variables: x, then e (73), then slack (73).
    """
    k, n = per_unit.shape
    one, none = sparse.identity(k, format="csr"), sparse.csr_matrix((k, k))
    change = sparse.csr_matrix(per_unit)
    rows = sparse.vstack(
        [
            sparse.hstack([change, -one, none]),
            sparse.hstack([-change, -one, none]),
            sparse.hstack([sparse.csr_matrix((k, n)), one, -one]),
        ]
    ).tocsr()
    room = 0.8 * HALF_UNIT
    return rows, np.r_[-out.value + room, out.value + room, caps(out) - HALF_UNIT]


def _quality(out: Residual) -> tuple[float, int, float]:
    size = np.abs(out.value)
    return max(float((size / caps(out)).max()), 1.0), -int((size <= HALF_UNIT).sum()), size.sum()


def sparse_misses(
    rows: Rows,
    printed: Printed,
    groups: tuple[Group, ...],
    share: float = 0.06,
    rounds: int = 10,
) -> Rows:
    """Let most misses vanish, none beyond its cap, every duration within a share of itself.

    Each round is a linear programme of the fits' derivatives; misses inside half a unit of the
    last digit cost nothing, and the less is left of one the dearer it becomes.
    """
    start = durations_of(rows)
    space = _Space(groups, len(start))
    near = share * np.minimum(space.spread / 0.4, 1.0)  # closer where the quantiles are to hold
    lowest = np.maximum(start - near, np.log(space.low))
    highest = np.minimum(start + near, np.log(space.high))
    x, trust, prices = start.copy(), 0.04, np.ones(73)
    best, best_quality = x, (np.inf, 0, np.inf)
    for turn in range(rounds):
        out = residual(with_durations(rows, x), printed, MODELS)
        quality = _quality(out)
        if quality < best_quality:
            best, best_quality = x, quality
        if turn and quality[0] > 1.1:
            trust /= 1.7
        matrix, limit = _programme(out, np.hstack([out.jacobian, -out.jacobian]), prices)
        up = np.clip(np.minimum(trust, highest - x), 0, None)
        down = np.clip(np.minimum(trust, x - lowest), 0, None)
        price = np.r_[np.full(2 * len(x), 1e-3), prices, np.full(73, 50.0)]
        ends = [(0, float(u)) for u in np.r_[up, down]] + [(0, None)] * 146
        found = linprog(price, A_ub=matrix, b_ub=limit, bounds=ends, method="highs")
        if found.x is None:
            break
        move = found.x[: len(x)] - found.x[len(x) : 2 * len(x)]
        x = x + move
        prices = 1 / (found.x[2 * len(x) : 2 * len(x) + 73] / 0.004 + 0.15)
        prices /= prices.mean()
        if np.abs(move).max() < 1e-5:
            break
    return with_durations(rows, best)


def whole_days(
    rows: Rows,
    printed: Printed,
    groups: tuple[Group, ...],
    span: int = 2,
    rounds: int = 6,
    seconds: float = 20.0,
) -> Rows:
    """Round every duration to whole days, moving each by at most `span` days a round.

    Each round is an integer programme with the prices and caps of `sparse_misses`.
    """
    months = np.exp(durations_of(rows))
    space = _Space(groups, len(months))
    first, last = np.ceil(space.low * DAYS_PER_MONTH), np.floor(space.high * DAYS_PER_MONTH)
    days = np.clip(np.rint(months * DAYS_PER_MONTH), first, last)
    best, best_quality, prices = days, (np.inf, 0, np.inf), np.ones(73)
    for turn in range(rounds):
        here = with_durations(rows, np.log(days / DAYS_PER_MONTH))
        out = residual(here, printed, MODELS)
        quality = _quality(out)
        if quality < best_quality:
            best, best_quality = days, quality
        if turn == rounds - 1:
            break
        if turn == 0:
            prices = 1 / (np.maximum(np.abs(out.value) - HALF_UNIT, 0) / 0.003 + 0.12)
        matrix, limit = _programme(out, out.jacobian / days, prices)
        down, up = np.maximum(first - days, -span), np.minimum(last - days, span)
        price = np.r_[np.zeros(len(days)), prices, np.full(73, 100.0)]
        found = milp(
            price,
            constraints=LinearConstraint(matrix, -np.inf, limit),
            bounds=Bounds(np.r_[down, np.zeros(146)], np.r_[up, np.full(146, np.inf)]),
            integrality=np.r_[np.ones(len(days)), np.zeros(146)],
            options={"time_limit": seconds, "mip_rel_gap": 0.02},
        )
        if found.x is None:
            break
        days = days + np.rint(found.x[: len(days)])
    return with_durations(rows, np.log(best / DAYS_PER_MONTH))
