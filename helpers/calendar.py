"""The days and the month every clock in the suite shares."""

from __future__ import annotations

from datetime import date
from typing import Final

import pandas as pd

LAUNCH: Final = date(2015, 9, 1)
"""Day 1 of #FreeThe20 (State Department briefing of 1 September 2015)."""

END_OF_FOLLOW_UP: Final = date(2018, 9, 30)
"""The paper codes releases up to three years after the campaign, September 2018."""

DAYS_PER_MONTH: Final = 30.4375
"""365.25 / 12: a month of average length, so durations do not depend on the season."""


def months(start: pd.Series | date, end: pd.Series | date) -> pd.Series:
    """Return the months from `start` to `end` (days / 30.4375); NaN where a date is missing.

    Parameters
    ----------
    start, end : Series of dates, or one date
        At least one of the two is a Series, shape (n,).
    """
    left = pd.to_datetime(start) if isinstance(start, pd.Series) else pd.Timestamp(start)
    right = pd.to_datetime(end) if isinstance(end, pd.Series) else pd.Timestamp(end)
    days: pd.Series = (right - left).dt.days  # type: ignore[union-attr]
    return days / DAYS_PER_MONTH
