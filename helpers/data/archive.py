"""A folder of somebody's replication files: which tables are in it, and what each can serve.

Tables are known by their columns, not by their names. The authors' own files could not be had
here; this is tried on files of the likely shapes.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from helpers.data.reading import Grid, Source, Unreadable
from helpers.data.reading.grid import plain
from helpers.data.reading.source import KINDS, as_path, look
from helpers.data.schemas import CONCERNS
from helpers.data.uploads import ALIASES, NEEDED, Recipe, match, wanted_names
from helpers.words import listed

MOST_FILES: Final = 200
MOST_ENTRIES: Final = 5000
_SERVES_ROWS: Final = "R2: Tables 3 and 4, columns 1 and 3, from your rows (notebooks 03 and 04)"
_SERVES_ALL: Final = "R2: Tables 3 and 4, all columns, from your rows (notebooks 03 and 04)"
# Other tables of the study, by columns that each must have one of.
_OTHERS: Final = {
    "attention by month (Figure 4); no notebook takes it yet": (
        {"articles", "article", "count", "news", "trends", "hits", "search"},
        {"month", "date", "time", "year_month"},
    ),
    "names by country (Figure 3); no notebook takes it yet": (
        {"country", "country_name"},
        {"n", "names", "count", "cases", "urgent_actions"},
    ),
    "the two lists (Figure 2); no notebook takes it yet": (
        {"short_list", "shortlist", "list", "long_list"},
        {"released", "release", "release_date", "date_released"},
    ),
}


@dataclass(frozen=True)
class Archive:
    """What a folder holds.

    Attributes
    ----------
    found : DataFrame
        file, rows, serves (what it can serve and at which level), missing (what it lacks for
        that); one row a file, in the order of their names.
    rows_file : Path or None
        The one table that can take the synthetic cohort's place.
    said : str
        The whole in a sentence or two.
    """

    found: pd.DataFrame
    rows_file: Path | None
    said: str


def look_through(folder: str | Path) -> Archive:
    """Say of every table in a folder what it is, by its columns; nothing is changed.

    Parameters
    ----------
    folder : str or Path
        A folder, as unpacked from an archive.

    Raises
    ------
    Unreadable
        If there is no such folder, or it holds no table or too many files.
    """
    place = as_path(folder)
    if not place.is_dir():
        raise Unreadable(f"There is no folder '{place}'; unpack the archive and give its folder.")
    everything = list(itertools.islice(place.rglob("*"), MOST_ENTRIES + 1))
    if len(everything) > MOST_ENTRIES:
        raise Unreadable(
            f"{place.name or place} is a folder with more than {MOST_ENTRIES:,} files; give the "
            "folder of the archive, or a file in it."
        )
    files = sorted(path for path in everything if _table(path))
    if not files:
        raise Unreadable(f"{place.name} holds no table ({', '.join(KINDS)}).")
    if len(files) > MOST_FILES:
        raise Unreadable(f"{place.name} holds more than {MOST_FILES} tables; is it the right one?")
    lines, usable = [], []
    for file in files:
        line = {"file": str(file.relative_to(place)), "rows": 0, "serves": "", "missing": ""}
        try:
            grid = look(Source.of_path(file), wanted_names())
        except Unreadable as problem:
            line["missing"] = str(problem)
        else:
            line |= {"rows": len(grid.rows), **_what(grid)}
            if line["serves"] in (_SERVES_ROWS, _SERVES_ALL):
                usable.append(file)
        lines.append(line)
    found = pd.DataFrame(lines)
    return Archive(found, usable[0] if len(usable) == 1 else None, _say(place, found, usable))


def _table(path: Path) -> bool:
    return path.suffix.lower() in KINDS and path.is_file() and not path.name.startswith((".", "~"))


def _what(grid: Grid) -> dict[str, str]:
    try:
        columns = match(grid, Recipe())
    except Unreadable as problem:
        names = {plain(name) for name in grid.names}
        near = [name for name in NEEDED if name in _known(names)]
        if len(near) >= 2:
            return {"serves": "", "missing": str(problem)}
        for serves, needs in _OTHERS.items():
            if all(names & one for one in needs):
                return {"serves": serves, "missing": ""}
        return {"serves": "", "missing": "no table of the study that we know"}
    lacking = [name for name in (*CONCERNS, "region") if name not in columns]
    lacking = [n for n in lacking if n != "region" or "country" not in columns]
    words = f"columns 2, 4 and 5 need {listed(lacking)}" if lacking else ""
    return {"serves": _SERVES_ROWS if lacking else _SERVES_ALL, "missing": words}


def _known(names: set[str]) -> set[str]:
    return {ours for ours in NEEDED if names & {ours, *ALIASES.get(ours, ())}}


def _say(place: Path, found: pd.DataFrame, usable: list[Path]) -> str:
    head = f"{place.name}: {len(found)} tables."
    if len(usable) == 1:
        return f"{head} {usable[0].name} has one row a woman and takes the cohort's place."
    if usable:
        names = listed([file.name for file in usable])
        return f"{head} {names} could each take the cohort's place; give the path of one of them."
    return (
        f"{head} None has the columns {listed(NEEDED)}; what each lacks stands beside it. Give one "
        "file and map its columns."
    )
