"""A copy of a notebook for the projector: ``python3 start.py class NN``.

The code is hidden, the type is large, solutions are left out, and under each prediction
stands a poll: hands typed in, votes from phones (``--vote``), or files dropped into the folder
``polls`` beside the copy.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from helpers.exercises.table import notebooks_dir
from helpers.teaching import cutting
from helpers.teaching.assign import find_notebooks
from helpers.teaching.cutting import Cell, KitError
from helpers.teaching.rooms import put_aside

POLLS: Final = "polls"


def class_book(path: Path) -> cutting.Book:
    """Return the copy of a notebook for the projector."""
    cells: list[Cell] = []
    for cell in cutting.shown_cells(cutting.read_book(path)):
        cells.append(cell)
        if cell["cell_type"] != "code":
            continue
        # Folded as well as hidden by style, so that code is out of sight before the first run.
        cell["metadata"]["jupyter"] = {"source_hidden": True}
        for function, identifier in cutting.exercise_calls(cutting.source_of(cell)):
            if function == "predict":
                name = f"poll-{identifier.replace('.', '-')}"
                asked = f'poll("{identifier}")'
                cells.append(_folded(asked, name))
    first = _folded(
        "from helpers.exercises import present\n"
        "from helpers.teaching.polls import invitation, poll\n\npresent()",
        "class-mode",
    )
    where = _folded("invitation()", "class-vote")
    # Run All leaves the page at its end; a class begins at its top.
    last = _folded("present(top=True)", "class-top")
    book = [cells[0], first, where, *cells[1:], last]
    return cutting.as_book(book, {"notebook": path.name, "class": True})


def _folded(source: str, identifier: str) -> Cell:
    cell = cutting.code(source, identifier)
    cell["metadata"]["jupyter"] = {"source_hidden": True}
    return cell


def make_class_copy(path: Path, folder: Path) -> Path:
    """Write the copy, and a folder for the polls; return the copy's path.

    The copy is made anew each time; files that somebody put into the folder of the polls stay,
    votes that phones cast in an earlier class are put aside.

    Raises
    ------
    KitError
        If it cannot be written.
    """
    try:
        (folder / POLLS).mkdir(parents=True, exist_ok=True)
        put_aside(folder / POLLS)
        target = folder / path.name
        cutting.write_book(class_book(path), target)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise KitError(f"Nothing can be written in {folder} ({reason}).") from None
    return target


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the copy and say how the polls work; return the exit status."""
    made = argparse.ArgumentParser(prog="start.py class", description=__doc__.split(":")[0] + ".")
    made.add_argument("notebook", metavar="NN")
    made.add_argument(
        "--vote", action="store_true", help="let phones on this network vote, as long as you teach"
    )
    made.add_argument(
        "--address", metavar="A.B.C.D", help="with --vote: this computer's address in the room"
    )
    made.add_argument("--to", type=Path, default=Path("class"), help=argparse.SUPPRESS)
    chosen = made.parse_args(arguments)
    try:
        path = find_notebooks([chosen.notebook], notebooks_dir())[0]
        target = make_class_copy(path, chosen.to)
    except KitError as error:
        print(f"This did not work: {error}", file=sys.stderr)
        return 1
    print(f"The copy for the projector is {target}. Choose Run > Run All Cells once.")
    print("Polls: type the hands you count; nothing is shown until you press Show the result.")
    print(f"Files of the class, handin_*.json, can be dropped into {target.parent / POLLS}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
