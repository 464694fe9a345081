"""Make a set for students and a set for the instructor: ``python3 start.py assign``.

    python3 start.py assign --notebooks 02 03 --to OUT
    python3 start.py assign --notebooks 02 03 --to OUT --students roster.csv --per-student-data

OUT/students holds what to hand out: one set common to all, or one for each student of the
roster, each as a folder and as a zip file. OUT/instructor is for you alone.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd

from helpers.exercises.table import Solution, SolutionError, notebooks_dir, read_solutions
from helpers.store.student_set import MARKER
from helpers.teaching import cutting, leaks
from helpers.teaching.builds import Build, Own, Wish
from helpers.teaching.cutting import KitError
from helpers.teaching.instructor import say_varying, write
from helpers.teaching.roster import read_roster
from helpers.teaching.sealing import make_entry

COMMON: Final = "common"
BOOKS: Final = "notebooks"
# What an edition for students holds besides its set.
_EDITION: Final = ("start.py", "requirements.lock", "pyproject.toml", ".jupyter", "helpers", "data")
_DRAWS: Final = 200
_STAMP: Final = (2020, 1, 1, 0, 0, 0)


# Checking the wish ----------------------------------------------------------------------------


def find_notebooks(wanted: Sequence[str], folder: Path) -> tuple[Path, ...]:
    """Return the notebooks with these numbers, in order and without repeats.

    Raises
    ------
    KitError
        If there is no such notebook.
    """
    known = {path.name[:2]: path for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))}
    chosen = []
    for word in wanted:
        number = word.strip().zfill(2) if word.strip().isdigit() else Path(word).name[:2]
        if number not in known:
            listed = ", ".join(known)
            raise KitError(f"There is no notebook {word!r}; there are: {listed}.")
        chosen.append(known[number])
    return tuple(dict.fromkeys(chosen))


def refuse_taken(target: Path) -> None:
    """Refuse a target that holds anything, or cannot be made.

    Raises
    ------
    KitError
        One sentence.
    """
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise KitError(
                f"{target} exists and is not empty; nothing was overwritten. Give a new name."
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        probe = tempfile.mkdtemp(prefix=".hrd-", dir=target.parent)
        os.rmdir(probe)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise KitError(f"Nothing can be written at {target} ({reason}); choose another.") from None


# Building -------------------------------------------------------------------------------------


def assign(wish: Wish, say: Callable[[str], None] = lambda _: None) -> Path:
    """Build the sets; the target appears only when all of it is made.

    Raises
    ------
    KitError
        One sentence; nothing is left behind.
    """
    refuse_taken(wish.target)
    if wish.own_data and not wish.students:
        raise KitError("A cohort for each student needs --students with a list of them.")
    build = Build(wish)
    for path in wish.notebooks:
        try:
            items = read_solutions(path)
        except SolutionError as error:
            raise KitError(str(error)) from error
        if wish.own_data:
            from helpers.teaching.own_numbers import exercises_of

            items = [i for i in items if not _only_shipped(i)] + exercises_of(path.name[:2])
        build.items[path.name] = items
    part = Path(tempfile.mkdtemp(prefix=f".{wish.target.name}-", dir=wish.target.parent))
    try:
        _fill(build, part, say)
        _deliver(part, wish.target)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise KitError(f"The sets could not be written ({reason}).") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return wish.target


def _only_shipped(item: Solution) -> bool:
    """Tell whether an exercise is about the suite's cohort and holds in no other."""
    return bool(item.fields.get("only_shipped"))


def _deliver(part: Path, target: Path) -> None:
    part.chmod(0o755)
    if target.exists():
        target.rmdir()
    os.replace(part, target)


def _fill(build: Build, part: Path, say: Callable[[str], None]) -> None:
    students = [s.key for s in build.wish.students] or [COMMON]
    with ProcessPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        say("Sealing the answers.")
        _seal_common(build, pool)
        owns: Iterable[Own | None]
        if build.wish.own_data:
            say(f"Drawing {len(students)} cohorts.")
            seeds = {s.key: s.seed for s in build.wish.students}
            varying = build.varying()
            jobs = [(key, seeds[key], varying, build) for key in students]
            owns = list(pool.map(draw_own, jobs))
        else:
            owns = [None] * len(students)
    # Written in the order of the keys, so that times of files do not give the roster away.
    made = dict(zip(students, owns, strict=True))
    books = {path.name: student_book(path, build) for path in build.wish.notebooks}
    for key in sorted(made):
        folder = part / "students" / key
        inner = folder / BOOKS if build.wish.edition else folder
        _write_set(build, inner, "" if key == COMMON else key, made[key], books)
        text = _read_me(key, list(books), build.wish.edition)
        (folder / "READ_ME.txt").write_text(text, encoding="utf-8")
    say("Looking for leaks.")
    every = [item for items in build.items.values() for item in items]
    own_items = [i for own in made.values() if own for i in own.solutions.values()]
    found = leaks.find_leaks(part / "students", [*every, *own_items])
    if found:
        raise KitError(f"The students' set would have shown a solution: {found[0]}")
    for key in sorted(made):
        folder = part / "students" / key
        if build.wish.edition:
            _add_suite(folder)
        zip_folder(folder, folder.with_suffix(".zip"))
    write(build, part / "instructor", {k: o for k, o in made.items() if o})


def _seal_common(build: Build, pool: ProcessPoolExecutor) -> None:
    flat = [(name, item) for name, items in build.items.items() for item in items]
    sealed = pool.map(make_entry, [i for _, i in flat], [build.sealing(i) for _, i in flat])
    for (name, item), entry in zip(flat, sealed, strict=True):
        build.common.setdefault(name, {})[item.identifier] = entry


def draw_own(job: tuple[str, int, list[Solution], Build]) -> Own:
    """Draw a student's cohort and compute and seal what depends on it."""
    # Imported here: only builds with cohorts of their own need the statistics.
    from helpers.teaching.cohorts.files import cohort_csv, long_list_csv, long_list_of
    from helpers.teaching.cohorts.lesson import draw_with_lesson
    from helpers.teaching.varying import Drawn, answerable, vary

    key, seed, items, build = job

    def fits(rows: pd.DataFrame) -> bool:
        return answerable(items, Drawn(rows, long_list_of(rows, seed)))

    cohort = draw_with_lesson(seed, most=_DRAWS, also=fits)
    long_list = long_list_of(cohort, seed)
    solutions = {i.identifier: vary(i, Drawn(cohort, long_list)) for i in items}
    entries = {k: make_entry(i, build.sealing(i, key)) for k, i in solutions.items()}
    return Own(key, cohort_csv(cohort), long_list_csv(long_list), entries, solutions)


# A student's set ------------------------------------------------------------------------------


def student_book(path: Path, build: Build) -> cutting.Book:
    """Return a notebook as a student gets it; `about` is filled in for each student."""
    kept = {item.identifier for item in build.items[path.name]}
    left_out = {item.identifier for item in read_solutions(path)} - kept
    own = _own_cells(path.name[:2]) if build.wish.own_data else []
    cells = [_without(cell, left_out) for cell in cutting.shown_cells(cutting.read_book(path))]
    close = [
        cutting.markdown(
            "## Hand in\n\nRun the next cell. It writes your answers to a file beside this "
            "notebook; give that file to your instructor. Then save the notebook. "
            + ("" if build.wish.students else "Write your name between the quotation marks first."),
            "hand-in-text",
        ),
        cutting.code(
            "from helpers.exercises import hand_in\n\n"
            + ("hand_in()" if build.wish.students else 'hand_in("")'),
            "hand-in",
        ),
    ]
    about = {"build": build.name, "notebook": path.name}
    return cutting.as_book([cells[0], _notice(build), *cells[1:], *own, *close], about)


def _own_cells(notebook: str) -> list[cutting.Cell]:
    """Return the questions on a student's own cohort, as cells."""
    from helpers.teaching.own_numbers import CELL, HEADING, QUESTIONS

    asked = [q for q in QUESTIONS if q.identifier[:2] == notebook]
    if not asked:
        return []
    cells = [cutting.markdown(HEADING, "own-head"), cutting.code(CELL, "own-rows")]
    for q in asked:
        name = q.identifier.replace(".", "-")
        places = ("No decimals", "One decimal", "Two decimals", "Three decimals")[q.decimals]
        words = f"**Exercise {q.identifier}** (apply). {q.text} {places}."
        cells.append(cutting.markdown(words, f"own-{name}-text"))
        call = f'from helpers.exercises import ask\n\nask("{q.identifier}")'
        cells.append(cutting.code(call, f"own-{name}"))
    return cells


def _without(cell: cutting.Cell, left_out: set[str]) -> cutting.Cell:
    """Return a cell, or a line in its place when it asks an exercise this set leaves out."""
    asked = {i for _, i in cutting.exercise_calls(cutting.source_of(cell))}
    if cell["cell_type"] != "code" or not asked & left_out:
        return cell
    named = ", ".join(sorted(asked & left_out))
    return cutting.markdown(
        f"*Exercise {named} is not in your set: it is about the suite's cohort; yours differs.*",
        cell["id"],
    )


def _notice(build: Build) -> cutting.Cell:
    own = (
        "Its synthetic cohort was drawn for this set alone: invented rows with the same lesson, "
        "but other numbers than in the text, the paper and your neighbor's set. Where the text "
        "quotes a number of the synthetic cohort, yours differs. "
        if build.wish.own_data
        else ""
    )
    return cutting.markdown(
        f"*This is your own copy (build {build.name}). {own}What you answer is kept in the folder "
        "`work/` beside this notebook. The last cell hands it in.*",
        "set-notice",
    )


def _write_set(
    build: Build, folder: Path, key: str, own: Own | None, books: dict[str, cutting.Book]
) -> None:
    (folder / "bank").mkdir(parents=True)
    about = {
        "what": "hrd student set",
        "build": build.name,
        "key": key,
        "own_cohort": own is not None,
        "notebooks": list(books),
    }
    _write_json(folder / MARKER, about)
    shutil.copyfile(notebooks_dir() / "glossary.md", folder / "glossary.md")
    for name, book in books.items():
        named = {**book["metadata"], "hrd": {**book["metadata"]["hrd"], "key": key}}
        cutting.write_book({**book, "metadata": named}, folder / name)
        entries = {
            k: own.entries.get(k, e) if own else e for k, e in build.common.get(name, {}).items()
        }
        _write_json(
            folder / "bank" / f"{Path(name).stem}.json", {"notebook": name, "exercises": entries}
        )
    if own is not None:
        data = folder / "data" / "cohort"
        data.mkdir(parents=True)
        (data / "cohort.csv").write_text(own.cohort, encoding="utf-8", newline="")
        (data / "long_list.csv").write_text(own.long_list, encoding="utf-8", newline="")


def _add_suite(folder: Path) -> None:
    """Add to a set what runs it: the code and data of the suite, nothing that holds answers."""
    root = notebooks_dir().parent
    drop = shutil.ignore_patterns("__pycache__", "*.pyc", ".DS_Store", "teaching", "site")
    for name in _EDITION:
        if (root / name).is_dir():
            shutil.copytree(root / name, folder / name, ignore=drop)
        else:
            shutil.copyfile(root / name, folder / name)


def _read_me(name: str, books: list[str], edition: bool = False) -> str:
    if edition:
        return (
            "Human rights diplomacy: your set\n\n"
            f"1. Unpack this zip file, for example as Documents/{name}.\n"
            "2. Open a terminal in that folder and type   python3 start.py   (on Windows:\n"
            "   py start.py). You need Python 3.11, 3.12 or 3.13. The first time takes some\n"
            "   minutes and 1 GB; then JupyterLab opens in your browser.\n"
            f"3. Open {books[0]} and choose Run > Run All Cells.\n"
            "4. When you are done, run the last cell. Give the file handin_... to your\n"
            "   instructor.\n"
        )
    return (
        "Human rights diplomacy: your set\n\n"
        "1. Set the suite up once, if you have not: download it, open a terminal in its folder,\n"
        "   type   python3 start.py   (on Windows: py start.py), and close JupyterLab again.\n"
        f"2. Unpack this set anywhere, for example as Documents/{name}.\n"
        "3. In the folder of the suite type   python3 start.py lab   and a space, drag the folder\n"
        "   of this set into the terminal window, and press Enter.\n"
        f"4. Open {books[0]} and choose Run > Run All Cells.\n"
        "5. When you are done, run the last cell. Give the file handin_... to your instructor.\n"
    )


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def zip_folder(folder: Path, target: Path) -> None:
    """Pack a folder; times are fixed, so that they say nothing about who got which."""
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                info = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}",
                                       _STAMP)  # fmt: skip
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                archive.writestr(info, path.read_bytes())


# Command line ---------------------------------------------------------------------------------


def parser() -> argparse.ArgumentParser:
    """Return the command line of `assign`."""
    made = argparse.ArgumentParser(prog="start.py assign", description=__doc__.split(":")[0] + ".")
    made.add_argument("--notebooks", nargs="+", required=True, metavar="NN")
    made.add_argument("--to", required=True, type=Path, metavar="OUT", help="a new folder")
    made.add_argument(
        "--students", type=Path, metavar="ROSTER.csv", help='a table with the column "student"'
    )
    made.add_argument(
        "--per-student-data", action="store_true", help="a synthetic cohort for each student"
    )
    made.add_argument(
        "--with-solutions-allowed",
        action="store_true",
        help="let the forms show the solution after the last hint",
    )
    made.add_argument(
        "--edition",
        action="store_true",
        help="put into each zip file all that runs it, so that students need no other download",
    )
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the sets and say where they are; return the exit status."""
    chosen = parser().parse_args(arguments)
    begun = time.monotonic()
    try:
        wish = Wish(
            find_notebooks(chosen.notebooks, notebooks_dir()),
            chosen.to.resolve(),
            tuple(read_roster(chosen.students)) if chosen.students else (),
            chosen.per_student_data,
            chosen.with_solutions_allowed,
            chosen.edition,
        )
        made = assign(wish, lambda text: print(text, flush=True))
    except (KitError, SolutionError) as error:
        print(f"This did not work: {error}", file=sys.stderr)
        return 1
    count = len(wish.students)
    sets = f"{count} sets, one a student" if count else "one set for all"
    print(f"Made in {time.monotonic() - begun:.0f} seconds: {sets}.")
    print(f"  To hand out:  {made / 'students'}")
    print(f"  For you only: {made / 'instructor'}  (begin with START_HERE.html)")
    if wish.own_data:
        print(say_varying(wish.notebooks))
    return 0


def stamp() -> str:
    """Return the present time, to the minute."""
    return datetime.now(UTC).isoformat(timespec="minutes")


if __name__ == "__main__":
    sys.exit(main())
