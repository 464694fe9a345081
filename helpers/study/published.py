"""The printed columns of Tables 3 and 4."""

from __future__ import annotations

import math
from dataclasses import dataclass

from helpers.data.catalog import load_published_coefficients, load_published_fit
from helpers.study.vocabulary import TERMS


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


def printed_models() -> dict[tuple[str, int], PrintedModel]:
    """Read the ten printed columns of Tables 3 and 4.

    Returns
    -------
    dict
        Keys ("table3" | "table4", 1..5).
    """
    coefficients, fits = load_published_coefficients(), load_published_fit()
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
