"""Panels on models of time to release: Table 4, families, proportional hazards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
import pandas as pd

from helpers import charts
from helpers.charts import survival as pictures
from helpers.panels.base.controls import Choice, Control, Several
from helpers.panels.base.panel import Panel, Picture
from helpers.panels.survival.clocks import whisker
from helpers.stats.accelerated import (
    AcceleratedFit,
    fit_accelerated,
)
from helpers.stats.cox import CoxFit, fit_cox
from helpers.stats.errors import StatsError
from helpers.study.cohort import CohortRows
from helpers.study.models import stars
from helpers.study.time_to_release import (
    DESIGNS,
    Table4Data,
)
from helpers.study.vocabulary import CAMPAIGN, CONCERNS, MODELS, REGION_OF_TERM, TERM_LABELS
from helpers.words import p_number

_ABSURD: Final = 5.0
"""A log ratio beyond which nobody should believe the number (150 times)."""
FAMILY_CHOICES: Final[Mapping[str, str]] = {
    "Weibull": "weibull",
    "exponential": "exponential",
    "log-normal": "log-normal",
    "log-logistic": "log-logistic",
}
DESIGN_CHOICES: Final[Mapping[str, str]] = {
    "since arrest, imprisoned 2000-2015 (models 1-4)": "arrest",
    "since the launch, in prison in 2015 (model 5)": "launch",
    "since arrest, everyone enters at the launch": "late",
}


def _labelled(terms: Iterable[str]) -> dict[str, str]:
    return {TERM_LABELS[term]: term for term in terms}


def ratio_words(beta: float) -> str:
    """Say what a coefficient on the log of time means."""
    if beta < 0:
        return f"exp({-beta:.3f}) = {np.exp(-beta):.1f} times as long without it as with it"
    return f"exp({beta:.3f}) = {np.exp(beta):.1f} times as long with it as without it"


# Table 4 ---------------------------------------------------------------------------------


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
        views |= {f"model {k}, every term": str(k) for k in MODELS}
        return {
            "view": Choice("Show", views),
            "family": Choice("Family", FAMILY_CHOICES),
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
        models = [int(state.view)] if state.view.isdigit() else list(MODELS)
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


def _say_table4(
    state: Table4State,
    data: Table4Data,
    ours: Mapping[int, tuple[float, float]],
    gaps: Sequence[float],
) -> str:
    family = next(k for k, v in FAMILY_CHOICES.items() if v == state.family)
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
    concerns: tuple[str, ...] = CONCERNS
    regions: tuple[str, ...] = tuple(REGION_OF_TERM)
    design: str = "arrest"
    family: str = "weibull"
    only: str = "everyone"


class ModelBench(Panel[BenchState]):
    """Any of the covariates, three designs, five families, read in words."""

    name: ClassVar[str] = "Model bench"
    State = BenchState
    first: ClassVar[tuple[str, ...]] = ("concerns", "design", "family")
    reset_label: ClassVar[str] = "Back to as published"

    def controls(self) -> Mapping[str, Control]:
        regions = sorted(self.data.rows.frame["region"].dropna().unique())
        return {
            "campaign": Several("Covariates", {"campaign": CAMPAIGN}),
            "concerns": Several("Concerns of the case", _labelled(CONCERNS)),
            "regions": Several("Regions (against all others)", _labelled(REGION_OF_TERM)),
            "design": Choice("Time and sample", DESIGN_CHOICES),
            "family": Choice("Family", {**FAMILY_CHOICES, "Cox": "cox"}),
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
                    "p": p_number(line.p_value),
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
    for model, wanted in MODELS.items():
        if list(wanted.covariates) == terms and wanted.held == (state.design == "launch"):
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
