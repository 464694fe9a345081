"""From a path or an uploaded file to its one right reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from helpers.data.reading.formats import r_grids, spss_grids, stata_grids, workbook_grids
from helpers.data.reading.grid import MOST_MB, Grid, Unreadable, hits
from helpers.data.reading.text import text_grids

T = TypeVar("T")
_READERS: Final[dict[str, Callable[[str, bytes, frozenset[str]], list[Grid]]]] = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".txt"), text_grids),
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".ods"), workbook_grids),
    **dict.fromkeys((".rds", ".rdata", ".rda"), r_grids),
    ".dta": stata_grids,
    ".sav": spss_grids,
}
KINDS: Final = tuple(_READERS)
_QUOTES: Final = "\"'“”„‘’«»"


@dataclass(frozen=True)
class Source:
    """A file's name and bytes, wherever they came from."""

    name: str
    data: bytes

    @classmethod
    def of_path(cls, path: str | Path) -> Source:
        """Read a file; a path may be pasted with quotation marks and backslashes.

        Raises
        ------
        Unreadable
            If there is no such file, or it is too large.
        """
        file = as_path(path)
        try:
            folder, size = file.is_dir(), file.stat().st_size
        except (OSError, ValueError):
            raise Unreadable(f"There is no file '{file}'; check its folder and name.") from None
        if folder:
            raise Unreadable(f"{file.name or file} is a folder; give the file in it.")
        _check_kind(file.name)
        _check_size(file.name, size)
        try:
            return cls(file.name, file.read_bytes())
        except PermissionError:
            raise Unreadable(
                f"{file.name} may not be read; if it is open in Excel, close it there."
            ) from None
        except OSError as error:
            raise Unreadable(f"{file.name} cannot be read ({error.strerror or error}).") from None


def as_path(path: str | Path) -> Path:
    """Return the path that a person meant who pasted one.

    Raises
    ------
    Unreadable
        If it is no text, or holds signs that only a backslash in a string makes.
    """
    if not isinstance(path, str | Path):
        raise Unreadable(f"A path is a text, as 'C:/data/women.csv'; {path!r} is none.")
    text = str(path).strip().strip(_QUOTES).strip()
    odd = next((sign for sign in text if ord(sign) < 32 or 0xD800 <= ord(sign) <= 0xDFFF), "")
    if odd:
        raise Unreadable(
            f"The path holds {odd!r}, which a backslash in a text makes; put an r before the text, "
            'as in r"D:\\table\\new.csv", or write / for each backslash.'
        )
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise Unreadable(
            f"There is no folder {text.split('/')[0]!r}; write the path out."
        ) from None


def _check_kind(name: str) -> None:
    kind = Path(name).suffix.lower()
    if kind not in _READERS:
        raise Unreadable(
            f"{name}: files of the kind {kind or 'without an ending'} cannot be read; save it "
            "as CSV (in R: write.csv(rows, 'rows.csv', row.names = FALSE))."
        )


def _check_size(name: str, size: int) -> None:
    if size > MOST_MB * 1e6:
        raise Unreadable(
            f"{name} has {size / 1e6:.0f} MB; at most {MOST_MB} are read. Is it the right file?"
        )


def readings(source: Source, wanted: frozenset[str]) -> list[Grid]:
    """Return every way in which a file is a table.

    Parameters
    ----------
    source : Source
    wanted : frozenset of str
        Column names looked for, as `grid.plain` gives them.

    Raises
    ------
    Unreadable
        If it is none.
    """
    _check_kind(source.name)
    _check_size(source.name, len(source.data))
    if not source.data:
        raise Unreadable(f"{source.name} is empty.")
    return _READERS[Path(source.name).suffix.lower()](source.name, source.data, wanted)


def look(source: Source, wanted: frozenset[str]) -> Grid:
    """Return the reading with the most of the wanted names, to be shown, not to be used."""
    return max(readings(source, wanted), key=lambda grid: hits(grid.names, wanted))


def only_reading(
    source: Source, wanted: frozenset[str], meaning: Callable[[Grid], T]
) -> tuple[Grid, T]:
    """Return the one reading of a file that makes sense, and the sense.

    Parameters
    ----------
    source : Source
    wanted : frozenset of str
        Column names looked for, as `grid.plain` gives them.
    meaning : callable
        Takes a grid, returns what it means or raises `Unreadable`.

    Raises
    ------
    Unreadable
        If no reading makes sense (the sentence is that of the likeliest one), or if two do.
    """
    grids = sorted(readings(source, wanted), key=lambda grid: -hits(grid.names, wanted))
    good: list[tuple[Grid, T]] = []
    problems: list[Unreadable] = []
    for grid in grids:
        try:
            good.append((grid, meaning(grid)))
        except Unreadable as problem:
            problems.append(problem)
    if not good:
        raise problems[0]
    if len(good) > 1:
        ways = " or ".join(f"with {grid.how}" for grid, _ in good)
        raise Unreadable(
            f"{source.name} can be read in more than one way, {ways}; save it so that only one is "
            "left, for example with a name above each column."
        )
    return good[0]
