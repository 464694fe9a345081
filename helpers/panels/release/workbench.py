"""The workbench: every choice behind one campaign effect, each a control."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import pandas as pd

from helpers import charts
from helpers.charts import release as pictures
from helpers.panels.base.controls import Choice, Control, Toggle
from helpers.panels.base.panel import Picture
from helpers.panels.release.tables import (
    MODEL_CHOICES,
    SCALES,
    SameUnit,
    axis_rows,
    in_words,
    numbers,
    place,
)
from helpers.stats.release import Effect, Fit, predict
from helpers.study.release import (
    FAMILY_WORDS,
    LABELS,
    ReleaseRows,
    Specification,
    bounds,
    effect_of,
    fit_specification,
    sample,
)
from helpers.study.vocabulary import CAMPAIGN, MODELS
from helpers.words import listed, p_number

_NORMAL: Final = 1.959963984540054

_FILL: Final = {"drop": None, "zero": 0.0, "one": 1.0, "bounds": None}
_FILL_WORDS: Final = {
    "drop": "complete cases",
    "zero": "missing codes taken as no concern",
    "one": "missing codes taken as every concern",
}
_CODING_WORDS: Final = {
    "egypt": "Egypt counted with Africa",
    "caucasus": "Azerbaijan and Uzbekistan counted with Asia",
    "both": "Egypt counted with Africa, Azerbaijan and Uzbekistan with Asia",
}


@dataclass(frozen=True)
class BenchState:
    model: str = "4"
    family: str = "linear"
    scale: str = "difference"
    errors: str = "classical"
    fixed: bool = False
    coding: str = "file"
    missing: str = "drop"
    who: str = "all"


class Workbench(SameUnit[BenchState]):
    """One campaign effect under every choice that the table leaves open."""

    name: ClassVar[str] = "Workbench"
    State = BenchState
    first: ClassVar[tuple[str, ...]] = ("model", "family", "scale")
    reset_label = "Back to as published"

    def controls(self) -> Mapping[str, Control]:
        cohort = self.data.cohort
        regions = sorted(cohort["region"].unique())
        countries = [c for c in sorted(cohort["country"].unique()) if c not in regions]
        who = {"all countries": "all", **{f"only {p}": p for p in (*regions, *countries)}}
        return {
            "model": Choice("Model", MODEL_CHOICES),
            "family": Choice("Family", {word: family for family, word in FAMILY_WORDS.items()}),
            "scale": Choice("Scale", SCALES),
            "errors": Choice(
                "Standard errors",
                {
                    "classical": "classical",
                    "HC0": "HC0",
                    "HC1": "HC1",
                    "HC2": "HC2",
                    "HC3": "HC3",
                    "clustered by country": "cluster",
                },
            ),
            "fixed": Toggle("A term for each country (fixed effects)"),
            "coding": Choice(
                "Regions",
                {
                    "as in the file": "file",
                    "Egypt in Africa": "egypt",
                    "Azerbaijan, Uzbekistan in Asia": "caucasus",
                    "both": "both",
                },
            ),
            "missing": Choice(
                "Missing concern codes",
                {
                    "leave those women out": "drop",
                    "take as 0 (no concern)": "zero",
                    "take as 1 (concern)": "one",
                    "extremes: none or all, woman by woman": "bounds",
                },
            ),
            "who": Choice("Women from", who),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.forest(3, 46),
            self.data.published,
            self.data.cohort,
            title="One effect, every choice",
            description="The campaign effect with its interval at this setting, and as printed.",
        )

    @staticmethod
    def compute(state: BenchState, data: ReleaseRows) -> Picture:
        spec = Specification(
            int(state.model),
            state.family,
            state.errors,
            state.fixed,
            state.coding,
            _FILL[state.missing],
            state.who,
            drop=True,
        )
        if state.missing == "bounds":
            found, count = bounds(data, spec)
        else:
            found, count = (fit_specification(data, spec),), 0
        effects = tuple(effect_of(fit, CAMPAIGN, state.scale) for fit in found)
        # Two fillings that agree are one answer.
        names = ("this setting",) if len(effects) == 1 else ("lowest filling", "highest filling")
        estimate, error = data.printed[spec.model][CAMPAIGN]
        bars, labels, values = [], [], []
        if state.scale != "odds":
            low, high = estimate - _NORMAL * error, estimate + _NORMAL * error
            lines = [(0, f"Model {spec.model} as printed", "as printed", estimate, low, high)]
        else:
            lines = []
        series = FAMILY_WORDS[state.family]
        for line, (name, effect) in enumerate(zip(names, effects, strict=True), start=1):
            lines.append((line, name, series, effect.estimate, effect.low, effect.high))
        for line, name, kind, value, low, high in lines:
            labels.append({"y": line, "text": name})
            values += [value, low, high]
            bars.append(
                {
                    "y": line,
                    "x": place(value, state.scale),
                    "low": place(low, state.scale),
                    "high": place(high, state.scale),
                    "series": kind,
                    "strong": True,
                    "unit": state.scale,
                    "value": numbers(value, low, high, state.scale).replace(" points", ""),
                    "tip": f"{name}: {numbers(value, low, high, state.scale)}",
                }
            )
        rows = {"bars": bars, "labels": labels, **axis_rows(values, state.scale)}
        return Picture(rows, _say(state, data, found, effects, count), _table(found[0], data))


def _say(
    state: BenchState,
    data: ReleaseRows,
    fits: tuple[Fit, ...],
    effects: tuple[Effect, ...],
    count: int,
) -> str:
    fit = fits[0]
    treated = int(fit.design[:, fit.index(CAMPAIGN)].sum())
    model = int(state.model)
    errors = (
        "errors clustered by country" if state.errors == "cluster" else f"{state.errors} errors"
    )
    parts = [f"{fit.n} women, {treated} in the campaign", errors]
    if MODELS[model].concerns and state.missing != "bounds":
        parts.append(_FILL_WORDS[state.missing])
    if state.fixed:
        parts.append("a term for each country in place of regions")
    elif MODELS[model].regions and state.who == "all" and state.coding != "file":
        parts.append(_CODING_WORDS[state.coding])
    if MODELS[model].held:
        parts.append("held in 2015")
    if state.who != "all":
        parts.append(f"only {state.who}; terms that are the same for all are left out")
    head = f"{FAMILY_WORDS[state.family].capitalize()}, model {model} ({'; '.join(parts)}): "
    if len(effects) == 2:
        low, high = sorted(effects, key=lambda e: e.estimate)
        body = (
            f"over the {count} ways to give each woman with missing codes none or all of them "
            f"(mixtures, which could go further, are not tried), the campaign effect runs from "
            f"{in_words(low, state.scale)} to {in_words(high, state.scale)}"
        )
    else:
        word = {"odds": "odds ratio", "slope": "average marginal effect"}.get(state.scale, "effect")
        body = f"campaign {word} {in_words(effects[0], state.scale)}"
    text = f"{head}{body}, {data.where}."
    if state.scale != "odds":
        text += f" Printed: {100 * data.printed[model][CAMPAIGN][0]:+.1f} points."
    return text + "".join(f" {note}" for note in _notes(state, data, fit, treated, count))


def _notes(state: BenchState, data: ReleaseRows, fit: Fit, treated: int, count: int) -> list[str]:
    out = []
    if state.missing == "bounds" and count == 1:
        out.append("No code is missing among these women, so there is nothing to bound.")
    if treated == 1:
        out.append("One woman alone is the campaign group: her outcome decides the estimate.")
    if fit.dropped:
        out.append(_dropped(state, data, fit))
    if state.family == "linear":
        rows = pd.DataFrame(fit.design[:, :-1], columns=fit.terms[:-1])
        p = predict(fit, rows)["probability"]
        out.append(
            f"Fitted probabilities: {int((p > 1).sum())} above 1, {int((p < 0).sum())} below 0."
        )
    if state.errors == "cluster":
        number = _countries(data, state, fit)
        out.append(f"{number} countries are few clusters: such errors tend to be too small.")
    if state.errors == "HC0":
        out.append("HC0 is too small in samples like this; HC2 and HC3 correct it.")
    if state.family == "firth" and state.scale != "odds":
        out.append("The Firth interval on this scale is a delta-method one, not a profile.")
    return out


def _dropped(state: BenchState, data: ReleaseRows, fit: Fit) -> str:
    """Say which terms have no finite value, and that the campaign's has one all the same."""
    assert fit.kept is not None
    out = int((~fit.kept).sum())
    women = "the one woman" if out == 1 else f"the {out} women"
    names = [t.removeprefix("country[").removesuffix("]") for t in fit.dropped]
    names = [LABELS.get(t, t) for t in names]
    plural = len(names) > 1
    noun, verb = ("terms", "have") if plural else ("term", "has")
    return (
        f"The {noun} for {listed(names)} {verb} no finite value, for {women} concerned had "
        f"outcomes that the terms predict perfectly; "
        f"{'they are' if plural else 'it is'} left out with them. The campaign's coefficient is "
        "the same with or without them."
    )


def _countries(data: ReleaseRows, state: BenchState, fit: Fit) -> int:
    spec = Specification(
        int(state.model), coding=state.coding, fill=_FILL[state.missing], who=state.who
    )
    country = sample(data, spec)[2]
    return int((country if fit.kept is None else country[fit.kept]).nunique())


def _table(fit: Fit, data: ReleaseRows) -> pd.DataFrame:
    table = fit.table()
    shown = table[~table["term"].str.startswith("country[")]
    unit = "probability" if fit.family == "linear" else "log odds"
    if fit.family == "probit":
        unit = "probit index"
    rows = pd.DataFrame(
        {
            "term": [LABELS.get(t, t) for t in shown["term"]],
            f"coefficient, {unit} ({data.level})": [f"{v:.3f}" for v in shown["estimate"]],
            "standard error": [f"{v:.3f}" for v in shown["std_error"]],
            "p": [p_number(p) for p in shown["p_value"]],
        }
    )
    hidden = len(table) - len(shown)
    if hidden:
        rows.loc[len(rows)] = [f"({hidden} country terms)", "", "", ""]
    return rows
