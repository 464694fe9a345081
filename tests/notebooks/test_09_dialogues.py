"""The panels of notebook 09 say what the notebook says they do."""

from __future__ import annotations

from types import SimpleNamespace

from tests.notebooks.refusal import refused


def test_programmes(book: SimpleNamespace) -> None:
    said = book.timeline.at("country=China&kind=round").sentence
    assert "9 found, the last found is number 13" in said
    refused(
        book.timeline, "country=China&kind=rule or debate&source=press", "No record is of this kind"
    )


def test_spiral_settings(book: SimpleNamespace) -> None:
    said = book.spiral.at(
        "country=Indonesia&repression=R1&denial=D1+D2&concessions=T1+T2&prescriptive=P2&ours=yes"
    ).sentence
    assert "stuck before phase 4" in said
    assert "Our judgement" in said
    assert "Out of order" in book.spiral.at("country=Vietnam&prescriptive=P1&need=one").sentence
    refused(book.spiral, "denial=D9", "cannot be 'D9'")


def test_timeline(book: SimpleNamespace) -> None:
    assert book.timeline.sentence
    assert not book.timeline.error


def test_spiral(book: SimpleNamespace) -> None:
    assert book.spiral.sentence
    assert not book.spiral.error


def test_scorecard(book: SimpleNamespace) -> None:
    said = book.card.at("K5=0&K8=0").sentence
    assert "Norway-Indonesia 0.86" in said
    assert "2 criteria count nothing" in said
    refused(book.card, "&".join(f"K{n}=0" for n in range(1, 10)), "All nine weights are zero")


def test_benchmark(book: SimpleNamespace) -> None:
    said = book.years.at("comparison=yes").sentence
    assert "nothing shows that the dialogue did it" in said
    assert "never missed" in book.years.at("agreed=baseline+target").sentence
    refused(book.years, "baseline=2008&year=2005", "must come after the baseline year")


def test_card(book: SimpleNamespace) -> None:
    assert book.card.sentence
    assert not book.card.error


def test_years(book: SimpleNamespace) -> None:
    assert book.years.sentence
    assert not book.years.error
