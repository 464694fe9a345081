"""Run a returned notebook apart from everything else: ``collect --run``, and only then.

The code cells run in a process of their own with an empty home, a folder that is removed
afterwards, no output, and limits on time, memory, and size of files. Before that the source
is read, and a notebook that reaches for the system is not run. This stops accidents and
pranks. It is no prison: run files of people you do not trust on a machine you can lose.

What comes back from that process are values: what each answer was, and what each function
gave on the hidden inputs. Verdicts are found here, from those values; the process gets no
answers to compare with, and what it says of right or wrong is not read.
"""

from __future__ import annotations

import ast
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from helpers.exercises import grading
from helpers.exercises.bank import load_bank
from helpers.exercises.seal import Entry, veiled
from helpers.store.answers import AnswerStore
from helpers.store.student_set import MARKER
from helpers.teaching.returned import MOST_BYTES, Record, clean_answers

SECONDS: Final = 90
MEMORY: Final = 2_000_000_000
FILE_SIZE: Final = 20_000_000


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_MODULES: Final = _words(
    "asyncio builtins code codecs concurrent ctypes email fcntl ftplib gc glob http importlib",
    "inspect io IPython imaplib marshal mmap multiprocessing os pathlib pdb pickle pip platform",
    "poplib posix pty requests resource runpy select shelve shutil signal site smtplib socket",
    "socketserver sqlite3 ssl subprocess sys tarfile telnetlib tempfile threading urllib venv",
    "webbrowser xmlrpc zipfile",
)
_NAMES: Final = _words(
    "eval exec compile open input breakpoint globals locals vars __import__ __builtins__",
    "__loader__ get_ipython getattr setattr delattr exit quit",
)
_ATTRIBUTES: Final = _words(
    "system popen spawn fork kill remove unlink rmdir rmtree read_pickle to_pickle to_csv",
    "to_excel to_json to_html to_sql to_parquet tofile save savez fromfile memmap ctypeslib",
    "eval f_globals f_builtins gi_frame os sys subprocess builtins io",
)


@dataclass(frozen=True)
class Outcome:
    """What came of a run: the answers it stored, and a sentence when it went wrong.

    The verdict of a record is empty but for a function's, which was found here.
    """

    answers: dict[str, Record]
    problem: str = ""


def objection(sources: Sequence[str], known: frozenset[str] = frozenset()) -> str:
    """Return what speaks against running these cells, or nothing.

    Parameters
    ----------
    sources : sequence of str
        Code cells.
    known : frozenset of str
        Cells as they were handed out; they are not looked at.
    """
    for number, source in enumerate(sources, start=1):
        if source.strip() in known:
            continue
        found = _reach(source)
        if found:
            return f"code cell {number} {found}"
    return ""


def _reach(source: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return "" if _only_python(source) else "uses a command of the notebook or the system"
    except (RecursionError, MemoryError):
        return "is nested too deep"
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [a.name for a in node.names]
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{n}" for n in names]
            for name in names:
                if _MODULES & set(name.split(".")):
                    return f"imports {name[:40]}"
        elif isinstance(node, ast.Name) and node.id in _NAMES:
            return f"uses {node.id}"
        elif isinstance(node, ast.Attribute) and (
            node.attr in _ATTRIBUTES or node.attr.startswith("__")
        ):
            return f"uses .{node.attr[:40]}"
    return ""


def _only_python(source: str) -> bool:
    starts = tuple(line.lstrip()[:1] for line in source.splitlines())
    return not {"!", "%"} & set(starts) and "= !" not in source and "=!" not in source


def run(
    sources: Sequence[str],
    functions: dict[str, str],
    bank: dict[str, Any],
    cohort: dict[str, str] | None = None,
    seconds: int = SECONDS,
) -> Outcome:
    """Run cells and check functions in a process of their own.

    Parameters
    ----------
    sources : sequence of str
        Code cells, in order; one that fails is passed over.
    functions : dict of str to str
        Source of a student's function by exercise id.
    bank : dict
        Entries by exercise id.
    cohort : dict of str to str, optional
        Texts of the files of the student's own cohort.
    seconds : int
        Time allowed.
    """
    place = Path(tempfile.mkdtemp(prefix="hrd-run-"))
    try:
        _prepare(place, sources, functions, bank, cohort)
        problem = _run_there(place, seconds)
        answers = _answers(place / "work" / "answers.json")
        given = _given(place / "results.json")
        for identifier, entry in bank.items():
            if entry["kind"] == "code" and identifier in given:
                verdict = grading.grade_results(entry, given[identifier]).word
                value = functions.get(identifier) or answers.get(identifier, {}).get("value")
                answers[identifier] = {"value": value, "verdict": verdict,
                                       "solution_shown": False, "history": []}  # fmt: skip
            elif entry["kind"] == "code":
                answers.pop(identifier, None)
        return Outcome(answers, problem)
    except OSError as error:
        return Outcome({}, f"could not be run ({error.strerror or type(error).__name__})")
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _prepare(
    place: Path,
    sources: Sequence[str],
    functions: dict[str, str],
    bank: dict[str, Any],
    cohort: dict[str, str] | None,
) -> None:
    for name in ("bank", "work", "home", "data/cohort"):
        (place / name).mkdir(parents=True)
    about = {"what": "hrd student set", "build": "", "key": "", "own_cohort": bool(cohort)}
    (place / MARKER).write_text(json.dumps(about), encoding="utf-8")
    for name, text in (cohort or {}).items():
        (place / "data" / "cohort" / Path(name).name).write_text(text, encoding="utf-8")
    content = {"notebook": "", "exercises": {k: _without_answers(v) for k, v in bank.items()}}
    (place / "bank" / "all.json").write_text(json.dumps(content), encoding="utf-8")
    job = {"cells": list(sources), "functions": functions, "results": str(place / "results.json")}
    (place / "job.json").write_text(json.dumps(job), encoding="utf-8")


_SHOWN: Final[tuple[str, ...]] = (
    "id", "kind", "entry", "options", "unit", "tolerance", "decimals", "n_tests", "level",
    "notebook", "objective",
)  # fmt: skip


def _without_answers(entry: Entry) -> Entry:
    """Return an entry that reads and keeps answers and calls every one of them wrong."""
    kept: Entry = {name: entry[name] for name in _SHOWN if name in entry}
    kept |= {"findings": {}, "hints": [], "source": ""}
    if entry["kind"] == "code":
        kept["inputs"] = veiled(entry, "inputs", entry["inputs"])
    return kept


def _run_there(place: Path, seconds: int) -> str:
    kept = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "WINDIR")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    env |= {
        "HOME": str(place / "home"),
        "USERPROFILE": str(place / "home"),
        "TMPDIR": str(place / "home"),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONNOUSERSITE": "1",
    }
    command = [sys.executable, "-P", "-m", "helpers.teaching.rerun", str(place / "job.json")]
    options: dict[str, Any] = {}
    if os.name == "posix":
        options["start_new_session"] = True
    process = subprocess.Popen(
        command,
        cwd=place,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **options,
    )
    try:
        code = process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return f"stopped after {seconds} seconds; what was stored by then counts"
    finally:
        _end(process)
    return "" if code == 0 else "ended early (an error, or more memory or disk than allowed)"


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and whatever it started."""
    if os.name == "posix":
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(OSError):
        process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=10)


def _answers(path: Path) -> dict[str, Record]:
    try:
        if path.is_symlink() or path.stat().st_size > MOST_BYTES[".json"]:
            return {}
        stored = json.loads(path.read_text(encoding="utf-8"))["answers"]
        kept = clean_answers(stored) if isinstance(stored, dict) else {}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}
    for record in kept.values():
        record["verdict"] = ""
        for entry in record["history"]:
            entry["verdict"] = ""
    return kept


def _given(path: Path) -> dict[str, list[tuple[str, str]]]:
    """Return, by exercise, what a function gave on each hidden input."""
    try:
        if path.is_symlink() or path.stat().st_size > MOST_BYTES[".json"]:
            return {}
        stored = json.loads(path.read_text(encoding="utf-8"))
        return {
            str(identifier): [(str(form), str(trouble)[:200]) for form, trouble in results]
            for identifier, results in stored.items()
        }
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        return {}


# In the process of its own --------------------------------------------------------------------


def _limit() -> None:
    try:
        import resource
    except ImportError:
        return  # Windows: the limit on time still holds
    # Not the address space: the chart library reserves more of it than it ever uses.
    for what, most in ((resource.RLIMIT_DATA, MEMORY), (resource.RLIMIT_FSIZE, FILE_SIZE)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def _execute(job: dict[str, Any]) -> None:
    import linecache

    space: dict[str, Any] = {"__name__": "__main__", "display": lambda *_: None}
    for number, source in enumerate(job["cells"]):
        name = f"<cell {number}>"
        # So that a function's source can be found, as in a notebook.
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        with contextlib.suppress(Exception):
            exec(compile(source, name, "exec"), space)
    bank = load_bank()
    stored = AnswerStore().read()
    written = {i: str(r.get("value")) for i, r in stored.items()
               if bank.get(i, {}).get("kind") == "code"}  # fmt: skip
    given: dict[str, list[tuple[str, str]]] = {}
    for identifier, source in {**written, **job["functions"]}.items():
        own: dict[str, Any] = dict(space)
        name = f"<answer {identifier}>"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        with contextlib.suppress(Exception):
            before = set(own)
            exec(compile(source, name, "exec"), own)
            made = [own[k] for k in own if k not in before or own[k] is not space.get(k)]
            function = next(f for f in reversed(made) if callable(f))
            given[identifier] = list(grading.results_of(bank[identifier], function))
            Path(job["results"]).write_text(json.dumps(given), encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Run the job a file describes."""
    job = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    Path(arguments[0]).unlink()
    _limit()
    _execute(job)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
