"""The box for a reader's own table, and the cells that cannot be computed from it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from helpers import data
from helpers.panels.own import OwnRows
from helpers.panels.own.guard import cannot_say
from helpers.panels.release import HorizonPanel, horizon_data, release_rows
from helpers.panels.survival import ClockLab, CohortCurves, clock_data, cohort_rows
from helpers.stats.errors import StatsError

TABLE = b"""Fame;Out;In;Until;Area
1;freed;01/02/2014;03/04/2015;asia
0;held;02/03/2014;05/05/2016;North Africa
0;gone;04/03/2013;05/05/2016;North Africa
"""


def bring(box: OwnRows, content: bytes, name: str = "x.csv") -> None:
    box.receive({"kind": "file", "name": name}, [memoryview(content)])


def test_a_table_is_mapped_asked_about_used_and_found_again(tmp_path: Path) -> None:
    box = OwnRows(tmp_path / "own")
    assert box.cohort()[1].startswith("Synthetic cohort: 252 invented rows.")
    bring(box, TABLE)
    assert "lacks the column 'freethe20'" in box.shown["refusal"]
    assert not box.shown["usable"]
    assert box.shown["table"]["rows"][0] == ["2", "1", "freed", "01/02/2014", "03/04/2015", "asia"]
    for ours, theirs in zip(
        ("freethe20", "released", "arrested", "left_prison", "region"),
        ("Fame", "Out", "In", "Until", "Area"),
        strict=True,
    ):
        box.receive({"kind": "column", "key": ours, "value": theirs})
    asked = {(ask["of"], ask["key"], ask["spelling"]) for ask in box.shown["asks"]}
    assert asked == {
        ("values", "released", "gone"),
        ("days", "arrested", ""),
        ("days", "left_prison", ""),
        ("regions", "region", "North Africa"),
    }
    answers = ["yes", "day first", "day first", "Africa"]
    for (of, key, spelling), value in zip(
        [
            ("values", "released", "gone"),
            ("days", "arrested", ""),
            ("days", "left_prison", ""),
            ("regions", "region", "North Africa"),
        ],
        answers,
        strict=True,
    ):
        said = {"kind": "answer", "of": of, "key": key, "spelling": spelling, "value": value}
        box.receive(said)
    assert box.shown["refusal"] == ""
    box.receive({"kind": "use"})
    again, said = OwnRows(tmp_path / "own").cohort()
    assert data.provenance_of(again) == (data.Provenance.YOURS,)
    assert again["released"].tolist() == [1, 0, 1]
    assert again["region"].tolist() == ["Asia", "Africa", "Africa"]
    assert again["arrested"].dt.strftime("%Y-%m-%d").tolist()[0] == "2014-02-01"
    assert "3 rows of yours" in said
    box.receive({"kind": "back"})
    assert not (tmp_path / "own").exists()
    assert OwnRows(tmp_path / "own").cohort()[1].startswith("Synthetic")


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ({"kind": "path", "path": '"C:\\Users\\ada\\women.csv"'}, "There is no file"),
        ({"kind": "path", "path": "x\0.csv"}, "put an r before"),
        ({"kind": "path", "path": "/"}, "is a folder"),
    ],
)
def test_a_bad_path_is_one_sentence(message: dict[str, Any], sentence: str, tmp_path: Path) -> None:
    box = OwnRows(tmp_path / "own")
    box.receive(message)
    assert sentence in box.shown["refusal"]
    assert box.shown["table"] is None


def test_what_is_kept_and_spoilt_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "recipe.json").write_text("{", encoding="utf-8")
    (folder / "x.csv").write_bytes(TABLE)
    cohort, said = OwnRows(folder).cohort()
    assert len(cohort) == 252
    assert said.startswith("The recipe cannot be read")


def test_every_label_of_the_template_is_a_column_of_ours(tmp_path: Path) -> None:
    names = OwnRows(tmp_path / "own").shown["template"].strip().split(",")
    rows = data.load_cohort()[names].to_csv(index=False).encode()
    box = OwnRows(tmp_path / "own")
    bring(box, rows)
    assert box.shown["usable"]
    assert box.shown["summary"].endswith("252 rows of yours, 19 of them in the campaign.")


def test_a_cell_that_cannot_be_computed_says_so_and_leaves_nothing_old() -> None:
    script = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
from helpers.panels.own.guard import guard_cells
shell.run_cell("fit = 1")
guard_cells(on=True)
ran = [shell.run_cell(c) for c in ("fit = int('x')", "fit + 1", "5", "def f(): return 2", "f()")]
guard_cells(on=False)
print(json.dumps([r.success for r in ran] + ["fit" in shell.user_ns, shell.user_ns["f"]()]))
print(shell.run_cell("1 / 0").success)
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    lines = run.stdout.splitlines()
    assert json.loads(next(x for x in lines if x.startswith("[true"))) == [*[True] * 5, False, 2]
    assert "Not computed on your rows: it needs 'fit'" in run.stdout
    assert lines[-1] == "False"


def test_the_sentence_is_that_of_the_suite_where_there_is_one() -> None:
    assert cannot_say(StatsError("Nobody is released.")).endswith("rows: Nobody is released.")
    assert "too few or too alike" in cannot_say(ValueError("zero-size array\nmore"))


def test_the_end_of_follow_up_is_that_of_the_rows() -> None:
    cohort = data.load_cohort()
    later = cohort["left_prison"] + pd.Timedelta(days=2000)
    own = data.mark(cohort.assign(left_prison=later), data.Provenance.YOURS)
    rows = cohort_rows(own)
    curves = CohortCurves(rows)
    end = int(-(-rows.exit.max() // 30.4375))
    assert curves.state.follow_up == end > 100
    printed, foot = data.load_published_coefficients(), data.load_published_fit()
    horizon = HorizonPanel(horizon_data(release_rows(own, printed, foot)), "clock=launch")
    assert f"Within {end} months of the launch" in horizon.sentence
    spec = json.dumps(ClockLab(clock_data(rows, printed)).still())
    shipped = json.dumps(ClockLab(clock_data(cohort_rows(cohort), printed)).still())
    assert spec != shipped
