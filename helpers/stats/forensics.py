"""What a printed table gives away beyond what it prints.

Each function takes numbers as printed (as strings, whose decimals say how much rounding to
allow) and returns bounds, with the assumptions they rest on in its docstring.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from helpers.stats.errors import StatsError
from helpers.stats.fingerprint import half_unit

Array = NDArray[np.float64]
MAX_WORLDS: Final = 20_000
TIMES: Final = ("exponential", "weibull", "log-normal", "gamma", "two groups", "uniform")
"""Families from which an invented world draws its times; none is the fitted one by design."""


def _number(printed: str) -> float:
    half_unit(printed)  # refuses what is no plain number
    return float(printed.strip().replace("\N{MINUS SIGN}", "-"))


@dataclass(frozen=True)
class ScaleBound:
    """The largest Weibull scale that a printed standard error allows.

    Attributes
    ----------
    scale : float
        Sigma is at most this.
    shape : float
        1 / sigma: the hazard's shape is at least this.
    hazard_ratio : float
        exp(-coefficient / scale): at least this for a coefficient below 0, at most this above.
    """

    scale: float
    shape: float
    hazard_ratio: float


def scale_bound(coefficient: str, std_error: str, events_1: int, events_0: int) -> ScaleBound:
    """Bound the scale of a Weibull regression on one 0/1 covariate.

    The variance of the coefficient is sigma^2 (1 / d1 + 1 / d0) plus a square, so
    sigma <= s.e. / sqrt(1 / d1 + 1 / d0).

    Parameters
    ----------
    coefficient, std_error : str
        As printed; both are taken at the end of their rounding that makes the bound weakest.
    events_1, events_0 : int
        Events (releases) where the covariate is 1 and where it is 0.

    Raises
    ------
    StatsError
        Not printed numbers, a standard error that is not positive, or a group without event.

    Notes
    -----
    Assumes maximum likelihood, a model with the constant and this covariate only, standard
    errors from the observed information (the default of `survreg`; a sandwich error can be
    smaller), no delayed entry, and that the counts are those of the fitted rows. Why: with g
    the log hazards of the two groups and a = 1 / sigma, the score equations make the two
    expected counts equal d1 and d0, and eliminating g from the information leaves
    Var(log hazard ratio) = 1 / d1 + 1 / d0 + (a square) Var(a); the same for -beta = g / a.
    """
    if min(events_1, events_0) < 1:
        raise StatsError("Each group needs at least one event, or the coefficient is infinite.")
    largest = _number(std_error) + half_unit(std_error)
    if _number(std_error) <= 0:
        raise StatsError("The standard error must be a positive number.")
    scale = largest / math.sqrt(1 / events_1 + 1 / events_0)
    estimate = _number(coefficient)
    nearest = math.copysign(max(abs(estimate) - half_unit(coefficient), 0.0), estimate)
    return ScaleBound(scale, 1 / scale, math.exp(-nearest / scale))


@dataclass(frozen=True)
class Worlds:
    """Invented worlds that print the same standard errors.

    Attributes
    ----------
    scale, hazard_ratio : ndarray, shape (k,)
        Of the worlds that agree; low and high ends are `scale.min()` and so on.
    scale_all : ndarray
        Scale that the printed error would mean in every world made, whether or not it
        prints the ratio of the two errors.
    made : int
    """

    scale: Array
    hazard_ratio: Array
    scale_all: Array = field(repr=False)
    made: int


def scale_worlds(
    coefficient: str,
    std_error: str,
    constant_error: str,
    n_1: int,
    events_1: int,
    n_0: int,
    events_0: int,
    worlds: int = 4000,
    tolerance: float = 0.05,
    seed: int = 1,
) -> Worlds:
    """Narrow the scale by worlds of times that print both standard errors.

    Each world draws times for two groups from a family of its own, censors them so that the
    printed numbers of events are left, and is fitted by the same Weibull model. Whatever its
    own scale, std. error / sigma is a number of the world; the printed error divided by it is
    the sigma that the table would have. Worlds count whose ratio of the two standard errors is
    within `tolerance` of the printed one.

    Parameters
    ----------
    coefficient, std_error, constant_error : str
        Of the 0/1 covariate and, last, the constant's standard error; as printed.
    n_1, events_1, n_0, events_0 : int
        Rows and events where the covariate is 1 and 0.
    worlds : int
        Worlds to make; 4,000 take a second or so.
    tolerance : float
        Relative distance of the ratio of the standard errors that still counts as printed.

    Raises
    ------
    StatsError
        As `scale_bound`; more events than rows; too many worlds; or no world that agrees.

    Notes
    -----
    A simulation, not a bound: the families are `TIMES` and the censoring is at random, early,
    or at one common end.
    """
    bound = scale_bound(coefficient, std_error, events_1, events_0)
    if events_1 > n_1 or events_0 > n_0:
        raise StatsError("A group has more events than rows; check the counts.")
    if not 1 <= worlds <= MAX_WORLDS:
        raise StatsError(f"Ask for 1 to {MAX_WORLDS:,} worlds, not {worlds}.")
    draw = np.random.default_rng(seed)
    n = n_1 + n_0
    group = np.r_[np.ones(n_1), np.zeros(n_0)] == 1
    family = draw.integers(0, len(TIMES), (worlds, 1))
    log_t = _log_times(draw, family, worlds, n)
    log_t -= np.where(group, draw.uniform(0, 3, (worlds, 1)), 0.0)
    event = np.zeros((worlds, n), dtype=bool)
    kind = draw.integers(0, 3, (worlds, 1))
    for inside, k in ((group, events_1), (~group, events_0)):
        own = log_t[:, inside]
        # Who is censored: anyone; rather the longest; or exactly the longest.
        key = (
            draw.random(own.shape)
            + np.where(kind == 0, 0.0, np.where(kind == 1, 1.0, 1e3))
            * own.argsort(axis=1).argsort(axis=1)
            / own.shape[1]
        )
        rank = key.argsort(axis=1).argsort(axis=1)
        event[:, inside] = rank < k
    # A censored spell ends before its event would have come; at one common end, at the last.
    cut = np.where(kind == 2, 0.0, np.log(draw.uniform(0.3, 1, log_t.shape)))
    log_t = np.where(event, log_t, log_t + cut)
    a, error, other = _errors(log_t, event, group)
    printed = _number(std_error)
    scale = printed / (error * a)
    ratio = other / error
    wanted = _number(constant_error) / printed
    agree = np.abs(ratio / wanted - 1) <= tolerance
    agree &= np.isfinite(scale) & (scale <= bound.scale)
    if not agree.any():
        raise StatsError(
            "No invented world prints this ratio of standard errors; allow a larger tolerance."
        )
    kept = scale[agree]
    return Worlds(kept, np.exp(-_number(coefficient) / kept), scale[np.isfinite(scale)], worlds)


def _log_times(draw: np.random.Generator, family: NDArray[np.intp], worlds: int, n: int) -> Array:
    shape = draw.uniform(0.4, 1.6, (worlds, 1))
    unit = draw.random((worlds, n))
    normal = draw.normal(size=(worlds, n))
    exponential = -np.log(unit)
    out = np.log(exponential)
    out = np.where(family == 1, np.log(exponential) / shape, out)
    out = np.where(family == 2, normal / shape, out)
    gamma = draw.standard_gamma(np.broadcast_to(shape, (worlds, n)))
    out = np.where(family == 3, np.log(np.maximum(gamma, 1e-12)), out)
    early = draw.random((worlds, n)) < draw.uniform(0.1, 0.6, (worlds, 1))
    out = np.where(family == 4, np.log(exponential) - np.where(early, 2.5, 0.0), out)
    return np.where(family == 5, np.log(draw.uniform(0.02, 1, (worlds, n))), out)


def _errors(log_t: Array, event: NDArray[np.bool_], group: NDArray[np.bool_]) -> tuple[Array, ...]:
    """Return a = 1 / sigma and the standard errors of the coefficient and the constant.

    With one 0/1 covariate the two constants have a closed form given a, and one equation in
    a is left: sum of d (1 / a + y) = sum over groups of the hazard-weighted mean of y.
    """
    worlds = len(log_t)
    y = log_t - log_t.mean(axis=1, keepdims=True)
    sides = [(y[:, inside], event[:, inside].sum(axis=1)) for inside in (group, ~group)]
    events = event.sum(axis=1)
    target = (y * event).sum(axis=1)
    low, high = np.full(worlds, 1e-3), np.full(worlds, 50.0)

    def moments(a: Array) -> list[tuple[Array, Array, Array]]:
        out = []
        for part, count in sides:
            z = a[:, None] * part
            weight = np.exp(z - z.max(axis=1, keepdims=True))
            weight /= weight.sum(axis=1, keepdims=True)
            mean = (weight * part).sum(axis=1)
            spread = (weight * (part - mean[:, None]) ** 2).sum(axis=1)
            out.append((count, mean, spread))
        return out

    a = np.ones(worlds)
    for _ in range(
        60
    ):  # the score falls in a: Newton's steps, halving where one leaves the bracket
        found = moments(a)
        score = events / a + target - sum(c * mean for c, mean, _ in found)
        bend = events / a**2 + sum(c * spread for c, _, spread in found)
        low = np.where(score > 0, a, low)
        high = np.where(score > 0, high, a)
        step = a + score / bend
        after = np.where((step >= low) & (step <= high), step, np.sqrt(low * high))
        done = np.abs(after - a) <= 1e-9 * a
        a = after
        if done.all():
            break
    (d1, mean1, spread1), (d0, mean0, spread0) = moments(a)
    # Information on a once the two locations mu are profiled out, and how mu follows a:
    # exp(a mu) = sum exp(a y) / d, so dmu/da = (mean - mu) / a.
    own = events / a**2 + d1 * spread1 + d0 * spread0
    mu = []
    for part, count in sides:
        z = a[:, None] * part
        top = z.max(axis=1)
        mu.append((top + np.log(np.exp(z - top[:, None]).sum(axis=1) / count)) / a)
    lean1, lean0 = (mean1 - mu[0]) / a, (mean0 - mu[1]) / a
    error = np.sqrt((1 / d1 + 1 / d0) / a**2 + (lean1 - lean0) ** 2 / own)
    constant = np.sqrt(1 / d0 / a**2 + lean0**2 / own)
    return a, error, constant


@dataclass(frozen=True)
class SharedR2:
    """Bounds on the R2 of a 0/1 covariate on the others."""

    low: float
    high: float


def covariate_r2(
    std_error: str, residual_variance: tuple[float, float], ones: int, n: int
) -> SharedR2:
    """Return R2 of a 0/1 covariate on the other covariates, from a linear model in print.

    Parameters
    ----------
    std_error : str
        Classical standard error of the covariate, as printed.
    residual_variance : tuple of float
        Lowest and highest residual variance (sum of squares over n - k) that the printed
        fit allows; see `residual_variance`.
    ones, n : int
        Rows where the covariate is 1, and all rows.

    Raises
    ------
    StatsError
        Not a printed positive number, or impossible counts.

    Notes
    -----
    Var(b) = s^2 / (SST (1 - R2)) with SST = ones (n - ones) / n (Wooldridge, Introductory
    Econometrics, section 3.4); classical standard errors are assumed.
    """
    if not 0 < ones < n:
        raise StatsError("The covariate needs rows with 1 and rows with 0.")
    printed, room = _number(std_error), half_unit(std_error)
    if printed <= 0:
        raise StatsError("The standard error must be a positive number.")
    spread = ones * (n - ones) / n
    ends = [
        1 - variance / (spread * (printed + sign * room) ** 2)
        for variance in residual_variance
        for sign in (-1, 1)
    ]
    return SharedR2(max(min(ends), 0.0), min(max(ends), 1.0))


def residual_variance(
    log_likelihood: str, n: int, rank: int, offset: float = 1.0
) -> tuple[float, float]:
    """Return the residual variance of a linear model from its printed log-likelihood.

    Parameters
    ----------
    log_likelihood : str
        As printed.
    n, rank : int
        Rows and coefficients, the constant included.
    offset : float
        What must be added to the printed number: 1 for a Gaussian GLM printed by stargazer
        (see `fingerprint`), 0 for a true log-likelihood.

    Returns
    -------
    low, high : float
        Sum of squares over n - rank, at both ends of the rounding.
    """
    if n <= rank:
        raise StatsError(f"A model with {rank} coefficients needs more than {rank} rows, got {n}.")
    room = half_unit(log_likelihood)
    ends = [
        n / (n - rank) * math.exp(-2 * value / n - 1) / (2 * math.pi)
        for value in (
            _number(log_likelihood) + offset + room,
            _number(log_likelihood) + offset - room,
        )
    ]
    return min(ends), max(ends)


def explained_by(t_values: Sequence[tuple[str, str]], df: int) -> tuple[tuple[float, float], ...]:
    """Return the partial R2 of each covariate from its printed coefficient and error.

    Parameters
    ----------
    t_values : sequence of (coefficient, std_error)
        As printed.
    df : int
        Residual degrees of freedom.

    Returns
    -------
    tuple of (low, high)
        t^2 / (t^2 + df) at the ends of the rounding.

    Raises
    ------
    StatsError
        Not printed numbers, an error that rounding leaves at 0, or df below 1.
    """
    if df < 1:
        raise StatsError(f"The model has {df} residual degrees of freedom; it needs at least 1.")
    out = []
    for coefficient, error in t_values:
        b, s = abs(_number(coefficient)), _number(error)
        if s <= half_unit(error):
            raise StatsError(f"The standard error {error!r} is 0 within its rounding.")
        low = max(b - half_unit(coefficient), 0.0) / (s + half_unit(error))
        high = (b + half_unit(coefficient)) / (s - half_unit(error))
        out.append((low**2 / (low**2 + df), high**2 / (high**2 + df)))
    return tuple(out)
