"""The panels of notebook 10 say what the notebook says they do."""

from __future__ import annotations

import time
from types import SimpleNamespace

import numpy as np
import pytest

from helpers.panels.multiverse import chance
from helpers.stats.curve import Permutations
from helpers.study.multiverse import LABELS
from tests.notebooks.refusal import refused
from workshop.shuffles import draw


def test_the_result_is_hidden_until_it_is_asked_for(book: SimpleNamespace) -> None:
    hidden = book.mine.at("")
    assert "not shown yet" in hidden.sentence
    assert "estimate" not in hidden.figures
    assert not len(hidden.rows["curve"])


def test_what_the_exercises_say_of_single_choices(book: SimpleNamespace) -> None:
    said = {"": 52, "sample=held&": 74, "family=logit&": 49, "missing=one&": 51, "outcome=12&": -7}
    for setting, points in said.items():
        found = book.mine.at(f"{setting}shown=yes").figures["estimate"]
        assert round(found) == points


def test_choices_that_do_not_go_together_are_refused_and_greyed(book: SimpleNamespace) -> None:
    refused(book.mine, "clock=launch&outcome=12", "cannot be followed from it")
    greyed = type(book.mine).unavailable(book.mine.state, book.mine.data)
    assert "late" in greyed["entry"]
    assert "end" in greyed["deaths"]


def test_every_choice_at_once(book: SimpleNamespace) -> None:
    at = book.curve.at("by=24")
    figures = at.figures
    assert (round(figures["low"]), round(figures["high"])) == (-29, 87)
    assert 0.7 < figures["above"] / figures["answers"] < 0.8
    assert 0.2 < 1 - figures["answers"] / figures["universes"] < 0.3
    shares = at.rows["shares"].set_index("choice")
    assert round(100 * shares.loc["At risk", "alone"]) == 18
    assert round(100 * shares.loc["At risk", "total"]) == 43
    assert (shares.loc[["Women who died", "Missing codes", "Regions"], "shapley"] < 0.03).all()
    assert "no finding" in at.sentence
    assert len(at.rows["curve"]) <= 120


def test_printed_models_are_named_on_their_curve(book: SimpleNamespace) -> None:
    points = {row["label"] for row in book.curve.at("by=ever").rows["marked"]}
    times = {row["label"] for row in book.curve.at("measure=time").rows["marked"]}
    assert points == {f"T3 m{m}" for m in range(1, 6)}
    assert times == {f"T4 m{m}" for m in range(1, 6)}


def test_a_move_takes_no_time(book: SimpleNamespace) -> None:
    taken = []
    for light in ("family: logit", "clock: launch", "concerns: all", "missing: zero"):
        start = time.process_time()
        book.curve.at(f"by=12&light={light}")
        taken.append(time.process_time() - start)
    assert sorted(taken)[1] < 0.05


def test_a_stopped_run_goes_on_to_the_same_numbers(book: SimpleNamespace) -> None:
    month = "by=24"
    assert book.noise.at(month).figures["runs"] == 0
    state = type(book.noise.state)(by="24")
    first = book.noise.run(state, 2, cores=1)
    again = book.noise.run(state, 4, cores=1)
    assert (again.drawn[:2] == first.drawn[:2]).all()
    assert len(again.drawn) == 4 == book.noise.at(month).figures["runs"]
    assert "beforehand" not in book.noise.at(month).sentence


@pytest.mark.parametrize("among", LABELS)
def test_shuffles_drawn_beforehand_are_those_that_run_draws(
    book: SimpleNamespace, among: str
) -> None:
    at = book.noise.at(f"among={among}")
    assert at.figures["runs"] == 1000
    assert "1,000 of 1,000 shuffles of 912 universes, drawn beforehand" in at.sentence
    ours = book.data.load_shuffles().query("among == @among")
    for run in (0, 999):
        again = draw(book.every, among, range(run, run + 1)).drop(columns="among")
        kept = ours[ours["run"] == run].drop(columns="among")
        assert kept.to_numpy() == pytest.approx(again.to_numpy(), abs=1e-5)


def test_shuffles_of_other_rows_are_not_shown(book: SimpleNamespace) -> None:
    key = ("12", "anyone")
    chance.keep(key, Permutations(np.ones(3), np.ones((5, 3)), 1000, chance.SEED))
    assert chance.kept(key, np.ones(3)) is not None
    assert chance.kept(key, np.array([1.0, 1, 2])) is None


def test_a_cluster_that_is_not_there_is_one_sentence(book: SimpleNamespace) -> None:
    from helpers.panels.multiverse.chance import executor

    with (
        pytest.raises(ValueError, match=r"No cluster answers|needs dask"),
        executor("tcp://127.0.0.1:9", 1),
    ):
        pass


def test_the_class(book: SimpleNamespace) -> None:
    at = book.group.at("after=yes")
    assert at.figures["learners"] == 25
    assert at.figures["changed"] == 5
    assert "invented class" in at.sentence
