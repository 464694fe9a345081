"""From durations in months to dates, to the day, without losing the printed digits."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.calendar import DAYS_PER_MONTH, LAUNCH
from helpers.study.published import PrintedModel
from helpers.study.vocabulary import CONCERNS, REGION_OF_TERM, STATUSES
from helpers.teaching.cohorts.dates import FIRST_ARREST
from helpers.teaching.cohorts.variant import MONTHS_HELD_MIN
from workshop.cohort.durations import bounds, durations_of, residual, with_durations
from workshop.cohort.rows import FLAGS, Rows

HALF_UNIT: Final = 0.0005
CAPS: Final = {1: 0.0095, 2: 0.0095, 3: 0.0095, 4: 0.0095, 5: 0.048}
"""Differences beyond these are bought back at any price."""


def round_to_days(
    rows: Rows, printed: dict[tuple[str, int], PrintedModel], changes: int = 600
) -> Rows:
    """Round every duration to whole days and repair the digits that rounding broke.

    The repair moves one duration by one day at a time, always the one that brings the
    73 numbers of Table 4 closest by the exact derivatives; differences inside half a unit
    of the last digit cost nothing, larger ones cost what they exceed it by, and those
    beyond `CAPS` a hundred times that.

    Parameters
    ----------
    rows : Rows
        Solved rows.
    printed : dict
        Printed columns.
    changes : int
        Most single-day changes.
    """
    low, high = bounds(rows)
    first = np.ceil(np.exp(low) * DAYS_PER_MONTH - 1e-9)
    last = np.floor(np.exp(high) * DAYS_PER_MONTH + 1e-9)
    days = np.clip(np.rint(np.exp(durations_of(rows)) * DAYS_PER_MONTH), first, last)
    n = len(rows.inside)
    shortest = int(np.ceil(MONTHS_HELD_MIN * DAYS_PER_MONTH))
    days[n : 2 * n] = np.maximum(days[n : 2 * n], shortest - days[:n])

    def cost(value: NDArray[np.float64], cap: NDArray[np.float64]) -> NDArray[np.float64]:
        size = np.abs(value)
        miss = np.maximum(size - 0.85 * HALF_UNIT, 0) + 100 * np.maximum(size - cap[:, None], 0)
        total: NDArray[np.float64] = miss.sum(axis=0)
        return total

    best_days, best = days.copy(), np.inf
    for _ in range(max(1, changes // 20)):
        out = residual(
            with_durations(rows, np.log(days / DAYS_PER_MONTH)), printed, (1, 2, 3, 4, 5)
        )
        cap = np.array([CAPS[int(model)] for model in out.model])
        now = float(cost(out.value[:, None], cap)[0])
        if now < best - 1e-9:
            best, best_days = now, days.copy()
        elif now > best + 1e-6:
            break
        value = out.value.copy()
        per_day = np.hstack([out.jacobian / days, -out.jacobian / days])
        moved = 0
        for _ in range(20):
            total = days[:n] + days[n : 2 * n]
            allowed = np.concatenate([days < last, days > first])
            allowed[len(days) : len(days) + 2 * n] &= np.tile(total > shortest, 2)
            gain = cost(value[:, None] + per_day, cap)
            gain[~allowed] = np.inf
            choice = int(np.argmin(gain))
            if gain[choice] > cost(value[:, None], cap)[0] - 1e-7:
                break
            value = value + per_day[:, choice]
            days[choice % len(days)] += 1 if choice < len(days) else -1
            moved += 1
        if not moved:
            break
    return with_durations(rows, np.log(best_days / DAYS_PER_MONTH))


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
