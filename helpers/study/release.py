"""Models of release, yes or no: Table 3 and every choice behind one campaign effect."""

from __future__ import annotations

import dataclasses
import itertools
import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd

from helpers.provenance.kinds import Provenance, provenance_of
from helpers.stats.errors import StatsError
from helpers.stats.multiverse import least_squares_batch, logit_batch
from helpers.stats.release import (
    Effect,
    Fit,
    SeparationError,
    average_marginal_effect,
    design_matrix,
    fit_release,
    odds_ratio,
    profile_interval,
    risk_difference,
)
from helpers.study.models import in_prison_at_launch
from helpers.study.vocabulary import (
    CAMPAIGN,
    CONCERNS,
    MODELS,
    REGION_CODINGS,
    REGION_OF_TERM,
    TERM_LABELS,
)

LABELS: Final[Mapping[str, str]] = {**TERM_LABELS, CAMPAIGN: "#Freethe20"}

FAMILY_WORDS: Final = {
    "linear": "linear",
    "logit": "logit",
    "probit": "probit",
    "firth": "Firth logit",
}


@dataclass(frozen=True, eq=False)
class ReleaseRows:
    """A cohort and the printed table, as the panels need them; hashed by identity.

    Attributes
    ----------
    cohort : DataFrame
        Columns of `load_cohort()`, marked synthetic or yours.
    numbers : DataFrame
        The numeric covariates, concerns as floats with NaN where missing.
    printed : mapping of model to term to (coefficient, standard error)
    observations : mapping of model to rows printed
    published : DataFrame
        The printed coefficients, for the badge.
    """

    cohort: pd.DataFrame
    numbers: pd.DataFrame
    printed: Mapping[int, Mapping[str, tuple[float, float]]]
    observations: Mapping[int, int]
    published: pd.DataFrame

    @property
    def own(self) -> bool:
        """Whether these are the reader's rows."""
        return Provenance.YOURS in provenance_of(self.cohort)

    @property
    def level(self) -> str:
        """Level at which a number computed on these rows speaks for the paper."""
        return "R2" if self.own else "R3"

    @property
    def where(self) -> str:
        """Where a number comes from, to end a sentence with."""
        return "on your rows (R2)" if self.own else "on the synthetic cohort's invented rows (R3)"


def release_rows(
    cohort: pd.DataFrame, coefficients: pd.DataFrame, fit: pd.DataFrame
) -> ReleaseRows:
    """Join a cohort with the printed Table 3.

    Parameters
    ----------
    cohort : DataFrame
        As `load_cohort` or `cohort_or_own` returns it.
    coefficients, fit : DataFrame
        As `load_published_coefficients` and `load_published_fit` return them.
    """
    cohort = cohort.reset_index(drop=True)
    numbers = pd.DataFrame({CAMPAIGN: cohort[CAMPAIGN].astype(float)})
    for name in CONCERNS:
        numbers[name] = cohort[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    table = coefficients[coefficients["table"] == "table3"]
    printed: dict[int, dict[str, tuple[float, float]]] = {}
    for row in table.itertuples(index=False):
        cell = (float(row.estimate), float(row.std_error))
        printed.setdefault(int(row.model), {})[str(row.term)] = cell
    foot = fit[fit["table"] == "table3"]
    observations = {
        int(m): int(n) for m, n in zip(foot["model"], foot["n_observations"], strict=True)
    }
    rows = ReleaseRows(cohort, numbers, printed, observations, coefficients)
    _warm(rows)
    return rows


def _warm(rows: ReleaseRows) -> None:
    """Fit what the panels open with and the slow profile limits, so that controls are quick."""
    for model in MODELS:
        for family in FAMILY_WORDS:
            try:
                fit = fit_specification(rows, Specification(model, family))
            except StatsError:
                continue
            if family == "firth":
                for term in fit.terms[:-1]:
                    effect_in(rows, Specification(model, family), term, "odds")


@dataclass(frozen=True)
class Specification:
    """What is fitted: a model of Table 3 and what may be changed about it.

    `fill` is the value given to missing concern codes, or None to leave those women out;
    `who` is "all", a region as coded, or a country. With `drop`, terms other than the campaign
    that predict some women perfectly are left out with those women (see `fit_release`).
    """

    model: int = 4
    family: str = "linear"
    errors: str = "classical"
    fixed: bool = False
    coding: str = "file"
    fill: float | None = None
    who: str = "all"
    drop: bool = False


def regions_of(rows: ReleaseRows, coding: str) -> pd.Series:
    """Return each woman's region under a coding."""
    moved = rows.cohort["country"].map(REGION_CODINGS[coding])
    return moved.fillna(rows.cohort["region"])


def sample(rows: ReleaseRows, spec: Specification) -> tuple[pd.Series, pd.DataFrame, pd.Series]:
    """Return outcome, covariates and countries of the women a specification uses.

    Raises
    ------
    StatsError
        Nobody is left, or nobody to compare with.
    """
    model = MODELS[spec.model]
    region = regions_of(rows, spec.coding)
    country = rows.cohort["country"]
    keep = pd.Series(True, index=rows.cohort.index)
    if model.held:
        keep &= in_prison_at_launch(rows.cohort)
    if spec.who != "all":
        keep &= (region == spec.who) | (country == spec.who)
    covariates = rows.numbers[[CAMPAIGN]].copy()
    if model.concerns:
        codes = rows.numbers[list(CONCERNS)]
        if spec.fill is None:
            known = codes.notna().all(axis=1)
            if keep.any() and not (keep & known).any():
                raise StatsError(
                    f"No woman here has all five concern codes that model {spec.model} needs; "
                    "choose model 1 or 3."
                )
            keep &= known
        else:
            codes = codes.fillna(spec.fill)
        covariates[list(CONCERNS)] = codes
    # One region, or a term for each country, leaves the region terms nothing to say.
    if model.regions and not spec.fixed and spec.who == "all":
        for term, name in REGION_OF_TERM.items():
            covariates[term] = (region == name).astype(float)
    _check_groups(covariates.loc[keep, CAMPAIGN], rows.cohort.loc[keep, "released"], spec)
    return rows.cohort.loc[keep, "released"], covariates[keep], country[keep]


def _check_groups(treated: pd.Series, released: pd.Series, spec: Specification) -> None:
    period = " in prison in 2015" if MODELS[spec.model].held else ""
    place = "" if spec.who == "all" else f" from {spec.who}"
    if treated.empty:
        raise StatsError(f"There is no woman{place}{period} among these rows; choose others.")
    for column, what in ((treated, "in the campaign"), (released, "released")):
        if column.nunique() < 2:
            word = "Each" if column.iloc[0] else "None"
            raise StatsError(
                f"{word} of the women{place}{period} here ({len(column)}) was {what}, so there is "
                "nothing to compare; choose other women."
            )


@lru_cache(maxsize=2048)
def fit_specification(rows: ReleaseRows, spec: Specification) -> Fit:
    """Fit one specification; what cannot be fitted says so in a sentence.

    Raises
    ------
    StatsError
        With what is wrong and what to do.
    """
    outcome, covariates, country = sample(rows, spec)
    return fit_columns(outcome, covariates, country, spec)


def fit_columns(
    outcome: pd.Series, covariates: pd.DataFrame, country: pd.Series, spec: Specification
) -> Fit:
    """Fit a specification to columns already chosen; see `fit_specification`."""
    if spec.who != "all":
        # In a part of the cohort a concern may be the same for all: it cannot matter there.
        spare = [c for c in covariates if c != CAMPAIGN and covariates[c].nunique() < 2]
        covariates = covariates.drop(columns=spare)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a failure is told by the check below
            fit = fit_release(
                outcome,
                covariates,
                spec.family,  # type: ignore[arg-type]
                spec.errors,  # type: ignore[arg-type]
                clusters=country if spec.errors == "cluster" else None,
                fixed_effects=country.rename("country") if spec.fixed else None,
                focus=CAMPAIGN if spec.drop else None,
            )
    except SeparationError as problem:
        raise SeparationError(f"{pretty(str(problem))[:-1]}, or drop that term.") from None
    except StatsError as problem:
        if "combination" in str(problem) or "use fewer covariates" in str(problem):
            raise StatsError(
                f"These {len(outcome)} women are too few, or too alike, to tell the terms of "
                f"model {spec.model} apart; choose model 1, or more women."
            ) from None
        raise StatsError(pretty(str(problem))) from None
    return fit


def pretty(text: str) -> str:
    """Return a message with our words for the columns, at most three terms named."""
    head, mark, tail = text.partition(" has no finite estimate for ")
    if mark:
        names, colon, rest = tail.partition(": ")
        parts = names.split(", ")
        if len(parts) > 3:
            parts = [*parts[:3], f"and {len(parts) - 3} more"]
        text = head + mark + ", ".join(parts) + colon + rest
    for term, label in LABELS.items():
        text = text.replace(term, label)
    return text


@lru_cache(maxsize=8192)
def effect_in(rows: ReleaseRows, spec: Specification, term: str, scale: str) -> Effect:
    """Return `effect_of` for a specification, kept: profile limits take milliseconds each."""
    return effect_of(fit_specification(rows, spec), term, scale)


def effect_of(fit: Fit, term: str, scale: str) -> Effect:
    """Return a term's effect on one of the three scales, with a 95 % interval.

    Parameters
    ----------
    scale : {"difference", "odds", "slope"}
        Difference in probability (everyone in against everyone out), odds ratio (profile
        limits for Firth), or the average marginal effect.

    Raises
    ------
    StatsError
        An odds ratio of a family that has none.
    """
    if scale == "slope":
        return average_marginal_effect(fit, term)
    if scale == "difference":
        return risk_difference(fit, term)
    if fit.family not in ("logit", "firth"):
        raise StatsError(
            f"A {fit.family} coefficient is not a log odds ratio, so exponentiating it means "
            "nothing; choose the logit or the Firth logit, or another scale."
        )
    found = odds_ratio(fit, term)
    if fit.family == "firth":
        try:
            low, high = profile_interval(fit, term)
        except StatsError:
            return found
        return dataclasses.replace(found, low=math.exp(low), high=math.exp(high))
    return found


@lru_cache(maxsize=256)
def answering(data: ReleaseRows, model: int, family: str) -> Specification:
    """Return the specification of a model in a family, or in Firth's logit when separated."""
    spec = Specification(model, family)
    try:
        fit_specification(data, spec)
    except SeparationError:
        return Specification(model, "firth")
    return spec


def fittable(data: ReleaseRows, model: int, family: str = "linear") -> int:
    """Return the model when these rows can be fitted with it, else model 1.

    A reader's own rows may lack the covariates of the other models.
    """
    try:
        fit_specification(data, Specification(model, family))
    except StatsError:
        return 1
    return model


_MANY: Final = 10
"""Women with missing codes beyond which 2^n fillings are not tried."""


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
