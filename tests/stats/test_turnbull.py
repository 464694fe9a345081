"""Turnbull's estimate against R, lifelines, Kaplan-Meier, and the conditions of a maximum."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter

from helpers.stats.errors import StatsError
from helpers.stats.kaplan_meier import kaplan_meier
from helpers.stats.turnbull import TurnbullCurve, turnbull

EXPECTED = Path(__file__).resolve().parents[1] / "reference" / "curves" / "expected"
SETS = ["cosmesis 0", "cosmesis 1", "months"]


def rows(name: str) -> pd.DataFrame:
    file, _, group = name.partition(" ")
    d = pd.read_csv(EXPECTED / f"{file}.csv")
    return d[d["group"] == int(group or 0)]


def said(name: str, model: str, quantity: str) -> pd.DataFrame:
    table = pd.read_csv(EXPECTED / "curves.csv")
    picked = table.query("data == @name and model == @model and quantity == @quantity")
    assert len(picked)
    return picked


def inside(curve: TurnbullCurve, left: float, right: float) -> np.ndarray:
    """Say which innermost intervals lie in a row's own, by the definition of half-open."""
    point = curve.left == curve.right
    if left == right:
        return point & (curve.left == left)
    return np.where(point, curve.left > left, curve.left >= left) & (curve.right <= right)


@pytest.mark.parametrize("name", SETS)
def test_equals_self_consistency_iterated_in_r(name: str) -> None:
    """R's rows are rounded to seven places, hence 1e-7."""
    d = rows(name)
    ours = turnbull(d["left"], d["right"])
    assert ours.converged
    best = said(name, "self-consistent", "log_likelihood")["value"].item()
    assert ours.log_likelihood == pytest.approx(best, abs=1e-8)
    each = [
        ours.mass[inside(ours, *ends)].sum() for ends in zip(d["left"], d["right"], strict=True)
    ]
    np.testing.assert_allclose(each, said(name, "self-consistent", "row")["value"], atol=1e-7)


@pytest.mark.parametrize("name", SETS)
def test_near_survfit(name: str) -> None:
    """survfit stops when a step moves the curve by less than 5e-5, short of the maximum."""
    d = rows(name)
    ours = turnbull(d["left"], d["right"])
    middle = (ours.left + ours.right) / 2
    for _, theirs in said(name, "survfit", "survival").iterrows():
        share = ours.mass[middle > theirs["time"] + 1e-9].sum()
        assert share == pytest.approx(theirs["value"], abs=5e-4)


def test_equals_lifelines() -> None:
    """lifelines takes closed intervals: the same where no two ends meet.

    Its table is read outside the innermost intervals, where both curves are determined; it
    stops at a gain of 1e-9 in the log-likelihood, hence 1e-3 in the curve.
    """
    draw = np.random.default_rng(8)
    life = draw.exponential(20, 60)
    left = np.maximum(life - draw.uniform(0, 9, 60), 0.001 * np.arange(60))
    right = np.where(draw.random(60) < 0.3, np.inf, life + draw.uniform(0, 9, 60))
    theirs = KaplanMeierFitter().fit_interval_censoring(left, right, tol=1e-9)
    table = theirs.survival_function_["NPMLE_estimate_lower"]
    ours, compared = turnbull(left, right), 0
    for when in np.linspace(1, 60, 40):
        place = table.index.searchsorted(when, side="right") - 1
        low, high = ours.at(when)
        if high - low < 1e-9:
            compared += 1
            assert table.iloc[place] == pytest.approx(high, abs=1e-3)
    assert compared > 20


ENDS = st.lists(
    st.tuples(st.integers(0, 12), st.one_of(st.integers(0, 6), st.just(np.inf))),
    min_size=1,
    max_size=40,
)


@given(ENDS)
def test_conditions_of_a_maximum(ends: list[tuple[int, float]]) -> None:
    """Self-consistent where there is mass, and no gain from mass anywhere else.

    By concavity these two hold at the maximum and nowhere else. The rows are matched to the
    innermost intervals by the definition, not by the code under test.
    """
    left = np.array([e[0] for e in ends], dtype=float)
    right = left + np.array([e[1] for e in ends])
    ours = turnbull(left, right)
    assert ours.converged
    assert ours.mass.sum() == pytest.approx(1)
    assert (ours.mass >= 0).all()
    held = np.array([inside(ours, *pair) for pair in zip(left, right, strict=True)])
    assert held.any(axis=1).all()
    pull = (held / (held @ ours.mass)[:, None]).mean(axis=0)
    np.testing.assert_allclose(ours.mass * pull, ours.mass, atol=1e-6)
    assert pull.max() <= 1 + 1e-7
    assert ours.log_likelihood == pytest.approx(np.log(held @ ours.mass).sum())


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=40))
def test_exact_and_right_censored_is_kaplan_meier(spells: list[tuple[int, bool]]) -> None:
    time, event = (np.array(x) for x in zip(*spells, strict=True))
    ours = turnbull(time, np.where(event, time, np.inf))
    curve = kaplan_meier(time, event)
    for when in range(31):
        low, high = ours.at(when)
        assert high == pytest.approx(curve.at(when), abs=1e-7)
        if when <= time.max():
            assert low == pytest.approx(high, abs=1e-7)


@given(ENDS)
def test_rescaling_time_moves_only_the_ends(ends: list[tuple[int, float]]) -> None:
    left = np.array([e[0] for e in ends], dtype=float)
    right = left + np.array([e[1] for e in ends])
    one, two = turnbull(left, right), turnbull(left * 4, right * 4)
    np.testing.assert_array_equal(two.left, one.left * 4)
    np.testing.assert_array_equal(two.mass, one.mass)


def test_weight_two_is_a_row_twice() -> None:
    d = rows("cosmesis 0")
    twice = pd.concat([d, d.head(20)])
    one = turnbull(twice["left"], twice["right"])
    two = turnbull(d["left"], d["right"], np.where(np.arange(len(d)) < 20, 2, 1))
    np.testing.assert_allclose(two.mass, one.mass, atol=1e-7)


def test_curve_between_the_dates() -> None:
    """Two in (0, 4], one in (4, 8], one beyond 8: a quarter is lost in the second interval."""
    ours = turnbull([0, 0, 4, 8], [4, 4, 8, np.inf])
    assert ours.at(0) == pytest.approx((1, 1))
    assert ours.at(2) == pytest.approx((0.5, 1))
    assert ours.at(4) == pytest.approx((0.5, 0.5))
    assert ours.at(6) == pytest.approx((0.25, 0.5))
    assert ours.at(8) == pytest.approx((0.25, 0.25))
    assert ours.at(99) == pytest.approx((0, 0.25))
    assert ours.median == (0, 4)


def test_all_censored_puts_all_beyond_the_last_time() -> None:
    ours = turnbull([3, 5], [np.inf, np.inf])
    assert (ours.left.tolist(), ours.right.tolist()) == ([5.0], [np.inf])
    assert ours.mass.tolist() == [1.0]
    assert ours.median == (5, np.inf)
    assert ours.converged


def test_zero_time_may_be_exact() -> None:
    assert turnbull([0, 1], [0, 1]).at(0) == pytest.approx((0.5, 0.5))


def test_says_when_it_did_not_converge() -> None:
    d = rows("cosmesis 1")
    ours = turnbull(d["left"], d["right"], max_iterations=1)
    assert not ours.converged
    assert ours.iterations == 1
    best = said("cosmesis 1", "self-consistent", "log_likelihood")["value"].item()
    assert ours.log_likelihood < best <= ours.log_likelihood + ours.gap


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([], []), "No rows are left"),
        (([1, 2], [1]), "one value for each row"),
        (([1, np.nan], [2, 3]), "An end is missing"),
        (([1, 2], [2, np.nan]), "An end is missing"),
        (([-1, 2], [2, 3]), "negative or infinite"),
        (([np.inf, 2], [np.inf, 3]), "negative or infinite"),
        (([1, 5], [2, 3]), "Row 1 ends before it starts"),
        (([1, 2], [2, 3], [0, 0]), "not all zero"),
        (([1, 2], [2, 3], None, 0), "at least one iteration"),
    ],
)
def test_bad_input_is_one_sentence(arguments: tuple, sentence: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(StatsError, match=sentence):
        turnbull(*arguments)


# Delayed entry and the bootstrap ----------------------------------------------------------

SUPPLEMENT = Path(__file__).resolve().parents[1] / "reference" / "supplement" / "expected"


def test_late_entry_with_exact_times_is_the_product_limit_of_r() -> None:
    d = pd.read_csv(SUPPLEMENT / "heart.csv")
    right = np.where(d["event"] == 1, d["time"], np.inf)
    curve = turnbull(d["time"], right, entry=d["entry"])
    assert curve.converged
    r = pd.read_csv(SUPPLEMENT / "supplement.csv", dtype={"term": str})
    r = r[(r["data"] == "heart") & (r["model"] == "product limit")]
    ours = kaplan_meier(d["time"], d["event"], d["entry"])
    for when, survival in zip(r["term"].astype(float), r["value"].astype(float), strict=True):
        low, high = curve.at(when)
        assert low == pytest.approx(high, abs=1e-9)
        assert high == pytest.approx(survival, abs=1e-7)
        assert high == pytest.approx(ours.at(when), abs=1e-7)


def test_late_entry_equals_turnbulls_self_consistency() -> None:
    draw = np.random.default_rng(6)
    n = 60
    t = draw.exponential(10, 4 * n)
    late = np.where(draw.random(4 * n) < 0.6, draw.uniform(0, 8, 4 * n), 0.0)
    seen = np.flatnonzero(t > late)[:n]
    t, late = t[seen], late[seen]
    left = np.maximum(np.floor(t / 3) * 3, late)
    right = np.where(t > 24, np.inf, np.floor(t / 3) * 3 + 3)
    curve = turnbull(left, right, entry=late)
    assert curve.converged
    # Turnbull's own steps, with the unseen who would have left before each entry.
    inside = (curve.left >= left[:, None]) & (curve.right <= right[:, None])
    beyond = curve.left >= late[:, None]
    mass = np.full(curve.mass.size, 1 / curve.mass.size)
    for _ in range(20_000):
        reached = beyond @ mass
        seen_part = (inside * mass) / (inside @ mass)[:, None]
        unseen = (~beyond * mass) / reached[:, None]
        mass = (seen_part + unseen).sum(axis=0) / (1 / reached).sum()
    value = float(np.log(inside @ mass).sum() - np.log(beyond @ mass).sum())
    assert curve.log_likelihood == pytest.approx(value, abs=1e-6)
    assert curve.log_likelihood >= value - 1e-9
    plain = turnbull(left, right)
    assert turnbull(left, right, entry=np.zeros(n)).log_likelihood == pytest.approx(
        plain.log_likelihood, abs=1e-7
    )


@pytest.mark.parametrize(
    ("entry", "words"),
    [([0.0], "one entry"), ([-1.0, 0.0], "missing or negative"), ([5.0, 0.0], "Row 0 enters")],
)
def test_entries_that_cannot_be(entry: list[float], words: str) -> None:
    with pytest.raises(StatsError, match=words):
        turnbull([1, 2], [3, 4], entry=entry)
