"""A second campaign: were the journalists it named out sooner than others held beside them?

The State Department's *Free the Press* (2012-2016) named journalists in custody. The others are
those whom the Committee to Protect Journalists counted in the same country on the 1 December
before, and whom the campaign never named. Eight defensible choices decide what is observed over
what is expected; they are fixed here as data, so that a learner can fix hers before she looks.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from helpers.calendar import DAYS_PER_MONTH

Array = NDArray[np.float64]

CAMPAIGN: Final = "Free the Press (US State Department)"
ALREADY_SURVIVED: Final = 5 / 12
"""Years between a census (1 December) and the namings (late April): survived by the named."""

OPTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "naming": {
        "first": "each person once, at the first naming",
        "every": "every naming",
    },
    "case": {
        "each": "three people of one case count three times",
        "once": "three people of one case count once",
    },
    "months": {
        "ignored": "count from the census, as the table stands",
        "put right": "take off the five months the named had already survived",
    },
    "years": {
        "all": "all years",
        "2015": "2015 only, nearly complete",
        "not 2015": "all years but 2015",
        "complete": "2013 and 2015, the two complete years",
    },
    "censuses": {
        "1": "absent by the next census",
        "2": "absent by the second census after",
        "3": "absent by the third census after",
    },
    "others": {
        "country": "held in the same country at the same census",
        "world": "held anywhere at the same census, as long and of the same gender",
    },
    "exit": {
        "any": "every way out",
        "not served": "not a term served to its end",
        "not exile": "not a flight into exile",
        "not amnesty": "not an amnesty or a pardon of many",
    },
    "both": {
        "keep": "people who were also in #FreeThe20 count",
        "leave out": "people who were also in #FreeThe20 are left out",
    },
}
"""The eight choices: field of `Choices` -> value kept -> what it says."""

_NO_EXIT: Final[Mapping[str, str]] = {
    "any": "",
    "not served": "end of term",
    "not exile": "exile",
    "not amnesty": "amnesty or pardon",
}


@dataclass(frozen=True)
class Choices:
    """One way to do the comparison; the values are the keys of `OPTIONS`."""

    naming: str = "first"
    case: str = "each"
    months: str = "ignored"
    years: str = "all"
    censuses: str = "1"
    others: str = "country"
    exit: str = "any"
    both: str = "keep"


def why_not(choices: Choices) -> str:
    """Return why a combination has no answer, or an empty text."""
    if choices.others == "world" and choices.censuses != "1":
        return "The counts of the whole census reach only to the next one."
    return ""


def every_choice() -> Iterator[Choices]:
    """Yield every combination that has an answer, the plainest first."""
    names = [field.name for field in fields(Choices)]
    for values in itertools.product(*(OPTIONS[name] for name in names)):
        choices = Choices(**dict(zip(names, values, strict=True)))
        if not why_not(choices):
            yield choices


@dataclass(frozen=True)
class Counts:
    """Observed and expected exits.

    Attributes
    ----------
    named, observed : int
        Namings that can be followed, and how many were absent from the census asked about.
    rates : array, shape (named,)
        Share of the others who were absent, for each naming.
    others, others_absent : int
        The others, each country and census counted once.
    expected, ratio : float
        Sum of the rates; observed over expected, NaN when nothing is expected.
    p : float
        Exact two-sided p value, the smaller tail of the Poisson-binomial doubled.
    """

    named: int
    observed: int
    rates: Array
    others: int
    others_absent: int
    expected: float
    ratio: float
    p: float

    @property
    def interval(self) -> tuple[float, float]:
        """Exact 95 per cent interval of the ratio."""
        return ratio_interval(self.observed, self.rates)


def followed(
    namings: pd.DataFrame, people: pd.DataFrame, others: pd.DataFrame, world: pd.DataFrame
) -> pd.DataFrame:
    """Return the campaign's namings that the census can follow, with the others beside them.

    Parameters
    ----------
    namings, people, others, world : DataFrame
        The tables of the folder `second_campaign`.

    Returns
    -------
    DataFrame
        One row a naming of somebody listed at the census before it, in order of time;
        `first` says whether the campaign had not named the person before.
    """
    known = people[["id", "person", "way", "one_case", "also_freethe20"]]
    ours = namings[namings["campaign"] == CAMPAIGN].sort_values(["year", "id"])
    ours = ours.merge(known, on="id", validate="1:1")
    ours = ours.assign(first=~ours["person"].duplicated())
    ours = ours[ours["in_census"] == "yes"]
    beside = others.rename(
        columns={"census": "census_before", **{f"absent_by_{h}": f"others_{h}" for h in (1, 2, 3)}}
    )
    ours = ours.merge(beside, on=["country", "census_before"], how="left", validate="m:1")
    ours["seen_band"] = ours["censuses_seen"].clip(upper=5).astype(int)
    alike = world.rename(
        columns={"census": "census_before", "held": "alike", "absent_next": "alike_1"}
    )
    ours = ours.merge(alike, on=["census_before", "seen_band", "gender"], how="left")
    return ours.assign(one_case=ours["one_case"].fillna(""))


def count(rows: pd.DataFrame, choices: Choices) -> Counts:
    """Return observed and expected exits under one set of choices.

    Parameters
    ----------
    rows : DataFrame
        From `followed`.
    choices : Choices
        The eight choices.

    Raises
    ------
    ValueError
        When the combination has no answer, or nobody is left.

    Notes
    -----
    A rate e over h censuses becomes 1 - (1 - e)^((h - 5/12)/h) when the five months already
    survived are put right. Where a way out does not count, it is struck only for the named: of
    the others only numbers are known, so the ratio then errs downwards.
    """
    return _count({name: rows[name].to_numpy() for name in rows}, choices)


def _count(rows: Mapping[str, Any], choices: Choices) -> Counts:
    """Count on columns: every combination at once would spend its time in frames."""
    if reason := why_not(choices):
        raise ValueError(reason)
    year = rows["year"].astype(int)
    keep = np.ones(len(year), bool)
    if choices.naming == "first":
        keep &= rows["first"].astype(bool)
    if choices.years == "not 2015":
        keep &= year != 2015
    elif choices.years != "all":
        keep &= np.isin(year, (2015,) if choices.years == "2015" else (2013, 2015))
    if choices.both == "leave out":
        keep &= rows["also_freethe20"] == "no"
    if choices.case == "once":
        keep &= _first_of(rows, ("one_case", "year"), keep) | (rows["one_case"] == "")
    if not keep.any():
        raise ValueError("These choices leave nobody to compare.")
    h = int(choices.censuses)
    cell: tuple[str, ...]
    if choices.others == "world":
        held, gone, cell = rows["alike"], rows["alike_1"], ("census_before", "seen_band", "gender")
    else:
        held, gone, cell = rows["held"], rows[f"others_{h}"], ("country", "census_before")
    rates = (gone[keep] / held[keep]).astype(float)
    if choices.months == "put right":
        rates = 1 - (1 - rates) ** ((h - ALREADY_SURVIVED) / h)
    out = (rows[f"absent_by_{h}"] == 1) & (rows["way"] != _NO_EXIT[choices.exit])
    once = _first_of(rows, cell, keep)
    observed = int(out[keep].sum())
    expected = float(rates.sum())
    return Counts(
        named=int(keep.sum()),
        observed=observed,
        rates=rates,
        others=int(held[once].sum()),
        others_absent=int(gone[once].sum()),
        expected=expected,
        ratio=observed / expected if expected else float("nan"),
        p=two_sided(observed, rates),
    )


def _first_of(rows: Mapping[str, Any], names: Sequence[str], keep: NDArray[np.bool_]) -> Any:
    """Return which kept rows are the first of their kind."""
    seen: set[tuple[Any, ...]] = set()
    first = np.zeros(len(keep), bool)
    for place in np.flatnonzero(keep):
        kind = tuple(rows[name][place] for name in names)
        first[place] = kind not in seen
        seen.add(kind)
    return first


def chances(rates: Sequence[float] | Array) -> Array:
    """Return the Poisson-binomial probabilities of 0, 1, ... exits, shape (n + 1,)."""
    total = np.ones(1)
    for rate in rates:
        total = np.convolve(total, [1 - rate, rate])
    return total


def two_sided(observed: int, rates: Sequence[float] | Array) -> float:
    """Return the exact two-sided p value: the smaller tail, doubled, at most 1."""
    total = chances(rates)
    return float(min(1.0, 2 * min(total[: observed + 1].sum(), total[observed:].sum())))


def ratio_interval(
    observed: int, rates: Sequence[float] | Array, level: float = 0.95
) -> tuple[float, float]:
    """Return the exact interval of observed over expected.

    It holds every factor by which all rates might be multiplied (each capped at 1) without
    either tail falling below half of 1 - `level`; with equal rates it is Clopper and Pearson's
    interval divided by the rate.
    """
    given = np.asarray(rates, float)
    tail = (1 - level) / 2
    if not given.sum():
        return float("nan"), float("nan")
    most = 1 / given[given > 0].min()

    def solve(at_least: bool) -> float:
        low, high = 0.0, most
        for _ in range(60):
            middle = (low + high) / 2
            total = chances(np.minimum(given * middle, 1))
            part = total[observed:].sum() if at_least else total[: observed + 1].sum()
            # The upper tail grows with the factor, the lower tail shrinks.
            if (part < tail) == at_least:
                low = middle
            else:
                high = middle
        return (low + high) / 2

    return (0.0 if observed == 0 else solve(True)), solve(False)


def power(rates: Sequence[float] | Array, odds_ratio: float, alpha: float = 0.05) -> float:
    """Return the exact chance that the doubled test rejects when all odds are multiplied.

    Parameters
    ----------
    rates : sequence of float
        Expected shares without the campaign, one a naming.
    odds_ratio : float
        Factor on the odds of each.
    alpha : float
        Level of the two-sided test.
    """
    given = np.asarray(rates, float)
    none = chances(given)
    below, above = np.cumsum(none), np.cumsum(none[::-1])[::-1]
    rejects = 2 * np.minimum(below, above) <= alpha
    odds = odds_ratio * given / np.where(given < 1, 1 - given, 1)
    other = chances(np.where(given < 1, odds / (1 + odds), 1))
    return float(other[rejects].sum())


def every_count(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a combination that leaves somebody: its choices, O/E and p."""
    found = []
    columns = {name: rows[name].to_numpy() for name in rows}
    for choices in every_choice():
        try:
            counted = _count(columns, choices)
        except ValueError:
            continue
        found.append(
            {
                **{field.name: getattr(choices, field.name) for field in fields(choices)},
                "named": counted.named,
                "observed": counted.observed,
                "expected": counted.expected,
                "ratio": counted.ratio,
                "p": counted.p,
            }
        )
    return pd.DataFrame(found)


def times(people: pd.DataFrame) -> pd.DataFrame:
    """Return the months from each person's first naming in custody to the exit, as bounds.

    Parameters
    ----------
    people : DataFrame
        As `load_second_campaign("people")` returns it.

    Returns
    -------
    DataFrame
        person, country, left, right, manner: one row a person; `right` infinite where no exit
        is known by the census of 1 December 2019, which is then `left`.
    """
    ours = people[(people["campaign"] == CAMPAIGN) & (people["in_custody"] == "yes")]
    first = ours.sort_values("named_earliest").drop_duplicates("person").reset_index(drop=True)
    last_seen = pd.Timestamp("2019-12-01")
    held = first["exit_latest"].isna()
    left = first["exit_earliest"].where(~held, last_seen) - first["named_latest"]
    right = first["exit_latest"] - first["named_earliest"]
    return pd.DataFrame(
        {
            "person": first["person"],
            "country": first["country"],
            "left": (left.dt.days / DAYS_PER_MONTH).clip(lower=0),
            "right": (right.dt.days / DAYS_PER_MONTH).where(~held, np.inf),
            "manner": first["manner"],
        }
    )


@lru_cache(maxsize=64)
def _rejects(named: int, waiting: int, alpha: float) -> NDArray[np.bool_]:
    """Return which tables Fisher's exact test rejects, shape (named + 1, waiting + 1)."""
    found = np.zeros((named + 1, waiting + 1), bool)
    first, second = np.indices(found.shape)
    chances = scipy.stats.hypergeom.pmf(first, named + waiting, first + second, named)
    for out in range(named + waiting + 1):
        ours = np.arange(max(0, out - waiting), min(out, named) + 1)
        mass = chances[ours, out - ours]
        ordered = np.sort(mass)
        # Tables as unlikely as this one, or more: ties within rounding count as equal, as does
        # a p value of just the level (of sixteen two are named, and out with two others: 0.05).
        place = np.searchsorted(ordered, mass * (1 + 1e-7), side="right") - 1
        found[ours, out - ours] = np.cumsum(ordered)[place] <= alpha * (1 + 1e-7)
    return found


def lottery_power(
    named: int, waiting: int, rate: float, odds_ratio: float, alpha: float = 0.05
) -> float:
    """Return the exact power of Fisher's test where a lottery decides who is named first.

    Parameters
    ----------
    named, waiting : int
        How many of one pool are named at once, and how many wait.
    rate : float
        Share who would be out at the end of the wait without being named.
    odds_ratio : float
        Factor of the naming on the odds of being out.
    alpha : float
        Level of the two-sided test.

    Raises
    ------
    ValueError
        For a group of nobody or a rate outside 0 to 1.
    """
    if min(named, waiting) < 1 or not 0 < rate < 1:
        raise ValueError("Name at least one, let at least one wait, and take a rate inside 0 to 1.")
    odds = odds_ratio * rate / (1 - rate)
    first = scipy.stats.binom.pmf(np.arange(named + 1), named, odds / (1 + odds))
    second = scipy.stats.binom.pmf(np.arange(waiting + 1), waiting, rate)
    return float(first @ _rejects(named, waiting, alpha) @ second)
