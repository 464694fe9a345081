"""Hashes and sealed messages: what keeps answers out of plain sight in the bank.

This stops a glance at the files, not a determined search: a short answer can be guessed by
trying every candidate. Functions come from the standard library (RFC 7914 scrypt, SHAKE-256).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_COST = 2**12


def salt_for(identifier: str) -> bytes:
    """Return the public salt of an exercise; fixed by its id so that builds are reproducible."""
    return hashlib.sha256(f"hrd-exercise:{identifier}".encode()).digest()[:16]


def salt_of(entry: Mapping[str, Any]) -> bytes:
    """Return the salt of a bank entry: its own, drawn for one build, or that of its id."""
    own = entry.get("salt")
    return bytes.fromhex(str(own)) if own else salt_for(str(entry["id"]))


def cost_of(entry: Mapping[str, Any]) -> int:
    """Return the scrypt cost n of a bank entry."""
    return int(entry.get("cost", _COST))


def derive(salt: bytes, canonical: str, cost: int = _COST) -> tuple[str, bytes]:
    """Return the look-up tag (24 hex digits) and the 16-byte key of one canonical answer."""
    raw = hashlib.scrypt(canonical.encode(), salt=salt, dklen=28, n=cost, r=8, p=1)
    return raw[:12].hex(), raw[12:]


def _stream(key: bytes, text: bytes) -> bytes:
    pad = hashlib.shake_256(key).digest(len(text))
    return bytes(a ^ b for a, b in zip(text, pad, strict=True))


def seal(key: bytes, text: str) -> str:
    """Return `text` enciphered with `key`, as hex."""
    return _stream(key, text.encode()).hex()


def unseal(key: bytes, blob: str) -> str:
    """Return the text that `seal` enciphered with the same key."""
    return _stream(key, bytes.fromhex(blob)).decode()


def veil_key(salt: bytes, label: str) -> bytes:
    """Return a key anyone can derive: it hides hints and inputs from a glance only."""
    return hashlib.sha256(salt + label.encode()).digest()


@dataclass(frozen=True)
class Finding:
    """What the bank says about one canonical answer."""

    right: bool
    message: str


def build_table(
    salt: bytes, groups: list[tuple[list[str], Finding]], cost: int = _COST
) -> tuple[dict[str, list[object]], list[str]]:
    """Seal the findings of an exercise.

    Parameters
    ----------
    salt : bytes
        Salt of the exercise.
    groups : list of (canonical answers, finding)
        Several canonical answers may share one finding. The first group that lists an
        answer keeps it.
    cost : int
        scrypt's n.

    Returns
    -------
    tuple
        Tag -> [slot, wrapped key], sorted by tag, and the sealed findings by slot. Right and
        wrong answers look alike: the verdict is inside the sealed text, padded to one length.
    """
    texts = [json.dumps({"r": int(f.right), "m": f.message}, ensure_ascii=False) for _, f in groups]
    longest = max((len(t.encode()) for t in texts), default=0)
    keyed: list[tuple[bytes, str, list[str]]] = []
    for (answers, _), text in zip(groups, texts, strict=True):
        key = hashlib.sha256(salt + text.encode() + "\n".join(answers).encode()).digest()[:16]
        padded = text + " " * (longest - len(text.encode()))
        keyed.append((key, seal(key, padded), answers))
    order = sorted(range(len(keyed)), key=lambda i: keyed[i][1])
    table: dict[str, list[object]] = {}
    taken: set[str] = set()
    for index, (key, _, answers) in enumerate(keyed):
        for canonical in answers:
            if canonical in taken:
                continue
            taken.add(canonical)
            tag, own = derive(salt, canonical, cost)
            wrapped = bytes(a ^ b for a, b in zip(key, own, strict=True)).hex()
            table[tag] = [order.index(index), wrapped]
    return dict(sorted(table.items())), [keyed[i][1] for i in order]


def look_up(
    salt: bytes,
    table: dict[str, list[object]],
    sealed: list[str],
    canonical: str,
    cost: int = _COST,
) -> Finding | None:
    """Return what the bank says about `canonical`, or None when it says nothing."""
    tag, own = derive(salt, canonical, cost)
    if tag not in table:
        return None
    slot, wrapped = table[tag]
    key = bytes(a ^ b for a, b in zip(bytes.fromhex(str(wrapped)), own, strict=True))
    found = json.loads(unseal(key, sealed[int(str(slot))]))
    return Finding(bool(found["r"]), str(found["m"]))
