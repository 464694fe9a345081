"""The user's own file in the place of the synthetic cohort: read right or refused, never changed.

Whatever is wrong with a file is said in one sentence, and the synthetic cohort stands in,
so that a notebook runs on. A file that passes wears the badge "yours" from then on, and what
was decided in reading it is listed.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import pandas as pd

from helpers.calendar import LAUNCH, held_at_launch
from helpers.data.catalog import load_cohort
from helpers.data.reading import Grid, Source, Unreadable, only_reading
from helpers.data.reading.grid import letter, plain
from helpers.data.reading.meaning import ORDERS, days, flags, is_missing, where
from helpers.data.reading.places import NOT_GIVEN, REGIONS, countries, regions
from helpers.data.schemas import CONCERNS
from helpers.provenance.kinds import Provenance, mark
from helpers.words import listed

NEEDED: Final = ("freethe20", "released", "arrested", "left_prison")
DAYS: Final = ("arrested", "left_prison")
FLAGS: Final = ("freethe20", "released", "in_prison_2015", *CONCERNS)
OURS: Final = (*NEEDED, *CONCERNS, "in_prison_2015", "country", "region", "status")
# Other spellings seen in tables and scripts of this kind; a mapping covers the rest.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "freethe20": ("free_the_20", "free20", "f20", "ft20", "campaign", "treated"),
    "released": ("release", "is_released"),
    "arrested": ("arrest", "arrest_date", "date_arrested", "date_of_arrest"),
    "left_prison": ("release_date", "exit_date", "date_released", "date_of_release", "end_date"),
    "prisoner_of_conscience": ("poc",),
    "torture_concerns": ("torture", "torture_concern"),
    "death_penalty_concerns": ("death_penalty", "death_penalty_concern"),
    "legal_concerns": ("legal", "legal_concern"),
    "medical_concerns": ("medical", "medical_concern"),
    "in_prison_2015": ("in_prison", "prison_2015"),
}
# Words that say yes or no in these columns only, as `plain` writes them.
_WORDS: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "freethe20": (
        frozenset(
            {
                "in_campaign",
                "in_the_campaign",
                "campaign",
                "featured",
                "named",
                "treated",
                "freethe20",
            }
        ),
        frozenset(
            {
                "outside",
                "outside_the_campaign",
                "outside_campaign",
                "not_in_campaign",
                "not_in_the_campaign",
                "not_featured",
                "not_named",
                "control",
                "comparison",
            }
        ),
    ),
    "released": (
        frozenset({"released", "freed", "free"}),
        frozenset(
            {
                "still_held",
                "held",
                "not_released",
                "in_prison",
                "still_in_prison",
                "in_custody",
                "in_custody_when_last_confirmed",
                "died",
                "died_in_custody",
                "died_in_prison",
                "executed",
                "died_or_executed",
                "deceased",
                "dead",
            }
        ),
    ),
    "in_prison_2015": (
        frozenset({"in_prison", "held", "in_custody"}),
        frozenset({"not_in_prison", "not_held", "released", "free"}),
    ),
}
_DEATH: Final = frozenset(
    {
        "died",
        "died_in_custody",
        "died_in_prison",
        "executed",
        "died_or_executed",
        "deceased",
        "dead",
    }
)
RELEASED, HELD, DIED = "released", "in custody when last confirmed", "died or executed"
_STATUS: Final[Mapping[str, str]] = {
    **dict.fromkeys(_WORDS["released"][0], RELEASED),
    **dict.fromkeys(_WORDS["released"][1] - _DEATH, HELD),
    **dict.fromkeys(_DEATH, DIED),
}
_VERSION: Final = 1


@dataclass(frozen=True)
class Recipe:
    """How a file's columns are to be read, so that the same reading can be run again.

    Attributes
    ----------
    columns : mapping
        Our name of a column to theirs; an empty text leaves ours out.
    days : mapping
        Our name of a column of days to "day first" or "month first".
    values : mapping
        Our name of a column of yes and no to what each of its values means: a text to
        "yes", "no" or "missing".
    regions : mapping
        A spelling of a region to Africa, Asia, Middle East or Other.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """Return the recipe as it is saved."""
        content = {"what": "hrd recipe", "version": _VERSION, **asdict(self)}
        return json.dumps(content, ensure_ascii=False, indent=1)

    @classmethod
    def of_text(cls, text: str) -> Recipe:
        """Return the recipe that a saved text holds.

        Raises
        ------
        Unreadable
            If it is none.
        """
        try:
            said = json.loads(text)
            if said["what"] != "hrd recipe" or said["version"] != _VERSION:
                raise ValueError("another kind of file")
            parts = {name: said.get(name, {}) for name in ("columns", "days", "values", "regions")}
            values = parts.pop("values")
            fits = all(
                isinstance(part, dict)
                and all(isinstance(x, str) for pair in part.items() for x in pair)
                for part in (*parts.values(), *values.values())
            )
            if not fits:
                raise ValueError("its parts are no texts")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Unreadable(
                "The recipe cannot be read; map the columns anew and save it again."
            ) from None
        recipe = cls(values=values, **parts)
        recipe.check()
        return recipe

    def check(self) -> None:
        """Raise `Unreadable` where the recipe names what there is not."""
        for ours in (*self.columns, *self.days, *self.values):
            if ours not in OURS:
                raise Unreadable(f"There is no column of ours called {ours!r}; see names=.")
        wrong = [order for order in self.days.values() if order not in ("", *ORDERS)]
        wrong += [place for place in self.regions.values() if place not in ("", *REGIONS)]
        if wrong:
            raise Unreadable(f"The recipe says {wrong[0]!r}, which means nothing here.")


@dataclass(frozen=True)
class Report:
    """What became of a file.

    Attributes
    ----------
    file : str
        Its name.
    summary : str
        Rows read, rows in the campaign.
    decisions : tuple of str
        What was decided in reading, a sentence each.
    """

    file: str
    summary: str
    decisions: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join([self.summary, *self.decisions])


def cohort_or_own(
    path: str | Path = "",
    names: Mapping[str, str] | None = None,
    recipe: Recipe | None = None,
) -> tuple[pd.DataFrame, str]:
    """Return your own table of women, or the synthetic cohort when there is none.

    Parameters
    ----------
    path : str or Path
        A text file (`.csv`, `.tsv`, `.tab`, `.txt`), workbook (`.xlsx`, `.xls`, `.ods`) or file
        of Stata, SPSS or R (`.dta`, `.sav`, `.rds`, `.RData`) with one row a woman and at least
        `freethe20`, `released` (0/1), `arrested` and `left_prison` (a day: the exit, or the
        last day she is known to be held). Empty: the synthetic cohort.
    names : mapping, optional
        Our name of a column to yours, for example `{"freethe20": "featured"}`.
    recipe : Recipe, optional
        The whole mapping; `names` goes before its columns.

    Returns
    -------
    cohort : DataFrame
        The columns of `load_cohort()`, marked as yours or as synthetic. Covariates that your
        file lacks are missing throughout, a lacking region is "not given".
    said : str
        What was read and what was decided, or what is wrong with the file and what to do.
    """
    if isinstance(path, str) and not path.strip():
        cohort = load_cohort()
        return cohort, f"Synthetic cohort: {len(cohort)} invented rows. No file of yours is in use."
    recipe = recipe or Recipe()
    if names:
        recipe = Recipe({**recipe.columns, **names}, recipe.days, recipe.values, recipe.regions)
    try:
        frame, report = own_rows(Source.of_path(path), recipe)
    except Unreadable as problem:
        return load_cohort(), f"{problem} The synthetic cohort is shown instead."
    return frame, str(report)


def own_rows(
    source: Source, recipe: Recipe | None = None, today: dt.date | None = None
) -> tuple[pd.DataFrame, Report]:
    """Return the rows of a file as a cohort, and what was decided on the way.

    Parameters
    ----------
    source : Source
    recipe : Recipe, optional
        How its columns are to be read; what it leaves out is found by name.
    today : date, optional
        The last day there can be; default: today.

    Raises
    ------
    Unreadable
        If the file, or the recipe, cannot be used; one sentence says why.
    """
    recipe = recipe or Recipe()
    recipe.check()
    grid, (frame, said) = only_reading(
        source, wanted_names(recipe), lambda grid: _rows(grid, recipe, today)
    )
    count = int(frame["freethe20"].sum())
    summary = f"{source.name}: {len(frame)} rows of yours, {count} of them in the campaign."
    return mark(frame, Provenance.YOURS), Report(source.name, summary, (*grid.decisions, *said))


def wanted_names(recipe: Recipe | None = None) -> frozenset[str]:
    """Return the column names that tell a header, as `plain` gives them."""
    known = {*OURS, *(alias for aliases in ALIASES.values() for alias in aliases)}
    return frozenset(known | {plain(name) for name in (recipe.columns.values() if recipe else ())})


def _rows(grid: Grid, recipe: Recipe, today: dt.date | None) -> tuple[pd.DataFrame, list[str]]:
    columns = match(grid, recipe)
    said = [_used(grid, columns)]
    out = pd.DataFrame({"id": range(1, len(grid.rows) + 1)})
    for name in NEEDED[:2]:
        out[name] = _flag(grid, columns, name, recipe, said).astype("int64")
    for name in DAYS:
        out[name], note = days(grid, columns[name], recipe.days.get(name, ""), today)
        said.append(note)
    wrong = (out["left_prison"] <= out["arrested"]).to_numpy()
    if wrong.any():
        raise Unreadable(
            f"{grid.file}, row {grid.rows[int(wrong.argmax())]}: {columns['left_prison']!r} is not "
            f"after {columns['arrested']!r}; correct the dates or leave the row out."
        )
    out["in_prison_2015"] = held_at_launch(out["arrested"], out["left_prison"]).astype("int64")
    if "in_prison_2015" in columns:
        told = _flag(grid, columns, "in_prison_2015", recipe, said)
        said.append(_against_dates(grid, columns["in_prison_2015"], told, out["in_prison_2015"]))
    for name in CONCERNS:
        if name in columns:
            out[name] = _flag(grid, columns, name, recipe, said, empty=True)
        else:
            out[name] = pd.array([pd.NA] * len(out), dtype="Int64")
    for name in ("country", "region"):
        out[name] = NOT_GIVEN
    if "country" in columns:
        out["country"], notes = countries(grid, columns["country"])
        said += notes
    if "region" in columns:
        out["region"], notes = regions(grid, columns["region"], recipe.regions)
        said += notes
    out["status"], note = _status(grid, columns, out["released"])
    said.append(note)
    absent = [name for name in CONCERNS if name not in columns]
    if absent:
        said.append(f"It lacks {', '.join(absent)}; models with them cannot be fitted.")
    said.append(_doubled(grid))
    if out["freethe20"].nunique() < 2:
        raise Unreadable(
            f"{grid.file}: {columns['freethe20']!r} is the same in every row, so there is no "
            "group to compare; it needs 1 for women in the campaign and 0 for the others."
        )
    frame = out[list(load_cohort().columns)]
    if frame[["freethe20", "released", *DAYS]].isna().to_numpy().any():
        raise Unreadable(f"{grid.file} was not read whole; please report this file.")
    return frame, [note for note in said if note]


def match(grid: Grid, recipe: Recipe) -> dict[str, str]:
    """Return our column names to theirs: by the recipe, else by our name, else by an alias.

    Raises
    ------
    Unreadable
        If a needed column is not there, two could be it, or one is taken for two.
    """
    by_plain: dict[str, list[str]] = {}
    for name in grid.names:
        by_plain.setdefault(plain(name.partition(" (column ")[0]), []).append(name)
    found: dict[str, str] = {}
    for ours in OURS:
        if ours in recipe.columns:
            theirs = recipe.columns[ours]
            if not theirs:
                continue
            if theirs not in grid.names:
                raise Unreadable(f"{grid.file} has no column {theirs!r}, named for {ours!r}.")
            found[ours] = theirs
    for ours in OURS:
        if ours in recipe.columns:
            continue
        free = [name for name in by_plain.get(ours, []) if name not in found.values()]
        if not free:
            spelled = [n for alias in ALIASES.get(ours, ()) for n in by_plain.get(alias, [])]
            free = [name for name in spelled if name not in found.values()]
        if len(free) > 1:
            raise Unreadable(
                f"{grid.file}: both {_column(grid, free[0])} and {_column(grid, free[1])} can be "
                f"{ours!r}; rename one, or choose in the mapping."
            )
        if free:
            found[ours] = free[0]
    for ours, theirs in found.items():
        other = next(name for name in found if found[name] == theirs)
        if other != ours:
            raise Unreadable(
                f"{grid.file}: the column {theirs!r} is taken for {other!r} and for {ours!r}; "
                "choose one."
            )
    missing = [ours for ours in NEEDED if ours not in found]
    if missing:
        raise Unreadable(
            f"{grid.file} lacks the column {missing[0]!r} (it has: {', '.join(grid.names[:12])}); "
            "rename yours, or choose one for it in the mapping."
        )
    return found


def _column(grid: Grid, name: str) -> str:
    if " (column " in name:
        return repr(name)
    return f"{name!r} (column {letter(grid.names.index(name))})"


def _used(grid: Grid, columns: Mapping[str, str]) -> str:
    other = [f"{ours} from {theirs!r}" for ours, theirs in columns.items() if ours != theirs]
    used = [ours for ours, theirs in columns.items() if ours == theirs]
    ignored = [name for name in grid.names if name not in columns.values()]
    said = f"Columns: {', '.join([*other, *used])}."
    if ignored:
        more = f" and {len(ignored) - 8} more" if len(ignored) > 8 else ""
        said += f" Not used: {', '.join(ignored[:8])}{more}."
    return said


def _flag(
    grid: Grid,
    columns: Mapping[str, str],
    name: str,
    recipe: Recipe,
    said: list[str],
    empty: bool = False,
) -> pd.Series:
    yes, no = _WORDS.get(name, (frozenset(), frozenset()))
    read, note = flags(grid, columns[name], yes, no, empty, recipe.values.get(name))
    said.append(note)
    return read


def _status(grid: Grid, columns: Mapping[str, str], released: pd.Series) -> tuple[list[str], str]:
    """Return how each woman's time ended; death is an end of its own, and no release."""
    ends = [RELEASED if flag else HELD for flag in released]
    labels = grid.labels.get(columns["released"], {})
    for place, cell in enumerate(grid.column(columns["released"])):
        if plain(labels.get(cell, cell)) in _DEATH:
            ends[place] = DIED
    note = ""
    if "status" in columns:
        labels = grid.labels.get(columns["status"], {})
        cells = [labels.get(cell, cell) for cell in grid.column(columns["status"])]
        read = [_STATUS.get(plain(cell), "") for cell in cells]
        if not all(end or is_missing(cell) for end, cell in zip(read, cells, strict=True)):
            odd = next(c for e, c in zip(read, cells, strict=True) if not e and not is_missing(c))
            note = f"{columns['status']!r} is not used: {odd[:40]!r} is no end that is known here."
        else:
            for place, end in enumerate(read):
                if end and (end == RELEASED) != bool(released.iat[place]):
                    raise Unreadable(
                        f"{where(grid, place, columns['status'])}: found {cells[place][:40]!r}, "
                        f"while {columns['released']!r} says the opposite; correct one of them."
                    )
                ends[place] = end or ends[place]
    deaths = ends.count(DIED)
    if deaths:
        note += f" {deaths} died or were executed: ends of their own, no releases."
    return ends, note.strip()


def _doubled(grid: Grid) -> str:
    """Name rows that repeat another one cell for cell."""
    first: dict[tuple[str, ...], int] = {}
    pairs = []
    for number, cells in zip(grid.rows, grid.cells, strict=True):
        key = tuple(cells)
        if key in first:
            pairs.append((number, first[key]))
        else:
            first[key] = number
    if not pairs:
        return ""
    again, before = (listed(numbers, 6) for numbers in zip(*pairs, strict=True))
    rows, repeat = ("row", "repeats") if len(pairs) == 1 else ("rows", "repeat")
    return (
        f"{rows.capitalize()} {again} {repeat} {rows} {before} cell for cell; all are kept: leave "
        "out what is there twice."
    )


def _against_dates(grid: Grid, column: str, told: pd.Series, held: pd.Series) -> str:
    """Return a sentence on the rows whose flag and dates disagree on who was held."""
    rows = [grid.rows[place] for place in held.index[(told != held).fillna(True)]]
    if not rows:
        return ""
    return (
        f"In row{'' if len(rows) == 1 else 's'} {listed(rows, 12)} {column!r} does not follow from "
        f"the dates of arrest and exit; who was in prison on {LAUNCH.day} {LAUNCH:%B %Y} is taken "
        "from the dates."
    )


@dataclass(frozen=True)
class Question:
    """What a reader may be asked about a file: which order of a day, what a spelling means.

    Attributes
    ----------
    of : {"days", "values", "regions"}
        The part of a recipe that the answer goes to.
    key : str
        Our name of the column.
    spelling : str
        What is asked about; empty for days.
    label : str
        The question in words.
    options : tuple of (str, str)
        Text shown and value kept of each answer.
    value : str
        The answer so far.
    """

    of: str
    key: str
    spelling: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str


def guessed(grid: Grid, recipe: Recipe) -> dict[str, str]:
    """Return our columns to theirs as far as names tell, needed ones may lack."""
    found = {ours: theirs for ours, theirs in recipe.columns.items() if theirs in grid.names}
    for ours in OURS:
        if ours not in recipe.columns:
            names = (ours, *ALIASES.get(ours, ()))
            own = [n for name in names for n in grid.names if plain(n) == name]
            own = [name for name in own if name not in found.values()]
            if own:
                found[ours] = own[0]
    return found


def questions(grid: Grid, recipe: Recipe, most: int = 6) -> list[Question]:
    """Return what cannot be told from the file and may be asked, a few spellings a column.

    A column with many unknown spellings is not asked about: it is the wrong column.
    """
    asked = []
    for ours, theirs in guessed(grid, recipe).items():
        if ours in DAYS and not _fits(partial(days, grid, theirs)):
            orders = (("as the column shows", ""), *((o, o) for o in ORDERS))
            if any(_fits(partial(days, grid, theirs, order)) for order in ORDERS):
                value = recipe.days.get(ours, "")
                asked.append(Question("days", ours, "", f"{theirs}: day order", orders, value))
        if ours in FLAGS or ours == "region":
            told = recipe.values.get(ours, {}) if ours in FLAGS else recipe.regions
            unknown = list(told) or _unknown(grid, ours, theirs)
            if len(unknown) > most:
                continue
            answers = ("yes", "no", "missing") if ours in FLAGS else REGIONS
            options = (("(choose)", ""), *((answer, answer) for answer in answers))
            of = "values" if ours in FLAGS else "regions"
            for spelling in dict.fromkeys([*unknown, *_unknown(grid, ours, theirs)]):
                label = f"{theirs}: {spelling[:24]!r}"
                asked.append(Question(of, ours, spelling, label, options, told.get(spelling, "")))
    return asked


def _fits(read: Callable[[], object]) -> bool:
    try:
        read()
    except Unreadable:
        return False
    return True


def _unknown(grid: Grid, ours: str, theirs: str) -> list[str]:
    """Return the spellings of a column that mean nothing by themselves."""
    labels = grid.labels.get(theirs, {})
    unknown = []
    for cell in dict.fromkeys(grid.column(theirs)):
        one = Grid(grid.file, (theirs,), [[cell]], (1,), labels={theirs: labels})
        yes, no = _WORDS.get(ours, (frozenset(), frozenset()))
        read: Callable[[], object] = (
            partial(regions, one, theirs)
            if ours == "region"
            else partial(flags, one, theirs, yes, no, empty=True)
        )
        good = _fits(read)
        if not good:
            unknown.append(cell)
        if len(unknown) > 50:
            break
    return unknown
