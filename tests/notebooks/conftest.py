"""Run a notebook's own code cells once for the tests of a module, in one namespace."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

BOOKS = Path(__file__).resolve().parents[2] / "notebooks"


@pytest.fixture(scope="module")
def book(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SimpleNamespace]:
    """What the notebook that the module is named after has defined when all of it has run."""
    path = BOOKS / f"{request.path.stem.removeprefix('test_')}.ipynb"
    before = os.environ.get("HRD_WORK_DIR")
    os.environ["HRD_WORK_DIR"] = str(tmp_path_factory.mktemp("work"))
    space: dict[str, object] = {"__name__": "__main__", "display": lambda *_: None}
    for number, cell in enumerate(json.loads(path.read_text("utf-8"))["cells"]):
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"{path.name}[{number}]", "exec"), space)
    yield SimpleNamespace(**space)
    os.environ.pop("HRD_WORK_DIR")
    if before is not None:
        os.environ["HRD_WORK_DIR"] = before
