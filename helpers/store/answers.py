"""Where a learner's answers and settings are kept: JSON files in a folder git ignores."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from helpers.store.student_set import find_set

_LOCK_PATIENCE = 2.0
_LOCK_STALE = 10.0


def work_dir() -> Path:
    """Return the folder of the learner's own files.

    ``HRD_WORK_DIR``, or work/ in the student's set the notebook lies in, or in the project.
    """
    named = os.environ.get("HRD_WORK_DIR")
    if named:
        return Path(named)
    own = find_set()
    return (own.folder if own else Path(__file__).resolve().parents[2]) / "work"


class _Store:
    """Records by name in one JSON file.

    Every write re-reads the file under a lock and changes one record, so that kernels
    running side by side keep each other's records. No method raises for a bad file or
    folder: `notice` then holds one sentence to show.

    Parameters
    ----------
    folder : Path, optional
        Default: `work_dir()`.
    """

    what: ClassVar[str]
    lost: ClassVar[tuple[str, str]]
    durable: ClassVar[bool] = True

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder if folder is not None else work_dir()
        self.notice = ""

    @property
    def path(self) -> Path:
        """Path of the JSON file."""
        return self.folder / f"{self.what}.json"

    def read(self) -> dict[str, Any]:
        """Return the stored records by name; empty when there are none."""
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            self.notice = f"Stored {self.what} could not be read ({_reason(error)})."
            return {}
        try:
            records = json.loads(raw.decode("utf-8"))[self.what]
            if not isinstance(records, dict):
                raise TypeError("the records are not an object")
        except (ValueError, KeyError, TypeError, RecursionError):
            self._set_aside()
            return {}
        return {k: v for k, v in records.items() if self._fits(v)}

    def _fits(self, record: Any) -> bool:
        return True

    def _change(self, change: Callable[[dict[str, Any]], None]) -> bool:
        """Change the records under the lock; return False (and set `notice`) when it failed."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._lock():
                records = self.read()
                change(records)
                self._replace({"version": 1, self.what: records})
        except (OSError, TypeError, ValueError) as error:
            self.notice = (
                f"{self.lost[0]} could not be saved in {self.folder.name}/ ({_reason(error)}); "
                f"{self.lost[1]}."
            )
            return False
        return True

    def _replace(self, content: dict[str, Any]) -> None:
        handle, name = tempfile.mkstemp(prefix=f"{self.what}.", suffix=".tmp", dir=self.folder)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(content, file, ensure_ascii=False, indent=1)
                if self.durable:
                    file.flush()
                    os.fsync(file.fileno())
            _replace_patiently(Path(name), self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise

    def _set_aside(self) -> None:
        number = 1
        while (self.folder / f"{self.what}.broken-{number}.json").exists():
            number += 1
        aside = self.folder / f"{self.what}.broken-{number}.json"
        try:
            os.replace(self.path, aside)
        except OSError as error:
            self.notice = f"The file of stored {self.what} is damaged ({_reason(error)})."
        else:
            self.notice = f"The file of stored {self.what} was damaged; it is kept as {aside.name}."

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        lock = self.folder / f"{self.what}.lock"
        mine = False
        end = time.monotonic() + _LOCK_PATIENCE
        while time.monotonic() < end:
            try:
                os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
                mine = True
                break
            except (FileExistsError, PermissionError):
                if not lock.exists() and not os.access(self.folder, os.W_OK):
                    break
                with contextlib.suppress(OSError):
                    # A kernel that was killed while it wrote leaves its lock behind.
                    if time.time() - lock.stat().st_mtime > _LOCK_STALE:
                        lock.unlink()
                time.sleep(0.02)
        try:
            yield
        finally:
            if mine:
                with contextlib.suppress(OSError):
                    lock.unlink()


class SettingStore(_Store):
    """What a learner set in a panel, by the panel's name: any value that JSON can hold."""

    what = "settings"
    lost = ("Your setting", "it holds until the notebook is closed")
    durable = False  # written at each move of a slider: never torn, but not forced to disk

    def get(self, name: str) -> Any:
        """Return what was kept under a name, or an empty text."""
        return self.read().get(name, "")

    def record(self, name: str, value: Any) -> bool:
        """Keep a value; return False (and set `notice`) when it could not be saved."""
        return self._change(lambda records: records.__setitem__(name, value))


class AnswerStore(_Store):
    """Answers by exercise id, with their history; see `_Store` for what never raises."""

    what = "answers"
    lost = ("Your answer", "the check itself worked")

    def _fits(self, record: Any) -> bool:
        return isinstance(record, dict) and isinstance(record.get("history", []), list)

    def get(self, identifier: str) -> dict[str, Any] | None:
        """Return the record of one exercise, or None."""
        return self.read().get(identifier)

    def record(self, identifier: str, value: Any, verdict: str) -> bool:
        """Append an answer; return False (and set `notice`) when it could not be saved."""

        def change(record: dict[str, Any]) -> None:
            phase = "after reveal" if record.get("revealed") else "before reveal"
            entry = {"at": _now(), "value": value, "verdict": verdict, "phase": phase}
            record["value"], record["verdict"] = value, verdict
            record.setdefault("history", []).append(entry)

        return self._update(identifier, change)

    def mark_revealed(self, identifier: str) -> bool:
        """Note that the result was shown: what is recorded later counts as after it."""

        def change(record: dict[str, Any]) -> None:
            record.setdefault("revealed", _now())

        return self._update(identifier, change)

    def mark_solution_shown(self, identifier: str) -> bool:
        """Note that the learner asked to see the solution."""

        def change(record: dict[str, Any]) -> None:
            record.setdefault("solution_shown", _now())

        return self._update(identifier, change)

    def _update(self, identifier: str, change: Any) -> bool:
        return self._change(lambda r: change(r.setdefault(identifier, {"history": []})))


def _replace_patiently(source: Path, target: Path) -> None:
    # On Windows a reader that has the file open makes a replacement fail for a moment.
    for _ in range(20):
        try:
            os.replace(source, target)
            return
        except PermissionError:
            time.sleep(0.05)
    os.replace(source, target)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__
