"""Imports run one way: a room uses the rooms below it, and nothing uses the workshop."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Each room with the rooms it may use besides itself, from the ground up.
MAY_USE: dict[str, set[str]] = {
    "calendar": set(),
    "words": set(),
    "page": set(),
    "provenance": set(),
    "store": {"provenance"},
    "stats": set(),
    "theory": set(),
    "data": {"calendar", "words", "provenance", "store"},
}
MAY_USE["study"] = {*MAY_USE, "stats"}
MAY_USE["charts"] = {"calendar", "words", "provenance", "study"}
MAY_USE["exercises"] = {*MAY_USE} - {"theory", "charts"}
MAY_USE["panels"] = set(MAY_USE)
MAY_USE["teaching"] = set(MAY_USE)
MAY_USE["site"] = {*MAY_USE} - {"teaching"}
MAY_USE["server"] = set()  # loaded by the Jupyter server, which knows no panel
MODULES = sorted((ROOT / "helpers").rglob("*.py"))


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> set[str]:
    """Return every module a file imports, inside functions and relatively too."""
    package = module_of(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            found.add(name)
            found.update(f"{name}.{alias.name}" for alias in node.names)
    return {name for name in found if name.split(".")[0] in {"helpers", "workshop"}}


def room_of(path: Path) -> str:
    return path.relative_to(ROOT / "helpers").with_suffix("").parts[0]


def test_every_room_is_known() -> None:
    rooms = {room_of(path) for path in MODULES} - {"__init__"}
    assert rooms <= set(MAY_USE)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_imports_only_from_rooms_below_it(path: Path) -> None:
    room = room_of(path)
    names = imported(path)
    assert not {n for n in names if n.startswith("workshop")}, "nothing imports the workshop"
    if room == "__init__":
        return
    used = {parts[1] for name in names if len(parts := name.split(".")) > 1}
    used -= {"workshop", room}
    allowed = MAY_USE[room]
    assert used <= allowed, f"{room} may not import {used - allowed}"


def test_no_circles_between_modules() -> None:
    names = {module_of(path): path for path in MODULES}
    graph = {m: {n for n in imported(p) if n in names and n != m} for m, p in names.items()}
    done: set[str] = set()

    def walk(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join([*trail[trail.index(module) :], module])
        if module in done:
            return
        for other in graph[module]:
            # A package's own __init__ gathers its modules; that is no circle of meaning.
            if not module.startswith(f"{other}."):
                walk(other, (*trail, module))
        done.add(module)

    for module in graph:
        walk(module, ())


@pytest.mark.parametrize(("set_before", "then"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")])
def test_linear_algebra_gets_one_thread_unless_told_otherwise(
    set_before: dict[str, str], then: str
) -> None:
    # NumPy reads it once, when it is loaded, so the package must come first and alone.
    words = "import helpers, os, sys; assert 'numpy' not in sys.modules; print(os.environ[{!r}])"
    plain = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    told = subprocess.run(
        [sys.executable, "-c", words.format("OPENBLAS_NUM_THREADS")],
        env=plain | set_before, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == then
