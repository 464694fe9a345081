"""Panel regression against R (dummies and sandwiches by formula) and statsmodels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from statsmodels.stats.sandwich_covariance import cov_cluster_2groups

from helpers.stats.errors import StatsError
from helpers.stats.panel import (
    ConvergenceError,
    negative_binomial,
    panel_regression,
    wild_cluster_bootstrap,
)

EXPECTED = Path(__file__).parents[1] / "reference" / "panel" / "expected"
DATA = pd.read_csv(EXPECTED / "data.csv")
R = pd.read_csv(EXPECTED / "panel.csv").set_index(["model", "quantity"])["value"]
EVENTS = ["d10", "d12", "d16"]
EFFECTS = {
    "country": ["country", "week"],
    "person": ["person", "week"],
    "nested": ["person", "country", "week"],
}
KINDS = {
    "classical": ("classical", []),
    "HC1": ("HC1", []),
    "person": ("cluster", ["person"]),
    "pen": ("cluster", ["pen"]),
    "twoway": ("two-way", ["person", "pen"]),
}
TOLERANCE = 1e-8  # R's file keeps twelve digits


def r_values(model: str, kind: str) -> list[float]:
    return [float(R[model, f"{kind}_{e}"]) for e in EVENTS]


@pytest.mark.parametrize("model", EFFECTS)
@pytest.mark.parametrize("kind", KINDS)
def test_least_squares_equals_r(model: str, kind: str) -> None:
    errors, clusters = KINDS[kind]
    fit = panel_regression(
        DATA, "logweight", EVENTS, effects=EFFECTS[model], errors=errors, clusters=clusters
    )
    assert fit.estimate == pytest.approx(r_values(model, "coef"), abs=TOLERANCE)
    assert fit.standard_error == pytest.approx(r_values(model, kind), abs=TOLERANCE)


def test_least_squares_equals_statsmodels_with_dummies() -> None:
    formula = "logweight ~ d10 + d12 + d16 + C(country) + C(week)"
    plain = smf.ols(formula, DATA).fit()
    for errors, how in (
        ("HC1", {"cov_type": "HC1"}),
        ("cluster", {"cov_type": "cluster", "cov_kwds": {"groups": DATA["person"]}}),
    ):
        theirs = smf.ols(formula, DATA).fit(use_t=True, **how)
        ours = panel_regression(
            DATA,
            "logweight",
            EVENTS,
            effects=["country", "week"],
            errors=errors,
            clusters=["person"] if errors == "cluster" else [],
        )
        assert ours.estimate == pytest.approx(theirs.params[EVENTS], abs=1e-10)
        assert ours.standard_error == pytest.approx(theirs.bse[EVENTS], abs=1e-10)
        assert ours.p_value == pytest.approx(theirs.pvalues[EVENTS], rel=1e-6)
        assert ours.interval() == pytest.approx(theirs.conf_int().loc[EVENTS].values, abs=1e-9)
    two, _, _ = cov_cluster_2groups(
        plain, DATA["person"].to_numpy(), DATA["pen"].to_numpy(), use_correction=True
    )
    ours = panel_regression(
        DATA,
        "logweight",
        EVENTS,
        effects=["country", "week"],
        errors="two-way",
        clusters=["person", "pen"],
    )
    at = [plain.model.exog_names.index(e) for e in EVENTS]
    assert ours.covariance == pytest.approx(two[np.ix_(at, at)], abs=1e-10)
    assert ours.parameters == len(plain.params)


@pytest.mark.parametrize("term", EVENTS)
def test_all_signs_equal_brute_force_in_r(term: str) -> None:
    small = DATA[DATA["person"] <= 8]
    found = wild_cluster_bootstrap(
        small, "logweight", EVENTS, term, cluster="person", effects=["person", "week"]
    )
    assert found.enumerated
    assert found.draws == R[f"wild_{term}_2", "draws"]
    assert found.t == pytest.approx(R[f"wild_{term}_2", "t"], abs=TOLERANCE)
    assert found.p_value == pytest.approx(R[f"wild_{term}_2", "p"], abs=1e-12)


def test_all_webb_weights_equal_brute_force_in_r() -> None:
    found = wild_cluster_bootstrap(
        DATA[DATA["person"] <= 4],
        "logweight",
        EVENTS,
        "d16",
        cluster="person",
        effects=["person", "week"],
        weights="webb",
    )
    assert found.draws == 6**4
    assert found.t == pytest.approx(R["wild_d16_6", "t"], abs=TOLERANCE)
    assert found.p_value == pytest.approx(R["wild_d16_6", "p"], abs=1e-12)


def test_drawn_weights_come_near_enumeration_and_follow_the_seed() -> None:
    small = DATA[DATA["person"] <= 8]

    def p(draws: int, seed: int = 0) -> float:
        return wild_cluster_bootstrap(
            small,
            "logweight",
            EVENTS,
            "d16",
            cluster="person",
            effects=["person", "week"],
            draws=draws,
            seed=seed,
        ).p_value

    exact = float(R["wild_d16_2", "p"])
    # Four standard errors of a share of 255 draws.
    assert p(255) == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 255) + 0.01)
    assert p(255, seed=3) == p(255, seed=3)


def test_negative_binomial_equals_r() -> None:
    fit = negative_binomial(DATA, "weight", EVENTS, effects=["country", "week"])
    assert fit.estimate == pytest.approx([R["nb", f"coef_{e}"] for e in EVENTS], abs=1e-6)
    assert fit.standard_error == pytest.approx([R["nb", f"se_{e}"] for e in EVENTS], abs=1e-6)
    assert fit.dispersion == pytest.approx(R["nb", "dispersion"], abs=1e-6)
    assert fit.log_likelihood == pytest.approx(R["nb", "loglik"], abs=1e-6)


BAD = {
    "no rows": (DATA.head(0), EVENTS, {}),
    "no column": (DATA, ["nowhere"], {}),
    "no column for effects": (DATA, EVENTS, {"effects": ["nowhere"]}),
    "missing values": (DATA.assign(d10=np.nan), EVENTS, {}),
    "finite": (DATA.assign(d10=np.inf), EVENTS, {}),
    "constant": (DATA.assign(d10=1), EVENTS, {}),
    "collinear": (DATA.assign(twice=2 * DATA["d10"]), [*EVENTS, "twice"], {}),
    "collinear with effects": (DATA, EVENTS, {"effects": ["day"]}),
    "only one cluster": (
        DATA.assign(one=1),
        EVENTS,
        {"errors": "cluster", "clusters": ["one"]},
    ),
    "cluster columns": (DATA, EVENTS, {"errors": "two-way", "clusters": ["person"]}),
    "not known": (DATA, EVENTS, {"errors": "HC9"}),
    "rows for": (DATA[DATA["person"] == 1].head(3), EVENTS, {}),
    "No regressor": (DATA, [], {}),
    "named twice": (DATA, ["d10", "d10"], {}),
}
SAID = {
    "no rows": "There are no rows",
    "no column": "no column 'nowhere'",
    "no column for effects": "no column 'nowhere'",
    "collinear with effects": "collinear",
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_sentence(case: str) -> None:
    frame, regressors, options = BAD[case]
    with pytest.raises(StatsError, match=SAID.get(case, case)) as said:
        panel_regression(frame, "logweight", regressors, **options)
    assert str(said.value).endswith(".")
    assert "\n" not in str(said.value)


def test_exact_fit_and_negative_two_way_variance_are_refused() -> None:
    with pytest.raises(StatsError, match="explained exactly"):
        panel_regression(DATA.assign(y=DATA["d10"] * 3), "y", EVENTS, effects=["country"])
    # Each event is one day, so day sums of its scores vanish while the cell sums do not:
    # R's sandwich gives NaN for the square root here too.
    with pytest.raises(StatsError, match="negative"):
        panel_regression(
            DATA,
            "logweight",
            EVENTS,
            effects=["country", "week"],
            errors="two-way",
            clusters=["person", "day"],
        )


def test_clusters_that_hold_whole_saturated_periods_are_refused() -> None:
    # Events and the week's intercept leave residuals that sum to zero in the week: the
    # clustered variance of d10 is rounding, not information (1e-33 in R).
    with pytest.raises(StatsError, match=r"'d1[02]' is zero"):
        panel_regression(
            DATA,
            "logweight",
            EVENTS,
            effects=["country", "week"],
            errors="cluster",
            clusters=["week"],
        )


def test_bootstrap_and_counts_refuse_bad_input() -> None:
    for options, said in (
        ({"term": "d99"}, "not among"),
        ({"term": "d10", "weights": "coin"}, "not known"),
        ({"term": "d10", "draws": 0}, "at least 1"),
    ):
        with pytest.raises(StatsError, match=said):
            wild_cluster_bootstrap(DATA, "logweight", EVENTS, cluster="person", **options)
    with pytest.raises(StatsError, match="must hold counts"):
        negative_binomial(DATA, "logweight", EVENTS)
    silent = DATA.assign(weight=DATA["weight"].where(DATA["country"] != 2, 0))
    with pytest.raises(StatsError, match="zero in every row where 'country' is 2"):
        negative_binomial(silent, "weight", EVENTS, effects=["country"])


def test_underdispersed_counts_do_not_converge() -> None:
    # Counts that vary less than Poisson push the dispersion to its boundary at zero.
    flat = DATA.assign(weight=10 + DATA["d10"].astype(int) + DATA.index % 2)
    with pytest.raises(ConvergenceError, match="did not converge"):
        negative_binomial(flat, "weight", EVENTS)


def test_the_unit_of_a_regressor_does_not_keep_a_negative_binomial_from_its_maximum() -> None:
    draw = np.random.default_rng(7)
    x = draw.normal(size=300)
    count = draw.poisson(np.exp(0.5 * x + 0.7 * draw.normal(size=300)))
    by_unit = [
        negative_binomial(pd.DataFrame({"y": count, "x": unit * x}), "y", ["x"])
        for unit in (1.0, 1e6, 1e-6)
    ]
    one = smf.negativebinomial("y ~ x", pd.DataFrame({"y": count, "x": x})).fit(disp=0)
    for unit, fit in zip((1.0, 1e6, 1e-6), by_unit, strict=True):
        assert fit.estimate[0] * unit == pytest.approx(one.params["x"], rel=1e-4)
        assert fit.standard_error[0] * unit == pytest.approx(one.bse["x"], rel=1e-4)
