"""Right files, broken at random, and a second reader that shares no code with ours.

`python -m tests.data.mutated 10000` breaks so many and prints what became of them.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import re
import sys
from collections import Counter

import pandas as pd

from helpers.data import load_cohort
from helpers.data.reading import Source, Unreadable
from helpers.data.uploads import own_rows
from tests.data.layouts import layouts

TEXT = {
    "csv": ",",
    "semicolons": ";",
    "tabs": "\t",
    "R write.table, commas": ",",
    "R write.csv": ",",
    "separator at row ends": ",",
}
BINARY = ("Stata", "SPSS")
TODAY = dt.date(2026, 11, 1)
_BITS = [b",", b";", b"\t", b'"', b"\n", b"\r", b" ", b"0", b"1", b"-", b"\xe9", b"\0", b"|", b"NA"]


def mutate(content: bytes, draw: random.Random) -> bytes:
    """Break a file in one to three places."""
    for _ in range(draw.randint(1, 3)):
        place = draw.randrange(len(content) + 1)
        kind = draw.randrange(8)
        if kind == 0:
            content = content[:place] + draw.choice(_BITS) + content[place:]
        elif kind == 1:
            content = content[:place] + content[place + draw.randint(1, 8) :]
        elif kind == 2 and content:
            at = min(place, len(content) - 1)
            content = content[:at] + bytes([draw.randrange(256)]) + content[at + 1 :]
        elif kind == 3:
            lines = content.split(b"\n")
            k, m = draw.randrange(len(lines)), draw.randrange(len(lines))
            lines[k], lines[m] = lines[m], lines[k]
            content = b"\n".join(lines)
        elif kind == 4:
            lines = content.split(b"\n")
            lines.insert(draw.randrange(len(lines)), draw.choice(lines))
            content = b"\n".join(lines)
        elif kind == 5:
            content = content.replace(draw.choice(_BITS), draw.choice(_BITS), draw.randint(1, 40))
        elif kind == 6 and draw.random() < 0.3:
            content = content[:place]
        else:
            stop = place + draw.randint(1, 30)
            content = content[:stop] + content[place:stop] + content[stop:]
    return content


def _name(cell: str) -> str:
    return re.sub(r"\W+", "", cell).lower()


def second_reading(content: bytes, separator: str, ends: bool) -> list[tuple[str, ...]]:
    """Return flags and days of each row by the csv module and nothing else."""
    text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    rows = [
        r for r in csv.reader(io.StringIO(text), delimiter=separator) if any(c.strip() for c in r)
    ]
    top = next(n for n, r in enumerate(rows) if {"freethe20", "arrested"} <= {_name(c) for c in r})
    head = [_name(name) for name in rows[top]]
    out = []
    for row in rows[top + 1 :]:
        shift = len(row) - len(head)
        if shift == 1 and ends:
            row, shift = row[:-1], 0
        cells = dict(zip(head, row[shift:], strict=False))
        wanted = ("freethe20", "released", "arrested", "left_prison")
        out.append(tuple(cells[name].strip() for name in wanted))
    return out


def break_files(count: int, seed: int) -> tuple[Counter[str], list[tuple[int, str]]]:
    """Break files; return what became of them, and each fault with its number."""
    cohort = load_cohort()
    made = {name: (end, content) for name, end, content, _ in layouts(cohort)}
    tally: Counter[str] = Counter()
    faults: list[tuple[int, str]] = []
    names = [*TEXT] * 3 + [*BINARY]
    for number in range(count):
        draw = random.Random(seed * 1_000_003 + number)
        name = draw.choice(names)
        end, content = made[name]
        broken = mutate(content, draw)
        try:
            frame, _ = own_rows(Source(f"x{end}", broken), today=TODAY)
        except Unreadable as problem:
            tally["refused"] += 1
            if not str(problem).endswith(".") or len(str(problem)) > 900:
                faults.append((number, f"no sentence: {problem}"))
            continue
        except Exception as error:
            tally["traceback"] += 1
            faults.append((number, f"{name}: {error!r}"))
            continue
        tally["read"] += 1
        if name in TEXT:
            ours = list(
                zip(
                    frame["freethe20"].astype(str),
                    frame["released"].astype(str),
                    frame["arrested"].dt.strftime("%Y-%m-%d"),
                    frame["left_prison"].dt.strftime("%Y-%m-%d"),
                    strict=True,
                )
            )
            try:
                theirs = second_reading(broken, TEXT[name], name == "separator at row ends")
            except Exception as error:
                theirs = [(repr(error),)]
            if ours != theirs:
                tally["other numbers"] += 1
                odd = next(
                    (a, b) for a, b in zip([*ours, None], [*theirs, None], strict=False) if a != b
                )
                faults.append((number, f"{name}: {len(ours)} and {len(theirs)} rows, {odd}"))
        elif name == "Stata":
            theirs_frame = pd.read_stata(io.BytesIO(broken), convert_categoricals=False)
            same = all(
                theirs_frame[c].astype(float).tolist() == frame[c].astype(float).tolist()
                for c in ("freethe20", "released")
            ) and all(
                pd.to_datetime(theirs_frame[c]).tolist() == frame[c].tolist()
                for c in ("arrested", "left_prison")
            )
            if not same:
                tally["other numbers"] += 1
                faults.append((number, f"{name}: pandas reads other values"))
    return tally, faults


if __name__ == "__main__":
    told, wrong = break_files(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 7)
    print(dict(told))
    for line in wrong:
        print(*line)
