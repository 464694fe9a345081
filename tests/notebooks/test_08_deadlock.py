"""The panels of notebook 08 say what the notebook says they do."""

from __future__ import annotations

from types import SimpleNamespace

from tests.notebooks.refusal import refused


def test_bureau_panel(book: SimpleNamespace) -> None:
    assert "Of all such bureaus 99 % approve" in book.bureau_panel.at("publicity=0.5").sentence
    assert (
        "no relations to act through" in book.bureau_panel.at("publicity=1&relations=no").sentence
    )
    refused(book.bureau_panel, "publicity=2", "takes a number from 0 to 1")


def test_outcome(book: SimpleNamespace) -> None:
    assert "71.1 % are released" in book.outcome.at("publicity=1&leverage=0&shaming=2.6").sentence


def test_credit(book: SimpleNamespace) -> None:
    assert (
        "endlessly many cases would give 0.23 and 0.26"
        in book.credit.at("leverage=0&selection=0.5").sentence
    )
    assert "endlessly many cases would give 0.60 and -0.02" in book.credit.at("leverage=1").sentence
    refused(book.credit, "weight=0", "cannot be held fixed")


def test_rivals(book: SimpleNamespace) -> None:
    said = book.rivals.at(
        "strength=0.12&wait=1&half_life=10&crowd=0.12&peak=4&crowd_half_life=8"
        "&approved=0.8&offer=1&acceptance=0.14"
    ).sentence
    assert "0.018 for shaming" in said
    assert "0.010 for deadlock" in said
    refused(book.rivals, "peak=0", "takes a number from 1 to 12")


def test_visit(book: SimpleNamespace) -> None:
    assert "No price at all suits both" in book.visit.at("known=1").sentence
    assert "there is nothing to buy" in book.visit.at("price=0.1").sentence
    refused(book.visit, "leak=gossip", "cannot be 'gossip'")


def test_claim(book: SimpleNamespace) -> None:
    assert "a deal in 0 % of cases" in book.claim.at("cause=0&known=0").sentence
    assert (
        "at 0.45 for the cause and 0.00 for the price"
        in book.claim.at("tie=1&about=price").sentence
    )
