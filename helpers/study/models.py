"""Models 1 to 5 of the paper: whose rows they use, their covariates and their clock."""

from __future__ import annotations

import pandas as pd

from helpers.calendar import LAUNCH, months
from helpers.study.vocabulary import CONCERNS, CONSTANT, REGION_OF_TERM, TERMS


def model_sample(cohort: pd.DataFrame, model: int) -> pd.DataFrame:
    """Rows of the cohort that model 1-5 uses.

    Models 1 and 3 use all women, 2 and 4 those with concern codes, 5 those with codes
    who were in prison in 2015.
    """
    keep = pd.Series(True, index=cohort.index)
    if model in (2, 4, 5):
        keep &= cohort[list(CONCERNS)].notna().all(axis=1)
    if model == 5:
        keep &= cohort["in_prison_2015"] == 1
    return cohort[keep]


def design(sample: pd.DataFrame, model: int) -> pd.DataFrame:
    """Design matrix of a model, columns in the order of `TERMS[model]`, constant last."""
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
    """Months at risk: since arrest for models 1-4, since the launch for model 5."""
    start = LAUNCH if model == 5 else sample["arrested"]
    return months(start, sample["left_prison"])
