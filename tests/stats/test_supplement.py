"""Strata, weights, late entry: R's survival on its own data, and others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from lifelines import CoxPHFitter
from statsmodels.datasets import grunfeld

from helpers.stats.accelerated import fit_accelerated
from helpers.stats.cox import fit_cox, proportional_hazards_test
from helpers.stats.errors import StatsError
from helpers.stats.panel import panel_regression

EXPECTED = Path(__file__).resolve().parents[1] / "reference" / "supplement" / "expected"
R = (
    pd.read_csv(
        EXPECTED / "supplement.csv", dtype={"term": str}, keep_default_na=False, na_values="NA"
    )
    .set_index(["data", "model", "quantity"])[["term", "value"]]
    .sort_index(kind="stable")
)
COX = {
    "heart": (["age", "year", "transplant"], "surgery"),
    "pbc": (["age", "edema", "logbili"], "stage"),
    "cgd": (["rifn", "age", "inherit"], "center"),
}


def r(data: str, model: str, quantity: str) -> np.ndarray:
    return np.atleast_1d(R.loc[(data, model, quantity), "value"].to_numpy(dtype=float))


def rows(name: str) -> pd.DataFrame:
    return pd.read_csv(EXPECTED / f"{name}.csv")


@pytest.mark.parametrize("name", COX)
@pytest.mark.parametrize("kind", ["strata", "weights", "both"])
@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_cox_with_strata_and_weights_equals_coxph(name: str, kind: str, ties: str) -> None:
    d, (terms, by) = rows(name), COX[name]
    fit = fit_cox(
        d["time"],
        d["event"],
        d[terms],
        entry=d.get("entry"),
        ties=ties,  # type: ignore[arg-type]
        strata=None if kind == "weights" else d[by],
        weights=None if kind == "strata" else d["weight"],
    )
    model = f"cox {kind} {ties}"
    assert fit.estimate == pytest.approx(r(name, model, "estimate"), rel=1e-8)
    assert fit.std_error == pytest.approx(r(name, model, "std_error"), rel=1e-8)
    assert fit.log_likelihood == pytest.approx(r(name, model, "log_likelihood")[0], rel=1e-10)
    assert fit.null == pytest.approx(r(name, model, "null")[0], rel=1e-10)
    if kind == "strata" and ties == "efron":
        for g in ("identity", "log"):
            found = proportional_hazards_test(fit, transform=g).table["chi_square"]  # type: ignore[arg-type]
            assert found.to_numpy() == pytest.approx(r(name, model, f"zph {g}"), rel=1e-7)
    elif kind != "strata":
        with pytest.raises(StatsError, match="not offered for weighted"):
            proportional_hazards_test(fit)


def test_cox_with_strata_and_weights_equals_lifelines() -> None:
    d, (terms, by) = rows("pbc"), COX["pbc"]
    fit = fit_cox(d["time"], d["event"], d[terms], strata=d[by], weights=d["weight"])
    life = CoxPHFitter().fit(
        d[[*terms, by, "weight", "time", "event"]],
        "time",
        "event",
        strata=[by],
        weights_col="weight",
        fit_options={"precision": 1e-9},
    )
    assert fit.estimate == pytest.approx(life.params_[terms].to_numpy(), rel=1e-5)
    assert fit.std_error == pytest.approx(life.standard_errors_[terms].to_numpy(), rel=1e-5)


def test_whole_weights_are_repeated_rows_under_breslow() -> None:
    d, (terms, by) = rows("heart"), COX["heart"]
    again = d.loc[np.repeat(d.index, d["weight"].astype(int))]
    one = fit_cox(d["time"], d["event"], d[terms], d["entry"], "breslow", d[by], d["weight"])
    two = fit_cox(again["time"], again["event"], again[terms], again["entry"], "breslow", again[by])
    assert one.estimate == pytest.approx(two.estimate, rel=1e-9)
    assert one.std_error == pytest.approx(two.std_error, rel=1e-9)


@pytest.mark.parametrize(
    ("family", "theirs"),
    [
        ("weibull", "weibull"),
        ("exponential", "exponential"),
        ("log-normal", "lognormal"),
        ("log-logistic", "loglogistic"),
    ],
)
def test_weighted_accelerated_models_equal_survreg(family: str, theirs: str) -> None:
    d, terms = rows("pbc"), COX["pbc"][0]
    fit = fit_accelerated(d["time"], d["event"], d[terms], family, weights=d["weight"])  # type: ignore[arg-type]
    order = [1, 2, 3, 0]
    assert fit.estimate == pytest.approx(r("pbc", theirs, "estimate")[order], rel=1e-7)
    assert fit.std_error == pytest.approx(r("pbc", theirs, "std_error")[order], rel=1e-6)
    assert fit.scale == pytest.approx(r("pbc", theirs, "scale")[0], rel=1e-8)
    assert fit.log_likelihood == pytest.approx(r("pbc", theirs, "log_likelihood")[0], rel=1e-10)
    again = d.loc[np.repeat(d.index, d["weight"].astype(int))]
    twice = fit_accelerated(again["time"], again["event"], again[terms], family)  # type: ignore[arg-type]
    assert fit.std_error == pytest.approx(twice.std_error, rel=1e-8)


def test_panel_regression_on_grunfeld_equals_statsmodels() -> None:
    d = grunfeld.load_pandas().data
    fit = panel_regression(d, "invest", ["value", "capital"], effects=["firm"], errors="classical")
    x = pd.get_dummies(d["firm"], dtype=float).assign(value=d["value"], capital=d["capital"])
    ols = sm.OLS(d["invest"], x).fit()
    assert fit.estimate == pytest.approx(ols.params[["value", "capital"]].to_numpy(), rel=1e-9)
    assert fit.standard_error == pytest.approx(ols.bse[["value", "capital"]].to_numpy(), rel=1e-9)
    # The ten firms of the textbooks (Baltagi, Econometric Analysis of Panel Data, table 2.1,
    # within): 0.110 and 0.310.
    ten = d[d["firm"] != "American Steel"]
    within = panel_regression(
        ten, "invest", ["value", "capital"], effects=["firm"], errors="classical"
    )
    assert np.round(within.estimate, 3).tolist() == [0.110, 0.310]
