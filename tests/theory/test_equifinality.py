"""Three mechanisms, one curve."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from helpers.theory import equifinality as rivals

NEAR = {
    "shaming": rivals.Shaming(0.12, 1, 10),
    "mobilization": rivals.Mobilization(0.12, 4, 8),
    "inducement": rivals.Inducement(0.8, 1, 0.14),
}


@pytest.mark.parametrize("name", NEAR)
def test_each_mechanism_can_come_within_three_points(name: str) -> None:
    distance, _ = rivals.gap(NEAR[name].survival(), rivals.target())
    assert 0 < distance < 0.03


def test_curves_by_hand() -> None:
    curve = rivals.Inducement(0.5, 2, 0.1).survival()
    base = math.exp(-0.005 * 3)
    assert curve[0] == 1
    assert curve[3] == pytest.approx(0.5 * base * math.exp(-0.1) + 0.5 * base)
    shaming = rivals.Shaming(0.2, 1, 5).survival()
    assert shaming[2] == pytest.approx(math.exp(-0.01 - 0.2))
    crowd = rivals.Mobilization(0.1, 2, 4).survival()
    assert crowd[2] == pytest.approx(math.exp(-0.01 - 0.1 * 1.5))


def test_curves_fall() -> None:
    for mechanism in NEAR.values():
        assert (np.diff(mechanism.survival()) < 0).all()


def test_critical_point_is_kolmogorovs() -> None:
    assert pytest.approx(stats.kstwobign.isf(0.05), abs=5e-4) == rivals.KOLMOGOROV_5
    assert rivals.women_needed(0.31) == 20
    with pytest.raises(ValueError, match="Two equal curves"):
        rivals.women_needed(0.0)


def test_only_inducement_needs_relations() -> None:
    seen = rivals.observables(*NEAR.values())  # type: ignore[arg-type]
    apart = {name: path[-1] for name, path in seen["apart"].items()}
    assert apart["inducement"] == pytest.approx(math.exp(-0.005 * 36))
    assert apart["shaming"] == pytest.approx(NEAR["shaming"].survival()[-1])
    assert seen["offers"]["shaming"].max() == 0
    assert seen["offers"]["inducement"].max() == 0.8
