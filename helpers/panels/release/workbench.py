"""The workbench: every choice behind one campaign effect, each a control."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Final

import numpy as np
import pandas as pd

from helpers import charts
from helpers.charts import release as pictures
from helpers.panels.base.controls import Choice, Control, Toggle
from helpers.panels.base.panel import Picture
from helpers.panels.release.tables import (
    FAMILY_WORDS,
    LABELS,
    MODEL_CHOICES,
    MODELS,
    SCALES,
    TREATMENT,
    ReleaseRows,
    SameUnit,
    Specification,
    axis_rows,
    effect_of,
    fit_columns,
    fit_specification,
    in_words,
    numbers,
    place,
    regions_of,
    sample,
)
from helpers.stats.errors import StatsError
from helpers.stats.multiverse import least_squares_batch, logit_batch
from helpers.stats.release import Effect, Fit, design_matrix, predict

_NORMAL: Final = 1.959963984540054
_MANY: Final = 10
"""Women with missing codes beyond which 2^n fillings are not tried."""

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
        effects = tuple(effect_of(fit, TREATMENT, state.scale) for fit in found)
        # Two fillings that agree are one answer.
        names = ("this setting",) if len(effects) == 1 else ("lowest filling", "highest filling")
        estimate, error = data.printed[spec.model][TREATMENT]
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


@lru_cache(maxsize=256)
def bounds(data: ReleaseRows, spec: Specification) -> tuple[tuple[Fit, ...], int]:
    """Return the fits with the lowest and the highest effect over all fillings.

    Each woman with missing codes gets either none or all of the missing concerns; with n of
    them that is 2^n fillings. Mixed fillings are not tried, so these are no bounds over all
    that the codes could be. The extremes are those of the linear or the logit coefficient; of
    the linear one where the logit has no finite value.

    Returns
    -------
    fits : tuple of Fit
        One fit when nothing is missing, else lowest and highest.
    count : int
        Fillings tried.

    Raises
    ------
    StatsError
        Too many women with missing codes, or a fit that is impossible.
    """
    zero = Specification(**{**spec.__dict__, "fill": 0.0})
    one = Specification(**{**spec.__dict__, "fill": 1.0})
    y, low, country = sample(data, zero)
    _, high, _ = sample(data, one)
    open_rows = low.index[(low != high).any(axis=1)]
    if open_rows.empty:
        return (fit_specification(data, spec),), 1
    if len(open_rows) > _MANY:
        raise StatsError(
            f"{len(open_rows)} women have missing codes, too many to try every filling (at most "
            f"{_MANY}); take them as 0 or as 1 instead."
        )
    if spec.fixed and spec.family in ("logit", "probit"):
        # A country of one outcome decides nothing, and would leave no filling a finite value.
        mixed = y.groupby(country).transform("nunique") > 1
        mixed |= low.index.isin(open_rows)
        searched = low.index[mixed]
    else:
        searched = low.index
    k = len(open_rows)
    base, seen, where = low.loc[searched], y.loc[searched], country.loc[searched]
    stacked = pd.concat([base, high.loc[open_rows]], ignore_index=True)
    outcome = np.concatenate([seen.to_numpy(float), seen.loc[open_rows].to_numpy(float)])
    labels = pd.concat([where, where.loc[open_rows]], ignore_index=True).rename("country")
    design, terms = design_matrix(stacked, labels if spec.fixed else None)
    frame = pd.DataFrame(design[:, :-1], columns=list(terms[:-1]))
    fillings = np.array(list(itertools.product((False, True), repeat=k)))
    rows = np.ones((len(fillings), len(stacked)), dtype=bool)
    at = base.index.get_indexer(open_rows)
    rows[:, at] = ~fillings
    rows[:, len(base) :] = fillings
    include = np.ones((len(fillings), frame.shape[1]), dtype=bool)
    batch = least_squares_batch if spec.family == "linear" else logit_batch
    found = batch(outcome, frame, include, rows, threads=1).estimate[:, 0]
    if np.isnan(found).all():
        found = least_squares_batch(outcome, frame, include, rows, threads=1).estimate[:, 0]
    fits = []
    for choice in (int(np.nanargmin(found)), int(np.nanargmax(found))):
        filled = low.copy()
        chosen = open_rows[fillings[choice]]
        filled.loc[chosen] = high.loc[chosen]
        fits.append(fit_columns(y, filled, country, spec))
    return tuple(fits), len(fillings)


def _say(
    state: BenchState,
    data: ReleaseRows,
    fits: tuple[Fit, ...],
    effects: tuple[Effect, ...],
    count: int,
) -> str:
    fit = fits[0]
    treated = int(fit.design[:, fit.index(TREATMENT)].sum())
    model = int(state.model)
    concerns, regions, held = MODELS[model]
    errors = (
        "errors clustered by country" if state.errors == "cluster" else f"{state.errors} errors"
    )
    parts = [f"{fit.n} women, {treated} in the campaign", errors]
    if concerns and state.missing != "bounds":
        parts.append(_FILL_WORDS[state.missing])
    if state.fixed:
        parts.append("a term for each country in place of regions")
    elif regions and state.who == "all" and state.coding != "file":
        parts.append(_CODING_WORDS[state.coding])
    if held:
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
        text += f" Printed: {100 * data.printed[model][TREATMENT][0]:+.1f} points."
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
    listed = ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]
    plural = len(names) > 1
    return (
        f"The {'terms' if plural else 'term'} for {listed} {'have' if plural else 'has'} no finite "
        f"value, for {women} concerned had outcomes that the terms predict perfectly; "
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
            "p": [f"{v:.3f}" if v >= 0.001 else "<0.001" for v in shown["p_value"]],
        }
    )
    hidden = len(table) - len(shown)
    if hidden:
        rows.loc[len(rows)] = [f"({hidden} country terms)", "", "", ""]
    return rows


def region_table(data: ReleaseRows) -> pd.DataFrame:
    """Return where each country stands under the four codings, with its number of women."""
    country = data.cohort["country"]
    out = pd.DataFrame({"country": country, "women": 1})
    for key, name in (
        ("file", "as in the file"),
        ("egypt", "Egypt in Africa"),
        ("caucasus", "Azerbaijan, Uzbekistan in Asia"),
    ):
        out[name] = regions_of(data, key)
    names = [c for c in out.columns if c not in ("country", "women")]
    return out.groupby(["country", *names], as_index=False)["women"].sum()
