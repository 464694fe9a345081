"""Fresh cohorts: same shape, sound dates, and an effect that the fitted model recovers."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from lifelines import WeibullAFTFitter

from helpers.calendar import END_OF_FOLLOW_UP, LAUNCH, months
from helpers.data.catalog import load_cohort
from helpers.study.models import design, model_months, model_sample
from helpers.teaching.cohorts.variant import variant
from workshop.cohort.weibull import fit_with_jacobian

DRAWS = 200
# Three binomial standard errors around 95 % and 5 % of 200 draws: sqrt(.95 * .05 / 200) = .0154.
MARGIN = 3 * np.sqrt(0.95 * 0.05 / DRAWS)


def test_same_seed_same_cohort_and_another_seed_another() -> None:
    pd.testing.assert_frame_equal(variant(3), variant(3))
    assert not variant(3).equals(variant(4))


def test_sizes_and_date_rules() -> None:
    drawn = variant(11)
    assert list(drawn.columns) == list(load_cohort().columns)
    assert len(drawn) == 252
    assert drawn["freethe20"].sum() == 19
    assert len(model_sample(drawn, 5)) == 156
    launch = pd.Timestamp(LAUNCH)
    assert (drawn["left_prison"] <= pd.Timestamp(END_OF_FOLLOW_UP)).all()
    assert ((drawn["left_prison"] >= launch) == (drawn["in_prison_2015"] == 1)).all()
    assert (drawn["arrested"] < launch).all()
    assert (months(drawn["arrested"], drawn["left_prison"]) >= 2).all()


def test_effect_must_be_a_number() -> None:
    with pytest.raises(ValueError, match="finite number"):
        variant(1, effect=float("nan"))


def _campaign(seed: int, effect: float | None) -> tuple[float, float, float]:
    """Estimate, standard error and truth of the campaign coefficient in model 5."""
    drawn = variant(seed, effect)
    sample = model_sample(drawn, 5)
    exog = design(sample, 5)
    exog = exog.loc[:, (exog != 0).any()]
    fit = fit_with_jacobian(
        exog.to_numpy(),
        np.log(model_months(sample, 5).to_numpy()),
        sample["released"].to_numpy(dtype=float),
    )
    return fit.values[0], fit.values[exog.shape[1]], drawn.attrs["planted_effect"]


def _campaigns(effect: float | None) -> list[tuple[float, float, float]]:
    out = []
    for seed in range(DRAWS):
        try:
            out.append(_campaign(seed, effect))
        except np.linalg.LinAlgError:  # covariates that part all released from others: no estimate
            continue
    assert len(out) >= 0.95 * DRAWS
    return out


@pytest.mark.slow
@pytest.mark.parametrize("effect", [None, -1.5])
def test_interval_covers_the_planted_effect(effect: float | None) -> None:
    draws = _campaigns(effect)
    covered = np.mean([abs(b - truth) <= 1.96 * se for b, se, truth in draws])
    assert abs(covered - 0.95) <= MARGIN


@pytest.mark.slow
def test_null_is_rejected_about_one_time_in_twenty() -> None:
    draws = _campaigns(0.0)
    rejected = np.mean([abs(b) > 1.96 * se for b, se, _ in draws])
    assert abs(rejected - 0.05) <= MARGIN


def test_builder_and_lifelines_fit_the_same_model() -> None:
    sample = model_sample(variant(7), 5)
    exog = design(sample, 5)
    time = model_months(sample, 5)
    event = sample["released"].astype(float)
    ours = fit_with_jacobian(exog.to_numpy(), np.log(time.to_numpy()), event.to_numpy())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = WeibullAFTFitter(fit_intercept=False).fit(
            exog.assign(time=time, event=event), "time", "event"
        )
    summary = theirs.summary.loc["lambda_"].loc[list(exog.columns)]
    k = exog.shape[1]
    # lifelines stops at a gradient of about 1e-5, so four digits are what it promises.
    np.testing.assert_allclose(ours.values[:k], summary["coef"], atol=2e-3)
    np.testing.assert_allclose(ours.values[k:-1], summary["se(coef)"], atol=2e-3)
    assert ours.values[-1] == pytest.approx(theirs.log_likelihood_, abs=1e-3)
