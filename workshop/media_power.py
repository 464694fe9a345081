"""How often a panel of attention would show an effect that lasts: a simulation, kept as a file.

`python -m workshop.media_power` writes `data/media/power.csv` (a few minutes). Each
simulated study is one or more synthetic panels of `media.build_media_panel` put together, so
that it has 19, 38 or 76 people; the seeds of a study are the same at every ratio.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from helpers.provenance.kinds import Provenance, mark
from helpers.stats.errors import StatsError
from helpers.stats.panel import Errors
from helpers.study.media import PEOPLE, MediaDesign, build_media_panel, lasting_fit

FILE: Final = Path(__file__).resolve().parents[1] / "data" / "media" / "power.csv"
RATIOS: Final = (1.0, 1.05, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2.0)
SIZES: Final = (1, 2, 4)  # panels of 19 people in one study
EFFECTS: Final[dict[str, tuple[str, ...]]] = {
    "person+year": ("person", "year"),
    "country+year": ("country", "year"),
    "person": ("person",),
    "none": (),
}
ERRORS: Final[tuple[Errors, ...]] = ("cluster", "HC1")
STUDIES: Final = 200


def build_study(number: int, size: int, ratio: float) -> pd.DataFrame:
    """Return the rows of one simulated study: `size` panels of different seeds.

    Parameters
    ----------
    number : int
        Which study; study k of size s uses the seeds from k * s on.
    size : int
        Panels put together, each with people of its own in the same thirteen countries.
    ratio : float
        The lasting ratio of 1 + articles from October 2015 on.
    """
    parts = []
    for seed in range(number * size, (number + 1) * size):
        panel = build_media_panel(MediaDesign(seed=seed, lasting=ratio))
        parts.append(panel.assign(person=f"{seed}-" + panel["person"]))
    return mark(pd.concat(parts, ignore_index=True), Provenance.SYNTHETIC)


def simulate(
    size: int, ratio: float, effects: str, errors: Errors = "cluster", studies: int = STUDIES
) -> dict[str, object]:
    """Return the share of studies that see a lasting effect at the 5 percent level.

    Returns
    -------
    dict
        `women, effects, errors, ratio, studies`, `seen` (share with p below 0.05), `estimate`
        and `standard_error` (means over the studies, on the scale of ln(1 + articles)).

    Raises
    ------
    StatsError
        When the effects are not known, and as `build_media_panel`.
    """
    if effects not in EFFECTS:
        raise StatsError(f"Effects '{effects}' are not known; use one of {', '.join(EFFECTS)}.")
    return _summary(
        size, ratio, effects, errors, [build_study(k, size, ratio) for k in range(studies)]
    )


def _summary(
    size: int, ratio: float, effects: str, errors: Errors, studies: Sequence[pd.DataFrame]
) -> dict[str, object]:
    fits = [lasting_fit(study, EFFECTS[effects], errors) for study in studies]
    return {
        "women": PEOPLE * size,
        "effects": effects,
        "errors": errors,
        "ratio": ratio,
        "studies": len(fits),
        "seen": float(np.mean([fit.p_value[0] < 0.05 for fit in fits])),
        "estimate": float(np.mean([fit.estimate[0] for fit in fits])),
        "standard_error": float(np.mean([fit.standard_error[0] for fit in fits])),
    }


def every_cell(studies: int = STUDIES) -> Iterator[dict[str, object]]:
    """Yield one row of the file for each size, ratio, set of effects and kind of errors."""
    for size in SIZES:
        for ratio in RATIOS:
            drawn = [build_study(k, size, ratio) for k in range(studies)]
            for effects in EFFECTS:
                for errors in ERRORS:
                    yield _summary(size, ratio, effects, errors, drawn)


def main() -> None:
    FILE.parent.mkdir(exist_ok=True)
    table = pd.DataFrame(every_cell()).round(4)
    keys = ["women", "effects", "errors", "ratio"]
    table.sort_values(keys).to_csv(FILE, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
