"""A fresh synthetic cohort that teaches what the committed one teaches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pandas as pd

from helpers.stats.accelerated import fit_accelerated
from helpers.stats.errors import StatsError
from helpers.stats.release import fit_release
from helpers.study.models import design, model_months, model_sample
from helpers.study.vocabulary import CAMPAIGN, CONSTANT, TERMS
from helpers.teaching.cohorts.variant import variant

LEVEL: Final = 0.05


class LessonError(ValueError):
    """No draw taught the lesson."""


def teaches_the_lesson(cohort: pd.DataFrame) -> bool:
    """Tell whether a cohort agrees with the paper on the sign of the campaign's ten coefficients.

    In each of the five linear models of release the coefficient is positive, in each of
    the five Weibull models of months to release it is negative, all at the 5 % level.
    """
    return all(_agrees(cohort, model) for model in TERMS)


def _agrees(cohort: pd.DataFrame, model: int) -> bool:
    sample = model_sample(cohort, model)
    covariates = design(sample, model).drop(columns=CONSTANT)
    try:
        release = fit_release(sample["released"], covariates)
        months = fit_accelerated(model_months(sample, model), sample["released"], covariates)
    except StatsError:
        return False  # a cohort in which the published model cannot be fitted teaches nothing
    more, sooner = release.index(CAMPAIGN), months.index(CAMPAIGN)
    return bool(
        release.estimate[more] > 0
        and release.p_value[more] < LEVEL
        and months.estimate[sooner] < 0
        and months.p_value[sooner] < LEVEL
    )


def draw_with_lesson(
    seed: int, most: int = 200, also: Callable[[pd.DataFrame], bool] = lambda _: True
) -> pd.DataFrame:
    """Return the first variant, from `seed` on, that teaches the lesson.

    About seven draws in ten do. Draws that do not are thrown away, so these cohorts must not
    be used to study how estimates vary from sample to sample.

    Parameters
    ----------
    seed : int
        Where to begin; the same seed gives the same cohort.
    most : int
        Draws to try.
    also : callable
        A further condition on the cohort, such as that an exercise has an answer in it.

    Raises
    ------
    LessonError
        If none of them does.
    """
    for step in range(most):
        # Far apart, so that students' sequences of draws do not run into each other.
        cohort = variant((seed + step * 1_000_003) % 2**32)
        if teaches_the_lesson(cohort) and also(cohort):
            cohort.attrs["draws"] = step + 1
            return cohort
    raise LessonError(f"None of {most} draws from seed {seed} teaches the lesson.")
