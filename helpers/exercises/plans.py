"""Plans for a class of 50 or 80 minutes, made from a notebook's own steps.

A plan is a proposal: every step of the notebook gets the minutes its kind usually takes;
when the class is too short, exercises go home first (the easy ones before the hard ones),
then the panels of the later sections are only shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from helpers.exercises.build import LEVELS, Solution
from helpers.exercises.cutting import Outline, Section, Step

LENGTHS: Final = (50, 80)
_OPENING, _CLOSING = 4, {50: 5, 80: 8}
_TAKES: Final = {"predict": 3, "panel": 5, "try": 3}
_EXERCISE_TAKES: Final = {
    "number": 4, "choice": 3, "multiple": 4, "ordering": 4, "text": 3, "code": 8, "reflection": 8,
}  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One line of a plan: from minute, to minute, what happens, and how to run it."""

    start: int
    end: int
    what: str
    how: str


@dataclass(frozen=True)
class Plan:
    """A plan of a class: its length, its lines, and what is left for home."""

    minutes: int
    items: tuple[Item, ...]
    home: tuple[str, ...]


@dataclass
class _Part:
    section: Section
    step: Step
    takes: int
    rank: int  # the lower, the sooner it goes home


def make_plan(outline: Outline, items: Mapping[str, Solution], minutes: int) -> Plan:
    """Return the plan of a class of so many minutes.

    Parameters
    ----------
    outline : Outline
        Of the notebook.
    items : mapping of str to Solution
        Its exercises by id.
    minutes : int
        Length of the class, e.g. 50 or 80.
    """
    parts = [
        _Part(section, step, _takes(step, items), _rank(step, items))
        for section in outline.sections
        for step in section.steps
    ]
    closing = _CLOSING.get(minutes, max(4, minutes // 10))
    room = minutes - _OPENING - closing
    home: list[_Part] = []
    while sum(p.takes for p in parts) > room and len(parts) > 1:
        # Of parts of the same rank the last in the notebook goes first.
        least = min(range(len(parts)), key=lambda i: (parts[i].rank, -i))
        home.append(parts.pop(least))
    _stretch(parts, room)
    lines = [Item(0, _OPENING, f"Opening: {outline.question or outline.title}", _OPEN_HOW)]
    clock = _OPENING
    for part in parts:
        what = _name(part, items)
        lines.append(Item(clock, clock + part.takes, what, _how(part.step, items)))
        clock += part.takes
    lines.append(Item(clock, minutes, "Closing: what this cannot show", _CLOSE_HOW))
    order = {id(step): n for n, step in enumerate(s for sec in outline.sections for s in sec.steps)}
    home.sort(key=lambda p: order[id(p.step)])
    left = [p for p in home if p.step.what != "try"]
    return Plan(minutes, tuple(lines), tuple(_name(p, items) for p in left))


_OPEN_HOW = "Read the question aloud. Everybody has the notebook open and has chosen Run All Cells."
_CLOSE_HOW = (
    "Let three students each name one thing that the evidence cannot show; compare with the "
    "section of that name. Name what is left for home."
)


def _takes(step: Step, items: Mapping[str, Solution]) -> int:
    if step.what != "exercise":
        return _TAKES[step.what]
    item = items.get(step.identifier)
    return _EXERCISE_TAKES.get(item.kind, 4) if item else 4


def _rank(step: Step, items: Mapping[str, Solution]) -> int:
    """Return how dear a step is to a class: talk and judgement are what a class is for."""
    if step.what == "panel":
        return 20
    if step.what == "predict":
        return 18
    if step.what == "try":
        return 4
    item = items.get(step.identifier)
    if item is None:
        return 0
    if item.kind in {"reflection", "code"}:
        return 1
    level = str(item.fields.get("level", "apply"))
    return 5 + (LEVELS.index(level) if level in LEVELS else 2)


def _stretch(parts: list[_Part], room: int) -> None:
    """Give what is left of the time to the panels, then to whatever there is."""
    spare = room - sum(p.takes for p in parts)
    first = [p for p in parts if p.step.what == "panel"] or parts
    for number in range(max(spare, 0)):
        first[number % len(first)].takes += 1


def _name(part: _Part, items: Mapping[str, Solution]) -> str:
    heading = part.section.heading
    step = part.step
    if step.what == "panel":
        return f"{heading}: panel “{step.text}”"
    if step.what == "try":
        return f"{heading}: try it"
    if step.what == "predict":
        return f"{heading}: prediction {step.identifier}"
    item = items.get(step.identifier)
    kind = f" ({item.fields.get('level') or item.kind})" if item else ""
    return f"{heading}: exercise {step.identifier}{kind}"


def _how(step: Step, items: Mapping[str, Solution]) -> str:
    if step.what == "predict":
        return "Everybody records a prediction before anyone scrolls on; poll, then reveal."
    if step.what == "panel":
        return "Show it once, then let pairs move it. Ask for the sentence under the chart."
    if step.what == "try":
        return f"In pairs: {step.text}"
    item = items.get(step.identifier)
    kind = item.kind if item else ""
    if kind in {"choice", "multiple", "ordering"}:
        return "Vote by hand first, let two who disagree give reasons, then check."
    if kind == "reflection":
        return "Write alone, swap with a neighbor, read with the rubric."
    return "Alone, two minutes; compare with a neighbor; then check."


def plan_rows(plan: Plan) -> list[dict[str, Any]]:
    """Return a plan as rows with minutes, what and how."""
    return [{"minutes": f"{i.start}–{i.end}", "what": i.what, "how": i.how} for i in plan.items]
