"""Sensitivity against the published Darfur example, brute force in R, and exact limits."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from helpers.stats.errors import StatsError
from helpers.stats.release import CONSTANT, fit_release, least_squares
from helpers.stats.sensitivity import (
    adjusted,
    benchmark_strength,
    benchmarks,
    contour_line,
    contours,
    e_value,
    e_value_of_odds_ratio,
    fit_robustness,
    robustness,
    selection,
    selection_curve,
)

EXPECTED = Path(__file__).parents[1] / "reference" / "sensitivity" / "expected"
OMITTED = pd.read_csv(EXPECTED / "omitted.csv").set_index("quantity")["value"]
SWISS = pd.read_csv(EXPECTED / "swiss.csv")
FULL = least_squares(SWISS["Fertility"], SWISS[["Agriculture", "Education", "Catholic"]])

# The Darfur example of Cinelli & Hazlett (2020), with the digits the authors' package prints.
DARFUR = (0.09731582, 0.02325654, 783.0)
FEMALE_TREATMENT = [0.00916428667504862, 0.0183285733500972, 0.0274928600251459]
FEMALE_OUTCOME = [0.12464092303637, 0.249324064199975, 0.374050471038094]
FEMALE_ESTIMATE = [0.0752202712144491, 0.0529151723844518, 0.0303960234641548]
FEMALE_ERROR = [0.0218733277437572, 0.0203500620779637, 0.0186700648170924]
FEMALE_LOW = [0.032282966, 0.012968035, -0.006253282]
FEMALE_HIGH = [0.11815758, 0.09286231, 0.06704533]


def test_darfur_statistics() -> None:
    found = robustness(*DARFUR)
    assert abs(found.t - 4.18445) <= 5e-6
    assert abs(found.partial_r2 - 0.02187) <= 5e-6  # printed digits of the package's own test
    assert abs(found.robustness_value - 0.13878) <= 5e-6
    assert abs(found.robustness_value_alpha - 0.07626) <= 5e-6


@pytest.mark.parametrize("k", [1, 2, 3])
def test_darfur_adjusted_for_confounders_like_female(k: int) -> None:
    i = k - 1
    got = adjusted(*DARFUR, FEMALE_TREATMENT[i], FEMALE_OUTCOME[i])
    # Estimate and error are known to seven digits, so results are too.
    assert got.estimate == pytest.approx(FEMALE_ESTIMATE[i], abs=2e-8)
    assert got.std_error == pytest.approx(FEMALE_ERROR[i], abs=1e-8)
    # The package keeps df where the adjusted model has one less; ours equals R's confint below.
    assert got.low == pytest.approx(FEMALE_LOW[i], abs=2e-7)
    assert got.high == pytest.approx(FEMALE_HIGH[i], abs=2e-7)


@pytest.mark.parametrize("k", [2, 3])
def test_darfur_multiples_of_female(k: int) -> None:
    # Undo the published 1x bound to get the partial R2 of "female", then ask for k times.
    with_treatment = FEMALE_TREATMENT[0] / (1 + FEMALE_TREATMENT[0])
    shared = with_treatment**2 / (1 - with_treatment) ** 2
    odds = FEMALE_OUTCOME[0] * (1 - shared) / (1 + math.sqrt(shared)) ** 2
    got = benchmark_strength(with_treatment, odds / (1 + odds), k)
    assert got[0] == pytest.approx(FEMALE_TREATMENT[k - 1], rel=1e-10)
    assert got[1] == pytest.approx(FEMALE_OUTCOME[k - 1], rel=1e-9)


def test_leaving_a_covariate_out_in_r_gives_exactly_the_predicted_bias() -> None:
    short = (OMITTED["short_estimate"], OMITTED["short_se"], OMITTED["df"])
    got = adjusted(*short, OMITTED["r2_treatment"], OMITTED["r2_outcome"])
    assert got.estimate == pytest.approx(OMITTED["full_estimate"], rel=1e-10)
    assert got.std_error == pytest.approx(OMITTED["full_se"], rel=1e-10)
    assert got.t == pytest.approx(OMITTED["full_t"], rel=1e-10)
    assert got.low == pytest.approx(OMITTED["full_low"], rel=1e-10)
    assert got.high == pytest.approx(OMITTED["full_high"], rel=1e-10)


def test_fit_statistics_equal_r() -> None:
    found = fit_robustness(FULL, "Agriculture")
    assert found.estimate == pytest.approx(OMITTED["full_estimate"], rel=1e-10)
    assert found.partial_r2 == pytest.approx(OMITTED["full_partial_r2"], rel=1e-10)


def test_benchmarks_use_the_partial_r2_of_r_and_skip_the_impossible() -> None:
    found = benchmarks(FULL, "Agriculture", ["Education"], times=(0.5, 1, 2))
    assert [b.times for b in found] == [0.5, 1]  # twice as strong would exceed 1
    strength = benchmark_strength(OMITTED["r2_treatment"], OMITTED["r2_outcome"], 0.5)
    assert found[0].adjusted.r2_treatment == pytest.approx(strength[0], rel=1e-9)
    assert found[0].adjusted.r2_outcome == pytest.approx(strength[1], rel=1e-9)


@given(
    st.floats(-5, 5).filter(lambda v: abs(v) > 1e-3),
    st.floats(0.05, 3),
    st.integers(5, 2000),
    st.sampled_from([0.5, 1.0]),
)
def test_a_confounder_at_the_robustness_value_does_what_it_says(
    estimate: float, error: float, df: int, q: float
) -> None:
    found = robustness(estimate, error, df, q)
    rv = found.robustness_value
    left = adjusted(estimate, error, df, rv, rv).estimate
    assert left == pytest.approx((1 - q) * estimate, abs=1e-8 * (1 + abs(estimate) * df))
    assert found.robustness_value_alpha <= found.robustness_value
    mirrored = robustness(-estimate, error, df, q)
    assert mirrored.robustness_value == rv


@given(st.floats(2.5, 12), st.integers(50, 2000))
def test_a_confounder_at_the_alpha_value_leaves_t_at_its_critical_value(t: float, df: int) -> None:
    rv = robustness(t, 1.0, df).robustness_value_alpha
    left = adjusted(t, 1.0, df, rv, rv)
    assert left.t == pytest.approx(stats.t.isf(0.025, df - 1), rel=1e-6)


@given(st.floats(0, 10), st.floats(0, 10), st.integers(5, 500))
def test_robustness_grows_with_t(one: float, other: float, df: int) -> None:
    low, high = sorted((one, other))
    a, b = robustness(low, 1, df), robustness(high, 1, df)
    assert a.robustness_value <= b.robustness_value <= 1
    assert a.robustness_value_alpha <= b.robustness_value_alpha + 1e-12


def test_contours_hold_adjusted_values() -> None:
    grid = contours(*DARFUR, limit=0.4, steps=5)
    assert grid.values.shape == (5, 5)
    assert grid.values[0, 0] == pytest.approx(DARFUR[0])
    point = adjusted(*DARFUR, grid.r2_treatment[3], grid.r2_outcome[1])
    assert grid.values[1, 3] == pytest.approx(point.estimate)
    assert contours(*DARFUR, "t", 0.4, 5).values[1, 3] == pytest.approx(point.t)


def test_models_without_the_closed_form_are_refused_with_the_reason() -> None:
    rng = np.random.default_rng(3)
    x = pd.DataFrame({"g": np.tile([0, 1], 30), "z": rng.normal(size=60)})
    y = (rng.random(60) < 0.5).astype(int)
    for family in ("logit", "probit", "firth"):
        with pytest.raises(StatsError, match=f"linear models only; a {family}"):
            fit_robustness(fit_release(y, x, family), "g")  # type: ignore[arg-type]
    with pytest.raises(StatsError, match="need classical standard errors"):
        fit_robustness(fit_release(y, x, errors="HC1"), "g")
    with pytest.raises(StatsError, match="constant has no confounders"):
        fit_robustness(FULL, CONSTANT)
    with pytest.raises(StatsError, match="measure it against other"):
        benchmarks(FULL, "Agriculture", ["Agriculture"])
    with pytest.raises(StatsError, match="no term 'Wealth'"):
        benchmarks(FULL, "Agriculture", ["Wealth"])


def test_published_e_values() -> None:
    # VanderWeele & Ding (2017): 3.9 (1.8, 8.7); and the package's example 0.80 (0.71, 0.91).
    found = e_value(3.9, 1.8, 8.7)
    assert abs(found.estimate - 7.26) <= 0.005
    assert abs(found.limit - 3.0) <= 0.005
    found = e_value(0.80, 0.71, 0.91)
    assert abs(found.estimate - 1.81) <= 0.005
    assert abs(found.limit - 1.43) <= 0.005


def test_e_value_edges() -> None:
    assert e_value(1.0).estimate == 1
    assert e_value(2.0, 0.9, 4.0).limit == 1
    assert e_value_of_odds_ratio(4.0).estimate == e_value(2.0).estimate
    assert e_value_of_odds_ratio(4.0, 2.0, 8.0, rare=True) == e_value(4.0, 2.0, 8.0)


@given(st.floats(1.001, 50))
def test_e_value_is_the_same_for_a_ratio_and_its_inverse(ratio: float) -> None:
    assert e_value(ratio).estimate == pytest.approx(e_value(1 / ratio).estimate, rel=1e-9)
    # The bounding factor of two confounder ratios equal to the E-value is the ratio itself.
    e = e_value(ratio).estimate
    assert e * e / (2 * e - 1) == pytest.approx(ratio, rel=1e-9)


def test_a_lottery_is_the_hypergeometric() -> None:
    found = selection(0.0, draws=100_000)
    exact = stats.hypergeom.pmf(found.count, 40, 28, 19)
    # Five standard errors of a share of 100,000 draws.
    room = 5 * np.sqrt(exact * (1 - exact) / 100_000) + 1e-9
    assert (np.abs(found.probability - exact) <= room).all()
    assert found.probability.sum() == pytest.approx(1)


def test_perfect_foresight_picks_only_the_released() -> None:
    found = selection(1.0, draws=1000)
    assert found.tail == 1
    assert found.mean == pytest.approx(1 - 9 / 21)


def test_selection_equals_an_independent_simulation_in_r() -> None:
    for row in pd.read_csv(EXPECTED / "selection.csv").itertuples():
        found = selection(float(row.strength))
        error = math.sqrt(row.tail * (1 - row.tail) * (1 / row.draws + 1 / found.draws))
        assert abs(found.tail - row.tail) <= 4 * error
        hits = float((found.count * found.probability).sum())
        assert abs(hits - row.mean_hits) <= 4 * row.sd_hits * math.sqrt(
            1 / row.draws + 1 / found.draws
        )


def test_the_curve_rises() -> None:
    curve = selection_curve(np.linspace(0, 1, 6).tolist())
    assert curve["tail"].is_monotonic_increasing
    assert curve["mean"].is_monotonic_increasing


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: robustness(0.1, 0.0, 100), "standard error is 0.0"),
        (lambda: robustness(0.1, 0.1, 1), "1 residual degrees of freedom"),
        (lambda: robustness(math.nan, 0.1, 100), "missing or infinite"),
        (lambda: robustness(0.1, 0.1, 100, q=0), "must be positive"),
        (lambda: robustness(0.1, 0.1, 100, alpha=5), "alpha is 5"),
        (lambda: adjusted(0.1, 0.1, 100, 1.0, 0.1), "at least 0 and below 1"),
        (lambda: adjusted(0.1, 0.1, 100, 0.1, 1.1), "at least 0 and at most 1"),
        (lambda: benchmark_strength(0.6, 0.1, 2), "more than all of the treatment"),
        (lambda: benchmark_strength(0.1, 0.1, 0), "0 times as strong"),
        (lambda: contours(0.1, 0.1, 100, limit=1), "between 0 and 1"),
        (lambda: contours(0.1, 0.1, 100, steps=1), "grid points"),
        (lambda: contours(0.1, 0.1, 100, "p"), "Unknown quantity"),  # type: ignore[arg-type]
        (lambda: e_value(-1), "not a risk ratio"),
        (lambda: e_value(2, 1.5), "both confidence limits"),
        (lambda: e_value(2, 2.5, 3), "must enclose"),
        (lambda: e_value_of_odds_ratio(0), "not an odds ratio"),
        (lambda: selection(1.2), "strength is 1.2"),
        (lambda: selection(0.5, draws=1), "draws is 1"),
        (lambda: selection(0.5, 0, 19, 0, 21), "All outcomes are alike"),
        (lambda: selection(0.5, 20, 19, 0, 21), "20 outcomes but only 19"),
    ],
)
def test_bad_input_is_named(call, sentence: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(StatsError, match=sentence):
        call()


def test_a_contour_line_is_where_the_adjusted_estimate_is_that_value() -> None:
    shares = np.array([0.05, 0.13878, 0.3])
    line = contour_line(*DARFUR, 0.0, shares)
    # The authors' package prints a robustness value of 0.13878: the zero line meets the diagonal.
    assert line[1] == pytest.approx(0.13878, abs=2e-5)
    for value in (0.05, 0.0, -0.02):
        for x, y in zip(shares, contour_line(*DARFUR, value, shares), strict=True):
            assert adjusted(*DARFUR, float(x), float(y)).estimate == pytest.approx(value)


def test_a_contour_line_is_missing_where_no_confounder_is_strong_enough() -> None:
    line = contour_line(*DARFUR, 0.0, [0.0, 0.001, 0.1])
    assert np.isnan(line[:2]).all()
    assert line[2] < 1
    mirrored = contour_line(-DARFUR[0], *DARFUR[1:], -0.05, [0.1])
    assert mirrored == pytest.approx(contour_line(*DARFUR, 0.05, [0.1]))
    with pytest.raises(StatsError, match="cannot have hidden"):
        contour_line(*DARFUR, 0.2, [0.1])


def test_an_exact_fit_has_no_robustness() -> None:
    with pytest.raises(StatsError, match="nothing is left for a confounder"):
        robustness(1, 1e-300, 50)
    assert 0.999 < robustness(1, 1e-6, 50).robustness_value <= 1
