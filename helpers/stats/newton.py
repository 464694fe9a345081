"""Newton's method for many models at a time, and the matrices it needs.

One matrix product gives the information of every model of a chunk, one stacked solve their
steps. See `helpers.stats.multiverse` for the models.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.stats.accelerated import CONSTANT
from helpers.stats.errors import StatsError

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
PIVOT: Final = 1e-9
_STEPS: Final = 200
_EARLY, _LEAST = 20, 0.01
"""A first parameter (a shape) this small after so many steps is on its way to 0: as a scale it
would spread times over a hundred powers of e."""
_REACH: Final = 5.0


@dataclass(frozen=True)
class Rows:
    """Scaled columns with the constant last, and the way back to the user's units.

    Scaling keeps the information matrices well conditioned; `back` maps scaled
    coefficients to the user's.
    """

    terms: tuple[str, ...]
    x: Array
    missing: Flags
    back: Array


def scaled_rows(covariates: pd.DataFrame) -> Rows:
    terms = tuple(map(str, covariates.columns))
    if len(set(terms)) < len(terms) or CONSTANT in terms:
        raise StatsError("Covariates need different names, none of them 'constant'.")
    try:
        values = covariates.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        raise StatsError("A covariate is not numeric; recode it as numbers or dummies.") from None
    if len(values) == 0:
        raise StatsError("There are no rows to fit; widen the selection.")
    missing = ~np.isfinite(values)
    values = np.where(missing, 0.0, values)
    count = np.maximum((~missing).sum(axis=0), 1)
    mean = values.sum(axis=0) / count
    centred = np.where(missing, 0.0, values - mean)
    size = np.sqrt((centred**2).sum(axis=0) / count)
    size = np.where(size > 1e-12 * (1 + np.abs(mean)), size, 1.0)
    k = len(terms) + 1
    back = np.diag(np.append(1 / size, 1.0))
    back[-1, :-1] = -mean / size
    x = np.column_stack([centred / size, np.ones(len(values))])
    assert back.shape == (k, k)
    return Rows((*terms, CONSTANT), x, missing, back)


class Pairs:
    """Sums over rows of w x x' for many weightings at once, as one matrix product."""

    def __init__(self, columns: Array) -> None:
        q = columns.shape[1]
        self.upper = np.triu_indices(q)
        self.products = columns[:, self.upper[0]] * columns[:, self.upper[1]]
        place = np.empty((q, q), dtype=np.intp)
        place[self.upper] = place[self.upper[::-1]] = np.arange(len(self.upper[0]))
        self.place = place

    def square(self, w: Array) -> Array:
        """Return shape (m, q, q) for weights of shape (m, n)."""
        return (w @ self.products)[:, self.place]


def pivots(square: Array, active: Flags) -> Array:
    """Return 1 - R2 of each column on the constant and the columns before it."""
    # The constant, last among the columns, is taken first.
    work = np.roll(square, 1, axis=(1, 2))
    size = np.sqrt(np.maximum(np.einsum("mii->mi", work), 1e-300))
    work /= size[:, :, None] * size[:, None, :]
    out = np.empty(size.shape)
    for j in range(work.shape[1]):
        pivot = work[:, j, j].copy()
        out[:, j] = pivot
        share = work[:, j + 1 :, j] / np.where(pivot > PIVOT, pivot, np.inf)[:, None]
        work[:, j + 1 :, j + 1 :] -= share[:, :, None] * work[:, None, j, j + 1 :]
    return np.where(active, np.roll(out, -1, axis=1), 1.0)


def masked(square: Array, active: Flags) -> Array:
    """Put the identity where a term is not in the model; changes `square`."""
    if active.all():
        return square
    square *= active[:, :, None]
    square *= active[:, None, :]
    np.einsum("mii->mi", square)[...] += ~active
    return square


_At = Callable[[Array, NDArray[np.intp]], tuple[Array, Array, Array]]


def newton(
    at: _At, theta: Array, active: Flags, usable: Flags, size: Array, positive: bool
) -> tuple[Array, Array, Array, Array, Flags]:
    """Return theta, value, information, the step that would follow and which converged.

    `at(theta, which)` gives value, score and information of the models `which`. A step that
    lowers the value is halved; `size` is the mean weight of a model's rows, by which its
    likelihood is measured; `positive` keeps the first parameter above zero, and gives up a model
    that takes it there.
    """
    m, q = theta.shape
    value = np.full(m, -np.inf)
    step = np.zeros((m, q))
    decrement = np.full(m, np.inf)
    kept_information = np.broadcast_to(np.eye(q), (m, q, q)).copy()
    done = ~usable
    converged = np.zeros(m, dtype=bool)
    base = theta.copy()
    for number in range(_STEPS):
        if positive and number >= _EARLY:
            done |= base[:, 0] < _LEAST
        todo = np.flatnonzero(~done)
        if not todo.size:
            break
        trial = base[todo] + step[todo]
        now, score, information = at(trial, todo)
        worse = ~(now >= value[todo] - 1e-9 * (1 + np.abs(value[todo])))
        worse &= np.isfinite(value[todo])
        step[todo[worse]] /= 2
        good, which = ~worse, todo[~worse]
        information = masked(information[good], active[which])
        score = score[good] * active[which]
        base[which], value[which] = trial[good], now[good]
        kept_information[which] = information
        finished = decrement[which] < 1e-9 * size[which]
        converged[which[finished]] = True
        done[which[finished]] = True
        new = solve(information, score)
        fall = np.einsum("mi,mi->m", score, new)
        back = fall < 0  # only delayed entry can bend the value upward
        if back.any():  # climb along each axis of the curve, whichever way it bends
            bend, axes = np.linalg.eigh(information[back])
            bend = np.maximum(np.abs(bend), 1e-8)
            along = np.einsum("mji,mj->mi", axes, score[back]) / bend
            new[back] = np.einsum("mij,mj->mi", axes, along)
            fall[back] = np.inf
        # A step may not outrun what it is measured by: far off, the value can be level.
        far = np.abs(new) / (_REACH + np.abs(trial[good]))
        new /= np.maximum(1.0, far.max(axis=1))[:, None]
        if positive:
            left = trial[good][:, 0]
            with np.errstate(divide="ignore", invalid="ignore"):
                reach = np.where(new[:, 0] < 0, -0.8 * left / new[:, 0], np.inf)
            new *= np.minimum(1.0, reach)[:, None]
        step[which], decrement[which] = new, fall
    return base, value, kept_information, step, converged


def solve(square: Array, right: Array) -> Array:
    try:
        return np.asarray(np.linalg.solve(square, right[:, :, None])[:, :, 0])
    except np.linalg.LinAlgError:  # one singular matrix must not stop the others
        return np.asarray((np.linalg.pinv(square) @ right[:, :, None])[:, :, 0])


def inverse(square: Array) -> Array:
    try:
        return np.asarray(np.linalg.inv(square))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.pinv(square))
