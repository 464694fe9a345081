"""The answers of `helpers.exercises.varying` computed another way: pandas and libraries only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

RULES: dict[str, Callable[[Any], float]] = {
    "campaign_released_share": lambda d: (
        100 * d.cohort.groupby("freethe20")["released"].mean().loc[1]
    ),
}
