"""Agreement between coders: Cohen's kappa for two, Krippendorff's alpha for many."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import krippendorff
import numpy as np
import pandas as pd

from helpers.stats.errors import StatsError


@dataclass(frozen=True)
class Kappa:
    """Cohen's kappa with what it is made of.

    Attributes
    ----------
    kappa : float
        (observed - expected) / (1 - expected); NaN when both coders use one and the
        same code throughout, for then chance alone gives full agreement.
    observed, expected : float
        Share of items coded alike, and the share that chance gives from the margins.
    n : int
        Items both have coded.
    """

    kappa: float
    observed: float
    expected: float
    n: int


def cohen_kappa(first: Sequence[str | None], second: Sequence[str | None]) -> Kappa:
    """Return Cohen's kappa of two coders.

    Parameters
    ----------
    first, second : sequence of str, shape (n,)
        Codes of the same items; None or an empty text where a coder gave none, and such
        items are left out.

    Raises
    ------
    StatsError
        If the two differ in length or share no coded item.

    Notes
    -----
    Cohen 1960; computed by statsmodels.
    """
    from statsmodels.stats.inter_rater import cohens_kappa  # slow to load

    if len(first) != len(second):
        raise StatsError("The two coders must have one code for each item, in the same order.")
    pairs = [(a, b) for a, b in zip(first, second, strict=True) if a and b]
    if not pairs:
        raise StatsError("No item is coded by both, so agreement cannot be computed.")
    names = sorted({code for pair in pairs for code in pair})
    place = {name: i for i, name in enumerate(names)}
    table = np.zeros((len(names), len(names)))
    for a, b in pairs:
        table[place[a], place[b]] += 1
    share = table / table.sum()
    observed = float(np.trace(share))
    expected = float(share.sum(axis=1) @ share.sum(axis=0))
    if len(names) == 1:
        return Kappa(float("nan"), observed, expected, len(pairs))
    kappa = float(cohens_kappa(table, return_results=False))
    return Kappa(kappa, observed, expected, len(pairs))


@dataclass(frozen=True)
class Alpha:
    """Krippendorff's alpha for nominal codes, with the coders and items behind it."""

    alpha: float
    coders: int
    items: int


def krippendorff_alpha(codes: pd.DataFrame) -> Alpha:
    """Return Krippendorff's alpha for nominal codes.

    Parameters
    ----------
    codes : DataFrame, shape (coders, items)
        Codes as text; missing where a coder gave none.

    Returns
    -------
    Alpha
        `alpha` is NaN when all codes given are the same: nothing varies, so there is
        no disagreement for chance to be compared with.

    Raises
    ------
    StatsError
        With fewer than two coders, or no item coded twice.

    Notes
    -----
    Krippendorff 2011; computed by the `krippendorff` package.
    """
    if codes.shape[0] < 2:
        raise StatsError("Agreement needs at least two coders; add another file of codes.")
    if not (codes.notna().sum() >= 2).any():
        raise StatsError("No item is coded by two coders, so agreement cannot be computed.")
    flat, names = pd.factorize(codes.to_numpy(dtype=object).ravel())
    values = np.where(flat < 0, np.nan, flat.astype(float)).reshape(codes.shape)
    if len(names) == 1:
        return Alpha(float("nan"), *codes.shape)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        alpha = krippendorff.alpha(reliability_data=values, level_of_measurement="nominal")
    return Alpha(float(alpha), *codes.shape)
