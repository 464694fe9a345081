"""What the formula of the suspects starts from."""

from __future__ import annotations

from typing import Any, Final

from scipy.stats import norm

from helpers.panels.base import Panel
from helpers.panels.base.panel import cells
from helpers.panels.release import fingerprint


def _suspects(panel: Panel[Any]) -> dict[str, Any]:
    """Return the printed numbers, their names, and the probit of every share."""
    data = panel.data
    table = cells(fingerprint.Suspects.compute(fingerprint.SuspectState(), data).table)
    groups = {"inside": fingerprint.INSIDE, "outside": fingerprint.OUTSIDE}
    return {
        "sizes": groups,
        "probits": {
            name: [None, *norm.ppf([k / size for k in range(1, size)])]
            for name, size in groups.items()
        },
        "names": {key: fingerprint._NAMES[family] for key, family in fingerprint._KEYS.items()},
        "quantities": [
            {
                "said": name.strip(),
                "axis": fingerprint._axis_name(key, data),
                "printed": data.printed[key],
            }
            for key, name in fingerprint.QUANTITIES.items()
        ],
        "columns": table["columns"],
        "paper": table["rows"][0],
    }


GIVEN: Final = {fingerprint.Suspects: _suspects}
