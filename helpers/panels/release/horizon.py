"""Ever, or within so many months? One outcome moved along its horizon, beside the time ratio."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import pandas as pd

from helpers import charts
from helpers.charts import release as pictures
from helpers.panels.base.controls import Choice, Control, Slider
from helpers.panels.base.panel import Panel, Picture
from helpers.stats.errors import StatsError
from helpers.stats.horizon import METHODS, Horizon, Method, Share, released_within
from helpers.study.horizon import Clock, both_clocks, horizons, last_horizon, time_ratios
from helpers.study.release import ReleaseRows

_METHOD_WORDS: Final[Mapping[str, str]] = {
    "held": "counted as not released",
    "exclude": "left out",
    "weight": "made up for by weights",
    "curve": "followed as long as they can be (Kaplan-Meier)",
}


@dataclass(frozen=True, eq=False)
class HorizonData:
    """Both clocks, and the effects at each horizon: what the sliders run through."""

    rows: ReleaseRows
    clocks: Mapping[str, Clock]
    curves: Mapping[tuple[str, str], Mapping[str, list[dict[str, Any]]]]
    ratios: Mapping[str, Mapping[int, tuple[float, float, float] | str]]


def horizon_data(rows: ReleaseRows) -> HorizonData:
    """Compute the shares and ratios at every horizon, once."""
    clocks = both_clocks(rows.cohort)
    ratios = {name: time_ratios(clock, name) for name, clock in clocks.items()}
    curves: dict[tuple[str, str], Mapping[str, list[dict[str, Any]]]] = {
        (name, method): _curves(clock, name, method, ratios[name])
        for name, clock in clocks.items()
        for method in METHODS
    }
    return HorizonData(rows, clocks, curves, ratios)


def _curves(
    clock: Clock,
    name: str,
    method: Method,
    ratios: Mapping[int, tuple[float, float, float] | str],
) -> dict[str, list[dict[str, Any]]]:
    shares = [
        {"month": 0, "share": 0.0, "group": group} for group in (pictures.INSIDE, pictures.OUTSIDE)
    ]
    gap: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    for month in horizons(clock, name):
        try:
            found = released_within(clock.time, clock.event, clock.group, month, method)
        except StatsError:
            continue
        shares += [
            {"month": month, "share": found.inside.share, "group": pictures.INSIDE},
            {"month": month, "share": found.outside.share, "group": pictures.OUTSIDE},
        ]
        gap.append(
            {
                "month": month,
                "points": 100 * found.difference,
                "low": 100 * found.low,
                "high": 100 * found.high,
            }
        )
        ratio = found.odds_ratio
        if math.isfinite(ratio) and ratio > 0:
            lines.append({"month": month, "ratio": ratio, "kind": "odds ratio (logit)"})
        speed = ratios[month]
        if not isinstance(speed, str):
            lines.append({"month": month, "ratio": speed[0], "kind": "time ratio (Weibull)"})
    return {"shares": shares, "gap": gap, "ratios": lines}


@dataclass(frozen=True)
class HorizonState:
    clock: str = "arrest"
    months: int = 228
    method: str = "held"


class HorizonPanel(Panel[HorizonState]):
    """Released within h months: the effect at each horizon, beside the time ratio."""

    name: ClassVar[str] = "Horizon"
    State = HorizonState
    reset_label = "Back to as published"

    def _last(self) -> int:
        return max(
            12, *(6 * math.ceil(max(c.time, default=0) / 6) for c in self.data.clocks.values())
        )

    def start(self) -> HorizonState:
        return HorizonState(months=self._last())

    def controls(self) -> Mapping[str, Control]:
        return {
            "months": Slider("Released within", 6, self._last(), 6, unit="months"),
            "clock": Choice("Counted from", {"arrest": "arrest", "the launch": "launch"}),
            "method": Choice(
                "Women not followed so far",
                {
                    "count as not released (as published)": "held",
                    "leave out": "exclude",
                    "weight for them": "weight",
                    "Kaplan-Meier share": "curve",
                },
            ),
        }

    def chart(self) -> Any:
        shares, gap, ratios = pictures.horizons()
        return {
            "Shares": charts.finish(
                shares,
                self.data.rows.cohort,
                title="Released by a horizon",
                description="Shares released by months in two groups.",
            ),
            "Difference": charts.finish(
                gap,
                self.data.rows.cohort,
                title="Difference in the shares released, with its 95 % interval",
                description="The difference by months, with its interval.",
            ),
            "Ratios": charts.finish(
                ratios,
                self.data.rows.cohort,
                title="Odds ratio and time ratio; 1 is no effect",
                description="Two ratios by months on a logarithmic axis.",
            ),
        }

    @staticmethod
    def compute(state: HorizonState, data: HorizonData) -> Picture:
        clock = data.clocks[state.clock]
        last = last_horizon(clock, state.clock)
        at = min(state.months, last)
        found = released_within(clock.time, clock.event, clock.group, at, state.method)  # type: ignore[arg-type]
        dots = [
            {
                "month": at,
                "share": side.share,
                "group": group,
                "text": f"{100 * side.share:.0f} %",
                "early": at < last / 4,
            }
            for side, group in (
                (found.inside, pictures.INSIDE),
                (found.outside, pictures.OUTSIDE),
            )
        ]
        ratio = data.ratios[state.clock][at]
        rows = {**data.curves[state.clock, state.method], "now": [{"month": at}], "at": dots}
        lost = (clock.event == 0) & (clock.time < at)
        return Picture(
            rows,
            _say(state, data, found, ratio, int((lost & clock.died).sum())),
            _table(found, ratio, data.rows.level),
            {"share inside": found.inside.share, "share outside": found.outside.share},
        )


def _say(
    state: HorizonState,
    data: HorizonData,
    found: Horizon,
    ratio: tuple[float, float, float] | str,
    died: int,
) -> str:
    origin = "arrest" if state.clock == "arrest" else "the launch"
    ended = " (where this clock ends)" if found.months < state.months else ""
    inside, outside = found.inside, found.outside
    dead = f", {died} of them by death" if died else ""
    speed = (
        f"There is no time ratio: {ratio}."
        if isinstance(ratio, str)
        else (
            f"Time ratio with follow-up cut there: {ratio[0]:.2g}, "
            + f"campaign women are released {'sooner' if ratio[0] < 1 else 'later'}."
        )
    )
    return (
        f"Within {found.months:g} months of {origin}{ended}: {100 * inside.share:.0f} % of "
        f"{_whom(state, inside)} in the campaign and {100 * outside.share:.0f} % of "
        f"{_whom(state, outside)} outside are "
        f"released, a difference of {100 * found.difference:+.1f} points "
        f"({100 * found.low:+.1f} to {100 * found.high:+.1f}); {_odds_words(found)}. "
        f"{speed} Lost before that month: {inside.unknown} inside and {outside.unknown} "
        f"outside{dead}; they are {_METHOD_WORDS[state.method]}. Computed {data.rows.where}."
        f"{_beyond(state, data, found)}"
    )


def _beyond(state: HorizonState, data: HorizonData, found: Horizon) -> str:
    """Say where nobody of a group is followed to the horizon, and what the share then is."""
    if state.method == "held":
        return ""
    clock, out = data.clocks[state.clock], ""
    for value, word in ((1, "in"), (0, "outside")):
        last = float(clock.time[clock.group == value].max())
        side = found.inside if value else found.outside
        if last >= found.months or (state.method == "curve" and side.share == 1):
            continue
        rest = (
            "the curve is carried on from there at its last height"
            if state.method == "curve"
            else "the released are the only ones whose outcome is known, and the share says nothing"
        )
        out += f" Nobody {word} the campaign is followed beyond month {last:.0f}: {rest}."
    return out


def _whom(state: HorizonState, side: Share) -> str:
    known = side.n - side.unknown
    return f"the {known} known" if state.method == "exclude" else str(side.n)


def _odds_words(found: Horizon) -> str:
    if found.inside.share in (0, 1) or found.outside.share in (0, 1):
        return "a group is all of one kind, so the odds ratio is 0 or infinite"
    return f"odds ratio {found.odds_ratio:.3g}"


def _table(found: Horizon, ratio: tuple[float, float, float] | str, level: str) -> pd.DataFrame:
    rows = [
        (name, side.n, side.released, side.unknown, side.n - side.released - side.unknown)
        for name, side in (
            ("in the campaign", found.inside),
            ("outside the campaign", found.outside),
        )
    ]
    head = f"by month {found.months:g} ({level})"
    table = pd.DataFrame(rows, columns=[head, "women", "released", "lost before", "seen held"])
    shares = [found.inside.share, found.outside.share]
    table["share used"] = [f"{s:.3f}" for s in shares]
    return table
