"""Panels, by setting their widgets: what a reader sees must follow, and nothing may raise."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter

from helpers import charts, data
from helpers.calendar import DAYS_PER_MONTH
from helpers.charts.drawing import vega_library
from helpers.panels.base import Choice, Panel, Picture, Several, Slider, Toggle
from helpers.panels.base.live import LiveView
from helpers.panels.base.panel import cells, named, records
from helpers.panels.dialogues import ProgrammeTimeline
from helpers.panels.record.women import DetentionTimeline, ReleaseCurve, SevenRows
from helpers.panels.typology.coding import ClassAgreement, ClassCodes, CodingBench, keyed
from helpers.panels.typology.strategies import ConditionsPanel, InversePanel, PathwayPanel
from helpers.provenance.kinds import Provenance
from helpers.study.record import count_released, durations, women_record


@dataclass(frozen=True)
class State:
    rows: int = 4
    up: bool = True
    which: str = "a"
    many: tuple[str, ...] = ("x",)


class Toy(Panel[State]):
    name = "Toy"
    State = State

    def controls(self) -> Any:
        return {
            "rows": Slider("Rows", 1, 9),
            "up": Toggle("Up"),
            "which": Choice("Which", {"first": "a", "second": "b & c"}),
            "many": Several("Many", {"x": "x", "y": "y"}),
        }

    def chart(self) -> Any:
        chart = alt.Chart(named("points")).mark_point().encode(x="x:Q", y="y:Q")
        return charts.finish(chart, Provenance.ILLUSTRATION, title="T", description="Points.")

    @staticmethod
    def compute(state: State, data: Any) -> Picture:
        if state.rows == 3:
            raise ValueError("Three rows cannot be drawn; choose another number.")
        if state.rows == 5:
            raise KeyError("a bug")
        points = [{"x": i, "y": i if state.up else -i} for i in range(state.rows)]
        words = f"{state.rows} rows, {state.which}, {state.many}."
        return Picture({"points": points}, words, figures={"rows": state.rows})


def press(panel: Panel[Any], **message: Any) -> None:
    """Say what the browser says when the learner does something."""
    panel._view._answer(panel._view, {"turn": "t1", **message}, [])


def test_moving_a_control_pushes_rows_and_words() -> None:
    panel = Toy(None)
    panel.move(rows=2)
    assert panel.state.rows == 2
    assert len(panel.rows["points"]) == 2
    assert panel.sentence.startswith("2 rows")


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [(3, "Three rows cannot be drawn"), (5, "Nothing you did is lost")],
)
def test_an_error_is_a_sentence_and_the_last_picture_stays(rows: int, sentence: str) -> None:
    panel = Toy(None)
    before = panel.rows
    panel.move(rows=rows)
    assert sentence in panel.error
    assert panel.rows == before
    assert panel.sentence.startswith("4 rows")
    panel.move(rows=6)
    assert panel.error == ""


def test_setting_goes_out_and_comes_back() -> None:
    panel = Toy(None)
    panel.set(State(rows=7, up=False, which="b & c", many=("x", "y")))
    again = Toy(None, panel.setting)
    assert again.state == panel.state
    assert again._view.frame["state"]["many"] == ("x", "y")
    assert Toy(None).setting == ""
    again.move(rows=2)
    again.reset()
    assert again.state == panel.state  # where it was opened


def test_a_picture_of_a_setting_moves_nothing() -> None:
    panel = Toy(None, "rows=6")
    shown = (panel.state, panel.sentence, panel.setting, panel.rows)
    assert panel.at("rows=7").sentence == "7 rows, a, ('x',)."
    assert panel.at().sentence == "4 rows, a, ('x',)."
    assert panel.at("rows=7").figures == {"rows": 7}
    for setting, words in (("rows=99", "from 1 to 9"), ("rows=3", "Three")):
        with pytest.raises(ValueError, match=words):
            panel.at(setting)
    assert (panel.state, panel.sentence, panel.setting, panel.rows) == shown
    assert panel.figures == {"rows": 6}
    assert not panel.error


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("rows=99", "from 1 to 9"),
        ("rows=nan", "from 1 to 9"),
        ("rows=many", "from 1 to 9"),
        ("up=perhaps", "one of: yes, no"),
        ("which=z", "one of: a, b & c"),
        ("many=x+q", "one of: x, y"),
        ("colour=red", "no control 'colour'"),
        ("just words", "no control 'just words'"),
    ],
)
def test_a_bad_setting_changes_nothing_and_says_why(setting: str, sentence: str) -> None:
    panel = Toy(None, "rows=7")
    panel.open(setting)
    assert sentence in panel.error
    assert panel.state.rows == 7


def test_a_panel_leaves_a_picture_and_a_sentence_in_the_notebook() -> None:
    bundle, metadata = Toy(None)._repr_mimebundle_()
    assert bundle["text/plain"] == "[Panel Toy] 4 rows, a, ('x',)."
    assert {"image/png", "application/vnd.jupyter.widget-view+json"} <= set(bundle)
    assert metadata["image/png"]["alt"] == "4 rows, a, ('x',)."


def test_a_kept_setting_is_there_after_a_restart(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("HRD_WORK_DIR", str(tmp_path))
    panel = Toy(None, keep="99.toy")
    panel.move(rows=7)
    assert Toy(None, keep="99.toy").state.rows == 7
    assert Toy(None, "rows=5", keep="99.toy").state.rows == 5
    assert Toy(None).state.rows == 4
    panel.reset()  # by code, as a notebook's own checks do: what the learner set stays kept
    panel.open("rows=6")
    assert Toy(None, keep="99.toy").state.rows == 7
    press(panel, kind="reset")
    assert Toy(None, keep="99.toy").state.rows == 4
    (tmp_path / "settings.json").write_text("{broken")
    assert Toy(None, keep="99.toy").state.rows == 4
    assert (tmp_path / "settings.broken-1.json").read_text() == "{broken"


def test_a_table_goes_to_the_browser_as_texts() -> None:
    frame = pd.DataFrame({"who": ["a", None], "n": [1.5, float("nan")]})
    assert cells(frame) == {
        "columns": ["who", "n"],
        "right": ["n"],
        "rows": [["a", "1.5"], ["", ""]],
    }
    assert cells(None) == {} == cells(frame.head(0))


def test_records_are_what_the_browser_can_take() -> None:
    frame = pd.DataFrame(
        {
            "day": pd.to_datetime(["1970-01-02", None]),
            "share": [0.5, float("nan")],
            "count": pd.array([1, None], dtype="Int64"),
            "name": ["a", None],
        }
    )
    assert records(frame) == [
        {"day": 86_400_000, "share": 0.5, "count": 1, "name": "a"},
        {"day": None, "share": None, "count": None, "name": None},
    ]


def test_the_vega_library_reaches_no_network() -> None:
    library = vega_library()
    assert b"vegaEmbed" in library
    assert b"import " not in library[:2000]
    view = LiveView({})
    assert "cdn" not in str(view._esm)


@pytest.fixture(scope="module")
def record() -> Any:
    return women_record(
        data.load_women(), data.load_release_coding(), data.load_release_intervals()
    )


def _refused(panel: Any, state: Any) -> bool:
    try:
        panel.compute(state, panel.data)
    except ValueError:
        return True
    return False


def _assert_greyed_is_refused(panel: Any, state: Any, fields: tuple[str, ...]) -> None:
    greyed = panel.unavailable(state, panel.data)
    for field in fields:
        for value in panel.controls()[field].options.values():
            if value != getattr(state, field):
                tried = dataclasses.replace(state, **{field: value})
                assert (value in greyed.get(field, {})) == _refused(panel, tried), (field, value)


def test_what_the_timeline_greys_is_what_it_refuses(record) -> None:  # type: ignore[no-untyped-def]
    panel = DetentionTimeline(record)
    for country in ("all", "Ethiopia", "Vietnam"):
        _assert_greyed_is_refused(panel, panel.State(country=country), ("country", "manner"))
    _assert_greyed_is_refused(panel, panel.State(manner="exile"), ("country", "manner"))


def test_what_the_programmes_grey_is_what_they_refuse() -> None:
    panel = ProgrammeTimeline(data.load_dialogue_programmes())
    for setting in ({"country": "Vietnam"}, {"kind": "round"}, {"comparators": False}):
        _assert_greyed_is_refused(panel, panel.State(**setting), ("country", "kind", "source"))


@pytest.mark.parametrize(
    ("coding", "unknown", "released", "total"),
    [("A", "held", 14, 19), ("B", "held", 16, 19), ("C", "held", 17, 19), ("B", "out", 16, 18)],
)
def test_counts_of_the_codings(record, coding, unknown, released, total) -> None:  # type: ignore[no-untyped-def]
    """14, 16 and 17 are stated in the notes that came with the sources."""
    assert count_released(record.women, coding, unknown) == (released, total)
    panel = DetentionTimeline(record, f"coding={coding}&unknown={unknown}")
    assert f"counts {released} of {total}" in panel.sentence


def test_nobody_is_drawn_in_custody_after_she_was_out(record) -> None:  # type: ignore[no-untyped-def]
    """Afiuni left house arrest on 14 June 2013 and must not be drawn as held at the launch."""
    rows = {r["name"]: r for r in DetentionTimeline(record).rows["spells"]}
    assert rows["Maria Lourdes Afiuni"]["end"] == pd.Timestamp("2013-06-14").timestamp() * 1000
    for coding in "ABC":
        assert "Maria Lourdes Afiuni" not in set(durations(record, coding, "middle")["name"])


def test_disputed_custody_is_framed_from_the_report_and_said(record) -> None:  # type: ignore[no-untyped-def]
    """ESAT, 24 June 2015, has Meron Alemayehu out on bail; she was free by 21 June 2016."""
    panel = DetentionTimeline(record)
    frames = {r["name"]: r for r in panel.rows["bands"]}
    millis = [pd.Timestamp(day).timestamp() * 1000 for day in ("2015-06-24", "2016-06-21")]
    frame = frames["Meron Alemayehu"]
    assert [frame["earliest"], frame["latest"]] == millis
    assert "though the campaign listed her" in frame["tip"]
    assert "Meron Alemayehu is followed on the campaign's word" in ReleaseCurve(record).sentence
    assert "Meron" not in ReleaseCurve(record, "coding=A").sentence


def test_each_status_has_a_sign_beside_its_color(record) -> None:  # type: ignore[no-untyped-def]
    spells = DetentionTimeline(record).rows["spells"]
    assert {(r["status"], r["sign"]) for r in spells} == {
        ("counted as released", "+"),
        ("not counted", "–"),
        ("unknown", "?"),
    }


def test_an_empty_selection_is_one_sentence(record) -> None:  # type: ignore[no-untyped-def]
    panel = DetentionTimeline(record)
    panel.open("country=Eritrea&manner=exile")
    assert "No woman from Eritrea" in panel.error
    assert "of 19" in panel.sentence


@pytest.mark.parametrize("coding", list("ABC"))
def test_the_edges_of_the_shaded_area_are_lifelines_curves(record, coding) -> None:  # type: ignore[no-untyped-def]
    panel = ReleaseCurve(record, f"coding={coding}")
    assert panel.error == ""
    bounds = pd.DataFrame(panel.rows["bounds"])
    for edge in ("earliest", "latest"):
        rows = durations(record, coding, edge)
        fit = KaplanMeierFitter().fit(rows["time"] / DAYS_PER_MONTH, rows["event"])
        share = fit.survival_function_at_times(bounds["time"]).to_numpy()
        assert bounds[edge].to_numpy() == pytest.approx(share, abs=1e-9)


def test_seven_rows_by_arithmetic() -> None:
    """6/7 x 5/6 x 4/5 x 3/4 = 3/7; one is censored; then 1/2 of it; then nothing."""
    rows = pd.DataFrame(
        {"name": list("abcdefg"), "time": [1, 2, 3, 4, 5, 6, 7.0], "event": [1, 1, 1, 1, 0, 1, 1]}
    )
    rows.attrs["provenance"] = ("illustration",)
    panel = SevenRows(rows)
    for step, share in {1: 6 / 7, 4: 3 / 7, 5: 3 / 14, 6: 0}.items():
        panel.open(f"step={step}")
        assert panel.rows["curve"][-1]["survival"] == pytest.approx(share)


def test_typology_panels() -> None:
    conditions = ConditionsPanel(None)
    assert conditions.sentence.startswith("Open: public expressive, private expressive, public")
    conditions.open("priority=no")
    assert conditions.sentence.startswith("Open: public expressive and private expressive.")
    conditions.open("calm=no&relations=no&leverage=no")
    assert conditions.sentence.startswith("No strategy is open")
    assert "Nothing is missing" in InversePanel(None, "calm=yes").sentence
    assert InversePanel(None).sentence.endswith("win little backlash to fear.")
    texts = [r["text"] for r in PathwayPanel(None, "step=1").rows["steps"]]
    assert texts[2:] == ["", "", ""]  # what is ahead is not told
    stopped = PathwayPanel(None, "step=4&calm=no")
    assert "stops here" in stopped.sentence


@pytest.fixture
def bench(tmp_path: Path) -> CodingBench:
    return CodingBench(keyed(data.load_vignettes()), tmp_path / "codes.csv")


def test_codes_survive_and_are_compared_with_the_key(bench: CodingBench, tmp_path: Path) -> None:
    key = bench.vignettes.set_index("vignette_id")["key"]
    for _ in range(6):
        bench.code(key[bench._order[bench._place]])
        bench.go_to_open()
    assert "agree with the key on 6 of 6" in bench.sentence
    again = CodingBench(bench.vignettes, tmp_path / "codes.csv")
    assert again.codes == bench.codes
    assert again._order == bench._order
    codes, problems = data.read_code_folder(tmp_path)
    assert len(codes) == 6
    assert problems == ()


def test_the_bench_says_who_and_when_first_and_the_source_after_coding(
    bench: CodingBench,
) -> None:
    bench.go(bench._order.index("T01"))
    assert "2015-09-01; United States (UN ambassador)" in bench._text.value
    assert "href" not in bench._text.value + bench._feedback.value
    bench.code("public expressive")
    assert 'href="https://2009-2017.state.gov' in bench._feedback.value
    assert "YOURS" in str(bench._spec["title"]["subtitle"])
    kinds = {r["kind"] for r in bench.rows["groups"]}
    assert kinds == {"code in the key", "difficulty"}


def test_a_broken_codes_file_is_kept_and_said(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text("nonsense")
    bench = CodingBench(keyed(data.load_vignettes()), path)
    assert "could not be read" in bench._feedback.value
    bench.code("outside")
    assert path.read_text() == "nonsense"


def test_class_panel() -> None:
    vignettes = keyed(data.load_vignettes())
    panel = ClassAgreement(ClassCodes(data.load_classroom_codes(), vignettes))
    assert "25 coders, 39 vignettes" in panel.sentence
    cells = pd.DataFrame(panel.rows["cells"])
    assert len(cells) == 25  # five by five, also where nobody gave the code
    assert (cells["share"] == 0).any()
    assert cells.groupby("key")["share"].sum().to_numpy() == pytest.approx(1)
    votes = panel.rows["votes"]
    assert all(len(r["vignette"]) > len("X02: ") for r in votes)
    nobody = data.load_classroom_codes().head(0)
    nobody.attrs["provenance"] = ("yours",)
    empty = ClassAgreement(ClassCodes(nobody, vignettes, ("x.csv is not a table.",)))
    assert "No code of the class" in empty.error


class Trace(Toy):
    name = "Trace"

    def chart(self) -> Any:
        now = alt.Chart(named("points")).mark_point().encode(x="x:Q", y="y:Q")
        before = (
            alt.Chart(named("points_ghost"))
            .mark_point(color=charts.theme.GHOST)
            .encode(x="x:Q", y="y:Q")
        )
        both = before + now
        return charts.finish(both, Provenance.ILLUSTRATION, title="T", description="Points.")


def test_the_previous_setting_stays_as_a_ghost() -> None:
    panel = Trace(None)
    rows = panel.rows
    assert rows["points_ghost"] == []
    first = rows["points"]
    panel.move(rows=6)
    second = panel.rows["points"]
    assert panel.rows["points_ghost"] == first != second
    panel.move(rows=3)  # refused: picture and ghost stay
    assert panel.rows["points_ghost"] == first
    press(panel, kind="reset")
    assert panel.rows["points_ghost"] == second
    press(panel, kind="open", setting="rows=6")
    assert panel.rows["points_ghost"] == first
    panel.open("rows=7")  # by code: nobody moved anything
    assert panel.rows["points_ghost"] == []
