"""The student's set a notebook runs in, when it runs in one.

A set is a folder that an instructor handed out: notebooks, sealed answers and, if the
instructor wished, a cohort of the student's own. It is known by its file `set.json`, which
is looked for beside the running notebook; so a set works wherever a student puts it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MARKER: Final = "set.json"
_DEEPEST: Final = 2


@dataclass(frozen=True)
class StudentSet:
    """A student's set.

    Attributes
    ----------
    folder : Path
        Where it is.
    build : str
        Names the build it came from.
    key : str
        Names the student without saying who that is; empty in a set common to all.
    own_cohort : bool
        Whether it holds a cohort of its own.
    """

    folder: Path
    build: str
    key: str
    own_cohort: bool

    @property
    def data(self) -> Path:
        """Folder of the data that take the place of the shipped ones."""
        return self.folder / "data"


def find_set(start: Path | None = None) -> StudentSet | None:
    """Return the set that a folder (default: the working folder) lies in, or None."""
    try:
        here = (start or Path.cwd()).resolve()
    except OSError:
        return None
    for folder in (here, *list(here.parents)[:_DEEPEST]):
        found = read_set(folder)
        if found is not None:
            return found
    return None


def read_set(folder: Path) -> StudentSet | None:
    """Return the set whose marker is in this folder, or None."""
    try:
        said = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        if said["what"] != "hrd student set":
            return None
        return StudentSet(folder, str(said["build"]), str(said["key"]), bool(said["own_cohort"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
