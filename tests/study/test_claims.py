"""The rulings, three of them recomputed by hand, and none typed where one can be computed."""

from __future__ import annotations

import dataclasses
import math

import pytest

from helpers import data
from helpers.study.claims import (
    CONTRADICTED,
    GROUNDS,
    IMPRECISE,
    NOT_HERE,
    VERDICTS,
    Court,
    rule,
    settled,
)
from helpers.study.claims.court import NOTHING, PASSAGES, PRINT, RECORD


@pytest.fixture(scope="module")
def court() -> Court:
    return Court(
        data.load_women(),
        data.load_release_coding(),
        data.load_release_intervals(),
        data.load_feature_calendar(),
        data.load_timeline("azerbaijan"),
        data.load_timeline("vietnam"),
        data.load_interviews(),
        data.load_published_samples(),
    )


@pytest.fixture(scope="module")
def readings() -> dict[str, tuple[str, str]]:
    table = data.load_claim_readings()
    return {row.id: (row.verdict, row.words) for row in table.itertuples(index=False)}


def test_a_claim_is_computed_or_read_and_never_both(readings) -> None:
    register = set(data.load_claims()["id"])
    assert set(readings) <= register
    assert not set(settled()) & set(readings)
    assert register <= set(settled()) | set(readings)


def test_every_ruling_has_a_verdict_and_its_steps(court, readings) -> None:
    rulings = {claim: rule(claim, court, readings) for claim in (*settled(), *readings)}
    assert len(rulings) >= 110
    for claim, ruling in rulings.items():
        assert ruling.verdict in VERDICTS, claim
        assert ruling.calculation.endswith("."), claim
    assert sum(r.how == "computed" for r in rulings.values()) >= 65
    assert sum(r.verdict != NOT_HERE for r in rulings.values()) >= 100


def test_three_rulings_by_hand(court, readings) -> None:
    # 102 of 233 and 17 of 19: the difference is the printed coefficient.
    assert round(17 / 19 - 102 / 233, 3) == 0.457
    assert rule("C038", court, readings).verdict == CONTRADICTED
    # From .438, exp(.457) times the odds.
    odds = 0.438 / 0.562 * math.exp(0.457)
    assert f"{100 * odds / (1 + odds):.1f} per cent, not 89" in rule("C043", court, {}).calculation
    # 119 of 252 overall.
    assert rule("C045", court, readings).verdict == IMPRECISE
    assert "47.2" in rule("C045", court, readings).calculation


def test_what_a_ruling_rests_on_is_what_its_check_asked_for(court, readings) -> None:
    found = {claim: rule(claim, court, readings).rests for claim in (*settled(), *readings)}
    assert set(found.values()) == set(GROUNDS)
    # Table 3 alone; a dated event; two passages; a figure that is not printed.
    grounds = (found["C042"], found["C078"], found["C060"], found["C012"])
    assert grounds == (PRINT, RECORD, PASSAGES, NOTHING)


def test_a_changed_record_changes_the_ruling(court, readings) -> None:
    samples = court.samples.assign(released=[17, 11, 180])
    other = dataclasses.replace(court, samples=samples)
    assert rule("C038", other, readings).verdict != CONTRADICTED
    assert rule("C041", other, readings).verdict == CONTRADICTED


def test_every_conclusion_rests_on_known_claims() -> None:
    rests = data.load_conclusions()
    assert set(rests["claim"]) <= set(data.load_claims()["id"]) | {"C108", "C109", "C110"}
    assert rests.groupby("id")["needed"].apply(lambda n: (n == "yes").any()).all()
