"""The panels of notebook 02 say what the notebook says they do."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from helpers.study.models import fit_table3, fit_table4
from tests.notebooks.refusal import refused


def test_anyway(book: SimpleNamespace) -> None:
    assert "0 points of effect and 37 points of selection" in book.anyway.at("anyway=17").sentence


def test_doors(book: SimpleNamespace) -> None:
    assert "chosen ← expected success → released" in book.doors.at("fixed=country+case").sentence
    held = book.doors.at("fixed=country+case+held").sentence
    assert "1 back-door path is open: chosen ← expected success → released" in held
    without = book.doors.at("fixed=country+case+expected").sentence
    assert "1 back-door path is open: chosen ← still held at the launch → released" in without
    assert "No back-door path is open" in book.doors.at("fixed=country+case+expected+held").sentence
    refused(book.doors, "fixed=weather", "cannot be 'weather'")


def test_tests(book: SimpleNamespace) -> None:
    assert (
        "p = 0.0158: significant at the 5 % line. 7 of the 7"
        in book.tests.at("test=fisher&line=0.05").sentence
    )
    assert "leaves out zero" in book.tests.at("interval=Wald").sentence
    refused(book.tests, "line=0.02", "cannot be '0.02'")


def test_recode(book: SimpleNamespace) -> None:
    assert (
        "16 of 19 (84 %) against 11 of 21 (52 %)"
        in book.recode.at("test=fisher&line=0.05&take=1").sentence
    )
    assert (
        "14 of 17 (82 %) against 14 of 24"
        in book.recode.at("coding=A&leave=afiuni+meron&ethiopia=released").sentence
    )


def test_lab(book: SimpleNamespace) -> None:
    assert "1.2 % of 20,000 simulated lists" in book.lab.at("strength=0").sentence
    assert "0.61, one that does not with 0.17" in book.lab.at("strength=0.65").sentence
    assert "0.51, one that does not with 0.40" in book.lab.at("strength=0.17").sentence
    refused(book.lab, "strength=2", "from 0 to 1")


def test_funnel(book: SimpleNamespace) -> None:
    assert "156" in book.funnel.at("step=7").sentence


def test_rules(book: SimpleNamespace) -> None:
    assert (
        "17 of 19 campaign rows (89 %) and 81 of 212 comparison rows (38 %)"
        in book.rules.at("months=6").sentence
    )
    assert "One row is not a group" in book.rules.at("months=12&since=2015").sentence
    refused(book.rules, "months=24&since=2015", "No comparison rows are left")
    refused(book.rules, "months=24&since=2015&counted=launch", "No campaign rows are left")


def test_balanced(book: SimpleNamespace) -> None:
    assert "now it is 13 points" in book.balanced.at("method=ipw").sentence
    assert "count as 11" in book.balanced.at("method=ipw").sentence
    assert (
        "As observed the difference is 80 points"
        in book.balanced.at("sample=2015&method=none").sentence
    )
    refused(
        book.balanced,
        "covariates=region+in_prison_2015",
        "Every campaign row was in prison in 2015",
    )
    refused(book.balanced, "covariates=", "Tick at least one covariate")


def test_no_printed_model_changes_when_the_free_rows_move_to_other_years(
    book: SimpleNamespace,
) -> None:
    cohort = book.cohort
    moved = cohort.copy()
    days = pd.to_timedelta(365 * (book.year - book.moved["as early as 2000"]), unit="D")
    for column in ("arrested", "left_prison"):
        moved[column] = moved[column] - days
    assert (moved["arrested"] != cohort["arrested"]).sum() > 50
    assert (moved.loc[book.free, "left_prison"] < book.launch).all()
    for model in range(1, 6):
        for fit in (fit_table3, fit_table4):
            before, after = fit(cohort, model).table(), fit(moved, model).table()
            pd.testing.assert_frame_equal(before, after, atol=1e-6)
    # What is held fixed is not fixed by print: the campaign's difference goes where years go.
    effects = book.effects["with the year of arrest"]
    assert effects["as late as can be"] < 0.2 < 0.8 < effects["as early as 2000"]
    late = book.moved["as late as can be"] - book.year
    ends = cohort["left_prison"] + pd.to_timedelta(366 * late, unit="D")
    assert (ends[book.free] <= book.launch).all()
