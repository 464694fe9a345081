"""Returned files changed at random: bytes, cuts, and odd values in the place of others."""

from __future__ import annotations

import json
import random
from typing import Any

from tests.teaching import returns

ODD: tuple[Any, ...] = (
    None, 5, -0.0, 1e308, float("nan"), float("inf"), True, [], {}, [[[]]], "", "\ud83d", "\x00",
    "=1+1", "<b>", "x" * 6000, 10**400, {"a": None}, ["a", 1, None], "\u202eabc", "2030-13-45",
    "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
)  # fmt: skip


def leaves(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path to every value in a tree."""
    found = [path] if path else []
    if not isinstance(tree, dict | list):
        return found
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        found += leaves(value, (*path, key))
    return found


def odd_value(text: str, dice: random.Random) -> bytes:
    tree = json.loads(text)
    for _ in range(dice.choice((1, 1, 2, 5))):
        places = leaves(tree)
        if not places:
            break
        *way, last = dice.choice(places)
        spot = tree
        for step in way:
            spot = spot[step]
        kind = dice.random()
        if isinstance(spot, dict) and kind < 0.15:
            spot[str(dice.choice(ODD))] = spot.pop(last)
        elif isinstance(spot, dict) and kind < 0.3:
            del spot[last]
        else:
            spot[last] = dice.choice(ODD)
    return json.dumps(tree).encode()


def torn(content: bytes, dice: random.Random) -> bytes:
    made = bytearray(content)
    for _ in range(dice.choice((1, 3, 20))):
        if not made:
            break
        place = dice.randrange(len(made))
        kind = dice.random()
        if kind < 0.5:
            made[place] = dice.randrange(256)
        elif kind < 0.7:
            del made[place : place + dice.randrange(1, 40)]
        elif kind < 0.9:
            made[place:place] = made[: dice.randrange(40)]
        else:
            del made[place:]
    return bytes(made)


def mutants(seed: int, count: int) -> dict[str, bytes]:
    """Return so many files by name, made of the sixty returns."""
    dice = random.Random(seed)
    sources = [(name, content) for case in returns.CASES for name, content in case.files
               if len(content) < 60_000]  # fmt: skip
    made = {}
    for number in range(count):
        name, content = dice.choice(sources)
        raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        try:
            mixed = isinstance(content, str) and dice.random() < 0.7
            raw = odd_value(str(content), dice) if mixed else torn(raw, dice)
        except (ValueError, RecursionError):
            raw = torn(raw, dice)
        folder, _, own = name.rpartition("/")
        inside = f"{folder or 'm'}{number % 7}/" if dice.random() < 0.5 else ""
        made[f"{inside}{number}{own}"] = raw
    return made
