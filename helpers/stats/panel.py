"""Panel regression of an outcome per person and month, with effects and clustered errors.

Fixed effects are absorbed exactly (Frisch, Waugh and Lovell): the outcome and the regressors
are replaced by what the dummies cannot explain. Every absorbed dummy counts as a parameter,
so that results equal those of a regression that writes all dummies out.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from helpers.stats.errors import StatsError

Errors = Literal["classical", "HC1", "cluster", "two-way"]
Weights = Literal["rademacher", "webb"]
Array = NDArray[np.float64]

ERRORS: Final[tuple[Errors, ...]] = ("classical", "HC1", "cluster", "two-way")
WEIGHTS: Final[dict[Weights, tuple[float, ...]]] = {
    "rademacher": (-1.0, 1.0),
    "webb": tuple(s * (k / 2) ** 0.5 for s in (-1, 1) for k in (1, 2, 3)),
}
# A residual this small against the column itself is rounding: the column is explained.
COLLINEAR: Final = 1e-9


class ConvergenceError(StatsError):
    """The likelihood of a model could not be maximized."""


@dataclass(frozen=True)
class PanelFit:
    """A fitted panel model; arrays follow `terms` (the regressors, not the absorbed effects).

    Estimates are in units of the outcome (least squares) or of its log mean (negative
    binomial). `parameters` counts effects, constant and dispersion. `df` is the reference of
    the t statistics, infinite for a normal reference; `clusters` counts the groups of each
    way of clustering. `dispersion` and `log_likelihood` are NaN for least squares.
    """

    terms: tuple[str, ...]
    estimate: Array
    covariance: Array
    errors: Errors
    n: int
    parameters: int
    df: float
    clusters: tuple[int, ...]
    dispersion: float
    log_likelihood: float

    @property
    def standard_error(self) -> Array:
        """Square roots of the diagonal of `covariance`."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    @property
    def p_value(self) -> Array:
        """Two-sided p values from Student's t with `df` degrees of freedom."""
        t = np.abs(self.estimate / self.standard_error)
        tail = scipy.stats.norm.sf(t) if np.isinf(self.df) else scipy.stats.t.sf(t, self.df)
        return np.asarray(2 * tail)

    def interval(self, level: float = 0.95) -> Array:
        """Confidence limits, shape (terms, 2), in units of the estimates."""
        if not 0 < level < 1:
            raise StatsError(f"The level is {level}; give a number between 0 and 1.")
        tail = (1 + level) / 2
        width = (
            scipy.stats.norm.ppf(tail) if np.isinf(self.df) else scipy.stats.t.ppf(tail, self.df)
        )
        half = width * self.standard_error
        return np.column_stack([self.estimate - half, self.estimate + half])


@dataclass(frozen=True)
class WildBootstrap:
    """A wild cluster bootstrap test that one coefficient is zero.

    `t` is the clustered t statistic; `p_value` the share of bootstrap |t| at least as large.
    `draws` counts the sets of weights used, all possible ones where `enumerated`.
    """

    term: str
    t: float
    p_value: float
    draws: int
    enumerated: bool
    clusters: int


@dataclass(frozen=True)
class _Design:
    """Outcome and regressors net of the effects, with the basis that took them out."""

    terms: tuple[str, ...]
    y: Array
    x: Array
    basis: Array

    @property
    def parameters(self) -> int:
        return self.x.shape[1] + self.basis.shape[1]


def panel_regression(
    frame: pd.DataFrame,
    outcome: str,
    regressors: Sequence[str],
    *,
    effects: Sequence[str] = (),
    errors: Errors = "HC1",
    clusters: Sequence[str] = (),
) -> PanelFit:
    """Least squares with absorbed effects.

    Parameters
    ----------
    frame
        One row a person and month, shape (n, columns).
    outcome, regressors
        Numeric columns; an event study gives one 0/1 column for each month of interest.
    effects
        Columns (person, country, year) each value of which gets its own intercept. Effects
        nested in one another are allowed: what repeats is dropped once.
    errors
        "classical"; "HC1" (unequal variances, factor n / (n - p)); "cluster" (factor
        G / (G - 1) * (n - 1) / (n - p)); "two-way".
    clusters
        One column for "cluster", two for "two-way".

    Raises
    ------
    StatsError
        On an empty frame, a missing column or value, a constant or collinear regressor, no
        more rows than parameters, a single cluster, or a clustered variance that is negative
        (two-way) or zero (dummies of periods, clustered by those periods).

    Notes
    -----
    Two-way errors add the matrices clustered each way and subtract the one clustered on
    both, each with its own factor: Cameron, Gelbach and Miller, Journal of Business &
    Economic Statistics 29 (2011), 238-249. HC1: MacKinnon and White, Journal of
    Econometrics 29 (1985), 305-325.
    """
    ways = _ways(errors, clusters)
    _check(frame, [outcome, *regressors], [*effects, *ways])
    design = _design(frame, outcome, regressors, effects)
    n, p = len(frame), design.parameters
    inverse = np.linalg.inv(design.x.T @ design.x)
    estimate = inverse @ (design.x.T @ design.y)
    residual = design.y - design.x @ estimate
    # Relative to the outcome: fits without any error left have no standard errors.
    if np.linalg.norm(residual) <= COLLINEAR * float(
        np.linalg.norm(frame[outcome].to_numpy(dtype=float))
    ):
        raise StatsError(
            f"'{outcome}' is explained exactly by the effects and regressors, so there is no "
            "standard error; leave some out."
        )
    scores = design.x * residual[:, None]
    codes = [_codes(frame, way) for way in ways]
    counts = tuple(int(c.max()) + 1 for c in codes)
    df = float(n - p)
    if errors == "classical":
        covariance = inverse * (residual @ residual) / (n - p)
    elif errors == "HC1":
        covariance = inverse @ (scores.T @ scores) @ inverse * n / (n - p)
    else:
        meat = sum(_meat(scores, c, p) for c in codes)
        if errors == "two-way":
            both = frame.groupby(list(ways), sort=False, observed=True).ngroup().to_numpy()
            meat = meat - _meat(scores, both, p)
        covariance = inverse @ meat @ inverse
        df = float(min(counts) - 1)
    variance = np.diag(covariance)
    plain = np.diag(inverse) * (residual @ residual) / (n - p)
    if (np.abs(variance) <= COLLINEAR**2 * plain).any():
        nil = design.terms[int(np.argmin(np.abs(variance) / plain))]
        raise StatsError(
            f"The clustered variance of '{nil}' is zero because residuals cancel within each "
            "cluster (periods clustered by period); cluster by person."
        )
    if (variance < 0).any():
        raise StatsError(
            "A two-way clustered variance came out negative, which happens with few clusters; "
            "cluster one way."
        )
    return PanelFit(
        design.terms, estimate, covariance, errors, n, p, df, counts, float("nan"), float("nan")
    )


def wild_cluster_bootstrap(
    frame: pd.DataFrame,
    outcome: str,
    regressors: Sequence[str],
    term: str,
    *,
    cluster: str,
    effects: Sequence[str] = (),
    weights: Weights = "rademacher",
    draws: int = 9999,
    seed: int = 0,
) -> WildBootstrap:
    """Test that the coefficient of `term` is zero when clusters are few.

    The model is fitted with that coefficient held at zero; its residuals are multiplied by
    one random weight a cluster, and the clustered t statistic is computed again each time.
    All sets of weights are used when there are no more than `draws` of them (Rademacher:
    2 to the number of clusters; Webb: 6 to that number).

    Raises
    ------
    StatsError
        As `panel_regression`, and on an unknown term, unknown weights or fewer than 1 draw.

    Notes
    -----
    Cameron, Gelbach and Miller, Review of Economics and Statistics 90 (2008), 414-427;
    six-point weights: Webb, Canadian Journal of Economics 56 (2023), 839-858.
    """
    if term not in regressors:
        raise StatsError(f"'{term}' is not among the regressors; test one of them.")
    if weights not in WEIGHTS:
        raise StatsError(f"Weights '{weights}' are not known; use one of {', '.join(WEIGHTS)}.")
    if draws < 1:
        raise StatsError(f"{draws} draws were asked for; ask for at least 1.")
    fit = panel_regression(
        frame, outcome, regressors, effects=effects, errors="cluster", clusters=[cluster]
    )
    design = _design(frame, outcome, regressors, effects)
    j = design.terms.index(term)
    t = float(fit.estimate[j] / fit.standard_error[j])
    codes, groups = _codes(frame, cluster), fit.clusters[0]

    others = np.delete(design.x, j, axis=1)
    restricted = design.y - others @ np.linalg.lstsq(others, design.y, rcond=None)[0]
    # Both the new coefficient and the new scores are linear in the weights, so a G x G matrix
    # holds all that a draw needs.
    by_cluster = np.zeros((len(frame), groups))
    by_cluster[np.arange(len(frame)), codes] = restricted
    q, _ = np.linalg.qr(design.x)
    left = by_cluster - design.basis @ (design.basis.T @ by_cluster)
    left -= q @ (q.T @ left)
    row = design.x @ np.linalg.inv(design.x.T @ design.x)[:, j]
    numerator = row @ by_cluster
    scores = np.zeros((groups, groups))
    np.add.at(scores, codes, row[:, None] * left)
    factor = _factor(groups, len(frame), design.parameters)

    points = WEIGHTS[weights]
    enumerated = len(points) ** groups <= draws
    if enumerated:
        sets = np.array(list(itertools.product(points, repeat=groups)))
    else:
        sets = np.random.default_rng(seed).choice(points, size=(draws, groups))
    spread = np.sqrt(factor * ((sets @ scores.T) ** 2).sum(axis=1))
    size = np.abs(sets @ numerator)
    # Weights all equal give back the sample: rounding must not decide that tie.
    as_large = size >= abs(t) * spread * (1 - 1e-9)
    return WildBootstrap(term, t, float(as_large.mean()), len(sets), enumerated, groups)


def negative_binomial(
    frame: pd.DataFrame,
    outcome: str,
    regressors: Sequence[str],
    *,
    effects: Sequence[str] = (),
) -> PanelFit:
    """Negative binomial regression of a count, variance mu + dispersion * mu squared.

    Effects enter as dummies. Standard errors come from the observed information (one reason
    among others to compare them with clustered ones of the linear model).

    Raises
    ------
    StatsError
        As `panel_regression`; also when the outcome is not a count, or is zero in all rows of
        one value of an effect or of a 0/1 regressor (its estimate would be minus infinity).
    ConvergenceError
        When the maximum is not found.

    Notes
    -----
    NB2 of Cameron and Trivedi, Regression Analysis of Count Data (2013), fitted by statsmodels.
    """
    _check(frame, [outcome, *regressors], effects)
    y = frame[outcome].to_numpy(dtype=float)
    if (y < 0).any() or (y != np.round(y)).any():
        raise StatsError(f"'{outcome}' must hold counts (0, 1, 2, ...) for a negative binomial.")
    for name in [*effects, *(r for r in regressors if frame[r].isin([0, 1]).all())]:
        top = frame.groupby(name, observed=True)[outcome].max()
        if (top == 0).any():
            raise StatsError(
                f"'{outcome}' is zero in every row where '{name}' is {top.index[top == 0][0]}, "
                "so its effect has no finite estimate; leave these rows out."
            )
    design = _design(frame, outcome, regressors, effects)
    p = design.parameters + 1
    if len(frame) <= p:
        raise StatsError(_too_few(len(frame), p))
    columns = frame[list(regressors)].to_numpy(dtype=float)
    # Columns of unit size, so that no unit of measurement keeps the search from its end.
    unit = columns.std(axis=0)
    unit[unit == 0] = 1.0
    x = np.column_stack([(columns - columns.mean(axis=0)) / unit, design.basis])
    # An orthonormal basis has entries of size 1 / sqrt(n); bring it to the scale of dummies.
    x[:, len(regressors) :] *= np.sqrt(len(frame))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import statsmodels.api as sm

            start = sm.GLM(y, x, family=sm.families.NegativeBinomial(alpha=1.0)).fit()
            model = sm.NegativeBinomial(y, x)
            first = np.append(start.params, 1.0)
            found = model.fit(first, method="bfgs", maxiter=500, gtol=1e-4, disp=0)
            found = model.fit(found.params, method="newton", maxiter=100, tol=1e-12, disp=0)
        except (np.linalg.LinAlgError, ValueError, FloatingPointError) as failure:
            raise ConvergenceError(_not_found(outcome)) from failure
    k = len(regressors)
    covariance = np.asarray(found.cov_params())[:k, :k]
    settled = found.mle_retvals["converged"] and float(found.params[-1]) > 0
    if not settled or not np.isfinite(covariance).all() or (np.diag(covariance) <= 0).any():
        raise ConvergenceError(_not_found(outcome))
    return PanelFit(
        design.terms,
        np.asarray(found.params[:k]) / unit,
        covariance / np.outer(unit, unit),
        "classical",
        len(frame),
        p,
        float("inf"),
        (),
        float(found.params[-1]),
        float(found.llf),
    )


def _ways(errors: Errors, clusters: Sequence[str]) -> tuple[str, ...]:
    if errors not in ERRORS:
        raise StatsError(f"Errors '{errors}' are not known; use one of {', '.join(ERRORS)}.")
    needed = {"cluster": 1, "two-way": 2}.get(errors, 0)
    if len(set(clusters)) != needed or len(clusters) != needed:
        raise StatsError(
            f"'{errors}' errors need {needed} cluster columns and {len(clusters)} were given."
        )
    return tuple(clusters)


def _check(frame: pd.DataFrame, numbers: Sequence[str], labels: Sequence[str]) -> None:
    if frame.empty:
        raise StatsError("There are no rows; give at least one row a person and month.")
    if len(numbers) < 2:
        raise StatsError("No regressor was given; name at least one column.")
    if len(set(numbers)) < len(numbers):
        raise StatsError("A column is named twice among outcome and regressors; name it once.")
    for name in [*numbers, *labels]:
        if name not in frame.columns:
            raise StatsError(f"There is no column '{name}'; check its name.")
        if frame[name].isna().any():
            raise StatsError(f"'{name}' has missing values; drop or fill these rows first.")
    for name in numbers:
        if not (pd.api.types.is_numeric_dtype(frame[name]) and np.isfinite(frame[name]).all()):
            raise StatsError(f"'{name}' must hold finite numbers; recode it first.")


def _design(
    frame: pd.DataFrame, outcome: str, regressors: Sequence[str], effects: Sequence[str]
) -> _Design:
    dummies = [np.ones((len(frame), 1))]
    dummies += [np.eye(int(c.max()) + 1)[c][:, 1:] for c in (_codes(frame, e) for e in effects)]
    q, r, _ = scipy.linalg.qr(np.hstack(dummies), mode="economic", pivoting=True)
    size = np.abs(np.diag(r))
    basis = q[:, : int((size > COLLINEAR * size[0]).sum())]
    p = basis.shape[1] + len(regressors)
    if len(frame) <= p:
        raise StatsError(_too_few(len(frame), p))
    raw = frame[list(regressors)].to_numpy(dtype=float)
    y = frame[outcome].to_numpy(dtype=float)
    for name, column in zip(regressors, raw.T, strict=True):
        if np.ptp(column) == 0:
            raise StatsError(f"'{name}' is constant, so it has no effect to estimate; drop it.")
    x = raw - basis @ (basis.T @ raw)
    for j, name in enumerate(regressors):
        rest = x[:, :j]
        own = x[:, j] - (rest @ np.linalg.lstsq(rest, x[:, j], rcond=None)[0] if j else 0)
        if np.linalg.norm(own) <= COLLINEAR * np.linalg.norm(raw[:, j]):
            raise StatsError(
                f"'{name}' is collinear: the effects and other regressors give it exactly; drop it."
            )
    return _Design(tuple(regressors), y - basis @ (basis.T @ y), x, basis)


def _codes(frame: pd.DataFrame, name: str) -> NDArray[np.int64]:
    return np.asarray(pd.factorize(frame[name])[0], dtype=np.int64)


def _factor(groups: int, n: int, parameters: int) -> float:
    return groups / (groups - 1) * (n - 1) / (n - parameters)


def _meat(scores: Array, codes: NDArray[np.int64], parameters: int) -> Array:
    groups = int(codes.max()) + 1
    if groups < 2:
        raise StatsError("There is only one cluster; clustered errors need at least two.")
    sums = np.zeros((groups, scores.shape[1]))
    np.add.at(sums, codes, scores)
    return np.asarray(_factor(groups, len(scores), parameters) * sums.T @ sums)


def _too_few(n: int, parameters: int) -> str:
    return (
        f"There are {n} rows for {parameters} parameters; use more rows or fewer effects and "
        "regressors."
    )


def _not_found(outcome: str) -> str:
    return (
        f"The negative binomial model of '{outcome}' did not converge; use fewer effects or the "
        "linear model."
    )
