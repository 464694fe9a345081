"""What a build is: what was wished for, what it is made of, and the names of its files."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from helpers.exercises.seal import Entry
from helpers.exercises.table import Solution
from helpers.teaching.roster import Student, new_key
from helpers.teaching.sealing import Sealing

BUILD_FILE: Final = "build.json"
ROSTER_FILE: Final = "roster.csv"
KEY_FILE: Final = "answer_key.csv"
QUESTIONS_FILE: Final = "questions.json"
NUMBERS_FILE: Final = "numbers.json"
# A number has some thousand candidates, so guessing costs seconds at any price; this one
# lets thirty students' numbers be sealed in a minute.
_NUMBER_COST: Final = 2**9


@dataclass(frozen=True)
class Wish:
    """What to build.

    Attributes
    ----------
    notebooks : tuple of Path
        Source notebooks.
    target : Path
        Folder to make; absent or empty.
    students : tuple of Student
        Empty for one set common to all.
    own_data : bool
        Whether each student gets a cohort of her own.
    show_solutions : bool
        Whether the forms may show the solution after the hints.
    edition : bool
        Whether each set holds what is needed to run it, so that nobody needs the suite.
    """

    notebooks: tuple[Path, ...]
    target: Path
    students: tuple[Student, ...] = ()
    own_data: bool = False
    show_solutions: bool = False
    edition: bool = False


@dataclass
class Build:
    """A build under way: its name, its secret, and what it is made of."""

    wish: Wish
    name: str = field(default_factory=new_key)
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    items: dict[str, list[Solution]] = field(default_factory=dict)
    common: dict[str, dict[str, Entry]] = field(default_factory=dict)

    def sealing(self, item: Solution, key: str = "") -> Sealing:
        """Return how an exercise is sealed in this build, for one student or for all."""
        salt = hashlib.sha256(self.secret + f"{key}:{item.identifier}".encode()).digest()[:16]
        cost = _NUMBER_COST if item.kind == "number" else 0
        return Sealing(salt, cost, self.wish.show_solutions)

    def varying(self) -> list[Solution]:
        """Return the exercises that differ between the students of this build."""
        if not self.wish.own_data:
            return []
        from helpers.teaching import own_numbers

        asked = {q.identifier: q for q in own_numbers.QUESTIONS}
        every = [i for items in self.items.values() for i in items if i.fields.get("varies")]
        return [own_numbers.raw(asked[i.identifier]) if i.identifier in asked else i
                for i in every]  # fmt: skip


@dataclass(frozen=True)
class Own:
    """What is a student's own: cohort and long list as CSV, entries, solutions."""

    key: str
    cohort: str
    long_list: str
    entries: dict[str, Entry]
    solutions: dict[str, Solution]
