"""Released within so many months: one outcome on two clocks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from helpers.calendar import LAUNCH, months
from helpers.stats.accelerated import fit_accelerated
from helpers.stats.errors import StatsError
from helpers.study.models import in_prison_at_launch
from helpers.study.vocabulary import CAMPAIGN, STATUSES

_STEP: Final[Mapping[str, int]] = {"arrest": 6, "launch": 1}


@dataclass(frozen=True)
class Clock:
    """Months, events and groups on one clock; `died` marks ends that are no release."""

    time: np.ndarray
    event: np.ndarray
    group: np.ndarray
    died: np.ndarray


def both_clocks(cohort: pd.DataFrame) -> dict[str, Clock]:
    """Return the months from arrest of all, and from the launch of those held then."""
    clocks = {}
    for name, part in (("arrest", cohort), ("launch", cohort[in_prison_at_launch(cohort)])):
        clocks[name] = Clock(
            months(part["arrested"] if name == "arrest" else LAUNCH, part["left_prison"]).to_numpy(
                float
            ),
            part["released"].to_numpy(int),
            part[CAMPAIGN].to_numpy(int),
            (part["status"] == STATUSES[1]).to_numpy(),
        )
    return clocks


def last_horizon(clock: Clock, name: str) -> int:
    """Return the month at which observation has ended for everyone on a clock."""
    steps = math.ceil(clock.time.max() / _STEP[name]) if clock.time.size else 1
    return max(1, steps) * _STEP[name]


def horizons(clock: Clock, name: str) -> list[int]:
    """Return the months at which a clock is read."""
    return list(range(_STEP[name], last_horizon(clock, name) + 1, _STEP[name]))


def time_ratios(clock: Clock, name: str) -> dict[int, tuple[float, float, float] | str]:
    """Return the Weibull time ratio with follow-up cut at each horizon, or why not."""
    out: dict[int, tuple[float, float, float] | str] = {}
    column = pd.DataFrame({CAMPAIGN: clock.group.astype(float)})
    for month in horizons(clock, name):
        released = ((clock.event == 1) & (clock.time <= month)).astype(int)
        try:
            fit = fit_accelerated(np.minimum(clock.time, month), released, column)
            out[month] = fit.time_ratio(CAMPAIGN)
        except StatsError:
            out[month] = "a group has no release by then"
    return out
