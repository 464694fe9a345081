"""Pictures of dialogues: programmes on a calendar, the spiral, the scorecard, a benchmark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt

from helpers.charts import theme
from helpers.charts.theme import COLORS, GHOST, INK, MUTED

KIND_SHAPES: Mapping[str, str] = {
    "round": "circle",
    "start": "triangle-up",
    "pause, status": "diamond",
    "partner project": "square",
    "rule or debate": "cross",
}
"""One shape for each kind of record, so that the picture can be read without color."""

KIND_COLORS: Mapping[str, str] = {
    "round": COLORS["blue"],
    "start": INK,
    "pause, status": COLORS["orange"],
    "partner project": COLORS["green"],
    "rule or debate": COLORS["purple"],
}

PHASE_STATES: Mapping[str, str] = {
    "supported": "#cfe6f5",
    "not supported": "#f7f7f7",
    "gap": "#fbe3d3",
}

VERDICT_SHAPES: Mapping[str, str] = {
    "met": "circle",
    "not met": "cross",
    "undecidable": "diamond",
}

VERDICT_COLORS: Mapping[str, str] = {
    "met": COLORS["blue"],
    "not met": COLORS["orange"],
    "undecidable": MUTED,
}


def _shapes(field: str, table: Mapping[str, str], title: str) -> Any:
    return alt.Shape(
        f"{field}:N",
        scale=alt.Scale(domain=list(table), range=list(table.values())),
        legend=alt.Legend(title=title, orient="bottom", columns=5, titleLimit=500),
    )


def _colors(field: str, table: Mapping[str, str], title: str | None = None) -> Any:
    legend: Any = None
    if title is not None:
        legend = alt.Legend(title=title, orient="bottom", columns=5, titleLimit=500)
    return alt.Color(
        f"{field}:N",
        scale=alt.Scale(domain=list(table), range=list(table.values())),
        legend=legend,
    )


def programmes(names: list[str], first: int, last: int, launch: int) -> alt.LayerChart:
    """Return the template of the timeline of programmes.

    Data sets: `runs` (programme, earliest, latest: first and last record seen), `pauses`
    (programme, earliest, latest, middle, text, tip, href), `bands` (programme, kind, earliest,
    latest, tip, href: uncertain dates), `records` (programme, day, kind, number, tip, href).
    Times are milliseconds since 1970.

    Parameters
    ----------
    names : list of str
        The order of the rows, top to bottom.
    first, last, launch : int
        Bounds of the calendar and the day the campaign was launched.
    """
    scale = alt.Scale(type="utc", domain=[first, last], nice=False)
    y = alt.Y(
        "programme:N",
        sort=names,
        title=None,
        scale=alt.Scale(domain=names),
        axis=alt.Axis(grid=True, ticks=False, domain=False, labelPadding=8, labelFontSize=14),
    )
    start = alt.X("earliest:T", scale=scale, title=None, axis=alt.Axis(format="%Y", tickCount=8))
    tip = alt.Tooltip("tip:N", title="")
    runs = (
        alt.Chart(alt.NamedData("runs"))
        .mark_bar(height=4, color=GHOST, opacity=0.7)
        .encode(x=start, x2="latest:Q", y=y)
    )
    pauses = alt.Chart(alt.NamedData("pauses"))
    stopped = pauses.mark_bar(
        height=24, color="#fbe3d3", stroke=COLORS["orange"], strokeWidth=1.4, strokeDash=[5, 3]
    ).encode(x=start, x2="latest:Q", y=y, tooltip=tip, href="href:N")
    words = pauses.mark_text(fontSize=12, color=INK, dy=21).encode(
        x=alt.X("middle:T", scale=scale), y=y, text="text:N", tooltip=tip
    )
    # Partner projects hang below the line, so that they hide no round.
    partner = "datum.kind === 'partner project'"
    title = "Kind of record (click one to open its source)"

    def drawn(where: str, offset: int) -> list[Any]:
        band = alt.Chart(alt.NamedData("bands")).transform_filter(where)
        point = alt.Chart(alt.NamedData("records")).transform_filter(where)
        return [
            band.mark_bar(
                height=13,
                color="white",
                stroke=INK,
                strokeWidth=1.1,
                strokeDash=[3, 2],
                yOffset=offset,
            ).encode(x=start, x2="latest:Q", y=y, tooltip=tip, href="href:N"),
            point.mark_point(
                size=110,
                filled=True,
                opacity=1,
                stroke="white",
                strokeWidth=0.8,
                cursor="pointer",
                yOffset=offset,
            ).encode(
                x=alt.X("day:T", scale=scale),
                y=y,
                color=_colors("kind", KIND_COLORS, title),
                shape=_shapes("kind", KIND_SHAPES, title),
                tooltip=tip,
                href="href:N",
            ),
        ]

    def numbers(parity: int, **style: Any) -> Any:
        # Rounds a few months apart would print their numbers on each other.
        return (
            alt.Chart(alt.NamedData("records"))
            .transform_filter(f"datum.number && datum.number % 2 === {parity}")
            .mark_text(fontSize=11.5, dy=-14 - 11 * parity, **style)
            .encode(x=alt.X("day:T", scale=scale), y=y, text="number:N")
        )

    halo = {"stroke": "white", "strokeWidth": 4}
    labels = [numbers(p, **style) for p in (0, 1) for style in (halo, {"color": INK})]
    rule = alt.Chart(alt.Data(values=[{"earliest": launch, "text": "#FreeThe20, 1 Sep 2015"}]))
    launched = rule.mark_rule(strokeDash=[6, 3], color=INK, strokeWidth=1.4).encode(
        x=alt.X("earliest:T", scale=scale)
    )
    label = rule.mark_text(align="left", dx=5, y=-8, color=INK, fontSize=12).encode(
        x=alt.X("earliest:T", scale=scale), text="text:N"
    )
    marks = [*drawn(partner, 15), *drawn(f"!({partner})", 0)]
    layers: list[Any] = [launched, runs, stopped, words, *marks, *labels, label]
    return alt.layer(*layers).properties(width=theme.WIDTH, height=58 * len(names))


def spiral() -> alt.LayerChart:
    """Return the five phases as a rising path with the learner's mark and ours.

    Data sets: `phases` (place, text, state, count, tip), `steps` (place, text: the shift that
    matters), `marks` (place, who, shift) and `marks_ghost`.
    """
    x = alt.X("place:Q", scale=alt.Scale(domain=[0.45, 5.55], nice=False), axis=None)
    y = alt.Y("place:Q", scale=alt.Scale(domain=[0.5, 6.1], nice=False), axis=None)
    base = alt.Chart(alt.NamedData("phases"))
    boxes = base.mark_rect(width=122, height=52, cornerRadius=6, strokeWidth=2).encode(
        x=x,
        y=y,
        color=_colors("state", PHASE_STATES, "Indicators of the phase"),
        stroke=alt.Stroke(
            "state:N",
            scale=alt.Scale(
                domain=list(PHASE_STATES), range=[COLORS["blue"], MUTED, COLORS["orange"]]
            ),
            legend=None,
        ),
        strokeDash=alt.StrokeDash(
            "state:N",
            scale=alt.Scale(domain=list(PHASE_STATES), range=[[1, 0], [2, 2], [6, 4]]),
            legend=None,
        ),
        tooltip=[alt.Tooltip("tip:N", title="")],
    )
    name: Any = base.mark_text(fontSize=13, fontWeight="bold", dy=-15, lineBreak="\n", color=INK)
    count = base.mark_text(fontSize=12, dy=17, color=INK)
    shift = alt.Chart(alt.NamedData("steps"))
    arrow = shift.mark_text(
        fontSize=13, align="right", color=COLORS["orange"], fontWeight="bold", dx=-68
    ).encode(x=x, y=y, text="text:N")
    marks = {"you": "circle", "our judgement": "diamond", "earlier": "triangle-down"}
    colors = {"you": COLORS["blue"], "our judgement": COLORS["purple"], "earlier": MUTED}

    def pins(data: str, **style: Any) -> Any:
        chart = alt.Chart(alt.NamedData(data)).transform_calculate(
            along="datum.place + datum.shift"
        )
        return chart.mark_point(size=170, yOffset=-40, **style).encode(
            x=alt.X("along:Q", scale=alt.Scale(domain=[0.45, 5.55], nice=False), axis=None), y=y
        )

    ghost = pins("marks_ghost", filled=False, strokeWidth=2, color=GHOST).encode(
        shape=alt.Shape(
            "who:N",
            scale=alt.Scale(domain=list(marks), range=list(marks.values())),
            legend=None,
        )
    )
    pinned = pins("marks", filled=True, opacity=1).encode(
        shape=_shapes("who", marks, "Placed by"),
        color=_colors("who", colors, "Placed by"),
        tooltip=[alt.Tooltip("tip:N", title="")],
    )
    return (
        alt.layer(
            boxes,
            name.encode(x=x, y=y, text="text:N"),
            count.encode(x=x, y=y, text="count:N"),
            arrow,
            ghost,
            pinned,
        )
        .resolve_scale(color="independent", shape="independent")
        .properties(width=theme.WIDTH + 30, height=400)
    )


def scorecard(names: list[str], criteria: list[str]) -> alt.VConcatChart:
    """Return totals with their intervals above the scores that make them.

    Data sets: `totals` (programme, score, low, high, label) and `totals_ghost`, `cells`
    (criterion, programme, score, sign, counted, tip, href).

    Parameters
    ----------
    names, criteria : list of str
        Programmes and criteria in reading order.
    """
    y = alt.Y(
        "programme:N",
        sort=names,
        title=None,
        scale=alt.Scale(domain=names),
        axis=alt.Axis(grid=True, ticks=False, domain=False, labelPadding=8, labelFontSize=14),
    )
    scale = alt.Scale(domain=[0, 2], nice=False)
    x = alt.X("score:Q", scale=scale, title="Weighted score (0 none, 2 in full), 90 % interval")
    ghosts = alt.Chart(alt.NamedData("totals_ghost"))
    before = ghosts.mark_rule(color=GHOST, strokeWidth=2, strokeDash=[4, 3], yOffset=7).encode(
        x=alt.X("low:Q", scale=scale), x2="high:Q", y=y
    )
    was = ghosts.mark_point(color=GHOST, size=70, filled=False, yOffset=7).encode(x=x, y=y)
    base = alt.Chart(alt.NamedData("totals"))
    spread = base.mark_rule(strokeWidth=5, color=COLORS["sky"]).encode(
        x=alt.X("low:Q", scale=scale), x2="high:Q", y=y, tooltip=[alt.Tooltip("tip:N", title="")]
    )
    dot = base.mark_point(filled=True, size=130, opacity=1, color=COLORS["blue"]).encode(
        x=x, y=y, tooltip=[alt.Tooltip("tip:N", title="")]
    )
    words = base.mark_text(align="right", dx=-4, dy=-13, fontSize=12.5).encode(
        x=alt.datum(2, scale=scale), y=y, text="label:N"
    )
    top = alt.layer(before, was, spread, dot, words).properties(width=500, height=190)
    tiles = alt.Chart(alt.NamedData("cells")).encode(
        x=alt.X(
            "programme:N",
            sort=names,
            title=None,
            scale=alt.Scale(domain=names, paddingInner=0.04),
            axis=alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False),
        ),
        y=alt.Y(
            "criterion:N",
            sort=criteria,
            title=None,
            scale=alt.Scale(domain=criteria, paddingInner=0.08),
            axis=alt.Axis(ticks=False, domain=False),
        ),
        tooltip=[alt.Tooltip("tip:N", title="")],
        href="href:N",
    )
    boxes = tiles.mark_rect(cursor="pointer").encode(
        color=alt.Color(
            "score:O",
            scale=alt.Scale(domain=[0, 1, 2], range=["#f4f4f4", "#cfe6f5", "#7fbde3"]),
            legend=alt.Legend(
                title="Our score (? medium, ?? low confidence; click one for its page)",
                orient="bottom",
                titleLimit=500,
            ),
        ),
        opacity=alt.Opacity(
            "counted:N",
            scale=alt.Scale(domain=["counted", "weight 0"], range=[1, 0.35]),
            legend=None,
        ),
    )
    signs = tiles.mark_text(fontSize=13, color=INK).encode(text="sign:N")
    below = alt.layer(boxes, signs).properties(width=500, height=26 * len(criteria))
    return alt.vconcat(top, below, spacing=26)


def benchmark(first: int, last: int) -> alt.LayerChart:
    """Return yearly figures with their error, the milestones, and the verdict of each year.

    Data sets: `figures` (year, value, low, high, verdict, tip), `milestones` (year, value) and
    `milestones_ghost`, `comparison` (year, value, tip), `goal` (year, value, text).

    Parameters
    ----------
    first, last : int
        First and last year.
    """
    x = alt.X(
        "year:Q",
        scale=alt.Scale(domain=[first - 0.5, last + 0.5], nice=False),
        axis=alt.Axis(format="d", tickMinStep=1, labelAngle=0),
        title=None,
    )
    # Vega lays out once, on empty data: without a floor, later labels would be cut off.
    title = "Figure of the year (invented)"
    axis = alt.Axis(minExtent=40)
    y = alt.Y("value:Q", scale=alt.Scale(domainMin=0), title=title, axis=axis)
    was = (
        alt.Chart(alt.NamedData("milestones_ghost"))
        .mark_line(color=GHOST, strokeWidth=2, strokeDash=[2, 3])
        .encode(x=x, y=y)
    )
    path = (
        alt.Chart(alt.NamedData("milestones"))
        .mark_line(color=INK, strokeWidth=2, strokeDash=[7, 4])
        .encode(x=x, y=y)
    )
    other = alt.Chart(alt.NamedData("comparison"))
    line = other.mark_line(color=COLORS["purple"], strokeWidth=2, strokeDash=[1, 3]).encode(
        x=x, y=y, tooltip=[alt.Tooltip("tip:N", title="")]
    )
    named = other.transform_filter(f"datum.year === {last}").mark_text(
        align="right", dy=-12, color=COLORS["purple"], fontSize=13
    )
    base = alt.Chart(alt.NamedData("figures"))
    tip = alt.Tooltip("tip:N", title="")
    spread = base.mark_rule(strokeWidth=2).encode(
        x=x,
        y=alt.Y("low:Q", title=title, axis=axis),
        y2="high:Q",
        color=_colors("verdict", VERDICT_COLORS, "What can be concluded"),
        tooltip=tip,
    )
    link = base.mark_line(color=MUTED, strokeWidth=1, opacity=0.6).encode(x=x, y=y)
    points = base.mark_point(filled=True, size=130, opacity=1).encode(
        x=x,
        y=y,
        color=_colors("verdict", VERDICT_COLORS, "What can be concluded"),
        shape=_shapes("verdict", VERDICT_SHAPES, "What can be concluded"),
        tooltip=tip,
    )
    goals = alt.Chart(alt.NamedData("goal"))
    words = goals.mark_text(dy=34, fontSize=13, color=INK).encode(x=x, y=y, text="text:N")
    layers: list[Any] = [
        was,
        path,
        line,
        named.encode(x=x, y=y, text="name:N"),
        link,
        spread,
        points,
        words,
    ]
    return alt.layer(*layers).properties(width=theme.WIDTH, height=330)
