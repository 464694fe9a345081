"""The report of `collect`: a page to read, a table to compute with, one for a gradebook."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, Final, NamedTuple

from helpers.exercises import grading
from helpers.teaching.course import (
    HANDED_IN,
    MISSING,
    NOTHING,
    UNREADABLE_FILES,
    Line,
    Result,
    Shared,
    Standing,
    say,
)
from helpers.teaching.cutting import KitError
from helpers.teaching.gradebook import gradebook_text
from helpers.teaching.pages import cell_safe, page, table
from helpers.teaching.tally import bars, number_of, pairs

COLUMNS: Final = (
    "student", "key", "exercise", "kind", "level", "state", "answer", "message", "tries",
    "prediction_before", "prediction_after", "solution_shown", "checked", "made", "late",
    "known_by", "file",
)  # fmt: skip
_SIGNS: Final = {
    grading.RIGHT: "✓",
    grading.NOT_YET: "○",
    grading.BLANK: "–",
    grading.UNREADABLE: "?",
    grading.RECORDED: "●",
    MISSING: "–",
}
_LEGEND: Final = "✓ right · ○ not yet · ● recorded, not scored · ? could not be read · – no answer"
_RIGHT, _WRONG, _NEITHER = "#0072B2", "#D55E00", "#767676"
_LONGEST: Final = 300


class Written(NamedTuple):
    """Where the report is."""

    table: Path
    page: Path
    gradebook: Path


def write_report(result: Result, wanted: Path) -> Written:
    """Write the files beside each other under the first free name.

    Each is written whole before it gets its name; nothing is overwritten.

    Raises
    ------
    KitError
        If they cannot be written.
    """
    stem = wanted.with_suffix("") if wanted.suffix.lower() in {".csv", ".html"} else wanted
    texts = ("\ufeff" + table_text(result), page_text(result), "\ufeff" + gradebook_text(result))
    number = 1
    while True:
        name = stem.name if number == 1 else f"{stem.name}-{number}"
        number += 1
        written = Written(*(stem.with_name(name + end)
                            for end in (".csv", ".html", "_gradebook.csv")))  # fmt: skip
        if any(os.path.lexists(path) for path in written):
            continue
        parts = [path.with_name(f"{path.name}.part") for path in written]
        try:
            stem.parent.mkdir(parents=True, exist_ok=True)
            for part, text in zip(parts, texts, strict=True):
                part.write_text(text, encoding="utf-8", errors="backslashreplace", newline="")
            for part, path in zip(parts, written, strict=True):
                os.replace(part, path)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise KitError(f"The report cannot be written at {stem} ({reason}).") from None
        finally:
            for part in parts:
                with contextlib.suppress(OSError):
                    part.unlink()
        return written


def in_words(result: Result) -> list[str]:
    """Return the first lines of the report: who handed in, who is missing, unreadable, late."""
    of = _standings(result)
    some = [s for s in of[HANDED_IN] if s.in_roster or not result.roster]
    strangers = [s for s in of[HANDED_IN] if result.roster and not s.in_roster]
    if result.roster:
        whole = sum(s.in_roster for s in result.standings)
        first = f"{len(some)} of {whole} handed in"
    else:
        first = f"{len(some)} handed in"
    files = f"{result.files} {'file' if result.files == 1 else 'files'}"
    if result.parts:
        files += f", {result.parts} of them parts of sets sent back whole"
    lines = [f"{first} ({files})."]
    if of[NOTHING]:
        lines.append(f"Missing: {'; '.join(s.name for s in of[NOTHING])}.")
    unread = of[UNREADABLE_FILES]
    if unread:
        lines.append("Unreadable: " + "; ".join(f"{s.name} ({_why(s)})" for s in unread) + ".")
    late = [f"{s.name} ({s.made})" if s.made else s.name for s in result.standings if s.late]
    if late:
        lines.append(f"Late{f', after {result.due}' if result.due else ''}: {'; '.join(late)}.")
    elif result.due:
        lines.append(f"Nobody is later than {result.due}.")
    if strangers:
        lines.append(f"Not in the roster: {'; '.join(s.name for s in strangers)}.")
    return lines


def _standings(result: Result) -> dict[str, list[Standing]]:
    return {
        state: [s for s in result.standings if s.state == state]
        for state in (HANDED_IN, UNREADABLE_FILES, NOTHING)
    }


def _why(standing: Standing) -> str:
    file, text = standing.unreadable[0]
    return f"{file} {text}"


# The table ------------------------------------------------------------------------------------


def table_text(result: Result) -> str:
    """Return the lines as CSV; nothing in it starts a formula in a spreadsheet program."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    by = {s.name: s for s in result.standings}
    for line in result.lines:
        standing = by.get(line.student)
        row = (
            line.student, line.key, line.exercise, line.kind, line.level, line.state,
            _short(line.answer, 2000), line.message, line.tries, _short(line.before),
            _short(line.after), "yes" if line.solution_shown else "", line.checked,
            standing.made if standing else "", "yes" if standing and standing.late else "",
            standing.known_by if standing else "", line.file,
        )  # fmt: skip
        writer.writerow([cell_safe(cell) for cell in row])
    for one in result.standings:
        if one.state != HANDED_IN:
            file, why = one.unreadable[0] if one.unreadable else ("", "")
            told: dict[str, Any] = {"student": one.name, "key": one.key, "file": file}
            told |= {"state": one.state.capitalize(), "message": why}
            writer.writerow([cell_safe(told.get(column, "")) for column in COLUMNS])
    for file, text in result.problems:
        told = {"state": "Problem", "message": text, "file": file}
        writer.writerow([cell_safe(told.get(column, "")) for column in COLUMNS])
    return out.getvalue()


# The page -------------------------------------------------------------------------------------

_STYLE: Final = """<style>
body { max-width: 78em; margin: 1em auto; } h1 { margin: 0.2em 0; }
.head p { margin: 0.25em 0; } .head strong { font-size: 1.15em; }
.three { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1em; }
.three section { border: 1px solid #bbb; border-top: 4px solid #D55E00; padding: 0.4em 0.9em; }
.three h3 { margin: 0.2em 0; } .three p { margin: 0.35em 0; }
.two { display: grid; grid-template-columns: repeat(auto-fill, minmax(26em, 1fr)); gap: 1em; }
svg text { font: 11px Helvetica, Arial, sans-serif; } svg { max-width: 100%; height: auto; }
td:last-child:has(svg) { min-width: 390px; }
.scroll { overflow: auto; max-height: 85vh; border: 1px solid #bbb; width: fit-content;
          max-width: 100%; }
.scroll table { margin: 0; border-collapse: separate; border-spacing: 0; }
.scroll th, .scroll td { border-width: 0 1px 1px 0; text-align: center; padding: 0.15em 0.4em; }
.scroll thead th { position: sticky; top: 0; z-index: 1; }
.scroll th:first-child, .scroll td:first-child { position: sticky; left: 0; text-align: left;
          background: #f2f2f2; white-space: nowrap; }
.scroll thead th:first-child { z-index: 2; } .grey { color: #595959; }
@media (max-width: 60em) { .three { grid-template-columns: 1fr; } }
@media print {
  @page { size: A4; margin: 10mm; } body { font-size: 7.5pt; line-height: 1.25; }
  .screen { display: none; } td:last-child:has(svg) { min-width: 0; }
  .three section { padding: 0.1em 0.5em; }
  .three { grid-template-columns: repeat(3, 1fr) !important; gap: 0.4em; }
  h2 { margin: 0.5em 0 0.2em; } td, th { padding: 0.05em 0.35em; } svg { height: 9mm; }
  .sheet { break-before: page; } table { margin: 0.2em 0; break-inside: auto; }
  tr { break-inside: avoid; } .scroll { overflow: visible; max-height: none; border: 0; }
  .scroll thead th { position: static; } .scroll th:first-child, .scroll td:first-child {
  position: static; }
}
</style>"""


def page_text(result: Result) -> str:
    """Return the report as a page."""
    head = [f"<p><strong>{escape(in_words(result)[0])}</strong></p>"]
    head += [f"<p>{escape(line)}</p>" for line in in_words(result)[1:]]
    links = '<a href="#exercises">Exercises</a> · <a href="#predictions">Predictions</a> · '
    links += '<a href="#students">Students</a>'
    if result.problems:
        links += f' · <a href="#look">To look at ({len(result.problems)})</a>'
    parts = [
        _STYLE,
        f'<div class="head">{"".join(head)}<p class="screen">{links}</p></div>',
        "<h2>To discuss</h2>" + _discuss(result),
        '<h2 id="exercises">Exercises, the hardest first</h2>' + _exercises(result),
        '<div class="screen"><h2 id="predictions">Predictions</h2>' + _predictions(result),
        "</div>",
        '<div class="sheet"><h2 id="students">Students</h2>' + _matrix(result) + "</div>",
    ]
    if result.problems:
        parts.append(
            '<div class="screen"><h2 id="look">To look at</h2>'
            + table(("file or student", "what"), result.problems)
            + "</div>"
        )
    parts.append(f'<div class="screen">{_reflections(result)}</div>')
    build = f" Build {result.build}." if result.build else ""
    parts.append(f"<p>{escape(_WHAT_WAS_CHECKED)}{escape(build)}</p>")
    return page("What came back", "".join(parts))


_WHAT_WAS_CHECKED = (
    "Stored answers were compared here, on this computer, with the sealed answers of the build; "
    "functions stand as the student's own copy marked them unless you gave --run, which tests "
    "them anew. Names, times and histories are what the files say: they are plain text and can "
    "be edited, so they show learning and prove nothing."
)


def _question(result: Result, exercise: str, most: int = _LONGEST) -> str:
    found = result.questions.get(exercise)
    text = " ".join(found.text.split()) if found else ""
    text = re.sub(r"^Exercise \S+ \(\w+\)\. ", "", text)  # the id stands before it
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _discuss(result: Result) -> str:
    named = [s for s in result.shared if s.message][:3]
    chosen = sorted(
        (named + [s for s in result.shared if s not in named])[:3], key=lambda s: -len(s.students)
    )
    if not chosen:
        return "<p>No wrong answer was given by more than one student.</p>"
    return '<div class="three">' + "".join(_card(result, s) for s in chosen) + "</div>"


def _card(result: Result, shared: Shared) -> str:
    answers = " or ".join(f"“{a[:90]}”" for a in shared.answers[:3])
    found = result.questions.get(shared.exercise)
    ask = found.discussion if found and found.discussion else ""
    if not ask and answers:
        ask = (
            f"Ask one who answered {answers} how, then one who did not; let the class say "
            "which step differs."
        )
    elif not ask:
        ask = "Ask two who answered differently to go through their steps aloud."
    said = f"<p>They answered {escape(answers)}</p>" if answers else ""
    told = shared.message[:1].upper() + shared.message[1:]
    why = f"<p>{escape(told)}</p>" if told else ""
    return (
        f"<section><h3>{escape(shared.exercise)}: {len(shared.students)} students</h3>"
        f"<p>{escape(_question(result, shared.exercise, 200))}</p>{said}{why}"
        f"<p><strong>In class.</strong> {escape(ask)}</p></section>"
    )


def _exercises(result: Result) -> str:
    by: dict[str, list[Line]] = {}
    for line in result.lines:
        by.setdefault(line.exercise, []).append(line)
    rows = []
    for exercise, lines in by.items():
        kind = lines[0].kind
        if kind == "prediction":
            continue
        given = [line for line in lines if line.state not in {MISSING, grading.BLANK}]
        right = sum(line.state == grading.RIGHT for line in lines)
        scored = kind != "reflection"
        first = sum(line.state == grading.RIGHT and line.tries == 1 for line in lines)
        tries = [line.tries for line in given if line.tries]
        share = right / len(given) if given and scored else 2.0
        cells = (
            f"<strong>{escape(exercise)}</strong>",
            escape(_question(result, exercise, 160) or kind),
            f"{len(given)} of {len(lines)}",
            f"{right} ({100 * share:.0f}%)" if scored and given else "" if scored else "not scored",
            f"{first}" if scored else "",
            f"{statistics.median(tries):g}" if tries else "",
            str(sum(line.solution_shown for line in lines) or ""),
            _distribution(exercise, given) if scored else "",
        )
        rows.append((share, exercise, "".join(f"<td>{cell}</td>" for cell in cells)))
    if not rows:
        return "<p>There are none.</p>"
    heads = ("exercise", "question", "answered", "right", "at once", "tries (median)",
             "saw solution", "last answers")  # fmt: skip
    top = "".join(f'<th scope="col">{h}</th>' for h in heads)
    body = "".join(f"<tr>{cells}</tr>" for _, _, cells in sorted(rows))
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _distribution(exercise: str, given: Sequence[Line]) -> str:
    """Return the last answers as bars: the right one and the commonest others."""
    if not given:
        return ""
    count: Counter[tuple[str, str]] = Counter()
    right = {_short(x.answer) for x in given if x.state == grading.RIGHT}
    for line in given:
        color = {grading.RIGHT: _RIGHT, grading.NOT_YET: _WRONG}.get(line.state, _NEITHER)
        text = _short(line.answer)
        if line.kind == "code" or (line.state == grading.RIGHT and len(right) > 2):
            text = line.state.lower()
        count[text, color] += 1
    top = count.most_common(4)
    rows = [(text, n, color) for (text, color), n in top]
    rest = sum(count.values()) - sum(n for _, n, _ in rows)
    if rest:
        rows.append((f"{len(count) - len(top)} others", rest, _NEITHER))
    said = f"Answers to {exercise}: " + ", ".join(f"{t[:40]} {n}" for t, n, _ in rows)
    return bars(rows, said)


def _predictions(result: Result) -> str:
    parts = []
    for exercise in result.exercises:
        lines = [x for x in result.lines if x.exercise == exercise]
        if not lines or lines[0].kind != "prediction":
            continue
        before = [x.before for x in lines if x.before is not None]
        # Who did not change a prediction holds it still.
        after = [x.before if x.after is None else x.after for x in lines if x.before is not None]
        changed = sum(x.after is not None for x in lines)
        drawn = pairs(before, after)
        rows = [(label, n, _RIGHT) for label, n, _ in drawn]
        numbers = [n for v in before if (n := number_of(v)) is not None]
        middle = ""
        if numbers and len(numbers) == len(before):
            middle = f", middle value {grading.number_text(statistics.median(numbers))}"
        said = "; ".join(f"{label[:40]}: {a} before, {b} after" for label, a, b in drawn)
        parts.append(
            f"<section><h3>{escape(exercise)}</h3><p>{escape(_question(result, exercise))}</p>"
            f"<p>{len(before)} of {len(lines)} predicted{middle}; {changed} changed it after the "
            f"result.</p>{bars(rows, said, [n for _, _, n in drawn])}</section>"
        )
    if not parts:
        return "<p>There are none.</p>"
    return (
        "<p>Full bars: before the result was shown. Outlines: after it.</p>"
        f'<div class="two">{"".join(parts)}</div>'
    )


def _matrix(result: Result) -> str:
    if not result.standings:
        return "<p>Nobody's files were found.</p>"
    by = {(line.student, line.exercise): line for line in result.lines}
    rows = []
    for s in result.standings:
        mine = [by.get((s.name, e)) for e in result.exercises]
        if s.state != HANDED_IN:
            cells = "".join("<td></td>" for _ in mine)
            rows.append(f'<tr class="grey"><td>{escape(s.name)}</td><td>{s.state}</td>{cells}</tr>')
            continue
        right = sum(x is not None and x.state == grading.RIGHT for x in mine)
        late = " late" if s.late else ""
        signs = "".join(
            f"<td>{_SIGNS.get(x.state, escape(x.state)) if x else ''}</td>" for x in mine
        )
        rows.append(f"<tr><td>{escape(s.name)}{late}</td><td>{right}</td>{signs}</tr>")
    top = "".join(f'<th scope="col">{escape(h)}</th>' for h in ("student", "right",
                                                               *result.exercises))  # fmt: skip
    return (
        f'<p>{_LEGEND}</p><div class="scroll" tabindex="0"><table><thead><tr>{top}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _reflections(result: Result) -> str:
    lines = [line for line in result.lines if line.kind == "reflection" and line.answer]
    if not lines:
        return ""
    rows = [(line.exercise, line.student, str(line.answer)[:3000]) for line in lines]
    return "<h2>Reflections (yours to read)</h2>" + table(("exercise", "student", "text"), rows)


def _short(value: Any, most: int = _LONGEST) -> str:
    return say(value)[:most]
