"""How strong would a confounder have to be? Contours with benchmarks, and E-values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Final

import numpy as np
import pandas as pd

from helpers import charts
from helpers.charts import release as pictures
from helpers.panels.base.controls import Choice, Control, Slider
from helpers.panels.base.panel import Panel, Picture
from helpers.panels.release.tables import MODEL_CHOICES
from helpers.stats.comparison import risk_ratio
from helpers.stats.errors import StatsError
from helpers.stats.release import fit_release, odds_ratio
from helpers.stats.sensitivity import (
    Adjusted,
    Robustness,
    adjusted,
    benchmarks,
    contour_line,
    e_value,
    e_value_of_odds_ratio,
    fit_robustness,
    robustness,
)
from helpers.study.release import (
    LABELS,
    ReleaseRows,
    Specification,
    fit_specification,
)
from helpers.study.vocabulary import CAMPAIGN, CONSTANT, MODELS

LIMIT: Final = 0.6
"""End of both axes; the strongest benchmark of the five models lies well within."""


@dataclass(frozen=True)
class ContourState:
    model: str = "4"
    covariate: str = "legal_concerns"
    times: float = 1
    numbers: str = "printed"
    family: str = "linear"


class ConfounderContours(Panel[ContourState]):
    """The campaign effect once a confounder of any strength is taken out."""

    name: ClassVar[str] = "A confounder's strength"
    State = ContourState
    reset_label = "Back to as published"

    def controls(self) -> Mapping[str, Control]:
        terms = {label: term for term, label in LABELS.items() if term not in (CAMPAIGN, CONSTANT)}
        ours = "fitted to your rows" if self.data.own else "fitted to the cohort"
        return {
            "model": Choice("Model", MODEL_CHOICES),
            "covariate": Choice("As strong as", terms),
            "times": Slider("times", 0.5, 10, 0.5),
            "numbers": Choice("Effect and error", {"as printed": "printed", ours: "fitted"}),
            "family": Choice("Family", {"linear": "linear", "logit": "logit"}),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.contour(LIMIT),
            self.data.published,
            self.data.cohort,
            title="The campaign effect, less what a confounder would explain",
            description="Contours of the adjusted effect by the strength of a confounder.",
        )

    @staticmethod
    def compute(state: ContourState, data: ReleaseRows) -> Picture:
        model = int(state.model)
        base = robustness_of(data, model, state.family, state.numbers)
        strong = _strength(data, model, state.covariate, state.times)
        after = adjusted(
            base.estimate, base.std_error, base.df, strong.r2_treatment, strong.r2_outcome
        )
        lines, beyond, tags = _contours(base)
        value = base.robustness_value
        points = [
            _point(0, 0, "no confounder", f"{100 * base.estimate:+.1f}"),
            _point(value, value, "robustness value", f"{100 * value:.0f} % each"),
        ]
        if max(after.r2_treatment, after.r2_outcome) <= LIMIT:
            left = "impossible" if _impossible(after) else f"{100 * after.estimate:+.1f}"
            text = f"{state.times:g} x {LABELS[state.covariate]}: {left}"
            x, y = after.r2_treatment, after.r2_outcome
            points.append(_point(x, y, "as strong as the benchmark", text))
        return Picture(
            {"lines": lines, "beyond": beyond, "tags": tags, "points": points},
            _say(state, data, base, after),
            _table(data),
        )


def _impossible(after: Adjusted) -> bool:
    """Whether a confounder so strong would leave a difference of shares beyond 100 points."""
    return abs(after.estimate) > 1


def _point(x: float, y: float, kind: str, text: str) -> dict[str, Any]:
    # The origin's number would stand in the way of a weak benchmark; the sentence has it.
    return {"x": x, "y": y, "kind": kind, "text": text, "label": text if x else ""}


@lru_cache(maxsize=256)
def robustness_of(data: ReleaseRows, model: int, family: str, numbers: str) -> Robustness:
    """Return the robustness statistics of the campaign effect.

    Parameters
    ----------
    numbers : {"printed", "fitted"}
        From the printed coefficient, error and size (R1), or from a fit to the rows.

    Raises
    ------
    StatsError
        For the logit, with the reason.
    """
    if family != "linear":
        # The method itself says why it does not speak of this family.
        fit = fit_specification(data, Specification(1, family))
        return fit_robustness(fit, CAMPAIGN)
    if numbers == "printed":
        estimate, error = data.printed[model][CAMPAIGN]
        return robustness(estimate, error, data.observations[model] - len(data.printed[model]))
    return fit_robustness(fit_specification(data, Specification(model)), CAMPAIGN)


@lru_cache(maxsize=2048)
def _strength(data: ReleaseRows, model: int, covariate: str, times: float) -> Adjusted:
    """Return the benchmark's strengths in a model of the rows."""
    fit = fit_specification(data, Specification(model))
    others = [LABELS[t] for t in fit.terms if t not in (CAMPAIGN, CONSTANT)]
    if covariate not in fit.terms:
        has = f"it has {', '.join(others)}" if others else "it has no covariate to measure against"
        raise StatsError(
            f"Model {model} does not contain {LABELS[covariate]}; {has}. Choose another model"
            f"{' or benchmark' if others else ', such as 4'}."
        )
    found = benchmarks(fit, CAMPAIGN, [covariate], [times])
    if not found:
        raise StatsError(
            f"A confounder {times:g} times as strong as {LABELS[covariate]} would explain more "
            "than all of who is in the campaign; choose a smaller multiple."
        )
    return found[0].adjusted


def _contours(
    base: Robustness,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Return contour lines every twenty points, the area beyond zero, and the lines' tags."""
    lines: list[dict[str, Any]] = []
    beyond: list[dict[str, Any]] = []
    tags: list[dict[str, Any]] = []
    top = math.floor(base.estimate * 5 - 1e-9)
    for step in range(min(-2, top), top + 1):
        level = step / 5
        # The curve comes into the picture where it passes the upper edge.
        odds = (base.estimate - level) ** 2 / base.std_error**2 / base.df / LIMIT
        start = odds / (1 + odds)
        if start >= LIMIT:
            continue
        x = np.geomspace(start, LIMIT, 60)
        y = contour_line(base.estimate, base.std_error, base.df, level, x)
        rows = [
            {"level": f"{100 * level:+.0f}", "x": float(a), "y": float(b), "zero": step == 0}
            for a, b in zip(x, y, strict=True)
        ]
        lines += rows
        if step == 0:
            beyond = [{"x": r["x"], "y": r["y"], "top": LIMIT} for r in rows]
        text = "no effect left" if step == 0 else f"{100 * level:+.0f}"
        if not tags or tags[-1]["y"] - float(y[-1]) > 0.024:  # the height of a line of text
            tags.append({"x": float(x[-1]), "y": float(y[-1]), "text": text})
    return lines, beyond, tags


def _say(state: ContourState, data: ReleaseRows, base: Robustness, after: Adjusted) -> str:
    origin = "printed, R1" if state.numbers == "printed" else data.level
    value = f"{100 * base.robustness_value:.0f}"
    name = LABELS[state.covariate]
    verdict = "its interval excludes zero" if after.low > 0 else "its interval includes zero"
    if after.estimate <= 0:
        verdict = "nothing is left"
    outside = ""
    if max(after.r2_treatment, after.r2_outcome) > LIMIT:
        outside = " (beyond the picture)"
    leaves = (
        f"leaves {100 * after.estimate:+.1f} points ({100 * after.low:+.1f} to "
        f"{100 * after.high:+.1f}): {verdict}"
    )
    if _impossible(after):
        leaves = (
            "would leave a difference of more than 100 points, which is impossible: beside these "
            "covariates no confounder is so strong"
        )
    return (
        f"Model {state.model}: effect {100 * base.estimate:+.1f} points ({origin}). A confounder "
        f"would have to explain {value} % of what the covariates leave open both in who is in the "
        f"campaign and in who is released to take it to zero: the robustness value. One "
        f"{'just' if state.times == 1 else f'{state.times:g} times'} as strong as {name} explains "
        f"{100 * after.r2_treatment:.1f} % and {100 * after.r2_outcome:.1f} %{outside}, and "
        f"{leaves}. The benchmark's strength is computed {data.where}."
    )


@lru_cache(maxsize=16)
def _table(data: ReleaseRows) -> pd.DataFrame:
    out = []
    for model in MODELS:
        row: dict[str, Any] = {"model": model}
        for numbers, level in (("printed", "printed, R1"), ("fitted", data.level)):
            try:
                found = robustness_of(data, model, "linear", numbers)
            except StatsError:
                row[f"robustness value ({level})"] = "not to be had"
                continue
            row[f"robustness value ({level})"] = f"{100 * found.robustness_value:.1f} %"
            row[f"to lose p < .05 ({level})"] = f"{100 * found.robustness_value_alpha:.1f} %"
        out.append(row)
    return pd.DataFrame(out)


# E-values from the four counts ------------------------------------------------------------

TOP: Final = 50.0
_INTERVALS: Final = {"risk ratio": ", Koopman's score interval", "odds ratio": ", Wald"}


@dataclass(frozen=True)
class EValueState:
    measure: str = "risk"
    of: str = "estimate"
    inside: int = 17


class EValues(Panel[EValueState]):
    """The pairs of risk ratios with which a confounder explains the four counts."""

    name: ClassVar[str] = "E-value"
    State = EValueState
    reset_label = "Back to as published"

    def controls(self) -> Mapping[str, Control]:
        return {
            "measure": Choice(
                "Start from",
                {
                    "risk ratio": "risk",
                    "odds ratio, square root": "root",
                    "odds ratio as if rare": "rare",
                },
            ),
            "of": Choice("Explain", {"the estimate": "estimate", "its limit nearer to 1": "limit"}),
            "inside": Slider("Released, of 19 in the campaign", 1, 18),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.e_value_curve(TOP),
            self.data.published,
            title="A confounder strong enough: on the line or above it",
            description="A curve of pairs of risk ratios that explain the association away.",
        )

    @staticmethod
    def compute(state: EValueState, data: ReleaseRows) -> Picture:
        ratio, low, high, name = _measure(state)
        if state.measure == "risk":
            found = e_value(ratio, low, high)
        else:
            found = e_value_of_odds_ratio(ratio, low, high, rare=state.measure == "rare")
        target, value = ratio, found.estimate
        if state.of == "limit":
            target, value = (low if ratio > 1 else high), float(found.limit or 1.0)
            if value == 1:
                raise StatsError(
                    f"The interval of the {name} ({low:.2f} to {high:.2f}) includes 1, so no "
                    "confounder is needed to explain it; choose the estimate."
                )
        on_scale = math.sqrt(target) if state.measure == "root" else target
        on_scale = 1 / on_scale if on_scale < 1 else on_scale
        x = np.geomspace(on_scale * 1.0005, TOP, 120)
        # Bounding factor of Ding & VanderWeele: x y / (x + y - 1) = the ratio to explain.
        y = on_scale * (x - 1) / (x - on_scale)
        curve = [{"x": float(a), "y": float(b)} for a, b in zip(x, y, strict=True) if b <= TOP]
        points = [{"x": value, "y": value, "text": f"E-value {value:.2f}"}]
        what = "limit nearer to 1" if state.of == "limit" else "estimate"
        warning = ""
        if state.measure == "rare":
            share = f"{100 * state.inside / 19:.0f}"
            verdict = "far too large" if ratio > 1.5 else "off"
            warning = (
                f" But release is not rare here ({share} and 44 %), so the odds ratio must not "
                f"stand in for the risk ratio: this E-value is {verdict}."
            )
        if state.inside == 17:
            origin = "R1"
        else:
            origin = "a count that you changed; the printed numbers imply 17"
        text = (
            f"{state.inside} of 19 against 102 of 233: {name} {ratio:.2f} ({low:.2f} to "
            f"{high:.2f}{_INTERVALS[name]}), {origin}. To explain its {what} away, a confounder "
            f"needs a risk ratio of {value:.2f} with being in the campaign and as much with "
            f"release (E-value), or more of one and less of the other along the line.{warning}"
        )
        return Picture({"curve": curve, "points": points}, text)


@lru_cache(maxsize=128)
def _measure(state: EValueState) -> tuple[float, float, float, str]:
    """Return ratio, limits and name for the counts of a state."""
    a, n, b, m = state.inside, 19, 102, 233
    if state.measure == "risk":
        found = risk_ratio(a, n, b, m)
        return found.estimate, found.low, found.high, "risk ratio"
    y = np.repeat([1.0, 0.0, 1.0, 0.0], [a, n - a, b, m - b])
    x = pd.DataFrame({CAMPAIGN: np.repeat([1.0, 1.0, 0.0, 0.0], [a, n - a, b, m - b])})
    effect = odds_ratio(fit_release(y, x, "logit"), CAMPAIGN)
    return effect.estimate, effect.low, effect.high, "odds ratio"
