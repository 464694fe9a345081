"""Plans for a class of 50 or 80 minutes, made from a notebook's own steps.

A plan is a proposal. A section is worth a class's time as a whole: a prediction, its panel,
one exercise to argue about. So whole sections are taken while there is room, the first one
first, then those with the most to judge; what is left over fills the time or goes home.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from helpers.exercises.table import LEVELS, Solution
from helpers.teaching.cutting import Outline, Step

LENGTHS: Final = (50, 80)
_OPENING, _CLOSING = 4, {50: 5, 80: 8}
_TAKES: Final = {"predict": 3, "panel": 6}
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
    section: int
    heading: str
    step: Step
    takes: int
    try_it: str = ""


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
    every = _parts(outline, items)
    closing = _CLOSING.get(minutes, max(4, minutes // 10))
    room = minutes - _OPENING - closing
    chosen = _choose(every, items, room)
    parts = [part for n, part in enumerate(every) if n in chosen]
    _stretch(parts, room)
    question = plain(outline.question or outline.title)
    lines = [Item(0, _OPENING, f"Opening: {question}", _OPEN_HOW)]
    clock = _OPENING
    for part in parts:
        lines.append(Item(clock, clock + part.takes, _name(part, items), _how(part, items)))
        clock += part.takes
    lines.append(Item(clock, minutes, "Closing: what this cannot show", _CLOSE_HOW))
    home = [_name(part, items) for n, part in enumerate(every) if n not in chosen]
    return Plan(minutes, tuple(lines), tuple(home))


def plain(text: str) -> str:
    """Return Markdown text without its marks of emphasis and code."""
    return re.sub(r"(?<![\w*])\*+(?=\S)|(?<=\S)\*+(?![\w*])|`", "", text)


def _parts(outline: Outline, items: Mapping[str, Solution]) -> list[_Part]:
    parts: list[_Part] = []
    for number, section in enumerate(outline.sections):
        for step in section.steps:
            if step.what != "try":
                parts.append(_Part(number, section.heading, step, _takes(step, items)))
            elif parts and parts[-1].section == number and parts[-1].step.what == "panel":
                parts[-1].try_it = plain(step.text)
    return parts


def _choose(parts: list[_Part], items: Mapping[str, Solution], room: int) -> set[int]:
    """Return the positions of the parts that a class has time for."""
    sections: dict[int, list[int]] = {}
    for place, part in enumerate(parts):
        sections.setdefault(part.section, []).append(place)
    cores = {n: _core(parts, places, items) for n, places in sections.items()}
    first = min(sections, default=0)
    order = sorted(sections, key=lambda n: (n != first, -_worth(parts, cores[n], items), n))
    chosen: set[int] = set()
    for number in order:
        if sum(parts[p].takes for p in chosen | cores[number]) <= room:
            chosen |= cores[number]
    taken = {parts[p].section for p in chosen}
    rest = [p for p in range(len(parts)) if p not in chosen]
    # A prediction without its panel is no use, so other sections lend only panels.
    rest = [p for p in rest if parts[p].section in taken or parts[p].step.what == "panel"]
    rest.sort(key=lambda p: (parts[p].section not in taken, -_rank(parts[p].step, items), p))
    for place in rest:
        if sum(parts[p].takes for p in chosen) + parts[place].takes <= room:
            chosen.add(place)
    return chosen or ({0} if parts else set())


def _core(parts: list[_Part], places: list[int], items: Mapping[str, Solution]) -> set[int]:
    """Return a section's first prediction, first panel, and the exercise most worth arguing."""
    core = set()
    for what in ("predict", "panel"):
        core |= set([p for p in places if parts[p].step.what == what][:1])
    talk = [p for p in places if parts[p].step.what == "exercise"]
    return core | set(sorted(talk, key=lambda p: (-_rank(parts[p].step, items), p))[:1])


def _worth(parts: list[_Part], core: set[int], items: Mapping[str, Solution]) -> int:
    return sum(_rank(parts[p].step, items) for p in core)


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
    if step.what in {"panel", "predict"}:
        return 12
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
    heading, step = plain(part.heading), part.step
    if step.what == "panel":
        return f"{heading}: panel “{step.text}”"
    if step.what == "predict":
        return f"{heading}: prediction {step.identifier}"
    item = items.get(step.identifier)
    kind = f" ({item.fields.get('level') or item.kind})" if item else ""
    return f"{heading}: exercise {step.identifier}{kind}"


def _how(part: _Part, items: Mapping[str, Solution]) -> str:
    step = part.step
    if step.what == "predict":
        return "Everybody records a prediction before anyone scrolls on; poll, then reveal."
    if step.what == "panel" and part.try_it:
        return f"Show it once; then in pairs: {part.try_it}"
    if step.what == "panel":
        return "Show it once, then let pairs move it. Ask for the sentence under the chart."
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
