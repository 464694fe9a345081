"""Is there a finite maximum? Exact answers for the logit and for models of times.

A likelihood without a maximum climbs for ever in some direction of its coefficients. For
these models the directions form a cone that linear algebra finds before any fit, so that
no verdict hangs on where an optimiser happened to stop.
"""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import NDArray

Array = NDArray[np.float64]
RANK = 1e-7
"""Singular values below this share of the largest count as zero (columns of unit size)."""


def separating_direction(y: Array, x: Array) -> Array | None:
    """Return where the coefficients of a logit (or probit) run, or None if they are finite.

    Parameters
    ----------
    y : ndarray, shape (n,)
        0/1, both present.
    x : ndarray, shape (n, k)
        Independent columns of about unit size, the constant among them.

    Returns
    -------
    ndarray, shape (k,), or None
        +1, -1, or 0 for a coefficient that stays finite.

    References
    ----------
    Albert & Anderson (1984) Biometrika 71; Konis (2007), by `firthmodels`.
    """
    from firthmodels import detect_separation  # a second to import, for few

    found = detect_separation(x, y, fit_intercept=False)
    return np.asarray(found.directions, dtype=float) if found.separation else None


def endless_direction(clock: Array, event: Array, x: Array, scaled: bool = True) -> Array | None:
    """Return where an accelerated failure time model runs, or None if it has a maximum.

    In a = 1 / sigma and g = beta / sigma every row enters by z = a log t - x'g. Going in a
    direction costs nothing only if no released row's z moves and no censored row's z grows;
    it gains if a censored one falls (a group without a release) or a grows (every release
    exactly on the line, so that sigma falls to 0).

    Parameters
    ----------
    clock : ndarray, shape (n,)
        Log of time, centred.
    event : ndarray, shape (n,)
        1 released, 0 censored; at least one release.
    x : ndarray, shape (n, k)
        Independent columns of about unit size, the constant among them.
    scaled : bool
        Whether the model has a scale (the exponential has none: a is 1).

    Returns
    -------
    ndarray, shape (k + 1,), or None
        The direction of (a, g); its first entry is 0 without a scale.

    Notes
    -----
    The same cone for Weibull, log-normal and log-logistic, whose log-densities all fall at
    both ends; delayed entry leaves it as it is, since an entry is before its exit.
    """
    columns = np.column_stack([clock, -x])[:, 0 if scaled else 1 :]
    if not scaled:
        direction = _endless(columns, event, False)
        return None if direction is None else np.append(0.0, direction)
    return _endless(columns, event, True)


def _endless(columns: Array, event: Array, scaled: bool) -> Array | None:
    released = event == 1
    _, size, right = np.linalg.svd(columns[released], full_matrices=True)
    rank = int((size > RANK * size[0]).sum()) if size.size else 0
    free = right[rank:].T
    if free.shape[1] == 0:
        return None
    moves = columns[~released] @ free
    if free.shape[1] == 1:
        for sign in (1.0, -1.0):
            direction, fall = sign * free[:, 0], -sign * moves[:, 0]
            rise = direction[0] if scaled else 0.0
            if rise >= -RANK and (fall >= -RANK).all():
                gain = max(rise, fall.max(initial=0.0))
                return direction if gain > RANK else None
        return None
    # Unknowns: the mix of the free directions. No z of a censored row grows, nor a falls.
    rises = free[:1] if scaled else np.empty((0, free.shape[1]))
    limits = np.vstack([moves, -rises])
    found = scipy.optimize.linprog(
        limits.sum(axis=0),
        A_ub=limits,
        b_ub=np.zeros(len(limits)),
        bounds=[(-1, 1)] * free.shape[1],
    )
    if found.x is None or -found.fun < 10 * RANK:
        return None
    return np.asarray(free @ found.x)
