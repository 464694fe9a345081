"""The folder of a learner's own files: one per person."""

from __future__ import annotations

import os
from pathlib import Path

from helpers.store.student_set import find_set

_PROJECT = Path(__file__).resolve().parents[2]
_HOME = "hrd-work"


def work_dir() -> Path:
    """Return the folder of the learner's own files.

    ``HRD_WORK_DIR``, or work/ in the student's set the notebook lies in, or in the project.
    Where that set or project is shared (see `is_own`), a folder of the home folder instead:
    two people must never write into one file.
    """
    named = os.environ.get("HRD_WORK_DIR")
    if named:
        return Path(named)
    own = find_set()
    folder = own.folder if own else _PROJECT
    if is_own(folder):
        return folder / "work"
    return Path.home() / _HOME / own.build if own else Path.home() / _HOME


def is_own(folder: Path) -> bool:
    """Tell whether a folder is this person's alone.

    It is not where it cannot be written, where it belongs to another account (but a
    container's root owns all), or where it lies outside the home folder of a JupyterHub's user.
    """
    home = Path.home()
    if os.environ.get("JUPYTERHUB_USER") and not folder.is_relative_to(home):
        return False
    try:
        theirs = hasattr(os, "getuid") and os.getuid() not in (0, folder.stat().st_uid)
    except OSError:
        return False
    return not theirs and os.access(folder, os.W_OK)


def said_place() -> str:
    """Return one sentence on where answers are kept, or nothing where it is the usual place."""
    own = find_set()
    if os.environ.get("HRD_WORK_DIR") or is_own(own.folder if own else _PROJECT):
        return ""
    return (
        "This copy of the suite is shared; your answers and settings are kept in your own "
        f"folder {work_dir()}."
    )
