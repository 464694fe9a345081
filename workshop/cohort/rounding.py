"""From durations in whole days back to the rows of the cohort."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.calendar import DAYS_PER_MONTH, LAUNCH
from helpers.study.vocabulary import CONCERNS, REGION_OF_TERM, STATUSES
from helpers.teaching.cohorts.dates import FIRST_ARREST
from workshop.cohort.durations import durations_of
from workshop.cohort.rows import FLAGS, Rows


def frame_of(rows: Rows, template: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Write rows back into a cohort frame: flags, region, status and dates.

    Countries are kept where the region is unchanged and otherwise exchanged within the
    frame, so that the number of women of each country stays as it was. The date on which a
    woman released before the launch was arrested is invented; only its distance to the exit
    matters, and it is kept from the frame where it still fits.

    Parameters
    ----------
    rows : Rows
        Whole-day durations.
    template : DataFrame
        Cohort the rows came from.
    rng : Generator
        For arrest dates that must be drawn anew.
    """
    out = template.copy()
    flags = np.vstack([rows.inside, rows.outside, rows.uncoded])
    place = rows.order
    n, m = len(rows.inside), len(rows.outside)
    labels = np.array(["Other", *REGION_OF_TERM.values()])
    region = labels[flags[:, 7:] @ np.array([1, 2, 3])]
    _assign_countries(out, place, region, flags[:, 1], rng)
    for column in ("released", "freethe20"):
        _put(out, column, place, flags[:, FLAGS.index(column)])
    for name in CONCERNS:
        _put(out, name, place[: n + m], flags[: n + m, FLAGS.index(name)])
    days = np.rint(np.exp(durations_of(rows)) * DAYS_PER_MONTH).astype(int)
    launch = pd.Timestamp(LAUNCH)
    since, before = days[:n], days[n : 2 * n]
    held = days[2 * n :]
    old = template["arrested"].to_numpy()[place[n:]]
    latest = launch - pd.to_timedelta(held + 1, unit="D")
    earliest = pd.Timestamp(FIRST_ARREST)
    drawn = [
        date
        if earliest <= pd.Timestamp(date) <= limit
        else earliest + pd.Timedelta(days=int(rng.integers((limit - earliest).days + 1)))
        for date, limit in zip(old, latest, strict=True)
    ]
    arrested = list(launch - pd.to_timedelta(before, unit="D")) + [pd.Timestamp(d) for d in drawn]
    left = list(launch + pd.to_timedelta(since, unit="D"))
    left += [a + pd.Timedelta(days=int(h)) for a, h in zip(arrested[n:], held, strict=True)]
    _put(out, "arrested", place, pd.to_datetime(arrested))
    _put(out, "left_prison", place, pd.to_datetime(left))
    status = np.where(
        flags[:, 0] == 1, STATUSES[0], np.where(np.arange(len(flags)) < n, STATUSES[2], STATUSES[1])
    )
    _put(out, "status", place, status)
    return out


def _put(frame: pd.DataFrame, column: str, place: NDArray[np.int64], values: Any) -> None:
    """Set the cells of one column at row positions."""
    filled = frame[column].to_numpy(copy=True)
    filled[place] = values
    frame[column] = filled


def _assign_countries(
    out: pd.DataFrame,
    place: NDArray[np.int64],
    region: NDArray[np.str_],
    campaign: NDArray[np.int64],
    rng: np.random.Generator,
) -> None:
    """Give each row a country of its region; counts by country and campaign stay."""
    old = out["country"].to_numpy()[place].astype(object)
    country = old.copy()
    before = out["region"].to_numpy()[place]
    flag = out["freethe20"].to_numpy()[place]
    for label in np.unique(before):
        for inside in (0, 1):
            had = (before == label) & (flag == inside)
            has = (region == label) & (campaign == inside)
            country[has & ~had] = rng.permutation(old[had & ~has])
    _put(out, "country", place, country)
    _put(out, "region", place, region)


def shuffle_campaign_countries(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return a cohort whose campaign countries are shuffled within their region.

    No row can then be read as a real woman's case; no printed number uses the country.
    """
    out = frame.copy()
    for _, rows in out[out["freethe20"] == 1].groupby("region"):
        out.loc[rows.index, "country"] = rng.permutation(rows["country"].to_numpy())
    return out
