"""The panels of notebook 11 say what the notebook says they do."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.notebooks.refusal import refused


def test_the_docket_opens_every_claim(book: SimpleNamespace) -> None:
    for claim in book.claims.claims["id"]:
        picture = book.docket.at(f"claim={claim}")
        assert picture.figures["verdict"] in picture.sentence
    assert "exp(0.457) = 1.58" in book.docket.at("claim=C042").sentence
    refused(book.docket, "claim=C999", "cannot be 'C999'")


def test_nine_claims_are_contradicted_by_the_paper_itself(book: SimpleNamespace) -> None:
    shown = book.docket.at("verdict=contradicted by the paper itself").figures["shown"]
    assert shown == 9


def test_footing(book: SimpleNamespace) -> None:
    assert book.footing.at("").figures["fallen"] == 0
    struck = book.footing.at("strike=contradicted")
    assert struck.figures["fallen"] == 2
    assert "large in odds" in struck.sentence
    assert "Vietnam" in struck.sentence


def test_whose(book: SimpleNamespace) -> None:
    assert book.whose.at("coding=A").figures["counted"] == 14
    left = book.whose.at("others=exchange of prisoners+end of term or later").figures
    assert (left["counted"], left["own"]) == (17, 13)


def test_unknown(book: SimpleNamespace) -> None:
    five = book.unknown.at("short=14&short_unknown=3&long_unknown=5")
    assert five.figures["low"] == pytest.approx(100 * (14 / 19 - 16 / 21))
    assert "Even the sign" in five.sentence
    refused(book.unknown, "short=19&short_unknown=3", "do not fit")


def test_regression_to_the_mean(book: SimpleNamespace) -> None:
    figures = book.peak.at("peak=20&steady=50").figures
    # Of a bivariate normal with correlation one half, half of the selected mean stays.
    assert figures["after"] == pytest.approx(figures["at"] / 2, abs=0.05)
    assert book.peak.at("steady=100").figures["after"] == pytest.approx(
        book.peak.at("steady=100").figures["at"]
    )


def test_a_launch_that_never_was(book: SimpleNamespace) -> None:
    assert "years too early" in book.never.at("year=2013").sentence
    assert book.never.at("year=2013").figures["estimate"] < 0


def test_voices(book: SimpleNamespace) -> None:
    assert book.voices.at("times=14").figures["after"] > 0.5
    assert book.voices.at("times=15").figures["after"] < 0.5


def test_print_bounds_another_table(book: SimpleNamespace) -> None:
    # R's survreg on Freireich's 42 children prints the scale 0.732.
    assert book.scale_bound("-1.267", "0.311", 9, 21).scale >= 0.732


def test_every_account_of_a_case_can_be_contradicted(book: SimpleNamespace) -> None:
    assert book.voices.at("case=vietnam&against=H6&times=5").figures["after"] < 0.5
    greyed = type(book.voices).unavailable(book.voices.state, book.voices.data)
    assert set(greyed["against"]) == {"H6"}
    assert "times likelier" not in book.voices.at("").sentence
