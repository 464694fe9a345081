"""Read what students handed in, without running any of it.

A folder may hold hand-in files, notebooks, zip files of both, and folders of them. Links
are not followed, nothing is unpacked to disk, sizes are limited before anything is parsed,
and whatever cannot be read becomes one line; the rest is read.
"""

from __future__ import annotations

import ast
import io
import json
import os
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from helpers.exercises.handin import MIME, WHAT
from helpers.teaching import cutting

MOST_FILES: Final = 5_000
MOST_DEEP: Final = 4
MOST_BYTES: Final = {".json": 5_000_000, ".ipynb": 25_000_000, ".zip": 200_000_000}
MOST_UNPACKED: Final = 300_000_000
MOST_HISTORY: Final = 200
MOST_TEXT: Final = 5_000

Record = dict[str, Any]


@dataclass
class Returned:
    """What one file says.

    Attributes
    ----------
    file : str
        Where it was found, for the report.
    kind : {"hand-in", "notebook"}
    key, name, build, made : str
        What it says of itself; may be empty, is never trusted.
    answers : dict
        Stored records by exercise id.
    written : dict
        Answers written out in the notebook's own cells, by exercise id.
    calls : dict
        How often each exercise is called in the notebook.
    sources : list of str
        The notebook's code cells.
    notebook : str
        Which notebook it is a copy of, if it says so.
    """

    file: str
    kind: str
    key: str = ""
    name: str = ""
    build: str = ""
    made: str = ""
    notebook: str = ""
    answers: dict[str, Record] = field(default_factory=dict)
    written: dict[str, Any] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)


@dataclass
class Inbox:
    """Everything read from a folder, and one line for each thing that was not."""

    returned: list[Returned] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    files: int = 0

    def complain(self, file: str, text: str) -> None:
        """Add a line to the report."""
        self.problems.append((file, text))


class Unreadable(ValueError):
    """A file that cannot be used; the message is a short sentence."""


def read_folder(folder: Path) -> Inbox:
    """Return what a folder holds.

    Raises
    ------
    KitError
        If it is not a folder that can be read.
    """
    if not folder.is_dir():
        raise cutting.KitError(f"{folder} is not a folder; give the one with the students' files.")
    inbox = Inbox()
    for name, path in _walk(folder, inbox):
        inbox.files += 1
        if inbox.files > MOST_FILES:
            inbox.complain(name, f"there are more than {MOST_FILES} files; the rest is not read")
            break
        try:
            content = _read_limited(path)
        except Unreadable as problem:
            inbox.complain(name, str(problem))
            continue
        if path.suffix.lower() == ".zip":
            _read_zip(name, content, inbox)
        else:
            _take(name, content, inbox)
    return inbox


def _walk(
    folder: Path, inbox: Inbox, deep: int = 0, before: str = ""
) -> Iterator[tuple[str, Path]]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda e: e.name)
    except OSError as error:
        inbox.complain(before or folder.name, f"cannot be read ({error.strerror})")
        return
    for entry in entries:
        name = f"{before}{_printable(entry.name)}"
        if entry.name.startswith((".", "__MACOSX")) or entry.name == "__pycache__":
            continue
        if entry.is_symlink():
            inbox.complain(name, "is a link; links are not followed")
        elif entry.is_dir(follow_symlinks=False):
            if deep >= MOST_DEEP:
                inbox.complain(name, "lies too deep; put the files higher")
            else:
                yield from _walk(Path(entry.path), inbox, deep + 1, f"{name}/")
        elif not stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
            inbox.complain(name, "is not a file")
        elif Path(entry.name).suffix.lower() not in MOST_BYTES:
            inbox.complain(name, "is not a notebook, hand-in file or zip file; not read")
        else:
            yield name, Path(entry.path)


def _printable(name: str) -> str:
    plain = name.encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c.isprintable() else "?" for c in plain)[:200]


def _too_large(size: int) -> str:
    return f"has {size / 1e6:.0f} MB, too large for what it should hold; not read, not run"


def _read_limited(path: Path) -> bytes:
    limit = MOST_BYTES[path.suffix.lower()]
    try:
        # Opened without following links: the file may have changed since it was listed.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(handle, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > limit:
                raise Unreadable(_too_large(size))
            return file.read(limit + 1)
    except OSError as error:
        raise Unreadable(f"cannot be read ({error.strerror or error})") from None


def _read_zip(name: str, content: bytes, inbox: Inbox) -> None:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        inbox.complain(name, "is not a zip file that can be opened")
        return
    left = MOST_UNPACKED
    for number, member in enumerate(members):
        inside = f"{name}!{_printable(member.filename)}"
        parts = Path(member.filename.replace("\\", "/"))
        if member.is_dir() or parts.name.startswith(".") or "__MACOSX" in parts.parts:
            continue
        if number >= MOST_FILES:
            inbox.complain(name, f"holds more than {MOST_FILES} files; the rest is not read")
            return
        if parts.is_absolute() or ".." in parts.parts or ":" in member.filename:
            inbox.complain(inside, "has a name that points outside its zip file; not read")
            continue
        suffix = parts.suffix.lower()
        if suffix not in (".json", ".ipynb") or _belongs_to_set(parts):
            if suffix == ".zip":
                inbox.complain(inside, "is a zip file inside a zip file; not opened")
            continue
        try:
            # What the archive says of its sizes may be false, so what comes out is counted.
            with archive.open(member) as packed:
                out = packed.read(min(MOST_BYTES[suffix], left) + 1)
        except (
            zipfile.BadZipFile,
            OSError,
            RuntimeError,
            NotImplementedError,
            EOFError,
            ValueError,
        ):
            inbox.complain(inside, "is damaged or locked with a password")
            continue
        except Exception as error:  # zlib and lzma raise errors of their own
            inbox.complain(inside, f"cannot be unpacked ({type(error).__name__})")
            continue
        left -= len(out)
        if left < 0:
            inbox.complain(name, "unpacks to more than it should hold; the rest is not read")
            return
        if len(out) > MOST_BYTES[suffix]:
            most = MOST_BYTES[suffix] / 1e6
            inbox.complain(inside, f"unpacks to more than {most:.0f} MB; not read, not run")
            continue
        _take(inside, out, inbox)


def _belongs_to_set(parts: Path) -> bool:
    """Tell whether a file is a part of a set that a student sent back whole."""
    return parts.name == "set.json" or bool({"bank", "work", "data"} & set(parts.parts[:-1]))


def _take(name: str, content: bytes, inbox: Inbox) -> None:
    if name.endswith("set.json") or _belongs_to_set(Path(name.replace("!", "/"))):
        return
    try:
        if not content.strip():
            raise Unreadable("is empty")
        try:
            tree = json.loads(content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise Unreadable("is not text in UTF-8") from None
        except RecursionError:
            raise Unreadable("is nested too deep to be read") from None
        except ValueError:
            raise Unreadable("is cut off or damaged: it cannot be read as JSON") from None
        if not isinstance(tree, dict):
            raise Unreadable("is neither a hand-in file nor a notebook")
        if tree.get("what") == WHAT:
            inbox.returned.append(_handin(name, tree))
        elif isinstance(tree.get("cells"), list):
            inbox.returned.append(_notebook(name, tree))
        elif isinstance(tree.get("answers"), dict):
            inbox.returned.append(_handin(name, tree))  # a copy made by export_answers
        else:
            raise Unreadable("is neither a hand-in file nor a notebook")
    except Unreadable as problem:
        inbox.complain(name, str(problem))
    except (RecursionError, MemoryError):
        inbox.complain(name, "is too deep or too large to be read")


def _word(value: Any, most: int = 80) -> str:
    return _printable(" ".join(value.split()))[:most] if isinstance(value, str) else ""


def _handin(name: str, tree: dict[str, Any]) -> Returned:
    answers = tree.get("answers")
    if not isinstance(answers, dict):
        raise Unreadable("holds no answers")
    return Returned(
        name,
        "hand-in",
        _word(tree.get("key")),
        _word(tree.get("name")),
        _word(tree.get("build")),
        _word(tree.get("made"), 40),
        answers=clean_answers(answers),
    )


def clean_answers(answers: dict[Any, Any]) -> dict[str, Record]:
    """Return the records that have the form of stored answers, cut to a sane size."""
    kept: dict[str, Record] = {}
    for key, record in list(answers.items())[:MOST_FILES]:
        if not isinstance(record, dict):
            continue
        history = record.get("history", [])
        history = history if isinstance(history, list) else []
        entries = [h for h in history if isinstance(h, dict)][-MOST_HISTORY:]
        kept[str(key)[:40]] = {
            "value": _cut(record.get("value")),
            "verdict": _word(record.get("verdict"), 20),
            "solution_shown": bool(record.get("solution_shown")),
            "history": [
                {
                    "value": _cut(h.get("value")),
                    "verdict": _word(h.get("verdict"), 20),
                    "phase": _word(h.get("phase"), 20),
                    "at": _word(h.get("at"), 40),
                }
                for h in entries
            ],
        }
    return kept


def _cut(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value[:MOST_TEXT]
    if isinstance(value, list):
        return [str(v)[:500] for v in value[:50]]
    return str(value)[:MOST_TEXT]


def _notebook(name: str, tree: dict[str, Any]) -> Returned:
    meta = tree.get("metadata")
    said = meta.get("hrd") if isinstance(meta, dict) else None
    said = said if isinstance(said, dict) else {}
    found = Returned(
        name,
        "notebook",
        _word(said.get("key")),
        "",
        _word(said.get("build")),
        notebook=_word(said.get("notebook")),
    )
    for cell in tree["cells"]:
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        source = cutting.source_of(cell)[:200_000]
        found.sources.append(source)
        for function, identifier in cutting.exercise_calls(source):
            if function != "reveal":
                found.calls[identifier] = found.calls.get(identifier, 0) + 1
        found.written |= written_answers(source)
        outputs = cell.get("outputs")
        for output in outputs if isinstance(outputs, list) else []:
            _embedded(output, found)
    return found


def _embedded(output: Any, found: Returned) -> None:
    """Take the answers that `hand_in` left in an output, the newest if there are several."""
    data = output.get("data") if isinstance(output, dict) else None
    content = data.get(MIME) if isinstance(data, dict) else None
    if not isinstance(content, dict) or not isinstance(content.get("answers"), dict):
        return
    made = _word(content.get("made"), 40)
    if made < found.made:
        return
    found.made, found.name = made, _word(content.get("name"))
    found.key = found.key or _word(content.get("key"))
    found.build = found.build or _word(content.get("build"))
    found.answers = clean_answers(content["answers"])


def written_answers(source: str) -> dict[str, Any]:
    """Return answers that stand in a source as plain values: `check("01.2", 0.5)`.

    The source is parsed, never run; a call whose answer is computed says nothing here.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: dict[str, Any] = {}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"check", "predict"}
            and len(node.args) == 2
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        ):
            try:
                found[node.args[0].value[:40]] = _cut(_literal(node.args[1]))
            except (ValueError, TypeError, ArithmeticError):
                continue
    return found


def _literal(node: ast.AST) -> Any:
    """Return a plain value, or a quotient of two written numbers."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        top, bottom = ast.literal_eval(node.left), ast.literal_eval(node.right)
        return float(top) / float(bottom)
    value = ast.literal_eval(node)  # type: ignore[arg-type]
    return list(value) if isinstance(value, tuple | set) else value
