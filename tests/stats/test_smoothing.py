"""The spline against the same space built by patsy, which statsmodels uses."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from patsy import dmatrix

from helpers.stats.errors import StatsError
from helpers.stats.smoothing import natural_spline


def test_curve_and_errors_are_those_of_statsmodels_on_patsys_basis() -> None:
    rng = np.random.default_rng(4)
    x = rng.gamma(2, 20, size=120)
    y = np.sin(x / 20) + rng.normal(size=120)
    at = np.linspace(x.min(), x.max(), 31)
    ours = natural_spline(x, y, at, df=4)
    low, a, b, high = np.quantile(x, np.linspace(0, 1, 4))
    formula = "cr(x, knots=(a, b), lower_bound=low, upper_bound=high) - 1"
    known = {"a": a, "b": b, "low": low, "high": high}
    fit = sm.OLS(y, np.asarray(dmatrix(formula, {"x": x, **known}))).fit()
    there = np.asarray(dmatrix(formula, {"x": at, **known}))
    seen = fit.get_prediction(there)
    assert ours.value == pytest.approx(seen.predicted_mean, abs=1e-8)
    assert ours.std_error == pytest.approx(seen.se_mean, abs=1e-8)


def test_too_little_to_smooth_is_a_sentence() -> None:
    with pytest.raises(StatsError, match="too few for a smooth"):
        natural_spline([1, 2, 3], [1, 2, 3], [1])
    with pytest.raises(StatsError, match="different times"):
        natural_spline([1] * 9 + [2], range(10), [1])
