"""Panel on exact times: the eighteen of Free the Press beside the nineteen of #FreeThe20."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
import pandas as pd

from helpers import charts
from helpers.calendar import DAYS_PER_MONTH
from helpers.charts import survival as pictures
from helpers.panels.base.controls import Choice, Control, Slider
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import carry
from helpers.stats.turnbull import turnbull
from helpers.study.record import durations, women_record
from helpers.study.second_campaign import times

PRESS: Final = "Free the Press, 18 people"
WOMEN: Final = "#FreeThe20, women"
_LONGEST: Final = 60


def two_campaigns(
    people: pd.DataFrame, women: pd.DataFrame, coding: pd.DataFrame, intervals: pd.DataFrame
) -> pd.DataFrame:
    """Return both campaigns' months to the exit as bounds, one row a person (and coding).

    Parameters
    ----------
    people : DataFrame
        As `load_second_campaign("people")` returns it.
    women, coding, intervals : DataFrame
        The three tables of the nineteen, as their loaders return them.
    """
    record = women_record(women, coding, intervals)
    parts = [times(people).assign(group=PRESS, coding="all")]
    for letter in "ABC":
        first, last = (durations(record, letter, dates) for dates in ("earliest", "latest"))
        right = (last["time"] / DAYS_PER_MONTH).where(last["event"] == 1, np.inf)
        left = first["time"] / DAYS_PER_MONTH
        parts.append(
            pd.DataFrame({"left": left, "right": right}).assign(group=WOMEN, coding=letter)
        )
    return carry(pd.concat(parts, ignore_index=True), people)


@dataclass(frozen=True)
class TimesState:
    coding: str = "B"
    month: int = 12


class ExactTimes(Panel[TimesState]):
    """Turnbull's estimate for two campaigns; `data` is what `two_campaigns` returns."""

    name: ClassVar[str] = "Two campaigns, exact times"
    State = TimesState

    def controls(self) -> Mapping[str, Control]:
        return {
            "coding": Choice(
                "What counts as a release of #FreeThe20?", {"A": "A", "B": "B", "C": "C"}
            ),
            "month": Slider("Month", 1, 36, unit="months"),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.survival_curves("still in custody", height=260),
            self.data,
            title="Months from naming to exit",
            description="Turnbull curves of two campaigns, with the numbers still held.",
        )

    @staticmethod
    def compute(state: TimesState, data: pd.DataFrame) -> Picture:
        curves, counts, said, figures = [], [], [], {}
        for group in (PRESS, WOMEN):
            mine = data[(data["group"] == group) & data["coding"].isin(["all", state.coding])]
            fit = turnbull(mine["left"], mine["right"])
            ends = sorted({0.0, *(t for t in fit.right if t < _LONGEST), float(_LONGEST)})
            for time in ends:
                curves.append({"group": group, "time": time, "survival": fit.at(time)[1]})
            for time in range(0, _LONGEST + 1, 12):
                held = int((mine["left"] >= time).sum())
                counts.append({"group": group, "time": time, "n": held})
            low, high = (1 - share for share in reversed(fit.at(state.month)))
            share = f"{100 * low:.0f} %"
            if round(100 * low) != round(100 * high):
                share = f"{100 * low:.0f} to {100 * high:.0f} %"
            said.append(f"{share} of {group} ({len(mine)} followed)")
            figures[f"{group} low"], figures[f"{group} high"] = low, high
        months = "month" if state.month == 1 else "months"
        words = (
            f"Out within {state.month} {months}: {' and '.join(said)}. The clocks differ: the one "
            "starts at a person's first naming, the other at the launch; the dates are the public "
            "record's, held between their bounds. Neither line has a comparison beside it."
        )
        return Picture(
            {
                "curves": curves,
                "counts": counts,
                "span": [{"longest": _LONGEST, "unit": "Months since naming or launch"}],
            },
            words,
            figures=figures,
        )
