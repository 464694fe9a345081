"""Read a list of students, and give each a key that says nothing about who it is."""

from __future__ import annotations

import csv
import io
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from helpers.teaching.cutting import KitError

COLUMN: Final = "student"
MOST: Final = 500
# No 0/O, 1/I/L: keys are read aloud and typed.
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH: Final = 8


@dataclass(frozen=True)
class Student:
    """A student as the instructor knows her, her key, and the seed of her cohort."""

    name: str
    key: str
    seed: int


def new_key() -> str:
    """Return a random key; it is drawn, not made from a name, so it leads back to nobody."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def read_roster(path: Path) -> list[Student]:
    """Return the students of a CSV file with a column "student", each with a fresh key.

    Raises
    ------
    KitError
        One sentence saying what is wrong with the file.
    """
    names = _names(path)
    keys: set[str] = set()
    while len(keys) < len(names):
        keys.add(new_key())
    seeds = iter([secrets.randbelow(2**31) for _ in names])
    return [
        Student(name, key, seed)
        for name, key, seed in zip(names, sorted(keys, key=_shuffling), seeds, strict=True)
    ]


def _shuffling(_: str) -> int:
    return secrets.randbits(64)


def _names(path: Path) -> list[str]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise KitError(f"{path.name} is not text in UTF-8; save it as 'CSV UTF-8'.") from None
    except OSError as error:
        raise KitError(f"The roster {path} cannot be read ({error.strerror or error}).") from None
    try:
        mark = ";" if ";" in text.split("\n", 1)[0] else ","
        rows = list(csv.reader(io.StringIO(text), delimiter=mark, strict=True))
    except csv.Error as error:
        raise KitError(f"{path.name} is not a table ({error}).") from None
    if not rows:
        raise KitError(f'{path.name} is empty; its first line must hold the column "{COLUMN}".')
    head = [cell.strip().casefold() for cell in rows[0]]
    if COLUMN not in head:
        found = ", ".join(cell.strip()[:30] for cell in rows[0][:6])
        raise KitError(f'{path.name} lacks the column "{COLUMN}"; its columns are: {found}.')
    place = head.index(COLUMN)
    listed = [(n, row) for n, row in enumerate(rows[1:], start=2) if any(c.strip() for c in row)]
    if not listed:
        raise KitError(f"{path.name} lists no student.")
    if len(listed) > MOST:
        raise KitError(
            f"{path.name} lists {len(listed)} students; at most {MOST} are built at once, "
            "so split it into one file a group."
        )
    names: list[str] = []
    lines: dict[str, int] = {}
    for number, row in listed:
        name = " ".join(row[place].split()) if place < len(row) else ""
        if not name:
            raise KitError(f"{path.name}, line {number}: the student is missing.")
        if name.casefold() in lines:
            raise KitError(
                f"{path.name}, line {number}: {name[:60]!r} is already in line "
                f"{lines[name.casefold()]}; tell the two apart, for example by a number."
            )
        lines[name.casefold()] = number
        names.append(name)
    return names
