"""Fresh synthetic cohorts with the same lesson, other numbers and, if wanted, a known truth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.calendar import DAYS_PER_MONTH, END_OF_FOLLOW_UP, LAUNCH
from helpers.data.catalog import load_cohort
from helpers.provenance.kinds import Provenance, mark
from helpers.stats.accelerated import fit_accelerated
from helpers.study.models import design, in_prison_at_launch, model_months, model_sample
from helpers.study.vocabulary import CONCERNS, CONSTANT, STATUSES

FIRST_ARREST: Final = date(2000, 1, 1)
MONTHS_HELD_MIN: Final = 2
TRUTH_MODEL: Final = 5
_FOLLOW_UP_DAYS: Final = (END_OF_FOLLOW_UP - LAUNCH).days


@dataclass(frozen=True)
class FittedRelease:
    """Model 5 fitted to the committed rows: coefficients on log months, and the scale."""

    coefficients: dict[str, float]
    scale: float


@lru_cache(maxsize=1)
def fitted_release() -> FittedRelease:
    """Weibull model of months since the launch on the committed rows (model 5)."""
    sample = model_sample(load_cohort(), TRUTH_MODEL)
    fit = fit_accelerated(
        model_months(sample, TRUTH_MODEL),
        sample["released"],
        design(sample, TRUTH_MODEL).drop(columns=CONSTANT),
    )
    return FittedRelease(dict(zip(fit.terms, fit.estimate.tolist(), strict=True)), fit.scale)


def variant(seed: int, effect: float | None = None) -> pd.DataFrame:
    """Draw a fresh synthetic cohort in which the campaign effect on release is known.

    Women in prison in 2015 are resampled with replacement, the nineteen of the campaign
    and the others apart, so both groups keep their sizes. Their months from the launch to
    release are then drawn anew from the Weibull model fitted to the committed rows (model
    5's covariates) with `effect` as the campaign coefficient; who is not released by her own
    date of last confirmation, drawn independently of her release, is censored there. Women
    who had left prison before the launch are resampled with their dates moved together by
    up to a year.

    **What the truth refers to.** The planted effect is that of model 5: clock from the
    launch, women in prison in 2015, log time ratio of the campaign given the other
    covariates. It is not the truth of models 1-4, whose clock starts at arrest: a campaign
    woman had to be still in prison in 2015 to be chosen, so the months before are immortal
    and those models stay biased here, as they are in the data they imitate. With
    `effect=0` model 5 rejects in about 5 % of draws; models 1-4 need not.

    Parameters
    ----------
    seed : int
        The same seed gives the same cohort.
    effect : float, optional
        Campaign coefficient on log months, e.g. 0 for none; that of the committed rows
        when left out.

    Returns
    -------
    DataFrame
        Same columns and size as the committed cohort, marked synthetic;
        ``attrs["planted_effect"]`` holds the truth.

    Raises
    ------
    ValueError
        If the effect is not a finite number.
    """
    release = fitted_release()
    planted = release.coefficients["freethe20"] if effect is None else float(effect)
    if not np.isfinite(planted):
        raise ValueError(f"The planted effect must be a finite number, not {effect!r}.")
    rng = np.random.default_rng(seed)
    base = load_cohort()
    campaign = base["freethe20"] == 1
    others = in_prison_at_launch(base) & ~campaign
    before = ~in_prison_at_launch(base)
    parts = [
        _resample(base[campaign], rng),
        _resample(base[others], rng),
    ]
    inside = _redraw(pd.concat(parts, ignore_index=True), release, planted, rng)
    outside = _shift(_resample(base[before], rng), rng)
    out = pd.concat([inside, outside], ignore_index=True)
    out = out.iloc[rng.permutation(len(out))].reset_index(drop=True)
    out["id"] = np.arange(1, len(out) + 1)
    out.attrs["planted_effect"] = planted
    return mark(out[list(base.columns)], Provenance.SYNTHETIC)


def _resample(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    return rows.iloc[rng.integers(len(rows), size=len(rows))].reset_index(drop=True)


def _redraw(
    rows: pd.DataFrame, release: FittedRelease, planted: float, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw release and last confirmed dates of women in prison in 2015."""
    out = rows.copy()
    # A woman without codes has no linear predictor; hers is that of no concern at all.
    exog = design(out.fillna(dict.fromkeys(CONCERNS, 0)), TRUTH_MODEL)
    chosen = dict(release.coefficients, freethe20=planted)
    predictor = exog.to_numpy() @ np.array([chosen[name] for name in exog.columns])
    # log T = x'beta + sigma log E with E standard exponential is a Weibull time.
    wait = np.exp(predictor + release.scale * np.log(rng.exponential(size=len(out))))
    last = rng.integers(_FOLLOW_UP_DAYS // 2, _FOLLOW_UP_DAYS + 1, size=len(out))
    days = np.minimum(np.ceil(wait * DAYS_PER_MONTH), last)
    free = wait * DAYS_PER_MONTH <= last
    arrested = _moved(out["arrested"], rng)
    latest = pd.Timestamp(LAUNCH) - pd.Timedelta(days=_shortest_days())
    out["arrested"] = arrested.where(arrested <= latest, latest)
    out["left_prison"] = pd.Timestamp(LAUNCH) + pd.to_timedelta(days, unit="D")
    out["released"] = free.astype(int)
    out["status"] = np.where(free, STATUSES[0], STATUSES[2])
    return out


def _shift(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Move arrest and exit of women out before the launch, keeping the time between."""
    out = rows.copy()
    held = out["left_prison"] - out["arrested"]
    latest = pd.Timestamp(LAUNCH) - pd.Timedelta(days=1) - held
    arrested = _moved(out["arrested"], rng)
    out["arrested"] = arrested.where(arrested <= latest, latest)
    out["left_prison"] = out["arrested"] + held
    return out


def _moved(dates: pd.Series, rng: np.random.Generator) -> pd.Series:
    days: NDArray[np.int64] = rng.integers(-365, 366, size=len(dates))
    moved = dates + pd.to_timedelta(days, unit="D")
    first = pd.Timestamp(FIRST_ARREST)
    return moved.where(moved >= first, first)


def _shortest_days() -> int:
    return int(np.ceil(MONTHS_HELD_MIN * DAYS_PER_MONTH))
