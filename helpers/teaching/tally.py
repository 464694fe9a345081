"""Count answers, in an order and number of bars that can be read; draw them as a picture."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Any, Final

from helpers.exercises import grading
from helpers.exercises.reading import UnreadableAnswer, parse_number
from helpers.teaching.course import say

MOST_BARS: Final = 12
_ROW, _LABEL, _BAR = 15, 190, 150


def number_of(value: object) -> float | None:
    """Return an answer as a number, or None."""
    try:
        found = parse_number(value, "%")
    except (UnreadableAnswer, OverflowError):
        return None
    return found if math.isfinite(found) else None


def number_bars(numbers: Sequence[float], unit: str = "") -> list[tuple[str, int]]:
    """Return (label, count) of numbers in order, in at most twelve bars."""
    edges = _edges(numbers)
    if len(set(numbers)) > MOST_BARS:
        return _filled(edges, unit)
    return [(_label(edge, unit), n) for edge, n in sorted(Counter(edges).items())]


def _edges(numbers: Sequence[float]) -> list[tuple[float, float]]:
    """Return, for each number, the bar it falls into: from, to."""
    if len(set(numbers)) <= MOST_BARS:
        return [(v, v) for v in numbers]
    low, high = min(numbers), max(numbers)
    width = next(
        step * 10.0**power
        for power in range(-9, 300)
        for step in (1, 2, 5)
        if (high - low) / (step * 10.0**power) <= MOST_BARS - 2
    )
    return [(v // width * width, (v // width + 1) * width) for v in numbers]


def _filled(edges: list[tuple[float, float]], unit: str) -> list[tuple[str, int]]:
    low, high = min(edges)[0], max(edges)[0]
    width = edges[0][1] - edges[0][0]
    count = Counter(round(low_ / width) for low_, _ in edges)
    return [
        (_label((n * width, (n + 1) * width), unit), count.get(n, 0))
        for n in range(round(low / width), round(high / width) + 1)
    ]


def _label(edge: tuple[float, float], unit: str) -> str:
    tail = f" {unit}" if unit else ""
    low, high = (grading.number_text(v) for v in edge)
    return f"{low}{tail}" if low == high else f"{low} to {high}{tail}"


def pairs(before: Sequence[Any], after: Sequence[Any]) -> list[tuple[str, int, int]]:
    """Return (answer, count before, count after) of two votes on one question."""
    given = [v for v in (*before, *after) if say(v).strip()]
    numbers = [number_of(v) for v in given]
    if given and all(n is not None for n in numbers):
        edges = dict(zip([say(v) for v in given], _edges([n for n in numbers if n is not None]),
                         strict=True))  # fmt: skip
        told = {k: _label(v, "") for k, v in edges.items()}
        order = list(dict.fromkeys(_label(v, "") for v in sorted(edges.values())))
    else:
        told = {say(v): say(v) for v in given}
        order = [k for k, _ in Counter(say(v) for v in given).most_common(MOST_BARS)]
    counts = [Counter(told[say(v)] for v in votes if say(v).strip()) for votes in (before, after)]
    return [(label, counts[0][label], counts[1][label]) for label in order]


def bars(
    rows: Sequence[tuple[str, int, str]], said: str, second: Sequence[int] | None = None
) -> str:
    """Return horizontal bars as SVG.

    Parameters
    ----------
    rows : sequence of (label, count, color)
        From top to bottom.
    said : str
        What the picture shows, for those who do not see it.
    second : sequence of int, optional
        Counts to draw below each bar, in outline.
    """
    if not rows:
        return ""
    most = max([n for _, n, _ in rows] + list(second or []) + [1])
    step = _ROW + (9 if second else 0)
    parts = []
    for place, (label, count, color) in enumerate(rows):
        top = place * step
        short = label if len(label) <= 30 else f"{label[:29]}…"
        parts.append(
            f'<text x="{_LABEL - 6}" y="{top + 11}" text-anchor="end">{escape(short)}</text>'
            f'<rect x="{_LABEL}" y="{top + 2}" width="{_BAR * count / most:.1f}" height="10" '
            f'fill="{color}"/>'
            f'<text x="{_LABEL + _BAR * count / most + 4:.1f}" y="{top + 11}">{count}</text>'
        )
        if second:
            width = _BAR * second[place] / most
            parts.append(
                f'<rect x="{_LABEL}.5" y="{top + 13}.5" width="{width:.1f}" height="7" '
                f'fill="none" stroke="{color}"/>'
                f'<text x="{_LABEL + width + 4:.1f}" y="{top + 21}">{second[place]}</text>'
            )
    high, wide = len(rows) * step + 2, _LABEL + _BAR + 40
    return (
        f'<svg role="img" aria-label="{escape(said, quote=True)}" viewBox="0 0 {wide} {high}" '
        f'width="{wide}" height="{high}">{"".join(parts)}</svg>'
    )
