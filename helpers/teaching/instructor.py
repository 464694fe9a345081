"""The instructor's set: plans, discussion notes, rubrics, answer key, sources."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

from helpers.exercises import grading
from helpers.exercises.table import Solution, read_solutions, table_of
from helpers.teaching import cutting
from helpers.teaching.builds import (
    BUILD_FILE,
    KEY_FILE,
    NUMBERS_FILE,
    QUESTIONS_FILE,
    ROSTER_FILE,
    Build,
    Own,
)
from helpers.teaching.formulas import set_formulas
from helpers.teaching.nbgrader import CONFIG, nbgrader_book
from helpers.teaching.pages import cell_safe, page, table
from helpers.teaching.plans import Plan, plain, plan_html, plans_of
from helpers.teaching.sealing import solution_text


def write(build: Build, folder: Path, owns: Mapping[str, Own]) -> None:
    """Write the instructor's set.

    Parameters
    ----------
    build : Build
        What was built for students.
    folder : Path
        A folder to make.
    owns : mapping of str to Own
        By key, what is a student's own; empty when all get the same.
    """
    (folder / "notes").mkdir(parents=True)
    (folder / "notebooks").mkdir()
    (folder / "bank").mkdir()
    (folder / "exercises").mkdir()
    questions: dict[str, tuple[str, str]] = {}
    for path in build.wish.notebooks:
        items = {item.identifier: item for item in build.items[path.name]}
        book = cutting.read_book(path)
        shutil.copyfile(path, folder / "notebooks" / path.name)
        written = table_of(path)
        if written:
            shutil.copyfile(written, folder / "exercises" / written.name)
        if owns:
            from helpers.teaching.own_numbers import QUESTIONS

            questions |= {q.identifier: (q.text, "") for q in QUESTIONS if q.identifier in items}
        plans, amiss = plans_of(path, cutting.outline(book), items)
        page_of = notes(book, items, plans, amiss)
        (folder / "notes" / f"{path.stem}.html").write_text(page_of, encoding="utf-8")
        for identifier, text in cutting.question_texts(book).items():
            fields = items[identifier].fields if identifier in items else {}
            questions[identifier] = (plain(text), plain(str(fields.get("discussion", ""))))
        source = folder / "nbgrader" / "source" / path.stem
        source.mkdir(parents=True)
        cutting.write_book(nbgrader_book(book, items), source / path.name)
        entries = build.common.get(path.name, {})
        _write_json(
            folder / "bank" / f"{path.stem}.json", {"notebook": path.name, "exercises": entries}
        )
    for key, own in owns.items():
        _write_json(folder / "bank" / "own" / f"{key}.json", own.entries)
    (folder / "nbgrader" / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    _write_json(folder / BUILD_FILE, _about(build))
    _write_json(folder / QUESTIONS_FILE, questions)
    _write_json(folder / NUMBERS_FILE, {key: _numbers(own) for key, own in owns.items()})
    names = {student.key: student.name for student in build.wish.students}
    if names:
        head = [name for name, _ in build.wish.students[0].columns]
        rows = [
            (s.name, s.key, s.seed if owns else "", *(cell for _, cell in s.columns))
            for s in build.wish.students
        ]
        (folder / ROSTER_FILE).write_text(
            _csv(("student", "key", "seed", *head), rows), encoding="utf-8-sig", newline=""
        )
    (folder / KEY_FILE).write_text(
        _csv(KEY_COLUMNS, key_rows(build, owns, names)), encoding="utf-8-sig", newline=""
    )
    (folder / "START_HERE.html").write_text(_start(build, bool(owns)), encoding="utf-8")


def _numbers(own: Own) -> dict[str, tuple[float, float]]:
    """Return (answer, tolerance) of a student's own numbers, to know them in other hands."""
    return {
        identifier: (float(item.fields["answer"]), float(item.fields.get("tolerance", 0)))
        for identifier, item in own.solutions.items()
    }


def _about(build: Build) -> dict[str, Any]:
    books = []
    for name, items in build.items.items():
        listed = [
            {"id": i.identifier, "kind": i.kind, "varies": bool(i.fields.get("varies"))}
            for i in items
        ]
        books.append({"notebook": name, "exercises": listed})
    return {
        "what": "hrd build",
        "build": build.name,
        "own_cohorts": build.wish.own_data,
        "notebooks": books,
    }


# Answer key -----------------------------------------------------------------------------------

KEY_COLUMNS: Final = (
    "student", "key", "exercise", "kind", "answer", "tolerance", "unit", "explanation",
)  # fmt: skip


def key_rows(
    build: Build, owns: Mapping[str, Own], names: Mapping[str, str]
) -> list[tuple[Any, ...]]:
    """Return the answer key: once for all, and for each student what is hers alone."""
    rows = []
    for items in build.items.values():
        for item in items:
            if item.kind in {"prediction", "reflection"}:
                continue
            if owns and item.fields.get("varies"):
                rows += [
                    (names.get(key, ""), key, *_key_cells(own.solutions[item.identifier]))
                    for key, own in owns.items()
                ]
            else:
                rows.append(("all", "", *_key_cells(item)))
    return rows


def _key_cells(item: Solution) -> tuple[Any, ...]:
    fields = item.fields
    answer = fields["answer"]
    shown = grading.number_text(float(answer)) if item.kind == "number" else _answer_words(item)
    return (
        item.identifier,
        item.kind,
        shown,
        fields.get("tolerance", ""),
        fields.get("unit", ""),
        fields.get("explanation", ""),
    )


def _answer_words(item: Solution) -> str:
    answer = item.fields["answer"]
    if isinstance(answer, list | tuple):
        mark = " > " if item.kind == "ordering" else "; " if item.kind == "multiple" else " or "
        return mark.join(str(part) for part in answer)
    return str(answer)


def _csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([cell_safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def say_varying(notebooks: Sequence[Path]) -> str:
    """Return which exercises differ between students with cohorts of their own, in words."""
    items = [item for path in notebooks for item in read_solutions(path)]
    vary = [item.identifier for item in items if item.fields.get("varies")]
    from helpers.teaching.own_numbers import QUESTIONS

    books = {path.name[:2] for path in notebooks}
    vary += [q.identifier for q in QUESTIONS if q.identifier[:2] in books]
    gone = [item.identifier for item in items if item.fields.get("only_shipped")]
    said = "Different for each student: " + (", ".join(vary) or "no answer, only charts and tables")
    said += ". All other answers are the same for all."
    if gone:
        said += f" Left out, because they hold only in the suite's cohort: {', '.join(gone)}."
    return said


# Notes ----------------------------------------------------------------------------------------


def notes(
    book: cutting.Book,
    items: Mapping[str, Solution],
    plans: Sequence[Plan] = (),
    amiss: Sequence[str] = (),
) -> str:
    """Return the notes on one notebook as a page: plans, exercises, rubrics, discussion."""
    about = cutting.outline(book)
    parts = [
        f"<p><strong>Question.</strong> {escape(plain(about.question))}</p>",
        f"<p>Alone a student needs about {about.minutes} minutes. Students will be able to:</p>",
        _list(about.aims),
    ]
    parts += [plan_html(plan) for plan in plans]
    if amiss:
        parts.append("<p>In the plans this no longer fits the notebook:</p>" + _list(amiss))
    parts.append("<h2>Exercises</h2>")
    texts = cutting.question_texts(book)
    for item in items.values():
        parts.append(_exercise(item, texts.get(item.identifier, "")))
    parts.append("<h2>For discussion</h2>")
    parts.append(_list(about.discussion or (_NO_QUESTION,)))
    parts.append(f"<p>{escape(_WRONG_TALK)}</p>")
    return page(f"Notes for instructors: {about.title}", "".join(parts))


_NO_QUESTION = (
    "Which of the notebook's limits would change the answer most, and how would you know?"
)
_WRONG_TALK = (
    "The messages for wrong answers above name the usual misunderstandings. The report of "
    "“collect” says which of them your class had; begin the discussion with the commonest."
)


def _exercise(item: Solution, text: str) -> str:
    fields = item.fields
    head = f"{item.identifier} · {item.kind}" + (
        f" · {fields['level']}" if "level" in fields else ""
    )
    parts = [f"<h3>{escape(head)}</h3>"]
    if fields.get("objective"):
        parts.append(f"<p>Objective: {escape(str(fields['objective']))}.</p>")
    if text:
        parts.append(f"<blockquote>{set_formulas(escape(plain(text)))}</blockquote>")
    if item.kind == "reflection":
        parts.append("<p>Rubric (you score it; the suite never does):</p>")
        parts.append(_list(fields.get("rubric", [])))
    elif item.kind != "prediction":
        if fields.get("varies"):
            parts.append("<p>With a cohort for each student the number is in answer_key.csv.</p>")
        parts.append(f"<pre>{escape(solution_text(item))}</pre>")
    if fields.get("wrong"):
        rows = [(_wrong_words(k), m) for k, m in fields["wrong"].items()]
        first = "hidden input" if item.kind == "code" else "a student who answers"
        parts.append(table((first, "is told"), rows))
    if fields.get("hints"):
        parts.append("<p>Hints, one at a time:</p>" + _list(fields["hints"], "ol"))
    if fields.get("discussion"):
        parts.append(f"<p><strong>Discuss.</strong> {escape(str(fields['discussion']))}</p>")
    return "".join(parts)


def _wrong_words(key: Any) -> str:
    return " > ".join(str(k) for k in key) if isinstance(key, tuple) else str(key)


def _list(items: Iterable[str], tag: str = "ul") -> str:
    return (
        f"<{tag}>"
        + "".join(f"<li>{set_formulas(escape(plain(str(i))))}</li>" for i in items)
        + f"</{tag}>"
    )


def _start(build: Build, own: bool) -> str:
    rows = [
        ("notes/", "for each notebook: plans of 50 and 80 minutes, solutions, what a wrong "
         "answer suggests, hints, rubrics, questions for discussion; to print or to read"),
        (KEY_FILE, "every answer with its tolerance" + ("; for each student where it differs"
                                                         if own else "")),
        (ROSTER_FILE, "who has which key: the only place that says so; keep it to yourself"),
        ("notebooks/, exercises/", "the notebooks as in the suite, and their solutions"),
        ("nbgrader/source/", "the same exercises for a course that runs nbgrader"),
        (f"{BUILD_FILE}, bank/, {NUMBERS_FILE}, {QUESTIONS_FILE}",
         "what “collect” needs to check what comes back"),
    ]  # fmt: skip
    if not build.wish.students:
        rows = [row for row in rows if row[0] != ROSTER_FILE]
    books = "".join(
        f'<li><a href="notes/{escape(p.stem)}.html">{escape(p.stem)}</a></li>'
        for p in build.wish.notebooks
    )
    students = (
        "each student's zip file (the key is its name)" if build.wish.students else ("common.zip")
    )
    body = (
        f"<p>Build {escape(build.name)}. Keep this folder: it is what the answers are checked "
        "against, and no other build fits.</p>"
        f"<ol><li>Read the notes:<ul>{books}</ul></li>"
        f"<li>Hand out {escape(students)} from the folder “students”.</li>"
        "<li>Put the files handin_… that come back into a folder (zip files and whole notebooks "
        "may lie in it too).</li>"
        "<li>In the folder of the suite: <code>python3 start.py collect FOLDER --set OUT</code>, "
        "with OUT the folder that holds this one.</li></ol>"
        "<h2>What is here</h2>" + table(("file", "what it is"), rows) + f"<p>{escape(_OPEN)}</p>"
    )
    return page("For the instructor", body)


_OPEN = (
    "The students' set holds no solution, but the suite is public and a short answer is found by "
    "trying. The checks are for learning; README says what each guard stops and what not. For "
    "marks use the reflections, a talk about one answer, or an exam in the room."
)


def _write_json(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
