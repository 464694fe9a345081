"""Rulings on the campaign, its lists and its interviews."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.calendar import LAUNCH
from helpers.stats.comparison import Test, compare
from helpers.study.claims.court import (
    CONDITION,
    CONTRADICTED,
    HOLDS,
    IMPRECISE,
    Court,
    Ruling,
    day_of,
    ruled,
    said,
    settles,
)

# The campaign and its lists --------------------------------------------------------------


@settles("C001")
def _women(court: Court) -> Ruling:
    named = len(court.women)
    return Ruling(
        CONDITION if named == 19 else CONTRADICTED,
        f"{named} named women and one unnamed, symbolic case: twenty cases, nineteen people.",
    )


@settles("C002")
def _countries(court: Court) -> Ruling:
    known = court.women["country"].nunique()
    return ruled(
        known + 1 == 13,
        f"{known} countries of the named women, and North Korea for the symbolic case.",
    )


@settles("C003")
def _released(court: Court) -> Ruling:
    counts = {k: int((court.coding[k] == 1).sum()) for k in "ABC"}
    words = ", ".join(f"coding {k}: {v}" for k, v in counts.items())
    return Ruling(
        CONDITION if 17 in counts.values() and set(counts.values()) != {17} else IMPRECISE,
        f"Of 19, {words}. Only the widest reading, outside custody in September 2018, gives 17.",
    )


def _share(court: Court, group: str, printed: int) -> Ruling:
    k, n = court.counts()[group]
    share = 100 * k / n
    return ruled(round(share) == printed, f"{k}/{n} = {share:.1f} per cent.")


@settles("C004")
def _short(court: Court) -> Ruling:
    return _share(court, "campaign", 89)


@settles("C005")
def _long(court: Court) -> Ruling:
    return _share(court, "long list only", 52)


@settles("C006")
def _forty(court: Court) -> Ruling:
    counts = court.counts()
    n, m = counts["campaign"][1], counts["long list only"][1]
    return ruled(n + m == 40, f"{n} + {m} = {n + m}.")


def _lists(court: Court) -> tuple[int, int, int, int]:
    (a, n), (b, m) = court.counts()["campaign"], court.counts()["long list only"]
    return a, n, b, m


@settles("C007")
def _t_test(court: Court) -> Ruling:
    pooled, welch = (compare(*_lists(court), test).p_value for test in ("pooled t", "welch"))
    return ruled(
        max(pooled, welch) < 0.01, f"Pooled t test p = {pooled:.4f}, Welch's p = {welch:.4f}."
    )


@settles("C008")
def _tests(court: Court) -> Ruling:
    names: tuple[Test, ...] = ("fisher", "barnard", "boschloo")
    p = {name: compare(*_lists(court), name).p_value for name in names}
    words = ", ".join(f"{name.capitalize()} {value:.4f}" for name, value in p.items())
    return Ruling(
        CONDITION if min(p.values()) > 0.01 else HOLDS,
        f"Exact tests: {words}. Below .01 by the t test only, above it by each of these.",
    )


@settles("C009")
def _fragile(court: Court) -> Ruling:
    a, n, b, m = _lists(court)
    p = [compare(a - k, n, b, m, "fisher").p_value for k in range(4)]
    words = ", ".join(f"{k}: {value:.3f}" for k, value in enumerate(p))
    first = next(k for k, value in enumerate(p) if value > 0.05)
    return Ruling(CONDITION, f"Fisher's p by releases recoded: {words}. {first} recoded pass .05.")


@settles("C010")
def _ethiopians(court: Court) -> Ruling:
    a, n, b, m = _lists(court)
    left = compare(a, n, b - 3, m - 3, "fisher").p_value
    added = compare(a, n, b + 3, m + 3, "fisher").p_value
    return Ruling(
        CONDITION,
        f"If the three are among the 11: {b - 3}/{m - 3}, p = {left:.3f}; if they come on top: "
        f"{b + 3}/{m + 3}, p = {added:.3f}. The text does not say which.",
    )


@settles("C016")
def _each_day(court: Court) -> Ruling:
    # Labor Day, 7 September 2015, had no briefing.
    days = int(np.busday_count("2015-09-01", "2015-09-26", holidays=["2015-09-07"]))
    cases = len(court.women) + 1
    return Ruling(
        CONDITION if days < cases else HOLDS,
        f"{days} business days from 1 to 25 September for {cases} cases: some days named more "
        "than one.",
    )


@settles("C015")
def _launch(court: Court) -> Ruling:
    return ruled(day_of(court, "A16").date() == LAUNCH, f"First case on {said(LAUNCH)}.")


# The interviews --------------------------------------------------------------------------


def _voices(court: Court) -> pd.Series:
    return court.interviews["interview"].astype(int).value_counts().sort_index()


@settles("C019")
def _ten(court: Court) -> Ruling:
    quoted = set(_voices(court).index)
    missing = sorted(set(range(1, 11)) - quoted)
    words = " and ".join(str(k) for k in missing)
    return Ruling(CONDITION, f"{len(quoted)} of ten are quoted; numbers {words} never are.")


@settles("C021")
def _fragments(court: Court) -> Ruling:
    voices = _voices(court)
    words = ", ".join(f"{k}: {v}" for k, v in voices.items())
    return ruled(
        int(voices.sum()) == 22, f"Fragments by interview: {words}; {voices.sum()} in all."
    )
