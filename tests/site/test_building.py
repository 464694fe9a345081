"""A build that is stopped goes on where it was, and a second one makes only what changed."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import psutil
import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


def begun(command: list[str], root: Path = ROOT, **options: Any) -> subprocess.Popen[str]:
    """Return a build at work, its two streams as one."""
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    )


def stopped(
    process: subprocess.Popen[str],
    line: str,
    pause: float = 0.0,
    stop: Callable[[subprocess.Popen[str]], None] = subprocess.Popen.terminate,
) -> str:
    """Stop a build some seconds after a line; return all that it said."""
    assert process.stdout
    said = ""
    while line not in said:
        read = process.stdout.readline()
        assert read, said
        said += read
    time.sleep(pause)
    stop(process)
    said += process.communicate(timeout=20)[0]
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert said.splitlines()[-1] == "Stopped; the same command goes on where it was."
    return said


def at_work(out: Path) -> list[list[str]]:
    """Return the programs that work on this folder."""
    found = []
    for process in psutil.process_iter():
        try:
            command = process.cmdline()
        except psutil.Error:
            continue
        if str(out) in command:
            found.append(command)
    return found


def whole(out: Path) -> bool:
    """Tell whether every file is whole: none is called half-written, every record reads."""
    for path in out.rglob("*.json"):
        json.loads(path.read_text("utf-8"))
    for path in out.rglob("*.js"):
        text = path.read_text("utf-8").rstrip()
        assert text.endswith(";"), path.name
    return not list(out.rglob("*.part"))


def interrupt(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGINT)


def interrupt_by_keyboard(process: subprocess.Popen[str]) -> None:
    """Send what Ctrl+C sends: to every program of the terminal at once."""
    os.killpg(process.pid, signal.SIGINT)


END: Final = subprocess.Popen.terminate
FIRST: Final = "00_start_here.ipynb ..."


@pytest.mark.parametrize(
    ("stop", "line", "pause", "panels"),
    [
        (interrupt, FIRST, 0.0, 0),
        (interrupt, FIRST, 2.0, 0),
        (interrupt, "  00-1 ", 0.5, 1),
        (END, FIRST, 2.0, 0),
        (END, "  00-1 ", 0.5, 1),
        (interrupt_by_keyboard, "  00-1 ", 0.5, 1),
    ],
)
def test_a_stopped_build_goes_on_where_it_was(
    tmp_path: Path, stop: Any, line: str, pause: float, panels: int
) -> None:
    out = tmp_path / "site"
    command = ["start.py", "site", "--to", str(out), "--notebooks", "00"]
    terminal, typed = pytest.importorskip("pty").openpty()
    process = begun(
        command, stdin=typed if stop is interrupt_by_keyboard else None, start_new_session=True
    )
    said = stopped(process, line, pause, stop)
    os.close(terminal)
    os.close(typed)
    assert at_work(out) == []
    assert whole(out)
    assert said.count("Stopped") == 1
    assert "done" not in said
    kept = {path: path.stat().st_mtime_ns for path in (out / "panels").glob("*.js")}
    assert len(kept) >= panels
    said = begun(command).communicate(timeout=300)[0]
    assert "00_start_here.ipynb: done" in said
    assert whole(out)
    assert len(list((out / "panels").glob("00-*.js"))) == 3
    for path, written in kept.items():
        assert path.stat().st_mtime_ns == written, path.name


def test_stopped_while_it_loads_it_says_so(tmp_path: Path) -> None:
    command = ["-X", "importtime", "-m", "helpers.site", "--to", str(tmp_path / "site")]
    stopped(begun(command), " numpy", 0.0, interrupt)
    assert not (tmp_path / "site").exists()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what pages are made from, in which anything may be changed."""
    root = tmp_path / "project"
    for name in ("helpers", "notebooks", "exercises", "data"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, root / name)
    return root


def command(root: Path) -> list[str]:
    return ["-m", "helpers.site", "--to", str(root / "site"), "--notebooks", "01", "08"]


def written(root: Path) -> dict[str, int]:
    return {path.stem: path.stat().st_mtime_ns for path in (root / "site/panels").glob("*.js")}


def made(root: Path) -> tuple[set[str], set[str]]:
    """Build two notebooks; return which pages and which panels were made anew."""
    before = written(root)
    process = begun(command(root), root)
    said = process.communicate(timeout=300)[0]
    assert process.returncode == 0, said
    pages = set(re.findall(r"(\d\d)_\w+\.ipynb: done", said))
    return pages, {name for name, when in written(root).items() if before.get(name) != when}


def test_a_second_build_makes_what_changed_and_no_more(copy: Path) -> None:
    typology = {f"01-{n}" for n in range(1, 5)}
    deadlock = {f"08-{n}" for n in range(1, 7)}
    assert made(copy) == ({"01", "08"}, typology | deadlock)
    assert made(copy) == (set(), set())

    notebook = next((copy / "notebooks").glob("01_*.ipynb"))
    book = json.loads(notebook.read_text("utf-8"))
    text = next(cell for cell in book["cells"] if cell["cell_type"] == "markdown")
    text["source"] = ["# Said in other words\n"]
    notebook.write_text(json.dumps(book), "utf-8")
    assert made(copy) == ({"01"}, set())
    assert "Said in other words" in next((copy / "site").glob("01_*.html")).read_text("utf-8")
    assert "Said in other words" in (copy / "site" / "index.html").read_text("utf-8")

    panel = copy / "helpers" / "panels" / "deadlock" / "visits.py"
    before, kept = panel.read_text("utf-8"), (copy / "site/panels/08-5.js").read_bytes()
    panel.write_text(before.replace("takes place, once.", "takes place; once."), "utf-8")
    assert made(copy) == ({"08"}, deadlock)
    assert (copy / "site/panels/08-5.js").read_bytes() != kept

    # Stopped on the way, then everything as it was before: the record of then holds no longer.
    panel.write_text(before.replace("takes place, once.", "takes place, and once."), "utf-8")
    stopped(begun(command(copy), copy), "  08-5 ")
    panel.write_text(before.replace("takes place, once.", "takes place; once."), "utf-8")
    pages, panels = made(copy)
    assert pages == {"08"}
    assert "08-5" in panels
    panel.write_text(before, "utf-8")
    assert made(copy) == ({"08"}, deadlock)
    assert (copy / "site/panels/08-5.js").read_bytes() == kept

    exercise = next((copy / "exercises").glob("01_*.py"))
    exercise.write_text(exercise.read_text("utf-8") + "\n# A remark.\n", "utf-8")
    assert made(copy) == ({"01"}, set())

    (copy / "site" / "panels" / "08-3.js").unlink()
    assert made(copy) == ({"08"}, {"08-3"})
    assert made(copy) == (set(), set())
