"""Plain HTML pages that print well and ask nothing of the network; cells safe for a table."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any, Final

STYLE: Final = """
body { font: 16px/1.5 Helvetica, Arial, 'Liberation Sans', sans-serif; color: #1b1b1b;
       max-width: 62em; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.7em; } h2 { font-size: 1.3em; margin-top: 1.8em; } h3 { margin-bottom: 0.2em; }
table { border-collapse: collapse; margin: 0.6em 0 1.2em; }
th, td { border: 1px solid #bbb; padding: 0.25em 0.6em; text-align: left; vertical-align: top; }
th { background: #f2f2f2; }
pre { background: #f6f6f6; padding: 0.6em; white-space: pre-wrap; }
blockquote { border-left: 4px solid #bbb; margin: 0.4em 0; padding: 0.1em 1em; color: #333; }
.bar { display: inline-block; height: 0.8em; background: #0072B2; vertical-align: baseline; }
img { max-width: 100%; }
@media print { body { margin: 0; max-width: none; font-size: 11pt; }
               h2, h3 { break-after: avoid; } table, img, pre { break-inside: avoid; } }
"""
# Nothing in a page may load or run: what students wrote stands in it.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def page(title: str, body: str) -> str:
    """Return a whole page; `body` is HTML, `title` is text."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><h1>{escape(title)}</h1>{body}</body></html>\n"
    )


def table(head: Iterable[str], rows: Iterable[Iterable[Any]], caption: str = "") -> str:
    """Return a table of texts, escaped."""
    top = "".join(f'<th scope="col">{escape(str(h))}</th>' for h in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    said = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{said}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def cell_safe(value: Any) -> Any:
    """Return a value as a spreadsheet takes it for text: no formula, no control character.

    A text that begins like a formula gets an apostrophe before it, which spreadsheet
    programs show as text; numbers stay numbers.
    """
    if value is None or isinstance(value, int | float):
        return value
    text = "".join(c if c.isprintable() or c == "\n" else " " for c in str(value))
    if text.lstrip()[:1] in {"=", "+", "-", "@"} and not _is_number(text):
        return f"'{text}"
    return text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
