"""The panels of notebook 03 say what the notebook says they do."""

from __future__ import annotations

from types import SimpleNamespace

from tests.notebooks.refusal import keeps, refused


def test_by_hand(book: SimpleNamespace) -> None:
    assert "is censored" in book.by_hand.at("step=4").sentence
    assert "0.571" in book.by_hand.at("step=4").sentence
    assert "3 in the risk set" in book.by_hand.at("step=5").sentence
    assert "0.381" in book.by_hand.at("step=5").sentence
    assert "falls too fast" in book.by_hand.at("step=7&censored=dropped").sentence
    refused(book.by_hand, "step=99", "from 0 to 7")


def test_intervals(book: SimpleNamespace) -> None:
    assert "18 women are followed" in book.intervals.at().sentence
    assert "medians of 7.5, 8.8 and 9.7" in book.intervals.at().sentence
    assert "16 women are followed" in book.intervals.at("coding=A&curves=latest").sentence
    refused(book.intervals, "coding=Z", "cannot be 'Z'")


def test_curves(book: SimpleNamespace) -> None:
    assert "10.69 on 1 degree" in book.curves.at("group=campaign").sentence
    assert "0.7 months less" in book.curves.at("group=campaign").sentence
    assert "16.8 months less" in book.curves.at("group=campaign&clock=launch").sentence
    assert (
        "3 degrees of freedom"
        in book.curves.at("group=region&clock=launch&interval=none&test=tarone-ware").sentence
    )
    refused(book.curves, "group=medical_concerns&only=Other&clock=launch", "has one woman")
    refused(book.curves, "clock=launch&only=Africa&follow_up=1", "Nobody of these 18 women")
    keeps(
        book.curves,
        "group=region&clock=launch",
        "clock=launch&only=Africa&follow_up=1",
        "3 degrees",
    )
    refused(book.curves, "strata=campaign", "cannot be compared within themselves")


def test_clock(book: SimpleNamespace) -> None:
    assert "545 months before the launch" in book.clock.at().sentence
    assert round(book.clock.at().figures["coefficient"], 2) == -2.07
    assert round(book.clock.at("entry=everyone").figures["coefficient"], 2) == -4.45
    assert "no immortal month is counted" in book.clock.at("entry=everyone").sentence
    assert round(book.clock.at("clock=launch&model=4").figures["coefficient"], 2) == -2.87
    assert "So do all the others" in book.clock.at("sample=in prison at launch").sentence
    refused(book.clock, "entry=nobody", "cannot be 'nobody'")


def test_truth(book: SimpleNamespace) -> None:
    assert "changes nothing" in book.truth.at().sentence
    assert "hazard ratio of 0.87" in book.truth.at("truth=4").sentence
    assert "choosing 60 women" in book.truth.at("truth=8&shape=0.6&chosen=60").sentence
    refused(book.truth, "truth=16", "one of: 1, 2, 4, 8")


def test_table4(book: SimpleNamespace) -> None:
    assert "model 1 -2.074 (printed -2.074)" in book.table4.at().sentence
    assert "R3" in book.table4.at().sentence
    assert "largest of 10 differences" in book.table4.at("view=5").sentence
    assert "0.046" in book.table4.at("view=5").sentence
    assert "differences are between families" in book.table4.at("view=3&family=log-normal").sentence
    refused(book.table4, "view=6", "cannot be '6'")


def test_bench(book: SimpleNamespace) -> None:
    assert "this is model 4 as printed" in book.bench.at().sentence
    assert "10.5 times as likely" in book.bench.at("design=launch&family=cox").sentence
    refused(
        book.bench,
        "only=Africa&regions=&concerns=&design=launch&family=cox",
        "no finite estimate for campaign",
    )
    keeps(book.bench, "design=launch&family=cox", "only=Africa", "10.5")
    refused(book.bench, "only=Africa", "'Africa' never varies")
    refused(book.bench, "campaign=&concerns=&regions=&family=cox", "needs a covariate")


def test_family(book: SimpleNamespace) -> None:
    assert "31 percentage points" in book.family.at().sentence
    assert "shape 0.55" in book.family.at().sentence
    assert "308.2" in book.family.at("family=log-normal&design=launch").sentence
    assert (
        "that of the weibull (298.0)" in book.family.at("family=log-normal&design=launch").sentence
    )
    assert "252 women" in book.family.at("by=all&family=exponential").sentence
    refused(book.family, "family=gamma", "cannot be 'gamma'")


def test_hazards(book: SimpleNamespace) -> None:
    assert "the global test rejects" in book.hazards.at().sentence
    assert "model 5" in book.hazards.at("model=5&transform=log").sentence
    assert "from" in book.hazards.at("model=5&transform=log").sentence
    refused(book.hazards, "model=1&term=asia", "Model 1 has no term 'Asia'")
    keeps(book.hazards, "model=5&transform=log", "model=1&term=asia", "model 5")
    refused(book.hazards, "transform=square", "cannot be 'square'")
