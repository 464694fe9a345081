"""Three invented yearly series on which a benchmark can be tried. No country's figures.

Each has the series of a country in a dialogue and that of a country compared, so that a target
can be met with and without the comparison falling alike. Lower is better in all three.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

YEARS: Final = tuple(range(2002, 2016))


@dataclass(frozen=True)
class Series:
    """Yearly figures from 2002 to 2015.

    Attributes
    ----------
    name, unit : str
    here, there : tuple of float, one a year
        The country in the dialogue, and the country compared.
    lesson : str
        What was built in.
    """

    name: str
    unit: str
    here: tuple[float, ...]
    there: tuple[float, ...]
    lesson: str


SERIES: Final[dict[str, Series]] = {
    "held": Series(
        "people held for what they said",
        "people on a monitor's list",
        (118, 121, 116, 112, 109, 104, 101, 96, 99, 90, 88, 84, 86, 80),
        (120, 119, 117, 113, 110, 106, 103, 99, 97, 93, 90, 88, 85, 83),
        "the fall is long and the country compared falls as much",
    ),
    "deaths": Series(
        "death sentences reported",
        "sentences",
        (42, 39, 47, 36, 40, 33, 38, 30, 35, 28, 31, 25, 29, 24),
        (41, 42, 40, 43, 41, 40, 42, 41, 43, 40, 41, 42, 40, 41),
        "the fall is its own, but small numbers make every year unsure",
    ),
    "closed": Series(
        "trials closed to the public",
        "per cent of trials",
        (64, 63, 62, 63, 61, 58, 52, 47, 45, 44, 44, 43, 44, 43),
        (66, 65, 66, 64, 65, 64, 65, 63, 64, 64, 63, 64, 63, 63),
        "a step down around 2008, and then nothing",
    ),
}
