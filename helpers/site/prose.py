"""The text of a notebook as HTML: formulas as MathML, nothing fetched, no style inline."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from html import escape, unescape
from typing import Any, Final
from xml.etree import ElementTree

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from helpers.exercises.table import notebooks_dir

ElementTree.register_namespace("", "http://www.w3.org/1998/Math/MathML")
_MATH: Final = re.compile(r"\$\$(.+?)\$\$|(?<![\\$])\$(?!\s)([^$\n]+?)(?<!\s)\$(?!\d)", re.DOTALL)


def prose(text: str, attachments: dict[str, Any] | None = None) -> str:
    """Return the HTML of a markdown cell."""
    kept: list[str] = []

    def put(found: re.Match[str]) -> str:
        kept.append(formula(found[1] or found[2], bool(found[1])))
        return f"MATH{len(kept) - 1}MATH"

    html = str(markdown2html_mistune(_outside_code(text, lambda plain: _MATH.sub(put, plain))))
    for name, kinds in (attachments or {}).items():
        for mime, content in kinds.items():
            body = content if isinstance(content, str) else "".join(content)
            html = html.replace(f"attachment:{name}", f"data:{mime};base64,{body}")
    html = re.sub(r'<a class="anchor-link".*?</a>', "", html)
    # A notebook's neighbour is a page's neighbour.
    html = re.sub(r'href="(?:\./)?(\d\d_\w+|glossary)\.(?:ipynb|md)', r'href="\1.html', html)
    html = re.sub(r"<code>(\d\d)_\w+</code>", lambda m: _to_notebook(m[1], m[0]), html)
    parts = re.split(r"(<a\b.*?</a>|<[^>]*>)", html, flags=re.DOTALL)
    parts[::2] = [
        re.sub(r"\b[Nn]otebook (\d\d)\b", lambda m: _to_notebook(m[1], m[0]), part)
        for part in parts[::2]
    ]
    html = "".join(parts)
    html = html.replace("<table>", '<div class="scrolls" tabindex="0"><table>')
    html = html.replace("</table>", "</table></div>")
    return re.sub(r"MATH(\d+)MATH", lambda m: kept[int(m[1])], html)


@functools.cache
def _notebooks() -> dict[str, str]:
    return {path.name[:2]: path.stem for path in notebooks_dir().glob("[0-9]*.ipynb")}


def _to_notebook(number: str, said: str) -> str:
    stem = _notebooks().get(number)
    return f'<a href="{stem}.html">{said}</a>' if stem else said


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    parts = re.split(r"(```.*?```|`[^`\n]*`)", text, flags=re.DOTALL)
    return "".join(part if n % 2 else change(part) for n, part in enumerate(parts))


@functools.lru_cache(maxsize=512)
def formula(tex: str, display: bool) -> str:
    """Return a formula as MathML, which browsers set and read out themselves."""
    plain = unescape(tex).strip()
    made = convert(plain, display="block" if display else "inline")
    root = ElementTree.fromstring(made)
    # A brace stretches only in fonts for mathematics, which many a phone has none of.
    for parent in root.iter():
        if parent.tag.endswith("munder") and len(parent) == 2 and parent[1].text == "\u23df":
            parent.tag = parent.tag.replace("munder", "mrow")
            parent.set("class", "braced")
            parent.remove(parent[1])
            parent.append(ElementTree.Element(parent.tag.replace("mrow", "mspace"), depth="0.25em"))
    made = ElementTree.tostring(root, encoding="unicode")
    # A formula of its own line scrolls where it is too wide, by keys too.
    keys = ' tabindex="0"' if display else ""
    return made.replace("<math ", f'<math alttext="{escape(plain, quote=True)}"{keys} ', 1)


class Looks:
    """Style attributes of saved outputs, made classes: a page's policy allows none inline."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def classed(self, html: str) -> str:
        """Return output HTML without scripts, styles and anything from elsewhere."""
        gone = r"<(script|style)\b.*?</\1>|<(link|iframe|object|embed|base|meta)\b[^>]*>"
        html = re.sub(gone, "", html, flags=re.DOTALL | re.IGNORECASE)
        html = re.sub(r'<img\b[^>]*src="(?!data:)[^"]*"[^>]*>', "", html, flags=re.IGNORECASE)
        html = re.sub(r"\son\w+\s*=\s*(\"[^\"]*\"|'[^']*')", "", html, flags=re.IGNORECASE)
        return re.sub(r"<\w+\b[^>]*\sstyle=\"[^>]*>", self._tag, html)

    def _tag(self, found: re.Match[str]) -> str:
        tag = found[0]
        style = re.search(r'\sstyle="([^"]*)"', tag)
        if style is None:
            return tag
        name = self._names.setdefault(unescape(style[1]), f"look{len(self._names)}")
        tag = tag.replace(style[0], "")
        if ' class="' in tag:
            return tag.replace(' class="', f' class="{name} ', 1)
        return re.sub(r"^<(\w+)", rf'<\1 class="{name}"', tag)

    @property
    def sheet(self) -> str:
        """The classes as CSS."""
        # Colours stand in for the dark page's own: what names one colour names the other too.
        return "\n".join(f".{name} {{ {style} }}" for style, name in self._names.items())
