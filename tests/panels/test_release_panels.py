"""Panels on the yes/no outcome: against statsmodels, lifelines, closed forms and the print."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from lifelines import KaplanMeierFitter, WeibullAFTFitter

from helpers import data
from helpers.calendar import months
from helpers.panels.release.confounding import (
    ConfounderContours,
    ContourState,
    EValues,
    EValueState,
)
from helpers.panels.release.fingerprint import Suspects, SuspectState, all_suspects, printed_row
from helpers.panels.release.horizon import HorizonPanel, HorizonState, horizon_data
from helpers.panels.release.tables import FittedProbabilities, FittedState, TableState, TableThree
from helpers.panels.release.workbench import BenchState, Workbench
from helpers.provenance.kinds import Provenance, mark
from helpers.stats.errors import StatsError
from helpers.stats.sensitivity import adjusted
from helpers.study.release import (
    CONCERNS,
    ReleaseRows,
    Specification,
    bounds,
    fit_specification,
    release_rows,
)

COEFFICIENTS, FIT = data.load_published_coefficients(), data.load_published_fit()
COHORT = data.load_cohort()
ROWS = release_rows(COHORT, COEFFICIENTS, FIT)
PRINTED = printed_row(COEFFICIENTS, FIT)


def columns(model: int) -> tuple[pd.Series, pd.DataFrame, pd.Series]:
    """Outcome, design with a constant first, and countries: built here, not by the panels."""
    frame = COHORT[COHORT["in_prison_2015"] == 1] if model == 5 else COHORT
    x = pd.DataFrame({"constant": 1.0, "freethe20": frame["freethe20"].astype(float)})
    if model in (2, 4, 5):
        for name in CONCERNS:
            x[name] = frame[name].astype("Float64").to_numpy(float, na_value=np.nan)
    if model in (3, 4, 5):
        for name in ("Africa", "Asia", "Middle East"):
            x[name] = (frame["region"] == name).astype(float)
    keep = x.notna().all(axis=1)
    return frame.loc[keep, "released"].astype(float), x[keep], frame.loc[keep, "country"]


def bar(picture: Any, y: int) -> dict[str, Any]:
    return next(row for row in picture.rows["bars"] if row["y"] == y)


# Suspects --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("family", "agreeing"), [("logit", 0), ("probit", 0), ("identity", 2), ("lm", 5), ("glm", 6)]
)
def test_only_one_suspect_leaves_every_printed_digit(family: str, agreeing: int) -> None:
    picture = Suspects.compute(SuspectState(family), PRINTED)
    assert sum(m["verdict"] == "agrees" for m in picture.rows["marks"]) == agreeing
    assert f"{agreeing} of 6 printed numbers agree" in picture.sentence


@pytest.mark.parametrize("outside", [101, 103])
def test_no_other_count_gives_the_printed_constant(outside: int) -> None:
    picture = Suspects.compute(SuspectState("glm", outside=outside), PRINTED)
    assert "6 of 6" not in picture.sentence


def test_the_suspect_logit_is_that_of_statsmodels() -> None:
    y, x, _ = columns(1)
    fit = sm.Logit(y, x).fit(disp=0)
    marks = {
        m["quantity"].split(":")[0]: m["value"]
        for m in Suspects.compute(SuspectState(), PRINTED).rows["marks"]
    }
    assert float(marks["#Freethe20"]) == pytest.approx(fit.params["freethe20"], abs=5e-4)
    assert float(marks["log-likelihood"]) == pytest.approx(fit.llf, abs=5e-4)
    assert float(marks["AIC"]) == pytest.approx(fit.aic, abs=5e-4)
    assert len(all_suspects(PRINTED)) == 6


def test_before_the_reveal_only_the_chosen_suspect_is_in_the_table() -> None:
    table = Suspects.compute(SuspectState(), PRINTED).table
    assert table is not None
    assert len(table) == 2


# Table 3 three ways ----------------------------------------------------------------------


@pytest.mark.parametrize("model", [1, 2, 3, 4, 5])
def test_the_linear_model_recovers_the_printed_effect(model: int) -> None:
    picture = TableThree.compute(TableState(str(model)), ROWS)
    y, x, _ = columns(model)
    fit = sm.OLS(y, x).fit()
    ours = bar(picture, 3 * (model - 1) + 1)
    assert ours["x"] == pytest.approx(fit.params["freethe20"], abs=1e-9)
    low, high = fit.conf_int().loc["freethe20"]
    assert (ours["low"], ours["high"]) == pytest.approx((low, high), abs=1e-9)
    # The cohort's promise: within one unit of the last printed digit.
    printed = bar(picture, 3 * (model - 1))
    assert ours["x"] == pytest.approx(printed["x"], abs=1.1e-3)


@pytest.mark.parametrize("model", [1, 2, 3, 4])
def test_the_logit_on_three_scales_is_that_of_statsmodels(model: int) -> None:
    y, x, _ = columns(model)
    fit = sm.Logit(y, x).fit(disp=0, tol=1e-12)
    at = 3 * (model - 1)
    odds = bar(TableThree.compute(TableState(str(model), "odds"), ROWS), at + 1)
    assert 10 ** odds["x"] == pytest.approx(math.exp(fit.params["freethe20"]), rel=1e-6)
    slope = bar(TableThree.compute(TableState(str(model), "slope"), ROWS), at + 2)
    margin = fit.get_margeff(dummy=False)
    assert slope["x"] == pytest.approx(margin.margeff[0], abs=1e-6)
    step = bar(TableThree.compute(TableState(str(model)), ROWS), at + 2)
    assert step["x"] == pytest.approx(fit.get_margeff(dummy=True).margeff[0], abs=1e-6)


def test_the_odds_of_model_1_need_only_the_counts() -> None:
    picture = TableThree.compute(TableState("1", "odds"), ROWS)
    assert 10 ** bar(picture, 1)["x"] == pytest.approx(17 * 131 / (2 * 102))
    assert "10.9 (2.47 to 48.3)" in picture.sentence
    assert "1.58, which is no odds ratio" in picture.sentence
    assert bar(picture, 0)["low"] is None


def test_model_5_is_separated_and_says_so() -> None:
    picture = TableThree.compute(TableState("5", "odds"), ROWS)
    assert bar(picture, 13)["series"] == "Firth logit"
    assert "the logit has no finite answer; the Firth logit stands in" in picture.sentence


def test_a_probit_has_no_odds_ratio_and_the_last_picture_stays() -> None:
    panel = TableThree(ROWS, "estimator=probit")
    before = panel.rows
    panel.move(scale="odds")
    assert "not a log odds ratio" in panel.error
    assert panel.rows == before


def test_a_ghost_never_crosses_to_another_unit() -> None:
    panel = TableThree(ROWS)
    panel.move(estimator="firth")
    assert panel.rows["bars_ghost"]
    panel.move(scale="odds")
    assert panel.rows["bars_ghost"] == []


# Fitted probabilities --------------------------------------------------------------------


def test_fitted_values_beyond_the_limits_are_those_of_ols() -> None:
    picture = FittedProbabilities.compute(FittedState(), ROWS)
    assert picture.table is not None
    for row in picture.table.to_dict("records"):
        y, x, _ = columns(row["model"])
        fitted = sm.OLS(y, x).fit().fittedvalues
        assert row["above 1"] == int((fitted > 1).sum())
        assert row["below 0"] == int((fitted < 0).sum())
        points = [p for p in picture.rows["points"] if round(p["y"]) == row["model"] - 1]
        assert sum(p["women"] for p in points) == len(y)
    assert "4 of 156 women have a fitted probability above 1 and 30 below 0" in picture.sentence


def test_a_curve_stays_within_the_limits() -> None:
    picture = FittedProbabilities.compute(FittedState("logit", "in"), ROWS)
    assert all(0 < p["x"] < 1 for p in picture.rows["points"])
    assert "* Model 5" in picture.sentence


# Workbench -------------------------------------------------------------------------------


@pytest.mark.parametrize("errors", ["HC0", "HC1", "HC2", "HC3"])
def test_robust_errors_are_those_of_statsmodels(errors: str) -> None:
    y, x, _ = columns(4)
    fit = sm.OLS(y, x).fit(cov_type=errors, use_t=True)
    ours = bar(Workbench.compute(BenchState(errors=errors), ROWS), 1)
    low, high = fit.conf_int().loc["freethe20"]
    assert (ours["low"], ours["high"]) == pytest.approx((low, high), abs=1e-9)


def test_country_terms_are_dummies() -> None:
    y, x, country = columns(2)
    dummies = pd.get_dummies(country, drop_first=True).astype(float)
    fit = sm.OLS(y, x.join(dummies)).fit()
    # In model 4 country terms take the place of the regions.
    ours = bar(Workbench.compute(BenchState(fixed=True), ROWS), 1)
    assert ours["x"] == pytest.approx(fit.params["freethe20"], abs=1e-9)


@pytest.mark.parametrize("family", ["logit", "probit"])
def test_a_country_of_one_outcome_leaves_the_campaign_its_value(family: str) -> None:
    y, x, country = columns(2)
    mine = country != "Venezuela"
    dummies = pd.get_dummies(country[mine], drop_first=True, dtype=float)
    model = sm.Logit if family == "logit" else sm.Probit
    fit = model(y[mine], sm.add_constant(x[mine].join(dummies))).fit(disp=0)
    got = fit_specification(ROWS, Specification(4, family, fixed=True, drop=True))
    assert got.estimate[0] == pytest.approx(fit.params["freethe20"], abs=1e-7)
    assert got.std_error[0] == pytest.approx(fit.bse["freethe20"], abs=1e-7)
    assert got.dropped == ("country[Venezuela]",)


def test_the_logit_with_country_terms_is_that_of_r() -> None:
    # R 4.2.2: glm(released ~ freethe20 + five concerns + country, binomial), Venezuela left out.
    picture = Workbench.compute(BenchState(family="logit", scale="odds", fixed=True), ROWS)
    estimate, error = 3.6321898665, 0.9883392450
    assert bar(picture, 1)["x"] == pytest.approx(estimate / math.log(10), abs=1e-6)
    reach = 1.959963984540054 * error
    assert bar(picture, 1)["low"] == pytest.approx((estimate - reach) / math.log(10), abs=1e-5)
    assert "odds ratio 37.8 (5.45 to 262)" in picture.sentence
    assert "The term for Venezuela has no finite value" in picture.sentence
    assert "243 women" in picture.sentence


def test_fillings_with_country_terms_in_a_logit_are_the_extremes_too() -> None:
    spec = Specification(4, "logit", fixed=True, drop=True)
    fits, count = bounds(ROWS, spec)
    # All 64 fillings by statsmodels without Venezuela, at the two ends.
    assert count == 64
    assert math.exp(fits[0].estimate[0]) == pytest.approx(25.597896028895832, rel=1e-6)
    assert math.exp(fits[1].estimate[0]) == pytest.approx(36.124808442831494, rel=1e-6)


def test_another_coding_moves_countries() -> None:
    moved = COHORT["region"].where(COHORT["country"] != "Egypt", "Africa")
    y, x, _ = columns(4)
    for name in ("Africa", "Asia", "Middle East"):
        x[name] = (moved[x.index] == name).astype(float)
    fit = sm.OLS(y, x).fit()
    ours = bar(Workbench.compute(BenchState(coding="egypt"), ROWS), 1)
    assert ours["x"] == pytest.approx(fit.params["freethe20"], abs=1e-9)


@pytest.mark.parametrize("family", ["linear", "logit"])
def test_bounds_are_the_extremes_of_all_fillings(family: str) -> None:
    frame = pd.DataFrame({"constant": 1.0, "freethe20": COHORT["freethe20"].astype(float)})
    for name in CONCERNS:
        frame[name] = COHORT[name].astype("Float64").to_numpy(float, na_value=np.nan)
    open_rows = frame.index[frame.isna().any(axis=1)]
    y = COHORT["released"].astype(float)
    found = []
    for filling in itertools.product((0.0, 1.0), repeat=len(open_rows)):
        filled = frame.copy()
        for row, value in zip(open_rows, filling, strict=True):
            filled.loc[row, list(CONCERNS)] = value
        model = sm.OLS(y, filled) if family == "linear" else sm.Logit(y, filled)
        fit = model.fit() if family == "linear" else model.fit(disp=0)
        found.append(fit.params["freethe20"])
    fits, count = bounds(ROWS, Specification(2, family))
    assert count == 64
    ours = [fit.estimate[0] for fit in fits]
    assert ours == pytest.approx([min(found), max(found)], abs=1e-6)


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("model=5&family=logit", "no finite estimate for #Freethe20"),
        ("model=5&fixed=yes&family=logit", "no finite estimate for #Freethe20"),
        ("who=Venezuela", "was released, so there is nothing to compare"),
        ("who=Venezuela&model=5", "(1) was in the campaign"),
        ("who=Russia&model=1", "leaves no error to measure"),
        ("who=Russia&model=5", "too few, or too alike"),
        ("who=Eritrea&model=1&errors=HC3", "rests on a single row"),
        ("who=Eritrea&model=1&errors=cluster", "at least two clusters"),
        ("scale=odds", "not a log odds ratio"),
        ("family=logit&errors=HC3", "use HC0 or HC1"),
        ("family=firth&errors=HC1", "classical standard errors only"),
    ],
)
def test_what_cannot_be_fitted_is_one_sentence_and_the_picture_stays(
    setting: str, sentence: str
) -> None:
    panel = Workbench(ROWS)
    before = panel.rows
    panel.open(setting)
    assert sentence in panel.error
    assert "\n" not in panel.error
    assert "For the authors" not in panel.error
    assert panel.rows == before
    assert panel.table
    panel.reset()
    assert panel.error == ""


def test_an_empty_part_is_a_sentence() -> None:
    nobody = Specification(5, who="Atlantis")
    with pytest.raises(StatsError, match="no woman from Atlantis in prison in 2015"):
        fit_specification(ROWS, nobody)


def test_a_group_of_one_is_said() -> None:
    picture = Workbench.compute(BenchState(model="1", who="Eritrea"), ROWS)
    assert "One woman alone is the campaign group" in picture.sentence
    # One released of one, two of four.
    assert bar(picture, 1)["x"] == pytest.approx(0.5)


def test_a_setting_comes_back() -> None:
    panel = Workbench(ROWS)
    state = BenchState("2", "probit", "slope", "HC1", True, "both", "one", "Asia")
    panel.set(state)
    assert Workbench(ROWS, panel.setting).state == state
    assert Workbench(ROWS).setting == ""
    assert "+51.5 points" in Workbench(ROWS).sentence


# The reader's own rows -------------------------------------------------------------------


def own(drop: bool) -> ReleaseRows:
    frame = COHORT.copy()
    if drop:
        frame[list(CONCERNS)] = pd.NA
        frame["region"] = "not given"
    return release_rows(mark(frame, Provenance.YOURS), COEFFICIENTS, FIT)


def test_own_rows_are_never_called_synthetic() -> None:
    mine = own(drop=False)
    said = [
        TableThree(mine).sentence,
        TableThree(mine, "scale=odds").sentence,
        FittedProbabilities(mine).sentence,
        Workbench(mine).sentence,
        ConfounderContours(mine).sentence,
        HorizonPanel(horizon_data(mine)).sentence,
    ]
    for sentence in said:
        assert "on your rows (R2)" in sentence
        assert "synthetic" not in sentence
        assert "R3" not in sentence
    badges = TableThree(mine).still()["title"]["subtitle"]
    assert any("YOURS" in badge for badge in badges)
    assert not any("SYNTHETIC" in badge for badge in badges)


def test_own_rows_without_covariates_still_give_what_they_can() -> None:
    mine = own(drop=True)
    panel = TableThree(mine)
    assert "+45.7 points" in panel.sentence
    assert "Model 2 is not drawn" in panel.sentence
    panel.open("model=2")
    assert "has all five concern codes that model 2 needs" in panel.error
    bench = Workbench(mine)
    assert "choose model 1 or 3" in bench.error
    bench.open("model=1")
    assert not bench.error
    assert "Model 5 is not drawn" in FittedProbabilities(mine).sentence


# Confounding -----------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["2", "4", "5"])
def test_contour_lines_are_where_the_adjusted_estimate_is_their_level(model: str) -> None:
    picture = ConfounderContours.compute(ContourState(model), ROWS)
    terms = COEFFICIENTS.query("table == 'table3'")
    row = terms[(terms["model"] == int(model)) & (terms["term"] == "freethe20")].iloc[0]
    sizes = {"2": 246 - 7, "4": 246 - 10, "5": 156 - 10}
    for point in picture.rows["lines"][::7]:
        got = adjusted(
            row["estimate"], row["std_error"], sizes[model], point["x"], min(point["y"], 1.0)
        )
        assert 100 * got.estimate == pytest.approx(float(point["level"]), abs=1e-6)


def test_the_benchmark_is_two_partial_r2_of_regressions() -> None:
    """Partial R2 as the share of residual variance that a column takes away."""
    y, x, _ = columns(4)
    k = 2.0
    without = x.drop(columns=["freethe20", "legal_concerns"])

    def squares(outcome: pd.Series, frame: pd.DataFrame) -> float:
        return float(sm.OLS(outcome, frame).fit().ssr)

    d = x["freethe20"]
    with_legal = without.join(x["legal_concerns"])
    r2d = 1 - squares(d, with_legal) / squares(d, without)
    r2y = 1 - squares(y, with_legal.join(d)) / squares(y, without.join(d))
    # Cinelli & Hazlett (2020), section 4.4.
    strength = k * r2d / (1 - r2d)
    shared = k * r2d**2 / ((1 - k * r2d) * (1 - r2d))
    outcome = ((math.sqrt(k) + math.sqrt(shared)) / math.sqrt(1 - shared)) ** 2 * r2y / (1 - r2y)
    picture = ConfounderContours.compute(ContourState(times=k), ROWS)
    point = next(p for p in picture.rows["points"] if p["kind"].startswith("as strong"))
    assert (point["x"], point["y"]) == pytest.approx((strength, outcome), rel=1e-8)


def test_four_times_legal_concerns_leaves_nothing_of_model_5() -> None:
    three = ConfounderContours.compute(ContourState("5", times=3), ROWS)
    assert "leaves +24.5 points" in three.sentence
    assert "excludes zero" in three.sentence
    four = ConfounderContours.compute(ContourState("5", times=4), ROWS)
    assert "nothing is left" in four.sentence


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("family=logit", "linear models only; a logit coefficient also changes"),
        ("model=1", "does not contain legal concerns"),
        ("model=3&covariate=legal_concerns", "it has Africa, Asia, Middle East"),
        ("model=5&times=10", "more than all of who is in the campaign"),
        ("times=99", "from 0.5 to 10"),
    ],
)
def test_the_contour_panel_refuses_in_a_sentence(setting: str, sentence: str) -> None:
    panel = ConfounderContours(ROWS)
    before = panel.rows
    panel.open(setting)
    assert sentence in panel.error
    assert panel.rows == before


@pytest.mark.parametrize(("measure", "ratio"), [("risk", 1.0), ("root", 0.5), ("rare", 1.0)])
def test_e_values_follow_the_formula(measure: str, ratio: float) -> None:
    odds, risk = 17 * 131 / (2 * 102), (17 / 19) / (102 / 233)
    r = risk if measure == "risk" else odds**ratio
    expected = r + math.sqrt(r * (r - 1))
    picture = EValues.compute(EValueState(measure), ROWS)
    assert picture.rows["points"][0]["x"] == pytest.approx(expected)
    for point in picture.rows["curve"][::20]:
        x, y = point["x"], point["y"]
        assert x * y / (x + y - 1) == pytest.approx(r)


def test_an_interval_across_one_needs_no_confounder() -> None:
    panel = EValues(ROWS)
    panel.open("inside=9&of=limit")
    assert "includes 1, so no confounder is needed" in panel.error


def test_a_count_that_was_changed_is_no_printed_number() -> None:
    moved = EValues.compute(EValueState("rare", inside=5), ROWS).sentence
    assert "26 and 44 %" in moved
    assert "R1" not in moved
    assert "R1" in EValues.compute(EValueState(), ROWS).sentence
    assert "Koopman" in EValues.compute(EValueState(), ROWS).sentence
    for state, level in ((SuspectState(inside=16), False), (SuspectState(), True)):
        shown = Suspects.compute(state, PRINTED).table
        assert shown is not None
        assert ("R1" in str(shown.iloc[1, 0])) == level


# Horizon ---------------------------------------------------------------------------------

HORIZON = horizon_data(ROWS)
TIME = months(COHORT["arrested"], COHORT["left_prison"]).to_numpy()


def test_the_longest_horizon_is_the_published_comparison() -> None:
    picture = HorizonPanel.compute(HorizonState(), HORIZON)
    assert [dot["share"] for dot in picture.rows["at"]] == pytest.approx([17 / 19, 102 / 233])
    assert "difference of +45.7 points" in picture.sentence
    assert "odds ratio 10.9" in picture.sentence


def test_the_curve_and_the_time_ratio_are_those_of_lifelines() -> None:
    picture = HorizonPanel.compute(HorizonState(months=60, method="curve"), HORIZON)
    for which, dot in zip((1, 0), picture.rows["at"], strict=True):
        mine = COHORT["freethe20"] == which
        fit = KaplanMeierFitter().fit(TIME[mine], COHORT.loc[mine, "released"])
        assert dot["share"] == pytest.approx(1 - float(fit.predict(60)), abs=1e-12)
    frame = pd.DataFrame(
        {
            "t": np.minimum(TIME, 60),
            "d": ((COHORT["released"] == 1) & (TIME <= 60)).astype(int),
            "f": COHORT["freethe20"],
        }
    )
    aft = WeibullAFTFitter().fit(frame, "t", "d")
    ratio = HORIZON.ratios["arrest"][60]
    assert not isinstance(ratio, str)
    assert ratio[0] == pytest.approx(float(np.exp(aft.params_["lambda_"]["f"])), rel=1e-3)


def test_the_lost_are_counted_in_words() -> None:
    picture = HorizonPanel.compute(HorizonState(months=120, method="exclude"), HORIZON)
    lost = (COHORT["released"] == 0) & (TIME < 120)
    inside = int((lost & (COHORT["freethe20"] == 1)).sum())
    outside = int((lost & (COHORT["freethe20"] == 0)).sum())
    assert f"{inside} inside and {outside} outside" in picture.sentence
    assert "they are left out" in picture.sentence
    assert "1 of them by death" in picture.sentence


def test_beyond_the_last_woman_followed_a_share_is_refused_or_said() -> None:
    panel = HorizonPanel(HORIZON)
    panel.open("method=weight")
    assert f"Nobody is followed to month {panel.state.months}" in panel.error
    panel.open("method=exclude")
    assert "the share says nothing" in panel.sentence
    panel.open("method=curve")
    assert "carried on from there" in panel.sentence


def test_the_first_year_runs_the_other_way() -> None:
    picture = HorizonPanel.compute(HorizonState(months=12), HORIZON)
    assert "difference of -6.5 points" in picture.sentence
    assert "released later" in picture.sentence


def test_the_launch_clock_ends_with_the_observation() -> None:
    panel = HorizonPanel(HORIZON, "clock=launch")
    assert "Within 37 months of the launch (where this clock ends)" in panel.sentence
    assert "of 137 outside" in panel.sentence
    panel.open("months=7&clock=nowhere")
    assert "cannot be 'nowhere'" in panel.error
    panel.set(HorizonState("launch", 24, "weight"))
    assert HorizonPanel(HORIZON, panel.setting).state == panel.state
