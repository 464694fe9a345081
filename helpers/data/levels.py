"""How far a number of ours speaks for a number in the paper.

Five levels, said beside every comparison, so that nobody takes a number recovered
from invented rows for a reproduction of the study.
"""

from __future__ import annotations

from enum import Enum


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
