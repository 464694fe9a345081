"""Imports run one way: data, stats, charts, panels; notebooks use what they show."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAY_USE = {
    "data": {"data"},
    "theory": {"theory"},
    "stats": {"stats"},
    "cohort": {"cohort", "data", "stats"},
    "charts": {"charts", "data"},
    # The instructor's kit draws a cohort for each student and recomputes her answers.
    "exercises": {"exercises", "data", "cohort", "stats"},
    "panels": {"panels", "charts", "stats", "theory", "cohort", "data", "exercises"},
}
# Of the data room, charts and panels use only what has no files behind it.
NO_FILES = {"helpers.data.provenance", "helpers.data.calendar", "helpers.data.levels"}
MODULES = sorted((ROOT / "helpers").rglob("*.py"))


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return {name for name in found if name.startswith("helpers.")}


def test_every_room_is_known() -> None:
    rooms = {p.name for p in (ROOT / "helpers").iterdir() if p.is_dir() and p.name[0] != "_"}
    assert rooms == set(MAY_USE)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_imports_only_from_rooms_before_it(path: Path) -> None:
    parts = path.relative_to(ROOT / "helpers").parts
    if len(parts) == 1:
        return
    room = parts[0]
    used = {name.split(".")[1] for name in imported(path)}
    assert used <= MAY_USE[room], f"{room} may not import {used - MAY_USE[room]}"


@pytest.mark.parametrize("room", ["charts"])
def test_charts_know_no_file(room: str) -> None:
    for path in (ROOT / "helpers" / room).glob("*.py"):
        from_data = {n for n in imported(path) if n.startswith("helpers.data")}
        modules = {".".join(n.split(".")[:3]) for n in from_data} - {"helpers.data"}
        assert modules <= NO_FILES, f"{path.name} imports {modules - NO_FILES}"
