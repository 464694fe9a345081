"""Panels on what was open when: the four conditions of a case, and Table 5 filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import pandas as pd

from helpers import charts
from helpers.calendar import LAUNCH
from helpers.charts import strategies as grids
from helpers.charts import timeline as pictures
from helpers.panels.base.controls import Choice, Control, Toggle
from helpers.panels.base.panel import Panel, Picture
from helpers.panels.typology.strategies import FIELDS, SHORT
from helpers.provenance.kinds import Provenance
from helpers.study.cases import (
    CONDITIONS,
    HOW_OFTEN,
    PAPER,
    PEOPLE,
    TABLE_FIVE,
    CaseConditionsData,
    coded_as_met,
)
from helpers.theory.strategies import Condition, Strategy, closed_by, open_strategies

_AS: Final = {"as coded": "coded", "met throughout": "met", "not met throughout": "not"}


@dataclass(frozen=True)
class CaseConditionsState:
    person: str = "first"
    open_counts_as: str = "met"
    relations: str = "coded"
    calm: str = "coded"
    leverage: str = "coded"
    priority: str = "coded"


class CaseConditions(Panel[CaseConditionsState]):
    """The four conditions as coded before and after the campaign, and what each opens."""

    name: ClassVar[str] = "Conditions of the case"
    State = CaseConditionsState

    def controls(self) -> Mapping[str, Control]:
        first, second = PEOPLE[self.data.case]
        controls: dict[str, Control] = {}
        if self.data.case == "vietnam":  # only there does the coding differ between the women
            controls["person"] = Choice("Case of", {first: "first", second: "second"})
        controls["open_counts_as"] = Choice(
            "What the paper leaves open counts as", {"met": "met", "not met": "not"}
        )
        for field, condition in FIELDS.items():
            controls[field] = Choice(SHORT[condition].capitalize(), _AS)
        return controls

    def chart(self) -> Any:
        return charts.finish(
            pictures.before_and_after(),
            self.data.conditions,
            Provenance.ILLUSTRATION,
            title="Which strategies were open, by our coding and Table 2",
            description="Two grids of four strategies, before the campaign and after its launch.",
        )

    @staticmethod
    def compute(state: CaseConditionsState, data: CaseConditionsData) -> Picture:
        person = PEOPLE[data.case][0 if state.person == "first" else 1]
        rows = data.conditions.set_index("condition")
        sets: dict[str, frozenset[Condition]] = {}
        counted: dict[str, list[str]] = {}
        for moment in ("before", "after"):
            column = "value_before_campaign" if moment == "before" else "value_after_campaign"
            met = set()
            counted[moment] = []
            for field, condition in FIELDS.items():
                choice = getattr(state, field)
                coded = coded_as_met(
                    rows.at[CONDITIONS[field], column], person, state.open_counts_as == "met"
                )
                holds = coded if choice == "coded" else choice == "met"
                if holds:
                    met.add(condition)
                counted[moment].append("met" if holds else "not met")
            sets[moment] = frozenset(met)
        grid = {moment: _cells(met) for moment, met in sets.items()}
        words = " ".join(_open_words(moment, met) for moment, met in sets.items())
        words += " " + _change_words(sets["before"], sets["after"])
        return Picture(grid, words, _condition_table(rows, counted))


def _cells(met: frozenset[Condition]) -> list[dict[str, Any]]:
    cells = []
    for strategy in Strategy:
        missing = [SHORT[c] for c in Condition if c in closed_by(strategy, met)]
        cells.append(
            {
                "forum": strategy.forum.value,
                "action": strategy.action.value,
                "state": "closed" if missing else "open",
                "line1": "✗ less likely" if missing else "✓ open",
                "line2": "lacks " + ",\n".join(missing) if missing else "all it needs is met",
                "tip": strategy.label,
            }
        )
    return cells


def _open_words(moment: str, met: frozenset[Condition]) -> str:
    opened = [s.label for s in Strategy if s in open_strategies(met)]
    return f"Open {moment}: {', '.join(opened) if opened else 'none'}."


def _change_words(before: frozenset[Condition], after: frozenset[Condition]) -> str:
    gained = [SHORT[c] for c in Condition if c in after - before]
    lost = [SHORT[c] for c in Condition if c in before - after]
    if not gained and not lost:
        return "By this coding the campaign changed no condition."
    parts = [f"gained: {', '.join(gained)}"] if gained else []
    parts += [f"lost: {', '.join(lost)}"] if lost else []
    return f"Between the two, {'; '.join(parts)}."


def _condition_table(rows: pd.DataFrame, counted: Mapping[str, list[str]]) -> pd.DataFrame:
    names = list(CONDITIONS.values())
    part = rows.loc[names]

    def coded(column: str, counts: list[str]) -> list[str]:
        said = part[column].tolist()
        return [s if s == c else f"{s}: counts as {c}" for s, c in zip(said, counts, strict=True)]

    who = [f" Interviews: {i}." if i != "none" else "" for i in part["interview"]]
    basis = [f" ({b} in the paper)" for b in part["basis"]]
    evidence = [
        f"{e.rstrip('.')}{b}.{w}" for e, b, w in zip(part["evidence"], basis, who, strict=True)
    ]
    return pd.DataFrame(
        {
            "condition": names,
            "before": coded("value_before_campaign", counted["before"]),
            "after": coded("value_after_campaign", counted["after"]),
            "evidence": evidence,
            "paper": PAPER,
            "another source says": part["external_check"].to_numpy(),
            "other source": part["external_url"].to_numpy(),
        }
    )


_CELLS: Final = {strategy.label.replace(" ", "_"): strategy for strategy in Strategy}


@dataclass(frozen=True)
class TableFiveState:
    public_expressive: str = "open"
    private_expressive: str = "open"
    public_coercive: str = "open"
    private_coercive: str = "open"
    reveal: bool = False


class TableFive(Panel[TableFiveState]):
    """Fill in the paper's Table 5 from the events, then compare."""

    name: ClassVar[str] = "Table 5, filled in by you"
    State = TableFiveState

    def controls(self) -> Mapping[str, Control]:
        words = {"not filled in": "open", **{f"in {w} cases": w for w in HOW_OFTEN}}
        cells = {f: Choice(s.label.capitalize(), words) for f, s in _CELLS.items()}
        return {**cells, "reveal": Toggle("Show the paper's table")}

    def chart(self) -> Any:
        return charts.finish(
            grids.grid(),
            self.data,
            Provenance.PUBLISHED,
            title="Table 5: how often each strategy was used",
            description="Two by two: your word for each strategy, and the paper's when shown.",
        )

    @staticmethod
    def compute(state: TableFiveState, data: pd.DataFrame) -> Picture:
        launched = pd.Timestamp(LAUNCH)
        acts = data[data["actor"].isin(("US executive", "US Congress"))]
        acts = acts[acts["earliest"] >= launched]
        cells, lines = [], []
        agree = filled = 0
        for field, strategy in _CELLS.items():
            mine, label = getattr(state, field), strategy.label
            paper = TABLE_FIVE[label]
            filled += mine != "open"
            agree += mine == paper
            second = f"the paper: in {paper} cases" if state.reveal else "the paper: hidden"
            same = mine != "open" and (mine == paper or not state.reveal)
            cells.append(
                {
                    "forum": strategy.forum.value,
                    "action": strategy.action.value,
                    "state": "open" if same else "closed",
                    "line1": "not filled in" if mine == "open" else f"you: in {mine} cases",
                    "line2": second,
                    "tip": label,
                }
            )
            found = acts[acts["strategy"] == label]
            example = found.iloc[0] if len(found) else None
            lines.append(
                {
                    "strategy": label,
                    "US acts coded so since the launch": len(found),
                    "the first of them": "none" if example is None else example["event"],
                    "source": "" if example is None else example["url"],
                    "you": "" if mine == "open" else mine,
                    **({"the paper": paper} if state.reveal else {}),
                }
            )
        words = f"You have filled in {filled} of 4 cells."
        if state.reveal:
            words += (
                f" The paper's words: all, most (expressive), no, some (coercive); {agree} of your "
                "cells agree. It gives no counts behind most and some."
            )
        return Picture({"cells": cells}, words, pd.DataFrame(lines))
