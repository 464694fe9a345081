"""Who is at risk when: designs on rows whose answer can be read off."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.stats.accelerated import fit_accelerated
from helpers.stats.errors import StatsError
from helpers.stats.spells import Design

# Months from the launch. Rows: out before the launch; campaign, freed after it; held
# throughout; arrested after the launch.
ARREST = [-30.0, -20.0, -10.0, 2.0]
EXIT = [-5.0, 6.0, 40.0, 12.0]
FREED = [1, 1, 0, 1]
CAMPAIGN = [0, 1, 0, 0]

CASES = [
    (Design(), [0, 1, 2, 3], [0, 0, 0, 0], [25, 26, 50, 10], FREED),
    (Design(entry="everyone"), [1, 2, 3], [20, 10, 0], [26, 50, 10], [1, 0, 1]),
    (Design(entry="campaign"), [0, 1, 2, 3], [0, 20, 0, 0], [25, 26, 50, 10], FREED),
    (Design(sample="in prison at launch"), [1, 2], [0, 0], [26, 50], [1, 0]),
    (Design(clock="launch"), [1, 2], [0, 0], [6, 40], [1, 0]),
    (Design(clock="launch", entry="everyone"), [1, 2], [0, 0], [6, 40], [1, 0]),
    (Design(clock="launch", follow_up=5.0), [1, 2], [0, 0], [5, 5], [0, 0]),
    (Design(follow_up=6.0), [0, 1, 2, 3], [0, 0, 0, 0], [25, 26, 16, 4], [1, 1, 0, 0]),
    (Design(follow_up=1.0), [0, 1, 2], [0, 0, 0], [25, 21, 11], [1, 0, 0]),
]


@pytest.mark.parametrize(("design", "rows", "entry", "time", "event"), CASES)
def test_each_design(
    design: Design, rows: list[int], entry: list[float], time: list[float], event: list[int]
) -> None:
    spells = design.spells(ARREST, EXIT, FREED, CAMPAIGN)
    assert spells.rows.tolist() == rows
    assert spells.entry.tolist() == entry
    assert spells.time.tolist() == time
    assert spells.event.tolist() == event
    assert (spells.entry < spells.time).all()


@given(st.integers(0, 2**31))
def test_time_at_risk_of_delayed_entry_lies_after_the_launch(seed: int) -> None:
    draw = np.random.default_rng(seed)
    arrest = -draw.uniform(0, 100, 40)
    leave = arrest + draw.exponential(60, 40) + 0.1
    leave[0] = 5.0
    spells = Design(entry="everyone").spells(arrest, leave, np.ones(40), np.zeros(40))
    exposure = (spells.time - spells.entry).sum()
    assert exposure == pytest.approx(leave[leave > 0].sum())


@pytest.mark.slow
def test_immortal_time_biases_and_delayed_entry_repairs() -> None:
    """No effect at all, but the campaign picks among those still held at the launch."""
    draw = np.random.default_rng(7)
    found: dict[str, list[float]] = {"none": [], "everyone": []}
    for _ in range(60):
        arrest = -draw.uniform(2, 120, 600)
        leave = arrest + draw.exponential(50, 600)
        held = np.flatnonzero(leave > 0)
        campaign = np.zeros(600)
        campaign[draw.choice(held, 40, replace=False)] = 1
        for entry in found:
            s = Design(entry=entry).spells(arrest, leave, np.ones(600), campaign)  # type: ignore[arg-type]
            x = pd.DataFrame({"campaign": campaign[s.rows]})
            fit = fit_accelerated(s.time, s.event, x, "exponential", s.entry)
            found[entry].append(fit.estimate[0])
    # Months that could not but be spent in prison make the campaign look slow.
    assert np.mean(found["none"]) > 0.3
    error = np.std(found["everyone"]) / np.sqrt(60)
    assert abs(np.mean(found["everyone"])) < 4 * error


BAD = [
    (dict(arrest=[]), "no rows"),
    (dict(exit=[-5.0, np.nan, 40.0, 12.0]), "Row 1 has no exit"),
    (dict(exit=[-30.0, 6.0, 40.0, 12.0]), "Row 0 leaves prison"),
    (dict(released=[1, 1, 0, 2]), "'released' must hold 0 and 1"),
    (dict(campaign=[0, np.nan, 0, 0]), "'campaign' must hold 0 and 1"),
    (dict(campaign=[0, 1]), "one value for each row"),
]


@pytest.mark.parametrize(("changes", "words"), BAD)
def test_bad_rows(changes: dict, words: str) -> None:  # type: ignore[type-arg]
    rows = {"arrest": ARREST, "exit": EXIT, "released": FREED, "campaign": CAMPAIGN, **changes}
    with pytest.raises(StatsError, match=words):
        Design().spells(**rows)


def test_bad_designs() -> None:
    with pytest.raises(StatsError, match="clock is one of"):
        Design(clock="trial")  # type: ignore[arg-type]
    with pytest.raises(StatsError, match="end after the launch"):
        Design(follow_up=-1)
    with pytest.raises(StatsError, match="No row is at risk"):
        Design(clock="launch").spells([-3.0], [-1.0], [1], [0])
