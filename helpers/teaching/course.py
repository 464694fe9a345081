"""A course, what came back from it, and what was found: shared by collecting and reporting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from helpers.exercises import grading
from helpers.exercises.seal import Entry

MISSING, WRITTEN_ONLY, AS_SAID = "No answer", "from the cells", "as the student's copy said"
CHECKED, RUN = "checked here", "run and checked here"


@dataclass
class Course:
    """What answers are checked against: entries, who is who, and the cells handed out."""

    entries: dict[str, Entry]
    own: dict[str, dict[str, Entry]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    build: str = ""
    cells: frozenset[str] = frozenset()
    cohorts: Callable[[str], dict[str, str]] = lambda _: {}
    own_cohorts: bool = False

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


@dataclass
class Result:
    """All lines, all problems, and the wrong answers that were given."""

    lines: list[Line]
    problems: list[tuple[str, str]]
    wrong: dict[str, Counter[tuple[str, str]]]
    exercises: list[str]
    files: int
    build: str


def say(value: Any) -> str:
    """Return an answer in words for a table."""
    if value is None:
        return ""
    if isinstance(value, float):
        return grading.number_text(value)
    return "; ".join(str(v) for v in value) if isinstance(value, list) else str(value)
