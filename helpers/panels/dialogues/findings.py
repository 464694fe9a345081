"""Panels on human rights dialogues: timeline, spiral model, scorecard, benchmark."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from helpers import charts
from helpers.calendar import LAUNCH
from helpers.charts import dialogues as pictures
from helpers.panels.base.controls import Choice, Control, Several, Slider, Toggle
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import Provenance, mark
from helpers.provenance.shown import ShownTable, badged
from helpers.stats import benchmark, scorecard
from helpers.theory.benchmarks import SERIES, YEARS
from helpers.theory.spiral import Phase, Placement, place

# The programmes on one calendar ----------------------------------------------------------

PROGRAMMES = (
    "Norway-China",
    "Norway-Indonesia",
    "Norway-Vietnam",
    "Norway (all)",
    "EU-China",
    "US-Vietnam",
)
KINDS: Mapping[str, str] = {
    "round": "round",
    "overview": "start",
    "background": "start",
    "status": "pause, status",
    "partner": "partner project",
    "principle": "rule or debate",
    "oversight": "rule or debate",
}
PAUSES: Mapping[str, tuple[str, str]] = {
    "D12": ("D13", "frozen"),
    "D40": ("D41", "no rounds"),
    "D42": ("D42", "broken off"),
}
"""First record of a pause, the record that ends it, and a word for it."""

COUNTRIES: Mapping[str, tuple[str, ...]] = {
    "China": ("Norway-China", "Norway (all)", "EU-China"),
    "Indonesia": ("Norway-Indonesia", "Norway (all)"),
    "Vietnam": ("Norway-Vietnam", "Norway (all)", "US-Vietnam"),
}


def _millis(day: Any) -> int:
    return int(pd.Timestamp(day).timestamp() * 1000)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


@dataclass(frozen=True)
class ProgrammeState:
    country: str = "all"
    kind: str = "all"
    source: str = "all"
    comparators: bool = True


class ProgrammeTimeline(Panel[ProgrammeState]):
    """Rounds, pauses and related records of dialogues, each a click from its source.

    `data` is the table of `load_dialogue_programmes`.
    """

    name: ClassVar[str] = "Dialogue programmes"
    State = ProgrammeState

    def controls(self) -> Mapping[str, Control]:
        sources = sorted(self.data["source_kind"].unique())
        return {
            "country": Choice(
                "Country", {"all three": "all", **{name: name for name in COUNTRIES}}
            ),
            "kind": Choice(
                "Kind", {"every kind": "all", **{k: k for k in dict.fromkeys(KINDS.values())}}
            ),
            "source": Choice("Published by", {"anyone": "all", **{s: s for s in sources}}),
            "comparators": Toggle("With the EU's and the United States' dialogues"),
        }

    def chart(self) -> Any:
        template = pictures.programmes(
            list(PROGRAMMES),
            first=_millis("1992-06-01"),
            last=_millis("2026-06-01"),
            launch=_millis(LAUNCH),
        )
        return charts.finish(
            template,
            self.data,
            title="Human rights dialogues on one calendar",
            description="One row for each programme; points are records, dashed bars are pauses.",
        )

    @staticmethod
    def compute(state: ProgrammeState, data: pd.DataFrame) -> Picture:
        rows = data.assign(kind=data["record_type"].map(KINDS)).sort_values("earliest")
        if state.country != "all":
            rows = rows[rows["programme"].isin(COUNTRIES[state.country])]
        if not state.comparators:
            rows = rows[rows["programme"].str.startswith("Norway")]
        if state.kind != "all":
            rows = rows[rows["kind"] == state.kind]
        if state.source != "all":
            rows = rows[rows["source_kind"] == state.source]
        if rows.empty:
            raise ValueError(
                "No record is of this kind, country and publisher together. Choose 'every kind' "
                "or 'anyone'."
            )
        rows = rows.assign(
            day=rows["earliest"] + (rows["latest"] - rows["earliest"]) / 2,
            number=rows["round_no"],
            href=rows["source"],
            when=[_when(r.date, r.precision) for r in rows.itertuples(index=False)],
        )
        rows["tip"] = [
            f"{r.when}, {r.programme}: {r.level_and_track}. {_capital(r.reported_effect_or_status)}"
            f" [{r.source_kind}; click to open]"
            for r in rows.itertuples(index=False)
        ]
        unsure = rows[rows["earliest"] < rows["latest"]]
        span = rows.groupby("programme").agg(earliest=("earliest", "min"), latest=("latest", "max"))
        columns = ["programme", "day", "kind", "number", "tip", "href"]
        bands = ["programme", "kind", "earliest", "latest", "tip", "href"]
        table = rows[["when", "programme", "kind", "reported_effect_or_status"]].rename(
            columns={"reported_effect_or_status": "what is reported"}
        )
        table = table.assign(**{"published by": rows["source_kind"], "source": rows["source"]})
        return Picture(
            {
                "runs": span.reset_index(),
                "pauses": _pauses(rows, data),
                "bands": unsure[bands],
                "records": rows[columns],
            },
            _say_programmes(rows, data),
            table,
        )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _when(date: str, precision: str) -> str:
    if precision == "day":
        return date
    return f"{date} (day not known)" if precision == "month" else f"{date} (year only)"


def _pauses(rows: pd.DataFrame, everything: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the pauses whose first record is shown."""
    known = everything.set_index("id")
    out = []
    for row in rows[rows["id"].isin(PAUSES)].itertuples(index=False):
        last, word = PAUSES[row.id]
        end = known.loc[last]
        until = end["latest"] if last == row.id else end["earliest"]
        out.append(
            {
                "programme": row.programme,
                "earliest": _millis(row.earliest),
                "latest": _millis(until),
                "middle": (_millis(row.earliest) + _millis(until)) // 2,
                "text": word,
                "tip": row.tip,
                "href": row.href,
            }
        )
    return out


def _say_programmes(rows: pd.DataFrame, everything: pd.DataFrame) -> str:
    rounds = rows[rows["kind"] == "round"]
    said = (
        f"{_count(len(rows), 'record')} of {len(everything)} shown, from "
        f"{rows['earliest'].min():%Y} to {rows['latest'].max():%Y}, "
        f"{_count(len(rounds), 'of them a round', 'of them rounds')}."
    )
    gaps = []
    for name, group in rounds.groupby("programme", sort=False):
        numbered = pd.to_numeric(group["round_no"], errors="coerce").dropna()
        if len(numbered) and numbered.max() > len(group):
            gaps.append(
                f"{name}: {len(group)} found, the last found is number {int(numbered.max())}"
            )
    if gaps:
        said += f" Many rounds left no page that we found ({'; '.join(gaps)})."
    vague = int((rows["earliest"] < rows["latest"]).sum())
    if vague:
        verb = "is drawn as an interval" if vague == 1 else "are drawn as intervals"
        said += f" {_count(vague, 'date')} known only to the month or year {verb}."
    return said


# The spiral ------------------------------------------------------------------------------


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

    def __init__(self, data: SpiralFacts, setting: str = "", keep: str = "") -> None:
        self._by_country: dict[str, SpiralState] = {}
        super().__init__(data, setting, keep)

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
        if field != "country" or self._quiet:
            super()._moved(field, value)
            return
        left = self._state
        self._by_country[left.country] = left
        there = self._by_country.get(value) or self._stored(value)
        self.set(dataclasses.replace(there, country=value, need=left.need, ours=left.ours))
        self._remember()

    def _stored(self, country: str) -> SpiralState:
        kept = self._kept.get(f"{self._keep}.{country}") if self._keep else ""
        try:
            return self._read(kept)
        except (ValueError, AttributeError):
            return SpiralState(country=country)

    def _remember(self) -> None:
        super()._remember()
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
            enough = place(phases, seen & set(names), state.need).furthest == phase
            kind = "gap" if phase in found.gaps else "supported" if enough else "not supported"
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
    rule = {"one": "one indicator", "half": "half its indicators", "all": "all its indicators"}
    terms = f"if {rule[state.need]} make{'s' if state.need == 'one' else ''} a phase"
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
        wanted = _count(found.short, "more is", "more are")
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
            f" Regress: {_count(found.regress, 'phase')} lost since {_phase(int(state.before))}."
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


# The scorecard ---------------------------------------------------------------------------

CARD = ("Norway-China", "Norway-Indonesia", "Norway-Vietnam", "EU-China (comparator)")
DOUBT: Mapping[str, float] = {"high": 0.05, "medium": 0.15, "low": 0.30}
"""Chance that a score should be one step up, and that it should be one step down; ours."""

_DOUBTS = {"none": "0", "as we judged": "1", "twice as much": "2"}


@dataclass(frozen=True)
class CardState:
    K1: int = 1
    K2: int = 1
    K3: int = 1
    K4: int = 1
    K5: int = 1
    K6: int = 1
    K7: int = 1
    K8: int = 1
    K9: int = 1
    doubt: str = "1"
    evidence: str = "Norway-Indonesia"


def card_weights(state: CardState) -> tuple[int, ...]:
    """Return the nine weights in the order of the criteria."""
    return tuple(getattr(state, f"K{number}") for number in range(1, 10))


class Scorecard(Panel[CardState]):
    """Weigh nine criteria; see each programme's score, its interval and its chance to lead.

    `data` is the table of `load_dialogue_scorecard`; its scores are the suite's own.
    """

    name: ClassVar[str] = "Scorecard of recommendations"
    State = CardState
    reset_label: ClassVar[str] = "Back to equal weights"

    def controls(self) -> Mapping[str, Control]:
        rows = self.data.drop_duplicates("criterion_id")
        sliders = {
            r.criterion_id: Slider(r.criterion, 0, 5, help=f"Weight of {r.criterion.lower()}")
            for r in rows.itertuples(index=False)
        }
        return {
            **sliders,
            "doubt": Choice("Doubt about each score", _DOUBTS),
            "evidence": Choice("Evidence in the table", {_short(p): p for p in CARD}),
        }

    def chart(self) -> Any:
        criteria = self.data.drop_duplicates("criterion_id")["criterion"].tolist()
        return charts.finish(
            pictures.scorecard([_short(p) for p in CARD], criteria),
            self.data,
            title="How far does each programme follow the advice? The scores are ours",
            description="Four weighted scores with intervals, above the scores that make them.",
        )

    @staticmethod
    def compute(state: CardState, data: pd.DataFrame) -> Picture:
        weights = card_weights(state)
        if not any(weights):
            raise ValueError(
                "All nine weights are zero, so nothing is scored. Give at least one criterion a "
                "weight above zero."
            )
        multiple = float(state.doubt)
        totals, scores, ranks = _card(weights, multiple, _card_key(data))
        span = 1.0 / sum(weights)
        rows = []
        for i, name in enumerate(CARD):
            low, high = scorecard.central_interval(totals[i])
            rows.append(
                {
                    "programme": _short(name),
                    "score": scores[i],
                    "low": low * span,
                    "high": high * span,
                    "label": f"{scores[i]:.2f} · first: {100 * ranks[i, 0]:.0f} in 100",
                    "tip": f"{_short(name)}: {scores[i]:.2f}, 90 % interval {low * span:.2f} to "
                    f"{high * span:.2f}; chance to be first {100 * ranks[i, 0]:.0f} %, last "
                    f"{100 * ranks[i, -1]:.0f} %",
                }
            )
        by_weight = dict(zip([f"K{n}" for n in range(1, 10)], weights, strict=True))
        cells = [
            {
                "criterion": r.criterion,
                "programme": _short(r.programme),
                "score": int(r.score),
                "sign": f"{r.score}{_MARKS[r.confidence]}",
                "counted": "counted" if by_weight[r.criterion_id] else "weight 0",
                "tip": f"{_short(r.programme)}, {r.criterion}: {r.score}. {r.rationale} "
                f"(confidence {r.confidence}; click to open the page)",
                "href": r.evidence_url,
            }
            for r in data.itertuples(index=False)
        ]
        return Picture(
            {"totals": rows, "cells": cells},
            _say_card(state, rows, ranks),
            _card_table(data, state.evidence, by_weight),
        )


_MARKS = {"high": "", "medium": " ?", "low": " ??"}


def _short(programme: str) -> str:
    return programme.removesuffix(" (comparator)")


def _card_key(data: pd.DataFrame) -> tuple[tuple[tuple[int, str], ...], ...]:
    """Return score and confidence by programme and criterion, as a cache can key them."""
    out = []
    for name in CARD:
        rows = data[data["programme"] == name].sort_values("criterion_id")
        out.append(tuple(zip(rows["score"].astype(int), rows["confidence"], strict=True)))
    return tuple(out)


@functools.lru_cache(maxsize=512)
def _card(
    weights: tuple[int, ...], multiple: float, key: tuple[tuple[tuple[int, str], ...], ...]
) -> tuple[list[np.ndarray], list[float], np.ndarray]:
    totals = [
        scorecard.total_chances(
            weights,
            [scorecard.score_chances(s, min(0.5, multiple * DOUBT[c])) for s, c in scores],
        )
        for scores in key
    ]
    points = [scorecard.weighted_score([s for s, _ in scores], weights) for scores in key]
    return totals, points, scorecard.rank_chances(totals)


def _say_card(state: CardState, rows: Sequence[Mapping[str, Any]], ranks: np.ndarray) -> str:
    best = int(ranks[:, 0].argmax())
    order = sorted(range(len(rows)), key=lambda i: -rows[i]["score"])
    scores = ", ".join(
        f"{rows[i]['programme']} {rows[i]['score']:.2f} ({rows[i]['low']:.2f} to "
        f"{rows[i]['high']:.2f})"
        for i in order
    )
    said = (
        f"Scores of 2 with 90 % intervals: {scores}. {rows[best]['programme']} has the best chance "
        f"to be first, {100 * ranks[best, 0]:.0f} in 100"
    )
    if state.doubt == "0":
        said += ", ties shared; without doubt the order is as certain as the scores are, which is "
        said += "not how they were made"
    zero = card_weights(state).count(0)
    said += f"; {_count(zero, 'criterion counts', 'criteria count')} nothing. " if zero else ". "
    return said + "The scores are our judgement, not Stokke's and not NORAD's."


def _card_table(data: pd.DataFrame, programme: str, weights: Mapping[str, int]) -> pd.DataFrame:
    rows = data[data["programme"] == programme].sort_values("criterion_id")
    return pd.DataFrame(
        {
            "criterion": rows["criterion"],
            "from": rows["origin"].str.replace("Kudos criterion", "agency's abstract"),
            "weight": [weights[k] for k in rows["criterion_id"]],
            "score": rows["score"].astype(int),
            "that is": [getattr(r, f"scale_{r.score}") for r in rows.itertuples(index=False)],
            "because": rows["rationale"],
            "confidence": rows["confidence"],
            "page": rows["evidence_url"],
        }
    )


# The benchmark ---------------------------------------------------------------------------

_PARTS = {"a baseline": "baseline", "a target level": "target", "a year": "year"}
_LEVELS = {"8 in 10": "0.8", "9 in 10": "0.9", "19 in 20": "0.95"}


@dataclass(frozen=True)
class BenchmarkState:
    series: str = "held"
    agreed: tuple[str, ...] = ("baseline", "target", "year")
    baseline: int = 2003
    cut: int = 30
    year: int = 2013
    error: int = 2
    level: str = "0.9"
    comparison: bool = False


class BenchmarkYears(Panel[BenchmarkState]):
    """Define a benchmark; read what could have been concluded in each year of an invented series.

    `data` is not used: the series stand in `helpers.theory.benchmarks`.
    """

    name: ClassVar[str] = "A benchmark, year by year"
    State = BenchmarkState

    def controls(self) -> Mapping[str, Control]:
        return {
            "series": Choice("Indicator (invented)", {s.name: key for key, s in SERIES.items()}),
            "agreed": Several("Agreed at the start", _PARTS),
            "baseline": Slider("Baseline year", 2002, 2008),
            "cut": Slider("Target: fall of", 0, 60, 5, unit="per cent"),
            "year": Slider("Target year", 2004, 2015),
            "error": Slider(
                "Error", 0, 20, 1, unit="1 sd, per cent", help="In per cent of the baseline"
            ),
            "level": Choice("How sure one must be", _LEVELS),
            "comparison": Toggle("Show a country without a dialogue"),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.benchmark(YEARS[0], YEARS[-1]),
            Provenance.ILLUSTRATION,
            title="What could have been concluded, year by year? An invented series",
            description="Yearly figures with error bars and a dashed path from baseline to target.",
        )

    @staticmethod
    def compute(state: BenchmarkState, data: Any = None) -> Picture:
        series = SERIES[state.series]
        level = float(state.level)
        here, there = dict(zip(YEARS, series.here, strict=True)), series.there
        base = here[state.baseline]
        goal = base * (1 - state.cut / 100)
        error = base * state.error / 100
        whole = {"baseline", "target", "year"} <= set(state.agreed)
        path = benchmark.milestones(YEARS, state.baseline, base, state.year, goal)
        verdicts = _verdicts(state, series.here, path, goal, error, level)
        reach = error * benchmark.margin_for(0.5, 1.0, level)
        figures = [
            {
                "year": year,
                "value": value,
                "low": value - reach,
                "high": value + reach,
                "verdict": verdict,
                "tip": f"{year}: {value:g} {series.unit}, between {value - reach:.1f} and "
                f"{value + reach:.1f}; {verdict}",
            }
            for year, value, verdict in zip(YEARS, series.here, verdicts, strict=True)
        ]
        drawn = (
            [
                {"year": year, "value": float(value)}
                for year, value in zip(YEARS, path, strict=True)
                if np.isfinite(value)
            ]
            if whole
            else []
        )
        if {"baseline", "target"} <= set(state.agreed) and not whole:
            drawn = [{"year": year, "value": goal} for year in YEARS]
        other = [
            {
                "year": year,
                "value": value,
                "name": "country without a dialogue",
                "tip": f"{year}: {value:g} {series.unit}, without a dialogue",
            }
            for year, value in zip(YEARS, there, strict=True)
        ]
        flag = [{"year": state.year, "value": goal, "text": "▲ target"}] if whole else []
        return Picture(
            {
                "figures": figures,
                "milestones": drawn,
                "comparison": other if state.comparison else [],
                "goal": flag,
            },
            _say_benchmark(state, verdicts, base, goal, error, level),
        )


def _verdicts(
    state: BenchmarkState,
    figures: Sequence[float],
    path: np.ndarray,
    goal: float,
    error: float,
    level: float,
) -> list[str]:
    if not {"baseline", "target"} <= set(state.agreed):
        return ["undecidable"] * len(figures)
    if "year" in state.agreed:
        return [
            "undecidable" if year <= state.baseline else verdict
            for year, verdict in zip(
                YEARS, benchmark.judge(figures, path.tolist(), error, level), strict=True
            )
        ]
    # Without a year the target can be reached but never missed.
    found = benchmark.judge(figures, [goal] * len(figures), error, level)
    return ["met" if verdict == "met" else "undecidable" for verdict in found]


def _say_benchmark(
    state: BenchmarkState,
    verdicts: Sequence[str],
    base: float,
    goal: float,
    error: float,
    level: float,
) -> str:
    series = SERIES[state.series]
    if "baseline" not in state.agreed:
        return (
            f"No baseline was agreed: {state.cut} per cent below what? Every year is undecidable, "
            "and each side may choose the year that suits it afterwards."
        )
    if "target" not in state.agreed:
        return (
            f"No level was agreed: the figure fell from {base:g} to {series.here[-1]:g}, and "
            "nobody can say whether that is enough. Every year is undecidable."
        )
    counts = {v: list(verdicts).count(v) for v in benchmark.VERDICTS}
    tally = ", ".join(f"{v} in {n}" for v, n in counts.items())
    if "year" not in state.agreed:
        return (
            f"Target {goal:.1f}, but no year was agreed: it can be reached, never missed. Of "
            f"{len(YEARS)} years it is {tally}."
        )
    there = dict(zip(YEARS, zip(series.here, verdicts, strict=True), strict=True))
    figure, verdict = there[state.year]
    margin = benchmark.margin_for(0.8, error, level)
    exact = benchmark.chance_met(0.0, error, level)
    said = (
        f"From {base:g} in {state.baseline} to {goal:.1f} in {state.year}: the figure of "
        f"{state.year} is {figure:g}, {verdict}. Over {len(YEARS)} years the milestone is {tally}."
    )
    if error:
        said += (
            f" With this error a country that lands exactly on the target is called 'met' "
            f"{100 * exact:.0f} times in 100; to be called so 80 times in 100 it must do better by "
            f"{margin:.1f}."
        )
    else:
        said += " Without error every year from the first milestone on is decided."
    if state.comparison:
        said += _say_comparison(state, error, level)
    return f"{said} The series are invented."


def _say_comparison(state: BenchmarkState, error: float, level: float) -> str:
    series = SERIES[state.series]
    at = {year: i for i, year in enumerate(YEARS)}
    ends = (at[state.baseline], at[state.year])
    excess, low, high = benchmark.change_beside(
        (series.here[ends[0]], series.here[ends[1]]),
        (series.there[ends[0]], series.there[ends[1]]),
        error,
        level,
    )
    change = series.here[ends[1]] - series.here[ends[0]]
    said = (
        f" Here the change is {change:+g}; beyond the change without a dialogue it is "
        f"{excess:+.1f} ({100 * level:.0f} % interval {low:.1f} to {high:.1f})"
    )
    if low <= 0 <= high:
        return said + ": met or not, nothing shows that the dialogue did it."
    return said + ": something happened here that did not happen there; what, is another question."


def benchmark_table() -> pd.DataFrame:
    """Return the three invented series as a marked table, one row a year."""
    table = pd.DataFrame({"year": YEARS})
    for series in SERIES.values():
        table[series.name] = series.here
        table[f"{series.name}, no dialogue"] = series.there
    return mark(table, Provenance.ILLUSTRATION)


# Tables under a badge --------------------------------------------------------------------


def phases_table(model: pd.DataFrame) -> ShownTable:
    """Return the phases, what marks the step beyond each, and a page on it, under a badge.

    Parameters
    ----------
    model : DataFrame
        As `load_spiral_model` returns it.
    """
    return badged(
        pd.DataFrame(
            {
                "": model["phase_no"],
                "phase": model["phase"],
                "what the state does": model["what_the_state_does"],
                "the step beyond": model["transition_to_next_is_marked_by"],
                "where diplomacy fits": model["where_dialogue_or_HRD_fits"],
                "a page on it": model["sources"].str.extract(r"(https?://[^\s;]+)")[0],
            }
        ),
        model,
    )


def findings_table(findings: pd.DataFrame, identifiers: Sequence[str]) -> ShownTable:
    """Return findings under their badge, with their sources as links.

    Parameters
    ----------
    findings : DataFrame
        As `load_dialogue_findings` returns them.
    identifiers : sequence of str
        Which, in this order.

    Raises
    ------
    ValueError
        If an identifier is unknown.
    """
    known = findings.set_index("id")
    if missing := [i for i in identifiers if i not in known.index]:
        raise ValueError(f"There is no finding {missing[0]!r}.")
    rows = known.loc[list(identifiers)].reset_index()
    kinds = {"summary": "summary of Stokke", "external": "other page"}
    return badged(
        pd.DataFrame(
            {
                "id": rows["id"],
                "finding, in our words": rows["statement"],
                "from": rows["source_kind"].map(kinds),
                "source": rows["source"].str.extract(r"(https?://\S+)")[0],
            }
        ),
        findings,
    )
