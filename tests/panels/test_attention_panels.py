"""Panels on attention against statsmodels, the raw files and arithmetic."""

from __future__ import annotations

import csv
import dataclasses
import math
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf
from statsmodels.stats.power import TTestPower

from helpers import data
from helpers.panels.media.attention import EventStudy, RawAttention
from helpers.panels.media.readings import (
    AttentionWindow,
    LastingPower,
    OnePlus,
    PowerState,
    ReleaseState,
)
from helpers.stats.errors import StatsError
from helpers.study.attention import (
    MediaWorlds,
    ReleaseMonths,
    StudyState,
    fit_study,
    media_worlds,
    release_months,
    smallest_seen,
    survey,
    targets_beside,
)
from helpers.study.media import EVENTS, as_published, chance_of_seeing
from helpers.study.record import women_record
from workshop.media_power import STUDIES, simulate

WORLDS = media_worlds()
PANEL = WORLDS.published
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def months() -> ReleaseMonths:
    intervals = data.load_release_intervals()
    record = women_record(data.load_women(), data.load_release_coding(), intervals)
    return release_months(record, intervals, data.load_sources(), data.load_timeline("azerbaijan"))


def theirs(frame: pd.DataFrame, state: StudyState) -> pd.DataFrame:
    """Fit a setting with statsmodels, all dummies written out."""
    left = {"log1p": "np.log1p({})", "asinh": "np.arcsinh({})", "level": "{}"}[state.form]
    right = [*EVENTS, "arrest_month", "release_month"]
    right += ["sentence_month"] * state.sentences
    right += {"person": ["C(person)", "C(year)"], "country": ["C(country)", "C(year)"]}.get(
        state.effects, []
    )
    frame = frame.dropna(subset=[state.outcome])
    model = smf.ols(f"{left.format(state.outcome)} ~ {' + '.join(right)}", frame)
    if state.errors == "HC1":
        fit = model.fit(cov_type="HC1")
    else:
        groups = pd.factorize(frame[state.errors])[0]
        fit = model.fit(cov_type="cluster", cov_kwds={"groups": groups})
    return pd.DataFrame({"estimate": fit.params, "error": fit.bse}).loc[list(EVENTS)]


@pytest.mark.parametrize(
    "setting",
    [
        "",
        "outcome=searches",
        "form=asinh&errors=person",
        "form=level&effects=none",
        "effects=country&sentences=yes",
        "errors=year",
    ],
)
def test_event_study_equals_statsmodels(setting: str) -> None:
    panel = EventStudy(WORLDS, setting)
    assert panel.error == ""
    drawn = pd.DataFrame(panel.rows["coefficients"])
    expected = theirs(PANEL, panel.state)
    # Both solve the same least squares; only rounding differs.
    assert drawn["estimate"].to_numpy() == pytest.approx(expected["estimate"], abs=1e-9)
    high = expected["estimate"] + 2 * expected["error"]
    assert drawn["high2"].to_numpy() == pytest.approx(high, abs=1e-9)


def test_women_left_out_are_gone_altogether() -> None:
    gone = PANEL[(PANEL["month"] == "2015-09") & (PANEL["release_month"] == 1)]["person"]
    assert len(gone) == 2
    expected = theirs(PANEL[~PANEL["person"].isin(gone)], StudyState())
    fit, _, people = fit_study(StudyState(exits="out"), WORLDS)
    assert people == 17
    assert fit.estimate[:5] == pytest.approx(expected["estimate"], abs=1e-9)


def test_builder_choices_change_the_rows_and_are_said() -> None:
    lasting = EventStudy(WORLDS, "lasts=yes")
    assert "nothing after fails" in lasting.sentence
    assert "the rise does last" in lasting.sentence
    assert "September up fails" in EventStudy(WORLDS, "world=multiplier").sentence
    assert "774 rows" in EventStudy(WORLDS, "exits=stay").sentence


def test_negative_binomial_equals_statsmodels() -> None:
    fit, p, _ = fit_study(StudyState(model="nb", effects="none"), WORLDS)
    x = sm.add_constant(PANEL[[*EVENTS, "arrest_month", "release_month"]])
    expected = sm.NegativeBinomial(PANEL["articles"], x).fit(disp=0, maxiter=200)
    # Their quasi-Newton search stops earlier than our Newton steps.
    assert fit.estimate[:5] == pytest.approx(expected.params[list(EVENTS)], abs=1e-3)
    assert p == pytest.approx(tuple(expected.pvalues[list(EVENTS)]), abs=1e-2)


def test_wild_bootstrap_changes_p_and_not_the_bars() -> None:
    wild, p, _ = fit_study(StudyState(errors="wild"), WORLDS)
    plain, q, _ = fit_study(StudyState(errors="person"), WORLDS)
    assert wild.standard_error == pytest.approx(plain.standard_error, abs=0)
    # Nineteen clusters: the bootstrap and Student's t agree to a few points.
    assert p == pytest.approx(q, abs=0.06)
    assert p != q


def test_a_month_clustered_by_year_has_scores_of_zero() -> None:
    """What the panel and the notebook say about errors clustered by year."""
    formula = f"np.log1p(articles) ~ {' + '.join(EVENTS)} + arrest_month + release_month"
    fit = smf.ols(f"{formula} + C(person) + C(year)", PANEL).fit()
    sums = (fit.resid * PANEL["september"]).groupby(PANEL["year"]).sum()
    assert sums.abs().max() < 1e-9
    assert "Do not trust these errors" in EventStudy(WORLDS, "errors=year").sentence


def test_what_cannot_be_fitted_is_one_sentence_and_the_picture_stays() -> None:
    panel = EventStudy(WORLDS)
    before, words = panel.rows, panel.sentence
    panel.open("errors=two-way")
    assert "came out negative" in panel.error
    panel.open("outcome=searches&model=nb")
    assert "an index from 0 to 100" in panel.error
    assert panel.rows == before
    assert panel.sentence == words


def test_one_person_and_no_person() -> None:
    one = {key: frame[frame["person"] == "P01"] for key, frame in WORLDS.frames.items()}
    with pytest.raises(StatsError, match=r"constant|cluster"):
        fit_study(StudyState(errors="person"), MediaWorlds(one))
    none = {key: frame.head(0) for key, frame in WORLDS.frames.items()}
    panel = EventStudy(MediaWorlds(none))
    assert "no rows" in panel.error


@pytest.mark.parametrize(
    ("panel", "setting"),
    [
        (
            EventStudy,
            "outcome=searches&form=asinh&effects=none&errors=wild&sentences=yes&lasts=yes",
        ),
        (RawAttention, "outcome=searches&line=log&span=all&best=no"),
        (OnePlus, "hold=y&ratio=2.3&baseline=7&unit=10"),
        (AttentionWindow, "lasts=3&answer=4&sentences=no"),
        (LastingPower, "ratio=1.25&effects=none&errors=HC1&women=76&wanted=90"),
    ],
)
def test_settings_go_out_and_come_back(months, panel: Any, setting: str) -> None:  # type: ignore[no-untyped-def]
    held = {
        EventStudy: WORLDS,
        RawAttention: PANEL,
        OnePlus: None,
        AttentionWindow: months,
        LastingPower: data.load_media_power(),
    }[panel]
    opened = panel(held, setting)
    assert opened.error == ""
    assert opened.setting == setting
    opened.reset()
    assert opened.setting == setting  # where the notebook opens it


def test_raw_counts_are_those_of_the_rows() -> None:
    panel = RawAttention(PANEL, "line=mean&span=all")
    drawn = panel.rows
    assert len(drawn["dots"]) == len(PANEL)
    september = PANEL.loc[PANEL["month"] == "2015-09", "articles"]
    assert f"{september.mean():.1f} in September 2015" in panel.sentence
    assert drawn["held"][-1]["people"] == (PANEL["month"] == "2018-09").sum()
    assert len(RawAttention(PANEL, "best=no").rows["dots"]) < 744


def test_verdicts_are_counted_over_72_settings() -> None:
    table = survey(WORLDS)
    assert len(table) == 72
    row = table.iloc[0]
    assert row[["effects", "scale", "errors"]].tolist() == ["person", "ln(1 + y)", "HC1"]
    assert row["September"] == pytest.approx(
        theirs(PANEL, StudyState()).loc["september", "estimate"]
    )
    assert data.provenance_of(table) == (data.Provenance.SYNTHETIC,)


def test_targets_stand_beside_what_the_regression_gives() -> None:
    fits = {what: as_published(PANEL, what) for what in ("articles", "searches")}
    lines = targets_beside(PANEL, fits)
    # As the paper prints them: about +50 percent, doubled, a median of one.
    assert [round(said, 6) for said, _ in lines.values()] == [50, 100, 1]
    for what in fits:
        got = np.expm1(theirs(PANEL, StudyState(outcome=what)).loc["september", "estimate"])
        assert lines[f"{what}, September 2015, %"][1] == pytest.approx(100 * got)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("", "1 to 2.0"),  # 1.5 x (1 + 1) - 1
        ("baseline=10", "10 to 15.5"),  # 1.5 x 11 - 1
        ("hold=y&baseline=10", "10 to 15.0"),
        ("unit=10", "1 to 6.5"),  # 10 x (1.5 x 1.1 - 1)
        ("ratio=0.5", "1 to 0.0"),  # 0.5 x 2 - 1
    ],
)
def test_one_plus_is_arithmetic(setting: str, said: str) -> None:
    assert OnePlus(None, setting).rows["mark"][0]["text"] == said


@pytest.mark.parametrize(
    ("setting", "least"), [("ratio=0.5&baseline=0", 1), ("ratio=0.5&baseline=9&unit=10", 10)]
)
def test_one_plus_leaves_no_fewer_than_none(setting: str, least: int) -> None:
    """0.5 x (1 + 0) - 1 is below nothing: refused, where it used to be cut off in silence."""
    panel = OnePlus(None)
    before = panel.sentence
    panel.open(setting)
    assert f"Begin at {least} or more" in panel.error
    assert panel.sentence == before
    panel.open(setting.replace("baseline=0", f"baseline={least}").replace("=9", f"={least}"))
    assert f"from {least} on" in panel.sentence
    assert f"coefficient of {math.log(0.5):.3f}".replace("-", "−") in panel.sentence
    curve = panel.rows["curve"]
    assert min(row["before"] for row in curve) == least
    assert all(row["after"] >= 0 for row in curve)


def test_one_plus_coefficients() -> None:
    assert "coefficient of 0.405" in OnePlus(None).sentence  # ln 1.5
    assert "coefficient of 0.223" in OnePlus(None, "hold=y").sentence  # ln(2.5 / 2)
    assert "no percentage" in OnePlus(None, "baseline=0").sentence


def files_say(end: float) -> tuple[int, int]:
    """Count releases before and from a month on, from the committed file alone."""
    inside = after = 0
    with (ROOT / "data/women/release_intervals.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if not row["release_latest"]:
                continue
            launch = date(2015, 9, 1)
            # No earliest day: one report has her out before the launch.
            first = date.fromisoformat(row["release_earliest"] or row["reported_out"])
            last = date.fromisoformat(row["release_latest"])
            inside += bool(row["release_earliest"]) and (last - launch).days < end * 30.4375
            after += (first - launch).days >= end * 30.4375
    return inside, after


@pytest.mark.parametrize(("lasts", "answer"), [(1, 0), (1, 6), (3, 4), (18, 18)])
def test_releases_inside_the_window(months: ReleaseMonths, lasts: int, answer: int) -> None:
    inside, after = files_say(lasts + answer)
    picture = AttentionWindow.compute(ReleaseState(lasts, answer), months)
    perhaps = 16 - inside - after
    assert (
        f"{inside} of 16 releases fall inside for certain, {perhaps} perhaps, and {after} after"
        in picture.sentence
    )


def test_every_release_and_ruling_opens_a_source(months: ReleaseMonths) -> None:
    picture = AttentionWindow.compute(ReleaseState(), months)
    for rows in picture.rows.values():
        if isinstance(rows, pd.DataFrame):
            assert rows["url"].str.startswith("http").all()
    assert picture.table is not None
    assert picture.table["source"].str.startswith("http").all()
    # Days in the sources: IRFS and OMCT on the two sentences of Baku courts.
    assert dict(zip(months.notes["name"], months.notes["day"], strict=True)) == {
        "Leyla Yunus": "2015-08-13",
        "Khadija Ismayilova": "2015-09-01",
    }
    released = dict(zip(picture.table["woman"], picture.table["released"], strict=True))
    # ESAT, 24 June 2015: out on bail; her own interview of 21 June 2016: free.
    assert released["Meron Alemayehu"] == (
        "one report: out on bail by 2015-06-24, before the launch; free by 2016-06-21"
    )
    frame = months.releases.set_index("name").loc["Meron Alemayehu"]
    assert frame["first"] == pytest.approx(-69 / 30.4375)
    assert released["Gao Yu"] == "2015-11-26"
    september = months.releases.loc[months.releases["last"] < 1, ["name", "last_day"]]
    assert september.to_numpy().tolist() == [
        ["Ta Phong Tan", "2015-09-19"],
        ["Sanaa Seif", "2015-09-23"],
    ]
    assert len(months.without) == 3


@pytest.mark.parametrize("effect", [0.0, 0.1, 0.35])
def test_chance_of_seeing_equals_statsmodels(effect: float) -> None:
    # Their effect size times root n is our effect over its standard error.
    expected = TTestPower().power(effect / 0.1 / np.sqrt(19), nobs=19, alpha=0.05, df=18)
    assert chance_of_seeing(effect, 0.1, 18) == pytest.approx(expected, abs=1e-8)
    assert chance_of_seeing(0, 0.1, float("inf")) == pytest.approx(0.05)
    # Far out, where the library's left tail is NaN; and the same on the other side.
    assert chance_of_seeing(0.865, 0.1, 18) == pytest.approx(1, abs=1e-6)
    assert chance_of_seeing(-effect, 0.1, 18) == pytest.approx(expected, abs=1e-8)
    with pytest.raises(StatsError, match="above 0"):
        chance_of_seeing(0.1, 0, 18)


@pytest.mark.parametrize(
    ("size", "ratio", "effects", "errors"),
    [(1, 1.4, "person+year", "cluster"), (1, 1.0, "none", "HC1")],
)
def test_the_kept_simulation_can_be_run_again(size, ratio, effects, errors) -> None:  # type: ignore[no-untyped-def]
    kept = data.load_media_power()
    row = kept[
        (kept["women"] == 19 * size)
        & (kept["ratio"] == ratio)
        & (kept["effects"] == effects)
        & (kept["errors"] == errors)
    ].iloc[0]
    again = simulate(size, ratio, effects, errors)
    assert row["studies"] == again["studies"] == STUDIES
    # A share can move by one study where a p value lies on the edge of 0.05.
    assert row["seen"] == pytest.approx(again["seen"], abs=1.5 / STUDIES)
    assert row["estimate"] == pytest.approx(again["estimate"], abs=1e-4)
    with pytest.raises(StatsError, match="not known"):
        simulate(1, 1.0, "village")


def test_smallest_seen_by_straight_lines() -> None:
    ratio, seen = np.array([1.0, 1.2, 1.4]), np.array([0.05, 0.6, 1.0])
    assert smallest_seen(ratio, seen, 0.8) == pytest.approx(1.3)
    assert smallest_seen(ratio, seen, 0.05) == 1.0
    assert smallest_seen(ratio, np.array([0.05, 0.1, 0.2]), 0.8) is None


def test_power_panel_says_what_is_missing() -> None:
    kept = data.load_media_power()
    panel = LastingPower(kept)
    row = kept.query("women == 19 & effects == 'person+year' & errors == 'cluster' & ratio == 1.5")
    assert panel.rows["at"][0]["seen"] == pytest.approx(row["seen"].iloc[0])
    assert "October to December 2015" in panel.sentence
    assert "not to be trusted" in LastingPower(kept, "effects=none&errors=HC1").sentence
    small = data.carry(kept[kept["women"] != 76], kept)
    assert "Nothing was simulated for 76" in LastingPower(small, "women=76").error
    low = data.carry(kept.assign(seen=0.3), kept)
    words = LastingPower.compute(dataclasses.replace(PowerState()), low).sentence
    assert "No ratio up to 2 reaches 80 %" in words
