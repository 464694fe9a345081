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


def held_at_launch(arrested: pd.Series, left: pd.Series) -> pd.Series:
    """Return whether each woman was in prison on the day of the launch, by her dates.

    Arrested on that day or before it, and out, or last known to be held, on a later day. It is
    the one rule of the suite for who can be followed from the launch.

    Parameters
    ----------
    arrested, left : Series of dates, shape (n,)
        `left` is the day of the exit, or the last day she is known to be held.
    """
    launch = pd.Timestamp(LAUNCH)
    return (pd.to_datetime(arrested) <= launch) & (pd.to_datetime(left) > launch)


def millis(day: date | str) -> int:
    """Return a day as charts count time: milliseconds since 1970."""
    return int(pd.Timestamp(day).timestamp() * 1000)
