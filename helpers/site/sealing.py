"""Exercises as a page carries them: answers sealed so that a browser can open what it is given.

As in a student's set, with a derivation that browsers have: PBKDF2 with SHA-256 (RFC 8018)
instead of scrypt, and SHA-256 in counter mode instead of SHAKE. It stops a glance at the
page, not a determined search.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from helpers.exercises import grading, reading
from helpers.exercises.learner import _with_unit
from helpers.exercises.seal import Entry, salt_for
from helpers.exercises.table import Solution, groups_of, plain_entry, public_entry
from helpers.exercises.widgets import fields_of

COST: Final = 2000
"""Rounds of PBKDF2; a browser needs a few milliseconds for a check."""


_PUBLIC: Final = (
    "id", "kind", "unit", "options", "partial", "entry", "tolerance", "most", "between",
)  # fmt: skip


def rules() -> dict[str, Any]:
    """Return the tables by which answers are read, for the pages' own reader."""
    return {
        "percent": sorted(reading.PERCENT_UNITS),
        "points": sorted(reading.POINT_UNITS),
        "signs": reading._SIGNS,
        "units": reading._UNITS,
        "words": reading._WORDS,
        "counted": grading._COUNTED,
    }


def derive(salt: bytes, canonical: str) -> tuple[str, bytes]:
    """Return the look-up tag (24 hex digits) and the 16-byte key of one canonical answer."""
    raw = hashlib.pbkdf2_hmac("sha256", canonical.encode(), salt, COST, 28)
    return raw[:12].hex(), raw[12:]


def stream(key: bytes, text: bytes) -> bytes:
    """Return `text` enciphered with `key`, or the text again when it was."""
    blocks = -(-len(text) // 32)
    pad = b"".join(hashlib.sha256(key + i.to_bytes(4, "big")).digest() for i in range(blocks))
    return bytes(a ^ b for a, b in zip(text, pad, strict=False))


def veiled(salt: bytes, label: str, text: str) -> str:
    """Return a text that a glance at the page is not to show, as hex."""
    return stream(hashlib.sha256(salt + label.encode()).digest(), text.encode()).hex()


def sealed_entry(item: Solution) -> Entry:
    """Return one exercise as its page carries it.

    Raises
    ------
    SolutionError, reading.UnreadableAnswer
        When an answer does not fit the exercise.
    """
    entry, plain = public_entry(item), plain_entry(item)
    salt = salt_for(item.identifier)
    out: dict[str, Any] = {
        **{k: entry[k] for k in _PUBLIC if k in entry},
        "salt": salt.hex(),
        "cost": COST,
        "checked": grading.checked_sentence(entry),
        "general": grading.general_message(item.kind) if groups_of(item, entry) else "",
        "fields": fields_of(entry),
        "hints": [veiled(salt, "hints", hint) for hint in grading.hints_of(plain)],
    }
    if item.kind == "number":
        out["places"] = reading.grid_places(entry["tolerance"], entry.get("decimals"))
    if "options" in entry:
        # Looked up by their folded form, which Python alone writes.
        folded = [reading.fold(option) for option in entry["options"]]
        out["folded"] = folded
        out["quoted"] = [json.dumps(text) for text in folded]
    if item.kind == "code":
        return out
    table: dict[str, list[str]] = {}
    slots: list[str] = []
    groups = [(forms, finding) for forms, finding in groups_of(item, entry)]
    for forms, finding in groups:
        said = json.dumps({"r": finding.right, "m": finding.message}, ensure_ascii=False)
        key = hashlib.sha256(salt + said.encode() + str(len(slots)).encode()).digest()[:16]
        for form in forms:
            tag, own = derive(salt, form)
            wrapped = bytes(a ^ b for a, b in zip(key, own, strict=True)).hex()
            table.setdefault(tag, [str(len(slots)), wrapped])
        slots.append(stream(key, said.encode()).hex())
    # In an order that does not tell which is the right one.
    places = sorted(range(len(slots)), key=lambda i: hashlib.sha256(slots[i].encode()).digest())
    moved = {str(old): str(new) for new, old in enumerate(places)}
    out["sealed"] = [slots[i] for i in places]
    out["table"] = {tag: [moved[slot], key] for tag, (slot, key) in sorted(table.items())}
    return out


def found_text(entry: Entry, found: Any) -> str:
    """Return what is revealed beside a prediction, veiled; empty when nothing is known.

    Parameters
    ----------
    entry : dict
        The prediction, plain.
    found : object
        What the notebook computed, or None for what the exercise says.
    """
    value = grading.truth_of(entry) if found is None else found
    if value is None:
        return ""
    value = value.item() if hasattr(value, "item") else value
    return veiled(salt_for(entry["id"]), "found", _with_unit(value, entry.get("unit") or ""))
