"""A cohort of women as the study reads it: dates counted from the launch, groups, samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.calendar import DAYS_PER_MONTH, LAUNCH
from helpers.provenance.kinds import Provenance, provenance_of
from helpers.provenance.levels import Level
from helpers.stats.errors import StatsError
from helpers.stats.spells import Design, Spells
from helpers.study.vocabulary import CAMPAIGN, REGION_OF_TERM

Array = NDArray[np.float64]


@dataclass(frozen=True)
class CohortRows:
    """A cohort, its dates counted in months from the launch.

    Attributes
    ----------
    frame : DataFrame, shape (n, ...)
        Columns as in `data/cohort/cohort.csv`, and one column 0/1 for each region term;
        marked with its provenance.
    arrest, exit : ndarray, shape (n,)
        Whole days from the launch, negative before it.
    released, campaign : ndarray, shape (n,)
        1 or 0.
    level : Level
        What a number from these rows says about the paper.
    whose : str
        How a sentence names the rows.
    """

    frame: pd.DataFrame
    arrest: Array
    exit: Array
    released: Array
    campaign: Array
    level: Level
    whose: str

    def complete(self, terms: Sequence[str]) -> NDArray[np.bool_]:
        """Return which rows have a value in each of these columns.

        Raises
        ------
        StatsError
            A column without any value, as in a file that lacks it.
        """
        known = self.frame[list(terms)].notna()
        empty = [term.replace("_", " ") for term in terms if not known[term].any()]
        if empty and len(self.frame):
            raise StatsError(
                f"These rows have no values for {', '.join(empty)}; leave that out of the model."
            )
        return known.all(axis=1).to_numpy(dtype=bool)

    def spells(self, design: Design, keep: NDArray[np.bool_]) -> tuple[Spells, pd.DataFrame]:
        """Return the spells, in months, of the rows in `keep` under a design, and their rows.

        Spells are taken in whole days and divided at the end, so that women held equally long
        stay tied: the difference of two fractions of months would part them by rounding.

        Raises
        ------
        StatsError
            As `Design.spells`, or nothing to keep.
        """
        if not keep.any():
            raise StatsError(
                "No woman is left under these choices, so there is nothing to follow; widen them."
            )
        if design.follow_up is not None:
            # A month is 30.4375 days, which a float holds exactly: nothing is rounded here.
            design = replace(design, follow_up=float(design.follow_up * DAYS_PER_MONTH))
        days = design.spells(
            self.arrest[keep], self.exit[keep], self.released[keep], self.campaign[keep]
        )
        spells = replace(days, entry=days.entry / DAYS_PER_MONTH, time=days.time / DAYS_PER_MONTH)
        return spells, self.frame[keep].iloc[spells.rows]


def cohort_rows(cohort: pd.DataFrame) -> CohortRows:
    """Read a cohort: days from the launch, regions as indicators.

    Parameters
    ----------
    cohort : DataFrame
        As `load_cohort` returns it, or a file of one's own with the same columns.
    """
    yours = Provenance.YOURS in provenance_of(cohort)
    frame = cohort.copy()
    for term, region in REGION_OF_TERM.items():
        frame[term] = (frame["region"] == region).astype(float)
    launch = pd.Timestamp(LAUNCH)
    return CohortRows(
        frame,
        (frame["arrested"] - launch).dt.days.to_numpy(dtype=float),
        (frame["left_prison"] - launch).dt.days.to_numpy(dtype=float),
        frame["released"].to_numpy(dtype=float),
        frame[CAMPAIGN].to_numpy(dtype=float),
        Level.R2 if yours else Level.R3,
        "In your file" if yours else "In the synthetic cohort",
    )


SAMPLES: Final[Mapping[str, str]] = {
    "imprisoned 2000-2015": "all",
    "in prison in September 2015": "in prison at launch",
}


def group_of(frame: pd.DataFrame, by: str) -> pd.Series:
    """Return the label of each row's group, missing where it is not coded."""
    if by == "all":
        return pd.Series("all women", index=frame.index)
    if by == "campaign":
        return frame[CAMPAIGN].map({1: "campaign", 0: "everyone else"})
    if by == "region":
        return frame["region"]
    name = by.replace("_", " ").replace(" concerns", "")
    return frame[by].map({1: name, 0: f"not: {name}"})
