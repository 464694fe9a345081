"""A made-up class: what thirty students hand in, some of it broken or hostile."""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.exercises.handin import MIME, WHAT
from helpers.teaching import cutting

FIXTURE = Path(__file__).parent / "99_fixture.ipynb"


MADE = "2026-01-01T10:00:00+00:00"


def record(*values: Any, phase: str = "before reveal", verdict: str = "Not yet") -> dict[str, Any]:
    """A stored record as `AnswerStore` keeps it."""
    history = [{"value": v, "verdict": verdict, "phase": phase, "at": "2026"} for v in values]
    return {"value": values[-1], "verdict": verdict, "history": history}


def handin(
    key: str = "",
    name: str = "",
    build: str = "",
    made: str = "2026-01-01T10:00:00+00:00",
    **answers: Any,
) -> str:
    """The text of a hand-in file; answers by id with "_" for the point after 99."""
    stored = {f"99.{k[1:]}": v for k, v in answers.items()}
    content = {"what": WHAT, "version": 1, "build": build, "key": key, "name": name, "made": made}
    return json.dumps({**content, "answers": stored})


def notebook(*sources: str, embedded: str = "", **about: str) -> str:
    """The text of a returned notebook with these code cells."""
    cells = [cutting.code(source, f"c{n}") for n, source in enumerate(sources)]
    if embedded:
        last = cutting.code("hand_in()", "last")
        data = {MIME: json.loads(embedded), "text/plain": "handed in"}
        last["outputs"] = [
            {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1}
        ]
        cells.append(last)
    return json.dumps(cutting.as_book(cells, about))


def write_hostile(folder: Path, outside: Path) -> dict[str, str]:
    """Fill a folder with files that must not stop or fool the report; return file: words."""
    mark = outside / "touched"
    (folder / "cut.ipynb").write_text(notebook('ask("99.1")')[:-40])
    (folder / "empty.json").write_text("")
    (folder / "deep.json").write_text("[" * 100_000)
    (folder / "list.json").write_text("[1, 2]")
    (folder / "latin.json").write_bytes('{"a": "é"}'.encode("latin-1"))
    (folder / "no-exercise.ipynb").write_text(notebook("1 + 1"))
    (folder / "picture.png").write_bytes(b"\x89PNG")
    with (folder / "large.ipynb").open("wb") as file:
        file.truncate(50_000_000)
    (outside / "secret.json").write_text(handin(name="Nobody", _1=record(1)))
    os.symlink(outside / "secret.json", folder / "link.json")
    os.symlink(outside, folder / "linked")
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.json", b"0" * 40_000_000)
    with zipfile.ZipFile(folder / "climb.zip", "w") as archive:
        archive.writestr("../../climbed.json", handin(name="Climber", _1=record(1)))
        archive.writestr("/root.json", handin(name="Root", _1=record(1)))
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.json", "{}")
    with zipfile.ZipFile(folder / "nested.zip", "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
    (folder / "broken.zip").write_bytes(b"PK\x03\x04 and then nothing")
    (folder / "hostile.ipynb").write_text(
        notebook(
            'ask("99.1")',
            f"import os\nos.system('touch {mark}')",
            "while True:\n    pass",
            "print('x' * 10**9)",
            key="",
        )
    )
    return {
        "cut.ipynb": "cut off or damaged",
        "empty.json": "is empty",
        "deep.json": "nested too deep",
        "list.json": "neither a hand-in file nor a notebook",
        "latin.json": "not text in UTF-8",
        "no-exercise.ipynb": "holds no exercise",
        "picture.png": "not a notebook",
        "large.ipynb": "50 MB, too large",
        "link.json": "links are not followed",
        "linked": "links are not followed",
        "bomb.zip": "bomb.json unpacks to more than",
        "climb.zip": "2 things in it are not used: ../../climbed.json has a name that points",
        "nested.zip": "inner.zip!a.json is neither a hand-in file nor a notebook",
        "broken.zip": "not a zip file",
    }


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def share_again(folder: Path) -> float:
    """99.7 by pandas alone, from the student's own file."""
    rows = pd.read_csv(folder / "data" / "cohort" / "cohort.csv")
    return float(100 * rows.groupby("freethe20")["released"].mean().loc[1])
