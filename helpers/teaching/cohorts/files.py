"""The files of a synthetic cohort and its long list, as text."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from helpers.calendar import END_OF_FOLLOW_UP, LAUNCH
from helpers.data.schemas import TABLES
from helpers.study.vocabulary import CONCERNS, STATUSES

_INTEGERS: Final = ("id", "freethe20", "released", "in_prison_2015", *CONCERNS)
LONG_LIST_SEED: Final = 20
FIRST_LONG_ONLY_ID: Final = 1001
"""Women of the long list outside the campaign are not rows of the cohort."""
_DAYS_AFTER_LAUNCH: Final = 9
_MEAN_WAIT: Final = 730
_LAST_CONFIRMED: Final = 200
"""Women of the long list still held are last confirmed in the last so many days of follow-up."""


def cohort_csv(cohort: pd.DataFrame) -> str:
    """Return the text of the cohort's file."""
    columns = list(TABLES["cohort/cohort.csv"].fields)
    out = cohort.copy()
    for name in _INTEGERS:
        out[name] = out[name].astype("Int64")
    return str(out[columns].to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n"))


def long_list_of(cohort: pd.DataFrame, seed: int = LONG_LIST_SEED) -> pd.DataFrame:
    """Build the synthetic long list of forty women around the cohort's campaign rows.

    The nineteen of the short list are the campaign rows of the cohort, with their dates.
    The twenty-one others are invented: eleven leave prison within three years of the
    launch, after exponential waits, and ten are in custody when last confirmed.

    Parameters
    ----------
    cohort : DataFrame
        The cohort, columns as in `load_cohort`.
    seed : int
        Seed of the invented dates.

    Returns
    -------
    DataFrame
        Shape (40, 6): id, list, arrested, left_prison, status, released_within_3y.
    """
    rng = np.random.default_rng(seed)
    launch = pd.Timestamp(LAUNCH)
    three_years = launch + pd.DateOffset(years=3)
    short = cohort.loc[cohort["freethe20"] == 1, ["id", "arrested", "left_prison", "status"]].copy()
    short.insert(1, "list", "short")
    released, held = 11, 10
    within = (three_years - launch).days - _DAYS_AFTER_LAUNCH
    # Exponential waits, cut at three years.
    share = rng.random(released) * -np.expm1(-within / _MEAN_WAIT)
    wait = _DAYS_AFTER_LAUNCH + (-np.log1p(-share) * _MEAN_WAIT).astype(int)
    followed = (pd.Timestamp(END_OF_FOLLOW_UP) - launch).days
    last = followed - rng.choice(_LAST_CONFIRMED, held, replace=False)
    before = 70 + rng.gamma(1.6, 650, released + held).astype(int)
    rest = pd.DataFrame(
        {
            "id": np.arange(FIRST_LONG_ONLY_ID, FIRST_LONG_ONLY_ID + released + held),
            "list": "long only",
            "arrested": launch - pd.to_timedelta(before, unit="D"),
            "left_prison": launch + pd.to_timedelta(np.r_[wait, last], unit="D"),
            "status": [STATUSES[0]] * released + [STATUSES[2]] * held,
        }
    )
    both = pd.concat([short, rest], ignore_index=True)
    within = (both["status"] == STATUSES[0]) & (both["left_prison"] <= three_years)
    both["released_within_3y"] = within.astype(int)
    order = rng.permutation(released + held) + len(short)
    return both.reindex(np.r_[np.arange(len(short)), order]).reset_index(drop=True)


def long_list_csv(long_list: pd.DataFrame) -> str:
    """Return the text of the long list's file."""
    return str(long_list.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n"))
