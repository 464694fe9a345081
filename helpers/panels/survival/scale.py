"""A panel on a number the table does not print: the scale that its errors leave room for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Final

import numpy as np
import pandas as pd

from helpers import charts
from helpers.charts import survival as pictures
from helpers.panels.base.controls import Choice, Control
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import Provenance
from helpers.provenance.levels import Level
from helpers.stats.forensics import ScaleBound, Worlds, scale_bound, scale_worlds

# Model 1 of Table 4 as printed; the releases follow from model 1 of Table 3 (R1).
COEFFICIENT: Final = "-2.074"
ERROR: Final = "0.491"
CONSTANT_ERROR: Final = "0.206"
INSIDE: Final = (19, 17)
OUTSIDE: Final = (233, 102)
EDGES: Final = np.arange(1.60, 1.881, 0.02)


@dataclass(frozen=True)
class ScaleState:
    show: str = "nothing"


class ScaleInPrint(Panel[ScaleState]):
    """The largest scale that one printed error allows, then worlds that print both errors."""

    name: ClassVar[str] = "A scale that is not printed"
    State = ScaleState

    def controls(self) -> Mapping[str, Control]:
        return {
            "show": Choice(
                "Show",
                {
                    "nothing yet": "nothing",
                    "the bound": "bound",
                    "the bound and the worlds": "worlds",
                },
            )
        }

    def chart(self) -> Any:
        return pictures.live(
            charts.finish(
                pictures.below_a_bound("Scale of the Weibull model", (1.6, 1.95)),
                Provenance.PUBLISHED,
                Provenance.ILLUSTRATION,
                title="Model 1 of Table 4: which scale can it have had?",
                description="A line at the largest scale; bars of simulated worlds to its left.",
            )
        )

    @staticmethod
    def compute(state: ScaleState, data: Any = None) -> Picture:
        if state.show == "nothing":
            return Picture({"bars": [], "edge": []}, "Work the bound out first, then show it.")
        bound = scale_bound(COEFFICIENT, ERROR, INSIDE[1], OUTSIDE[1])
        edge = [{"left": bound.scale, "right": 1.95, "text": "ruled out"}]
        words = (
            f"{Level.R1.name}: the scale is at most {bound.scale:.3f}, so the shape is at least "
            f"{bound.shape:.3f} and the hazard ratio at least {bound.hazard_ratio:.2f}, if the "
            "errors are model-based and both tables count the same releases."
        )
        lines = [_line("bound from one error and two counts", bound)]
        bars: list[dict[str, float]] = []
        if state.show == "worlds":
            found = worlds()
            counts, _ = np.histogram(found.scale, EDGES)
            bars = [
                {"left": float(EDGES[j]), "right": float(EDGES[j + 1]), "worlds": float(n)}
                for j, n in enumerate(counts)
                if n
            ]
            low, high = np.quantile(found.scale, [0.05, 0.95])
            ratio = np.quantile(found.hazard_ratio, [0.05, 0.95])
            words += (
                f" Of {found.made:,} invented worlds, {len(found.scale):,} print both standard "
                f"errors in the paper's ratio; nine in ten of those have a scale from {low:.2f} to "
                f"{high:.2f} and a hazard ratio from {ratio[0]:.2f} to {ratio[1]:.2f}. Those are "
                "model output, no bound."
            )
            lines.append(
                {
                    "from": "worlds that print both errors (nine in ten)",
                    "scale": f"{low:.2f} to {high:.2f}",
                    "hazard ratio": f"{ratio[0]:.2f} to {ratio[1]:.2f}",
                }
            )
        return Picture({"bars": bars, "edge": edge}, words, pd.DataFrame(lines))


def _line(name: str, bound: ScaleBound) -> dict[str, str]:
    return {
        "from": name,
        "scale": f"at most {bound.scale:.3f}",
        "hazard ratio": f"at least {bound.hazard_ratio:.2f}",
    }


@lru_cache(maxsize=1)
def worlds() -> Worlds:
    """Return the simulated worlds; kept, because a learner goes to and fro."""
    return scale_worlds(COEFFICIENT, ERROR, CONSTANT_ERROR, *INSIDE, *OUTSIDE)
