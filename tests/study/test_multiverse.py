"""The multiverse against the plain models, one by one, and against statsmodels and lifelines."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from lifelines import WeibullAFTFitter

from helpers import data
from helpers.panels.multiverse.classroom import read_settings
from helpers.stats.curve import permutation_chunk, permutation_runs
from helpers.study.cohort import CohortRows, cohort_rows
from helpers.study.models import coded, fit_table3, fit_table4
from helpers.study.multiverse import (
    CHOICES,
    CONSTRAINTS,
    PRINTED,
    Fitted,
    Grid,
    Relabeled,
    fit_all,
    grid,
    groups,
    tag,
    why_not,
)
from helpers.study.vocabulary import CAMPAIGN, CONCERNS


@pytest.fixture(scope="module")
def rows() -> CohortRows:
    return cohort_rows(data.load_cohort())


@pytest.fixture(scope="module")
def kept() -> Grid:
    return grid()


@pytest.fixture(scope="module")
def fitted(rows: CohortRows, kept: Grid) -> Fitted:
    """The printed models, and every ninth universe: enough to meet each kind."""
    some = kept.universes[(kept.universes["printed"] != "") | (kept.universes.index % 9 == 0)]
    return fit_all(rows, some.reset_index(drop=True))


def universe(fitted: Fitted, **choices: str) -> int:
    same = (fitted.universes[list(choices)] == pd.Series(choices)).all(axis=1)
    return int(np.flatnonzero(same)[0])


def test_every_combination_is_kept_or_counted_once(kept: Grid) -> None:
    size = int(np.prod([len(axis.options) for axis in CHOICES.values()]))
    assert len(kept.universes) + kept.excluded["universes"].sum() == size
    assert len(kept.universes) >= 10_000
    assert (kept.excluded["universes"] > 0).all()
    assert not kept.universes[list(CHOICES)].duplicated().any()
    for choices in kept.universes[list(CHOICES)].iloc[::500].to_dict("records"):
        assert why_not(choices) == ""
    odd = {**PRINTED["Table 3, model 1"], "entry": "late"}
    assert why_not(odd) == CONSTRAINTS[0].reason


def test_the_printed_models_stand_first(kept: Grid) -> None:
    assert set(kept.universes["printed"][:10]) == set(PRINTED)
    assert (kept.universes["printed"][10:] == "").all()


@pytest.mark.parametrize("model", range(1, 6))
def test_printed_models_come_out_as_printed_ones(
    model: int, rows: CohortRows, fitted: Fitted
) -> None:
    linear = universe(fitted, printed=f"Table 3, model {model}")
    one = fit_table3(rows.frame, model)
    b, s = fitted.answers["points", "ever"]
    assert b[linear] == pytest.approx(100 * one.estimate[0], rel=1e-8)
    assert s[linear] == pytest.approx(100 * one.std_error[0], rel=1e-8)
    weibull = universe(fitted, printed=f"Table 4, model {model}")
    two = fit_table4(rows.frame, model)
    b, s = fitted.answers["time", ""]
    assert b[weibull] == pytest.approx(two.estimate[0], rel=1e-6)
    assert s[weibull] == pytest.approx(two.std_error[0], rel=1e-5)
    b, _ = fitted.answers["hazard", ""]
    assert b[weibull] == pytest.approx(-two.estimate[0] / two.scale, rel=1e-6)


PLAIN = {
    **PRINTED["Table 3, model 2"],
    "sample": "held",
    "clock": "launch",
    "outcome": "24",
    "deaths": "out",
    "errors": "robust",
}


@pytest.mark.parametrize("family", ["linear", "logit"])
def test_a_yes_or_no_universe_equals_statsmodels(family: str, rows: CohortRows) -> None:
    choices = {**PLAIN, "family": family, "concerns": "death_penalty_concerns"}
    found = fit_all(rows, pd.DataFrame([{**choices, "printed": ""}]))
    frame = rows.frame
    month = 30.4375 * 24
    women = (rows.arrest <= 0) & (rows.exit > 0) & coded(frame).to_numpy()
    women &= (frame["status"] != "died or executed").to_numpy()
    women &= ~((rows.exit < month) & (rows.released == 0))
    y = ((rows.released == 1) & (rows.exit <= month))[women].astype(float)
    held = [c for c in CONCERNS if c != "death_penalty_concerns"]
    x = sm.add_constant(frame.loc[women, [CAMPAIGN, *held]].astype(float))
    model = (sm.OLS if family == "linear" else sm.Logit)(y, x)
    fit = model.fit(disp=0, cov_type="HC1") if family == "linear" else model.fit(disp=0)
    assert found.n[0] == women.sum()
    points, error = (a[0] for a in found.answers["points", "24"])
    if family == "linear":
        assert points == pytest.approx(100 * fit.params[CAMPAIGN])
        assert error == pytest.approx(100 * fit.bse[CAMPAIGN])
        return
    robust = model.fit(disp=0, cov_type="HC1")
    n, k = x.shape
    b, s = (a[0] for a in found.answers["odds", ""])
    assert b == pytest.approx(fit.params[CAMPAIGN], rel=1e-5)
    # statsmodels leaves the factor n / (n - k) out of a likelihood's HC1.
    ratio = s / robust.bse[CAMPAIGN]
    assert min(abs(ratio - 1), abs(ratio - np.sqrt(n / (n - k)))) < 1e-4
    shares = [fit.predict(x.assign(**{CAMPAIGN: v})).mean() for v in (1.0, 0.0)]
    assert points == pytest.approx(100 * (shares[0] - shares[1]), rel=1e-5)


def test_a_weibull_with_late_entry_and_the_dead_held_equals_lifelines(rows: CohortRows) -> None:
    choices = {
        **PRINTED["Table 4, model 1"],
        "sample": "held",
        "entry": "late",
        "deaths": "end",
        "outcome": "36",
    }
    choices["clock"] = "arrest"
    found = fit_all(rows, pd.DataFrame([{**choices, "printed": ""}]))
    frame = rows.frame
    women = (rows.arrest <= 0) & (rows.exit > 0)
    dead = (frame["status"] == "died or executed").to_numpy()
    end = (pd.Timestamp("2018-09-30") - pd.Timestamp("2015-09-01")).days
    stop = np.where(dead, np.maximum(rows.exit, end), rows.exit) - rows.arrest
    month = 36 * 30.4375
    table = pd.DataFrame(
        {
            "time": np.minimum(stop, month) / 30.4375,
            "event": rows.released * (stop <= month),
            "entry": -rows.arrest / 30.4375,
            CAMPAIGN: rows.campaign,
        }
    )[women]
    table = table[table["time"] > table["entry"]]
    fit = WeibullAFTFitter().fit(table, "time", "event", entry_col="entry")
    theirs = fit.params_["lambda_", CAMPAIGN]
    assert found.n[0] == len(table)
    assert found.answers["time", ""][0][0] == pytest.approx(theirs, abs=2e-3)


def test_imputations_are_combined_by_rubins_rules(rows: CohortRows) -> None:
    base = {**PRINTED["Table 3, model 4"], "printed": ""}
    found = fit_all(rows, pd.DataFrame([{**base, "missing": m} for m in
                                        ("drop", "zero", "one", "imputed")]))  # fmt: skip
    b, s = found.answers["points", "ever"]
    assert found.fits == 3 + 5
    assert found.n.tolist() == [246, 252, 252, 252]
    assert min(b) - 1 <= b[3] <= max(b) + 1
    assert s[3] >= 0.95 * min(s[1:3])


def test_every_universe_has_an_answer_or_a_reason(fitted: Fitted) -> None:
    for measure, by in (("points", "24"), ("odds", "ever"), ("time", "")):
        table = fitted.curve(measure, by)
        answered = table["estimate"].notna()
        assert (answered == (table["problem"] == "")).all()
        assert answered.any()
    words = set(tag(fitted.universes))
    assert "time ratio" in words
    assert "odds ratio, released within 12 months" in words


def test_separation_is_a_fact_of_the_rows(rows: CohortRows) -> None:
    choices = {**PRINTED["Table 3, model 5"], "family": "logit", "outcome": "12", "printed": ""}
    found = fit_all(
        rows, pd.DataFrame([choices, {**choices, "concerns": "none", "regions": "none"}])
    )
    soon = (rows.arrest <= 0) & (rows.exit > 0) & (rows.released == 1)
    soon &= rows.exit - rows.arrest <= 12 * 30.4375
    codes = rows.frame.loc[soon, "torture_concerns"].dropna()
    assert codes.size
    assert (codes == 0).all()
    assert found.problem[0].startswith("nobody with torture concerns is released")
    assert np.isnan(found.answers["odds", ""][0][0])
    assert "torture" not in found.problem[1]


def test_shuffled_labels_keep_their_groups_and_other_workers_change_nothing(
    rows: CohortRows, fitted: Fitted
) -> None:
    refit = Relabeled(rows, fitted, "points", "ever", most=40)
    for among in ("country", "held", "both"):
        assert len(pd.unique(np.asarray(groups(rows, among)))) > 1
    b, _ = refit(rows.campaign)
    same = fitted.answers["points", "ever"][0][refit.place]
    assert b == pytest.approx(same, nan_ok=True)
    other = pickle.loads(pickle.dumps(refit))
    held = groups(rows, "held")
    here = permutation_chunk(refit, rows.campaign, 7, range(3), held)
    there = permutation_chunk(other, rows.campaign, 7, range(1, 3), held)
    assert (here[1:] == there).all()


def test_two_workers_of_a_cluster_give_the_same_numbers(rows: CohortRows, fitted: Fitted) -> None:
    distributed = pytest.importorskip("distributed")
    refit = Relabeled(rows, fitted, "points", "ever", most=20)
    alone = list(permutation_runs(refit, rows.campaign, 4, chunk=4))[-1]
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        pool = client.get_executor()
        shared = list(permutation_runs(refit, rows.campaign, 4, chunk=4, executor=pool, parts=2))[
            -1
        ]
    assert (alone.drawn == shared.drawn).all()


def test_hand_ins_are_read_without_names(tmp_path: Path) -> None:
    def write(name: str, *said: tuple[str, str]) -> None:
        history = [{"value": value, "phase": phase} for value, phase in said]
        content = {"what": "hrd hand-in", "name": name, "answers": {"10.p1": {"history": history}}}
        (tmp_path / f"handin_{name}.json").write_text(json.dumps(content), encoding="utf-8")

    write("zoe", ("sample=held", "before reveal"), ("family=logit", "after reveal"))
    write("abe", ("as at the start", "before reveal"))
    write("late", ("family=weibull", "after reveal"))
    (tmp_path / "handin_broken.json").write_text("{", encoding="utf-8")
    found = read_settings(tmp_path)
    assert [(c.before, c.after) for c in found] == [
        ("as at the start", ""),
        ("sample=held", "family=logit"),
    ]
    with pytest.raises(ValueError, match="holds a setting"):
        read_settings(tmp_path / "none")
