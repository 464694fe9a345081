"""The free durations of the rows, and how far Table 4 is missed, with exact derivatives.

Each woman in prison in 2015 has two free durations (arrest to launch, launch to exit or last
confirmed date) and each other woman one. `smooth` moves them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from helpers.study.published import PrintedModel
from workshop.cohort.rows import Rows, covariates
from workshop.cohort.weibull import Array, fit_with_jacobian


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
