"""A table as a reader sees it: with its badge, its full text and links that open."""

from __future__ import annotations

import html
from typing import Any, Final
from urllib.parse import urlsplit

import pandas as pd

from helpers.provenance.kinds import Provenance, provenance_of

_CELL: Final = "text-align:left; vertical-align:top; white-space:normal; padding:4px 10px"
_RIGHT: Final = _CELL.replace("left", "right", 1)


class ShownTable:
    """A table for reading, not for computing.

    Jupyter shows it as an HTML table with a caption; nothing is cut off, and a cell that
    holds a web address is a link. Printed as text it gives the same lines.

    Parameters
    ----------
    frame : DataFrame
        What is shown. Its index is shown where it is named or holds text.
    caption : str
        One line above the table; none if empty.

    Attributes
    ----------
    frame : DataFrame
        The table itself, for computing.
    """

    def __init__(self, frame: pd.DataFrame, caption: str = "") -> None:
        self.frame = frame
        self.caption = caption

    def _cells(self) -> pd.DataFrame:
        frame = self.frame
        if frame.index.name is not None or frame.index.dtype == object:
            frame = frame.reset_index(names=[frame.index.name or ""])
        return frame.rename_axis(columns=None)

    def _repr_html_(self) -> str:
        cells = self._cells()
        numeric = [_is_number(cells.iloc[:, place]) for place in range(cells.shape[1])]
        style = [_RIGHT if number else _CELL for number in numeric]
        head = "".join(
            f'<th scope="col" style="{how}">{html.escape(str(name))}</th>'
            for name, how in zip(cells.columns, style, strict=True)
        )
        body = "".join(
            "<tr>"
            + "".join(
                f'<td style="{how}">{_html(value)}</td>'
                for value, how in zip(row, style, strict=True)
            )
            + "</tr>\n"
            for row in cells.itertuples(index=False, name=None)
        )
        above = "caption-side:top; text-align:left; padding:4px 10px"
        caption = (
            f'<caption style="{above}">{html.escape(self.caption)}</caption>\n'
            if self.caption
            else ""
        )
        # A wide table scrolls in a region of its own that the keyboard reaches.
        name = html.escape(self.caption or "Table", quote=True)
        return (
            f'<div tabindex="0" role="region" aria-label="{name}" style="overflow-x:auto">\n'
            f'<table class="hrd-table">\n{caption}<thead><tr>{head}</tr></thead>\n'
            f"<tbody>\n{body}</tbody></table></div>"
        )

    def __repr__(self) -> str:
        cells = self._cells()
        texts = cells.apply(lambda column: column.map(_text)).astype(str)
        lines = texts.to_string(index=False, max_colwidth=60)
        return f"{self.caption}\n{lines}" if self.caption else lines


def badged(table: pd.DataFrame, *sources: pd.DataFrame | Provenance) -> ShownTable:
    """Return a table as it is to be read: under its badge, nothing cut, addresses as links.

    Parameters
    ----------
    table : DataFrame
        Any table; a level that heads its columns (see `beside`) is kept in the caption.
    *sources : marked DataFrame or Provenance
        What kinds of data it holds. Without them the table's own mark is read.

    Raises
    ------
    ProvenanceError
        If neither the table nor a source says what kind of data it is.
    """
    kinds: dict[Provenance, None] = {}
    for source in sources or (table,):
        found = (source,) if isinstance(source, Provenance) else provenance_of(source)
        kinds.update(dict.fromkeys(found))
    lines = [kind.badge for kind in kinds]
    if table.columns.name:
        lines.append(str(table.columns.name))
    return ShownTable(table, "  |  ".join(lines))


def _is_number(column: pd.Series[Any]) -> bool:
    return bool(pd.api.types.is_numeric_dtype(column))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return str(round(value, 6))  # 0.3, not the nearest binary fraction
    return str(value)


def _html(value: Any) -> str:
    text = _text(value)
    if text.startswith(("http://", "https://")):
        # The host tells who speaks; the whole address is in the link and its hint.
        address, host = html.escape(text, quote=True), urlsplit(text).netloc
        short = html.escape(host.removeprefix("www."))
        return f'<a href="{address}" title="{address}" target="_blank" rel="noopener">{short}</a>'
    return html.escape(text, quote=False)
