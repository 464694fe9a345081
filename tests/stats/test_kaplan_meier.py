"""Kaplan-Meier against Freireich's printed estimate, lifelines, and the empirical survival."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter

from helpers.stats.errors import StatsError
from helpers.stats.kaplan_meier import kaplan_meier

# Freireich et al. 1963, weeks of remission on 6-MP; + marks censoring.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
EVENT = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_freireich_as_printed() -> None:
    """Kalbfleisch & Prentice and Cox & Oakes print these to three places."""
    curve = kaplan_meier(WEEKS, EVENT)
    printed = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    for week, share in printed.items():
        assert curve.at(week) == pytest.approx(share, abs=0.0005 + 1e-9)
    assert curve.median == 23
    # Greenwood at week 10, printed 0.0963.
    assert curve.std_error[curve.time == 10][0] == pytest.approx(0.0963, abs=0.00005)


@pytest.mark.parametrize("delayed", [False, True])
def test_equals_lifelines(delayed: bool) -> None:
    draw = np.random.default_rng(3)
    time = np.round(draw.weibull(0.9, 252) * 50 + 1, 0)
    event = draw.random(252) < 0.5
    entry = np.floor(time * draw.uniform(0, 0.9, 252)) if delayed else None
    ours = kaplan_meier(time, event, entry)
    theirs = KaplanMeierFitter().fit(time, event, entry=entry)
    share = theirs.survival_function_at_times(ours.time).to_numpy()
    np.testing.assert_allclose(ours.survival, share, atol=1e-9)
    if not delayed:
        bounds = theirs.confidence_interval_.loc[ours.time].to_numpy()
        good = ours.survival > 0
        np.testing.assert_allclose(ours.lower[good], bounds[good, 0], atol=1e-6)
        np.testing.assert_allclose(ours.upper[good], bounds[good, 1], atol=1e-6)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=40))
def test_without_censoring_it_is_the_empirical_survival(times: list[int]) -> None:
    curve = kaplan_meier(times, [1] * len(times))
    for when in range(0, 61, 7):
        assert curve.at(when) == pytest.approx(np.mean(np.array(times) > when), abs=1e-9)


@given(st.lists(st.tuples(st.integers(1, 60), st.booleans()), min_size=1, max_size=40))
def test_entry_at_zero_changes_nothing(rows: list[tuple[int, bool]]) -> None:
    time, event = zip(*rows, strict=True)
    plain, entered = kaplan_meier(time, event), kaplan_meier(time, event, [0] * len(time))
    np.testing.assert_allclose(plain.survival, entered.survival, atol=1e-12)


def test_weight_two_is_a_row_twice() -> None:
    doubled = kaplan_meier([1, 2, 2, 3], [1, 1, 1, 0])
    weighted = kaplan_meier([1, 2, 3], [1, 1, 0], weight=[1, 2, 1])
    np.testing.assert_allclose(weighted.survival, doubled.survival)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([], []), "No rows are left"),
        (([1, 2], [1]), "one value for each row"),
        (([1, np.nan], [1, 1]), "missing"),
        (([1, -2], [1, 1]), "negative"),
        (([1, 2], [1, 2]), "Events must be"),
        (([1, 2], [1, 1], [0, 2]), "entry must come before"),
        (([1, 2], [1, 1], None, [0, 0]), "not all zero"),
    ],
)
def test_bad_input_is_one_sentence(arguments: tuple, sentence: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(StatsError, match=sentence):
        kaplan_meier(*arguments)
