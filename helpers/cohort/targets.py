"""The printed numbers of Tables 3 and 4 and the rules the synthetic rows obey.

Everything the builder aims at is here: which covariates each model has, the 161
numbers, the exact counts that model 3 of Table 3 gives away, and the date rules.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd

ROOT: Final = Path(__file__).resolve().parents[2]
COHORT_CSV: Final = ROOT / "data" / "cohort" / "cohort.csv"
LONG_LIST_CSV: Final = ROOT / "data" / "cohort" / "long_list.csv"
PUBLISHED: Final = ROOT / "data" / "published"

COLUMNS: Final = (
    "id",
    "country",
    "region",
    "freethe20",
    "arrested",
    "left_prison",
    "status",
    "released",
    "in_prison_2015",
    "prisoner_of_conscience",
    "torture_concerns",
    "death_penalty_concerns",
    "legal_concerns",
    "medical_concerns",
)
CONCERNS: Final = COLUMNS[-5:]
REGIONS: Final = {"africa": "Africa", "asia": "Asia", "middle_east": "Middle East"}
"""Term of the model -> value of the column; the baseline is "Other"."""

STATUSES: Final = ("released", "died or executed", "in custody when last confirmed")

TERMS: Final[dict[int, tuple[str, ...]]] = {
    1: ("freethe20", "constant"),
    2: ("freethe20", *CONCERNS, "constant"),
    3: ("freethe20", *REGIONS, "constant"),
    4: ("freethe20", *CONCERNS, *REGIONS, "constant"),
    5: ("freethe20", *CONCERNS, *REGIONS, "constant"),
}
"""Terms of the five models, in the order of the printed tables."""

FIRST_ARREST: Final = date(2000, 1, 1)
LAST_ARREST: Final = date(2015, 8, 31)
END_OF_FOLLOW_UP: Final = date(2018, 9, 30)
"""The paper codes releases up to three years after the campaign, September 2018."""
MONTHS_HELD_MIN: Final = 2

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


@dataclass(frozen=True)
class PrintedModel:
    """One printed column: arrays follow `TERMS[model]`."""

    table: str
    model: int
    estimate: tuple[float, ...]
    std_error: tuple[float, ...]
    stars: tuple[str, ...]
    n_observations: int
    log_likelihood: float
    aic: float | None


def printed_models(folder: Path = PUBLISHED) -> dict[tuple[str, int], PrintedModel]:
    """Read the ten printed columns of Tables 3 and 4.

    Returns
    -------
    dict
        Keys ("table3" | "table4", 1..5).
    """
    coefficients = pd.read_csv(folder / "coefficients.csv", keep_default_na=False)
    fits = pd.read_csv(folder / "model_fit.csv")
    out: dict[tuple[str, int], PrintedModel] = {}
    for table in ("table3", "table4"):
        for model, terms in TERMS.items():
            here = (coefficients["table"] == table) & (coefficients["model"] == model)
            rows = coefficients[here].set_index("term").loc[list(terms)]
            fit = fits[(fits["table"] == table) & (fits["model"] == model)].to_dict("records")[0]
            aic = float(fit["aic"])
            out[table, model] = PrintedModel(
                table,
                model,
                tuple(rows["estimate"].astype(float)),
                tuple(rows["std_error"].astype(float)),
                tuple(rows["stars"].astype(str)),
                int(fit["n_observations"]),
                float(fit["log_likelihood"]),
                None if math.isnan(aic) else aic,
            )
    return out
