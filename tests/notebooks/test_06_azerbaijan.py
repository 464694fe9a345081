"""The panels of notebook 06 say what the notebook says they do."""

from __future__ import annotations

from types import SimpleNamespace

from helpers.panels.cases.tracing import TracingBench
from tests.notebooks.refusal import refused


def test_timeline(book: SimpleNamespace) -> None:
    assert (
        "of 46 events" in book.timeline.at("person=Leyla Yunus&actors=target government").sentence
    )
    assert (
        "expressive" not in book.timeline.at("person=Leyla Yunus&actors=target government").sentence
    )
    assert (
        "2 private coercive"
        in book.timeline.at("action=coercive&forum=private&inducement=carrot").sentence
    )
    refused(
        book.timeline,
        "action=coercive&forum=private&verified=yes&source=paper",
        "No event passes all these filters",
    )


def test_accounts(book: SimpleNamespace) -> None:
    assert "3 December 2015" in book.accounts.at("topic=When the invitation was given").sentence


def test_conditions(book: SimpleNamespace) -> None:
    assert (
        "gained: sufficient leverage, priority" in book.conditions.at("open_counts_as=not").sentence
    )
    assert "changed no condition" in book.conditions.at("priority=met").sentence
    refused(book.conditions, "priority=perhaps", "cannot be")


def test_table_five(book: SimpleNamespace) -> None:
    said = book.five.at("public_expressive=all&public_coercive=some&reveal=yes").sentence
    assert "1 of your cells agree" in said
    assert "2 of 4" in said
    refused(book.five, "public_coercive=many", "cannot be 'many'")


def test_bench(book: SimpleNamespace) -> None:
    bench = TracingBench(book.evidence)
    assert "None of the 18 cards says anything yet" in bench.sentence
    bench.rate({"H3": "likely", "H1": "very unlikely"}, "AZ02")
    assert "1 of 18 cards weighed: H3" in bench.sentence
    assert "interview" not in bench.sentence
    bench.read_as(once=True, ours=True)
    assert bench.sentence.startswith("Our worked reading")
    assert "counted once" in bench.sentence
    bench.read_partner(b"{not json")
    assert "cannot be compared: it is not a JSON file" in bench.partner_note
