"""Make two groups comparable: balance, overlap, weighting and matching, before and after."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike, NDArray

from helpers.stats.errors import StatsError
from helpers.stats.release import Effect, Fit, binary_column, fit_release

Array = NDArray[np.float64]
Estimand = Literal["ATT", "ATE"]


@dataclass(frozen=True)
class Overlap:
    """Where the propensity scores of both groups lie; ranges are (lowest, highest).

    `common` is the range both share, None when they share none; the counts say how many
    rows of each group lie outside it.
    """

    treated: tuple[float, float]
    control: tuple[float, float]
    common: tuple[float, float] | None
    treated_outside: int
    control_outside: int


@dataclass(frozen=True)
class Matching:
    """Nearest neighbors: `pairs` of row positions (treated, control), and who found none.

    `weights` (one a row) is 1 for a matched treated row, the summed shares for a control,
    and 0 for rows left out.
    """

    pairs: tuple[tuple[int, int], ...]
    unmatched: tuple[int, ...]
    weights: Array = field(repr=False)


def _groups(treated: ArrayLike, rows: int | None = None) -> NDArray[np.bool_]:
    column = binary_column(treated, "treated column") == 1
    if rows is not None and len(column) != rows:
        raise StatsError(f"The treated column has {len(column)} rows but the data have {rows}.")
    return column


def _numbers(covariates: pd.DataFrame) -> Array:
    if covariates.shape[1] == 0:
        raise StatsError("Balance needs at least one covariate.")
    for name in covariates:
        column = covariates[name]
        numeric = pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)
        if not numeric:
            raise StatsError(f"Column {name!r} is not numeric; recode it as numbers or dummies.")
        if not np.isfinite(column.to_numpy(float)).all():
            raise StatsError(f"Column {name!r} has missing or infinite values; drop or fill them.")
    return covariates.to_numpy(float)


def _weights(weights: ArrayLike | None, group: NDArray[np.bool_]) -> Array:
    if weights is None:
        return np.ones(len(group))
    values = np.asarray(weights, dtype=float).ravel()
    if len(values) != len(group):
        raise StatsError(f"There are {len(values)} weights for {len(group)} rows.")
    if not (np.isfinite(values).all() and (values >= 0).all()):
        raise StatsError("Weights must be finite and not negative.")
    for side, name in ((group, "treated"), (~group, "control")):
        if values[side].sum() <= 0:
            raise StatsError(f"Every {name} row has weight 0, so there is no group to compare.")
    return values


def _check_estimand(estimand: str) -> None:
    if estimand not in ("ATT", "ATE"):
        raise StatsError(f"Unknown estimand {estimand!r}; choose 'ATT' or 'ATE'.")


def balance_table(
    treated: ArrayLike,
    covariates: pd.DataFrame,
    weights: ArrayLike | None = None,
    estimand: Estimand = "ATT",
) -> pd.DataFrame:
    """Standardized mean differences, weighted or not.

    Parameters
    ----------
    treated : array-like, shape (n,)
        0/1.
    covariates : DataFrame, shape (n, p)
        Numeric columns.
    weights : array-like, shape (n,), optional
        Not negative; all 1 when left out.
    estimand : {"ATT", "ATE"}
        Scale: the standard deviation of the treated (ATT), or the root mean square of both
        groups' (ATE). It is taken before weighting, so before and after are comparable.

    Returns
    -------
    DataFrame, shape (p, 4)
        covariate, mean_treated, mean_control, smd. A covariate without spread has smd 0
        when the means agree and plus or minus infinity when they do not.

    Raises
    ------
    StatsError
        Bad treated column, covariates or weights; fewer than two rows in a group.

    References
    ----------
    Austin (2009) Statistics in Medicine 28; Stuart (2010) Statistical Science 25.
    """
    _check_estimand(estimand)
    x = _numbers(covariates)
    group = _groups(treated, len(x))
    w = _weights(weights, group)
    if min(group.sum(), (~group).sum()) < 2:
        raise StatsError("A standard deviation needs at least two rows in each group.")
    means = [np.average(x[side], axis=0, weights=w[side]) for side in (group, ~group)]
    variances = [x[side].var(axis=0, ddof=1) for side in (group, ~group)]
    scale = np.sqrt(variances[0] if estimand == "ATT" else (variances[0] + variances[1]) / 2)
    gap = means[0] - means[1]
    # Two weighted means of one constant may differ in the last digit: that is no difference.
    gap = np.where(np.abs(gap) <= 1e-12 * np.abs(x).max(axis=0), 0.0, gap)
    with np.errstate(divide="ignore", invalid="ignore"):
        smd = np.where(gap == 0, 0.0, gap / scale)
    return pd.DataFrame(
        {
            "covariate": [str(c) for c in covariates],
            "mean_treated": means[0],
            "mean_control": means[1],
            "smd": smd,
        }
    )


def propensity_score(
    treated: ArrayLike,
    covariates: pd.DataFrame,
    family: Literal["logit", "probit", "firth"] = "logit",
) -> Array:
    """Probability of being treated given covariates.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    SeparationError
        A covariate gives the group away; it is named. The Firth family still answers.
    StatsError
        Bad columns (see `release.fit_release`).

    References
    ----------
    Rosenbaum & Rubin (1983) Biometrika 70.
    """
    if family not in ("logit", "probit", "firth"):
        raise StatsError(f"Unknown family {family!r}; choose 'logit', 'probit' or 'firth'.")
    _groups(treated, len(covariates))
    fit: Fit = fit_release(treated, covariates, family)
    # Row by row, so that like rows have the same score to the last digit, and tie.
    linear = (fit.design * fit.estimate).sum(axis=1)
    probability = (
        scipy.stats.norm.cdf(linear) if family == "probit" else scipy.special.expit(linear)
    )
    return np.asarray(probability, dtype=float)


def _score(score: ArrayLike, rows: int) -> Array:
    values = np.asarray(score, dtype=float).ravel()
    if len(values) != rows:
        raise StatsError(f"There are {len(values)} scores for {rows} rows.")
    if not np.isfinite(values).all():
        raise StatsError("The scores have missing or infinite values.")
    return values


def overlap(treated: ArrayLike, score: ArrayLike) -> Overlap:
    """Compare the ranges of a score in both groups.

    Raises
    ------
    StatsError
        Bad treated column, missing scores, unequal lengths.
    """
    group = _groups(treated)
    values = _score(score, len(group))
    one, zero = values[group], values[~group]
    low, high = max(one.min(), zero.min()), min(one.max(), zero.max())
    common = (float(low), float(high)) if low <= high else None
    return Overlap(
        (float(one.min()), float(one.max())),
        (float(zero.min()), float(zero.max())),
        common,
        int(((one < low) | (one > high)).sum()) if common else len(one),
        int(((zero < low) | (zero > high)).sum()) if common else len(zero),
    )


def inverse_probability_weights(
    treated: ArrayLike, score: ArrayLike, estimand: Estimand = "ATT"
) -> Array:
    """Weights that make the groups look alike in the covariates behind the score.

    Returns
    -------
    ndarray, shape (n,)
        ATT: 1 for the treated, score / (1 - score) for controls. ATE: 1 / score and
        1 / (1 - score). Not normalized.

    Raises
    ------
    StatsError
        Scores not strictly between 0 and 1, bad treated column, unknown estimand.

    References
    ----------
    Hirano, Imbens & Ridder (2003) Econometrica 71.
    """
    _check_estimand(estimand)
    group = _groups(treated)
    e = _score(score, len(group))
    if (e <= 0).any() or (e >= 1).any():
        raise StatsError(
            "Propensity scores must lie strictly between 0 and 1; a score of 0 or 1 means some "
            "rows have no counterpart."
        )
    if estimand == "ATT":
        return np.where(group, 1.0, e / (1 - e))
    return np.where(group, 1 / e, 1 / (1 - e))


def effective_sample_size(weights: ArrayLike) -> float:
    """Kish's effective number of rows: (sum of weights) squared over sum of squares.

    Raises
    ------
    StatsError
        No weights, negative, missing, or all zero.
    """
    w = np.asarray(weights, dtype=float).ravel()
    if w.size == 0 or not np.isfinite(w).all() or (w < 0).any() or w.sum() == 0:
        raise StatsError("Weights must be finite, not negative and not all zero.")
    return float(w.sum() ** 2 / (w**2).sum())


def entropy_weights(
    treated: ArrayLike, covariates: pd.DataFrame, moments: Literal[1, 2] = 1
) -> Array:
    """Reweight controls so that their moments equal those of the treated exactly.

    Parameters
    ----------
    treated : array-like, shape (n,)
        0/1.
    covariates : DataFrame, shape (n, p)
        Numeric columns.
    moments : {1, 2}
        Balance means only, or means and squares (for columns with more than two values).

    Returns
    -------
    ndarray, shape (n,)
        1 for the treated; controls positive, summing to the number of treated, as close to
        equal (in entropy) as balance allows.

    Raises
    ------
    StatsError
        No weights can balance (the covariate whose treated mean lies outside the range of
        the controls is named), or bad columns.

    Notes
    -----
    Newton's method on the convex dual; gaps in moments are at most 1e-8 standard
    deviations on return.

    References
    ----------
    Hainmueller (2012) Political Analysis 20:25-46.
    """
    if moments not in (1, 2):
        raise StatsError(f"moments is {moments}; choose 1 (means) or 2 (means and squares).")
    x = _numbers(covariates)
    group = _groups(treated, len(x))
    names = [str(c) for c in covariates]
    if moments == 2:
        many = [j for j in range(x.shape[1]) if len(np.unique(x[:, j])) > 2]
        centered = x - x.mean(axis=0)
        x = np.column_stack([x, centered[:, many] ** 2])
        names += [f"{names[j]} squared" for j in many]
    scale = x.std(axis=0)
    gaps = (x[~group] - x[group].mean(axis=0)) / np.where(scale > 0, scale, 1.0)
    shares = _solve_dual(gaps)
    if shares is None:
        raise StatsError(_why_unbalanced(gaps, names))
    weights = np.ones(len(x))
    weights[~group] = shares * group.sum()
    return weights


def _solve_dual(gaps: Array) -> Array | None:
    """Shares (sum 1) with weighted mean gap zero, or None when Newton finds none."""

    def at(direction: Array) -> tuple[float, Array, Array]:
        exponent = gaps @ direction
        top = exponent.max()
        raw = np.exp(exponent - top)
        shares = raw / raw.sum()
        return float(top + math.log(raw.sum())), shares, shares @ gaps

    direction = np.zeros(gaps.shape[1])
    value, shares, slope = at(direction)
    for _ in range(200):
        if np.abs(slope).max() <= 1e-10:
            return shares
        curvature = (gaps * shares[:, None]).T @ gaps - np.outer(slope, slope)
        # Least squares, so that redundant columns do no harm.
        step = -np.linalg.lstsq(curvature, slope, rcond=1e-12)[0]
        size = 1.0
        while size > 1e-10:
            trial = at(direction + size * step)
            if trial[0] <= value + 1e-4 * size * float(slope @ step):
                break
            size /= 2
        else:
            break
        direction = direction + size * step
        value, shares, slope = trial
    return shares if np.abs(slope).max() <= 1e-8 else None


def _why_unbalanced(gaps: Array, names: list[str]) -> str:
    outside = [
        name
        for name, low, high in zip(names, gaps.min(axis=0), gaps.max(axis=0), strict=True)
        if low > 0 or high < 0
    ]
    if outside:
        return (
            f"No weights can balance {', '.join(outside)}: the mean of the treated lies outside "
            "the range of the controls; drop it or restrict the sample."
        )
    feasible = scipy.optimize.linprog(
        np.zeros(len(gaps)),
        A_eq=np.vstack([gaps.T, np.ones(len(gaps))]),
        b_eq=np.r_[np.zeros(gaps.shape[1]), 1.0],
        method="highs",
    )
    detail = "only with some controls dropped" if feasible.status == 0 else "not at all"
    return (
        f"The covariates together can be balanced {detail}; use fewer of them "
        f"({', '.join(names)}) or a coarser coding."
    )


def match_nearest(
    treated: ArrayLike,
    score: ArrayLike,
    replace: bool = False,
    caliper: float | None = None,
    ratio: int = 1,
) -> Matching:
    """Greedy nearest-neighbor matching on a score.

    Parameters
    ----------
    treated : array-like, shape (n,)
        0/1.
    score : array-like, shape (n,)
        Propensity score or its logit.
    replace : bool
        Whether a control may serve several treated rows.
    caliper : float, optional
        Largest distance allowed, in standard deviations of the score.
    ratio : int
        Controls sought for each treated row.

    Returns
    -------
    Matching
        Treated rows choose in order of falling score (the hardest to match first); ties go
        to the earlier row. Treated rows without any control within reach are `unmatched`.

    Raises
    ------
    StatsError
        Bad columns, ratio below 1, caliper not positive, or no match at all.

    References
    ----------
    Rosenbaum & Rubin (1985) The American Statistician 39; order as in MatchIt.
    """
    group = _groups(treated)
    values = _score(score, len(group))
    if ratio < 1 or int(ratio) != ratio:
        raise StatsError(f"ratio is {ratio}; ask for one or more controls each.")
    if caliper is not None and not caliper > 0:
        raise StatsError(f"caliper is {caliper}; it must be positive, such as 0.2.")
    reach = math.inf if caliper is None else caliper * float(values.std(ddof=1))
    rows = np.flatnonzero(group)
    rows = rows[np.argsort(-values[rows], kind="stable")]
    free = ~group
    weights = np.zeros(len(group))
    pairs: list[tuple[int, int]] = []
    unmatched: list[int] = []
    for i in rows:
        distance = np.where(free, np.abs(values - values[i]), np.inf)
        near = np.argsort(distance, kind="stable")[: int(ratio)]
        chosen = [int(j) for j in near if distance[j] <= reach and math.isfinite(distance[j])]
        if not chosen:
            unmatched.append(int(i))
            continue
        weights[i] = 1.0
        for j in chosen:
            weights[j] += 1 / len(chosen)
            pairs.append((int(i), j))
            if not replace:
                free[j] = False
    if not pairs:
        raise StatsError("No treated row has a control within the caliper; widen it.")
    return Matching(tuple(pairs), tuple(sorted(unmatched)), weights)


def weighted_difference(
    outcome: ArrayLike,
    treated: ArrayLike,
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> Effect:
    """Difference in (weighted) mean outcomes, treated minus control.

    Parameters
    ----------
    outcome : array-like, shape (n,)
        Numeric.
    treated, weights
        As in `balance_table`.
    level : float
        Confidence level.

    Returns
    -------
    Effect
        In units of the outcome, with an HC1 standard error of the weighted regression on
        the group. It takes the weights as given: that they were estimated is not in it.
        Where no outcome varies within a group (a clean split) nothing measures an error:
        `std_error`, `low` and `high` are NaN.

    Raises
    ------
    StatsError
        Bad columns or level, or fewer than three rows with weight.
    """
    group = _groups(treated)
    w = _weights(weights, group)
    y = np.asarray(outcome, dtype=float).ravel()
    if len(y) != len(group):
        raise StatsError(f"The outcome has {len(y)} rows but the treated column {len(group)}.")
    if not np.isfinite(y).all():
        raise StatsError("The outcome has missing or infinite values; drop those rows first.")
    if not 0 < level < 1:
        raise StatsError(f"level is {level}, but it must lie between 0 and 1, such as 0.95.")
    kept = w > 0
    if kept.sum() < 3:
        raise StatsError("Fewer than three rows have weight; there is no spread to measure.")
    import statsmodels.api as sm

    design = sm.add_constant(group[kept].astype(float))
    fit = sm.WLS(y[kept], design, weights=w[kept]).fit(cov_type="HC1")
    estimate, error = float(fit.params[1]), float(fit.bse[1])
    within = [np.ptp(y[kept & side]) for side in (group, ~group)]
    if max(within) <= 1e-12 * np.abs(y[kept]).max():
        error = math.nan
    reach = float(scipy.stats.norm.isf((1 - level) / 2)) * error
    return Effect(
        "difference in means", "treated", estimate, error, estimate - reach, estimate + reach, level
    )


def before_and_after(
    outcome: ArrayLike,
    treated: ArrayLike,
    covariates: pd.DataFrame,
    caliper: float | None = 0.2,
    level: float = 0.95,
) -> pd.DataFrame:
    """Effect on the treated as observed, weighted two ways, and matched.

    Parameters
    ----------
    outcome, treated, covariates
        As in `weighted_difference` and `balance_table`.
    caliper : float, optional
        Caliper of the matching, in standard deviations of the score.
    level : float
        Confidence level.

    Returns
    -------
    DataFrame, shape (4, 8)
        method, estimate, std_error, low, high, worst_smd (largest absolute standardized
        difference left), controls (their effective number), problem (empty, or the sentence
        that says why a method has no answer; its numbers are then NaN).

    Raises
    ------
    StatsError
        Bad outcome, treated column or covariates.
    """
    group = _groups(treated, len(covariates))

    def probability() -> Array:
        return propensity_score(treated, covariates)

    ways: dict[str, Callable[[], Array]] = {
        "as observed": lambda: np.ones(len(group)),
        "inverse probability": lambda: inverse_probability_weights(treated, probability()),
        "entropy balancing": lambda: entropy_weights(treated, covariates),
        "nearest neighbor": lambda: match_nearest(treated, probability(), caliper=caliper).weights,
    }
    rows: list[dict[str, str | float]] = []
    for method, weigh in ways.items():
        try:
            w = weigh()
        except StatsError as error:
            rows.append({"method": method, "problem": str(error)})
            continue
        effect = weighted_difference(outcome, treated, w, level)
        table = balance_table(treated, covariates, w)
        rows.append(
            {
                "method": method,
                "estimate": effect.estimate,
                "std_error": effect.std_error,
                "low": effect.low,
                "high": effect.high,
                "worst_smd": float(table["smd"].abs().max()),
                "controls": effective_sample_size(w[~group]),
                "problem": "",
            }
        )
    columns = ["method", "estimate", "std_error", "low", "high", "worst_smd", "controls", "problem"]
    return pd.DataFrame(rows, columns=columns)
