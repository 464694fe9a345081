"""Read the bank: what a student's copy knows about each exercise."""

from __future__ import annotations

import difflib
import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from helpers.store.student_set import find_set

Entry = dict[str, Any]


class UnknownExercise(ValueError):
    """No exercise in the bank has this id."""


def bank_dir() -> Path:
    """Return the folder of the bank.

    ``HRD_BANK_DIR``, or that of the student's set the notebook lies in, or bank/ beside
    this module.
    """
    named = os.environ.get("HRD_BANK_DIR")
    if named:
        return Path(named)
    own = find_set()
    return own.folder / "bank" if own else Path(__file__).resolve().parent / "bank"


@lru_cache(maxsize=64)
def _read(path: str, modified: int) -> dict[str, Entry]:
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    name = str(content["notebook"])
    return {key: {**entry, "notebook": name} for key, entry in content["exercises"].items()}


def load_bank(folder: Path | None = None) -> dict[str, Entry]:
    """Return every entry by id, in reading order; a file that cannot be read is skipped."""
    entries: dict[str, Entry] = {}
    for path in sorted((folder or bank_dir()).glob("*.json")):
        try:
            entries.update(_read(str(path), path.stat().st_mtime_ns))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return entries


def find(identifier: object) -> Entry:
    """Return one entry.

    Raises
    ------
    UnknownExercise
        One sentence that lists the closest ids.
    """
    bank = load_bank()
    wanted = str(identifier)
    if wanted in bank:
        return bank[wanted]
    close = difflib.get_close_matches(wanted, list(bank), n=3, cutoff=0.5)
    if not close:
        close = [key for key in bank if key[:2] == wanted[:2]][:3]
    tail = f"; close ids: {', '.join(close)}." if close else "; see progress() for all ids."
    raise UnknownExercise(f'there is no exercise "{wanted[:40]}"{tail}')
