"""Whose release was it: attribution, bounds with unknown statuses, choice at the peak."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Final

import numpy as np
import pandas as pd

from helpers import charts
from helpers.charts import trial as pictures
from helpers.panels.base.controls import Choice, Control, Several, Slider
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import Provenance, carry
from helpers.provenance.shown import ShownTable, badged
from helpers.study.attribution import credit, difference, manski, placebo_launches
from helpers.words import listed

ELSEWHERE: Final = {
    "exchange of prisoners": "exchange of prisoners",
    "amnesty or pardon": "pardon or amnesty",
    "term served": "end of term or later",
    "suspended by a court": "sentence suspended",
    "bail or parole": "bail or parole",
    "exile": "exile",
    "not known": "not known",
}


@dataclass(frozen=True)
class Releases:
    """The nineteen with the manner of their exit, and the codings."""

    women: pd.DataFrame
    coding: pd.DataFrame


def releases_record(women: pd.DataFrame, coding: pd.DataFrame) -> Releases:
    """Return the data of `WhoseRelease`, as the two loaders give them."""
    return Releases(women, coding)


@dataclass(frozen=True)
class WhoseState:
    coding: str = "C"
    others: tuple[str, ...] = ()


class WhoseRelease(Panel[WhoseState]):
    """Say which manners of exit were somebody else's doing, and count what is left."""

    name: ClassVar[str] = "Whose release was it?"
    State = WhoseState

    def controls(self) -> Mapping[str, Control]:
        return {
            "coding": Choice("What counts as a release?", {"A": "A", "B": "B", "C": "C"}),
            "others": Several("Somebody else's doing", ELSEWHERE),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.whose(),
            self.data.women,
            title="The nineteen, by what their exit can be credited to",
            description="One mark a woman, in rows.",
        )

    @staticmethod
    def compute(state: WhoseState, data: Releases) -> Picture:
        found = credit(data.women, data.coding, state.coding, state.others)
        kind = found["whose"].where(
            found["whose"] != "",
            found["counted"].map({"no": "not counted", "unknown": "not known"}),
        )
        marks = found.assign(whose=kind, place=found.groupby(kind).cumcount() + 1)
        counted = int((found["counted"] == "yes").sum())
        own = int((kind == "may be the campaign's").sum())
        taken = found.loc[kind == "somebody else's", "name"]
        words = (
            f"Coding {state.coding} counts {counted} of 19 releases. At most {own} of them can be "
            f"credited to the campaign ({100 * own / 19:.0f} per cent of the nineteen), at least "
            "none: the record shows how each left, not why."
        )
        if len(taken):
            words += f" Taken out: {listed(taken)}."
        return Picture(
            {"women": marks},
            words,
            found,
            figures={"counted": counted, "own": own},
        )


@dataclass(frozen=True)
class BoundsState:
    short: int = 17
    short_unknown: int = 0
    long: int = 11
    long_unknown: int = 0


_ROWS: Final = ("short list (19)", "rest of the long list (21)", "difference, points")


class Bounds(Panel[BoundsState]):
    """Shares and their difference when some outcomes are not known (Manski 1990)."""

    name: ClassVar[str] = "What is not known"
    State = BoundsState

    def controls(self) -> Mapping[str, Control]:
        return {
            "short": Slider("Known to be released, short list", 10, 19),
            "short_unknown": Slider("Not known, short list", 0, 5),
            "long_unknown": Slider("Not known, rest of the list", 0, 10),
            "long": Slider("Known to be released, rest of the list", 0, 21),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.share_bounds(_ROWS),
            Provenance.PUBLISHED,
            title="From the worst case to the best",
            description="Bounds of two shares and of their difference.",
        )

    @staticmethod
    def compute(state: BoundsState, data: object) -> Picture:
        ours, theirs = (
            (state.short, 19, state.short_unknown),
            (state.long, 21, state.long_unknown),
        )
        bounds = [manski(*ours), manski(*theirs), difference(ours, theirs)]
        rows = [
            {
                "row": name,
                "low": 100 * low,
                "high": 100 * high,
                "label": f"{100 * low:.0f} to {100 * high:.0f}".replace("-", "−"),
            }
            for name, (low, high) in zip(_ROWS, bounds, strict=True)
        ]
        low, high = (100 * value for value in bounds[2])
        sign = (
            "The sign of the difference does not depend on the unknown."
            if low > 0 or high < 0
            else "Even the sign of the difference depends on the unknown."
        )
        where = f"lies between {low:.0f} and {high:.0f}" if low < high else f"is {low:.0f}"
        words = (
            f"With {state.short_unknown} unknown of 19 and {state.long_unknown} of 21 the "
            f"difference {where} points, before any sampling error. {sign}"
        ).replace("-", "−")
        return Picture({"bounds": rows}, words, figures={"low": low, "high": high})


def baselines_table(samples: pd.DataFrame) -> ShownTable:
    """Return the three baselines of the paper in one table.

    Parameters
    ----------
    samples : DataFrame
        As `load_published_samples` returns it.
    """
    counts = samples.set_index("group")
    rows = []
    for group, words in (
        ("long list only", "rest of the long list"),
        ("outside the campaign", "women outside the campaign, in prison 2000-2015"),
    ):
        k, n = int(counts.loc[group, "released"]), int(counts.loc[group, "women"])
        rows.append((words, f"{k} of {n}", f"{100 * k / n:.0f}", f"{17 - 19 * k / n:.1f}", "R1"))
    rows.append(
        (
            "women outside the campaign, in prison in 2015",
            "at least 11 of 137",
            "at least 8",
            f"at most {17 - 19 * 11 / 137:.1f}",
            "R1, from the log-likelihood of model 5",
        )
    )
    columns = [
        "compared with", "released", "per cent", "releases of the 17 beyond that", "level",
    ]  # fmt: skip
    return badged(carry(pd.DataFrame(rows, columns=columns), samples))


@dataclass(frozen=True)
class PlaceboState:
    year: int = 2015


class PlaceboLaunch(Panel[PlaceboState]):
    """Model 5's question at launches that never were; `data` is what `placebo` returns."""

    name: ClassVar[str] = "A launch that never was"
    State = PlaceboState

    def controls(self) -> Mapping[str, Control]:
        years = self.data["year"]
        return {"year": Slider("Launch in September of", int(years.min()), int(years.max()))}

    def chart(self) -> Any:
        return charts.finish(
            pictures.placebo(),
            self.data,
            title="The campaign's coefficient by year of launch",
            description="Estimates with 95 per cent intervals for each September tried.",
        )

    @staticmethod
    def compute(state: PlaceboState, data: pd.DataFrame) -> Picture:
        tries = data.assign(real=(data["year"] == state.year).map({True: "yes", False: "no"}))
        row = tries[tries["year"] == state.year].iloc[0]
        if row["problem"]:
            said = f"There is no estimate: {row['problem']}"
        else:
            said = (
                f"The coefficient is {row['estimate']:.2f} (95 % {row['low']:.2f} to "
                f"{row['high']:.2f}): held {np.exp(-row['estimate']):.1f} times as long without "
                "the campaign."
            )
        real = int(data["year"].max())
        when = "the real one" if state.year == real else f"{real - state.year} years too early"
        words = (
            f"Launch in September {state.year}, {when}: {row['held']} rows are then held, "
            f"{row['campaign']} of them of the later campaign. {said}"
        )
        words = words.replace(" -", " −")
        if state.year != real:
            words += (
                " Nothing had been done for anyone yet. What shows is who was later chosen, and "
                "that nearly all of them were out at the end."
            )
        return Picture(
            {"tries": tries[tries["problem"] == ""], "zero": [{"level": 0}]},
            words,
            figures={"estimate": float(row["estimate"]), "held": int(row["held"])},
        )


def placebo(cohort: pd.DataFrame) -> pd.DataFrame:
    """Return the estimates of `PlaceboLaunch`, marked as the cohort is."""
    return carry(placebo_launches(cohort), cohort)


@dataclass(frozen=True)
class SalienceState:
    peak: int = 20
    steady: int = 50


class Salience(Panel[SalienceState]):
    """Choose people at a peak and watch them fall without any treatment; invented series."""

    name: ClassVar[str] = "Chosen at the peak"
    State = SalienceState

    def controls(self) -> Mapping[str, Control]:
        return {
            "peak": Slider("Choose the top", 5, 100, 5, unit="%"),
            "steady": Slider("Of the differences, lasting", 0, 100, 10, unit="%"),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.spike(),
            Provenance.ILLUSTRATION,
            title="Attention before and after the month of choice; nothing was done",
            description="The chosen ones' mean attention by month around the month of choice.",
        )

    @staticmethod
    def compute(state: SalienceState, data: object) -> Picture:
        person, month = _series()
        share = state.steady / 100
        level = np.sqrt(share) * person[:, None] + np.sqrt(1 - share) * month
        now = level[:, 6]
        chosen = level[now >= np.quantile(now, 1 - state.peak / 100)]
        means = chosen.mean(axis=0)
        series = [{"month": k - 6, "level": float(v)} for k, v in enumerate(means)]
        # Rounded as it is said, and without a minus zero.
        before, at, after = (
            round(float(m), 1) + 0.0 for m in (means[:6].mean(), means[6], means[7:].mean())
        )
        words = (
            f"Chosen in month 0 as the top {state.peak} per cent, their mean is {at:.1f} standard "
            f"deviations then, {before:.1f} before and {after:.1f} after, though nothing was done."
        )
        if state.peak < 100 and state.steady < 100:
            words += (
                " The fall is regression to the mean: who is chosen at a peak is chosen for a part "
                "that does not last. Release behaves so too if cases are chosen when they move."
            )
        return Picture(
            {
                "series": series,
                "mark": [{"month": 0}],
                "mean": [{"level": 0.0}],
            },
            words,
            figures={"at": float(means[6]), "after": float(means[7:].mean())},
        )


@lru_cache(maxsize=1)
def _series() -> tuple[Any, Any]:
    rng = np.random.default_rng(20)
    return rng.standard_normal(4000), rng.standard_normal((4000, 13))
