"""What cells mean: days, yes or no. A column is read in one way from top to bottom."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

import pandas as pd

from helpers.data.reading.grid import Grid, Unreadable, plain

MISSING: Final = frozenset({"", "na", "n/a", "nan", ".", "nat", "<na>", "null", "#n/a"})
YES: Final = frozenset({"1", "yes", "true", "y"})
NO: Final = frozenset({"0", "no", "false", "n"})
_WHOLE: Final = re.compile(r"([01])[.,]0+")
_WORDS: Final = re.compile(r"\w+([ _-]+\w+)*")
# Where a program's calendar begins; there such a day stands for an empty cell.
_ZERO_DAYS: Final = {
    "1899-12-30": "Excel",
    "1899-12-31": "Excel",
    "1900-01-01": "Excel",
    "1904-01-01": "Excel on a Mac",
    "1960-01-01": "Stata",
    "1970-01-01": "R and Unix",
    "1582-10-14": "SPSS",
}
_FIRST_YEAR: Final = 1900
_MONTH_NAMES: Final = (
    "jan january, feb february, mar march, apr april, may, jun june, jul july, aug august, "
    "sep sept september, oct october, nov november, dec december"
)
_MONTHS: Final = {
    name: n for n, names in enumerate(_MONTH_NAMES.split(", "), 1) for name in names.split()
}
_DAY_FORMS: Final = {
    "iso": re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?"),
    "digits": re.compile(r"((?:19|20)\d{2})()(\d{2})(\d{2})"),
    "numbers": re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?: 00:00(?::00)?)?"),
    "day name": re.compile(r"(\d{1,2})([-/. ]*)([A-Za-z]{3,9})\.?[-/. ,]*(\d{4})"),
    "name day": re.compile(r"([A-Za-z]{3,9})\.?( )(\d{1,2}),? (\d{4})"),
}
ORDERS: Final = {"day first": "day first", "month first": "month first"}


def is_missing(cell: str) -> bool:
    """Say whether a cell stands for nothing."""
    return cell.casefold() in MISSING


def where(grid: Grid, place: int, column: str) -> str:
    """Return file, row and column of a cell, as every sentence begins."""
    return f"{grid.file}, row {grid.rows[place]}, column {column!r}"


def shown(cell: str) -> str:
    """Return what was found in a cell, in words."""
    return f"found {cell[:40]!r}" if cell else "the cell is empty"


def flags(
    grid: Grid,
    column: str,
    yes: Collection[str] = (),
    no: Collection[str] = (),
    empty: bool = False,
    values: Mapping[str, str] | None = None,
) -> tuple[pd.Series, str]:
    """Read a column of yes and no.

    Parameters
    ----------
    grid : Grid
    column : str
        Its name in the grid.
    yes, no : collection of str
        Words that mean it here, beside 1, yes, true and 0, no, false; as `plain` gives them.
    empty : bool
        Whether an empty cell is allowed; it is missing then.
    values : mapping, optional
        What a cell means, said by the reader: a text to "yes", "no" or "missing".

    Returns
    -------
    flags : Series of Int64, shape (n,)
    said : str
        How values that are not 0 or 1 were read; empty when there are none.

    Raises
    ------
    Unreadable
        If a cell says neither, or a value label and its code say the opposite.
    """
    cells = grid.column(column)
    labels = grid.labels.get(column, {})
    given = {plain(k) or k: v for k, v in (values or {}).items()}
    known: dict[str, int | None] = {}
    for cell in dict.fromkeys(cells):
        known[cell] = _flag(cell, labels.get(cell, ""), given, set(yes), set(no))
    if not given:
        _check_labels(grid, column, labels, set(yes), set(no))
    for place, cell in enumerate(cells):
        if known[cell] is None and not (empty and (is_missing(cell) or given.get(plain(cell)))):
            label = f" (labelled {labels[cell][:40]!r})" if cell in labels else ""
            found = shown("" if is_missing(cell) else cell)
            raise Unreadable(f"{where(grid, place, column)}: {found}{label}, expected 0 or 1.")
    words: dict[int, list[str]] = {1: [], 0: []}
    for cell, flag in known.items():
        text = labels.get(cell, cell)
        if flag is not None and not re.fullmatch(r"[01]", text):
            words[flag].append(text[:30])
    said = "; ".join(
        f"{', '.join(map(repr, texts))} as {'yes' if flag else 'no'}"
        for flag, texts in words.items()
        if texts
    )
    column_said = f"{column!r}: {said}." if said else ""
    return pd.Series([known[cell] for cell in cells], dtype="Int64"), column_said


def _flag(
    cell: str, label: str, given: Mapping[str, str], yes: set[str], no: set[str]
) -> int | None:
    text = (label or cell).casefold()
    if given:
        meant = given.get(plain(text)) or given.get(plain(cell))
        if meant in ("yes", "no", "missing"):
            return {"yes": 1, "no": 0, "missing": None}[meant]
    whole = _WHOLE.fullmatch(text)
    # "1-" or "|0" is a damaged cell, not a flag: only words are folded.
    text = whole[1] if whole else plain(text) if _WORDS.fullmatch(text) else text
    if text in YES or text in yes:
        return 1
    if text in NO or text in no:
        return 0
    return None


def _check_labels(
    grid: Grid, column: str, labels: Mapping[str, str], yes: set[str], no: set[str]
) -> None:
    """Refuse labels of the codes 0 and 1 that say the opposite of the code.

    Codes from 1 on (1 no, 2 yes, as Stata's encode makes them) are codes only: there the
    label alone speaks.
    """
    if not set(labels) <= {"0", "1"}:
        return
    for code, label in labels.items():
        meant = _flag(code, label, {}, yes, no)
        if meant is not None and meant != int(code):
            raise Unreadable(
                f"{grid.file}, column {column!r}: the code {code} has the label {label[:40]!r}, "
                "which says the opposite; recode the column, or write its labels as text."
            )


def days(
    grid: Grid, column: str, order: str = "", today: dt.date | None = None
) -> tuple[pd.Series, str]:
    """Read a column of days.

    Parameters
    ----------
    grid : Grid
    column : str
        Its name in the grid.
    order : {"", "day first", "month first"}
        How 1/2/2014 is read; empty: as the column shows it, and refused where it does not.
    today : date, optional
        The last day there can be; default: today.

    Returns
    -------
    days : Series of datetime64[ns], shape (n,)
    said : str
        How the days were read; empty for YYYY-MM-DD.

    Raises
    ------
    Unreadable
        If a cell is no day, two ways of writing are mixed, day and month cannot be told
        apart, or a day lies before 1900, after today or where a program's calendar begins.
    """
    cells = grid.column(column)
    last = (today or dt.date.today()).isoformat()
    form = next((f for f, r in _DAY_FORMS.items() if r.fullmatch(cells[0])), "iso")
    pattern = _DAY_FORMS[form]
    parts = []
    for place, cell in enumerate(cells):
        found = pattern.fullmatch(cell)
        if not found:
            raise Unreadable(f"{where(grid, place, column)}: {_no_day(cell, cells[0], place)}")
        parts.append(found.groups())
    _check_zeros(grid, column, parts)
    said = ""
    if form == "numbers":
        order = _order(grid, column, parts, order)
        said = f"{column!r}: days written {cells[0][:10]!r} read {order}."
    elif form != "iso":
        said = f"{column!r}: days written {cells[0][:20]!r}."
    texts = [_iso(form, order, part) for part in parts]
    out = pd.to_datetime(pd.Series(texts, dtype="object"), format="%Y-%m-%d", errors="coerce")
    gone = out.isna().to_numpy()
    if gone.any():
        place = int(gone.argmax())
        raise Unreadable(f"{where(grid, place, column)}: {_no_day(cells[place])}")
    for place, text in enumerate(texts):
        assert text is not None
        if text in _ZERO_DAYS:
            raise Unreadable(
                f"{where(grid, place, column)}: {cells[place]!r} is the day on which the calendar "
                f"of {_ZERO_DAYS[text]} begins and mostly stands for an empty cell; give the day, "
                "or leave the row out."
            )
        if text > last:
            raise Unreadable(
                f"{where(grid, place, column)}: {cells[place]!r} is after today ({last}); for a "
                "woman who is still held give the last day on which that is known."
            )
        if text < f"{_FIRST_YEAR}":
            raise Unreadable(
                f"{where(grid, place, column)}: {cells[place]!r} is before {_FIRST_YEAR}; correct "
                "the year."
            )
    return out.astype("datetime64[ns]"), said


def _check_zeros(grid: Grid, column: str, parts: Sequence[Sequence[str]]) -> None:
    """Refuse 2014-05-4 in a column that writes 2014-05-04: a digit may have been lost."""
    short = [any(len(x) == 1 and x.isdigit() for x in part) for part in parts]
    padded = any(len(x) == 2 and x[0] == "0" for part in parts for x in part)
    if padded and any(short):
        place = short.index(True)
        raise Unreadable(
            f"{where(grid, place, column)}: {_no_day(grid.column(column)[place])} Other rows "
            "write such a number with two digits."
        )


def _iso(form: str, order: str, part: Sequence[str]) -> str | None:
    if form in ("iso", "digits"):
        year, _, month, day = part
    elif form == "numbers":
        day, _, month, year = part
        if order == "month first":
            day, month = month, day
    else:
        day, name, year = (
            (part[0], part[2], part[3]) if form == "day name" else (part[2], part[0], part[3])
        )
        month = str(_MONTHS.get(name.casefold(), 0))
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return None
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _order(grid: Grid, column: str, parts: Sequence[Sequence[str]], order: str) -> str:
    first = next((n for n, part in enumerate(parts) if int(part[0]) > 12), None)
    second = next((n for n, part in enumerate(parts) if int(part[2]) > 12), None)
    if first is not None and second is not None:
        raise Unreadable(
            f"{grid.file}, column {column!r}: row {grid.rows[first]} writes the day first, row "
            f"{grid.rows[second]} the month; write all days YYYY-MM-DD."
        )
    shows = "day first" if first is not None else "month first" if second is not None else ""
    if not shows and not order:
        raise Unreadable(
            f"{grid.file}, column {column!r}: {'/'.join([parts[0][0], parts[0][2]])} may be day "
            "and month or month and day, and no row tells; expected a day that exists, written "
            "YYYY-MM-DD, or choose the order in the mapping."
        )
    if shows and order and shows != order:
        raise Unreadable(
            f"{grid.file}, column {column!r}: the mapping says {order}, but row "
            f"{grid.rows[first if first is not None else second or 0]} is written {shows}."
        )
    return shows or order


def _no_day(cell: str, top: str = "", place: int = 0) -> str:
    wanted = "expected a day that exists, written YYYY-MM-DD"
    if is_missing(cell):
        return f"{shown('')}, {wanted}."
    if re.fullmatch(r"\d{4}([mqwh]\d{1,2})?|\d{4}-\d{2}", cell):
        return f"{shown(cell)}, which names no day; {wanted}."
    if place and any(r.fullmatch(cell) for r in _DAY_FORMS.values()):
        return f"{shown(cell)}, but the rows above are written like {top[:20]!r}; {wanted}."
    if re.fullmatch(r"\d{5}(\.0+)?", cell):
        return f"{shown(cell)}, a spreadsheet's number for a day; {wanted}."
    return f"{shown(cell)}, {wanted}."
