"""The panels of notebook 05 say what the notebook says they do."""

from __future__ import annotations

from types import SimpleNamespace

from tests.notebooks.refusal import refused


def test_study(book: SimpleNamespace) -> None:
    assert "+54 % of 1 + articles" in book.study.at().sentence
    assert "September up holds" in book.study.at().sentence
    assert "September up fails" in book.study.at("form=level").sentence
    assert "+103 % of articles" in book.study.at("model=nb").sentence
    refused(book.study, "errors=two-way", "came out negative")
    assert "wild bootstrap" in book.study.at("errors=wild&sentences=yes&exits=out").sentence
    assert "17 people" in book.study.at("errors=wild&sentences=yes&exits=out").sentence


def test_raw(book: SimpleNamespace) -> None:
    assert "mean of articles" in book.raw.at("line=mean&best=no").sentence


def test_one_plus(book: SimpleNamespace) -> None:
    assert "before: 1; after: 2.0; +100 % of articles" in book.one_plus.at().sentence
    assert "+55 % of articles" in book.one_plus.at("baseline=10").sentence
    refused(book.one_plus, "baseline=200", "takes a number from 0 to 20")


def test_window(book: SimpleNamespace) -> None:
    assert "2 of 16 releases fall inside for certain, 2 perhaps" in book.window.at().sentence
    after_six = book.window.at("answer=6").sentence
    for_seven = book.window.at("lasts=7").sentence
    assert after_six.split("fall")[1] == for_seven.split("fall")[1]
    assert "4 of 16" in for_seven
    refused(book.window, "lasts=90", "takes a number from 1 to 18")


def test_power(book: SimpleNamespace) -> None:
    assert "seen in 86 %" in book.power.at().sentence
    assert "about 1.45" in book.power.at().sentence
    assert "too many" in book.power.at("effects=none&errors=HC1").sentence
    assert "76 invented people" in book.power.at("women=76&ratio=1.2&wanted=90").sentence
    refused(book.power, "women=20", "cannot be '20'")
