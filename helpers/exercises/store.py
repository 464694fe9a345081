"""Where a learner's answers are kept: one JSON file in a folder that git ignores."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_LOCK_PATIENCE = 2.0
_LOCK_STALE = 10.0


def work_dir() -> Path:
    """Return the folder of the learner's own files: ``HRD_WORK_DIR``, or work/ in the project."""
    named = os.environ.get("HRD_WORK_DIR")
    return Path(named) if named else Path(__file__).resolve().parents[2] / "work"


class AnswerStore:
    """Answers by exercise id, with their history.

    Every write re-reads the file under a lock and changes one exercise, so that kernels
    running side by side keep each other's answers. No method raises for a bad file or
    folder: `notice` then holds one sentence to show.

    Parameters
    ----------
    folder : Path, optional
        Default: `work_dir()`.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder if folder is not None else work_dir()
        self.notice = ""

    @property
    def path(self) -> Path:
        """Path of the JSON file."""
        return self.folder / "answers.json"

    def read(self) -> dict[str, dict[str, Any]]:
        """Return the stored record of each exercise id; empty when there is none."""
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            self.notice = f"Stored answers could not be read ({_reason(error)})."
            return {}
        try:
            answers = json.loads(raw.decode("utf-8"))["answers"]
            if not isinstance(answers, dict):
                raise TypeError("answers is not an object")
        except (ValueError, KeyError, TypeError, RecursionError):
            self._set_aside()
            return {}
        return {k: v for k, v in answers.items() if _is_record(v)}

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

    def _update(self, identifier: str, change: Any) -> bool:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._lock():
                answers = self.read()
                record = answers.setdefault(identifier, {"history": []})
                change(record)
                self._replace({"version": 1, "answers": answers})
        except (OSError, TypeError, ValueError) as error:
            self.notice = (
                f"Your answer could not be saved in {self.folder.name}/ ({_reason(error)}); "
                "the check itself worked."
            )
            return False
        return True

    def _replace(self, content: dict[str, Any]) -> None:
        handle, name = tempfile.mkstemp(prefix="answers.", suffix=".tmp", dir=self.folder)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(content, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            _replace_patiently(Path(name), self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise

    def _set_aside(self) -> None:
        number = 1
        while (self.folder / f"answers.broken-{number}.json").exists():
            number += 1
        aside = self.folder / f"answers.broken-{number}.json"
        try:
            os.replace(self.path, aside)
        except OSError as error:
            self.notice = f"The file of stored answers is damaged ({_reason(error)})."
        else:
            self.notice = f"The file of stored answers was damaged; it is kept as {aside.name}."

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        lock = self.folder / "answers.lock"
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


def _replace_patiently(source: Path, target: Path) -> None:
    # On Windows a reader that has the file open makes a replacement fail for a moment.
    for _ in range(20):
        try:
            os.replace(source, target)
            return
        except PermissionError:
            time.sleep(0.05)
    os.replace(source, target)


def _is_record(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("history", []), list)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__
