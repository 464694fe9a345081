"""A multiverse read together: predictions, shares of variance and permutations, with witnesses."""

from __future__ import annotations

import itertools
from math import factorial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf
from lifelines import WeibullAFTFitter
from statsmodels.stats.anova import anova_lm

from helpers.stats.curve import (
    curve_statistics,
    permutation_chunk,
    permutation_runs,
    points_released,
    shuffled,
    variance_shares,
)
from helpers.stats.errors import StatsError
from helpers.stats.multiverse import (
    all_subsets,
    least_squares_batch,
    logit_batch,
    weibull_batch,
)
from helpers.stats.release import fit_release, risk_difference

EXPECTED = Path(__file__).resolve().parents[1] / "reference" / "survival" / "expected"
TERMS = ["trt", "karno", "age", "squamous"]
VETERAN = pd.read_csv(EXPECTED / "veteran.csv")
INCLUDE = all_subsets(TERMS)
KEPT = np.random.default_rng(2).random((len(INCLUDE), len(VETERAN))) < 0.85


@pytest.mark.parametrize("family", ["linear", "logit"])
@pytest.mark.parametrize("chosen", [False, True])
def test_points_equal_single_fits_and_statsmodels(family: str, chosen: bool) -> None:
    y, x = (VETERAN["time"] <= 90) * 1.0, VETERAN[TERMS]
    batch = (logit_batch if family == "logit" else least_squares_batch)(y, x, INCLUDE, KEPT)
    found = points_released(batch, x, "trt", rows=KEPT, chosen_only=chosen)
    for i, (on, kept) in enumerate(zip(INCLUDE, KEPT, strict=True)):
        if not on[0]:
            assert found["problem"][i] == "the model does not hold trt"
            continue
        some = x.loc[kept, list(np.array(TERMS)[on])]
        if not chosen:
            effect = risk_difference(fit_release(y[kept], some, family), "trt")  # type: ignore[arg-type]
            assert found["estimate"][i] == pytest.approx(100 * effect.estimate, rel=1e-7)
            assert found["std_error"][i] == pytest.approx(100 * effect.std_error, rel=1e-6)
        design = sm.add_constant(some)
        fit = (sm.Logit if family == "logit" else sm.OLS)(y[kept], design).fit(disp=0)
        over = design[design["trt"] == 1] if chosen else design
        theirs = (fit.predict(over.assign(trt=1)) - fit.predict(over.assign(trt=0))).mean()
        assert found["estimate"][i] == pytest.approx(100 * theirs, rel=1e-6)


def test_points_of_a_weibull_equal_lifelines() -> None:
    x = VETERAN[TERMS]
    batch = weibull_batch(VETERAN["time"], VETERAN["event"], x, INCLUDE, KEPT)
    found = points_released(batch, x, "trt", month=90, rows=KEPT)
    for i in (8, 11, 15):
        some = VETERAN.loc[KEPT[i], [*np.array(TERMS)[INCLUDE[i]], "time", "event"]]
        life = WeibullAFTFitter().fit(some, "time", "event")
        one, zero = (
            1 - life.predict_survival_function(some.assign(trt=v), times=[90]).to_numpy().mean()
            for v in (1, 0)
        )
        assert found["estimate"][i] == pytest.approx(100 * (one - zero), abs=1e-3)


def test_the_error_of_weibull_points_is_the_delta_method() -> None:
    x = VETERAN[["trt", "karno"]]
    arguments = (VETERAN["time"], VETERAN["event"], x, [[True, True]])
    batch = weibull_batch(*arguments)
    found = points_released(batch, x, "trt", month=90)
    theta = np.append(batch.estimate[0], np.log(batch.scale[0]))

    def points(p: np.ndarray) -> float:
        shares = []
        for value in (1.0, 0.0):
            eta = p[0] * value + p[1] * x["karno"] + p[2]
            shares.append((1 - np.exp(-np.exp((np.log(90) - eta) / np.exp(p[3])))).mean())
        return float(100 * (shares[0] - shares[1]))

    step = 1e-6 * (1 + np.abs(theta))
    slope = [
        (points(theta + s * e) - points(theta - s * e)) / (2 * s)
        for s, e in zip(step, np.eye(4), strict=True)
    ]
    assert found["estimate"][0] == pytest.approx(points(theta), rel=1e-9)
    error = np.sqrt(slope @ batch.covariance[0] @ np.array(slope))
    assert found["std_error"][0] == pytest.approx(error, rel=1e-5)


def test_points_that_nobody_can_predict() -> None:
    x = VETERAN[TERMS]
    batch = weibull_batch(VETERAN["time"], VETERAN["event"], x, INCLUDE[-1:])
    for frame, term, month, words in (
        (x, "trt", None, "give one above 0"),
        (x, "karno", 9, "not a 0/1 column"),
        (x, "dose", 9, "no term 'dose'"),
        (x[["trt"]], "trt", 9, "not those of the fit"),
    ):
        with pytest.raises(StatsError, match=words):
            points_released(batch, frame, term, month)


# Shares of the variance -------------------------------------------------------------------


def grid() -> tuple[pd.DataFrame, np.ndarray]:
    choices = pd.DataFrame(itertools.product("ab", "xyz", range(4)), columns=["f", "g", "h"])
    draw = np.random.default_rng(9)
    effect = {"a": 0.0, "b": 3.0}
    y = choices["f"].map(effect) + choices["h"] * (choices["g"] == "x") + draw.normal(size=24)
    return choices, y.to_numpy()


def test_shares_in_a_full_grid_are_those_of_an_analysis_of_variance() -> None:
    choices, y = grid()
    found = variance_shares(choices, y)
    table = anova_lm(
        smf.ols(
            "y ~ C(f) + C(g) + C(h) + C(f):C(g) + C(g):C(h) + C(f):C(h)", choices.assign(y=y)
        ).fit(),
        typ=2,
    )
    total = ((y - y.mean()) ** 2).sum()
    shares = table["sum_sq"] / total
    assert found.table["alone"].to_numpy() == pytest.approx(shares[:3].to_numpy())
    pairs = found.pairs.set_index(["first", "second"])["interaction"]
    assert pairs["f", "g"] == pytest.approx(shares["C(f):C(g)"])
    assert pairs["g", "h"] == pytest.approx(shares["C(g):C(h)"])
    assert found.table["shapley"].sum() == pytest.approx(1)
    # In a full grid an interaction is shared out evenly among its choices (Owen 2014).
    triple = 1 - shares[:-1].sum()
    mine = shares["C(f)"] + (shares["C(f):C(g)"] + shares["C(f):C(h)"]) / 2 + triple / 3
    assert found.table["shapley"][0] == pytest.approx(mine)
    assert (found.table["total"] >= found.table["alone"] - 1e-12).all()


def test_shares_with_universes_left_out_equal_the_definition() -> None:
    choices, y = grid()
    y[[1, 5, 17]] = np.nan
    found = variance_shares(choices, y)
    frame = choices.assign(y=y).dropna()
    whole = frame["y"].var(ddof=0)

    def explained(names: list[str]) -> float:
        return frame.groupby(names)["y"].transform("mean").var(ddof=0) / whole if names else 0.0

    for j, name in enumerate(choices):
        gains = []
        for order in itertools.permutations(choices):
            ahead = list(order[: order.index(name)])
            gains.append(explained([*ahead, name]) - explained(ahead))
        assert len(gains) == factorial(3)
        assert found.table["shapley"][j] == pytest.approx(np.mean(gains))
    assert found.universes == 21
    with pytest.raises(StatsError, match="do not vary"):
        variance_shares(choices, np.ones(24))
    with pytest.raises(StatsError, match="one estimate"):
        variance_shares(choices, y[1:])
    with pytest.raises(StatsError, match="1 to 12"):
        variance_shares(choices[[]], y)


# Permutations -----------------------------------------------------------------------------


class Universes:
    """Least squares of two outcomes on every subset of covariates, the label always in."""

    def __init__(self, effect: float, seed: int) -> None:
        draw = np.random.default_rng(seed)
        self.x = draw.normal(size=(60, 3))
        self.labels = (draw.random(60) < 0.4) * 1.0
        self.y = self.x @ [1, 0, 0.5] + effect * self.labels + draw.normal(size=60)
        self.include = all_subsets(["label", "a", "b", "c"], always=["label"])

    def __call__(self, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        frame = pd.DataFrame(np.column_stack([labels, self.x]), columns=["label", *"abc"])
        batch = least_squares_batch(self.y, frame, self.include, threads=1)
        return batch.estimate[:, 0], batch.std_error[:, 0]


def test_permutations_resume_and_share_out_to_the_same_numbers() -> None:
    fit = Universes(0.8, 1)
    steps = list(permutation_runs(fit, fit.labels, runs=30, seed=4, chunk=8))
    assert [len(s.drawn) for s in steps] == [0, 8, 16, 24, 30]
    resumed = list(permutation_runs(fit, fit.labels, runs=30, seed=4, before=steps[2]))[-1]
    np.testing.assert_array_equal(resumed.drawn, steps[-1].drawn)
    parts = [permutation_chunk(fit, fit.labels, 4, r) for r in (range(17), range(17, 30))]
    np.testing.assert_array_equal(np.vstack(parts), steps[-1].drawn)
    with pytest.raises(StatsError, match="another seed"):
        next(permutation_runs(fit, fit.labels, seed=5, before=steps[2]))
    with pytest.raises(StatsError, match="one run or more"):
        next(permutation_runs(fit, fit.labels, runs=0))


def test_statistics_by_hand() -> None:
    found = curve_statistics([1.0, 2.0, -3.0, np.nan], [1.0, 0.5, 1.0, 1.0])
    # z = 1, 4, -3: one of three significant either way, sum 2 over the root of 3
    assert found == pytest.approx([1.0, 1 / 3, 2 / np.sqrt(3)])
    assert np.isnan(curve_statistics([np.nan], [1.0])).all()


def test_labels_are_shuffled_within_groups() -> None:
    labels, group = np.r_[np.ones(5), np.zeros(15)], np.tile(list("abcd"), 5)
    for run in range(20):
        new = shuffled(labels, 3, run, group)
        for g in "abcd":
            assert new[group == g].sum() == labels[group == g].sum()
        assert shuffled(labels, 3, run).sum() == 5
    assert any((shuffled(labels, 3, r, group) != labels).any() for r in range(5))
    with pytest.raises(StatsError, match="one group"):
        shuffled(labels, 3, 1, group[1:])


@pytest.mark.slow
def test_p_values_are_even_without_an_effect_and_small_with_one() -> None:
    low = []
    for seed in range(100):
        fit = Universes(0.0, seed)
        low.append(list(permutation_runs(fit, fit.labels, runs=39, chunk=39))[-1].p_values)
    share = (np.array(low) <= 0.25).mean(axis=0)
    # binomial with 100 trials of 1/4: four standard errors
    assert (np.abs(share - 0.25) < 4 * np.sqrt(0.25 * 0.75 / 100))[[0, 2]].all()
    strong = Universes(1.5, 3)
    assert (list(permutation_runs(strong, strong.labels, runs=99))[-1].p_values < 0.05).all()
