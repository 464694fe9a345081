"""Weibull accelerated failure time fits with exact derivatives in the durations.

The builder moves durations until fits print given numbers, so it needs the derivative of
coefficients, standard errors and log-likelihood with respect to every duration. Statistical
libraries do not offer these. The fit itself is checked against lifelines and R by the audit.

In the parametrisation a = 1 / sigma, g = beta / sigma with z = a log t - x'g the
log-likelihood, sum of d (log a + z - log t) - exp(z), is concave, so Newton's method is safe
(Kalbfleisch and Prentice 2002, section 3.6).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class WeibullOutput:
    """Printed quantities of one fit and their derivatives.

    Attributes
    ----------
    values : array, shape (2k + 1,)
        Coefficients, their standard errors, log-likelihood.
    jacobian : array, shape (2k + 1, n)
        Derivative with respect to each woman's log duration.
    theta : array, shape (k + 1,)
        (a, g): a warm start for the next fit.
    """

    values: Array
    jacobian: Array
    theta: Array


def _log_likelihood(theta: Array, stacked: Array, event: Array) -> float:
    if theta[0] <= 1e-3:
        return -np.inf
    z = stacked @ theta
    if z.max() > 60:
        return -np.inf
    return float((event * (np.log(theta[0]) + z)).sum() - np.exp(z).sum())


def _newton(theta: Array, stacked: Array, event: Array) -> Array:
    events = event.sum()
    current = _log_likelihood(theta, stacked, event)
    for _ in range(80):
        hazard = np.exp(stacked @ theta)
        gradient = stacked.T @ (event - hazard)
        gradient[0] += events / theta[0]
        information = (stacked.T * hazard) @ stacked
        information[0, 0] += events / theta[0] ** 2
        step = np.linalg.solve(information, gradient)
        decrement = float(gradient @ step)
        if decrement < 1e-16:
            break
        length = 1.0
        while _log_likelihood(theta + length * step, stacked, event) < current - 1e-10:
            length /= 2
            if length < 1e-6:
                return theta
        theta = theta + length * step
        current = _log_likelihood(theta, stacked, event)
        if decrement < 1e-13:
            break
    return theta


def fit_with_jacobian(
    x: Array, log_months: Array, event: Array, start: Array | None = None
) -> WeibullOutput:
    """Fit by maximum likelihood and differentiate the printed quantities.

    Parameters
    ----------
    x : array, shape (n, k)
        Covariates, constant included.
    log_months : array, shape (n,)
        Logs of the durations.
    event : array, shape (n,)
        1 for a release, 0 for a censored duration.
    start : array, shape (k + 1,), optional
        Warm start, `theta` of an earlier fit.

    Raises
    ------
    numpy.linalg.LinAlgError
        If a coefficient is not identified.
    """
    k = x.shape[1]
    stacked = np.column_stack([log_months, -x])
    events = event.sum()
    if start is None or not np.isfinite(_log_likelihood(start, stacked, event)):
        start = np.zeros(k + 1)
        start[0] = 0.7
        start[-1] = 0.7 * np.log(np.exp(log_months).sum() / max(events, 1.0))
    theta = _newton(start, stacked, event)
    a, beta = theta[0], theta[1:] / theta[0]
    z = stacked @ theta
    hazard = np.exp(z)
    information = (stacked.T * hazard) @ stacked
    information[0, 0] += events / a**2
    covariance = np.linalg.inv(information)
    # Delta method: beta = g / a.
    delta = np.column_stack([-beta / a, np.eye(k) / a])
    half = delta @ covariance
    variance = np.einsum("mp,mp->m", half, delta)
    if not np.isfinite(variance).all() or (variance <= 0).any():
        raise np.linalg.LinAlgError("a standard error is not identified")
    error = np.sqrt(variance)
    likelihood = float((event * (np.log(a) + z - log_months)).sum() - hazard.sum())

    # Implicit function theorem: the score stays zero as one duration moves.
    moved = -a * (hazard[:, None] * stacked).T
    moved[0] += event - hazard
    d_theta = covariance @ moved
    d_beta = (d_theta[1:] - beta[:, None] * d_theta[0]) / a
    third = np.einsum("ip,iq,ir->pqr", hazard[:, None] * stacked, stacked, stacked, optimize=True)
    third[0, 0, 0] -= 2 * events / a**3
    leverage = stacked @ half.T
    direct = (a * hazard[:, None] * leverage**2 + 2 * hazard[:, None] * half[:, 0] * leverage).T
    through_theta = np.einsum("mp,mq,pqr->mr", half, half, third, optimize=True) @ d_theta
    own = half[np.arange(k), np.arange(1, k + 1)]
    through_delta = (-d_beta / a + np.outer(beta, d_theta[0]) / a**2) * half[:, [0]]
    through_delta -= np.outer(own, d_theta[0]) / a**2
    d_error = (2 * through_delta - direct - through_theta) / (2 * error[:, None])
    d_likelihood = a * (event - hazard) - event
    return WeibullOutput(
        np.concatenate([beta, error, [likelihood]]),
        np.vstack([d_beta, d_error, d_likelihood[None]]),
        theta,
    )
