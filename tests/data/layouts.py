"""The same rows written in many ways, by programs other than the one that reads them."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pyreadstat

Write = Callable[[pd.DataFrame], bytes]


def _csv(frame: pd.DataFrame, index: bool = False, **how: object) -> bytes:
    return frame.to_csv(index=index, **how).encode("utf-8")  # type: ignore[call-overload]


def _table(frame: pd.DataFrame, sep: str, names: list[str], quote: bool = True) -> bytes:
    """As R's write.table does: a header one cell short of the rows."""
    out = io.StringIO()
    how = csv.QUOTE_NONNUMERIC if quote else csv.QUOTE_NONE
    write = csv.writer(out, delimiter=sep, quoting=how, lineterminator="\n")
    write.writerow(frame.columns)
    texts = frame.astype(object).where(frame.notna(), "NA")
    for name, row in zip(names, texts.itertuples(index=False), strict=True):
        write.writerow([name, *row])
    return out.getvalue().encode()


def _binary(frame: pd.DataFrame, writer: str, suffix: str, **how: object) -> bytes:
    flags = {c: frame[c].astype("float64") for c in frame if str(frame[c].dtype) == "Int64"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"x{suffix}"
        getattr(pyreadstat, writer)(frame.assign(**flags), str(path), **how)
        return path.read_bytes()


def _days(frame: pd.DataFrame, form: str) -> pd.DataFrame:
    return frame.assign(**{c: frame[c].dt.strftime(form) for c in ("arrested", "left_prison")})


def _yes(frame: pd.DataFrame, yes: str, no: str) -> pd.DataFrame:
    flags = ["freethe20", "released", "torture_concerns"]
    return frame.assign(**{c: frame[c].map({1: yes, 0: no}) for c in flags})


def layouts(frame: pd.DataFrame) -> Iterator[tuple[str, str, bytes, bool]]:
    """Yield name of the layout, ending of the file, its bytes, and whether it must be read."""
    names = [str(n) for n in range(41, 41 + len(frame))]
    text = _csv(frame).decode()
    lines = text.splitlines()
    wide = frame.shape[1]
    by_arrest = frame.sort_values("arrested", kind="stable")
    plain = frame.assign(
        **{c: frame[c].dt.strftime("%Y-%m-%d") for c in ("arrested", "left_prison")}
    )
    blank = ",".join([""] * wide)
    yield "csv", ".csv", text.encode(), True
    yield "csv, byte order mark", ".csv", text.encode("utf-8-sig"), True
    yield "csv, CRLF", ".csv", text.replace("\n", "\r\n").encode(), True
    yield "csv, old Mac line ends", ".csv", text.replace("\n", "\r").encode(), True
    yield "csv, UTF-16", ".csv", text.encode("utf-16"), True
    yield "csv, all quoted", ".csv", _csv(frame, quoting=csv.QUOTE_ALL), True
    yield "semicolons", ".csv", _csv(frame, sep=";"), True
    yield "sep= line", ".csv", b"sep=;\r\n" + _csv(frame, sep=";"), True
    yield "tabs", ".tab", _csv(frame, sep="\t"), True
    yield "tabs in .csv", ".csv", _csv(frame, sep="\t"), True
    yield "strokes", ".txt", _csv(frame, sep="|"), True
    yield "blanks, R", ".txt", _table(plain, " ", names), True
    yield "R write.table, commas", ".csv", _table(plain, ",", names), True
    yield "R write.table, tabs", ".tab", _table(plain, "\t", names), True
    yield "R write.table, unquoted", ".tab", _table(plain, "\t", names, quote=False), True
    yield "R text row names", ".tab", _table(plain, "\t", [f"w{n}" for n in names]), True
    yield "R write.csv", ".csv", _csv(frame, index=True), True
    yield "pandas index_label=False", ".csv", _csv(frame, index=True, index_label=False), True
    shuffled = _csv(by_arrest, index=True, index_label=False)
    yield "the same, sorted by arrest", ".csv", shuffled, True
    yield (
        "separator at row ends",
        ".csv",
        (",\n".join(lines) + ",\n").replace(",\n", "\n", 1).encode(),
        True,
    )
    yield "separator at all ends", ".csv", (",\n".join(lines) + ",\n").encode(), True
    yield "empty columns at the end", ".csv", ",,,\n".join(lines).encode() + b",,,\n", True
    yield "empty rows at the end", ".csv", (text + f"{blank}\n" * 3).encode(), True
    yield "blank lines", ".csv", ("\n" + text.replace("\n", "\n\n", 40)).encode(), True
    yield "title line", ".csv", ("Women, state of 2018\n\n" + text).encode(), True
    yield "columns turned", ".csv", _csv(frame[list(frame.columns)[::-1]]), True
    yield "capitals in names", ".csv", _csv(frame.rename(columns=str.upper)), True
    yield "yes and no", ".csv", _csv(_yes(frame, "Yes", "No")), True
    yield "TRUE and FALSE", ".csv", _csv(_yes(frame, "TRUE", "FALSE")), True
    yield "flags as 1.0", ".csv", _csv(_yes(frame, "1.0", "0.0")), True
    yield "day first", ".csv", _csv(_days(frame, "%d.%m.%Y")), True
    yield "month first", ".csv", _csv(_days(frame, "%m/%d/%Y")), True
    yield "named months", ".csv", _csv(_days(frame, "%d %b %Y")), True
    yield "times of midnight", ".csv", _csv(_days(frame, "%Y-%m-%d 00:00:00")), True
    yield (
        "regions in capitals",
        ".csv",
        _csv(frame.assign(region=frame["region"].str.upper())),
        True,
    )
    yield "Stata", ".dta", _binary(frame, "write_dta", ".dta"), True
    labels = {"released": {0: "still held", 1: "freed"}}
    labelled = _binary(frame, "write_dta", ".dta", variable_value_labels=labels)
    yield "Stata, value labels", ".dta", labelled, True
    turned = _yes(frame, "1", "0").assign(freethe20=1 - frame["freethe20"])
    turned = turned.astype({"released": float, "torture_concerns": float})
    labels = {"freethe20": {0: "in campaign", 1: "outside"}}
    against = _binary(turned, "write_dta", ".dta", variable_value_labels=labels)
    yield "Stata, labels against codes", ".dta", against, False
    yield "SPSS", ".sav", _binary(frame, "write_sav", ".sav"), True
    codes = frame.assign(released=frame["released"] + 1)
    labels = {"released": {1: "No", 2: "Yes"}}
    coded = _binary(codes, "write_sav", ".sav", variable_value_labels=labels)
    yield "SPSS, 1 no and 2 yes", ".sav", coded, True
    yield "months only", ".csv", _csv(_days(frame, "%Y-%m")), False
    yield "two-digit years", ".csv", _csv(_days(frame, "%d.%m.%y")), False
    yield "Latin-1", ".csv", text.replace("Iran", "Irán").encode("latin-1"), False
    yield "a comma too many in row 5", ".csv", text.replace("\n5,", "\n5,,", 1).encode(), False
    doubled = "\n".join(f"{line},{line.split(',')[3]}" for line in lines)
    yield "one name twice", ".csv", doubled.encode(), False
