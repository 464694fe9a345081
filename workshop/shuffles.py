"""The shuffles of notebook 10, drawn beforehand so that a class need not wait for them.

`python -m workshop.shuffles` writes `data/cohort/shuffles.csv` (three minutes of one
processor): a thousand curves of the synthetic cohort with shuffled labels, for each group among
which they may be shuffled, as the panel's own *Run* draws them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from helpers import data
from helpers.panels.multiverse.chance import RUNS, SEED, refit
from helpers.panels.multiverse.every import Multiverse, multiverse
from helpers.stats.curve import STATISTICS, permutation_chunk
from helpers.study.multiverse import LABELS, groups

FILE: Final = Path(__file__).resolve().parents[1] / "data" / "cohort" / "shuffles.csv"
BY: Final = "ever"


def draw(found: Multiverse, among: str, runs: range) -> pd.DataFrame:
    """Return the statistics of some runs, as rows of the file.

    Parameters
    ----------
    found : Multiverse
    among : str
        A key of `LABELS`.
    runs : range
    """
    rows = found.rows
    drawn = permutation_chunk(refit(found, BY), rows.campaign, SEED, runs, groups(rows, among))
    table = pd.DataFrame(drawn, columns=list(STATISTICS)).round(6)
    table.insert(0, "run", list(runs))
    table.insert(0, "among", among)
    return table


def main() -> None:
    found = multiverse(data.load_cohort())
    parts = [draw(found, among, range(RUNS)) for among in LABELS]
    pd.concat(parts).to_csv(FILE, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
