"""Point out what two students' files have in common that two people rarely have.

Nothing here proves anything: friends share a computer, a file is sent on to be printed, a
teaching assistant tries a set. Each line says what was seen and leaves the asking to you.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import Final

from helpers.exercises import grading
from helpers.exercises.reading import UnreadableAnswer, parse_number
from helpers.teaching.course import Course, Line, say
from helpers.teaching.piles import Note, Pile, history_of, moment

_TO_THE_SECOND: Final = 19
_FEWEST: Final = 3
_LONG_TEXT: Final = 80
_MANY, _AT_ONCE = 10, 30


def identical(piles: Sequence[Pile]) -> list[Note]:
    """Return a line for each two students whose histories or longer texts are the same.

    Two histories are alike where the same answer was given to the same exercise in the same
    second, three times or more.
    """
    told: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    sizes: Counter[int] = Counter()
    texts: dict[str, set[int]] = defaultdict(set)
    notes: list[Note] = []
    for number, pile in enumerate(piles):
        mine = {
            entry
            for part in pile.parts
            for entry in history_of(part)
            if len(entry[1]) >= _TO_THE_SECOND
        }
        sizes[number] = len(mine)
        for entry in mine:
            told[entry].add(number)
        for record, _ in pile.records.values():
            text = " ".join(record["value"].split()) if isinstance(record["value"], str) else ""
            if len(text) >= _LONG_TEXT and not text.startswith("def "):
                texts[text.casefold()].add(number)
        notes += _at_once(pile)
    common: Counter[tuple[int, int]] = Counter()
    for those in told.values():
        common.update(combinations(sorted(those), 2))
    for (one, other), count in common.most_common():
        if count >= _FEWEST:
            least = min(sizes[one], sizes[other])
            notes.append(
                (_both(piles, one, other), f"{count} of {least} answers are the same to the "
                 "second: one computer for two, or one file from the other; ask before you judge")
            )  # fmt: skip
    for those in texts.values():
        for one, other in combinations(sorted(those), 2):
            notes.append((_both(piles, one, other), "a longer text is the same word for word"))
    return notes


def _both(piles: Sequence[Pile], one: int, other: int) -> str:
    return f"{piles[one].name} and {piles[other].name}"


def _at_once(pile: Pile) -> list[Note]:
    """Return a line where many answers were given within seconds, by a program or a paste."""
    times = sorted(m for r, _ in pile.records.values() for h in r["history"][-1:]
                   if (m := moment(h["at"])) and len(h["at"]) >= _TO_THE_SECOND)  # fmt: skip
    if len(times) < _MANY:
        return []
    seconds = (times[-1] - times[0]).total_seconds()
    if seconds > _AT_ONCE:
        return []
    return [(pile.name, f"{len(times)} answers were given within {seconds:.0f} seconds; ask how")]


def of_a_classmate(piles: Sequence[Pile], lines: Sequence[Line], course: Course) -> list[Note]:
    """Name answers that are wrong for a student's own cohort and right for a classmate's.

    The message of such a line is replaced. A number may fit another cohort by chance: the
    wider the tolerance and the larger the class, the likelier, so one alone is said to be so.
    """
    names = {s.key: s.name for s in course.students}
    notes: list[Note] = []
    for pile in piles:
        mine = [x for x in lines if x.student == pile.name and x.state == grading.NOT_YET]
        hits: dict[str, list[Line]] = defaultdict(list)
        for line in mine:
            value = _number(line.answer)
            for key, of in course.numbers.items():
                if key == pile.key or value is None or line.exercise not in of:
                    continue
                answer, tolerance = of[line.exercise]
                if abs(value - answer) <= tolerance or math.isclose(value, answer, rel_tol=1e-9):
                    hits[key].append(line)
        if not hits:
            continue
        key, found = max(hits.items(), key=lambda kv: len(kv[1]))
        whose = names.get(key, key)
        listed = ", ".join(line.exercise for line in found)
        chance = "; one may be chance" if len(found) == 1 else ""
        notes.append(
            (pile.name, f"not the answer of the own cohort, but of {whose}'s: {listed}{chance}")
        )
        for line in found:
            line.message = f"{say(line.answer)} is the answer for the cohort of {whose}{chance}."
    return notes


def _number(value: object) -> float | None:
    try:
        return parse_number(value, "%")
    except (UnreadableAnswer, OverflowError):
        return None
