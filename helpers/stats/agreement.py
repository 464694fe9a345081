"""Agreement between coders: Cohen's kappa for two, Krippendorff's alpha for many."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

import krippendorff
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.stats.inter_rater import cohens_kappa

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


@dataclass(frozen=True)
class AlphaInterval:
    """Krippendorff's alpha with a bootstrap interval over items.

    Attributes
    ----------
    alpha : float
        Alpha of all items.
    low, high : float
        Percentile limits at `level`; NaN when no draw has an alpha.
    level : float
        Confidence level, between 0 and 1.
    items : int
        Items resampled: those coded at least twice.
    undefined : int
        Draws left out because all codes in them are the same.
    draws : array, shape (draws,)
        Alpha of each draw, NaN where undefined.
    """

    alpha: float
    low: float
    high: float
    level: float
    items: int
    undefined: int
    draws: NDArray[np.float64] = field(repr=False)


def _code_counts(codes: pd.DataFrame) -> pd.DataFrame:
    """Return how often each code was given to each item coded at least twice."""
    if codes.shape[0] < 2:
        raise StatsError("Agreement needs at least two coders; add another file of codes.")
    flat, names = pd.factorize(codes.to_numpy(dtype=object).ravel())
    given = flat.reshape(codes.shape)
    counts = np.stack([(given == i).sum(axis=0) for i in range(len(names))] or [[]], axis=-1)
    twice = counts.sum(axis=1) >= 2
    if not twice.any():
        raise StatsError("No item is coded by two coders, so agreement cannot be computed.")
    return pd.DataFrame(counts[twice], index=codes.columns[twice], columns=list(names))


def alpha_interval(
    codes: pd.DataFrame, *, draws: int = 2000, level: float = 0.95, seed: int = 0
) -> AlphaInterval:
    """Return a percentile bootstrap interval for alpha, nominal codes.

    Parameters
    ----------
    codes : DataFrame, shape (coders, items)
        Codes as text; missing where a coder gave none.
    draws : int
        Bootstrap samples, at least 1.
    level : float
        Confidence level, strictly between 0 and 1.
    seed : int
        Draw i takes the items at row i of `numpy.random.default_rng(seed).integers(0, n,
        (draws, n))`, n being the items coded at least twice, in their order.

    Raises
    ------
    StatsError
        As `krippendorff_alpha`; with a single item coded twice; for bad `draws` or `level`.

    Notes
    -----
    Whole items are drawn with replacement, with all codes given to them (Efron & Tibshirani
    1993, ch. 13). The interval speaks of other items for the same coders, not of other
    coders. It is not the procedure of Hayes & Krippendorff 2007, which resamples single
    disagreements and holds the expected disagreement fixed.
    """
    if draws < 1:
        raise StatsError("The bootstrap needs at least one draw.")
    if not 0 < level < 1:
        raise StatsError("The confidence level must lie strictly between 0 and 1.")
    alpha = krippendorff_alpha(codes).alpha
    counts = _code_counts(codes).to_numpy(dtype=float)
    n = len(counts)
    if n < 2:
        raise StatsError("A bootstrap over items needs at least two items coded twice.")
    picks = np.random.default_rng(seed).integers(0, n, (draws, n))
    times = np.stack([np.bincount(row, minlength=n) for row in picks]).astype(float)
    # alpha = 1 - observed / expected disagreement, both from sums over items, so that a
    # draw only reweights the items.
    coders = counts.sum(axis=1)
    observed = times @ ((coders**2 - (counts**2).sum(axis=1)) / (coders - 1))
    margins = times @ counts
    total = margins.sum(axis=1)
    expected = (total**2 - (margins**2).sum(axis=1)) / (total - 1)
    varies = expected > 0
    values = np.full(draws, np.nan)
    values[varies] = 1 - observed[varies] / expected[varies]
    kept = values[varies]
    tail = (1 - level) / 2
    low, high = np.quantile(kept, [tail, 1 - tail]) if kept.size else (np.nan, np.nan)
    return AlphaInterval(alpha, float(low), float(high), level, n, int(draws - kept.size), values)


def most_contested(codes: pd.DataFrame, limit: int = 5) -> pd.DataFrame:
    """Return the items the coders disagree on most.

    Parameters
    ----------
    codes : DataFrame, shape (coders, items)
        Codes as text; missing where a coder gave none.
    limit : int
        Rows to return at most; items coded alike by all are never among them.

    Returns
    -------
    DataFrame, shape (at most limit, 4)
        Indexed by item, largest disagreement first, then more codes, then the order given:
        `coders` (codes given), `disagreement` (share of pairs of coders who differ),
        `share` (of all observed disagreement in alpha; sums to 1 over all items) and
        `given` (dict of code to count, most frequent first).

    Raises
    ------
    StatsError
        As `krippendorff_alpha`, and for a limit below 1.

    Notes
    -----
    An item with m codes adds m x disagreement to the numerator of alpha's observed
    disagreement (Krippendorff 2011).
    """
    if limit < 1:
        raise StatsError("Ask for at least one item.")
    counts = _code_counts(codes)
    values = counts.to_numpy()
    coders = values.sum(axis=1)
    alike = (values * (values - 1)).sum(axis=1) / (coders * (coders - 1))
    rows = pd.DataFrame({"coders": coders, "disagreement": 1 - alike}, index=counts.index)
    weight = rows["coders"] * rows["disagreement"]
    rows["share"] = weight / weight.sum() if weight.sum() > 0 else 0.0
    rows["given"] = [
        {
            str(name): int(k)
            for name, k in sorted(zip(counts.columns, row, strict=True), key=lambda pair: -pair[1])
            if k
        }
        for row in values
    ]
    rows = rows[(values > 0).sum(axis=1) > 1]
    return rows.sort_values(["disagreement", "coders"], ascending=False, kind="stable").head(limit)
