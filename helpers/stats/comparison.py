"""Two proportions: tests, intervals, randomization, and how fragile a verdict is.

Every function takes the four counts of a two-by-two table: `a` of `n` in the first
group and `b` of `m` in the second had the outcome. Positive differences and ratios
above one favor the first group.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Literal

import numpy as np
import scipy
from numpy.typing import NDArray

from helpers.stats.errors import StatsError

Alternative = Literal["two-sided", "greater", "less"]
Test = Literal["pooled t", "welch", "z", "fisher", "barnard", "boschloo"]

TESTS: Final[tuple[Test, ...]] = ("pooled t", "welch", "z", "fisher", "barnard", "boschloo")
ALTERNATIVES: Final[tuple[Alternative, ...]] = ("two-sided", "greater", "less")
DIFFERENCE_METHODS: Final = {
    "Newcombe": "newcomb",
    "Wald": "wald",
    "Agresti-Caffo": "agresti-caffo",
}
"""Intervals of a difference in proportions, with the name `statsmodels` gives them."""
MAX_DRAWS: Final = 5_000_000
MAX_TABLES: Final = 1_100_000
"""Tables that Barnard's and Boschloo's tests go through for one p value: groups of 1,000."""
MAX_CELLS: Final = 20_000_000
"""Tables times totals that they go through for a whole grid: groups of about 200."""


@dataclass(frozen=True)
class TestResult:
    """One test of equal proportions; `statistic` is NaN where the test has none to report."""

    __test__ = False  # pytest must not collect a class for its name

    test: Test
    alternative: Alternative
    statistic: float
    p_value: float


@dataclass(frozen=True)
class Interval:
    """An estimate with its confidence limits, on the scale named by `quantity`."""

    quantity: str
    method: str
    estimate: float
    low: float
    high: float
    level: float


@dataclass(frozen=True)
class Randomization:
    """A randomization test and the whole distribution behind it.

    `difference` (sorted, in probability units) and `probability` have the same length:
    how often each difference in proportions arises when the labels are dealt at random.
    """

    method: Literal["exact", "monte carlo"]
    alternative: Alternative
    observed: float
    p_value: float
    draws: int
    difference: NDArray[np.float64] = field(repr=False)
    probability: NDArray[np.float64] = field(repr=False)


@dataclass(frozen=True)
class Fragility:
    """How many recoded outcomes change the verdict of a test at level `alpha`.

    `first`, `second` and `either` count the fewest recodings that change the verdict when
    only the first group, only the second, or any mix may be recoded; None when no
    recoding does. `table` is the nearest table (a, b) with the other verdict.
    """

    test: Test
    alternative: Alternative
    alpha: float
    p_value: float
    significant: bool
    first: int | None
    second: int | None
    either: int | None
    table: tuple[int, int] | None
    table_p_value: float | None


def _whole(value: float, name: str) -> int:
    if isinstance(value, bool) or not math.isfinite(value) or value != int(value):
        raise StatsError(f"{name} is {value}, but counts must be whole numbers.")
    return int(value)


def check_counts(a: float, n: float, b: float, m: float) -> tuple[int, int, int, int]:
    """Return the four counts as integers, or say in one sentence what is wrong with them.

    Raises
    ------
    StatsError
        Not whole, negative, more outcomes than members, or an empty group.
    """
    a, n, b, m = (_whole(v, k) for v, k in ((a, "a"), (n, "n"), (b, "b"), (m, "m")))
    for size, group in ((n, "first"), (m, "second")):
        if size == 0:
            raise StatsError(f"The {group} group is empty; a comparison needs two groups.")
    for count, size, group in ((a, n, "first"), (b, m, "second")):
        if count < 0 or size < 0:
            raise StatsError(f"The {group} group has a negative count; counts start at 0.")
        if count > size:
            raise StatsError(
                f"The {group} group has {count} outcomes but only {size} members; check the counts."
            )
    return a, n, b, m


def _check_alternative(alternative: str) -> None:
    if alternative not in ALTERNATIVES:
        raise StatsError(f"Unknown alternative {alternative!r}; choose one of {ALTERNATIVES}.")


def _check_level(level: float, name: str = "level") -> None:
    if not 0 < level < 1:
        raise StatsError(f"{name} is {level}, but it must lie between 0 and 1, such as 0.95.")


def _tail(statistic: float, alternative: Alternative, sf: Callable[[float], float]) -> float:
    if alternative == "two-sided":
        return min(1.0, 2 * sf(abs(statistic)))
    return sf(statistic) if alternative == "greater" else sf(-statistic)


def _ratio(difference: float, error: float) -> float:
    """A statistic; with no variation it is 0 (no difference) or infinite (a clean split)."""
    if error > 0:
        return difference / error
    return 0.0 if difference == 0 else math.copysign(math.inf, difference)


def _t_test(a: int, n: int, b: int, m: int, alternative: Alternative, welch: bool) -> TestResult:
    name: Test = "welch" if welch else "pooled t"
    if n + m < 3 or (welch and min(n, m) < 2):
        raise StatsError(
            "A t test needs at least two members in each group to see any variation; "
            "use Fisher's exact test."
        )
    p, q = a / n, b / m
    within = (n * p * (1 - p), m * q * (1 - q))  # sums of squares of the 0/1 outcomes
    if welch:
        parts = within[0] / (n - 1) / n, within[1] / (m - 1) / m
        variance = sum(parts)
        scale = parts[0] ** 2 / (n - 1) + parts[1] ** 2 / (m - 1)
        df = variance**2 / scale if scale > 0 else float(n + m - 2)
    else:
        df = float(n + m - 2)
        variance = sum(within) / df * (1 / n + 1 / m)
    t = _ratio(p - q, math.sqrt(variance))
    return TestResult(
        name, alternative, t, _tail(t, alternative, lambda x: scipy.stats.t.sf(x, df))
    )


def _z_test(a: int, n: int, b: int, m: int, alternative: Alternative) -> TestResult:
    pooled = (a + b) / (n + m)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    z = _ratio(a / n - b / m, error)
    return TestResult("z", alternative, z, _tail(z, alternative, scipy.stats.norm.sf))


@lru_cache(maxsize=8192)
def _compare(a: int, n: int, b: int, m: int, test: Test, alternative: Alternative) -> TestResult:
    if test in ("pooled t", "welch"):
        return _t_test(a, n, b, m, alternative, welch=test == "welch")
    if test == "z":
        return _z_test(a, n, b, m, alternative)
    # The groups are columns: scipy's exact tests condition on column totals.
    table = [[a, b], [n - a, m - b]]
    if a + b in (0, n + m):
        return TestResult(test, alternative, math.nan, 1.0)  # one possible table
    if test == "fisher":
        result = scipy.stats.fisher_exact(table, alternative=alternative)
        return TestResult(test, alternative, float(result.statistic), float(result.pvalue))
    _refuse_large(n, m, test, (n + 1) * (m + 1), MAX_TABLES)
    if test == "barnard":
        z = _z_test(a, n, b, m, alternative).statistic
        return TestResult(test, alternative, z, _barnard_p(a, n, b, m, alternative))
    sides: tuple[Alternative, ...] = (alternative,)
    if alternative == "two-sided":
        sides = ("greater", "less")
    statistic, p = min(
        (_boschloo_p(a, n, b, m, side) for side in sides), key=lambda found: found[1]
    )
    return TestResult(test, alternative, statistic, min(1.0, len(sides) * p))


def _barnard_rank(n: int, m: int, alternative: Alternative) -> NDArray[np.float64]:
    """The pooled score statistic of every table, signed so that low means extreme."""
    p, q = np.arange(n + 1)[:, None] / n, np.arange(m + 1)[None, :] / m
    pooled = (n * p + m * q) / (n + m)
    variance = pooled * (1 - pooled) * (1 / n + 1 / m)
    score = np.divide(p - q, np.sqrt(variance), out=np.zeros_like(pooled), where=variance > 1e-15)
    sign = {"two-sided": -np.abs(score), "greater": -score, "less": score}
    return np.asarray(sign[alternative])


def _barnard_p(a: int, n: int, b: int, m: int, alternative: Alternative) -> float:
    # scipy.stats.barnard_exact compares statistics without slack and so loses tables that tie
    # with the observed one: 10 and 9 members, 9 and 1 outcomes give 0.00056, not 0.00073.
    rank = _barnard_rank(n, m, alternative)
    return _greatest(rank <= rank[a, b] + 1e-9)


def _boschloo_p(a: int, n: int, b: int, m: int, side: Alternative) -> tuple[float, float]:
    """Fisher's p value of one side, and the chance of one as small."""
    rank = _fisher_grid(n, m, side)
    return float(rank[a, b]), _greatest(rank <= rank[a, b] * (1 + 1e-9))


def _refuse_large(n: int, m: int, test: Test, cells: int, limit: int) -> None:
    if cells > limit:
        raise StatsError(
            f"{test.capitalize()}'s test goes through every table of two groups, and {n:,} and "
            f"{m:,} members have too many; use Fisher's test or z, which in groups of this size "
            "say nearly the same."
        )


def _shares(n: int, m: int) -> NDArray[np.float64]:
    """Chance of each table once the total of outcomes is known, shape (n + 1, m + 1).

    Through logarithms: the numbers of ways themselves overflow beyond 500 members.
    """
    a, b = np.arange(n + 1)[:, None], np.arange(m + 1)[None, :]
    ways = _log_ways(n)[a] + _log_ways(m)[b]
    return np.asarray(np.exp(ways - _log_ways(n + m)[a + b]))


def _log_ways(n: int) -> NDArray[np.float64]:
    k = np.arange(n + 1)
    return np.asarray(
        scipy.special.gammaln(n + 1)
        - scipy.special.gammaln(k + 1)
        - scipy.special.gammaln(n - k + 1)
    )


def _total_chance(total: int, share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chance of each total of outcomes at common proportions, shape (total + 1, shares)."""
    k = np.arange(total + 1)[:, None]
    log = scipy.special.xlogy(k, share) + scipy.special.xlog1py(total - k, -share)
    return np.asarray(np.exp(_log_ways(total)[:, None] + log))


def _greatest(region: NDArray[np.bool_]) -> float:
    """Chance of a set of tables at the common proportion that makes it largest."""
    n, m = region.shape[0] - 1, region.shape[1] - 1
    first, second = np.nonzero(region)
    by_total = np.bincount(
        first + second, weights=_shares(n, m)[first, second], minlength=n + m + 1
    )
    # Even steps of the angle, in which the chance changes at one pace, the ends included.
    angle = np.linspace(0, np.pi / 2, 2001)

    def chance(angles: Any) -> NDArray[np.float64]:
        share = np.sin(np.atleast_1d(angles)) ** 2
        return np.asarray(by_total @ _total_chance(n + m, share))

    values = chance(angle)
    top = int(values.argmax())
    edges = (angle[max(top - 1, 0)], angle[min(top + 1, 2000)])
    best = scipy.optimize.minimize_scalar(
        lambda x: -chance(x)[0], bounds=edges, method="bounded", options={"xatol": 1e-10}
    )
    return float(min(1.0, max(values[top], -best.fun)))


def compare(
    a: float,
    n: float,
    b: float,
    m: float,
    test: Test = "fisher",
    alternative: Alternative = "two-sided",
) -> TestResult:
    """Test that two groups share one proportion.

    Parameters
    ----------
    a, n, b, m : int
        Outcomes and members of the first and of the second group.
    test : {"pooled t", "welch", "z", "fisher", "barnard", "boschloo"}
        The t tests take the 0/1 outcomes as measurements; z pools the two proportions.
        Fisher conditions on both margins; Barnard (pooled score statistic) and Boschloo
        (Fisher's p as statistic; two-sided is twice the smaller side) only on group sizes.
    alternative : {"two-sided", "greater", "less"}
        "greater": the first group has the higher proportion.

    Returns
    -------
    TestResult
        With no outcome at all, or nothing but outcomes, every p value is 1 (one-sided z
        and t: 0.5). Groups that split cleanly have an infinite t.

    Raises
    ------
    StatsError
        Impossible counts, empty group, unknown test, groups too small for a t test, or too
        large for Barnard's and Boschloo's.

    Notes
    -----
    `scipy.stats` supplies Fisher's test. Barnard's is ours, because scipy's loses tied tables,
    and Boschloo's, because scipy's takes minutes in groups of thousands. Both search over an
    unknown common proportion: milliseconds for a hundred members, a second or so for two
    groups of a thousand, beyond which they are refused. Results are cached.

    References
    ----------
    Fisher (1935); Barnard (1947) Biometrika 34; Boschloo (1970) Statistica Neerlandica 24.
    """
    counts = check_counts(a, n, b, m)
    if test not in TESTS:
        raise StatsError(f"Unknown test {test!r}; choose one of {TESTS}.")
    _check_alternative(alternative)
    return _compare(*counts, test, alternative)


@lru_cache(maxsize=256)
def p_value_grid(
    n: int, m: int, test: Test = "fisher", alternative: Alternative = "two-sided"
) -> NDArray[np.float64]:
    """P values of every two-by-two table with groups of `n` and `m`, at once.

    Parameters
    ----------
    n, m : int
        Members of the first and of the second group.
    test, alternative
        As in `compare`.

    Returns
    -------
    ndarray, shape (n + 1, m + 1)
        Row a, column b: the p value when a of n and b of m had the outcome. It is kept for
        the next call and cannot be written to.

    Raises
    ------
    StatsError
        Empty groups, groups too small for a t test or too large for a grid of Barnard's or
        Boschloo's (about 200 members each), unknown test or alternative.

    Notes
    -----
    `compare` asks scipy for one table; here all tables share one pass, which is what makes
    the unconditional tests (Barnard, Boschloo) fast enough to follow a slider. Their maximum
    over the common proportion is taken on a grid of 2,000 points and refined by a parabola,
    which agrees with `compare` to six digits or more.
    """
    check_counts(0, n, 0, m)
    if test not in TESTS:
        raise StatsError(f"Unknown test {test!r}; choose one of {TESTS}.")
    _check_alternative(alternative)
    if test in ("pooled t", "welch"):
        _t_test(0, n, 0, m, alternative, welch=test == "welch")  # refuses groups too small
    if test in ("boschloo", "barnard"):
        _refuse_large(n, m, test, (n + 1) * (m + 1) * (n + m + 1), MAX_CELLS)
    if test in ("fisher", "boschloo", "barnard"):
        grid = _exact_grid(n, m, test, alternative)
    else:
        grid = _normal_grid(n, m, test, alternative)
    grid.setflags(write=False)
    return grid


def _normal_grid(n: int, m: int, test: Test, alternative: Alternative) -> NDArray[np.float64]:
    p = np.arange(n + 1)[:, None] / n
    q = np.arange(m + 1)[None, :] / m
    within = n * p * (1 - p), m * q * (1 - q)
    df: Any = n + m - 2
    if test == "z":
        pooled = (n * p + m * q) / (n + m)
        variance = pooled * (1 - pooled) * (1 / n + 1 / m)
    elif test == "pooled t":
        variance = (within[0] + within[1]) / df * (1 / n + 1 / m)
    else:
        parts = within[0] / (n - 1) / n, within[1] / (m - 1) / m
        variance = parts[0] + parts[1]
        scale = parts[0] ** 2 / (n - 1) + parts[1] ** 2 / (m - 1)
        df = np.divide(variance**2, scale, out=np.full_like(scale, df), where=scale > 0)
    gap = np.where(np.abs(p - q) < 1e-12, 0.0, p - q)
    still = np.where(gap == 0, 0.0, np.copysign(np.inf, gap))
    statistic = np.divide(gap, np.sqrt(variance), out=still, where=variance > 1e-15)

    def sf(values: NDArray[np.float64]) -> NDArray[np.float64]:
        tail = scipy.stats.norm.sf(values) if test == "z" else scipy.stats.t.sf(values, df)
        return np.asarray(tail, dtype=float)

    if alternative == "two-sided":
        return np.minimum(1.0, 2 * sf(np.abs(statistic)))
    return sf(statistic if alternative == "greater" else -statistic)


def _fisher_grid(n: int, m: int, alternative: Alternative) -> NDArray[np.float64]:
    grid = np.ones((n + 1, m + 1))
    shares = _shares(n, m)
    for total in range(n + m + 1):
        a = np.arange(max(0, total - m), min(n, total) + 1)
        chance = shares[a, total - a]
        if alternative == "greater":
            p = chance[::-1].cumsum()[::-1]
        elif alternative == "less":
            p = chance.cumsum()
        else:  # every table that is no more likely; equal chances may differ in the last bits
            order = np.sort(chance)
            p = order.cumsum()[np.searchsorted(order, chance * (1 + 1e-9), side="right") - 1]
        grid[a, total - a] = np.minimum(1.0, p)
    return grid


def _exact_grid(n: int, m: int, test: Test, alternative: Alternative) -> NDArray[np.float64]:
    if test == "fisher":
        return _fisher_grid(n, m, alternative)
    if test == "boschloo":
        sides: dict[Alternative, NDArray[np.float64]] = {
            side: _unconditional(_fisher_grid(n, m, side))
            for side in (("greater", "less") if alternative == "two-sided" else (alternative,))
        }
        grid = np.minimum(1.0, len(sides) * np.minimum.reduce(list(sides.values())))
    else:
        grid = _unconditional(_barnard_rank(n, m, alternative))
    grid[0, 0] = grid[n, m] = 1.0  # one possible table
    return grid


def _unconditional(rank: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chance of a table ranked as low or lower, at the common proportion that makes it largest.

    `rank` has shape (n + 1, m + 1); low means extreme.
    """
    n, m = rank.shape[0] - 1, rank.shape[1] - 1
    a, b = (index.ravel() for index in np.indices(rank.shape))
    flat = np.round(rank.ravel(), 12)  # equal fractions may differ in the last bits
    order = np.argsort(flat, kind="stable")
    ways = _shares(n, m).ravel()
    by_total = np.zeros((len(flat), n + m + 1))
    by_total[np.arange(len(flat)), (a + b)[order]] = ways[order]
    by_total = by_total.cumsum(axis=0)
    last = np.searchsorted(flat[order], flat, side="right") - 1  # ties go together
    share = np.linspace(0, 1, 2001)
    chance = by_total @ _total_chance(n + m, share)
    top = np.clip(chance.argmax(axis=1), 1, len(share) - 2)
    rows = np.arange(len(flat))
    left, middle, right = (chance[rows, top + step] for step in (-1, 0, 1))
    bend = left - 2 * middle + right
    peak = middle - np.divide(
        (right - left) ** 2, 8 * bend, out=np.zeros_like(bend), where=bend < 0
    )
    best = np.maximum(chance.max(axis=1), np.where(bend < 0, peak, 0.0))
    return np.minimum(1.0, best)[last].reshape(rank.shape)


def risk_difference(
    a: float, n: float, b: float, m: float, level: float = 0.95, method: str = "Newcombe"
) -> Interval:
    """Difference in proportions a/n - b/m with a confidence interval.

    Parameters
    ----------
    level : float
        Confidence level, 0.95 unless told.
    method : {"Newcombe", "Wald", "Agresti-Caffo"}
        Newcombe's hybrid score interval unless told. Wald is the textbook formula, too narrow
        in small groups; Agresti-Caffo adds an outcome and a non-outcome to each group.

    Returns
    -------
    Interval
        In probability units (0.37 is 37 percentage points). Limits of Wald and Agresti-Caffo
        may pass -1 or 1.

    Raises
    ------
    StatsError
        Impossible counts, level or method.

    References
    ----------
    Newcombe (1998) Statistics in Medicine 17:873-890, method 10; Agresti & Caffo (2000) The
    American Statistician 54:280-288. All are computed by `statsmodels`.
    """
    from statsmodels.stats.proportion import (
        confint_proportions_2indep,  # slow to load
    )

    a, n, b, m = check_counts(a, n, b, m)
    _check_level(level)
    if method not in DIFFERENCE_METHODS:
        raise StatsError(f"Unknown method {method!r}; choose one of {tuple(DIFFERENCE_METHODS)}.")
    low, high = confint_proportions_2indep(
        a, n, b, m, method=DIFFERENCE_METHODS[method], compare="diff", alpha=1 - level
    )
    return Interval("risk difference", method, a / n - b / m, float(low), float(high), level)


def _koopman_score(ratio: float, a: int, n: int, b: int, m: int) -> float:
    """Score statistic of `p1 = ratio * p2`, with p2 at its restricted maximum likelihood."""
    linear = ratio * (n + b) + a + m
    root = math.sqrt(max(linear**2 - 4 * (n + m) * ratio * (a + b), 0.0))
    # The smaller root, written so that no two close numbers are subtracted.
    q = min(2 * (a + b) / (linear + root), 1.0)
    p = min(ratio * q, 1.0)
    variance = p * (1 - p) / n + ratio**2 * q * (1 - q) / m
    return _ratio(a / n - ratio * b / m, math.sqrt(max(variance, 0.0)))


def risk_ratio(a: float, n: float, b: float, m: float, level: float = 0.95) -> Interval:
    """Ratio of proportions (a/n) / (b/m) with Koopman's score interval.

    Returns
    -------
    Interval
        The upper limit (and the estimate) is infinite when b = 0; the lower limit is 0
        when a = 0.

    Raises
    ------
    StatsError
        Impossible counts or level, or no outcome in either group (the ratio is undefined).

    Notes
    -----
    `statsmodels` has this interval too and agrees inside the table, but when a group is all
    outcomes or none it can return NaN, complex numbers, or limits that exclude the estimate;
    so the two roots are found here.

    References
    ----------
    Koopman (1984) Biometrics 40:513-517.
    """
    a, n, b, m = check_counts(a, n, b, m)
    _check_level(level)
    if a + b == 0:
        raise StatsError("Neither group has an outcome, so the ratio of the two is undefined.")
    critical = float(scipy.stats.norm.isf((1 - level) / 2))
    estimate = math.inf if b == 0 else (a / n) / (b / m)

    def root(target: float, start: float, step: float) -> float:
        def gap(log_ratio: float) -> float:
            return _koopman_score(math.exp(log_ratio), a, n, b, m) - target

        inner, outer = start, start + step
        while gap(outer) * step > 0:  # the score falls as the ratio grows
            inner, outer = outer, outer + step
        return math.exp(
            scipy.optimize.brentq(gap, min(inner, outer), max(inner, outer), xtol=1e-13)
        )

    center = math.log((a + 0.5) / (n + 1) / ((b + 0.5) / (m + 1)))
    center = center if a == 0 or b == 0 else math.log(estimate)
    low = 0.0 if a == 0 else root(critical, center + (5.0 if b == 0 else 0.0), -1.0)
    high = math.inf if b == 0 else root(-critical, center - (5.0 if a == 0 else 0.0), 1.0)
    return Interval("risk ratio", "Koopman", estimate, low, high, level)


def odds_ratio(a: float, n: float, b: float, m: float, level: float = 0.95) -> Interval:
    """Odds ratio a(m-b) / b(n-a) of the counts with the exact conditional interval.

    Returns
    -------
    Interval
        `estimate` is the sample (cross-product) odds ratio, infinite when a cell below it is
        zero; the limits are Fisher's exact conditional ones.

    Raises
    ------
    StatsError
        Impossible counts or level, or all outcomes alike (the ratio is undefined).

    References
    ----------
    Cornfield (1956); computed by `scipy.stats.contingency.odds_ratio`.
    """
    a, n, b, m = check_counts(a, n, b, m)
    _check_level(level)
    if a + b in (0, n + m):
        raise StatsError("All outcomes are alike in both groups, so the odds ratio is undefined.")
    table = [[a, b], [n - a, m - b]]
    limits = scipy.stats.contingency.odds_ratio(table, kind="conditional").confidence_interval(
        level
    )
    below = b * (n - a)
    estimate = a * (m - b) / below if below else math.inf
    return Interval("odds ratio", "exact conditional", estimate, limits.low, limits.high, level)


def randomization_test(
    a: float,
    n: float,
    b: float,
    m: float,
    alternative: Alternative = "two-sided",
    method: Literal["exact", "monte carlo"] = "exact",
    draws: int = 100_000,
    seed: int = 0,
) -> Randomization:
    """Deal the group labels at random, keeping every outcome, and compare differences.

    Parameters
    ----------
    a, n, b, m : int
        Outcomes and members of the first and of the second group.
    alternative : {"two-sided", "greater", "less"}
        Two-sided counts differences at least as far from zero as the observed one.
    method : {"exact", "monte carlo"}
        Exact: all assignments, through their hypergeometric counts. Monte Carlo: `draws`
        random assignments; p = (1 + hits) / (1 + draws), never zero.
    draws, seed : int
        Number of random assignments and the seed of the generator.

    Returns
    -------
    Randomization
        With the full distribution of the difference (probability units).

    Raises
    ------
    StatsError
        Impossible counts, unknown method or alternative, draws outside 1..5,000,000.

    References
    ----------
    Fisher (1935) The Design of Experiments; Phipson & Smyth (2010) for the added one.
    """
    a, n, b, m = check_counts(a, n, b, m)
    _check_alternative(alternative)
    total = a + b
    support = np.arange(max(0, total - m), min(n, total) + 1)
    if method == "exact":
        probability = scipy.stats.hypergeom.pmf(support, n + m, total, n)
        weights, extra, draws = probability / probability.sum(), 0.0, 0
    elif method == "monte carlo":
        if not 1 <= draws <= MAX_DRAWS:
            raise StatsError(f"draws is {draws}; choose between 1 and {MAX_DRAWS:,}.")
        sample = np.random.default_rng(seed).hypergeometric(total, n + m - total, n, draws)
        weights = np.bincount(sample - support[0], minlength=len(support)) / draws
        extra = 1.0
    else:
        raise StatsError(f"Unknown method {method!r}; choose 'exact' or 'monte carlo'.")
    difference = support / n - (total - support) / m
    observed = a / n - b / m
    slack = 1e-9  # differences that are equal as fractions may differ in the last bit
    if alternative == "two-sided":
        extreme = np.abs(difference) >= abs(observed) - slack
    elif alternative == "greater":
        extreme = difference >= observed - slack
    else:
        extreme = difference <= observed + slack
    share = float(weights[extreme].sum())
    p_value = (extra + share * draws) / (1 + draws) if extra else share
    return Randomization(
        method, alternative, observed, min(1.0, p_value), draws, difference, weights
    )


def fragility(
    a: float,
    n: float,
    b: float,
    m: float,
    test: Test = "fisher",
    alpha: float = 0.05,
    alternative: Alternative = "two-sided",
) -> Fragility:
    """Count the fewest recoded outcomes that change the verdict of a test.

    A recoding turns one outcome of one member into its opposite; group sizes stay. The
    verdict is "p < alpha" or not. Recodings are searched in rings of growing size, in
    either direction (from significant to not, or from not to significant); a significant
    verdict is undone only by recodings that narrow the gap, so only those are tried.

    Parameters
    ----------
    a, n, b, m : int
        Outcomes and members of the first and of the second group.
    test, alternative
        As in `compare`.
    alpha : float
        Level of the verdict.

    Returns
    -------
    Fragility
        Among nearest tables the one whose p value lies closest to `alpha` is reported.

    Raises
    ------
    StatsError
        Impossible counts, unknown test or alternative, level outside (0, 1).

    References
    ----------
    Walsh et al. (2014) Journal of Clinical Epidemiology 67:622-628, extended to recodings in
    both groups.
    """
    a, n, b, m = check_counts(a, n, b, m)
    _check_level(alpha, "alpha")
    here = compare(a, n, b, m, test, alternative)
    # An exact test can hit alpha itself (1/20): rounding must not decide that tie.
    below = alpha * (1 - 1e-9)
    verdict = bool(here.p_value < below)
    grid = p_value_grid(n, m, test, alternative)

    def p_of(da: int, db: int) -> float | None:
        if not (0 <= a + da <= n and 0 <= b + db <= m):
            return None
        return float(grid[a + da, b + db])

    def changed(shifts: list[tuple[int, int]]) -> list[tuple[float, int, int]]:
        found = []
        for da, db in shifts:
            p = p_of(da, db)
            if p is not None and (p < below) != verdict:
                # Rounded, so that the last digits do not choose between tables alike.
                found.append((round(abs(p - alpha), 6), da, db))
        return sorted(found)

    # A significant gap is undone only by narrowing it; otherwise either way may help.
    gap = int(np.sign(a * m - b * n))
    ways = [(-gap, gap)] if verdict and gap else [(s, t) for s in (1, -1) for t in (1, -1)]
    in_first = sorted({s for s, _ in ways})
    in_second = sorted({t for _, t in ways})
    first = next((k for k in range(1, n + 1) if changed([(s * k, 0) for s in in_first])), None)
    second = next((k for k in range(1, m + 1) if changed([(0, t * k) for t in in_second])), None)
    either = None
    nearest: tuple[int, int] | None = None
    for k in range(1, n + m + 1):
        ring = {(s * i, t * (k - i)) for i in range(k + 1) for s, t in ways}
        hits = changed(sorted(ring))
        if hits:
            either, nearest = k, (a + hits[0][1], b + hits[0][2])
            break
    nearest_p = None
    if nearest is not None:
        nearest_p = compare(nearest[0], n, nearest[1], m, test, alternative).p_value
    return Fragility(
        test, alternative, alpha, here.p_value, verdict, first, second, either, nearest, nearest_p
    )
