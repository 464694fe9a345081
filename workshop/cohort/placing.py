"""Dates of the women out before the launch, drawn until no measure of `artefacts` stands out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.teaching.cohorts.dates import dated_before_launch
from workshop.cohort.artefacts import MAY_FALL, measures


class PlacingError(ValueError):
    """No draw kept every measure of `artefacts`."""


def place(cohort: pd.DataFrame, rng: np.random.Generator, draws: int = 150) -> pd.DataFrame:
    """Draw arrests and exits before the launch anew; every length of stay is kept.

    Parameters
    ----------
    cohort : DataFrame
        Columns as in `load_cohort`.
    rng : Generator
        Source of the draws.
    draws : int
        Draws to take.

    Returns
    -------
    DataFrame
        Of the draws that keep every measure but `MAY_FALL`, the one whose arrests fall least.

    Raises
    ------
    PlacingError
        If none does.
    """
    gone = cohort[cohort["in_prison_2015"] == 0]
    held = (gone["left_prison"] - gone["arrested"]).dt.days.to_numpy()
    best, falls_least = None, -np.inf
    for _ in range(draws):
        drawn = cohort.copy()
        drawn.loc[gone.index] = dated_before_launch(gone, held, rng)
        found = {measure.name: measure for measure in measures(drawn)}
        decline = found.pop(MAY_FALL).value
        if decline > falls_least and all(measure.passed for measure in found.values()):
            best, falls_least = drawn, decline
    if best is None:
        raise PlacingError(f"None of {draws} draws keeps every measure.")
    return best
