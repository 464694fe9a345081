"""How far a number of ours speaks for a number in the paper.

Five levels, said beside every comparison, so that nobody takes a number recovered
from invented rows for a reproduction of the study.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

import pandas as pd

from helpers.provenance.shown import ShownTable


class Level(Enum):
    """Level of reproduction, with what it means in a few words."""

    R0 = "copied from the printed table"
    R1 = "follows exactly from printed numbers"
    R2 = "computed from the user's own microdata"
    R3 = "recovered from the synthetic cohort, which was built to give it; no reproduction"
    R4 = "cannot be checked without the microdata"

    @property
    def badge(self) -> str:
        """Code and meaning in one line."""
        return f"{self.name}: {self.value}"


def kinds_of_levels() -> ShownTable:
    """Return the five levels and what each means."""
    rows = [(level.name, level.value) for level in Level]
    return ShownTable(pd.DataFrame(rows, columns=["level", "our number is"]))


def beside(lines: Mapping[str, tuple[float, float]], level: Level, digits: int = 3) -> pd.DataFrame:
    """Return a table of published numbers beside ours.

    Parameters
    ----------
    lines : mapping of str to (published, ours)
        What is compared, in reading order.
    level : Level
        How far our number speaks for the published one; the badge heads the last column.
    digits : int
        Decimals kept.
    """
    rows = [
        {"": what, "published": printed, "ours": ours, "difference": ours - printed}
        for what, (printed, ours) in lines.items()
    ]
    table = pd.DataFrame(rows).set_index("").round(digits) + 0.0  # no minus zero
    table["level"] = level.name
    return table.rename_axis(columns=level.badge)


def side_by_side(
    rows: Sequence[str], ways: Mapping[str, Sequence[float]], digits: int = 3
) -> pd.DataFrame:
    """Return numbers computed in several ways beside each other, with how far they part.

    Parameters
    ----------
    rows : sequence of str, shape (n,)
        What the numbers are.
    ways : mapping of str to sequence of numbers, shape (n,)
        The numbers of each way, by its name.
    digits : int
        Decimals shown; the difference is that of the numbers as they were computed.
    """
    table = pd.DataFrame({name: list(numbers) for name, numbers in ways.items()}, list(rows))
    part = (table.max(axis=1) - table.min(axis=1)).round(6)
    return table.round(digits).assign(difference=part) + 0.0  # no minus zero
