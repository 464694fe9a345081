"""What a multiverse of models says together: one estimand, whose choice, and chance.

How to build a multiverse on this: hold the choices as data, one row a universe and one
column a choice; group the universes by family, turn each group into rows of `include`,
`rows` and `weights`, and fit it with one call of `helpers.stats.multiverse`. Then

- `points_released` puts unlike models on one scale, percentage points released by a month;
- `variance_shares(choices, estimate)` says whose choice moves the estimate;
- `permutation_runs(fit, labels, ...)` asks whether chance makes such a curve, where
  `fit(labels)` refits every universe with other labels and returns estimates and errors.

Universes that share a fit (those that differ in standard errors only, say) need one fit.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike, NDArray

from helpers.stats.errors import StatsError
from helpers.stats.multiverse import CHUNK, Batch

Array = NDArray[np.float64]
MAX_CHOICES: Final = 12
NOT_IN: Final = "the model does not hold {}"
_REACH: Final = 1.959963984540054
Fit = Callable[[Array], tuple[Array, Array]]


def points_released(
    batch: Batch,
    covariates: pd.DataFrame,
    term: str,
    month: float | None = None,
    rows: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    chosen_only: bool = False,
) -> pd.DataFrame:
    """Return each model's difference in percentage points released, with the term 1 and 0.

    Every row of a model is predicted twice, with `term` at 1 and at 0; the two shares released
    are averaged over the rows and subtracted (standardisation, or g-computation).

    Parameters
    ----------
    batch : Batch
        From `weibull_batch`, `logit_batch` or `least_squares_batch` of a 0/1 outcome.
    covariates : DataFrame, shape (n, p)
        The frame that was fitted.
    term : str
        A 0/1 column.
    month : float, optional
        For the Weibull: released by this time on the clock of the fit, in its unit. The
        other two predict the outcome they were fitted to, so their month is in its coding.
    rows, weights : array_like, optional
        As they were given to the fit.
    chosen_only : bool
        Average over the rows with the term at 1 (effect on the chosen) instead of all.

    Returns
    -------
    DataFrame, one row a model
        estimate, std_error, low, high (percentage points; 95 %), problem. The standard error
        is by the delta method with the rows taken as fixed; a linear model's is that of its
        coefficient.

    Raises
    ------
    StatsError
        No such term, one that is not 0/1, a month that is missing or not positive, or columns
        that are not those of the fit.

    Notes
    -----
    What the common scale costs: a Weibull answers for a month its data may not reach and, under
    late entry, for the months before it too; a linear model may leave 0 to 100; and averages
    over different rows answer for different people.
    """
    terms = batch.terms[:-1]
    if tuple(map(str, covariates.columns)) != terms:
        raise StatsError(f"The columns are not those of the fit, {', '.join(terms)}.")
    if term not in terms:
        raise StatsError(f"The models have no term {term!r}; they have {', '.join(terms)}.")
    place = terms.index(term)
    x = np.column_stack([covariates.to_numpy(float, na_value=np.nan), np.ones(len(covariates))])
    missing = ~np.isfinite(x)
    x[missing] = 0.0
    if not np.isin(x[:, place], (0.0, 1.0)).all():
        raise StatsError(f"{term!r} is not a 0/1 column, so it cannot be set to 1 and to 0.")
    if batch.family == "weibull" and (month is None or not 0 < month < math.inf):
        raise StatsError("A Weibull predicts releases by a month: give one above 0.")
    active = np.isfinite(batch.estimate)
    m = len(active)
    estimate, error = np.full(m, np.nan), np.full(m, np.nan)
    use = np.flatnonzero(batch.converged & active[:, place])
    for first in range(0, use.size, CHUNK):
        at = use[first : first + CHUNK]
        w = np.ones((at.size, len(x)))
        for given in (rows, weights):
            if given is not None:
                part = np.asarray(given, dtype=float)
                w *= part if part.ndim == 1 else part[at]
        if missing.any():
            w[(active[at].astype(float) @ missing.T) > 0] = 0.0
        if chosen_only:
            w = w * x[:, place]
        w /= np.maximum(w.sum(axis=1, keepdims=True), 1e-300)
        one = _share(batch, at, x, place, 1.0, w, month)
        zero = _share(batch, at, x, place, 0.0, w, month)
        gradient = one[1] - zero[1]
        estimate[at] = 100 * (one[0] - zero[0])
        variance = np.einsum("mi,mij,mj->m", gradient, batch.covariance[at], gradient)
        error[at] = 100 * np.sqrt(np.maximum(variance, 0.0))
    absent = NOT_IN.format(term)
    problem = [
        p or ("" if on else absent) for p, on in zip(batch.problem, active[:, place], strict=True)
    ]
    return pd.DataFrame(
        {
            "estimate": estimate,
            "std_error": error,
            "low": estimate - _REACH * error,
            "high": estimate + _REACH * error,
            "problem": problem,
        }
    )


def _share(
    batch: Batch,
    at: NDArray[np.intp],
    x: Array,
    place: int,
    value: float,
    w: Array,
    month: float | None,
) -> tuple[Array, Array]:
    """Return the mean share released with the term at a value, and its gradient."""
    x = x.copy()
    x[:, place] = value
    b = np.nan_to_num(batch.estimate[at])
    eta = b @ x.T
    if batch.family == "linear":
        return (w * eta).sum(axis=1), w @ x
    if batch.family == "logit":
        share = scipy.special.expit(eta)
        return (w * share).sum(axis=1), (w * share * (1 - share)) @ x
    sigma = batch.scale[at][:, None]
    assert month is not None
    z = (math.log(month) - eta) / sigma
    hazard = np.exp(np.minimum(z, 50.0))
    density = w * hazard * np.exp(-hazard)  # of the share by z
    # dz/db = -x / sigma, dz/d log sigma = -z
    gradient = np.column_stack([-(density @ x) / sigma, -(density * z).sum(axis=1)])
    return (w * -np.expm1(-hazard)).sum(axis=1), gradient


# Whose choice moves the estimate? ---------------------------------------------------------


@dataclass(frozen=True)
class Shares:
    """How the variance of the estimate over the universes is divided among the choices.

    Attributes
    ----------
    table : DataFrame
        One row a choice: alone (share of the variance between the means of its options),
        total (what would be left if every other choice were known), shapley (a share of
        its own that adds to 1 over the choices).
    pairs : DataFrame
        One row a pair: first, second, interaction (what the two explain together beyond
        each alone; below 0 where they go together in the universes kept).
    variance : float
    universes : int
        Universes with an estimate.
    """

    table: pd.DataFrame
    pairs: pd.DataFrame
    variance: float
    universes: int


def variance_shares(choices: pd.DataFrame, estimate: ArrayLike) -> Shares:
    """Divide the variance of an estimate among the choices behind it.

    Parameters
    ----------
    choices : DataFrame, shape (universes, choices)
        One column a choice, at most 12, its options as labels.
    estimate : array_like, shape (universes,)
        NaN where a universe has no answer; these are left out.

    Raises
    ------
    StatsError
        No choice or too many, unlike lengths, fewer than two estimates, or no variance.

    Notes
    -----
    A functional analysis of variance over the universes as they are, all equally likely: V(u)
    is the variance of the mean estimate given the choices in u; `alone` is V(j) / V, `total`
    1 - V(all but j) / V (Sobol' 1993), and `shapley` the mean of V(u + j) - V(u) over all
    orders (Owen 2014, SIAM/ASA Journal on Uncertainty Quantification 2:245-251; Song, Nelson &
    Staum 2016, 4:1060-1083), which stays a division where constraints make choices depend on
    one another. In a full grid `alone` is the sum of squares of an analysis of variance.
    """
    y = np.asarray(estimate, dtype=float).ravel()
    names = [str(c) for c in choices]
    if not 1 <= len(names) <= MAX_CHOICES:
        raise StatsError(f"Give 1 to {MAX_CHOICES} choices, not {len(names)}.")
    if y.size != len(choices):
        raise StatsError("There must be one estimate for each universe.")
    known = np.isfinite(y)
    y = y[known] - (y[known].mean() if known.any() else 0.0)
    variance = float(y.var()) if y.size > 1 else 0.0
    if y.size < 2 or variance <= 0:
        raise StatsError("The estimates do not vary, so there is nothing to divide.")
    codes = [pd.factorize(choices[c][known])[0] for c in choices]
    k = len(names)
    explained = np.zeros(1 << k)
    groups: list[NDArray[np.intp] | None] = [None] * (1 << k)
    for subset in range(1, 1 << k):
        last = subset.bit_length() - 1
        rest = groups[subset ^ (1 << last)]
        code = codes[last]
        if rest is not None:
            code = pd.factorize(rest.astype(np.int64) * (int(code.max()) + 1) + code)[0]
        groups[subset] = code
        size = np.bincount(code)
        explained[subset] = (np.bincount(code, y) ** 2 / size).sum() / y.size / variance
    everything = (1 << k) - 1
    explained[everything] = max(explained[everything], 1e-300)
    shapley = np.zeros(k)
    for j in range(k):
        for subset in range(1 << k):
            if not subset >> j & 1:
                ahead = subset.bit_count()
                order = math.factorial(ahead) * math.factorial(k - ahead - 1) / math.factorial(k)
                shapley[j] += order * (explained[subset | 1 << j] - explained[subset])
    table = pd.DataFrame(
        {
            "choice": names,
            "alone": [explained[1 << j] for j in range(k)],
            "total": [explained[everything] - explained[everything ^ 1 << j] for j in range(k)],
            "shapley": shapley,
        }
    )
    pairs = pd.DataFrame(
        [
            (names[i], names[j], explained[1 << i | 1 << j] - explained[1 << i] - explained[1 << j])
            for i, j in itertools.combinations(range(k), 2)
        ],
        columns=["first", "second", "interaction"],
    )
    return Shares(table, pairs, variance, int(y.size))


# Could noise look like this? --------------------------------------------------------------

STATISTICS: Final = ("median", "significant", "stouffer")


def curve_statistics(estimate: ArrayLike, std_error: ArrayLike) -> Array:
    """Return the three statistics of a specification curve, shape (3,).

    The distance of the median estimate from 0; the share of universes significant at 5 % in
    the direction that has more of them; and the distance from 0 of Stouffer's mean z. Universes
    without an answer are left out.

    Notes
    -----
    Simonsohn, Simmons & Nelson 2020, Nature Human Behaviour 4:1208-1214.
    """
    b, s = np.asarray(estimate, dtype=float), np.asarray(std_error, dtype=float)
    known = np.isfinite(b) & np.isfinite(s) & (s > 0)
    if not known.any():
        return np.full(3, np.nan)
    z = b[known] / s[known]
    share = max(float((z > _REACH).mean()), float((z < -_REACH).mean()))
    return np.array([abs(np.median(b[known])), share, abs(z.sum()) / math.sqrt(z.size)])


@dataclass(frozen=True)
class Permutations:
    """Curves under shuffled labels, as far as they have been drawn.

    Attributes
    ----------
    observed : ndarray, shape (3,)
        Of the labels as they are; see `STATISTICS`.
    drawn : ndarray, shape (runs, 3)
        Run i is the same whoever draws it, so runs can be shared out and taken up again.
    wanted, seed : int
    """

    observed: Array
    drawn: Array = field(repr=False)
    wanted: int
    seed: int

    @property
    def p_values(self) -> Array:
        """(1 + runs at least as extreme) / (1 + runs), shape (3,)."""
        drawn = self.drawn[np.isfinite(self.drawn).all(axis=1)]
        extreme = (drawn >= self.observed - 1e-12).sum(axis=0)
        return np.asarray((1 + extreme) / (1 + len(drawn)))


def shuffled(labels: ArrayLike, seed: int, run: int, within: ArrayLike | None = None) -> Array:
    """Return the labels of one run: shuffled, within groups where these are given."""
    values = np.asarray(labels, dtype=float).ravel()
    draw = np.random.default_rng([seed, run])
    key = draw.random(values.size)
    if within is None:
        return values[np.argsort(key)]
    group = pd.factorize(np.asarray(within).ravel())[0]
    if group.size != values.size:
        raise StatsError("There must be one group for each label.")
    out = np.empty_like(values)
    # The rows of each group in place take those of the same group in a random order.
    out[np.lexsort((np.arange(values.size), group))] = values[np.lexsort((key, group))]
    return out


def permutation_chunk(
    fit: Fit, labels: ArrayLike, seed: int, runs: range, within: ArrayLike | None = None
) -> Array:
    """Return the statistics of some runs, shape (len(runs), 3); for a worker of its own."""
    return np.array(
        [curve_statistics(*fit(shuffled(labels, seed, run, within))) for run in runs]
    ).reshape(-1, 3)


def permutation_runs(
    fit: Fit,
    labels: ArrayLike,
    runs: int = 1000,
    seed: int = 1,
    within: ArrayLike | None = None,
    before: Permutations | None = None,
    chunk: int = 10,
    executor: Executor | None = None,
    parts: int = 1,
) -> Iterator[Permutations]:
    """Shuffle the labels, refit every universe, and yield what is known after each chunk.

    Parameters
    ----------
    fit : callable
        From labels of shape (n,) to estimates and standard errors, one a universe.
    labels : array_like, shape (n,)
        Who was chosen, 0/1.
    runs, seed : int
    within : array_like, shape (n,), optional
        Groups (countries) within which labels are shuffled.
    before : Permutations, optional
        What an earlier call yielded last; its runs are not drawn again.
    chunk : int
        Runs between two reports.
    executor : concurrent.futures.Executor, optional
        Who does the work: processes of this computer, or a cluster (dask's
        `Client.get_executor()`). The numbers are the same.
    parts : int
        Pieces that a chunk is shared out in, when there is an executor.

    Raises
    ------
    StatsError
        Fewer than one run, a chunk below 1, or a `before` of another seed or other data.

    Notes
    -----
    Stop by leaving the loop; the last value goes on from there. Under the null that labels do
    not matter they are exchangeable, so the test is exact for the universes together.
    """
    if runs < 1 or chunk < 1:
        raise StatsError("Ask for one run or more, in chunks of one or more.")
    observed = curve_statistics(*fit(np.asarray(labels, dtype=float).ravel()))
    drawn = np.empty((0, 3))
    if before is not None:
        if before.seed != seed or not np.allclose(before.observed, observed, equal_nan=True):
            raise StatsError("The earlier runs are of another seed or other data; start again.")
        drawn = before.drawn
    while True:
        yield Permutations(observed, drawn, runs, seed)
        if len(drawn) >= runs:
            return
        part = range(len(drawn), min(len(drawn) + chunk, runs))
        if executor is None:
            drawn = np.vstack([drawn, permutation_chunk(fit, labels, seed, part, within)])
            continue
        edges = np.linspace(part.start, part.stop, max(parts, 1) + 1).astype(int)
        work = [
            executor.submit(permutation_chunk, fit, labels, seed, range(a, b), within)
            for a, b in itertools.pairwise(edges.tolist())
        ]
        drawn = np.vstack([drawn, *(task.result() for task in work)])
