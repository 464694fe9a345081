"""The panels of notebook 00 say what the notebook says they do."""

from __future__ import annotations

from types import SimpleNamespace

from tests.notebooks.refusal import refused


def test_timeline(book: SimpleNamespace) -> None:
    for coding, released in {"A": 14, "B": 16, "C": 17}.items():
        assert f"counts {released} of 19" in book.timeline.at(f"coding={coding}").sentence
    refused(book.timeline, "country=Eritrea&manner=exile", "No woman from Eritrea")


def test_curve(book: SimpleNamespace) -> None:
    assert (
        "Coding A: the curve follows 16 women"
        in book.curve.at("coding=A&dates=latest&interval=log-log").sentence
    )
    refused(book.curve, "dates=never", "cannot be 'never'")


def test_by_hand(book: SimpleNamespace) -> None:
    assert "2 in the risk set" in book.by_hand.at("step=5").sentence
