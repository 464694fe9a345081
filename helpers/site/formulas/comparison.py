"""What the formula of the back doors starts from."""

from __future__ import annotations

import dataclasses
from typing import Any, Final

from helpers.charts import diagram
from helpers.panels.base import Panel
from helpers.panels.comparison import counterfactual as causes
from helpers.panels.comparison import lists
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


GIVEN: Final = {causes.BackDoors: _doors, lists.Recode: _recode}
