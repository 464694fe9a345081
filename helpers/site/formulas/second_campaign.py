"""What the formulas of the power of a next campaign start from."""

from __future__ import annotations

from typing import Any, Final

from helpers.panels.base import Panel
from helpers.panels.second_campaign import planning


def _power(panel: Panel[Any]) -> dict[str, Any]:
    """Return the numbers tried and the goal."""
    return {"numbers": planning._NUMBERS, "goal": planning._GOAL}


GIVEN: Final = {planning.NextCampaign: _power, planning.Lottery: _power}
