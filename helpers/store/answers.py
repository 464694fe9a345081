"""Where a learner's answers and settings are kept: JSON files in a folder git ignores."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from filelock import FileLock, Timeout

from helpers.store.place import work_dir

__all__ = ["AnswerStore", "SettingStore", "work_dir"]

# Seconds a write waits for the others'; one takes about 10 ms, so this is a very full disk.
_PATIENCE = 10.0


class _DamagedError(Exception):
    """The file does not hold records."""


class _Store:
    """Records by name in one JSON file.

    Every write re-reads the file under a lock and changes one record, so that kernels
    running side by side keep each other's records. The lock is the operating system's: it
    ends with the process that holds it. Without it nothing is written. What this version
    does not know, in the file or in a record, is written back as it was found. No method
    raises for a bad file or folder: `notice` then holds one sentence to show.

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
            try:
                content = self._content()
            except _DamagedError:
                with self._lock():  # another kernel may be mending it at this moment
                    content = self._usable()
        except OSError as error:
            self.notice = f"Stored {self.what} could not be read ({_reason(error)})."
            return {}
        return {k: v for k, v in content.get(self.what, {}).items() if self._fits(v)}

    def _fits(self, record: Any) -> bool:
        return True

    def _content(self) -> dict[str, Any]:
        """Return all that the file holds; empty when there is no file."""
        try:
            content = json.loads(self.path.read_bytes().decode("utf-8"))
        except FileNotFoundError:
            return {}
        except (ValueError, RecursionError) as error:
            raise _DamagedError from error
        if not isinstance(content, dict) or not isinstance(content.get(self.what), dict):
            raise _DamagedError
        return content

    def _usable(self) -> dict[str, Any]:
        """Return what the file holds; a damaged file is set aside. Needs the lock."""
        try:
            return self._content()
        except _DamagedError:
            aside = self._free("broken")
            _replace_patiently(self.path, aside)
            self.notice = f"The file of stored {self.what} was damaged; it is kept as {aside.name}."
            return {}

    def _change(self, change: Callable[[dict[str, Any]], None]) -> bool:
        """Change the records under the lock; return False (and set `notice`) when it failed."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._lock():
                content = {"version": 1, self.what: {}, **self._usable()}
                change(content[self.what])
                self._replace(content)
        except (OSError, TypeError, ValueError) as error:
            self.notice = (
                f"{self.lost[0]} could not be saved in {self.folder.name}/ ({_reason(error)}); "
                f"{self.lost[1]}."
            )
            return False
        return True

    def _replace(self, content: dict[str, Any]) -> None:
        # One name is enough under the lock, and what a killed kernel left is written over.
        new = self.path.with_suffix(".tmp")
        try:
            with open(new, "w", encoding="utf-8") as file:
                json.dump(content, file, ensure_ascii=False, indent=1)
                if self.durable:
                    file.flush()
                    os.fsync(file.fileno())
            _replace_patiently(new, self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(new)
            raise

    def _free(self, word: str) -> Path:
        number = 1
        while (self.folder / f"{self.what}.{word}-{number}.json").exists():
            number += 1
        return self.folder / f"{self.what}.{word}-{number}.json"

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        # The file stays, empty: to remove it while another kernel waits would part the two.
        lock = FileLock(self.folder / ".lock", timeout=_PATIENCE, poll_interval=0.01)
        try:
            lock.acquire()
        except Timeout as error:
            raise TimeoutError(None, "another notebook kept it locked") from error
        try:
            yield
        finally:
            lock.release()


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
        def change_one(records: dict[str, Any]) -> None:
            if identifier in records and not self._fits(records[identifier]):
                # Of another version, or damaged: it must make room, but is not lost.
                shutil.copyfile(self.path, self._free("kept"))
                del records[identifier]
            change(records.setdefault(identifier, {"history": []}))

        return self._change(change_one)


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
