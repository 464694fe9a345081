"""Look through a student's set for what only the instructor is to see.

Every file is read, archives too; of a notebook every text in it: sources, outputs,
metadata, attachments. `assign` runs this over what it made before it hands it over.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from helpers.exercises.table import Solution

_CALL = re.compile(r"\bsolution\s*\(\s*[\"'f]")
_PUBLIC: Final = frozenset(
    {"options", "tolerance", "decimals", "n_tests", "level", "kind", "id", "notebook", "cost"}
)
"""Fields of a bank entry whose numbers and options are shown to the learner anyway."""
_SHORTEST: Final = 12


def sentences_of(item: Solution) -> list[str]:
    """Return the texts of a solution that may stand nowhere in a student's set."""
    fields = item.fields
    texts = [*fields.get("wrong", {}).values(), *fields.get("hints", [])]
    texts += [fields[k] for k in ("explanation", "discussion") if fields.get(k)]
    texts += fields.get("rubric", [])
    if fields.get("truth") not in fields.get("options", []):
        texts.append(fields.get("truth", ""))
    answer = fields.get("answer")
    if item.kind == "code":
        texts.append(str(answer))
    elif item.kind in {"multiple", "ordering"}:
        texts += [json.dumps(answer, ensure_ascii=False), repr(answer)]
    kept = [_plain(str(t)) for t in texts]
    return [t for t in kept if len(t) >= _SHORTEST]


def _answers(item: Solution) -> list[str]:
    """Return short answers that may not stand in the bank as a value of their own."""
    answer = item.fields.get("answer")
    if item.kind in {"number", "choice"}:
        return [_plain(str(answer))]
    if item.kind == "text":
        return [_plain(str(a)) for a in (answer if isinstance(answer, list) else [answer])]
    return []


def find_leaks(folder: Path, items: Sequence[Solution]) -> list[str]:
    """Return one line for each leak in the files under a folder."""
    sentences = [(item.identifier, text) for item in items for text in sentences_of(item)]
    answers: dict[str, list[str]] = {}
    for item in items:
        answers.setdefault(item.identifier, []).extend(_answers(item))
    known: dict[tuple[str, str], list[str]] = {}
    found = []
    for name, content in _files(folder):
        for asked in _texts(name, content):
            if asked not in known:  # most texts are the same in every student's set
                known[asked] = _in_text(asked[1], sentences, answers.get(asked[0], []))
            found += [f"{name}: {asked[0]} {line}" for line in known[asked]]
    return found


def _in_text(text: str, sentences: list[tuple[str, str]], answers: list[str]) -> list[str]:
    plain = _plain(text)
    found = ["a call of solution()"] if _CALL.search(text) else []
    found += [f"shows of {owner}: {secret[:50]}" for owner, secret in sentences if secret in plain]
    found += [
        f"shows the answer {secret[:50]}"
        for secret in answers
        if secret in plain and re.search(rf"(?<![\w.]){re.escape(secret)}(?![\w.]*\w)", plain)
    ]
    return found


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield from _unpacked(str(path.relative_to(folder)), path.read_bytes())


def _unpacked(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from _unpacked(f"{name}!{member}", archive.read(member))


def _texts(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """Yield (exercise, text) of one file: the whole of it or, of JSON, each text and key.

    The exercise is named only where a text stands in its entry of a bank.
    """
    yield "", name
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        yield "", content.decode("latin-1")
        return
    tree = None
    if name.endswith((".json", ".ipynb")):
        with contextlib.suppress(ValueError):
            tree = json.loads(text)
    if tree is None:
        yield "", text
        return
    bank = tree.get("exercises") if isinstance(tree, dict) else None
    for identifier, entry in bank.items() if isinstance(bank, dict) else ():
        for key, leaf in _leaves(entry):
            # Under a tag of the table stand a slot number and hexadecimal digits only.
            if key not in _PUBLIC and not re.fullmatch(r"[0-9a-f]{24}", key):
                yield str(identifier), leaf
    for _, leaf in _leaves(tree):
        yield "", leaf


def _leaves(tree: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield "key", str(name)
            yield from _leaves(value, str(name))
    elif isinstance(tree, list):
        if tree and all(isinstance(part, str) for part in tree):
            yield key, "".join(tree)
            if key != "options":
                yield key, json.dumps(tree, ensure_ascii=False)
        for value in tree:
            yield from _leaves(value, key)
    else:
        text = str(tree)
        yield key, text
        hidden = _decoded(text)
        if hidden:
            yield key, hidden


def _decoded(text: str) -> str:
    """Return the text that a longer base64 value holds, such as an attachment."""
    if len(text) < 16 or not re.fullmatch(r"[A-Za-z0-9+/\s]+={0,2}", text):
        return ""
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""
