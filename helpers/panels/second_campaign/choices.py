"""Panel on the eight choices behind one comparison: fixed first, shown afterwards."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import pandas as pd

from helpers import charts
from helpers.charts import second_campaign as pictures
from helpers.panels.base.controls import Choice, Control, Greyed, Toggle, greyed
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import carry
from helpers.provenance.shown import ShownTable, badged
from helpers.study.second_campaign import (
    CAMPAIGN,
    OPTIONS,
    Choices,
    Counts,
    chances,
    count,
    every_count,
    followed,
    why_not,
)
from helpers.words import p_says

_LABELS: Final[Mapping[str, str]] = {
    "naming": "Who counts",
    "case": "People of one case",
    "months": "Months already survived",
    "years": "Years",
    "censuses": "Look when",
    "others": "Compared with",
    "exit": "Ways out that count",
    "both": "Also in #FreeThe20",
}


@dataclass(frozen=True)
class CampaignRows:
    """Namings that the census can follow, and every combination of choices counted."""

    rows: pd.DataFrame
    every: pd.DataFrame


def campaign_rows(load: Callable[[str], pd.DataFrame]) -> CampaignRows:
    """Return the data of `EightChoices`.

    Parameters
    ----------
    load : callable
        `helpers.data.load_second_campaign`.
    """
    namings = load("namings")
    rows = carry(followed(namings, load("people"), load("others"), load("world")), namings)
    every = every_count(rows).sort_values(["ratio", "p"], kind="stable").reset_index(drop=True)
    return CampaignRows(rows, every)


def named_table(people: pd.DataFrame) -> ShownTable:
    """Return whom the campaign named in custody, one row a person, with its badge."""
    ours = people[(people["campaign"] == CAMPAIGN) & (people["in_custody"] == "yes")]
    grouped = ours.groupby("person", sort=False)
    table = grouped.agg(country=("country", "first"), manner=("manner", "last"))
    years = grouped["year"].agg(lambda y: " and ".join(str(v) for v in sorted(y)))
    last = grouped["exit_latest"].last().dt.strftime("%Y-%m-%d").fillna("not known to be out")
    table.insert(1, "named in", years)
    table.insert(2, "out by", last)
    return badged(carry(table.reset_index(), people))


def _wanted(state: Any) -> Choices:
    return Choices(**{k: v for k, v in dataclasses.asdict(state).items() if k != "shown"})


def _why_not(state: Any) -> str:
    return why_not(_wanted(state))


@dataclass(frozen=True)
class ChoicesState:
    naming: str = "first"
    years: str = "all"
    months: str = "ignored"
    case: str = "each"
    censuses: str = "1"
    others: str = "country"
    exit: str = "any"
    both: str = "keep"
    shown: bool = False


class EightChoices(Panel[ChoicesState]):
    """Observed over expected exits; the outcome stays hidden until it is asked for."""

    name: ClassVar[str] = "The eight choices"
    State = ChoicesState

    def controls(self) -> Mapping[str, Control]:
        return self.offered()

    @staticmethod
    def offered() -> Mapping[str, Control]:
        """Return the controls by field."""
        order = [f.name for f in dataclasses.fields(ChoicesState) if f.name != "shown"]
        found: dict[str, Control] = {
            name: Choice(_LABELS[name], {text: value for value, text in OPTIONS[name].items()})
            for name in order
        }
        found["shown"] = Toggle("Show the outcome")
        return found

    first = ("naming", "years", "shown")
    below = ("months", "case", "censuses", "others", "exit", "both")

    def chart(self) -> Any:
        return {
            "Expected and seen": charts.finish(
                pictures.expected_exits(),
                self.data.rows,
                title="Expected exits, and what came",
                description="Chances of each number of exits, the observed one once it is shown.",
            ),
            "Every combination": charts.finish(
                pictures.every_ratio(),
                self.data.rows,
                title="Observed over expected, all choices",
                description="Observed over expected for every combination, once it is shown.",
            ),
        }

    @staticmethod
    def unavailable(state: ChoicesState, data: CampaignRows) -> Greyed:
        return greyed(state, EightChoices.offered(), _why_not)

    @staticmethod
    def compute(state: ChoicesState, data: CampaignRows) -> Picture:
        wanted = {k: v for k, v in dataclasses.asdict(state).items() if k != "shown"}
        counted = count(data.rows, _wanted(state))
        bars = [
            {"exits": k, "chance": float(c)}
            for k, c in enumerate(chances(counted.rates))
            if c > 5e-4
        ]
        words = (
            f"{counted.named} namings can be followed. Of {counted.others} others beside them "
            f"{counted.others_absent} were absent by the census asked about, so "
            f"{counted.expected:.1f} of the named would be if they were like the others."
        )
        figures = {"named": counted.named, "expected": counted.expected}
        if not state.shown:
            words += " How many were is not shown yet: fix your choices first."
            hidden = {"chances": bars, "seen": [], "ratios": [], "mine": [], "one": []}
            return Picture(hidden, words, figures=figures)
        every = data.every.assign(
            place=range(1, len(data.every) + 1),
            sure=data.every["p"].le(0.05).map({True: "p ≤ .05", False: "p > .05"}),
        )
        mine = every.loc[(every[list(wanted)] == pd.Series(wanted)).all(axis=1)].iloc[0]
        rows = {
            "chances": bars,
            "seen": [{"exits": counted.observed, "label": f"{counted.observed} seen"}],
            "ratios": every[["place", "ratio", "sure"]],
            "mine": [
                {"place": int(mine["place"]), "ratio": float(mine["ratio"]), "label": "yours"}
            ],
            "one": [{"ratio": 1}],
        }
        return Picture(
            rows,
            f"{words} {_outcome(counted, every, state)}",
            figures={
                **figures,
                "observed": counted.observed,
                "ratio": counted.ratio,
                "p": counted.p,
                "place": int(mine["place"]),
                "combinations": len(every),
            },
        )


def _outcome(counted: Counts, every: pd.DataFrame, state: ChoicesState) -> str:
    low, high = counted.interval
    below = int((every["ratio"] < counted.ratio - 1e-9).sum())
    sure = int((every["p"] <= 0.05).sum())
    words = (
        f"{counted.observed} were: observed over expected is {counted.ratio:.2f} (exact 95 % "
        f"interval {low:.2f} to {high:.2f}), {p_says(counted.p)}. Of the {len(every)} combinations "
        f"that leave somebody to compare, {below} give a lower ratio; they run from "
        f"{every['ratio'].min():.2f} to {every['ratio'].max():.2f}, and {sure} have p ≤ .05."
    )
    if state.exit != "any":
        words += (
            " The ways out that do not count are struck for the named only, for the others are "
            "known as numbers: this ratio errs downwards."
        )
    return words
