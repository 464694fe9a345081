"""Accelerated failure time and Cox models against R, lifelines and what is known of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import (
    CoxPHFitter,
    LogLogisticAFTFitter,
    LogNormalAFTFitter,
    WeibullAFTFitter,
)
from lifelines.statistics import proportional_hazard_test

from helpers.stats.accelerated import (
    FAMILIES,
    AcceleratedFit,
    ConvergenceError,
    fit_accelerated,
    probability_plot,
)
from helpers.stats.cox import TRANSFORMS, fit_cox, proportional_hazards_test, schoenfeld
from helpers.stats.errors import StatsError

EXPECTED = Path(__file__).resolve().parents[1] / "reference" / "survival" / "expected"
SETS = {
    "freireich": ["placebo"],
    "veteran": ["trt", "karno", "age", "squamous", "small", "adeno"],
    "lung": ["age", "female", "ecog"],
}
R_NAME = {
    "weibull": "weibull",
    "exponential": "exponential",
    "log-normal": "lognormal",
    "log-logistic": "loglogistic",
}


def rows(name: str) -> pd.DataFrame:
    return pd.read_csv(EXPECTED / f"{name}.csv")


@pytest.fixture(scope="module")
def witness() -> pd.DataFrame:
    table = pd.read_csv(EXPECTED / "survival.csv", keep_default_na=False)
    return table.set_index(["data", "model", "quantity", "term"])["value"].sort_index()


def fit(name: str, family: str, **kwargs: object) -> AcceleratedFit:
    d = rows(name)
    return fit_accelerated(d["time"], d["event"], d[SETS[name]], family, **kwargs)  # type: ignore[arg-type]


# R ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("name", SETS)
def test_survreg(witness: pd.Series, name: str, family: str) -> None:
    ours = fit(name, family)
    r = witness[name, R_NAME[family]]
    terms = [*ours.terms[:-1], "(Intercept)"]
    # 1e-6: survreg stops at a relative change of 1e-14 in the likelihood.
    assert ours.estimate == pytest.approx(r["estimate"][terms].to_numpy(), rel=1e-6, abs=1e-7)
    assert ours.std_error == pytest.approx(r["std_error"][terms].to_numpy(), rel=1e-6)
    assert ours.scale == pytest.approx(r["scale"]["model"], rel=1e-6)
    assert ours.log_likelihood == pytest.approx(r["log_likelihood"]["model"], abs=1e-7)
    first = rows(name)[SETS[name]].iloc[0].to_dict()
    assert ours.quantile(0.5, first) == pytest.approx(r["median"]["first row"], rel=1e-6)
    assert ours.survival([ours.quantile(0.3, first)], first) == pytest.approx([0.7], abs=1e-12)
    if family == "exponential":
        assert np.isnan(ours.covariance[-1]).all()
    else:
        error = np.sqrt(ours.covariance[-1, -1])
        assert error == pytest.approx(r["log_scale_std_error"]["model"], rel=1e-6)


@pytest.mark.parametrize("family", ["weibull", "log-normal", "log-logistic"])
def test_delayed_entry_against_the_likelihood_written_out_in_r(
    witness: pd.Series, family: str
) -> None:
    d = rows("lung")
    x = d[SETS["lung"]].assign(age=d["age"] / 10)
    ours = fit_accelerated(d["time"], d["event"], x, family, entry=d["entry"])  # type: ignore[arg-type]
    r = witness["lung", f"entry {R_NAME[family]}"]
    terms = list(ours.terms)
    # R's side is printed to 8 (estimates) and 7 (errors) digits after finite differences.
    assert ours.estimate == pytest.approx(r["estimate"][terms].to_numpy(), abs=1e-6)
    assert np.log(ours.scale) == pytest.approx(r["estimate"]["log scale"], abs=1e-6)
    assert ours.std_error == pytest.approx(r["std_error"][terms].to_numpy(), abs=1e-6)
    assert ours.log_likelihood == pytest.approx(r["log_likelihood"]["model"], abs=1e-6)


COX = [
    (name, kind, ties)
    for name in SETS
    for kind in (("plain", "entry") if name == "lung" else ("plain",))
    for ties in ("efron", "breslow")
]


@pytest.mark.parametrize(("name", "kind", "ties"), COX)
def test_coxph_and_both_definitions_of_its_test(
    witness: pd.Series, name: str, kind: str, ties: str
) -> None:
    d = rows(name)
    entry = d["entry"] if kind == "entry" else None
    ours = fit_cox(d["time"], d["event"], d[SETS[name]], entry, ties)  # type: ignore[arg-type]
    r = witness[name, f"cox {kind} {ties}"]
    terms = list(ours.terms)
    assert ours.estimate == pytest.approx(r["estimate"][terms].to_numpy(), rel=1e-6, abs=1e-8)
    assert ours.std_error == pytest.approx(r["std_error"][terms].to_numpy(), rel=1e-6)
    assert ours.log_likelihood == pytest.approx(r["log_likelihood"]["model"], abs=1e-7)
    assert ours.null == pytest.approx(r["null"]["model"], abs=1e-7)
    last = schoenfeld(ours, scaled=False).iloc[-1][terms].to_numpy(float)
    assert last == pytest.approx(r["schoenfeld_last"][terms].to_numpy(), rel=1e-6, abs=1e-8)
    if ties == "breslow":
        return
    for transform in TRANSFORMS:
        for definition, label in (("score", "zph"), ("residual", "old zph")):
            test = proportional_hazards_test(ours, definition, transform).table  # type: ignore[arg-type]
            theirs = r[f"{label} {transform}"][[*terms, "GLOBAL"]].to_numpy()
            assert test["chi_square"].to_numpy() == pytest.approx(theirs, rel=1e-6, abs=1e-8)


# lifelines -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("family", "fitter", "location"),
    [
        ("weibull", WeibullAFTFitter, "lambda_"),
        ("log-normal", LogNormalAFTFitter, "mu_"),
        ("log-logistic", LogLogisticAFTFitter, "alpha_"),
    ],
)
def test_lifelines_with_delayed_entry(family: str, fitter: type, location: str) -> None:
    d = rows("lung")
    ours = fit_accelerated(d["time"], d["event"], d[SETS["lung"]], family, entry=d["entry"])  # type: ignore[arg-type]
    theirs = fitter().fit(d, "time", "event", entry_col="entry")
    terms = [*SETS["lung"], "Intercept"]
    # lifelines' optimizer stops early on unscaled columns; R's likelihood, above, agrees to
    # 1e-6. The likelihoods agree far better than the coefficients, being flat at the top.
    assert ours.estimate == pytest.approx(theirs.params_[location][terms].to_numpy(), abs=4e-3)
    assert ours.std_error == pytest.approx(
        theirs.standard_errors_[location][terms].to_numpy(), rel=5e-3
    )
    assert ours.log_likelihood >= theirs.log_likelihood_ - 1e-9
    assert ours.log_likelihood == pytest.approx(theirs.log_likelihood_, abs=1e-4)


def test_lifelines_cox_and_its_test() -> None:
    d = rows("veteran")
    theirs = CoxPHFitter().fit(d, "time", "event")
    ours = fit_cox(d["time"], d["event"], d[SETS["veteran"]])
    # lifelines stops earlier than R; against R the same numbers agree to 1e-6.
    assert ours.estimate == pytest.approx(theirs.params_.to_numpy(), abs=5e-5)
    assert ours.std_error == pytest.approx(theirs.standard_errors_.to_numpy(), rel=1e-4)
    old = proportional_hazard_test(theirs, d, time_transform="identity").test_statistic
    test = proportional_hazards_test(ours, "residual", "identity").table
    by_term = dict(zip(theirs.params_.index, np.atleast_1d(old), strict=True))
    expected = [by_term[t] for t in ours.terms]
    assert test["chi_square"].to_numpy()[:-1] == pytest.approx(expected, rel=1e-3)


# What is known ---------------------------------------------------------------------------


def test_freireich_as_printed() -> None:
    """Kalbfleisch & Prentice and Collett print: Weibull 1.267 (0.311), scale 0.732; Cox 1.57."""
    ours = fit("freireich", "weibull")
    assert -ours.estimate[0] == pytest.approx(1.267, abs=0.0005)
    assert ours.std_error[0] == pytest.approx(0.311, abs=0.0005)
    assert ours.scale == pytest.approx(0.732, abs=0.0005)
    d = rows("freireich")
    cox = fit_cox(d["time"], d["event"], d[["placebo"]])
    assert cox.estimate[0] == pytest.approx(1.57, abs=0.005)


def test_exponential_without_covariates_is_exposure_over_events() -> None:
    d = rows("lung")
    ours = fit_accelerated(d["time"], d["event"], d[[]], "exponential", entry=d["entry"])
    exposure = (d["time"] - d["entry"]).sum()
    assert np.exp(ours.estimate[0]) == pytest.approx(exposure / d["event"].sum(), rel=1e-10)
    assert ours.std_error[0] == pytest.approx(1 / np.sqrt(d["event"].sum()), rel=1e-8)


def test_hazard_ratio_of_the_exponential_is_a_ratio_of_rates() -> None:
    d = rows("freireich")
    rate = d.groupby("placebo")["event"].sum() / d.groupby("placebo")["time"].sum()
    ratio = fit("freireich", "exponential").hazard_ratio("placebo")
    assert ratio[0] == pytest.approx(rate[1] / rate[0], rel=1e-9)
    log_error = np.sqrt((1 / d.groupby("placebo")["event"].sum()).sum())
    assert ratio[2] == pytest.approx(ratio[0] * np.exp(1.959963984540054 * log_error), rel=1e-8)


def test_a_weibull_hazard_ratio_is_a_power_of_the_time_ratio() -> None:
    ours = fit("freireich", "weibull")
    assert ours.hazard_ratio("placebo")[0] == pytest.approx(
        ours.time_ratio("placebo")[0] ** (-1 / ours.scale), rel=1e-12
    )
    with pytest.raises(StatsError, match="no single hazard ratio"):
        fit("freireich", "log-normal").hazard_ratio("placebo")


@pytest.mark.parametrize("family", FAMILIES)
def test_points_of_a_family_lie_on_its_line(family: str) -> None:
    ours = fit("veteran", family)
    first = rows("veteran")[SETS["veteran"]].iloc[0].to_dict()
    times = np.geomspace(5, 900, 30)
    plot = probability_plot(times, ours.survival(times, first), family)  # type: ignore[arg-type]
    slope = np.diff(plot.transformed) / np.diff(plot.log_time)
    assert slope == pytest.approx(1 / ours.scale, rel=1e-5)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    factor=st.floats(0.01, 100),
    family=st.sampled_from(FAMILIES),
    late=st.booleans(),
)
def test_units_labels_and_entry_at_zero(seed: int, factor: float, family: str, late: bool) -> None:
    draw = np.random.default_rng(seed)
    n = 80
    group = draw.permutation(np.arange(n) % 2).astype(float)
    x = pd.DataFrame({"group": group, "x": draw.normal(size=n)})
    t = draw.weibull(1.3, n) * 20 * np.exp(0.5 * group) + 0.01
    d = (draw.random(n) < 0.7).astype(float)
    entry = np.where(draw.random(n) < 0.4, 0.2 * t, 0) if late else None
    base = fit_accelerated(t, d, x, family, entry)  # type: ignore[arg-type]

    scaled = fit_accelerated(t * factor, d, x, family, None if entry is None else entry * factor)  # type: ignore[arg-type]
    assert scaled.estimate[:-1] == pytest.approx(base.estimate[:-1], abs=1e-6)
    assert scaled.estimate[-1] - base.estimate[-1] == pytest.approx(np.log(factor), abs=1e-6)
    assert scaled.std_error == pytest.approx(base.std_error, rel=1e-6)

    flipped = fit_accelerated(t, d, x.assign(group=1 - group), family, entry)  # type: ignore[arg-type]
    assert flipped.estimate[0] == pytest.approx(-base.estimate[0], abs=1e-6)

    if entry is None:
        zero = fit_accelerated(t, d, x, family, np.zeros(n))  # type: ignore[arg-type]
        assert zero.estimate == pytest.approx(base.estimate, abs=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("entry", [False, True])
def test_intervals_cover_the_truth(entry: bool) -> None:
    """400 samples: the 95 % interval covers between 92 and 98 % (4 standard errors wide)."""
    draw = np.random.default_rng(20150901)
    hits = 0
    for _ in range(400):
        group = (np.arange(400) % 4 == 0).astype(float)
        t = np.exp(3.5 - 1.0 * group + 0.8 * np.log(draw.exponential(size=400)))
        start = draw.uniform(0, 30, 400) * entry
        seen = t > start  # left truncation: whoever left before is never seen
        stop = np.minimum(t, start + 40)
        x = pd.DataFrame({"group": group[seen]})
        ours = fit_accelerated(stop[seen], (t <= stop)[seen], x, entry=start[seen])
        low, high = ours.table().loc[0, ["low", "high"]]
        hits += low < -1.0 < high
    assert 0.92 <= hits / 400 <= 0.98


# Bad input -------------------------------------------------------------------------------

T = np.array([3.0, 5.0, 8.0, 9.0, 12.0, 15.0, 20.0, 21.0])
D = np.array([1, 1, 0, 1, 1, 0, 1, 0])
X = pd.DataFrame({"a": [0, 1, 0, 1, 0, 1, 1, 0], "b": [4.0, 1, 3, 6, 2, 9, 5, 7]})
BAD = [
    (dict(time=T[:0], event=D[:0], covariates=X[:0]), "No rows"),
    (dict(event=D * 0), "Nobody is released"),
    (dict(event=D * 2), "1 .released. or 0"),
    (dict(time=np.where(T == 3, 0, T)), "zero or negative"),
    (dict(time=np.where(T == 3, -1, T)), "zero or negative"),
    (dict(time=np.where(T == 3, np.nan, T)), "missing or infinite"),
    (dict(time=T[:-1]), "one value for each row"),
    (dict(entry=T + 1), "entry must come before the exit"),
    (dict(entry=-T), "missing or negative"),
    (dict(entry=T[:-1] / 2), "one value for each row"),
    (dict(covariates=X.assign(c=1.0)), "'c' never varies"),
    (dict(covariates=X.assign(c=X["a"] + 2 * X["b"])), "combination of other"),
    (dict(covariates=X.assign(c=[None, *"abcdefg"])), "not numeric or has missing"),
    (dict(covariates=X.assign(c=[np.nan, *range(7)])), "'c' has missing"),
    (dict(covariates=X.rename(columns={"b": "constant"})), "the name is taken"),
    (
        dict(covariates=pd.DataFrame(np.random.default_rng(1).normal(size=(8, 9)))),
        "8 rows cannot carry",
    ),
    (dict(covariates=pd.DataFrame({"held": 1.0 * (T == 8)})), "no finite estimate for held"),
]


@pytest.mark.parametrize(("changes", "words"), BAD, ids=[w for _, w in BAD])
@pytest.mark.parametrize("model", [fit_accelerated, fit_cox])
def test_bad_input_gets_one_sentence(model: object, changes: dict, words: str) -> None:  # type: ignore[type-arg]
    arguments = {"time": T, "event": D, "covariates": X, **changes}
    with pytest.raises(StatsError, match=words) as found:
        model(**arguments)  # type: ignore[operator]
    assert "\n" not in str(found.value)


def test_a_group_without_a_release_is_named_among_others() -> None:
    d = rows("lung")
    x = d[SETS["lung"]].assign(never=1.0 * ((d["event"] == 0) & (d["age"] > 65)))
    for family in FAMILIES:
        with pytest.raises(ConvergenceError, match="never"):
            fit_accelerated(d["time"], d["event"], x, family)
    with pytest.raises(ConvergenceError, match="never"):
        fit_cox(d["time"], d["event"], x)


def test_other_choices_that_do_not_exist() -> None:
    with pytest.raises(StatsError, match="family is one of"):
        fit_accelerated(T, D, X, "gompertz")  # type: ignore[arg-type]
    with pytest.raises(StatsError, match="family is one of"):
        probability_plot(T, T, "gompertz")  # type: ignore[arg-type]
    with pytest.raises(StatsError, match="'efron' or 'breslow'"):
        fit_cox(T, D, X, ties="exact")  # type: ignore[arg-type]
    with pytest.raises(StatsError, match="needs a covariate"):
        fit_cox(T, D, X[[]])
    cox = fit_cox(T, D, X)
    with pytest.raises(StatsError, match="transform is one of"):
        proportional_hazards_test(cox, transform="sqrt")  # type: ignore[arg-type]
    with pytest.raises(StatsError, match="definition is"):
        proportional_hazards_test(cox, "new")  # type: ignore[arg-type]
    at_once = np.array([1, 1, 1, 0, 0, 0, 0, 0])
    same = fit_cox(
        np.where(at_once == 1, 4.0, 9.0), at_once, pd.DataFrame({"b": [2, 5, 1, 3, 4, 6, 2, 7]})
    )
    with pytest.raises(StatsError, match="at one time"):
        proportional_hazards_test(same)
    ours = fit_accelerated(T, D, X)
    with pytest.raises(StatsError, match="Give a value for b"):
        ours.survival([1.0], {"a": 1})
    with pytest.raises(StatsError, match="has no term"):
        ours.time_ratio("z")
    with pytest.raises(StatsError, match="between 0 and 1"):
        ours.quantile(1.0, {"a": 1, "b": 2})
    with pytest.raises(StatsError, match="between 0 and 1"):
        ours.table(95)
