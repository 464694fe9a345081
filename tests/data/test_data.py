"""The data, their descriptors, and what the loaders say of a broken file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from frictionless import Package
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers import data
from helpers.data import catalog, classroom
from helpers.data.catalog import DATA, DataError, read_table
from helpers.data.schemas import TABLES
from helpers.provenance.kinds import Provenance, ProvenanceError, carry, provenance_of
from workshop import descriptors


@pytest.mark.parametrize("file", TABLES)
def test_every_table_is_as_the_codebook_says_and_says_its_kind(file: str) -> None:
    assert provenance_of(catalog._load(file)) == (TABLES[file].provenance,)


@pytest.mark.parametrize("folder", sorted({t.folder for t in TABLES.values()}))
def test_descriptors_hold_by_the_reference_implementation(folder: str) -> None:
    report = Package(str(DATA / folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "message"])


def test_nothing_generated_is_stale() -> None:
    assert descriptors.main(["--check"]) == 0
    files = {str(p.relative_to(DATA)) for p in DATA.rglob("*.csv") if p.parent.name != "files"}
    assert files == set(TABLES), "a table without a schema, or a schema without a table"


def test_loaders_give_copies() -> None:
    women = data.load_women()
    women.loc[0, "name"] = "changed"
    assert data.load_women().loc[0, "name"] != "changed"


def test_the_women() -> None:
    women, coding = data.load_women(), data.load_release_coding()
    assert len(women) == 19
    assert len(data.load_women(named=False)) == 20
    # The counts of the three codings are stated in the notes on sources.
    assert [int(coding[c].sum()) for c in "ABC"] == [14, 16, 17]
    assert coding.set_index("name").loc["Matlyuba (Matluba) Kamilova", list("ABC")].isna().all()
    merged = women.merge(coding, on="woman_id")
    assert (merged["released_by_2018_09"].fillna(9) == merged["B"].fillna(9)).all()
    assert set(data.load_sources()["woman_id"]) >= set(women["woman_id"])


def test_release_days_lie_in_their_intervals() -> None:
    both = data.load_women().merge(data.load_release_intervals(), on="woman_id")
    day = both["release_precision"] == "day"
    dates = pd.to_datetime(both.loc[day, "release_date"])
    assert (dates >= both.loc[day, "release_earliest"]).all()
    assert (dates <= both.loc[day, "release_latest"]).all()


def test_published_numbers_obey_the_identity_of_a_gaussian_glm() -> None:
    """AIC = 2 rank - 2 printed log-likelihood in all five models of Table 3."""
    fit = data.load_published_fit().query("table == 'table3'")
    rank = data.load_published_coefficients().query("table == 'table3'").groupby("model").size()
    found = 2 * rank.to_numpy() - 2 * fit["log_likelihood"].to_numpy()
    # Both are printed to three places: half a unit of each, the first doubled.
    assert abs(found - fit["aic"].to_numpy()).max() <= 0.0015 + 1e-9


def test_vignettes_and_class() -> None:
    keys = data.load_vignettes()["key"].value_counts()
    assert keys.to_dict() == {**dict.fromkeys(keys.index[:4], 9), "outside": 3}
    codes, problems = data.read_code_folder(DATA / "classroom" / "files")
    assert problems == ()
    assert codes["coder"].nunique() == 25
    pd.testing.assert_frame_equal(
        classroom.make_class(), data.load_classroom_codes(), check_dtype=False
    )


def test_a_folder_with_broken_files_gives_sentences_and_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("vignette_id,code\nT01,public expressive\nT99,outside\n")
    (tmp_path / "b.csv").write_text("something,else\n1,2\n")
    (tmp_path / "c.csv").write_bytes(b"\xff\xfe\x00")
    codes, problems = data.read_code_folder(tmp_path)
    assert codes["coder"].tolist() == ["a"]
    assert len(problems) == 3
    assert "row 3" in problems[0]
    _, problems = data.read_code_folder(tmp_path / "nowhere")
    assert "not a folder" in problems[0]


def test_provenance_survives_a_merge_only_when_carried() -> None:
    women, cohort = data.load_women(), data.load_cohort()
    merged = carry(women.merge(cohort, how="cross").head(), women, cohort)
    assert provenance_of(merged) == (Provenance.PUBLIC_RECORD, Provenance.SYNTHETIC)
    with pytest.raises(ProvenanceError, match="does not say what kind"):
        provenance_of(pd.DataFrame({"x": [1]}))


FILE = "women/release_coding.csv"


def broken(folder: Path, text: str | bytes) -> str:
    """Return what the loader says of the coding table with this content."""
    (folder / "women").mkdir(exist_ok=True)
    raw = text if isinstance(text, bytes) else text.encode()
    (folder / FILE).write_bytes(raw)
    with pytest.raises(DataError) as caught:
        read_table(FILE, folder)
    said = str(caught.value)
    assert FILE in said
    assert "\n" not in said
    return said


GOOD = (DATA / FILE).read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty"),
        (GOOD.splitlines()[0] + "\n", "has no rows"),
        (GOOD.replace("name", "nom", 1), "'name' is missing"),
        (GOOD.replace("woman_id,name", "woman_id,name,name", 1), "there twice"),
        (
            GOOD.replace("W01,Wang Yu,1", "W01,Wang Yu,2"),
            "row 2, column 'A': found '2', expected 0",
        ),
        (
            GOOD.replace("W01,Wang Yu,1", ",Wang Yu,1"),
            "row 2, column 'woman_id': the cell is empty",
        ),
        (GOOD.replace("W02", "W01"), "row 3, column 'woman_id': 'W01' is there before"),
        (GOOD + 'W99,"x', "commas and quotation marks"),
        (b"\xff\xfe\x00\x01", "not text in UTF-8"),
    ],
)
def test_a_broken_file_is_one_sentence(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    assert sentence in broken(tmp_path, text)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not in the data folder"):
        read_table(FILE, tmp_path)


@pytest.mark.parametrize(
    "cell", ["2015-13-01", "0001-01-01", "2015-W01-1", "1 Sep 2015", "2015-02-30"]
)
def test_an_impossible_day_is_named(tmp_path: Path, cell: str) -> None:
    file = "women/release_intervals.csv"
    shutil.copytree(DATA / "women", tmp_path / "women")
    path = tmp_path / file
    path.write_text(path.read_text("utf-8").replace("2016-07-25", cell), encoding="utf-8")
    with pytest.raises(DataError, match=r"row 2, column 'release_earliest'.*expected a day"):
        read_table(file, tmp_path)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(start=st.integers(0, len(GOOD)), cut=st.integers(0, 40), put=st.text(max_size=12))
def test_mangled_tables_load_or_say_why(tmp_path: Path, start: int, cut: int, put: str) -> None:
    """Whatever is done to the text, the loader returns a table or raises its one error."""
    (tmp_path / "women").mkdir(exist_ok=True)
    mangled = GOOD[:start] + put + GOOD[start + cut :]
    (tmp_path / FILE).write_bytes(mangled.encode("utf-8", "surrogatepass"))
    try:
        read_table(FILE, tmp_path)
    except DataError as error:
        assert FILE in str(error)  # noqa: PT017


def test_beside_shows_published_ours_difference_and_level() -> None:
    table = data.beside({"in the campaign": (0.457, 0.4569)}, data.Level.R1, digits=4)
    assert table.loc["in the campaign"].tolist() == [0.457, 0.4569, -0.0001, "R1"]
    assert table.columns.name == data.Level.R1.badge


def test_a_badged_table_shows_badge_full_text_and_links() -> None:
    sources = data.load_sources()
    rows = sources.query("woman_id == 'W05'")[["fact", "name", "url"]]
    shown = data.badged(rows)
    page = shown._repr_html_()
    assert page.count("<tr>") == len(rows) + 1
    assert "<caption style" in page
    assert Provenance.PUBLIC_RECORD.badge in page
    assert repr(shown).startswith(Provenance.PUBLIC_RECORD.badge)
    for address in rows["url"]:
        assert f'href="{address}"' in page
    assert "..." not in page


def test_a_badged_table_escapes_and_needs_a_kind() -> None:
    bare = pd.DataFrame({"a": ["<b>&", "x" * 300], "day": [pd.Timestamp("2015-09-01"), pd.NaT]})
    with pytest.raises(ProvenanceError, match="does not say what kind"):
        data.badged(bare)
    page = data.badged(bare, Provenance.SYNTHETIC, Provenance.PUBLISHED)._repr_html_()
    assert "&lt;b&gt;&amp;" in page
    assert "x" * 300 in page
    assert ">2015-09-01<" in page
    assert "NaT" not in page
    assert page.index(Provenance.SYNTHETIC.badge) < page.index(Provenance.PUBLISHED.badge)


def test_a_badged_comparison_keeps_its_level_and_its_row_names() -> None:
    table = data.beside({"share": (0.457, 0.4569)}, data.Level.R1)
    page = data.badged(table, Provenance.PUBLISHED)._repr_html_()
    assert data.Level.R1.badge in page
    assert ">share<" in page


def test_the_tables_of_kinds_and_levels_show_their_whole_meaning() -> None:
    for kind in Provenance:
        assert kind.meaning in data.kinds_of_data()._repr_html_()
    for level in data.Level:
        assert level.value in data.kinds_of_levels()._repr_html_()
