"""Durations that make the five Weibull models print the numbers of Table 4.

Given rows, each woman in prison in 2015 has two free durations (arrest to launch, launch
to exit or last confirmed date) and each other woman one. Bounds are kept by a logistic
transform. Damped minimum-norm Gauss-Newton in the space of the targets solves for model 5
first, whose clock starts at the launch, and then for models 1-4 over the months before it.
Where the rows cannot reach every number, reweighting decides who misses: evenly, so that
the largest difference is small (model 5), or sparsely, so that most digits agree (1-4).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from helpers.calendar import DAYS_PER_MONTH, END_OF_FOLLOW_UP, LAUNCH
from helpers.study.published import PrintedModel
from helpers.study.vocabulary import TERMS
from helpers.teaching.cohorts.dates import FIRST_ARREST
from helpers.teaching.cohorts.variant import MONTHS_HELD_MIN
from workshop.cohort.rows import Rows, covariates
from workshop.cohort.weibull import Array, fit_with_jacobian

_DAY: Final = 1 / DAYS_PER_MONTH
_FOLLOWED: Final = (END_OF_FOLLOW_UP - LAUNCH).days * _DAY
_THREE_YEARS: Final = 1096 * _DAY
_SINCE_2000: Final = (LAUNCH - FIRST_ARREST).days * _DAY
_SHORTEST: Final = MONTHS_HELD_MIN + 2 * _DAY


@dataclass(frozen=True)
class Residual:
    """Obtained minus printed for some models of Table 4.

    Attributes
    ----------
    value : array, shape (m,)
        Coefficients, standard errors and log-likelihood, model after model.
    jacobian : array, shape (m, 408)
        Derivative with respect to log_since, log_before, log_held, log_held_uncoded.
    model : array, shape (m,)
        Model of each number.
    """

    value: Array
    jacobian: Array
    model: NDArray[np.int64]


def durations_of(rows: Rows) -> Array:
    """The free log durations as one vector, shape (408,)."""
    return np.concatenate([rows.log_since, rows.log_before, rows.log_held, rows.log_held_uncoded])


def with_durations(rows: Rows, vector: Array) -> Rows:
    """Rows with the log durations of `durations_of` replaced."""
    n, m = len(rows.inside), len(rows.outside)
    since, before, held, uncoded = np.split(vector, [n, 2 * n, 2 * n + m])
    return replace(
        rows, log_since=since, log_before=before, log_held=held, log_held_uncoded=uncoded
    )


def bounds(rows: Rows) -> tuple[Array, Array]:
    """Lower and upper bounds of the log durations, from the date rules.

    Campaign women who were released left within three years of the launch.
    """
    n, m, k = len(rows.inside), len(rows.outside), len(rows.uncoded)
    campaign = rows.inside[:, 1] == 1
    low = np.concatenate([np.full(n, _DAY), np.full(n, 32 * _DAY), np.full(m + k, _SHORTEST)])
    high = np.concatenate(
        [
            np.where(campaign, _THREE_YEARS, _FOLLOWED),
            np.full(n, _SINCE_2000 - 2 * _DAY),
            np.full(m + k, _SINCE_2000 - 12 * _DAY),
        ]
    )
    return np.log(low), np.log(high)


def residual(
    rows: Rows,
    printed: dict[tuple[str, int], PrintedModel],
    models: tuple[int, ...],
    warm: dict[int, Array] | None = None,
) -> Residual:
    """Refit models of Table 4 and return the differences and their derivatives."""
    n, m, k = len(rows.inside), len(rows.outside), len(rows.uncoded)
    since, before = np.exp(rows.log_since), np.exp(rows.log_before)
    log_total = np.log(since + before)
    warm = {} if warm is None else warm
    values, jacobians, labels = [], [], []
    for model in models:
        if model == 5:
            groups, logs = [rows.inside], rows.log_since
        else:
            groups = [rows.inside, rows.outside]
            logs = np.concatenate([log_total, rows.log_held])
            if model in (1, 3):
                groups.append(rows.uncoded)
                logs = np.concatenate([logs, rows.log_held_uncoded])
        flags = np.vstack(groups)
        fit = fit_with_jacobian(
            covariates(flags, model), logs, flags[:, 0].astype(float), warm.get(model)
        )
        warm[model] = fit.theta
        target = printed["table4", model]
        wanted = [*target.estimate, *target.std_error, target.log_likelihood]
        full = np.zeros((len(wanted), 2 * n + m + k))
        inside = fit.jacobian[:, :n]
        if model == 5:
            full[:, :n] = inside
        else:
            full[:, :n] = inside * since / (since + before)
            full[:, n : 2 * n] = inside * before / (since + before)
            rest = fit.jacobian[:, n:]
            full[:, 2 * n : 2 * n + rest.shape[1]] = rest
        values.append(fit.values - np.array(wanted))
        jacobians.append(full)
        labels.append(np.full(len(wanted), model))
    return Residual(np.concatenate(values), np.vstack(jacobians), np.concatenate(labels))


Function = Callable[[Array], "tuple[Array, Array] | None"]


def gauss_newton(
    function: Function, x: Array, steps: int, longest: float = 1.0, slow: float = 0.003
) -> Array:
    """Damped minimum-norm Gauss-Newton: solve J J' y = r with a ridge, step J' y.

    Parameters
    ----------
    function : callable
        x -> (residual, Jacobian), or None where it cannot be computed.
    x : array
        Start.
    steps : int
        Most steps taken.
    longest : float
        Largest change of one coordinate in a step.
    slow : float
        Stop when ten steps gain less than this share.
    """
    ridge = 1e-3
    out = function(x)
    if out is None:
        return x
    value, jacobian = out
    history = [float(value @ value)]
    for _ in range(steps):
        gram = jacobian @ jacobian.T
        unit = np.trace(gram) / len(gram) * np.eye(len(gram))
        for _ in range(8):
            step = -jacobian.T @ np.linalg.solve(gram + (ridge + 1e-14) * unit, value)
            size = np.abs(step).max()
            step *= min(1.0, longest / max(size, 1e-12))
            out = function(x + step)
            if out is not None and float(out[0] @ out[0]) < history[-1]:
                break
            ridge = min(ridge * 5, 1e3)
        else:
            return x
        x = x + step
        value, jacobian = out
        history.append(float(value @ value))
        ridge = max(ridge / 4, 1e-13)
        stalled = len(history) > 12 and history[-1] > history[-11] * (1 - slow)
        if history[-1] < 1e-10 or stalled:
            break
    return x


def solve(
    rows: Rows,
    printed: dict[tuple[str, int], PrintedModel],
    models: tuple[int, ...],
    *,
    steps: int = 60,
    rounds: int = 0,
    spread: str = "even",
    cap: float = 0.01,
) -> Rows:
    """Move durations until the models print as the paper does, as far as the rows allow.

    Model 5 moves the months after the launch; models 1-4 move everything else.

    Parameters
    ----------
    rows : Rows
        Start.
    printed : dict
        Printed columns.
    models : tuple of int
        (5,) or models among 1-4.
    steps : int
        Gauss-Newton steps a round.
    rounds : int
        Rounds of reweighting after the first, least-squares one.
    spread : {"even", "sparse"}
        Shrink the largest difference, or the number of differences.
    cap : float
        With "sparse": no difference should exceed it.
    """
    low, high = bounds(rows)
    start = durations_of(rows)
    n = len(rows.inside)
    free = np.zeros(len(start), dtype=bool)
    free[:n] = models == (5,)
    free[n:] = models != (5,)
    share = np.clip((start - low) / (high - low), 1e-9, 1 - 1e-9)
    share[free] = np.clip(share[free], 0.002, 0.998)  # the transform is flat at the ends
    whole = np.log(share / (1 - share))
    warm: dict[int, Array] = {}
    count = sum(2 * len(TERMS[model]) + 1 for model in models)
    weight = np.ones(count)

    def natural(x: Array) -> tuple[Array, Array]:
        full = whole.copy()
        full[free] = x
        part = 1 / (1 + np.exp(-full))
        return low + (high - low) * part, ((high - low) * part * (1 - part))[free]

    def function(x: Array) -> tuple[Array, Array] | None:
        vector, slope = natural(x)
        try:
            out = residual(with_durations(rows, vector), printed, models, warm)
        except np.linalg.LinAlgError:
            return None
        if not np.isfinite(out.value).all():
            return None
        return out.value * weight, out.jacobian[:, free] * slope * weight[:, None]

    x = gauss_newton(function, whole[free], steps)
    boost = np.ones(count)
    for turn in range(rounds):
        out = function(x)
        if out is None:
            break
        miss = np.abs(out[0] / weight)
        if spread == "even":
            weight = weight * (0.3 + miss / miss.max())
        else:
            boost = boost * np.maximum(1.0, miss / cap) ** 2
            weight = boost / np.sqrt(miss + max(0.004 * 0.5**turn, 0.0005))
        weight = weight * np.sqrt(count) / np.linalg.norm(weight)
        x = gauss_newton(function, x, steps)
    vector = natural(x)[0]
    if models == (5,):
        # Models 1-4 see only the months since arrest: keep those where the bounds let us.
        total = np.exp(start[:n]) + np.exp(start[n : 2 * n])
        before = np.maximum(total - np.exp(vector[:n]), 0)
        vector[n : 2 * n] = np.log(np.clip(before, *np.exp([low[n : 2 * n], high[n : 2 * n]])))
    return with_durations(rows, vector)
