"""One country's case: its dated events, its conditions by Table 2, and Table 5."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from helpers.provenance.kinds import carry

PAPER: Final = "https://doi.org/10.1017/S0020818321000424"
"""The article's own address; what only the paper or its interviews say is linked to it."""


OTHER: Final = "other act or event"


PEOPLE: Final = {
    "azerbaijan": ("Leyla Yunus", "Khadija Ismayilova"),
    "vietnam": ("Ta Phong Tan", "Bui Thi Minh Hang"),
}


def day_words(day: Any) -> str:
    """Return a day as `9 December 2015`."""
    stamp = pd.Timestamp(day)
    return f"{stamp.day} {stamp:%B %Y}"


def date_words(row: Any) -> str:
    """Return a date as precise as the source gives it, in words."""
    first, last = row.earliest, row.latest
    whole = first.is_month_start and last.is_month_end and first.year == last.year
    if row.precision == "day":
        return day_words(first)
    if row.precision == "month" and whole and first.month == last.month:
        return f"{first:%B %Y}"
    if row.precision == "year" and whole and (first.month, last.month) == (1, 12):
        return str(first.year)
    return f"between {day_words(first)} and {day_words(last)}"


@dataclass(frozen=True)
class CaseRecord:
    """One country's dated events as the panels need them.

    Attributes
    ----------
    case : str
        `azerbaijan` or `vietnam`.
    events : DataFrame
        As `load_timeline` returns it, with `strategy`, `when`, `url` and `second_url`, marked.
    """

    case: str
    events: pd.DataFrame


def case_record(case: str, timeline: pd.DataFrame) -> CaseRecord:
    """Return the events of a case with their strategy, their date in words, and addresses."""
    events = timeline.copy()
    coded = (events["action_type"] != "none") & (events["forum"] != "none")
    events["strategy"] = (events["forum"] + " " + events["action_type"]).where(coded, OTHER)
    events["when"] = [date_words(row) for row in events.itertuples(index=False)]
    web = events["source"].str.startswith("http")
    events["url"] = events["source"].where(web, PAPER)
    second = events["corroboration_url"]
    events["second_url"] = second.where(second != events["url"], "")
    return CaseRecord(case, carry(events, timeline))


CONDITIONS: Final = {
    "relations": "Diplomatic relations",
    "calm": "Minimal potential for backlash",
    "leverage": "Sufficient leverage",
    "priority": "Prioritisation over competing equities",
}


@dataclass(frozen=True)
class CaseConditionsData:
    """The four conditions of one country, and the women whose conditions may differ."""

    conditions: pd.DataFrame
    case: str


def case_conditions(case: str, conditions: pd.DataFrame) -> CaseConditionsData:
    """Return the rows of one case out of `load_conditions`, in the order of Table 2."""
    rows = conditions[conditions["country"] == case.capitalize()].set_index("condition")
    return CaseConditionsData(
        carry(rows.loc[list(CONDITIONS.values())].reset_index(), conditions), case
    )


def coded_as_met(text: str, person: str, open_counts_as: bool) -> bool:
    """Return whether a coding such as `not stated (inferred: met)` counts as met.

    Parameters
    ----------
    text : str
        The coding; parts for different women are divided by a semicolon, and a woman whom
        no part names has the last.
    person : str
        Whose condition is asked for.
    open_counts_as : bool
        What anything but a plain `met` or `not met` counts as.
    """
    parts = [part.strip() for part in text.split(";")]
    part = next((p for p in parts if person in p), parts[-1])
    if part.startswith("not met"):
        return False
    return True if part == "met" or part.startswith("met for") else open_counts_as


HOW_OFTEN: Final = ("all", "most", "some", "no")


TABLE_FIVE: Final[Mapping[str, str]] = {
    "public expressive": "all",
    "private expressive": "most",
    "public coercive": "no",
    "private coercive": "some",
}
"""Table 5 of the paper: in how many of the campaign's cases each strategy was used."""
