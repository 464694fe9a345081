"""Panels on public attention: a synthetic person-month panel, and the record's release dates."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
import pandas as pd

from helpers import charts
from helpers.calendar import millis
from helpers.charts import attention
from helpers.panels.base.controls import Choice, Control, Greyed, Preset, Toggle
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import Provenance
from helpers.stats.errors import StatsError
from helpers.stats.panel import (
    PanelFit,
)
from helpers.study.attention import (
    EFFECT_CHOICES,
    FORMS,
    MediaWorlds,
    StudyState,
    fit_study,
    judge,
)
from helpers.study.media import (
    TARGETS,
)
from helpers.words import p_number, p_says

BACK: Final = "Back to the published analysis"
_INVENTED: Final = "Invented rows, so this is recovered (R3), not reproduced."


def _middle(month: str) -> int:
    """Return the middle of a month, as charts count time."""
    return millis(f"{month}-15")


# 1. The raw counts -----------------------------------------------------------------------


@dataclass(frozen=True)
class RawState:
    outcome: str = "articles"
    line: str = "median"
    span: str = "2015"
    best: bool = True


class RawAttention(Panel[RawState]):
    """Every person-month as a dot, with one summary line. `data` is the synthetic panel."""

    name: ClassVar[str] = "Every person-month"
    State = RawState

    def controls(self) -> Mapping[str, Control]:
        return {
            "outcome": Choice("Outcome", {"articles": "articles", "searches": "searches"}),
            "line": Choice(
                "Line", {"median": "median", "mean": "mean", "mean of ln(1 + y)": "log"}
            ),
            "span": Choice("Months", {"2015 only": "2015", "all sixty-one": "all"}),
            "best": Toggle("With the three best-covered people"),
        }

    def chart(self) -> Any:
        return charts.finish(
            attention.raw(_middle("2015-09")),
            self.data,
            title="Attention by person and month, before any model",
            description="Dots for person-months, a line for their summary, and how many are held.",
        )

    @staticmethod
    def compute(state: RawState, data: pd.DataFrame) -> Picture:
        rows = data.dropna(subset=[state.outcome])
        if not state.best:
            covered = data.groupby("person")["articles"].mean().nlargest(3).index
            rows = rows[~rows["person"].isin(covered)]
        whole = rows[state.outcome]
        if state.span == "2015":
            rows = rows[rows["year"] == 2015]
        day = rows["month"].map({m: _middle(m) for m in rows["month"].unique()})
        # A few days to the side by person, so that equal counts do not hide each other.
        aside = (rows["person"].str[1:].astype(int) - 10) * 86_400_000
        value = rows[state.outcome].astype(float)
        dots = pd.DataFrame(
            {
                "day": day + aside,
                "value": value,
                "tip": rows["person"]
                + ", "
                + rows["month"]
                + ": "
                + value.map("{:g}".format)
                + f" {state.outcome} (invented)",
            }
        )
        by_month = value.groupby(rows["month"])
        line = {
            "median": by_month.median,
            "mean": by_month.mean,
            "log": lambda: np.expm1(np.log1p(value).groupby(rows["month"]).mean()),
        }[state.line]()
        days = [_middle(m) for m in line.index]
        held = pd.DataFrame({"day": days, "people": by_month.size().to_numpy()})
        launch, before = line["2015-09"], line["2015-08"]
        words = {"median": "median", "mean": "mean", "log": "mean of ln(1 + y), taken back,"}
        sentence = (
            f"Invented rows: {len(whole)} person-months in all, median {whole.median():g}, mean "
            f"{whole.mean():.1f}, none at all in {100 * (whole == 0).mean():.0f} %. The "
            f"{words[state.line]} of {state.outcome} goes from {before:.1f} in August to "
            f"{launch:.1f} in September 2015; the number of people observed falls from "
            f"{held['people'].max()} to {held['people'].iloc[-1]} in the months shown."
        )
        return Picture(
            {
                "dots": dots,
                "line": pd.DataFrame({"day": days, "value": line.to_numpy()}),
                "held": held,
            },
            sentence,
        )


# 2. The event study ----------------------------------------------------------------------


_EFFECT_WORDS: Final = {"person": "person and year", "country": "country and year", "none": "none"}
_ERROR_WORDS: Final = {
    "HC1": "HC1 errors",
    "person": "errors clustered by person",
    "year": "errors clustered by year",
    "two-way": "errors clustered by person and year",
    "wild": "errors clustered by person, p values from a wild bootstrap",
}


class EventStudy(Panel[StudyState]):
    """The design of Figure 4 on the synthetic panel. `data` is a `MediaWorlds`."""

    name: ClassVar[str] = "Event study"
    State = StudyState
    reset_label: ClassVar[str] = BACK

    first: ClassVar[tuple[str, ...]] = ("effects", "form", "errors")

    def __init__(
        self,
        data: MediaWorlds,
        setting: str = "",
        keep: str = "",
        presets: Sequence[Preset] = (),
    ) -> None:
        # The slow fits one or two moves from the start are made ahead (0.4 s), and kept.
        for effects in EFFECT_CHOICES:
            for ahead in (
                StudyState(effects=effects, model="nb"),
                StudyState(effects=effects, errors="wild"),
            ):
                with contextlib.suppress(StatsError):
                    fit_study(ahead, data)
        super().__init__(data, setting, keep, presets)

    def controls(self) -> Mapping[str, Control]:
        return {
            "outcome": Choice("Outcome y", {"articles": "articles", "searches": "searches"}),
            "form": Choice("Scale", FORMS),
            "model": Choice("Model", {"least squares": "ols", "negative binomial": "nb"}),
            "effects": Choice(
                "Fixed effects",
                {
                    "person + year (text)": "person",
                    "country + year (note)": "country",
                    "none": "none",
                },
            ),
            "errors": Choice(
                "Errors",
                {
                    "robust, HC1 (as published)": "HC1",
                    "clustered by person": "person",
                    "clustered by year": "year",
                    "clustered by person and year": "two-way",
                    "wild bootstrap by person": "wild",
                },
            ),
            "sentences": Toggle("Control the months of two sentences"),
            "exits": Choice(
                "Two freed in September",
                {
                    "kept (as published)": "kept",
                    "left out altogether": "out",
                    "had they stayed in": "stay",
                },
            ),
            "world": Choice("Builder: September multiplied", {"1 + y": "log", "y": "multiplier"}),
            "lasts": Toggle("Builder: articles stay up by half from October on"),
        }

    @staticmethod
    def unavailable(state: StudyState, data: MediaWorlds) -> Greyed:
        if state.model == "nb":
            likelihood = "a negative binomial brings its own scale and errors"
            counts = {"searches": "an index is no count; choose least squares first"}
            return {"form": likelihood, "errors": likelihood, "outcome": counts}
        if state.outcome == "searches":
            return {"model": {"nb": "needs counts, and searches are an index"}}
        return {}

    def chart(self) -> Any:
        return charts.finish(
            attention.event_study(),
            self.data.published,
            Provenance.PUBLISHED,
            title="Five months of 2015 against all other months",
            description="Five coefficients, July to November 2015, with bars of 1 and 2 errors.",
        )

    @staticmethod
    def compute(state: StudyState, data: MediaWorlds) -> Picture:
        fit, p, people = fit_study(state, data)
        estimate, error = fit.estimate[:5], fit.standard_error[:5]
        said = [_said(b, state) for b in estimate]
        rows = pd.DataFrame(
            {
                "month": attention.EVENT_MONTHS,
                "estimate": estimate,
                **{f"low{k}": estimate - k * error for k in (1, 2)},
                **{f"high{k}": estimate + k * error for k in (1, 2)},
                "label": said,
            }
        )
        rows["tip"] = [
            f"{m} (invented rows): {b:.3f}, standard error {e:.3f}, {p_says(q)}"
            for m, b, e, q in zip(rows["month"], estimate, error, p, strict=True)
        ]
        ratio = float(np.exp(TARGETS[state.outcome]))
        printed = {
            "month": "Sep 2015",
            "value": TARGETS[state.outcome],
            "text": f"printed:\n{_percent(ratio)}",
            "tip": "about +50 % articles, searches about doubled (text on Figure 4), as a log",
        }
        logs = state.model == "ols" and state.form == "log1p"
        table = pd.DataFrame(
            {
                "month": rows["month"],
                "coefficient": [f"{b:.3f}" for b in estimate],
                "standard error": [f"{e:.3f}" for e in error],
                "p": [p_number(q) for q in p],
                "in words": [_in_words(b, state) for b in estimate],
            }
        )
        return Picture(
            {"coefficients": rows, "printed": [printed] if logs else []},
            _say_study(state, fit, p, people),
            table,
        )


def _percent(ratio: float) -> str:
    return f"{100 * (ratio - 1):+.0f} %".replace("-", "−")


def _said(b: float, state: StudyState) -> str:
    if state.model == "ols" and state.form == "level":
        return f"{b:+.1f}".replace("-", "−")
    if state.model == "ols" and state.form == "asinh":
        return f"{b:+.2f}".replace("-", "−")
    return _percent(float(np.exp(b)))


def _after(b: float, y: float, state: StudyState) -> float:
    """Return what `y` becomes under a coefficient, on the scale that was fitted."""
    if state.model == "nb":
        return y * float(np.exp(b))
    if state.form == "level":
        return y + b
    if state.form == "asinh":
        return float(np.sinh(np.arcsinh(y) + b))
    return float((1 + y) * np.exp(b) - 1)


def _unit(state: StudyState) -> str:
    if state.model == "nb":
        return f"of {state.outcome}"
    if state.form == "log1p":
        return f"of 1 + {state.outcome}"
    return f"{state.outcome} more" if state.form == "level" else "on the arcsinh scale"


def _in_words(b: float, state: StudyState) -> str:
    return f"{_said(b, state)} {_unit(state)}"


def _say_study(state: StudyState, fit: PanelFit, p: tuple[float, ...], people: int) -> str:
    b, e = fit.estimate[:5], fit.standard_error[:5]
    base = 1.0 if state.outcome == "articles" else 10.0
    thing = "article" if state.outcome == "articles" else "points of the index"
    scale = {v: k for k, v in FORMS.items()}[state.form]
    model = f"Least squares of {scale.replace('y', state.outcome)}"
    errors = _ERROR_WORDS[state.errors]
    if state.model == "nb":
        model = "Negative binomial of articles"
        errors = "errors from the likelihood (scale and errors have no say here)"
    seen = judge(fit)
    reach = float(np.max(b[3:] + 2 * e[3:]))
    verdicts = [
        ("September up", seen.up),
        ("nothing before", seen.quiet_before),
        ("nothing after", seen.quiet_after),
    ]
    words = (
        f"{model}, effects: {_EFFECT_WORDS[state.effects]}; {errors}; {fit.n} rows on {people} "
        f"people. September 2015: {b[2]:.3f} (standard error {e[2]:.3f}, {p_says(p[2])}), "
        f"{_in_words(b[2], state)}; at {base:g} {thing} that is {base:g} to "
        f"{_after(b[2], base, state):.1f}. By two standard errors: "
        + ", ".join(f"{name} {'holds' if holds else 'fails'}" for name, holds in verdicts)
        + f". The bars of October and November reach up to {_in_words(reach, state)}."
    )
    if state.lasts and state.outcome == "articles":
        words += " In this variant of the rows the rise does last."
    if state.model == "ols" and state.errors in ("year", "two-way"):
        words += (
            " Do not trust these errors: a month lies inside one year, so its own residuals add "
            "up to zero in every cluster."
        )
    return f"{words} {_INVENTED}"
