"""The public record of the nineteen: when each was arrested and released, and by which coding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.calendar import DAYS_PER_MONTH, LAUNCH
from helpers.provenance.kinds import carry
from helpers.study.vocabulary import RELEASE_CODINGS

CODINGS: Final = {f"{coding}: {words}": coding for coding, words in RELEASE_CODINGS.items()}
"""Words of a control to the coding of release."""

_NO_DATE: Final = "no release after the launch found"


@dataclass(frozen=True)
class WomenRecord:
    """The public record as the study needs it: one row a named woman.

    Attributes
    ----------
    women : DataFrame
        `name, country, manner, arrested, release_first, release_last, reported_out, tip`
        and the three codings `A`, `B`, `C` (1, 0 or missing = unknown), marked with its provenance.
    launch, end : Timestamp
        Start of the campaign and end of the three-year window.
    """

    women: pd.DataFrame
    launch: pd.Timestamp
    end: pd.Timestamp


def women_record(women: pd.DataFrame, coding: pd.DataFrame, intervals: pd.DataFrame) -> WomenRecord:
    """Join the three tables of the public record as the study needs them.

    Parameters
    ----------
    women, coding, intervals : DataFrame
        As `load_women`, `load_release_coding` and `load_release_intervals` return them.
    """
    joined = women.merge(coding[["woman_id", *RELEASE_CODINGS]], on="woman_id", validate="1:1")
    bounds = ["release_earliest", "release_latest", "held_until", "reported_out"]
    dates = intervals[["woman_id", *bounds]]
    joined = joined.merge(dates, on="woman_id", validate="1:1")
    launch = pd.Timestamp(LAUNCH)
    last = joined["release_latest"]
    joined["release_last"] = last
    # An open left end means: perhaps out before the launch. On a clock that starts at the
    # launch her custody begins there, as the campaign had it; the timeline shows the report.
    joined["release_first"] = joined["release_earliest"].fillna(launch).where(last.notna())
    joined["arrested"] = joined["arrest_earliest"]
    joined["tip"] = [_tip(row) for row in joined.itertuples(index=False)]
    end = launch + pd.DateOffset(years=3, days=29)
    return WomenRecord(carry(joined, women, coding, intervals), launch, end)


def _tip(row: Any) -> str:
    when = _NO_DATE
    if pd.notna(row.release_last):
        when = f"released {row.release_last:%Y-%m-%d}"
        if row.release_first < row.release_last:
            when = f"released between {row.release_first:%Y-%m-%d} and {row.release_last:%Y-%m-%d}"
    if pd.notna(row.reported_out):
        when = (
            f"a report of {row.reported_out:%Y-%m-%d} has her out on bail, before the launch, "
            f"though the campaign listed her as held; free by {row.release_last:%Y-%m-%d}"
        )
    start = f"{row.name} ({row.country}): arrested {row.arrest_date}; {when}"
    return start if row.release_manner == "unknown" else f"{start}; {row.release_manner}"


def count_released(women: pd.DataFrame, coding: str, unknown: str = "held") -> tuple[int, int]:
    """Return how many are released under a coding, and out of how many.

    Parameters
    ----------
    women : DataFrame
        With the column named by `coding` (1, 0 or missing).
    coding : {"A", "B", "C"}
    unknown : {"held", "out"}
        Whether a woman whose status is unknown counts as not released or is left out.
    """
    known = women[coding]
    total = len(women) if unknown == "held" else int(known.notna().sum())
    return int(known.sum()), total


def durations(record: WomenRecord, coding: str, dates: str) -> pd.DataFrame:
    """Return `name, time, event` for the women the curve can follow.

    A woman enters if the coding counts a release of hers after launch, with a last day
    for it, or if a source shows her in custody at some day after launch. Her time is in
    days since launch: to the release when the coding counts it, else to the last day a
    source shows her held. A woman whom a report has out before the launch (`reported_out`)
    enters, where the coding counts her, on the campaign's word that she was held.

    Parameters
    ----------
    coding : {"A", "B", "C"}
    dates : {"earliest", "middle", "latest"}
        Where in its interval an uncertain release is put.
    """
    women = record.women
    first, last, held = (
        _days(women[column], record.launch)
        for column in ("release_first", "release_last", "held_until")
    )
    first = np.maximum(first, 0)
    place = {"earliest": first, "middle": (first + last) / 2, "latest": last}[dates]
    released = (women[coding].to_numpy(float, na_value=np.nan) == 1) & ~np.isnan(last)
    time = np.where(released, place, held)
    keep = released | (time > 0)
    names = women["name"].to_numpy()[keep]
    return pd.DataFrame({"name": names, "time": time[keep], "event": released[keep].astype(int)})


def _days(dates: pd.Series, since: pd.Timestamp) -> NDArray[np.float64]:
    """Return whole days since a day, NaN where there is no date; pandas' way takes ten times."""
    days = dates.to_numpy("datetime64[D]")
    passed = (days - since.to_datetime64().astype("datetime64[D]")).astype(float)
    return np.where(np.isnat(days), np.nan, passed)


def followed(
    record: WomenRecord, coding: str = "B", dates: str = "middle", names: Sequence[str] = ()
) -> pd.DataFrame:
    """Return `name, time, event` as `durations` does, in months, with the record's mark.

    Parameters
    ----------
    names : sequence of str
        Only these women; empty for all that can be followed.
    """
    rows = durations(record, coding, dates)
    if names:
        rows = rows[rows["name"].isin(names)]
    return carry(rows.assign(time=rows["time"] / DAYS_PER_MONTH), record.women)
