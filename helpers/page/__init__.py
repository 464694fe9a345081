"""What stands on the page of a notebook: controls and their looks, as JavaScript and CSS.

Panels and exercises each put a module of their own after `controls.js`; the text that comes
out is one module that asks nothing of the network.
"""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent


def script(*modules: Path) -> str:
    """Return the controls and these modules as one."""
    return "\n".join(path.read_text("utf-8") for path in (_HERE / "controls.js", *modules))


def style(*sheets: Path) -> str:
    """Return the looks of the controls and these sheets as one."""
    return "\n".join(path.read_text("utf-8") for path in (_HERE / "controls.css", *sheets))
