"""Panels on dialogues: pure computations against counts by hand and other libraries."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpers import data
from helpers.panels.dialogues.benchmark import BenchmarkState, BenchmarkYears
from helpers.panels.dialogues.findings import (
    KINDS,
    PAUSES,
    PROGRAMMES,
    ProgrammeState,
    ProgrammeTimeline,
    benchmark_table,
    findings_table,
    phases_table,
)
from helpers.panels.dialogues.scorecard import CARD, DOUBT, CardState, Scorecard
from helpers.panels.dialogues.spiral import SpiralFacts, SpiralPath, SpiralState
from helpers.theory.benchmarks import SERIES, YEARS


@pytest.fixture(scope="module")
def records() -> pd.DataFrame:
    return data.load_dialogue_programmes()


@pytest.fixture(scope="module")
def facts() -> SpiralFacts:
    return SpiralFacts(
        data.load_spiral_model(), data.load_spiral_indicators(), data.load_spiral_placements()
    )


@pytest.fixture(scope="module")
def card() -> pd.DataFrame:
    return data.load_dialogue_scorecard()


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HRD_WORK_DIR", str(tmp_path))


def rows(panel: Any, name: str) -> list[dict[str, Any]]:
    return list(panel.rows[name])


# Timeline --------------------------------------------------------------------------------


def test_every_record_has_a_place_a_kind_and_a_source(records: pd.DataFrame) -> None:
    assert set(records["programme"]) <= set(PROGRAMMES)
    assert set(records["record_type"]) <= set(KINDS)
    assert records["source"].str.match(r"https?://\S+$").all()
    assert (records["earliest"] <= records["latest"]).all()
    width = (records["latest"] - records["earliest"]).dt.days
    limits = records["precision"].map({"day": (0, 0), "month": (27, 30), "year": (364, 365)})
    assert all(low <= days <= high for days, (low, high) in zip(width, limits, strict=True))
    assert {i for pair in PAUSES.items() for i in (pair[0], pair[1][0])} <= set(records["id"])


def test_the_timeline_shows_what_the_table_holds(records: pd.DataFrame) -> None:
    everything = ProgrammeTimeline.compute(ProgrammeState(), records)
    assert len(everything.rows["records"]) == len(records)
    assert everything.table is not None
    assert len(everything.table) == len(records)
    assert set(everything.rows["records"]["href"]) == set(records["source"])
    china = ProgrammeTimeline.compute(ProgrammeState(country="China", kind="round"), records)
    known = records["programme"].isin(["Norway-China", "EU-China"])
    rounds = records[known & (records["record_type"] == "round")]
    assert len(china.rows["records"]) == len(rounds)
    assert "9 found, the last found is number 13" in china.sentence
    indonesia = ProgrammeTimeline.compute(ProgrammeState(country="Indonesia"), records).sentence
    assert "8 found, the last found is number 14" in indonesia
    norway = ProgrammeTimeline.compute(ProgrammeState(comparators=False), records)
    assert set(norway.table["programme"]) == {p for p in PROGRAMMES if p.startswith("Norway")}  # type: ignore[index]


def test_a_pause_runs_from_its_record_to_the_one_that_ends_it(records: pd.DataFrame) -> None:
    pauses = ProgrammeTimeline.compute(ProgrammeState(), records).rows["pauses"]
    spans = {
        p["programme"]: (
            pd.Timestamp(p["earliest"], unit="ms"),
            pd.Timestamp(p["latest"], unit="ms"),
        )
        for p in pauses
    }
    assert spans["Norway-China"] == (pd.Timestamp("2010-10-01"), pd.Timestamp("2016-12-19"))
    assert spans["Norway-Indonesia"] == (pd.Timestamp("2013-01-01"), pd.Timestamp("2016-05-30"))
    assert spans["EU-China"] == (pd.Timestamp("1997-01-01"), pd.Timestamp("1997-12-31"))


def test_a_timeline_of_one_and_of_none(records: pd.DataFrame) -> None:
    one = ProgrammeTimeline(records, "source=parliament&kind=rule or debate")
    assert one.sentence.startswith("1 record of 48 shown")
    one.open("kind=rule or debate&source=press")
    assert "No record is of this kind" in one.error
    assert one.sentence.startswith("1 record")


# Spiral ----------------------------------------------------------------------------------


def test_our_ticks_place_the_countries_as_the_panel_says(facts: SpiralFacts) -> None:
    china = "repression=R1&denial=D1+D2&concessions=T1+T2&prescriptive=P2&ours=yes"
    panel = SpiralPath(facts, china)
    assert "carry to phase 3 (tactical concessions), if half" in panel.sentence
    assert "stuck before phase 4 (prescriptive status): 1 more is needed" in panel.sentence
    assert "the same as your ticks" in panel.sentence
    assert [m["place"] for m in rows(panel, "marks")] == [3, 3]
    panel.open(f"{china}&need=one")
    assert "carry to phase 4" in panel.sentence
    assert "not the same as your ticks" in panel.sentence


def test_pathologies_are_sentences(facts: SpiralFacts) -> None:
    panel = SpiralPath(facts)
    assert "nothing is ticked yet" in panel.sentence
    panel.open("country=Vietnam&prescriptive=P1&need=one")
    assert (
        "Out of order: phase 2 (denial) and phase 3 (tactical concessions) have" in panel.sentence
    )
    panel.open("denial=D1+D2&before=4")
    assert "Regress: 2 phases lost since phase 4" in panel.sentence
    panel.open("repression=R1&concessions=T3")
    assert "Pulling against each other: groups are absent or jailed" in panel.sentence
    panel.open("concessions=T3&need=all")
    assert "carry to no phase" in panel.sentence
    panel.open("prescriptive=Z9")
    assert "cannot be 'Z9'" in panel.error


def test_the_table_leads_to_a_page_for_each_indicator(facts: SpiralFacts) -> None:
    for country in ("China", "Indonesia", "Vietnam"):
        hidden = SpiralPath.compute(SpiralState(country=country), facts).table
        shown = SpiralPath.compute(SpiralState(country=country, ours=True), facts).table
        assert hidden is not None
        assert shown is not None
        assert "our coding" not in hidden.columns
        known = shown[shown["our coding"] != "not found"]
        assert known["source"].str.startswith("http").all()
        assert len(shown) == 13


def test_each_country_keeps_its_ticks_across_a_restart(facts: SpiralFacts) -> None:
    panel = SpiralPath(facts, keep="09.spiral")
    panel.move(denial=("D1",))
    panel.move(country="Vietnam")
    assert panel.state.denial == ()
    panel.move(prescriptive=("P1",))
    panel.move(country="China")
    assert panel.state == SpiralState(country="China", denial=("D1",))
    again = SpiralPath(facts, keep="09.spiral")
    assert again.state == panel.state
    again.move(country="Vietnam")
    assert again.state == SpiralState(country="Vietnam", prescriptive=("P1",))
    again.move(country="Indonesia")
    assert again.state == SpiralState(country="Indonesia")


# Scorecard -------------------------------------------------------------------------------


def by_enumeration(card: pd.DataFrame, programme: str, weights: list[int]) -> dict[int, float]:
    """Every one of 3 to the 9 combinations of right scores, one by one."""
    own = card[card["programme"] == programme].sort_values("criterion_id")
    chances = []
    for score, confidence in zip(own["score"], own["confidence"], strict=True):
        q = DOUBT[confidence]
        chances.append(
            {0: {0: 1 - q, 1: q, 2: 0}, 1: {0: q, 1: 1 - 2 * q, 2: q}, 2: {0: 0, 1: q, 2: 1 - q}}[
                score
            ]
        )
    out: dict[int, float] = {}
    for scores in product(range(3), repeat=9):
        chance = 1.0
        for part, score in zip(chances, scores, strict=True):
            chance *= part[score]
        total = sum(w * s for w, s in zip(weights, scores, strict=True))
        out[total] = out.get(total, 0.0) + chance
    return out


@pytest.mark.parametrize("weights", [[1] * 9, [0, 5, 1, 0, 3, 2, 0, 1, 4]])
def test_score_interval_and_chance_to_lead(card: pd.DataFrame, weights: list[int]) -> None:
    state = CardState(**{f"K{n}": w for n, w in enumerate(weights, 1)})
    picture = Scorecard.compute(state, card)
    full = {name: by_enumeration(card, name, weights) for name in CARD}
    for row, name in zip(picture.rows["totals"], CARD, strict=True):
        own = card[card["programme"] == name].sort_values("criterion_id")["score"]
        assert row["score"] == pytest.approx(np.average(own, weights=weights))
        total, low, high = 0.0, None, None
        for value in sorted(full[name]):
            total += full[name][value]
            if low is None and total > 0.05 + 1e-12:
                low = value
            if high is None and total >= 0.95 - 1e-12:
                high = value
        assert row["low"] * sum(weights) == pytest.approx(low)
        assert row["high"] * sum(weights) == pytest.approx(high)
    first = 0.0  # of Norway-Indonesia, ties shared, over the four lists of totals
    others = [full[name] for name in CARD if name != "Norway-Indonesia"]
    for value, chance in full["Norway-Indonesia"].items():
        for ties in product((False, True), repeat=3):
            part = chance / (1 + sum(ties))
            for tie, other in zip(ties, others, strict=True):
                below = sum(c for v, c in other.items() if v < value)
                part *= other.get(value, 0.0) if tie else below
            first += part
    assert picture.rows["totals"][1]["label"].endswith(f"first: {100 * first:.0f} in 100")


def test_weights_of_zero_and_a_single_criterion(card: pd.DataFrame) -> None:
    panel = Scorecard(card)
    before = panel.sentence
    panel.open("&".join(f"K{n}=0" for n in range(1, 10)))
    assert "All nine weights are zero" in panel.error
    assert panel.sentence == before
    panel.open("&".join(f"K{n}=0" for n in range(1, 10) if n != 5) + "&doubt=0")
    assert panel.error == ""
    assert [r["score"] for r in rows(panel, "totals")] == [0, 2, 0, 0]
    assert "8 criteria count nothing" in panel.sentence
    panel.open("K1=9")
    assert "from 0 to 5" in panel.error


def test_weights_survive_a_restart(card: pd.DataFrame) -> None:
    panel = Scorecard(card, keep="09.scorecard")
    panel.move(K2=5)
    again = Scorecard(card, keep="09.scorecard")
    assert again.state == panel.state == CardState(K2=5)
    assert rows(again, "totals_ghost") == []  # the learner has not moved anything yet


def test_scores_are_called_ours_and_each_has_a_page(card: pd.DataFrame) -> None:
    picture = Scorecard.compute(CardState(), card)
    assert "our judgement, not Stokke's" in picture.sentence
    assert all(cell["href"].startswith("http") for cell in picture.rows["cells"])
    assert picture.table is not None
    assert len(picture.table) == 9
    assert picture.table["page"].str.startswith("http").all()


# Benchmark -------------------------------------------------------------------------------


@pytest.mark.parametrize("series", list(SERIES))
@pytest.mark.parametrize(("error", "level"), [(0, "0.9"), (2, "0.9"), (5, "0.8"), (10, "0.95")])
def test_verdicts_are_one_sided_tests(series: str, error: int, level: str) -> None:
    state = BenchmarkState(series=series, error=error, level=level, year=2012)
    picture = BenchmarkYears.compute(state)
    base = SERIES[series].here[1]
    sd = base * error / 100
    for row in picture.rows["figures"]:
        if row["year"] <= 2003:
            assert row["verdict"] == "undecidable"
            continue
        share = min(1.0, (row["year"] - 2003) / 9)
        mark = base * (1 - 0.3 * share)
        if sd == 0:
            expected = "met" if row["value"] <= mark else "not met"
        else:
            p = NormalDist(mark, sd).cdf(row["value"])
            sure = float(level)
            expected = "met" if p <= 1 - sure else "not met" if p > sure else "undecidable"
        assert row["verdict"] == expected


@pytest.mark.parametrize(
    ("agreed", "words"),
    [
        ((), "No baseline was agreed"),
        (("target", "year"), "No baseline was agreed"),
        (("baseline", "year"), "No level was agreed"),
        (("baseline", "target"), "it can be reached, never missed"),
    ],
)
def test_a_part_left_out_leaves_it_undecidable(agreed: tuple[str, ...], words: str) -> None:
    picture = BenchmarkYears.compute(BenchmarkState(agreed=agreed))
    assert words in picture.sentence
    assert "not met" not in {row["verdict"] for row in picture.rows["figures"]}


def test_power_in_words_is_the_formula() -> None:
    picture = BenchmarkYears.compute(BenchmarkState(error=5))
    margin = (NormalDist().inv_cdf(0.9) + NormalDist().inv_cdf(0.8)) * 0.05 * 121
    assert f"must do better by {margin:.1f}." in picture.sentence
    assert "'met' 10 times in 100" in picture.sentence


def test_a_comparison_that_falls_as_much_takes_the_claim_away() -> None:
    same = BenchmarkYears.compute(BenchmarkState(comparison=True))
    assert "nothing shows that the dialogue did it" in same.sentence
    own = BenchmarkYears.compute(BenchmarkState(series="closed", comparison=True))
    assert "something happened here" in own.sentence


def test_a_target_before_its_baseline_is_one_sentence() -> None:
    panel = BenchmarkYears(None)
    before = rows(panel, "figures")
    panel.open("baseline=2008&year=2005")
    assert "2005 must come after the baseline year 2008" in panel.error
    assert rows(panel, "figures") == before


def test_series_are_marked_as_invented() -> None:
    table = benchmark_table()
    assert table["year"].tolist() == list(YEARS)
    assert data.provenance_of(table) == (data.Provenance.ILLUSTRATION,)


def test_settings_go_out_and_come_back(facts: SpiralFacts, card: pd.DataFrame, records) -> None:  # type: ignore[no-untyped-def]
    for make, state in (
        (
            lambda s: ProgrammeTimeline(records, s),
            ProgrammeState("Vietnam", "start", "press", False),
        ),
        (lambda s: SpiralPath(facts, s), SpiralState("Vietnam", ("R1",), before="3", ours=True)),
        (
            lambda s: Scorecard(card, s),
            CardState(K4=0, doubt="2", evidence="EU-China (comparator)"),
        ),
        (lambda s: BenchmarkYears(None, s), BenchmarkState("deaths", ("target",), cut=45)),
    ):
        panel: Any = make("")
        panel.set(state)
        assert make(panel.setting).state == state
        panel.reset()
        assert panel.setting == ""


def test_findings_lead_to_their_pages() -> None:
    findings = data.load_dialogue_findings()
    table = findings_table(findings, findings["id"].tolist())
    assert len(table.frame) == len(findings)
    html = table._repr_html_()
    assert html.count('<a href="http') == len(findings)
    assert "gsdrc.org" in repr(findings_table(findings, ["F01"]))
    assert phases_table(data.load_spiral_model())._repr_html_().count('<a href="http') == 5
    assert table.caption.startswith("● PUBLIC RECORD")
    with pytest.raises(ValueError, match="no finding 'F99'"):
        findings_table(findings, ["F99"])
