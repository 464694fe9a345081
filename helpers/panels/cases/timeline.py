"""Panels on one country's case: its events, two accounts of them, and what was open when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
import pandas as pd

from helpers import charts
from helpers.calendar import millis
from helpers.charts import timeline as pictures
from helpers.panels.base.controls import Choice, Control, Greyed, Several, greyed
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import Provenance
from helpers.study.cases import (
    PAPER,
    PEOPLE,
    CaseRecord,
)

_MARK: Final = 17 / 590
"""Width of a mark as a share of the calendar: closer events go to another row."""

_SPANS: Final = {
    "azerbaijan": ("2015-01-01", "2016-07-01"),
    "vietnam": ("2015-01-01", "2017-04-01"),
}
_RULES: Final = {
    "azerbaijan": [("2015-09-01", "launch"), ("2016-03-31", "summit")],
    "vietnam": [("2015-09-01", "launch"), ("2016-02-04", "TPP signed")],
}


@dataclass(frozen=True)
class TimelineState:
    lanes: str = "actor"
    period: str = "near"
    person: str = "all"
    action: str = "all"
    forum: str = "all"
    inducement: str = "all"
    source: str = "all"
    verified: str = "all"
    actors: tuple[str, ...] = (
        "US executive",
        "US Congress",
        "target government",
        "NGO/IO",
        "other",
    )


_LANES: Final = {"actor": TimelineState.actors, "strategy": tuple(pictures.STRATEGY_MARKS)}
_FILTERS: Final = {
    "action": ("action_type", "Action"),
    "forum": ("forum", "Forum"),
    "inducement": ("inducement", "Inducement"),
    "source": ("source_kind", "Source"),
    "verified": ("verified", "Dated outside the paper"),
}


def _any(options: Sequence[str], names: Mapping[str, str] | None = None) -> dict[str, str]:
    names = names or {}
    return {"all": "all", **{names.get(option, option): option for option in options}}


def _controls(data: CaseRecord) -> Mapping[str, Control]:
    events = data.events
    people = PEOPLE[data.case]
    found, who = set(events["inducement"]), set(events["actor"])
    kinds = [kind for kind in ("carrot", "stick", "none") if kind in found]
    return {
        "lanes": Choice("A lane for each", {"actor": "actor", "kind of act": "strategy"}),
        "period": Choice("Calendar", {"around the campaign": "near", "whole record": "all"}),
        "person": Choice("About", _any(people)),
        "action": Choice("Action", _any(("expressive", "coercive", "none"))),
        "forum": Choice("Forum", _any(("public", "private", "none"))),
        "inducement": Choice("Inducement", _any(kinds)),
        "source": Choice("Source", _any(("paper", "external"), {"external": "other pages"})),
        "verified": Choice("Dated outside the paper", _any(("yes", "no"))),
        "actors": Several("Actors", {name: name for name in TimelineState.actors if name in who}),
    }


class EvidenceTimeline(Panel[TimelineState]):
    """The dated events of a case, with filters; a click on a mark opens its source."""

    name: ClassVar[str] = "Evidence timeline"
    State = TimelineState

    def controls(self) -> Mapping[str, Control]:
        return _controls(self.data)

    def start(self) -> TimelineState:
        actors: Any = self.controls()["actors"]
        return TimelineState(actors=tuple(actors.options.values()))

    def chart(self) -> Any:
        return charts.finish(
            pictures.events(),
            self.data.events,
            Provenance.PUBLISHED,
            title="What happened when, and who says so",
            description="Dated events in lanes; bars where the date is known to the month or less.",
        )

    @staticmethod
    def compute(state: TimelineState, data: CaseRecord) -> Picture:
        events = _chosen(state, data)
        first, last = _window(state, data)
        shown, lanes = _placed(state, events, first, last)
        # Every other name is a line higher: over all years they would lie on one another.
        rules = [
            {"day": millis(day), "text": text, "raised": bool(i % 2)}
            for i, (day, text) in enumerate(_RULES[data.case])
            if first <= pd.Timestamp(day) <= last
        ]
        window = [{"day": millis(first)}, {"day": millis(last)}]
        table = events[["when", "event", "actor", "strategy", "source_kind", "url", "second_url"]]
        table = table.rename(
            columns={
                "strategy": "kind of act",
                "source_kind": "source kind",
                "url": "source",
                "second_url": "second source",
            }
        )
        rows = {"events": shown, "lanes": lanes, "rules": rules, "window": window}
        return Picture(rows, _say(events, len(data.events)), table)

    @staticmethod
    def unavailable(state: TimelineState, data: CaseRecord) -> Greyed:
        columns = _columns(data)

        def check(tried: TimelineState) -> str:
            return "" if _kept(tried, data, columns).any() else "no event would be left"

        return greyed(state, _controls(data), check)


def _kept(state: TimelineState, data: CaseRecord, columns: Mapping[str, Any]) -> Any:
    """Return which events pass; `columns` holds them as arrays, for this is tried often."""
    keep = np.isin(columns["actor"], state.actors)
    for field, (column, _) in _FILTERS.items():
        wanted = getattr(state, field)
        if wanted != "all":
            keep &= columns[column] == wanted
    if state.person != "all":
        keep &= np.array([state.person in who for who in columns["person"]])
    first, last = _window(state, data)
    return keep & (columns["latest"] >= first) & (columns["earliest"] <= last)


def _columns(data: CaseRecord) -> dict[str, Any]:
    names = ["actor", "person", "earliest", "latest", *(column for column, _ in _FILTERS.values())]
    return {name: data.events[name].to_numpy() for name in names}


def _chosen(state: TimelineState, data: CaseRecord) -> pd.DataFrame:
    keep = _kept(state, data, _columns(data))
    if not keep.any():
        raise ValueError(
            "No event passes all these filters at once; set one of them back to 'all', or tick "
            "another actor."
        )
    return data.events[keep]


def _window(state: TimelineState, data: CaseRecord) -> tuple[pd.Timestamp, pd.Timestamp]:
    if state.period == "near":
        first, last = _SPANS[data.case]
        return pd.Timestamp(first), pd.Timestamp(last)
    months = pd.DateOffset(months=2)
    return data.events["earliest"].min() - months, data.events["latest"].max() + months


def _placed(
    state: TimelineState, events: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the events with a height each, so that no two overlap, and the lanes."""
    low, high = millis(first), millis(last)
    gap = _MARK * (high - low)
    groups: dict[str, list[Any]] = {name: [] for name in _LANES[state.lanes]}
    for row in events.itertuples(index=False):
        groups[getattr(row, state.lanes)].append(row)
    shown: list[dict[str, Any]] = []
    lanes: list[dict[str, Any]] = []
    top = 0.0
    for name, members in groups.items():
        if not members:
            continue
        ends: list[float] = []
        for row in members:
            start = max(millis(row.earliest), low)
            end = min(millis(row.latest), high)
            middle = (start + end) / 2
            left, right = min(start, middle - gap / 2), max(end, middle + gap / 2)
            slot = next((i for i, taken in enumerate(ends) if taken <= left), len(ends))
            ends[slot : slot + 1] = [right]
            shown.append(_event_row(row, start, end, middle, top + slot + 0.75))
        bottom = top + len(ends) + 0.5
        middle = (top + bottom) / 2
        shaded = len(lanes) % 2 == 0
        lanes.append(
            {"lane": name, "top": top, "bottom": bottom, "middle": middle, "shaded": shaded}
        )
        top = bottom
    return shown, lanes


def _event_row(row: Any, start: float, end: float, middle: float, y: float) -> dict[str, Any]:
    when = row.when
    if row.paper_date and row.paper_date != when:
        when += f" (the paper: {row.paper_date})"
    return {
        "start": start,
        "end": end,
        "middle": middle,
        "y": y,
        "interval": row.precision != "day",
        "strategy": row.strategy,
        "when": when,
        "event": row.event,
        "actor": row.actor,
        "source": row.source,
        "note": row.note or "none",
        "url": row.second_url if row.url == PAPER and row.second_url else row.url,
        "click": "opens the source in a new tab",
    }


def _say(events: pd.DataFrame, total: int) -> str:
    counts = events["strategy"].value_counts()
    parts = [f"{counts[name]} {name}" for name in pictures.STRATEGY_MARKS if name in counts]
    seen = int((events["verified"] == "yes").sum())
    unsure = int((events["precision"] != "day").sum())
    return (
        f"{len(events)} of {total} events: {', '.join(parts)}. {seen} are stated, with their date, "
        f"by a page outside the paper; {unsure} are dated only to the month or less (bars). The "
        "table lists them with their sources."
    )


# Two accounts ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class AccountsState:
    topic: str = "all"


class TwoAccounts(Panel[AccountsState]):
    """What the paper says beside what another source says, where the two differ."""

    name: ClassVar[str] = "Two accounts"
    State = AccountsState

    def controls(self) -> Mapping[str, Control]:
        topics = self.data["topic"].tolist()
        return {"topic": Choice("Topic", {"all of them": "all", **{t: t for t in topics}})}

    def chart(self) -> Any:
        return charts.finish(
            pictures.two_accounts(self.data["topic"].tolist()),
            self.data,
            Provenance.PUBLISHED,
            title="When the paper and another source place the same thing",
            description="Pairs of dates or intervals, the paper's above another source's.",
        )

    @staticmethod
    def compute(state: AccountsState, data: pd.DataFrame) -> Picture:
        part = data if state.topic == "all" else data[data["topic"] == state.topic]
        rows = []
        for row in part.itertuples(index=False):
            sides = (
                ("the paper", row.paper_first, row.paper_last, row.paper_says, PAPER),
                ("another source", row.other_first, row.other_last, row.other_says, row.other_url),
            )
            for side, first, last, says, url in sides:
                rows.append(
                    {
                        "topic": row.topic,
                        "side": side,
                        "first": millis(first),
                        "last": millis(last),
                        "says": says,
                        "url": url,
                    }
                )
        table = part[["topic", "paper_says", "other_says", "what_follows", "other_url"]].rename(
            columns={
                "paper_says": "the paper says",
                "other_says": "another source says",
                "what_follows": "what follows (our reading)",
                "other_url": "other source",
            }
        )
        table.insert(2, "paper", PAPER)
        if state.topic == "all":
            words = (
                f"{len(part)} points on which the paper and another source differ; see the table."
            )
        else:
            row = part.iloc[0]
            words = (
                f"{row['topic']}. The paper: {_bare(row['paper_says'])}; another source: "
                f"{_bare(row['other_says'])}. {row['what_follows']}"
            )
        return Picture({"claims": rows}, words, table)


def _bare(text: str) -> str:
    return text[0].lower() + text[1:].rstrip(".") if text.startswith("The ") else text.rstrip(".")
