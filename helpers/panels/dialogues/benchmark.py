"""Panel on benchmarks: how many years until a change could be seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from helpers import charts
from helpers.charts import dialogues as pictures
from helpers.panels.base.controls import Choice, Control, Several, Slider, Toggle
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import Provenance
from helpers.stats import benchmark
from helpers.theory.benchmarks import SERIES, YEARS

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
    first: ClassVar[tuple[str, ...]] = ("series", "agreed", "error")

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
