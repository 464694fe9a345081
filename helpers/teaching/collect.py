"""Gather what students handed in: ``python3 start.py collect FOLDER``.

    python3 start.py collect FOLDER --set OUT
    python3 start.py collect FOLDER --set OUT --run --to REPORT

Nothing a student wrote is run unless you say ``--run``. The report is a table (CSV) and a
page (HTML); an older report is never overwritten.
"""

from __future__ import annotations

import argparse
import csv
import functools
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.exercises import grading
from helpers.exercises.bank import load_bank
from helpers.exercises.seal import Entry
from helpers.exercises.table import notebooks_dir
from helpers.teaching import cutting, rerun
from helpers.teaching.builds import BUILD_FILE, ROSTER_FILE
from helpers.teaching.course import (
    AS_SAID,
    CHECKED,
    MISSING,
    RUN,
    WRITTEN_ONLY,
    Course,
    Line,
    Result,
    say,
)
from helpers.teaching.cutting import KitError
from helpers.teaching.report import write_report
from helpers.teaching.returned import Record, Returned, read_folder

# Reading what was built -----------------------------------------------------------------------


def read_course(made: Path | None) -> Course:
    """Return what a build says, or what the suite itself knows when none is named.

    Raises
    ------
    KitError
        If the folder is not one that `assign` made.
    """
    if made is None:
        return Course(load_bank(), cells=_handed_out(notebooks_dir()))
    folder = made / "instructor" if (made / "instructor").is_dir() else made
    try:
        about = json.loads((folder / BUILD_FILE).read_text(encoding="utf-8"))
        if about["what"] != "hrd build":
            raise KeyError("what")
        own = {
            path.stem: json.loads(path.read_text(encoding="utf-8"))
            for path in sorted((folder / "bank" / "own").glob("*.json"))
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KitError(
            f"{made} is not a folder that assign made: it lacks instructor/{BUILD_FILE}."
        ) from error
    students = folder.parent / "students"
    return Course(
        load_bank(folder / "bank"),
        own,
        _names(folder / ROSTER_FILE),
        str(about["build"]),
        _handed_out(folder / "notebooks"),
        functools.partial(_cohort, students),
        bool(about.get("own_cohorts")),
    )


def _names(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return {row["key"]: row["student"] for row in csv.DictReader(file)}
    except (OSError, UnicodeDecodeError, KeyError, csv.Error) as error:
        raise KitError(f"{path} cannot be read; put the one back that assign made.") from error


def _handed_out(folder: Path) -> frozenset[str]:
    """Return the code cells of the students' notebooks, so that only other cells are suspected."""
    cells = set()
    for path in sorted(folder.glob("[0-9][0-9]_*.ipynb")):
        for cell in cutting.shown_cells(cutting.read_book(path)):
            cells.add(cutting.source_of(cell).strip())
    return frozenset(cells)


def _cohort(students: Path, key: str) -> dict[str, str]:
    place = students / key / "data" / "cohort"
    if not place.is_dir():
        return {}
    return {path.name: path.read_text(encoding="utf-8") for path in place.glob("*.csv")}


# Putting together -----------------------------------------------------------------------------


@dataclass
class Pile:
    """All that came back from one student."""

    key: str
    name: str
    parts: list[Returned] = field(default_factory=list)
    ran: dict[str, Record] = field(default_factory=dict)

    def records(self) -> dict[str, tuple[Record, Returned]]:
        """Return the newest record of each exercise and where it was found."""
        newest: dict[str, tuple[Record, Returned]] = {}
        for part in sorted(self.parts, key=lambda p: (p.made, p.kind == "hand-in")):
            for identifier, record in part.answers.items():
                newest[identifier] = (record, part)
        return newest


def pile_up(
    returned: Sequence[Returned], course: Course
) -> tuple[list[Pile], list[tuple[str, str]]]:
    """Return what came back, by student, and a line for each thing to know about it."""
    piles: dict[str, Pile] = {}
    notes: list[tuple[str, str]] = []
    for part in returned:
        if part.kind == "notebook" and not (part.calls or part.answers):
            notes.append((part.file, "holds no exercise of the suite"))
            continue
        key, label = _who(part, course)
        if part.key and course.names and part.key not in course.names:
            notes.append((part.file, f"its key {part.key} is not in the roster of this build"))
        if part.build and course.build and part.build != course.build:
            notes.append((part.file, f"comes from build {part.build}, not {course.build}"))
        pile = piles.setdefault(label.casefold(), Pile(key, label))
        pile.parts.append(part)
        notes += [(part.file, text) for text in _cells_amiss(part, course)]
    for pile in piles.values():
        handed = [p for p in pile.parts if p.kind == "hand-in"]
        if len(handed) > 1:
            files = ", ".join(p.file for p in handed)
            notes.append((files, f"{len(handed)} hand-in files of {pile.name}: the newest counts"))
    return sorted(piles.values(), key=lambda p: p.name.casefold()), notes


def _who(part: Returned, course: Course) -> tuple[str, str]:
    if part.key:
        return part.key, course.names.get(part.key, part.key)
    stem = Path(part.file.split("!")[-1])
    if part.name:
        return "", part.name
    # Learning platforms put each student's files into a folder or before the name.
    folder = stem.parent.name or Path(part.file.split("!")[0]).stem
    return "", folder if "!" in part.file or stem.parent.name else stem.stem


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


# Checking -------------------------------------------------------------------------------------


def collect(folder: Path, course: Course, run: bool = False) -> Result:
    """Read a folder and check what came back.

    Parameters
    ----------
    folder : Path
        What students handed in.
    course : Course
        What it is checked against.
    run : bool
        Whether returned notebooks and functions are run, apart from everything else.
    """
    inbox = read_folder(folder)
    piles, notes = pile_up(inbox.returned, course)
    problems = inbox.problems + notes
    for part in inbox.returned:
        why = rerun.objection(part.sources, course.cells)
        if why:
            problems.append((part.file, f"not run: {why}"))
    if run:
        with ThreadPoolExecutor(max_workers=2) as pool:
            for found in pool.map(functools.partial(_run_pile, course=course), piles):
                problems += found
    judge = _Judge()
    seen = {i for pile in piles for part in pile.parts for i in (*part.answers, *part.calls)}
    exercises = [i for i in course.entries if course.build or i in seen]
    lines = [_line(pile, i, course, judge) for pile in piles for i in exercises]
    wrong: dict[str, Counter[tuple[str, str]]] = {}
    for pile in piles:
        for identifier, (record, _) in pile.records().items():
            _count_wrong(pile, identifier, record, course, judge, wrong)
    return Result(lines, problems, wrong, exercises, inbox.files, course.build)


class _Judge:
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


def _line(pile: Pile, identifier: str, course: Course, judge: _Judge) -> Line:
    common = course.entries[identifier]
    entry = course.entry(identifier, pile.key)
    line = Line(pile.name, pile.key, identifier, common["kind"], common.get("level", ""), MISSING)
    found = pile.records().get(identifier)
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


def _count_wrong(
    pile: Pile,
    identifier: str,
    record: Record,
    course: Course,
    judge: _Judge,
    wrong: dict[str, Counter[tuple[str, str]]],
) -> None:
    """Count each wrong answer once a student, under its message when it has one of its own."""
    entry = course.entry(identifier, pile.key)
    if entry is None or entry["kind"] in {"prediction", "reflection", "code"}:
        return
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
    wrong.setdefault(identifier, Counter()).update(mine)


# Running --------------------------------------------------------------------------------------


def _run_pile(pile: Pile, course: Course) -> list[tuple[str, str]]:
    problems = []
    records = pile.records()
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
        result = collect(folder, read_course(chosen.set), chosen.run)
        table, page = write_report(result, wanted)
    except KitError as error:
        print(f"This did not work: {error}", file=sys.stderr)
        return 1
    students = len({line.student for line in result.lines})
    print(f"{result.files} files read, {students} students.")
    for file, text in result.problems[:20]:
        print(f"  {file}: {text}")
    if len(result.problems) > 20:
        print(f"  and {len(result.problems) - 20} more, in the report")
    print(f"Table: {table}\nPage:  {page}")
    return 0


def counts(lines: Sequence[Line]) -> Mapping[str, int]:
    """Return how many lines are in each state."""
    return Counter(line.state for line in lines)


if __name__ == "__main__":
    sys.exit(main())
