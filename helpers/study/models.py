"""Models 1 to 5 of the paper in a plain script: samples, covariates, months, Tables 3 and 4."""

from __future__ import annotations

import pandas as pd

from helpers.calendar import LAUNCH, held_at_launch, months
from helpers.stats.accelerated import AcceleratedFit, Family, fit_accelerated
from helpers.stats.release import Fit, fit_release
from helpers.study.vocabulary import CONCERNS, CONSTANT, MODELS, REGION_OF_TERM, TERMS


def in_prison_at_launch(cohort: pd.DataFrame) -> pd.Series:
    """Return who was in prison at the launch, by the dates: the sample of model 5.

    Table 3 calls these women "in prison in 2015", Table 4 "in prison at the launch", and both
    count 156; `in_prison_in_2015` is what Table 3's words say when they are taken by themselves.
    """
    return held_at_launch(cohort["arrested"], cohort["left_prison"])


def in_prison_in_2015(cohort: pd.DataFrame) -> pd.Series:
    """Return who was in prison on some day of 2015, by the dates: "in prison in 2015" as said."""
    first, last = pd.Timestamp(2015, 1, 1), pd.Timestamp(2015, 12, 31)
    return (cohort["arrested"] <= last) & (cohort["left_prison"] >= first)


def coded(cohort: pd.DataFrame) -> pd.Series:
    """Return who has a code for each of the five concerns."""
    return cohort[list(CONCERNS)].notna().all(axis=1)


def model_sample(cohort: pd.DataFrame, model: int) -> pd.DataFrame:
    """Return the rows that a model uses.

    Models 1 and 3 use all women, 2 and 4 those with concern codes, 5 those with codes who were
    held at the launch.

    Parameters
    ----------
    cohort : DataFrame
        As `load_cohort` or `cohort_or_own` returns it.
    model : {1, 2, 3, 4, 5}
    """
    keep = pd.Series(True, index=cohort.index)
    if MODELS[model].concerns:
        keep &= coded(cohort)
    if MODELS[model].held:
        keep &= in_prison_at_launch(cohort)
    return cohort[keep]


def design(sample: pd.DataFrame, model: int) -> pd.DataFrame:
    """Return the design matrix of a model, columns in the order of `TERMS[model]`."""
    columns: dict[str, pd.Series] = {}
    for term in TERMS[model]:
        if term == CONSTANT:
            columns[term] = pd.Series(1.0, index=sample.index)
        elif term in REGION_OF_TERM:
            columns[term] = (sample["region"] == REGION_OF_TERM[term]).astype(float)
        else:
            columns[term] = sample[term].astype(float)
    return pd.DataFrame(columns)


def model_months(sample: pd.DataFrame, model: int) -> pd.Series:
    """Return the months at risk: since arrest for models 1-4, since the launch for model 5."""
    return months(LAUNCH if MODELS[model].held else sample["arrested"], sample["left_prison"])


def fit_table3(cohort: pd.DataFrame, model: int) -> Fit:
    """Fit a model of Table 3: a linear model of release, yes or no.

    Raises
    ------
    StatsError
        Rows that the model cannot be fitted to; the sentence says why.
    """
    sample = model_sample(cohort, model)
    return fit_release(sample["released"], design(sample, model).drop(columns=CONSTANT))


def fit_table4(cohort: pd.DataFrame, model: int, family: Family = "weibull") -> AcceleratedFit:
    """Fit a model of Table 4: an accelerated failure time model of the months to release.

    Parameters
    ----------
    cohort : DataFrame
        As `load_cohort` or `cohort_or_own` returns it.
    model : {1, 2, 3, 4, 5}
    family : {"weibull", "exponential", "log-normal", "log-logistic"}
        The printed table has the Weibull.

    Raises
    ------
    StatsError
        Rows that the model cannot be fitted to; the sentence says why.
    """
    sample = model_sample(cohort, model)
    covariates = design(sample, model).drop(columns=CONSTANT)
    return fit_accelerated(model_months(sample, model), sample["released"], covariates, family)


def stars(p: float) -> str:
    """Return the stars as the paper prints them: *** p < .01, ** p < .05, * p < .1."""
    return "***" if p < 0.01 else "**" if p < 0.05 else "*" if p < 0.1 else ""
