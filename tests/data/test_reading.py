"""A reader's own table is read right or refused: cases, layouts, generated tables, real ones."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import data
from helpers.data.reading import Source, Unreadable
from helpers.data.uploads import Recipe, own_rows
from helpers.stats.accelerated import fit_accelerated
from tests.data.layouts import layouts
from tests.data.mutated import break_files

CASES = Path(__file__).parent / "cases"
REFERENCE = Path(__file__).parents[1] / "reference" / "own_files" / "expected" / "fits.csv"
TODAY = dt.date(2026, 11, 1)
# File, what must be said, and whether it is read.
OUTCOMES = {
    "good.csv": (True, "4 rows of yours, 2 of them"),
    "blank_first_line.csv": (True, "Header: row 2."),
    "blank_lines_row_number.csv": (False, "row 6, column 'arrested': found '09.07.2003'"),
    "comma_in_first_row.csv": (False, "row 2: 8 cells, where the header in row 1 has 7"),
    "country_NA.csv": (True, "Countries: 'NA' as not given."),
    "doubled_rows.csv": (True, "Rows 6 and 7 repeat rows 2 and 3 cell for cell"),
    "dta_encoded_places.dta": (True, "Stata file."),
    "dta_labels_reverse_codes.dta": (False, "the code 0 has the label 'in campaign'"),
    "dta_months_tm.dta": (False, "found '2014m5', which names no day"),
    "dta_years_ty.dta": (False, "found '2014', which names no day"),
    "empty_rows_at_end.csv": (True, "Rows 6 and 7 without a filled cell: set aside."),
    "future_dates.csv": (False, "row 3, column 'left_prison': '2099-12-31' is after today"),
    "impossible_past.csv": (False, "row 3, column 'arrested': '1900-01-01' is the day on which"),
    "in_prison_2015_calendar.csv": (True, "In rows 4 and 5 'in_prison_2015' does not follow"),
    "pipe.txt": (True, "Cells parted by upright strokes."),
    "region_mixed_case.csv": (True, "'middle east', 'Middle East & North Africa' as Middle East"),
    "row_names_R.csv": (True, "taken as its name ('1' in row 2)"),
    "row_names_R.tab": (True, "taken as its name ('1' in row 2)"),
    "row_names_pandas_sorted.csv": (True, "taken as its name ('2' in row 2)"),
    "row_names_text.csv": (True, "taken as its name ('w0' in row 2)"),
    "sep_line.csv": (True, "The line 'sep=' is set aside"),
    "trailing_comma.csv": (True, "Each row ends with a separator too many"),
    "trailing_comma_id_first.csv": (True, "Each row ends with a separator too many"),
    "trailing_comma_name_first.csv": (True, "Each row ends with a separator too many"),
    "trailing_comma_silent.csv": (False, "can be read in more than one way"),
    "two_released_columns.csv": (False, "both 'released' (column B) and 'Released' (column G)"),
    "upload_row_names_traceback.csv": (False, "row 2, column 'released': found '7'"),
    "upload_two_surplus_cells.csv": (False, "row 2: 6 cells, where the header in row 1 has 4"),
    "upload_write_table.csv": (True, "taken as its name ('1' in row 2)"),
    "workbook_title_two_sheets.xlsx": (True, "Sheet 'Women' of 2. Row 1 above the header"),
    "workbook_table_in_c3.xlsx": (True, "Header: row 3."),
    "workbook_two_tables.xlsx": (False, "with sheet 'Sheet' or with sheet 'Copy'"),
}
WOMEN = [
    (1, 1, "2014-05-01", "2016-01-15", "Iran", "Middle East"),
    (0, 0, "2010-01-01", "2015-12-02", "China", "Asia"),
    (0, 1, "2003-07-09", "2004-01-01", "Egypt", "Africa"),
    (1, 0, "2012-02-03", "2018-09-01", "Peru", "Other"),
]


def test_every_case_has_its_outcome() -> None:
    files = {p.name for p in CASES.iterdir() if p.is_file()}
    others = {name for name in files if name.startswith(("jasa", "udca")) or name.endswith(".md")}
    assert files - others == set(OUTCOMES)


@pytest.mark.parametrize("name", sorted(OUTCOMES))
def test_a_case_is_read_right_or_refused_with_its_sentence(name: str) -> None:
    read, sentence = OUTCOMES[name]
    try:
        frame, report = own_rows(Source.of_path(CASES / name), today=TODAY)
    except Unreadable as problem:
        assert not read, problem
        assert sentence in str(problem)
        return
    assert read
    assert sentence in str(report)
    truth = {(a, b, c, d) for a, b, c, d, _, _ in WOMEN}
    shown = set(
        zip(
            frame["freethe20"],
            frame["released"],
            frame["arrested"].dt.strftime("%Y-%m-%d"),
            frame["left_prison"].dt.strftime("%Y-%m-%d"),
            strict=True,
        )
    )
    if len(frame) == 4 and "calendar" not in name:
        assert shown == truth
        places = {(row.arrested, row.country, row.region) for row in frame.itertuples()}
        told = {(pd.Timestamp(w[2]), w[4], w[5]) for w in WOMEN}
        assert places == told


COHORT = data.load_cohort()
LAYOUTS = list(layouts(COHORT))


@pytest.mark.parametrize("layout", LAYOUTS, ids=[layout[0] for layout in LAYOUTS])
def test_a_layout_gives_the_same_rows_or_is_refused(layout: tuple[str, str, bytes, bool]) -> None:
    _, suffix, content, wanted = layout
    try:
        frame, report = own_rows(Source(f"rows{suffix}", content), today=TODAY)
    except Unreadable as problem:
        assert not wanted, problem
        assert "\n" not in str(problem)
        return
    assert wanted
    assert "252 rows of yours, 19 of them" in report.summary
    key = ["arrested", "left_prison", "country", "freethe20", "released", "legal_concerns"]
    ours = frame.drop(columns="id").sort_values(key, ignore_index=True)
    truth = COHORT.drop(columns="id").sort_values(key, ignore_index=True)
    pd.testing.assert_frame_equal(ours, truth, check_dtype=False)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[tuple[object, ...]], bytes, str]:
    """A right table, and its text as one of many programs might write it."""
    noise = random.Random(draw(st.integers(0, 10**6)))
    places = [
        ("Iran", "Middle East"),
        ("China", "Asia"),
        ("Côte d'Ivoire", "Africa"),
        ("Peru", "Other"),
    ]
    rows = []
    for k in range(draw(st.integers(2, 12))):
        start = dt.date(2000, 1, 13) + dt.timedelta(noise.randrange(5000))
        end = start + dt.timedelta(1 + noise.randrange(2000))
        rows.append((k % 2, noise.randrange(2), start, end, *noise.choice(places)))
    order = draw(st.permutations(range(6)))
    names = ["freethe20", "released", "arrested", "left_prison", "country", "region"]
    notes = draw(
        st.lists(st.text("ab,;\t|\"'\n é#0", max_size=12), min_size=len(rows), max_size=len(rows))
    )
    row_names = draw(st.sampled_from(["none", "R", "unnamed", "id"]))
    ending = draw(st.sampled_from(["none", "rows", "all"]))
    out = io.StringIO()
    write = csv.writer(
        out,
        delimiter=draw(st.sampled_from(",;\t|")),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        lineterminator=draw(st.sampled_from(["\n", "\r\n", "\r"])),
    )
    for _ in range(draw(st.integers(0, 2))):
        write.writerow([])
    head = [*(names[k] for k in order), "note"]
    head = {"unnamed": ["", *head], "id": ["id", *head]}.get(row_names, head)
    write.writerow([*head, ""] if ending == "all" else head)
    form = draw(st.sampled_from(["%Y-%m-%d", "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d %B %Y"]))
    for k, row in enumerate(rows):
        cells = [v.strftime(form) if isinstance(v, dt.date) else v for v in (row[j] for j in order)]
        cells = [*cells, notes[k]]
        if row_names != "none":
            cells = [k + 1, *cells]
        write.writerow([*cells, ""] if ending != "none" else cells)
    text = out.getvalue()
    return rows, text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))), row_names


@settings(max_examples=300, deadline=None)
@given(tables())
def test_a_generated_table_is_read_right_or_refused(
    made: tuple[list[tuple[object, ...]], bytes, str],
) -> None:
    rows, content, _ = made
    try:
        frame, _ = own_rows(Source("rows.csv", content), today=TODAY)
    except Unreadable as problem:
        assert "\n" not in str(problem).replace("\\n", "")
        return
    assert len(frame) == len(rows)
    for column, place in (("freethe20", 0), ("released", 1), ("region", 5)):
        assert frame[column].tolist() == [row[place] for row in rows]
    for column, place in (("arrested", 2), ("left_prison", 3)):
        assert [day.date() for day in frame[column]] == [row[place] for row in rows]
    countries = ["Ivory Coast" if "Ivoire" in str(row[4]) else row[4] for row in rows]
    assert frame["country"].tolist() == countries


JASA = {
    "freethe20": "transplant",
    "released": "fustat",
    "arrested": "accept.dt",
    "left_prison": "fu.date",
}
UDCA = {"freethe20": "trt", "released": "dead", "arrested": "entry.dt", "left_prison": "last.dt"}


@pytest.mark.parametrize(
    "name",
    [
        "jasa.csv",
        "jasa_2.csv",
        "jasa_sorted.tab",
        "jasa_blank.txt",
        "jasa.rds",
        "jasa.RData",
        "udca.txt",
    ],
)
def test_a_real_table_has_the_fit_that_r_gives(name: str) -> None:
    table = name[:4]
    frame, _ = own_rows(Source.of_path(CASES / name), Recipe(JASA if table == "jasa" else UDCA))
    truth = pd.read_csv(REFERENCE).set_index("table").loc[table]
    months = (frame["left_prison"] - frame["arrested"]).dt.days / 30.4375
    fit = fit_accelerated(months, frame["released"], frame[["freethe20"]].astype(float))
    assert (len(frame), int(frame["released"].sum())) == (truth["n"], truth["events"])
    # Two optimisers stop within a few 1e-7 of one another.
    effect, constant = np.asarray(fit.estimate)[:2]
    assert [effect, constant] == pytest.approx([truth["effect"], truth["constant"]], abs=2e-6)


def test_large_files_are_refused_before_they_are_read() -> None:
    head = b"freethe20,released,arrested,left_prison\n"
    with pytest.raises(Unreadable, match="at most 200,000"):
        own_rows(Source("x.csv", head + b"1,1,2014-01-01,2015-01-01\n" * 200_200))
    with pytest.raises(Unreadable, match="at most 50"):
        own_rows(Source("x.csv", head + b" " * 50_100_000))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ('"{}"', "4 rows of yours"),
        (" '{}' \n", "4 rows of yours"),
        ("D:\table\new.csv", "put an r before"),
        ("D:\\data\0_rows.csv", "put an r before"),
        ("C:\\Users\\ada\\women.csv", "There is no file"),
        ("~nosuchperson/x.csv", "There is no"),
        ("\ud83d.csv", "put an r before"),
        (5, "A path is a text"),
    ],
)
def test_a_pasted_path(typed: object, sentence: str) -> None:
    path = typed.format(CASES / "good.csv") if isinstance(typed, str) else typed
    assert sentence in data.cohort_or_own(path)[1]  # type: ignore[arg-type]


def test_a_recipe_comes_back_and_reads_the_same() -> None:
    recipe = Recipe(JASA, {"arrested": ""}, {"released": {"1": "yes", "0": "no"}}, {"x": "Asia"})
    assert Recipe.of_text(recipe.text()) == recipe
    for text in ("", "[]", "{}", recipe.text().replace("Asia", "Atlantis"), '{"what": 5}'):
        with pytest.raises(Unreadable):
            Recipe.of_text(text)


def _said(text: str, recipe: Recipe | None = None, name: str = "x.csv") -> str:
    try:
        return str(own_rows(Source(name, text.encode()), recipe, TODAY)[1])
    except Unreadable as problem:
        return str(problem)


HEAD = "freethe20,released,arrested,left_prison,region\n"


@pytest.mark.parametrize(
    ("rows", "recipe", "sentence"),
    [
        ("1,1,01/02/2014,03/04/2015,\n0,1,02/03/2014,05/05/2016,", None, "no row tells"),
        (
            "1,1,01/02/2014,03/04/2015,\n0,1,02/03/2014,05/05/2016,",
            Recipe(days={"arrested": "day first", "left_prison": "day first"}),
            "2 rows of yours",
        ),
        ("1,1,13/02/2014,03/14/2015,\n0,1,02/13/2014,05/05/2016,", None, "row 2 writes the day"),
        ("1,1,2014-02-01,2015-02-01,Atlantis\n0,1,2014-01-01,2015-01-01,", None, "is none of"),
        (
            "1,1,2014-02-01,2015-02-01,North Africa\n0,1,2014-01-01,2015-01-01,",
            None,
            "may be Africa or Middle East",
        ),
        (
            "1,1,2014-02-01,2015-02-01,North Africa\n0,1,2014-01-01,2015-01-01,",
            Recipe(regions={"North Africa": "Africa"}),
            "'North Africa' as Africa",
        ),
        (
            "1,died,2014-02-01,2015-02-01,\n0,released,2014-01-01,2015-01-01,",
            None,
            "1 died or were executed: ends of their own",
        ),
        (
            '1,1,2014-02-01,2015-02-01,"x\n0,1,2014-01-01,2015-01-01,\n0,0,2014-01-01,2015-01-01,"',
            None,
            "a quotation mark opens a cell that runs over whole rows",
        ),
        ("1,1,2014-02-01,2015-02-01,\n0,1,1970-01-01,2015-01-01,", None, "calendar of R and Unix"),
        ("1,1,41671,2015-02-01,\n0,1,41640,2015-01-01,", None, "a spreadsheet's number for a day"),
    ],
)
def test_what_cannot_be_told_is_asked(rows: str, recipe: Recipe | None, sentence: str) -> None:
    assert sentence in _said(HEAD + rows, recipe)


def test_a_folder_of_codes_loses_no_file_without_a_line(tmp_path: Path) -> None:
    codes, problems = data.read_code_folder(CASES / "codes")
    assert codes.groupby("coder").size().to_dict() == {"a": 39, "b": 39}
    assert problems == ()
    (tmp_path / "c.CSV").write_text("Vignette_ID; Code\nT01;Public Expressive\nT01;outside\n")
    (tmp_path / "c (1).CSV").write_text("vignette_id,code\nT01,outside\n")
    (tmp_path / "d.csv").write_text("vignette_id,code\n")
    (tmp_path / "e.pdf").write_text("x")
    (tmp_path / "inner").mkdir()
    codes, problems = data.read_code_folder(tmp_path)
    assert codes["code"].tolist() == ["outside"]
    said = " ".join(problems)
    for words in (
        "c (1).CSV is a copy",
        "d.csv has no rows",
        "e.pdf is no table",
        "inner is a folder",
        "coded more than once",
    ):
        assert words in said


def test_no_broken_file_gives_a_traceback_or_another_number() -> None:
    told, faults = break_files(300, seed=11)
    assert faults == []
    assert told["read"] > 30
