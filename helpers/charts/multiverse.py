"""Pictures of a multiverse: its curve, where choices lie on it, whose choice moves it, chance.

Templates for panels: the data sets are named and empty, `span` holds what an axis says.
"""

from __future__ import annotations

from typing import Final

import altair as alt

from helpers.charts.theme import COLORS, GHOST, INK, MUTED

_WIDTH: Final = 480
# Ratios are drawn by their logarithms and labelled by themselves.
_RATIO: Final = (
    "length(data('span')) && data('span')[0].ratio ? format(exp(datum.value), '.2~g') "
    ": format(datum.value, 'd')"
)


def _unit() -> alt.Chart:
    """Over the axis, what it measures: an axis title cannot be moved with the rows."""
    return (
        alt.Chart(alt.NamedData("span"))
        .mark_text(align="left", baseline="bottom", fontSize=14, color=INK)
        .encode(x=alt.value(0), y=alt.value(-6), text="unit:N")
    )


def _place(title: str | None = "universes in order of their estimate") -> alt.X:
    return alt.X(
        "place:Q",
        title=title,
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(format="%", tickCount=5) if title else None,
    )


def _estimate() -> alt.Y:
    return alt.Y(
        "estimate:Q",
        scale=alt.Scale(zero=False, nice=True),
        axis=alt.Axis(title=None, labelExpr=_RATIO, tickCount=6),
    )


def curve(height: int = 220) -> alt.LayerChart:
    """Return a specification curve.

    Data sets: `curve` (place 0 to 1, estimate, low, high: medians of a bin of universes), `lit`
    (place, estimate, share of the bin's universes that are lit), `marked` (place, estimate,
    label, top: height of the label), `zero` (estimate), `span` (unit, ratio).
    """
    x, y = _place(), _estimate()
    rows = alt.Chart(alt.NamedData("curve"))
    band = rows.mark_area(color=COLORS["sky"], opacity=0.22, clip=True).encode(
        x=x, y=alt.Y("low:Q"), y2="high:Q"
    )
    line = rows.mark_line(color=COLORS["blue"], strokeWidth=2.4).encode(x=x, y=y)
    zero = alt.Chart(alt.NamedData("zero")).mark_rule(color=MUTED, strokeDash=[4, 3]).encode(y=y)
    lit = (
        alt.Chart(alt.NamedData("lit"))
        .mark_circle(color=COLORS["orange"], opacity=0.75)
        .encode(
            x=x,
            y=y,
            size=alt.Size("share:Q", scale=alt.Scale(domain=[0, 1], range=[6, 90]), legend=None),
            tooltip=[alt.Tooltip("share:Q", format=".0%", title="lit here")],
        )
    )
    marked = alt.Chart(alt.NamedData("marked"))
    stem = marked.mark_rule(color=MUTED).encode(x=x, y=y, y2="top:Q")
    mark = marked.mark_point(
        shape="diamond", size=90, filled=True, color=INK, stroke="white"
    ).encode(x=x, y=y, tooltip=[alt.Tooltip("label:N")])
    words = marked.mark_text(baseline="bottom", dy=-2, fontSize=12, color=INK).encode(
        x=x, y=alt.Y("top:Q"), text="label:N"
    )
    return alt.layer(band, zero, line, lit, stem, mark, words, _unit()).properties(
        width=_WIDTH, height=height
    )


def strips(step: int = 18) -> alt.LayerChart:
    """Return where the universes of each value lie on the curve, a row a value.

    Data set: `strips` (value, start, stop, share), `span` (not read). The darker, the larger
    the share of the universes in that stretch that have the value.
    """
    y = alt.Y(
        "value:N", title=None, sort=None, axis=alt.Axis(labelLimit=200, domain=False, ticks=False)
    )
    tiles = (
        alt.Chart(alt.NamedData("strips"))
        .mark_rect(color=INK)
        .encode(
            x=alt.X("start:Q", title=None, scale=alt.Scale(domain=[0, 1], nice=False), axis=None),
            x2="stop:Q",
            y=y,
            opacity=alt.Opacity(
                "share:Q", scale=alt.Scale(domain=[0, 1], range=[0.02, 1]), legend=None
            ),
            tooltip=["value:N", alt.Tooltip("share:Q", format=".0%")],
        )
    )
    return alt.layer(tiles).properties(width=_WIDTH, height=alt.Step(step))


def shares() -> alt.VConcatChart:
    """Return the share of each choice in the variance, and the largest interactions.

    Data sets: `shares` (choice, alone, shapley, total), `pairs` (pair, interaction).
    """
    base = alt.Chart(alt.NamedData("shares"))
    y = alt.Y("choice:N", sort="-x", title=None, axis=alt.Axis(labelLimit=200))
    percent = alt.Axis(format="%", tickCount=5)
    x_title = "share of the variance"
    bars = base.mark_bar(color=COLORS["blue"], height=13).encode(
        x=alt.X("shapley:Q", title=x_title, axis=percent), y=y,
        tooltip=["choice:N", *(alt.Tooltip(f"{f}:Q", format=".1%") for f in
                               ("alone", "shapley", "total"))],
    )  # fmt: skip
    ticks = [
        base.mark_point(shape=shape, size=70, color=INK, filled=filled).encode(
            x=alt.X(f"{field}:Q"), y=y
        )
        for field, shape, filled in (("alone", "circle", True), ("total", "triangle-up", False))
    ]
    pairs = (
        alt.Chart(alt.NamedData("pairs"))
        .mark_bar(color=GHOST, height=13)
        .encode(
            x=alt.X("interaction:Q", title="beyond what the two explain alone", axis=percent),
            y=alt.Y("pair:N", sort="-x", title=None, axis=alt.Axis(labelLimit=240)),
        )
    )
    return alt.vconcat(
        alt.layer(bars, *ticks).properties(width=400, height=230),
        pairs.properties(width=400, height=110),
        spacing=14,
    )


def gaps() -> alt.LayerChart:
    """Return counts of universes without an answer, by reason.

    Data set: `gaps` (reason, universes).
    """
    base = alt.Chart(alt.NamedData("gaps")).encode(
        y=alt.Y("reason:N", sort="-x", title=None, axis=alt.Axis(labelLimit=330)),
        x=alt.X("universes:Q", title="universes without an estimate", axis=alt.Axis(tickCount=4)),
    )
    words = base.mark_text(align="left", dx=4, fontSize=13).encode(
        text=alt.Text("universes:Q", format=",")
    )
    bars = base.mark_bar(color=COLORS["purple"])
    return alt.layer(bars, words).properties(width=230, height=alt.Step(26))


def chance() -> alt.VConcatChart:
    """Return the medians of shuffled curves beside the real one, and how far the runs are.

    Data sets: `shuffles` (start, stop, runs), `seen` (value, label), `done` (share, label).
    """
    x = alt.X("start:Q", title="distance of the curve's median from 0, percentage points",
              scale=alt.Scale(domainMin=0))  # fmt: skip
    bars = (
        alt.Chart(alt.NamedData("shuffles"))
        .mark_bar(color=COLORS["sky"], stroke="white")
        .encode(
            x=x,
            x2="stop:Q",
            y=alt.Y("runs:Q", title="shuffles", axis=alt.Axis(tickMinStep=1)),
            y2=alt.datum(0),
        )
    )
    seen = alt.Chart(alt.NamedData("seen"))
    at = alt.X("value:Q")
    rule = seen.mark_rule(color=COLORS["orange"], strokeWidth=3, strokeDash=[6, 3]).encode(x=at)
    words = seen.mark_text(align="right", dx=-6, fontSize=14, color=INK).encode(
        x=at, y=alt.value(10), text="label:N"
    )
    bar = alt.Chart(alt.NamedData("done"))
    share = alt.X("share:Q", scale=alt.Scale(domain=[0, 1]), axis=None)
    progress = bar.mark_bar(color=COLORS["green"], height=12).encode(x=share, y=alt.value(8))
    told = bar.mark_text(align="left", fontSize=13, color=INK).encode(
        x=alt.value(0), y=alt.value(28), text="label:N"
    )
    return alt.vconcat(
        alt.layer(bars, rule, words).properties(width=_WIDTH, height=230),
        alt.layer(progress, told).properties(width=_WIDTH, height=36),
        spacing=12,
    )


def class_curve(height: int = 260) -> alt.LayerChart:
    """Return a class's universes on the curve of all of them.

    Data sets: `curve`, `zero`, `span` as in `curve`; `class` (place, estimate, when: "kept" or
    "changed after the result").
    """
    x, y = _place(), _estimate()
    line = (
        alt.Chart(alt.NamedData("curve"))
        .mark_line(color=GHOST, strokeWidth=2)
        .encode(x=x, y=y)
    )  # fmt: skip
    zero = alt.Chart(alt.NamedData("zero")).mark_rule(color=MUTED, strokeDash=[4, 3]).encode(y=y)
    kinds = ["committed", "after seeing the result"]
    points = (
        alt.Chart(alt.NamedData("class"))
        .mark_point(size=90, strokeWidth=2, filled=False)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape("when:N", title=None, legend=alt.Legend(orient="bottom"),
                            scale=alt.Scale(domain=kinds, range=["circle", "triangle-up"])),
            color=alt.Color("when:N", title=None, legend=alt.Legend(orient="bottom"),
                            scale=alt.Scale(domain=kinds,
                                            range=[COLORS["blue"], COLORS["orange"]])),
        )
    )  # fmt: skip
    return alt.layer(line, zero, points, _unit()).properties(width=_WIDTH, height=height)
