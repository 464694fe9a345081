"""Seal exercises for a student's set: the bank that `assign` hands out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from helpers.exercises import grading, reading
from helpers.exercises.seal import (
    COST,
    Entry,
    Finding,
    cost_of,
    derive,
    salt_of,
    stream,
    veil_key,
)
from helpers.exercises.table import (
    Solution,
    SolutionError,
    accepted_of,
    arguments_of,
    groups_of,
    public_entry,
)


@dataclass(frozen=True)
class Sealing:
    """How an entry is sealed for students.

    Attributes
    ----------
    salt : bytes
        Salt of the exercise, drawn for one build; empty for the salt of its id.
    cost : int
        scrypt's n; 0 for the usual.
    show_solution : bool
        Whether the form may show the solution after the hints.
    """

    salt: bytes = b""
    cost: int = 0
    show_solution: bool = False


def make_entry(item: Solution, sealing: Sealing = Sealing()) -> Entry:
    """Return the sealed entry of one exercise.

    Raises
    ------
    SolutionError
        When an answer or a catalogued wrong answer does not fit the exercise.
    """
    try:
        return _make_entry(item, sealing)
    except reading.UnreadableAnswer as error:
        raise SolutionError(f"{item.identifier}: {error}") from error


def _make_entry(item: Solution, sealing: Sealing) -> Entry:
    fields = item.fields
    entry = public_entry(item)
    entry |= {"salt": sealing.salt.hex()} if sealing.salt else {}
    entry |= {"cost": sealing.cost} if sealing.cost else {}
    salt = salt_of(entry)

    def veil(label: str, text: str) -> str:
        return seal(veil_key(salt, label), text)

    entry["hints"] = [veil("hints", hint) for hint in fields.get("hints", [])]
    if "truth" in fields:
        entry["truth"] = veil("truth", json.dumps(fields["truth"]))
    groups = groups_of(item, entry)
    if not groups:
        return entry
    if sealing.show_solution:
        entry["solution"] = veil("solution", solution_text(item))
    if item.kind == "code":
        entry["inputs"] = veil("inputs", repr(arguments_of(item)))
        entry["fails"] = {str(i): veil(f"fails{i}", m) for i, m in fields.get("wrong", {}).items()}
    entry["table"], entry["sealed"] = build_table(salt, groups, cost_of(entry))
    return entry


def solution_text(item: Solution) -> str:
    """Return the solution of a scored exercise in words, as a learner may be shown it."""
    fields = item.fields
    answer = accepted_of(item)
    if item.kind == "number":
        unit = fields.get("unit") or ""
        text = f"{grading.number_text(float(fields['answer']))} {unit}".strip()
    elif item.kind == "ordering":
        text = ", then ".join(str(a) for a in answer)
    elif item.kind == "multiple":
        text = "; ".join(str(a) for a in answer)
    else:
        text = str(answer[0])
    explanation = fields.get("explanation", "")
    return f"{text}\n{explanation}" if explanation else text


def seal(key: bytes, text: str) -> str:
    """Return `text` enciphered with `key`, as hex."""
    return stream(key, text.encode()).hex()


def build_table(
    salt: bytes, groups: list[tuple[list[str], Finding]], cost: int = COST
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
