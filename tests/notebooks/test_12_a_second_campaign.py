"""The panels of notebook 12 say what the notebook says they do."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.notebooks.refusal import refused


def test_the_outcome_is_hidden_until_it_is_asked_for(book: SimpleNamespace) -> None:
    hidden = book.choices.at("")
    assert "not shown yet" in hidden.sentence
    assert set(hidden.figures) == {"named", "expected"}
    assert not len(hidden.rows["ratios"])
    shown = book.choices.at("shown=yes")
    assert (shown.figures["observed"], shown.figures["named"]) == (4, 16)
    assert shown.figures["ratio"] == pytest.approx(1.10, abs=0.005)


def test_what_the_exercises_say_of_single_choices(book: SimpleNamespace) -> None:
    said = {
        "years=2015": 3.04,
        "naming=every": 1.68,
        "months=put right": 1.51,
        "censuses=3": 1.42,
    }
    for setting, ratio in said.items():
        found = book.choices.at(f"{setting}&shown=yes").figures["ratio"]
        assert found == pytest.approx(ratio, abs=0.005)
    refused(book.choices, "others=world&censuses=2", "only to the next one")


def test_ways_out_that_do_not_count_are_owned_to_err(book: SimpleNamespace) -> None:
    assert "errs downwards" in book.choices.at("shown=yes&exit=not amnesty").sentence


def test_times(book: SimpleNamespace) -> None:
    figures = book.times.at("month=12").figures
    assert figures["Free the Press, 18 people low"] == pytest.approx(5 / 18, abs=0.001)


def test_size(book: SimpleNamespace) -> None:
    for names, power in ((24, 0.58), (32, 0.75), (40, 0.76), (44, 0.81)):
        found = book.size.at(f"names={names}&odds=2.7").figures["power"]
        assert found == pytest.approx(power, abs=0.005)
    assert book.size.at("odds=1").figures["power"] <= 0.05
    refused(book.size, "names=400", "from 4 to 120")


def test_lottery(book: SimpleNamespace) -> None:
    assert "the price of knowing" in book.lottery.at("").sentence
    assert (
        book.lottery.at("pool=120").figures["power"] > book.lottery.at("pool=20").figures["power"]
    )
