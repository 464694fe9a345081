"""Panels on one country's case: its events, two accounts of them, and what was open when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import pandas as pd

from helpers import charts
from helpers.calendar import LAUNCH
from helpers.charts import strategies as grids
from helpers.charts import timeline as pictures
from helpers.panels.base.controls import Choice, Control, Several, Slider, Toggle
from helpers.panels.base.panel import Panel, Picture
from helpers.panels.typology.strategies import FIELDS, SHORT
from helpers.provenance.kinds import Provenance, carry
from helpers.theory.strategies import Condition, Strategy, closed_by, open_strategies

PAPER: Final = "https://doi.org/10.1017/S0020818321000424"
"""The article's own address; what only the paper or its interviews say is linked to it."""

OTHER: Final = "other act or event"
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
_PEOPLE: Final = {
    "azerbaijan": ("Leyla Yunus", "Khadija Ismayilova"),
    "vietnam": ("Ta Phong Tan", "Bui Thi Minh Hang"),
}


def millis(day: Any) -> int:
    """Return a day as milliseconds since 1970."""
    return int(pd.Timestamp(day).timestamp() * 1000)


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


class EvidenceTimeline(Panel[TimelineState]):
    """The dated events of a case, with filters; a click on a mark opens its source."""

    name: ClassVar[str] = "Evidence timeline"
    State = TimelineState

    def controls(self) -> Mapping[str, Control]:
        events = self.data.events
        people = _PEOPLE[self.data.case]
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
            "actors": Several(
                "Actors", {name: name for name in TimelineState.actors if name in who}
            ),
        }

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
        rules = [
            {"day": millis(day), "text": text}
            for day, text in _RULES[data.case]
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


def _chosen(state: TimelineState, data: CaseRecord) -> pd.DataFrame:
    events = data.events
    keep = events["actor"].isin(state.actors)
    for field, (column, _) in _FILTERS.items():
        wanted = getattr(state, field)
        if wanted != "all":
            keep &= events[column] == wanted
    if state.person != "all":
        keep &= events["person"].str.contains(state.person, regex=False)
    first, last = _window(state, data)
    keep &= (events["latest"] >= first) & (events["earliest"] <= last)
    if not keep.any():
        raise ValueError(
            "No event passes all these filters at once; set one of them back to 'all', or tick "
            "another actor."
        )
    return events[keep]


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


# Conditions -----------------------------------------------------------------------------------

_ROWS: Final = {
    "relations": "Diplomatic relations",
    "calm": "Minimal potential for backlash",
    "leverage": "Sufficient leverage",
    "priority": "Prioritisation over competing equities",
}
_AS: Final = {"as coded": "coded", "met throughout": "met", "not met throughout": "not"}


@dataclass(frozen=True)
class CaseConditionsState:
    person: str = "first"
    open_counts_as: str = "met"
    relations: str = "coded"
    calm: str = "coded"
    leverage: str = "coded"
    priority: str = "coded"


@dataclass(frozen=True)
class CaseConditionsData:
    """The four conditions of one country, and the women whose conditions may differ."""

    conditions: pd.DataFrame
    case: str


def case_conditions(case: str, conditions: pd.DataFrame) -> CaseConditionsData:
    """Return the rows of one case out of `load_conditions`, in the order of Table 2."""
    rows = conditions[conditions["country"] == case.capitalize()].set_index("condition")
    return CaseConditionsData(carry(rows.loc[list(_ROWS.values())].reset_index(), conditions), case)


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


class CaseConditions(Panel[CaseConditionsState]):
    """The four conditions as coded before and after the campaign, and what each opens."""

    name: ClassVar[str] = "Conditions of the case"
    State = CaseConditionsState

    def controls(self) -> Mapping[str, Control]:
        first, second = _PEOPLE[self.data.case]
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
        person = _PEOPLE[data.case][0 if state.person == "first" else 1]
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
                    rows.at[_ROWS[field], column], person, state.open_counts_as == "met"
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
    names = list(_ROWS.values())
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


# Table 5 --------------------------------------------------------------------------------------

HOW_OFTEN: Final = ("all", "most", "some", "no")
TABLE_FIVE: Final[Mapping[str, str]] = {
    "public expressive": "all",
    "private expressive": "most",
    "public coercive": "no",
    "private coercive": "some",
}
"""Table 5 of the paper: in how many of the campaign's cases each strategy was used."""

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


# Leverage -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LeverageState:
    talks: int = 8
    concluded: int = 6
    signed: int = 2
    visit: int = 2
    given_up: int = 0
    congress: int = 0
    needed: int = 5
    offer: bool = False


_STEPS: Final = (
    ("talks", "2014-07-01", "trade talks\nrunning"),
    ("concluded", "2015-10-05", "talks\nconcluded"),
    ("signed", "2016-02-04", "TPP\nsigned"),
    ("visit", "2016-05-23", "arms ban\nlifted"),
    ("given_up", "2016-11-11", "TPP\ngiven up"),
)
_CONGRESS: Final = "2016-01-28"
_END: Final = "2017-06-01"
_EXITS: Final = (
    ("V11", "Dieu Cay", "freed early"),
    ("V18", "Ta Phong Tan", "freed early"),
    ("V40", "offer to Bui Thi Minh Hang", "offer of relocation"),
    ("V33", "Nguyen Van Ly", "freed early"),
    ("V37", "Bui Thi Minh Hang", "freed at end of term"),
)


class LeveragePanel(Panel[LeverageState]):
    """Draw leverage over time as you assume it; see which exits the line accounts for."""

    name: ClassVar[str] = "Leverage over time"
    State = LeverageState
    reset_label: ClassVar[str] = "Back to our reading of the paper"

    def controls(self) -> Mapping[str, Control]:
        return {
            "talks": Slider("While the talks run", 0, 10),
            "concluded": Slider("Concluded, not signed", 0, 10),
            "signed": Slider("Signed, not ratified", 0, 10),
            "visit": Slider("After the arms ban is lifted", 0, 10),
            "given_up": Slider("After TPP is given up", 0, 10),
            "congress": Slider("Taken off by the party congress", 0, 10),
            "needed": Slider("Leverage a bargain needs", 1, 10),
            "offer": Toggle("Count the offer to Bui Thi Minh Hang as a bargain to be explained"),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.leverage_line(),
            Provenance.ILLUSTRATION,
            Provenance.PUBLIC_RECORD,
            title="US leverage in Hanoi, as you assume it, and what happened",
            description="A step line of assumed leverage with the exits marked on it.",
        )

    @staticmethod
    def compute(state: LeverageState, data: CaseRecord) -> Picture:
        line = leverage_steps(state)
        events = data.events.set_index("id")
        exits: list[dict[str, Any]] = []
        for event_id, name, kind in _EXITS:
            if kind == "offer of relocation" and not state.offer:
                continue
            row = events.loc[event_id]
            day = row["earliest"] + (row["latest"] - row["earliest"]) / 2
            level = _level(line, day)
            # A bargain needs leverage; a full term is what its absence would leave.
            fits = (level >= state.needed) == (kind != "freed at end of term")
            exits.append(
                {
                    "day": millis(day),
                    "level": level,
                    "name": name,
                    "label": name.removeprefix("offer to "),
                    "kind": kind,
                    "reading": "fits your line" if fits else "does not fit",
                    "says": row["event"],
                    "url": (row["url"] == PAPER and row["second_url"]) or row["url"],
                    "when": row["when"],
                }
            )
        moments = [{"day": millis(day), "text": text, "place": 10.5} for _, day, text in _STEPS[1:]]
        moments.append({"day": millis("2015-09-01"), "text": "launch", "place": 1.6})
        moments.append({"day": millis("2016-01-20"), "text": "party\ncongress", "place": 1.6})
        rows = {
            "leverage": line,
            "needed": [{"level": state.needed}],
            "exits": exits,
            "moments": moments,
        }
        table = pd.DataFrame(exits)[["when", "name", "kind", "level", "reading", "says", "url"]]
        table = table.rename(columns={"level": "your leverage then", "url": "source"})
        words = _leverage_words(state, exits) + _last_day_words(
            state, line, events.at["V37", "latest"]
        )
        return Picture(rows, words, table)


def leverage_steps(state: LeverageState) -> list[dict[str, Any]]:
    """Return the corners of the assumed line, never below 0.

    Each stretch has the level set for it; from the end of the party congress on,
    `congress` is taken off.
    """
    changes = sorted([*(day for _, day, _ in _STEPS), _CONGRESS])
    corners = []
    for day in [*changes, _END]:
        stretch = [field for field, start, _ in _STEPS if start <= day][-1]
        level = getattr(state, stretch) - (state.congress if day >= _CONGRESS else 0)
        corners.append({"day": millis(day), "level": max(0, level)})
    return corners


def _last_day_words(
    state: LeverageState, line: Sequence[Mapping[str, Any]], freed: pd.Timestamp
) -> str:
    """Say that a full term is tested on its last day, and where the line stood before."""
    launch = millis(LAUNCH)
    since = [corner["level"] for corner in line if launch < corner["day"] < millis(freed)]
    highest = max([_level(line, pd.Timestamp(LAUNCH)), *since])
    words = " Of Bui Thi Minh Hang's term only the last day is tested"
    if highest < state.needed:
        return words + "; the line stays too low for a bargain from the launch to that day."
    return words + (
        f": between the launch and that day the line stands as high as {highest}, enough for a "
        "bargain, and she stayed in prison."
    )


def _level(line: Sequence[Mapping[str, Any]], day: pd.Timestamp) -> int:
    return int([corner["level"] for corner in line if corner["day"] <= millis(day)][-1])


def _leverage_words(state: LeverageState, exits: Sequence[Mapping[str, Any]]) -> str:
    fits = [e["name"] for e in exits if e["reading"] == "fits your line"]
    not_so = [f"{e['name']} (at {e['level']})" for e in exits if e["reading"] != "fits your line"]
    words = f"Your assumption, not a measurement. With {state.needed} needed for a bargain, "
    words += f"the line accounts for {len(fits)} of {len(exits)}"
    words += f": {', '.join(fits)}." if fits else "."
    return words + (f" It does not account for {', '.join(not_so)}." if not_so else "")
