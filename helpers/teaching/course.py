"""A course, what came back from it, and what was found: shared by collecting and reporting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from helpers.exercises import grading
from helpers.exercises.seal import Entry
from helpers.teaching.roster import Student

MISSING, WRITTEN_ONLY, AS_SAID = "No answer", "from the cells", "as the student's copy said"
CHECKED, RUN = "checked here", "run and checked here"


@dataclass(frozen=True)
class Question:
    """An exercise in words: what is asked, and what the class may be asked about it."""

    text: str
    discussion: str = ""


@dataclass
class Course:
    """What answers are checked against.

    Attributes
    ----------
    entries : dict
        Of the bank, by exercise.
    own : dict
        Entries that are one student's own, by key and exercise.
    students : tuple of Student
        Who was to hand in; empty when there is no roster.
    build : str
    cells : frozenset of str
        Code cells as they were handed out.
    cohorts : callable
        Texts of the files of a student's own cohort, by key.
    own_cohorts : bool
    questions : dict of str to Question
    numbers : dict
        (answer, tolerance) of what differs between students, by key and exercise.
    """

    entries: dict[str, Entry]
    own: dict[str, dict[str, Entry]] = field(default_factory=dict)
    students: tuple[Student, ...] = ()
    build: str = ""
    cells: frozenset[str] = frozenset()
    cohorts: Callable[[str], dict[str, str]] = lambda _: {}
    own_cohorts: bool = False
    questions: dict[str, Question] = field(default_factory=dict)
    numbers: dict[str, dict[str, tuple[float, float]]] = field(default_factory=dict)

    def entry(self, identifier: str, key: str) -> Entry | None:
        """Return the entry of an exercise as this student has it, or None if it is unknown."""
        common = self.entries.get(identifier)
        if common is not None and common.get("varies") and self.own_cohorts:
            return self.own.get(key, {}).get(identifier)
        return common


@dataclass
class Line:
    """One student and one exercise."""

    student: str
    key: str
    exercise: str
    kind: str
    level: str
    state: str
    answer: Any = None
    message: str = ""
    tries: int = 0
    before: Any = None
    after: Any = None
    solution_shown: bool = False
    checked: str = ""
    file: str = ""


HANDED_IN, UNREADABLE_FILES, NOTHING = "handed in", "unreadable", "missing"


@dataclass(frozen=True)
class Standing:
    """Where one student stands.

    Attributes
    ----------
    name, key : str
    state : {"handed in", "unreadable", "missing"}
    made : str
        When the newest file was made, as it says, to the minute in this computer's time.
    late : bool
    known_by : str
        What told whose the files are.
    unreadable : tuple of (file, text)
        Files of hers that cannot be used.
    columns : tuple of (str, str)
        What the roster says of her; empty for somebody who is not in it.
    in_roster : bool
    """

    name: str
    key: str
    state: str
    made: str = ""
    late: bool = False
    known_by: str = ""
    unreadable: tuple[tuple[str, str], ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    in_roster: bool = False


@dataclass(frozen=True)
class Shared:
    """A wrong answer, or several with one reason, and the students who gave it."""

    exercise: str
    message: str
    answers: tuple[str, ...]
    students: tuple[str, ...]


@dataclass
class Result:
    """All lines and standings, all problems, and the wrong answers that were given."""

    lines: list[Line]
    problems: list[tuple[str, str]]
    wrong: dict[str, Counter[tuple[str, str]]]
    exercises: list[str]
    files: int
    build: str
    standings: list[Standing] = field(default_factory=list)
    shared: list[Shared] = field(default_factory=list)
    questions: dict[str, Question] = field(default_factory=dict)
    parts: int = 0
    due: str = ""
    roster: bool = False


def say(value: Any) -> str:
    """Return an answer in words for a table."""
    if value is None:
        return ""
    if isinstance(value, float):
        return grading.number_text(value)
    return "; ".join(str(v) for v in value) if isinstance(value, list) else str(value)
