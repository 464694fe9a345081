"""A changed cell, row or number is named, also where no rule of the rows is broken."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from workshop.cohort import promise
from workshop.cohort.__main__ import main
from workshop.cohort.audit import CohortAuditError, audit_table, read_cohort
from workshop.cohort.targets import COHORT_CSV


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in (COHORT_CSV.name, promise.AUDIT_FILE, promise.DIGEST_FILE):
        shutil.copy(COHORT_CSV.with_name(name), tmp_path / name)
    return tmp_path / COHORT_CSV.name


def tamper(path: Path, row: str, column: str, value: object) -> None:
    text = pd.read_csv(path, dtype=str, keep_default_na=False)
    old = text.loc[text["id"] == row, column].iloc[0]
    new = value(old) if callable(value) else value
    assert new != old
    text.loc[text["id"] == row, column] = new
    text.to_csv(path, index=False)


def flip(flag: str) -> str:
    return str(1 - int(flag))


def next_day(day: str) -> str:
    return str((pd.Timestamp(day) + pd.Timedelta(days=1)).date())


def test_the_committed_file_keeps_its_promise(copy: Path) -> None:
    promise.check_rows(copy)
    promise.check_numbers(audit_table(read_cohort(copy)))


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        ("7", "torture_concerns", flip),
        ("31", "left_prison", next_day),
        ("2", "country", "Iran"),
        ("2", "country", "egypt"),
    ],
)
def test_a_changed_cell_names_its_row(copy: Path, row: str, column: str, value: object) -> None:
    tamper(copy, row, column, value)
    with pytest.raises(CohortAuditError, match=f"^Row id {row} differs from the committed"):
        promise.check_rows(copy)


def test_a_deleted_a_repeated_and_an_added_row_are_named(copy: Path) -> None:
    whole = copy.read_text("utf-8").splitlines(keepends=True)
    copy.write_text("".join(whole[:17] + whole[18:]), "utf-8")
    with pytest.raises(CohortAuditError, match=r"^Row id 17 is missing"):
        promise.check_rows(copy)
    copy.write_text("".join([*whole, whole[40]]), "utf-8")
    with pytest.raises(CohortAuditError, match=r"^Row id 40 stands in the file twice"):
        promise.check_rows(copy)
    copy.write_text("".join([*whole, "999" + whole[40].removeprefix("40")]), "utf-8")
    with pytest.raises(CohortAuditError, match=r"^Row id 999 is not one of the committed"):
        promise.check_rows(copy)


def test_a_changed_number_is_named(copy: Path) -> None:
    table = audit_table(read_cohort(copy))
    table.loc[table.index[30], "target"] += 0.001
    words = r"table3, model 3, s\.e\. africa: the target was 0.15 and is 0.151 now"
    with pytest.raises(CohortAuditError, match=words):
        promise.check_numbers(table)
    tamper(copy, "7", "torture_concerns", flip)
    with pytest.raises(CohortAuditError, match=r"table3, model 2, .*a row of the cohort file has"):
        promise.check_numbers(audit_table(read_cohort(copy)))
    with pytest.raises(CohortAuditError, match="not in both audits"):
        promise.check_numbers(audit_table(read_cohort(COHORT_CSV)).iloc[1:])


def test_the_command_says_one_sentence(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tamper(copy, "31", "left_prison", next_day)
    assert main(["audit", "--file", str(copy)]) == 1
    said = capsys.readouterr().out.strip()
    assert said.startswith("The audit failed. Row id 31 differs")
    assert "\n" not in said
    tamper(copy, "31", "left_prison", "soon")
    assert main(["audit", "--file", str(copy)]) == 1
    assert "row id 31: left_prison is 'soon'" in capsys.readouterr().out


def test_the_promise_can_be_renewed(copy: Path) -> None:
    tamper(copy, "7", "torture_concerns", flip)
    promise.write_promise(copy)
    promise.check_rows(copy)
    promise.check_numbers(audit_table(read_cohort(copy)), copy.parent)
