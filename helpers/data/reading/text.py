"""Text files: encoding, separator, quotation marks; nothing is taken apart silently."""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import Final

from helpers.data.reading.grid import (
    MOST_ROWS,
    Grid,
    Unreadable,
    hits,
    structured,
    tidy,
    too_many_rows,
)

_SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}
_BLANK: Final = {" ": "blanks"}
_SEP_LINE: Final = re.compile(r'^"?sep=(.)"?[\r\n]+', re.IGNORECASE)


def text_grids(file: str, data: bytes, wanted: frozenset[str]) -> list[Grid]:
    """Return every way in which a text file is a table.

    Raises
    ------
    Unreadable
        If there is none; the sentence is that of the separator whose header fits best.
    """
    text, said = _decoded(file, data)
    if text.count("\n") + text.count("\r") > 2 * MOST_ROWS + 100:  # before parsing
        raise too_many_rows(file, max(text.count("\n"), text.count("\r")))
    if text.count("\n") > MOST_ROWS + 100:
        raise too_many_rows(file, text.count("\n"))
    marked = _SEP_LINE.match(text)
    if marked:
        text = text[marked.end() :]
        tries = {marked[1]: _SEPARATORS.get(marked[1], f"the sign {marked[1]!r}")}
        said.append("The line 'sep=' is set aside; a spreadsheet does not count it.")
    else:
        tries = {sign: word for sign, word in _SEPARATORS.items() if sign in text[:20_000]}
    grids, refused = _tried(file, text, tries, wanted, said)
    if not grids and not any(width > 1 for _, width, _ in refused):
        grids, others = _tried(file, text, _BLANK, wanted, said)
        # One word as the header is one column: the blanks below it stand inside of names.
        refused += [problem for problem in others if problem[1] > 1]
    best = max((hits(grid.names, wanted) for grid in grids), default=-1)
    worse = sorted(refused, key=lambda r: r[:2], reverse=True)
    if worse and (worse[0][0] > best or not grids):
        raise worse[0][2]
    if not grids:
        return _one_column(file, text, wanted, said)
    return [grid for grid in grids if hits(grid.names, wanted) == best]


def _decoded(file: str, data: bytes) -> tuple[str, list[str]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding, said = "utf-16", ["Text in UTF-16."]
    else:
        encoding, said = "utf-8-sig", []
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise Unreadable(f"{file} is not text in UTF-8; save it as 'CSV UTF-8'.") from None
    if "\0" in text:
        raise Unreadable(f"{file} holds signs that no text has; save it anew as 'CSV UTF-8'.")
    return text, said


def _tried(
    file: str, text: str, tries: dict[str, str], wanted: frozenset[str], said: list[str]
) -> tuple[list[Grid], list[tuple[int, int, Unreadable]]]:
    """Read the text with each separator; return what is a table, and why the others are not."""
    grids, refused = [], []
    for sign, word in tries.items():
        try:
            records = _records(file, text, sign)
        except Unreadable as problem:
            first = next((line for line in text.splitlines() if line.strip()), "")
            cells = [cell.strip('" ') for cell in first.split(sign)]
            refused.append((hits(cells, wanted), len(cells), problem))
            continue
        top = max(records[:20], key=lambda record: hits(record, wanted), default=[])
        widest = max(map(len, records), default=0)
        if widest < 2:
            continue
        try:
            found = structured(file, records, wanted, [*said, f"Cells parted by {word}."], word)
            _check_breaks(found[0], sign)
        except Unreadable as problem:
            # With one cell in the header this sign parts nothing; it counts only where it
            # takes a later row apart and no other sign fits.
            refused.append((hits(top, wanted), len(top), problem))
        else:
            grids += [grid for grid in found if len(grid.names) > 1]
    return grids, refused


def _records(file: str, text: str, sign: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=sign, strict=True)
    records: list[list[str]] = []
    try:
        records.extend(reader)
    except csv.Error as error:
        raise Unreadable(
            f"{file}, row {len(records) + 1}: the quotation marks do not pair up ({error}); "
            "correct the row."
        ) from None
    return records


def _check_breaks(grid: Grid, sign: str) -> None:
    """Refuse a cell that has swallowed rows: a lone quotation mark here, its pair rows below."""
    for row, cells in zip(grid.rows, grid.cells, strict=True):
        for cell in cells:
            if "\n" in cell and any(
                line.count(sign) >= max(1, len(grid.names) - 1) for line in cell.split("\n")
            ):
                raise Unreadable(
                    f"{grid.file}, row {row}: a quotation mark opens a cell that runs over whole "
                    "rows; close it or take it out."
                )


def _one_column(file: str, text: str, wanted: frozenset[str], said: list[str]) -> list[Grid]:
    records = [[tidy(line.strip().strip('"'))] for line in text.splitlines()]
    return structured(file, records, wanted, [*said, "One column."])
