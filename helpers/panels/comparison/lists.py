"""Panels on the short list against the rest of the long list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Final, get_args

import numpy as np
import pandas as pd

from helpers import charts
from helpers.charts import comparison as pictures
from helpers.panels.base.controls import Choice, Control, Several, Slider
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import Provenance
from helpers.stats.comparison import (
    DIFFERENCE_METHODS,
    TESTS,
    Alternative,
    Randomization,
    Test,
    compare,
    fragility,
    odds_ratio,
    p_value_grid,
    randomization_test,
    risk_difference,
    risk_ratio,
)
from helpers.stats.sensitivity import Selection, selection, selection_curve
from helpers.study.lists import (
    AFIUNI,
    MERON,
    RECODED,
    Counts,
    ListRecord,
    chances_of_being_picked,
    crossing,
    list_counts,
)
from helpers.study.record import count_released
from helpers.words import listed, p_number, p_says, percent

TEST_NAMES: Final[Mapping[str, str]] = {
    "pooled t": "pooled t (the paper's)",
    "welch": "Welch's t",
    "z": "z",
    "fisher": "Fisher's exact",
    "barnard": "Barnard's exact",
    "boschloo": "Boschloo's exact",
    "randomization": "randomization",
}
_SAID: Final[Mapping[str, str]] = {
    "pooled t": "The pooled t test",
    "welch": "Welch's t test",
    "z": "The z test",
    "fisher": "Fisher's exact test",
    "barnard": "Barnard's exact test",
    "boschloo": "Boschloo's exact test",
    "randomization": "The randomization test",
}
_SIDES: Final[Mapping[str, str]] = {
    "two-sided": "two-sided",
    "short list higher": "greater",
    "short list lower": "less",
}
_SIDE_SAID: Final = {
    "two-sided": "two-sided",
    "greater": "one-sided (short list higher)",
    "less": "one-sided (short list lower)",
}
LINES: Final = {"1 %": "0.01", "5 %": "0.05"}


def _points(share: float) -> str:
    text = f"{100 * share:.1f}"
    return ("0.0" if float(text) == 0 else text).replace("-", "−")


# Which test? -------------------------------------------------------------------------------


@dataclass(frozen=True)
class TestState:
    __test__ = False  # pytest must not collect a class for its name

    test: str = "pooled t"
    sides: str = "two-sided"
    line: str = "0.01"
    deals: str = "all"
    interval: str = "Newcombe"
    level: str = "0.99"


class WhichTest(Panel[TestState]):
    """Seven tests of the same four counts, the line they are read by, and three intervals.

    `data` is the marked table of published counts (group, women, released).
    """

    name: ClassVar[str] = "Which test?"
    State = TestState
    first: ClassVar[tuple[str, ...]] = ("test", "sides", "line")
    reset_label: ClassVar[str] = "Back to as published"

    def controls(self) -> Mapping[str, Control]:
        return {
            "test": Choice("Test", {text: key for key, text in TEST_NAMES.items()}),
            "sides": Choice("Question", _SIDES),
            "line": Choice("Line of significance", LINES),
            "deals": Choice(
                "Labels dealt", {"every way": "all", "1,000 times": "1000", "20,000": "20000"}
            ),
            "interval": Choice("Interval", {method: method for method in DIFFERENCE_METHODS}),
            "level": Choice("Level", {"90 %": "0.9", "95 %": "0.95", "99 %": "0.99"}),
        }

    def chart(self) -> Any:
        deals, tests, intervals = pictures.verdicts(
            list(TEST_NAMES.values()), list(DIFFERENCE_METHODS)
        )
        return {
            "Labels dealt": charts.finish(
                deals,
                self.data,
                title="The same outcomes, the nineteen labels dealt at random",
                description="Bars: how often each difference comes up by chance alone.",
            ),
            "Seven tests": charts.finish(
                tests,
                self.data,
                title="Each test's p value, and the line it is read by",
                description="P values of seven tests on a logarithmic axis.",
            ),
            "Intervals": charts.finish(
                intervals,
                self.data,
                title="Intervals for the difference in release shares",
                description="Three intervals, one a line.",
            ),
        }

    @staticmethod
    def compute(state: TestState, data: pd.DataFrame) -> Picture:
        counts = list_counts(data)
        sides, line, level = _alternative(state.sides), float(state.line), float(state.level)
        dealt = _deal(counts, sides, state.deals)
        p_values: dict[str, float] = {
            str(test): compare(*counts, test, sides).p_value for test in TESTS
        }
        found: dict[str, float] = {**p_values, "randomization": dealt.p_value}
        tests = [
            {
                "test": TEST_NAMES[key],
                "p": max(p, 0.002),
                "label": p_number(p),
                "state": "chosen" if key == state.test else "other",
            }
            for key, p in found.items()
        ]
        intervals = []
        for method in DIFFERENCE_METHODS:
            limits = risk_difference(*counts, level, method)
            intervals.append(
                {
                    "method": method,
                    "low": 100 * limits.low,
                    "high": 100 * limits.high,
                    "estimate": 100 * limits.estimate,
                    "label": f"{_points(limits.low)} to {_points(limits.high)}",
                    "state": "chosen" if method == state.interval else "other",
                }
            )
        rows = {
            "tests": tests,
            "line": [{"p": line, "text": f"{100 * line:.0f} % line"}],
            "deals": _deal_rows(dealt, sides),
            "observed": [
                {"difference": 100 * dealt.observed, "text": f"{_points(dealt.observed)}, observed"}
            ],
            "intervals": intervals,
        }
        return Picture(rows, _say_test(state, counts, found, line, level))


def _alternative(text: str) -> Alternative:
    return next(side for side in get_args(Alternative) if side == text)


def _deal(counts: Counts, sides: Alternative, deals: str) -> Randomization:
    if deals == "all":
        return randomization_test(*counts, sides)
    return randomization_test(*counts, sides, "monte carlo", int(deals), seed=2015)


def _deal_rows(dealt: Randomization, sides: str) -> list[dict[str, Any]]:
    far, near = pictures.EXTREME
    gap = dealt.difference
    if sides == "two-sided":
        extreme = np.abs(gap) >= abs(dealt.observed) - 1e-9
    else:
        sign = 1 if sides == "greater" else -1
        extreme = sign * gap >= sign * dealt.observed - 1e-9
    return [
        {"difference": 100 * d, "chance": c, "side": far if e else near}
        for d, c, e in zip(gap.tolist(), dealt.probability.tolist(), extreme, strict=True)
    ]


_odds = lru_cache(maxsize=64)(odds_ratio)  # it seeks three roots; most moves keep the counts


def _say_test(
    state: TestState, counts: Counts, found: Mapping[str, float], line: float, level: float
) -> str:
    p = found[state.test]
    below = [TEST_NAMES[key].removesuffix(" (the paper's)") for key, p in found.items() if p < line]
    which = f": {listed(below)}" if 0 < len(below) < len(found) else ""
    limits = risk_difference(*counts, level, state.interval)
    inside = "which leaves out" if limits.low > 0 or limits.high < 0 else "which takes in"
    difference, ratio, odds = limits.estimate, risk_ratio(*counts), _odds(*counts)
    return (
        f"{_SAID[state.test]}, {_SIDE_SAID[state.sides]}, gives {p_says(p)}: "
        f"{'' if p < line else 'not '}significant at the {100 * line:.0f} % line. "
        f"{len(below)} of the {len(found)} tests pass it{which}. "
        f"The gap is {_points(difference)} points, with a {100 * level:.0f} % interval "
        f"({state.interval}) from {_points(limits.low)} to {_points(limits.high)}, {inside} zero. "
        f"As a ratio of shares it is {ratio.estimate:.2f}, as a ratio of odds {odds.estimate:.1f}."
    )


# Recoding ----------------------------------------------------------------------------------

ETHIOPIANS: Final[Mapping[str, str]] = {
    "as printed: 11 of 21": "printed",
    "three more, counted as released: 14 of 24": "released",
    "three more, not counted as released: 11 of 24": "not released",
    "three of the 21, taken out: 8 of 18": "taken out",
}
_ACROSS: Final = list(range(8, 20))
_DOWN: Final = list(range(18, 3, -1))


@dataclass(frozen=True)
class RecodeState:
    coding: str = "paper"
    leave: tuple[str, ...] = ()
    ethiopia: str = "printed"
    take: int = 0
    add: int = 0
    test: str = "pooled t"
    line: str = "0.01"


class Recode(Panel[RecodeState]):
    """Recode outcomes on either list and see how near the verdict is to turning."""

    name: ClassVar[str] = "Recode the outcomes"
    State = RecodeState
    first: ClassVar[tuple[str, ...]] = ("coding", "take", "test")
    reset_label: ClassVar[str] = "Back to as published"

    def controls(self) -> Mapping[str, Control]:
        return {
            "coding": Choice(
                "Short list, what counts as a release?",
                {
                    "as printed: 17 of 19": "paper",
                    "A, a sourced exit after launch: 14": "A",
                    "B, freed at some time after launch: 16": "B",
                    "C, outside custody in September 2018: 17": "C",
                },
            ),
            "leave": Several(
                "Leave out, as perhaps outside prison at the launch",
                {
                    "Afiuni (conditional liberty since 2013)": "afiuni",
                    "Meron (one report)": "meron",
                },
            ),
            "ethiopia": Choice("Others, with footnote 53's three women", ETHIOPIANS),
            "take": Slider("Take away releases, short list", 0, 6),
            "add": Slider("Add releases, others", -4, 4),
            "test": Choice("Test", {TEST_NAMES[test]: test for test in TESTS}),
            "line": Choice("Line of significance", LINES),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.recodings(
                _ACROSS, _DOWN, "Short list: releases", "Others on the long list: releases"
            ),
            self.data.samples,
            self.data.women,
            title="p value at each pair of counts (frame: now; dashes: before; ■: as printed)",
            description="A grid of p values with a frame around the present counts.",
        )

    @staticmethod
    def compute(state: RecodeState, data: ListRecord) -> Picture:
        counts = recoded(state, data)
        test, line = next(t for t in TESTS if t == state.test), float(state.line)
        grid = p_value_grid(counts.n, counts.m, test)
        cells = []
        for b in _DOWN:
            for a in _ACROSS:
                if a > counts.n or b > counts.m:
                    continue
                p = float(grid[a, b])
                swapped = a * counts.m < b * counts.n
                cells.append(
                    {
                        "first": a,
                        "second": b,
                        "label": _short(p),
                        "verdict": _verdict(p, swapped),
                        "tip": f"{a} of {counts.n} against {b} of {counts.m}: {p_says(p)}",
                    }
                )
        here = [{"first": counts.a, "second": counts.b}]
        printed = list_counts(data.samples)
        same = (counts.n, counts.m) == (printed.n, printed.m)
        star = [{"first": printed.a, "second": printed.b}] if same else []
        return Picture(
            {"cells": cells, "here": here, "printed": star}, _say_recode(state, counts, test, line)
        )


def recoded(state: RecodeState, data: ListRecord) -> Counts:
    """Return the four counts under a recoding.

    Raises
    ------
    ValueError
        If a list would have more releases than members, or fewer than none.
    """
    printed = list_counts(data.samples)
    left = {"afiuni": AFIUNI, "meron": MERON}
    women = data.women[~data.women["name"].isin([left[key] for key in state.leave])]
    # The paper names neither woman it counts as not released; coding C has its total.
    a, n = count_released(women, "C" if state.coding == "paper" else state.coding)
    plus_released, plus_members = RECODED[state.ethiopia]
    a, b = a - state.take, printed.b + plus_released + state.add
    m = printed.m + plus_members
    if not (0 <= a <= n and 0 <= b <= m):
        raise ValueError(
            f"That would be {a} releases of {n} and {b} of {m}; move the sliders back towards 0."
        )
    return Counts(a, n, b, m)


def _short(p: float) -> str:
    if p < 0.001:
        return "<.001"
    return f"{p:.3f}".removeprefix("0") if p < 0.1 else f"{p:.2f}".removeprefix("0")


def _verdict(p: float, swapped: bool) -> str:
    one, five, more, other = pictures.VERDICTS
    if p >= 0.05:
        return more
    return other if swapped else one if p < 0.01 else five


def _say_recode(state: RecodeState, counts: Counts, test: Test, line: float) -> str:
    a, n, b, m = counts
    found = fragility(*counts, test, line)
    passes = "below" if found.significant else "not below"
    text = (
        f"{a} of {n} ({100 * a / n:.0f} %) against {b} of {m} ({100 * b / m:.0f} %): "
        f"{_SAID[test].replace('The', 'the', 1)} gives {p_says(found.p_value)}, {passes} "
        f"{100 * line:.0f} %. "
    )
    if found.either is None or found.table is None:
        text += "No recoding of single outcomes turns that verdict."
    else:
        what = "outcome" if found.either == 1 else "outcomes"
        text += (
            f"It takes {found.either} recoded {what} to turn that verdict; the nearest table is "
            f"{found.table[0]} of {n} against {found.table[1]} of {m}, "
            f"{p_says(float(found.table_p_value or 0))}."
        )
    if state.leave and state.coding == "paper":
        text += " (The paper names nobody; a woman left out is taken to be one of its releases.)"
    if state.coding in ("A", "B"):
        text += (
            " The stricter coding is applied to the short list alone: nobody outside the study "
            "has a record of the others."
        )
    return text


# Selection ---------------------------------------------------------------------------------

LISTS: Final[Mapping[str, str]] = {
    "as printed: 17 of 19, 11 of 21": "printed",
    "coding A: 14 of 19, 11 of 21": "A",
    "three taken out: 17 of 19, 8 of 18": "taken out",
}
_CURVE: Final = tuple(round(0.05 * k, 2) for k in range(21))
_DRAWS: Final = 20_000


@dataclass(frozen=True)
class SelectionTables:
    """Simulated lists, their curves worked out once.

    Attributes
    ----------
    samples : DataFrame
        Published counts, marked.
    counts : mapping of str to Counts
        The observed counts for each choice.
    curves : mapping of str to DataFrame
        For each choice: strength, tail, mean.
    """

    samples: pd.DataFrame
    counts: Mapping[str, Counts]
    curves: Mapping[str, pd.DataFrame]


def selection_tables(samples: pd.DataFrame) -> SelectionTables:
    """Simulate every curve that the selection panel can show (about two seconds).

    Parameters
    ----------
    samples : DataFrame
        As `load_published_samples` returns it.
    """
    a, n, b, m = list_counts(samples)
    counts = {
        "printed": Counts(a, n, b, m),
        "A": Counts(14, n, b, m),
        "taken out": Counts(a, n, b - 3, m - 3),
    }
    curves = {key: selection_curve(_CURVE, *c, draws=_DRAWS) for key, c in counts.items()}
    return SelectionTables(samples, counts, curves)


@dataclass(frozen=True)
class LabState:
    strength: float = 0.0
    lists: str = "printed"
    line: str = "0.05"


class SelectionLab(Panel[LabState]):
    """Officials pick by expected success, the campaign does nothing: what gap appears?"""

    name: ClassVar[str] = "Selection lab"
    State = LabState

    def controls(self) -> Mapping[str, Control]:
        return {
            "strength": Slider("Strength of selection", 0, 1, 0.01),
            "lists": Choice("Observed gap", LISTS),
            "line": Choice("Call a gap surprising below", {"1 %": "0.01", "5 %": "0.05"}),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.selection_lab(),
            self.data.samples,
            Provenance.ILLUSTRATION,
            title="What selection alone would give",
            description="Simulated gaps without any effect, and how often they are as large.",
        )

    @staticmethod
    def compute(state: LabState, data: SelectionTables) -> Picture:
        counts, curve = data.counts[state.lists], data.curves[state.lists]
        line = float(state.line)
        run = selection(state.strength, *counts, draws=_DRAWS)
        large, small = pictures.AS_LARGE
        gaps = [
            {"difference": 100 * d, "chance": p, "size": large if c >= counts.a else small}
            for d, p, c in zip(
                run.difference.tolist(), run.probability.tolist(), run.count.tolist(), strict=True
            )
            if p > 0
        ]
        rows = {
            "gaps": gaps,
            "observed": [
                {"difference": 100 * run.observed, "text": f"observed {_points(run.observed)}"}
            ],
            "curve": curve[["strength", "tail"]],
            "now": [{"strength": state.strength, "tail": run.tail, "label": percent(run.tail)}],
            "line": [{"tail": line, "text": f"{100 * line:.0f} %"}],
        }
        return Picture(rows, _say_selection(state, counts, run, curve, line))


def _say_selection(
    state: LabState, counts: Counts, run: Selection, curve: pd.DataFrame, line: float
) -> str:
    sure, never = chances_of_being_picked(run.mean, counts)
    odds = sure / (1 - sure) / (never / (1 - never)) if 0 < never < 1 and sure < 1 else np.inf
    times = "without limit" if not np.isfinite(odds) else f"{odds:.1f} to 1"
    text = (
        f"Selection of strength {state.strength:.2f} and no effect at all: {percent(run.tail)} of "
        f"{run.draws:,} simulated lists show a gap of {_points(run.observed)} points or more; the "
        f"mean gap is {_points(run.mean)}. A case that ends in release anyway is picked with "
        f"probability {sure:.2f}, one that does not with {never:.2f} (odds ratio {times}). "
    )
    x = curve["strength"].to_numpy()
    enough = crossing(x, curve["tail"].to_numpy(), line)
    typical = crossing(x, curve["mean"].to_numpy(), run.observed)
    if enough is None:
        text += "Not even perfect foresight makes such a gap unsurprising."
    elif enough == 0:
        text += f"Such a gap comes in more than {100 * line:.0f} % of lists with no selection."
    else:
        text += f"From strength {enough:.2f} on, such a gap comes in {100 * line:.0f} % of lists"
        text += "." if typical is None else f"; at {typical:.2f} it is the average one."
    return text
