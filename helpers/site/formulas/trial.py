"""What the formula of the bounds starts from."""

from __future__ import annotations

from typing import Any, Final

from helpers.panels.base import Panel
from helpers.panels.trial import releases


def _bounds(panel: Panel[Any]) -> dict[str, Any]:
    """Return the names of the rows."""
    return {"names": releases._ROWS}


GIVEN: Final = {releases.Bounds: _bounds}
