"""Read the bank: what a copy of the suite, or a student's set, knows about each exercise."""

from __future__ import annotations

import difflib
import json
import os
from functools import lru_cache
from pathlib import Path

from helpers.exercises.seal import Entry
from helpers.exercises.table import SolutionError, exercises_dir, plain_entry, read_table
from helpers.store.student_set import find_set


class UnknownExercise(ValueError):
    """No exercise in the bank has this id."""


def bank_dir() -> Path:
    """Return the folder of the bank.

    ``HRD_BANK_DIR``, or the sealed bank of the student's set the notebook lies in, or the
    exercises of the suite as they are written.
    """
    named = os.environ.get("HRD_BANK_DIR")
    if named:
        return Path(named)
    own = find_set()
    return own.folder / "bank" if own else exercises_dir()


@lru_cache(maxsize=64)
def _read(path: Path, modified: int) -> dict[str, Entry]:
    if path.suffix == ".py":
        name = f"{path.stem}.ipynb"
        entries = {item.identifier: plain_entry(item) for item in read_table(path)}
    else:
        content = json.loads(path.read_text(encoding="utf-8"))
        name, entries = str(content["notebook"]), content["exercises"]
    return {key: {**entry, "notebook": name} for key, entry in entries.items()}


def _load(folder: Path) -> tuple[dict[str, Entry], list[str]]:
    """Return every entry by id, and one sentence for each file that cannot be used."""
    entries: dict[str, Entry] = {}
    problems = []
    for path in sorted(p for p in folder.glob("*") if p.suffix in {".py", ".json"}):
        try:
            entries.update(_read(path, path.stat().st_mtime_ns))
        except SolutionError as error:
            problems.append(str(error))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            problems.append(f"{path.name} cannot be read as a bank of exercises.")
    return entries, problems


def load_bank(folder: Path | None = None) -> dict[str, Entry]:
    """Return every entry by id, in reading order; a file that cannot be read is skipped."""
    return _load(folder or bank_dir())[0]


def find(identifier: object) -> Entry:
    """Return one entry.

    Raises
    ------
    UnknownExercise
        One sentence that lists the closest ids, or says why its file cannot be read.
    """
    bank, problems = _load(bank_dir())
    wanted = str(identifier)
    if wanted in bank:
        return bank[wanted]
    spoilt = [said for said in problems if said[:2] == wanted[:2]]
    if spoilt:
        raise UnknownExercise(f'exercise "{wanted[:40]}" cannot be read: {spoilt[0]}')
    close = difflib.get_close_matches(wanted, list(bank), n=3, cutoff=0.5)
    if not close:
        close = [key for key in bank if key[:2] == wanted[:2]][:3]
    tail = f"; close ids: {', '.join(close)}." if close else "; see progress() for all ids."
    if find_set() is None and wanted[:2].isdigit():
        tail += f" A new one is written into exercises/{wanted[:2]}_....py."
    raise UnknownExercise(f'there is no exercise "{wanted[:40]}"{tail}')
