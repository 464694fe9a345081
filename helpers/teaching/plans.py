"""Plans of a class: written by hand beside the notebook, or proposed for a notebook without.

A plan is text, ``plans/NN.md`` beside the notebooks::

    ## 50 minutes
    Aim: one sentence, what the class can do or say at its end.

    ### 0-6 Open: what happens
    What to do, in plain words.
    Panel: Which test | line=0.05
    Exercise: 02.p1
    Expect: what the class will say or the panel will show.

    Late: what to cut, in which order.
    Home: 02.5, 02.6

Each length has one aim, an opening, three beats and a close, whose minutes join without a gap,
each with what to expect. Panels are named as on the screen, with the line *Setting* to open,
empty for the start. `problems` says what no longer fits the notebook.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from helpers.exercises.table import Solution, notebooks_dir, read_solutions
from helpers.teaching import cutting
from helpers.teaching.cutting import Outline, Step

LENGTHS: Final = (50, 80)
BEATS: Final = 5
_MARKS: Final = ("Panel", "Exercise", "Expect")


@dataclass(frozen=True)
class Beat:
    """One part of a class.

    Attributes
    ----------
    start, end : int
        Minutes.
    title, text : str
        What happens and how; the text is Markdown.
    panels : tuple of (name, setting)
    exercises : tuple of str
        Ids.
    expect : str
        What the class will answer, or where the picture turns.
    """

    start: int
    end: int
    title: str
    text: str = ""
    panels: tuple[tuple[str, str], ...] = ()
    exercises: tuple[str, ...] = ()
    expect: str = ""


@dataclass(frozen=True)
class Plan:
    """A class: its length, its aim, its parts, what to cut when late, what is for home."""

    minutes: int
    aim: str
    beats: tuple[Beat, ...]
    late: str = ""
    home: str = ""
    by_hand: bool = True


def plain(text: str) -> str:
    """Return Markdown text without its marks of emphasis and code."""
    return re.sub(r"(?<![\w*])\*+(?=\S)|(?<=\S)\*+(?![\w*])|`", "", text)


# Written plans --------------------------------------------------------------------------------


def plan_path(notebook: Path) -> Path:
    """Return where the plans of a notebook are, if it has any."""
    return notebook.parent / "plans" / f"{notebook.name[:2]}.md"


def read_plans(text: str) -> dict[int, Plan]:
    """Return the plans in a text by their minutes; what is no plan is passed over."""
    found = {}
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        length = re.match(r"(\d+) minutes\s*$", head)
        if length:
            found[int(length[1])] = _plan(int(length[1]), body)
    return found


def _plan(minutes: int, body: str) -> Plan:
    opening, *parts = re.split(r"^### ", body, flags=re.MULTILINE)
    last, late = _taken(parts[-1] if parts else "", "Late")
    last, home = _taken(last, "Home")
    beats = tuple(_beat(part) for part in [*parts[:-1], last] if part.strip())
    return Plan(minutes, _taken(opening, "Aim")[1], beats, late, home)


def _taken(text: str, mark: str) -> tuple[str, str]:
    """Return a text without the paragraph that begins with a mark, and that paragraph."""
    found = re.search(rf"^{mark}: *((?:.+\n?)+?)(?=\n|\Z|^[A-Z][a-z]+: )", text, re.MULTILINE)
    if not found:
        return text, ""
    return text[: found.start()] + text[found.end() :], " ".join(found[1].split())


def _beat(part: str) -> Beat:
    head, _, body = part.partition("\n")
    time = re.match(r"(\d+)\s*[-–]\s*(\d+)\s+(.*)", head)
    panels, exercises = [], list[str]()
    for line in re.findall(r"^Panel: *(.+)$", body, re.MULTILINE):
        name, _, setting = line.partition("|")
        panels.append((name.strip(), setting.strip(" `")))
    for line in re.findall(r"^Exercise: *(.+)$", body, re.MULTILINE):
        exercises += re.findall(r"\d\d\.\w+", line)
    body, expect = _taken(body, "Expect")
    text = re.sub(r"^(Panel|Exercise): .*\n?", "", body, flags=re.MULTILINE).strip()
    start, end, title = (int(time[1]), int(time[2]), time[3]) if time else (-1, -1, head)
    return Beat(start, end, title.strip(), text, tuple(panels), tuple(exercises), expect)


def problems(plans: Mapping[int, Plan], outline: Outline, exercises: Sequence[str]) -> list[str]:
    """Return one sentence for each thing in the plans that does not fit the notebook.

    Whether a panel takes a setting is not looked at here: that takes the panel itself.
    """
    said = [f"There is no plan of {n} minutes." for n in LENGTHS if n not in plans]
    known = {step.text for part in outline.sections for step in part.steps if step.what == "panel"}
    for minutes, plan in plans.items():
        where = f"{minutes} minutes"
        for mark, text in (("Aim", plan.aim), ("Late", plan.late)):
            if not text:
                said.append(f'{where}: the line "{mark}: ..." is missing.')
        if len(plan.beats) != BEATS:
            said.append(f"{where}: an opening, three beats and a close are {BEATS} parts, "
                        f"not {len(plan.beats)}.")  # fmt: skip
        clock = 0
        for beat in plan.beats:
            if beat.start != clock or beat.end <= beat.start:
                said.append(f"{where}, {beat.title}: it should begin at minute {clock}.")
            clock = beat.end
            if not beat.expect:
                said.append(f'{where}, {beat.title}: the line "Expect: ..." is missing.')
            said += [f'{where}, {beat.title}: the notebook has no panel "{name}"; it has: '
                     f"{', '.join(sorted(known))}." for name, _ in beat.panels
                     if name not in known]  # fmt: skip
            said += [f"{where}, {beat.title}: there is no exercise {i}."
                     for i in beat.exercises if i not in exercises]  # fmt: skip
        if clock != minutes:
            said.append(f"{where}: the last part ends at minute {clock}.")
        said += [f"{where}, Home: there is no exercise {i}."
                 for i in re.findall(r"\d\d\.\w+", plan.home) if i not in exercises]  # fmt: skip
    return said


# Plans nobody wrote ---------------------------------------------------------------------------

_OPEN, _CLOSE = 5, 6
_TAKES: Final = {"predict": 4, "panel": 8, "exercise": 5}
_LONGEST: Final = 12
_HOW: Final = {
    "predict": "Everybody writes a prediction down before anyone scrolls on; count, then reveal.",
    "panel": "Show it once, then let pairs move it. Ask for the sentence under the chart.",
    "exercise": "Alone, two minutes; compare with a neighbor; then check.",
}


def propose(outline: Outline, items: Mapping[str, Solution], minutes: int) -> Plan:
    """Return a plan made from a notebook's own steps, in their order, as far as time allows.

    Parameters
    ----------
    outline : Outline
        Of the notebook.
    items : mapping of str to Solution
        Its exercises by id.
    minutes : int
        Length of the class.
    """
    every = [(part.heading, step) for part in outline.sections for step in part.steps
             if step.what in _TAKES]  # fmt: skip
    steps = [(heading, step) for heading, step in every if not _alone(step, items)]
    room = minutes - _OPEN - _CLOSE
    chosen: list[tuple[str, Step]] = []
    for heading, step in steps:
        if sum(_TAKES[s.what] for _, s in chosen) + _TAKES[step.what] <= room:
            chosen.append((heading, step))
    spare = room - sum(_TAKES[s.what] for _, s in chosen)
    more = min(spare // max(len(chosen), 1), _LONGEST - max(_TAKES.values()))
    beats = [Beat(0, _OPEN, f"Open: {plain(outline.question or outline.title)}")]
    clock = _OPEN
    for heading, step in chosen:
        name = f"panel “{step.text}”" if step.what == "panel" else step.identifier
        until = clock + _TAKES[step.what] + more
        beats.append(Beat(clock, until, f"{plain(heading)}: {name}", _HOW[step.what]))
        clock = until
    if minutes - clock > _LONGEST:
        beats.append(Beat(clock, minutes - _CLOSE, "Discussion", _TALK))
        clock = minutes - _CLOSE
    beats.append(Beat(clock, minutes, "Close: what this cannot show", _CLOSING))
    home = ", ".join(s.identifier for h, s in every if (h, s) not in chosen and s.identifier)
    return Plan(minutes, "", tuple(beats), "the last step before the close", home, False)


_TALK: Final = "Pairs who disagree give their reasons; collect what would settle it."
_CLOSING: Final = "Three students each name one thing that the evidence cannot show."


def _alone(step: Step, items: Mapping[str, Solution]) -> bool:
    """Tell whether a step is better done at home than in a class."""
    item = items.get(step.identifier)
    return item is not None and item.kind in {"reflection", "code"}


# Both ------------------------------------------------------------------------------------------


def plans_of(
    notebook: Path, outline: Outline, items: Mapping[str, Solution]
) -> tuple[list[Plan], list[str]]:
    """Return the plans of a notebook, and what in those written by hand does not fit it."""
    path = plan_path(notebook)
    written = read_plans(path.read_text("utf-8")) if path.exists() else {}
    said = problems(written, outline, list(items)) if written else []
    return [written.get(n) or propose(outline, items, n) for n in LENGTHS], said


def plan_html(plan: Plan) -> str:
    """Return a plan as HTML."""
    parts = [f"<h2>A class of {plan.minutes} minutes</h2>"]
    if not plan.by_hand:
        parts.append("<p>Proposed from the notebook's own steps; nobody has taught it so.</p>")
    if plan.aim:
        parts.append(f"<p><strong>Aim.</strong> {_said(plan.aim)}</p>")
    rows = []
    for beat in plan.beats:
        cells = [f"<strong>{_said(beat.title)}</strong>"]
        if beat.text:
            cells += [f"<p>{_said(p)}</p>" for p in beat.text.split("\n\n")]
        for name, setting in beat.panels:
            line = f"<br>Setting: <code>{escape(setting)}</code>" if setting else ""
            cells.append(f"<p>Panel “{escape(name)}”{line}</p>")
        if beat.exercises:
            cells.append(f"<p>{escape(', '.join(beat.exercises))}</p>")
        if beat.expect:
            cells.append(f"<p><em>Expect.</em> {_said(beat.expect)}</p>")
        rows.append(f"<tr><td>{beat.start}–{beat.end}</td><td>{''.join(cells)}</td></tr>")
    head = '<thead><tr><th scope="col">minutes</th><th scope="col">what</th></tr></thead>'
    parts.append(f"<table>{head}<tbody>{''.join(rows)}</tbody></table>")
    for mark, text in (("When late, cut", plan.late), ("For home", plan.home)):
        if text:
            parts.append(f"<p><strong>{mark}:</strong> {_said(text)}</p>")
    return "".join(parts)


def _said(text: str) -> str:
    return escape(plain(" ".join(text.split())))


def main(arguments: Sequence[str] | None = None) -> int:
    """Say what in the written plans does not fit; return the exit status."""
    made = argparse.ArgumentParser(description="Check the written plans against the notebooks.")
    made.add_argument("folder", nargs="?", type=Path, default=notebooks_dir())
    folder = made.parse_args(arguments).folder
    said = []
    for path in sorted(folder.glob("[0-9][0-9]_*.ipynb")):
        items = {item.identifier: item for item in read_solutions(path)}
        found = plans_of(path, cutting.outline(cutting.read_book(path)), items)[1]
        said += [f"{plan_path(path).name}: {line}" for line in found]
        if not plan_path(path).exists():
            said.append(f"{path.name} has no plan.")
    print("\n".join(said) or "The plans fit the notebooks.")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
