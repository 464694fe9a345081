"""The log-rank test and its weighted relatives, with delayed entry and strata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from helpers.stats.errors import StatsError
from helpers.stats.kaplan_meier import checked, checked_group

Floats = NDArray[np.float64]
Weighting = Literal["log-rank", "gehan-breslow", "tarone-ware", "peto-peto", "fleming-harrington"]

WEIGHTINGS: Final[tuple[Weighting, ...]] = (
    "log-rank",
    "gehan-breslow",
    "tarone-ware",
    "peto-peto",
    "fleming-harrington",
)


@dataclass(frozen=True)
class LogRank:
    """A test that the hazard of the event is the same in every group.

    Attributes
    ----------
    weighting : str
        Which member of the family.
    statistic, df, p_value : float, int, float
        Chi-squared statistic, its degrees of freedom and the upper tail.
    groups : tuple
        Labels, sorted; the arrays below follow this order.
    size : ndarray of int, shape (g,)
        Rows in each group.
    observed, expected : ndarray, shape (g,)
        Weighted events, and the events each group would have had with the hazard of all
        at risk with it (for the log-rank test the weights are 1, so these are counts).
    covariance : ndarray, shape (g, g)
        Covariance of observed minus expected.
    """

    weighting: Weighting
    statistic: float
    df: int
    p_value: float
    groups: tuple[object, ...]
    size: NDArray[np.intp]
    observed: Floats
    expected: Floats
    covariance: Floats


def log_rank(
    time: ArrayLike,
    event: ArrayLike,
    group: ArrayLike,
    entry: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    weighting: Weighting = "log-rank",
    rho: float = 0.0,
    gamma: float = 0.0,
) -> LogRank:
    """Test whether groups leave at the same rate.

    Parameters
    ----------
    time : array_like, shape (n,)
        Times of exit, any unit, not negative.
    event : array_like, shape (n,)
        1 if the exit is the event, 0 if it is censoring.
    group : array_like, shape (n,)
        Labels of two or more groups.
    entry : array_like, shape (n,), optional
        Delayed entry; one who enters at a time counts in the risk sets after it.
    strata : array_like, shape (n,), optional
        Compare only within these; differences and covariances are summed over them.
    weighting : {"log-rank", "gehan-breslow", "tarone-ware", "peto-peto", "fleming-harrington"}
        Weight of the events at each time: 1; the number at risk n (the generalized
        Wilcoxon test); the square root of n; S; or S^rho (1 - S)^gamma. S is the
        Kaplan-Meier estimate of all groups of the stratum just before the time. This is
        the Peto-Peto test of R's `survdiff(rho=1)`; others put the product of
        1 - d / (n + 1), up to and including the time, in the place of S.
    rho, gamma : float
        Powers for "fleming-harrington", zero or more: rho weighs early differences,
        gamma late ones. They must be left at 0 for the others.

    Raises
    ------
    StatsError
        Bad times or events as in `kaplan_meier`, fewer than two groups, a missing label,
        bad powers, no event, or no event while two groups are at risk together.

    Notes
    -----
    Mantel 1966; Gehan 1965; Breslow 1970; Tarone & Ware 1977; Peto & Peto 1972; Fleming &
    Harrington 1991, chapter 7. The variance is the hypergeometric one, which allows for
    ties. A group without events keeps its place: it has observed 0 and an expected
    number. A group of which nobody is at risk at any event says nothing; it is left out
    and costs its degree of freedom.
    """
    t, d, enters, _ = checked(time, event, entry, None)
    names, place = checked_group(group, t.size)
    g = len(names)
    if g < 2:
        raise StatsError("All rows are in one group; a comparison needs two or more.")
    if weighting not in WEIGHTINGS:
        raise StatsError(f"The weighting is one of {', '.join(WEIGHTINGS)}, not {weighting!r}.")
    if not (0 <= rho < np.inf and 0 <= gamma < np.inf):
        raise StatsError("The powers rho and gamma must be numbers of zero or more.")
    if weighting != "fleming-harrington" and (rho or gamma):
        raise StatsError("The powers rho and gamma belong to 'fleming-harrington' only.")
    if not d.any():
        raise StatsError("Nobody has the event, so there is nothing to compare the groups by.")
    late = enters if entry is not None else None
    pieces = [slice(None)] if strata is None else _strata(strata, t.size)
    observed, expected, covariance = np.zeros(g), np.zeros(g), np.zeros((g, g))
    for rows in pieces:
        if not d[rows].any():
            continue
        seen, due, spread = _stratum(
            t[rows], d[rows], place[rows], None if late is None else late[rows], g,
            weighting, rho, gamma,
        )  # fmt: skip
        observed += seen
        expected += due
        covariance += spread
    # A group with no variance is never at risk beside another one.
    live = np.flatnonzero(np.diag(covariance) > 1e-12 * max(covariance.trace(), 1e-300))
    if live.size < 2:
        raise StatsError(
            "No event that counts falls while two groups are at risk together, "
            "so they cannot be compared."
        )
    kept = live[:-1]
    gap = (observed - expected)[kept]
    block = covariance[np.ix_(kept, kept)]
    if np.linalg.matrix_rank(block, hermitian=True) < kept.size:
        raise StatsError(
            "The groups are not all at risk together, so one test cannot compare them; "
            "compare the groups that overlap in time."
        )
    statistic = float(gap @ np.linalg.solve(block, gap))
    df = int(kept.size)
    return LogRank(
        weighting, statistic, df, float(scipy.special.chdtrc(df, statistic)), names,
        np.bincount(place, minlength=g), observed, expected, covariance,
    )  # fmt: skip


def _strata(strata: ArrayLike, size: int) -> list[NDArray[np.intp]]:
    names, place = checked_group(strata, size, "stratum")
    return [np.flatnonzero(place == k) for k in range(len(names))]


def _stratum(
    t: Floats,
    d: Floats,
    place: NDArray[np.intp],
    enters: Floats | None,
    g: int,
    weighting: Weighting,
    rho: float,
    gamma: float,
) -> tuple[Floats, Floats, Floats]:
    """Return weighted observed and expected events, and the covariance of their difference."""
    had = d == 1
    when = np.unique(t[had])
    k = when.size
    # Each row is in the risk sets of the event times in (entry, time].
    last = np.searchsorted(when, t, side="right")
    at_risk = _from_the_right(place * (k + 1) + last, g, k)
    if enters is not None:
        before = np.searchsorted(when, enters, side="right")
        at_risk = at_risk - _from_the_right(place * (k + 1) + before, g, k)
    deaths = np.bincount(place[had] * k + last[had] - 1, minlength=g * k).reshape(g, k)
    n, dead = at_risk.sum(axis=0), deaths.sum(axis=0)
    weight = _weights(n, dead, weighting, rho, gamma)
    share = at_risk / n
    observed = (deaths * weight).sum(axis=1)
    expected = (share * (dead * weight)).sum(axis=1)
    factor = weight**2 * dead * (n - dead) / np.maximum(n - 1, 1)
    spread = share * factor
    covariance = np.diag(spread.sum(axis=1)) - spread @ share.T
    return observed, expected, covariance


def _from_the_right(cell: NDArray[np.intp], g: int, k: int) -> Floats:
    """Count, for each group and event time, the rows whose place lies beyond it."""
    counts = np.bincount(cell, minlength=g * (k + 1)).reshape(g, k + 1)
    out: Floats = counts[:, :0:-1].cumsum(axis=1)[:, ::-1].astype(float)
    return out


def _weights(
    n: Floats, dead: NDArray[np.intp], kind: Weighting, rho: float, gamma: float
) -> Floats:
    if kind == "log-rank":
        return np.ones_like(n)
    if kind == "gehan-breslow":
        return n
    if kind == "tarone-ware":
        return np.sqrt(n)
    before: Floats = np.concatenate([[1.0], np.cumprod(1 - dead / n)[:-1]])
    if kind == "peto-peto":
        return before
    return before**rho * (1 - before) ** gamma
