"""Panels on deadlock, rivals and visits: what is shown follows the models and independent sums."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from helpers import data
from helpers.panels.base import Panel, Several, Slider, Toggle
from helpers.panels.deadlock.bargains import BureauPanel, CreditPanel, OutcomePanel, RivalsPanel
from helpers.panels.deadlock.visits import ClaimPanel, VisitPanel, evidence
from helpers.theory import deadlock

TIMELINE = data.load_timeline("azerbaijan")
EVIDENCE = evidence(TIMELINE)
PANELS: list[tuple[type[Panel], Any, str]] = [
    (BureauPanel, None, "publicity=0.4&jobs=facts&number=7"),
    (OutcomePanel, None, "publicity=0.7&fade=6stays&backlash=1.5"),
    (CreditPanel, None, "number=500&selection=0.4&draw=3"),
    (RivalsPanel, None, "strength=0.2&peak=5&approved=0.7"),
    (VisitPanel, None, "price=0.9&leak=price&guess=ordinary"),
    (ClaimPanel, EVIDENCE, "cause=0.8&tie=0.5&proposer=L offers"),
]
IDS = [cls.__name__ for cls, _, _ in PANELS]


@pytest.mark.parametrize(("cls", "source", "setting"), PANELS, ids=IDS)
def test_setting_round_trip(cls: type[Panel], source: Any, setting: str) -> None:
    panel = cls(source)
    panel.open(setting)
    assert not panel.error
    again = cls(source, panel.setting)
    assert again.state == panel.state
    assert again.sentence == panel.sentence
    panel.reset()
    assert panel.setting == ""


@pytest.mark.parametrize(("cls", "source", "setting"), PANELS, ids=IDS)
def test_each_sentence_and_each_chart_says_illustration(
    cls: type[Panel], source: Any, setting: str
) -> None:
    panel = cls(source, setting)
    assert panel.sentence.startswith("Illustration")
    assert any("ILLUSTRATION" in line for line in panel.still()["title"]["subtitle"])


@pytest.mark.parametrize(("cls", "source", "setting"), PANELS, ids=IDS)
def test_one_step_of_each_control_changes_picture_or_words(
    cls: type[Panel], source: Any, setting: str
) -> None:
    panel = cls(source)
    for field, control in panel.controls().items():
        before = (panel.rows, panel.sentence, panel.table)
        now = getattr(panel.state, field)
        if isinstance(control, Toggle):
            value = not now
        elif isinstance(control, Slider):
            above = now + control.step
            value = above if above <= control.high else control.low
        elif isinstance(control, Several):
            value = now[1:]
        else:
            values = list(control.options.values())
            value = values[(values.index(now) + 1) % len(values)]
        panel.move(**{field: value})
        after = (panel.rows, panel.sentence, panel.table)
        assert after != before, field
        assert not panel.error, field
        panel.reset()


@pytest.mark.parametrize(("cls", "source", "setting"), PANELS, ids=IDS)
def test_a_bad_setting_is_a_sentence_and_the_picture_stays(
    cls: type[Panel], source: Any, setting: str
) -> None:
    panel = cls(source, setting)
    before = panel.rows
    first = next(iter(panel.controls()))
    panel.open(f"{first}=99")
    assert "takes a number from" in panel.error
    assert panel.rows == before


@pytest.mark.parametrize("publicity", [0.0, 0.25, 0.5])
@pytest.mark.parametrize("veto", [0.0, 0.4, 1.0])
def test_bureau_shows_the_double_sum(publicity: float, veto: float) -> None:
    state = BureauPanel.State(publicity=publicity, veto=veto)
    picture = BureauPanel.compute(state, None)
    sd = np.sqrt(0.15**2 + 0.12**2 + 0.23**2)
    p_f = stats.norm.cdf((0.7 + 1.4 * publicity - 0.36) / sd)
    p_r = stats.norm.cdf((0.4 + 1.4 * publicity - 0.96) / sd)
    floor = int(np.ceil(veto * 12 - 1e-9))
    want = sum(
        stats.binom.pmf(j, 12, p_r) * stats.binom.sf(12 - j - 1, 8, p_f) for j in range(floor, 13)
    )
    assert picture.rows["here"][0]["chance"] == pytest.approx(want, abs=1e-12)
    assert f"{100 * want:.0f} % approve" in picture.sentence


def test_the_opening_pictures_do_not_give_the_predictions_away() -> None:
    assert BureauPanel.compute(BureauPanel.State(), None).rows["steps"] == []
    whole = BureauPanel.compute(BureauPanel.State(curve=True), None).rows["steps"]
    assert [row["publicity"] for row in whole] == pytest.approx(np.linspace(0, 1, 101))
    assert "0.60" not in CreditPanel(None).sentence
    assert "would give 0.60 and -0.02" in CreditPanel(None, "leverage=1").sentence


def test_dots_lie_on_the_side_that_their_state_says() -> None:
    picture = BureauPanel.compute(BureauPanel.State(publicity=0.35), None)
    for dot in picture.rows["dots"]:
        above = dot["value"] - (1.2 * dot["stake"] - 1.4 * 0.35) > 0
        assert above == (dot["state"] == "supports")


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_bureau_of_one_kind(share: float) -> None:
    picture = BureauPanel.compute(BureauPanel.State(functionalists=share, publicity=0.3), None)
    assert len({dot["kind"] for dot in picture.rows["dots"]}) == 1
    assert "0 of 0" in picture.sentence


def test_outcome_by_hand() -> None:
    picture = OutcomePanel.compute(OutcomePanel.State(), None)
    p = stats.logistic.cdf([-1.5 - 0.05, -1.5 - 0.05 + 2.5])
    action = deadlock.approval_probability(deadlock.Bureau(), 0.5)[0]
    want = (1 - action) * p[0] + action * p[1]
    parts = {row["course"]: row["released"] for row in picture.rows["parts"]}
    assert parts["as set"] == pytest.approx(want)
    assert parts["without leverage"] == pytest.approx(p[0])
    # A bureau in 65,000 acts without publicity.
    assert parts["without publicity"] == pytest.approx(stats.logistic.cdf(-1.5), abs=2e-5)
    survival = {
        row["time"]: row["survival"] for row in picture.rows["curves"] if row["course"] == "as set"
    }
    median = picture.rows["median"][0]["time"]
    assert survival[median] <= 0.5 < survival[median - 1]


def test_shaming_alone_can_draw_the_same_curve() -> None:
    """The exercise's answer, 2.6: equal to the last digit."""
    with_lever = OutcomePanel.compute(OutcomePanel.State(publicity=1.0), None)
    shaming = OutcomePanel.compute(
        OutcomePanel.State(publicity=1.0, leverage=0.0, shaming=2.6), None
    )
    first, second = (
        [row["survival"] for row in picture.rows["curves"] if row["course"] == "as set"]
        for picture in (with_lever, shaming)
    )
    assert first == second


def test_credit_is_statsmodels_least_squares() -> None:
    state = CreditPanel.State(number=800, selection=0.3, leverage=1.0, draw=4)
    picture = CreditPanel.compute(state, None)
    cases = deadlock.cases(deadlock.Bureau(), deadlock.Target(), 0.3, 800, 4)
    x = sm.add_constant(np.c_[cases.publicity, cases.action])
    alone = sm.OLS(cases.released, x[:, :2]).fit(cov_type="HC1")
    both = sm.OLS(cases.released, x).fit(cov_type="HC1")
    got = [(row["estimate"], row["low"], row["high"]) for row in picture.rows["estimates"]]
    half = [stats.t.isf(0.025, fit.df_resid) for fit in (alone, both)]
    want = [
        (fit.params[k], fit.params[k] - h * fit.bse[k], fit.params[k] + h * fit.bse[k])
        for fit, h, k in ((alone, half[0], 1), (both, half[1], 1), (both, half[1], 2))
    ]
    np.testing.assert_allclose(got, want, rtol=1e-9)


def test_regression_that_cannot_be_fitted_is_said_in_words() -> None:
    panel = CreditPanel(None)
    before = panel.rows
    panel.open("weight=0")
    assert "cannot be held fixed" in panel.error
    assert panel.rows == before


def test_rivals_meet_the_curve_at_the_settings_of_the_exercise() -> None:
    panel = RivalsPanel(None, "strength=0.12&wait=1&half_life=10")
    assert "0.018 for shaming" in panel.sentence
    others = [RivalsPanel(None, f"strength={s}&wait=1&half_life=10").sentence for s in (0.11, 0.13)]
    assert all("0.03" in words.split(" for shaming")[0] for words in others)


@pytest.mark.parametrize("setting", ["strength=0&crowd=0&approved=0", "acceptance=0"])
def test_mechanisms_switched_off(setting: str) -> None:
    panel = RivalsPanel(None, setting)
    assert not panel.error


def test_visit_edge_of_the_deal() -> None:
    """The exercise's answer: a price of 0.6 is paid up to q = 0.45."""
    assert "both gain" in VisitPanel(None, "known=0.45").sentence
    assert "would not pay" in VisitPanel(None, "known=0.46").sentence
    assert "nothing to buy" in VisitPanel(None, "price=0.2").sentence


def test_evidence_is_the_record_with_a_source_each() -> None:
    assert len(EVIDENCE) == 10
    assert EVIDENCE["Source"].str.startswith("http").all()
    recorded = set(TIMELINE["event"])
    assert set(EVIDENCE["What is recorded (● public record)"]) <= recorded


def test_a_date_is_no_surer_than_its_source() -> None:
    dates = EVIDENCE.set_index("What is recorded (● public record)")["Date"]
    photograph = TIMELINE.set_index("id").loc["A30", "event"]
    assert dates[photograph] == "between 1 September 2015 and 31 March 2016"
    assert dates[TIMELINE.set_index("id").loc["A42", "event"]] == "25 May 2016"


@pytest.mark.parametrize("width", [0.05, 0.5])
def test_each_band_of_the_price_is_named_where_its_word_fits(width: float) -> None:
    regions = VisitPanel.compute(VisitPanel.State(possible=width), None).rows["regions"]
    assert {row["word"] for row in regions} <= {"never", "if sure enough", "always", ""}
    for row in regions:
        assert row["middle"] == pytest.approx((row["low"] + row["high"]) / 2)
        assert row["low"] <= row["middle"] <= row["high"]
        assert not row["word"] or row["high"] - row["low"] > 0.16
    assert any(row["word"] for row in regions)


@pytest.mark.parametrize("about", ["all", "cause", "price", "order"])
def test_evidence_can_be_filtered(about: str) -> None:
    picture = ClaimPanel.compute(ClaimPanel.State(about=about), EVIDENCE)
    assert picture.table is not None
    want = len(EVIDENCE) if about == "all" else (EVIDENCE["about"] == about).sum()
    assert len(picture.table) == want > 0
    assert "about" not in picture.table.columns


def test_map_and_line_agree_with_the_point() -> None:
    state = ClaimPanel.State(cause=0.4, known=0.3, tie=0.25)
    picture = ClaimPanel.compute(state, EVIDENCE)
    cell = [
        row["chance"]
        for row in picture.rows["cells"]
        if row["cause"] == 0.4 and row["known"] == 0.3
    ]
    here = picture.rows["here"][0]["chance"]
    assert cell == [pytest.approx(here, abs=1e-4)]
    line = [row["chance"] for row in picture.rows["lines"] if row["known"] == 0.3]
    assert line == [pytest.approx(here)]


def test_a_worth_of_nothing_has_no_minus() -> None:
    sentence = VisitPanel(None).at("accuracy=0.1&price=0.5").sentence
    assert "joint surplus 0.00" in sentence


def test_of_equal_squares_the_most_of_the_cause_and_the_least_of_the_price_is_named() -> None:
    """What a challenger who guesses right is told changes nothing, so a whole column is equal."""
    picture = ClaimPanel.compute(ClaimPanel.State(leak="price"), EVIDENCE)
    full = {row["chance"] for row in picture.rows["cells"] if row["cause"] == 1}
    assert len(full) == 1
    assert "at 1.00 for the cause and 0.00 for the price" in picture.sentence
