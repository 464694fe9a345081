"""The user's own file in the place of the synthetic cohort: read, checked, never changed.

Whatever is wrong with a file is said in one sentence, and the synthetic cohort stands in,
so that a notebook runs on. A file that passes wears the badge "yours" from then on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from helpers.calendar import LAUNCH, held_at_launch
from helpers.data.catalog import load_cohort
from helpers.provenance.kinds import Provenance, mark
from helpers.words import listed

NEEDED: Final = ("freethe20", "released", "arrested", "left_prison")
CONCERNS: Final = (
    "prisoner_of_conscience",
    "torture_concerns",
    "death_penalty_concerns",
    "legal_concerns",
    "medical_concerns",
)
# Other spellings seen in tables and scripts of this kind; `names` covers the rest.
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
_FLAGS: Final = {"1": 1, "1.0": 1, "yes": 1, "true": 1, "0": 0, "0.0": 0, "no": 0, "false": 0}
_MISSING: Final = {"", "na", "n/a", "nan", ".", "nat", "<na>"}
_LARGEST_MB: Final = 50


class UploadError(ValueError):
    """A file that cannot be used; the sentence says what is wrong and what to do."""


def cohort_or_own(
    path: str | Path = "", names: Mapping[str, str] | None = None
) -> tuple[pd.DataFrame, str]:
    """Return your own table of women, or the synthetic cohort when there is none.

    Parameters
    ----------
    path : str or Path
        A CSV, tab-separated (`.tab`, `.tsv`) or Stata (`.dta`) file with one row a woman and
        at least `freethe20`, `released` (0/1), `arrested` and `left_prison` (YYYY-MM-DD; the
        exit, or the last day she is known to be held). Empty: the synthetic cohort.
    names : mapping, optional
        Our name of a column to yours, for example `{"freethe20": "featured"}`.

    Returns
    -------
    cohort : DataFrame
        The columns of `load_cohort()`, marked as yours or as synthetic. Covariates that your
        file lacks are missing throughout, a lacking region is "not given".
    said : str
        One or two sentences: what was read, or what is wrong with the file and what to do.
    """
    if not str(path).strip():
        cohort = load_cohort()
        return cohort, f"Synthetic cohort: {len(cohort)} invented rows. No file of yours is in use."
    file = Path(path).expanduser()
    try:
        frame, notes = _read(file, dict(names or {}))
    except UploadError as problem:
        return load_cohort(), f"{problem} The synthetic cohort is shown instead."
    count = int(frame["freethe20"].sum())
    text = f"{file.name}: {len(frame)} rows of yours, {count} of them in the campaign."
    return mark(frame, Provenance.YOURS), " ".join([text, *notes])


def _read(file: Path, names: dict[str, str]) -> tuple[pd.DataFrame, list[str]]:
    raw = _raw(file)
    columns = _match(raw, names, file.name)
    out = pd.DataFrame({"id": range(1, len(raw) + 1)})
    for name in ("freethe20", "released"):
        out[name] = _flags(raw[columns[name]], columns[name], file.name).astype("int64")
    for name in ("arrested", "left_prison"):
        out[name] = _days(raw[columns[name]], columns[name], file.name)
    wrong = out["left_prison"] <= out["arrested"]
    if wrong.any():
        row = int(wrong.idxmax())
        raise UploadError(
            f"{file.name}, row {row + 2}: {columns['left_prison']!r} is not after "
            f"{columns['arrested']!r}; correct the dates or leave the row out."
        )
    out["in_prison_2015"] = held_at_launch(out["arrested"], out["left_prison"]).astype("int64")
    notes = []
    given = columns.get("in_prison_2015")
    if given:
        told = _flags(raw[given], given, file.name)
        notes += _against_dates(given, told, out["in_prison_2015"])
    absent = [name for name in CONCERNS if name not in columns]
    for name in CONCERNS:
        if name in columns:
            out[name] = _flags(raw[columns[name]], columns[name], file.name, empty=True)
        else:
            out[name] = pd.array([pd.NA] * len(raw), dtype="Int64")
    for name in ("country", "region"):
        texts = raw[columns[name]].str.strip() if name in columns else pd.Series([""] * len(raw))
        out[name] = texts.where(texts != "", "not given").to_numpy()
    out["status"] = out["released"].map({1: "released", 0: "in custody when last confirmed"})
    if absent:
        notes.append(f"It lacks {', '.join(absent)}; models with them cannot be fitted.")
    ignored = [name for name in raw.columns if name not in columns.values()]
    if ignored:
        notes.append(f"Not used: {', '.join(map(str, ignored[:8]))}.")
    if out["freethe20"].nunique() < 2:
        raise UploadError(
            f"{file.name}: {columns['freethe20']!r} is the same in every row, so there is no "
            "group to compare; it needs 1 for women in the campaign and 0 for the others."
        )
    return out[list(load_cohort().columns)], notes


def _raw(file: Path) -> pd.DataFrame:
    """Return the cells of a file as text, missing ones empty."""
    try:
        size = file.stat().st_size / 1e6
    except OSError:
        raise UploadError(f"There is no file {str(file)!r}; check its folder and name.") from None
    if file.is_dir():
        raise UploadError(f"{file.name} is a folder; give the file in it.")
    if size > _LARGEST_MB:
        raise UploadError(
            f"{file.name} has {size:.0f} MB, too much for one row a woman "
            f"(at most {_LARGEST_MB}); is it the right file?"
        )
    kind = file.suffix.lower()
    if kind not in {".csv", ".tab", ".tsv", ".txt", ".dta"}:
        raise UploadError(
            f"{file.name}: files of the kind {kind or 'without an ending'} cannot be read; save it "
            "as CSV (in R: write.csv(rows, 'rows.csv', row.names = FALSE))."
        )
    try:
        if kind == ".dta":
            table = pd.read_stata(file, convert_categoricals=False)
        else:
            separator = "\t" if kind in {".tab", ".tsv"} else None
            table = pd.read_csv(
                file,
                sep=separator,
                engine="python",
                dtype=str,
                keep_default_na=False,
                encoding="utf-8-sig",
            )
    except UnicodeDecodeError:
        raise UploadError(f"{file.name} is not text in UTF-8; save it as 'CSV UTF-8'.") from None
    except Exception as error:  # parsers raise many kinds for a malformed file
        first = (str(error).splitlines() or [type(error).__name__])[0]
        raise UploadError(f"{file.name} is not a table that can be read ({first[:120]}).") from None
    if table.empty:
        raise UploadError(f"{file.name} has no rows under its header.")
    return pd.DataFrame({str(name): _texts(table[name]) for name in table.columns})


def _texts(column: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(column):
        return column.dt.strftime("%Y-%m-%d").fillna("")
    texts = column.astype("object").map(lambda x: "" if pd.isna(x) else str(x).strip())
    return texts.map(lambda x: "" if x.lower() in _MISSING else x)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _match(raw: pd.DataFrame, names: dict[str, str], file: str) -> dict[str, str]:
    """Return our column names to theirs."""
    plain = {_plain(name): name for name in raw.columns}
    found: dict[str, str] = {}
    for ours in (*NEEDED, *CONCERNS, "in_prison_2015", "country", "region"):
        if ours in names:
            if names[ours] not in raw.columns:
                raise UploadError(f"{file} has no column {names[ours]!r}, named for {ours!r}.")
            found[ours] = names[ours]
            continue
        for spelling in (ours, *ALIASES.get(ours, ())):
            if spelling in plain and plain[spelling] not in found.values():
                found[ours] = plain[spelling]
                break
    unknown = [ours for ours in names if ours not in found]
    if unknown:
        raise UploadError(f"There is no column of ours called {unknown[0]!r}; see names=.")
    missing = [ours for ours in NEEDED if ours not in found]
    if missing:
        raise UploadError(
            f"{file} lacks the column {missing[0]!r} (it has: {', '.join(raw.columns[:12])}); "
            f'rename yours, or say names={{"{missing[0]}": "your column"}}.'
        )
    return found


def _flags(texts: pd.Series, column: str, file: str, empty: bool = False) -> pd.Series:
    known = texts.str.lower().map(_FLAGS).astype("Int64")
    wrong = known.isna() & ((texts != "") | (not empty))
    if wrong.any():
        row = int(wrong.idxmax())
        raise UploadError(
            f"{file}, row {row + 2}, column {column!r}: {_shown(texts[row])}, expected 0 or 1."
        )
    return known


def _days(texts: pd.Series, column: str, file: str) -> pd.Series:
    iso = texts.str.fullmatch(r"\d{4}-\d{2}-\d{2}( 00:00:00)?")
    days = pd.to_datetime(texts.str[:10].where(iso), format="%Y-%m-%d", errors="coerce")
    wrong = days.isna() | (days.dt.year < 1900) | (days.dt.year > 2100)
    if wrong.any():
        row = int(wrong.idxmax())
        raise UploadError(
            f"{file}, row {row + 2}, column {column!r}: {_shown(texts[row])}, expected a day that "
            "exists, written YYYY-MM-DD."
        )
    return days


def _against_dates(column: str, told: pd.Series, held: pd.Series) -> list[str]:
    """Return a sentence on the rows whose flag and dates disagree on who was held."""
    rows = [row + 2 for row in held.index[(told != held).fillna(True)]]
    if not rows:
        return []
    one = len(rows) == 1
    return [
        f"In row{'' if one else 's'} {listed(rows, 12)} {column!r} does not follow from the dates "
        f"of arrest and exit; who was in prison on {LAUNCH.day} {LAUNCH:%B %Y} is taken from the "
        "dates."
    ]


def _shown(text: str) -> str:
    return f"found {text[:40]!r}" if text else "the cell is empty"
