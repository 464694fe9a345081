"""Read a list of students, and give each a key that says nothing about who it is."""

from __future__ import annotations

import csv
import io
import secrets
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from helpers.teaching.cutting import KitError
from helpers.teaching.places import fold, words
from helpers.teaching.returned import plain_text

COLUMN: Final = "student"
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
    """Return the students of a CSV file, each with a fresh key.

    The file has a column "student", or the columns of a gradebook that Canvas or Moodle
    exported; its other columns are carried along.

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
    head, rows = _table(path)
    try:
        place = {name: head.index(name) for name in ("student", "key", "seed")}
        others = [n for n in range(len(head)) if n not in place.values()]
        return [
            Student(
                _unguarded(row[place["student"]]),
                row[place["key"]],
                int(row[place["seed"]] or 0),
                tuple((head[n], _unguarded(row[n])) for n in others),
            )
            for _, row in rows
        ]
    except (ValueError, IndexError) as error:
        raise KitError(f"{path} cannot be read; put the one back that assign made.") from error


def _unguarded(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from computing it."""
    return cell[1:] if cell[:1] == "'" and cell[1:].lstrip()[:1] in {"=", "+", "-", "@"} else cell


def _table(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the head of a CSV file and its rows with their line numbers."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise KitError(f"{path.name} is not text in UTF-8; save it as 'CSV UTF-8'.") from None
    except OSError as error:
        raise KitError(f"The roster {path} cannot be read ({error.strerror or error}).") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first, _, rest = text.partition("\n")
    mark = ""
    if first.casefold().startswith("sep="):  # Excel's own line
        mark, text = first[4:5], rest
        first = rest.split("\n", 1)[0]
    outside = "".join(first.split('"')[::2])
    mark = mark or max(";\t,", key=outside.count)
    try:
        reader = csv.reader(io.StringIO(text), delimiter=mark, strict=True)
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise KitError(f"{path.name} is not a table ({error}).") from None
    rows = [(line, [" ".join(plain_text(c).split()) for c in row]) for line, row in rows]
    rows = [(line, row) for line, row in rows if any(row)]
    if not rows:
        raise KitError(f'{path.name} is empty; its first line must hold the column "{COLUMN}".')
    head = rows[0][1]
    while head and not head[-1]:
        head.pop()
    for line, row in rows[1:]:
        if len(row) > len(head) and any(row[len(head) :]):
            raise KitError(
                f"{path.name}, line {line}: it has {len(row)} cells, the first line has "
                f"{len(head)}; put a name with a comma between quotation marks."
            )
    return head, [(line, row + [""] * (len(head) - len(row))) for line, row in rows[1:]]


def _people(path: Path) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    head, rows = _table(path)
    known = [fold(name) for name in head]
    kept = range(len(head))
    if COLUMN in known:
        name_from = [known.index(COLUMN)]
        if {"id", "section"} <= set(known):
            kept = [n for n in kept if known[n] in _CANVAS]  # type: ignore[assignment]
    elif "first name" in known and ("surname" in known or "last name" in known):
        last = "surname" if "surname" in known else "last name"
        name_from = [known.index("first name"), known.index(last)]
        kept = [n for n in kept if known[n] in _MOODLE]  # type: ignore[assignment]
    else:
        found = ", ".join(cell[:30] for cell in head[:6])
        raise KitError(f'{path.name} lacks the column "{COLUMN}"; its columns are: {found}.')
    kept = [n for n in kept if head[n] and known[n] not in {COLUMN, "key", "seed"}]  # type: ignore[assignment]
    people = []
    for line, row in rows:
        name = " ".join(row[n] for n in name_from if row[n])
        columns = tuple((head[n], row[n]) for n in kept)
        if fold(name) in _NO_STUDENT or (not name and "manual posting" in map(fold, row)):
            continue
        if not words(name):
            raise KitError(f"{path.name}, line {line}: the student is missing.")
        people.append((line, name, columns))
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
    for line, name, columns in people:
        if count[fold(name)] > 1:
            others = [c for _, n, c in people if fold(n) == fold(name)]
            own = next((v for k, v in columns if v and sum((k, v) in c for c in others) == 1), "")
            name = f"{name} ({own})" if own else name
        if fold(name) in made:
            raise KitError(
                f"{path.name}, line {line}: {name[:60]!r} is already in line "
                f"{made[fold(name)]}; tell the two apart, for example by a number."
            )
        made[fold(name)] = line
        told.append((name, columns))
    return told
