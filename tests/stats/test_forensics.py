"""What print gives away: identities, fits of survreg's kind, and the published tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from helpers.stats.accelerated import fit_accelerated
from helpers.stats.errors import StatsError
from helpers.stats.forensics import (
    _errors,
    covariate_r2,
    explained_by,
    residual_variance,
    scale_bound,
    scale_worlds,
)


def test_the_bound_of_the_published_table() -> None:
    # 0.4915 / sqrt(1/17 + 1/102), by hand 0.4915 / 0.26196
    bound = scale_bound("-2.074", "0.491", 17, 102)
    assert bound.scale == pytest.approx(1.876, abs=0.0005)
    assert bound.shape == pytest.approx(0.533, abs=0.0005)
    assert bound.hazard_ratio == pytest.approx(np.exp(2.0735 / 1.8763), abs=0.001)


def world(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    group = np.r_[np.ones(19), np.zeros(233)]
    t = np.exp(4 - draw.uniform(0, 2) * group + draw.uniform(0.5, 2) * draw.normal(size=252))
    event = (draw.random(252) < draw.uniform(0.3, 0.9)) * 1.0
    event[[0, 30]] = 1
    return t, event, group


@pytest.mark.parametrize("seed", range(12))
def test_no_fit_breaks_the_bound_and_the_closed_form_is_the_fit(seed: int) -> None:
    t, event, group = world(seed)
    fit = fit_accelerated(t, event, pd.DataFrame({"campaign": group}))
    d1, d0 = int(event[group == 1].sum()), int(event[group == 0].sum())
    b, se = f"{fit.estimate[0]:.3f}", f"{fit.std_error[0]:.3f}"
    assert fit.scale <= scale_bound(b, se, d1, d0).scale
    a, error, constant = _errors(np.log(t)[None], event[None] == 1, group == 1)
    assert 1 / a[0] == pytest.approx(fit.scale, rel=1e-6)
    assert error[0] == pytest.approx(fit.std_error[0], rel=1e-5)
    assert constant[0] == pytest.approx(fit.std_error[1], rel=1e-5)


def test_worlds_that_print_both_errors_narrow_the_scale() -> None:
    found = scale_worlds("-2.074", "0.491", "0.206", 19, 17, 233, 102)
    # An earlier simulation by another program: 1.78 to 1.85, hazard ratio 3.07 to 3.21.
    low, high = np.quantile(found.scale, [0.05, 0.95])
    assert 1.76 < low < high < 1.865
    assert found.scale.size > 100
    ratio = np.quantile(found.hazard_ratio, [0.05, 0.95])
    assert 3.03 < ratio[0] < ratio[1] < 3.25
    assert found.scale_all.max() <= 1.8763


def test_r2_of_the_campaign_from_print() -> None:
    found = covariate_r2("0.090", residual_variance("-20.640", 156, 10), 19, 156)
    assert found.low == pytest.approx(0.40, abs=0.005)
    assert found.high == pytest.approx(0.41, abs=0.005)


@pytest.mark.parametrize("seed", range(5))
def test_r2_and_partial_r2_hold_what_a_regression_has(seed: int) -> None:
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(120, 3))
    d = (x @ [1, 0.5, 0] + draw.normal(size=120) > 0.8) * 1.0
    y = d + x @ [0.3, 0, 1] + draw.normal(size=120)
    fit = sm.OLS(y, np.column_stack([d, x, np.ones(120)])).fit()
    true = sm.OLS(d, np.column_stack([x, np.ones(120)])).fit().rsquared
    variance = residual_variance(f"{fit.llf:.3f}", 120, 5, offset=0)
    assert variance[0] <= fit.mse_resid <= variance[1]
    found = covariate_r2(f"{fit.bse[0]:.3f}", variance, int(d.sum()), 120)
    assert found.low <= true <= found.high
    assert found.high - found.low < 0.02
    printed = [(f"{b:.3f}", f"{s:.3f}") for b, s in zip(fit.params, fit.bse, strict=True)]
    for (low, high), t in zip(explained_by(printed, 115), fit.tvalues, strict=True):
        assert low <= t**2 / (t**2 + 115) <= high


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: scale_bound("-2.074", "0.491", 0, 102), "at least one event"),
        (lambda: scale_bound("-2.074", "0", 17, 102), "positive"),
        (lambda: scale_bound("x", "0.491", 17, 102), "not a plain printed number"),
        (lambda: scale_worlds("-2", "0.4", "0.2", 5, 6, 9, 3), "more events than rows"),
        (lambda: scale_worlds("-2", "0.4", "0.2", 5, 4, 9, 3, worlds=0), "Ask for 1 to"),
        (lambda: covariate_r2("0.09", (0.1, 0.2), 0, 5), "rows with 1"),
        (lambda: residual_variance("-20.6", 5, 5), "more than 5 rows"),
        (lambda: explained_by([("0.1", "0.0")], 9), "0 within its rounding"),
    ],
)
def test_what_print_cannot_say_is_refused(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(StatsError, match=words):
        call()
