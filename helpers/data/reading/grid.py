"""A table as it stands in a file, before anything in it has a meaning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from helpers.words import listed

MOST_ROWS: Final = 200_000
MOST_MB: Final = 50
_TITLE_ROWS: Final = 20
_INVISIBLE: Final = {"\u200b": "", "\ufeff": "", "\u2060": ""}
_UNSEEN: Final = str.maketrans(_INVISIBLE)


class Unreadable(ValueError):
    """A file that cannot be used; the sentence says what is wrong, where, and what to do."""


@dataclass(frozen=True)
class Grid:
    """Cells of one table, all as text without blanks around them.

    Attributes
    ----------
    file : str
        The file's name, as sentences give it.
    names : tuple of str
        Names of the columns, each once.
    cells : list of list of str
        One list a row, one text a column.
    rows : tuple of int
        The number that a spreadsheet (or the data browser of Stata, SPSS or R) shows beside
        each row.
    decisions : tuple of str
        What was decided in reading, a sentence each.
    labels : mapping
        Value labels by column: the label of a code.
    how : str
        What tells this reading from another one of the same file.
    """

    file: str
    names: tuple[str, ...]
    cells: list[list[str]]
    rows: tuple[int, ...]
    decisions: tuple[str, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    how: str = ""

    def column(self, name: str) -> list[str]:
        """Return the cells of one column."""
        place = self.names.index(name)
        return [row[place] for row in self.cells]


def plain(name: str) -> str:
    """Return a name as it is compared: no case, no accents, signs and blanks as one underscore."""
    letters = unicodedata.normalize("NFKD", name.translate(_UNSEEN).casefold())
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "_", bare).strip("_")


def tidy(cell: str) -> str:
    """Return a cell without blanks around it and without signs that cannot be seen."""
    if cell.isascii():
        return cell.strip()
    return unicodedata.normalize("NFC", cell.translate(_UNSEEN)).strip()


def letter(place: int) -> str:
    """Return the letter a spreadsheet gives to a column, counted from 0."""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(65 + rest) + text
    return text


def rows_word(numbers: Sequence[int]) -> str:
    """Return `Row 3` or `Rows 3 and 4`."""
    return f"Row{'s' if len(numbers) > 1 else ''} {listed(numbers, 6)}"


def hits(cells: Iterable[str], wanted: frozenset[str]) -> int:
    """Return how many of the wanted column names are among these cells."""
    return len({plain(cell) for cell in cells} & wanted)


def too_many_rows(file: str, count: int) -> Unreadable:
    """Return the refusal of a table with too many rows."""
    return Unreadable(
        f"{file} has {count:,} rows; at most {MOST_ROWS:,} are read. Is it the right file?"
    )


def structured(
    file: str,
    records: list[list[str]],
    wanted: frozenset[str],
    decisions: Sequence[str] = (),
    how: str = "",
) -> list[Grid]:
    """Find the header and the rows in the records of a file.

    Parameters
    ----------
    file : str
        The file's name.
    records : list of list of str
        Every record from the first on, empty ones too: a record's place gives its row number.
    wanted : frozenset of str
        Column names looked for, as `plain` gives them; they tell a header from a title.
    decisions : sequence of str
        What was decided before.
    how : str
        What tells these records from others of the same file.

    Returns
    -------
    grids : list of Grid
        One, or two where each row has a cell more than the header and both a row name in
        front and a separator at the end would explain it.

    Raises
    ------
    Unreadable
        If rows and header do not fit; the sentence names the first such row.
    """
    records = [[tidy(cell) for cell in record] for record in records]
    filled = [n for n, record in enumerate(records) if any(record)]
    if not filled:
        raise Unreadable(f"{file} is empty.")
    if len(filled) > MOST_ROWS + _TITLE_ROWS:
        raise too_many_rows(file, len(filled))
    top = _header(records, filled, wanted)
    said = list(decisions)
    titles = [n for n in filled if n < top]
    width = len(records[top])
    if titles:
        fullest = max(sum(map(bool, records[n])) for n in titles)
        if fullest > 2 and fullest >= sum(map(bool, records[top])):
            raise Unreadable(
                f"{file}, row {titles[0] + 1}: a full row stands above the header in row "
                f"{top + 1}; move the header to the top."
            )
        said.append(f"{rows_word([n + 1 for n in titles])} above the header: set aside.")
    said.append(f"Header: row {top + 1}.")
    data = [n for n in filled if n > top]
    if not data:
        raise Unreadable(f"{file} has no rows under its header.")
    empty = [n + 1 for n in range(top + 1, data[-1]) if not any(records[n])]
    empty += [n + 1 for n in range(data[-1] + 1, len(records)) if records[n]]
    if empty:
        said.append(f"{rows_word(empty)} without a filled cell: set aside.")
    header, variants = records[top], []
    sizes = {len(records[n]) for n in data}
    if header[-1] == "" and sizes == {width - 1}:
        header, width = header[:-1], width - 1
    if sizes == {width}:
        variants.append((0, width, "", ""))
    elif sizes == {width + 1}:
        if not any(records[n][-1] for n in data):
            variants.append(
                (
                    0,
                    width,
                    "a separator at the end of each row",
                    "Each row ends with a separator too many: set aside.",
                )
            )
        first = [records[n][0] for n in data]
        if len(set(first)) == len(first) and all(first):
            variants.append(
                (
                    1,
                    width + 1,
                    "row names in front",
                    "The header is one cell shorter than the rows: the first cell of each row is "
                    f"taken as its name ({first[0][:20]!r} in row {data[0] + 1}) and set aside.",
                )
            )
    if not variants:
        odd = next(n for n in data if len(records[n]) != width)
        found = len(records[odd])
        raise Unreadable(
            f"{file}, row {odd + 1}: {found} cell{'s' if found != 1 else ''}, where the header in "
            f"row {top + 1} has {width}; check this row's separators and quotation marks."
        )
    grids = []
    for start, stop, way, note in variants:
        names, cells, more = _columns(header, [records[n][start:stop] for n in data], start)
        grids.append(
            Grid(
                file,
                names,
                cells,
                tuple(n + 1 for n in data),
                (*said, *([note] if note else []), *more),
                how=", ".join(filter(None, (how, way))),
            )
        )
    return grids


def _header(records: list[list[str]], filled: list[int], wanted: frozenset[str]) -> int:
    """Return the place of the header: the first record with the most of the wanted names."""
    first = filled[:_TITLE_ROWS]
    found = [hits(records[n], wanted) for n in first]
    if max(found) >= min(2, len(wanted)) > 0:
        return first[found.index(max(found))]
    return first[0]


def _columns(
    header: list[str], cells: list[list[str]], shift: int
) -> tuple[tuple[str, ...], list[list[str]], list[str]]:
    """Name each column once; leave out empty ones without a name."""
    said, names, keep = [], [], []
    for place, name in enumerate(header):
        where = f"column {letter(place + shift)}"
        if not name:
            if not any(row[place] for row in cells):
                continue
            name = f"({where}, no name)"
            if place == 0:
                said.append("Column A has no name: taken as row names and set aside.")
                continue
        if header.count(name) > 1 and name in names:
            said.append(f"The name {name!r} is there twice; the second is {where}.")
            name = f"{name} ({where})"
        names.append(name)
        keep.append(place)
    if len(keep) < len(header):
        cells = [[row[place] for place in keep] for row in cells]
    return tuple(names), cells, said
