"""The same exercises as a source for a course that runs nbgrader.

Metadata follow nbgrader's cell schema, version 3 (nbgrader 0.6 to 0.9). An exercise becomes
an answer cell, which nbgrader empties for students, and a locked test cell worth one point,
which calls `check`: it holds no answer, for the bank does. A reflection becomes a Markdown
cell graded by hand.
"""

from __future__ import annotations

import re
from typing import Any, Final

from helpers.exercises.table import Solution
from helpers.teaching import cutting
from helpers.teaching.cutting import Book, Cell

SCHEMA: Final = 3
_BEGIN, _END = "### BEGIN SOLUTION", "### END SOLUTION"


def nbgrader_book(book: Book, items: dict[str, Solution]) -> Book:
    """Return a notebook as nbgrader takes it into its source folder.

    Parameters
    ----------
    book : dict
        Source notebook, with solution cells.
    items : dict of str to Solution
        Its exercises by id.
    """
    cells: list[Cell] = [_own_work()]
    done: set[str] = set()
    for cell in cutting.shown_cells(book):
        wanted = [
            identifier
            for function, identifier in cutting.exercise_calls(cutting.source_of(cell))
            if function in {"ask", "check"} and identifier in items and identifier not in done
        ]
        if cell["cell_type"] != "code" or not wanted:
            cells.append(cell)
            continue
        if any(function != "ask" for function, _ in _calls(cell)):
            cells.append(cell)  # code around a check is the learner's own workplace
        for identifier in wanted:
            done.add(identifier)
            cells += _graded(items[identifier])
    return cutting.as_book(cells, {})


def _own_work() -> Cell:
    """Return the cell that keeps each submission's answers beside it, and not the grader's."""
    cell = cutting.code(
        'import os\n\nos.environ["HRD_WORK_DIR"] = os.path.abspath("work")', "hrd-work"
    )
    cell["metadata"]["nbgrader"] = {
        "schema_version": SCHEMA,
        "grade_id": "hrd-work",
        "grade": False,
        "solution": False,
        "locked": True,
        "task": False,
    }
    return cell


CONFIG: Final = """# For nbgrader_config.py in the course folder.
# The first cell loads the statistics, which on a busy machine takes longer than nbgrader waits.
c = get_config()
c.ExecutePreprocessor.iopub_timeout = 60
c.ExecutePreprocessor.timeout = 300
"""


def _calls(cell: Cell) -> list[tuple[str, str]]:
    return cutting.exercise_calls(cutting.source_of(cell))


def grade_id(identifier: str, part: str) -> str:
    """Return the id of a cell in nbgrader: letters, digits, dashes."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", f"ex-{identifier}-{part}")


def _graded(item: Solution) -> list[Cell]:
    if item.kind == "reflection":
        cell = cutting.markdown("Write your answer here.", grade_id(item.identifier, "text"))
        cell["metadata"]["nbgrader"] = _meta(
            item, "text", grade=True, solution=True, locked=False, points=1
        )
        return [cell]
    name = "answer_" + item.identifier.replace(".", "_")
    answer = item.fields.get("answer")
    if item.kind == "code":
        function = re.search(r"^def (\w+)", str(answer), re.MULTILINE)
        body = f"{_BEGIN}\n{answer}\n{_END}\n"
        name = function.group(1) if function else name
    else:
        shown = answer[0] if item.kind == "text" and isinstance(answer, list) else answer
        body = f"{_BEGIN}\n{name} = {shown!r}\n{_END}\n"
        if item.kind in {"choice", "multiple", "ordering"}:
            options = item.fields.get("options") or sorted(item.fields["answer"])
            listed = "".join(f"#   {o!r}\n" for o in options)
            body = f"# Set {name} from these:\n{listed}{body}"
        else:
            body = f"# Set {name}.\n{body}"
    work = cutting.code(body.rstrip("\n"), grade_id(item.identifier, "answer"))
    work["metadata"]["nbgrader"] = _meta(item, "answer", grade=False, solution=True, locked=False)
    test = cutting.code(
        "from helpers.exercises import check\n\n"
        f'verdict = check("{item.identifier}", {name})\n'
        "assert verdict.right, verdict",
        grade_id(item.identifier, "test"),
    )
    test["metadata"]["nbgrader"] = _meta(
        item, "test", grade=True, solution=False, locked=True, points=1
    )
    return [work, test]


def _meta(
    item: Solution, part: str, *, grade: bool, solution: bool, locked: bool, points: int = 0
) -> dict[str, Any]:
    meta: dict[str, Any] = {
        "schema_version": SCHEMA,
        "grade_id": grade_id(item.identifier, part),
        "grade": grade,
        "solution": solution,
        "locked": locked,
        "task": False,
    }
    return {**meta, "points": points} if grade else meta
