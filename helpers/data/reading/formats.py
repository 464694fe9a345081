"""Excel, Stata, SPSS and R: cells as their program shows them, value labels beside them.

Kept libraries do the parsing: python-calamine (MIT) for workbooks, pyreadstat (Apache 2.0; the
ReadStat library) for Stata and SPSS, rdata (MIT) for R. They are imported when a file of their
kind is opened. A day is written YYYY-MM-DD; a Stata month stays a month (`2014m7`), so that
nothing below can take it for the first of the month.
"""

from __future__ import annotations

import bz2
import datetime as dt
import gzip
import io
import lzma
import math
import re
import warnings
import zipfile
from collections.abc import Callable, Mapping
from typing import Any, Final

from helpers.data.reading.grid import (
    MOST_MB,
    MOST_ROWS,
    Grid,
    Unreadable,
    structured,
    tidy,
    too_many_rows,
)

_UNPACKED_MB: Final = 4 * MOST_MB
_STATA_ZERO: Final = dt.datetime(1960, 1, 1)
_SPSS_ZERO: Final = dt.datetime(1582, 10, 14)
_R_ZERO: Final = dt.datetime(1970, 1, 1)
_R_NO_WHOLE: Final = -(2**31)
# How many row names a data frame has, in the binary form R saves by default: as numbers
# (stored as NA and minus their count) or as texts.
_R_ROWS: Final = re.compile(
    rb"row\.names\x00\x00\x00(?:\x0d\x00\x00\x00\x02\x80\x00\x00\x00(.{4})|[\x0d\x10](.{4}))",
    re.DOTALL,
)


def _broken(file: str, kind: str, error: Exception | None = None) -> Unreadable:
    first = (str(error).splitlines() or [""])[0][:80] if error else ""
    why = f" ({first})" if first else ""
    return Unreadable(f"{file} is not a {kind} that can be read{why}; save it anew, or as CSV.")


def workbook_grids(file: str, data: bytes, wanted: frozenset[str]) -> list[Grid]:
    """Return the tables in the sheets of an Excel or OpenDocument workbook."""
    if data.startswith(b"PK"):
        _check_zip(file, data)
    import python_calamine

    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        sheets = [
            (name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in book.sheet_names
        ]
    except python_calamine.PasswordError:
        raise Unreadable(f"{file} is locked by a password; save it without one.") from None
    except Exception as error:  # the parser raises many kinds for a malformed file
        raise _broken(file, "workbook", error) from None
    grids: list[Grid] = []
    problems: list[Unreadable] = []
    filled = [(name, rows) for name, rows in sheets if any(any(c != "" for c in r) for r in rows)]
    for name, rows in filled:
        said = [f"Sheet {name!r} of {len(filled)}."] if len(filled) > 1 else []
        try:
            records = [[_shown(cell) for cell in row] for row in rows]
            grids += structured(file, records, wanted, said, f"sheet {name!r}")
        except Unreadable as problem:
            problems.append(problem)
    if not grids:
        raise problems[0] if problems else Unreadable(f"{file} is empty.")
    return grids


def _check_zip(file: str, data: bytes) -> None:
    """Refuse a workbook that unpacks to too much, or says that it has too many rows."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(item.file_size for item in packed.infolist()) > _UNPACKED_MB * 1e6:
                raise Unreadable(
                    f"{file} unpacks to more than {_UNPACKED_MB} MB. Is it the right file?"
                )
            for item in packed.infolist():
                if re.match(r"xl/worksheets/[^/]+\.xml$", item.filename):
                    with packed.open(item) as sheet:
                        said = re.search(rb'<dimension ref="\w+:[A-Z]+(\d+)"', sheet.read(4000))
                    if said and int(said[1]) > MOST_ROWS + 100:
                        raise too_many_rows(file, int(said[1]))
    except Unreadable:
        raise
    except Exception as error:
        raise _broken(file, "workbook", error) from None


def _shown(cell: Any) -> str:
    """Return a cell of a workbook or of R as text."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, dt.datetime):
        return _moment(cell)
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, float):
        if math.isnan(cell):
            return ""
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return tidy(str(cell))


def _moment(moment: dt.datetime) -> str:
    if moment.time() == dt.time():
        return moment.date().isoformat()
    return moment.isoformat(sep=" ", timespec="seconds")


def stata_grids(file: str, data: bytes, wanted: frozenset[str]) -> list[Grid]:
    """Return the table of a Stata file, each value as Stata shows it, labels beside."""
    return _readstat(file, data, "Stata file", "read_dta", _stata)


def spss_grids(file: str, data: bytes, wanted: frozenset[str]) -> list[Grid]:
    """Return the table of an SPSS file, each value as SPSS shows it, labels beside."""
    return _readstat(file, data, "SPSS file", "read_sav", _spss)


def _readstat(
    file: str, data: bytes, kind: str, reader: str, shown: Callable[[Any, str], str]
) -> list[Grid]:
    import pyreadstat

    read = getattr(pyreadstat, reader)
    options: dict[str, Any] = {
        "disable_datetime_conversion": True,
        "apply_value_formats": False,
        "output_format": "dict",
    }
    try:
        _, about = read(io.BytesIO(data), metadataonly=True)
        if (about.number_rows or 0) > MOST_ROWS:
            raise too_many_rows(file, about.number_rows)
        columns, about = read(io.BytesIO(data), **options)
    except Unreadable:
        raise
    except Exception as error:
        raise _broken(file, kind, error) from None
    if len(columns) < len(about.column_names):
        twice = sorted({n for n in about.column_names if about.column_names.count(n) > 1})
        raise Unreadable(f"{file} has two columns called {twice[0]!r}; rename one.")
    formats = about.original_variable_types
    try:
        texts = {
            name: [shown(value, formats.get(name) or "") for value in values]
            for name, values in columns.items()
        }
    except (ValueError, OverflowError, TypeError) as error:
        raise _broken(file, kind, error) from None
    labels = {
        name: {_shown(code): tidy(str(label)) for code, label in of.items()}
        for name, of in about.variable_value_labels.items()
        if name in texts
    }
    return [_grid(file, texts, labels, (f"{kind[0].upper()}{kind[1:]}.",))]


def _stata(value: Any, style: str) -> str:
    if value is None or isinstance(value, str):
        return tidy(value or "")
    if value != value:
        return ""
    sort = re.match(r"%-?(t[cCdwmqhyb]|d)", style)
    if not sort or math.isinf(value):
        return _shown(value if isinstance(value, float) else float(value))
    whole, kind = int(value), sort[1]
    if kind in ("td", "d"):
        return _moment(_after(_STATA_ZERO, days=float(value)))
    if kind in ("tc", "tC"):
        return _moment(_after(_STATA_ZERO, milliseconds=float(value)))
    each = {"tw": (52, "w"), "tm": (12, "m"), "tq": (4, "q"), "th": (2, "h")}
    if kind in each:
        parts, name = each[kind]
        return f"{1960 + whole // parts}{name}{whole % parts + 1}"
    return str(whole)  # a year, or a day of a business calendar that only Stata knows


def _spss(value: Any, style: str) -> str:
    if value is None or isinstance(value, str):
        return tidy(value or "")
    if value != value:
        return ""
    style = style.upper()
    if re.match(r"(E|A|S|J)?DATE|YMDHMS", style):
        return _moment(_after(_SPSS_ZERO, seconds=float(value)))
    if re.match(r"(MOYR|QYR|WKYR)", style):
        moment = _after(_SPSS_ZERO, seconds=float(value))
        return {
            "M": f"{moment.year}m{moment.month}",
            "Q": f"{moment.year}q{(moment.month + 2) // 3}",
            "W": f"{moment.year}w{(moment.timetuple().tm_yday + 6) // 7}",
        }[style[0]]
    return _shown(float(value))


def _after(zero: dt.datetime, **span: float) -> dt.datetime:
    return zero + dt.timedelta(**span)


def _grid(
    file: str,
    texts: Mapping[str, list[str]],
    labels: Mapping[str, Mapping[str, str]],
    said: tuple[str, ...],
    how: str = "",
) -> Grid:
    if not texts or not next(iter(texts.values())):
        raise Unreadable(f"{file} has no rows.")
    cells = [list(row) for row in zip(*texts.values(), strict=True)]
    filled = [n for n, row in enumerate(cells) if any(row)]
    if len(filled) < len(cells):
        said = (*said, f"{len(cells) - len(filled)} rows without a filled cell: set aside.")
    rows = tuple(n + 1 for n in filled)
    return Grid(file, tuple(texts), [cells[n] for n in filled], rows, said, labels, how)


def r_grids(file: str, data: bytes, wanted: frozenset[str]) -> list[Grid]:
    """Return the data frames of an R file (`.rds`, `.RData`)."""
    from rdata import conversion, parser

    plain = _unpacked(file, data)
    for count in _R_ROWS.finditer(plain):  # before parsing, which takes long for many rows
        rows = abs(int.from_bytes(count[1] or count[2], "big", signed=True))
        if rows > MOST_ROWS:
            raise too_many_rows(file, rows)

    def days(values: Any, _: Any) -> list[str]:
        return ["" if v != v else _moment(_after(_R_ZERO, days=float(v))) for v in values]

    def moments(values: Any, _: Any) -> list[str]:
        return ["" if v != v else _moment(_after(_R_ZERO, seconds=float(v))) for v in values]

    classes = {**conversion.DEFAULT_CLASS_MAP, "data.frame": _frame, "Date": days}
    classes |= {"POSIXct": moments, "tbl_df": _frame, "tbl": _frame, "data.table": _frame}
    kind = ".rda" if plain.startswith((b"RDX", b"RDA")) else ".rds"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of classes it keeps as plain values
            parsed = parser.parse_data(plain, extension=kind)
            found = conversion.convert(parsed, constructor_dict=classes)
    except Unreadable:
        raise
    except Exception as error:  # the parser raises many kinds for a malformed file
        raise _broken(file, "file of R", error) from None
    tables = found if isinstance(found, dict) and not isinstance(found, _Frame) else {"": found}
    grids = []
    for name, table in tables.items():
        if isinstance(table, _Frame):
            said = (f"Data frame {name!r} of R." if name else "Data frame of R.",)
            grids.append(_grid(file, table, {}, said, f"data frame {name!r}" if name else ""))
    if not grids:
        raise Unreadable(f"{file} holds no data frame; save one with saveRDS(rows, 'rows.rds').")
    return grids


class _Frame(dict[str, list[str]]):
    """Columns of a data frame of R, as texts."""


def _frame(columns: Any, _: Any) -> _Frame:
    frame = _Frame()
    for name, values in dict(columns).items():
        if hasattr(values, "filled") and hasattr(values, "mask"):
            values = values.astype(object).filled(None)
        if len(values) > MOST_ROWS:
            raise too_many_rows("This file", len(values))
        frame[str(name)] = [_of_r(value) for value in values]
    return frame


def _of_r(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", errors="replace")
    if hasattr(value, "item"):
        value = value.item()
    if value == _R_NO_WHOLE:
        return ""
    return _shown(value)


def _unpacked(file: str, data: bytes) -> bytes:
    """Return what an R file holds, unpacked up to a limit."""
    openers: dict[bytes, Callable[[io.BytesIO], Any]] = {
        b"\x1f\x8b": gzip.open,
        b"BZh": bz2.open,
        b"\xfd7zXZ": lzma.open,
    }
    limit = int(_UNPACKED_MB * 1e6)
    try:
        for sign, opener in openers.items():
            if data.startswith(sign):
                data = opener(io.BytesIO(data)).read(limit + 1)
                break
    except (OSError, EOFError, lzma.LZMAError, ValueError) as error:
        raise _broken(file, "file of R", error) from None
    if len(data) > limit:
        raise Unreadable(f"{file} unpacks to more than {_UNPACKED_MB} MB. Is it the right file?")
    return data
