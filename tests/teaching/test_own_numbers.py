"""The questions on a student's own rows: every answer by hand on ten rows, and in a real set."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
import statsmodels.api as sm

from helpers import data
from helpers.exercises import bank, grading
from helpers.exercises.table import notebooks_dir
from helpers.teaching import assign, collect, cutting, own_numbers, roster
from helpers.teaching.sealing import Sealing, make_entry
from helpers.teaching.varying import RULES, Drawn
from tests.exercises import behaviour
from tests.teaching import kit

LAUNCH = pd.Timestamp("2015-09-01")
# side, region, days from the launch to the exit, released, legal concerns
ROWS = [
    (1, "Africa", 61, 1, 1), (1, "Africa", 487, 1, 1), (1, "Asia", 974, 0, 0),
    (1, "Asia", 122, 1, 0), (0, "Africa", -100, 1, 1), (0, "Africa", 974, 0, 1),
    (0, "Asia", 487, 1, 1), (0, "Asia", 974, 0, 1),
    (0, "Middle East", 974, 0, 1), (0, "Middle East", 61, 1, 0),
]  # fmt: skip
TEN = pd.DataFrame(
    [
        {
            "freethe20": side,
            "region": region,
            "arrested": LAUNCH - pd.Timedelta(days=974 if side else 487),
            "left_prison": LAUNCH + pd.Timedelta(days=days),
            "released": released,
            "legal_concerns": legal,
        }
        for side, region, days, released, legal in ROWS
    ]
)
# Worked out on paper: 487 days are 16 months, 974 are 32, 61 are 2.00411, 122 are 4.00821.
BY_HAND = {
    "00.o1": 60.0, "00.o2": 50.0, "00.o3": 4.00821, "00.o4": 50.0, "00.o5": 16.0,
    "02.o1": 25.0, "02.o2": 1.5, "02.o3": 29.7560, "02.o4": 0.755929, "02.o5": 33.3333,
    "02.o6": 50.0,
    "03.o1": 11.50308,  # 2.00411 + 0.75 x 2.00411 + 0.5 x 11.99179 + 0.25 x 8
    "03.o2": 4.39774,  # 2.00411 + 0.8 x 13.99589 + 0.6 x 2 = 14.40082, less 10.00308
    "03.o3": 5.55429,  # 3 in 1644 days
    "03.o4": 3.16606,  # (3 / 1644) / (2 / 3470)
    "03.o5": 16.6667, "03.o6": 60.0,
    "04.o1": 3.0, "04.o2": 1.098612, "04.o3": 1.414214, "04.o5": 2.366025, "04.o6": 0.0,
    "05.o1": 66.6667, "05.o2": 13.60164, "05.o3": 0.083333, "05.o4": 50.0,
    "08.o1": 0.784042, "08.o2": 0.166667, "08.o3": 1.239679,
    "12.o1": 2.0, "12.o2": 1.5, "12.o3": 1.0,
}  # fmt: skip


def test_there_are_thirty_over_six_notebooks() -> None:
    ids = [q.identifier for q in own_numbers.QUESTIONS]
    assert len(ids) == len(set(ids)) >= 30
    assert len({i[:2] for i in ids}) >= 6
    assert all(list(notebooks_dir().glob(f"{i[:2]}_*.ipynb")) for i in ids)
    assert set(ids) == {*BY_HAND, "04.o4"}


@pytest.mark.parametrize("identifier", BY_HAND)
def test_each_answer_is_that_of_paper(identifier: str) -> None:
    found = RULES[f"own {identifier}"](Drawn(TEN, TEN)).answer
    assert found == pytest.approx(BY_HAND[identifier], rel=2e-5, abs=1e-6)


def test_the_linear_model_is_that_of_a_library() -> None:
    for rows in (TEN, pd.DataFrame(data.load_cohort())):
        coded = rows[rows["legal_concerns"].notna()].astype({"legal_concerns": float})
        x = sm.add_constant(coded[["freethe20", "legal_concerns"]].astype(float))
        wanted = 100 * sm.OLS(coded["released"].astype(float), x).fit().params["freethe20"]
        assert RULES["own 04.o4"](Drawn(rows, rows)).answer == pytest.approx(wanted)


@pytest.mark.parametrize("question", own_numbers.QUESTIONS, ids=lambda q: q.identifier)
def test_a_question_behaves_as_an_exercise(question: own_numbers.Asked) -> None:
    (item,) = [i for i in own_numbers.exercises_of(question.identifier[:2])
               if i.identifier == question.identifier]  # fmt: skip
    entry = make_entry(item, Sealing(b"x" * 16, 2**4))
    assert behaviour.verify(item, entry) == []
    assert item.fields["wrong"]
    messages = " ".join(item.fields["wrong"].values())
    assert not re.search(r"\d[\d.]", messages)


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own")
    (folder / "r.csv").write_text("student,ID\nAda,1\nBo,2\nCy,3\n")
    books = tuple(sorted(notebooks_dir().glob("0[03]_*.ipynb")))
    students = tuple(roster.read_roster(folder / "r.csv"))
    return assign.assign(assign.Wish(books, folder / "out", students, own_data=True))


def _own(made: Path, key: str) -> dict[str, tuple[float, float]]:
    return {k: tuple(v) for k, v in json.loads(
        (made / "instructor" / "numbers.json").read_text())[key].items()}  # fmt: skip


def test_every_student_is_asked_and_has_answers_of_her_own(three: Path) -> None:
    students = roster.read_kept(three / "instructor" / "roster.csv")
    assert [s.columns for s in students] == [(("ID", n),) for n in "123"]
    answers = []
    for student in students:
        folder = three / "students" / student.key
        calls = {i for p in folder.glob("*.ipynb") for c in cutting.read_book(p)["cells"]
                 for _, i in cutting.exercise_calls(cutting.source_of(c))}  # fmt: skip
        assert {
            q.identifier for q in own_numbers.QUESTIONS if q.identifier[:2] in {"00", "03"}
        } <= calls
        rows = data.load_cohort()
        rows = pd.read_csv(folder / "data" / "cohort" / "cohort.csv",
                           parse_dates=["arrested", "left_prison"])  # fmt: skip
        sealed = bank.load_bank(folder / "bank")
        for identifier, (answer, _) in _own(three, student.key).items():
            if ".o" in identifier:
                assert RULES[f"own {identifier}"](Drawn(rows, rows)).answer == pytest.approx(answer)
            assert grading.grade(sealed[identifier], answer).word == grading.RIGHT
        answers.append(tuple(v for v, _ in _own(three, student.key).values()))
    assert len(set(answers)) == 3


def test_a_classmates_answers_are_named_and_twin_histories_pointed_out(
    three: Path, tmp_path: Path
) -> None:
    ada, bo, cy = roster.read_kept(three / "instructor" / "roster.csv")
    build = json.loads((three / "instructor" / "build.json").read_text())["build"]

    def hand(key: str, numbers: dict[str, tuple[float, float]], minute: int) -> str:
        records = {}
        for second, (identifier, (value, _)) in enumerate(numbers.items()):
            made = kit.record(value)
            made["history"][0]["at"] = f"2026-01-01T10:{minute:02d}:{second:02d}+00:00"
            records[identifier] = made
        content = json.loads(kit.handin(key, build=build))
        return json.dumps({**content, "answers": records})

    mine = _own(three, ada.key)
    (tmp_path / "a.json").write_text(hand(ada.key, mine, 1))
    (tmp_path / "b.json").write_text(hand(bo.key, mine, 1))  # Ada's file with another key
    (tmp_path / "c.json").write_text(hand(cy.key, _own(three, cy.key), 9))
    result = collect.collect(tmp_path, collect.read_course(three))
    told = dict(result.problems)
    assert "are the same to the second" in told["Ada and Bo"]
    assert "but of Ada's" in told["Bo"]
    assert not any("Cy" in file for file, text in result.problems if "of" in text and "Ada" in text)
    right = {
        n: sum(x.state == "Right" for x in result.lines if x.student == n)
        for n in ("Ada", "Bo", "Cy")
    }
    assert right["Ada"] == right["Cy"] == len(mine)
    assert right["Bo"] < len(mine) / 2
    messages = [x.message for x in result.lines if x.student == "Bo" and x.message]
    assert any("the answer for the cohort of Ada" in m for m in messages)
