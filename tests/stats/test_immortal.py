"""The simulation of immortal time: its fast fits against lifelines, its message against theory."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from lifelines import WeibullFitter

from helpers.stats.accelerated import fit_accelerated
from helpers.stats.errors import StatsError
from helpers.stats.immortal import FOLLOWED, TYPICAL, WINDOW, estimate, simulate
from helpers.stats.spells import Design

DESIGNS = [("arrest", "none"), ("arrest", "campaign"), ("arrest", "everyone"), ("launch", "none")]


@pytest.mark.parametrize(("clock", "entry"), DESIGNS)
def test_each_draw_is_the_weibull_model_fitted_one_at_a_time(clock: str, entry: str) -> None:
    """`fit_accelerated` (held to R's survreg) after `Design`; log HR = -beta / sigma."""
    draws = simulate(np.log(3), 0.8, 19, 4, 11)
    fast = estimate(draws, clock, entry)
    for k in range(4):
        spells = Design(clock, entry).spells(  # type: ignore[arg-type]
            -draws.launch[k], draws.exit[k] - draws.launch[k], draws.released[k], draws.chosen[k]
        )
        x = pd.DataFrame({"chosen": draws.chosen[k][spells.rows].astype(float)})
        fit = fit_accelerated(spells.time, spells.event, x, entry=spells.entry)
        ratio, low, high = fit.hazard_ratio("chosen")
        assert fast.log_ratio[k] == pytest.approx(np.log(ratio), abs=1e-6)
        width = (np.log(high) - np.log(low)) / (2 * 1.959963984540054)
        assert fast.std_error[k] == pytest.approx(width, rel=1e-4)


def test_the_baseline_is_the_weibull_it_says() -> None:
    """With no effect, all women together give back shape and scale (lifelines)."""
    draws = simulate(0.0, 1.5, 1, 20, 3)
    time, seen = draws.exit.ravel(), draws.released.ravel()
    fit = WeibullFitter().fit(time, seen)
    assert fit.rho_ == pytest.approx(1.5, rel=0.06)
    assert fit.lambda_ == pytest.approx(TYPICAL, rel=0.05)
    assert draws.launch.max() <= WINDOW
    assert np.all(draws.exit <= draws.launch + FOLLOWED + 1e-9)
    assert np.all(draws.exit[draws.chosen] > draws.launch[draws.chosen])


@pytest.mark.parametrize("truth", [0.0, np.log(4)])
def test_only_delayed_entry_for_everyone_finds_the_truth(truth: float) -> None:
    draws = simulate(truth, 1.0, 60, 300, 5, women=500)
    means = {d: np.nanmean(estimate(draws, *d).log_ratio) for d in DESIGNS}
    assert means["arrest", "everyone"] == pytest.approx(truth, abs=0.06)
    assert means["launch", "none"] == pytest.approx(truth, abs=0.06)
    assert means["arrest", "none"] < truth - 0.4


def test_bad_input_is_a_sentence() -> None:
    with pytest.raises(StatsError, match="Fewer than 250"):
        simulate(0.0, 1.0, 250, 2, 1)
    with pytest.raises(StatsError, match="above 0"):
        simulate(0.0, 0.0, 19, 2, 1)
    with pytest.raises(StatsError, match="no design"):
        estimate(simulate(0.0, 1.0, 19, 2, 1), "noon", "none")
