"""Rules for exercises that vary with the cohort agree with the notebooks, and with another hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from helpers import data
from helpers.exercises.table import Solution, SolutionError, notebooks_dir, read_solutions
from helpers.teaching.sealing import Sealing, make_entry
from helpers.teaching.varying import RULES, Drawn, answerable, vary
from tests.exercises import behaviour
from tests.teaching import varying_by_hand

FIXTURE = Path(__file__).parent / "99_fixture.ipynb"
SOURCES = [FIXTURE, *sorted(notebooks_dir().glob("[0-9][0-9]_*.ipynb"))]
VARYING = [i for path in SOURCES for i in read_solutions(path) if i.fields.get("varies")]
SHIPPED = Drawn(data.load_cohort(), data.load_long_list())


def drawn(seed: int) -> Drawn:
    from helpers.teaching.cohorts.files import long_list_of
    from helpers.teaching.cohorts.lesson import draw_with_lesson

    def fits(rows: pd.DataFrame) -> bool:
        return answerable(VARYING, Drawn(rows, long_list_of(rows, seed)))

    cohort = draw_with_lesson(seed, also=fits)
    return Drawn(cohort, long_list_of(cohort, seed))


@pytest.fixture(scope="module")
def two() -> list[Drawn]:
    return [drawn(seed) for seed in (11, 12)]


@pytest.mark.parametrize("item", VARYING, ids=lambda i: i.identifier)
def test_on_the_shipped_cohort_the_rule_gives_the_notebooks_answer(item: Solution) -> None:
    fields = item.fields
    found = RULES[fields["varies"]](SHIPPED)
    assert found.answer == pytest.approx(fields["answer"], abs=max(fields["tolerance"] / 2, 1e-9))
    for value, wanted in zip(found.wrong, fields.get("wrong", {}), strict=True):
        assert value == pytest.approx(wanted, abs=max(fields["tolerance"], 1e-9))


@pytest.mark.parametrize("item", VARYING, ids=lambda i: i.identifier)
def test_hints_and_messages_state_no_number_of_the_shipped_rows(item: Solution) -> None:
    texts = [*item.fields.get("hints", []), *item.fields.get("wrong", {}).values()]
    shown = [f"{v:g}" for v in (item.fields["answer"], *item.fields.get("wrong", {}))]
    for text in texts:
        assert not any(number in text.split() for number in shown), text


@pytest.mark.parametrize("name", sorted({i.fields["varies"] for i in VARYING}))
def test_another_hand_gets_the_same_on_other_cohorts(name: str, two: list[Drawn]) -> None:
    by_hand = varying_by_hand.RULES[name]
    answers = []
    for one in [SHIPPED, *two]:
        plain = Drawn(pd.DataFrame(one.cohort), pd.DataFrame(one.long_list))
        found = RULES[name](one).answer
        assert found == pytest.approx(by_hand(plain), rel=1e-4, abs=1e-6)
        answers.append(found)
    assert len(set(answers)) > 1


@pytest.mark.parametrize("item", VARYING, ids=lambda i: i.identifier)
def test_a_varied_exercise_behaves(item: Solution, two: list[Drawn]) -> None:
    for one in two:
        made = vary(item, one)
        entry = make_entry(made, Sealing(b"x" * 16, 2**4))
        assert behaviour.verify(made, entry) == []
        assert all(made.fields["wrong"].values())


def test_a_rule_that_is_not_there_or_does_not_fit_is_one_sentence() -> None:
    item = VARYING[0]
    other = Solution("99.7", {**item.fields, "varies": "no_such"})
    with pytest.raises(SolutionError, match='no rule "no_such"'):
        vary(other, SHIPPED)
    short = Solution("99.7", {**item.fields, "wrong": {1.0: "m"}})
    with pytest.raises(SolutionError, match="gives 2 wrong answers, the cell catalogues 1"):
        vary(short, SHIPPED)
