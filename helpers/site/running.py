"""Run a notebook's code as its reader would, and keep what each cell gives."""

from __future__ import annotations

import ast
import contextlib
import io
import os
from pathlib import Path
from typing import Any


def source_of(cell: dict[str, Any]) -> str:
    """Return the text of a cell."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def results(path: Path, cells: list[dict[str, Any]]) -> dict[int, Any]:
    """Return what the last line of each code cell gives, by the cell's place.

    Parameters
    ----------
    path : Path
        The notebook; its code runs in its folder.
    cells : list of dict
        Its cells.

    Raises
    ------
    ValueError
        When a cell stops; names it.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    found: dict[int, Any] = {}
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        for number, cell in enumerate(cells):
            if cell["cell_type"] != "code":
                continue
            where = f"{path.name}, cell {cell.get('id', number)}"
            try:
                found[number] = _run(source_of(cell), where, names)
            except Exception as error:
                raise ValueError(f"{where} stopped: {type(error).__name__}: {error}") from error
    finally:
        os.chdir(before)
    return {number: value for number, value in found.items() if value is not None}


def _run(source: str, where: str, names: dict[str, Any]) -> Any:
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()):  # what it prints is in the saved output
        exec(compile(tree, where, "exec"), names)
        if last is None:
            return None
        assert isinstance(last, ast.Expr)
        return eval(compile(ast.Expression(last.value), where, "eval"), names)
