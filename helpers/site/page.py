"""Make the page of one notebook: `python -m helpers.site.page NOTEBOOK OUT`."""

from __future__ import annotations

import ast
import base64
import gzip
import hashlib
import json
import re
import sys
from html import escape, unescape
from pathlib import Path
from typing import Any, Final

from helpers.exercises.learner import CheckResult
from helpers.exercises.table import plain_entry, read_solutions
from helpers.exercises.widgets import Form, Reveal
from helpers.panels.base import Panel
from helpers.site.prose import Looks, prose
from helpers.site.running import results, source_of
from helpers.site.sealing import found_text, sealed_entry
from helpers.site.settings import Stored

ROOT: Final = Path(__file__).resolve().parents[2]
POLICY: Final = (
    "default-src 'none'; script-src {own}; style-src {own}; img-src {own} data:; "
    "base-uri 'none'; form-action 'none'"
).format(own="'self' file:")
# What a notebook says of running it.
LAB_ONLY: Final = re.compile(
    r"\s*\*\*Each time you open it:\*\*[^\n]*| with Run All Cells"
    r"|, in `work/typology_codes\.csv`"
    r"| \*\*Shift\+Enter\*\* runs [^\n]*? your answers stay\."
)
PART: Final = ".part"
IN_LAB: Final = "This is worked in code: open the notebook in JupyterLab for it."


def header(more: str = "") -> str:
    """Return what stands over a page."""
    return (
        '<a class="skip" href="#main">Skip to the text</a><header><nav aria-label="Site">'
        f'<a href="index.html">All notebooks</a><a href="glossary.html">Glossary</a>{more}'
        "</nav></header>"
    )


def shell(title: str, body: str, scripts: list[str], sheets: list[str] | None = None) -> str:
    """Return a whole page; scripts and sheets are files beside it."""
    links = "".join(f'<link rel="stylesheet" href="{s}">' for s in ["site.css", *(sheets or [])])
    tags = "".join(f'<script src="{escape(s)}" defer></script>' for s in scripts)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        '<link rel="icon" href="data:,">'
        f"<title>{escape(title)}</title>{links}</head><body>{body}{tags}</body></html>"
    )


class Page:
    """One notebook on its way to a page.

    Parameters
    ----------
    path : Path
        The notebook, with its outputs.
    out : Path
        The folder of the site.
    """

    def __init__(self, path: Path, out: Path) -> None:
        self.path, self.out, self.stem = path, out, path.stem
        self.number = path.name[:2]
        self.cells = json.loads(path.read_text("utf-8"))["cells"]
        self.looks = Looks()
        self.report: list[dict[str, Any]] = []
        solutions = read_solutions(path)
        self.plain = {item.identifier: plain_entry(item) for item in solutions}
        self.sealed = {item.identifier: sealed_entry(item) for item in solutions}
        self.coding: dict[str, Any] | None = None
        self.contents: list[tuple[str, str]] = []
        self.index: list[dict[str, str]] = []
        self.title = self.stem
        self.sources: set[Path] = set()
        self.files: list[str] = []
        code = [source_of(cell) for cell in self.cells if cell["cell_type"] == "code"]
        self.code = hashlib.sha256("\n".join(code).encode()).hexdigest()[:16]

    def make(self) -> None:
        """Write the page and what it loads."""
        found = results(self.path, self.cells)
        # What was written down is no longer so, should this be stopped on the way.
        (self.out / ".made" / f"{self.stem}.json").unlink(missing_ok=True)
        parts = []
        for number, cell in enumerate(self.cells):
            if cell["cell_type"] == "markdown":
                parts.append(self._text(cell))
            elif cell["cell_type"] == "code":
                parts.append(self._code(cell, found.get(number)))
        heads = "".join(f'<li><a href="#{i}">{t}</a></li>' for i, t in self.contents)
        nav = header(
            f"<details><summary>On this page</summary><ul>{heads}</ul></details>"
            '<label class="hrd-live hrd-path" hidden><input type="checkbox"> '
            "Only the path of 50 minutes</label>"
        )
        give = (
            '<section id="hand-in" class="hrd-hand-in hrd-live" aria-label="Hand in" hidden>'
            "<p>Your answers to all notebooks are kept in this browser. To hand them in, write "
            "your name and download the file. If others use this browser too, delete them then."
            '</p><label>Name <input type="text" autocomplete="name"></label> '
            '<button type="button">Download my answers</button> '
            '<button type="button">Delete my answers</button><p role="status"></p></section>'
        )
        # Cells in a row that show nothing are one piece of code to a reader.
        text = "".join(parts).replace(CODE[1] + CODE[0], "\n\n")
        body = f'{nav}<main id="main">{text}{give if self.sealed else ""}</main>'
        self._write(f"{self.stem}.css", self.looks.sheet)
        exercises = f"globalThis.hrdExercises = {script_json(self.sealed)};"
        if self.coding:
            exercises += f"globalThis.hrdCoding = {script_json(self.coding)};"
        self._write(f"{self.stem}.js", exercises)
        page = shell(
            f"{self.number} {self.title}",
            body,
            [f"{self.stem}.js", "site.js"],
            [f"{self.stem}.css"],
        )
        self._write(f"{self.stem}.html", page)

    def _write(self, name: str, content: str | bytes) -> int:
        self.files.append(name)
        return write(self.out / name, content)

    def _text(self, cell: dict[str, Any]) -> str:
        html = self.looks.classed(prose(LAB_ONLY.sub("", source_of(cell)), cell.get("attachments")))
        for level, name, words in re.findall(r'<h([12])\s+id="([^"]*)">(.*?)</h', html, re.S):
            if level == "1":
                self.title = unescape(re.sub(r"<[^>]*>", "", words))
            else:
                self.contents.append((name, words))
        for part in re.split(r"(?=<h[123] id=)", html):
            head = re.match(r'<h[123]\s+id="([^"]*)">(.*?)</h[123]>', part, re.S)
            words = " ".join(unescape(re.sub(r"<[^>]*>", " ", part)).split())
            if head:
                title = unescape(re.sub(r"<[^>]*>", "", head[2]))
                about = {"page": f"{self.stem}.html", "id": head[1], "title": title}
                self.index.append({**about, "text": words})
            elif self.index:
                self.index[-1]["text"] += " " + words
        return html

    def _code(self, cell: dict[str, Any], result: Any) -> str:
        source = source_of(cell)
        if isinstance(result, Panel):
            return ("" if makes_only(source) else self._folded(source)) + self._panel(cell, result)
        if isinstance(result, Form) and result.entry is not None:
            entry = self.sealed.get(result.identifier)
            if entry is None:
                return ""
            if entry["kind"] == "code":
                return f"<p class='elsewhere'>Exercise {escape(entry['id'])}: {IN_LAB}</p>"
            return (
                f'<div class="hrd-holder" data-exercise="{escape(entry["id"])}">{NO_SCRIPT}</div>'
            )
        if isinstance(result, Reveal) and result.identifier in self.plain:
            found = found_text(self.plain[result.identifier], result.found)
            name = escape(result.identifier)
            return f'<div class="hrd-holder" data-exercise="{name}" data-found="{found}"></div>'
        if isinstance(result, CheckResult):
            head = f"Exercise {escape(result.exercise)}: {IN_LAB}"
            return self._folded(source) + f'<p class="elsewhere">{head}</p>'
        if type(result).__name__ == "CodingBench":  # a page imports what its notebook does, no more
            self.coding = coding_bench(result)
            return (
                '<section class="hrd-coding hrd-live" data-coding aria-label="Coding bench">'
                f"{NO_SCRIPT}</section>"
            )
        if type(result).__name__ == "TracingBench":
            return self._tracing(cell, result)
        if source.strip() == "hand_in()":
            return '<p><a href="#hand-in">Hand in your answers</a> at the end of this page.</p>'
        return self._folded(source) + "".join(map(self._output, cell.get("outputs", [])))

    def _folded(self, source: str) -> str:
        if not source.strip():
            return ""
        return f"{CODE[0]}{escape(source)}{CODE[1]}"

    def _output(self, output: dict[str, Any]) -> str:
        if output["output_type"] == "stream":
            return f'<pre class="out" tabindex="0">{escape("".join(output["text"]))}</pre>'
        data = output.get("data", {})
        live = "application/vnd.jupyter.widget-view+json" in data
        note = '<p class="elsewhere">This part is not in the web edition: it needs JupyterLab.</p>'
        if "image/png" in data:
            return self._image(output) + (note if live else "")
        if "text/html" in data:
            html = self.looks.classed("".join(data["text/html"]))
            return f'<div class="scrolls" tabindex="0">{html}</div>'
        if live:
            return note
        text = "".join(data.get("text/plain", ""))
        return f'<pre class="out" tabindex="0">{escape(text)}</pre>' if text else ""

    def _image(self, output: dict[str, Any]) -> str:
        body = base64.b64decode("".join(output["data"]["image/png"]))
        name = f"pictures/{self.number}-{hashlib.sha256(body).hexdigest()[:12]}.png"
        self._write(name, body)
        alt = output.get("metadata", {}).get("image/png", {}).get("alt", "")
        wide, high = (int.from_bytes(body[i : i + 4], "big") for i in (16, 20))
        return (
            f'<img src="{name}" alt="{escape(alt)}" width="{wide}" height="{high}" loading="lazy">'
        )

    def _panel(self, cell: dict[str, Any], panel: Panel[Any]) -> str:
        name = f"{self.number}-{1 + len(self.report)}"
        about = self._kept_panel(name) or self._new_panel(name, panel)
        self.report.append(about)
        held, whole = about["held"], about["settings"]
        print(f"  {name} {about['panel']}: {held} of {whole} settings", flush=True)
        said = ""
        if held < whole:
            said = (
                "This page holds the start, the settings to try, and what one or a few moves "
                "lead to. The notebook has every setting."
            )
        return self._place(name, panel.name, cell, said)

    def _tracing(self, cell: dict[str, Any], bench: Any) -> str:
        from helpers.site.formulas import cases  # only where a notebook has loaded it

        name = f"{self.number}-tracing"
        self._write(f"panels/{name}.js", packed(name, cases.bench(bench)))
        return self._place(name, "Process tracing bench", cell, "", "hrd-tracing")

    def _place(self, name: str, label: str, cell: dict[str, Any], said: str, kind: str = "") -> str:
        pictures = [o for o in cell.get("outputs", []) if "image/png" in o.get("data", {})]
        still = self._image(pictures[0]) if pictures else ""
        return (
            f'<section id="{name}" class="{f"hrd-place {kind}".strip()}" data-panel="{name}" '
            f'aria-label="{escape(label)}">{still}'
            f'<p class="hrd-place-said">{said}</p></section>'
        )

    def _kept_panel(self, name: str) -> dict[str, Any] | None:
        """Return what an earlier build says of a panel when it still holds."""
        kept = read_made(self.out / ".made" / "panels" / f"{name}.json")
        file = f"panels/{name}.js"
        if not kept or not (self.out / file).exists() or kept["code"] != self.code:
            return None
        self.files.append(file)
        self.sources.update(ROOT / source for source in kept["from"])  # not all are loaded now
        return dict(kept["about"])

    def _new_panel(self, name: str, panel: Panel[Any]) -> dict[str, Any]:
        stored = Stored(panel)
        size = self._write(f"panels/{name}.js", packed(name, stored.content()))
        about = {
            "panel": type(panel).__name__,
            "name": name,
            "settings": stored.whole,
            "held": stored.held,
            "formula": stored.given is not None,
            "bytes": size,
        }
        kept = {"from": digests(computing()), "code": self.code, "about": about}
        write(self.out / ".made" / "panels" / f"{name}.json", json.dumps(kept))
        return about


CODE: Final = (
    '<details class="code"><summary>Code</summary><pre tabindex="0"><code>',
    "</code></pre></details>",
)


def packed(name: str, content: dict[str, Any]) -> str:
    """Return what a page loads under this name, as a script."""
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    body = base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()
    return f'hrdHold("{name}", "{body}");'


NO_SCRIPT: Final = "<p>This form needs JavaScript, which this browser does not run.</p>"


def makes_only(source: str) -> bool:
    """Tell whether code makes one thing and shows it, which says nothing to who reads a page."""
    shown = ast.parse(source).body[1:]
    return not shown or (
        len(shown) == 1 and isinstance(shown[0], ast.Expr) and isinstance(shown[0].value, ast.Name)
    )


def coding_bench(bench: Any) -> dict[str, Any]:
    """Return what the page's coding bench needs: the codes, and every vignette with its key."""
    from helpers.panels.typology import coding

    rows = bench.vignettes.fillna("").astype(str).rename(columns={"vignette_id": "id"})
    return {
        "codes": coding.CODES,
        "levels": coding.LEVELS,
        "vignettes": rows.to_dict("records"),
    }


def script_json(value: Any) -> str:
    """Return a value as JSON that can stand in a script."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def write(path: Path, content: str | bytes) -> int:
    """Write a file whole or not at all; return its size."""
    body = content.encode() if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + PART)
    part.write_bytes(body)
    part.replace(path)
    return len(body)


def digest(path: Path) -> str:
    """Return what a file's content is known by."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def loaded() -> set[Path]:
    """Return the data, every module of ours that was loaded, and the versions of the others."""
    files = {p for p in (ROOT / "data").rglob("*") if p.is_file()} | {ROOT / "requirements.lock"}
    for module in list(sys.modules.values()):
        source = getattr(module, "__file__", None)
        if source and Path(source).is_relative_to(ROOT / "helpers"):
            files.add(Path(source))
    return files


def computing() -> set[Path]:
    """Return what a panel's answers come from: how a page is written is no part of it."""
    here = Path(__file__).parent
    return {p for p in loaded() if p.parent != here} | {here / "settings.py"}


def digests(files: set[Path]) -> dict[str, str]:
    """Return what each file's content is known by."""
    return {p.relative_to(ROOT).as_posix(): digest(p) for p in sorted(files)}


def read_made(path: Path) -> dict[str, Any] | None:
    """Return what an earlier build wrote down, unless a file that it came from has changed."""
    try:
        kept = dict(json.loads(path.read_text("utf-8")))
        same = all(digest(ROOT / name) == was for name, was in kept["from"].items())
    except (OSError, ValueError, KeyError):
        return None
    return kept if same else None


def main(words: list[str]) -> int:
    """Make one page; return the exit status."""
    path, out = Path(words[0]).resolve(), Path(words[1]).resolve()
    page = Page(path, out)
    try:
        page.make()
    except ValueError as problem:
        print(f"This page could not be made: {problem}", file=sys.stderr)
        return 1
    top = "\n\n".join(source_of(cell) for cell in page.cells if cell["cell_type"] == "markdown")
    question = re.search(r"\*\*Question\.\*\*(.+?)(?:\n\n|\Z)", top, re.S)
    minutes = re.search(r"\*\*Minutes:\*\* about (\d+)", top)
    exercises = set((ROOT / "exercises").glob(f"{path.stem}.py"))
    kept = {
        "from": digests(loaded() | page.sources | exercises | {path}),
        "files": page.files,
        "title": page.title,
        # A campaign's name at the start is no heading.
        "question": prose(re.sub(r"^#", r"\\#", question[1].strip())) if question else "",
        "minutes": f" ({minutes[1]} minutes)" if minutes else "",
        "index": page.index,
        "panels": page.report,
        "exercises": len(page.sealed),
    }
    write(out / ".made" / f"{path.stem}.json", json.dumps(kept, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
