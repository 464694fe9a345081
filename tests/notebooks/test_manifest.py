"""The green light is connected: nbval sees every notebook that the manifest lists."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BOOKS = ROOT / "notebooks"
MANIFEST = json.loads((BOOKS / "manifest.json").read_text("utf-8"))


def cells(name: str) -> list[dict]:  # type: ignore[type-arg]
    return json.loads((BOOKS / name).read_text("utf-8"))["cells"]


def source(cell: dict) -> str:  # type: ignore[type-arg]
    return "".join(cell["source"])


def test_manifest_lists_every_notebook() -> None:
    assert [entry["file"] for entry in MANIFEST] == sorted(p.name for p in BOOKS.glob("*.ipynb"))


def test_nbval_collects_every_code_cell_of_every_notebook() -> None:
    command = [sys.executable, "-m", "pytest", "--nbval", "--collect-only", "-q", str(BOOKS)]
    said = subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stdout
    for entry in MANIFEST:
        code = [c for c in cells(entry["file"]) if c["cell_type"] == "code" and source(c).strip()]
        found = re.findall(rf"{re.escape(entry['file'])}::", said)
        assert len(found) == len(code) > 0, entry["file"]


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda e: e["file"])
def test_readme_lists_it_with_the_minutes_of_its_head(entry: dict) -> None:  # type: ignore[type-arg]
    head = re.search(r"\*\*Minutes:\*\* about (\d+)", source(cells(entry["file"])[0]))
    readme = (ROOT / "README.md").read_text("utf-8")
    row = re.search(rf"`{entry['file'].removesuffix('.ipynb')}`.*\| (\d+) \|", readme)
    assert head is not None
    assert row is not None
    assert head[1] == row[1]


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda e: e["file"])
def test_notebook_is_fit_to_read(entry: dict) -> None:  # type: ignore[type-arg]
    book = json.loads((BOOKS / entry["file"]).read_text("utf-8"))
    code = [c for c in book["cells"] if c["cell_type"] == "code"]
    assert "widgets" not in book["metadata"], "widget state is saved; clear it"
    for cell in code:
        text = source(cell)
        assert set(cell["metadata"]) <= {"trusted"}, f"a cell is hidden or tagged:\n{text}"
        assert not re.search(r"^\s*(assert|solution\()", text, re.MULTILINE), text
        lines = len(text.splitlines())
        assert lines <= 18, f"a cell is too long:\n{text}"
        assert cell["execution_count"] is not None, f"a cell was never run:\n{text}"
        for out in cell["outputs"]:
            assert out["output_type"] != "error"
            assert out.get("name") != "stderr", f"a cell warns:\n{text}"
            if "image/png" in out.get("data", {}):
                alt = out["metadata"].get("image/png", {}).get("alt", "")
                assert len(alt) > 20, "a picture has no text alternative"
    first = source(code[0]).splitlines()
    assert len(first) <= 7, "the import cell is too long"
    tests = Path(__file__).parent / f"test_{Path(entry['file']).stem}.py"
    assert tests.exists(), "the panels of this notebook have no test"
