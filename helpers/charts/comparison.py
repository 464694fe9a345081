"""Pictures of two groups compared: tests, intervals, deals at random, recodings, selection."""

from __future__ import annotations

from typing import Any, Final

import altair as alt

from helpers.charts.theme import COLORS, GHOST, INK, MUTED

CHOSEN: Final = {"chosen": COLORS["orange"], "other": COLORS["blue"]}
_SHAPES: Final = ["diamond", "circle"]
VERDICTS: Final = {
    "p below 0.01": "#5aa7d6",
    "p from 0.01 to 0.05": "#cfe6f5",
    "p 0.05 or more": "#f4f4f4",
    "below 0.05, other way round": "#fbe3d3",
}
EXTREME: Final = {"at least as far as observed": COLORS["orange"], "nearer to zero": "#9cc3dd"}
AS_LARGE: Final = {"at least the observed gap": COLORS["orange"], "smaller": "#9cc3dd"}


def _rule(name: str, channel: Any, **look: Any) -> alt.Chart:
    settings = {"color": INK, "strokeDash": [6, 3], "strokeWidth": 1.6, **look}
    return alt.Chart(alt.NamedData(name)).mark_rule(**settings).encode(x=channel)


def _room(text: str, x: float, y: float, **look: Any) -> alt.Chart:
    """Invisible words that keep room for a label outside the plot, whose rows come later.

    A panel's chart is laid out while its data sets are empty; without this the label would
    be cut off at the edge.
    """
    return (
        alt.Chart(alt.Data(values=[{"text": text}]))
        .mark_text(opacity=0, align="left", **look)
        .encode(x=alt.value(x), y=alt.value(y), text="text:N")
    )


_ABOVE: Final = {"dy": -6, "baseline": "bottom"}


def verdicts(tests: list[str], methods: list[str]) -> tuple[alt.LayerChart, ...]:
    """Return deals at random, p values of several tests on one axis, and intervals.

    Data sets: `tests` and `tests_ghost` (test, p, label, state: "chosen" | "other"), `line`
    (p, text), `deals` (difference in points, chance, side: a key of `EXTREME`), `observed`
    (difference, text), `intervals` and `intervals_ghost` (method, low, high, estimate in
    points, label, state).

    Parameters
    ----------
    tests, methods : list of str
        Rows of the second and of the last picture, from top to bottom.
    """
    scale = alt.Scale(type="log", domain=[0.002, 1], clamp=True)
    x = alt.X(
        "p:Q",
        scale=scale,
        title="p value (log scale; left is more surprising)",
        axis=alt.Axis(values=[0.003, 0.01, 0.03, 0.1, 0.3, 1], labelOverlap=False, format="~g"),
    )
    y = alt.Y("test:N", sort=tests, scale=alt.Scale(domain=tests), title=None)
    old = (
        alt.Chart(alt.NamedData("tests_ghost"))
        .mark_point(size=110, color=GHOST, strokeDash=[3, 2], filled=False)
        .encode(x=x, y=y)
    )
    base = alt.Chart(alt.NamedData("tests"))
    dots = base.mark_point(size=130, filled=True, opacity=1).encode(
        x=x, y=y, color=_state("color"), shape=_state("shape"), tooltip=["test:N", "label:N"]
    )
    values = base.mark_text(align="left", fontSize=13).encode(x=alt.value(408), y=y, text="label:N")
    line = _rule("line", x)
    word = (
        alt.Chart(alt.NamedData("line"))
        .mark_text(align="left", dx=4, dy=-6, baseline="bottom")
        .encode(x=x, y=alt.value(0), text="text:N")
    )
    room = _room("5 % line", 0, 0, **_ABOVE), _room("0.0000", 408, 20)
    strip = alt.layer(*room, line, word, old, dots, values).properties(
        width=400, height=34 * len(tests)
    )
    return _deals(), strip, _intervals(methods)


def _state(channel: str) -> Any:
    if channel == "color":
        scale = alt.Scale(domain=list(CHOSEN), range=list(CHOSEN.values()))
        return alt.Color("state:N", scale=scale, legend=None)
    return alt.Shape("state:N", scale=alt.Scale(domain=list(CHOSEN), range=_SHAPES), legend=None)


def _points(field: str, low: float, high: float, title: str) -> alt.X:
    return alt.X(field, scale=alt.Scale(domain=[low, high], nice=False), title=title)


def _deals() -> alt.LayerChart:
    x = _points("difference:Q", -75, 75, "Difference by chance alone (points)")
    bars = (
        alt.Chart(alt.NamedData("deals"))
        .mark_bar(size=18)
        .encode(
            x=x,
            y=alt.Y("chance:Q", title="Share of deals", axis=alt.Axis(format="%", tickCount=5)),
            color=alt.Color(
                "side:N",
                scale=alt.Scale(domain=list(EXTREME), range=list(EXTREME.values())),
                legend=alt.Legend(title=None, orient="bottom", columns=1),
            ),
            stroke=alt.condition(
                "datum.side == 'nearer to zero'", alt.value("transparent"), alt.value(INK)
            ),
            tooltip=[
                alt.Tooltip("difference:Q", format=".1f"),
                alt.Tooltip("chance:Q", format=".4f"),
            ],
        )
    )
    word = (
        alt.Chart(alt.NamedData("observed"))
        .mark_text(align="right", dx=-5, dy=-6, baseline="bottom")
        .encode(x=x, y=alt.value(0), text="text:N")
    )
    room = _room("37.1, observed", 0, 0, **_ABOVE)
    return alt.layer(room, bars, _rule("observed", x), word).properties(width=560, height=260)


def _intervals(methods: list[str]) -> alt.LayerChart:
    x = _points("low:Q", -20, 90, "Difference in release shares, short list minus others (points)")
    y = alt.Y("method:N", sort=methods, scale=alt.Scale(domain=methods), title=None)
    old = (
        alt.Chart(alt.NamedData("intervals_ghost"))
        .mark_rule(color=GHOST, strokeWidth=7, opacity=0.5)
        .encode(x=x, x2="high:Q", y=y)
    )
    base = alt.Chart(alt.NamedData("intervals"))
    spans = base.mark_rule(strokeWidth=2.6).encode(x=x, x2="high:Q", y=y, color=_state("color"))
    dots = base.mark_point(size=90, filled=True, opacity=1).encode(
        x=_points("estimate:Q", -20, 90, ""),
        y=y,
        color=_state("color"),
        shape=_state("shape"),
        tooltip=["method:N", "label:N"],
    )
    words = base.mark_text(align="left", dx=8, fontSize=13).encode(
        x=_points("high:Q", -20, 90, ""), y=y, text="label:N"
    )
    zero = (
        alt.Chart(alt.Data(values=[{"low": 0}]))
        .mark_rule(color=INK, strokeDash=[6, 3], strokeWidth=1.6)
        .encode(x=x)
    )
    return alt.layer(zero, old, spans, dots, words).properties(width=520, height=44 * len(methods))


def recodings(first: list[int], second: list[int], first_title: str, second_title: str) -> Any:
    """Return a grid of p values, one cell for each pair of counts, with the present one framed.

    Data sets: `cells` (first, second, label, verdict: a key of `VERDICTS`, tip), `here` and
    `here_ghost` (first, second), `printed` (first, second): the counts as printed.

    Parameters
    ----------
    first, second : list of int
        Counts along the horizontal and, downwards, the vertical axis.
    first_title, second_title : str
        What they count.
    """
    x = alt.X(
        "first:O",
        scale=alt.Scale(domain=first, paddingInner=0),
        title=first_title,
        axis=alt.Axis(labelAngle=0, ticks=False, domain=False),
    )
    y = alt.Y(
        "second:O",
        scale=alt.Scale(domain=second, paddingInner=0),
        title=second_title,
        axis=alt.Axis(ticks=False, domain=False),
    )
    cells = alt.Chart(alt.NamedData("cells"))
    tiles = cells.mark_rect(stroke="white", strokeWidth=1).encode(
        x=x,
        y=y,
        color=alt.Color(
            "verdict:N",
            scale=alt.Scale(domain=list(VERDICTS), range=list(VERDICTS.values())),
            legend=alt.Legend(title=None, orient="bottom", columns=4, symbolStrokeColor=MUTED),
        ),
        tooltip=[alt.Tooltip("tip:N", title="")],
    )
    words = cells.mark_text(fontSize=12).encode(
        x=x, y=y, text="label:N", tooltip=[alt.Tooltip("tip:N", title="")]
    )
    frames = [
        alt.Chart(alt.NamedData(name)).mark_rect(filled=False, **look).encode(x=x, y=y)
        for name, look in (
            ("here_ghost", {"stroke": MUTED, "strokeWidth": 2.5, "strokeDash": [4, 3]}),
            ("here", {"stroke": COLORS["orange"], "strokeWidth": 4}),
        )
    ]
    star = (
        alt.Chart(alt.NamedData("printed"))
        .mark_text(text="■", fontSize=10, dx=-18, dy=-5, color=INK)
        .encode(x=x, y=y)
    )
    return alt.layer(tiles, words, *frames, star).properties(
        width=45 * len(first), height=23 * len(second)
    )


def selection_lab() -> alt.HConcatChart:
    """Return simulated gaps (left) and how often they are as large, by strength (right).

    Data sets: `gaps` and `gaps_ghost` (difference in points, chance, size: a key of
    `AS_LARGE`), `observed` (difference, text), `curve` and `curve_ghost` (strength, tail),
    `now` and `now_ghost` (strength, tail, label), `line` (tail, text).
    """
    x = _points("difference:Q", -60, 90, "Gap in a list, no effect (points)")
    share = alt.Y(
        "chance:Q",
        title="Share of simulated lists",
        axis=alt.Axis(format="%"),
    )
    old = (
        alt.Chart(alt.NamedData("gaps_ghost"))
        .mark_line(color=GHOST, strokeDash=[4, 3], strokeWidth=2)
        .encode(x=x, y=share)
    )
    bars = (
        alt.Chart(alt.NamedData("gaps"))
        .mark_bar(size=11)
        .encode(
            x=x,
            y=share,
            color=alt.Color(
                "size:N",
                scale=alt.Scale(domain=list(AS_LARGE), range=list(AS_LARGE.values())),
                legend=alt.Legend(title=None, orient="bottom"),
            ),
            stroke=alt.condition(
                "datum.size == 'smaller'", alt.value("transparent"), alt.value(INK)
            ),
            tooltip=[
                alt.Tooltip("difference:Q", format=".1f"),
                alt.Tooltip("chance:Q", format=".3f"),
            ],
        )
    )
    word = (
        alt.Chart(alt.NamedData("observed"))
        .mark_text(align="right", dx=-5, dy=-6, baseline="bottom")
        .encode(x=x, y=alt.value(0), text="text:N")
    )
    room = _room("observed 37.1", 0, 0, **_ABOVE)
    left = alt.layer(room, old, bars, _rule("observed", x), word).properties(width=275, height=260)
    return alt.hconcat(left, _strengths())


def _strengths() -> alt.LayerChart:
    x = alt.X(
        "strength:Q",
        scale=alt.Scale(domain=[0, 1]),
        title="Strength of selection",
        axis=alt.Axis(values=[0, 0.2, 0.4, 0.6, 0.8, 1]),
    )
    y = alt.Y(
        "tail:Q",
        scale=alt.Scale(domain=[0, 1]),
        title="Lists with a gap at least as large",
        axis=alt.Axis(format="%"),
    )
    lines = [
        alt.Chart(alt.NamedData(name)).mark_line(interpolate="monotone", **look).encode(x=x, y=y)
        for name, look in (
            ("curve_ghost", {"color": GHOST, "strokeDash": [4, 3]}),
            ("curve", {"color": COLORS["blue"], "strokeWidth": 2.6}),
        )
    ]
    level = alt.Chart(alt.NamedData("line"))
    rule = level.mark_rule(color=INK, strokeDash=[6, 3]).encode(y=y)
    said = level.mark_text(align="right", dx=-4, baseline="bottom", dy=-3).encode(
        x=alt.value("width"), y=y, text="text:N"
    )
    old = (
        alt.Chart(alt.NamedData("now_ghost"))
        .mark_point(shape="diamond", size=160, color=MUTED, strokeDash=[3, 2], filled=False)
        .encode(x=x, y=y)
    )
    now = alt.Chart(alt.NamedData("now"))
    dot = now.mark_point(
        shape="diamond", filled=True, size=190, color=COLORS["orange"], opacity=1
    ).encode(x=x, y=y, tooltip=["strength:Q", "label:N"])
    words = [
        now.transform_filter(f"datum.strength {side} 0.15")
        .mark_text(align=align, dx=shift, dy=up, fontWeight="bold")
        .encode(x=x, y=y, text="label:N")
        # High enough to stay clear of the line of surprise when few lists have such a gap.
        for side, align, shift, up in ((">=", "right", -12, -14), ("<", "left", 6, -27))
    ]
    return alt.layer(*lines, rule, said, old, dot, *words).properties(width=240, height=260)
