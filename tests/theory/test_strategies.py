"""The typology against Tables 1 and 2 as printed."""

from __future__ import annotations

from itertools import combinations

import pytest

from helpers.theory.strategies import (
    REQUIREMENTS,
    Condition,
    Strategy,
    closed_by,
    deadlock_pathway,
    open_strategies,
)

# The ticks of Table 2, row by row, columns as printed.
PRINTED = {
    Condition.DIPLOMATIC_RELATIONS: (0, 1, 0, 1),
    Condition.MINIMAL_BACKLASH: (1, 0, 1, 0),
    Condition.SUFFICIENT_LEVERAGE: (0, 0, 1, 1),
    Condition.PRIORITIZATION: (0, 0, 1, 1),
}
COLUMNS = ("public expressive", "private expressive", "public coercive", "private coercive")
EVERY = [frozenset(c) for n in range(5) for c in combinations(Condition, n)]


def test_requirements_are_the_ticks_of_table_2() -> None:
    assert tuple(s.label for s in Strategy) == COLUMNS
    for condition, ticks in PRINTED.items():
        assert tuple(int(condition in REQUIREMENTS[s]) for s in Strategy) == ticks


@pytest.mark.parametrize("met", EVERY, ids=len)
def test_open_means_nothing_is_missing(met: frozenset[Condition]) -> None:
    for strategy in Strategy:
        assert (strategy in open_strategies(met)) == (not closed_by(strategy, met))
        assert strategy in open_strategies(met | closed_by(strategy, met))


def test_syria_and_deadlock() -> None:
    """Without relations no private road; without priority no coercion (the paper's cases)."""
    isolated = frozenset(Condition) - {Condition.DIPLOMATIC_RELATIONS}
    assert {s.label for s in open_strategies(isolated)} == {"public expressive", "public coercive"}
    deadlock = frozenset(Condition) - {Condition.PRIORITIZATION}
    assert {s.label for s in open_strategies(deadlock)} == {
        "public expressive",
        "private expressive",
    }


@pytest.mark.parametrize("met", EVERY, ids=len)
def test_pathway_needs_the_three_other_conditions(met: frozenset[Condition]) -> None:
    steps = deadlock_pathway(met)
    needed = frozenset(Condition) - {Condition.PRIORITIZATION}
    assert len(steps) == 5
    assert steps[-1].holds == (needed <= met)
    assert steps[1].holds == (Condition.MINIMAL_BACKLASH in met)
