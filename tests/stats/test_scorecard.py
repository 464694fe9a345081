"""Exact chances of weighted totals, against full enumeration and a seeded simulation."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.stats.errors import StatsError
from helpers.stats.scorecard import (
    central_interval,
    rank_chances,
    score_chances,
    total_chances,
    weighted_score,
)

parts = st.lists(
    st.tuples(st.integers(0, 2), st.floats(0, 0.5), st.integers(0, 4)), min_size=1, max_size=4
).filter(lambda rows: any(w for *_, w in rows))


def enumerated(rows) -> dict[int, float]:  # type: ignore[no-untyped-def]
    """Every combination of scores, one by one."""
    out: dict[int, float] = {}
    chances = [score_chances(s, q) for s, q, _ in rows]
    for combination in product(range(3), repeat=len(rows)):
        chance = float(np.prod([c[s] for c, s in zip(chances, combination, strict=True)]))
        total = sum(w * s for (*_, w), s in zip(rows, combination, strict=True))
        out[total] = out.get(total, 0.0) + chance
    return out


@settings(max_examples=60, deadline=None)
@given(parts)
def test_total_is_the_enumeration(rows) -> None:  # type: ignore[no-untyped-def]
    chances = total_chances([w for *_, w in rows], [score_chances(s, q) for s, q, _ in rows])
    exact = enumerated(rows)
    assert chances.sum() == pytest.approx(1)
    for total, chance in enumerate(chances):
        assert chance == pytest.approx(exact.get(total, 0.0), abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(parts)
def test_mean_and_variance_by_the_textbook(rows) -> None:  # type: ignore[no-untyped-def]
    """Independent parts: means add with the weight, variances with its square."""
    weights = [w for *_, w in rows]
    each = [score_chances(s, q) for s, q, _ in rows]
    values = np.arange(3)
    means = [float(c @ values) for c in each]
    variances = [float(c @ values**2) - m**2 for c, m in zip(each, means, strict=True)]
    chances = total_chances(weights, each)
    grid = np.arange(len(chances))
    mean = float(chances @ grid)
    assert mean == pytest.approx(np.dot(weights, means), abs=1e-9)
    assert float(chances @ grid**2) - mean**2 == pytest.approx(
        np.dot(np.square(weights), variances), abs=1e-8
    )


def test_doubt_stays_on_the_scale() -> None:
    assert score_chances(1, 0.2).tolist() == pytest.approx([0.2, 0.6, 0.2])
    assert score_chances(0, 0.2).tolist() == pytest.approx([0.8, 0.2, 0.0])
    assert score_chances(2, 0.0).tolist() == [0, 0, 1]


def test_interval_by_hand() -> None:
    chances = np.array([0.04, 0.06, 0.4, 0.4, 0.1])
    assert central_interval(chances, 0.9) == (1, 4)  # 0.04 is cut below, nothing above
    assert central_interval(chances, 0.5) == (2, 3)
    assert central_interval(np.array([0.0, 1.0]), 0.9) == (1, 1)


def test_ranks_by_hand() -> None:
    """Two fair coins of 0 and 1: ahead 1/4, level 1/2 (shared), behind 1/4."""
    coin = np.array([0.5, 0.5])
    assert rank_chances([coin, coin]) == pytest.approx(np.full((2, 2), 0.5))
    sure = rank_chances([np.array([0, 0, 1.0]), np.array([1.0]), np.array([1.0])])
    assert sure == pytest.approx(np.array([[1, 0, 0], [0, 0.5, 0.5], [0, 0.5, 0.5]]))


def test_ranks_against_a_simulation() -> None:
    rng = np.random.default_rng(20150901)
    totals = [rng.dirichlet(np.ones(n)) for n in (5, 7, 4, 6)]
    draws = np.column_stack([rng.choice(len(t), size=200_000, p=t) for t in totals])
    jitter = draws + rng.uniform(0, 0.5, draws.shape)  # ties broken evenly
    order = (-jitter).argsort(axis=1).argsort(axis=1)
    simulated = [[float((order[:, i] == r).mean()) for r in range(4)] for i in range(4)]
    exact = rank_chances(totals)
    assert exact == pytest.approx(np.array(simulated), abs=0.005)  # 4.5 standard errors
    assert exact.sum(axis=0) == pytest.approx(np.ones(4))
    assert exact.sum(axis=1) == pytest.approx(np.ones(4))


def test_weighted_score_is_numpys_average() -> None:
    scores, weights = [0, 1, 2, 1], [3, 1, 2, 0]
    assert weighted_score(scores, weights) == pytest.approx(np.average(scores, weights=weights))


def test_what_cannot_be_scored_is_one_sentence() -> None:
    one = [score_chances(1, 0.1)]
    for wrong in (lambda: total_chances([0], one), lambda: weighted_score([1], [0])):
        with pytest.raises(StatsError, match="All weights are zero"):
            wrong()
    with pytest.raises(StatsError, match="whole numbers"):
        total_chances([0.5], one)  # type: ignore[list-item]
    with pytest.raises(StatsError, match="2 weights for 1"):
        total_chances([1, 1], one)
    with pytest.raises(StatsError, match="between 0 and 2"):
        score_chances(3, 0.1)
    with pytest.raises(StatsError, match=r"from 0 to 0\.5"):
        score_chances(1, 0.7)
