"""The path of 50 minutes: its minutes add up, every section is marked, no long dry run on it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

BOOKS = Path(__file__).resolve().parents[2] / "notebooks"
MARK = "**The path of 50 minutes**"
PATHS = [p for p in sorted(BOOKS.glob("*.ipynb")) if MARK in p.read_text("utf-8")]
# Between two things to do: about 120 words are wanted; no stretch is longer than this today.
MOST = 270


def cells_of(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(path.read_text("utf-8"))["cells"])


def something_to_do(source: str) -> bool:
    """An exercise, a prediction or its truth, or a panel shown by its name on the last line."""
    last = source.rstrip().splitlines()[-1]
    shown = re.fullmatch(r"\w+", last) and re.search(rf"^{last} = [A-Z]\w+\(", source, re.M)
    return bool(shown or re.search(r"^(ask|check|predict|reveal)\(", source, re.M))


def words(text: str) -> int:
    text = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", " x ", text, flags=re.DOTALL)
    return len(re.findall(r"[A-Za-z0-9][\w'’.%-]*", re.sub(r"\]\([^)]*\)", "]", text)))


def dry_runs(cells: list[dict[str, Any]]) -> list[tuple[int, str]]:
    """Words on the path before each thing to do, with the id of its cell."""
    on, count, runs = True, 0, []
    for cell in cells[1:]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "code":
            if on and something_to_do(text):
                runs.append((count, cell["id"]))
                count = 0
            continue
        for paragraph in text.split("\n\n"):
            if paragraph.startswith(("*On the path", "*Further")):
                on = paragraph.startswith("*On")
            count += words(paragraph) if on else 0
    return runs


def test_words_are_counted_on_the_path_only() -> None:
    def cell(kind: str, text: str) -> dict[str, Any]:
        return {"cell_type": kind, "id": text[:6], "source": [text]}

    cells = [cell("markdown", "# Head"), cell("markdown", "One [two](http://a.b) $x = 1$ four."),
             cell("code", 'ask("99.1")'), cell("markdown", "Five.\n\n*Further.*\n\nSix seven."),
             cell("code", 'ask("99.2")'), cell("code", "x = 1"), cell("markdown", "*On the path.*"),
             cell("code", "p = Panel(\n    None)\np")]  # fmt: skip
    assert dry_runs(cells) == [(4, "ask(\"9"), (4, "p = Pa")]  # fmt: skip


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_something_to_do_comes_soon(path: Path) -> None:
    runs = dry_runs(cells_of(path))
    assert len(runs) >= 6
    assert [run for run in runs if run[0] > MOST] == []


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_the_minutes_of_the_path_are_50_and_its_sections_are_marked(path: Path) -> None:
    cells = cells_of(path)
    head = "".join(cells[0]["source"])
    listed = head.split(MARK)[1].split("\n")[0]
    assert sum(map(int, re.findall(r"\((\d+)\)", listed))) == 50
    text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    by_anchor = {s.split("\n", 1)[0].replace(" ", "-"): s for s in sections}
    for anchor in re.findall(r"\]\(#([^)\s]+)\)", listed):
        assert "*On the path" in by_anchor[anchor], anchor
