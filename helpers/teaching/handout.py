"""A page to print from a notebook: ``python3 start.py handout NN --to file.html``.

The text, the still pictures and the questions, with room to write; no code, no solution. The
page carries everything in itself and asks nothing of the network.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

from nbconvert.filters.markdown_mistune import markdown2html_mistune

from helpers.exercises.bank import load_bank
from helpers.exercises.seal import Entry
from helpers.exercises.table import notebooks_dir
from helpers.teaching import cutting
from helpers.teaching.assign import find_notebooks
from helpers.teaching.cutting import Cell, KitError
from helpers.teaching.formulas import MATH, formula
from helpers.teaching.pages import page, table

_LINES: Final = {"number": 1, "text": 1, "prediction": 1, "code": 8, "reflection": 10}
_STYLE: Final = """<style>
.answer { border: 1px solid #bbb; padding: 0.5em 1em; margin: 0.6em 0; break-inside: avoid; }
.line { border-bottom: 1px solid #888; height: 1.7em; }
.answer ul { list-style: none; padding-left: 0; } img.math { vertical-align: middle; }
.asked { break-inside: avoid; } .turn { break-before: page; }
.form td { height: 3em; } .form td:nth-child(n+3) { min-width: 4em; }
figure { margin: 1em 0; break-inside: avoid; } figcaption { font-size: 0.9em; color: #333; }
</style>"""


def handout(path: Path, entries: dict[str, Entry], sections: Sequence[str] = ()) -> str:
    """Return the page of a notebook.

    Parameters
    ----------
    path : Path
        The notebook, with its outputs.
    entries : dict of str to dict
        Its exercises in the bank.
    sections : sequence of str
        How the headings of the sections wanted begin, such as "1"; all when empty.

    Raises
    ------
    KitError
        If there is no such section.
    """
    book = cutting.read_book(path)
    parts = [_STYLE, "<p>Name: ______________________________ Date: ______________</p>"]
    title = cutting.outline(book).title
    predicted, asked = False, ""
    for cell in _chosen(book["cells"], sections):
        if cutting.is_hidden(cell):
            continue
        if cell.get("cell_type") == "markdown":
            parts.append(asked)
            text, asked = _for_paper(cutting.source_of(cell)), ""
            text, _, last = text.rpartition("\n\n")
            parts.append(_prose(text, cell.get("attachments", {})))
            asked = _prose(last, cell.get("attachments", {}))
            continue
        if cell.get("cell_type") != "code":
            continue
        calls = [
            entries[identifier]
            for function, identifier in cutting.exercise_calls(cutting.source_of(cell))
            if function != "reveal" and identifier in entries
        ]
        shown = [*_pictures(cell), *_form(cell, path.name)]
        if shown and predicted:
            # What answers a prediction is on the next page, to be turned when it is written.
            parts.append(f"{asked}<p>Write your prediction down, then turn the page.</p>")
            parts.append('<div class="turn"></div>')
            predicted, asked = False, ""
        for entry in calls:
            parts.append(f'<div class="asked">{asked}{_room(entry)}</div>')
            asked = ""
            predicted = predicted or entry["kind"] == "prediction"
        if shown:
            parts += [asked, *shown]
            asked = ""
    parts.append(asked)
    return page(title, "".join(parts))


def _chosen(cells: list[Cell], sections: Sequence[str]) -> list[Cell]:
    """Return the opening and the sections whose headings begin with one of these words."""
    if not sections:
        return cells
    kept, within, heads = [], True, []
    for cell in cells:
        found = re.search(r"^## (.+)$", cutting.source_of(cell), re.MULTILINE)
        if cell.get("cell_type") == "markdown" and found:
            head = found.group(1).strip()
            heads.append(head)
            within = any(re.match(rf"{re.escape(s)}\b", head, re.IGNORECASE) for s in sections)
        if within:
            kept.append(cell)
    for wanted in sections:
        if not any(re.match(rf"{re.escape(wanted)}\b", h, re.IGNORECASE) for h in heads):
            raise KitError(f"There is no section {wanted!r}; there are: {'; '.join(heads)}.")
    return kept


def _for_paper(text: str) -> str:
    """Return a cell's text without what can only be done on a screen."""
    parts = [p for p in text.split("\n\n") if not p.lstrip().startswith("*Try:*")]
    return re.sub(r" ?\*\*(?:Do now|Each time you open it):\*\*[^\n]*", "", "\n\n".join(parts))


_CASES: Final = {"06": "azerbaijan", "07": "vietnam"}


def _form(cell: Cell, notebook: str) -> list[str]:
    """Return a bench as a form: its cards or vignettes, with room for a judgement on each."""
    said = "".join(
        "".join(output.get("data", {}).get("text/plain", "")) for output in cell.get("outputs", [])
    )
    from helpers import data

    if said.startswith("[Process tracing bench]") and notebook[:2] in _CASES:
        case = _CASES[notebook[:2]]
        rivals = data.load_hypotheses(case)
        cards = data.load_evidence_cards(case)
        listed = [
            (row["hypothesis"], f"{row['short']}: {row['statement']}")
            for _, row in rivals.iterrows()
        ]
        rows = [(c["card_id"], c["card"], *[""] * len(listed)) for _, c in cards.iterrows()]
        return [
            "<p>The rival accounts:</p>" + table(("", "account"), listed),
            "<p>How likely is each observation if an account is true? Write it as a number from "
            "0 to 1, row by row, before you compare accounts.</p>",
            f'<div class="form">{table(("card", "observation", *[i for i, _ in listed]), rows)}'
            "</div>",
        ]
    if said.startswith("[Coding bench]"):
        found = data.load_vignettes()
        rows = [(v["vignette_id"], v["vignette"], "") for _, v in found.iterrows()]
        return [f'<div class="form">{table(("", "what was done", "code"), rows)}</div>']
    return []


def _prose(text: str, attachments: dict[str, Any]) -> str:
    kept: list[str] = []

    def put(found: re.Match[str]) -> str:
        kept.append(formula(found.group(1) or found.group(2), bool(found.group(1))))
        return f"MATH{len(kept) - 1}MATH"

    # The title stands at the head of the page already.
    text = re.sub(r"\A# .*\n?", "", text)
    text = _outside_code(text, lambda plain: MATH.sub(put, plain))
    html = str(markdown2html_mistune(text))
    for name, kinds in attachments.items():
        for mime, content in kinds.items():
            body = content if isinstance(content, str) else "".join(content)
            html = html.replace(f"attachment:{name}", f"data:{mime};base64,{body}")
    html = re.sub(r'<a class="anchor-link".*?</a>', "", html)
    return re.sub(r"MATH(\d+)MATH", lambda m: kept[int(m.group(1))], _no_outside(html))


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    parts = re.split(r"(```.*?```|`[^`\n]*`)", text, flags=re.DOTALL)
    return "".join(part if n % 2 else change(part) for n, part in enumerate(parts))


def _no_outside(html: str) -> str:
    """Return HTML whose pictures and scripts come from nowhere else; links stay links."""
    html = re.sub(r"<script\b.*?</script>|<(link|iframe|object|embed)\b[^>]*>", "", html,
                  flags=re.DOTALL | re.IGNORECASE)  # fmt: skip
    return re.sub(r'<img\b[^>]*src="(?!data:)[^"]*"[^>]*>', "", html, flags=re.IGNORECASE)


def _pictures(cell: Cell) -> list[str]:
    found = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        if "image/png" in data:
            alt = output.get("metadata", {}).get("image/png", {}).get("alt", "")
            body = data["image/png"]
            body = (body if isinstance(body, str) else "".join(body)).replace("\n", "")
            found.append(
                f'<figure><img alt="{escape(alt, quote=True)}" '
                f'src="data:image/png;base64,{body}">'
                f"<figcaption>{escape(alt)}</figcaption></figure>"
            )
        elif "text/html" in data and "<table" in "".join(data["text/html"]):
            html = "".join(data["text/html"])
            found.append(_no_outside(re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)))
    return found


def _room(entry: Entry) -> str:
    """Return the place for an answer on paper: options to tick, or lines to write on."""
    kind, options = entry["kind"], entry.get("options", [])
    if options:
        box = "____" if kind == "ordering" else "☐"
        lines = "<ul>" + "".join(f"<li>{box} {escape(o)}</li>" for o in options) + "</ul>"
        if kind == "ordering":
            lines = f"<p>Number them in order.</p>{lines}"
    else:
        lines = '<div class="line"></div>' * _LINES.get(kind, 2)
    unit = f" ({escape(entry['unit'])})" if entry.get("unit") else ""
    word = "Prediction" if kind == "prediction" else "Exercise"
    return f'<div class="answer"><strong>{word} {escape(entry["id"])}</strong>{unit}{lines}</div>'


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page; return the exit status."""
    made = argparse.ArgumentParser(prog="start.py handout", description=__doc__.split(":")[0] + ".")
    made.add_argument("notebook", metavar="NN")
    made.add_argument("--to", type=Path, required=True, metavar="FILE.html")
    made.add_argument(
        "--sections", nargs="+", default=(), metavar="N", help="only these, by number or first word"
    )
    chosen = made.parse_args(arguments)
    try:
        path = find_notebooks([chosen.notebook], notebooks_dir())[0]
        text = handout(path, load_bank(), chosen.sections)
        target = chosen.to.resolve()
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            raise KitError(f"{target} exists; nothing was overwritten. Give a new name.") from None
        except OSError as error:
            raise KitError(f"{target} cannot be written ({error.strerror}).") from None
    except KitError as error:
        print(f"This did not work: {error}", file=sys.stderr)
        return 1
    print(f"The handout is {target}; open it in a browser and print it.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
