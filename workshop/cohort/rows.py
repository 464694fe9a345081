"""The rows of the cohort as arrays, their moments, and moves that leave Table 3 alone.

Table 3 sees the rows only through counts of women with one or two of the flags. A null
move exchanges some flags between two rows and makes the opposite exchange between two
others, so every such count, and with it every number of Table 3, stays as it is, while
the pattern of events that Table 4 needs changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.calendar import LAUNCH, months
from helpers.study.vocabulary import CONCERNS, REGION_OF_TERM, TERMS

Flags = NDArray[np.int64]
Times = NDArray[np.float64]

FLAGS: Final = ("released", "freethe20", *CONCERNS, *REGION_OF_TERM)
"""Columns of the flag arrays."""

BLOCKS: Final = (*((i,) for i in range(7)), (7, 8, 9))
"""Flags that move together: a region is three indicators of one answer."""


@dataclass(frozen=True)
class Rows:
    """The cohort in three groups, with the logs of its durations in months.

    Attributes
    ----------
    inside : array, shape (156, 10)
        Flags of women with concern codes who were in prison in 2015.
    outside : array, shape (90, 10)
        Flags of women with concern codes who had left prison by then.
    uncoded : array, shape (6, 10)
        Flags of women without concern codes (concerns zero, unused).
    log_since, log_before : arrays, shape (156,)
        Months from launch to exit or last confirmed date; months from arrest to launch.
    log_held, log_held_uncoded : arrays, shape (90,) and (6,)
        Months from arrest to exit.
    order : array, shape (252,)
        Row of the cohort file for each of the stacked rows.
    """

    inside: Flags
    outside: Flags
    uncoded: Flags
    log_since: Times
    log_before: Times
    log_held: Times
    log_held_uncoded: Times
    order: NDArray[np.int64]


def rows_of(cohort: pd.DataFrame) -> Rows:
    """Arrays of a cohort frame."""
    coded = cohort[list(CONCERNS)].notna().all(axis=1).to_numpy()
    in_2015 = (cohort["in_prison_2015"] == 1).to_numpy()
    if (in_2015 & ~coded).any():
        raise ValueError(
            "A woman without concern codes was in prison in 2015; the builder holds those "
            "women among the ones released before."
        )
    columns = [cohort["released"], cohort["freethe20"]]
    columns += [cohort[name].fillna(0) for name in CONCERNS]
    columns += [cohort["region"] == label for label in REGION_OF_TERM.values()]
    flags = np.column_stack(columns).astype(np.int64)
    held = months(cohort["arrested"], cohort["left_prison"]).to_numpy()
    since = months(LAUNCH, cohort["left_prison"]).to_numpy()
    groups = [np.flatnonzero(coded & in_2015), np.flatnonzero(coded & ~in_2015)]
    groups.append(np.flatnonzero(~coded))
    a, b, c = groups
    return Rows(
        flags[a],
        flags[b],
        flags[c],
        np.log(since[a]),
        np.log(held[a] - since[a]),
        np.log(held[b]),
        np.log(held[c]),
        np.concatenate(groups),
    )


def covariates(flags: Flags, model: int) -> NDArray[np.float64]:
    """Design matrix of a model from flags, constant last, shape (n, terms)."""
    index = [FLAGS.index(term) for term in TERMS[model] if term != "constant"]
    return np.column_stack([flags[:, index], np.ones(len(flags))]).astype(float)


def moments(flags: Flags) -> NDArray[np.int64]:
    """Counts of women with one or two of the flags, shape (11, 11), symmetric.

    These integers determine every number of Table 3 for the sample.
    """
    with_constant = np.column_stack([np.ones(len(flags), dtype=np.int64), flags])
    out: NDArray[np.int64] = with_constant.T @ with_constant
    return out


def null_move(
    flags: Flags, rng: np.random.Generator, attempts: int = 2000
) -> tuple[Flags, NDArray[np.int64]] | None:
    """Propose flags with the same moments: two opposite exchanges between two pairs of rows.

    If rows i and j differ by (a, b), a on the exchanged flags and b on the others, the
    exchange changes the cross-moments by -a b'. A second pair that differs by (a, -b)
    undoes it.

    Parameters
    ----------
    flags : array, shape (n, 10)
        Rows of one group.
    rng : Generator
        Source of the proposal.
    attempts : int
        Random draws before giving up.

    Returns
    -------
    (flags, rows) or None
        Changed copy and the four rows that changed.
    """
    patterns, member = np.unique(flags, axis=0, return_inverse=True)
    member = member.ravel()
    weights = 3 ** np.arange(flags.shape[1])
    gaps = patterns[:, None, :] - patterns[None, :, :]
    codes = gaps @ weights
    for _ in range(attempts):
        first, second = rng.integers(len(patterns), size=2)
        exchanged = np.zeros(flags.shape[1], dtype=bool)
        for block in BLOCKS:
            exchanged[list(block)] = rng.random() < 0.35
        gap = gaps[first, second]
        if not gap[exchanged].any() or not gap[~exchanged].any():
            continue
        partners = np.argwhere(codes == np.where(exchanged, gap, -gap) @ weights)
        if not len(partners):
            continue
        third, fourth = partners[rng.integers(len(partners))]
        rows = np.array(
            [rng.choice(np.flatnonzero(member == p)) for p in (first, second, third, fourth)]
        )
        if len(np.unique(rows)) < 4:
            continue
        changed = flags.copy()
        for one, other in (rows[:2], rows[2:]):
            changed[one, exchanged] = flags[other, exchanged]
            changed[other, exchanged] = flags[one, exchanged]
        return changed, rows
    return None
