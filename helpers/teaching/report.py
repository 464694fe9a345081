"""The report of `collect`: a table to compute with and a page to read."""

from __future__ import annotations

import csv
import io
import os
import statistics
from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

from helpers.exercises import grading
from helpers.teaching.course import Line, Result, say
from helpers.teaching.cutting import KitError
from helpers.teaching.pages import cell_safe, page, table

COLUMNS: Final = (
    "student", "key", "exercise", "kind", "level", "state", "answer", "message", "tries",
    "prediction_before", "prediction_after", "solution_shown", "checked", "file",
)  # fmt: skip
_SIGNS: Final = {
    grading.RIGHT: "✓ right",
    grading.NOT_YET: "○ not yet",
    grading.BLANK: "– none",
    grading.UNREADABLE: "? unreadable",
    grading.RECORDED: "● recorded",
    "No answer": "– none",
}
_LONGEST: Final = 300


def write_report(result: Result, wanted: Path) -> tuple[Path, Path]:
    """Write both files beside each other under the first free name; return their paths.

    Raises
    ------
    KitError
        If they cannot be written.
    """
    stem = wanted.with_suffix("") if wanted.suffix.lower() in {".csv", ".html"} else wanted
    number = 1
    while True:
        name = stem.name if number == 1 else f"{stem.name}-{number}"
        csv_path, html_path = stem.with_name(f"{name}.csv"), stem.with_name(f"{name}.html")
        number += 1
        if os.path.lexists(csv_path) or os.path.lexists(html_path):
            continue
        try:
            stem.parent.mkdir(parents=True, exist_ok=True)
            with csv_path.open("x", encoding="utf-8-sig", newline="") as file:
                file.write(table_text(result))
            with html_path.open("x", encoding="utf-8") as file:
                file.write(page_text(result))
        except FileExistsError:
            continue
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise KitError(f"The report cannot be written at {stem} ({reason}).") from None
        return csv_path, html_path


def table_text(result: Result) -> str:
    """Return the lines as CSV; nothing in it starts a formula in a spreadsheet program."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in result.lines:
        row = (
            line.student, line.key, line.exercise, line.kind, line.level, line.state,
            _short(line.answer, 2000), line.message, line.tries, _short(line.before),
            _short(line.after), "yes" if line.solution_shown else "", line.checked, line.file,
        )  # fmt: skip
        writer.writerow([cell_safe(cell) for cell in row])
    for file, text in result.problems:
        told = {"state": "Problem", "message": text, "file": file}
        writer.writerow([cell_safe(told.get(column, "")) for column in COLUMNS])
    return out.getvalue()


def page_text(result: Result) -> str:
    """Return the report as a page."""
    students = list(dict.fromkeys(line.student for line in result.lines))
    by = {(line.student, line.exercise): line for line in result.lines}
    parts = [
        f"<p>{result.files} files, {len(students)} students, {len(result.exercises)} exercises"
        + (f", build {escape(result.build)}" if result.build else "")
        + ".</p>"
    ]
    if result.problems:
        parts.append("<h2>To look at</h2>" + table(("file", "what"), result.problems))
    parts.append("<h2>Exercises</h2>" + _exercises(result))
    parts.append("<h2>Most common wrong answers</h2>" + _wrong(result))
    parts.append("<h2>Predictions</h2>" + _predictions(result))
    parts.append("<h2>Students</h2>")
    rows = [
        [s, *(_SIGNS.get(line.state, line.state) if (line := by.get((s, e))) else "" 
              for e in result.exercises)]
        for s in students
    ]  # fmt: skip
    parts.append(table(("student", *result.exercises), rows))
    parts.append(_reflections(result))
    parts.append(f"<p>{escape(_WHAT_WAS_CHECKED)}</p>")
    return page("What came back", "".join(parts))


_WHAT_WAS_CHECKED = (
    "What was checked: stored answers were compared with the sealed answers of this build, here on "
    "your computer. Functions are marked as the student's own copy marked them, unless you ran the "
    "report with --run. Hand-in files are plain text and can be edited; they show learning, they "
    "prove nothing."
)


def _of(result: Result, exercise: str) -> list[Line]:
    return [line for line in result.lines if line.exercise == exercise]


def _exercises(result: Result) -> str:
    rows = []
    for exercise in result.exercises:
        lines = _of(result, exercise)
        if not lines or lines[0].kind == "prediction":
            continue
        given = [line for line in lines if line.state not in {"No answer", grading.BLANK}]
        right = sum(line.state == grading.RIGHT for line in lines)
        first = sum(line.state == grading.RIGHT and line.tries == 1 for line in lines)
        tries = [line.tries for line in given if line.tries]
        scored = lines[0].kind != "reflection"
        rows.append(
            (
                exercise,
                lines[0].kind,
                lines[0].level,
                f"{len(given)} of {len(lines)}",
                right if scored else "not scored",
                first if scored else "",
                f"{statistics.median(tries):g}" if tries else "",
                sum(line.solution_shown for line in lines) or "",
            )
        )
    head = ("exercise", "kind", "level", "answered", "right", "right at once",
            "tries (median)", "saw solution")  # fmt: skip
    return table(head, rows)


def _wrong(result: Result) -> str:
    rows = []
    for exercise in result.exercises:
        for (value, message), count in result.wrong.get(exercise, Counter()).most_common(3):
            rows.append((exercise, count, value[:_LONGEST] or "(differs)", message))
    if not rows:
        return "<p>None were given.</p>"
    return table(("exercise", "students", "answer", "what it suggests"), rows)


def _predictions(result: Result) -> str:
    parts = []
    for exercise in result.exercises:
        lines = _of(result, exercise)
        if not lines or lines[0].kind != "prediction":
            continue
        parts.append(f"<h3>{escape(exercise)}</h3>")
        parts.append(_bars("Before the result was shown", [line.before for line in lines]))
        after = [line.after for line in lines if line.after is not None]
        if after:
            parts.append(_bars("Changed afterwards to", after))
    return "".join(parts) or "<p>There are none.</p>"


def _bars(title: str, values: Sequence[Any]) -> str:
    given = [_short(v) for v in values if v is not None and str(v).strip()]
    if not given:
        return f"<p>{escape(title)}: nobody.</p>"
    count = Counter(given)
    numbers = [n for v in given if (n := _number(v)) is not None]
    shown = sorted(
        count.items(), key=lambda kv: (_number(kv[0]) is None, _number(kv[0]) or 0, kv[0])
    )
    rows = "".join(
        f"<tr><td>{escape(value)}</td><td>{n}</td>"
        f'<td><span class="bar" style="width:{min(n, 60) * 0.6:.1f}em"></span></td></tr>'
        for value, n in shown[:40]
    )
    middle = ""
    if len(numbers) == len(given):
        middle = f", middle value {grading.number_text(statistics.median(numbers))}"
    return (
        f"<p>{escape(title)}: {len(given)} of {len(values)}{escape(middle)}.</p>"
        f"<table><thead><tr><th>answer</th><th>students</th><th></th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _reflections(result: Result) -> str:
    lines = [line for line in result.lines if line.kind == "reflection" and line.answer]
    if not lines:
        return ""
    rows = [(line.exercise, line.student, str(line.answer)[:3000]) for line in lines]
    return "<h2>Reflections (yours to read)</h2>" + table(("exercise", "student", "text"), rows)


def _short(value: Any, most: int = _LONGEST) -> str:
    return say(value)[:most]


def _number(text: str) -> float | None:
    from helpers.exercises.reading import UnreadableAnswer, parse_number

    try:
        return parse_number(text, "%")
    except UnreadableAnswer:
        return None
