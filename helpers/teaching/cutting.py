"""Read notebooks, and cut from them what a student or a reader of a handout is not to see."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

Cell = dict[str, Any]
Book = dict[str, Any]

HIDDEN_TAG: Final = "instructor"
"""Cells with this tag are for the instructor only."""

_CALL = re.compile(r"""\b(ask|check|predict|reveal)\(\s*["'](\d\d\.[0-9A-Za-z_]+)["']""")


class KitError(ValueError):
    """Something the instructor can mend; the message is one plain sentence."""


def read_book(path: Path) -> Book:
    """Return a notebook.

    Raises
    ------
    KitError
        If the file is not a notebook.
    """
    try:
        book = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(book["cells"], list):
            raise TypeError
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise KitError(f"{path.name} cannot be read as a notebook.") from error
    return dict(book)


def write_book(book: Book, path: Path) -> None:
    """Write a notebook as Jupyter does."""
    text = json.dumps(book, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def source_of(cell: Cell) -> str:
    """Return the source of a cell as one text."""
    source = cell.get("source", "")
    if isinstance(source, list):
        return "".join(str(line) for line in source)
    return source if isinstance(source, str) else ""


def tags_of(cell: Cell) -> set[str]:
    """Return the tags of a cell."""
    return set(cell.get("metadata", {}).get("tags", []))


def is_hidden(cell: Cell) -> bool:
    """Tell whether a cell is for the instructor only."""
    return HIDDEN_TAG in tags_of(cell)


def exercise_calls(source: str) -> list[tuple[str, str]]:
    """Return (function, exercise id) of each ask, check, predict and reveal in a source."""
    return [(m.group(1), m.group(2)) for m in _CALL.finditer(source)]


def markdown(text: str, identifier: str) -> Cell:
    """Return a new markdown cell."""
    return {"cell_type": "markdown", "id": identifier, "metadata": {}, "source": text}


def code(text: str, identifier: str) -> Cell:
    """Return a new code cell that has not run."""
    return {
        "cell_type": "code",
        "id": identifier,
        "metadata": {},
        "source": text,
        "execution_count": None,
        "outputs": [],
    }


def shown_cells(book: Book) -> Iterator[Cell]:
    """Yield copies of the cells a student may see: no outputs, no metadata."""
    for number, cell in enumerate(book["cells"]):
        if is_hidden(cell) or cell.get("cell_type") not in {"markdown", "code"}:
            continue
        source = source_of(cell)
        identifier = str(cell.get("id", f"c{number:02d}"))
        if cell["cell_type"] == "code":
            yield code(source, identifier)
            continue
        new = markdown(source, identifier)
        used = {k: v for k, v in cell.get("attachments", {}).items() if f"attachment:{k}" in source}
        if used:
            new["attachments"] = copy.deepcopy(used)
        yield new


def as_book(cells: list[Cell], about: dict[str, Any]) -> Book:
    """Return a notebook of these cells; `about` goes into its metadata under "hrd"."""
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return {
        "cells": cells,
        "metadata": {
            "hrd": about,
            "kernelspec": kernel,
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


# The outline ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One thing to do in a notebook.

    Attributes
    ----------
    what : {"predict", "panel", "exercise", "try"}
    identifier : str
        Exercise id; empty for a panel.
    text : str
        The words of the notebook about it, as Markdown.
    """

    what: str
    identifier: str
    text: str


@dataclass(frozen=True)
class Section:
    """A section of a notebook: its heading and what is done in it, in order."""

    heading: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Outline:
    """What a notebook says of itself: title, question, aims, minutes, sections, discussion."""

    title: str
    question: str
    aims: tuple[str, ...]
    minutes: int
    sections: tuple[Section, ...]
    discussion: tuple[str, ...]


def _keyword(book: Book, english: str) -> str:
    """Return a word that is read in the cells, as the notebook's language writes it.

    A translated notebook says so in its metadata: ``"hrd_words": {"Question": "Frage"}``.
    """
    words = book.get("metadata", {}).get("hrd_words", {})
    return re.escape(str(words.get(english, english))) if isinstance(words, dict) else english


def outline(book: Book) -> Outline:
    """Return the outline of a notebook."""
    first = source_of(book["cells"][0]) if book["cells"] else ""
    title = next((x.lstrip("# ") for x in first.splitlines() if x.startswith("# ")), "Untitled")
    question = re.search(rf"\*\*{_keyword(book, 'Question')}\.\*\*\s*(.+)", first)
    minutes = re.search(rf"\*\*{_keyword(book, 'Minutes')}:?\*\*\D*(\d+)", first)
    try_it, discuss = (
        f"*{_keyword(book, w)}:*".replace("\\ ", " ") for w in ("Try", "For discussion")
    )
    aims = tuple(x[2:].rstrip(";. ") for x in first.splitlines() if x.startswith("- "))
    sections: list[Section] = []
    heading, steps = "Opening", list[Step]()
    talk: list[str] = []
    last = ""
    for cell in book["cells"][1:]:
        text = source_of(cell)
        if cell.get("cell_type") == "markdown":
            talk += re.findall(rf"{re.escape(discuss)}\s*(.+)", text)
            found = re.search(r"^##\s+(.+)$", text, re.MULTILINE)
            if found and not text.startswith("###"):
                sections.append(Section(heading, tuple(steps)))
                heading, steps = found.group(1).strip(), []
            if try_it in text:
                steps.append(Step("try", "", text.split(try_it, 1)[1].split("\n\n")[0].strip()))
            last = text
        elif not is_hidden(cell):
            steps += _steps_of(cell, text, last)
    sections.append(Section(heading, tuple(steps)))
    kept = tuple(s for s in sections if s.steps)
    return Outline(
        title,
        question.group(1) if question else "",
        aims,
        int(minutes.group(1)) if minutes else 50,
        kept,
        tuple(talk),
    )


def _steps_of(cell: Cell, text: str, before: str) -> list[Step]:
    found = []
    for function, identifier in exercise_calls(text):
        if function in {"ask", "check", "predict"}:
            what = "predict" if function == "predict" else "exercise"
            found.append(Step(what, identifier, before.split("\n\n")[-1].strip()))
    shown = [out.get("data", {}) for out in cell.get("outputs", [])]
    for data in shown:
        words = data.get("text/plain", "")
        words = words if isinstance(words, str) else "".join(words)
        named = re.match(r"\[(?:Panel ([^\]]+)|([^\]]+ bench))\]", words)
        if named:
            found.append(Step("panel", "", named.group(1) or named.group(2)))
    if not shown and not found:
        found = [Step("panel", "", name) for name in _panels_made(text)]
    return found


def _panels_made(source: str) -> list[str]:
    """Return in words the panels that a cell makes and ends with, where no output says so."""
    calls = dict(re.findall(r"^(\w+) = ([A-Z][a-z]+(?:[A-Z][a-z]+)+)\(", source, re.MULTILINE))
    last = source.strip().splitlines()[-1:] or [""]
    made = calls.get(last[0].strip())
    direct = re.match(r"([A-Z][a-z]+(?:[A-Z][a-z]+)+)\(", last[0])
    name = made or (direct.group(1) if direct else "")
    return [re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()] if name else []


def question_texts(book: Book) -> dict[str, str]:
    """Return the words that stand before each exercise, as Markdown."""
    found: dict[str, str] = {}
    last = ""
    for cell in book["cells"]:
        text = source_of(cell)
        if cell.get("cell_type") == "markdown":
            last = text.split("\n\n")[-1].strip()
            continue
        for function, identifier in exercise_calls(text):
            if function != "reveal" and not is_hidden(cell):
                found.setdefault(identifier, last)
    return found
