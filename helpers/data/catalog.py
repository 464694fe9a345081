"""Loaders: each returns a checked table that says what kind of data it holds."""

from __future__ import annotations

import functools
import io
import re
from pathlib import Path

import pandas as pd

from helpers.data.schemas import TABLES, Table
from helpers.provenance.kinds import Provenance, carry, mark
from helpers.provenance.shown import ShownTable
from helpers.store.student_set import StudentSet, find_set

DATA = Path(__file__).resolve().parents[2] / "data"


class DataError(ValueError):
    """A data file that cannot be used: one sentence naming file, row, column, expectation."""


def read_table(file: str, folder: Path = DATA) -> pd.DataFrame:
    """Return one table, checked against its schema and marked with its provenance.

    Parameters
    ----------
    file : str
        Its name in the data folder, as `women/women.csv`.
    folder : Path
        The data folder.

    Raises
    ------
    DataError
        If the file is missing, is not a table, or a cell is not as the codebook says.
    """
    table = TABLES[file]
    text = _text(folder / file, file)
    raw = _parse(text, file)
    _check_columns(raw, table)
    _check_cells(raw, table)
    _check_key(raw, table)
    return mark(_typed(raw, table), table.provenance)


def _text(path: Path, file: str) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise DataError(
            f"{file} is not in the data folder; restore it from the project's download."
        ) from None
    except UnicodeDecodeError:
        raise DataError(f"{file} is not text in UTF-8; save it as 'CSV UTF-8'.") from None
    except OSError as error:
        raise DataError(f"{file} cannot be read ({error.strerror or error}).") from None


def _parse(text: str, file: str) -> pd.DataFrame:
    try:
        raw = pd.read_csv(
            io.StringIO(text), dtype=str, keep_default_na=False, header=None, skip_blank_lines=False
        )
    except pd.errors.EmptyDataError:
        raise DataError(f"{file} is empty; restore it from the project's download.") from None
    except (pd.errors.ParserError, ValueError) as error:
        line = re.search(r"line (\d+)", str(error))
        where = f", row {line[1]}" if line else ""
        raise DataError(
            f"{file}{where}: the line does not split into the columns of the header; check its "
            "commas and quotation marks."
        ) from None
    names = raw.iloc[0].fillna("").astype(str).tolist()
    raw = raw.iloc[1:].fillna("").reset_index(drop=True)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DataError(f"{file}, row 1: the column {twice[0]!r} is there twice; remove one.")
    return raw.set_axis(names, axis=1)


def _check_columns(raw: pd.DataFrame, table: Table) -> None:
    missing = [name for name in table.fields if name not in raw.columns]
    extra = [name for name in raw.columns if name not in table.fields]
    if missing:
        hint = f" (there is an unknown column {extra[0]!r})" if extra else ""
        raise DataError(f"{table.file}, row 1: the column {missing[0]!r} is missing{hint}.")
    if extra:
        raise DataError(
            f"{table.file}, row 1: the column {extra[0]!r} is not in the codebook; remove it."
        )
    if raw.empty:
        raise DataError(f"{table.file} has no rows under its header; restore the file.")


def _check_cells(raw: pd.DataFrame, table: Table) -> None:
    wrong = pd.DataFrame({name: field.wrong(raw[name]) for name, field in table.fields.items()})
    if not wrong.to_numpy().any():
        return
    row = int(wrong.any(axis=1).idxmax())
    column = str(wrong.loc[row].idxmax())
    value = raw.at[row, column]
    found = f"found {value!r}" if value else "the cell is empty"
    raise DataError(
        f"{table.file}, row {row + 2}, column {column!r}: {found}, "
        f"expected {table.fields[column].expected}."
    )


def _check_key(raw: pd.DataFrame, table: Table) -> None:
    again = raw.duplicated(list(table.key))
    if again.any():
        row = int(again.idxmax())
        value = " / ".join(raw.loc[row, list(table.key)])
        raise DataError(
            f"{table.file}, row {row + 2}, column {table.key[0]!r}: {value!r} is there before; "
            "each row needs a key of its own."
        )


def _typed(raw: pd.DataFrame, table: Table) -> pd.DataFrame:
    out = {}
    for name, field in table.fields.items():
        cells = raw[name]
        if field.kind == "day":
            out[name] = pd.to_datetime(cells.where(cells != ""), format="%Y-%m-%d")
        elif field.kind in ("whole", "flag"):
            whole = pd.to_numeric(cells.where(cells != "")).astype("Int64")
            out[name] = whole if field.empty else whole.astype("int64")
        elif field.kind == "number":
            out[name] = pd.to_numeric(cells.where(cells != "")).astype("float64")
        else:
            out[name] = cells
    return pd.DataFrame(out)


@functools.cache
def _kept(file: str) -> pd.DataFrame:
    frame = read_table(file)
    for column, target in (TABLES[file].refers or {}).items():
        known = set(_kept(target)[column])
        bad = ~frame[column].isin(known) & (frame[column] != "")
        if bad.any():
            row = int(bad.idxmax())
            raise DataError(
                f"{file}, row {row + 2}, column {column!r}: found {frame.at[row, column]!r}, "
                f"which {target} does not have."
            )
    return frame


def _load(file: str) -> pd.DataFrame:
    return _kept(file).copy()


def load_women(named: bool = True) -> pd.DataFrame:
    """Return the women of the campaign; `named=False` adds the symbolic North Korean row."""
    women = _load("women/women.csv")
    return women[women["symbolic"] == 0].reset_index(drop=True) if named else women


def load_release_coding() -> pd.DataFrame:
    """Return the codings A, B, C of "released"; missing means unknown."""
    return _load("women/release_coding.csv")


def load_release_intervals() -> pd.DataFrame:
    """Return the first and last possible day of release, and the last day shown held."""
    return _load("women/release_intervals.csv")


def load_sources() -> pd.DataFrame:
    """Return one row for each source and fact on the women and the campaign."""
    return _load("women/sources.csv")


def load_campaign_events() -> pd.DataFrame:
    """Return dated events of the campaign."""
    return _load("women/campaign_events.csv")


def load_feature_calendar() -> pd.DataFrame:
    """Return the days on which the women were featured, sourced and inferred."""
    return _load("women/feature_calendar.csv")


def load_published_coefficients() -> pd.DataFrame:
    """Return the coefficients of Tables 3 and 4 as printed."""
    return _load("published/coefficients.csv")


def load_published_fit() -> pd.DataFrame:
    """Return the foot of Tables 3 and 4 as printed."""
    return _load("published/model_fit.csv")


def load_published_samples() -> pd.DataFrame:
    """Return the counts that the paper gives or implies."""
    return _load("published/samples.csv")


def load_timeline(country: str) -> pd.DataFrame:
    """Return the dated events of a case: `azerbaijan` or `vietnam`."""
    if country not in ("azerbaijan", "vietnam"):
        raise DataError(f"There is no timeline of {country!r}; there is azerbaijan and vietnam.")
    return _load(f"cases/{country}_timeline.csv")


def load_conditions() -> pd.DataFrame:
    """Return the four conditions in four countries, before and after the launch."""
    return _load("cases/conditions.csv")


def load_interviews() -> pd.DataFrame:
    """Return the interview fragments quoted in the paper."""
    return _load("cases/interviews.csv")


def load_claims() -> pd.DataFrame:
    """Return the claims of the paper that can be checked."""
    return _load("cases/claims.csv")


def load_discrepancies(case: str) -> pd.DataFrame:
    """Return where the paper and another source differ on a case."""
    return _of_case("cases/discrepancies.csv", case)


def load_hypotheses(case: str) -> pd.DataFrame:
    """Return the rival explanations of a case."""
    return _of_case("cases/hypotheses.csv", case)


def load_evidence_cards(case: str) -> pd.DataFrame:
    """Return the cards of evidence of a case."""
    return _of_case("cases/evidence_cards.csv", case)


def load_readings(case: str) -> pd.DataFrame:
    """Return our worked reading of a case's cards: how expected under each hypothesis."""
    return _of_case("cases/readings.csv", case)


def _of_case(file: str, case: str) -> pd.DataFrame:
    frame = _load(file)
    if case not in set(frame["case"]):
        raise DataError(f"{file} has no case {case!r}; it has azerbaijan and vietnam.")
    return carry(frame[frame["case"] == case].reset_index(drop=True), frame)


def load_vignettes() -> pd.DataFrame:
    """Return 36 vignettes in the four cells and 3 outside them."""
    return _load("typology/vignettes.csv")


def load_dialogue_programmes() -> pd.DataFrame:
    """Return rounds, partners and status of dialogue programmes."""
    return _load("dialogues/programmes.csv")


def load_dialogue_findings() -> pd.DataFrame:
    """Return findings and recommendations on dialogues."""
    return _load("dialogues/findings.csv")


def load_dialogue_scorecard() -> pd.DataFrame:
    """Return our scores of four programmes on nine criteria."""
    return _load("dialogues/scorecard.csv")


def load_spiral_model() -> pd.DataFrame:
    """Return the five phases of the spiral model."""
    return _load("dialogues/spiral_model.csv")


def load_spiral_indicators() -> pd.DataFrame:
    """Return our coding of thirteen indicators of the phases in three countries."""
    return _load("dialogues/spiral_indicators.csv")


def load_spiral_placements() -> pd.DataFrame:
    """Return the phase in which we place three countries, with the reason."""
    return _load("dialogues/spiral_placements.csv")


def load_urgent_actions() -> pd.DataFrame:
    """Return Urgent Actions by country up to January 2014."""
    return _load("urgent_actions/by_country.csv")


def load_claim_readings() -> pd.DataFrame:
    """Return our readings of the claims that no number settles."""
    return _load("cases/claim_readings.csv")


def load_conclusions() -> pd.DataFrame:
    """Return which conclusion of the paper rests on which claims, by our reading."""
    return _load("cases/conclusions.csv")


def load_second_campaign(table: str) -> pd.DataFrame:
    """Return a table of the second campaign: people, namings, others, world or sources.

    Raises
    ------
    DataError
        When there is no such table.
    """
    names = ("people", "namings", "others", "world", "sources")
    if table not in names:
        raise DataError(f"The second campaign has the tables {', '.join(names)}, not {table!r}.")
    return _load(f"second_campaign/{table}.csv")


def load_classroom_codes() -> pd.DataFrame:
    """Return the codes of the synthetic class, one row a coder and vignette."""
    return _load("classroom/codes.csv")


def load_shuffles() -> pd.DataFrame:
    """Curves of the synthetic cohort with shuffled labels, drawn beforehand for notebook 10."""
    return _load("cohort/shuffles.csv")


def load_media_power() -> pd.DataFrame:
    """Return how often simulated studies of attention see a lasting effect."""
    return _load("media/power.csv")


def load_cohort() -> pd.DataFrame:
    """Return the synthetic cohort of 252 invented rows.

    In a student's set with a cohort of its own it is that one, and one line says so;
    ``attrs["variant"]`` then holds the key of the set.
    """
    return _load_own("cohort/cohort.csv")


def load_long_list() -> pd.DataFrame:
    """Return the synthetic long list of forty; in a student's set, the one of that set."""
    return _load_own("cohort/long_list.csv")


def _load_own(file: str) -> pd.DataFrame:
    own = find_set()
    if own is None or not own.own_cohort:
        return _load(file)
    _say_once(own)
    frame = read_table(file, own.data)
    frame.attrs["variant"] = own.key
    return frame


@functools.cache
def _say_once(own: StudentSet) -> None:
    print(
        f"Your set {own.key} has a synthetic cohort of its own: invented rows with the same "
        "lesson as the suite's cohort, but other numbers than in the text."
    )


def kinds_of_data() -> ShownTable:
    """Return the kinds of data in the suite and their badges."""
    rows = [(kind.glyph, kind.label, kind.meaning) for kind in Provenance]
    return ShownTable(pd.DataFrame(rows, columns=["badge", "kind", "what it is"]))
