"""The synthetic media panel: the paper's words about Figure 4 against what a regression gives."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from helpers.stats.errors import StatsError
from helpers.study.media import (
    EVENTS,
    SEED,
    MediaDesign,
    build_media_panel,
    first_seed,
    lasting_fit,
    meets_targets,
    smallest_lasting_effect,
)

PANEL = build_media_panel()
# Figure 4 and its text: about +50 percent articles, searches about doubled.
SAID = {"articles": np.log(1.5), "searches": np.log(2.0)}


def september(panel: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Fit the published form with statsmodels, not with our own regression."""
    formula = f"np.log1p({outcome}) ~ {' + '.join(EVENTS)} + arrest_month + release_month"
    rows = panel.dropna(subset=[outcome])
    fit = smf.ols(f"{formula} + C(person) + C(year)", rows).fit(cov_type="HC1")
    return pd.DataFrame({"estimate": fit.params, "se": fit.bse}).loc[list(EVENTS)]


@pytest.mark.parametrize("outcome", SAID)
def test_regression_gives_what_the_paper_says(outcome: str) -> None:
    table = september(PANEL, outcome)
    t = table["estimate"] / table["se"]
    # "About": within 0.05 on the log scale, the builder's stated tolerance.
    assert table.loc["september", "estimate"] == pytest.approx(SAID[outcome], abs=0.05)
    assert t["september"] > 2
    assert (t[["july", "august", "october", "november"]].abs() < 2).all()


def test_median_is_one_article() -> None:
    assert PANEL["articles"].median() == 1


def test_only_september_is_positive_in_the_negative_binomial() -> None:
    assert meets_targets(PANEL)
    flat = build_media_panel(MediaDesign(articles_effect=1.0))
    assert not meets_targets(flat)


def test_seed_is_the_first_that_meets_the_targets() -> None:
    assert first_seed(SEED + 1) == SEED


def test_shape_of_the_panel() -> None:
    assert PANEL["person"].nunique() == 19
    assert not PANEL.duplicated(["person", "month"]).any()
    assert PANEL["month"].between("2013-09", "2018-09").all()
    assert (PANEL.groupby("person")["arrest_month"].sum() <= 1).all()
    # A release ends the rows of a person.
    last = PANEL.groupby("person")["month"].max()
    released = PANEL[PANEL["release_month"] == 1].set_index("person")["month"]
    assert released.equals(last.loc[released.index])
    assert (released == "2015-09").sum() == 2
    assert 19 - len(released) == 2
    assert PANEL["searches"].dropna().between(0, 100).all()
    assert PANEL.groupby("person")["searches"].count().eq(0).sum() == 8


def test_effects_change_only_their_months() -> None:
    none = build_media_panel(MediaDesign(articles_effect=1.0, searches_effect=1.0))
    differs = (none["articles"] != PANEL["articles"]) | (
        none["searches"].fillna(-1) != PANEL["searches"].fillna(-1)
    )
    assert set(PANEL.loc[differs, "month"]) == {"2015-09"}
    lasting = build_media_panel(MediaDesign(lasting=2.0))
    differs = lasting["articles"] != PANEL["articles"]
    assert PANEL.loc[differs, "month"].min() == "2015-10"
    stay = build_media_panel(MediaDesign(september_exits=False))
    assert len(stay) > len(PANEL)
    assert not build_media_panel(MediaDesign(sentences=False))["sentence_month"].any()


def test_september_is_what_the_builder_put_in() -> None:
    # The same draws with and without the effect, so that their noise cancels.
    gains = []
    for seed in range(20):
        fits = [
            september(build_media_panel(MediaDesign(seed=seed, articles_effect=e)), "articles")
            for e in (1.5, 1.0)
        ]
        gains.append(fits[0].loc["september", "estimate"] - fits[1].loc["september", "estimate"])
    # Counts are whole: a row of 0 becomes 0 or 1 at random, which adds ln(2) / 2 = 0.347 and
    # not 0.405 on average. All rows 0 would give the one, large counts the other.
    error = 4 * np.std(gains) / np.sqrt(len(gains))
    assert np.log(2) / 2 < np.mean(gains) < SAID["articles"] + error


@pytest.mark.slow
@pytest.mark.parametrize("effects", [("person", "year"), ("country", "year")])
def test_smallest_lasting_effect_is_seen_as_often_as_promised(effects: tuple[str, ...]) -> None:
    ratio = smallest_lasting_effect(PANEL, effects)

    def share_seen(lasting: float) -> float:
        designs = (MediaDesign(seed=s, lasting=lasting) for s in range(150))
        return float(
            np.mean([lasting_fit(build_media_panel(d), effects).p_value[0] < 0.05 for d in designs])
        )

    # 0.8 within three standard errors of a share of 150 panels; 0.05 likewise without effect.
    assert share_seen(ratio) == pytest.approx(0.8, abs=0.1)
    assert share_seen(1.0) == pytest.approx(0.05, abs=0.054)


def test_lasting_fit_equals_statsmodels() -> None:
    rows = PANEL.assign(after=(PANEL["month"] > "2015-09").astype(int))
    formula = "np.log1p(articles) ~ after + september + arrest_month + release_month"
    theirs = smf.ols(f"{formula} + C(person) + C(year)", rows).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(rows["person"])[0]}
    )
    ours = lasting_fit(PANEL)
    assert ours.estimate[0] == pytest.approx(theirs.params["after"], abs=1e-10)
    assert ours.standard_error[0] == pytest.approx(theirs.bse["after"], abs=1e-10)
    # Two-sided 5 percent and power 0.8 with 18 degrees of freedom: 2.101 + 0.862, t table.
    seen = smallest_lasting_effect(PANEL)
    assert np.log(seen) / theirs.bse["after"] == pytest.approx(2.963, abs=1e-3)
    with pytest.raises(StatsError, match="power is 2"):
        smallest_lasting_effect(PANEL, power=2)


def test_bad_settings_are_one_sentence() -> None:
    with pytest.raises(StatsError, match="above 0"):
        build_media_panel(MediaDesign(lasting=0))
    with pytest.raises(StatsError, match="not known"):
        build_media_panel(MediaDesign(scale="cubic"))  # type: ignore[arg-type]
