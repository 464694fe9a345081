"""Run the notebooks from top to bottom and keep their outputs: `python -m workshop.refresh`.

What differs from run to run and says nothing (times, widget ids, kernel details) is
left out, so that a diff shows what changed.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

BOOKS = Path(__file__).resolve().parents[1] / "notebooks"
WIDGET = "application/vnd.jupyter.widget-view+json"


def refresh(path: Path) -> None:
    """Run one notebook in place."""
    book = nbformat.read(path, as_version=4)
    NotebookClient(book, timeout=300, resources={"metadata": {"path": str(BOOKS)}}).execute()
    book.metadata.pop("widgets", None)
    book.metadata["language_info"] = {"name": "python"}
    for number, cell in enumerate(c for c in book.cells if c.cell_type == "code"):
        cell.metadata.pop("execution", None)
        for place, output in enumerate(cell.outputs):
            widget = output.get("data", {}).get(WIDGET)
            if widget:
                widget["model_id"] = f"{number:016x}{place:016x}"
    nbformat.write(book, path)


def main() -> int:
    with tempfile.TemporaryDirectory() as work:
        os.environ["HRD_WORK_DIR"] = work  # nobody's answers end up in the outputs
        os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
        names = sys.argv[1:] or [
            entry["file"] for entry in json.loads((BOOKS / "manifest.json").read_text("utf-8"))
        ]
        for name in names:
            refresh(BOOKS / name)
            print(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
