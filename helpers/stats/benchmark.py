"""What a yearly figure with measurement error can say about a benchmark.

The figure of a year is the true value plus a normal error of known standard deviation. A year
is `met` when the figure shows, at the level asked, that the true value is no worse than the
milestone; `not met` when it shows that it is worse; `undecidable` otherwise. Lower is better
throughout; turn a figure round before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import scipy
from numpy.typing import NDArray

from helpers.stats.errors import StatsError

Verdict = Literal["met", "not met", "undecidable"]
VERDICTS: Final[tuple[Verdict, ...]] = ("met", "not met", "undecidable")


def _checked(error: float, level: float) -> float:
    if error < 0:
        raise StatsError("A measurement error cannot be negative.")
    if not 0.5 <= level < 1:
        raise StatsError(f"The level {level:g} must be at least 0.5 and below 1.")
    return float(scipy.stats.norm.ppf(level))


def milestones(
    years: Sequence[int], baseline_year: int, baseline: float, target_year: int, target: float
) -> NDArray[np.float64]:
    """Return the straight path from baseline to target, flat after the target year.

    Years before the baseline year have no milestone (NaN).

    Raises
    ------
    StatsError
        If the target year is not after the baseline year.
    """
    if target_year <= baseline_year:
        raise StatsError(
            f"The target year {target_year} must come after the baseline year {baseline_year}; "
            "move one of them."
        )
    when = np.asarray(years, dtype=float)
    path = np.interp(when, [baseline_year, target_year], [baseline, target])
    return np.where(when < baseline_year, np.nan, path)


def judge(
    figures: Sequence[float], milestone: Sequence[float], error: float, level: float = 0.9
) -> list[Verdict]:
    """Return the verdict of each year.

    Parameters
    ----------
    figures, milestone : sequence of float, shape (years,)
        Lower is better; a year without a milestone (NaN) is undecidable.
    error : float
        Standard deviation of the measurement error, in the unit of the figures.
    level : float
        How sure one must be, one-sided: 0.9 means nine in ten.
    """
    reach = _checked(error, level) * error
    out: list[Verdict] = []
    for figure, mark in zip(figures, milestone, strict=True):
        if not np.isfinite(mark) or not np.isfinite(figure):
            out.append("undecidable")
        elif figure + reach <= mark:
            out.append("met")
        else:
            out.append("not met" if figure - reach > mark else "undecidable")
    return out


def chance_met(beaten_by: float, error: float, level: float = 0.9) -> float:
    """Return the chance that a year is called met when the truth beats the milestone by so much.

    This is the power of the benchmark: Phi(beaten_by / error - z).
    """
    z = _checked(error, level)
    if error == 0:
        return float(beaten_by >= 0)
    return float(scipy.stats.norm.cdf(beaten_by / error - z))


def margin_for(power: float, error: float, level: float = 0.9) -> float:
    """Return by how much the truth must beat the milestone to be called met with this chance."""
    return max(0.0, (_checked(error, level) + float(scipy.stats.norm.ppf(power))) * error)


def change_beside(
    here: tuple[float, float], there: tuple[float, float], error: float, level: float = 0.9
) -> tuple[float, float, float]:
    """Return the change here beyond the change there, with its two-sided interval.

    Parameters
    ----------
    here, there : (first, last)
        The two figures of the programme's country and of the country compared.
    error : float
        Standard deviation of each of the four figures, taken to be independent, so that the
        difference of the differences has twice that.
    """
    _checked(error, level)
    excess = (here[1] - here[0]) - (there[1] - there[0])
    reach = float(scipy.stats.norm.ppf(0.5 + level / 2)) * 2 * error
    return excess, excess - reach, excess + reach
