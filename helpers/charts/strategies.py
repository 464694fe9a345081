"""Pictures of the typology: the two-by-two grid, the condition table, the pathway."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt

from helpers.charts.theme import COLORS, INK, MUTED

FORUMS = ["public", "private"]
ACTIONS = ["expressive", "coercive"]
PALE = ["#8fc3e4", "#f3b48a", "#8fcbb4", "#d0aacf", "#d9d9d9"]
"""Five fills on which dark text can be read."""
STATES = {"open": "#cfe6f5", "closed": "#f1f1f1"}
EDGES = {"open": COLORS["blue"], "closed": MUTED}


def grid(name: str = "cells", height: int = 260) -> alt.LayerChart:
    """Return the two-by-two grid of strategies.

    Data set, by its `name`: forum, action, state ("open" | "closed"), line1, line2, tip.
    """
    base = alt.Chart(alt.NamedData(name)).encode(
        x=alt.X(
            "forum:N",
            sort=FORUMS,
            scale=alt.Scale(domain=FORUMS, paddingInner=0.06),
            title=None,
            axis=alt.Axis(orient="top", labelAngle=0, labelFontSize=15, ticks=False, domain=False),
        ),
        y=alt.Y(
            "action:N",
            sort=ACTIONS,
            scale=alt.Scale(domain=ACTIONS, paddingInner=0.06),
            title=None,
            axis=alt.Axis(labelFontSize=15, ticks=False, domain=False),
        ),
        tooltip=[alt.Tooltip("tip:N", title="")],
    )
    boxes = base.mark_rect(strokeWidth=2.5, cornerRadius=4).encode(
        color=alt.Color(
            "state:N",
            scale=alt.Scale(domain=list(STATES), range=list(STATES.values())),
            legend=None,
        ),
        stroke=alt.Stroke(
            "state:N", scale=alt.Scale(domain=list(EDGES), range=list(EDGES.values())), legend=None
        ),
        strokeDash=alt.StrokeDash(
            "state:N",
            scale=alt.Scale(domain=list(STATES), range=[[1, 0], [6, 4]]),
            legend=None,
        ),
    )
    head = base.mark_text(dy=-22, fontSize=17, fontWeight="bold", color=INK).encode(text="line1:N")
    body = base.mark_text(fontSize=13, color=INK, lineBreak="\n", dy=4).encode(text="line2:N")
    return alt.layer(boxes, head, body).properties(width=620, height=height)


def condition_table(conditions: list[str], strategies: list[str]) -> alt.LayerChart:
    """Return conditions by strategies: what is needed, what is met, what is missing.

    Data set: `needs` (condition, strategy, sign, state: "met" | "missing" | "not needed", tip).
    """
    base = alt.Chart(alt.NamedData("needs")).encode(
        x=alt.X(
            "strategy:N",
            sort=strategies,
            scale=alt.Scale(domain=strategies),
            title=None,
            axis=alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False),
        ),
        y=alt.Y(
            "condition:N",
            sort=conditions,
            scale=alt.Scale(domain=conditions),
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelLimit=320),
        ),
        tooltip=[alt.Tooltip("tip:N", title="")],
    )
    fills = ["#cfe6f5", "#fbe3d3", "#f7f7f7"]
    boxes = base.mark_rect(stroke="white", strokeWidth=3).encode(
        color=alt.Color(
            "state:N",
            scale=alt.Scale(domain=["met", "missing", "not needed"], range=fills),
            legend=alt.Legend(title=None, orient="bottom"),
        )
    )
    signs = base.mark_text(fontSize=15, color=INK).encode(text="sign:N")
    return alt.layer(boxes, signs).properties(width=560, height=170)


def pathway() -> alt.LayerChart:
    """Return the steps of the pathway from publicity to private inducement.

    Data set: `steps` (number, place, state: "reached" | "stopped" | "ahead", text, reason).
    """
    x = alt.X("place:Q", scale=alt.Scale(domain=[-0.5, 4.5]), axis=None)
    base = alt.Chart(alt.NamedData("steps"))
    domain = ["reached", "stopped", "ahead"]
    boxes = base.mark_rect(width=118, height=96, cornerRadius=6, strokeWidth=2).encode(
        x=x,
        y=alt.value(70),
        color=alt.Color(
            "state:N",
            scale=alt.Scale(domain=domain, range=["#cfe6f5", "#fbe3d3", "#f7f7f7"]),
            legend=alt.Legend(title=None, orient="bottom"),
        ),
        stroke=alt.Stroke(
            "state:N",
            scale=alt.Scale(domain=domain, range=[COLORS["blue"], COLORS["orange"], MUTED]),
            legend=None,
        ),
        tooltip=[alt.Tooltip("reason:N", title="")],
    )
    number = base.mark_text(fontSize=17, fontWeight="bold", color=INK).encode(
        x=x, y=alt.value(36), text="mark:N"
    )
    words: Any = base.mark_text(fontSize=12.5, lineBreak="\n", color=INK, baseline="top").encode(
        x=x, y=alt.value(52), text="text:N"
    )
    arrows = (
        base.transform_filter("datum.place > 0")
        .mark_text(fontSize=22, color=MUTED, dx=-66)
        .encode(x=x, y=alt.value(70), text=alt.value("→"))
    )
    return alt.layer(boxes, arrows, number, words).properties(width=690, height=140)


def agreement_bars(groups: Mapping[str, list[str]]) -> alt.VConcatChart:
    """Return agreement with the key, one chart for each kind of group, with counts.

    Data set: `groups` (kind, group, share, label).

    Parameters
    ----------
    groups : mapping of str to list of str
        The groups of each kind, top to bottom; a group without rows keeps its place.
    """
    parts = []
    for kind, names in groups.items():
        base = (
            alt.Chart(alt.NamedData("groups"))
            .transform_filter(f"datum.kind === '{kind}'")
            .encode(
                y=alt.Y(
                    "group:N",
                    sort=names,
                    scale=alt.Scale(domain=names),
                    title=None,
                    axis=alt.Axis(minExtent=130),
                ),
                x=alt.X(
                    "share:Q",
                    scale=alt.Scale(domain=[0, 1]),
                    title="Share coded as in the key" if kind == list(groups)[-1] else None,
                    axis=alt.Axis(format="%"),
                ),
                tooltip=["group:N", "label:N"],
            )
        )
        bars = base.mark_bar(height=14, color=COLORS["sky"])
        words = base.mark_text(align="left", dx=5).encode(text="label:N")
        heading = alt.TitleParams(text=f"By {kind}", fontSize=14, offset=6)
        both = alt.layer(bars, words)
        parts.append(both.properties(width=400, height=20 * len(names), title=heading))
    return alt.vconcat(*parts)


def _expression(texts: Mapping[str, str]) -> str:
    """Return the expression of a label that stands for a code."""
    label = "datum.label"
    for code, text in texts.items():
        label = f"datum.label === '{code}' ? '{text}' : {label}"
    return label


def confusion(signs: Mapping[str, str]) -> alt.LayerChart:
    """Return a heat map of the class's codes, by their short signs, against the key.

    Data set: `cells` (key, code, share, count).
    """
    codes = list(signs)
    base = alt.Chart(alt.NamedData("cells")).encode(
        x=alt.X(
            "code:N",
            sort=codes,
            scale=alt.Scale(domain=codes),
            title="Code given by the class",
            axis=alt.Axis(labelAngle=0, labelExpr=_expression(signs)),
        ),
        y=alt.Y("key:N", sort=codes, scale=alt.Scale(domain=codes), title="Code in the key"),
        tooltip=["key:N", "code:N", alt.Tooltip("share:Q", format=".0%"), "count:Q"],
    )
    tiles = base.mark_rect(stroke="white").encode(
        color=alt.Color(
            "share:Q",
            scale=alt.Scale(scheme="blues", domain=[0, 1]),
            legend=alt.Legend(title="Share of the row", format="%"),
        )
    )
    words = base.mark_text(fontSize=13).encode(
        text=alt.Text("share:Q", format=".0%"),
        color=alt.condition("datum.share > 0.55", alt.value("white"), alt.value(INK)),
    )
    return alt.layer(tiles, words).properties(width=350, height=190)


def contested(signs: Mapping[str, str]) -> alt.LayerChart:
    """Return the most contested vignettes, one part of a bar for each code given.

    Data set: `votes` (vignette, code, sign, share, count, start, middle, end, tip).

    Parameters
    ----------
    signs : mapping of str to str
        The codes, in order, and the short sign of each, written into the bars.
    """
    codes = list(signs)
    # The sign stands in the legend too, so that the bars can be read without color.
    label = _expression({code: f"{sign}: {code}" for code, sign in signs.items()})
    base = alt.Chart(alt.NamedData("votes")).encode(
        y=alt.Y("vignette:N", sort=None, title=None, axis=alt.Axis(labelLimit=300)),
        tooltip=["vignette:N", "code:N", "count:Q", alt.Tooltip("tip:N", title="text")],
    )
    bars = base.mark_bar(stroke="white").encode(
        x=alt.X("start:Q", title="Coders", axis=alt.Axis(tickMinStep=1)),
        x2="end:Q",
        color=alt.Color(
            "code:N",
            scale=alt.Scale(domain=codes, range=PALE),
            legend=alt.Legend(title="Code given", orient="bottom", columns=2, labelExpr=label),
        ),
    )
    words = base.mark_text(fontSize=12, color=INK).encode(x="middle:Q", text="sign:N")
    return alt.layer(bars, words).properties(width=350, height=250)
