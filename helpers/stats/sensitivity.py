"""How strong would hidden confounding or selection have to be to explain a result away?

Three answers: omitted variable bias of a linear model in closed form (Cinelli & Hazlett),
the E-value of a risk ratio, and a model of officials who pick cases they expect to win.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike, NDArray

from helpers.stats.comparison import check_counts
from helpers.stats.errors import StatsError
from helpers.stats.release import CONSTANT, Fit, least_squares

Array = NDArray[np.float64]
MAX_DRAWS: Final = 1_000_000
_LARGEST_T: Final = 1e8
"""Beyond this the share that a treatment leaves unexplained is below rounding."""
_CHUNK: Final = 20_000
"""Selections simulated at a time: bounds memory at about 20,000 x list size x 8 bytes."""


@dataclass(frozen=True)
class Robustness:
    """Sensitivity statistics of one linear coefficient; shares run from 0 to 1.

    `partial_r2` is the share of residual outcome variance the treatment explains;
    `robustness_value` the strength (same share of treatment and outcome) of a confounder
    that would move the estimate by `q` times itself; `robustness_value_alpha` the strength
    that would make it insignificant at `alpha`.
    """

    estimate: float
    std_error: float
    df: float
    t: float
    partial_r2: float
    partial_f2: float
    q: float
    robustness_value: float
    alpha: float
    robustness_value_alpha: float


@dataclass(frozen=True)
class Adjusted:
    """The estimate once a confounder of the given strength is taken out."""

    r2_treatment: float
    r2_outcome: float
    estimate: float
    std_error: float
    t: float
    low: float
    high: float


@dataclass(frozen=True)
class Benchmark:
    """A confounder `times` as strong as an observed covariate, and the adjusted estimate."""

    covariate: str
    times: float
    adjusted: Adjusted


@dataclass(frozen=True)
class Contours:
    """Adjusted values on a grid: `values[i, j]` at r2_outcome[i] and r2_treatment[j]."""

    quantity: Literal["estimate", "t"]
    r2_treatment: Array = field(repr=False)
    r2_outcome: Array = field(repr=False)
    values: Array = field(repr=False)


@dataclass(frozen=True)
class EValue:
    """E-values on the risk ratio scale: for the estimate and for the limit nearer to 1.

    `limit` is None when no interval was given, and 1 when the interval covers 1.
    """

    estimate: float
    limit: float | None


@dataclass(frozen=True)
class Selection:
    """Distribution of releases among the picked when picking is by expected success.

    `count` runs over every possible number of releases among the picked; `probability`
    follows it; `difference` is the matching gap in proportions, picked minus the rest.
    """

    strength: float
    observed: float
    tail: float
    mean: float
    draws: int
    count: NDArray[np.int64] = field(repr=False)
    difference: Array = field(repr=False)
    probability: Array = field(repr=False)


def _check_statistic(std_error: float, df: float) -> None:
    if not (math.isfinite(std_error) and std_error > 0):
        raise StatsError(f"The standard error is {std_error}, but it must be a positive number.")
    if not (math.isfinite(df) and df > 1):
        raise StatsError(f"The model has {df} residual degrees of freedom; it needs more than 1.")


def _check_share(value: ArrayLike, name: str, below_one: bool = False) -> None:
    values = np.asarray(value, dtype=float)
    top = "below 1" if below_one else "at most 1"
    if not ((values >= 0) & (values < 1 if below_one else values <= 1)).all():
        raise StatsError(f"{name} is a partial R2: it must be at least 0 and {top}.")


def _check_alpha(alpha: float) -> None:
    if not 0 < alpha < 1:
        raise StatsError(f"alpha is {alpha}, but it must lie between 0 and 1, such as 0.05.")


def robustness(
    estimate: float, std_error: float, df: float, q: float = 1.0, alpha: float = 0.05
) -> Robustness:
    """Sensitivity statistics of a linear coefficient from its printed numbers.

    Parameters
    ----------
    estimate, std_error : float
        Coefficient of the treatment with its classical standard error, in outcome units.
    df : float
        Residual degrees of freedom of the model.
    q : float
        Share of the estimate to be explained away; 1 takes it to zero.
    alpha : float
        Level of the significance question.

    Returns
    -------
    Robustness

    Raises
    ------
    StatsError
        Standard error not positive, df not above 1, q not positive, alpha outside (0, 1), or
        an estimate (times q) of more than 1e8 standard errors.

    References
    ----------
    Cinelli & Hazlett (2020) JRSS-B 82:39-67, sections 4.1 and 4.2, with the later correction
    for the case that the treatment alone nearly determines the outcome.
    """
    _check_statistic(std_error, df)
    _check_alpha(alpha)
    if not math.isfinite(estimate):
        raise StatsError("The estimate is missing or infinite.")
    if not q > 0:
        raise StatsError(f"q is {q}, but the share to explain away must be positive.")
    t = estimate / std_error
    if not abs(t) < _LARGEST_T or not q * abs(t) < _LARGEST_T:
        raise StatsError(
            "The estimate is so many times its standard error that nothing is left for a "
            "confounder to explain; an exact fit has no robustness to measure."
        )
    f = q * abs(t) / math.sqrt(df)
    critical = float(scipy.stats.t.isf(alpha / 2, df - 1)) / math.sqrt(df - 1)
    return Robustness(
        estimate,
        std_error,
        df,
        t,
        t**2 / (t**2 + df),
        t**2 / df,
        q,
        _robustness_value(f, 0.0),
        alpha,
        _robustness_value(f, critical),
    )


def _robustness_value(f: float, critical: float) -> float:
    gap = f - critical
    if gap <= 0:
        return 0.0
    if critical > 0 and f > 1 / critical:
        return (f**2 - critical**2) / (1 + f**2)
    # (sqrt(gap^4 + 4 gap^2) - gap^2) / 2, written so that no two close numbers are subtracted
    return 2 * gap / (gap + math.sqrt(gap**2 + 4))


def _adjust(
    estimate: float, std_error: float, df: float, r2_treatment: Array, r2_outcome: Array
) -> tuple[Array, Array]:
    odds = r2_treatment / (1 - r2_treatment)
    bias = std_error * np.sqrt(df * r2_outcome * odds)
    error = std_error * np.sqrt((1 - r2_outcome) / (1 - r2_treatment) * df / (df - 1))
    return math.copysign(1.0, estimate) * (abs(estimate) - bias), error


def adjusted(
    estimate: float,
    std_error: float,
    df: float,
    r2_treatment: float,
    r2_outcome: float,
    alpha: float = 0.05,
) -> Adjusted:
    """Remove the bias of a confounder of given strength that pushed the estimate away from 0.

    Parameters
    ----------
    estimate, std_error, df
        As in `robustness`.
    r2_treatment : float
        Partial R2 of the confounder with the treatment, 0 <= value < 1.
    r2_outcome : float
        Partial R2 of the confounder with the outcome given the treatment, 0..1.
    alpha : float
        One minus the confidence level of the interval.

    Raises
    ------
    StatsError
        Impossible statistics or shares.

    References
    ----------
    Cinelli & Hazlett (2020), equations 7, 8 and the adjusted standard error.
    """
    _check_statistic(std_error, df)
    _check_alpha(alpha)
    _check_share(r2_treatment, "r2_treatment", below_one=True)
    _check_share(r2_outcome, "r2_outcome")
    value, error = _adjust(
        estimate, std_error, df, np.asarray(r2_treatment), np.asarray(r2_outcome)
    )
    center, se = float(value), float(error)
    reach = float(scipy.stats.t.isf(alpha / 2, df - 1)) * se
    t = center / se if se > 0 else math.copysign(math.inf, center)
    return Adjusted(r2_treatment, r2_outcome, center, se, t, center - reach, center + reach)


def benchmark_strength(
    r2_treatment: float, r2_outcome: float, times: float = 1.0
) -> tuple[float, float]:
    """Strength of a confounder `times` as strong as an observed covariate.

    Parameters
    ----------
    r2_treatment, r2_outcome : float
        Partial R2 of the covariate with the treatment and with the outcome, given all else.
    times : float
        How many times as strong, on both sides.

    Returns
    -------
    (r2_treatment, r2_outcome) of the confounder; the latter is capped at 1.

    Raises
    ------
    StatsError
        Impossible shares, or a multiple the data rule out.

    References
    ----------
    Cinelli & Hazlett (2020), section 4.4.
    """
    _check_share(r2_treatment, "r2_treatment", below_one=True)
    _check_share(r2_outcome, "r2_outcome", below_one=True)
    if not times > 0:
        raise StatsError(f"A confounder cannot be {times} times as strong; use a positive number.")
    with_treatment = times * r2_treatment / (1 - r2_treatment)
    if with_treatment >= 1 or times * r2_treatment >= 1:
        raise StatsError(
            f"A confounder {times:g} times as strong would explain more than all of the "
            "treatment; choose a smaller multiple or a weaker benchmark."
        )
    shared = times * r2_treatment**2 / ((1 - times * r2_treatment) * (1 - r2_treatment))
    if shared >= 1:
        raise StatsError(f"A confounder {times:g} times as strong is impossible here.")
    factor = (math.sqrt(times) + math.sqrt(shared)) / math.sqrt(1 - shared)
    with_outcome = factor**2 * r2_outcome / (1 - r2_outcome)
    return with_treatment, min(with_outcome, 1.0)


def _linear_only(fit: Fit, term: str) -> int:
    if fit.family != "linear":
        raise StatsError(
            f"Omitted variable bias has this closed form for linear models only; a {fit.family} "
            "coefficient also changes when harmless covariates enter. Fit the linear model."
        )
    if fit.errors != "classical":
        raise StatsError(
            f"The statistics need classical standard errors (they stand for residual variance), "
            f"but the fit has {fit.errors}; refit with errors='classical'."
        )
    if term == CONSTANT:
        raise StatsError("The constant has no confounders; name a covariate.")
    return fit.index(term)


def fit_robustness(fit: Fit, term: str, q: float = 1.0, alpha: float = 0.05) -> Robustness:
    """`robustness` of one term of a fitted linear model.

    Raises
    ------
    StatsError
        Logit, probit or Firth fits, robust standard errors, unknown terms: with the reason.
    """
    j = _linear_only(fit, term)
    return robustness(float(fit.estimate[j]), float(fit.std_error[j]), fit.df, q, alpha)


def benchmarks(
    fit: Fit,
    term: str,
    covariates: Sequence[str],
    times: Sequence[float] = (1.0, 2.0, 3.0),
    alpha: float = 0.05,
) -> tuple[Benchmark, ...]:
    """Adjust a linear coefficient for confounders as strong as observed covariates.

    Parameters
    ----------
    fit : Fit
        Linear model with classical errors.
    term : str
        The treatment.
    covariates : sequence of str
        Observed covariates of the model to measure against.
    times : sequence of float
        Multiples of their strength.

    Returns
    -------
    tuple of Benchmark
        Covariates times multiples; multiples the data rule out are left out.

    Raises
    ------
    StatsError
        As in `fit_robustness`, unknown covariates, or the treatment as its own benchmark.
    """
    j = _linear_only(fit, term)
    for name in covariates:
        _linear_only(fit, name)
        if name == term:
            raise StatsError(f"{term!r} is the treatment; measure it against other covariates.")
    columns = [t for t in fit.terms if t not in (term, CONSTANT)]
    others = pd.DataFrame(fit.design[:, [fit.index(t) for t in columns]], columns=columns)
    treatment = least_squares(fit.design[:, j], others)
    estimate, error = float(fit.estimate[j]), float(fit.std_error[j])
    found = []
    for name in covariates:
        outcome_t = float(fit.statistic[fit.index(name)])
        treatment_t = float(treatment.statistic[treatment.index(name)])
        r2_outcome = outcome_t**2 / (outcome_t**2 + fit.df)
        r2_treatment = treatment_t**2 / (treatment_t**2 + treatment.df)
        for k in times:
            try:
                strength = benchmark_strength(r2_treatment, r2_outcome, k)
            except StatsError:
                if k <= 0:
                    raise
                continue
            found.append(Benchmark(name, k, adjusted(estimate, error, fit.df, *strength, alpha)))
    return tuple(found)


def contours(
    estimate: float,
    std_error: float,
    df: float,
    quantity: Literal["estimate", "t"] = "estimate",
    limit: float = 0.4,
    steps: int = 81,
) -> Contours:
    """Adjusted estimate or t on a grid of confounder strengths.

    Parameters
    ----------
    limit : float
        Largest partial R2 on both axes, below 1.
    steps : int
        Grid points an axis, 2 to 1,000.

    Raises
    ------
    StatsError
        Impossible statistics, limit, steps or quantity.
    """
    _check_statistic(std_error, df)
    if not 0 < limit < 1:
        raise StatsError(f"limit is {limit}, but a partial R2 axis must end between 0 and 1.")
    if not 2 <= steps <= 1000:
        raise StatsError(f"steps is {steps}; choose between 2 and 1000 grid points.")
    if quantity not in ("estimate", "t"):
        raise StatsError(f"Unknown quantity {quantity!r}; choose 'estimate' or 't'.")
    axis = np.linspace(0, limit, steps)
    value, error = _adjust(estimate, std_error, df, axis[None, :], axis[:, None])
    return Contours(quantity, axis, axis, value if quantity == "estimate" else value / error)


def contour_line(
    estimate: float, std_error: float, df: float, value: float, r2_treatment: ArrayLike
) -> Array:
    """Strength with the outcome that moves the estimate to `value`, for given strengths.

    Parameters
    ----------
    estimate, std_error, df
        As in `robustness`.
    value : float
        Adjusted estimate, nearer to zero than `estimate` or beyond zero.
    r2_treatment : array_like, shape (m,)
        Partial R2 of the confounder with the treatment, 0 <= each < 1.

    Returns
    -------
    ndarray, shape (m,)
        Partial R2 with the outcome; NaN where even 1 does not move the estimate so far.

    Raises
    ------
    StatsError
        Impossible statistics or shares, or a value that no such confounder gives.

    References
    ----------
    Cinelli & Hazlett (2020), equation 7 solved for the strength with the outcome.
    """
    _check_statistic(std_error, df)
    shares = np.asarray(r2_treatment, dtype=float)
    _check_share(shares, "r2_treatment", below_one=True)
    move = abs(estimate) - math.copysign(1.0, estimate) * value
    if move < 0:
        raise StatsError(
            f"A confounder that inflates the estimate {estimate:g} cannot have hidden {value:g}."
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        outcome = (move / std_error) ** 2 / df * (1 - shares) / shares
    return np.where(outcome <= 1, outcome, np.nan)


def _e_value(ratio: float) -> float:
    ratio = 1 / ratio if ratio < 1 else ratio
    return ratio + math.sqrt(ratio * (ratio - 1))


def e_value(ratio: float, low: float | None = None, high: float | None = None) -> EValue:
    """E-value of a risk ratio and of its confidence limit nearer to 1.

    Parameters
    ----------
    ratio, low, high : float
        Risk ratio and, if known, its limits; all positive, low <= ratio <= high.

    Returns
    -------
    EValue
        The risk ratio that a confounder would need with both treatment and outcome.

    Raises
    ------
    StatsError
        Ratios not positive and finite, one limit only, or limits in the wrong order.

    References
    ----------
    VanderWeele & Ding (2017) Annals of Internal Medicine 167:268-274.
    """
    for value in (ratio, low, high):
        if value is not None and not (math.isfinite(value) and value > 0):
            raise StatsError(f"{value} is not a risk ratio; it must be a positive finite number.")
    if (low is None) != (high is None):
        raise StatsError("Give both confidence limits or neither.")
    if low is None or high is None:
        return EValue(_e_value(ratio), None)
    if not low <= ratio <= high:
        raise StatsError("The limits must enclose the risk ratio: low <= ratio <= high.")
    if low <= 1 <= high:
        return EValue(_e_value(ratio), 1.0)
    return EValue(_e_value(ratio), _e_value(low if ratio > 1 else high))


def e_value_of_odds_ratio(
    ratio: float, low: float | None = None, high: float | None = None, rare: bool = False
) -> EValue:
    """E-value of an odds ratio.

    Parameters
    ----------
    rare : bool
        The outcome is rare (below about 15 percent) at the end of follow-up, so that odds
        and risk ratios agree. Otherwise the square root of the odds ratio stands in for the
        risk ratio.

    Raises
    ------
    StatsError
        As in `e_value`.

    References
    ----------
    VanderWeele & Ding (2017); VanderWeele (2017) for the square root.
    """
    for value in (ratio, low, high):
        if value is not None and not (math.isfinite(value) and value > 0):
            raise StatsError(f"{value} is not an odds ratio; it must be a positive finite number.")
    if rare:
        return e_value(ratio, low, high)
    return e_value(
        math.sqrt(ratio),
        None if low is None else math.sqrt(low),
        None if high is None else math.sqrt(high),
    )


def _check_selection(strength: float, draws: int) -> None:
    if not 0 <= strength <= 1:
        raise StatsError(f"strength is {strength}, but a forecast's correlation lies in 0..1.")
    if not 100 <= draws <= MAX_DRAWS:
        raise StatsError(f"draws is {draws}; choose between 100 and {MAX_DRAWS:,}.")


def _normals(size: int, draws: int, seed: int) -> Iterable[tuple[Array, Array]]:
    """Return the random numbers of all draws, a chunk at a time; a single chunk is kept."""
    if draws <= _CHUNK:
        return (_one_chunk(size, draws, seed),)
    rng = np.random.default_rng(seed)
    return (_chunk(rng, min(_CHUNK, draws - at), size) for at in range(0, draws, _CHUNK))


@lru_cache(maxsize=1)
def _one_chunk(size: int, draws: int, seed: int) -> tuple[Array, Array]:
    return _chunk(np.random.default_rng(seed), draws, size)


def _chunk(rng: np.random.Generator, rows: int, size: int) -> tuple[Array, Array]:
    # Sorting the latent prospects marks the released: the first columns.
    latent = -np.sort(-rng.standard_normal((rows, size)), axis=1)
    return latent, rng.standard_normal((rows, size))


@lru_cache(maxsize=512)
def _shares(strength: float, n: int, m: int, released: int, draws: int, seed: int) -> Array:
    """Share of draws with 0, 1, ..., n releases among the n picked of n + m.

    The seed gives every strength the same random numbers, so curves are smooth and a
    bisection on them is sound.
    """
    total = np.zeros(n + 1)
    noise = math.sqrt(1 - strength**2)
    for latent, other in _normals(n + m, draws, seed):
        forecast = strength * latent + noise * other
        least = np.partition(forecast, m, axis=1)[:, m, None]  # the forecast of the last picked
        total += np.bincount((forecast[:, :released] >= least).sum(axis=1), minlength=n + 1)
    shares = total / draws
    shares.setflags(write=False)  # cached: nobody may change it
    return shares


def selection(
    strength: float,
    a: float = 17,
    n: float = 19,
    b: float = 11,
    m: float = 21,
    draws: int = 20_000,
    seed: int = 2015,
) -> Selection:
    """Simulate officials who pick the cases they expect to win, with no effect of picking.

    Every woman of a list of n + m has a latent prospect, standard normal; the a + b with the
    best prospects are released whatever the officials do. Officials forecast the prospect
    with correlation `strength` and pick the n best forecasts.

    Parameters
    ----------
    strength : float
        Correlation of forecast and prospect, 0 (a lottery) to 1 (perfect foresight).
    a, n, b, m : int
        Observed: a of the n picked and b of the m others were released.
    draws, seed : int
        Simulated selections (100 to 1,000,000) and seed.

    Returns
    -------
    Selection
        `tail` is the probability of at least `a` releases among the picked. At strength 0
        it is Fisher's one-sided p value up to simulation error.

    Raises
    ------
    StatsError
        Impossible counts, strength or draws; nobody or everybody released.

    Notes
    -----
    An illustration under stated assumptions, not an estimate. The number of releases is
    held at a + b, as a permutation test does. Monte Carlo error of `tail` is at most
    0.5 / sqrt(draws).
    """
    a, n, b, m = _selection_counts(a, n, b, m)
    _check_selection(strength, draws)
    probability = _shares(float(strength), n, m, a + b, draws, seed)
    return _as_selection(strength, probability, a, n, b, m, draws)


def _selection_counts(a: float, n: float, b: float, m: float) -> tuple[int, int, int, int]:
    counts = check_counts(a, n, b, m)
    if counts[0] + counts[2] in (0, counts[1] + counts[3]):
        raise StatsError("All outcomes are alike, so no selection can make a difference.")
    return counts


def _as_selection(
    strength: float, probability: Array, a: int, n: int, b: int, m: int, draws: int
) -> Selection:
    count = np.arange(n + 1)
    difference = count / n - (a + b - count) / m
    reachable = (a + b - count >= 0) & (a + b - count <= m)
    return Selection(
        strength,
        a / n - b / m,
        float(probability[a:].sum()),
        float((difference * probability)[reachable].sum()),
        draws,
        count[reachable],
        difference[reachable],
        probability[reachable],
    )


def selection_curve(
    strengths: Sequence[float],
    a: float = 17,
    n: float = 19,
    b: float = 11,
    m: float = 21,
    draws: int = 20_000,
    seed: int = 2015,
) -> pd.DataFrame:
    """Run `selection` over several strengths with the same random numbers.

    Returns
    -------
    DataFrame
        strength, tail (probability of the observed or more), mean (expected gap).
    """
    runs = [selection(s, a, n, b, m, draws, seed) for s in strengths]
    return pd.DataFrame(
        {
            "strength": [r.strength for r in runs],
            "tail": [r.tail for r in runs],
            "mean": [r.mean for r in runs],
        }
    )
