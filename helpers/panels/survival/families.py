"""Panels on what a model of time to release assumes: its family, proportional hazards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
import pandas as pd

from helpers import charts
from helpers.charts import survival as pictures
from helpers.panels.base.controls import Choice, Control, Greyed
from helpers.panels.base.panel import Panel, Picture
from helpers.panels.survival.curves import MARKS, SHARE
from helpers.panels.survival.parametric import DESIGN_CHOICES, FAMILY_CHOICES
from helpers.stats.accelerated import (
    FAMILIES,
    AcceleratedFit,
    fit_accelerated,
    probability_plot,
)
from helpers.stats.cox import fit_cox, proportional_hazards_test, schoenfeld
from helpers.stats.errors import StatsError
from helpers.stats.kaplan_meier import kaplan_meier, risk_table
from helpers.stats.smoothing import natural_spline
from helpers.study.cohort import CohortRows, group_of
from helpers.study.time_to_release import (
    DESIGNS,
    Table4Data,
    model_design,
)
from helpers.study.vocabulary import CAMPAIGN, MODELS, TERM_LABELS
from helpers.words import p_number, p_says


@dataclass(frozen=True)
class FamilyState:
    family: str = "weibull"
    design: str = "arrest"
    by: str = "campaign"


class FamilyFit(Panel[FamilyState]):
    """Fitted curves over Kaplan-Meier, the plot that makes a family a line, and AIC."""

    name: ClassVar[str] = "Which family fits?"
    State = FamilyState
    reset_label: ClassVar[str] = "Back to as published"

    def controls(self) -> Mapping[str, Control]:
        return {
            "family": Choice("Family", FAMILY_CHOICES),
            "design": Choice(
                "Time and sample",
                {k: v for k, v in DESIGN_CHOICES.items() if v != "late"},
            ),
            "by": Choice("Curves", {"campaign or not": "campaign", "all together": "all"}),
        }

    def chart(self) -> Any:
        data: Table4Data = self.data
        return {
            "Curves": pictures.live(
                charts.finish(
                    pictures.survival_curves(SHARE),
                    data.rows.frame,
                    title="Steps: Kaplan-Meier. Smooth: the fitted family",
                    description="Survival curves in steps with fitted curves over them.",
                )
            ),
            "Straight if it fits": pictures.live(
                charts.finish(
                    pictures.probability_lines(),
                    data.rows.frame,
                    title="The same curves, so transformed that the family is a line",
                    description="Points of transformed survival curves, with the fitted lines.",
                )
            ),
        }

    @staticmethod
    def compute(state: FamilyState, data: Table4Data) -> Picture:
        rows = data.rows
        spells, used = rows.spells(DESIGNS[state.design], np.ones(len(rows.frame), dtype=bool))
        terms = [CAMPAIGN] if state.by == "campaign" else []
        x = used[terms].astype(float)
        fits = {
            family: fit_accelerated(spells.time, spells.event, x, family=family)
            for family in FAMILIES
        }
        fit = fits[state.family]  # type: ignore[index]
        label = group_of(used, state.by).to_numpy(dtype=str)
        longest = float(spells.time.max())
        grid = np.linspace(longest / 400, longest, 60)
        curves, fitted, points, lines, worst = [], [], [], [], 0.0
        for name in np.unique(label):
            mine = label == name
            curve = kaplan_meier(spells.time[mine], spells.event[mine])
            row = {CAMPAIGN: float(name == "campaign")}
            moved = curve.events > 0
            curves += [{"group": name, "time": 0.0, "survival": 1.0, "at_risk": int(mine.sum())}]
            curves += [
                {"group": name, "time": float(t), "survival": float(s), "at_risk": int(n)}
                for t, s, n in zip(
                    curve.time[moved], curve.survival[moved], curve.at_risk[moved], strict=True
                )
            ]
            curves += [
                {
                    "group": name,
                    "time": float(curve.time[-1]),
                    "survival": float(curve.survival[-1]),
                    "at_risk": int(curve.at_risk[-1]),
                }
            ]
            share = fit.survival(grid, row)
            fitted += [{"group": name, "time": 0.0, "survival": 1.0}]
            fitted += [
                {"group": name, "time": float(t), "survival": float(s)}
                for t, s in zip(grid, share, strict=True)
            ]
            worst = max(
                worst,
                float(
                    np.abs(fit.survival(curve.time[moved], row) - curve.survival[moved]).max(
                        initial=0
                    )
                ),
            )
            plot = probability_plot(
                curve.time[moved],
                curve.survival[moved],
                state.family,  # type: ignore[arg-type]
            )
            points += [
                {"group": name, "log_time": float(a), "transformed": float(b)}
                for a, b in zip(plot.log_time, plot.transformed, strict=True)
            ]
            if plot.log_time.size:
                middle = float(row[CAMPAIGN] * fit.estimate[0]) if terms else 0.0
                middle += float(fit.estimate[-1])
                lines += [
                    {
                        "group": name,
                        "log_time": float(a),
                        "transformed": (float(a) - middle) / fit.scale,
                    }
                    for a in (plot.log_time.min(), plot.log_time.max())
                ]
        marks = np.arange(
            0.0, longest, 2 * MARKS["launch" if state.design == "launch" else "arrest"]
        )
        at_risk = risk_table(spells.time, None, label, marks)
        counts = [
            {"group": str(name), "time": float(t), "n": int(n)}
            for name, line in zip(at_risk.groups, at_risk.at_risk, strict=True)
            for t, n in zip(marks, line, strict=True)
        ]
        start = "launch" if state.design == "launch" else "arrest"
        return Picture(
            {
                "curves": curves,
                "fitted": fitted,
                "counts": counts,
                "span": [{"longest": longest, "unit": f"Months since {start}"}],
                "points": points,
                "lines": lines,
                "words": [{"transform": _TRANSFORMS[state.family]}],
            },
            _say_family(state, data, fits, worst),
            _family_table(fits),
        )


_TRANSFORMS: Final[Mapping[str, str]] = {
    "weibull": "log(-log share held)",
    "exponential": "log(-log share held), slope 1",
    "log-normal": "normal quantile of share out",
    "log-logistic": "log odds of share out",
}


def _family_table(fits: Mapping[Any, AcceleratedFit]) -> pd.DataFrame:
    best = min(fit.aic for fit in fits.values())
    lines = []
    for family, fit in fits.items():
        ratio = "not in the model"
        if CAMPAIGN in fit.terms:
            middle, low, high = fit.time_ratio(CAMPAIGN)
            ratio = f"{middle:.3f} ({low:.3f} to {high:.3f})"
        lines.append(
            {
                "family": family,
                "log-likelihood": f"{fit.log_likelihood:.2f}",
                "AIC": f"{fit.aic:.1f}",
                "above the best": f"{fit.aic - best:.1f}",
                "scale": "1 (fixed)" if family == "exponential" else f"{fit.scale:.2f}",
                "campaign time ratio (95 %)": ratio,
            }
        )
    return pd.DataFrame(lines)


def _say_family(
    state: FamilyState, data: Table4Data, fits: Mapping[Any, AcceleratedFit], worst: float
) -> str:
    fit = fits[state.family]
    best = min(fits, key=lambda f: fits[f].aic)
    text = (
        f"{data.rows.whose}: {fit.n} women, {fit.events} released. The {state.family} curve is at "
        f"most {100 * worst:.0f} percentage points from Kaplan-Meier at a release; its AIC is "
        f"{fit.aic:.1f}. The least AIC of the four is that of the {best} ({fits[best].aic:.1f})."
    )
    if state.family == "weibull":
        way = "falls" if fit.scale > 1 else "rises"
        since = "since the launch" if state.design == "launch" else "already served"
        text += (
            f" Scale {fit.scale:.2f} means shape {1 / fit.scale:.2f}: the hazard {way} with the "
            f"months {since}. The paper does not print the scale"
            f"{', but print bounds it.' if state.design == 'arrest' else '.'}"
        )
    return text


@dataclass(frozen=True)
class HazardsState:
    model: str = "4"
    term: str = CAMPAIGN
    transform: str = "km"
    definition: str = "score"


class HazardsTest(Panel[HazardsState]):
    """Scaled Schoenfeld residuals: does an effect change with time?"""

    name: ClassVar[str] = "Are hazards proportional?"
    State = HazardsState
    first: ClassVar[tuple[str, ...]] = ("model", "term", "transform")

    def controls(self) -> Mapping[str, Control]:
        return {
            "model": Choice("Covariates and sample of", {f"model {k}": str(k) for k in MODELS}),
            "term": Choice(
                "Residuals of", {v: k for k, v in TERM_LABELS.items() if k != "constant"}
            ),
            "transform": Choice(
                "Time enters as",
                {"1 - Kaplan-Meier": "km", "rank": "rank", "months": "identity", "log": "log"},
            ),
            "definition": Choice(
                "Test", {"score (R now)": "score", "residual (1994, lifelines)": "residual"}
            ),
        }

    def chart(self) -> Any:
        data: Table4Data = self.data
        return pictures.live(
            charts.finish(
                pictures.residuals(),
                data.rows.frame,
                title="Scaled Schoenfeld residuals of a Cox model",
                description="One point a release, with a smooth curve and the constant estimate.",
            )
        )

    @staticmethod
    def unavailable(state: HazardsState, data: Table4Data) -> Greyed:
        there = MODELS[int(state.model)].covariates
        reason = f"Model {state.model} does not have it."
        return {
            "model": {
                str(k): f"Has no '{TERM_LABELS[state.term]}'."
                for k, model in MODELS.items()
                if state.term not in model.covariates
            },
            "term": {t: reason for t in TERM_LABELS if t != "constant" and t not in there},
        }

    @staticmethod
    def compute(state: HazardsState, data: Table4Data) -> Picture:
        model = int(state.model)
        terms = list(MODELS[model].covariates)
        if state.term not in terms:
            raise StatsError(
                f"Model {model} has no term '{TERM_LABELS[state.term]}'; choose a model that has "
                "it, or residuals of another term."
            )
        rows = data.rows
        spells, used = rows.spells(model_design(model), rows.complete(terms))
        fit = fit_cox(spells.time, spells.event, used[terms].astype(float))
        cloud = schoenfeld(fit)
        beta = float(fit.estimate[fit.terms.index(state.term)])
        time, residual = cloud["time"].to_numpy(), cloud[state.term].to_numpy()
        smooth = natural_spline(time, residual, np.linspace(time.min(), time.max(), 50))
        test = proportional_hazards_test(
            fit,
            definition=state.definition,  # type: ignore[arg-type]
            transform=state.transform,  # type: ignore[arg-type]
        )
        table = pd.DataFrame(
            {
                "term": [TERM_LABELS.get(t, "all together") for t in test.table["term"]],
                "chi-squared": test.table["chi_square"].map("{:.2f}".format),
                "degrees of freedom": test.table["df"],
                "p": [p_number(p) for p in test.table["p_value"]],
            }
        )
        start = "launch" if model == 5 else "arrest"
        longest = float(time.max()) * 1.02
        return Picture(
            {
                "points": pd.DataFrame({"time": time, "residual": residual}),
                "smooth": pd.DataFrame(
                    {
                        "time": smooth.x,
                        "value": smooth.value,
                        "low": smooth.value - 1.96 * smooth.std_error,
                        "high": smooth.value + 1.96 * smooth.std_error,
                    }
                ),
                "level": [{"value": beta, "text": f"if constant: {beta:.2f}"}],
                "span": [{"longest": longest, "unit": f"Months since {start}"}],
            },
            _say_hazards(state, rows, test.table, smooth.value, time),
            table,
        )


def _say_hazards(
    state: HazardsState, rows: CohortRows, table: pd.DataFrame, smooth: Any, time: Any
) -> str:
    by_term = table.set_index("term")["p_value"]
    own, whole = float(by_term[state.term]), float(by_term["global"])
    verdict = "rejects" if whole < 0.05 else "does not reject"
    return (
        f"{rows.whose}, model {state.model}: the global test {verdict} proportional hazards at "
        f"5 % ({p_says(whole)}); for '{TERM_LABELS[state.term]}' {p_says(own)}. The smooth "
        f"curve of its log hazard ratio goes from {smooth[0]:.1f} at month {time.min():.0f} to "
        f"{smooth[-1]:.1f} at month {time.max():.0f}; a proportional hazard would be flat."
    )
