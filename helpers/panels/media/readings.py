"""Panels on reading the study of attention: ln(1 + y), releases, and what could have been seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
import pandas as pd

from helpers import charts
from helpers.charts import attention
from helpers.panels.base.controls import Choice, Control, Greyed, Slider, Toggle, greyed
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import Provenance
from helpers.study.attention import (
    ReleaseMonths,
    smallest_seen,
)
from helpers.study.media import (
    chance_of_seeing,
)


@dataclass(frozen=True)
class OnePlusState:
    hold: str = "one_plus"
    ratio: float = 1.5
    baseline: int = 1
    unit: str = "1"


MOST: Final = 20
_SCALES: Final = {
    "hold": Choice("The same at each baseline", {"ratio of 1 + y": "one_plus", "ratio of y": "y"}),
    "unit": Choice("Articles counted in", {"ones": "1", "tens": "10"}),
}


def _least(state: OnePlusState) -> float:
    # Below this baseline 1 + y cannot shrink by the ratio: y would be less than none.
    return max(float(state.unit) * (1 / state.ratio - 1), 0.0) if state.hold == "one_plus" else 0.0


class OnePlus(Panel[OnePlusState]):
    """A ratio of 1 + y, or of y, and what it means at each baseline. Arithmetic only."""

    name: ClassVar[str] = "What one plus does"
    State = OnePlusState

    def controls(self) -> Mapping[str, Control]:
        return {
            "hold": _SCALES["hold"],
            "ratio": Slider("Ratio", 0.5, 4, 0.1),
            "baseline": Slider("Articles before", 0, MOST),
            "unit": _SCALES["unit"],
        }

    @staticmethod
    def unavailable(state: OnePlusState, data: Any) -> Greyed:
        return greyed(
            state,
            _SCALES,
            lambda tried: "would leave fewer than none" if tried.baseline < _least(tried) else "",
        )

    def chart(self) -> Any:
        return charts.finish(
            attention.one_plus(MOST),
            Provenance.ILLUSTRATION,
            title="One coefficient, many percentages",
            description="Articles after against before; the change in per cent by baseline.",
        )

    @staticmethod
    def compute(state: OnePlusState, data: Any) -> Picture:
        unit, r = float(state.unit), state.ratio
        least = _least(state)
        if state.baseline < least:
            raise ValueError(
                f"From a baseline of {state.baseline} the ratio of 1 + y cannot be {r:g}: it would "
                f"leave fewer than none. Begin at {int(np.ceil(least))} or more, or take a larger "
                "ratio."
            )

        def after(y: float) -> float:
            return unit * (r * (1 + y / unit) - 1) if state.hold == "one_plus" else r * y

        def shares(y: float) -> dict[str, float]:
            new = after(y)
            of_all = 100 * ((unit + new) / (unit + y) - 1)
            # From nothing there is no percentage of articles.
            return {
                "of articles": 100 * (new / y - 1) if y else float("nan"),
                "of 1 + articles": of_all,
            }

        grid = [k / 4 for k in range(4 * MOST + 1) if k / 4 >= least]
        curve = [{"before": y, "after": after(y)} for y in grid]
        share = [
            {"before": y, "value": value, "kind": kind}
            for y in grid
            if y >= 1
            for kind, value in shares(y).items()
        ]
        y = float(state.baseline)
        here = shares(y)
        marks = [
            {"before": y, "value": value, "kind": kind, "text": f"{value:+.0f} %"}
            for kind, value in here.items()
            if y >= 1
        ]
        b = np.log((unit + after(y)) / (unit + y))
        gain = (
            f"{here['of articles']:+.0f} % of articles" if y else "from nothing, so no percentage"
        )
        one = "one" if unit == 1 else "ten articles"
        held = "1 + y" if state.hold == "one_plus" else "y"
        where = (
            "at each baseline"
            if least == 0
            else f"at each baseline from {least:.3g} on, below which y would fall under none"
        )
        return Picture(
            {
                "curve": curve,
                "mark": [{"before": y, "after": after(y), "text": f"{y:g} to {after(y):.1f}"}],
                "share": share,
                "share_mark": marks,
            },
            f"The ratio of {held} is {r:g} {where} (y counted in units of {one}). "
            f"Articles before: {y:g}; after: {after(y):.1f}; {gain}, "
            f"{here['of 1 + articles']:+.0f} % of 1 + y, a coefficient of {b:.3f}. Arithmetic, "
            "no data.".replace("-", "−"),
        )


@dataclass(frozen=True)
class ReleaseState:
    lasts: int = 1
    answer: int = 0
    sentences: bool = True


LONGEST: Final = 36


class AttentionWindow(Panel[ReleaseState]):
    """How long attention, or the answer to it, would have to last. `data`: `ReleaseMonths`."""

    name: ClassVar[str] = "Releases against attention"
    State = ReleaseState

    def controls(self) -> Mapping[str, Control]:
        return {
            "lasts": Slider("Attention lasts", 1, 18, 1, "months"),
            "answer": Slider("An answer takes up to", 0, 18, 1, "months"),
            "sentences": Toggle("Show the two sentences"),
        }

    def chart(self) -> Any:
        data: ReleaseMonths = self.data
        return charts.finish(
            attention.releases(data.releases["name"].tolist(), LONGEST),
            data.releases,
            data.notes,
            title="When were they released, and how long is attention? (the window is assumed)",
            description="One row a woman with her release; a shaded window from the launch on.",
        )

    @staticmethod
    def compute(state: ReleaseState, data: ReleaseMonths) -> Picture:
        end = state.lasts + state.answer
        rows = data.releases
        # One woman may have been out before the launch: hers is never inside for certain.
        inside, after = (rows["last"] < end) & (rows["first"] >= 0), rows["first"] >= end
        names = list(attention.ANSWERED)
        status = np.select([inside, after], [names[0], names[2]], names[1])
        when = [
            f"one report: out on bail by {a}, before the launch; free by {b}"
            if report
            else a
            if a == b
            else f"{a} to {b}"
            for a, b, report in zip(
                rows["first_day"], rows["last_day"], rows["report"], strict=True
            )
        ]
        tip = [
            f"{r.name} ({r.country}): {w}; {r.manner}; {r.note}"
            for r, w in zip(rows.itertuples(index=False), when, strict=True)
        ]
        points = pd.DataFrame(
            {
                "name": rows["name"],
                "at": (rows["first"] + rows["last"]) / 2,
                "status": status,
                "tip": tip,
                "url": rows["url"],
            }
        )
        spans = rows.loc[rows["last"] > rows["first"], ["name", "first", "last", "url"]]
        spans = spans.assign(tip=np.array(tip)[spans.index])
        notes = data.notes.assign(tip=data.notes["event"])
        window = [{"start": 0, "end": state.lasts, "part": "attention"}]
        if state.answer:
            window.append({"start": state.lasts, "end": end, "part": "answer"})
        table = pd.DataFrame(
            {
                "woman": rows["name"],
                "released": when,
                "months": [
                    (f"{b:.1f}" if round(a, 1) == round(b, 1) else f"{a:.1f} to {b:.1f}").replace(
                        "-", "−"
                    )
                    for a, b in zip(rows["first"], rows["last"], strict=True)
                ],
                "manner": rows["manner"],
                "source": rows["url"],
            }
        )
        sure, open_ = int(inside.sum()), int((~inside & ~after).sum())
        missing = ", ".join(data.without)
        reported = ", ".join(rows.loc[rows["report"], "name"])
        sentence = (
            f"If attention lasted {state.lasts} month{'s' * (state.lasts > 1)} and an answer took "
            f"up to {state.answer} more, {sure} of {len(rows)} releases fall inside for certain, "
            f"{open_} perhaps, and {int(after.sum())} after. {reported} always counts as perhaps: "
            f"one report has her out before the launch. Only the sum, {end}, matters: the "
            "dates cannot tell lasting attention from a slow answer. The window is assumed; there "
            f"are no coverage data of the women here. Not drawn, no release after the launch "
            f"found: {missing}."
        )
        shown = notes if state.sentences else notes.head(0)
        return Picture(
            {"window": window, "points": points, "spans": spans, "notes": shown}, sentence, table
        )


@dataclass(frozen=True)
class PowerState:
    ratio: float = 1.5
    effects: str = "person+year"
    errors: str = "cluster"
    women: str = "19"
    wanted: int = 80


class LastingPower(Panel[PowerState]):
    """How often a lasting effect would be seen. `data`: as `load_media_power` returns."""

    name: ClassVar[str] = "Could it be seen?"
    State = PowerState

    def controls(self) -> Mapping[str, Control]:
        return {
            "ratio": Slider("True lasting ratio", 1, 2, 0.05),
            "effects": Choice(
                "Fixed effects",
                {
                    "person + year": "person+year",
                    "country + year": "country+year",
                    "person": "person",
                    "none": "none",
                },
            ),
            "errors": Choice("Errors", {"clustered by person": "cluster", "HC1": "HC1"}),
            "women": Choice("People", {"19": "19", "38": "38", "76": "76"}),
            "wanted": Slider("Power wanted", 50, 95, 5, "%"),
        }

    def chart(self) -> Any:
        return charts.finish(
            attention.power(1, 2),
            self.data,
            title="How often would a lasting rise be seen?",
            description="A rising curve: share of simulated studies that see an effect, by size.",
        )

    @staticmethod
    def compute(state: PowerState, data: pd.DataFrame) -> Picture:
        women = int(state.women)
        cell = data[
            (data["women"] == women)
            & (data["effects"] == state.effects)
            & (data["errors"] == state.errors)
        ].sort_values("ratio")
        if cell.empty:
            raise ValueError(
                f"Nothing was simulated for {women} people with effects '{state.effects}'; "
                "choose 19, 38 or 76 people."
            )
        ratio, seen = cell["ratio"].to_numpy(), cell["seen"].to_numpy()
        half = 2 * np.sqrt(seen * (1 - seen) / cell["studies"].to_numpy())
        simulated = pd.DataFrame(
            {
                "ratio": ratio,
                "seen": seen,
                "low": np.clip(seen - half, 0, 1),
                "high": np.clip(seen + half, 0, 1),
                "tip": [
                    f"ratio {a:g}: seen in {100 * s:.0f} % of {n} simulated studies"
                    for a, s, n in zip(ratio, seen, cell["studies"], strict=True)
                ],
            }
        )
        error = float(cell["standard_error"].iloc[0])
        df = women - 1.0 if state.errors == "cluster" else float("inf")
        formula = [
            {"ratio": float(a), "seen": chance_of_seeing(float(np.log(a)), error, df)}
            for a in np.linspace(1, 2, 41)
        ]
        here = float(np.interp(state.ratio, ratio, seen))
        wanted = state.wanted / 100
        return Picture(
            {
                "simulated": simulated,
                "formula": formula,
                "at": [{"ratio": state.ratio, "seen": here, "text": f"{100 * here:.0f} %"}],
                "wanted": [{"seen": wanted, "text": f"wanted: {state.wanted} %"}],
                "false_alarms": [{"seen": 0.05, "text": "promised false alarms: 5 %"}],
            },
            _say_power(state, here, float(seen[0]), smallest_seen(ratio, seen, wanted)),
        )


def _say_power(state: PowerState, here: float, alarms: float, smallest: float | None) -> str:
    least = (
        "No ratio up to 2 reaches"
        if smallest is None
        else f"The smallest that reaches {state.wanted} % is about {smallest:.2f}, where"
    )
    if smallest is None:
        least += f" {state.wanted} %."
    else:
        least += f" each month's 1 + articles stay {100 * (smallest - 1):.0f} % up for good."
    effects = state.effects.replace("+", " and ")
    words = (
        f"A true lasting ratio of {state.ratio:g} is seen in {100 * here:.0f} % of simulated "
        f"studies of {state.women} invented people (effects: {effects}). {least} With nothing "
        f"there, {100 * alarms:.0f} % see something"
    )
    # Two standard errors of a share of 5 percent in 200 studies are 3 points.
    words += ": too many, so its power is not to be trusted." if alarms > 0.085 else "."
    if "year" in state.effects:
        words += (
            " With year effects, only October to December 2015 tell the lasting effect: later "
            "years take it into their own intercepts."
        )
    return words + " Model output under the builder's assumptions."
