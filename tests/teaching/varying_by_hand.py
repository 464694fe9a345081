"""The answers of `helpers.teaching.varying` computed another way: pandas and libraries only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
from lifelines import KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time

LAUNCH = pd.Timestamp("2015-09-01")


def released_gap_in_prison(drawn: Any) -> float:
    table = pd.crosstab(
        [drawn.cohort["in_prison_2015"], drawn.cohort["freethe20"]], drawn.cohort["released"]
    ).loc[1]
    share = table[1] / table.sum(axis=1)
    return float(100 * (share.loc[1] - share.loc[0]))


def months_less_from_launch(drawn: Any) -> float:
    rows = drawn.cohort[drawn.cohort["left_prison"] > LAUNCH]
    held = (rows["left_prison"] - LAUNCH).dt.days / 30.4375
    means = {}
    for side in (0, 1):
        mine = rows["freethe20"] == side
        fit = KaplanMeierFitter().fit(held[mine], rows.loc[mine, "released"])
        means[side] = restricted_mean_survival_time(fit, t=30)
    return float(means[0] - means[1])


RULES: dict[str, Callable[[Any], float]] = {
    "campaign_released_share": lambda d: (
        100 * d.cohort.groupby("freethe20")["released"].mean().loc[1]
    ),
    "released_gap_in_prison": released_gap_in_prison,
    "months_less_from_launch": months_less_from_launch,
}
