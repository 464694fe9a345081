"""Balance, weighting and matching against R, Stata and hand-worked rows."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize
from statsmodels.treatment.tests.results import results_teffects as stata

from helpers.stats.balance import (
    balance_table,
    before_and_after,
    effective_sample_size,
    entropy_weights,
    inverse_probability_weights,
    match_nearest,
    overlap,
    propensity_score,
    weighted_difference,
)
from helpers.stats.errors import StatsError
from helpers.stats.release import SeparationError

EXPECTED = Path(__file__).parents[1] / "reference" / "balance" / "expected"
DATA = pd.read_csv(EXPECTED / "data.csv")
X = DATA[["age", "parity", "spontaneous"]]
G = DATA["treated"]
WEIGHTS = pd.read_csv(EXPECTED / "weights.csv")
R = pd.read_csv(EXPECTED / "balance.csv").set_index(["method", "quantity"])["value"]


def smds(method: str) -> list[float]:
    return [float(R[method, f"smd_{name}"]) for name in X]


def test_differences_before_weighting_equal_r() -> None:
    np.testing.assert_allclose(balance_table(G, X)["smd"], smds("observed"), rtol=1e-10)
    ate = balance_table(G, X, estimand="ATE")["smd"]
    np.testing.assert_allclose(ate, smds("observed_ate_scale"), rtol=1e-10)


@pytest.mark.parametrize("estimand", ["ATT", "ATE"])
def test_inverse_probability_weighting_equals_r(estimand: str) -> None:
    score = propensity_score(G, X)
    np.testing.assert_allclose(score, WEIGHTS["score"], rtol=1e-10)
    weights = inverse_probability_weights(G, score, estimand)  # type: ignore[arg-type]
    np.testing.assert_allclose(weights, WEIGHTS[estimand.lower()], rtol=1e-9)
    method = f"ipw_{estimand.lower()}"
    effect = weighted_difference(DATA["outcome"], G, weights)
    assert effect.estimate == pytest.approx(R[method, "estimate"], rel=1e-8)
    assert effect.std_error == pytest.approx(R[method, "std_error"], rel=1e-8)
    after = balance_table(G, X, weights, estimand)["smd"]  # type: ignore[arg-type]
    np.testing.assert_allclose(after, smds(method), rtol=1e-8)


def test_like_rows_have_like_scores_so_that_they_tie() -> None:
    draw = np.random.default_rng(3)
    rows = pd.DataFrame(draw.integers(0, 2, (251, 5)).astype(float), columns=list("abcde"))
    rows["e"] += 2000  # as a year: sums of such unlike sizes are where last digits part
    score = propensity_score(draw.integers(0, 2, 251), rows)
    assert pd.Series(score).groupby([rows[c] for c in rows]).nunique().max() == 1


@pytest.mark.parametrize(("estimand", "table"), [("ATE", "table"), ("ATT", "table_t")])
def test_weighting_equals_stata(estimand: str, table: str) -> None:
    # Stata's teffects ipw on the Cattaneo birth weight data, shipped with statsmodels.
    path = files("statsmodels.treatment.tests") / "results" / "cataneo2.csv"
    births = pd.read_csv(str(path))
    covariates = births[["mmarried_", "mage", "mage2", "fbaby_", "medu"]]
    score = propensity_score(births["mbsmoke_"], covariates, "probit")
    weights = inverse_probability_weights(births["mbsmoke_"], score, estimand)  # type: ignore[arg-type]
    effect = weighted_difference(births["bweight"], births["mbsmoke_"], weights)
    assert effect.estimate == pytest.approx(stata.results_ipw[table][0, 0], rel=1e-8)


def test_unweighted_difference_equals_r() -> None:
    effect = weighted_difference(DATA["outcome"], G)
    assert effect.estimate == pytest.approx(R["observed", "estimate"], rel=1e-10)
    assert effect.std_error == pytest.approx(R["observed", "std_error"], rel=1e-10)


def test_entropy_weights_equal_a_general_optimizer_in_r() -> None:
    weights = entropy_weights(G, X)
    # R's BFGS stops with gaps of about 1e-8, which moves single weights by about 1e-7.
    np.testing.assert_allclose(weights, WEIGHTS["entropy"], atol=1e-6)
    effect = weighted_difference(DATA["outcome"], G, weights)
    assert effect.estimate == pytest.approx(R["entropy", "estimate"], abs=1e-7)
    assert effect.std_error == pytest.approx(R["entropy", "std_error"], abs=1e-7)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000), st.integers(1, 4), st.sampled_from([1, 2]))
def test_entropy_weights_balance_to_eight_digits_or_say_why_not(
    seed: int, columns: int, moments: int
) -> None:
    rng = np.random.default_rng(seed)
    g = np.repeat([1, 0], [15, 45])
    x = pd.DataFrame(rng.normal(size=(60, columns)) + 0.4 * g[:, None])
    x["dummy"] = rng.integers(0, 2, 60)
    try:
        w = entropy_weights(g, x, moments)  # type: ignore[arg-type]
    except StatsError:
        gaps = x[g == 0] - x[g == 1].mean()
        if moments == 1:  # the refusal must be true: no mixture of controls has that mean
            shares = optimize.linprog(
                np.zeros(45),
                A_eq=np.vstack([gaps.T, np.ones(45)]),
                b_eq=np.r_[np.zeros(gaps.shape[1]), 1],
            )
            assert shares.status == 2
        return
    assert (w > 0).all()
    assert w[g == 0].sum() == pytest.approx(15)
    for power in range(1, moments + 1):
        values = x.to_numpy() ** power
        target = values[g == 1].mean(axis=0)
        np.testing.assert_allclose(
            np.average(values[g == 0], axis=0, weights=w[g == 0]), target, atol=1e-7
        )
    table = balance_table(g, x, w)
    assert table["smd"].abs().max() <= 1e-8


def test_redundant_columns_do_no_harm() -> None:
    twice = X.assign(again=X["age"] * 2)
    np.testing.assert_allclose(entropy_weights(G, twice), entropy_weights(G, X), atol=1e-8)


@pytest.mark.parametrize(("replace", "name"), [(False, "matched"), (True, "matched_replace")])
def test_matching_equals_r(replace: bool, name: str) -> None:
    found = match_nearest(G, propensity_score(G, X), replace, caliper=0.1)
    np.testing.assert_array_equal(found.weights, WEIGHTS[name])
    assert len(found.pairs) == R[name, "pairs"]
    effect = weighted_difference(DATA["outcome"], G, found.weights)
    assert effect.estimate == pytest.approx(R[name, "estimate"], rel=1e-9)
    assert effect.std_error == pytest.approx(R[name, "std_error"], rel=1e-9)
    assert len(found.pairs) + len(found.unmatched) == G.sum()
    controls = [j for _, j in found.pairs]
    assert (len(set(controls)) == len(controls)) is not replace


def test_matching_by_hand() -> None:
    treated = [1, 1, 0, 0, 0]
    score = [0.50, 0.90, 0.85, 0.52, 0.10]
    once = match_nearest(treated, score)
    assert once.pairs == ((1, 2), (0, 3))
    assert once.weights.tolist() == [1, 1, 1, 1, 0]
    two = match_nearest(treated, score, ratio=2)  # row 1 takes both near controls first
    assert two.pairs == ((1, 2), (1, 3), (0, 4))
    assert two.weights.tolist() == [1, 1, 0.5, 0.5, 1]
    both = match_nearest(treated, score, replace=True, ratio=2)
    assert both.pairs == ((1, 2), (1, 3), (0, 3), (0, 2))
    assert match_nearest(treated, score, caliper=0.1).unmatched == (1,)


def test_overlap_by_hand() -> None:
    found = overlap([1, 1, 1, 0, 0, 0], [0.4, 0.6, 0.9, 0.1, 0.5, 0.7])
    assert found.common == (0.4, 0.7)
    assert (found.treated_outside, found.control_outside) == (1, 1)
    apart = overlap([1, 1, 0, 0], [0.8, 0.9, 0.1, 0.2])
    assert apart.common is None
    assert (apart.treated_outside, apart.control_outside) == (2, 2)


def test_effective_sample_size() -> None:
    assert effective_sample_size([1, 1, 1, 1]) == 4
    assert effective_sample_size([1, 0, 0]) == 1
    assert effective_sample_size([3, 1]) == pytest.approx(1.6)


@given(st.integers(0, 10_000))
def test_relabelling_the_groups_flips_the_sign(seed: int) -> None:
    rng = np.random.default_rng(seed)
    g = np.r_[1, 1, 0, 0, rng.integers(0, 2, 16)]
    x = pd.DataFrame(rng.normal(size=(20, 2)), columns=["a", "b"])
    here = balance_table(g, x, estimand="ATE")["smd"]
    there = balance_table(1 - g, x, estimand="ATE")["smd"]
    np.testing.assert_allclose(here, -there)
    y = rng.normal(size=20)
    one, other = weighted_difference(y, g), weighted_difference(y, 1 - g)
    assert one.estimate == pytest.approx(-other.estimate)
    assert one.std_error == pytest.approx(other.std_error)


def test_before_and_after_in_one_table() -> None:
    table = before_and_after(DATA["outcome"], G, X, caliper=0.1).set_index("method")
    assert table.loc["entropy balancing", "worst_smd"] <= 1e-8
    assert table.loc["as observed", "worst_smd"] == pytest.approx(np.abs(smds("observed")).max())
    assert table.loc["nearest neighbor", "estimate"] == pytest.approx(R["matched", "estimate"])
    assert (table["problem"] == "").all()


def test_a_method_without_an_answer_says_so_and_the_others_still_answer() -> None:
    x = pd.DataFrame({"age": [50.0, 51, 52, 20, 21, 22, 23]})
    table = before_and_after([1, 0, 1, 0, 1, 0, 0], [1, 1, 1, 0, 0, 0, 0], x).set_index("method")
    assert table.loc["as observed", "estimate"] == pytest.approx(2 / 3 - 1 / 4)
    assert "age" in table.loc["entropy balancing", "problem"]
    assert "age" in table.loc["inverse probability", "problem"]
    assert np.isnan(table.loc["entropy balancing", "estimate"])


def test_a_flat_covariate_has_a_documented_answer() -> None:
    x = pd.DataFrame({"same": [1, 1, 1, 1], "split": [1, 1, 0, 0]})
    assert balance_table([1, 1, 0, 0], x)["smd"].tolist() == [0, np.inf]


def test_rounding_over_no_spread_is_no_difference() -> None:
    """Weighted means of a constant may miss it in the last digit: the difference is zero."""
    g = np.r_[np.ones(19), np.zeros(137)]
    weights = np.random.default_rng(3).uniform(0.01, 1, len(g))
    means = [
        np.average(np.full(side.sum(), 0.1), weights=weights[side]) for side in (g == 1, g == 0)
    ]
    assert means[0] != means[1]  # so that the test can fail
    flat = frame(same=np.full(len(g), 0.1), split=g)
    assert balance_table(g, flat, weights, "ATE")["smd"].tolist() == [0, np.inf]


def frame(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({k: v for k, v in columns.items()})


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: balance_table([1, 1, 1], frame(x=[1, 2, 3])), "treated column is 1 in every"),
        (lambda: balance_table([], frame(x=[])), "no rows"),
        (lambda: balance_table([1, 0, np.nan], frame(x=[1, 2, 3])), "missing values"),
        (lambda: balance_table([1, 0, 0], frame(x=[1, 2, 3])), "at least two rows"),
        (lambda: balance_table([1, 0], frame(x=[1, 2, 3])), "2 rows but the data have 3"),
        (lambda: balance_table([1, 0, 1], pd.DataFrame(index=range(3))), "at least one covariate"),
        (lambda: balance_table([1, 0, 1], frame(x=[1, None, 3])), "'x' has missing"),
        (lambda: balance_table([1, 0, 1], frame(x=list("abc"))), "'x' is not numeric"),
        (lambda: balance_table(G, X, [1.0]), "1 weights for 240 rows"),
        (lambda: balance_table(G, X, -WEIGHTS["att"]), "finite and not negative"),
        (lambda: balance_table(G, X, 1 - G), "Every treated row has weight 0"),
        (lambda: balance_table(G, X, estimand="ATC"), "Unknown estimand"),  # type: ignore[arg-type]
        (lambda: propensity_score(G, X, "linear"), "Unknown family"),  # type: ignore[arg-type]
        (lambda: propensity_score(G, X.assign(z=1)), "'z' never varies"),
        (lambda: propensity_score(G, X.assign(z=2 * X["age"])), "combination of the other"),
        (lambda: inverse_probability_weights([1, 0], [1.0, 0.2]), "strictly between 0 and 1"),
        (lambda: inverse_probability_weights([1, 0], [0.2]), "1 scores for 2 rows"),
        (lambda: overlap([1, 0], [np.nan, 0.2]), "scores have missing"),
        (lambda: effective_sample_size([0, 0]), "not all zero"),
        (lambda: entropy_weights(G, X, 3), "moments is 3"),  # type: ignore[arg-type]
        (lambda: match_nearest([1, 0], [0.1, 0.9], caliper=0.1), "widen it"),
        (lambda: match_nearest([1, 0], [0.1, 0.9], caliper=0), "caliper is 0"),
        (lambda: match_nearest([1, 0], [0.1, 0.9], ratio=0), "ratio is 0"),
        (lambda: weighted_difference([1.0, np.nan, 1], [1, 0, 1]), "missing or infinite"),
        (lambda: weighted_difference([1.0], [1, 0]), "1 rows but the treated column 2"),
        (lambda: weighted_difference([1.0, 2], [1, 0]), "Fewer than three rows"),
        (lambda: weighted_difference(DATA["outcome"], G, level=95), "between 0 and 1"),
    ],
)
def test_bad_input_is_named(call, sentence: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(StatsError, match=sentence):
        call()


def test_a_covariate_that_gives_the_group_away_is_named() -> None:
    with pytest.raises(SeparationError, match="give"):
        propensity_score(G, X.assign(give=G))
    score = propensity_score(G, X.assign(give=G), "firth")
    assert (score > 0).all()
    assert (score < 1).all()
    with pytest.raises(StatsError, match="can balance give"):
        entropy_weights(G, X.assign(give=G))


def test_jointly_impossible_balance_is_told_apart() -> None:
    g = [1, 1, 0, 0, 0, 0]
    # Each mean is in range, but no control has both traits at once.
    x = frame(a=[1, 1, 1, 0, 0, 1], b=[1, 1, 0, 1, 0, 0])
    with pytest.raises(StatsError, match="together can be balanced not at all"):
        entropy_weights(g, x)


def test_a_clean_split_has_no_interval_of_width_zero() -> None:
    group = [1, 1, 1, 0, 0, 0]
    effect = weighted_difference(group, group, [1, 2, 3, 0.1, 0.2, 0.7])
    assert effect.estimate == pytest.approx(1)
    assert np.isnan([effect.std_error, effect.low, effect.high]).all()
    assert np.isfinite(weighted_difference([1, 1, 0, 0, 0, 0], group).std_error)
