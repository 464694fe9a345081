"""Accelerated failure time models by maximum likelihood, fast enough to follow a slider.

The coefficients are those of R's `survreg`: log T = x'beta + sigma * W, so a negative
coefficient means a sooner release and exp(beta) is a time ratio. Estimation works in
a = 1 / sigma and g = beta / sigma, in which z = a log t - x'g and the log-likelihood
without delayed entry is concave for every family here, so that Newton's method is safe
(Kalbfleisch & Prentice 2002, section 3.6; Burridge 1981 for the concavity).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike, NDArray

from helpers.stats.errors import StatsError
from helpers.stats.existence import endless_direction

Array = NDArray[np.float64]
Family = Literal["weibull", "exponential", "log-normal", "log-logistic"]
CONSTANT: Final = "constant"
_LOG_ROOT_TWO_PI: Final = 0.5 * np.log(2 * np.pi)
_ITERATIONS: Final = 60


class ConvergenceError(StatsError):
    """The likelihood has no finite maximum, or it was not found."""


# Families: log-likelihood of the standard variable W, by row, with two derivatives in z -------
# An event adds log f0(z), a censored row log S0(z); Jacobians are added where z is made.

_Terms = tuple[Array, Array, Array]


def _weibull(z: Array, d: Array) -> _Terms:
    e = np.exp(z)
    return d * z - e, d - e, -e


def _log_logistic(z: Array, d: Array) -> _Terms:
    p, twice = scipy.special.expit(z), 1 + d
    return d * z - twice * np.logaddexp(0, z), d - twice * p, -twice * p * (1 - p)


def _log_normal(z: Array, d: Array) -> _Terms:
    survival = scipy.special.log_ndtr(-z)
    density = -0.5 * z * z - _LOG_ROOT_TWO_PI
    mills = np.exp(density - survival)
    held = 1 - d
    return d * density + held * survival, -d * z - held * mills, -d - held * mills * (mills - z)


_Standard = Callable[[Array, Array], _Terms]
_STANDARD: Final[Mapping[str, _Standard]] = {
    "weibull": _weibull,
    "exponential": _weibull,
    "log-logistic": _log_logistic,
    "log-normal": _log_normal,
}
FAMILIES: Final[tuple[Family, ...]] = ("weibull", "exponential", "log-normal", "log-logistic")


@dataclass(frozen=True)
class AcceleratedFit:
    """A fitted accelerated failure time model.

    Attributes
    ----------
    family : str
    terms : tuple of str
        Covariates in the order given, then "constant".
    estimate : ndarray, shape (k,)
        Coefficients on the log of time.
    scale : float
        Sigma; 1 for the exponential. For the Weibull the shape of the hazard is 1 / sigma.
    covariance : ndarray, shape (k + 1, k + 1)
        Of the coefficients and, last, of log sigma (NaN for the exponential).
    log_likelihood, aic : float
    n, events : int
    iterations : int
        Newton steps taken.
    """

    family: Family
    terms: tuple[str, ...]
    estimate: Array
    scale: float
    covariance: Array = field(repr=False)
    log_likelihood: float
    n: int
    events: int
    iterations: int

    @property
    def std_error(self) -> Array:
        """Standard errors of the coefficients, shape (k,)."""
        return np.sqrt(np.diag(self.covariance)[:-1])

    @property
    def p_value(self) -> Array:
        """Two-sided p values, normal reference."""
        return 2 * scipy.special.ndtr(-np.abs(self.estimate / self.std_error))

    @property
    def aic(self) -> float:
        """Akaike's criterion; the scale counts as a parameter where it is estimated."""
        parameters = len(self.terms) + (self.family != "exponential")
        return 2 * parameters - 2 * self.log_likelihood

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
        """Return one row a term: estimate, std_error, p_value, low, high, time_ratio."""
        reach = scipy.special.ndtri(0.5 + _level(level) / 2) * self.std_error
        return pd.DataFrame(
            {
                "term": self.terms,
                "estimate": self.estimate,
                "std_error": self.std_error,
                "p_value": self.p_value,
                "low": self.estimate - reach,
                "high": self.estimate + reach,
                "time_ratio": np.exp(self.estimate),
            }
        )

    def time_ratio(self, term: str, level: float = 0.95) -> tuple[float, float, float]:
        """Return exp(beta), by which a unit multiplies every quantile of time, and its interval."""
        place = self.index(term)
        reach = scipy.special.ndtri(0.5 + _level(level) / 2) * self.std_error[place]
        low, mid, high = np.exp(self.estimate[place] + np.array([-reach, 0.0, reach]))
        return float(mid), float(low), float(high)

    def hazard_ratio(self, term: str, level: float = 0.95) -> tuple[float, float, float]:
        """Return exp(-beta / sigma) and its delta-method interval.

        Raises
        ------
        StatsError
            For the log-normal and the log-logistic, whose hazards are not proportional.
        """
        if self.family not in ("weibull", "exponential"):
            raise StatsError(
                f"The {self.family} has no single hazard ratio: it changes with time. "
                "Read the time ratio, or choose the Weibull."
            )
        place = self.index(term)
        log_ratio = -self.estimate[place] / self.scale
        # d(-beta/sigma): by beta, and by log sigma.
        gradient = np.zeros(len(self.covariance))
        gradient[place] = -1 / self.scale
        used = self.covariance
        if self.family == "exponential":
            used = np.nan_to_num(used)
        else:
            gradient[-1] = -log_ratio
        error = float(np.sqrt(gradient @ used @ gradient))
        reach = scipy.special.ndtri(0.5 + _level(level) / 2) * error
        low, mid, high = np.exp(log_ratio + np.array([-reach, 0.0, reach]))
        return float(mid), float(low), float(high)

    def survival(self, time: ArrayLike, row: Mapping[str, float]) -> Array:
        """Return the fitted share still held.

        Parameters
        ----------
        time : array_like, shape (m,)
            Times in the unit of the fit; 1 is returned at 0.
        row : mapping
            A value for each covariate.

        Raises
        ------
        StatsError
            A covariate without a value.
        """
        t = np.asarray(time, dtype=float)
        with np.errstate(divide="ignore"):
            z = (np.log(t) - self._location(row)) / self.scale
        return np.exp(_STANDARD[self.family](z, np.zeros_like(z))[0])

    def quantile(self, share: float, row: Mapping[str, float]) -> float:
        """Return the time by which `share` of those at `row` are released."""
        if not 0 < share < 1:
            raise StatsError(f"The share is a number between 0 and 1, not {share}.")
        w = {
            "log-normal": scipy.special.ndtri(share),
            "log-logistic": np.log(share / (1 - share)),
        }.get(self.family, np.log(-np.log1p(-share)))
        return float(np.exp(self._location(row) + self.scale * w))

    def _location(self, row: Mapping[str, float]) -> float:
        missing = [t for t in self.terms[:-1] if t not in row]
        if missing:
            raise StatsError(f"Give a value for {', '.join(missing)}.")
        values = np.array([*(row[t] for t in self.terms[:-1]), 1.0], dtype=float)
        return float(values @ self.estimate)


def fit_accelerated(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    family: Family = "weibull",
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> AcceleratedFit:
    """Fit an accelerated failure time model by maximum likelihood.

    Parameters
    ----------
    time : array_like, shape (n,)
        Times of exit, positive, any unit (only the constant depends on the unit).
    event : array_like, shape (n,)
        1 for a release, 0 for censoring.
    covariates : DataFrame, shape (n, p)
        Numbers without missing values and without a constant; p may be 0.
    family : {"weibull", "exponential", "log-normal", "log-logistic"}
    entry : array_like, shape (n,), optional
        When each comes under observation; 0 where from the start.
    weights : array_like, shape (n,), optional
        Case weights of 0 or more: a weight of 2 is a row twice, in the standard errors too.
        Rows of weight 0 are left out.

    Raises
    ------
    StatsError
        Bad input: times that are missing, zero or negative, an entry at or after its exit,
        no event, a constant or collinear column, fewer rows than coefficients.
    ConvergenceError
        A coefficient without a finite estimate (a group with no event), named.

    Notes
    -----
    Same parametrisation, likelihood and standard errors (observed information, delta
    method) as `survreg` in R's survival; delayed entry divides each likelihood by the
    survival at entry (Kalbfleisch & Prentice 2002, section 1.3).
    """
    if family not in FAMILIES:
        raise StatsError(f"The family is one of {', '.join(FAMILIES)}, not {family!r}.")
    x, terms = design_columns(covariates)
    t, d, start = check_times(time, event, entry, len(x))
    w = check_weights(weights, len(x))
    if (w == 0).any():
        kept = w > 0
        x, t, d, w = x[kept], t[kept], d[kept], w[kept]
        start = None if start is None else start[kept]
        if d.sum() == 0:
            raise StatsError("Nobody with weight is released, so no time can be estimated.")
    if len(x) < x.shape[1] + 1:
        raise StatsError(
            f"{len(x)} rows cannot carry {x.shape[1]} coefficients and a scale; "
            "use fewer covariates."
        )
    refuse_collinear(x, terms)
    _refuse_endless(t, d, x, terms, family)
    problem = _Likelihood(t, d, start, x, family, w)
    theta, iterations = _maximise(problem, terms)
    value, _, information = problem(theta)
    inverse = np.asarray(np.linalg.inv(information), dtype=float)
    _refuse_flat(problem, information, inverse, terms)
    k = x.shape[1]
    if family == "exponential":
        a, g = 1.0, theta
        covariance = np.full((k + 1, k + 1), np.nan)
        covariance[:k, :k] = inverse
    else:
        a, g = theta[0], theta[1:]
        # beta = g / a, log sigma = -log a
        delta = np.zeros((k + 1, k + 1))
        delta[:k, 0] = -g / a**2
        delta[:k, 1:] = np.eye(k) / a
        delta[k, 0] = -1 / a
        covariance = delta @ inverse @ delta.T
    return AcceleratedFit(
        family, terms, g / a, float(1 / a), covariance, value, len(t), int(d.sum()), iterations
    )


class _Likelihood:
    """Log-likelihood, score and observed information at theta = (a, g)."""

    def __init__(
        self, t: Array, d: Array, start: Array | None, x: Array, family: str, w: Array
    ) -> None:
        self.family = family
        self.standard = _STANDARD[family]
        self.fixed = family == "exponential"
        self.log_t = np.log(t)
        self.event = d
        self.weight = w
        self.events = float(w @ d)
        self.x = x
        self.design = np.column_stack([self.log_t, -x])
        self.constant = float((w * d) @ self.log_t)
        late = None if start is None else start > 0
        self.late = None
        if late is not None and late.any():
            self.late = np.column_stack([np.log(start[late]), -x[late]])  # type: ignore[index]
            self.late_weight = w[late]

    def start(self) -> Array:
        """Constant-only starting point: the exponential rate at a = 1 (or a rough scale)."""
        theta = np.zeros(self.design.shape[1])
        theta[0] = 1.0
        theta[-1] = np.log(self.weight @ np.exp(self.log_t) / self.events)
        return theta[1:] if self.fixed else theta

    def _full(self, theta: Array) -> Array:
        return np.concatenate([[1.0], theta]) if self.fixed else theta

    def __call__(self, theta: Array) -> tuple[float, Array, Array]:
        full = self._full(theta)
        a = full[0]
        with np.errstate(over="ignore", invalid="ignore"):
            each, slope, bend = self.standard(self.design @ full, self.event)
            w = self.weight
            value = float(w @ each) + self.events * math.log(a) - self.constant
            score = (w * slope) @ self.design
            information = (self.design.T * (-w * bend)) @ self.design
            if self.late is not None:
                z = self.late @ full
                each, slope, bend = self.standard(z, np.zeros_like(z))
                w = self.late_weight
                value -= float(w @ each)
                score -= (w * slope) @ self.late
                information += (self.late.T * (w * bend)) @ self.late
        score[0] += self.events / a
        information[0, 0] += self.events / a**2
        if self.fixed:
            return value, score[1:], information[1:, 1:]
        return value, score, information


def _maximise(problem: _Likelihood, terms: tuple[str, ...]) -> tuple[Array, int]:
    theta = problem.start()
    value, score, information = problem(theta)
    for iteration in range(1, _ITERATIONS + 1):
        try:
            step = np.linalg.solve(information, score)
        except np.linalg.LinAlgError:
            break
        decrement = float(score @ step)
        if problem.late is not None and decrement <= 0:
            # Delayed entry can bend the likelihood the wrong way far from its maximum.
            size = np.sqrt(np.abs(np.diag(information))) + 1e-8
            step = score / size**2
            decrement = float(score @ step)
        length = 1.0
        while True:
            proposal = theta + length * step
            if problem.fixed or proposal[0] > 0:
                new = problem(proposal)
                if new[0] >= value - 1e-9 * (1 + abs(value)):
                    break
            length /= 2
            if length < 1e-8:
                raise ConvergenceError(
                    "The model did not converge; use fewer covariates or another family."
                )
        theta, (value, score, information) = proposal, new
        if decrement < 1e-10 and length == 1.0:
            return theta, iteration
    _refuse_flat(problem, information, np.asarray(np.linalg.pinv(information), float), terms)
    raise ConvergenceError("The model did not converge; use fewer covariates or another family.")


def _refuse_endless(t: Array, d: Array, x: Array, terms: tuple[str, ...], family: str) -> None:
    """Name, before any fit, what has no finite estimate."""
    clock = np.log(t) - np.log(t).mean()
    mean, size = x.mean(axis=0), x.std(axis=0)
    mean[-1], size[-1] = 0.0, 1.0
    unit = clock / (clock.std() or 1.0)
    direction = endless_direction(unit, d, (x - mean) / size, family != "exponential")
    if direction is None:
        return
    if direction[0] > 1e-6:
        raise ConvergenceError(
            "The covariates give every release's time exactly, which leaves no scale to "
            "estimate; use fewer covariates or more rows."
        )
    length = np.abs(direction[1:])
    named = [t for t, on in zip(terms, length > 1e-4 * length.max(), strict=True) if on]
    _no_finite([t for t in named if t != CONSTANT] or named)


def _no_finite(named: list[str]) -> None:
    raise ConvergenceError(
        f"There is no finite estimate for {', '.join(named)}: releases are split or ordered "
        "perfectly by it (as when a group has none). Drop it, or merge categories."
    )


def _refuse_flat(
    problem: _Likelihood, information: Array, inverse: Array, terms: tuple[str, ...]
) -> None:
    """Name a coefficient that runs off to infinity: its likelihood is flat."""
    shift = 0 if problem.fixed else 1
    own = np.diag(information)[shift:]
    spread = problem.x.std(axis=0) ** 2 * problem.events
    # Information left after the other terms, as a share of the term's own.
    left = 1 / np.maximum(own * np.diag(inverse)[shift:], 1e-300)
    flat = (own < 1e-6 * spread) | (left < 1e-9) | ~np.isfinite(left)
    named = [t for t, on in zip(terms, flat, strict=True) if on and t != CONSTANT]
    if named:
        _no_finite(named)


def design_columns(covariates: pd.DataFrame) -> tuple[Array, tuple[str, ...]]:
    """Return the columns as numbers with the constant last, and their names.

    Raises
    ------
    StatsError
        Text, missing or infinite values, a repeated name, a column that never varies.
    """
    terms = tuple(map(str, covariates.columns))
    taken = [t for t in terms if terms.count(t) > 1 or t == CONSTANT]
    if taken:
        raise StatsError(f"Rename column {taken[0]!r}: the name is taken (names must differ).")
    try:
        values = covariates.to_numpy(dtype=float)
    except (TypeError, ValueError):
        raise StatsError(
            "A covariate is not numeric or has missing values; recode it as numbers and drop "
            "or fill the gaps first."
        ) from None
    bad = [t for t, ok in zip(terms, np.isfinite(values).all(axis=0), strict=True) if not ok]
    if bad:
        raise StatsError(
            f"Column {bad[0]!r} has missing or infinite values; drop or fill those rows first."
        )
    if len(values) == 0:
        raise StatsError("No rows are left, so there is nothing to fit; widen the selection.")
    flat = [t for t, same in zip(terms, np.ptp(values, axis=0) == 0, strict=True) if same]
    if flat:
        raise StatsError(f"Column {flat[0]!r} never varies, so it has no effect to estimate.")
    return np.column_stack([values, np.ones(len(values))]), (*terms, CONSTANT)


def check_times(
    time: ArrayLike, event: ArrayLike, entry: ArrayLike | None, rows: int
) -> tuple[Array, Array, Array | None]:
    """Return times, events and entries as arrays once they make sense.

    Raises
    ------
    StatsError
        Unlike lengths, missing, infinite, zero or negative times, an event that is not
        0 or 1, no event at all, a negative entry or one at or after its exit.
    """
    t = np.asarray(time, dtype=float).ravel()
    d = np.asarray(event, dtype=float).ravel()
    if not t.size == d.size == rows:
        raise StatsError("Times, events and covariates need one value for each row.")
    if not np.isfinite(t).all():
        raise StatsError("A time is missing or infinite; drop that row or give it a time.")
    if (t <= 0).any():
        raise StatsError(
            "A time is zero or negative; these models need every exit after its start."
        )
    if not np.isin(d, (0.0, 1.0)).all():
        raise StatsError("Events must be 1 (released) or 0 (censored), nothing missing.")
    if d.sum() == 0:
        raise StatsError("Nobody is released in this selection, so no time can be estimated.")
    if entry is None:
        return t, d, None
    start = np.asarray(entry, dtype=float).ravel()
    if start.size != rows:
        raise StatsError("Entries and times need one value for each row.")
    if not np.isfinite(start).all() or (start < 0).any():
        raise StatsError("An entry is missing or negative; entries count from the clock's start.")
    if (start >= t).any():
        raise StatsError("A row enters at or after its exit; entry must come before the exit.")
    return t, d, start


def check_weights(weights: ArrayLike | None, rows: int) -> Array:
    """Return case weights, 1 each where none are given.

    Raises
    ------
    StatsError
        Not one a row, missing, infinite or negative, or all zero.
    """
    if weights is None:
        return np.ones(rows)
    w = np.asarray(weights, dtype=float).ravel()
    if w.size != rows:
        raise StatsError(f"There are {w.size} weights for {rows} rows.")
    if not np.isfinite(w).all() or (w < 0).any() or w.sum() == 0:
        raise StatsError("Weights must be numbers of zero or more, and not all zero.")
    return w


def refuse_collinear(x: Array, terms: tuple[str, ...]) -> None:
    size = np.sqrt((x * x).sum(axis=0))
    r = np.abs(np.diag(np.linalg.qr(x[:, ::-1] / size[::-1], mode="r")))[::-1]
    if r.min() < 1e-9:
        name = terms[int(np.argmax(r < 1e-9))]
        raise StatsError(
            f"Column {name!r} is a combination of other columns or of the constant; "
            "drop one of them."
        )


@dataclass(frozen=True)
class ProbabilityPlot:
    """Points that lie on a line if the family fits.

    Attributes
    ----------
    log_time : ndarray, shape (m,)
    transformed : ndarray, shape (m,)
        log(-log S) for Weibull and exponential, the normal quantile of 1 - S for the
        log-normal, the log odds of 1 - S for the log-logistic; S is the Kaplan-Meier
        estimate just after each release (points with S = 0 are left out).
    """

    log_time: Array
    transformed: Array


def probability_plot(time: ArrayLike, survival: ArrayLike, family: Family) -> ProbabilityPlot:
    """Transform a survival curve so that the family's own curve is a straight line.

    Parameters
    ----------
    time, survival : array_like, shape (m,)
        A curve at its steps, as `kaplan_meier` gives it; times positive.
    family : {"weibull", "exponential", "log-normal", "log-logistic"}

    Notes
    -----
    Kalbfleisch & Prentice 2002, section 2.4. For the Weibull the slope is 1 / sigma.
    """
    if family not in FAMILIES:
        raise StatsError(f"The family is one of {', '.join(FAMILIES)}, not {family!r}.")
    t, s = np.asarray(time, dtype=float), np.asarray(survival, dtype=float)
    use = (t > 0) & (s > 0) & (s < 1)
    t, s = t[use], s[use]
    if family == "log-normal":
        return ProbabilityPlot(np.log(t), scipy.special.ndtri(1 - s))
    if family == "log-logistic":
        return ProbabilityPlot(np.log(t), np.log((1 - s) / s))
    return ProbabilityPlot(np.log(t), np.log(-np.log(s)))


def _level(level: float) -> float:
    if not 0 < level < 1:
        raise StatsError(f"The level is a number between 0 and 1, not {level}.")
    return level
