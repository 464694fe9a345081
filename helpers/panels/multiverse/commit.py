"""Panel on one universe, chosen before its result is seen."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Final, NamedTuple

from helpers import charts
from helpers.charts import multiverse as pictures
from helpers.panels.base.controls import Choice, Control, Greyed, Toggle, greyed
from helpers.panels.base.panel import Panel, Picture
from helpers.panels.multiverse.every import Multiverse, effective, ordered, say, span
from helpers.study.multiverse import CHOICES, MEASURES, tag, why_not


@dataclass(frozen=True)
class TenState:
    family: str = "linear"
    outcome: str = "ever"
    sample: str = "all"
    clock: str = "arrest"
    entry: str = "start"
    deaths: str = "count"
    concerns: str = "all"
    regions: str = "file"
    missing: str = "drop"
    errors: str = "classical"
    shown: bool = False


@lru_cache(maxsize=4)
def _places(data: Multiverse) -> Mapping[tuple[str, ...], int]:
    universes = data.grid.universes[list(CHOICES)]
    return {row: i for i, row in enumerate(universes.itertuples(index=False, name=None))}


def universe_of(choices: Mapping[str, str], data: Multiverse) -> int:
    """Return the row of the universe with these choices.

    Raises
    ------
    ValueError
        They are no universe; the sentence says why.
    """
    reason = why_not(choices)
    if reason:
        raise ValueError(f"These choices do not go together: {reason}. Change one of them.")
    return _places(data)[tuple(choices[name] for name in CHOICES)]


def scale_of(choices: Mapping[str, str]) -> tuple[str, str]:
    """Return the points and the month on which a universe is compared: its own, or 24 or 12."""
    if choices["family"] != "weibull":
        return "points", choices["outcome"]
    return "points", "12" if choices["outcome"] == "12" else "24"


class Answer(NamedTuple):
    """What is said and drawn of one universe with an answer."""

    n: int
    estimate: str
    low: str
    high: str
    drawn: float
    below: int
    own: str


OWN: Final[Mapping[str, str]] = {"logit": "odds", "weibull": "time"}
"""The ratio that a family estimates by itself."""


def answer_of(universe: int, choices: Mapping[str, str], data: Multiverse) -> Answer:
    """Return what is said of a universe that has an answer."""
    fitted = data.fitted
    measure, by = scale_of(choices)
    estimate, error = (float(a[universe]) for a in fitted.answers[measure, by])
    own = OWN.get(choices["family"])
    return Answer(
        int(fitted.n[universe]),
        f"{estimate:.0f}",
        f"{estimate - 1.96 * error:.0f}",
        f"{estimate + 1.96 * error:.0f}",
        round(estimate, 2),
        int((ordered(data, measure, by).estimate < estimate - 1e-9).sum()),
        say(float(fitted.answers[own, ""][0][universe]), own) if own else "",
    )


class TenChoices(Panel[TenState]):
    """One universe; its result stays hidden until it is asked for."""

    name: ClassVar[str] = "Ten choices, fixed first"
    State = TenState
    first = ("family", "outcome", "sample", "clock", "entry", "shown")
    below = ("deaths", "concerns", "regions", "missing", "errors")

    def controls(self) -> Mapping[str, Control]:
        order = [f.name for f in dataclasses.fields(TenState) if f.name != "shown"]
        found: dict[str, Control] = {
            name: Choice(
                CHOICES[name].label, {text: value for value, text in CHOICES[name].options.items()}
            )
            for name in order
        }
        found["shown"] = Toggle("Show the result")
        return found

    def chart(self) -> Any:
        return charts.finish(
            pictures.curve(),
            self.data.rows.frame,
            title="Where one analysis stands among all",
            description="A specification curve with one universe marked, once it is shown.",
        )

    @staticmethod
    def unavailable(state: TenState, data: Multiverse) -> Greyed:
        declared = {
            name: Choice(axis.label, {text: value for value, text in axis.options.items()})
            for name, axis in CHOICES.items()
        }
        return greyed(state, declared, lambda s: why_not(_choices(s)))

    @staticmethod
    def compute(state: TenState, data: Multiverse) -> Picture:
        choices = _choices(state)
        universe = universe_of(choices, data)
        fitted = data.fitted
        what = str(tag(data.grid.universes.iloc[[universe]]).iloc[0])
        printed = str(data.grid.universes["printed"].iloc[universe])
        words = f"This universe estimates: {what}. "
        if printed:
            words += f"It is {printed} of the paper. "
        figures: dict[str, float | int | str] = {"universe": universe, "estimand": what}
        empty: dict[str, Any] = {
            name: [] for name in ("curve", "lit", "marked", "zero", "span")
        }  # fmt: skip
        if not state.shown:
            hidden = "Its result is not shown yet: fix your choices first."
            return Picture(empty, words + hidden, figures=figures)
        problem = str(fitted.problem[universe])
        if problem:
            return Picture(
                empty, f"{words}It has no answer: {problem}. That is its result.", figures=figures
            )
        measure, by = scale_of(choices)
        found = ordered(data, measure, by)
        estimate, error = (float(a[universe]) for a in fitted.answers[measure, by])
        figures |= {"estimate": estimate, "std_error": error, "n": int(fitted.n[universe])}
        own = OWN.get(state.family)
        if own:
            figures[own] = float(fitted.answers[own, ""][0][universe])
        answer = answer_of(universe, choices, data)
        if own:
            words += f"The {MEASURES[own]} is {answer.own}. "
        month = "at any time" if by == "ever" else f"by month {by}"
        words += (
            f"With {answer.n} women, {answer.estimate} percentage points more released {month} "
            f"(95 % interval {answer.low} to {answer.high}). Of {found.place.size:,} universes "
            f"with an answer on that scale {answer.below:,} give less; they run from "
            f"{found.estimate[0]:.0f} to {found.estimate[-1]:.0f} points. {data.caveat}"
        )
        mark = {
            "place": (answer.below + 0.5) / found.place.size,
            "estimate": answer.drawn,
            "label": "yours",
            "top": float(found.bins["high"].max()),
        }
        rows = {
            "curve": found.bins,
            "lit": [],
            "marked": [mark],
            "zero": [{"estimate": 0}],
            "span": span(measure, effective(measure, by)),
        }
        figures["share below"] = answer.below / found.place.size
        return Picture(rows, words, figures=figures)


def _choices(state: TenState) -> dict[str, str]:
    return {name: getattr(state, name) for name in CHOICES}
