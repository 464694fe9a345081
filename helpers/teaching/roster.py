"""Read a list of students, and give each a key that says nothing about who it is."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from helpers.data.reading import Grid, Source, Unreadable, only_reading
from helpers.teaching.cutting import KitError
from helpers.teaching.places import fold, words
from helpers.teaching.returned import plain_text

COLUMN: Final = "student"
_NAMES: Final = frozenset({COLUMN, "first_name", "surname", "last_name"})
MOST: Final = 500
# No 0/O, 1/I/L: keys are read aloud and typed.
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH: Final = 8
# What gradebooks say of a person; their other columns are grades.
_CANVAS: Final = ("id", "sis user id", "sis login id", "integration id", "root account", "section")
_MOODLE: Final = (
    "first name", "surname", "last name", "id number", "institution", "department",
    "email address", "username", "groups",
)  # fmt: skip
_NO_STUDENT: Final = frozenset({"points possible", "test student", "student, test", "student test"})


@dataclass(frozen=True)
class Student:
    """A student as the instructor knows her, her key, and the seed of her cohort.

    Attributes
    ----------
    columns : tuple of (str, str)
        What the roster says besides the name, by the roster's own column names.
    """

    name: str
    key: str
    seed: int
    columns: tuple[tuple[str, str], ...] = ()

    @property
    def marks(self) -> frozenset[str]:
        """What tells this student from all others besides a name: numbers, logins, addresses."""
        named = {fold(v) for k, v in self.columns if fold(k) not in {"section", "groups"}}
        return frozenset(v for v in named if v)


def new_key() -> str:
    """Return a random key; it is drawn, not made from a name, so it leads back to nobody."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def read_roster(path: Path) -> list[Student]:
    """Return the students of a table, each with a fresh key.

    The file, CSV or a workbook, has a column "student" or the columns of a gradebook that
    Canvas or Moodle exported; its other columns are carried along.

    Raises
    ------
    KitError
        One sentence saying what is wrong with the file.
    """
    people = _people(path)
    keys: set[str] = set()
    while len(keys) < len(people):
        keys.add(new_key())
    return [
        Student(name, key, secrets.randbelow(2**31), columns)
        for (name, columns), key in zip(people, sorted(keys, key=_shuffling), strict=True)
    ]


def _shuffling(_: str) -> int:
    return secrets.randbits(64)


def read_kept(path: Path) -> list[Student]:
    """Return the students of the roster that `assign` wrote, with their keys.

    Raises
    ------
    KitError
        If it is no such roster.
    """
    grid, _ = _table(path)
    try:
        place = {name: grid.names.index(name) for name in (COLUMN, "key", "seed")}
        others = [n for n in range(len(grid.names)) if n not in place.values()]
        return [
            Student(
                _unguarded(row[place[COLUMN]]),
                row[place["key"]],
                int(row[place["seed"]] or 0),
                tuple((grid.names[n], _unguarded(row[n])) for n in others),
            )
            for row in grid.cells
        ]
    except ValueError as error:
        raise KitError(f"{path} cannot be read; put the one back that assign made.") from error


def _unguarded(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from computing it."""
    return cell[1:] if cell[:1] == "'" and cell[1:].lstrip()[:1] in {"=", "+", "-", "@"} else cell


def _name_columns(grid: Grid) -> list[int]:
    """Return the places of the columns that make a name.

    Raises
    ------
    Unreadable
        If there are none, or each row has a cell more than the header: read as the names of
        the rows, family names would be lost.
    """
    known = [fold(name) for name in grid.names]
    if COLUMN in known:
        places = [known.index(COLUMN)]
    elif "first name" in known and ("surname" in known or "last name" in known):
        last = "surname" if "surname" in known else "last name"
        places = [known.index("first name"), known.index(last)]
    else:
        found = ", ".join(name[:30] for name in grid.names[:6])
        raise Unreadable(f'{grid.file} lacks the column "{COLUMN}"; its columns are: {found}.')
    if "row names" in grid.how:
        raise Unreadable(
            f"{grid.file}, row {grid.rows[0]}: it has a cell more than the header; put a name "
            "with a comma between quotation marks."
        )
    return places


def _table(path: Path) -> tuple[Grid, list[int]]:
    """Return a table without marks that cannot be seen, and the columns that make a name."""
    try:
        grid, places = only_reading(Source.of_path(path), _NAMES, _name_columns)
    except Unreadable as problem:
        raise KitError(str(problem)) from None
    cells = [[" ".join(plain_text(cell).split()) for cell in row] for row in grid.cells]
    return replace(grid, cells=cells), places


def _people(path: Path) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    grid, name_from = _table(path)
    known = [fold(name) for name in grid.names]
    platform: Collection[str] = known
    if COLUMN not in known:
        platform = _MOODLE
    elif {"id", "section"} <= set(known):
        platform = _CANVAS
    kept = [n for n, k in enumerate(known) if k in platform and k not in {COLUMN, "key", "seed"}]
    people = []
    for number, row in zip(grid.rows, grid.cells, strict=True):
        name = " ".join(row[n] for n in name_from if row[n])
        columns = tuple((grid.names[n], row[n]) for n in kept)
        if fold(name) in _NO_STUDENT or (not name and "manual posting" in map(fold, row)):
            continue
        if not words(name):
            raise KitError(f"{path.name}, row {number}: the student is missing.")
        people.append((number, name, columns))
    if not people:
        raise KitError(f"{path.name} lists no student.")
    if len(people) > MOST:
        raise KitError(
            f"{path.name} lists {len(people)} students; at most {MOST} are built at once, "
            "so split it into one file a group."
        )
    return _told_apart(path, people)


def _told_apart(
    path: Path, people: list[tuple[int, str, tuple[tuple[str, str], ...]]]
) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Return the students, those of one name with what else the roster says of them."""
    count = Counter(fold(name) for _, name, _ in people)
    made: dict[str, int] = {}
    told = []
    for number, name, columns in people:
        if count[fold(name)] > 1:
            others = [c for _, n, c in people if fold(n) == fold(name)]
            own = next((v for k, v in columns if v and sum((k, v) in c for c in others) == 1), "")
            name = f"{name} ({own})" if own else name
        if fold(name) in made:
            raise KitError(
                f"{path.name}, row {number}: {name[:60]!r} is already in row "
                f"{made[fold(name)]}; tell the two apart, for example by a number."
            )
        made[fold(name)] = number
        told.append((name, columns))
    return told
