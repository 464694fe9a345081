"""The panels of notebook 01 say what the notebook says they do."""

from __future__ import annotations

from types import SimpleNamespace


def test_conditions(book: SimpleNamespace) -> None:
    assert book.conditions.at("priority=no").sentence.startswith(
        "Open: public expressive and private expressive."
    )
    assert "private coercive" in book.conditions.at("priority=yes").sentence.split(".")[0]
    assert (
        "Private coercive lacks diplomatic relations"
        in book.conditions.at("relations=no&priority=yes").sentence
    )


def test_inverse(book: SimpleNamespace) -> None:
    assert (
        "Nothing is missing"
        in book.inverse.at("target=private coercive&leverage=yes&priority=yes").sentence
    )


def test_pathway(book: SimpleNamespace) -> None:
    assert "nothing to offer or withhold" in book.pathway.at("step=4&leverage=no").sentence


def test_class_panel(book: SimpleNamespace) -> None:
    assert "13 vignettes" in book.class_panel.at("difficulty=easy").sentence
