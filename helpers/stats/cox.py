"""Cox regression, and tests of the proportional hazards that it assumes.

Written in NumPy so that a panel can refit it at every move; agrees with R's `coxph` and
`cox.zph` (both definitions of the test) and with lifelines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike, NDArray

from helpers.stats.accelerated import (
    ConvergenceError,
    check_times,
    check_weights,
    design_columns,
    refuse_collinear,
)
from helpers.stats.errors import StatsError
from helpers.stats.kaplan_meier import checked_group, kaplan_meier

Array = NDArray[np.float64]
Ties = Literal["efron", "breslow"]
Transform = Literal["km", "rank", "identity", "log"]
Definition = Literal["score", "residual"]
TRANSFORMS: Final[tuple[Transform, ...]] = ("km", "rank", "identity", "log")


@dataclass(frozen=True)
class _RiskSets:
    """What each event sees: one row an event, by stratum and in order of time.

    `means` and `covariances` are those of the covariates in the risk set, weighted by the
    hazards (and, under Efron's rule, averaged over the order of tied events); `weight` is the
    event's case weight, under Efron's rule the mean of the tied ones.
    """

    time: Array
    rows: NDArray[np.intp]
    log_sum: Array
    means: Array
    covariances: Array
    weight: Array


@dataclass(frozen=True)
class CoxFit:
    """A fitted Cox model; arrays follow `terms`.

    `log_likelihood` is the partial log-likelihood at the estimate and `null` at zero; `strata`
    counts the strata that hold an event (1 without strata).
    """

    terms: tuple[str, ...]
    estimate: Array
    covariance: Array = field(repr=False)
    log_likelihood: float
    null: float
    n: int
    events: int
    ties: Ties
    strata: int
    weighted: bool
    _sets: _RiskSets = field(repr=False)
    _x: Array = field(repr=False)
    _curve: tuple[Array, Array, Array | None] = field(repr=False)

    @property
    def std_error(self) -> Array:
        """Standard errors, from the observed information."""
        return np.sqrt(np.diag(self.covariance))

    def table(self, level: float = 0.95) -> pd.DataFrame:
        """Return one row a term: estimate, std_error, p_value, low, high, hazard_ratio."""
        reach = scipy.special.ndtri(0.5 + level / 2) * self.std_error
        return pd.DataFrame(
            {
                "term": self.terms,
                "estimate": self.estimate,
                "std_error": self.std_error,
                "p_value": 2 * scipy.special.ndtr(-np.abs(self.estimate / self.std_error)),
                "low": self.estimate - reach,
                "high": self.estimate + reach,
                "hazard_ratio": np.exp(self.estimate),
            }
        )


def fit_cox(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    entry: ArrayLike | None = None,
    ties: Ties = "efron",
    strata: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> CoxFit:
    """Fit by maximum partial likelihood.

    Parameters
    ----------
    time, event, entry
        As for `fit_accelerated`.
    covariates : DataFrame, shape (n, p)
        Numbers without missing values; p at least 1.
    ties : {"efron", "breslow"}
    strata : array_like, shape (n,), optional
        Labels, such as countries: each stratum has a baseline hazard of its own, and rows are
        compared within strata only.
    weights : array_like, shape (n,), optional
        Case weights as for `fit_accelerated`; standard errors are the model's own, not robust.

    Raises
    ------
    StatsError
        Bad input, as for `fit_accelerated`, or no covariate.
    ConvergenceError
        A coefficient without a finite estimate, named.

    Notes
    -----
    Cox 1972; strata as in Kalbfleisch & Prentice 2002, section 4.4; ties after Efron 1977 (the
    default of R) or Breslow 1974, with weights as in `coxph`; delayed entry as in Kalbfleisch &
    Prentice 2002, section 4.3.
    """
    if ties not in ("efron", "breslow"):
        raise StatsError(f"Ties are handled by 'efron' or 'breslow', not {ties!r}.")
    full, terms = design_columns(covariates)
    if full.shape[1] == 1:
        raise StatsError("A Cox model needs a covariate at least; choose one.")
    t, d, start = check_times(time, event, entry, len(full))
    if len(full) <= full.shape[1]:
        raise StatsError(f"{len(full)} rows cannot carry {full.shape[1] - 1} coefficients.")
    refuse_collinear(full, terms)
    w = check_weights(weights, len(full))
    names, place = ((1,), np.zeros(len(full), dtype=np.intp))
    if strata is not None:
        names, place = checked_group(strata, len(full), "stratum")  # type: ignore[assignment]
    if (w == 0).any():
        kept = w > 0
        full, t, d, w, place = full[kept], t[kept], d[kept], w[kept], place[kept]
        start = None if start is None else start[kept]
    groups = [np.flatnonzero(place == g) for g in range(len(names))]
    groups = [rows for rows in groups if d[rows].any()]
    if not groups:
        raise StatsError("Nobody with weight is released, so no hazard can be estimated.")

    def sets_at(beta: Array) -> _RiskSets:
        return _joined([_risk_sets(t, d, start, x, w, beta, ties, rows) for rows in groups])

    # Centring changes no coefficient and keeps exp() in range.
    x = full[:, :-1] - full[:, :-1].mean(axis=0)
    beta = np.zeros(x.shape[1])
    sets = sets_at(beta)
    value = null = _partial(sets, x, w, beta)
    for _ in range(40):
        score = w[sets.rows] @ x[sets.rows] - sets.weight @ sets.means
        information = np.tensordot(sets.weight, sets.covariances, axes=1)
        step = np.linalg.lstsq(information, score, rcond=None)[0]
        decrement, length = float(score @ step), 1.0
        while True:
            proposal = beta + length * step
            new = sets_at(proposal)
            improved = _partial(new, x, w, proposal)
            # Far out, hazards leave the range of numbers: such a step is too long.
            if np.isfinite(new.covariances).all() and (
                value - 1e-9 * (1 + abs(value)) <= improved < np.inf
            ):
                break
            length /= 2
            if length < 1e-6:
                _refuse_flat(sets, x, terms)
                _refuse_ordered(t, d, start, place, x @ step, terms)
                raise ConvergenceError("The Cox model did not converge; use fewer covariates.")
        beta, sets, value = proposal, new, improved
        if decrement < 1e-11:
            break
    else:
        _refuse_flat(sets, x, terms)
        _refuse_ordered(t, d, start, place, x @ step, terms)
        raise ConvergenceError("The Cox model did not converge; use fewer covariates.")
    _refuse_flat(sets, x, terms)
    information = np.tensordot(sets.weight, sets.covariances, axes=1)
    covariance = np.asarray(np.linalg.inv(information), dtype=float)
    return CoxFit(
        terms[:-1],
        beta,
        covariance,
        value,
        null,
        len(t),
        int(d.sum()),
        ties,
        len(groups),
        bool((w != 1).any()),
        sets,
        x,
        (t, d, start),
    )


def _refuse_flat(sets: _RiskSets, x: Array, terms: tuple[str, ...]) -> None:
    """Name a coefficient that runs off to infinity: its partial likelihood is flat."""
    own = np.diag(np.tensordot(sets.weight, sets.covariances, axes=1))
    share = own / (x.var(axis=0) * sets.weight.sum())
    flat = [t for t, s in zip(terms, share, strict=False) if s < 1e-6]
    if flat:
        _no_finite(flat)


def _refuse_ordered(
    t: Array,
    d: Array,
    start: Array | None,
    place: NDArray[np.intp],
    score: Array,
    terms: tuple[str, ...],
) -> None:
    """Name the terms if in this direction every released row leads its risk set."""
    for i in np.flatnonzero(d == 1):
        inside = (t >= t[i]) & (place == place[i]) & (True if start is None else start < t[i])
        if score[inside].max() > score[i] + 1e-6 * np.ptp(score):
            return
    _no_finite(list(terms[:-1]))


def _no_finite(named: list[str]) -> None:
    raise ConvergenceError(
        f"There is no finite estimate for {', '.join(named)}: releases are split or ordered "
        "perfectly by it (as when a group has none). Drop it, or merge categories."
    )


def _partial(sets: _RiskSets, x: Array, w: Array, beta: Array) -> float:
    return float(w[sets.rows] @ (x[sets.rows] @ beta) - sets.weight @ sets.log_sum)


def _joined(parts: list[_RiskSets]) -> _RiskSets:
    if len(parts) == 1:
        return parts[0]
    names = ("time", "rows", "log_sum", "means", "covariances", "weight")
    return _RiskSets(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _risk_sets(
    t: Array,
    d: Array,
    start: Array | None,
    x: Array,
    w: Array,
    beta: Array,
    ties: Ties,
    rows: NDArray[np.intp],
) -> _RiskSets:
    """Build the risk sets among `rows`; the result numbers rows as the whole does."""
    t, d, x, w = t[rows], d[rows], x[rows], w[rows]
    start = None if start is None else start[rows]
    n, p = x.shape
    # Beyond this, sums of hazards leave the range of numbers: no step leads so far.
    eta = x @ beta
    hazard = np.exp(eta) if eta.max() < 300 else np.full(n, np.nan)
    pairs = np.triu_indices(p)
    columns = np.column_stack([np.ones(n), x, x[:, pairs[0]] * x[:, pairs[1]]])
    weighted = columns * (w * hazard)[:, None]

    order = np.argsort(-t, kind="stable")
    sums = np.cumsum(weighted[order], axis=0)
    happened = np.flatnonzero(d == 1)
    happened = happened[np.argsort(t[happened], kind="stable")]
    times, own = t[happened], w[happened]
    # Everyone whose exit is not before the event ...
    inside = sums[np.searchsorted(-t[order], -times, side="right") - 1]
    if start is not None:
        # ... less those who had not entered before it.
        late = np.argsort(-start, kind="stable")
        waiting = np.vstack([np.zeros(columns.shape[1]), np.cumsum(weighted[late], axis=0)])
        inside = inside - waiting[np.searchsorted(-start[late], -times, side="right")]
    if ties == "efron":
        _, first, place, size = np.unique(
            times, return_index=True, return_inverse=True, return_counts=True
        )
        if size.max() > 1:
            tied = np.add.reduceat(weighted[happened], first, axis=0)
            inside = (
                inside
                - ((np.arange(times.size) - first[place]) / size[place])[:, None] * (tied[place])
            )
    # 0 where every hazard of a risk set is too small for a number: there is no mean then.
    total = np.where(inside[:, 0] > 0, inside[:, 0], np.nan)
    means = inside[:, 1 : p + 1] / total[:, None]
    covariances = np.empty((times.size, p, p))
    covariances[:, pairs[0], pairs[1]] = inside[:, p + 1 :] / total[:, None]
    covariances[:, pairs[1], pairs[0]] = covariances[:, pairs[0], pairs[1]]
    covariances -= means[:, :, None] * means[:, None, :]
    if ties == "efron" and size.max() > 1:
        # Residuals are taken against the mean over the orders in which ties may have fallen.
        means = (np.add.reduceat(means, first, axis=0) / size[:, None])[place]
        covariances = (np.add.reduceat(covariances, first, axis=0) / size[:, None, None])[place]
        own = (np.add.reduceat(own, first) / size)[place]
    return _RiskSets(times, rows[happened], np.log(total), means, covariances, own)


@dataclass(frozen=True)
class ProportionalHazardsTest:
    """Test that no effect changes with time.

    Attributes
    ----------
    table : DataFrame
        One row a term and, last, "global": chi_square, df, p_value.
    definition : {"score", "residual"}
    transform : str
        How time enters.
    """

    table: pd.DataFrame
    definition: Definition
    transform: Transform


def schoenfeld(fit: CoxFit, scaled: bool = True) -> pd.DataFrame:
    """Return the residuals at each event: `time`, then one column a term.

    Parameters
    ----------
    scaled : bool
        Scaled by the number of events times the covariance and shifted by the estimate
        (Grambsch & Therneau 1994), so that a smooth curve through them shows how the
        coefficient moves with time; unscaled ones sum to zero.
    """
    residual = fit._x[fit._sets.rows] - fit._sets.means
    if scaled:
        residual = residual @ fit.covariance * fit.events + fit.estimate
    out = pd.DataFrame(residual, columns=list(fit.terms))
    out.insert(0, "time", fit._sets.time)
    return out


def proportional_hazards_test(
    fit: CoxFit, definition: Definition = "score", transform: Transform = "km"
) -> ProportionalHazardsTest:
    """Test proportional hazards for each term and for all together.

    Parameters
    ----------
    definition : {"score", "residual"}
        "score" is the score test of the terms x * g(t), as `cox.zph` in R's survival 3.0 and
        later. "residual" is the correlation of scaled Schoenfeld residuals with g(t), which
        takes the covariance of a risk set as the same at all events: `cox.zph` before 3.0,
        and lifelines. The two can differ visibly in small samples.
    transform : {"km", "rank", "identity", "log"}
        The function g of time; "km" is one minus the Kaplan-Meier estimate just before.

    Raises
    ------
    StatsError
        An unknown definition or transform, all events at one time, or a weighted fit.

    Notes
    -----
    Grambsch & Therneau 1994; Therneau & Grambsch 2000, chapter 6.
    """
    if fit.weighted:
        raise StatsError("The test is not offered for weighted rows; fit without weights.")
    if definition not in ("score", "residual"):
        raise StatsError(f"The definition is 'score' or 'residual', not {definition!r}.")
    g = _time_function(fit, transform, definition)
    residual = fit._x[fit._sets.rows] - fit._sets.means
    p = len(fit.terms)
    u = g @ residual
    if definition == "residual":
        spread = float(g @ g)
        scaled = u @ fit.covariance * fit.events
        each = scaled**2 / (np.diag(fit.covariance) * fit.events * spread)
        whole = float(u @ fit.covariance @ u * fit.events / spread)
    else:
        v = fit._sets.covariances
        information = np.zeros((2 * p, 2 * p))
        information[:p, :p] = v.sum(axis=0)
        information[:p, p:] = information[p:, :p] = np.tensordot(g, v, axes=1)
        information[p:, p:] = np.tensordot(g * g, v, axes=1)
        each = np.empty(p)
        for j in range(p):
            keep = [*range(p), p + j]
            score = np.append(np.zeros(p), u[j])
            each[j] = score @ np.linalg.solve(information[np.ix_(keep, keep)], score)
        score = np.concatenate([np.zeros(p), u])
        whole = float(score @ np.linalg.solve(information, score))
    table = pd.DataFrame(
        {"term": [*fit.terms, "global"], "chi_square": [*each, whole], "df": [1] * p + [p]}
    )
    table["p_value"] = scipy.stats.chi2.sf(table["chi_square"], table["df"])
    return ProportionalHazardsTest(table, definition, transform)


def _time_function(fit: CoxFit, transform: Transform, definition: Definition) -> Array:
    times = fit._sets.time
    if transform == "identity":
        g = times
    elif transform == "log":
        g = np.log(times)
    elif transform == "rank":
        # The newer test ranks all exits, the older one the events among themselves.
        everyone = np.sort(fit._curve[0])
        low = np.searchsorted(everyone, times, side="left")
        high = np.searchsorted(everyone, times, side="right")
        g = scipy.stats.rankdata(times) if definition == "residual" else (low + high + 1) / 2
    elif transform == "km":
        t, d, start = fit._curve
        curve = kaplan_meier(t, d, entry=start)
        before = np.concatenate([[1.0], curve.survival])
        g = 1 - before[np.searchsorted(curve.time, times, side="left")]
    else:
        raise StatsError(f"The transform is one of {', '.join(TRANSFORMS)}, not {transform!r}.")
    g = np.asarray(g - g.mean(), dtype=float)
    if np.allclose(g, 0):
        raise StatsError("All releases fall at one time, so no trend over time can be tested.")
    return g
