"""Table 3 three ways: the rows and models behind the panels on a yes/no outcome.

The five models of Table 3 are fitted to whatever cohort the notebook loaded, the synthetic
one or the reader's own; every sentence says which, and at what level it speaks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Final, TypeVar

import pandas as pd

from helpers import charts
from helpers.charts import release as pictures
from helpers.panels.base.controls import Choice, Control
from helpers.panels.base.live import Rows
from helpers.panels.base.panel import Panel, Picture
from helpers.stats.errors import StatsError
from helpers.stats.release import (
    Effect,
    predict,
)
from helpers.study.release import (
    FAMILY_WORDS,
    LABELS,
    ReleaseRows,
    Specification,
    answering,
    effect_in,
    fit_specification,
)
from helpers.study.vocabulary import CAMPAIGN, CONSTANT, MODELS

SCALES: Final[Mapping[str, str]] = {
    "difference in probability": "difference",
    "odds ratio": "odds",
    "average marginal effect": "slope",
}
S = TypeVar("S")
_NORMAL: Final = 1.959963984540054


# Axes whose unit changes ------------------------------------------------------------------

_LARGEST: Final = 1e6


def place(value: float, scale: str) -> float:
    """Return where a value stands on its axis: logarithms for odds ratios."""
    if scale != "odds":
        return value
    return math.log10(min(max(value, 1 / _LARGEST), _LARGEST))


def axis_rows(values: Sequence[float], scale: str) -> dict[str, list[dict[str, Any]]]:
    """Return the rows `ticks` and `axis` for an axis that holds `values`."""
    if scale == "odds":
        logs = [place(v, scale) for v in (*values, 1.0)]
        first, last = math.floor(min(logs)), math.ceil(max(logs))
        inside = (1, 2, 5) if last - first <= 2 else (1,)
        powers = [10.0**k * m for k in range(first, last) for m in inside] + [10.0**last]
        ticks = [
            {"x": math.log10(v), "label": f"{v:,.6g}", "bold": bool(abs(v - 1) < 1e-9)}
            for v in powers
        ]
        return {"ticks": ticks, "axis": [{"text": "Odds ratio (logarithmic), 1 = no effect"}]}
    step = 0.2 if max(values) - min(min(values), 0.0) <= 2.2 else 0.5
    first = math.floor(min(*values, 0.0) / step)
    last = math.ceil(max(*values, 0.0) / step)
    ticks = [
        {"x": k * step, "label": f"{100 * k * step:+.0f}" if k else "0", "bold": k == 0}
        for k in range(first, last + 1)
    ]
    text = "Difference in the probability of release, percentage points"
    if scale == "slope":
        text = "Average marginal effect, percentage points"
    return {"ticks": ticks, "axis": [{"text": text}]}


def in_words(effect: Effect, scale: str) -> str:
    """Return an effect with its interval, in the unit of its scale."""
    return numbers(effect.estimate, effect.low, effect.high, scale)


def numbers(value: float, low: float, high: float, scale: str) -> str:
    """Return a value and its limits, in the unit of their scale."""
    if scale == "odds":
        return f"{_odds(value)} ({_odds(low)} to {_odds(high)})"
    return f"{100 * value:+.1f} points ({100 * low:+.1f} to {100 * high:+.1f})"


def _odds(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}" if value < 10 else f"{value:.1f}"


class SameUnit(Panel[S]):
    """A panel whose ghost is shown only while the unit of its axis stays the same."""

    def _ghosts(self, rows: Rows, traced: bool) -> Rows:
        ghosts = super()._ghosts(rows, traced)
        units = {row.get("unit") for given in rows.values() for row in given if "unit" in row}
        return {
            name: [row for row in kept if row.get("unit") in units or "unit" not in row]
            for name, kept in ghosts.items()
        }


# Table 3 on three scales ------------------------------------------------------------------


@dataclass(frozen=True)
class TableState:
    model: str = "1"
    scale: str = "difference"
    estimator: str = "logit"


MODEL_CHOICES: Final[Mapping[str, str]] = {f"model {m}": str(m) for m in MODELS}


class TableThree(SameUnit[TableState]):
    """The campaign effect of the five models: printed, linear, and by the logit."""

    name: ClassVar[str] = "Table 3 three ways"
    State = TableState
    reset_label = "Back to as published"

    def controls(self) -> Mapping[str, Control]:
        return {
            "model": Choice("Model", MODEL_CHOICES),
            "scale": Choice("Scale", SCALES),
            "estimator": Choice(
                "Third row", {"logit": "logit", "probit": "probit", "Firth logit": "firth"}
            ),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.forest(15, 25, left=100),
            self.data.published,
            self.data.cohort,
            title="The campaign and release: five models, three readings",
            description="A forest plot: printed, linear and logit effects of five models.",
        )

    @staticmethod
    def compute(state: TableState, data: ReleaseRows) -> Picture:
        bars: list[dict[str, Any]] = []
        labels, values, notes = [], [], []
        for model in MODELS:
            top = 3 * (model - 1)
            labels.append({"y": top + 1, "text": f"Model {model}"})
            try:
                lines = [_printed(data, model, state.scale), *_ours(data, model, state)]
            except StatsError as problem:
                # A reader's own rows may lack what one model needs; the others are drawn.
                if str(model) == state.model or state.estimator == "probit":
                    raise
                lines = [_printed(data, model, state.scale)]
                notes.append(f" Model {model} is not drawn: {problem}")
            if _stands_in(data, model, state.estimator):
                notes.append(
                    f" In model {model} the {state.estimator} has no finite answer; the Firth "
                    "logit stands in."
                )
            for step, (series, value, low, high) in enumerate(lines):
                values += [v for v in (value, low, high) if v is not None]
                bars.append(
                    {
                        "y": top + step,
                        **_bar(value, low, high, state.scale),
                        "series": series,
                        "strong": str(model) == state.model,
                        "unit": state.scale,
                        "tip": f"Model {model}, {series}",
                    }
                )
        rows = {"bars": bars, "labels": labels, **axis_rows(values, state.scale)}
        model = int(state.model)
        text = _should_say(data, model, state) + "".join(notes)
        return Picture(rows, text, _term_table(data, model, state))


def _bar(value: float, low: float | None, high: float | None, scale: str) -> dict[str, Any]:
    if low is None or high is None:
        return {"x": place(value, scale), "low": None, "high": None, "value": f"{value:.2f}"}
    return {
        "x": place(value, scale),
        "low": place(low, scale),
        "high": place(high, scale),
        "value": numbers(value, low, high, scale).replace(" points", ""),
    }


def _stands_in(data: ReleaseRows, model: int, family: str) -> bool:
    try:
        return answering(data, model, family).family != family
    except StatsError:
        return False


_Line = tuple[str, float, float | None, float | None]


def _printed(data: ReleaseRows, model: int, scale: str) -> _Line:
    estimate, error = data.printed[model][CAMPAIGN]
    if scale == "odds":
        return ("exp(printed coefficient)", math.exp(estimate), None, None)
    reach = _NORMAL * error
    return ("as printed", estimate, estimate - reach, estimate + reach)


def _ours(data: ReleaseRows, model: int, state: TableState) -> list[_Line]:
    """Return the lines of the linear model (where the scale has one) and of the other."""
    specs = [answering(data, model, state.estimator)]
    if state.scale != "odds":
        specs.insert(0, Specification(model))
    lines: list[_Line] = []
    for spec in specs:
        effect = effect_in(data, spec, CAMPAIGN, state.scale)
        lines.append((FAMILY_WORDS[spec.family], effect.estimate, effect.low, effect.high))
    return lines


_ADJUSTED: Final[Mapping[int, str]] = {
    1: "",
    2: ", with the five case concerns held fixed",
    3: ", with region held fixed",
    4: ", with concerns and region held fixed",
    5: ", with concerns and region held fixed, among women in prison in 2015",
}


def _should_say(data: ReleaseRows, model: int, state: TableState) -> str:
    """Return the sentence that the number supports, in our words."""
    estimate, error = data.printed[model][CAMPAIGN]
    other = answering(data, model, state.estimator)
    effect = effect_in(data, other, CAMPAIGN, state.scale)
    name = FAMILY_WORDS[other.family]
    held = _ADJUSTED[model]
    if state.scale == "odds":
        if model == 1 and name == "logit" and not data.own:
            origin = "(R1: it needs only the four counts)"
        else:
            origin = f"{data.where}; the printed table cannot give it"
        return (
            f"The sentence to write for model {model}: 'The odds of release in the campaign were "
            f"{in_words(effect, 'odds')} times those outside{held}', by the {name} {origin}. "
            f"The exponential of the printed {estimate:.3f} is {math.exp(estimate):.2f}, which is "
            f"no odds ratio: {estimate:.3f} is a difference of probabilities."
        )
    linear = effect_in(data, Specification(model), CAMPAIGN, state.scale)
    both = (
        f"the {name} gives {in_words(effect, state.scale)} and the linear model "
        f"{in_words(linear, state.scale)} {data.where}"
    )
    if state.scale == "slope":
        return (
            f"The sentence to write for model {model}: 'The average marginal effect of the "
            f"campaign on the probability of release is {100 * estimate:.1f} points{held}'. That "
            f"is the printed coefficient (R1), for a linear slope is the same for all; {both}. "
            f"The {name}'s slope is an average of tangents, not the step from out to in."
        )
    reach = _NORMAL * error
    return (
        f"The sentence to write for model {model}: 'Women in the campaign were released more "
        f"often by {100 * estimate:.1f} percentage points (95 % interval "
        f"{100 * (estimate - reach):.1f} to {100 * (estimate + reach):.1f}){held}' (R1: the "
        f"printed coefficient and error). For comparison, {both}."
    )


def _term_table(data: ReleaseRows, model: int, state: TableState) -> pd.DataFrame:
    linear = fit_specification(data, Specification(model))
    other = answering(data, model, state.estimator)
    title = f"{FAMILY_WORDS[other.family]}, {_column(state.scale)} ({data.level})"
    out = []
    for term, (estimate, error) in data.printed[model].items():
        at = linear.index(term)
        ours = float(linear.estimate[at])
        cell = ""
        if term != CONSTANT:
            effect = effect_in(data, other, term, state.scale)
            cell = in_words(effect, state.scale).replace(" points", "")
        out.append(
            {
                "term": LABELS[term],
                "printed (R0)": f"{estimate:.3f} ({error:.3f})",
                f"linear ({data.level})": f"{ours:.3f} ({linear.std_error[at]:.3f})",
                "difference": f"{round(ours - estimate, 3) + 0.0:+.3f}",
                title: cell,
            }
        )
    return pd.DataFrame(out)


def _column(scale: str) -> str:
    return {"odds": "odds ratio", "difference": "points", "slope": "points of slope"}[scale]


# Fitted probabilities ---------------------------------------------------------------------


@dataclass(frozen=True)
class FittedState:
    family: str = "linear"
    who: str = "all"


class FittedProbabilities(Panel[FittedState]):
    """Where five models put each woman's probability, and how many lie beyond 0 and 1."""

    name: ClassVar[str] = "Fitted probabilities"
    State = FittedState
    reset_label = "Back to as published"

    def controls(self) -> Mapping[str, Control]:
        return {
            "family": Choice(
                "Model family", {"linear": "linear", "logit": "logit", "Firth logit": "firth"}
            ),
            "who": Choice(
                "Show", {"all women": "all", "in the campaign": "in", "outside it": "out"}
            ),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.fitted(len(MODELS)),
            self.data.cohort,
            title="Fitted probabilities in the five models",
            description="Points for fitted probabilities by model, with lines at zero and one.",
        )

    @staticmethod
    def compute(state: FittedState, data: ReleaseRows) -> Picture:
        points: list[dict[str, Any]] = []
        labels, counts, table = [], [], []
        stand_in: list[str] = []
        notes: list[str] = []
        for model in MODELS:
            try:
                lane = _lane(data, model, state.family, state.who)
            except StatsError as problem:
                notes.append(f" Model {model} is not drawn: {problem}")
                continue
            if lane.family != state.family:
                stand_in.append(str(model))
            points += lane.points
            name = f"Model {model}" + ("*" if lane.family != state.family else "")
            labels.append({"y": model - 1, "text": name})
            counts.append(
                {
                    "y": model - 1,
                    "text": f"{lane.row['above 1']} above 1, {lane.row['below 0']} below 0",
                }
            )
            table.append(lane.row)
        if not table:
            raise StatsError(f"None of the five models can be fitted.{notes[0]}")
        last = table[-1]
        name = FAMILY_WORDS[state.family].capitalize()
        text = (
            f"{name}: in model {last['model']}, {last['above 1']} of {last['women']} women have a "
            f"fitted probability above 1 and {last['below 0']} below 0; the largest is "
            f"{last['largest']}, {data.where}.{''.join(notes)}"
        )
        if state.family != "linear":
            text += " A curve that ends at 0 and 1 cannot leave them."
        if stand_in:
            text += (
                f" * Model {', '.join(stand_in)}: the logit has no finite answer (separation); "
                "the Firth logit is drawn."
            )
        rows_out = {"points": points, "labels": labels, "counts": counts}
        figures = {name: last[name] for name in ("women", "above 1", "below 0")}
        return Picture(rows_out, text, pd.DataFrame(table), figures)


@dataclass(frozen=True)
class _Lane:
    """The fitted probabilities of one model: the family that answered, points, a table row."""

    family: str
    points: list[dict[str, Any]]
    row: dict[str, Any]


@lru_cache(maxsize=64)
def _lane(data: ReleaseRows, model: int, family: str, who: str) -> _Lane:
    fit = fit_specification(data, answering(data, model, family))
    rows = pd.DataFrame(fit.design[:, :-1], columns=fit.terms[:-1])
    inside = rows[CAMPAIGN] == 1
    shown = {"all": inside | ~inside, "in": inside, "out": ~inside}[who]
    p = predict(fit, rows)["probability"][shown]
    row = {
        "model": model,
        "women": len(p),
        "smallest": f"{p.min():.3f}",
        "largest": f"{p.max():.3f}",
        "above 1": int((p > 1).sum()),
        "below 0": int((p < 0).sum()),
    }
    return _Lane(fit.family, _patterns(p, inside[shown], model), row)


def _patterns(p: pd.Series, inside: pd.Series, model: int) -> list[dict[str, Any]]:
    """Return one point for all women with the same fitted value and group."""
    out = []
    for (value, treated), women in p.groupby([p.round(6), inside]).size().items():  # type: ignore[misc]
        group = pictures.INSIDE if treated else pictures.OUTSIDE
        noun = "woman" if women == 1 else "women"
        out.append(
            {
                "y": model - 1 + (-0.16 if treated else 0.16),
                "x": round(float(value), 4),
                "women": int(women),
                "group": group,
                "tip": f"Model {model}: {women} {noun} {group}, fitted {value:.3f}",
            }
        )
    return out
