"""The interviews as a sample: who speaks, and how far one absent voice would reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import altair as alt
import pandas as pd

from helpers import charts
from helpers.charts.theme import COLORS, INK, MUTED
from helpers.panels.base.controls import Choice, Control, Greyed, Slider
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import carry
from helpers.provenance.shown import ShownTable, badged
from helpers.study.evidence import Evidence, posterior, worked_reading
from helpers.words import percent


@dataclass(frozen=True)
class VoicesData:
    """Fragments of interviews, and the evidence of the two cases.

    Attributes
    ----------
    interviews : DataFrame
        As `load_interviews` returns it.
    cases : mapping
        Case -> the evidence of its bench.
    """

    interviews: pd.DataFrame
    cases: Mapping[str, Evidence]


def voices_record(load: Any) -> VoicesData:
    """Return the data of `Voices`.

    Parameters
    ----------
    load : module
        `helpers.data`.
    """
    cases = {
        case: Evidence(
            case,
            load.load_evidence_cards(case),
            load.load_hypotheses(case),
            load.load_readings(case),
        )
        for case in ("azerbaijan", "vietnam")
    }
    return VoicesData(load.load_interviews(), cases)


@dataclass(frozen=True)
class VoicesState:
    case: str = "azerbaijan"
    against: str = "H3"
    times: float = 1.0


class Voices(Panel[VoicesState]):
    """One voice that was never asked speaks against a hypothesis: what is left of it?"""

    name: ClassVar[str] = "An absent voice"
    State = VoicesState

    def controls(self) -> Mapping[str, Control]:
        every = {h for case in self.data.cases.values() for h in case.hypotheses["hypothesis"]}
        names = {h: h for h in sorted(every)}
        return {
            "times": Slider("Its word is this many times likelier if the account is wrong", 1, 20),
            "case": Choice("Case", {"Azerbaijan": "azerbaijan", "Vietnam": "vietnam"}),
            "against": Choice("The account it contradicts", names),
        }

    def chart(self) -> Any:
        base = alt.Chart(alt.NamedData("beliefs")).encode(
            y=alt.Y("account:N", title=None, axis=alt.Axis(labelLimit=230, ticks=False)),
            x=alt.X(
                "belief:Q",
                title="belief",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format="%"),
            ),
        )
        bars = base.mark_bar(height=16, color=COLORS["blue"])
        old = (
            alt.Chart(alt.NamedData("before"))
            .mark_tick(thickness=3, size=26, color=COLORS["orange"])
            .encode(y="account:N", x="belief:Q")
        )
        words = base.mark_text(align="left", dx=6, color=INK).encode(text="label:N")
        voices = (
            alt.Chart(alt.NamedData("voices"))
            .mark_bar(color=COLORS["sky"], stroke=MUTED)
            .encode(
                x=alt.X("fragments:Q", title="fragments quoted", axis=alt.Axis(format="d")),
                y=alt.Y("interview:N", title="interview", sort=[str(k) for k in range(1, 11)]),
            )
        )
        return {
            "Beliefs": charts.finish(
                alt.layer(bars, old, words).properties(width=380, height=alt.Step(44)),
                next(iter(self.data.cases.values())).cards,
                title="Belief with the absent voice, and (mark) without",
                description="Belief in each account with and without the absent voice.",
            ),
            "Who is quoted": charts.finish(
                voices.properties(width=380, height=alt.Step(30)),
                self.data.interviews,
                title="Ten interviews, 22 fragments",
                description="Fragments quoted from each interview.",
            ),
        }

    @staticmethod
    def unavailable(state: VoicesState, data: VoicesData) -> Greyed:
        known = {case: set(e.hypotheses["hypothesis"]) for case, e in data.cases.items()}
        reason = "this case has no such account"
        return {
            "against": {h: reason for h in set().union(*known.values()) - known[state.case]},
            "case": {case: reason for case in known if state.against not in known[case]},
        }

    @staticmethod
    def compute(state: VoicesState, data: VoicesData) -> Picture:
        evidence = data.cases[state.case]
        before = posterior(evidence, worked_reading(evidence))
        if state.against not in before.index:
            raise ValueError(f"This case has no {state.against}; choose another account.")
        weight = before.copy()
        weight[state.against] /= state.times
        after = weight / weight.sum()
        short = dict(
            zip(evidence.hypotheses["hypothesis"], evidence.hypotheses["short"], strict=True)
        )
        label = {h: f"{h} {short[h]}" for h in before.index}
        counts = data.interviews["interview"].astype(int).value_counts()
        voices = [{"interview": str(k), "fragments": int(counts.get(k, 0))} for k in range(1, 11)]
        h = state.against
        words = f"On our worked reading belief in {label[h]} is {percent(before[h])}. "
        if state.times > 1:
            words += (
                f"If somebody who was not asked said what is {state.times:g} times likelier when "
                f"that account is wrong, it would be {percent(after[h])}. "
            )
        words += "Nobody from Energy or Defense was asked; interviews 3 and 4 are never quoted."
        return Picture(
            {
                "beliefs": [
                    {"account": label[k], "belief": float(v), "label": percent(v)}
                    for k, v in after.items()
                ],
                "before": [{"account": label[k], "belief": float(v)} for k, v in before.items()],
                "voices": voices,
            },
            words,
            figures={"before": float(before[h]), "after": float(after[h])},
        )


def fragments_table(interviews: pd.DataFrame) -> ShownTable:
    """Return how many voices and fragments each mechanism rests on."""
    grouped = interviews.groupby("mechanism")["interview"]
    table = pd.DataFrame({"voices": grouped.nunique(), "fragments": grouped.size()})
    table = table.sort_values("voices", ascending=False).reset_index()
    return badged(carry(table, interviews))
