"""Models of a yes/no outcome against R, NIST, published examples and properties."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.stats.errors import StatsError
from helpers.stats.release import (
    CONSTANT,
    Fit,
    SeparationError,
    average_marginal_effect,
    fit_release,
    least_squares,
    odds_ratio,
    predict,
    profile_interval,
    risk_difference,
    separation,
)

REFERENCE = Path(__file__).parents[1] / "reference" / "release"
R = pd.read_csv(REFERENCE / "expected" / "release.csv").set_index(["model", "term", "quantity"])
R = R["value"].sort_index()
INFERT = pd.read_csv(REFERENCE / "expected" / "infert.csv")
X = INFERT[["spontaneous", "induced", "age", "high"]]
ENDOMETRIAL = pd.read_csv(REFERENCE / "endometrial.csv")
"""Heinze & Schemper (2002): 79 women, NV separates; as printed in Agresti (2015)."""
# R's glm stops on the deviance, which leaves its probit coefficients good to about 1e-7.
RTOL = {"linear": 1e-10, "logit": 1e-8, "probit": 1e-6}


def of_r(fit: Fit, model: str, quantity: str) -> list[float]:
    name = {CONSTANT: CONSTANT if model == "firth" else "(Intercept)"}
    return [float(R[model, name.get(t, t), quantity]) for t in fit.terms]


@pytest.mark.parametrize("family", ["linear", "logit", "probit"])
def test_estimates_and_fit_equal_r(family: str) -> None:
    fit = fit_release(INFERT["case"], X, family)  # type: ignore[arg-type]
    np.testing.assert_allclose(fit.estimate, of_r(fit, family, "estimate"), rtol=RTOL[family])
    assert fit.log_likelihood == pytest.approx(R[family, "model", "log_likelihood"], rel=1e-10)
    assert fit.aic == pytest.approx(R[family, "model", "aic"], rel=1e-10)


@pytest.mark.parametrize(
    ("family", "errors"),
    [("linear", e) for e in ("classical", "HC0", "HC1", "HC2", "HC3", "cluster")]
    + [(f, e) for f in ("logit", "probit") for e in ("classical", "HC0", "cluster")],
)
def test_standard_errors_equal_r(family: str, errors: str) -> None:
    clusters = INFERT["stratum"] if errors == "cluster" else None
    fit = fit_release(INFERT["case"], X, family, errors, clusters)  # type: ignore[arg-type]
    np.testing.assert_allclose(fit.std_error, of_r(fit, family, errors), rtol=RTOL[family])


def test_linear_p_values_use_t_like_r() -> None:
    fit = fit_release(INFERT["case"], X)
    np.testing.assert_allclose(fit.p_value, of_r(fit, "linear", "p_value"), rtol=1e-9)
    assert fit.table().loc[0, "low"] < fit.estimate[0] < fit.table().loc[0, "high"]


def test_fixed_effects_equal_r_factor() -> None:
    fit = fit_release(INFERT["case"], X, fixed_effects=INFERT["education"])
    wanted = ["spontaneous", "induced", "age", "high"]
    np.testing.assert_allclose(fit.estimate[:4], [R["fixed", t, "estimate"] for t in wanted])
    np.testing.assert_allclose(fit.std_error[:4], [R["fixed", t, "classical"] for t in wanted])
    assert fit.terms[4:] == ("education[12+ yrs]", "education[6-11yrs]", CONSTANT)


@pytest.mark.parametrize("family", ["logit", "probit"])
def test_effects_and_predictions_equal_r(family: str) -> None:
    fit = fit_release(INFERT["case"], X, family)  # type: ignore[arg-type]
    # R's gradients are central differences, good to about eight digits.
    for term in ("spontaneous", "age"):
        effect = average_marginal_effect(fit, term)
        assert effect.estimate == pytest.approx(R[family, term, "ame"], rel=1e-6)
        assert effect.std_error == pytest.approx(R[family, term, "ame_se"], rel=1e-6)
    effect = risk_difference(fit, "high")
    assert effect.estimate == pytest.approx(R[family, "high", "rd"], rel=1e-6)
    assert effect.std_error == pytest.approx(R[family, "high", "rd_se"], rel=1e-6)
    row = pd.DataFrame({"spontaneous": [1], "induced": [0], "age": [30], "high": [1]})
    got = predict(fit, row).loc[0]
    at = "at 1,0,30,1"
    assert got["probability"] == pytest.approx(R[family, at, "predicted"], rel=1e-6)
    assert got["low"] == pytest.approx(R[family, at, "predicted_low"], rel=1e-6)
    assert got["high"] == pytest.approx(R[family, at, "predicted_high"], rel=1e-6)


def test_marginal_effects_equal_statsmodels() -> None:
    fit = fit_release(INFERT["case"], X, "logit")
    library = sm.Logit(INFERT["case"], sm.add_constant(X)).fit(disp=0)
    slopes = library.get_margeff(at="overall")
    for j, term in enumerate(X):
        effect = average_marginal_effect(fit, term)
        assert effect.estimate == pytest.approx(slopes.margeff[j], rel=1e-6)
        assert effect.std_error == pytest.approx(slopes.margeff_se[j], rel=1e-6)
    discrete = library.get_margeff(at="overall", dummy=True)
    effect = risk_difference(fit, "high")
    assert effect.estimate == pytest.approx(discrete.margeff[3], rel=1e-6)
    assert effect.std_error == pytest.approx(discrete.margeff_se[3], rel=1e-6)


def test_a_linear_effect_is_its_coefficient() -> None:
    fit = fit_release(INFERT["case"], X)
    for effect in (average_marginal_effect(fit, "high"), risk_difference(fit, "high")):
        assert effect.estimate == pytest.approx(fit.estimate[3])
        assert effect.std_error == pytest.approx(fit.std_error[3])


def test_the_four_counts_print_table_3_model_1() -> None:
    y = np.repeat([1, 0, 1, 0], [17, 2, 102, 131])
    campaign = pd.DataFrame({"freethe20": np.repeat([1, 0], [19, 233])})
    fit = fit_release(y, campaign)
    for value, printed in zip(
        [*fit.estimate, *fit.std_error, fit.aic],
        [0.457, 0.438, 0.116, 0.032, 355.853],
        strict=True,
    ):
        assert abs(value - printed) <= 5e-4  # half a unit of the third decimal
    logit = fit_release(y, campaign, "logit")
    assert abs(logit.log_likelihood + 166.09) <= 5e-3
    assert abs(logit.aic - 336.17) <= 5e-3
    assert abs(odds_ratio(logit, "freethe20").estimate - 10.9) <= 0.05
    # Both models are saturated: the same two shares, hence the same risk difference.
    assert risk_difference(logit, "freethe20").estimate == pytest.approx(fit.estimate[0])


# NIST StRD, Longley: certified to 15 digits.
LONGLEY_ESTIMATE = [
    15.0618722713733,
    -0.358191792925910e-01,
    -2.02022980381683,
    -1.03322686717359,
    -0.511041056535807e-01,
    1829.15146461355,
    -3482258.63459582,
]
LONGLEY_ERROR = [
    84.9149257747669,
    0.334910077722432e-01,
    0.488399681651699,
    0.214274163161675,
    0.226073200069370,
    455.478499142212,
    890420.383607373,
]


def test_longley_has_the_certified_digits() -> None:
    data = sm.datasets.longley.load_pandas()
    fit = least_squares(data.endog, data.exog)
    # The set is badly conditioned by design; nine digits is what double precision keeps.
    np.testing.assert_allclose(fit.estimate, LONGLEY_ESTIMATE, rtol=1e-7)
    np.testing.assert_allclose(fit.std_error, LONGLEY_ERROR, rtol=1e-7)


def test_norris_has_the_certified_digits() -> None:
    from importlib.resources import files

    text = (files("scipy.stats.tests") / "data/nist_linregress/Norris.dat").read_text()
    rows = text[text.index("Data:       y") :].splitlines()[1:]
    data = np.array([row.split() for row in rows if row.strip()], dtype=float)
    assert len(data) == 36
    fit = least_squares(data[:, 0], pd.DataFrame({"x": data[:, 1]}))
    np.testing.assert_allclose(fit.estimate, [1.00211681802045, -0.262323073774029], rtol=1e-10)
    certified = [0.429796848199937e-03, 0.232818234301152]
    np.testing.assert_allclose(fit.std_error, certified, rtol=1e-10)


def test_firth_equals_r_and_the_published_example() -> None:
    fit = fit_release(ENDOMETRIAL["HG"], ENDOMETRIAL[["NV", "PI", "EH"]], "firth")
    np.testing.assert_allclose(fit.estimate, of_r(fit, "firth", "estimate"), rtol=1e-6)
    np.testing.assert_allclose(fit.std_error, of_r(fit, "firth", "classical"), rtol=1e-6)
    assert fit.log_likelihood == pytest.approx(R["firth", "model", "log_likelihood"], rel=1e-10)
    # Heinze & Schemper (2002), as reported with the data ever since.
    np.testing.assert_allclose(fit.estimate, [2.929, -0.035, -2.604, 3.775], atol=5e-4)
    for term in fit.terms:
        low, high = profile_interval(fit, term)
        assert low == pytest.approx(R["firth", term, "profile_low"], abs=1e-5)
        assert high == pytest.approx(R["firth", term, "profile_high"], abs=1e-5)
    assert math.isnan(fit.aic)


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 15), st.integers(2, 15), st.data())
def test_firth_on_four_counts_adds_half_to_every_cell(n: int, m: int, data: st.DataObject) -> None:
    # Firth (1993): in a saturated logit the penalty is one half added to each cell.
    a, b = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    if a + b in (0, n + m):
        return
    y = np.repeat([1, 0, 1, 0], [a, n - a, b, m - b])
    fit = fit_release(y, pd.DataFrame({"x": np.repeat([1, 0], [n, m])}), "firth")
    expected = math.log((a + 0.5) / (n - a + 0.5)) - math.log((b + 0.5) / (m - b + 0.5))
    assert fit.estimate[0] == pytest.approx(expected, abs=1e-6)


def test_separation_is_named_before_any_fit() -> None:
    covariates = ENDOMETRIAL[["NV", "PI", "EH"]]
    found = separation(ENDOMETRIAL["HG"], covariates)
    assert (found.separated, dict(found.direction)) == (True, {"NV": 1})
    for family in ("logit", "probit"):
        with pytest.raises(SeparationError, match=r"NV \(\+\)"):
            fit_release(ENDOMETRIAL["HG"], covariates, family)  # type: ignore[arg-type]
    assert not separation(INFERT["case"], X).separated


def test_a_country_without_releases_is_named() -> None:
    y = [1, 0, 1, 0, 0, 0, 0, 1]
    x = pd.DataFrame({"age": [30, 40, 35, 33, 50, 41, 39, 42]})
    country = pd.Series(["A", "A", "A", "A", "B", "B", "B", "A"], name="country")
    with pytest.raises(SeparationError, match=r"country\[B\] \(-\)"):
        fit_release(y, x, "logit", fixed_effects=country)


@pytest.mark.parametrize("family", ["logit", "probit"])
def test_a_perfect_nuisance_term_is_dropped_and_the_rest_equals_r(family: str) -> None:
    lone = ((INFERT["case"] == 1) & (INFERT["stratum"] <= 5)).astype(float)
    fit = fit_release(INFERT["case"], X.assign(lone=lone), family, focus="induced")  # type: ignore[arg-type]
    assert fit.dropped == ("lone",)
    assert fit.kept is not None
    assert (~fit.kept).sum() == lone.sum() == len(INFERT) - fit.n
    wanted = [
        R[f"perfect-{family}", {CONSTANT: "(Intercept)"}.get(t, t), "estimate"] for t in fit.terms
    ]
    np.testing.assert_allclose(fit.estimate, wanted, rtol=1e-5)
    left_out = fit_release(INFERT["case"][lone == 0], X[lone == 0], family)  # type: ignore[arg-type]
    np.testing.assert_allclose(fit.covariance, left_out.covariance, rtol=1e-9)
    # The term itself has no finite value, whatever else is dropped.
    with pytest.raises(SeparationError, match=r"lone \(\+\)"):
        fit_release(INFERT["case"], X.assign(lone=lone), family, focus="lone")  # type: ignore[arg-type]
    with pytest.raises(StatsError, match="no term 'age2'"):
        fit_release(INFERT["case"], X, family, focus="age2")  # type: ignore[arg-type]


def test_a_perfect_baseline_is_dropped_with_its_rows() -> None:
    # All of A are released; A is the baseline, so it is the other countries' terms that diverge.
    rng = np.random.default_rng(3)
    country = pd.Series(np.repeat(["A", "B", "C"], [5, 60, 60]), name="country")
    x = pd.DataFrame({"inside": rng.integers(0, 2, 125).astype(float)})
    y = (rng.random(125) < 0.4 + 0.2 * x["inside"]).astype(int)
    y[:5] = 1
    fit = fit_release(y, x, "logit", fixed_effects=country, focus="inside")
    rest = country != "A"
    design = sm.add_constant(pd.DataFrame({"x": x["inside"], "c": (country == "C") * 1.0})[rest])
    want = sm.Logit(y[rest], design).fit(disp=0)
    assert fit.n == 120
    assert fit.estimate[fit.index("inside")] == pytest.approx(want.params["x"], abs=1e-8)
    assert fit.std_error[fit.index("inside")] == pytest.approx(want.bse["x"], abs=1e-8)


def test_without_separation_nothing_is_dropped() -> None:
    fit = fit_release(INFERT["case"], X, "logit", focus="induced")
    assert (fit.dropped, fit.n) == ((), len(INFERT))


def test_complete_separation_in_small_units_is_found() -> None:
    x = pd.DataFrame({"months": np.arange(8) / 1e6})
    assert dict(separation([0, 0, 0, 0, 1, 1, 1, 1], x).direction)["months"] == 1


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["linear", "logit", "probit", "firth"]))
def test_swapping_the_outcome_flips_every_sign(seed: int, family: str) -> None:
    rng = np.random.default_rng(seed)
    x = pd.DataFrame({"g": np.tile([0, 1], 20), "z": rng.normal(size=40)})
    y = rng.integers(0, 2, 40)
    if y.min() == y.max() or separation(y, x).separated:
        return
    one = fit_release(y, x, family)  # type: ignore[arg-type]
    other = fit_release(1 - y, x, family)  # type: ignore[arg-type]
    np.testing.assert_allclose(one.estimate[:2], -other.estimate[:2], rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(one.std_error, other.std_error, rtol=1e-5)


def test_linear_predictions_outside_the_unit_interval_are_flagged() -> None:
    y = [0, 0, 0, 1, 1, 1, 1, 0]
    fit = fit_release(y, pd.DataFrame({"x": [1, 2, 3, 4, 5, 6, 7, 8]}))
    flags = predict(fit, pd.DataFrame({"x": [4, 90]}))["impossible"].tolist()
    assert flags == [False, True]
    logit = fit_release(y, pd.DataFrame({"x": [1, 2, 3, 4, 5, 6, 7, 8]}), "logit")
    assert predict(logit, pd.DataFrame({"x": [90]}))["high"].iloc[0] <= 1


def frame(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({k: v for k, v in columns.items()})


@pytest.mark.parametrize(
    ("outcome", "covariates", "sentence"),
    [
        ([1, 1, 1, 1], frame(x=[1, 2, 3, 5]), "outcome is 1 in every row"),
        ([0, 1, np.nan, 1], frame(x=[1, 2, 3, 5]), "outcome has missing values"),
        ([0, 2, 1, 1], frame(x=[1, 2, 3, 5]), "only 0 and 1"),
        ([], frame(x=[]), "no rows"),
        ([0, 1, 0, 1], frame(x=[1, 2, np.nan, 5]), "'x' has missing values"),
        ([0, 1, 0, 1], frame(x=[1, 2, np.inf, 5]), "'x' has infinite values"),
        ([0, 1, 0, 1], frame(x=["a", "b", "c", "d"]), "'x' is not numeric"),
        ([0, 1, 0, 1], frame(x=[2, 2, 2, 2]), "'x' never varies"),
        ([0, 1, 0, 1, 1], frame(x=[1, 2, 3, 4, 6], y=[2, 4, 6, 8, 12]), "combination of the other"),
        ([0, 1], frame(x=[1, 2], y=[3, 5]), "2 rows for 3 coefficients"),
        ([0, 1, 1], frame(x=[1, 2, 3, 5]), "3 rows but the covariates have 4"),
    ],
)
def test_bad_data_are_named(outcome: list[float], covariates: pd.DataFrame, sentence: str) -> None:
    for family in ("linear", "logit", "firth"):
        with pytest.raises(StatsError, match=sentence):
            fit_release(outcome, covariates, family)  # type: ignore[arg-type]


def test_bad_requests_are_named() -> None:
    y, linear = INFERT["case"], fit_release(INFERT["case"], X)
    for arguments, sentence in [
        ({"family": "cloglog"}, "Unknown family"),
        ({"errors": "HC9"}, "Unknown standard errors"),
        ({"errors": "cluster"}, "a cluster label for every row"),
        ({"errors": "cluster", "clusters": [1] * 248}, "at least two clusters"),
        ({"errors": "cluster", "clusters": [1, 2]}, "2 cluster labels for 248 rows"),
        ({"errors": "cluster", "clusters": [None] + [1] * 247}, "labels have missing"),
        ({"family": "logit", "errors": "HC3"}, "linear model only"),
        ({"family": "firth", "errors": "HC1"}, "classical standard errors only"),
        ({"fixed_effects": pd.Series([1, 2])}, "different numbers of rows"),
        ({"fixed_effects": pd.Series([None] + ["a"] * 247)}, "missing labels"),
    ]:
        with pytest.raises(StatsError, match=sentence):
            fit_release(y, X, **arguments)
    with pytest.raises(StatsError, match="means nothing; fit a logit"):
        odds_ratio(linear, "high")
    with pytest.raises(StatsError, match="no term 'nothing'"):
        average_marginal_effect(linear, "nothing")
    with pytest.raises(StatsError, match="constant has no marginal effect"):
        average_marginal_effect(linear, CONSTANT)
    with pytest.raises(StatsError, match="not a 0/1 column"):
        risk_difference(linear, "age")
    with pytest.raises(StatsError, match="lack induced, age"):
        predict(linear, frame(spontaneous=[1], high=[1]))
    with pytest.raises(StatsError, match="missing values"):
        predict(linear, X.head(1).assign(age=np.nan))
    with pytest.raises(StatsError, match="belong to the Firth logit"):
        profile_interval(linear, "age")
    with pytest.raises(StatsError, match="between 0 and 1"):
        linear.table(95)
    with pytest.raises(StatsError, match="no error to measure"):
        fit_release([0, 0, 1, 1], frame(x=[0, 0, 1, 1]))
    with pytest.raises(StatsError, match="Rename column 'constant'"):
        fit_release(y, X.rename(columns={"age": CONSTANT}))
    with pytest.raises(StatsError, match="Rename column 'age'"):
        fit_release(y, X.rename(columns={"high": "age"}))
    with pytest.raises(StatsError, match="missing or infinite"):
        least_squares([1.0, np.nan, 2.0], frame(x=[1, 2, 4]))
    with pytest.raises(StatsError, match="outcome never varies"):
        least_squares([1.0, 1.0, 1.0], frame(x=[1, 2, 4]))


@pytest.mark.slow
def test_risk_difference_intervals_cover_what_they_promise() -> None:
    rng = np.random.default_rng(11)
    n, runs, hits = 200, 1000, {"linear": 0, "logit": 0, "probit": 0, "firth": 0}
    group = np.repeat([1.0, 0.0], n // 2)
    frame_ = pd.DataFrame({"g": group})
    for _ in range(runs):
        y = (rng.random(n) < np.where(group == 1, 0.7, 0.45)).astype(int)
        for family in hits:
            errors = "HC1" if family == "linear" else "classical"
            fit = fit_release(y, frame_, family, errors)  # type: ignore[arg-type]
            effect = risk_difference(fit, "g")
            hits[family] += effect.low <= 0.25 <= effect.high
    # Four binomial standard errors around 95 %: 4 * sqrt(.95 * .05 / 1000) = 2.8 points.
    for family, count in hits.items():
        assert abs(count / runs - 0.95) <= 0.028, family


@pytest.mark.parametrize("errors", ["HC2", "HC3"])
def test_a_group_of_one_has_no_leverage_corrected_error(errors: str) -> None:
    alone = frame(g=[1, 0, 0, 0, 0])
    with pytest.raises(StatsError, match="rests on a single row"):
        fit_release([1, 1, 0, 0, 1], alone, "linear", errors)  # type: ignore[arg-type]
    # HC0 by hand: the lone row has residual 0, the others' variance over 4 stays.
    got = fit_release([1, 1, 0, 0, 1], alone, "linear", "HC0")
    assert got.std_error[0] == pytest.approx(math.sqrt(4 * 0.25 / 4**2))
