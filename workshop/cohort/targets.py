"""The rules the synthetic rows obey, and the exact counts that Table 3 gives away."""

from __future__ import annotations

from datetime import date
from typing import Final

from helpers.data.catalog import DATA
from helpers.data.schemas import TABLES

COHORT_CSV: Final = DATA / "cohort" / "cohort.csv"
LONG_LIST_CSV: Final = DATA / "cohort" / "long_list.csv"
COLUMNS: Final = tuple(TABLES["cohort/cohort.csv"].fields)

LAST_ARREST: Final = date(2015, 8, 31)

CAMPAIGN_COUNTRIES: Final[dict[str, int]] = {
    "Azerbaijan": 2,
    "Burma": 2,
    "China": 3,
    "Egypt": 1,
    "Eritrea": 1,
    "Ethiopia": 3,
    "Iran": 1,
    "Russia": 1,
    "Syria": 1,
    "Uzbekistan": 1,
    "Venezuela": 1,
    "Vietnam": 2,
}
"""Campaign women by country: the one thing the rows take from the public record."""

COUNTRY_REGION: Final[dict[str, str]] = {
    "Azerbaijan": "Other",
    "Burma": "Asia",
    "China": "Asia",
    "Egypt": "Middle East",
    "Eritrea": "Africa",
    "Ethiopia": "Africa",
    "Iran": "Middle East",
    "Russia": "Other",
    "Syria": "Middle East",
    "Uzbekistan": "Other",
    "Venezuela": "Other",
    "Vietnam": "Asia",
}

WOMEN_BY_REGION: Final = {"Other": 18, "Africa": 25, "Asia": 73, "Middle East": 136}
CAMPAIGN_BY_REGION: Final = {"Other": 5, "Africa": 4, "Asia": 7, "Middle East": 3}
RELEASED_BY_REGION: Final = {"Other": 9, "Africa": 8, "Asia": 37, "Middle East": 65}
"""The one table of counts that prints model 3 of Table 3 (see `implied`)."""
