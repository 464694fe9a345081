"""Shares released within a horizon: R, lifelines, weighted least squares, counts by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from lifelines import KaplanMeierFitter
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from helpers import data
from helpers.calendar import months
from helpers.stats.errors import StatsError
from helpers.stats.horizon import METHODS, released_within

EXPECTED = Path(__file__).parents[1] / "reference" / "horizon" / "expected"
LUNG, IN_R = pd.read_csv(EXPECTED / "lung.csv"), pd.read_csv(EXPECTED / "horizon.csv")
COHORT = data.load_cohort()
TIME = months(COHORT["arrested"], COHORT["left_prison"]).to_numpy()
EVENT = COHORT["released"].to_numpy()
GROUP = COHORT["freethe20"].to_numpy()

# Six women inside, four outside: small enough to do with a pencil.
T = [2, 4, 5, 7, 8, 9, 3, 6, 8, 10]
D = [1, 0, 1, 0, 1, 0, 0, 1, 1, 0]
G = [1, 1, 1, 1, 1, 1, 0, 0, 0, 0]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("horizon", [120, 240, 365, 600])
def test_r_finds_the_same(method: str, horizon: int) -> None:
    mine = IN_R[(IN_R["method"] == method) & (IN_R["horizon"] == horizon)]
    want = mine.set_index("quantity")["value"]
    got = released_within(LUNG["time"], LUNG["event"], LUNG["group"], horizon, method)  # type: ignore[arg-type]
    assert got.outside.share == pytest.approx(want["outside"], abs=1e-10)
    assert got.difference == pytest.approx(want["difference"], abs=1e-10)
    error = math.hypot(got.inside.std_error, got.outside.std_error)
    assert error == pytest.approx(want["std_error"], abs=1e-10)


def test_excluding_by_hand() -> None:
    found = released_within(T, D, G, 6)
    # Inside: lost at 4; released at 2 and 5 of the five known. Outside: lost at 3; one of three.
    assert (found.inside.n, found.inside.released, found.inside.unknown) == (6, 2, 1)
    assert found.inside.share == pytest.approx(2 / 5)
    assert found.outside.share == pytest.approx(1 / 3)
    assert found.odds_ratio == pytest.approx((2 / 3) / (1 / 2))


def test_counting_the_lost_as_held_by_hand() -> None:
    found = released_within(T, D, G, 6, "held")
    assert (found.inside.share, found.outside.share) == pytest.approx((2 / 6, 1 / 4))


def test_ever_released_is_the_longest_horizon() -> None:
    found = released_within(TIME, EVENT, GROUP, 240.0, "held")
    # The four counts behind the printed model 1.
    assert found.inside.share == pytest.approx(17 / 19)
    assert found.outside.share == pytest.approx(102 / 233)


def test_the_curve_by_hand() -> None:
    found = released_within(T, D, G, 6, "curve")
    assert found.inside.share == pytest.approx(1 - (5 / 6) * (3 / 4))
    assert found.outside.share == pytest.approx(1 / 3)


def test_the_weights_by_hand() -> None:
    found = released_within(T, D, G, 6, "weight")
    # Still followed, all ten: 8/9 after month 3 (nine at risk), then 7/8 after month 4.
    after3, after4 = 8 / 9, 8 / 9 * 7 / 8
    inside = [(1.0, 1), (1 / after4, 1), (1 / after4, 0), (1 / after4, 0), (1 / after4, 0)]
    total = sum(w for w, _ in inside)
    assert found.inside.share == pytest.approx(sum(w * y for w, y in inside) / total)
    assert after3 > after4  # the ladder goes down


@pytest.mark.parametrize("horizon", [6.0, 24.0, 60.0, 120.0, 180.0])
def test_the_curve_is_that_of_lifelines(horizon: float) -> None:
    found = released_within(TIME, EVENT, GROUP, horizon, "curve")
    for which, share in ((1, found.inside), (0, found.outside)):
        mine = which == GROUP
        fit = KaplanMeierFitter().fit(TIME[mine], EVENT[mine])
        assert share.share == pytest.approx(1 - float(fit.predict(horizon)), abs=1e-12)


@pytest.mark.parametrize("method", ["exclude", "weight"])
@pytest.mark.parametrize("horizon", [24.0, 60.0, 96.0])
def test_the_difference_is_weighted_least_squares(method: str, horizon: float) -> None:
    found = released_within(TIME, EVENT, GROUP, horizon, method)  # type: ignore[arg-type]
    known = ~((EVENT == 0) & (horizon > TIME))
    y = ((EVENT == 1) & (horizon >= TIME)).astype(float)[known]
    weight = np.ones(known.sum())
    if method == "weight":
        followed = KaplanMeierFitter().fit(TIME, 1 - EVENT)
        before = np.minimum(TIME[known], horizon) - 1e-9
        weight = 1 / followed.predict(before).to_numpy()
    fit = sm.WLS(y, sm.add_constant(GROUP[known].astype(float)), weights=weight).fit(cov_type="HC0")
    assert found.difference == pytest.approx(fit.params[1], abs=1e-10)
    error = math.hypot(found.inside.std_error, found.outside.std_error)
    assert error == pytest.approx(fit.bse[1], abs=1e-10)


@pytest.mark.parametrize("method", ["held", "exclude"])
@pytest.mark.parametrize("horizon", [6.0, 12.0, 96.0, 220.0])
def test_the_interval_of_plain_shares_is_newcombes(method: str, horizon: float) -> None:
    found = released_within(TIME, EVENT, GROUP, horizon, method)  # type: ignore[arg-type]
    known = (EVENT == 1) | (horizon <= TIME) if method == "exclude" else np.ones(TIME.size, bool)
    y = (EVENT == 1) & (horizon >= TIME)
    counts = [
        (int(y[known & (g == GROUP)].sum()), int((known & (g == GROUP)).sum())) for g in (1, 0)
    ]
    low, high = confint_proportions_2indep(*counts[0], *counts[1], method="newcomb")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-10)


@pytest.mark.parametrize("method", ["weight", "curve"])
def test_other_shares_have_wilsons_limits_at_their_effective_size(method: str) -> None:
    found = released_within(TIME, EVENT, GROUP, 96.0, method)  # type: ignore[arg-type]
    for side in (found.inside, found.outside):
        size = side.share * (1 - side.share) / side.std_error**2
        limits = proportion_confint(side.share * size, size, method="wilson")
        assert (side.low, side.high) == pytest.approx(limits, abs=1e-10)


@pytest.mark.parametrize("method", METHODS)
def test_a_share_of_zero_is_no_certainty(method: str) -> None:
    found = released_within(TIME, EVENT, GROUP, 6.0, method)  # type: ignore[arg-type]
    assert found.inside.share == 0
    assert found.inside.high == pytest.approx(0.17, abs=0.01)  # Wilson, 0 of 19
    assert found.high > found.difference + 0.1


def test_where_nobody_is_followed_there_are_no_weights() -> None:
    assert TIME.max() == pytest.approx(221.1, abs=0.05)
    with pytest.raises(StatsError, match="Nobody is followed to month 228"):
        released_within(TIME, EVENT, GROUP, 228.0, "weight")
    released_within(TIME, EVENT, GROUP, 220.0, "weight")


def test_within_one_group_weighting_is_the_curve() -> None:
    """Satten & Datta: with the censoring curve of the same group, the two are one."""
    outside = GROUP == 0
    t, d = TIME[outside], EVENT[outside]
    # The second group is the first again, so that "both groups together" is one group.
    twice = released_within(np.tile(t, 2), np.tile(d, 2), np.repeat([0, 1], t.size), 96.0, "weight")
    curve = released_within(np.tile(t, 2), np.tile(d, 2), np.repeat([0, 1], t.size), 96.0, "curve")
    # Normalised weights sum to n only up to the last censored: equal to a small fraction.
    assert twice.outside.share == pytest.approx(curve.outside.share, abs=5e-3)
    assert twice.difference == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_without_censoring_all_three_are_the_share(method: str) -> None:
    t, g = np.arange(1.0, 21.0), np.repeat([1, 0], 10)
    found = released_within(t, np.ones(20), g, 15.0, method)  # type: ignore[arg-type]
    assert found.inside.share == pytest.approx(1.0)
    assert found.outside.share == pytest.approx(0.5)
    assert math.isinf(found.odds_ratio)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"months": 0}, "must be a positive number"),
        ({"months": float("nan")}, "must be a positive number"),
        ({"method": "guess"}, "one of held, exclude, weight, curve"),
        ({"group": [1] * 10}, "nobody outside"),
        ({"event": [2] * 10}, "event must be 0 or 1"),
        ({"time": [-1.0] * 10}, "zero or more"),
        ({"time": [1.0] * 9}, "different numbers of rows"),
        ({"event": [0] * 10, "months": 99}, "ends before month 99"),
    ],
)
def test_bad_input_gets_a_sentence(change: dict, sentence: str) -> None:  # type: ignore[type-arg]
    given = {"time": T, "event": D, "group": G, "months": 6, **change}
    with pytest.raises(StatsError, match=sentence):
        released_within(**given)  # type: ignore[arg-type]
