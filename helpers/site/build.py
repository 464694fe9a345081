"""Make the web edition: ``python3 start.py site --to OUT``.

A folder of pages that open from a link, a memory stick or any host of static files, with
nothing installed and nothing fetched. Stopped, it goes on at the panel where it was; a
second time it makes only what something changed of.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from html import escape, unescape
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import vl_convert

from helpers import page as controls
from helpers.exercises.table import notebooks_dir
from helpers.exercises.widgets import FormView
from helpers.panels.base.live import LiveView
from helpers.site import formulas
from helpers.site.page import PART, ROOT, header, read_made, script_json, shell, write
from helpers.site.prose import prose
from helpers.site.sealing import rules

_HERE: Final = Path(__file__).parent
_EXPORT: Final = "export default { render };"
AT_ONCE: Final = 2
VEGA: Final = f"// vl-convert {version('vl-convert-python')}\n"


def script() -> str:
    """Return the pages' script: the notebook's own views, and what stands in for Python.

    Raises
    ------
    ValueError
        When a view no longer ends as a module does.
    """
    views = []
    for name, text in (("hrdLive", str(LiveView._esm)), ("hrdForm", str(FormView._esm))):
        if text.count(_EXPORT) != 1:
            raise ValueError(f"The view {name} does not end in {_EXPORT!r}.")
        views.append(
            f"const {name} = (() => {{ {text.replace(_EXPORT, 'return { render };')} }})();"
        )
    tables = f"const RULES = {script_json(rules())};"
    names = ("reading.js", "panels.js", "exercises.js", "coding.js", "tracing.js", "page.js")
    own = [formulas.script(), *((_HERE / name).read_text("utf-8") for name in names)]
    return "\n".join(['(() => { "use strict";', *views, tables, *own, "})();"])


def sheet() -> str:
    """Return the pages' looks."""
    here = Path(controls.__file__).parents[1]
    parts = [here / "panels" / "base" / "live.css", here / "exercises" / "form.css"]
    return controls.style(*parts, _HERE / "page.css")


def vega() -> str:
    """Return the drawing library as a script that waits to be asked, its version first."""
    bundle = str(vl_convert.javascript_bundle("globalThis.hrdVega = vegaEmbed;"))
    return f'{VEGA}(() => {{ {bundle} }})(); hrdHold("vega", globalThis.hrdVega);'


def is_drawing_library(path: Path) -> bool:
    """Tell whether the drawing library is there, in the version that is installed."""
    return path.exists() and path.read_text("utf-8").startswith(VEGA)


def glossary() -> str:
    """Return the page of the glossary."""
    text = (ROOT / "notebooks" / "glossary.md").read_text("utf-8")
    return shell("Glossary", f'{header()}<main id="main" class="words">{prose(text)}</main>', [])


def is_made(stem: str, out: Path) -> bool:
    """Tell whether a page is there whole and nothing that it was made from has changed."""
    kept = read_made(out / ".made" / f"{stem}.json")
    return kept is not None and all((out / name).exists() for name in kept["files"])


def build(paths: Sequence[Path], out: Path) -> list[str]:
    """Make the pages of these notebooks and what they share.

    Parameters
    ----------
    paths : sequence of Path
        The notebooks.
    out : Path
        The folder of the site.

    Returns
    -------
    list of str
        One sentence for each page that could not be made.
    """
    write(out / "site.js", script())
    write(out / "site.css", sheet())
    if not is_drawing_library(out / "vega.js"):
        write(out / "vega.js", vega())
    write(out / "glossary.html", glossary())
    write(out / ".nojekyll", "")  # some hosts leave out names that begin with a dot or a line
    todo = [path for path in paths if not is_made(path.stem, out)]
    for path in paths:
        if path not in todo:
            print(f"{path.name}: nothing changed", flush=True)
    try:
        problems = make_pages(todo, out)
    finally:
        for left in out.rglob(f"*{PART}"):  # of a page that was stopped while it wrote
            left.unlink()
    write_index(out)
    return problems


def make_pages(paths: Sequence[Path], out: Path) -> list[str]:
    """Make pages, each in a process of its own; stop them all when this one is stopped."""
    running: list[subprocess.Popen[str]] = []
    stopped = threading.Event()

    def make(path: Path) -> str:
        if stopped.is_set():
            return ""
        print(f"{path.name} ...", flush=True)
        command = [sys.executable, "-m", "helpers.site.page", str(path), str(out)]
        with subprocess.Popen(
            command, env=env, cwd=ROOT, stderr=subprocess.PIPE, text=True
        ) as process:
            running.append(process)
            if stopped.is_set():
                process.terminate()
            _, said = process.communicate()
        if process.returncode:
            return f"{path.name}: {(said.strip().splitlines() or ['no reason was given'])[-1]}"
        print(f"{path.name}: done", flush=True)
        return ""

    with tempfile.TemporaryDirectory() as work, ThreadPoolExecutor(AT_ONCE) as pool:
        env = {**os.environ, "HRD_WORK_DIR": work, "PYTHONWARNINGS": "ignore"}
        try:
            return [said for said in pool.map(make, paths) if said]
        except KeyboardInterrupt:
            stopped.set()
            for process in running:
                process.terminate()
            raise


def write_index(out: Path) -> None:
    """Write the first page and the search of every page that is there."""
    kept = {
        p.stem: json.loads(p.read_text("utf-8")) for p in sorted((out / ".made").glob("*.json"))
    }
    entries = "".join(
        f'<li><a href="{stem}.html">{stem[:2]} {escape(one["title"])}</a>'
        f"{one.get('minutes', '')}{one['question']}</li>"
        for stem, one in kept.items()
    )
    body = (
        '<main id="main"><h1>Human rights diplomacy: the notebooks, to read and move</h1>'
        "<p>What can one government do, in public and in private, to change how another treats "
        "its people? Take apart one answer: the #FreeThe20 campaign of 2015 and the study of it "
        "by Rachel Myrick and Jeremy Weinstein (<em>International Organization</em> 76:2, 2022)."
        "</p><p>Begin with 00. Move the controls of a panel and read the sentence beside its "
        "picture; answer the exercises. A box at the top of each page leaves only its path of "
        '50 minutes, and the <a href="glossary.html">glossary</a> has the words. What you answer '
        "is kept in this browser and goes nowhere; at the end of each page you can download it "
        "to hand it in. To compute with data and code of your own, use the notebooks in "
        'JupyterLab.</p><div class="hrd-search hrd-live" role="search" hidden><label>Search '
        '<input type="text" autocomplete="off"></label><ul aria-live="polite"></ul></div>'
        f'<ul class="books">{entries}</ul></main>'
    )
    index = [part for one in kept.values() for part in one["index"]]
    words = re.findall(r'<h2\s+id="([^"]*)">(.*?)</h2>\s*<p>(.*?)<a ', glossary(), re.S)
    for name, word, says in words:
        about = {"page": "glossary.html", "id": name, "title": unescape(word)}
        index.append({**about, "text": unescape(f"{word} {says}".strip())})
    write(out / "search.js", f'hrdHold("search", {script_json(index)});')
    write(out / "index.html", shell("Human rights diplomacy", body, ["site.js"]))


def chosen(numbers: Sequence[str]) -> list[Path]:
    """Return the notebooks with these numbers, all of them without any.

    Raises
    ------
    ValueError
        When there is none of a number.
    """
    folder = notebooks_dir()
    books = [folder / one["file"] for one in json.loads((folder / "manifest.json").read_text())]
    for number in numbers:
        if not any(book.name.startswith(f"{number.zfill(2)}_") for book in books):
            known = ", ".join(book.name[:2] for book in books)
            raise ValueError(f"There is no notebook {number}; there are {known}.")
    wanted = {number.zfill(2) for number in numbers}
    return [book for book in books if not wanted or book.name[:2] in wanted]


def table(out: Path) -> list[dict[str, Any]]:
    """Return what is known of every panel of the site: settings, those held, bytes."""
    kept = [json.loads(p.read_text("utf-8")) for p in sorted((out / ".made").glob("*.json"))]
    return [panel for one in kept for panel in one["panels"]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the site; return the exit status."""
    made = argparse.ArgumentParser(
        prog="start.py site", description="Make the web edition: pages that need no Python."
    )
    made.add_argument("--to", type=Path, required=True, metavar="OUT", help="its folder")
    made.add_argument("--notebooks", nargs="+", default=[], metavar="NN", help="only these")
    given = made.parse_args(arguments)
    began = time.monotonic()
    try:
        books = chosen(given.notebooks)
        problems = build(books, given.to.resolve())
    except (ValueError, OSError) as problem:
        print(f"This did not work: {problem}", file=sys.stderr)
        return 1
    size = sum(p.stat().st_size for p in given.to.rglob("*") if p.is_file()) / 1e6
    print(f"{given.to}: {size:.1f} MB after {time.monotonic() - began:.0f} s; open index.html.")
    for said in problems:
        print(f"Not made: {said}", file=sys.stderr)
    return 1 if problems else 0
