"""The user's own file: what passes is theirs, what does not is one sentence."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from helpers import data
from helpers.provenance.kinds import Provenance

GOOD = """Featured,Released,arrest_date,release_date,POC,note
1,yes,2014-05-01,2016-01-15,1,x
0,0,2010-01-01,2015-09-02,,y
0,1,2003-07-09,2004-01-01,0,z
"""


def write(folder: Path, text: str, name: str = "mine.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_file_it_is_the_synthetic_cohort() -> None:
    cohort, said = data.cohort_or_own("")
    assert data.provenance_of(cohort) == (Provenance.SYNTHETIC,)
    assert said.startswith("Synthetic cohort: 252 invented rows.")
    pd.testing.assert_frame_equal(cohort, data.load_cohort())


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    own, said = data.cohort_or_own(write(tmp_path, GOOD), {"freethe20": "Featured"})
    assert data.provenance_of(own) == (Provenance.YOURS,)
    assert list(own.columns) == list(data.load_cohort().columns)
    assert own["freethe20"].tolist() == [1, 0, 0]
    assert own["released"].tolist() == [1, 0, 1]
    assert own["in_prison_2015"].tolist() == [1, 1, 0]
    assert own["prisoner_of_conscience"].tolist() == [1, pd.NA, 0]
    assert own["legal_concerns"].isna().all()
    assert set(own["region"]) == {"not given"}
    assert "3 rows of yours, 1 of them" in said
    assert "Not used: note." in said


@pytest.mark.parametrize("suffix", [".csv", ".tab", ".dta"])
def test_the_shipped_rows_come_back_from_each_format(tmp_path: Path, suffix: str) -> None:
    cohort = data.load_cohort()
    file = tmp_path / f"rows{suffix}"
    if suffix == ".dta":
        flags = {c: cohort[c].astype("float64") for c in cohort if str(cohort[c].dtype) == "Int64"}
        cohort.assign(**flags).to_stata(file, write_index=False)
    else:
        cohort.to_csv(file, index=False, sep="\t" if suffix == ".tab" else ",")
    own, said = data.cohort_or_own(file)
    assert "252 rows of yours, 19 of them" in said
    for column in set(cohort.columns) - {"status"}:
        assert own[column].tolist() == cohort[column].tolist(), column


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("Released,", "Out,"), "lacks the column 'released'"),
        (("2010-01-01", "2010-02-30"), "row 3, column 'arrest_date': found '2010-02-30'"),
        (("2010-01-01", "01/02/2010"), "expected a day that exists, written YYYY-MM-DD"),
        (("2010-01-01", ""), "row 3, column 'arrest_date': the cell is empty"),
        (("2015-09-02", "2009-09-02"), "row 3: 'release_date' is not after"),
        (("1,yes", "1,maybe"), "row 2, column 'Released': found 'maybe', expected 0 or 1"),
        (("1,yes", "0,yes"), "is the same in every row"),
        ((GOOD, "Featured,Released\n"), "has no rows"),
        ((GOOD, ""), "is empty"),
        ((GOOD, '"a,b\n1'), "mine.csv"),
    ],
)
def test_a_bad_file_is_one_sentence_and_the_cohort_stands_in(
    tmp_path: Path, change: tuple[str, str], sentence: str
) -> None:
    file = write(tmp_path, GOOD.replace(*change))
    frame, said = data.cohort_or_own(file, {"freethe20": "Featured"})
    assert sentence in said
    assert said.endswith("The synthetic cohort is shown instead.")
    assert "\n" not in said
    assert data.provenance_of(frame) == (Provenance.SYNTHETIC,)


def test_files_that_are_no_table(tmp_path: Path) -> None:
    binary = tmp_path / "mine.csv"
    binary.write_bytes(b"\xff\x00\x01" * 50)
    for path, sentence in (
        (tmp_path / "nowhere.csv", "There is no file"),
        (tmp_path, "folder"),
        (write(tmp_path, "x", "mine.RData"), "not a file of R"),
        (write(tmp_path, "x", "mine.dta"), "not a Stata file"),
        (binary, "UTF-8"),
    ):
        frame, said = data.cohort_or_own(path)
        assert sentence in said
        assert len(frame) == 252


def test_names_that_do_not_fit(tmp_path: Path) -> None:
    file = write(tmp_path, GOOD)
    assert "no column 'Nowhere'" in data.cohort_or_own(file, {"freethe20": "Nowhere"})[1]
    bad = {"freethe20": "Featured", "fame": "note"}
    assert "no column of ours called 'fame'" in data.cohort_or_own(file, bad)[1]
    assert "lacks the column 'freethe20'" in data.cohort_or_own(file)[1]
