"""Models of months to release: the clocks, who is at risk when, and Table 4."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.calendar import DAYS_PER_MONTH
from helpers.provenance.kinds import mark, provenance_of
from helpers.stats.accelerated import (
    FAMILIES,
    AcceleratedFit,
    Family,
    fit_accelerated,
)
from helpers.stats.errors import StatsError
from helpers.stats.spells import Design, Spells
from helpers.study.cohort import CohortRows
from helpers.study.models import fit_table4
from helpers.study.vocabulary import CAMPAIGN, MODELS

DESIGNS: Final[Mapping[str, Design]] = {
    "arrest": Design("arrest"),
    "launch": Design("launch"),
    "late": Design("arrest", "everyone"),
}
"""Designs of the models: 1 to 4, 5, and that with the clock from arrest and late entry."""

FIVE_DESIGNS: Final[Mapping[str, Design]] = {
    "arrest; nobody late": DESIGNS["arrest"],
    "arrest; campaign enters late": Design("arrest", "campaign"),
    "arrest; everyone enters late": DESIGNS["late"],
    "arrest; only those held in 2015": Design("arrest", "none", "in prison at launch"),
    "launch": DESIGNS["launch"],
}


def fit_terms(
    rows: CohortRows, terms: tuple[str, ...], design: Design
) -> tuple[AcceleratedFit, Spells, pd.DataFrame]:
    """Fit the Weibull model with these covariates to the spells of a design.

    Raises
    ------
    StatsError
        As `fit_accelerated` and `Design.spells`.
    """
    spells, used = rows.spells(design, rows.complete(terms))
    fit = fit_accelerated(
        spells.time, spells.event, used[list(terms)].astype(float), entry=spells.entry
    )
    return fit, spells, used


@dataclass(frozen=True)
class ClockData:
    """The cohort and the printed campaign coefficients of models 1-4.

    Attributes
    ----------
    rows : CohortRows
    printed : DataFrame
        `model, estimate, std_error`, marked as published.
    shown : ndarray of int
        Positions of the rows that the diagram draws: all of the campaign and as many others,
        taken at even distances in the order of arrest.
    fits : mapping of (model, design) to AcceleratedFit
        The fixed lines of the forest, fitted once; a model that cannot be fitted is absent.
    """

    rows: CohortRows
    printed: pd.DataFrame
    shown: Any
    fits: Mapping[tuple[int, str], AcceleratedFit]


def clock_data(rows: CohortRows, coefficients: pd.DataFrame) -> ClockData:
    """Prepare the data of the clock laboratory.

    Parameters
    ----------
    rows : CohortRows
    coefficients : DataFrame
        As `load_published_coefficients` returns it.
    """
    here = (coefficients["table"] == "table4") & (coefficients["term"] == CAMPAIGN)
    printed = coefficients.loc[here, ["model", "estimate", "std_error"]]
    printed = mark(printed, *provenance_of(coefficients)).set_index("model")
    order = np.argsort(rows.arrest, kind="stable")
    inside = order[rows.campaign[order] == 1]
    others = order[rows.campaign[order] == 0]
    every = others[np.linspace(0, others.size - 1, min(19, others.size)).astype(int)]
    fits = {}
    for model in (1, 2, 3, 4):
        for label, design in FIVE_DESIGNS.items():
            with contextlib.suppress(StatsError):
                fits[model, label] = fit_terms(rows, MODELS[model].covariates, design)[0]
    return ClockData(rows, printed, np.concatenate([inside, every]), fits)


@dataclass(frozen=True)
class Part:
    """A stretch of one row's months in prison, and whether a design counts it.

    Attributes
    ----------
    row : int
        Position in the cohort.
    start, stop : float
        Months from the launch.
    kind : {"at risk", "counted though immortal", "before entry, not counted", \
"not in this sample"}
    """

    row: int
    start: float
    stop: float
    kind: str


def counted_parts(
    rows: CohortRows, design: Design, spells: Spells, used: pd.DataFrame, shown: ArrayLike
) -> list[Part]:
    """Cut spells in prison into months that count and months that do not, at the launch.

    What counts is read off the spells that the estimate used, not decided anew.

    Parameters
    ----------
    rows : CohortRows
    design, spells, used
        As given to and returned by `fit_terms`.
    shown : array_like of int
        Positions of the rows to cut.
    """
    counted = dict(zip(used.index, spells.entry, strict=True))
    out = []
    for k in np.asarray(shown, dtype=int).tolist():
        start, stop = rows.arrest[k] / DAYS_PER_MONTH, rows.exit[k] / DAYS_PER_MONTH
        entry = counted.get(rows.frame.index[k])
        if entry is None:
            out.append(Part(k, start, stop, "not in this sample"))
        elif start < 0 < stop:
            before = "at risk"
            if design.clock == "launch" or start + entry >= 0:
                before = "before entry, not counted"
            elif rows.campaign[k] == 1 or design.sample == "in prison at launch":
                before = "counted though immortal"
            out += [Part(k, start, 0.0, before), Part(k, 0.0, stop, "at risk")]
        else:
            out.append(Part(k, start, stop, "at risk"))
    return out


def immortal_months(rows: CohortRows) -> float:
    """Months that the campaign women had been held at the launch, added up."""
    days = -rows.arrest[(rows.campaign == 1) & (rows.exit > 0)].clip(max=0)
    return float(days.sum() / DAYS_PER_MONTH)


def model_design(model: int) -> Design:
    """Return the design of a model of Table 4."""
    return DESIGNS["launch" if MODELS[model].held else "arrest"]


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
    for model in MODELS:
        for family in FAMILIES:
            try:
                fits[model, family] = _fitted(rows, model, family)
            except StatsError as problem:
                fits[model, family] = problem
    return Table4Data(rows, printed, {int(k): float(v) for k, v in foot.items()}, fits)


def _fitted(rows: CohortRows, model: int, family: Family) -> AcceleratedFit:
    rows.complete(MODELS[model].covariates)  # a column without any value is named
    return fit_table4(rows.frame, model, family)
