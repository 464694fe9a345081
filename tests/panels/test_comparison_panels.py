"""Comparison panels: what they say against independent sums, scipy, networks of rules, R."""

from __future__ import annotations

import json
import math
from operator import attrgetter
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from scipy.optimize import bisect

from helpers import data
from helpers.calendar import DAYS_PER_MONTH
from helpers.charts.funnel import totals
from helpers.panels.comparison.balance import COVARIATES, Balance, BalanceState, balance_rows
from helpers.panels.comparison.counterfactual import ARROWS, BackDoors, WouldHaveHappened
from helpers.panels.comparison.funnel import CodingRules, Funnel, funnel_steps
from helpers.panels.comparison.lists import (
    Recode,
    SelectionLab,
    WhichTest,
    selection_tables,
)
from helpers.provenance.kinds import carry
from helpers.stats.sensitivity import selection
from helpers.study.lists import Counts, chances_of_being_picked, crossing, list_counts, list_record
from helpers.words import p_number, p_says

SHORT = np.array([1] * 17 + [0] * 2)
OTHERS = np.array([1] * 11 + [0] * 10)
TABLE = [[17, 11], [2, 10]]


@pytest.fixture(scope="module")
def samples() -> pd.DataFrame:
    return data.load_published_samples()


@pytest.fixture(scope="module")
def record(samples: pd.DataFrame) -> Any:
    return list_record(samples, data.load_women(), data.load_release_coding())


@pytest.fixture(scope="module")
def cohort() -> pd.DataFrame:
    return data.load_cohort()


@pytest.fixture(scope="module")
def balance(cohort: pd.DataFrame) -> Any:
    return balance_rows(cohort)


@pytest.fixture(scope="module")
def simulated(samples: pd.DataFrame) -> Any:
    return selection_tables(samples)


def rows(panel: Any, name: str) -> pd.DataFrame:
    return pd.DataFrame(panel.rows[name])


# Section 1 -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("anyway", "effect", "selection"),
    [(10, 7 / 19, 10 / 19 - 11 / 21), (17, 0, 17 / 19 - 11 / 21), (0, 17 / 19, -11 / 21)],
)
def test_effect_and_selection_add_up_to_the_gap(samples, anyway, effect, selection) -> None:  # type: ignore[no-untyped-def]
    panel = WouldHaveHappened(samples, f"anyway={anyway}")
    parts = rows(panel, "parts").set_index("row")
    size = parts["end"] - parts["start"]
    assert size["of the gap: effect on the chosen"] == pytest.approx(100 * abs(effect))
    assert size["of the gap: selection"] == pytest.approx(100 * abs(selection))
    assert effect + selection == pytest.approx(17 / 19 - 11 / 21)


def test_no_sign_is_lost_in_words(samples) -> None:  # type: ignore[no-untyped-def]
    panel = WouldHaveHappened(samples, "anyway=19")
    assert "kept 2 women in prison" in panel.sentence
    panel.open("anyway=18")
    assert "kept 1 woman in prison" in panel.sentence
    panel.open("anyway=5&others=8")
    assert "63 points of effect and −18 points of selection" in panel.sentence


def test_back_doors_in_words() -> None:
    panel = BackDoors(None)
    assert "chosen ← expected success → released" in panel.sentence
    assert "nobody measured expected success" in panel.sentence
    panel.open("fixed=country+case+expected")
    assert "chosen ← still held at the launch → released" in panel.sentence
    panel.open("fixed=country+case+expected+held")
    assert panel.sentence.startswith("No back-door path is open")
    without = "+".join(key for key in ARROWS if "expected" not in key)
    panel.open(f"arrows={without}")
    held = "Holding country, case type and still held at the launch fixed closes every back door."
    assert held in panel.sentence
    panel.open(f"arrows={without}&fixed=country+case+diplomacy")
    assert "shuts the effect out" in panel.sentence
    panel.open("arrows=chosen-diplomacy")
    assert "There is no back-door path" in panel.sentence
    assert "no path is open: any difference is chance alone" in panel.sentence
    panel.open("arrows=")
    assert "any difference is chance alone" in panel.sentence
    panel.open("arrows=country-chosen+country-released")
    assert "any difference beyond chance is selection alone" in panel.sentence
    panel.open("arrows=country-chosen+country-released&fixed=country")
    assert "any difference is chance alone" in panel.sentence


def test_holding_expected_success_opens_a_path_between_its_causes() -> None:
    """Two causes of one effect become related once it is held fixed."""
    few = "case-expected+country-expected+case-chosen+country-released"
    panel = BackDoors(None, f"arrows={few}")
    assert panel.sentence.startswith("No back-door path is open")
    panel.open(f"arrows={few}&fixed=expected")
    assert "1 back-door path is open" in panel.sentence
    assert "what you hold fixed has opened a path" in panel.sentence


# Section 2 -----------------------------------------------------------------------------------


def test_a_tiny_p_value_reads_well() -> None:
    assert p_says(0.00001) == "p below 0.0001"
    assert p_says(0.0158) == "p = 0.0158"


def test_the_seven_p_values(samples: pd.DataFrame) -> None:
    """scipy on the forty outcomes; Barnard's .01099 is R's (tests/reference/comparison)."""
    shown = rows(WhichTest(samples), "tests").set_index("test")["p"]
    expected = {
        "pooled t (the paper's)": stats.ttest_ind(SHORT, OTHERS).pvalue,
        "Welch's t": stats.ttest_ind(SHORT, OTHERS, equal_var=False).pvalue,
        "z": math.sqrt(stats.chi2_contingency(TABLE, correction=False).statistic),
        "Fisher's exact": stats.fisher_exact(TABLE).pvalue,
        "Barnard's exact": 0.01099156,
        "Boschloo's exact": stats.boschloo_exact(TABLE).pvalue,
        "randomization": stats.fisher_exact(TABLE).pvalue,
    }
    expected["z"] = 2 * stats.norm.sf(expected["z"])
    for name, p in expected.items():
        assert shown[name] == pytest.approx(p, rel=1e-5), name


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("", "p = 0.0097: significant at the 1 % line. 2 of the 7 tests pass it"),
        ("test=fisher", "p = 0.0158: not significant at the 1 % line"),
        ("test=fisher&line=0.05", "7 of the 7 tests pass it."),
        ("sides=less", "p = 0.995: not significant at the 1 % line. 0 of the 7 tests pass it."),
        ("interval=Wald", "from 3.7 to 70.5, which leaves out zero"),
        ("interval=Newcombe", "from −0.4 to 63.5, which takes in zero"),
    ],
)
def test_the_verdict_in_words(samples, setting: str, words: str) -> None:  # type: ignore[no-untyped-def]
    assert words in WhichTest(samples, setting).sentence


def test_deals_are_the_hypergeometric_law(samples: pd.DataFrame) -> None:
    deals = rows(WhichTest(samples), "deals")
    a = np.arange(7, 20)
    assert deals["chance"].to_numpy() == pytest.approx(stats.hypergeom(40, 28, 19).pmf(a))
    assert deals["difference"].to_numpy() == pytest.approx(100 * (a / 19 - (28 - a) / 21))
    far = deals.loc[deals["side"] == "at least as far as observed", "chance"].sum()
    assert far == pytest.approx(stats.fisher_exact(TABLE).pvalue)
    dealt = rows(WhichTest(samples, "deals=20000"), "deals")
    # Five standard errors of a share of 20,000 deals.
    assert dealt["chance"].to_numpy() == pytest.approx(deals["chance"].to_numpy(), abs=0.018)


@pytest.mark.parametrize(
    ("setting", "counts", "p"),
    [
        ("test=fisher&take=1", "16 of 19 (84 %) against 11 of 21", (16, 3, 11, 10)),
        ("test=fisher&take=2", "15 of 19 (79 %) against 11 of 21", (15, 4, 11, 10)),
        ("test=fisher&coding=A", "14 of 19 (74 %) against 11 of 21", (14, 5, 11, 10)),
        ("test=fisher&coding=B", "16 of 19 (84 %) against 11 of 21", (16, 3, 11, 10)),
        ("test=fisher&coding=C&leave=afiuni", "16 of 18 (89 %) against", (16, 2, 11, 10)),
        ("test=fisher&coding=A&leave=afiuni+meron", "14 of 17 (82 %)", (14, 3, 11, 10)),
        ("test=fisher&ethiopia=released", "against 14 of 24 (58 %)", (17, 2, 14, 10)),
        ("test=fisher&ethiopia=not released", "against 11 of 24 (46 %)", (17, 2, 11, 13)),
        ("test=fisher&ethiopia=taken out&add=2", "against 10 of 18 (56 %)", (17, 2, 10, 8)),
    ],
)
def test_recodings_against_scipy(record, setting, counts, p) -> None:  # type: ignore[no-untyped-def]
    panel = Recode(record, setting)
    assert panel.error == ""
    assert counts in panel.sentence
    a, not_a, b, not_b = p
    expected = stats.fisher_exact([[a, b], [not_a, not_b]]).pvalue
    assert f"p = {p_number(expected)}," in panel.sentence
    here = rows(panel, "here").iloc[0]
    assert (here["first"], here["second"]) == (a, b)


def test_two_recodings_turn_fishers_verdict_at_five_per_cent(record) -> None:  # type: ignore[no-untyped-def]
    panel = Recode(record, "test=fisher&line=0.05")
    assert "It takes 2 recoded outcomes to turn that verdict" in panel.sentence
    assert stats.fisher_exact([[16, 11], [3, 10]]).pvalue < 0.05  # one is not enough
    assert stats.fisher_exact([[17, 12], [2, 9]]).pvalue < 0.05
    panel.open("test=pooled t")
    assert "It takes 1 recoded outcome to turn that verdict" in panel.sentence


def test_the_grid_is_scipys_cell_by_cell(record) -> None:  # type: ignore[no-untyped-def]
    panel = Recode(record, "test=fisher&coding=A&leave=afiuni&ethiopia=taken out")
    cells = rows(panel, "cells")
    assert cells["first"].max() == 18
    for cell in cells.sample(25, random_state=1).itertuples():
        a, b = cell.first, cell.second
        p = stats.fisher_exact([[a, b], [18 - a, 18 - b]]).pvalue
        assert p_says(p) in cell.tip
        assert (p >= 0.05) == (cell.verdict == "p 0.05 or more")


def test_a_stricter_coding_says_that_it_is_one_sided(record) -> None:  # type: ignore[no-untyped-def]
    assert "applied to the short list alone" in Recode(record, "coding=A").sentence
    assert "names nobody" in Recode(record, "leave=meron").sentence


def test_an_impossible_recoding_is_one_sentence_and_the_picture_stays(record) -> None:  # type: ignore[no-untyped-def]
    crowded = pd.DataFrame(
        {"group": ["campaign", "long list only"], "women": [19, 21], "released": [17, 20]}
    )
    crowded.attrs = record.samples.attrs
    panel = Recode(type(record)(crowded, record.women), "add=1")
    before = panel.rows
    panel.open("add=2")
    assert "17 releases of 19 and 22 of 21; move the sliders back towards 0" in panel.error
    assert panel.rows == before


# Section 3 -----------------------------------------------------------------------------------


def test_without_selection_the_lab_is_fishers_one_sided_test(simulated) -> None:  # type: ignore[no-untyped-def]
    panel = SelectionLab(simulated)
    one_sided = stats.fisher_exact(TABLE, alternative="greater").pvalue
    # Five standard errors of a share of 20,000 lists.
    tail = rows(panel, "now")["tail"][0]
    assert tail == pytest.approx(one_sided, abs=5 * math.sqrt(one_sided / 20_000))
    gaps = rows(panel, "gaps")
    assert gaps.loc[gaps["size"] != "smaller", "chance"].sum() == pytest.approx(tail)


def test_the_lab_by_a_simulation_of_our_own(simulated) -> None:  # type: ignore[no-untyped-def]
    """A second, slower simulation: rank forecasts, pick nineteen, count releases."""
    rng = np.random.default_rng(7)
    outlook = rng.standard_normal((4_000, 40))
    forecast = 0.6 * outlook + 0.8 * rng.standard_normal((4_000, 40))
    released = outlook.argsort(axis=1).argsort(axis=1) >= 12
    picked = forecast.argsort(axis=1).argsort(axis=1) >= 21
    a = (released & picked).sum(axis=1)
    tail = rows(SelectionLab(simulated, "strength=0.6"), "now")["tail"][0]
    assert tail == pytest.approx((a >= 17).mean(), abs=0.04)  # five standard errors
    sure, never = chances_of_being_picked(
        float((a / 19 - (28 - a) / 21).mean()), Counts(17, 19, 11, 21)
    )
    assert sure == pytest.approx((released & picked).sum() / released.sum())
    assert never == pytest.approx((~released & picked).sum() / (~released).sum())


def test_the_mean_gap_meets_the_observed_one_where_the_sentence_says(simulated) -> None:  # type: ignore[no-untyped-def]
    panel = SelectionLab(simulated)
    assert "at 0.65 it is the average one" in panel.sentence
    panel.open("strength=0.65")
    assert "the mean gap is 36.9" in panel.sentence or "the mean gap is 37" in panel.sentence
    panel.open("strength=1")
    assert "one that does not with 0.00 (odds ratio without limit)" in panel.sentence
    panel.open("lists=A&line=0.01")
    assert "with no selection" in panel.sentence


def test_crossing_agrees_with_a_bisection_on_the_simulation(simulated) -> None:  # type: ignore[no-untyped-def]
    def root(of, target: float) -> float:  # type: ignore[no-untyped-def]
        return bisect(lambda s: of(selection(s, draws=20_000)) - target, 0, 1, xtol=1e-3)

    curve = simulated.curves["printed"]
    x = curve["strength"].to_numpy()
    gap = 17 / 19 - 11 / 21
    for line, target in (("tail", 0.05), ("mean", gap)):
        # Half a unit of the second decimal, as the sentence prints it.
        found = crossing(x, curve[line].to_numpy(), target)
        assert found == pytest.approx(root(attrgetter(line), target), abs=0.005)
    assert crossing(x, x, 0.0) == 0.0
    assert crossing(x, x, 2.0) is None


# Section 4 -----------------------------------------------------------------------------------


def test_the_funnel_ends_in_the_printed_sample_sizes() -> None:
    steps = funnel_steps(data.load_published_fit())
    assert steps["count"].tolist() == [1100, 2800, 455, 273, 252, 246, 156]
    panel = Funnel(steps, "step=5")
    assert "252 / 455 is 55.4 per cent" in panel.sentence
    assert len(panel.table["rows"]) == 5
    # Exercise 02.10 asks for 233 / 455, so no step may say it.
    for step in range(1, 8):
        assert "51.2" not in Funnel(steps, f"step={step}").sentence


def test_countries_stand_in_the_order_asked_for() -> None:
    actions = data.load_urgent_actions().sort_values("urgent_actions", ascending=False)
    order = actions["country"].tolist()
    assert order[:2] == ["Iran", "China"]  # 973 and 540 documents
    for layer in totals(order).to_dict()["layer"]:
        assert layer["encoding"]["y"]["scale"]["domain"] == order


@pytest.mark.parametrize(
    "setting",
    ["", "months=6", "months=12&since=2005", "sample=2015", "dead=out", "counted=launch&months=3"],
)
def test_rules_by_plain_counting(cohort: pd.DataFrame, setting: str) -> None:
    panel = CodingRules(cohort, setting)
    state = panel.state
    counts = {1: [0, 0], 0: [0, 0]}
    launch = pd.Timestamp("2015-09-01")
    for row in cohort.itertuples():
        end = row.left_prison
        if state.counted == "launch" and end > launch:
            end = launch
        if (end - row.arrested).days / DAYS_PER_MONTH < state.months:
            continue
        if row.arrested.year < state.since:
            continue
        if state.sample == "2015" and not row.in_prison_2015:
            continue
        if state.dead == "out" and row.status == "died or executed":
            continue
        counts[row.freethe20][0] += row.released
        counts[row.freethe20][1] += 1
    (a, n), (b, m) = counts[1], counts[0]
    assert f"{a} of {n} campaign rows" in panel.sentence
    assert f"{b} of {m} comparison rows" in panel.sentence
    assert panel.sentence.startswith("Synthetic rows")


def test_a_group_of_one_and_an_empty_one(cohort: pd.DataFrame) -> None:
    panel = CodingRules(cohort, "months=12&since=2015")
    assert "0 of 1 comparison rows" in panel.sentence
    assert "One row is not a group" in panel.sentence
    before = panel.rows
    panel.open("months=24&since=2015&counted=launch")
    assert "No campaign rows are left" in panel.error
    assert panel.rows == before


def test_two_months_were_cut_before_the_rows_were_made(cohort: pd.DataFrame) -> None:
    assert "Below two months nothing changes" in CodingRules(cohort, "months=0").sentence
    whole, none = CodingRules(cohort), CodingRules(cohort, "months=0")
    assert rows(whole, "shares").equals(rows(none, "shares"))


# Section 5 -----------------------------------------------------------------------------------


def test_before_is_the_plain_difference(balance, cohort: pd.DataFrame) -> None:  # type: ignore[no-untyped-def]
    known = cohort.dropna()
    share = known.groupby("freethe20")["released"].mean()
    effects = rows(Balance(balance), "effects").set_index("row")
    assert effects.loc["as observed", "estimate"] == pytest.approx(100 * (share[1] - share[0]))


@pytest.mark.parametrize("method", ["ipw", "ipw all"])
def test_weighting_against_statsmodels(balance, method: str) -> None:  # type: ignore[no-untyped-def]
    columns = [labels[0] for labels in list(COVARIATES.values())[:5]]
    x = sm.add_constant(balance.covariates[columns])
    score = sm.Logit(balance.treated, x).fit(disp=0, tol=1e-12).predict(x).to_numpy()
    treated = balance.treated == 1
    if method == "ipw":
        weights = np.where(treated, 1, score / (1 - score))
    else:
        weights = np.where(treated, 1 / score, 1 / (1 - score))
    y = balance.outcome
    expected = np.average(y[treated], weights=weights[treated]) - np.average(
        y[~treated], weights=weights[~treated]
    )
    ticks = "+".join(list(COVARIATES)[:5])
    panel = Balance(balance, f"method={method}&covariates={ticks}")
    assert panel.error == ""
    effects = rows(panel, "effects").set_index("row")
    assert effects.loc["now", "estimate"] == pytest.approx(100 * expected, abs=1e-4)
    smd = rows(panel, "balance").query("stage == 'now' and covariate == 'torture concerns'")
    z = balance.covariates["torture concerns"].to_numpy()
    scale = math.sqrt((z[treated].var(ddof=1) + z[~treated].var(ddof=1)) / 2)
    gap = np.average(z[treated], weights=weights[treated])
    gap -= np.average(z[~treated], weights=weights[~treated])
    assert smd["smd"].iloc[0] == pytest.approx(gap / scale, abs=1e-6)


def test_entropy_balancing_leaves_no_difference_in_what_it_balances(balance) -> None:  # type: ignore[no-untyped-def]
    table = rows(Balance(balance, "method=entropy"), "balance")
    now = table[table["stage"] == "now"].set_index("covariate")["smd"]
    assert now.iloc[:9].abs().max() < 1e-6
    assert abs(now["year of arrest"]) > 0.5  # what is not balanced stays apart


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("covariates=", "Tick at least one covariate"),
        ("covariates=region+in_prison_2015", "Every campaign row was in prison in 2015"),
        ("method=entropy&sample=2015", "Entropy balancing finds no weights"),
        ("sample=2015&covariates=in_prison_2015", "Tick at least one covariate"),
    ],
)
def test_what_cannot_be_balanced_is_one_sentence(balance, setting, sentence) -> None:  # type: ignore[no-untyped-def]
    panel = Balance(balance)
    before = panel.rows
    panel.open(setting)
    assert sentence in panel.error
    assert panel.rows == before


def test_outcomes_all_alike_are_not_taken_for_certainty(cohort: pd.DataFrame) -> None:
    split = cohort.assign(released=cohort["freethe20"])
    panel = Balance(balance_rows(carry(split, cohort)), "sample=2015")
    assert "nothing measures an interval" in panel.sentence


# All -----------------------------------------------------------------------------------------


def test_settings_round_trip_and_rows_are_plain_json(
    samples, record, simulated, cohort, balance
) -> None:  # type: ignore[no-untyped-def]
    panels = [
        (WouldHaveHappened, samples, "anyway=3&others=8"),
        (BackDoors, None, "arrows=expected-chosen+chosen-diplomacy&fixed=country"),
        (WhichTest, samples, "test=boschloo&sides=greater&line=0.05&interval=Wald&level=0.9"),
        (Recode, record, "coding=B&leave=afiuni&ethiopia=taken out&take=2&add=-1&test=barnard"),
        (SelectionLab, simulated, "strength=0.33&lists=A&line=0.01"),
        (Funnel, funnel_steps(data.load_published_fit()), "step=6"),
        (CodingRules, cohort, "months=7&counted=launch&sample=2015&since=2008&dead=out"),
        (Balance, balance, "method=ipw&covariates=region&caliper=0.5&ratio=2&replace=yes"),
    ]
    for kind, material, setting in panels:
        panel = kind(material, setting)
        assert panel.error == "", (kind, panel.error)
        assert kind(material, panel.setting).state == panel.state
        json.dumps(panel.rows, allow_nan=False)
        panel.reset()
        assert panel.state == kind(material, setting).state


def test_counts_are_read_from_the_table(samples: pd.DataFrame) -> None:
    assert list_counts(samples) == Counts(17, 19, 11, 21)


def test_the_default_state_is_frozen() -> None:
    with pytest.raises(AttributeError):
        BalanceState().ratio = 2  # type: ignore[misc]


def test_a_constant_covariate_is_no_difference(balance) -> None:  # type: ignore[no-untyped-def]
    """In the sample in prison in 2015 that column is 1 in every row, however weighted."""
    for method in ("none", "ipw", "ipw all", "nearest"):
        panel = Balance(balance, f"sample=2015&method={method}")
        assert not panel.error
        assert "inf" not in panel.sentence
        flat = [r for r in rows(panel, "balance").itertuples() if "in prison" in r.covariate]
        assert [r.smd for r in flat] == [0, 0]
