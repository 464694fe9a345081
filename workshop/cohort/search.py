"""Improve the committed cohort: null moves on rows, smooth durations, days, audit, in turns.

The loss is open and compared in this order: how many numbers lie beyond the promised
distance (Table 3 one and a half units of the last digit, models 1-4 of Table 4 0.01,
model 5 0.05), how many of the 161 printed digits are missed, the largest difference.
Only a cohort with a smaller loss, by the libraries of the audit, and no artefact is written.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from helpers.data.catalog import DATA
from helpers.study.published import PrintedModel
from workshop.cohort import smooth
from workshop.cohort.audit import audit_table, structural_checks
from workshop.cohort.placing import PlacingError, place
from workshop.cohort.rounding import frame_of, shuffle_campaign_countries
from workshop.cohort.rows import Rows, null_move, rows_of

Printed = dict[tuple[str, int], PrintedModel]
Loss = tuple[int, int, float]

CHECKPOINT: Final = DATA.parent / "work" / "cohort_checkpoint.npz"
"""Outside version control; delete it to start again from the committed rows."""

_PROMISED: Final = {("table3", m): 0.0015 for m in range(1, 6)} | {
    ("table4", m): 0.05 if m == 5 else 0.01 for m in range(1, 6)
}


def loss_of(table: pd.DataFrame) -> Loss:
    """Loss of an audit table: numbers beyond promise, digits missed, largest difference."""
    limit = np.array(
        [_PROMISED[str(row["table"]), int(row["model"])] for row in table.to_dict("records")]
    )
    size = table["difference"].abs().to_numpy()
    return int((size > limit + 1e-9).sum()), int((~table["exact"]).sum()), float(size.max())


def walk(
    rows: Rows,
    printed: Printed,
    rng: np.random.Generator,
    group: str,
    seconds: float,
    heat: float = 1.5,
) -> Rows:
    """Anneal null moves, scoring each by misses and smoothness together.

    A move is tried with one step first and solved further only if that step promises.

    Parameters
    ----------
    rows, printed
        Start and printed columns.
    rng : Generator
        Source of the moves.
    group : {"inside", "outside"}
        Rows that change: those of model 5, or those models 1-4 alone see.
    seconds : float
        Time to spend.
    heat : float
        First temperature, in units of the cost.

    Returns
    -------
    Rows
        The best rows met; Table 3 prints as before.
    """
    jitter = int(rng.integers(2**31))  # one set of quantiles for the whole walk

    def groups(rows: Rows) -> tuple[smooth.Group, ...]:
        return smooth.groups_of(rows, np.random.default_rng(jitter))

    now = best = smooth.solve(rows, printed, groups(rows))
    began = time.monotonic()
    while (spent := time.monotonic() - began) < seconds:
        proposal = null_move(getattr(now.rows, group), rng)
        if proposal is None:
            break
        flags = proposal[0]
        if group == "inside":
            changed = replace(now.rows, inside=flags)
        else:
            changed = replace(now.rows, outside=flags)
        temperature = max(heat * (1 - spent / seconds), 0.05)
        limit = now.cost - temperature * np.log(rng.random())
        try:
            tried = smooth.solve(changed, printed, groups(changed), steps=1, ranks=1)
            if tried.cost < limit + 4 * temperature:
                tried = smooth.solve(tried.rows, printed, groups(changed), steps=5, ranks=1)
        except np.linalg.LinAlgError:
            continue
        if tried.cost < limit:
            now = tried
            if now.cost < best.cost:
                best = now
    return best.rows


def finish(
    rows: Rows, printed: Printed, template: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Solve the durations of rows, round to days, place them in the calendar, write a frame.

    Raises
    ------
    PlacingError
        If the lengths leave an artefact whatever the calendar.
    """
    groups = smooth.groups_of(rows, rng)
    solved = smooth.even(rows, printed, groups)
    days = smooth.whole_days(smooth.sparse_misses(solved.rows, printed, groups), printed, groups)
    return shuffle_campaign_countries(place(frame_of(days, template, rng), rng), rng)


def save_checkpoint(rows: Rows, template: pd.DataFrame, turn: int, path: Path) -> None:
    """Keep the state of the search outside version control."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {field.name: getattr(rows, field.name) for field in fields(Rows)}
    partial = path.with_suffix(".partial.npz")
    np.savez(partial, turn=turn, frame=json.dumps(template.to_json(date_format="iso")), **arrays)
    partial.replace(path)


def load_checkpoint(path: Path) -> tuple[Rows, pd.DataFrame, int]:
    """Read what `save_checkpoint` wrote."""
    with np.load(path) as kept:
        rows = Rows(**{field.name: kept[field.name] for field in fields(Rows)})
        frame = pd.DataFrame(json.loads(json.loads(str(kept["frame"]))))
        turn = int(kept["turn"])
    for name in ("arrested", "left_prison"):
        frame[name] = pd.to_datetime(frame[name]).dt.tz_localize(None)
    return rows, frame.reset_index(drop=True), turn


def improve(
    cohort: pd.DataFrame,
    printed: Printed,
    *,
    seed: int,
    turns: int,
    seconds: float = 60.0,
    checkpoint: Path | None = CHECKPOINT,
    write: Callable[[pd.DataFrame], None] = lambda frame: None,
    say: Callable[[str], None] = print,
) -> tuple[pd.DataFrame, Loss]:
    """Improve a cohort in turns; each turn walks, solves, rounds and audits.

    Parameters
    ----------
    cohort : DataFrame
        Start.
    printed : dict
        Printed columns.
    seed : int
        Turn t draws from a generator seeded with (seed, t), so a resumed search draws what
        an uninterrupted one would have. How far a walk gets depends on the machine.
    turns : int
        Turns to take; the two groups of rows alternate.
    seconds : float
        Length of one walk.
    checkpoint : Path, optional
        Resumed from if it exists, written after every turn; None for neither.
    write : callable
        Called with each better cohort.
    say : callable
        Receives one line a turn.

    Returns
    -------
    (DataFrame, Loss)
        Best cohort and its loss.
    """
    best, best_loss = cohort, loss_of(audit_table(cohort, printed))
    say(f"start: beyond promise, digits missed, largest difference = {best_loss}")
    rows, template, first = rows_of(cohort), cohort, 0
    if checkpoint is not None and checkpoint.exists():
        rows, template, first = load_checkpoint(checkpoint)
        say(f"resumed after turn {first} from {checkpoint.name}")
    for turn in range(first + 1, first + turns + 1):
        rng = np.random.default_rng([seed, turn])
        rows = walk(rows, printed, rng, "inside" if turn % 2 else "outside", seconds)
        try:
            frame = finish(rows, printed, template, rng)
        except PlacingError as error:
            say(f"turn {turn}: {error}")
            continue
        loss = loss_of(audit_table(frame, printed))
        sound = all(check.passed for check in structural_checks(frame))
        better = sound and loss < best_loss
        if better:
            best, best_loss = frame, loss
            write(frame)
        if checkpoint is not None:
            save_checkpoint(rows, template, turn, checkpoint)
        say(f"turn {turn}: {loss}{' written' if better else ''}; best {best_loss}")
    return best, best_loss
