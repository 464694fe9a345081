"""Files of codes: reading a folder of them, and a synthetic class to try it on.

`python -m helpers.data.classroom` writes the class anew; it is seeded, so it
always writes the same.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from helpers.data.catalog import DATA, load_vignettes
from helpers.data.reading import Grid, Source, Unreadable, only_reading
from helpers.data.reading.grid import plain
from helpers.data.reading.source import KINDS
from helpers.data.schemas import CELLS, CODES
from helpers.provenance.kinds import Provenance, mark

CODERS = 25
SEED = 20150901
_CODE_COLUMNS: Final = frozenset({"vignette_id", "code"})
_COPY: Final = re.compile(r"( - Copy.*| ?\(\d+\))$")
# Chance that a coder departs from the key, by difficulty; our assumption.
SLIP = {"easy": 0.08, "medium": 0.22, "hard": 0.42}


def make_class() -> pd.DataFrame:
    """Return codes of a synthetic class: columns `coder, vignette_id, code`.

    Coders differ in care; on a slip they mostly change one dimension of the cell,
    as people do. Two coders stop half way.
    """
    draw = np.random.default_rng(SEED)
    vignettes = load_vignettes()
    rows = []
    for coder in range(1, CODERS + 1):
        care = draw.uniform(0.5, 1.5)
        stop = len(vignettes) // 2 if coder in (7, 19) else len(vignettes)
        for row in vignettes.head(stop).itertuples(index=False):
            code = row.key
            if draw.random() < SLIP[row.difficulty] * care:
                code = _slip(row.key, draw)
            rows.append((f"{coder:02d}", row.vignette_id, code))
    frame = pd.DataFrame(rows, columns=["coder", "vignette_id", "code"])
    return mark(frame, Provenance.SYNTHETIC)


def _slip(key: str, draw: np.random.Generator) -> str:
    if key == "outside":
        return str(draw.choice(CELLS))
    forum, action = key.split(" ")
    near = [
        cell for cell in CELLS if cell != key and (cell.startswith(forum) or cell.endswith(action))
    ]
    weights = [0.4] * len(near) + [0.2]
    return str(draw.choice([*near, "outside"], p=weights))


def read_code_folder(folder: str | Path) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read every file of codes in a folder.

    Parameters
    ----------
    folder : path
        Holds tables (CSV, Excel and others) with the columns `vignette_id` and `code`, one a coder.

    Returns
    -------
    codes : DataFrame
        `coder` (the file's name), `vignette_id`, `code`; marked as yours.
    problems : tuple of str
        One sentence for each file or row that could not be used; the rest is read.
    """
    place = Path(folder).expanduser()
    if not place.is_dir():
        empty = pd.DataFrame(columns=["coder", "vignette_id", "code"])
        return mark(empty, Provenance.YOURS), (
            f"{place} is not a folder; give the folder that holds your class's files.",
        )
    parts, problems = [], []
    for path in sorted(place.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir() or path.suffix.lower() not in KINDS:
            what = "a folder" if path.is_dir() else "no table"
            problems.append(f"{path.name} is {what}, and was passed over.")
            continue
        copied = _COPY.search(path.stem)
        if copied and (path.parent / f"{path.stem[: copied.start()]}{path.suffix}").exists():
            problems.append(f"{path.name} is a copy of a file that is there, and was passed over.")
            continue
        try:
            _, (part, said) = only_reading(Source.of_path(path), _CODE_COLUMNS, _codes)
        except Unreadable as problem:
            problems.append(str(problem))
            continue
        problems += said
        parts.append(part.assign(coder=path.stem)[["coder", "vignette_id", "code"]])
    if not parts:
        problems.append(f"{place} holds no usable file of codes.")
    frame = (
        pd.concat(parts, ignore_index=True)
        if parts
        else pd.DataFrame(columns=["coder", "vignette_id", "code"])
    )
    return mark(frame, Provenance.YOURS), tuple(problems)


def _codes(grid: Grid) -> tuple[pd.DataFrame, list[str]]:
    """Return the codes of one file that can be used, and a sentence on those that cannot."""
    names = {plain(name): name for name in grid.names}
    if not set(names) >= _CODE_COLUMNS:
        raise Unreadable(f"{grid.file} lacks the columns vignette_id and code.")
    known = set(load_vignettes()["vignette_id"])
    codes = {plain(code): code for code in CODES}
    part = pd.DataFrame(
        {
            "vignette_id": [cell.upper() for cell in grid.column(names["vignette_id"])],
            "code": [codes.get(plain(cell), "") for cell in grid.column(names["code"])],
        }
    )
    good = part["vignette_id"].isin(known) & (part["code"] != "")
    if not good.any():
        raise Unreadable(
            f"{grid.file}: no row has a vignette and a code that are known; row {grid.rows[0]} is "
            "the first."
        )
    said = []
    if not good.all():
        first = grid.rows[int((~good).to_numpy().argmax())]
        said.append(
            f"{grid.file}: {int((~good).sum())} rows are left out, the first is row {first}."
        )
    kept = part[good].drop_duplicates("vignette_id", keep="last")
    if len(kept) < int(good.sum()):
        said.append(
            f"{grid.file}: {int(good.sum()) - len(kept)} vignettes are coded more than once; the "
            "last code counts."
        )
    return kept, said


def main() -> None:
    target = DATA / "classroom" / "codes.csv"
    target.parent.mkdir(exist_ok=True)
    codes = make_class()
    codes.to_csv(target, index=False, lineterminator="\n")
    for coder, part in codes.groupby("coder"):
        file = target.parent / "files" / f"coder_{coder}.csv"
        file.parent.mkdir(exist_ok=True)
        part[["vignette_id", "code"]].to_csv(file, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
