"""Verdicts on a benchmark, against one-sided z-tests and their power written out."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from helpers.stats.benchmark import chance_met, change_beside, judge, margin_for, milestones
from helpers.stats.errors import StatsError


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.95])
def test_verdict_is_the_one_sided_test(level: float) -> None:
    for figure in np.linspace(60, 100, 41):
        worse = NormalDist(80, 5).cdf(figure)  # chance of a figure as low when truth is 80
        expected = "met" if worse <= 1 - level + 1e-12 else "undecidable"
        if 1 - worse < 1 - level - 1e-12:
            expected = "not met"
        assert judge([figure], [80.0], 5.0, level) == [expected]


def test_without_error_every_year_is_decided() -> None:
    assert judge([79, 80, 81], [80, 80, 80], 0.0, 0.95) == ["met", "met", "not met"]


def test_a_year_without_milestone_is_undecidable() -> None:
    assert judge([1.0, float("nan")], [float("nan"), 5.0], 0.0) == ["undecidable"] * 2


def test_path_by_hand() -> None:
    path = milestones([2002, 2003, 2004, 2007, 2009], 2003, 100.0, 2007, 60.0)
    assert math.isnan(path[0])
    assert path[1:].tolist() == [100, 90, 60, 60]
    with pytest.raises(StatsError, match="2003 must come after the baseline year 2003"):
        milestones([2003], 2003, 100, 2003, 60)


def test_power_by_simulation_and_formula() -> None:
    rng = np.random.default_rng(9)
    figures = rng.normal(70, 5, 100_000)  # the truth beats a milestone of 80 by 10
    met = np.mean([v == "met" for v in judge(figures, np.full(100_000, 80.0), 5.0, 0.9)])
    assert chance_met(10, 5, 0.9) == pytest.approx(float(met), abs=0.005)
    assert chance_met(0, 5, 0.9) == pytest.approx(0.1)
    assert chance_met(margin_for(0.8, 5, 0.9), 5, 0.9) == pytest.approx(0.8)
    assert (chance_met(0, 0), chance_met(-1, 0)) == (1, 0)


def test_change_beside_a_comparison_by_hand() -> None:
    excess, low, high = change_beside((100, 60), (90, 70), 5.0, 0.95)
    assert excess == -20
    assert (high - low) / 2 == pytest.approx(1.959964 * 10, abs=1e-4)


def test_bad_input_is_one_sentence() -> None:
    with pytest.raises(StatsError, match="cannot be negative"):
        judge([1.0], [1.0], -1.0)
    with pytest.raises(StatsError, match="below 1"):
        judge([1.0], [1.0], 1.0, 1.0)
