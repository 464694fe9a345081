"""When women out before the launch were arrested: free in every printed number, so drawn here.

Tables 3 and 4 see only how long these women were held. Their arrests thin out over the years:
print fixes the exposure of women still held, so those were arrested early, and unless the
released were too, the year of arrest would explain the campaign away.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.calendar import LAUNCH

FIRST_ARREST: Final = date(2000, 1, 1)
FALL: Final = 1.4
"""Arrests are drawn with a density that falls by exp(-FALL) from 2000 to the launch."""
MARGIN: Final = 9
"""Days kept free at both ends of the window of arrests and exits."""
WINDOW: Final = (LAUNCH - FIRST_ARREST).days
_TRIES: Final = 100_000
_BETWEEN_DEATHS: Final = 45
"""Days two deaths lie apart at least; no three fall within a year."""


def dated_before_launch(
    rows: pd.DataFrame, held: NDArray[np.int64], rng: np.random.Generator
) -> pd.DataFrame:
    """Give women out before the launch dates of arrest and exit.

    Parameters
    ----------
    rows : DataFrame
        Women out before the launch, columns as in `load_cohort`.
    held : array, shape (n,)
        Days from arrest to exit.
    rng : Generator
        Source of the draws.

    Returns
    -------
    DataFrame
        The rows, `arrested` and `left_prison` drawn anew.
    """
    latest = WINDOW - held - MARGIN
    # Exponential in the day, cut at the last day on which so long a stay still fits.
    rate = FALL / WINDOW
    share = rng.random(len(held)) * -np.expm1(-rate * (latest - MARGIN))
    day = MARGIN + (-np.log1p(-share) / rate).astype(np.int64)
    died = (rows["released"] == 0).to_numpy()
    if died.any():
        day[died] = _apart(held[died], latest[died], rng)
    arrested = pd.Timestamp(FIRST_ARREST) + pd.to_timedelta(day, unit="D")
    return rows.assign(arrested=arrested, left_prison=arrested + pd.to_timedelta(held, unit="D"))


def _apart(
    held: NDArray[np.int64], latest: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Days of arrest of the women who died, drawn until their deaths keep the distances."""
    for _ in range(_TRIES):
        day = rng.integers(MARGIN, latest)
        death = np.sort(day + held)
        close = np.diff(death) < _BETWEEN_DEATHS
        if not close.any() and (death[2:] - death[:-2] >= 365).all():
            return day
    raise ValueError("The stays of the women who died leave no room for deaths that lie apart.")
