"""The site of two notebooks, made once, and a page in which its scripts can be called."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from helpers.panels.base import Panel
from helpers.site import build, formulas, running
from helpers.site.sealing import rules

BOOKS = os.environ.get("HRD_SITE_BOOKS", "00 01").split()
SCRIPTS = Path(build.__file__).parent
PLACED = "const at = {}; const panel = (name, stored) => (at[name] = panelModel(stored, null));"


def scripts() -> str:
    """Return the scripts that stand in for Python, without what acts on a page."""
    names = ("reading.js", "panels.js", "exercises.js", "coding.js", "tracing.js")
    tables = f"const RULES = {json.dumps(rules())};"
    own = [(SCRIPTS / name).read_text("utf-8") for name in names]
    return "\n".join([tables, formulas.script(), *own, PLACED])


def panels_of(path: Path) -> dict[str, Panel[Any]]:
    """Return a notebook's panels by the names they have in the site."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    found = [v for v in running.results(path, cells).values() if isinstance(v, Panel)]
    return {f"{path.name[:2]}-{n}": panel for n, panel in enumerate(found, 1)}
