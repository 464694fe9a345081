"""Panels on a campaign to come: how many names it would need, and a lottery of the order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Final

import numpy as np

from helpers import charts
from helpers.charts import second_campaign as pictures
from helpers.panels.base.controls import Control, Slider
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import Provenance
from helpers.study.second_campaign import lottery_power, power

_MOST: Final = 120
_GOAL: Final = 0.8


_NUMBERS: Final = (4, 8, 12, 16, 20, 25, 30, 40, 50, 60, 80, 100, _MOST)


@lru_cache(maxsize=256)
def _curve(rate: float, odds_ratio: float) -> tuple[tuple[int, float], ...]:
    """Return (names, power) for one rate of exit without the campaign."""
    return tuple((n, power(np.full(n, rate), odds_ratio)) for n in _NUMBERS)


@dataclass(frozen=True)
class NextState:
    names: int = 16
    odds: float = 2.0
    rate: int = 21


class NextCampaign(Panel[NextState]):
    """Exact power of a comparison with others at one known rate; an illustration, no data."""

    name: ClassVar[str] = "How many names?"
    State = NextState

    def controls(self) -> Mapping[str, Control]:
        return {
            "names": Slider("Names", 4, _MOST, 4),
            "odds": Slider("The naming multiplies the odds by", 1, 6, 0.1),
            "rate": Slider("Absent by the next census without it", 5, 60, 1, unit="%"),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.power_curve("names of people in custody"),
            Provenance.ILLUSTRATION,
            title="The chance of seeing an effect of this size",
            description="Power against the number of names, with a line at 80 per cent.",
        )

    @staticmethod
    def compute(state: NextState, data: object) -> Picture:
        curve = _curve(state.rate / 100, state.odds)
        here = power(np.full(state.names, state.rate / 100), state.odds)
        enough = next((n for n, p in curve if p >= _GOAL), None)
        reach = (
            f"Of the numbers tried, {enough} is the first that reaches 80 %."
            if enough
            else f"Even {_MOST} names do not reach 80 %."
        )
        words = (
            f"With {state.names} names and odds multiplied by {state.odds:g}, the exact test gives "
            f"p ≤ .05 in {100 * here:.0f} % of such campaigns. {reach}"
        )
        if state.odds == 1:
            words += " At 1 nothing is there to be seen: this is the rate of false alarms."
        return Picture(
            {
                "power": [{"names": n, "power": p} for n, p in curve],
                "here": [{"names": state.names, "power": here, "label": f"{100 * here:.0f} %"}],
                "goal": [{"power": _GOAL}],
            },
            words,
            figures={"power": here, "enough": enough or 0},
        )


@dataclass(frozen=True)
class LotteryState:
    pool: int = 40
    first: int = 50
    rate: int = 25
    odds: float = 3.0


class Lottery(Panel[LotteryState]):
    """A lottery decides who is named first and who waits; an illustration, no data."""

    name: ClassVar[str] = "Named by lottery"
    State = LotteryState

    def controls(self) -> Mapping[str, Control]:
        return {
            "pool": Slider("People in the pool", 10, 120, 2),
            "odds": Slider("The naming multiplies the odds by", 1, 8, 0.5),
            "first": Slider("Named at once", 10, 90, 10, unit="%"),
            "rate": Slider("Out during the wait without it", 5, 60, 5, unit="%"),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.power_curve("people in the pool"),
            Provenance.ILLUSTRATION,
            title="Power when a lottery decides the order of naming",
            description="Power of Fisher's test against the size of the pool.",
        )

    @staticmethod
    def compute(state: LotteryState, data: object) -> Picture:
        def at(pool: int) -> float:
            named = min(max(round(pool * state.first / 100), 1), pool - 1)
            return lottery_power(named, pool - named, state.rate / 100, state.odds)

        named = min(max(round(state.pool * state.first / 100), 1), state.pool - 1)
        here = at(state.pool)
        spared = named * _gain(state.rate / 100, state.odds)
        words = (
            f"{named} are named at once, {state.pool - named} wait and are named when it is over. "
            f"If a naming multiplies the odds by {state.odds:g}, Fisher's test sees it in "
            f"{100 * here:.0f} % of such lotteries, and about {spared:.1f} of those named first "
            "owe their exit to it. What the waiting lose is the same gain, each by the length of "
            "the wait: that is the price of knowing."
        )
        return Picture(
            {
                "power": [{"names": n, "power": at(n)} for n in range(10, 121, 10)],
                "here": [{"names": state.pool, "power": here, "label": f"{100 * here:.0f} %"}],
                "goal": [{"power": _GOAL}],
            },
            words,
            figures={"power": here, "named": named, "gain": spared},
        )


def _gain(rate: float, odds_ratio: float) -> float:
    odds = odds_ratio * rate / (1 - rate)
    return odds / (1 + odds) - rate
