"""Models of a yes/no outcome: linear probability, logit, probit and Firth logit.

The outcome is 0/1 (released or not). Covariates are a frame of numbers without a constant;
the constant is added here and reported last, as the printed tables do.
"""

from __future__ import annotations

import contextlib
import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike, NDArray

from helpers.stats.errors import StatsError

if TYPE_CHECKING:
    from firthmodels import FirthLogisticRegression

# firthmodels and statsmodels take a second to import, and few notebooks fit these models: they
# are imported where they are used.

Family = Literal["linear", "logit", "probit", "firth"]
Errors = Literal["classical", "HC0", "HC1", "HC2", "HC3", "cluster"]
Array = NDArray[np.float64]

FAMILIES: Final[tuple[Family, ...]] = ("linear", "logit", "probit", "firth")
ERRORS: Final[tuple[Errors, ...]] = ("classical", "HC0", "HC1", "HC2", "HC3", "cluster")
CONSTANT: Final = "constant"


class SeparationError(StatsError):
    """The covariates split the outcome perfectly, so maximum likelihood has no finite answer."""


@dataclass(frozen=True)
class Separation:
    """Which coefficients have no finite maximum likelihood estimate.

    `direction` maps each such term to +1 (towards plus infinity) or -1.
    """

    separated: bool
    direction: Mapping[str, int]


@dataclass(frozen=True)
class Fit:
    """A fitted model; arrays follow `terms`, whose last entry is the constant.

    `log_likelihood` is Gaussian (maximum likelihood, variance counted in `aic`) for the
    linear model, Bernoulli for logit and probit, and penalized (with `aic` NaN) for Firth.
    `df` is the reference of the t statistics, infinite for a normal reference. `dropped` names
    the terms left out because they predict some rows perfectly, and `kept` marks the rows that
    were used; all of them, unless `fit_release` was asked to drop.
    """

    family: Family
    errors: Errors
    terms: tuple[str, ...]
    estimate: Array
    covariance: Array = field(repr=False)
    log_likelihood: float
    aic: float
    n: int
    df: float
    design: Array = field(repr=False)
    outcome: Array = field(repr=False)
    dropped: tuple[str, ...] = ()
    kept: NDArray[np.bool_] | None = field(default=None, repr=False)
    root: Array | None = field(default=None, repr=False)

    def spread(self, gradient: Array) -> Array:
        """Standard errors of linear combinations of the coefficients, one a row of `gradient`.

        Through `root`, a factor of the covariance, where there is one: with a column far from
        zero the covariance itself has lost the digits in which its entries cancel.
        """
        rows = np.atleast_2d(gradient)
        if self.root is not None:
            return np.linalg.norm(rows @ self.root, axis=1)
        return np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", rows, self.covariance, rows), 0.0))

    @property
    def std_error(self) -> Array:
        """Standard errors, from the diagonal of `covariance`."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def statistic(self) -> Array:
        """Estimates over their standard errors."""
        return self.estimate / self.std_error

    @property
    def p_value(self) -> Array:
        """Two-sided p values."""
        return 2 * _reference(self.df).sf(np.abs(self.statistic))

    def index(self, term: str) -> int:
        """Position of a term.

        Raises
        ------
        StatsError
            The model has no such term.
        """
        if term not in self.terms:
            raise StatsError(f"The model has no term {term!r}; it has {', '.join(self.terms)}.")
        return self.terms.index(term)

    def table(self, level: float = 0.95) -> pd.DataFrame:
        """Return one row a term: estimate, std_error, statistic, p_value, low, high."""
        reach = critical_value(self.df, level) * self.std_error
        return pd.DataFrame(
            {
                "term": self.terms,
                "estimate": self.estimate,
                "std_error": self.std_error,
                "statistic": self.statistic,
                "p_value": self.p_value,
                "low": self.estimate - reach,
                "high": self.estimate + reach,
            }
        )


@dataclass(frozen=True)
class Effect:
    """An effect with a confidence interval; probability units unless `quantity` says ratio."""

    quantity: str
    term: str
    estimate: float
    std_error: float
    low: float
    high: float
    level: float


def _reference(df: float) -> Any:
    return scipy.stats.norm if math.isinf(df) else scipy.stats.t(df)


def critical_value(df: float, level: float) -> float:
    """Return how many standard errors an interval of this level reaches; t, or normal for inf."""
    if not 0 < level < 1:
        raise StatsError(f"level is {level}, but it must lie between 0 and 1, such as 0.95.")
    return float(_reference(df).isf((1 - level) / 2))


def binary_column(values: ArrayLike, name: str) -> Array:
    """Return a 0/1 column as floats, or say what is wrong with it.

    Raises
    ------
    StatsError
        Empty, missing values, other codes than 0 and 1, or only one of the two.
    """
    column = np.asarray(values, dtype=float).ravel()
    if column.size == 0:
        raise StatsError(f"The {name} has no rows.")
    if np.isnan(column).any():
        raise StatsError(f"The {name} has missing values; drop or recode those rows first.")
    if not np.isin(column, (0, 1)).all():
        raise StatsError(f"The {name} must hold only 0 and 1.")
    if column.min() == column.max():
        raise StatsError(f"The {name} is {column[0]:.0f} in every row; nothing can be compared.")
    return column


def design_matrix(
    covariates: pd.DataFrame, fixed_effects: pd.Series | None = None
) -> tuple[Array, tuple[str, ...]]:
    """Build the design: covariates, fixed-effect dummies, constant last.

    Parameters
    ----------
    covariates : DataFrame, shape (n, p)
        Numeric (or boolean) columns without missing values; p may be 0.
    fixed_effects : Series, shape (n,), optional
        Labels such as countries; the alphabetically first is the baseline. Dummies are
        named "name[label]".

    Returns
    -------
    design : ndarray, shape (n, k)
    terms : tuple of str

    Raises
    ------
    StatsError
        Missing or non-numeric values, a constant column, more coefficients than rows, or
        a column that is a combination of others (named).
    """
    terms = [str(c) for c in covariates]
    for term in terms:
        if terms.count(term) > 1 or term == CONSTANT:
            raise StatsError(f"Rename column {term!r}: the name is taken (names must differ).")
    for name in covariates:
        if not (
            pd.api.types.is_numeric_dtype(covariates[name])
            or pd.api.types.is_bool_dtype(covariates[name])
        ):
            raise StatsError(f"Column {name!r} is not numeric; recode it as numbers or dummies.")
        if covariates[name].isna().any():
            raise StatsError(f"Column {name!r} has missing values; drop or fill those rows first.")
        if not np.isfinite(covariates[name].to_numpy(float)).all():
            raise StatsError(f"Column {name!r} has infinite values; correct those rows first.")
        if len(covariates) and covariates[name].nunique() == 1:
            raise StatsError(f"Column {name!r} never varies, so it has no effect to estimate.")
    blocks = [covariates.to_numpy(float)]
    if fixed_effects is not None:
        if len(fixed_effects) != len(covariates):
            raise StatsError("The fixed effects and the covariates have different numbers of rows.")
        if fixed_effects.isna().any():
            raise StatsError("The fixed effects have missing labels; fill or drop those rows.")
        labels = sorted(fixed_effects.unique(), key=str)
        for label in labels[1:]:
            blocks.append((fixed_effects == label).to_numpy(float)[:, None])
            terms.append(f"{fixed_effects.name or 'group'}[{label}]")
    design = np.column_stack([*blocks, np.ones(len(covariates))])
    terms.append(CONSTANT)
    n, k = design.shape
    if n <= k:
        raise StatsError(f"There are {n} rows for {k} coefficients; use fewer covariates.")
    # Centred unit columns: neither a tiny scale nor a far zero is a missing dimension. What
    # rounding leaves of a column is no dimension either.
    standard, mean, scale = _standardized(design)
    _, r, pivot = scipy.linalg.qr(standard / math.sqrt(n), mode="economic", pivoting=True)
    rounding = 64 * np.finfo(float).eps * np.abs(mean) / scale
    dependent = np.abs(np.diag(r)) < np.maximum(1e-10, rounding)[pivot]
    if dependent.any():
        names = ", ".join(terms[j] for j in sorted(pivot[dependent]))
        raise StatsError(f"Remove {names}: it is a combination of the other columns.")
    return design, tuple(terms)


def separation(
    outcome: ArrayLike, covariates: pd.DataFrame, fixed_effects: pd.Series | None = None
) -> Separation:
    """Find, before any fit, the terms whose logit or probit estimate would be infinite.

    Returns
    -------
    Separation
        Complete and quasi-complete separation alike; the constant is listed only when it
        is infinite itself.

    Raises
    ------
    StatsError
        Bad outcome or design (see `design_matrix`).

    References
    ----------
    Konis (2007), linear programming as in R's detectseparation; done by `firthmodels`.
    """
    y = binary_column(outcome, "outcome")
    design, terms = design_matrix(covariates, fixed_effects)
    _same_rows(y, design)
    return _separation(y, design, terms)


def _same_rows(y: Array, design: Array) -> None:
    if len(y) != len(design):
        raise StatsError(f"The outcome has {len(y)} rows but the covariates have {len(design)}.")


def _separation(y: Array, design: Array, terms: tuple[str, ...]) -> Separation:
    standard = _standardized(design)[0]
    from firthmodels import detect_separation  # a second to import, for few

    found = detect_separation(standard, y, fit_intercept=False)
    direction = {t: int(d) for t, d in zip(terms, found.directions, strict=True) if d}
    if found.separation:
        # Centring changes what the constant means: its own sign needs the plain columns.
        direction.pop(CONSTANT, None)
        with contextlib.suppress(np.linalg.LinAlgError):
            plain = design / np.abs(design).max(axis=0)
            sign = int(detect_separation(plain, y, fit_intercept=False).directions[-1])
            direction |= {CONSTANT: sign} if sign else {}
    return Separation(bool(found.separation), direction)


def _refuse_separation(y: Array, design: Array, terms: tuple[str, ...], family: str) -> None:
    found = _separation(y, design, terms)
    if not found.separated:
        return
    named = [t for t in found.direction if t != CONSTANT] or [CONSTANT]
    sides = ", ".join(f"{t} ({'+' if found.direction.get(t, 1) > 0 else '-'})" for t in named)
    raise SeparationError(
        f"The {family} has no finite estimate for {sides}: some rows' outcomes are split "
        "perfectly, so the maximum lies at infinity; use the Firth logit."
    )


def _overlapping(y: Array, design: Array) -> NDArray[np.bool_]:
    """Return which rows no combination of terms predicts perfectly.

    One linear program finds a direction in which no row's fit gets worse and as many as
    possible get better: those rows' fitted values are 0 or 1 at the supremum.
    """
    n, k = design.shape
    signed = np.where(y == 1, 1.0, -1.0)[:, None] * _standardized(design)[0]
    found = scipy.optimize.linprog(
        np.concatenate([np.zeros(k), -np.ones(n)]),
        A_ub=np.hstack([-signed, np.eye(n)]),
        b_ub=np.zeros(n),
        bounds=[(None, None)] * k + [(0, 1)] * n,
    )
    if found.x is None:
        raise StatsError("The search for perfectly predicted rows failed; use fewer covariates.")
    return np.asarray(found.x[k:] < 0.5)


def _drop_perfect(
    y: Array, design: Array, terms: tuple[str, ...], focus: str, family: str
) -> tuple[NDArray[np.bool_], list[int]]:
    """Return the rows and the places of the terms that are left once those are dropped."""
    found = _separation(y, design, terms)
    rows, places = np.ones(len(y), dtype=bool), list(range(len(terms)))
    if not found.separated:
        return rows, places
    if focus in found.direction:
        _refuse_separation(y, design, terms, family)
    rows = _overlapping(y, design)
    # First come the terms that must stay; a diverging one stays only if it adds something.
    order = sorted(
        places,
        key=lambda j: (terms[j] != focus, terms[j] != CONSTANT, terms[j] in found.direction),
    )
    stay: list[int] = []
    for j in order:
        if np.linalg.matrix_rank(design[rows][:, [*stay, j]]) > len(stay):
            stay.append(j)
    others = [j for j in places if terms[j] != focus]
    rank = np.linalg.matrix_rank(design[rows][:, others])
    if rank == len(stay) or y[rows].min() == y[rows].max():
        raise SeparationError(
            f"The {family} has no finite estimate for {focus}: once the rows that are predicted "
            "perfectly are left out, nothing is left to compare; use the Firth logit."
        )
    return rows, sorted(stay)


def _check_errors(family: Family, errors: Errors, clusters: ArrayLike | None, n: int) -> Any:
    """Return cluster codes (or None) once the requested errors make sense."""
    if errors not in ERRORS:
        raise StatsError(f"Unknown standard errors {errors!r}; choose one of {ERRORS}.")
    if family == "firth" and errors != "classical":
        raise StatsError("The Firth logit comes with classical standard errors only.")
    if family != "linear" and errors in ("HC2", "HC3"):
        raise StatsError(f"{errors} is defined here for the linear model only; use HC0 or HC1.")
    if errors != "cluster":
        return None
    if clusters is None:
        raise StatsError("Clustered errors need a cluster label for every row.")
    labels = pd.Series(np.asarray(clusters).ravel())
    if len(labels) != n:
        raise StatsError(f"There are {len(labels)} cluster labels for {n} rows.")
    if labels.isna().any():
        raise StatsError("The cluster labels have missing values; fill or drop those rows.")
    codes = pd.factorize(labels)[0]
    if codes.max() < 1:
        raise StatsError("Clustered errors need at least two clusters.")
    return codes


def fit_release(
    outcome: ArrayLike,
    covariates: pd.DataFrame,
    family: Family = "linear",
    errors: Errors = "classical",
    clusters: ArrayLike | None = None,
    fixed_effects: pd.Series | None = None,
    focus: str | None = None,
) -> Fit:
    """Fit one model of a 0/1 outcome.

    Parameters
    ----------
    outcome : array-like, shape (n,)
        0/1.
    covariates : DataFrame, shape (n, p)
        Numeric columns without a constant.
    family : {"linear", "logit", "probit", "firth"}
        "linear" is the linear probability model: coefficients are differences in
        probability. Logit and Firth coefficients are log odds ratios.
    errors : {"classical", "HC0", "HC1", "HC2", "HC3", "cluster"}
        HC1 multiplies HC0 by n / (n - k); clustered errors carry the factor
        G/(G-1) * (n-1)/(n-k). HC2 and HC3 for the linear model only.
    clusters : array-like, shape (n,), optional
        Labels for clustered errors.
    fixed_effects : Series, optional
        Labels (countries) that get a dummy each, the first one excepted.
    focus : str, optional
        For logit and probit: the term that is wanted. Where it has a finite estimate and only
        other terms diverge, these are dropped with the rows that they predict perfectly, which
        leaves the estimate of `focus` as it is (Stata's rule; R keeps the rows and stops
        climbing). `Fit.dropped` and `Fit.kept` say what was left out.

    Returns
    -------
    Fit
        Linear models use the t distribution with n - k degrees of freedom (G - 1 when
        clustered), the others the normal.

    Raises
    ------
    SeparationError
        Logit or probit with (quasi-)complete separation, of `focus` if one is named; the
        terms are named.
    StatsError
        Any other bad input: missing values, one outcome only, constant or collinear
        columns, too few rows, unknown family or errors.

    References
    ----------
    statsmodels for OLS, logit and probit; firthmodels for Firth (1993) Biometrika 80 and
    Heinze & Schemper (2002) Statistics in Medicine 21.
    """
    if family not in FAMILIES:
        raise StatsError(f"Unknown family {family!r}; choose one of {FAMILIES}.")
    y = binary_column(outcome, "outcome")
    design, terms = design_matrix(covariates, fixed_effects)
    _same_rows(y, design)
    codes = _check_errors(family, errors, clusters, len(y))
    if family == "firth":
        return _fit_firth(y, design, terms)
    if family == "linear":
        return _fit_linear(y, design, terms, errors, codes)
    dropped: tuple[str, ...] = ()
    kept = None
    if focus is None:
        _refuse_separation(y, design, terms, family)
    else:
        if focus not in terms:
            raise StatsError(f"The model has no term {focus!r} to keep; name one of its columns.")
        kept, places = _drop_perfect(y, design, terms, focus, family)
        dropped = tuple(t for j, t in enumerate(terms) if j not in places)
        y, design = y[kept], design[kept][:, places]
        terms = tuple(terms[j] for j in places)
        codes = None if codes is None else codes[kept]
    standard, mean, scale = _standardized(design)
    from statsmodels.discrete.discrete_model import Logit, Probit

    model = (Logit if family == "logit" else Probit)(y, standard)
    fit = model.fit(
        disp=0,
        method="newton",
        tol=1e-12,
        maxiter=200,
        warn_convergence=False,
        **_robust(errors, codes),
    )
    if not fit.mle_retvals["converged"]:
        raise StatsError(f"The {family} did not converge; use fewer or rescaled covariates.")
    n, k = design.shape
    estimate, covariance, root = _back(fit.params, fit.cov_params(), mean, scale)
    return Fit(
        family,
        errors,
        terms,
        estimate,
        covariance,
        float(fit.llf),
        2 * k - 2 * float(fit.llf),
        n,
        math.inf,
        design,
        y,
        dropped,
        kept,
        root,
    )


def least_squares(
    outcome: ArrayLike,
    covariates: pd.DataFrame,
    errors: Errors = "classical",
    clusters: ArrayLike | None = None,
    fixed_effects: pd.Series | None = None,
) -> Fit:
    """Fit a linear model of any numeric outcome; arguments and errors as in `fit_release`.

    Returns
    -------
    Fit
        `family` is "linear"; coefficients in units of the outcome a unit of the covariate.

    Raises
    ------
    StatsError
        Missing or infinite outcomes, a constant outcome, or a bad design.
    """
    y = np.asarray(outcome, dtype=float).ravel()
    if not np.isfinite(y).all():
        raise StatsError("The outcome has missing or infinite values; drop those rows first.")
    if y.size and y.min() == y.max():
        raise StatsError("The outcome never varies; nothing can be compared.")
    design, terms = design_matrix(covariates, fixed_effects)
    _same_rows(y, design)
    codes = _check_errors("linear", errors, clusters, len(y))
    return _fit_linear(y, design, terms, errors, codes)


def _robust(errors: Errors, codes: Any) -> dict[str, Any]:
    if errors == "classical":
        return {"cov_type": "nonrobust"}
    options: dict[str, Any] = {"cov_type": errors}
    if codes is not None:
        options["cov_kwds"] = {"groups": codes}
    return options


def _fit_linear(y: Array, design: Array, terms: tuple[str, ...], errors: Errors, codes: Any) -> Fit:
    if errors in ("HC2", "HC3"):
        _refuse_full_leverage(design, errors)
    standard, mean, scale = _standardized(design)
    from statsmodels.regression.linear_model import OLS

    fit = OLS(y, standard).fit(**_robust(errors, codes))
    if fit.ssr <= 1e-20 * fit.centered_tss:
        raise StatsError(
            "The covariates give every outcome exactly, so a linear model leaves no error to "
            "measure; use an exact test."
        )
    n, k = design.shape
    log_likelihood = float(fit.llf)
    estimate, covariance, root = _back(fit.params, fit.cov_params(), mean, scale)
    return Fit(
        "linear",
        errors,
        terms,
        estimate,
        covariance,
        log_likelihood,
        # R counts the error variance as a parameter of a Gaussian model; statsmodels does not.
        2 * (k + 1) - 2 * log_likelihood,
        n,
        float(n - k) if codes is None else float(codes.max()),
        design,
        y,
        root=root,
    )


def _refuse_full_leverage(design: Array, errors: Errors) -> None:
    """HC2 and HC3 divide by 1 - leverage: a row that a term has to itself gives 0 / 0."""
    q = np.linalg.qr(_standardized(design)[0])[0]
    if ((q**2).sum(axis=1) > 1 - 1e-9).any():
        raise StatsError(
            f"{errors} cannot be computed: one term rests on a single row, which has no residual "
            "of its own; use classical, HC0 or HC1."
        )


def _firth_model(y: Array, design: Array) -> FirthLogisticRegression:
    from firthmodels import FirthLogisticRegression

    # Near the optimum the package's step halving can stall in the last bits of the
    # likelihood, so looser tolerances follow; even the last leaves five digits.
    for tolerance in (1e-7, 1e-6, 1e-5):
        model = FirthLogisticRegression(
            backend="numpy", fit_intercept=False, max_iter=500, gtol=tolerance, xtol=tolerance
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # failure is reported below, in one sentence
            model.fit(design, y)
        if model.converged_:
            return model
    raise StatsError("The Firth logit did not converge; rescale the covariates or use fewer.")


def _standardized(design: Array) -> tuple[Array, Array, Array]:
    """Center and scale all columns but the constant, which stands last.

    The estimates of every family follow exactly, and a column far from zero, such as a time
    stamp, is not mistaken for the constant.
    """
    mean, scale = design.mean(axis=0), design.std(axis=0)
    mean[-1], scale[-1] = 0.0, 1.0
    scale[scale == 0] = 1.0
    return (design - mean) / scale, mean, scale


def _back(
    estimate: ArrayLike, covariance: ArrayLike, mean: Array, scale: Array
) -> tuple[Array, Array, Array]:
    """Return estimates and covariance in the user's units, and a root of the covariance."""
    back = np.diag(1 / scale)
    back[-1, :-1] = -mean[:-1] / scale[:-1]
    size, axes = np.linalg.eigh(np.asarray(covariance))
    root = back @ (axes * np.sqrt(np.maximum(size, 0.0)))
    return back @ np.asarray(estimate), root @ root.T, root


def _fit_firth(y: Array, design: Array, terms: tuple[str, ...]) -> Fit:
    standard, mean, scale = _standardized(design)
    model = _firth_model(y, standard)
    probability = scipy.special.expit(standard @ model.coef_)
    weight = probability * (1 - probability)
    inverse = np.linalg.inv(standard.T @ (standard * weight[:, None]))
    estimate, covariance, root = _back(model.coef_, inverse, mean, scale)
    # The penalty, half the log determinant of the information, grows with the scale.
    log_likelihood = float(model.loglik_) + float(np.log(scale).sum())
    return Fit(
        "firth",
        "classical",
        terms,
        estimate,
        covariance,
        log_likelihood,
        math.nan,
        len(y),
        math.inf,
        design,
        y,
        root=root,
    )


def profile_interval(fit: Fit, term: str, level: float = 0.95) -> tuple[float, float]:
    """Profile penalized likelihood limits of a Firth coefficient (log odds ratio).

    Raises
    ------
    StatsError
        The fit is not a Firth logit, or has no such term.

    References
    ----------
    Heinze & Schemper (2002): Wald limits are poor under separation.
    """
    if fit.family != "firth":
        raise StatsError("Profile penalized likelihood limits belong to the Firth logit.")
    critical_value(fit.df, level)
    at = fit.index(term)
    standard, _, scale = _standardized(fit.design)
    # Centering would change what the constant means; its profile needs the plain columns.
    design = fit.design / scale if term == CONSTANT else standard
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # failure is reported below, in one sentence
        limits = _firth_model(fit.outcome, design).conf_int(
            alpha=1 - level, method="pl", features=[at], tol=1e-6, max_iter=500
        )
    low, high = np.asarray(limits)[at] / scale[at]
    if not (math.isfinite(low) and math.isfinite(high)):
        raise StatsError(f"The profile limits of {term!r} were not found; use the Wald limits.")
    return float(low), float(high)


def odds_ratio(fit: Fit, term: str, level: float = 0.95) -> Effect:
    """Odds ratio exp(coefficient) of a logit or Firth logit with its Wald interval.

    Raises
    ------
    StatsError
        The model is linear or a probit: its coefficients are not log odds ratios.
    """
    if fit.family not in ("logit", "firth"):
        raise StatsError(
            f"A {fit.family} coefficient is not a log odds ratio, so exponentiating it means "
            "nothing; fit a logit."
        )
    j = fit.index(term)
    log_odds, error = float(fit.estimate[j]), float(fit.std_error[j])
    reach = critical_value(fit.df, level) * error
    ratio = math.exp(log_odds)
    return Effect(
        "odds ratio",
        term,
        ratio,
        ratio * error,
        math.exp(log_odds - reach),
        math.exp(log_odds + reach),
        level,
    )


def _mean(fit: Fit, linear: Array) -> tuple[Array, Array, Array]:
    """Probability at a linear predictor with its first and second derivative."""
    if fit.family == "linear":
        return linear, np.ones_like(linear), np.zeros_like(linear)
    if fit.family == "probit":
        density = scipy.stats.norm.pdf(linear)
        return scipy.stats.norm.cdf(linear), density, -linear * density
    p = scipy.special.expit(linear)
    return p, p * (1 - p), p * (1 - p) * (1 - 2 * p)


def _effect(
    fit: Fit, quantity: str, term: str, estimate: float, gradient: Array, level: float
) -> Effect:
    error = float(fit.spread(gradient)[0])
    reach = critical_value(fit.df, level) * error
    return Effect(quantity, term, estimate, error, estimate - reach, estimate + reach, level)


def average_marginal_effect(fit: Fit, term: str, level: float = 0.95) -> Effect:
    """Average, over the rows, of the derivative of the probability with respect to a term.

    Returns
    -------
    Effect
        Change in probability a unit of the term, with a delta-method standard error.

    Raises
    ------
    StatsError
        Unknown term, or the constant.
    """
    j = fit.index(term)
    if term == CONSTANT:
        raise StatsError("The constant has no marginal effect.")
    _, slope, curvature = _mean(fit, fit.design @ fit.estimate)
    coefficient = float(fit.estimate[j])
    gradient = coefficient * (curvature[:, None] * fit.design).mean(axis=0)
    gradient[j] += slope.mean()
    value = coefficient * float(slope.mean())
    return _effect(fit, "average marginal effect", term, value, gradient, level)


def risk_difference(fit: Fit, term: str, level: float = 0.95) -> Effect:
    """Average probability with a 0/1 term set to 1 for everyone, minus set to 0 for everyone.

    Returns
    -------
    Effect
        In probability units, with a delta-method standard error (rows taken as fixed).

    Raises
    ------
    StatsError
        Unknown term, or a term that is not 0/1.

    References
    ----------
    Standardization (g-computation); statsmodels calls it a discrete average effect.
    """
    j = fit.index(term)
    if term == CONSTANT or not np.isin(fit.design[:, j], (0, 1)).all():
        raise StatsError(f"{term!r} is not a 0/1 column; use the average marginal effect.")
    parts = []
    for value in (1.0, 0.0):
        design = fit.design.copy()
        design[:, j] = value
        p, slope, _ = _mean(fit, design @ fit.estimate)
        parts.append((float(p.mean()), (slope[:, None] * design).mean(axis=0)))
    value = parts[0][0] - parts[1][0]
    return _effect(fit, "risk difference", term, value, parts[0][1] - parts[1][1], level)


def predict(fit: Fit, rows: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Predict probabilities with confidence intervals for the mean.

    Parameters
    ----------
    rows : DataFrame
        One column a term of the model except the constant, fixed-effect dummies included.

    Returns
    -------
    DataFrame
        probability, low, high and `impossible` (the prediction lies outside 0..1, which
        only a linear model does). Intervals of logit, probit and Firth are built on the
        scale of the linear predictor, so they stay inside 0..1.

    Raises
    ------
    StatsError
        A term is missing from `rows` or holds missing values.
    """
    needed = [t for t in fit.terms if t != CONSTANT]
    absent = [t for t in needed if t not in rows]
    if absent:
        raise StatsError(f"The rows to predict lack {', '.join(absent)}.")
    design = np.column_stack([rows[needed].to_numpy(float), np.ones(len(rows))])
    if np.isnan(design).any():
        raise StatsError("The rows to predict have missing values.")
    linear = design @ fit.estimate
    reach = critical_value(fit.df, level) * fit.spread(design)
    probability, low, high = (_mean(fit, v)[0] for v in (linear, linear - reach, linear + reach))
    return pd.DataFrame(
        {
            "probability": probability,
            "low": low,
            "high": high,
            "impossible": (probability < 0) | (probability > 1),
        },
        index=rows.index,
    )
