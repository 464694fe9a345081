"""The panels of notebook 07 say what the notebook says they do."""

from __future__ import annotations

from types import SimpleNamespace

from helpers.panels.cases.tracing import TracingBench
from tests.notebooks.refusal import refused


def test_timeline(book: SimpleNamespace) -> None:
    assert (
        "private expressive"
        not in book.timeline.at("person=Bui Thi Minh Hang&verified=yes").sentence
    )
    refused(book.timeline, "person=Bui Thi Minh Hang&action=coercive", "No event passes")
    assert book.timeline.at("lanes=strategy&period=all").sentence.startswith("44 of 44")


def test_accounts(book: SimpleNamespace) -> None:
    assert (
        "four years and two weeks"
        in book.accounts.at("topic=How long Ta Phong Tan was held").sentence
    )


def test_conditions(book: SimpleNamespace) -> None:
    assert "lost: sufficient leverage" in book.conditions.at("person=second").sentence
    assert (
        "gained: priority over competing equities"
        in book.conditions.at("open_counts_as=not").sentence
    )
    refused(book.conditions, "person=third", "cannot be")


def test_leverage(book: SimpleNamespace) -> None:
    assert "3 of 4" in book.leverage.at().sentence
    assert "Nguyen Van Ly (at 2)" in book.leverage.at().sentence
    assert "5 of 5" in book.leverage.at("signed=5&offer=yes").sentence
    assert "Nguyen Van Ly (at 0)" in book.leverage.at("congress=9&offer=yes&signed=9").sentence
    refused(book.leverage, "needed=0", "from 1 to 10")


def test_table_five(book: SimpleNamespace) -> None:
    said = book.five.at("private_coercive=some&reveal=yes").sentence
    assert "1 of your cells agree" in said


def test_bench(book: SimpleNamespace) -> None:
    bench = TracingBench(book.evidence)
    bench.rate({"H6": "very likely", "H3": "very unlikely"}, "VN12")
    assert "1 of 16 cards weighed: H6 Exile declined" in bench.sentence
    bench.read_as("H6", once=True, ours=True)
    assert "interview 10 (3)" in bench.sentence
    assert "counted once" in bench.sentence
    bench.open_partner("no/such/file.json")
    assert "cannot be opened" in bench.partner_note
