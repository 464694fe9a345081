"""A natural cubic spline by least squares, to see a trend in a cloud of points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.stats.errors import StatsError

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Smooth:
    """A fitted curve: `value` and its standard error at each `x`, all of shape (m,)."""

    x: Array
    value: Array
    std_error: Array


def natural_spline(x: ArrayLike, y: ArrayLike, at: ArrayLike, df: int = 4) -> Smooth:
    """Fit a natural cubic spline and return it at chosen places.

    Parameters
    ----------
    x, y : array_like, shape (n,)
    at : array_like, shape (m,)
        Where the curve is wanted.
    df : int
        Number of coefficients, constant included: `df` knots at even quantiles of x, from
        the least to the greatest.

    Raises
    ------
    StatsError
        Fewer than `df + 2` points, or too few different values of x.

    Notes
    -----
    Straight beyond the outer knots; basis as in Hastie, Tibshirani & Friedman 2009,
    section 5.2.1. Standard errors are those of least squares.
    """
    px, py = np.asarray(x, dtype=float).ravel(), np.asarray(y, dtype=float).ravel()
    where = np.asarray(at, dtype=float).ravel()
    if px.size < df + 2:
        raise StatsError(f"{px.size} points are too few for a smooth curve; it needs {df + 2}.")
    knots = np.quantile(px, np.linspace(0, 1, df))
    if np.unique(knots).size < df:
        raise StatsError("The points lie at too few different times for a smooth curve.")
    basis = _basis(px, knots)
    coefficient, *_ = np.linalg.lstsq(basis, py, rcond=None)
    left = py - basis @ coefficient
    variance = float(left @ left) / (px.size - df)
    there = _basis(where, knots)
    spread = np.linalg.inv(basis.T @ basis)
    error = np.sqrt(variance * np.einsum("ij,jk,ik->i", there, spread, there))
    return Smooth(where, there @ coefficient, error)


def _basis(x: Array, knots: Array) -> Array:
    # Scaled to 0..1 so that cubes stay well conditioned.
    u = (x - knots[0]) / (knots[-1] - knots[0])
    k = (knots - knots[0]) / (knots[-1] - knots[0])

    def bend(j: int) -> Array:
        cube = np.maximum(u - k[j], 0) ** 3 - np.maximum(u - k[-1], 0) ** 3
        return np.asarray(cube / (k[-1] - k[j]), dtype=float)

    last = bend(k.size - 2)
    return np.column_stack([np.ones_like(u), u, *(bend(j) - last for j in range(k.size - 2))])
