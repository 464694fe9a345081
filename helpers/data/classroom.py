"""Files of codes: reading a folder of them, and a synthetic class to try it on.

`python -m helpers.data.classroom` writes the class anew; it is seeded, so it
always writes the same.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from helpers.data.catalog import DATA, load_vignettes
from helpers.data.schemas import CELLS, CODES
from helpers.provenance.kinds import Provenance, mark

CODERS = 25
SEED = 20150901
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
        Holds CSV files with the columns `vignette_id` and `code`, one a coder.

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
    known = set(load_vignettes()["vignette_id"])
    parts, problems = [], []
    for path in sorted(place.glob("*.csv")):
        try:
            part = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        except (OSError, ValueError) as error:
            problems.append(f"{path.name} is not a table ({str(error).splitlines()[0]}).")
            continue
        if not {"vignette_id", "code"} <= set(part.columns):
            problems.append(f"{path.name} lacks the columns vignette_id and code.")
            continue
        good = part["vignette_id"].isin(known) & part["code"].isin(CODES)
        if not good.all():
            row = int((~good).idxmax())
            problems.append(
                f"{path.name}: {int((~good).sum())} rows are left out, the first is row {row + 2}."
            )
        kept = part[good].drop_duplicates("vignette_id", keep="last")
        parts.append(kept.assign(coder=path.stem)[["coder", "vignette_id", "code"]])
    if not parts:
        problems.append(f"{place} holds no usable file of codes.")
    frame = (
        pd.concat(parts, ignore_index=True)
        if parts
        else pd.DataFrame(columns=["coder", "vignette_id", "code"])
    )
    return mark(frame, Provenance.YOURS), tuple(problems)


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
