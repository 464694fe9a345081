"""A folder of replication files of the likely shapes: known by columns, never by name."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from helpers import data
from helpers.data.archive import look_through
from helpers.data.reading import Source, Unreadable
from helpers.data.uploads import own_rows


@pytest.fixture
def rows() -> pd.DataFrame:
    return data.load_cohort().drop(columns=["id"])


def shapes(rows: pd.DataFrame, folder: Path, kind: str) -> None:
    if kind == "tab":  # as R's write.table leaves it, row names and all
        rows.to_csv(folder / "f20data.tab", sep="\t", index_label=False)
    elif kind == "dta":
        pyreadstat.write_dta(rows, str(folder / "analysis.dta"), version=14)
    else:
        rows.to_csv(folder / "x.csv", index=False)
    pd.DataFrame({"country": ["China"], "month": ["2015-09"], "articles": [3]}).to_csv(
        folder / "media.csv", index=False
    )
    (folder / "code.R").write_text("1 + 1")


@pytest.mark.parametrize("kind", ["tab", "dta", "csv"])
def test_the_rows_are_known_by_their_columns(rows: pd.DataFrame, tmp_path: Path, kind: str) -> None:
    shapes(rows, tmp_path, kind)
    found = look_through(tmp_path)
    assert len(found.found) == 2
    assert found.rows_file is not None
    assert found.rows_file.name != "media.csv"
    line = found.found.set_index("file").loc[found.rows_file.name]
    assert line["serves"].startswith("R2")
    assert line["rows"] == 252
    assert "Figure 4" in found.found.set_index("file").loc["media.csv", "serves"]
    frame, _ = own_rows(Source.of_path(found.rows_file))
    assert frame["released"].tolist() == rows["released"].tolist()


def test_what_is_missing_is_said(rows: pd.DataFrame, tmp_path: Path) -> None:
    rows.drop(columns=["arrested"]).to_csv(tmp_path / "rows.csv", index=False)
    found = look_through(tmp_path)
    assert found.rows_file is None
    assert "lacks the column 'arrested'" in found.found["missing"].iloc[0]
    assert "None has the columns" in found.said


def test_two_candidates_are_not_chosen_between(rows: pd.DataFrame, tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        rows.to_csv(tmp_path / name, index=False)
    found = look_through(tmp_path)
    assert found.rows_file is None
    assert "a.csv and b.csv could each" in found.said


def test_a_damaged_file_is_one_line(rows: pd.DataFrame, tmp_path: Path) -> None:
    rows.to_csv(tmp_path / "rows.csv", index=False)
    (tmp_path / "old.dta").write_bytes(b"\x00" * 50)
    found = look_through(tmp_path)
    assert found.rows_file is not None
    assert found.found.set_index("file").loc["old.dta", "missing"]


def test_no_folder_and_no_table(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="There is no folder"):
        look_through(tmp_path / "gone")
    with pytest.raises(Unreadable, match="holds no table"):
        look_through(tmp_path)
