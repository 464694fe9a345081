"""Gather what students handed in: ``python3 start.py collect FOLDER``.

    python3 start.py collect FOLDER --set OUT
    python3 start.py collect FOLDER --students ROSTER.csv --due 2026-10-05
    python3 start.py collect FOLDER --set OUT --run --to REPORT

Nothing a student wrote is run unless you say ``--run``. The report is a page (HTML), a table
(CSV) and a table for a gradebook (CSV); an older report is never overwritten.
"""

from __future__ import annotations

import argparse
import functools
import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from helpers.exercises import grading
from helpers.exercises.bank import load_bank
from helpers.exercises.seal import Entry
from helpers.exercises.table import notebooks_dir, read_solutions
from helpers.teaching import alike, cutting, rerun
from helpers.teaching.builds import BUILD_FILE, NUMBERS_FILE, QUESTIONS_FILE, ROSTER_FILE
from helpers.teaching.course import (
    AS_SAID,
    CHECKED,
    HANDED_IN,
    MISSING,
    NOTHING,
    RUN,
    UNREADABLE_FILES,
    WRITTEN_ONLY,
    Course,
    Line,
    Question,
    Result,
    Shared,
    Standing,
    say,
)
from helpers.teaching.cutting import KitError
from helpers.teaching.piles import Pile, Roster, moment, pile_up
from helpers.teaching.plans import plain
from helpers.teaching.report import in_words, write_report
from helpers.teaching.returned import Record, Returned, read_folder
from helpers.teaching.roster import read_kept, read_roster

# Reading what was built -----------------------------------------------------------------------


def read_course(made: Path | None, students: Path | None = None) -> Course:
    """Return what a build says, or what the suite itself knows when none is named.

    Parameters
    ----------
    made : Path, optional
        The folder that `assign` made.
    students : Path, optional
        A roster, for a set that is common to all.

    Raises
    ------
    KitError
        If the folder is not one that `assign` made, or the roster cannot be used.
    """
    listed = tuple(read_roster(students)) if students else ()
    if made is None:
        return Course(
            load_bank(),
            students=listed,
            cells=_handed_out(notebooks_dir()),
            questions=_questions_of(notebooks_dir()),
        )
    folder = made / "instructor" if (made / "instructor").is_dir() else made
    try:
        about = json.loads((folder / BUILD_FILE).read_text(encoding="utf-8"))
        if about["what"] != "hrd build":
            raise KeyError("what")
        own = {
            path.stem: json.loads(path.read_text(encoding="utf-8"))
            for path in sorted((folder / "bank" / "own").glob("*.json"))
        }
        numbers = _kept(folder / NUMBERS_FILE)
        questions = {k: Question(*v) for k, v in _kept(folder / QUESTIONS_FILE).items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KitError(
            f"{made} is not a folder that assign made: it lacks instructor/{BUILD_FILE}."
        ) from error
    kept = tuple(read_kept(folder / ROSTER_FILE)) if (folder / ROSTER_FILE).exists() else ()
    if kept and listed:
        raise KitError("This build has its own roster; leave --students out.")
    return Course(
        load_bank(folder / "bank"),
        own,
        kept or listed,
        str(about["build"]),
        _handed_out(folder / "notebooks"),
        functools.partial(_cohort, folder.parent / "students"),
        bool(about.get("own_cohorts")),
        questions,
        {key: {i: (a, t) for i, (a, t) in of.items()} for key, of in numbers.items()},
    )


def _kept(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _questions_of(folder: Path) -> dict[str, Question]:
    found: dict[str, Question] = {}
    for path in sorted(folder.glob("[0-9][0-9]_*.ipynb")):
        texts = cutting.question_texts(cutting.read_book(path))
        items = {item.identifier: item.fields for item in read_solutions(path)}
        found |= {
            i: Question(plain(text), plain(str(items.get(i, {}).get("discussion", ""))))
            for i, text in texts.items()
        }
    return found


def _handed_out(folder: Path) -> frozenset[str]:
    """Return the code cells of the students' notebooks, so that only other cells are suspected."""
    cells = set()
    for path in sorted(folder.glob("[0-9][0-9]_*.ipynb")):
        for cell in cutting.shown_cells(cutting.read_book(path)):
            cells.add(cutting.source_of(cell).strip())
    return frozenset(cells)


def _cohort(students: Path, key: str) -> dict[str, str]:
    # In an edition the set lies in a folder of its own.
    places = (students / key / "data" / "cohort", students / key / "notebooks" / "data" / "cohort")
    place = next((p for p in reversed(places) if p.is_dir()), None) if key else None
    return {p.name: p.read_text(encoding="utf-8") for p in place.glob("*.csv")} if place else {}


def read_due(text: str) -> datetime:
    """Return a time in UTC; a day without a time ends at midnight of this computer's clock.

    Raises
    ------
    KitError
        If it is neither a day nor a time.
    """
    try:
        found = datetime.fromisoformat(text.strip())
        if re.fullmatch(r"\s*[\d-]+\s*", text):
            found = datetime.combine(found.date(), time(23, 59, 59))
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise KitError(
            f"{text!r} is no day or time; write --due 2026-10-05 or --due 2026-10-05T18:00."
        ) from None


# Checking -------------------------------------------------------------------------------------


def collect(folder: Path, course: Course, run: bool = False, due: datetime | None = None) -> Result:
    """Read a folder and check what came back.

    Parameters
    ----------
    folder : Path
        What students handed in.
    course : Course
        What it is checked against.
    run : bool
        Whether returned notebooks and functions are run, apart from everything else.
    due : datetime, optional
        What was made after it is late.
    """
    inbox = read_folder(folder)
    roster = Roster(course.students)
    piles, notes = pile_up(inbox, roster)
    for pile in piles:
        for part in pile.parts:
            notes += [(part.file, text) for text in _amiss(part, pile, course)]
    problems = inbox.problems + notes
    for part in inbox.returned:
        why = rerun.objection(part.sources, course.cells)
        if why:
            problems.append((part.file, f"not run: {why}"))
    with_answers = [pile for pile in piles if pile.parts]
    if run:
        with ThreadPoolExecutor(max_workers=2) as pool:
            for found in pool.map(functools.partial(_run_pile, course=course), with_answers):
                problems += found
    judge = Judge()
    seen = {i for pile in piles for part in pile.parts for i in (*part.answers, *part.calls)}
    exercises = [i for i in course.entries if course.build or i in seen]
    lines = [_line(pile, i, course, judge) for pile in with_answers for i in exercises]
    wrong: dict[str, Counter[tuple[str, str]]] = {}
    who: dict[tuple[str, str], dict[str, set[str]]] = {}
    for pile in with_answers:
        for identifier, (record, _) in pile.records.items():
            for value, message in _wrong_of(pile, identifier, record, course, judge):
                wrong.setdefault(identifier, Counter())[value, message] += 1
                those = who.setdefault((identifier, message or f"= {value}"), {})
                those.setdefault(value, set()).add(pile.name)
    problems += alike.identical(with_answers) + alike.of_a_classmate(with_answers, lines, course)
    return Result(
        lines,
        problems,
        wrong,
        exercises,
        inbox.files,
        course.build,
        _standings(piles, course, due),
        _shared(who),
        {i: course.questions[i] for i in exercises if i in course.questions},
        inbox.parts,
        _local(due) if due else "",
        bool(course.students),
    )


def _amiss(part: Returned, pile: Pile, course: Course) -> list[str]:
    said = []
    if part.key and course.students and pile.student is None and not pile.name.endswith(")"):
        said.append(f"its key {part.key} is not in the roster of this build")
    elif course.students and pile.student is None and not part.key:
        said.append(f"{pile.name} is not in the roster")
    if part.build and course.build and part.build != course.build:
        said.append(f"comes from build {part.build}, not {course.build}")
    if part.made and not moment(part.made):
        said.append(f"says it was made at {part.made!r}, which is no time that has been")
    return said + _cells_amiss(part, course)


def _cells_amiss(part: Returned, course: Course) -> list[str]:
    if part.kind != "notebook" or not part.calls:
        return []
    books = {course.entries[i]["notebook"] for i in part.calls if i in course.entries}
    wanted = [i for i, entry in course.entries.items() if entry["notebook"] in books]
    gone = [i for i in wanted if i not in part.calls]
    twice = [i for i, count in part.calls.items() if count > 1]
    strange = [i for i in part.calls if i not in course.entries]
    said = []
    if gone:
        said.append(f"lacks the cells of {', '.join(gone[:12])}; stored answers still count")
    if twice:
        said.append(f"has {', '.join(twice[:12])} more than once; each counts once")
    if strange:
        said.append(f"asks for {', '.join(strange[:6])}, which this build does not have")
    return said


def _local(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def _standings(piles: Sequence[Pile], course: Course, due: datetime | None) -> list[Standing]:
    found = []
    there = set()
    for pile in piles:
        made = pile.made
        late = any(p.place.late for p in pile.parts) or bool(due and made and made > due)
        if pile.student is not None:
            there.add(pile.student)
        found.append(
            Standing(
                pile.name,
                pile.key,
                HANDED_IN if pile.parts else UNREADABLE_FILES,
                _local(made) if made else "",
                late,
                pile.known_by,
                tuple((p.file, p.problem) for p in pile.unreadable),
                pile.student.columns if pile.student else (),
                pile.student is not None,
            )
        )
    found += [
        Standing(s.name, s.key, NOTHING, columns=s.columns, in_roster=True)
        for s in course.students
        if s not in there
    ]
    return sorted(found, key=lambda s: s.name.casefold())


def _shared(who: dict[tuple[str, str], dict[str, set[str]]]) -> list[Shared]:
    """Return wrong answers that several gave, the most shared first; named mistakes lead."""
    found = []
    for (identifier, message), by_value in who.items():
        students = sorted(set().union(*by_value.values()))
        values = sorted((v for v in by_value if v), key=lambda v: -len(by_value[v]))
        told = "" if message.startswith("= ") else message
        found.append(Shared(identifier, told, tuple(values), tuple(students)))
    found = [s for s in found if len(s.students) > 1]
    return sorted(found, key=lambda s: (-len(s.students), not s.message, s.exercise))


class Judge:
    """Grades plain values, each only once: a check costs some milliseconds on purpose."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], grading.Verdict] = {}

    def __call__(self, entry: Entry, value: Any) -> grading.Verdict:
        asked = (id(entry), json.dumps(value, default=str))
        if asked not in self._known:
            try:
                verdict = grading.grade(entry, value)
            except Exception as error:  # a value nobody thought of must not end the report
                verdict = grading.Verdict(grading.UNREADABLE, type(error).__name__)
            self._known[asked] = verdict
        return self._known[asked]


def _line(pile: Pile, identifier: str, course: Course, judge: Judge) -> Line:
    common = course.entries[identifier]
    entry = course.entry(identifier, pile.key)
    line = Line(pile.name, pile.key, identifier, common["kind"], common.get("level", ""), MISSING)
    found = pile.records.get(identifier)
    ran = pile.ran.get(identifier)
    if found is not None:
        record, part = found
        _fill(line, record, part.file)
    elif ran is not None:
        _fill(line, ran, pile.parts[0].file)
    else:
        written = [(p.written[identifier], p.file) for p in pile.parts if identifier in p.written]
        if not written:
            return line
        line.answer, line.file = written[-1]
        line.checked = WRITTEN_ONLY
        if common["kind"] == "prediction":
            line.before = line.answer
    if common["kind"] == "code":
        line.state = (ran or {}).get("verdict") or (found[0]["verdict"] if found else MISSING)
        line.checked = RUN if ran else AS_SAID
    elif entry is None:
        line.state = (found[0]["verdict"] if found else "") or "Not checked"
        line.checked = AS_SAID
    else:
        verdict = judge(entry, line.answer)
        line.state = verdict.word
        line.message = verdict.message if verdict.word == grading.NOT_YET else ""
        line.checked = line.checked or CHECKED
    return line


def _fill(line: Line, record: Record, file: str) -> None:
    line.answer, line.file = record["value"], file
    history = record["history"]
    line.tries = len(history)
    line.solution_shown = record["solution_shown"]
    if line.kind == "prediction":
        before = [h["value"] for h in history if h["phase"] != "after reveal"]
        after = [h["value"] for h in history if h["phase"] == "after reveal"]
        line.before = before[-1] if before else None
        line.after = after[-1] if after else None


def _wrong_of(
    pile: Pile, identifier: str, record: Record, course: Course, judge: Judge
) -> set[tuple[str, str]]:
    """Return a student's wrong answers to an exercise, each with its message, or none."""
    entry = course.entry(identifier, pile.key)
    if entry is None or entry["kind"] in {"prediction", "reflection", "code"}:
        return set()
    mine = set()
    for value in [*(h["value"] for h in record["history"][-20:]), record["value"]]:
        verdict = judge(entry, value)
        if verdict.word != grading.NOT_YET:
            continue
        general = verdict.message == grading.general_message(entry["kind"])
        shown = say(value)
        # Where numbers differ between students, the mistake is what they share.
        own = bool(entry.get("varies")) and not general
        mine.add(("" if own else shown, "" if general else verdict.message))
    return mine


# Running --------------------------------------------------------------------------------------


def _run_pile(pile: Pile, course: Course) -> list[tuple[str, str]]:
    problems = []
    records = pile.records
    functions = {
        i: str(r["value"])
        for i, (r, _) in records.items()
        if course.entries.get(i, {}).get("kind") == "code" and isinstance(r["value"], str)
    }
    bank = {i: course.entry(i, pile.key) or e for i, e in course.entries.items()}
    books = [p for p in pile.parts if p.kind == "notebook" and p.sources]
    if not books and functions:
        books = [Returned(records[next(iter(functions))][1].file, "hand-in")]
    for part in books:
        if rerun.objection(part.sources, course.cells):
            continue  # said already
        safe = {i: f for i, f in functions.items() if not rerun.objection([f], course.cells)}
        problems += [
            (part.file, f"not run: the function handed in for {i} reaches for the system")
            for i in functions
            if i not in safe
        ]
        outcome = rerun.run(part.sources, safe, bank, course.cohorts(pile.key))
        if outcome.problem:
            problems.append((part.file, f"run: {outcome.problem}"))
        pile.ran |= outcome.answers
    return problems


# Command line ---------------------------------------------------------------------------------


def parser() -> argparse.ArgumentParser:
    """Return the command line of `collect`."""
    made = argparse.ArgumentParser(prog="start.py collect", description=__doc__.split(":")[0] + ".")
    made.add_argument("folder", type=Path, help="the students' files")
    made.add_argument("--set", type=Path, metavar="OUT", help="the folder that assign made")
    made.add_argument(
        "--students", type=Path, metavar="ROSTER.csv", help="who was to hand in a common set"
    )
    made.add_argument("--due", metavar="DAY", help="say who is later: 2026-10-05[T18:00]")
    made.add_argument("--to", type=Path, metavar="REPORT", help="name of the report")
    made.add_argument(
        "--run", action="store_true", help="run the students' code, in a process of its own"
    )
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the report and say where it is; return the exit status."""
    chosen = parser().parse_args(arguments)
    folder = chosen.folder.resolve()
    wanted = chosen.to.resolve() if chosen.to else folder.with_name(f"{folder.name}_report")
    try:
        due = read_due(chosen.due) if chosen.due else None
        course = read_course(chosen.set, chosen.students)
        result = collect(folder, course, chosen.run, due)
        written = write_report(result, wanted)
    except KitError as error:
        print(f"This did not work: {error}", file=sys.stderr)
        return 1
    for line in in_words(result):
        print(line)
    for file, text in result.problems[:20]:
        print(f"  {file}: {text}")
    if len(result.problems) > 20:
        print(f"  and {len(result.problems) - 20} more, in the report")
    print(f"Page:      {written.page}\nTable:     {written.table}\nGradebook: {written.gradebook}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
