"""Pictures of a case: dated events in lanes, two accounts side by side, leverage over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import altair as alt

from helpers.charts import theme
from helpers.charts.strategies import grid
from helpers.charts.theme import COLORS, GHOST, INK, MUTED

STRATEGY_MARKS: Final[Mapping[str, tuple[str, str]]] = {
    "public expressive": ("circle", COLORS["blue"]),
    "private expressive": ("square", COLORS["green"]),
    "public coercive": ("triangle-up", COLORS["orange"]),
    "private coercive": ("diamond", COLORS["purple"]),
    "other act or event": ("cross", MUTED),
}
"""One shape and one color for each kind of act, so that color is never needed."""

SIDES: Final[Mapping[str, tuple[str, str]]] = {
    "the paper": ("square", COLORS["orange"]),
    "another source": ("circle", COLORS["blue"]),
}

RESIZE: Final = alt.AutoSizeParams(type="pad", resize=True)
"""Lets a live chart make room again when its labels come with its rows."""


def _strategy_scales() -> tuple[alt.Color, alt.Shape]:
    names = list(STRATEGY_MARKS)
    legend = alt.Legend(title="Kind of act", orient="bottom", columns=3, symbolOpacity=1)
    color = alt.Color(
        "strategy:N",
        scale=alt.Scale(domain=names, range=[color for _, color in STRATEGY_MARKS.values()]),
        legend=legend,
    )
    shape = alt.Shape(
        "strategy:N",
        scale=alt.Scale(domain=names, range=[shape for shape, _ in STRATEGY_MARKS.values()]),
        legend=legend,
    )
    return color, shape


def events(height: int = 400) -> alt.LayerChart:
    """Return dated events in lanes; a date known to the month or less is a bar.

    Data sets: `lanes` (lane, top, bottom, middle, shaded), `window` (day: two rows, the calendar's
    ends), `events` (start, end, middle, y, interval, strategy, when, event, actor, source,
    note, url), `rules` (day, text, raised). Times are milliseconds since 1970. A click on a mark
    opens `url`.
    """
    time = alt.Scale(type="utc", nice=False)
    y_scale = alt.Scale(reverse=True, nice=False, zero=False)

    def x(field: str) -> alt.X:
        return alt.X(
            f"{field}:T", scale=time, title=None, axis=alt.Axis(format="%b %Y", labelOverlap=True)
        )

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=y_scale, axis=None)

    color, shape = _strategy_scales()
    lanes = alt.Chart(alt.NamedData("lanes"))
    stripes = lanes.mark_rect().encode(
        y=y("top"),
        y2="bottom:Q",
        color=alt.condition("datum.shaded", alt.value("#f3f3f3"), alt.value("white")),
    )
    labels = lanes.mark_text(align="right", dx=-10, fontSize=13.5, color=INK).encode(
        x=alt.value(0), y=y("middle"), text="lane:N"
    )
    window = alt.Chart(alt.NamedData("window")).mark_point(opacity=0).encode(x=x("day"))
    base = alt.Chart(alt.NamedData("events")).encode(
        y=y("y"),
        href="url:N",
        tooltip=[
            alt.Tooltip("when:N", title="when"),
            alt.Tooltip("event:N", title="event"),
            alt.Tooltip("actor:N", title="actor"),
            alt.Tooltip("strategy:N", title="kind of act"),
            alt.Tooltip("source:N", title="source"),
            alt.Tooltip("note:N", title="note"),
            alt.Tooltip("click:N", title="click"),
        ],
    )
    bars = (
        base.transform_filter("datum.interval")
        .mark_rule(strokeWidth=9, strokeCap="round", opacity=0.4, cursor="pointer")
        .encode(x=x("start"), x2="end:Q", color=color)
    )
    points = base.mark_point(
        filled=True, size=125, opacity=1, stroke="white", strokeWidth=0.8, cursor="pointer"
    ).encode(x=x("middle"), color=color, shape=shape)
    rules = alt.Chart(alt.NamedData("rules"))
    lines = rules.mark_rule(color=INK, strokeDash=[6, 3]).encode(x=x("day"))
    words = [
        rules.transform_filter(where)
        .mark_text(align="left", dx=4, fontSize=12, color=INK)
        .encode(x=x("day"), y=alt.value(above), text="text:N")
        for where, above in (("!datum.raised", -9), ("datum.raised", -23))
    ]
    layers: list[Any] = [stripes, labels, window, lines, bars, points, *words]
    return alt.layer(*layers).properties(width=theme.WIDTH - 70, height=height, autosize=RESIZE)


def two_accounts(topics: list[str]) -> alt.LayerChart:
    """Return, topic by topic, when the paper and another source place the same thing.

    Data set: `claims` (topic, side: "the paper" | "another source", first, last, says, url).
    """
    names = list(SIDES)
    legend = alt.Legend(title=None, orient="bottom")
    color = alt.Color(
        "side:N",
        scale=alt.Scale(domain=names, range=[color for _, color in SIDES.values()]),
        legend=legend,
    )
    shape = alt.Shape(
        "side:N",
        scale=alt.Scale(domain=names, range=[shape for shape, _ in SIDES.values()]),
        legend=legend,
    )
    time = alt.Scale(type="utc", nice=True)
    base = alt.Chart(alt.NamedData("claims")).encode(
        y=alt.Y(
            "topic:N",
            sort=topics,
            title=None,
            axis=alt.Axis(grid=True, ticks=False, domain=False, labelLimit=330),
        ),
        yOffset=alt.YOffset("side:N", sort=names, scale=alt.Scale(domain=names)),
        href="url:N",
        tooltip=[alt.Tooltip("side:N", title="who"), alt.Tooltip("says:N", title="says")],
    )
    axis = alt.Axis(format="%b %Y", labelOverlap=True)
    bars = base.mark_bar(height=5, opacity=0.5, cursor="pointer").encode(
        x=alt.X("first:T", scale=time, title=None, axis=axis), x2="last:Q", color=color
    )
    ends = [
        base.mark_point(filled=True, size=90, opacity=1, cursor="pointer").encode(
            x=alt.X(f"{end}:T", scale=time, title=None, axis=axis), color=color, shape=shape
        )
        for end in ("first", "last")
    ]
    return alt.layer(bars, *ends).properties(width=430, height=48 * len(topics), autosize=RESIZE)


def before_and_after() -> alt.VConcatChart:
    """Return two grids of strategies, before the campaign over after its launch.

    Data sets: `before`, `after`, each as `strategies.grid`.
    """
    tops = {"before": "Before the campaign", "after": "After its launch"}
    both = [grid(name, 165).properties(title=title) for name, title in tops.items()]
    return alt.vconcat(*both, spacing=12)


def leverage_line() -> alt.LayerChart:
    """Return leverage as an assumed step line, and what happened along it.

    Data sets: `leverage` and `leverage_ghost` (day, level), `needed` (level), `moments`
    (day, text, place), `exits` (day, level, name, kind, reading, says, url).
    """
    y_scale = alt.Scale(domain=[0, 10.6], nice=False)
    time = alt.Scale(type="utc", nice=False)

    def x(field: str) -> alt.X:
        return alt.X(
            f"{field}:T",
            scale=time,
            title=None,
            axis=alt.Axis(format="%b %Y", tickCount=8, grid=False),
        )

    def y(field: str) -> alt.Y:
        return alt.Y(
            f"{field}:Q",
            scale=y_scale,
            title="Assumed leverage (0 to 10, no unit)",
            axis=alt.Axis(tickCount=6),
        )

    ghost = (
        alt.Chart(alt.NamedData("leverage_ghost"))
        .mark_line(interpolate="step-after", color=GHOST, strokeDash=[3, 3], strokeWidth=2)
        .encode(x=x("day"), y=y("level"))
    )
    line = (
        alt.Chart(alt.NamedData("leverage"))
        .mark_line(interpolate="step-after", color=COLORS["blue"], strokeWidth=3)
        .encode(x=x("day"), y=y("level"))
    )
    needed = (
        alt.Chart(alt.NamedData("needed"))
        .mark_rule(color=COLORS["orange"], strokeDash=[7, 4], strokeWidth=1.8)
        .encode(y=y("level"))
    )
    moments = alt.Chart(alt.NamedData("moments"))
    ticks = moments.mark_rule(color=MUTED, strokeDash=[2, 3]).encode(x=x("day"))
    words = moments.mark_text(
        align="left", dx=4, fontSize=11.5, color=MUTED, lineBreak="\n", baseline="top"
    ).encode(x=x("day"), y=alt.Y("place:Q", scale=y_scale), text="text:N")
    kinds = {
        "freed early": "circle",
        "freed at end of term": "triangle-down",
        "offer of relocation": "diamond",
    }
    readings = {"fits your line": COLORS["blue"], "does not fit": COLORS["orange"]}
    base = alt.Chart(alt.NamedData("exits")).encode(
        x=x("day"), y=alt.Y("level:Q", scale=y_scale), href="url:N"
    )
    points = base.mark_point(
        filled=True, size=190, opacity=1, stroke="white", cursor="pointer"
    ).encode(
        shape=alt.Shape(
            "kind:N",
            scale=alt.Scale(domain=list(kinds), range=list(kinds.values())),
            legend=alt.Legend(title=None, orient="bottom"),
        ),
        color=alt.Color(
            "reading:N",
            scale=alt.Scale(domain=list(readings), range=list(readings.values())),
            legend=alt.Legend(
                title=None,
                orient="bottom",
                labelExpr="datum.label == 'does not fit' ? '✕ does not fit' : datum.label",
            ),
        ),
        tooltip=[
            alt.Tooltip("name:N"),
            alt.Tooltip("says:N", title="what happened"),
            alt.Tooltip("reading:N", title="reading"),
        ],
    )
    # Not by color alone: what does not fit carries a cross too.
    crosses = (
        base.transform_filter("datum.reading == 'does not fit'")
        .mark_text(fontSize=12, fontWeight="bold", color="white", text="✕", baseline="middle")
        .encode()
    )
    # Below a point that is high up, where the moments are named.
    names = [
        base.transform_filter(where)
        .mark_text(dy=dy, fontSize=12.5, color=INK)
        .encode(text="label:N")
        for where, dy in (("datum.level < 8", -15), ("datum.level >= 8", 18))
    ]
    layers: list[Any] = [ticks, words, ghost, line, needed, points, crosses, *names]
    return alt.layer(*layers).properties(width=theme.WIDTH - 30, height=300)
