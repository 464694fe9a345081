"""What the path of a returned file says of whose it is: Canvas, Moodle, folders, archives.

Canvas names each file ``lastfirst_USER_SUBMISSION_name`` (with ``LATE`` after the name when
it is); Moodle makes a folder, or the beginning of a name, ``Full Name_NUMBER_assignsubmission_
file``. Elsewhere the innermost folder or archive that is not a part of a set is taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

_MOODLE: Final = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(file|onlinetext)_?")
_CANVAS: Final = re.compile(
    r"(?P<name>[^\W_][^_\s/]*)_(?P<late>LATE_)?(?P<id>\d+)_\d+_(?P<rest>.+)", re.IGNORECASE
)
# Folders of a set, whoever has it: with the marks that browsers and systems add to a copy.
_OF_A_SET: Final = re.compile(
    r"(common|work|bank|data|cohort|students|notebooks|[2-9A-HJ-NP-Z]{8})"
    r"([ _-]*(\(\d+\)|copy|\d+))*(\.zip)?"
)
_KEY: Final = re.compile(r"handin_(?P<key>[2-9A-HJ-NP-Z]{8})(\s*\(\d+\))?\.json")
_SAYS_NOTHING: Final = re.compile(
    r"(answers|answers[-_]export|export|handin|settings)([-_ (]*\d+\)?)?"
)


@dataclass(frozen=True)
class Place:
    """What a path says.

    Attributes
    ----------
    platform : str
        "Canvas", "Moodle", or nothing.
    label : str
        Name of a person, a folder or an archive; may be empty.
    ident : str
        The platform's number of the person (Canvas) or of the submission (Moodle).
    late : bool
        Whether the platform says so.
    unit : str
        The part of the path that files of one student have in common; empty for a file that
        lies in the open folder.
    set_folder : str
        The part of the path down to a folder of a set, or `unit`.
    key : str
        The key that the file's own name carries.
    stem : str
        The file's own name without suffix and without "handin".
    """

    platform: str = ""
    label: str = ""
    ident: str = ""
    late: bool = False
    unit: str = ""
    set_folder: str = ""
    key: str = ""
    stem: str = ""


def without_archives(file: str) -> str:
    """Return a path in which an archive is a folder."""
    return file.replace("!", "/")


def place_of(file: str) -> Place:
    """Return what a path says; "!" stands between an archive and what it holds."""
    parts = PurePosixPath(without_archives(file)).parts
    *folders, own = parts or ("",)
    found = _KEY.fullmatch(own)
    key = found.group("key") if found else ""
    stem = _stem(own)
    for number, part in enumerate(parts):
        moodle = _MOODLE.match(part)
        if moodle:
            unit = "/".join([*parts[:number], moodle.group(0).rstrip("_")])
            return Place("Moodle", moodle["name"], moodle["id"], False, unit, unit, key, stem)
        canvas = _CANVAS.fullmatch(part)
        if canvas:
            unit = "/".join([*parts[:number], f"{canvas['name']}_{canvas['id']}"])
            if number == len(parts) - 1:
                stem = _stem(canvas["rest"])
            late = bool(canvas["late"])
            return Place("Canvas", canvas["name"], canvas["id"], late, unit, unit, key, stem)
    own_folder = next(
        (n for n in reversed(range(len(folders))) if not _OF_A_SET.fullmatch(folders[n])), -1
    )
    depth = own_folder + 1
    set_depth = depth + 1 if depth < len(folders) else depth
    unit, set_folder = "/".join(folders[:depth]), "/".join(folders[:set_depth])
    label = re.sub(r"\.zip$", "", folders[own_folder], flags=re.IGNORECASE) if depth else ""
    return Place("", label, "", False, unit, set_folder, key, stem)


def _stem(name: str) -> str:
    plain = re.sub(r"\.(json|ipynb|zip|txt)", "", name, flags=re.IGNORECASE)
    plain = re.sub(r"^handin[_-]", "", re.sub(r"(\s*\(\d+\))+$", "", plain))
    return "" if _SAYS_NOTHING.fullmatch(plain) else plain


# Names ----------------------------------------------------------------------------------------


def fold(name: str) -> str:
    """Return a name as it is compared: one Unicode form, no capitals, no invisible marks."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    kept = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    return " ".join(unicodedata.normalize("NFC", kept).split())


def words(name: str) -> frozenset[str]:
    """Return the words of a name without accents; "Doe, Joan" and "joan-doe" have the same."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", fold(name))
                    if not unicodedata.combining(c))  # fmt: skip
    return frozenset(re.findall(r"\w+", plain.replace("_", " ").replace("'", "")))


def run_together(name: str) -> set[str]:
    """Return the forms in which Canvas may write a name: its words joined, from any of them."""
    comma = [part for part in fold(name).split(",") if part.strip()]
    listed = [w for part in comma for w in re.findall(r"\w+", part.replace("'", ""))]
    turns = [listed[n:] + listed[:n] for n in range(len(listed))]
    return {"".join(turn) for turn in turns}


def share_a_word(first: str, others: Iterable[str]) -> bool:
    """Tell whether a name has a word, or a word run together, in common with one of others."""
    mine = words(first)
    joined = "".join(sorted(mine))
    for other in others:
        theirs = words(other)
        if mine & theirs or any(len(w) > 2 and (w in joined or joined in w) for w in theirs):
            return True
    return False
