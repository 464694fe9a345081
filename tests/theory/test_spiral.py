"""The path of the spiral model, against placements worked out by hand."""

from __future__ import annotations

import pytest

from helpers import data
from helpers.theory.spiral import NEEDS, TENSIONS, Phase, place, wanted

TABLE = data.load_spiral_indicators()
INDICATORS = dict(zip(TABLE["indicator_id"], TABLE["phase_no"], strict=True))


def ours(country: str) -> list[str]:
    rows = TABLE[(TABLE["country"] == country) & (TABLE["seen"] == "yes")]
    return rows["indicator_id"].tolist()


def test_phases_are_those_of_the_facts() -> None:
    facts = data.load_spiral_model().sort_values("phase_no")
    assert [p.label for p in Phase] == facts["phase"].str.lower().tolist()
    assert set(INDICATORS.values()) == {int(p) for p in Phase}
    assert {i for pair in TENSIONS for i in pair} <= set(INDICATORS)


@pytest.mark.parametrize(
    ("country", "need", "furthest", "gaps"),
    [  # counted by hand from the coding: repression, denial, concessions, prescriptive, consistent
        ("China", "one", 4, ()),  # 1/2 2/2 2/3 1/4 0/2
        ("China", "half", 3, ()),
        ("China", "all", 2, ()),
        ("Indonesia", "one", 4, (2,)),  # 0/2 0/2 2/3 4/4 0/2
        ("Indonesia", "half", 4, (2,)),
        ("Indonesia", "all", 4, (2, 3)),
        ("Vietnam", "one", 4, ()),  # 1/2 2/2 3/3 3/4 0/2
        ("Vietnam", "half", 4, ()),
        ("Vietnam", "all", 3, ()),
    ],
)
def test_our_coding_is_placed_as_counted_by_hand(country, need, furthest, gaps) -> None:  # type: ignore[no-untyped-def]
    found = place(INDICATORS, ours(country), need)
    assert (found.furthest, found.gaps) == (furthest, gaps)


def test_nothing_and_everything() -> None:
    nothing = place(INDICATORS, [])
    assert (nothing.furthest, nothing.unbroken, nothing.next_phase) == (0, 0, 1)
    everything = place(INDICATORS, INDICATORS, "all")
    assert (everything.furthest, everything.unbroken, everything.next_phase) == (5, 5, 0)
    assert everything.lacking == ()
    assert len(everything.tensions) == len(TENSIONS)


def test_what_is_missing_for_the_next_step() -> None:
    found = place(INDICATORS, ["D1", "D2", "T1", "T2", "P1"], "half")
    assert (found.furthest, found.next_phase) == (3, 4)
    assert found.lacking == ("P2", "P3", "P4")
    assert found.short == 1  # two of four are wanted and one is there


def test_a_treaty_alone_is_out_of_order() -> None:
    found = place(INDICATORS, ["P1"], "one")
    assert (found.furthest, found.unbroken, found.gaps) == (4, 0, (2, 3))


def test_regress() -> None:
    assert place(INDICATORS, ["D1"], "half", before=4).regress == 2
    assert place(INDICATORS, ["D1"], "half", before=2).regress == 0
    assert place(INDICATORS, [], before=4).regress == 0  # nothing seen says nothing


@pytest.mark.parametrize("need", NEEDS)
def test_more_indicators_never_place_a_country_lower(need: str) -> None:
    seen: list[str] = []
    last = 0
    for name in INDICATORS:
        seen.append(name)
        now = place(INDICATORS, seen, need).furthest
        assert now >= last
        last = now


def test_bad_input_is_one_sentence() -> None:
    with pytest.raises(ValueError, match="rule 'most' is unknown"):
        place(INDICATORS, ["D1"], "most")
    with pytest.raises(ValueError, match="'Z9' is unknown"):
        place(INDICATORS, ["Z9"])
    assert [wanted(n, "half") for n in (1, 2, 3, 4)] == [1, 1, 2, 2]
