"""What the committed cohort promises: a digest of each row, and each of the 161 numbers.

The rules of the rows cannot notice that a flag was turned or a day moved. The promise can:
it is written with every new cohort, and the audit compares the file with it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import pandas as pd

from workshop.cohort.audit import CohortAuditError, audit_table, read_cohort
from workshop.cohort.targets import COHORT_CSV

AUDIT_FILE: Final = "audit.csv"
DIGEST_FILE: Final = "digests.csv"
_KEY: Final = ["table", "model", "quantity"]
_CLOSE: Final = 1e-5
"""Obtained numbers are kept to six places; libraries agree far better than this."""


def digests(path: Path) -> pd.DataFrame:
    """Return `id, digest` for each line of a cohort file; the digest covers every cell."""
    text = pd.read_csv(path, dtype=str, keep_default_na=False)
    lines = text.agg(",".join, axis=1)
    digest = [hashlib.sha256(line.encode()).hexdigest()[:16] for line in lines]
    return pd.DataFrame({"id": text["id"], "digest": digest})


def write_promise(path: Path = COHORT_CSV) -> pd.DataFrame:
    """Write digests and audit table beside a cohort file; return the audit table."""
    table = audit_table(read_cohort(path))
    flags = ("exact", "within_one_unit", "stars_agree")
    kept = table.assign(**{name: table[name].astype(int) for name in flags})
    for name in ("obtained", "difference"):
        kept[name] = [f"{value:.6f}" for value in table[name]]
    kept.to_csv(path.with_name(AUDIT_FILE), index=False, lineterminator="\n")
    digests(path).to_csv(path.with_name(DIGEST_FILE), index=False, lineterminator="\n")
    return table


def check_rows(path: Path, promised: Path | None = None) -> None:
    """Compare a cohort file with the digests of the committed one, row by row.

    Parameters
    ----------
    path : Path
        Cohort file.
    promised : Path, optional
        Folder of the promise; the file's own when left out.

    Raises
    ------
    CohortAuditError
        Naming the row that was deleted, added, repeated or changed.
    """
    folder = path.parent if promised is None else promised
    kept = pd.read_csv(folder / DIGEST_FILE, dtype=str).set_index("id")["digest"]
    found = digests(path)
    repeated = found["id"][found["id"].duplicated()]
    if len(repeated):
        raise CohortAuditError(f"Row id {repeated.iloc[0]} stands in the file twice; delete one.")
    now = found.set_index("id")["digest"]
    for complaint, ids in (
        ("is missing; restore it from the committed file", kept.index.difference(now.index)),
        ("is not one of the committed rows; delete it", now.index.difference(kept.index)),
    ):
        if len(ids):
            raise CohortAuditError(f"Row id {min(ids, key=int)} {complaint}.")
    changed = now.index[(now != kept.loc[now.index]).to_numpy()]
    if len(changed):
        raise CohortAuditError(
            f"Row id {changed[0]} differs from the committed row; restore it, or, if the change "
            "is meant, run `python -m workshop.cohort promise`."
        )


def check_numbers(table: pd.DataFrame, promised: Path = COHORT_CSV.parent) -> None:
    """Compare an audit table with the promised one.

    Raises
    ------
    CohortAuditError
        Naming the first number whose target or obtained value differs.
    """
    kept = pd.read_csv(promised / AUDIT_FILE)
    both = kept.merge(table, on=_KEY, how="outer", suffixes=("_kept", ""), indicator=True)
    for row in both.to_dict("records"):
        name = f"{row['table']}, model {row['model']}, {row['quantity']}"
        if row["_merge"] != "both":
            raise CohortAuditError(
                f"{name}: the number is not in both audits; restore {AUDIT_FILE}."
            )
        if abs(row["target"] - row["target_kept"]) > 1e-12:
            raise CohortAuditError(
                f"{name}: the target was {row['target_kept']} and is {row['target']} now; a "
                "published table has changed."
            )
        if abs(row["obtained"] - row["obtained_kept"]) > _CLOSE:
            raise CohortAuditError(
                f"{name}: the rows gave {row['obtained_kept']:.4f} and give "
                f"{row['obtained']:.4f} now; a row of the cohort file has changed."
            )
