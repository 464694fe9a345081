"""What a learner calls in a notebook: check, compare, progress, export."""

from __future__ import annotations

import inspect
import json
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.exercises import bank, grading, reading
from helpers.exercises.bank import UnknownExercise
from helpers.exercises.seal import Entry
from helpers.store.answers import AnswerStore, SettingStore, work_dir

_GLYPHS = {
    grading.RIGHT: "✓",
    grading.NOT_YET: "○",
    grading.BLANK: "–",
    grading.UNREADABLE: "?",
    grading.RECORDED: "●",
}


@dataclass(frozen=True)
class CheckResult:
    """Feedback on one answer: a word, a message, what was checked, and a storage notice."""

    exercise: str
    word: str
    message: str
    checked: str = ""
    notice: str = ""

    @property
    def right(self) -> bool:
        """True when the answer was scored and accepted."""
        return self.word == grading.RIGHT

    def __repr__(self) -> str:
        head = f"{self.word}: {self.message}" if self.message else f"{self.word}."
        return " ".join(part for part in (head, self.checked, self.notice) if part)

    def html(self) -> str:
        """Return accessible HTML that is spoken when it appears."""
        return f'<div role="status" aria-live="polite" style="padding:0.3em 0">{self.body()}</div>'

    def body(self) -> str:
        """Return the HTML of the verdict: it is a word, the sign only repeats it."""
        message = f": {escape(self.message)}" if self.message else ""
        small = "".join(
            f'<div style="font-size:0.9em">{escape(text)}</div>'
            for text in (self.checked, self.notice)
            if text
        )
        sign = f'<span aria-hidden="true">{_GLYPHS[self.word]}</span>'
        return f"<strong>{sign} {self.word}</strong>{message}{small}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.html()}


def check(identifier: str, answer: object = None) -> CheckResult:
    """Check an answer, keep it, and say exactly what was checked. Never raises.

    Parameters
    ----------
    identifier : str
        Exercise id, such as "01.2".
    answer : object
        What the exercise asks for: a number or text such as "17/19", "89%", "0,89"; an
        option; a list of options; a function.
    """
    try:
        entry = bank.find(identifier)
    except UnknownExercise as error:
        return CheckResult(str(identifier), grading.UNREADABLE, str(error))
    return check_entry(entry, answer)


def check_entry(entry: Entry, answer: object) -> CheckResult:
    """Check and keep an answer to an exercise already looked up."""
    verdict = grading.grade(entry, answer)
    notice = ""
    if verdict.word != grading.BLANK:
        store = AnswerStore()
        store.record(entry["id"], storable(entry, answer), verdict.word)
        notice = store.notice
    return CheckResult(entry["id"], verdict.word, verdict.message, verdict.checked, notice)


def storable(entry: Entry, answer: object) -> Any:
    """Return an answer as JSON can hold it: what was read, or else what was typed."""
    if callable(answer):
        try:
            return inspect.getsource(answer)  # type: ignore[arg-type]
        except (OSError, TypeError):
            return f"<function {getattr(answer, '__name__', 'without a name')}>"
    if isinstance(answer, str) and entry["kind"] in {"number", "prediction"}:
        return answer[:500]
    try:
        return grading.read_answer(entry, answer)
    except (reading.UnreadableAnswer, KeyError):
        return answer[:5000] if isinstance(answer, str) else repr(answer)[:500]


def stored_value(identifier: str, store: AnswerStore | None = None) -> Any:
    """Return the answer kept for an exercise, or None."""
    record = (store or AnswerStore()).get(identifier)
    return None if record is None else record.get("value")


def stored_when(identifier: str, store: AnswerStore | None = None) -> str:
    """Return when the last entry was made, as "2026-11-28, 06:12" on this computer's clock.

    Empty where no time was kept, or none that can be read.
    """
    record = (store or AnswerStore()).get(identifier) or {}
    try:
        at = datetime.fromisoformat(record["history"][-1]["at"])
        return at.astimezone().strftime("%Y-%m-%d, %H:%M")
    except (KeyError, IndexError, TypeError, ValueError, OverflowError, OSError):
        return ""


def prediction(identifier: str) -> Any:
    """Return what the learner predicted before the reveal, or None.

    A number comes back as a number. Once the result was revealed, later entries no longer
    change what is returned.
    """
    record = AnswerStore().get(str(identifier))
    if record is None:
        return None
    history = [h for h in record.get("history", []) if isinstance(h, dict)]
    usable = [h for h in history if h.get("verdict") == grading.RECORDED]
    before = [h for h in usable if h.get("phase") == "before reveal"]
    if not before:
        return None
    value = before[-1].get("value")
    try:
        return grading.read_answer(bank.find(identifier), value)
    except (UnknownExercise, reading.UnreadableAnswer):
        return value


def compare(identifier: str, found: object = None) -> str:
    """Return a prediction beside the result; later predictions are marked as made after it.

    Parameters
    ----------
    identifier : str
        Id of an exercise of kind "prediction".
    found : object, optional
        What was found: a number (shown with the unit of the exercise) or text. Default:
        what the exercise itself says.
    """
    try:
        entry = bank.find(identifier)
    except UnknownExercise as error:
        return str(error)
    unit = entry.get("unit") or ""
    found = grading.truth_of(entry) if found is None else found
    if found is None:
        return f"No result is written down for {identifier}."
    here = _with_unit(found, unit)
    said = prediction(identifier)
    if said is None:
        return f"No prediction recorded for {identifier}. Here: {here}."
    AnswerStore().mark_revealed(identifier)
    return f"You predicted {_with_unit(said, unit)}; here is {here}."


def _with_unit(value: object, unit: str) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        joint = "" if unit == "%" else " "
        return f"{grading.number_text(float(value))}{joint if unit else ''}{unit}"
    return str(value)


def progress() -> pd.DataFrame:
    """Return one row an exercise: id, notebook, kind, level, state and number of tries."""
    answers = AnswerStore().read()
    rows = []
    for identifier, entry in bank.load_bank().items():
        record = answers.get(identifier, {})
        tries = len(record.get("history", []))
        rows.append(
            {
                "exercise": identifier,
                "notebook": entry["notebook"],
                "kind": entry["kind"],
                "level": entry.get("level", ""),
                "state": str(record.get("verdict", "not started")).lower(),
                "tries": tries,
            }
        )
    columns = ["exercise", "notebook", "kind", "level", "state", "tries"]
    return pd.DataFrame(rows, columns=columns)


def export_answers(path: str | Path) -> Path:
    """Write a copy of the stored answers as JSON and return where it is.

    An existing file is kept: the new one gets a number.

    Raises
    ------
    ValueError
        One sentence when the file cannot be written.
    """
    return _written(Path(path), {"version": 1, "answers": AnswerStore().read()}, "answers")


def export_settings(path: str | Path | None = None, starting: str = "") -> Path:
    """Write a copy of the panel settings kept as JSON and return where it is.

    An existing file is kept: the new one gets a number.

    Parameters
    ----------
    path : str or Path, optional
        Default: `settings-export.json` in the work folder.
    starting : str
        Only settings whose name starts so; "09." gives those of notebook 09.

    Raises
    ------
    ValueError
        One sentence when the file cannot be written.
    """
    wanted = Path(path) if path is not None else work_dir() / "settings-export.json"
    kept = {k: v for k, v in SettingStore().read().items() if k.startswith(starting)}
    if path is None:
        wanted.parent.mkdir(parents=True, exist_ok=True)
    return _written(wanted, {"version": 1, "settings": kept}, "settings")


def _written(wanted: Path, content: dict[str, Any], what: str) -> Path:
    target, number = wanted, 2
    try:
        while target.exists():
            target = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
            number += 1
        with target.open("x", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
    except OSError as error:
        raise ValueError(
            f"The {what} could not be written to {wanted}: {error.strerror}; "
            "choose a folder you can write to."
        ) from error
    return target
