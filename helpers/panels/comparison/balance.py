"""Panel on comparability: balance, overlap and effect before and after, synthetic cohort."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers import charts
from helpers.charts import balance as pictures
from helpers.panels.base.controls import Choice, Control, Greyed, Several, Slider, Toggle
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import carry
from helpers.stats.balance import (
    balance_table,
    effective_sample_size,
    entropy_weights,
    inverse_probability_weights,
    match_nearest,
    overlap,
    propensity_score,
    weighted_difference,
)
from helpers.stats.errors import StatsError
from helpers.stats.release import Effect, SeparationError
from helpers.study.models import in_prison_at_launch
from helpers.study.vocabulary import CONCERNS, REGIONS, TERM_LABELS

Array = NDArray[np.float64]
COVARIATES: Final[Mapping[str, tuple[str, ...]]] = {
    **{name: (TERM_LABELS[name],) for name in CONCERNS},
    "region": tuple(f"region: {region}" for region in REGIONS),
    "year": ("year of arrest",),
    "in_prison_2015": ("in prison in 2015",),
}
COLUMNS: Final = [column for columns in COVARIATES.values() for column in columns]
METHODS: Final[Mapping[str, str]] = {
    "none, as observed": "none",
    "inverse probability weights, for the chosen (ATT)": "ipw",
    "inverse probability weights, for everybody (ATE)": "ipw all",
    "entropy balancing, for the chosen (ATT)": "entropy",
    "nearest neighbors, for the chosen (ATT)": "nearest",
}
_CALIPERS: Final = {"none": "none", "0.5": "0.5", "0.2": "0.2", "0.05": "0.05"}
_BINS: Final = np.linspace(0, 1, 11)


@dataclass(frozen=True, eq=False)
class BalanceRows:
    """Cohort rows with all covariates known, as numbers.

    Attributes
    ----------
    covariates : DataFrame
        The columns of `COLUMNS`, marked.
    treated, outcome, in_2015 : ndarray
        0/1, one a row.
    """

    covariates: pd.DataFrame
    treated: Array
    outcome: Array
    in_2015: NDArray[np.bool_]

    @functools.cached_property
    def samples(self) -> Mapping[str, NDArray[np.bool_]]:
        """Which rows each sample keeps."""
        return {"all": np.ones(len(self.treated), dtype=bool), "2015": self.in_2015}


def balance_rows(cohort: pd.DataFrame) -> BalanceRows:
    """Return the rows of the cohort whose concerns are known.

    Parameters
    ----------
    cohort : DataFrame
        As `load_cohort` returns it.
    """
    rows = cohort.dropna().reset_index(drop=True)
    columns = {}
    for name, labels in COVARIATES.items():
        if name == "region":
            columns.update(
                {
                    label: (rows["region"] == region).astype(float)
                    for label, region in zip(labels, REGIONS, strict=True)
                }
            )
        else:
            source = {"year": rows["arrested"].dt.year, "in_prison_2015": in_prison_at_launch(rows)}
            columns[labels[0]] = source.get(name, rows.get(name)).astype(float)
    return BalanceRows(
        carry(pd.DataFrame(columns), cohort),
        rows["freethe20"].to_numpy(float),
        rows["released"].to_numpy(float),
        in_prison_at_launch(rows).to_numpy(),
    )


@dataclass(frozen=True)
class BalanceState:
    method: str = "nearest"
    covariates: tuple[str, ...] = tuple(COVARIATES)[:6]
    sample: str = "all"
    caliper: str = "0.2"
    ratio: int = 1
    replace: bool = False


def used_columns(covariates: tuple[str, ...], table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns a model takes: one region is the baseline, constant columns go."""
    names = [c for key in covariates for c in COVARIATES[key] if c != "region: Other"]
    kept = [c for c in names if table[c].nunique() > 1]
    return table[kept]


@functools.lru_cache(maxsize=256)
def fitted_score(data: BalanceRows, sample: str, covariates: tuple[str, ...]) -> Array:
    """Return the propensity score of the rows of a sample, or say why there is none."""
    rows = data.samples[sample]
    table = used_columns(covariates, data.covariates[rows])
    if table.empty or table.shape[1] == 0:
        raise ValueError("Tick at least one covariate that differs between rows of this sample.")
    if "in prison in 2015" in table:
        raise ValueError(
            "Every campaign row was in prison in 2015, so that covariate shuts 90 comparison rows "
            "out for certain: no score or weight can make them comparable. Take the sample 'in "
            "prison in 2015' instead."
        )
    try:
        return propensity_score(data.treated[rows], table)
    except SeparationError as problem:
        raise ValueError(
            "With these covariates some rows belong to one group for certain, so the score has "
            "no finite estimate. Untick one of them."
        ) from problem


def _score(data: BalanceRows, state: BalanceState) -> Array:
    # Like rows tie, and a share of 1 in 10 begins its bar, whatever the last digits are.
    return np.round(fitted_score(data, state.sample, state.covariates), 10)


@functools.lru_cache(maxsize=512)
def _weights(data: BalanceRows, state: BalanceState) -> tuple[Array, int]:
    """Weights of the rows of the sample, and how many campaign rows found no match."""
    rows = data.samples[state.sample]
    treated = data.treated[rows]
    if state.method == "none":
        return np.ones(len(treated)), 0
    score = _score(data, state)
    if state.method == "entropy":
        table = used_columns(state.covariates, data.covariates[rows])
        try:
            return entropy_weights(treated, table), 0
        except StatsError as problem:
            raise ValueError(
                "Entropy balancing finds no weights: no mix of comparison rows has the means of "
                "the campaign rows in all these covariates at once. Untick one, or take another "
                "method."
            ) from problem
    if state.method == "nearest":
        caliper = None if state.caliper == "none" else float(state.caliper)
        found = match_nearest(treated, score, state.replace, caliper, state.ratio)
        return found.weights, len(found.unmatched)
    return inverse_probability_weights(
        treated, score, "ATE" if state.method == "ipw all" else "ATT"
    ), 0


class Balance(Panel[BalanceState]):
    """Weight or match the comparison rows: what becomes alike, what does not, and the effect."""

    name: ClassVar[str] = "Balance"
    State = BalanceState
    first: ClassVar[tuple[str, ...]] = ("method", "sample", "covariates")

    def controls(self) -> Mapping[str, Control]:
        labels = {labels[0].split(":")[0]: key for key, labels in COVARIATES.items()}
        return {
            "method": Choice("Method", METHODS),
            "sample": Choice("Sample", {"in prison 2000-2015": "all", "in prison in 2015": "2015"}),
            "covariates": Several("Made alike", labels),
            "caliper": Choice("Caliper (matching)", _CALIPERS, help="in spreads of the score"),
            "ratio": Slider("Neighbors each (matching)", 1, 5),
            "replace": Toggle("A neighbor may serve twice (matching)"),
        }

    def chart(self) -> Any:
        alike, scores, effect = pictures.love_plot(COLUMNS, ["as observed", "now"])
        return {
            "Differences": charts.finish(
                alike,
                self.data.covariates,
                title="What is alike in both groups, and what is not",
                description="Standardized differences of the covariates, before and now.",
            ),
            "Scores": charts.finish(
                scores,
                self.data.covariates,
                title="Who is comparable to whom?",
                description="Propensity scores of both groups, before and after weighting.",
            ),
            "Effect": charts.finish(
                effect,
                self.data.covariates,
                title="The difference in releases, before and now",
                description="Two estimates with their intervals.",
            ),
        }

    @staticmethod
    def unavailable(state: BalanceState, data: BalanceRows) -> Greyed:
        out: dict[str, Any] = {}
        if state.method != "nearest":
            reason = "Only matching to nearest neighbors uses this."
            out |= {"caliper": reason, "ratio": reason, "replace": reason}
        if state.sample == "all" and "in_prison_2015" not in state.covariates:
            out["covariates"] = {
                "in_prison_2015": "Every campaign row was in prison in 2015, so rows that were "
                "not have no counterpart. Take the sample instead."
            }
        return out

    @staticmethod
    def compute(state: BalanceState, data: BalanceRows) -> Picture:
        rows = data.samples[state.sample]
        treated, table = data.treated[rows], data.covariates[rows]
        weights, unmatched = _weights(data, state)
        effects = [
            weighted_difference(data.outcome[rows], treated, w)
            for w in (np.ones(len(treated)), weights)
        ]
        tables = [balance_table(treated, table, w, "ATE").round(9) for w in (None, weights)]
        score = _score(data, state)
        group = treated == 1
        sizes = [effective_sample_size(weights[side]) for side in (group, ~group)]
        picture = {
            "balance": [
                row
                for stage, found in zip(pictures.STAGES, tables, strict=True)
                for row in _points(stage, found)
            ],
            "scores": [
                row
                for name, side in zip(pictures.GROUPS, (group, ~group), strict=True)
                for row in _histogram(name, score[side], weights[side])
            ],
            "effects": [
                _effect_row(row, effect)
                for row, effect in zip(("as observed", "now"), effects, strict=True)
            ],
        }
        ticked = {c for key in state.covariates for c in COVARIATES[key]}
        words = _say(state, effects, tables, sizes, unmatched, ticked)
        shared = overlap(treated, score)
        words += (
            f" {shared.control_outside} of {int((~group).sum())} comparison rows have a score "
            "outside the range both groups share."
        )
        return Picture(picture, words)


def _points(stage: str, table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            "covariate": row.covariate,
            "smd": float(np.clip(row.smd, -1.5, 1.5)),
            "stage": stage,
            "tip": f"{row.covariate}, {stage}: {row.smd:+z.2f} (means {row.mean_treated:.2f} and "
            f"{row.mean_control:.2f})",
        }
        for row in table.itertuples(index=False)
    ]


def _histogram(group: str, score: Array, weights: Array) -> list[dict[str, Any]]:
    counts = np.histogram(score, _BINS)[0] / len(score)
    weighted = np.histogram(score, _BINS, weights=weights / weights.sum())[0]
    return [
        {"group": group, "low": low, "high": high, "share": share, "weighted": after}
        for low, high, share, after in zip(
            _BINS[:-1].tolist(), _BINS[1:].tolist(), counts.tolist(), weighted.tolist(), strict=True
        )
    ]


def _whole(number: float) -> str:
    """Return a number without decimals; half of one is half whatever its last digits are."""
    return f"{round(number, 9):z.0f}".replace("-", "−")


def _effect_row(row: str, effect: Effect) -> dict[str, Any]:
    estimate = 100 * effect.estimate
    low, high = 100 * effect.low, 100 * effect.high
    label = f"{_whole(estimate)} ({_whole(low)} to {_whole(high)})"
    if np.isnan(effect.std_error):
        low, high, label = estimate, estimate, f"{_whole(estimate)} (no interval)"
    return {"row": row, "low": low, "high": high, "estimate": estimate, "label": label}


def _say(
    state: BalanceState,
    effects: list[Effect],
    tables: list[pd.DataFrame],
    sizes: list[float],
    unmatched: int,
    ticked: set[str],
) -> str:
    before, after = effects

    def span(effect: Effect) -> str:
        low, high = 100 * effect.low, 100 * effect.high
        limits = f"{_whole(low)} to {_whole(high)}"
        if np.isnan(effect.std_error):
            limits = "no interval"
        return f"{_whole(100 * effect.estimate)} points ({limits})"

    text = f"Synthetic rows. As observed the difference is {span(before)}"
    if state.method == "none":
        text += ". Nothing is weighted."
    else:
        text += (
            f"; now it is {span(after)}. {_whole(sizes[0])} campaign rows are compared with "
            f"comparison rows that count as {_whole(sizes[1])}."
        )
        if np.isnan(after.std_error):
            text += " All outcomes within a group are alike, so nothing measures an interval."
    if unmatched:
        who = (
            "row finds nobody near enough and is"
            if unmatched == 1
            else ("rows find nobody near enough and are")
        )
        text += f" {unmatched} campaign {who} left out."
    for name, within in (("made alike", True), ("left alone", False)):
        part = tables[1][tables[1]["covariate"].isin(ticked) == within]
        if not part.empty:
            worst = part.loc[part["smd"].abs().idxmax()]
            text += (
                f" Worst of those {name}: {worst['covariate']} ({worst['smd']:+z.2f})."
            ).replace("-", "−")
    return text
