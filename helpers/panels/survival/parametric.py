"""Panels on models of time to release: Table 4, families, proportional hazards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
import pandas as pd

from helpers import charts
from helpers.charts import survival as pictures
from helpers.panels.base.controls import Choice, Control, Several
from helpers.panels.base.panel import Panel, Picture
from helpers.panels.survival.clocks import CAMPAIGN, MODEL_TERMS, whisker
from helpers.panels.survival.curves import (
    CONCERNS,
    MARKS,
    REGIONS,
    SHARE,
    CohortRows,
    group_of,
    p_words,
)
from helpers.stats.accelerated import (
    FAMILIES,
    AcceleratedFit,
    fit_accelerated,
    probability_plot,
)
from helpers.stats.cox import CoxFit, fit_cox, proportional_hazards_test, schoenfeld
from helpers.stats.errors import StatsError
from helpers.stats.kaplan_meier import kaplan_meier, risk_table
from helpers.stats.smoothing import natural_spline
from helpers.stats.spells import Design

TERM_LABELS: Final[Mapping[str, str]] = {
    CAMPAIGN: "campaign",
    **{column: label for label, column in CONCERNS.items()},
    **{term: label for label, term in REGIONS.items()},
    "constant": "constant",
}
_ABSURD: Final = 5.0
"""A log ratio beyond which nobody should believe the number (150 times)."""
_FAMILY_CHOICES: Final[Mapping[str, str]] = {
    "Weibull": "weibull",
    "exponential": "exponential",
    "log-normal": "log-normal",
    "log-logistic": "log-logistic",
}
DESIGNS: Final[Mapping[str, Design]] = {
    "arrest": Design("arrest"),
    "launch": Design("launch"),
    "late": Design("arrest", "everyone"),
}
_DESIGN_CHOICES: Final[Mapping[str, str]] = {
    "since arrest, imprisoned 2000-2015 (models 1-4)": "arrest",
    "since the launch, in prison in 2015 (model 5)": "launch",
    "since arrest, everyone enters at the launch": "late",
}


def model_design(model: int) -> Design:
    """Return the design of a model of Table 4."""
    return DESIGNS["launch" if model == 5 else "arrest"]


def stars(p: float) -> str:
    """Stars as the paper prints them."""
    return "***" if p < 0.01 else "**" if p < 0.05 else "*" if p < 0.1 else ""


def ratio_words(beta: float) -> str:
    """Say what a coefficient on the log of time means."""
    if beta < 0:
        return f"exp({-beta:.3f}) = {np.exp(-beta):.1f} times as long without it as with it"
    return f"exp({beta:.3f}) = {np.exp(beta):.1f} times as long with it as without it"


# Table 4 ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table4Data:
    """The cohort and the printed numbers of Table 4.

    Attributes
    ----------
    rows : CohortRows
    printed : DataFrame
        `model, term, estimate, std_error, stars`, marked as published.
    log_likelihood : mapping of int to float
        Printed, by model.
    fits : mapping of (model, family) to AcceleratedFit or StatsError
        The five models in four families, fitted once, or why one cannot be.
    """

    rows: CohortRows
    printed: pd.DataFrame
    log_likelihood: Mapping[int, float]
    fits: Mapping[tuple[int, str], AcceleratedFit | StatsError]


def table4_data(rows: CohortRows, coefficients: pd.DataFrame, fit: pd.DataFrame) -> Table4Data:
    """Prepare the data of the Table 4 panels.

    Parameters
    ----------
    rows : CohortRows
    coefficients, fit : DataFrame
        As `load_published_coefficients` and `load_published_fit` return them.
    """
    printed = coefficients[coefficients["table"] == "table4"]
    foot = fit[fit["table"] == "table4"].set_index("model")["log_likelihood"]
    fits: dict[tuple[int, str], AcceleratedFit | StatsError] = {}
    for model in MODEL_TERMS:
        for family in FAMILIES:
            try:
                fits[model, family] = _fitted(rows, model, family)
            except StatsError as problem:
                fits[model, family] = problem
    return Table4Data(rows, printed, {int(k): float(v) for k, v in foot.items()}, fits)


@dataclass(frozen=True)
class Table4State:
    view: str = CAMPAIGN
    family: str = "weibull"


class Table4(Panel[Table4State]):
    """Table 4 as printed beside the same models on the cohort."""

    name: ClassVar[str] = "Table 4, published and ours"
    State = Table4State
    reset_label: ClassVar[str] = "Back to as published"

    def controls(self) -> Mapping[str, Control]:
        views = {f"{label}, in every model": term for term, label in TERM_LABELS.items()}
        views |= {f"model {k}, every term": str(k) for k in MODEL_TERMS}
        return {
            "view": Choice("Show", views),
            "family": Choice("Family", _FAMILY_CHOICES),
        }

    def chart(self) -> Any:
        data: Table4Data = self.data
        return pictures.live(
            charts.finish(
                pictures.forest("Coefficient on log months (95 % interval); left: sooner released"),
                data.printed,
                data.rows.frame,
                title="Table 4: published and ours",
                description="Estimates with intervals, published above ours, one line a model.",
            )
        )

    @staticmethod
    def compute(state: Table4State, data: Table4Data) -> Picture:
        models = [int(state.view)] if state.view.isdigit() else list(MODEL_TERMS)
        estimates: list[dict[str, Any]] = []
        lines, gaps, ours = [], [], {}
        for model in models:
            fit = data.fits[model, state.family]
            if isinstance(fit, StatsError):
                # A file of one's own may lack the covariates of some models.
                if state.view.isdigit():
                    raise fit
                lines.append({"model": str(model), "term": "not fitted", "ours": str(fit)})
                continue
            printed = data.printed[data.printed["model"] == model].set_index("term")
            terms = fit.terms if state.view.isdigit() else [state.view]
            for term in terms:
                if term not in fit.terms:
                    continue
                place = fit.index(term)
                beta, error = float(fit.estimate[place]), float(fit.std_error[place])
                there = printed.loc[term]
                label = TERM_LABELS[term] if state.view.isdigit() else f"model {model}"
                order = len(estimates)
                estimates += [
                    whisker(label, order, "published", there["estimate"], there["std_error"]),
                    whisker(label, order, "ours", beta, error),
                ]
                gap = round(beta, 3) - float(there["estimate"])
                gaps.append(abs(gap))
                ours[model] = (beta, float(there["estimate"]))
                lines.append(
                    {
                        "model": str(model),
                        "term": TERM_LABELS[term],
                        "published": f"{there['estimate']:.3f} ({there['std_error']:.3f})"
                        f"{there['stars']}",
                        "ours": f"{beta:.3f} ({error:.3f}){stars(fit.p_value[place])}",
                        "difference": f"{gap:+.3f}",
                        "time ratio, ours": "" if term == "constant" else f"{np.exp(beta):.3f}",
                        "level": _level(data.rows, state.family),
                    }
                )
            value = data.log_likelihood[model]
            lines.append(
                {
                    "model": str(model),
                    "term": f"log-likelihood, {fit.n} women",
                    "published": f"{value:.3f}",
                    "ours": f"{fit.log_likelihood:.3f}",
                    "difference": f"{round(fit.log_likelihood, 3) - value:+.3f}",
                    "time ratio, ours": "",
                    "level": _level(data.rows, state.family),
                }
            )
        if not estimates:
            raise StatsError(
                "None of the five models can be fitted to these rows: " + str(lines[0]["ours"])
            )
        return Picture(
            {"estimates": estimates},
            _say_table4(state, data, ours, gaps),
            pd.DataFrame(lines).fillna(""),
        )


def _level(rows: CohortRows, family: str) -> str:
    return rows.level.name if family == "weibull" else "nothing printed"


def _fitted(rows: CohortRows, model: int, family: str) -> AcceleratedFit:
    terms = list(MODEL_TERMS[model])
    spells, used = rows.spells(model_design(model), rows.complete(terms))
    return fit_accelerated(
        spells.time,
        spells.event,
        used[terms].astype(float),
        family=family,  # type: ignore[arg-type]
    )


def _say_table4(
    state: Table4State,
    data: Table4Data,
    ours: Mapping[int, tuple[float, float]],
    gaps: Sequence[float],
) -> str:
    family = next(k for k, v in _FAMILY_CHOICES.items() if v == state.family)
    level = (
        f"level {data.rows.level.name}: {data.rows.level.value}"
        if state.family == "weibull"
        else "the printed models are Weibull, so the differences are between families"
    )
    text = f"{data.rows.whose} ({level}): "
    if state.view.isdigit():
        return text + (
            f"model {state.view} by the {family} family. The largest of {len(gaps)} differences "
            f"from the printed coefficients is {max(gaps):.3f}."
        )
    numbers = "; ".join(f"model {m} {b:.3f} (printed {p:.3f})" for m, (b, p) in ours.items())
    text += f"{family} coefficient of '{TERM_LABELS[state.view]}': {numbers}."
    if state.view != "constant":
        first = next(iter(ours))
        text += f" In model {first}: women are held {ratio_words(ours[first][0])}."
    return text


# The bench -------------------------------------------------------------------------------


@dataclass(frozen=True)
class BenchState:
    campaign: tuple[str, ...] = (CAMPAIGN,)
    concerns: tuple[str, ...] = tuple(CONCERNS.values())
    regions: tuple[str, ...] = tuple(REGIONS.values())
    design: str = "arrest"
    family: str = "weibull"
    only: str = "everyone"


class ModelBench(Panel[BenchState]):
    """Any of the covariates, three designs, five families, read in words."""

    name: ClassVar[str] = "Model bench"
    State = BenchState
    reset_label: ClassVar[str] = "Back to as published"

    def controls(self) -> Mapping[str, Control]:
        regions = sorted(self.data.rows.frame["region"].dropna().unique())
        return {
            "campaign": Several("Covariates", {"campaign": CAMPAIGN}),
            "concerns": Several("Concerns of the case", CONCERNS),
            "regions": Several("Regions (against all others)", REGIONS),
            "design": Choice("Time and sample", _DESIGN_CHOICES),
            "family": Choice("Family", {**_FAMILY_CHOICES, "Cox": "cox"}),
            "only": Choice("Women from", {"all regions": "everyone", **{r: r for r in regions}}),
        }

    def chart(self) -> Any:
        data: Table4Data = self.data
        return pictures.live(
            charts.finish(
                pictures.forest("Coefficient (95 %): log time ratio; for Cox, log hazard ratio"),
                data.rows.frame,
                data.printed,
                title="A model of your choice",
                description="Estimates with intervals, one line a covariate.",
            )
        )

    @staticmethod
    def compute(state: BenchState, data: Table4Data) -> Picture:
        terms = [*state.campaign, *state.concerns, *state.regions]
        rows = data.rows
        keep = rows.complete(terms)
        if state.only != "everyone":
            keep &= (rows.frame["region"] == state.only).to_numpy()
        spells, used = rows.spells(DESIGNS[state.design], keep)
        # Labels for names, so that a refusal speaks of what the reader ticked.
        x = used[terms].astype(float).rename(columns=TERM_LABELS)
        fit: AcceleratedFit | CoxFit
        if state.family == "cox":
            fit = fit_cox(spells.time, spells.event, x, entry=spells.entry)
            ratio = "hazard_ratio"
        else:
            fit = fit_accelerated(
                spells.time,
                spells.event,
                x,
                family=state.family,  # type: ignore[arg-type]
                entry=spells.entry,
            )
            ratio = "time_ratio"
        table = fit.table()
        same = _printed_model(state, terms)
        printed = data.printed[data.printed["model"] == same]
        printed = printed.set_index(printed["term"].map(TERM_LABELS))
        estimates, lines = [], []
        for order, line in enumerate(table.itertuples(index=False)):
            label = line.term
            if same is not None:
                there = printed.loc[label]
                estimates.append(
                    whisker(label, order, "published", there["estimate"], there["std_error"])
                )
            estimates.append(whisker(label, order, "ours", line.estimate, line.std_error))
            lines.append(
                {
                    "term": label,
                    "coefficient": f"{line.estimate:.3f} ({line.std_error:.3f})"
                    f"{stars(line.p_value)}",
                    "p": p_words(line.p_value).removeprefix("= "),
                    ratio.replace("_", " ") + " (95 %)": ""
                    if line.term == "constant"
                    else _interval(line),
                }
            )
            if state.family in ("weibull", "exponential") and line.term != "constant":
                middle, low, high = fit.hazard_ratio(line.term)  # type: ignore[union-attr]
                lines[-1]["hazard ratio (95 %)"] = f"{middle:.2f} ({low:.2f} to {high:.2f})"
        return Picture(
            {"estimates": estimates}, _say_bench(state, data, fit, same), pd.DataFrame(lines)
        )


def _interval(line: Any) -> str:
    with np.errstate(over="ignore"):
        low, middle, high = np.exp([line.low, line.estimate, line.high])
    low_, middle_, high_ = (f"{x:.2f}" if x < 100 else f"{x:,.0f}" for x in (low, middle, high))
    return f"{middle_} ({low_} to {high_})"


def _printed_model(state: BenchState, terms: list[str]) -> int | None:
    """Which printed model this is, if any."""
    if state.family != "weibull" or state.design == "late" or state.only != "everyone":
        return None
    for model, wanted in MODEL_TERMS.items():
        if list(wanted) == terms and (model == 5) == (state.design == "launch"):
            return model
    return None


def _say_bench(
    state: BenchState, data: Table4Data, fit: AcceleratedFit | CoxFit, same: int | None
) -> str:
    rows, name = data.rows, TERM_LABELS[CAMPAIGN]
    text = f"{rows.whose}: {fit.n} women, {fit.events} released"
    if same is not None:
        text += f"; this is model {same} as printed, here at level {rows.level.name}"
    text += ". "
    if isinstance(fit, CoxFit):
        text += f"Cox model, partial log-likelihood {fit.log_likelihood:.2f}. "
        if name in fit.terms:
            beta = float(fit.estimate[fit.terms.index(name)])
            text += (
                f"At any month, a campaign woman still held is {np.exp(beta):.1f} times as likely "
                "to leave within the next days as another (hazard ratio)."
            )
        return text
    shape = "" if fit.family == "exponential" else f", scale {fit.scale:.2f}"
    text += f"{fit.family.capitalize()} family{shape}, AIC {fit.aic:.1f}. "
    if name in fit.terms:
        beta = float(fit.estimate[fit.index(name)])
        text += (
            f"The campaign: coefficient {beta:.3f}, so women are held {ratio_words(beta)}, all "
            "else in the model equal."
        )
        if abs(beta) > _ABSURD:
            text += " So large a number says that these rows do not pin this model down."
        if fit.family in ("weibull", "exponential"):
            ratio, *_ = fit.hazard_ratio(name)
            text += (
                f" As a hazard ratio: exp({-beta:.3f}/{fit.scale:.2f}) = {ratio:.1f} times as "
                "likely to leave at any moment."
            )
        else:
            text += " Its hazard ratio changes with time, so there is no single one to read."
    else:
        text += "The campaign is not in the model."
    return text


# Families --------------------------------------------------------------------------------


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
            "family": Choice("Family", _FAMILY_CHOICES),
            "design": Choice(
                "Time and sample",
                {k: v for k, v in _DESIGN_CHOICES.items() if v != "late"},
            ),
            "by": Choice("Curves", {"campaign or not": "campaign", "all together": "all"}),
        }

    def chart(self) -> Any:
        data: Table4Data = self.data
        whole = pictures.beside(
            pictures.survival_curves(SHARE, height=280, width=330),
            pictures.probability_lines(width=250, height=280),
        )
        return pictures.live(
            charts.finish(
                whole,
                data.rows.frame,
                title="Steps: Kaplan-Meier. Smooth: the fitted family. Right: straight if it fits",
                description="Survival curves with fitted curves; a probability plot beside them.",
            )
        )

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
            f"months {since}. The paper does not print the scale."
        )
    return text


# Proportional hazards --------------------------------------------------------------------


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

    def controls(self) -> Mapping[str, Control]:
        return {
            "model": Choice(
                "Covariates and sample of", {f"model {k}": str(k) for k in MODEL_TERMS}
            ),
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
    def compute(state: HazardsState, data: Table4Data) -> Picture:
        model = int(state.model)
        terms = list(MODEL_TERMS[model])
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
                "p": [p_words(p).removeprefix("= ") for p in test.table["p_value"]],
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
        f"5 % (p {p_words(whole)}); for '{TERM_LABELS[state.term]}' p {p_words(own)}. The smooth "
        f"curve of its log hazard ratio goes from {smooth[0]:.1f} at month {time.min():.0f} to "
        f"{smooth[-1]:.1f} at month {time.max():.0f}; a proportional hazard would be flat."
    )
