"""The words of the paper, each in one place: concerns, regions, models 1 to 5, codings, samples.

A coefficient is called by its term, a column of a table of women by its name; the two differ
only for regions, whose terms are indicators against all other places. What a file may hold
(concerns, regions, statuses) is named with the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from helpers.data.schemas import CONCERNS, REGIONS, STATUSES

__all__ = [
    "CAMPAIGN",
    "CONCERNS",
    "CONSTANT",
    "MODELS",
    "REGIONS",
    "REGION_CODINGS",
    "REGION_OF_TERM",
    "RELEASE_CODINGS",
    "STATUSES",
    "TERMS",
    "TERM_LABELS",
    "Model",
]

CAMPAIGN: Final = "freethe20"
CONSTANT: Final = "constant"

REGION_OF_TERM: Final[Mapping[str, str]] = {
    "africa": "Africa",
    "asia": "Asia",
    "middle_east": "Middle East",
}
"""Term of a model to the value of the column `region`; the baseline is "Other"."""

TERM_LABELS: Final[Mapping[str, str]] = {
    CAMPAIGN: "campaign",
    **{name: name.replace("_", " ") for name in CONCERNS},
    **REGION_OF_TERM,
    CONSTANT: "constant",
}


@dataclass(frozen=True)
class Model:
    """A column of Tables 3 and 4.

    Attributes
    ----------
    concerns, regions : bool
        Whether the five concerns and the three regions are among its covariates.
    held : bool
        Whether it has only women held at the launch. Table 3 calls them "in prison in 2015",
        Table 4 "in prison at the launch"; both count 156 of them.
    """

    concerns: bool
    regions: bool
    held: bool = False

    @property
    def covariates(self) -> tuple[str, ...]:
        """Terms without the constant, in the order of the printed rows."""
        concerns = CONCERNS if self.concerns else ()
        return (CAMPAIGN, *concerns, *(REGION_OF_TERM if self.regions else ()))


MODELS: Final[Mapping[int, Model]] = {
    1: Model(concerns=False, regions=False),
    2: Model(concerns=True, regions=False),
    3: Model(concerns=False, regions=True),
    4: Model(concerns=True, regions=True),
    5: Model(concerns=True, regions=True, held=True),
}
TERMS: Final[Mapping[int, tuple[str, ...]]] = {
    number: (*model.covariates, CONSTANT) for number, model in MODELS.items()
}
"""Terms of models 1 to 5 in the order of the printed rows."""

REGION_CODINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "file": {},
    "egypt": {"Egypt": "Africa"},
    "caucasus": {"Azerbaijan": "Asia", "Uzbekistan": "Asia"},
    "both": {"Egypt": "Africa", "Azerbaijan": "Asia", "Uzbekistan": "Asia"},
}
"""Regions of countries where a coding differs from the file's column `region`."""

RELEASE_CODINGS: Final[Mapping[str, str]] = {
    "A": "a sourced exit after launch",
    "B": "freed at some time after launch",
    "C": "outside custody in Sept 2018",
}
"""Three ways to code a release of the nineteen; the columns of `load_release_coding`."""
