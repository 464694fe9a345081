"""Fresh synthetic cohorts with the same lesson, other numbers and, if wanted, a known truth."""

from __future__ import annotations

from dataclasses import dataclass
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
from helpers.teaching.cohorts.dates import MARGIN, WINDOW, dated_before_launch

MONTHS_HELD_MIN: Final = 2
TRUTH_MODEL: Final = 5
_SHORTEST: Final = int(np.ceil(MONTHS_HELD_MIN * DAYS_PER_MONTH))
_FOLLOW_UP: Final = (END_OF_FOLLOW_UP - LAUNCH).days
_WIDTH: Final = 0.1
"""Spread of the logs by which resampled lengths are smoothed."""


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
    released before the launch are resampled too; the seven who died stay. Lengths are smoothed
    (a smooth bootstrap, Silverman and Young 1987) and dates before the launch drawn anew, so
    that no length and no date is repeated more often than in the committed rows.

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
    died = base["released"] == 0
    last = (base.loc[~before & died, "left_prison"] - pd.Timestamp(LAUNCH)).dt.days
    drawn = [_resample(base[group], _before(base[group]), rng) for group in (campaign, others)]
    inside = _redraw(*_stacked(drawn), last.to_numpy(), release, planted, rng)
    freed, dead = base[before & ~died], base[before & died]
    # Shortened a little, for deaths after so long a captivity leave no room to lie apart.
    short = (_held(dead) * rng.uniform(0.75, 0.95, len(dead))).astype(np.int64)
    rows, held = _stacked([_resample(freed, _held(freed), rng), (dead, short)])
    outside = dated_before_launch(rows, held, rng)
    out = pd.concat([inside, outside], ignore_index=True)
    out = out.iloc[rng.permutation(len(out))].reset_index(drop=True)
    out["id"] = np.arange(1, len(out) + 1)
    out.attrs["planted_effect"] = planted
    return mark(out[list(base.columns)], Provenance.SYNTHETIC)


Lengths = NDArray[np.int64]


def _held(rows: pd.DataFrame) -> Lengths:
    return np.asarray((rows["left_prison"] - rows["arrested"]).dt.days)


def _before(rows: pd.DataFrame) -> Lengths:
    return np.asarray((pd.Timestamp(LAUNCH) - rows["arrested"]).dt.days)


def _stacked(parts: list[tuple[pd.DataFrame, Lengths]]) -> tuple[pd.DataFrame, Lengths]:
    rows = pd.concat([part for part, _ in parts], ignore_index=True)
    return rows, np.concatenate([lengths for _, lengths in parts])


def _resample(
    rows: pd.DataFrame, lengths: Lengths, rng: np.random.Generator
) -> tuple[pd.DataFrame, Lengths]:
    """Draw rows with replacement; each gets the smoothed length of her rank among those drawn.

    So flags vary as in a bootstrap and go together with lengths as before, while the lengths
    are spread as evenly as the committed ones.
    """
    chosen = rng.integers(len(rows), size=len(rows))
    low, high = np.log(_SHORTEST), np.log(WINDOW - 3 * MARGIN)
    logs = np.log(lengths) + rng.normal(0, _WIDTH, len(lengths))
    logs = high - np.abs(high - (low + np.abs(logs - low)))  # reflected at the bounds
    smooth = np.sort(np.rint(np.exp(logs)).astype(np.int64))
    out = np.empty_like(smooth)
    out[np.argsort(lengths[chosen], kind="stable")] = smooth
    return rows.iloc[chosen], out


def _redraw(
    rows: pd.DataFrame,
    before: Lengths,
    confirmed: Lengths,
    release: FittedRelease,
    planted: float,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Draw release and last confirmed dates of women in prison in 2015, days `before` it."""
    out = rows.copy()
    # A woman without codes has no linear predictor; hers is that of no concern at all.
    exog = design(out.fillna(dict.fromkeys(CONCERNS, 0)), TRUTH_MODEL)
    chosen = dict(release.coefficients, freethe20=planted)
    predictor = exog.to_numpy() @ np.array([chosen[name] for name in exog.columns])
    # log T = x'beta + sigma log E with E standard exponential is a Weibull time.
    wait = np.exp(predictor + release.scale * np.log(rng.exponential(size=len(out))))
    wait = wait * DAYS_PER_MONTH
    # One last date from each equal part of the committed ones, in an order of chance.
    share = (rng.permutation(len(out)) + rng.random(len(out))) / len(out)
    last = np.ceil(np.quantile(confirmed, share)) + rng.integers(-15, 16, len(out))
    last = _FOLLOW_UP - np.abs(_FOLLOW_UP - last)
    free = wait <= last
    days = np.where(free, np.ceil(wait), last)
    out["arrested"] = pd.Timestamp(LAUNCH) - pd.to_timedelta(before, unit="D")
    out["left_prison"] = pd.Timestamp(LAUNCH) + pd.to_timedelta(days, unit="D")
    out["released"] = free.astype(int)
    out["status"] = np.where(free, STATUSES[0], STATUSES[2])
    return out
