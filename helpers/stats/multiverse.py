"""One data set, many specifications: Weibull, least squares and logit in batches.

A specification is a subset of covariates, a subset of rows and, if wanted, weights. All
models of a chunk take their Newton step together: one matrix product gives every score
and every information matrix. A model that cannot be fitted is reported and the others
go on; nothing here raises because of a single specification.

The Weibull is estimated in a = 1 / sigma and g = beta / sigma, in which the
log-likelihood is concave (see `helpers.stats.accelerated`). Memory is bounded by the
chunk: about `chunk * 8 * (4 n + 4 k^2)` bytes a thread for n rows and k coefficients.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers.stats.accelerated import CONSTANT, check_times
from helpers.stats.errors import StatsError
from helpers.stats.existence import endless_direction, separating_direction
from helpers.stats.newton import PIVOT, Pairs, Rows, inverse, masked, newton, pivots, scaled_rows

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
CHUNK: Final = 512
_FLAT: Final = 1e-6
_MOVES: Final = 0.1

NO_ROWS: Final = "no rows are left"
NO_EVENT: Final = "the outcome never happens in these rows"
ONE_OUTCOME: Final = "the outcome is the same in all these rows"
TOO_FEW: Final = "there are fewer rows than coefficients"
COLLINEAR: Final = "{} never varies here or is a combination of other columns"
INFINITE: Final = "there is no finite estimate for {}: the outcome is split perfectly"
EXACT: Final = "the covariates give every outcome exactly, which leaves no error to measure"
DIVERGED: Final = "the model did not converge"


@dataclass(frozen=True)
class Batch:
    """Results of m specifications, in the order given.

    Attributes
    ----------
    terms : tuple of str, length k
        Covariates, then "constant".
    estimate, std_error : ndarray, shape (m, k)
        NaN where a term is not in a model, and throughout a model with a problem.
    scale : ndarray, shape (m,)
        Weibull sigma, or the residual standard deviation of least squares; 1 for the logit.
    log_likelihood : ndarray, shape (m,)
    n : ndarray of int, shape (m,)
        Rows used (positive weight).
    converged : ndarray of bool, shape (m,)
    problem : tuple of str, length m
        Empty, or why a model has no answer.
    family : {"weibull", "linear", "logit"}
    covariance : ndarray, shape (m, k, k), or (m, k + 1, k + 1) for the Weibull
        Of the coefficients (last the log of sigma for the Weibull); 0 where a term is not in
        a model.
    """

    terms: tuple[str, ...]
    estimate: Array
    std_error: Array
    scale: Array
    log_likelihood: Array
    n: NDArray[np.int64]
    converged: Flags
    problem: tuple[str, ...] = field(repr=False)
    family: str
    covariance: Array = field(repr=False)

    def table(self, term: str) -> pd.DataFrame:
        """Return one row a model: estimate, std_error, low, high (95 %), n, problem.

        Raises
        ------
        StatsError
            The batch has no such term.
        """
        if term not in self.terms:
            raise StatsError(f"The models have no term {term!r}; they have {self.terms}.")
        place = self.terms.index(term)
        estimate, error = self.estimate[:, place], self.std_error[:, place]
        reach = 1.959963984540054 * error
        return pd.DataFrame(
            {
                "estimate": estimate,
                "std_error": error,
                "low": estimate - reach,
                "high": estimate + reach,
                "log_likelihood": self.log_likelihood,
                "n": self.n,
                "problem": self.problem,
            }
        )


def all_subsets(terms: Sequence[str], always: Sequence[str] = ()) -> Flags:
    """Return every subset of `terms` that contains `always`, as rows of flags.

    Returns
    -------
    ndarray of bool, shape (2 ** (p - a), p)

    Raises
    ------
    StatsError
        A name in `always` that is not a term.
    """
    unknown = [t for t in always if t not in terms]
    if unknown:
        raise StatsError(f"{unknown[0]!r} is not among the covariates {tuple(terms)}.")
    choices = [(True,) if t in always else (False, True) for t in terms]
    return np.array(list(itertools.product(*choices)), dtype=bool)


def weibull_batch(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    include: ArrayLike,
    rows: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    chunk: int = CHUNK,
    threads: int | None = None,
) -> Batch:
    """Fit Weibull accelerated failure time models.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        Positive times; 1 released, 0 censored.
    covariates : DataFrame, shape (n, p)
        Numbers; a row with a missing value is left out of the models that use that column.
    include : array_like of bool, shape (m, p)
        Which covariates each model has; the constant is always in.
    rows : array_like of bool, shape (m, n) or (n,), optional
    weights : array_like, shape (m, n) or (n,), optional
        Not negative; each multiplies its row's contribution to the log-likelihood.
    entry : array_like, shape (n,), optional
        Delayed entry.
    chunk : int
        Models fitted together.
    threads : int, optional
        Chunks fitted at a time; the number of processors by default.

    Raises
    ------
    StatsError
        Input that no model could use: times or events as for `fit_accelerated`, shapes that
        do not fit. A model that fails does not raise; see `Batch.problem`.
    """
    t, d, start = check_times(time, event, entry, len(covariates))
    return _run(_Weibull(t, d, start), covariates, include, rows, weights, chunk, threads)


def least_squares_batch(
    outcome: ArrayLike,
    covariates: pd.DataFrame,
    include: ArrayLike,
    rows: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    chunk: int = CHUNK,
    threads: int | None = None,
) -> Batch:
    """Fit linear models by (weighted) least squares; classical standard errors.

    Parameters as for `weibull_batch`, with an `outcome` of shape (n,). The log-likelihood
    is the Gaussian one at its maximum, as R's `logLik` of an `lm` gives it, weights included.

    Raises
    ------
    StatsError
        A missing outcome, or shapes that do not fit.
    """
    y = np.asarray(outcome, dtype=float).ravel()
    if not np.isfinite(y).all():
        raise StatsError("The outcome has missing or infinite values; drop those rows first.")
    return _run(_Linear(y), covariates, include, rows, weights, chunk, threads)


def logit_batch(
    outcome: ArrayLike,
    covariates: pd.DataFrame,
    include: ArrayLike,
    rows: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    chunk: int = CHUNK,
    threads: int | None = None,
) -> Batch:
    """Fit logit models by maximum likelihood; errors from the information.

    Parameters as for `weibull_batch`, with an `outcome` of 0 and 1. Perfect separation is
    reported in `Batch.problem`.

    Raises
    ------
    StatsError
        An outcome that is not 0 or 1, or shapes that do not fit.
    """
    y = np.asarray(outcome, dtype=float).ravel()
    if not np.isin(y, (0.0, 1.0)).all():
        raise StatsError("The outcome must be 0 or 1 in every row, nothing missing.")
    return _run(_Logit(y), covariates, include, rows, weights, chunk, threads)


# The rows and specifications --------------------------------------------------------------


def _specifications(
    data: Rows, include: ArrayLike, rows: ArrayLike | None, weights: ArrayLike | None
) -> tuple[Flags, Flags | None, Array | None]:
    n, k = data.x.shape
    chosen = np.atleast_2d(np.asarray(include, dtype=bool))
    if chosen.ndim != 2 or chosen.shape[1] != k - 1:
        raise StatsError(f"`include` needs one row a model and {k - 1} columns.")
    m = len(chosen)
    kept = None if rows is None else np.asarray(rows, dtype=bool)
    weight = None if weights is None else np.asarray(weights, dtype=float)
    for name, given in (("rows", kept), ("weights", weight)):
        if given is not None and given.shape not in ((n,), (m, n)):
            raise StatsError(f"`{name}` needs shape ({n},) or ({m}, {n}), not {given.shape}.")
    if weight is not None and (not np.isfinite(weight).all() or (weight < 0).any()):
        raise StatsError("Weights must be numbers of zero or more.")
    return chosen, kept, weight


def _run(
    model: _Model,
    covariates: pd.DataFrame,
    include: ArrayLike,
    rows: ArrayLike | None,
    weights: ArrayLike | None,
    chunk: int,
    threads: int | None,
) -> Batch:
    data = scaled_rows(covariates)
    if model.outcome.size != len(data.x):
        raise StatsError(
            f"The outcome has {model.outcome.size} rows but the covariates have {len(data.x)}."
        )
    if chunk < 1:
        raise StatsError(f"The chunk is a whole number of models, 1 or more, not {chunk}.")
    chosen, kept, weight = _specifications(data, include, rows, weights)
    model.prepare(data.x)
    gram = Pairs(data.x)

    def part(given: Array | Flags | None, at: slice) -> Array | Flags | float:
        if given is None:
            return 1.0
        return given if given.ndim == 1 else given[at]

    def block(first: int) -> _Answer:
        at = slice(first, first + chunk)
        take = chosen[at]
        w = np.ones((len(take), len(data.x))) * part(kept, at) * part(weight, at)
        if data.missing.any():
            w[(take.astype(float) @ data.missing.T) > 0] = 0.0
        active = np.column_stack([take, np.ones(len(take), dtype=bool)])
        problem = _why_not(model, gram, w, active, data.terms)
        return model.fit(w, active, problem, data)

    starts = range(0, len(chosen), chunk)
    workers = threads or os.cpu_count() or 1
    if workers > 1 and len(starts) > 1:
        with ThreadPoolExecutor(workers) as pool:
            answers = list(pool.map(block, starts))
    else:
        answers = [block(first) for first in starts]
    problems = tuple(p for a in answers for p in a.problem)
    ok = np.array([not p for p in problems])
    estimate = np.vstack([a.estimate for a in answers])
    error = np.vstack([a.std_error for a in answers])
    estimate[~ok], error[~ok] = np.nan, np.nan
    scale, value = (np.concatenate([getattr(a, f) for a in answers]) for f in ("scale", "value"))
    scale[~ok], value[~ok] = np.nan, np.nan
    n = np.concatenate([a.n for a in answers])
    covariance = np.concatenate([a.covariance for a in answers])
    covariance[~ok] = np.nan
    return Batch(
        data.terms, estimate, error, scale, value, n, ok, problems, model.family, covariance
    )


def _why_not(
    model: _Model, gram: Pairs, w: Array, active: Flags, terms: tuple[str, ...]
) -> list[str]:
    """Say for each specification why it cannot be fitted; empty where it can."""
    used = (w > 0).sum(axis=1)
    idle = model.idle(w)
    few = used < active.sum(axis=1) + model.extra
    pivot = np.ones(active.shape)
    # A subset of columns that are independent is independent: one look is enough
    # where all models have the same rows.
    same = bool((w == w[0]).all())
    everything = np.ones((1, active.shape[1]), dtype=bool)
    if not same or pivots(gram.square(w[:1]), everything).min() < PIVOT:
        pivot = pivots(masked(gram.square(w), active), active)
    weak = pivot.min(axis=1) < PIVOT
    out = [""] * len(w)
    for i in np.flatnonzero((used == 0) | few | idle | weak):
        if used[i] == 0:
            out[i] = NO_ROWS
        elif few[i]:
            out[i] = TOO_FEW
        elif idle[i]:
            out[i] = model.idle_words
        else:
            out[i] = COLLINEAR.format(terms[int(np.argmax(pivot[i] < PIVOT))])
    return out


@dataclass(frozen=True)
class _Answer:
    estimate: Array
    std_error: Array
    scale: Array
    value: Array
    n: NDArray[np.int64]
    problem: list[str]
    covariance: Array


def _flat(information: Array, inverse: Array, events: Array, active: Flags) -> Flags:
    """Tell which models may have run off: their likelihood bends too little somewhere.

    Columns have unit size, so their information is of the order of the number of events
    unless the likelihood is flat; `left` is what the other terms leave of it.
    """
    own = np.einsum("mii->mi", information)
    left = 1 / np.maximum(own * np.einsum("mii->mi", inverse), 1e-300)
    flat = (own < _FLAT * events[:, None]) | (left < _FLAT) | ~np.isfinite(left)
    return np.asarray((active & flat).any(axis=1))


def _infinite(direction: Array, active: Flags, terms: tuple[str, ...]) -> str:
    """Name the terms that run off; `direction` follows the active terms."""
    size = np.abs(direction)
    runs = np.zeros(len(terms), dtype=bool)
    runs[active] = size > 1e-4 * size.max()
    named = [t for t, on in zip(terms, runs, strict=True) if on and t != CONSTANT]
    return INFINITE.format(", ".join(named) or CONSTANT)


# The three models -------------------------------------------------------------------------


class _Model:
    """What a batch needs of a model."""

    extra = 0  # parameters beside the coefficients
    idle_words = ""  # what is said where the outcome does not vary
    outcome: Array
    family = ""

    def prepare(self, x: Array) -> None:
        raise TypeError("A model defines prepare().")

    def idle(self, w: Array) -> Flags:
        """Tell in which specifications the outcome leaves nothing to estimate."""
        return np.zeros(len(w), dtype=bool)

    def fit(self, w: Array, active: Flags, problem: list[str], data: Rows) -> _Answer:
        raise TypeError("A model defines fit().")


class _Weibull(_Model):
    extra = 1
    idle_words = NO_EVENT
    family = "weibull"

    def __init__(self, t: Array, d: Array, start: Array | None) -> None:
        self.log_t, self.outcome = np.log(t), d
        self.centre = float(self.log_t.mean())
        self.start = start
        self.late: NDArray[np.intp] | None = None

    def prepare(self, x: Array) -> None:
        self.columns = np.column_stack([self.log_t - self.centre, -x])
        self.sign = np.ones(len(x))
        if self.start is not None and (self.start > 0).any():
            # Survival to the entry is divided out: the same row at its entry, minus sign.
            self.late = np.flatnonzero(self.start > 0)
            clock = np.log(self.start[self.late]) - self.centre
            self.columns = np.vstack([self.columns, np.column_stack([clock, -x[self.late]])])
            self.sign = np.concatenate([self.sign, -np.ones(self.late.size)])
        self.pairs = Pairs(self.columns)

    def idle(self, w: Array) -> Flags:
        return np.asarray((w @ self.outcome) == 0)

    def fit(self, w: Array, active: Flags, problem: list[str], data: Rows) -> _Answer:
        d, n = self.outcome, len(self.outcome)
        events = w @ d
        target = (w * d) @ self.columns[:n]
        constant = (w * d) @ self.log_t
        signed = (w if self.late is None else np.hstack([w, w[:, self.late]])) * self.sign

        def at(theta: Array, which: NDArray[np.intp]) -> tuple[Array, Array, Array]:
            a = theta[:, 0]
            hazard = np.exp(np.minimum(theta @ self.columns.T, 60.0)) * signed[which]
            value = events[which] * np.log(a) + np.einsum("mi,mi->m", target[which], theta)
            score = target[which] - hazard @ self.columns
            information = self.pairs.square(hazard)
            score[:, 0] += events[which] / a
            information[:, 0, 0] += events[which] / a**2
            return value - hazard.sum(axis=1), score, information

        whole = np.column_stack([np.ones(len(w), dtype=bool), active])
        problem = self.endless(w, whole, problem, data)
        usable = np.array([not p for p in problem])
        theta = np.zeros(whole.shape)
        theta[:, 0] = 1.0
        # Exponential without covariates: the constant is the log of exposure over events.
        exposure = np.maximum(signed @ np.exp(self.columns[:, 0]), 1e-12)
        theta[:, -1] = np.log(exposure / np.maximum(events, 1e-12))
        theta, value, information, _, converged = newton(
            at, theta, whole, usable, _mean_weight(w), True
        )
        a, b = theta[:, :1], theta[:, 1:] / theta[:, :1]
        covariance = inverse(information)
        estimate = b @ data.back.T
        # Scaled coefficients are g / a and log sigma is -log a: derivatives by a, then by g.
        left = np.concatenate(
            [-(estimate / a)[:, :, None], data.back[None] / a[:, :, None]], axis=2
        )
        last = np.zeros((len(w), 1, left.shape[2]))
        last[:, 0, 0] = -1 / a[:, 0]
        left = np.concatenate([left, last], axis=1) * _columns_in(whole)
        covariance = _sandwich(left, covariance)
        estimate[:, -1] += self.centre
        # Late entry can drive the shape to 0, where no Weibull is left.
        lost = ~converged | (a[:, 0] < _FLAT)
        problem = [p or (DIVERGED if bad else "") for p, bad in zip(problem, lost, strict=True)]
        return _Answer(
            np.where(active, estimate, np.nan),
            _errors(covariance[:, :-1, :-1], active),
            1 / theta[:, 0],
            # Each event adds -log t; the centring of log t is undone by the constant.
            value - constant,
            (w > 0).sum(axis=1),
            problem,
            covariance,
        )

    def endless(self, w: Array, whole: Flags, problem: list[str], data: Rows) -> list[str]:
        """Say which models have no maximum: only those whose releases leave a term free."""
        n = len(self.outcome)
        released = (w * self.outcome > 0).astype(float)
        kept = Pairs(self.columns[:n])
        out = list(problem)
        # Where all models have the same releases, those of all columns tell for every subset.
        if bool((released == released[0]).all()):
            everything = np.ones((1, whole.shape[1]), dtype=bool)
            if pivots(kept.square(released[:1]), everything).min() > _FLAT:
                return out
        pivot = pivots(masked(kept.square(released), whole), whole).min(axis=1)
        for i in np.flatnonzero(pivot < _FLAT):
            if problem[i]:
                continue
            rows, on = w[i] > 0, whole[i, 1:]
            clock = self.columns[:n][rows, 0]
            clock = clock / (clock.std() or 1.0)
            found = endless_direction(clock, self.outcome[rows], data.x[rows][:, on])
            if found is not None:
                exact = found[0] > _FLAT
                out[i] = EXACT if exact else _infinite(found[1:], on, data.terms)
        return out


def _columns_in(active: Flags) -> Array:
    return active[:, None, :].astype(float)


def _sandwich(left: Array, covariance: Array) -> Array:
    return np.matmul(np.matmul(left, covariance), np.swapaxes(left, 1, 2))


def _errors(covariance: Array, active: Flags) -> Array:
    variance = np.maximum(np.einsum("mii->mi", covariance), 0.0)
    return np.where(active, np.sqrt(variance), np.nan)


def _mean_weight(w: Array) -> Array:
    return np.minimum(1.0, w.sum(axis=1) / np.maximum((w > 0).sum(axis=1), 1))


class _Logit(_Model):
    idle_words = ONE_OUTCOME
    family = "logit"

    def __init__(self, y: Array) -> None:
        self.outcome = y

    def prepare(self, x: Array) -> None:
        self.columns, self.pairs = x, Pairs(x)

    def idle(self, w: Array) -> Flags:
        return np.asarray(((w @ self.outcome) == 0) | ((w @ (1 - self.outcome)) == 0))

    def fit(self, w: Array, active: Flags, problem: list[str], data: Rows) -> _Answer:
        y, x = self.outcome, self.columns
        target = (w * y) @ x

        def at(theta: Array, which: NDArray[np.intp]) -> tuple[Array, Array, Array]:
            eta = theta @ x.T
            share = 1 / (1 + np.exp(-np.clip(eta, -500, 500)))
            weight = w[which]
            value = np.einsum("mi,mi->m", target[which], theta)
            value -= np.einsum("mn,mn->m", weight, np.logaddexp(0, eta))
            score = target[which] - (weight * share) @ x
            return value, score, self.pairs.square(weight * share * (1 - share))

        usable = np.array([not p for p in problem])
        theta = np.zeros(active.shape)
        ones, zeros = w @ y, w @ (1 - y)
        theta[:, -1] = np.log(np.maximum(ones, 1e-12) / np.maximum(zeros, 1e-12))
        theta, value, information, step, converged = newton(
            at, theta, active, usable, _mean_weight(w), False
        )
        covariance = inverse(information)
        left = np.broadcast_to(data.back, information.shape) * _columns_in(active)
        # At a maximum the step that would follow is nothing; without one it moves some row's
        # log odds by about 1 for ever.
        moves = np.abs(np.where(w > 0, step @ x.T, 0.0)).max(axis=1)
        doubt = ~converged | (moves > _MOVES)
        doubt |= _flat(information, covariance, np.minimum(ones, zeros), active)
        problem = list(problem)
        for i in np.flatnonzero(doubt & usable):
            problem[i] = self.split(w[i] > 0, active[i], step[i], data.terms)
            if not problem[i] and not converged[i]:
                problem[i] = DIVERGED
        covariance = _sandwich(left, covariance)
        return _Answer(
            np.where(active, theta @ data.back.T, np.nan),
            _errors(covariance, active),
            np.ones(len(w)),
            value,
            (w > 0).sum(axis=1),
            problem,
            covariance,
        )

    def split(self, rows: Flags, active: Flags, step: Array, terms: tuple[str, ...]) -> str:
        """Say which terms split the outcome; empty if none does."""
        y, x = self.outcome[rows], self.columns[rows][:, active]
        direction = step[active]
        # The step itself may prove it: nobody's fit gets worse, somebody's gets better.
        better = np.where(y == 1, 1.0, -1.0) * (x @ direction)
        if not (better.max() > _MOVES and better.min() > -1e-3 * better.max()):
            found = separating_direction(y, x)
            if found is None:
                return ""
            direction = found
        return _infinite(direction, active, terms)


class _Linear(_Model):
    extra = 1
    family = "linear"

    def __init__(self, y: Array) -> None:
        self.outcome = y

    def prepare(self, x: Array) -> None:
        self.columns, self.pairs = x, Pairs(x)
        self.centre = float(self.outcome.mean())

    def fit(self, w: Array, active: Flags, problem: list[str], data: Rows) -> _Answer:
        y, x = self.outcome - self.centre, self.columns
        usable = np.array([not p for p in problem])
        square = masked(self.pairs.square(w), active)
        square[~usable] = np.eye(active.shape[1])
        covariance = inverse(square)
        theta = np.zeros(active.shape)
        residual = np.broadcast_to(y, w.shape)
        for _ in range(2):  # the second round takes back the rounding of the first
            theta += np.einsum("mij,mj->mi", covariance, ((w * residual) @ x) * active)
            residual = y - theta @ x.T
        squares = np.einsum("mn,mn->m", w, residual**2)
        mean = (w @ y) / np.maximum(w.sum(axis=1), 1e-300)
        total = np.einsum("mn,mn->m", w, (y - mean[:, None]) ** 2)
        exact = squares <= 1e-20 * total
        problem = [p or (EXACT if no else "") for p, no in zip(problem, exact, strict=True)]
        n = (w > 0).sum(axis=1)
        free = np.maximum(n - active.sum(axis=1), 1)
        sigma = np.sqrt(squares / free)
        left = np.broadcast_to(data.back, square.shape) * _columns_in(active)
        with np.errstate(divide="ignore", invalid="ignore"):
            log_weights = np.where(w > 0, np.log(w), 0.0).sum(axis=1)
            value = 0.5 * (log_weights - n * (np.log(2 * np.pi) + 1 - np.log(n) + np.log(squares)))
        estimate = theta @ data.back.T
        estimate[:, -1] += self.centre
        covariance = _sandwich(left, covariance) * sigma[:, None, None] ** 2
        return _Answer(
            np.where(active, estimate, np.nan),
            _errors(covariance, active),
            sigma,
            value,
            n,
            problem,
            covariance,
        )
