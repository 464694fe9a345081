"""The short list against the rest of the long list: counts, recodings, selection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import scipy

from helpers.provenance.kinds import carry
from helpers.study.vocabulary import RELEASE_CODINGS


class Counts(NamedTuple):
    """Released and members of the short list (a of n) and of the others (b of m)."""

    a: int
    n: int
    b: int
    m: int


def list_counts(samples: pd.DataFrame) -> Counts:
    """Return the four printed counts from the table `load_published_samples` gives."""
    rows = samples.set_index("group")
    (a, n), (b, m) = (
        (int(rows.loc[group, "released"]), int(rows.loc[group, "women"]))
        for group in ("campaign", "long list only")
    )
    return Counts(a, n, b, m)


AFIUNI: Final = "Maria Lourdes Afiuni"


MERON: Final = "Meron Alemayehu"


RECODED: Final = {
    "printed": (0, 0),
    "released": (3, 3),
    "not released": (0, 3),
    "taken out": (-3, -3),
}


@dataclass(frozen=True)
class ListRecord:
    """What the recoding panel draws on.

    Attributes
    ----------
    samples : DataFrame
        Published counts (group, women, released), marked.
    women : DataFrame
        The public record with `name` and the codings `A`, `B`, `C`, marked.
    """

    samples: pd.DataFrame
    women: pd.DataFrame


def list_record(samples: pd.DataFrame, women: pd.DataFrame, coding: pd.DataFrame) -> ListRecord:
    """Join the public record to its codings.

    Parameters
    ----------
    samples, women, coding : DataFrame
        As `load_published_samples`, `load_women` and `load_release_coding` return them.
    """
    joined = women.merge(coding[["woman_id", *RELEASE_CODINGS]], on="woman_id", validate="1:1")
    return ListRecord(samples, carry(joined, women, coding))


def crossing(strengths: np.ndarray, values: np.ndarray, target: float) -> float | None:
    """Return where a rising curve through some points first reaches `target`, else None.

    The points are joined as the chart joins them, by a curve that bends but never turns.
    """
    x = np.linspace(strengths[0], strengths[-1], 2001)
    reached = np.flatnonzero(
        scipy.interpolate.PchipInterpolator(strengths, values)(x) >= target - 1e-12
    )
    return float(x[reached[0]]) if len(reached) else None


def chances_of_being_picked(mean: float, counts: Counts) -> tuple[float, float]:
    """Return the chance of being picked for a case that ends in release and for one that does not.

    Parameters
    ----------
    mean : float
        Mean gap over the simulated lists, in probability units.
    counts : Counts
        The observed counts; the number of releases on the whole list is held there.
    """
    a, n, b, m = counts
    total = a + b
    among_picked = (mean + total / m) / (1 / n + 1 / m)
    return among_picked / total, (n - among_picked) / (n + m - total)
