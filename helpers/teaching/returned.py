"""Read what students handed in, without running any of it.

A folder may hold hand-in files, notebooks, sets sent back whole, a student's ``work/``
folder, zip files of all of these, and the downloads of Canvas and Moodle. Links are not
followed, nothing is unpacked to disk, sizes are limited before anything is parsed, and
whatever cannot be read becomes one line; the rest is read.
"""

from __future__ import annotations

import ast
import functools
import io
import json
import os
import re
import stat
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from helpers.exercises.handin import MIME, WHAT
from helpers.store.student_set import MARKER
from helpers.teaching import cutting
from helpers.teaching.places import Place, place_of, without_archives

MOST_FILES: Final = 5_000
MOST_DEEP: Final = 8
MOST_BYTES: Final = {".json": 5_000_000, ".ipynb": 25_000_000, ".zip": 200_000_000}
MOST_UNPACKED: Final = 300_000_000
MOST_ZIPS: Final = 3
MOST_HISTORY: Final = 200
MOST_TEXT: Final = 5_000
_LARGEST: Final = 10**15
# What a computer leaves in folders and archives; no student wrote it.
_SYSTEM: Final = frozenset({"__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini"})
_NOT_READ: Final = "is not a notebook, hand-in file or zip file; not read"

Record = dict[str, Any]


@dataclass
class Returned:
    """What one file says.

    Attributes
    ----------
    file : str
        Where it was found, for the report; "!" stands between an archive and what it holds.
    kind : {"hand-in", "notebook", "unreadable"}
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
    place : Place
        What its folder and file name say of whose it is.
    problem : str
        Why it cannot be read.
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
    place: Place = field(default_factory=Place)
    problem: str = ""


@dataclass
class Inbox:
    """Everything read from a folder, and one line for each thing that was not.

    Attributes
    ----------
    returned : list of Returned
        Files that hold answers or exercises.
    unreadable : list of Returned
        Files that were to hold some and cannot be used, with the reason.
    problems : list of (file, text)
        One line for each file, or archive, of which something is not used.
    files : int
        How many files there are; of an archive, those in it.
    parts : int
        How many of them belong to sets sent back whole and say nothing of their own.
    """

    returned: list[Returned] = field(default_factory=list)
    unreadable: list[Returned] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    files: int = 0
    parts: int = 0


class Unreadable(ValueError):
    """A file that cannot be used; the message is a short sentence."""


class _PartOfSet(Exception):
    """A file of a set that says nothing of its own."""


@dataclass
class _Reader:
    """A folder under way: what was found, and what cannot be told before all of it is."""

    found: list[Returned] = field(default_factory=list)
    sets: dict[str, tuple[str, str]] = field(default_factory=dict)
    troubles: list[tuple[str, str]] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    system: list[str] = field(default_factory=list)
    files: int = 0
    archives: int = 0
    parts: int = 0

    def complain(self, file: str, text: str) -> None:
        self.troubles.append((file, text))

    def full(self, name: str) -> bool:
        """Count one more file; tell whether that is one too many."""
        self.files += 1
        if self.files == MOST_FILES + 1:
            self.complain(name, f"there are more than {MOST_FILES} files; the rest is not read")
        return self.files > MOST_FILES


def read_folder(folder: Path, leave: re.Pattern[str] | None = None) -> Inbox:
    """Return what a folder holds.

    Parameters
    ----------
    folder : Path
    leave : re.Pattern, optional
        Names of files that are ours and nobody's answers.

    Raises
    ------
    KitError
        If it is not a folder that can be read.
    """
    if not folder.is_dir():
        raise cutting.KitError(f"{folder} is not a folder; give the one with the students' files.")
    reader = _Reader()
    for name, path in _walk(folder, reader):
        if leave is not None and leave.fullmatch(name):
            continue
        if reader.full(name):
            break
        try:
            content = _read_limited(path)
        except Unreadable as problem:
            reader.complain(name, str(problem))
            continue
        if suffix_of(path.name) == ".zip":
            _read_zip(name, content, reader, 1, [MOST_UNPACKED])
        else:
            _take(name, content, reader)
    return _inbox(reader)


def _inbox(reader: _Reader) -> Inbox:
    """Return what was found, now that every set's own files can be told from the rest."""
    inbox = Inbox(files=reader.files - reader.archives, parts=reader.parts)
    for name in reader.strange:
        if any(name.startswith(f"{root}/" if root else "") for root in reader.sets):
            inbox.parts += 1
        else:
            reader.complain(name, _NOT_READ)
    for part in reader.found:
        part.place = place_of(part.file)
        root = _root_of(part.file, reader.sets)
        if root is not None:
            key, build = reader.sets[root]
            part.key, part.build = part.key or key, part.build or build
    inbox.returned = reader.found
    inbox.unreadable = [
        Returned(file, "unreadable", place=place_of(file), problem=text)
        for file, text in reader.troubles
        if suffix_of(file) in MOST_BYTES or text == _NOT_READ
    ]
    if reader.system:
        said = ", ".join(dict.fromkeys(PurePosixPath(without_archives(n)).name
                                       for n in reader.system[:3]))  # fmt: skip
        count = len(reader.system)
        are = "is a file" if count == 1 else f"are {count} files"
        reader.complain(reader.system[0], f"{are} that a computer leaves behind ({said}); not read")
    inbox.problems = _one_line_an_archive(reader.troubles)
    return inbox


def _root_of(file: str, sets: dict[str, tuple[str, str]]) -> str | None:
    fitting = [root for root in sets if file.startswith(f"{root}/") or not root]
    return max(fitting, key=len, default=None)


def _one_line_an_archive(troubles: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the lines with those of one archive made into one."""
    by: dict[str, list[tuple[str, str]]] = {}
    for file, text in troubles:
        archive, _, inside = file.partition("!")
        by.setdefault(archive, []).append((inside, text))
    lines = []
    for file, said in by.items():
        said.sort(key=lambda line: line[0] != "")  # first what ended the reading
        told = [f"{inside} {text}" if inside else text for inside, text in said]
        if len(told) > 1:
            more = f"; and {len(told) - 3} more" if len(told) > 3 else ""
            told = [f"{len(told)} things in it are not used: {'; '.join(told[:3])}{more}"]
        lines.append((file, told[0]))
    return lines


def suffix_of(name: str) -> str:
    """Return the suffix that says what a file is; mail programs add ".txt" to some."""
    path = PurePosixPath(name.casefold())
    inner = PurePosixPath(path.stem).suffix
    return inner if path.suffix == ".txt" and inner in (".json", ".ipynb") else path.suffix


def _walk(
    folder: Path, reader: _Reader, deep: int = 0, before: str = ""
) -> Iterator[tuple[str, Path]]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda e: e.name)
    except OSError as error:
        reader.complain(before or folder.name, f"cannot be read ({error.strerror})")
        return
    for entry in entries:
        name = f"{before}{printable(entry.name)}"
        if _left_behind(entry.name):
            reader.system.append(name)
        elif entry.is_symlink():
            reader.complain(name, "is a link; links are not followed")
        elif entry.is_dir(follow_symlinks=False):
            if deep >= MOST_DEEP:
                reader.complain(name, "lies too deep; put the files higher")
            else:
                yield from _walk(Path(entry.path), reader, deep + 1, f"{name}/")
        elif not stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
            reader.complain(name, "is not a file")
        elif suffix_of(entry.name) not in MOST_BYTES:
            reader.files += 1
            reader.strange.append(name)
        else:
            yield name, Path(entry.path)


def _left_behind(name: str) -> bool:
    return name.startswith(".") or name in _SYSTEM


def printable(name: str) -> str:
    """Return a text on one line without anything that a page or terminal might act on."""
    plain = name.encode("utf-8", "replace").decode("utf-8").replace("!", "\uff01")
    return "".join(c if c.isprintable() else "?" for c in plain)[:200]


def _too_large(size: int) -> str:
    return f"has {size / 1e6:.0f} MB, too large for what it should hold; not read, not run"


def _read_limited(path: Path) -> bytes:
    limit = MOST_BYTES[suffix_of(path.name)]
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


def _read_zip(name: str, content: bytes, reader: _Reader, deep: int, left: list[int]) -> None:
    """Read an archive; `left` holds how many bytes may still come out of the outermost one."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
    except Exception:  # whatever an archive made by hand brings about
        reader.complain(name, "is not a zip file that can be opened")
        return
    reader.archives += 1
    used = 0
    for member in members:
        inside = f"{name}!{printable(member.filename)}"
        parts = PurePosixPath(member.filename.replace("\\", "/"))
        if member.is_dir():
            continue
        if reader.full(inside):
            return
        used += 1
        if any(_left_behind(part) for part in parts.parts if part != ".."):
            reader.system.append(inside)
            continue
        if parts.is_absolute() or ".." in parts.parts or ":" in member.filename:
            reader.complain(inside, "has a name that points outside its zip file; not read")
            continue
        suffix = suffix_of(parts.name)
        if suffix not in MOST_BYTES:
            reader.strange.append(inside)
            continue
        if suffix == ".zip" and deep >= MOST_ZIPS:
            reader.complain(inside, "is a zip file inside too many others; not opened")
            continue
        try:
            # What the archive says of its sizes may be false, so what comes out is counted.
            with archive.open(member) as packed:
                out = packed.read(min(MOST_BYTES[suffix], left[0]) + 1)
        except Exception:  # zlib and lzma raise errors of their own
            reader.complain(inside, "is damaged or locked with a password")
            continue
        left[0] -= len(out)
        if left[0] < 0:
            reader.complain(name, "unpacks to more than it should hold; the rest is not read")
            return
        if len(out) > MOST_BYTES[suffix]:
            most = MOST_BYTES[suffix] / 1e6
            reader.complain(inside, f"unpacks to more than {most:.0f} MB; not read, not run")
        elif suffix == ".zip":
            _read_zip(inside, out, reader, deep + 1, left)
        else:
            _take(inside, out, reader)
    if not used:
        reader.complain(name, "is an empty zip file")


def _take(name: str, content: bytes, reader: _Reader) -> None:
    """Read one file; whatever is wrong with it ends here, as one line."""
    try:
        reader.found.append(_read(name, content, reader))
    except _PartOfSet:
        reader.parts += 1
    except Unreadable as problem:
        reader.complain(name, str(problem))
    except (RecursionError, MemoryError):
        reader.complain(name, "is too deep or too large to be read")
    except Exception as error:  # a file nobody thought of must not end the report
        reader.complain(name, f"is not built like a file of the suite ({type(error).__name__})")


def _read(name: str, content: bytes, reader: _Reader) -> Returned:
    if not content.strip():
        raise Unreadable("is empty")
    try:
        tree = json.loads(content.decode(json.detect_encoding(content)))
    except UnicodeDecodeError:
        raise Unreadable("is not text in UTF-8") from None
    except RecursionError:
        raise Unreadable("is nested too deep to be read") from None
    except ValueError:
        raise Unreadable("is cut off or damaged: it cannot be read as JSON") from None
    if not isinstance(tree, dict):
        raise Unreadable("is neither a hand-in file nor a notebook")
    if _word(tree.get("what")) == "hrd student set" and name.endswith(MARKER):
        root = name[: -len(MARKER)].rstrip("/!")
        reader.sets[root] = (_word(tree.get("key")), _word(tree.get("build")))
        raise _PartOfSet
    if isinstance(tree.get("cells"), list):
        return _notebook(name, tree)
    if isinstance(tree.get("answers"), dict):
        return _handin(name, tree)  # also a store of answers, and what export_answers writes
    if tree.get("what") == WHAT:
        raise Unreadable("holds no answers")
    if isinstance(tree.get("exercises"), dict) or isinstance(tree.get("settings"), dict):
        raise _PartOfSet
    if isinstance(tree.get("worksheets"), list):
        raise Unreadable("is a notebook of an old form; open it in JupyterLab and save it once")
    raise Unreadable("is neither a hand-in file nor a notebook")


def _word(value: Any, most: int = 80) -> str:
    return plain_text(" ".join(value.split()))[:most] if isinstance(value, str) else ""


def plain_text(text: str) -> str:
    """Return a text in one Unicode form, without marks that cannot be seen."""
    kept = text.encode("utf-8", "replace").decode("utf-8")
    kept = "".join(
        c if c.isprintable() or c == "\n" else " " if unicodedata.category(c) != "Cf" else ""
        for c in kept
    )
    return unicodedata.normalize("NFC", kept)


def _handin(name: str, tree: dict[str, Any]) -> Returned:
    return Returned(
        name,
        "hand-in",
        _word(tree.get("key")),
        _word(tree.get("name")),
        _word(tree.get("build")),
        _word(tree.get("made"), 40),
        answers=clean_answers(tree["answers"]),
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
        kept[_word(str(key), 40)] = {
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
    if isinstance(value, int) and abs(value) > _LARGEST:
        # Python refuses to write out numbers of some thousand digits.
        return f"a number of about {int(value.bit_length() * 0.30103) + 1} digits"
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return _whole(value[:MOST_TEXT])
    if isinstance(value, list):
        return [str("a list" if isinstance(v, list) else _cut(v))[:500] for v in value[:50]]
    return f"a {type(value).__name__}"


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
        source = _source(cell)
        found.sources.append(source)
        for function, identifier in cutting.exercise_calls(source):
            if function != "reveal":
                found.calls[identifier] = found.calls.get(identifier, 0) + 1
        found.written |= written_answers(source)
        outputs = cell.get("outputs")
        for output in outputs if isinstance(outputs, list) else []:
            _embedded(output, found)
    if not found.calls and not found.answers:
        raise Unreadable("holds no exercise of the suite")
    return found


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source")
    if isinstance(source, list):
        source = "".join(str(line) for line in source)
    return _whole(source[:200_000]) if isinstance(source, str) else ""


def _whole(text: str) -> str:
    """Return a text that can be written: half of a surrogate pair cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")


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


def _parsed(source: str) -> ast.Module | None:
    if "check" not in source and "predict" not in source:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a wrong escape in a student's text is no matter here
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


@functools.lru_cache(maxsize=4096)
def written_answers(source: str) -> dict[str, Any]:
    """Return answers that stand in a source as plain values: `check("01.2", 0.5)`.

    The source is parsed, never run; a call whose answer is computed says nothing here.
    """
    tree = _parsed(source)
    found: dict[str, Any] = {}
    for node in ast.walk(tree) if tree else ():
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"check", "predict"}
            and len(node.args) == 2
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        ):
            try:
                found[_word(node.args[0].value, 40)] = _cut(_literal(node.args[1]))
            except (ValueError, TypeError, ArithmeticError, RecursionError, MemoryError):
                continue
    return found


def _literal(node: ast.AST) -> Any:
    """Return a plain value, or a quotient of two written numbers."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        top, bottom = ast.literal_eval(node.left), ast.literal_eval(node.right)
        return float(top) / float(bottom)
    value = ast.literal_eval(node)  # type: ignore[arg-type]
    return list(value) if isinstance(value, tuple | set) else value
