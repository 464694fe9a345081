"""A page to print from a notebook: ``python3 start.py handout NN --to file.html``.

The text, the still pictures and the questions, with room to write; no code, no solution. The
page carries everything in itself and asks nothing of the network.
"""

from __future__ import annotations

import argparse
import base64
import functools
import io
import re
import sys
from collections.abc import Callable, Sequence
from html import escape, unescape
from pathlib import Path
from typing import Any, Final

from nbconvert.filters.markdown_mistune import markdown2html_mistune

from helpers.exercises.bank import load_bank
from helpers.exercises.seal import Entry
from helpers.exercises.table import notebooks_dir
from helpers.teaching import cutting
from helpers.teaching.assign import find_notebooks
from helpers.teaching.cutting import Cell, KitError
from helpers.teaching.pages import page

_MATH: Final = re.compile(r"\$\$(.+?)\$\$|(?<![\\$])\$(?!\s)([^$\n]+?)(?<!\s)\$(?!\d)", re.DOTALL)
_LINES: Final = {"number": 1, "text": 1, "prediction": 1, "code": 8, "reflection": 10}
_STYLE: Final = """<style>
.answer { border: 1px solid #bbb; padding: 0.5em 1em; margin: 0.6em 0; break-inside: avoid; }
.line { border-bottom: 1px solid #888; height: 1.7em; }
.answer ul { list-style: none; padding-left: 0; } img.math { vertical-align: middle; }
figure { margin: 1em 0; break-inside: avoid; } figcaption { font-size: 0.9em; color: #333; }
</style>"""


def handout(path: Path, entries: dict[str, Entry]) -> str:
    """Return the page of a notebook.

    Parameters
    ----------
    path : Path
        The notebook, with its outputs.
    entries : dict of str to dict
        Its exercises in the bank.
    """
    book = cutting.read_book(path)
    parts = [_STYLE, "<p>Name: ______________________________ Date: ______________</p>"]
    title = cutting.outline(book).title
    for cell in book["cells"]:
        if cutting.is_hidden(cell):
            continue
        if cell.get("cell_type") == "markdown":
            parts.append(_prose(cutting.source_of(cell), cell.get("attachments", {})))
        elif cell.get("cell_type") == "code":
            parts += _pictures(cell)
            parts += [
                _room(entries[identifier])
                for function, identifier in cutting.exercise_calls(cutting.source_of(cell))
                if function != "reveal" and identifier in entries
            ]
    return page(title, "".join(parts))


def _prose(text: str, attachments: dict[str, Any]) -> str:
    kept: list[str] = []

    def put(found: re.Match[str]) -> str:
        kept.append(_formula(found.group(1) or found.group(2), bool(found.group(1))))
        return f"MATH{len(kept) - 1}MATH"

    # The title stands at the head of the page already.
    text = re.sub(r"\A# .*\n?", "", text)
    text = _outside_code(text, lambda plain: _MATH.sub(put, plain))
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


@functools.lru_cache(maxsize=256)
def _formula(tex: str, display: bool) -> str:
    """Return a formula as a picture with its source as the text alternative."""
    from matplotlib import mathtext
    from matplotlib.font_manager import FontProperties

    plain = unescape(tex).strip()
    out = io.BytesIO()
    try:
        mathtext.math_to_image(
            f"${_for_mathtext(plain)}$", out, prop=FontProperties(size=13), dpi=200, format="png"
        )
    except Exception:  # what cannot be set is shown as it was written
        return f"<code>{escape(plain)}</code>"
    picture = base64.b64encode(out.getvalue()).decode("ascii")
    height = int.from_bytes(out.getvalue()[20:24], "big") / 200 * 72
    image = (
        f'<img class="math" alt="{escape(plain, quote=True)}" style="height:{height:.0f}pt" '
        f'src="data:image/png;base64,{picture}">'
    )
    return f"<div>{image}</div>" if display else image


_OTHER_NAMES: Final = {
    "text": r"\mathrm",
    "operatorname": r"\mathrm",
    "tfrac": r"\frac",
    "le": r"\leq",
    "lnot": r"\neg",
    "big": "",
}


def _said(text: str, _match: re.Match[str]) -> str:
    return text


def _without_braces(tex: str) -> str:
    """Return TeX in which what stands over a brace is bracketed, its label a subscript."""
    start = tex.find(r"\underbrace{")
    if start < 0:
        return tex
    opened, at = 1, start + len(r"\underbrace{")
    first = at
    while opened and at < len(tex):
        opened += {"{": 1, "}": -1}.get(tex[at], 0)
        at += 1
    inside = _without_braces(tex[first : at - 1])
    return f"{tex[:start]}\\left[{inside}\\right]{_without_braces(tex[at:])}"


def _for_mathtext(tex: str) -> str:
    """Return TeX without the few commands that the setter does not know."""
    tex = _without_braces(" ".join(tex.split()))
    tex = re.sub(r"\\tfrac(\d)(\d)", r"\\frac{\1}{\2}", tex)
    tex = re.sub(r"\\(bar|hat) (\w)", r"\\\1{\2}", tex)
    for name, instead in _OTHER_NAMES.items():
        tex = re.sub(rf"\\{name}(?![a-zA-Z])", functools.partial(_said, instead), tex)
    return re.sub(r"\\(mathrm)\{([^}]*)\}", lambda m: "\\mathrm{" + m[2].replace(" ", r"\ ") + "}",
                  tex)  # fmt: skip


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
    chosen = made.parse_args(arguments)
    try:
        path = find_notebooks([chosen.notebook], notebooks_dir())[0]
        text = handout(path, load_bank())
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
