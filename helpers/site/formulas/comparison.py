"""What the formulas of back doors, recodings and balance start from."""

from __future__ import annotations

import dataclasses
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.charts import balance as pictures
from helpers.charts import diagram
from helpers.panels.base import Panel
from helpers.panels.comparison import balance, lists
from helpers.panels.comparison import counterfactual as causes
from helpers.site.settings import values_of
from helpers.stats.comparison import TESTS, p_value_grid


def _doors(panel: Panel[Any]) -> dict[str, Any]:
    """Return the whole diagram: arrows and boxes as drawn when nothing is held fixed."""
    drawn = causes.BackDoors.compute(causes.DoorState(), panel.data).rows
    return {
        "arrows": [
            {
                "key": key,
                "from": start,
                "to": end,
                "place": diagram.place(causes.PLACES, start, end),
                "tip": row["tip"],
            }
            for (key, (start, end)), row in zip(causes.ARROWS.items(), drawn["arrows"], strict=True)
        ],
        "boxes": [
            {"name": name, **{field: row[field] for field in ("x", "y", "text")}}
            for name, row in zip(causes.PLACES, drawn["boxes"], strict=True)
        ],
        "compared": [causes.CHOSEN, causes.RELEASED],
        "fixable": list(causes._FIXABLE.items()),
        "candidates": [causes.COUNTRY, causes.CASE, causes.HELD, causes.EXPECTED],
        "unmeasured": causes.EXPECTED,
    }


def _recode(panel: Panel[Any]) -> dict[str, Any]:
    """Return the counts of every coding, and every test's p value at every pair of counts."""
    controls: dict[str, Any] = dict(panel._controls)
    base = panel._default
    short = {
        f"{coding} {'+'.join(leave)}": lists.recoded(
            dataclasses.replace(base, coding=coding, leave=leave), panel.data
        )[:2]
        for coding in controls["coding"].options.values()
        for leave in ((), ("afiuni",), ("meron",), ("afiuni", "meron"))
    }
    others = {
        key: lists.recoded(dataclasses.replace(base, ethiopia=key), panel.data)[2:]
        for key in controls["ethiopia"].options.values()
    }
    sizes = sorted({(n, m) for _, n in short.values() for _, m in others.values()})
    return {
        "short": short,
        "others": others,
        "printed": lists.list_counts(panel.data.samples),
        "across": lists._ACROSS,
        "down": lists._DOWN,
        "verdicts": list(lists.pictures.VERDICTS),
        "tests": {
            test: {
                "said": lists._SAID[test].replace("The", "the", 1),
                "p": {
                    f"{n} {m}": [
                        [float(f"{p:.8g}") for p in row] for row in p_value_grid(n, m, test)
                    ]
                    for n, m in sizes
                },
            }
            for test in TESTS
        },
    }


def _balance(panel: Panel[Any]) -> dict[str, Any]:
    """Return the rows, and for each sample and model the line behind its scores and weights."""
    data = panel.data
    table = data.covariates
    return {
        "rows": [
            {"x": list(x), "treated": bool(chosen), "outcome": out, "in2015": bool(held)}
            for x, chosen, out, held in zip(
                table.to_numpy().tolist(), data.treated, data.outcome, data.in_2015, strict=True
            )
        ],
        "columns": [
            {"name": column, "of": key}
            for key, columns in balance.COVARIATES.items()
            for column in columns
        ],
        "lines": {
            sample: [
                _lines(data, sample, ticked) for ticked in values_of(panel._controls["covariates"])
            ]
            for sample in data.samples
        },
        "stages": list(pictures.STAGES),
        "groups": list(pictures.GROUPS),
        "bins": balance._BINS.tolist(),
    }


def _lines(data: Any, sample: str, ticked: tuple[str, ...]) -> list[Any]:
    """Return the two lines, or in their place the sentence that refuses them."""
    rows = data.samples[sample]
    table = balance.used_columns(ticked, data.covariates[rows])
    control = data.treated[rows] == 0
    out: list[Any] = []
    try:
        score = balance.fitted_score(data, sample, ticked)
        out.append(_line(table, np.log(score / (1 - score))))
        state = balance.BalanceState("entropy", ticked, sample)
        weights, _ = balance._weights(data, state)
        out.append(_line(table[control], np.log(weights[control])))
    except ValueError as problem:
        out.append(str(problem))
    return out


def _line(table: pd.DataFrame, values: NDArray[np.float64]) -> list[float]:
    """Return the constant and the coefficient of every column of which values are the sum."""
    design = np.column_stack([np.ones(len(table)), table])
    found = dict(zip(table, np.linalg.lstsq(design, values)[0][1:], strict=True))
    constant = float(np.mean(values - table.to_numpy() @ [found[name] for name in table]))
    return [constant, *(float(found.get(name, 0.0)) for name in balance.COLUMNS)]


GIVEN: Final = {
    balance.Balance: _balance,
    causes.BackDoors: _doors,
    lists.Recode: _recode,
}
