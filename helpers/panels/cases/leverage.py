"""Panel on leverage over time, as assumed, and the exits it accounts for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import pandas as pd

from helpers import charts
from helpers.calendar import LAUNCH, millis
from helpers.charts import timeline as pictures
from helpers.panels.base.controls import Control, Slider, Toggle
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import Provenance
from helpers.study.cases import (
    PAPER,
    CaseRecord,
)


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
