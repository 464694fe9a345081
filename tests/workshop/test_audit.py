"""The cohort's audit: printed numbers from the paper, rules of the rows, broken files."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from helpers.stats.accelerated import fit_accelerated
from helpers.study.models import design, model_months, model_sample
from helpers.study.vocabulary import TERMS
from workshop.cohort import audit
from workshop.cohort.targets import COHORT_CSV, LONG_LIST_CSV


@pytest.fixture(scope="module")
def cohort() -> pd.DataFrame:
    return audit.read_cohort(COHORT_CSV)


@pytest.fixture(scope="module")
def long_list() -> pd.DataFrame:
    return audit.read_long_list(LONG_LIST_CSV)


@pytest.fixture(scope="module")
def table(cohort: pd.DataFrame) -> pd.DataFrame:
    return audit.audit_table(cohort)


def test_rows_keep_every_rule(cohort: pd.DataFrame, long_list: pd.DataFrame) -> None:
    checks = audit.structural_checks(cohort) + audit.long_list_checks(long_list, cohort)
    assert [check.message for check in checks if not check.passed] == []


def test_table3_within_one_unit_of_the_last_digit(table: pd.DataFrame) -> None:
    rows = table[table["table"] == "table3"]
    assert len(rows) == 83
    assert rows["within_one_unit"].all()
    assert rows.loc[rows["model"].isin([1, 3]), "exact"].all()
    assert rows["exact"].sum() > 62


def test_table4_within_the_promised_distance(table: pd.DataFrame) -> None:
    rows = table[table["table"] == "table4"]
    assert len(rows) == 78
    size = rows["difference"].abs()
    assert size[rows["model"] < 5].max() <= 0.01
    assert size[rows["model"] == 5].max() <= 0.05


def test_stars_agree(table: pd.DataFrame) -> None:
    assert table["stars_agree"].all()


def test_claims_in_words_hold(cohort: pd.DataFrame) -> None:
    claims = audit.qualitative_claims(cohort)
    assert claims.loc[~claims["holds"], "claim"].tolist() == []


def _spoilt(tmp_path: Path, row: int, column: str, value: str) -> Path:
    text = pd.read_csv(COHORT_CSV, dtype=str)
    text.loc[text["id"] == str(row), column] = value
    path = tmp_path / "cohort.csv"
    text.to_csv(path, index=False)
    return path


def test_unreadable_date_names_the_row(tmp_path: Path) -> None:
    path = _spoilt(tmp_path, 40, "arrested", "2006-13-45")
    with pytest.raises(audit.CohortAuditError, match=r"row id 40: arrested is '2006-13-45'"):
        audit.read_cohort(path)


def test_flag_that_is_no_flag_names_the_row(tmp_path: Path) -> None:
    path = _spoilt(tmp_path, 12, "legal_concerns", "yes")
    with pytest.raises(audit.CohortAuditError, match=r"row id 12: legal_concerns is 'yes'"):
        audit.read_cohort(path)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("arrested", "1999-12-31", "Row id 5: arrested lies outside"),
        ("left_prison", "2019-01-01", "Row id 5: left_prison is later"),
        ("released", "1", "Row id 5: released and status disagree"),
        ("region", "Asia", "Row id 5: country and region"),
        ("medical_concerns", "2", "Row id 5: a 0/1 column"),
        ("medical_concerns", "", "Row id 5: some of the five concerns"),
        ("status", "unknown", "Row id 5: status must be"),
    ],
)
def test_broken_rule_names_the_row(tmp_path: Path, column: str, value: str, message: str) -> None:
    broken = audit.read_cohort(_spoilt(tmp_path, 5, column, value))
    with pytest.raises(audit.CohortAuditError, match=message):
        audit.verify(broken)


def test_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cohort.csv"
    pd.read_csv(COHORT_CSV).drop(columns="status").to_csv(path, index=False)
    with pytest.raises(audit.CohortAuditError, match="'status' is missing"):
        audit.read_cohort(path)


def test_r_gives_the_same_numbers(cohort: pd.DataFrame, table: pd.DataFrame) -> None:
    """Third witness: all ten models by R's glm and survreg."""
    r = audit.r_estimates(cohort)
    if r is None:
        if os.environ.get("HRD_REQUIRE_R"):
            pytest.fail("R with its survival package was not found.")
        pytest.skip("R with its survival package was not found.")
    ours = table.set_index(["table", "model", "quantity"])["obtained"]
    close = {"table3": 1e-6, "table4": 2e-6}
    for row in r.to_dict("records"):
        key, limit = (row["table"], row["model"]), close[row["table"]]
        assert ours[(*key, row["term"])] == pytest.approx(row["estimate"], abs=limit)
        if not pd.isna(row["std_error"]):
            error = ours[(*key, f"s.e. {row['term']}")]
            assert error == pytest.approx(row["std_error"], abs=limit)
    assert len(r) == 83
    for model in TERMS:
        sample = model_sample(cohort, model)
        x = design(sample, model).drop(columns="constant", errors="ignore")
        time = model_months(sample, model)
        fit = fit_accelerated(time, sample["released"], x)
        rows = r[(r["table"] == "table4") & (r["model"] == model)].set_index("term")
        assert fit.estimate == pytest.approx(rows.loc[list(fit.terms), "estimate"], abs=1e-6)
        assert fit.std_error == pytest.approx(rows.loc[list(fit.terms), "std_error"], abs=1e-6)
