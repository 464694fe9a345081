"""Panels on the public record of the nineteen named women."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import pandas as pd

from helpers import charts
from helpers.calendar import DAYS_PER_MONTH, millis
from helpers.charts import detention
from helpers.panels.base.controls import Choice, Control, Greyed, Slider, greyed
from helpers.panels.base.panel import Panel, Picture
from helpers.stats.kaplan_meier import kaplan_meier
from helpers.study.record import (
    CODINGS,
    WomenRecord,
    count_released,
    durations,
)

_UNKNOWN = {"count as not released": "held", "leave out": "out"}
_COUNTED = {1: "counted as released", 0: "not counted"}


@dataclass(frozen=True)
class TimelineState:
    coding: str = "B"
    unknown: str = "held"
    country: str = "all"
    manner: str = "all"


class DetentionTimeline(Panel[TimelineState]):
    """Who was held when, and what each way of coding a release counts."""

    name: ClassVar[str] = "Detention timeline"
    State = TimelineState
    first: ClassVar[tuple[str, ...]] = ("coding", "country", "manner")

    def controls(self) -> Mapping[str, Control]:
        return {
            "coding": Choice("What counts as a release?", CODINGS),
            "unknown": Choice("Status unknown", _UNKNOWN),
            **_filters(self.data.women),
        }

    @staticmethod
    def unavailable(state: TimelineState, data: WomenRecord) -> Greyed:
        there = set(zip(data.women["country"], data.women["manner"], strict=True))

        def check(tried: TimelineState) -> str:
            if any(
                tried.country in ("all", country) and tried.manner in ("all", manner)
                for country, manner in there
            ):
                return ""
            return f"no woman from {tried.country} was released in the manner '{tried.manner}'"

        return greyed(state, _filters(data.women), check)

    def chart(self) -> Any:
        record: WomenRecord = self.data
        women = record.women.sort_values(["release_last", "arrested"], na_position="last")
        template = detention.timeline(
            women["name"].tolist(),
            first=millis("2009-06-01"),
            last=millis("2019-01-01"),
            launch=millis(record.launch),
        )
        return charts.finish(
            template,
            women,
            title="Time in custody of the nineteen named women",
            description="One bar for each woman from arrest to release or to the end of 2018-09.",
        )

    @staticmethod
    def compute(state: TimelineState, data: WomenRecord) -> Picture:
        women = data.women
        if state.country != "all":
            women = women[women["country"] == state.country]
        if state.manner != "all":
            women = women[women["manner"] == state.manner]
        if women.empty:
            raise ValueError(
                f"No woman from {state.country} was released in the manner "
                f"'{state.manner}'. Choose 'all countries' or 'every manner'."
            )
        coded = women[state.coding]
        status = coded.map(_COUNTED).where(coded.notna(), "unknown")
        dated = women["release_last"].notna()
        sign = status.map(detention.SIGNS)
        first = pd.Timestamp("2009-06-01")
        # Where one report has her out earlier, nothing after that day is drawn as custody.
        frame_from = women["reported_out"].fillna(women["release_first"])
        spells = pd.DataFrame(
            {
                "name": women["name"],
                "start": women["arrested"].clip(lower=first),
                "end": women["release_last"].fillna(women["held_until"]).fillna(data.end),
                "status": status,
                "sign": sign,
                "cut": [f"◂ {day.year}" if day < first else "" for day in women["arrested"]],
                "tip": women["tip"],
            }
        )
        # Status unknown: from the last day she is shown held to the end of the window.
        lost = women["C"].isna()
        bands = pd.DataFrame(
            {
                "name": women["name"],
                "earliest": frame_from.where(~lost, women["held_until"]),
                "latest": women["release_last"].where(~lost, data.end),
                "tip": women["tip"],
            }
        )
        bands = bands[lost | (bands["earliest"] < bands["latest"])]
        releases = pd.DataFrame(
            {
                "name": women["name"],
                "day": women["release_last"],
                "manner": women["manner"],
                "status": status,
                "tip": women["tip"],
            }
        )[dated]
        return Picture(
            {"spells": spells, "bands": bands, "releases": releases},
            _say_count(state, data.women, women),
        )


def _filters(women: pd.DataFrame) -> dict[str, Choice]:
    countries = sorted(women["country"].unique())
    manners = [manner for manner in detention.MANNER_SHAPES if manner in set(women["manner"])]
    return {
        "country": Choice("Country", {"all countries": "all", **{c: c for c in countries}}),
        "manner": Choice("Manner of release", {"every manner": "all", **{m: m for m in manners}}),
    }


def _say_count(state: TimelineState, everyone: pd.DataFrame, shown: pd.DataFrame) -> str:
    if len(shown) < len(everyone):
        # Whoever looks at a part is not told the count of the whole, which is asked for.
        chosen, number = count_released(shown, state.coding, "held")
        women = "the one woman" if number == 1 else f"the {number} women"
        return (
            f"Of {women} shown, coding {state.coding} counts {chosen} as released. Choose all "
            "countries and every manner to count all nineteen."
        )
    released, total = count_released(everyone, state.coding, state.unknown)
    text = (
        f"Coding {state.coding} counts {released} of {total} women as released "
        f"({100 * released / total:.0f} %)"
    )
    if everyone[state.coding].isna().any():
        left = "counted as not released" if state.unknown == "held" else "left out"
        text += f", with the one woman whose status is unknown {left}"
    return text + "; the paper says 17 of 19 (89 %)."


# Seven rows, by hand ---------------------------------------------------------------------


@dataclass(frozen=True)
class StepState:
    step: int = 0


class SevenRows(Panel[StepState]):
    """Kaplan-Meier by hand: step from exit to exit and watch the risk set shrink.

    `data` is a marked DataFrame with `name, time, event` (1 released, 0 censored).
    """

    name: ClassVar[str] = "Seven rows by hand"
    State = StepState

    def controls(self) -> Mapping[str, Control]:
        return {"step": Slider("Step", 0, int(self.data["event"].sum()))}

    def chart(self) -> Any:
        rows = self.data.sort_values("time")
        template = detention.lifelines(
            rows["name"].tolist(), longest=18, unit="Months since launch"
        )
        return charts.finish(
            template,
            rows,
            title="Seven women, one step at a time",
            description="Seven lifelines on the left, the curve they give on the right.",
        )

    @staticmethod
    def compute(state: StepState, data: pd.DataFrame) -> Picture:
        rows = data.sort_values("time")
        events = rows.loc[rows["event"] == 1, "time"].to_numpy()
        now = float(events[state.step - 1]) if state.step else 0.0
        survival = 1.0
        curve = [{"time": 0.0, "survival": 1.0}]
        words = "Step 0: nobody has left yet; all seven are at risk and the curve stands at 1."
        for step, time in enumerate(events[: state.step], start=1):
            at_risk = int((rows["time"] >= time).sum())
            before = survival
            survival *= 1 - 1 / at_risk
            curve.append({"time": float(time), "survival": survival})
            words = (
                f"Step {step}, month {time:.1f}: {at_risk} in the risk set, 1 released. "
                f"{before:.3f} × (1 − 1/{at_risk}) = {survival:.3f}."
            )
        lines = [
            {
                "name": row.name,
                "time": row.time,
                "event": "released" if row.event else "censored",
                "at_risk": "at risk" if row.time >= now else "no longer at risk",
            }
            for row in rows[["name", "time", "event"]].itertuples(index=False)
        ]
        return Picture({"lines": lines, "now": [{"time": now}], "curve": curve}, words)


# All nineteen ----------------------------------------------------------------------------


_LAST: Final = 37


@dataclass(frozen=True)
class CurveState:
    coding: str = "B"
    dates: str = "middle"
    interval: str = "none"
    until: int = _LAST


class ReleaseCurve(Panel[CurveState]):
    """Months from launch to release, and what uncertain dates and codings leave open."""

    name: ClassVar[str] = "Months since launch"
    State = CurveState

    def controls(self) -> Mapping[str, Control]:
        return {
            "coding": Choice("What counts as a release?", CODINGS),
            "dates": Choice(
                "Uncertain dates",
                {"earliest": "earliest", "middle": "middle", "latest": "latest"},
            ),
            "interval": Choice("95 % interval", {"none": "none", "log-log": "log-log"}),
            "until": Slider("Months shown", 1, _LAST),
        }

    def chart(self) -> Any:
        template = detention.interval_curve(
            longest=_LAST, unit="Months since launch", share="Estimated share still held"
        )
        return charts.finish(
            template,
            self.data.women,
            title="How long after the launch? Kaplan-Meier estimate",
            description="A falling step curve of the share still held by months since launch.",
        )

    @staticmethod
    def compute(state: CurveState, data: WomenRecord) -> Picture:
        month = DAYS_PER_MONTH
        rows = {dates: durations(data, state.coding, dates) for dates in _DATES}
        fits = {
            dates: kaplan_meier(r["time"].to_numpy() / month, r["event"].to_numpy())
            for dates, r in rows.items()
        }
        fit, table = fits[state.dates], rows[state.dates]
        curve = pd.DataFrame(
            {
                "time": [0.0, *fit.time],
                "survival": [1.0, *fit.survival],
                "low": [1.0, *fit.lower],
                "high": [1.0, *fit.upper],
                "at_risk": [len(table), *fit.at_risk],
            }
        )
        if state.interval == "none":
            curve[["low", "high"]] = float("nan")
        grid = sorted({0.0, *fits["earliest"].time, *fits["latest"].time})
        bounds = [
            {"time": t, "earliest": fits["earliest"].at(t), "latest": fits["latest"].at(t)}
            for t in grid
        ]
        open_ends = table[table["event"] == 0]
        censored = [
            {"name": f"{r.name}: last shown held", "time": t, "survival": fit.at(t)}
            for r in open_ends.itertuples(index=False)
            if (t := r.time / month) >= 0
        ]
        half = _median(curve)
        level = [] if half is None else [{"time": half, "survival": 0.5, "text": "median"}]
        drawn = {"curve": curve, "bounds": bounds, "censored": censored, "mark": level}
        return Picture(
            {name: _seen(some, state.until) for name, some in drawn.items()},
            _say_curve(state, data, table, fits, half),
        )


_DATES = ("earliest", "middle", "latest")


def _seen(rows: Any, until: int) -> pd.DataFrame:
    """Return the rows up to a month, the last carried on to it so that the step is whole."""
    frame = pd.DataFrame(rows)
    if frame.empty or until >= _LAST:
        return frame
    kept = frame[frame["time"] <= until]
    if "at_risk" in frame or "earliest" in frame:
        kept = pd.concat([kept, kept.tail(1).assign(time=float(until))])
    return kept


def _median(curve: pd.DataFrame) -> float | None:
    below = curve.loc[curve["survival"] <= 0.5, "time"]
    return None if below.empty else float(below.iloc[0])


def _say_curve(
    state: CurveState, data: WomenRecord, table: pd.DataFrame, fits: Mapping[str, Any], half: Any
) -> str:
    out = len(data.women) - len(table)
    doubted = set(data.women.loc[data.women["reported_out"].notna(), "name"])
    word = ", ".join(name for name in table["name"] if name in doubted)
    halfway = "is not reached" if half is None else f"is {half:.1f} months"
    month = min(6, state.until)
    six = [1 - fits[dates].at(float(month)) for dates in ("latest", "earliest")]
    spread = f"{100 * six[0]:.0f} %"
    if round(six[0], 3) != round(six[1], 3):
        spread = f"{100 * six[0]:.0f} to {100 * six[1]:.0f} %, depending on the uncertain dates,"
    if state.until < 6 or (half is not None and state.until < half):
        after = "one month" if state.until == 1 else f"{month} months"
        return (
            f"Coding {state.coding}: the curve of {len(table)} women up to month {state.until}; "
            f"{after} after the launch {spread} are out."
        )
    return (
        f"Coding {state.coding}: the curve follows {len(table)} women, of whom "
        f"{int(table['event'].sum())} are released. The median time to release {halfway}; "
        f"six months after the launch {spread} are out. {out} cannot be followed: this coding "
        "counts no release after the launch, and no source but the campaign shows custody "
        "after it."
    ) + (f" {word} is followed on the campaign's word that she was held." if word else "")
