"""The words of the paper, each in one place: concerns, regions, statuses, the terms of the models.

A coefficient is called by its term, a column of a table of women by its name; the two differ
only for regions, whose terms are indicators against all other places.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CAMPAIGN: Final = "freethe20"
CONSTANT: Final = "constant"
CONCERNS: Final = (
    "prisoner_of_conscience",
    "torture_concerns",
    "death_penalty_concerns",
    "legal_concerns",
    "medical_concerns",
)
"""Columns of the five concerns of a case, which are also the terms of the models."""

REGION_OF_TERM: Final[Mapping[str, str]] = {
    "africa": "Africa",
    "asia": "Asia",
    "middle_east": "Middle East",
}
"""Term of a model to the value of the column `region`; the baseline is "Other"."""

REGIONS: Final = (*REGION_OF_TERM.values(), "Other")
"""Values of the column `region`."""

STATUSES: Final = ("released", "died or executed", "in custody when last confirmed")
"""How a spell in prison ends, as far as it is known."""

TERMS: Final[Mapping[int, tuple[str, ...]]] = {
    1: (CAMPAIGN, CONSTANT),
    2: (CAMPAIGN, *CONCERNS, CONSTANT),
    3: (CAMPAIGN, *REGION_OF_TERM, CONSTANT),
    4: (CAMPAIGN, *CONCERNS, *REGION_OF_TERM, CONSTANT),
    5: (CAMPAIGN, *CONCERNS, *REGION_OF_TERM, CONSTANT),
}
"""Terms of models 1 to 5, the columns of Tables 3 and 4, in the order of the printed rows."""
