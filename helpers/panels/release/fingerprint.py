"""Who printed this row? Suspect model families against the digits of Table 3, model 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import pandas as pd

from helpers import charts
from helpers.charts import release as pictures
from helpers.panels.base.controls import Choice, Control, Slider
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import carry
from helpers.stats.fingerprint import (
    IDENTITY,
    LM,
    LOGIT,
    PROBIT,
    STARGAZER,
    Agreement,
    fingerprint,
    half_unit,
)

QUANTITIES: Final[Mapping[str, str]] = {
    "group": "#Freethe20",
    "group_se": "its standard error",
    "constant": "constant",
    "constant_se": "its standard error ",
    "log_likelihood": "log-likelihood",
    "aic": "AIC",
}
SUSPECTS: Final[Mapping[str, str]] = {
    "logit": LOGIT,
    "probit": PROBIT,
    "binomial, no curve (identity link)": IDENTITY,
    "least squares, as R's lm prints": LM,
    "least squares, as R's glm prints": STARGAZER,
}
_KEYS: Final = {"logit": LOGIT, "probit": PROBIT, "identity": IDENTITY, "lm": LM, "glm": STARGAZER}
_NAMES: Final = {family: name for name, family in SUSPECTS.items()}
INSIDE: Final = 19
OUTSIDE: Final = 233


@dataclass(frozen=True, eq=False)
class PrintedRow:
    """The six printed numbers of model 1 as strings, by quantity, and the tables behind them."""

    printed: Mapping[str, str]
    tables: pd.DataFrame


def printed_row(coefficients: pd.DataFrame, fit: pd.DataFrame) -> PrintedRow:
    """Take model 1 of Table 3 from the published tables, at three decimals as printed."""
    terms = coefficients.query("table == 'table3' and model == 1").set_index("term")
    foot = fit.query("table == 'table3' and model == 1").iloc[0]
    found = {
        "group": terms.loc["freethe20", "estimate"],
        "group_se": terms.loc["freethe20", "std_error"],
        "constant": terms.loc["constant", "estimate"],
        "constant_se": terms.loc["constant", "std_error"],
        "log_likelihood": foot["log_likelihood"],
        "aic": foot["aic"],
    }
    return PrintedRow({k: f"{float(v):.3f}" for k, v in found.items()}, carry(terms, coefficients))


@dataclass(frozen=True)
class SuspectState:
    family: str = "logit"
    inside: int = 17
    outside: int = 102


class Suspects(Panel[SuspectState]):
    """Choose a family and four counts; see which printed digits it would have left."""

    name: ClassVar[str] = "Suspects"
    State = SuspectState
    reset_label = "Back to as published"

    def controls(self) -> Mapping[str, Control]:
        named = {_NAMES[family]: key for key, family in _KEYS.items()}
        return {
            "family": Choice("Suspect", named),
            "inside": Slider("Released, of 19 in the campaign", 1, INSIDE - 1),
            "outside": Slider("Released, of 233 outside it", 1, OUTSIDE - 1),
        }

    def chart(self) -> Any:
        names = [_axis_name(k, self.data) for k in QUANTITIES]
        return charts.finish(
            pictures.fingerprint(names),
            self.data.tables,
            title="Six printed numbers and one suspect",
            description="Distances of a model family's six numbers from those printed.",
        )

    @staticmethod
    def compute(state: SuspectState, data: PrintedRow) -> Picture:
        family = _KEYS[state.family]
        found = fingerprint(data.printed, state.inside, INSIDE, state.outside, OUTSIDE)
        mine = [cell for cell in found if cell.family == family]
        marks = [
            {
                "quantity": _axis_name(cell.quantity, data),
                "distance": (cell.computed - float(cell.printed)) / half_unit(cell.printed),
                "verdict": "agrees" if cell.agrees else "differs",
                "value": f"{cell.computed:.3f}",
                "tip": f"printed {cell.printed}, {state.family} gives {cell.computed:.5f}",
            }
            for cell in mine
        ]
        return Picture({"marks": marks}, _say(state, mine), _table(state, mine, data))


def _axis_name(quantity: str, data: PrintedRow) -> str:
    return f"{QUANTITIES[quantity].rstrip()}: {data.printed[quantity]}".replace(
        "its standard error", "its s.e." if quantity == "group_se" else "s.e. of the constant"
    )


def _say(state: SuspectState, mine: list[Agreement]) -> str:
    right = [cell for cell in mine if cell.agrees]
    name = _NAMES[_KEYS[state.family]]
    text = (
        f"Suspect: {name}, on {state.inside} of {INSIDE} and {state.outside} of {OUTSIDE} "
        f"released. {len(right)} of {len(mine)} printed numbers agree"
    )
    wrong = next((cell for cell in mine if not cell.agrees), None)
    if wrong is None:
        return f"{text}: every digit."
    return (
        f"{text}; for {QUANTITIES[wrong.quantity].strip()} it would print "
        f"{wrong.computed:.3f} where the paper has {wrong.printed}."
    )


def _table(state: SuspectState, mine: list[Agreement], data: PrintedRow) -> pd.DataFrame:
    """Return the printed row and the suspect's, a tick where the digits agree."""
    origin = "R1" if (state.inside, state.outside) == (17, 102) else "counts that you changed"
    suspect = {
        _head(cell.quantity): f"{cell.computed:.3f} {'✓' if cell.agrees else '✗'}" for cell in mine
    }
    return pd.DataFrame(
        [
            {"row of": "the paper (R0)", **{_head(k): v for k, v in data.printed.items()}},
            {"row of": f"{_NAMES[mine[0].family]} ({origin})", **suspect},
        ]
    )


def all_suspects(data: PrintedRow) -> pd.DataFrame:
    """Return one row a suspect with the counts 17 of 19 and 102 of 233, ticks and all."""
    found = fingerprint(data.printed, 17, INSIDE, 102, OUTSIDE)
    rows = [{"row of": "the paper", **{_head(k): v for k, v in data.printed.items()}}]
    for family in (LOGIT, PROBIT, IDENTITY, LM, STARGAZER):
        cells = {
            _head(c.quantity): f"{c.computed:.3f} {'✓' if c.agrees else '✗'}"
            for c in found
            if c.family == family
        }
        rows.append({"row of": _NAMES[family], **cells})
    return pd.DataFrame(rows).set_index("row of")


def _head(quantity: str) -> str:
    return {
        "group": "#Freethe20",
        "group_se": "(s.e.)",
        "constant": "constant",
        "constant_se": "(s.e.) ",
        "log_likelihood": "log-likelihood",
        "aic": "AIC",
    }[quantity]
