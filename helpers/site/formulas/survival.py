"""What the formula of the survival curves starts from."""

from __future__ import annotations

from typing import Any, Final

from helpers.calendar import DAYS_PER_MONTH
from helpers.panels.base import Panel
from helpers.panels.survival import curves
from helpers.study.cohort import group_of


def _curves(panel: Panel[Any]) -> dict[str, Any]:
    """Return the rows: their days, counted from the launch, and their label in each grouping."""
    rows = panel.data
    labels = {by: group_of(rows.frame, by).astype(object) for by in curves.GROUPS.values()}
    return {
        "arrest": rows.arrest.tolist(),
        "exit": rows.exit.tolist(),
        "released": rows.released.tolist(),
        "groups": {by: label.where(label.notna(), None).tolist() for by, label in labels.items()},
        "whose": rows.whose,
        "last": curves.last_month(rows),
        "month": DAYS_PER_MONTH,
        "marks": curves.MARKS,
    }


GIVEN: Final = {curves.CohortCurves: _curves}
