"""The paper's models in a plain script, and one rule for who was held at the launch."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers import data
from helpers.calendar import LAUNCH, held_at_launch
from helpers.stats.errors import StatsError
from helpers.study.cohort import cohort_rows
from helpers.study.horizon import both_clocks
from helpers.study.models import (
    design,
    fit_table3,
    fit_table4,
    in_prison_at_launch,
    in_prison_in_2015,
    model_months,
    model_sample,
    stars,
)
from helpers.study.published import printed_models
from helpers.study.release import Specification, fit_specification, release_rows
from helpers.study.time_to_release import counted_parts, fit_terms, model_design, table4_data
from helpers.study.vocabulary import CONCERNS, MODELS, TERMS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def cohort() -> pd.DataFrame:
    return data.load_cohort()


def read_by_both(table: pd.DataFrame) -> tuple[int, int, int, int]:
    """Women of model 5 as notebooks 03 and 04 fit it, by Horizon, and in a script."""
    coefficients, fit = data.load_published_coefficients(), data.load_published_fit()
    rows3 = release_rows(table, coefficients, fit)
    return (
        table4_data(cohort_rows(table), coefficients, fit).fits[5, "weibull"].n,  # type: ignore[union-attr]
        fit_specification(rows3, Specification(5)).n,
        int(both_clocks(table)["launch"].time.size),
        fit_table4(table, 5).n,
    )


# Who was held ----------------------------------------------------------------------------


def test_the_day_of_the_launch_is_the_border() -> None:
    arrested = pd.Series(pd.to_datetime(["2015-09-01", "2015-09-02", "2014-01-01", "2014-01-01"]))
    left = pd.Series(pd.to_datetime(["2016-01-01", "2016-01-01", "2015-09-01", "2015-09-02"]))
    assert held_at_launch(arrested, left).tolist() == [True, False, False, True]


def test_the_papers_two_wordings_count_unlike_women(cohort: pd.DataFrame) -> None:
    samples = data.load_published_fit().set_index(["table", "model"])["n_observations"]
    assert samples["table3", 5] == samples["table4", 5] == len(model_sample(cohort, 5))
    # By the words of Table 3 alone those out earlier in 2015 would be in it too.
    out = cohort["left_prison"].between("2015-01-01", "2015-09-01")
    late = cohort["arrested"].between("2015-09-02", "2015-12-31")
    assert in_prison_in_2015(cohort).sum() == in_prison_at_launch(cohort).sum() + (out | late).sum()
    assert not late.any()


def test_ten_flags_against_the_dates_leave_one_sample_and_name_their_rows(
    tmp_path: Path, cohort: pd.DataFrame
) -> None:
    held = in_prison_at_launch(cohort) & cohort[list(CONCERNS)].notna().all(axis=1)
    turned = [
        *np.flatnonzero(held)[[0, 9, 40, 77, 120]],
        *np.flatnonzero(~held)[[1, 5, 22, 60, 80]],
    ]
    given = cohort.copy()
    given.loc[turned, "in_prison_2015"] = 1 - given.loc[turned, "in_prison_2015"]
    file = tmp_path / "mine.csv"
    given.to_csv(file, index=False)
    own, said = data.cohort_or_own(file)
    numbers = re.search(r"In rows ([\d, and]+) 'in_prison_2015'", said)
    assert numbers is not None
    # The header is the first line of the file.
    assert sorted(map(int, re.findall(r"\d+", numbers[1]))) == sorted(int(r) + 2 for r in turned)
    assert set(read_by_both(own)) == {156}
    # The same frame that no loader has seen.
    assert set(read_by_both(given)) == {156}


def test_flags_of_the_calendar_year_do_not_widen_model_5(
    tmp_path: Path, cohort: pd.DataFrame
) -> None:
    given = cohort.assign(in_prison_2015=in_prison_in_2015(cohort).astype(int))
    file = tmp_path / "calendar.csv"
    given.to_csv(file, index=False)
    own, said = data.cohort_or_own(file)
    assert "does not follow from the dates" in said
    assert set(read_by_both(own)) == {156}


# The models ------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_design_follows_the_printed_rows(cohort: pd.DataFrame, model: int) -> None:
    printed = printed_models()
    sample = model_sample(cohort, model)
    assert tuple(design(sample, model).columns) == TERMS[model]
    for table in ("table3", "table4"):
        assert len(sample) == printed[table, model].n_observations
        assert len(printed[table, model].estimate) == len(TERMS[model])


@pytest.mark.parametrize("model", MODELS)
def test_stars_of_the_campaign_are_those_printed(cohort: pd.DataFrame, model: int) -> None:
    # The cohort was built to give the printed stars; the two tables are fitted by two estimators.
    printed = printed_models()
    for table, fit in (("table3", fit_table3), ("table4", fit_table4)):
        found = fit(cohort, model)  # type: ignore[operator]
        at = found.index("freethe20")
        assert stars(found.p_value[at]) == printed[table, model].stars[0]
        assert np.sign(found.estimate[at]) == np.sign(printed[table, model].estimate[0])


def test_rows_without_concerns_are_refused_in_a_sentence(cohort: pd.DataFrame) -> None:
    empty = cohort.assign(**{name: pd.NA for name in CONCERNS})
    for fit in (fit_table3, fit_table4):
        with pytest.raises(StatsError):
            fit(empty, 4)  # type: ignore[operator]
    assert fit_table4(empty, 1).n == len(cohort)


@pytest.mark.parametrize("model", MODELS)
def test_drawn_months_are_the_months_estimated_from(cohort: pd.DataFrame, model: int) -> None:
    rows = cohort_rows(cohort)
    form = model_design(model)
    _, spells, used = fit_terms(rows, MODELS[model].covariates, form)
    parts = counted_parts(rows, form, spells, used, np.arange(len(cohort)))
    counted = [p for p in parts if p.kind in ("at risk", "counted though immortal")]
    drawn = sum(p.stop - p.start for p in counted)
    assert drawn == pytest.approx((spells.time - spells.entry).sum())
    assert drawn == pytest.approx(model_months(model_sample(cohort, model), model).sum())
    outside = {p.row for p in parts if p.kind == "not in this sample"}
    assert outside == set(range(len(cohort))) - {rows.frame.index.get_loc(i) for i in used.index}


def test_nobody_is_counted_before_the_launch_on_its_clock(cohort: pd.DataFrame) -> None:
    rows = cohort_rows(cohort)
    form = model_design(5)
    _, spells, used = fit_terms(rows, MODELS[5].covariates, form)
    parts = counted_parts(rows, form, spells, used, np.arange(len(cohort)))
    assert min(p.start for p in parts if p.kind == "at risk") == 0
    before = [p for p in parts if p.kind == "before entry, not counted"]
    days = (pd.Timestamp(LAUNCH) - cohort.loc[used.index, "arrested"]).dt.days
    assert sum(p.stop - p.start for p in before) == pytest.approx(days.sum() / 30.4375)


# A plain script --------------------------------------------------------------------------


def test_readme_fits_model_4_without_widgets() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    [script] = re.findall(r"```python\n(.*?)```", readme, re.S)
    assert len(script.strip().splitlines()) == 5
    tail = (
        "\nimport json, sys\n"
        "loaded = [m for m in ('ipywidgets', 'altair', 'IPython') if m in sys.modules]\n"
        "print(json.dumps([loaded, model.n, float(model.estimate[0])]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script + tail], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded, n, estimate = json.loads(done.stdout.splitlines()[-1])
    assert loaded == []
    printed = printed_models()["table4", 4]
    assert n == printed.n_observations
    # The cohort promises Table 4's models 1 to 4 to within 0.01.
    assert estimate == pytest.approx(printed.estimate[0], abs=0.01)
