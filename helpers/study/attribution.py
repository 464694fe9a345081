"""Whose release was it? What can be credited to a campaign, from worst case to best."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import numpy as np
import pandas as pd

from helpers.calendar import LAUNCH, months
from helpers.stats.accelerated import fit_accelerated
from helpers.stats.errors import StatsError

Z95: Final = 1.959963984540054


def manski(k: int, n: int, unknown: int) -> tuple[float, float]:
    """Return the bounds of a share when some outcomes are not known (Manski 1990).

    Parameters
    ----------
    k, n : int
        Known releases, and everybody.
    unknown : int
        How many of the n have no known outcome; they are none of the k.

    Raises
    ------
    ValueError
        When the counts do not fit one another.
    """
    if min(k, unknown) < 0 or n < 1 or k + unknown > n:
        raise ValueError(f"{k} known and {unknown} unknown do not fit into {n}.")
    return k / n, (k + unknown) / n


def difference(first: tuple[int, int, int], second: tuple[int, int, int]) -> tuple[float, float]:
    """Return the bounds of a difference of two shares, each given as (k, n, unknown)."""
    low, high = manski(*first), manski(*second)
    return low[0] - high[1], low[1] - high[0]


def credit(
    women: pd.DataFrame, coding: pd.DataFrame, letter: str, others: Collection[str]
) -> pd.DataFrame:
    """Return, woman by woman, whether her exit counts and whether it can be the campaign's.

    Parameters
    ----------
    women : DataFrame
        woman_id, name, country, manner.
    coding : DataFrame
        woman_id and the codings A, B, C (1, 0, missing where unknown).
    letter : {"A", "B", "C"}
        Which coding.
    others : collection of str
        Manners that are taken to be somebody else's doing.

    Returns
    -------
    DataFrame
        name, country, manner, counted ("yes", "no", "unknown"), whose ("may be the campaign's",
        "somebody else's", "").
    """
    both = women.merge(coding[["woman_id", letter]], on="woman_id", validate="1:1")
    counted = both[letter].map({1: "yes", 0: "no"}).fillna("unknown")
    elsewhere = both["manner"].isin(list(others))
    whose = elsewhere.map({True: "somebody else's", False: "may be the campaign's"})
    return pd.DataFrame(
        {
            "name": both["name"],
            "country": both["country"],
            "manner": both["manner"],
            "counted": counted,
            "whose": whose.where(counted == "yes", ""),
        }
    )


def placebo_launches(cohort: pd.DataFrame, first: int = 2008) -> pd.DataFrame:
    """Return the campaign's Weibull coefficient had the launch been in an earlier September.

    At each date the women then held are followed from it, as model 5 follows them from the
    launch. Before the real launch nothing had been done for anyone, and the later campaign's
    women could not yet have left: what shows there is how they were chosen.

    Parameters
    ----------
    cohort : DataFrame
        As `load_cohort` returns it.
    first : int
        First year tried.

    Returns
    -------
    DataFrame
        year, held, campaign (rows of the campaign among them), estimate, low, high, problem
        (why there is no estimate, else empty).
    """
    rows = []
    for year in range(first, LAUNCH.year + 1):
        launch = pd.Timestamp(year, LAUNCH.month, LAUNCH.day)
        held = cohort[(cohort["arrested"] <= launch) & (cohort["left_prison"] > launch)]
        row: dict[str, Any] = {
            "year": year,
            "held": len(held),
            "campaign": int(held["freethe20"].sum()),
            "estimate": np.nan,
            "low": np.nan,
            "high": np.nan,
            "problem": "",
        }
        try:
            fit = fit_accelerated(
                months(launch.date(), held["left_prison"]),
                held["released"],
                held[["freethe20"]],
            )
            place = fit.terms.index("freethe20")
            estimate, error = float(fit.estimate[place]), float(fit.std_error[place])
            row |= {
                "estimate": estimate,
                "low": estimate - Z95 * error,
                "high": estimate + Z95 * error,
            }
        except StatsError as problem:
            row["problem"] = str(problem)
        rows.append(row)
    return pd.DataFrame(rows)
