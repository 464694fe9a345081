"""Dates of the women out before the launch, drawn until no measure of `artefacts` stands out."""

from __future__ import annotations

from collections import Counter

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
    broken: Counter[str] = Counter()
    for _ in range(draws):
        drawn = cohort.copy()
        try:
            drawn.loc[gone.index] = dated_before_launch(gone, held, rng)
        except ValueError as error:
            raise PlacingError(str(error)) from error
        found = {measure.name: measure for measure in measures(drawn)}
        decline = found.pop(MAY_FALL).value
        failed = [name for name, measure in found.items() if not measure.passed]
        broken.update(failed)
        if decline > falls_least and not failed:
            best, falls_least = drawn, decline
    if best is None:
        name, times = broken.most_common(1)[0]
        raise PlacingError(
            f"None of {draws} draws keeps every measure; {times} break this one: {name}."
        )
    return best
