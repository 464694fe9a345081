"""Panels on censoring and survival curves: seven rows, the public record, the cohort."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers import charts
from helpers.calendar import DAYS_PER_MONTH
from helpers.charts import detention
from helpers.charts import survival as pictures
from helpers.panels.base.controls import Choice, Control, Slider
from helpers.panels.base.panel import Panel, Picture
from helpers.stats.errors import StatsError
from helpers.stats.kaplan_meier import SurvivalCurve, kaplan_meier, risk_table
from helpers.stats.log_rank import log_rank
from helpers.stats.restricted_mean import RestrictedMean, compare_restricted_means, restricted_mean
from helpers.stats.spells import Design, Spells
from helpers.stats.turnbull import turnbull
from helpers.study.cohort import SAMPLES, CohortRows, group_of
from helpers.study.record import CODINGS, WomenRecord, durations
from helpers.study.vocabulary import CONCERNS, TERM_LABELS
from helpers.words import p_says

Array = NDArray[np.float64]
SHARE: Final = "Estimated share still held"


# Seven rows ------------------------------------------------------------------------------


@dataclass(frozen=True)
class RiskSetState:
    step: int = 0
    censored: str = "kept"


class RiskSetTable(Panel[RiskSetState]):
    """Product-limit arithmetic on a few rows, one exit a step.

    `data` is a marked DataFrame with `name, time, event` (1 released, 0 censored).
    """

    name: ClassVar[str] = "Risk sets by hand"
    State = RiskSetState

    def controls(self) -> Mapping[str, Control]:
        return {
            "step": Slider("Step", 0, len(self.data)),
            "censored": Choice(
                "A woman not seen released is",
                {
                    "censored": "kept",
                    "left out": "dropped",
                    "taken as released": "released",
                    "taken as held for ever": "held",
                },
            ),
        }

    def chart(self) -> Any:
        rows = self.data.sort_values("time")
        template = detention.lifelines(
            rows["name"].tolist(), longest=38, unit="Months since launch"
        )
        return charts.finish(
            pictures.lifelines(template),
            self.data,
            title="Who is at risk, step by step",
            description="Lifelines on the left, the curve they give on the right.",
        )

    @staticmethod
    def compute(state: RiskSetState, data: pd.DataFrame) -> Picture:
        rows = data.sort_values("time").reset_index(drop=True)
        if state.censored == "dropped":
            rows = rows[rows["event"] == 1].reset_index(drop=True)
        elif state.censored == "released":
            rows["event"] = 1
        elif state.censored == "held":
            rows["time"] = rows["time"].where(rows["event"] == 1, 38.0)
            rows = rows.sort_values("time").reset_index(drop=True)
        step = min(state.step, len(rows))
        survival, curve, lines = 1.0, [{"time": 0.0, "survival": 1.0}], []
        words = f"Step 0: all {len(rows)} are at risk and the curve stands at 1."
        for k in range(step):
            time, event = float(rows["time"][k]), int(rows["event"][k])
            at_risk, before = len(rows) - k, survival
            factor = "" if not event else f"1 - 1/{at_risk} = {1 - 1 / at_risk:.3f}"
            if event:
                survival *= 1 - 1 / at_risk
            curve.append({"time": time, "survival": survival})
            lines.append(
                {
                    "step": str(k + 1),
                    "month": f"{time:.1f}",
                    "who leaves": rows["name"][k],
                    "how": "released" if event else "censored",
                    "at risk just before": str(at_risk),
                    "factor": factor or "1 (no release)",
                    "estimate after": f"{survival:.3f}",
                }
            )
            words = (
                f"Step {k + 1}, month {time:.1f}: {at_risk} in the risk set, 1 released. "
                f"{before:.3f} × (1 - 1/{at_risk}) = {survival:.3f}."
                if event
                else f"Step {k + 1}, month {time:.1f}: {rows['name'][k]} is censored. The estimate "
                f"stays at {survival:.3f}; the next risk set is one smaller."
            )
        now = curve[-1]["time"]
        marks = [
            {
                "name": row.name,
                "time": row.time,
                "event": "released" if row.event else "censored",
                "at_risk": "at risk" if row.Index >= step else "no longer at risk",
            }
            for row in rows[["name", "time", "event"]].itertuples()
        ]
        return Picture(
            {"lines": marks, "now": [{"time": now}], "curve": curve},
            words + _TREATMENTS[state.censored],
            pd.DataFrame(lines),
        )


_TREATMENTS: Final = {
    "kept": "",
    "dropped": " Leaving the censored out keeps only the fast ones: this curve falls too fast.",
    "released": " Taking the last sighting for a release invents releases: this curve falls "
    "too far.",
    "held": " Taking them as held for ever invents months nobody observed: this curve stays "
    "too high unless they really were.",
}


# The public record -----------------------------------------------------------------------


@dataclass(frozen=True)
class RecordState:
    coding: str = "B"
    curves: str = "all"


class IntervalRecord(Panel[RecordState]):
    """Months from launch to release in the public record, dates known only within bounds."""

    name: ClassVar[str] = "Dates known within bounds"
    State = RecordState

    def controls(self) -> Mapping[str, Control]:
        return {
            "coding": Choice("What counts as a release?", CODINGS),
            "curves": Choice(
                "Fill in every date",
                {
                    "three ways": "all",
                    "earliest": "earliest",
                    "middle": "middle",
                    "latest": "latest",
                    "not at all": "none",
                },
            ),
        }

    def chart(self) -> Any:
        women = self.data.women.sort_values(["release_last", "arrested"], na_position="last")
        followed = set(durations(self.data, "B", "latest")["name"])
        followed |= set(durations(self.data, "C", "latest")["name"])
        spells, curves = pictures.interval_record(
            [name for name in women["name"] if name in followed],
            longest=37.5,
            unit="Months since launch",
            share=SHARE,
        )
        return {
            "Curves": charts.finish(
                curves,
                self.data.women,
                title="Still held, with no date filled in and with every date",
                description="Survival curves from the launch, and the band of Turnbull's estimate.",
            ),
            "Dates": charts.finish(
                spells,
                self.data.women,
                title="Months from launch to release: what is dated and what is left open",
                description="Bars of months held; a frame where only bounds are known.",
            ),
        }

    @staticmethod
    def compute(state: RecordState, data: WomenRecord) -> Picture:
        rows = {dates: durations(data, state.coding, dates) for dates in _FILLED}
        fits = {
            dates: kaplan_meier(r["time"].to_numpy() / DAYS_PER_MONTH, r["event"].to_numpy())
            for dates, r in rows.items()
        }
        table = rows["latest"].rename(columns={"time": "last"})
        table["first"] = rows["earliest"]["time"]
        table[["first", "last"]] /= DAYS_PER_MONTH
        event = table["event"] == 1
        open_ = event & (table["last"] > table["first"])
        table["kind"] = np.where(
            open_, "between two days", np.where(event, "day known", "not released so far")
        )
        table["held"] = table["first"]
        table["mark"] = table["last"]
        table["words"] = [_bounds_in_words(r) for r in table.itertuples(index=False)]
        right = table["last"].where(event, np.inf)
        fit = turnbull(table["first"], right)
        wanted = _FILLED if state.curves == "all" else (state.curves,)
        curves = [
            {"group": _FILLED[dates], "time": t, "survival": s}
            for dates in wanted
            if dates in _FILLED
            for t, s in _steps(fits[dates])
        ]
        # The drop of the lower edge comes just after the left end of an interval.
        edges = sorted({0.0, *fit.left, *(r for r in fit.right if np.isfinite(r)), 37.5})
        grid = [
            {"time": t, "low": fit.at(t + 1e-9)[0], "high": fit.at(t)[1]} for t in edges if t < 38
        ]
        return Picture(
            {
                "spells": table[["name", "held", "first", "last", "mark", "kind", "words"]],
                "turnbull": grid,
                "curves": curves,
            },
            _say_record(state.coding, table, fit, [f.median for f in fits.values()]),
        )


_FILLED: Final[Mapping[str, str]] = {
    "earliest": "every date earliest",
    "middle": "every date in the middle",
    "latest": "every date latest",
}


def _steps(fit: SurvivalCurve) -> list[tuple[float, float]]:
    ends = [(float(t), float(s)) for t, s in zip(fit.time, fit.survival, strict=True)]
    return [(0.0, 1.0), *ends]


def _bounds_in_words(row: Any) -> str:
    if row.kind == "not released so far":
        return f"shown held until month {row.first:.1f}, then not known to be released"
    if row.kind == "day known":
        return f"released in month {row.first:.1f}"
    return f"released between month {row.first:.1f} and month {row.last:.1f}"


def _say_record(coding: str, table: pd.DataFrame, fit: Any, medians: list[float]) -> str:
    kinds = table["kind"].value_counts()
    low, high = fit.at(6.0)
    left, right = fit.median
    middle = f"{left:.1f}" if left == right else f"between {left:.1f} and {right:.1f}"
    still = f"{100 * low:.0f} %"
    if round(high - low, 3) > 0:
        still = f"{100 * low:.0f} to {100 * high:.0f} %"
    return (
        f"Public record, coding {coding}: {len(table)} women are followed. "
        f"{kinds.get('day known', 0)} releases have a day, "
        f"{kinds.get('between two days', 0)} lie between two days, and "
        f"{kinds.get('not released so far', 0)} are censored. Turnbull's estimate, which uses "
        f"the bounds and no filled-in day, puts {still} still in custody six months after the "
        f"launch and the median at {middle} months; filling in the earliest, the middle or the "
        f"latest day gives medians of {medians[0]:.1f}, {medians[1]:.1f} and {medians[2]:.1f}."
    )


# Kaplan-Meier on the cohort --------------------------------------------------------------

GROUPS: Final[Mapping[str, str]] = {
    "in the campaign or not": "campaign",
    "region": "region",
    **{TERM_LABELS[name]: name for name in CONCERNS},
    "all together": "all",
}
CLOCK_LABELS: Final[Mapping[str, str]] = {"arrest": "arrest", "launch": "launch"}
_TESTS: Final[Mapping[str, str]] = {
    "log-rank": "log-rank",
    "Gehan-Wilcoxon (early)": "gehan-breslow",
    "Tarone-Ware": "tarone-ware",
    "Peto-Peto": "peto-peto",
    "Fleming-Harrington, late": "fleming-harrington",
}
MARKS: Final[Mapping[str, float]] = {"arrest": 24.0, "launch": 6.0}
"""Distance between the counts of the numbers at risk, months."""


@dataclass(frozen=True)
class CurvesState:
    group: str = "campaign"
    only: str = "everyone"
    sample: str = "all"
    clock: str = "arrest"
    follow_up: int = 37
    interval: str = "log-log"
    test: str = "log-rank"
    strata: str = "none"
    tau: int = 30


def last_month(rows: CohortRows) -> int:
    """Return the whole month after the launch in which the follow-up of these rows ends."""
    return max(2, math.ceil(float(rows.exit.max(initial=0.0)) / DAYS_PER_MONTH))


class CohortCurves(Panel[CurvesState]):
    """Kaplan-Meier curves of the cohort, their tests and restricted means."""

    name: ClassVar[str] = "Survival curves"
    State = CurvesState
    first: ClassVar[tuple[str, ...]] = ("group", "clock", "strata")
    reset_label: ClassVar[str] = "Back to as published"

    def start(self) -> CurvesState:
        return CurvesState(follow_up=last_month(self.data))

    def controls(self) -> Mapping[str, Control]:
        regions = sorted(self.data.frame["region"].dropna().unique())
        only = {"all regions": "everyone", **{r: r for r in regions}}
        strata = {"nothing": "none", **{k: v for k, v in GROUPS.items() if v != "all"}}
        return {
            "group": Choice("Curves by", GROUPS),
            "sample": Choice("Sample", SAMPLES),
            "clock": Choice("Clock from", CLOCK_LABELS),
            "only": Choice("Women from", only),
            "interval": Choice(
                "95 % interval",
                {"none": "none", "plain": "plain", "log": "log", "log-log": "log-log"},
            ),
            "test": Choice("Test", _TESTS),
            "strata": Choice("Within", strata),
            "follow_up": Slider("Follow-up after launch", 1, last_month(self.data), unit="months"),
            "tau": Slider("Restricted mean up to", 3, 120, step=3, unit="months"),
        }

    def chart(self) -> Any:
        return pictures.live(
            charts.finish(
                pictures.survival_curves(SHARE),
                self.data.frame,
                title="Time to release by group: Kaplan-Meier",
                description="Falling step curves, one a group, with the numbers at risk below.",
            )
        )

    @staticmethod
    def compute(state: CurvesState, data: CohortRows) -> Picture:
        if state.strata == state.group:
            raise StatsError(
                "The groups cannot be compared within themselves; choose another 'Within'."
            )
        label = group_of(data.frame, state.group)
        keep = label.notna().to_numpy()
        if state.only != "everyone":
            keep &= (data.frame["region"] == state.only).to_numpy()
        strata = None
        if state.strata != "none":
            stratum = group_of(data.frame, state.strata)
            keep &= stratum.notna().to_numpy()
        follow = None if state.follow_up >= last_month(data) else float(state.follow_up)
        design = Design(
            clock=state.clock,  # type: ignore[arg-type]
            sample=state.sample,  # type: ignore[arg-type]
            follow_up=follow,
        )
        spells, rows = data.spells(design, keep)
        group = label.loc[rows.index].to_numpy(dtype=str)
        if state.strata != "none":
            strata = stratum.loc[rows.index].to_numpy(dtype=str)
        names, sizes = np.unique(group, return_counts=True)
        if not spells.event.any():
            raise StatsError(
                f"Nobody of these {group.size} women is released in the time followed, so there is "
                "nothing to compare; lengthen the follow-up or take in more women."
            )
        if sizes.min() < 2:
            alone = names[int(np.argmin(sizes))]
            raise StatsError(
                f"The group '{alone}' has one woman under these choices, and a curve of one is "
                "her own date. Choose other groups or a wider sample."
            )
        curves, censored = [], []
        fits = {}
        for name in names:
            mine = group == name
            scale = "log-log" if state.interval == "none" else state.interval
            fit = kaplan_meier(
                spells.time[mine],
                spells.event[mine],
                interval=scale,  # type: ignore[arg-type]
            )
            fits[name] = fit
            steps = np.concatenate([[True], fit.events > 0])
            steps[-1] = True
            frame = pd.DataFrame(
                {
                    "group": name,
                    "time": [0.0, *fit.time],
                    "survival": [1.0, *fit.survival],
                    "low": [1.0, *fit.lower],
                    "high": [1.0, *fit.upper],
                    "at_risk": [int(mine.sum()), *fit.at_risk.astype(int)],
                }
            )[steps]
            if state.interval == "none":
                frame[["low", "high"]] = np.nan
            curves.append(frame.round(5))
            quiet = fit.events == 0
            censored.append(
                pd.DataFrame(
                    {"group": name, "time": fit.time[quiet], "survival": fit.survival[quiet]}
                ).round(4)
            )
        longest = float(spells.time.max())
        marks = np.arange(0.0, longest, MARKS[state.clock])
        at_risk = risk_table(spells.time, None, group, marks)
        counts = [
            {"group": str(name), "time": float(t), "n": int(n)}
            for name, line in zip(at_risk.groups, at_risk.at_risk, strict=True)
            for t, n in zip(marks, line, strict=True)
        ]
        table, lines = _group_table(spells, group, fits, state.tau)
        words = _say_curves(state, data, spells, group, fits, strata, lines)
        return Picture(
            {
                "curves": pd.concat(curves),
                "censored": pd.concat(censored),
                "counts": counts,
                "span": [{"longest": longest, "unit": f"Months since {state.clock}"}],
            },
            words,
            table,
            {"means": lines.strip()} if lines else {},
        )


def _group_table(
    spells: Spells, group: NDArray[Any], fits: Mapping[str, Any], tau: float
) -> tuple[pd.DataFrame, str]:
    """One line a group; and what can be said of the restricted means, in words."""
    rows, means = [], []
    for name, fit in fits.items():
        mine = group == name
        half = fit.median
        mean: RestrictedMean | None = None
        try:
            mean = restricted_mean(spells.time[mine], spells.event[mine], tau)
            means.append(mean)
        except StatsError:
            mean = None
        rows.append(
            {
                "group": name,
                "women": int(mine.sum()),
                "released": int(spells.event[mine].sum()),
                "median, months": f"{half:.1f}" if np.isfinite(half) else "not reached",
                f"mean up to {tau:g} months": "not known"
                if mean is None
                else f"{mean.mean:.1f} ({mean.lower:.1f} to {mean.upper:.1f})",
            }
        )
    if len(means) < len(fits):
        words = f" A curve ends before month {tau:g}, so there is no mean up to there to compare."
    elif len(fits) != 2:
        words = ""
    else:
        both = compare_restricted_means(spells.time, spells.event, group, tau)
        gap = both.difference
        first, second = both.groups
        ends = sorted(abs(x) * (1 if x * gap.estimate >= 0 else -1) for x in (gap.lower, gap.upper))
        words = (
            f" Up to month {tau:g}, women of the group '{first}' are held "
            f"{abs(gap.estimate):.1f} months {'less' if gap.estimate > 0 else 'more'} on average "
            f"than '{second}' (95 % interval {ends[0]:.1f} to {ends[1]:.1f})."
        )
    return pd.DataFrame(rows), words


def _say_curves(
    state: CurvesState,
    data: CohortRows,
    spells: Spells,
    group: NDArray[Any],
    fits: Mapping[str, Any],
    strata: Any,
    means: str,
) -> str:
    text = (
        f"{data.whose}: {len(group)} women, {int(spells.event.sum())} released, months since "
        f"{state.clock}."
    )
    halves = [
        f"{name} {fit.median:.1f}" if np.isfinite(fit.median) else f"{name} not reached"
        for name, fit in fits.items()
    ]
    text += f" Median months held: {'; '.join(halves)}."
    if len(fits) > 1:
        late = state.test == "fleming-harrington"
        result = log_rank(
            spells.time,
            spells.event,
            group,
            strata=strata,
            weighting=state.test,  # type: ignore[arg-type]
            gamma=1.0 if late else 0.0,
        )
        title = next(k for k, v in _TESTS.items() if v == state.test)
        within = "" if state.strata == "none" else f" within {state.strata.replace('_', ' ')}"
        text += (
            f" The {title} test{within} gives chi-squared {result.statistic:.2f} on {result.df} "
            f"degree{'s' if result.df > 1 else ''} of freedom, {p_says(result.p_value)}."
        )
    if state.clock == "arrest" and state.sample == "in prison at launch":
        means += (
            " But everyone here had to last until the launch, so none of the months before it "
            "could have ended in a release: on this clock the comparison is not to be read; take "
            "the clock from the launch."
        )
    return text + means
