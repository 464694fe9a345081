"""What the formula of the back doors starts from."""

from __future__ import annotations

from typing import Any, Final

from helpers.charts import diagram
from helpers.panels.base import Panel
from helpers.panels.comparison import counterfactual as causes


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


GIVEN: Final = {causes.BackDoors: _doors}
