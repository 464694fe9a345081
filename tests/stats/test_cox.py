"""Cox regression where it has no answer, and with strata and weights."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.stats.accelerated import ConvergenceError
from helpers.stats.cox import fit_cox


@pytest.mark.parametrize("n", [8, 60, 400])
@pytest.mark.parametrize("censored", [False, True])
def test_a_covariate_that_orders_all_exits_is_named(n: int, censored: bool) -> None:
    draw = np.random.default_rng(n)
    t = np.sort(draw.exponential(300, n)) + 1
    d = (draw.random(n) < 0.6) * 1.0 if censored else np.ones(n)
    for order in (-t, -np.log(t), -(t**3), np.argsort(np.argsort(t)) * 1.0):
        with pytest.raises(ConvergenceError, match="no finite estimate for served"):
            fit_cox(t, d, pd.DataFrame({"served": order}))
