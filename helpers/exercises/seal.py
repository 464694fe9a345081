"""Hashes and sealed messages: what keeps answers out of plain sight in a student's set.

In the suite itself an entry is plain and its `findings` are looked up as they are. Sealing
stops a glance at the files, not a determined search: a short answer can be guessed by trying
every candidate. Functions come from the standard library (RFC 7914 scrypt, SHAKE-256).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

COST = 2**12

Entry = dict[str, Any]


def salt_for(identifier: str) -> bytes:
    """Return the public salt of an exercise; fixed by its id so that builds are reproducible."""
    return hashlib.sha256(f"hrd-exercise:{identifier}".encode()).digest()[:16]


def salt_of(entry: Mapping[str, Any]) -> bytes:
    """Return the salt of a bank entry: its own, drawn for one build, or that of its id."""
    own = entry.get("salt")
    return bytes.fromhex(str(own)) if own else salt_for(str(entry["id"]))


def cost_of(entry: Mapping[str, Any]) -> int:
    """Return the scrypt cost n of a bank entry."""
    return int(entry.get("cost", COST))


def derive(salt: bytes, canonical: str, cost: int = COST) -> tuple[str, bytes]:
    """Return the look-up tag (24 hex digits) and the 16-byte key of one canonical answer."""
    raw = hashlib.scrypt(canonical.encode(), salt=salt, dklen=28, n=cost, r=8, p=1)
    return raw[:12].hex(), raw[12:]


def stream(key: bytes, text: bytes) -> bytes:
    """Return `text` enciphered with `key`, or the text again when it was."""
    pad = hashlib.shake_256(key).digest(len(text))
    return bytes(a ^ b for a, b in zip(text, pad, strict=True))


def unseal(key: bytes, blob: str) -> str:
    """Return the text that was sealed with the same key, as hex."""
    return stream(key, bytes.fromhex(blob)).decode()


def veil_key(salt: bytes, label: str) -> bytes:
    """Return a key anyone can derive: it hides hints and inputs from a glance only."""
    return hashlib.sha256(salt + label.encode()).digest()


@dataclass(frozen=True)
class Finding:
    """What the bank says about one canonical answer."""

    right: bool
    message: str


def is_plain(entry: Entry) -> bool:
    """Tell whether an entry comes from the exercises as written, not from a student's set."""
    return "findings" in entry


def veiled(entry: Entry, label: str, kept: str) -> str:
    """Return a part of an entry that a glance is not to show, such as a hint."""
    if is_plain(entry):
        return kept
    return unseal(veil_key(salt_of(entry), label), kept)


def look_up(entry: Entry, canonical: str) -> Finding | None:
    """Return what an entry says about a canonical answer, or None when it says nothing."""
    if is_plain(entry):
        found = entry["findings"].get(canonical)
        return None if found is None else Finding(*found)
    tag, own = derive(salt_of(entry), canonical, cost_of(entry))
    if tag not in entry["table"]:
        return None
    slot, wrapped = entry["table"][tag]
    key = bytes(a ^ b for a, b in zip(bytes.fromhex(str(wrapped)), own, strict=True))
    said = json.loads(unseal(key, entry["sealed"][int(str(slot))]))
    return Finding(bool(said["r"]), str(said["m"]))
