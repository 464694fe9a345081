"""Pictures of causes: an arrow diagram, and a gap split into effect and selection."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import altair as alt

from helpers.charts.theme import COLORS, GHOST, INK, MUTED, WIDTH

_HEIGHT: Final = 330
_HALF: Final = (66, 25)
"""Half the width and height of a box, in pixels."""

ARROW_STATES: Final = {
    "carries the effect": (COLORS["blue"], [1, 0]),
    "on an open back-door path": (COLORS["orange"], [7, 3]),
    "on no open path": (MUTED, [12, 2]),
    "taken away": ("#bdbdbd", [2, 4]),
}
BOX_STATES: Final = {
    "compared": ("#cfe6f5", COLORS["blue"]),
    "left free": ("#ffffff", MUTED),
    "held fixed": ("#dddddd", INK),
}


def place(places: Mapping[str, tuple[float, float]], start: str, end: str) -> dict[str, float]:
    """Return where an arrow begins and ends, so that it touches the two boxes.

    Parameters
    ----------
    places : mapping of str to (x, y)
        Centers of the boxes as shares of width and height, y upwards.
    start, end : str
        Names of the boxes.

    Returns
    -------
    dict
        `x, y, x2, y2` in the same shares and `turn`, the heading of the arrow in degrees
        clockwise from upwards.
    """
    (ax, ay), (bx, by) = ((x * WIDTH, y * _HEIGHT) for x, y in (places[start], places[end]))
    dx, dy = bx - ax, by - ay
    length = math.hypot(dx, dy)
    # How far along the line its box ends, as a share of the whole line.
    border = min(h / abs(d) if d else math.inf for h, d in zip(_HALF, (dx, dy), strict=True))
    gap, head = border + 2 / length, border + 9 / length
    return {
        "x": (ax + gap * dx) / WIDTH,
        "y": (ay + gap * dy) / _HEIGHT,
        "x2": (bx - head * dx) / WIDTH,
        "y2": (by - head * dy) / _HEIGHT,
        "turn": math.degrees(math.atan2(dx, dy)),
    }


_KEY: Final = alt.Legend(
    title=None, orient="bottom", columns=2, symbolType="stroke", symbolSize=500, symbolStrokeWidth=3
)


def causal_diagram() -> alt.LayerChart:
    """Return boxes and arrows.

    Data sets: `arrows` (x, y, x2, y2, turn, state: a key of `ARROW_STATES`, tip) and
    `boxes` (x, y, text, state: a key of `BOX_STATES`, tip); see `place`.
    """
    x, y = (alt.Scale(domain=[0, 1], nice=False) for _ in "xy")
    lines = alt.Chart(alt.NamedData("arrows"))
    color = alt.Color(
        "state:N",
        scale=alt.Scale(
            domain=list(ARROW_STATES), range=[look[0] for look in ARROW_STATES.values()]
        ),
        legend=_KEY,
    )
    dash = alt.StrokeDash(
        "state:N",
        scale=alt.Scale(
            domain=list(ARROW_STATES), range=[look[1] for look in ARROW_STATES.values()]
        ),
        legend=_KEY,
    )
    tip = [alt.Tooltip("tip:N", title="")]
    shafts = lines.mark_rule(strokeWidth=2.6).encode(
        x=alt.X("x:Q", scale=x, axis=None),
        y=alt.Y("y:Q", scale=y, axis=None),
        x2="x2:Q",
        y2="y2:Q",
        color=color,
        strokeDash=dash,
        tooltip=tip,
    )
    heads = (
        lines.transform_filter("datum.state != 'taken away'")
        .mark_point(shape="triangle", filled=True, size=150, opacity=1)
        .encode(
            x=alt.X("x2:Q", scale=x, axis=None),
            y=alt.Y("y2:Q", scale=y, axis=None),
            angle=alt.Angle("turn:Q", scale=alt.Scale(domain=[0, 360], range=[0, 360])),
            color=color,
        )
    )
    nodes = alt.Chart(alt.NamedData("boxes")).encode(
        x=alt.X("x:Q", scale=x, axis=None),
        y=alt.Y("y:Q", scale=y, axis=None),
        tooltip=tip,
    )
    rects = nodes.mark_rect(
        width=2 * _HALF[0], height=2 * _HALF[1], cornerRadius=6, strokeWidth=2
    ).encode(
        fill=alt.Fill(
            "state:N",
            scale=alt.Scale(
                domain=list(BOX_STATES), range=[look[0] for look in BOX_STATES.values()]
            ),
            legend=None,
        ),
        stroke=alt.Stroke(
            "state:N",
            scale=alt.Scale(
                domain=list(BOX_STATES), range=[look[1] for look in BOX_STATES.values()]
            ),
            legend=None,
        ),
    )
    words = nodes.mark_text(fontSize=14, color=INK, lineBreak="\n", lineHeight=16).encode(
        text="text:N"
    )
    return alt.layer(shafts, heads, rects, words).properties(width=WIDTH, height=_HEIGHT)


def gap_split(rows: list[str]) -> alt.LayerChart:
    """Return shares, observed and assumed, and bars for the parts of the gap between them.

    Data sets: `shares` (row, share in per cent, label, kind: "observed" | "assumed"),
    `shares_ghost`, `parts` (row, start, end, label), `parts_ghost`.

    Parameters
    ----------
    rows : list of str
        Rows from top to bottom.
    """
    x = alt.Scale(domain=[-3, 125], nice=False)
    y = alt.Y(
        "row:N",
        sort=rows,
        scale=alt.Scale(domain=rows),
        title=None,
        axis=alt.Axis(labelLimit=300, ticks=False, domain=False),
    )

    def at(field: str) -> Any:
        return alt.X(
            field,
            scale=x,
            title="Released within three years (per cent)",
            axis=alt.Axis(values=list(range(0, 101, 20))),
        )

    kind = alt.Shape(
        "kind:N",
        scale=alt.Scale(domain=["observed", "assumed"], range=["circle", "diamond"]),
        legend=alt.Legend(title="Share", orient="bottom", symbolFillColor=INK),
    )
    old = alt.Chart(alt.NamedData("parts_ghost"))
    outlines = old.mark_bar(height=20, filled=False, stroke=GHOST, strokeDash=[4, 3]).encode(
        x=at("start:Q"), x2="end:Q", y=y
    )
    parts = alt.Chart(alt.NamedData("parts"))
    bars = parts.mark_bar(height=14).encode(
        x=at("start:Q"),
        x2="end:Q",
        y=y,
        color=alt.Color(
            "row:N",
            scale=alt.Scale(domain=rows[-2:], range=[COLORS["orange"], COLORS["blue"]]),
            legend=None,
        ),
        tooltip=["row:N", "label:N"],
    )
    words = parts.mark_text(fontSize=13, align="left", dx=8).encode(
        x=at("end:Q"), y=y, text="label:N"
    )
    ghosts = (
        alt.Chart(alt.NamedData("shares_ghost"))
        .mark_point(size=150, filled=False, color=GHOST, strokeDash=[3, 2])
        .encode(x=at("share:Q"), y=y, shape=kind)
    )
    dots = alt.Chart(alt.NamedData("shares"))
    points = dots.mark_point(size=150, filled=True, color=INK, opacity=1).encode(
        x=at("share:Q"), y=y, shape=kind, tooltip=["row:N", "label:N"]
    )
    labels = dots.mark_text(align="left", dx=11, fontSize=13).encode(
        x=at("share:Q"), y=y, text="label:N"
    )
    layers: list[Any] = [outlines, bars, words, ghosts, points, labels]
    return alt.layer(*layers).properties(width=435, height=alt.Step(38))
