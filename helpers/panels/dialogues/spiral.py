"""Panel on the spiral model: where a country stands, by a learner's judgement and by ours."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from helpers import charts
from helpers.charts import dialogues as pictures
from helpers.panels.base.controls import Choice, Control, Preset, Several, Toggle
from helpers.panels.base.panel import Panel, Picture
from helpers.panels.dialogues.findings import COUNTRIES
from helpers.theory.spiral import Phase, Placement, place
from helpers.words import counted


@dataclass(frozen=True)
class SpiralFacts:
    """What the spiral panel needs.

    Attributes
    ----------
    model, indicators, placements : DataFrame
        As `load_spiral_model`, `load_spiral_indicators` and `load_spiral_placements` give them.
    """

    model: pd.DataFrame
    indicators: pd.DataFrame
    placements: pd.DataFrame


_FIELDS = ("repression", "denial", "concessions", "prescriptive", "consistent")


_RULES = {"one": "one", "at least half": "half", "all": "all"}
_TERMS = {
    "one": "if one indicator makes a phase",
    "half": "if half its indicators make a phase",
    "all": "if all its indicators make a phase",
}
_SHARED = ("need", "ours")
"""What stays when the country is changed."""


@dataclass(frozen=True)
class SpiralState:
    country: str = "China"
    repression: tuple[str, ...] = ()
    denial: tuple[str, ...] = ()
    concessions: tuple[str, ...] = ()
    prescriptive: tuple[str, ...] = ()
    consistent: tuple[str, ...] = ()
    need: str = "half"
    before: str = "0"
    ours: bool = False


def _ticked(state: SpiralState) -> tuple[str, ...]:
    return tuple(name for field in _FIELDS for name in getattr(state, field))


class SpiralPath(Panel[SpiralState]):
    """Tick the indicators seen in a country; the path says how far they carry.

    Each country keeps ticks of its own. `data` is a `SpiralFacts`.
    """

    name: ClassVar[str] = "The spiral's path"
    State = SpiralState
    reset_label: ClassVar[str] = "Back to no ticks"

    first: ClassVar[tuple[str, ...]] = ("country", "concessions", "prescriptive")

    def __init__(
        self,
        data: SpiralFacts,
        setting: str = "",
        keep: str = "",
        presets: Sequence[Preset] = (),
    ) -> None:
        self._by_country: dict[str, SpiralState] = {}
        super().__init__(data, setting, keep, presets)

    def controls(self) -> Mapping[str, Control]:
        rows = self.data.indicators.drop_duplicates("indicator_id")
        ticks = {
            field: Several(
                f"{int(phase)}. {phase.label.capitalize()}",
                {
                    r.indicator: r.indicator_id
                    for r in rows[rows["phase_no"] == phase].itertuples(index=False)
                },
            )
            for field, phase in zip(_FIELDS, Phase, strict=True)
        }
        earlier = {"not known": "0", **{f"{int(p)}": f"{int(p)}" for p in Phase}}
        return {
            "country": Choice("Country", {name: name for name in COUNTRIES}),
            **ticks,
            "need": Choice("Indicators that make a phase", _RULES),
            "before": Choice("Furthest phase in an earlier period", earlier),
            "ours": Toggle("Show our coding and our judgement"),
        }

    def _moved(self, field: str, value: Any) -> None:
        if field != "country":
            super()._moved(field, value)
            return
        left = self._state
        self._by_country[left.country] = left
        there = self._by_country.get(value) or self._stored(value)
        shared = {name: getattr(left, name) for name in _SHARED}
        self.set(dataclasses.replace(there, country=value, **shared))
        self._remember()

    def _stored(self, country: str) -> SpiralState:
        kept = self._kept.get(f"{self._keep}.{country}") if self._keep else ""
        try:
            return self._read(kept)
        except (ValueError, AttributeError):
            return SpiralState(country=country)

    def _remember(self) -> None:
        super()._remember()
        self._by_country[self._state.country] = self._state
        if self._keep:
            self._kept.record(f"{self._keep}.{self._state.country}", self.setting)

    def chart(self) -> Any:
        return charts.finish(
            pictures.spiral(),
            self.data.model,
            self.data.indicators,
            title="Where do the indicators place this country?",
            description="Five boxes that rise from repression to rule-consistent behaviour.",
        )

    @staticmethod
    def compute(state: SpiralState, data: SpiralFacts) -> Picture:
        rows = data.indicators[data.indicators["country"] == state.country]
        phases = dict(zip(rows["indicator_id"], rows["phase_no"], strict=True))
        seen = set(_ticked(state))
        found = place(phases, seen, state.need, int(state.before))
        boxes = []
        for phase, model in zip(Phase, data.model.itertuples(index=False), strict=True):
            names = [i for i, p in phases.items() if p == phase]
            number = sum(i in seen for i in names)
            kind = "supported" if phase in found.supported else "not supported"
            kind = "gap" if phase in found.gaps else kind
            boxes.append(
                {
                    "place": int(phase),
                    "text": f"{int(phase)} {_wrapped(model.phase)}",
                    "state": kind,
                    "count": f"{number} of {len(names)} seen{_SIGNS[kind]}",
                    "tip": f"{model.what_the_state_does} Next step: "
                    f"{model.transition_to_next_is_marked_by}",
                }
            )
        judged = data.placements.set_index("country").loc[state.country]
        marks = _marks(state, found, int(judged["phase_no"]))
        table = pd.DataFrame(
            {
                "phase": rows["phase_no"],
                "indicator": rows["indicator"],
                "you": ["seen" if i in seen else "" for i in rows["indicator_id"]],
            }
        )
        if state.ours:
            table["our coding"] = rows["seen"].to_numpy()
        table["what a page says"] = rows["evidence"].to_numpy()
        table["source"] = rows["evidence_url"].to_numpy()
        steps = [{"place": 4, "text": "the shift that matters →"}]
        said = _say_spiral(
            state, found, dict(zip(rows["indicator_id"], rows["indicator"], strict=True))
        )
        if state.ours:
            said += " " + _say_ours(state, rows, phases, judged, found)
        return Picture({"phases": boxes, "steps": steps, "marks": marks}, said, table)


_SIGNS = {"gap": " (gap)", "supported": " ✓", "not supported": ""}


def _wrapped(name: str) -> str:
    return name.replace(" ", "\n", 1)


def _marks(state: SpiralState, found: Placement, judged: int) -> list[dict[str, Any]]:
    marks = []
    if found.furthest:
        marks.append({"place": found.furthest, "who": "you", "shift": 0.0, "tip": "your ticks"})
    if int(state.before):
        text = "furthest phase in an earlier period"
        marks.append({"place": int(state.before), "who": "earlier", "shift": -0.2, "tip": text})
    if state.ours:
        text = "our judgement, not a measurement"
        marks.append({"place": judged, "who": "our judgement", "shift": 0.2, "tip": text})
    return marks


def _phase(number: int) -> str:
    return f"phase {number} ({Phase(number).label})"


def _say_spiral(state: SpiralState, found: Placement, names: Mapping[str, str]) -> str:
    terms = _TERMS[state.need]
    if not _ticked(state):
        return (
            f"{state.country}: nothing is ticked yet. Read the table below, tick what you hold to "
            f"be seen, and the path says how far that carries ({terms})."
        )
    if not found.furthest:
        return (
            f"{state.country}: your ticks carry to no phase, {terms}; tick more, or ask for less."
        )
    said = f"{state.country}: your ticks carry to {_phase(found.furthest)}, {terms}."
    if found.next_phase:
        missing = "; ".join(names[i][0].lower() + names[i][1:] for i in found.lacking)
        wanted = counted(found.short, "more is", "more are")
        said += (
            f" It is stuck before {_phase(found.next_phase)}: {wanted} needed of those not "
            f"seen: {missing}."
        )
    else:
        said += " That is the end of the path; the model allows for falling back."
    if found.gaps:
        skipped = " and ".join(_phase(p) for p in found.gaps)
        verb = "has" if len(found.gaps) == 1 else "have"
        said += (
            f" Out of order: {skipped} {verb} too few indicators. Either the step was taken where "
            "our pages do not reach, or an indicator further on, such as a treaty, does not mean "
            "what the model takes it to mean."
        )
    if found.regress:
        said += (
            f" Regress: {counted(found.regress, 'phase')} lost since {_phase(int(state.before))}."
        )
    if found.tensions:
        said += f" Pulling against each other: {'; '.join(found.tensions)}. Are these two periods?"
    return said


def _say_ours(
    state: SpiralState, rows: pd.DataFrame, phases: Mapping[str, int], judged: Any, found: Placement
) -> str:
    coded = rows.loc[rows["seen"] == "yes", "indicator_id"]
    counted = place(phases, coded, state.need).furthest
    same = found.furthest == judged["phase_no"]
    compare = "the same as" if same else "not the same as"
    yours = f", {compare} your ticks" if found.furthest else ""
    return (
        f"By this rule our coding carries to {_phase(counted) if counted else 'no phase'}. Our "
        f"judgement for {judged['period']} is {_phase(int(judged['phase_no']))}{yours} "
        f"(confidence {judged['confidence']}): {judged['reason']}"
    )
