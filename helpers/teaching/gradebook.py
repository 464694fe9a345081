"""A table that Canvas or Moodle imports: one row a student, one column a notebook.

Canvas asks for the columns Student, ID (or SIS User ID or SIS Login ID) and Section, then one
column an assignment, with the row "Points Possible" first; Moodle asks for a column that
identifies a student and one for each grade, and lets you map them. The columns that identify
are the roster's own, so a list exported from the gradebook goes back into it.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from typing import Final

from helpers.exercises import grading
from helpers.teaching.course import HANDED_IN, Result
from helpers.teaching.pages import cell_safe
from helpers.teaching.places import fold

_UNSCORED: Final = frozenset({"prediction", "reflection"})


def gradebook_text(result: Result) -> str:
    """Return the table as CSV: right answers by notebook; empty where nothing was handed in."""
    possible: dict[str, set[str]] = defaultdict(set)
    points: dict[tuple[str, str], int] = defaultdict(int)
    for line in result.lines:
        if line.kind in _UNSCORED:
            continue
        book = line.exercise.split(".")[0]
        possible[book].add(line.exercise)
        points[line.student, book] += line.state == grading.RIGHT
    books = sorted(possible)
    listed = [s for s in result.standings if s.in_roster or not result.roster]
    head = list(dict.fromkeys(name for s in listed for name, _ in s.columns))
    known = {fold(name) for name in head}
    named = not ("first name" in known and known & {"surname", "last name"})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    first = ["Student"] if named else []
    writer.writerow([*first, *map(cell_safe, head), *(f"Notebook {book}" for book in books)])
    if {"id", "section"} <= known:
        empty = [""] * len(head)
        writer.writerow(["    Points Possible", *empty, *(len(possible[b]) for b in books)])
    for s in listed:
        own = dict(s.columns)
        scores = [points[s.name, b] if s.state == HANDED_IN else "" for b in books]
        cells = [*([s.name] if named else []), *(own.get(name, "") for name in head)]
        writer.writerow([*map(cell_safe, cells), *scores])
    return out.getvalue()
