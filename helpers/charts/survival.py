"""Pictures of time to release: survival curves, spells at risk, estimates, residuals.

Templates for panels: the data sets are named and empty, every scale follows the rows that
are pushed in later. A data set `x_ghost` is drawn pale under `x`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt

from helpers.charts import theme
from helpers.charts.theme import COLORS, GHOST, INK, MUTED, SERIES

DASHES: Final = [[1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [12, 4], [4, 2, 1, 2]]
"""One dash for each color of the series, so that curves can be told apart without color."""

_MARGIN: Final = 118
_PLOT: Final = theme.WIDTH - 110


def survival_curves(share: str, height: int = 300, width: int = _PLOT) -> alt.VConcatChart:
    """Return survival curves by group, with the numbers at risk under the axis.

    Pass the finished chart through `live`, for the number of groups may change.

    Data sets
    ---------
    curves, curves_ghost
        group, time, survival, low, high, at_risk: one row a step; `low` and `high` empty
        where no band is wanted.
    censored
        group, time, survival: a tick for each censored time.
    fitted, fitted_ghost
        group, time, survival: smooth curves of a model; leave empty when there is none.
    counts
        group, time, n: numbers at risk, one row a group and time.
    span
        One row: longest (end of the axis), unit (what the axis counts).

    Parameters
    ----------
    share : str
        Title of the vertical axis.
    height, width : int
        Size of the plot, pixels.
    """
    x = _time_axis("span")
    y = alt.Y("survival:Q", scale=alt.Scale(domain=[0, 1]), title=share, axis=_wide_axis())
    color, dash = group_color(), group_dash()
    curves = alt.Chart(alt.NamedData("curves"))
    ghost, fitted_ghost = (
        alt.Chart(alt.NamedData(name))
        .mark_line(interpolate=shape, color=GHOST, strokeWidth=1.4, clip=True)
        .encode(x=x, y=y, detail="group:N")
        for name, shape in (("curves_ghost", "step-after"), ("fitted_ghost", "linear"))
    )
    band = curves.mark_area(interpolate="step-after", opacity=0.16, clip=True).encode(
        x=x,
        y=alt.Y("low:Q", scale=alt.Scale(domain=[0, 1]), title=share, axis=_wide_axis()),
        y2="high:Q",
        # A channel of its own: sharing the lines' would split their legend in two.
        fill=alt.Fill("group:N", scale=alt.Scale(range=SERIES), legend=None),
    )
    line = curves.mark_line(interpolate="step-after", strokeWidth=2.6, clip=True).encode(
        x=x, y=y, color=color, strokeDash=dash
    )
    hover = curves.mark_point(size=50, opacity=0.01).encode(
        x=x,
        y=y,
        tooltip=[
            alt.Tooltip("group:N"),
            alt.Tooltip("time:Q", format=".1f", title="months"),
            alt.Tooltip("survival:Q", format=".3f", title=share),
            alt.Tooltip("at_risk:Q", title="at risk just before"),
        ],
    )
    ticks = (
        alt.Chart(alt.NamedData("censored"))
        .mark_point(shape="stroke", angle=90, size=60, strokeWidth=1.1, color=INK, clip=True)
        .encode(x=x, y=y)
    )
    fitted = (
        alt.Chart(alt.NamedData("fitted"))
        .mark_line(strokeWidth=1.8, clip=True)
        .encode(x=x, y=y, color=color, strokeDash=dash)
    )
    words = (
        alt.Chart(alt.NamedData("span"))
        .mark_text(fontSize=14, baseline="top")
        .encode(x=alt.value(width / 2), y=alt.value(height + 24), text="unit:N")
    )
    layers: list[Any] = [band, ghost, fitted_ghost, line, fitted, ticks, hover, words]
    top = alt.layer(*layers).properties(width=width, height=height)
    return alt.vconcat(top, counts(width), spacing=34, bounds="flush").resolve_scale(
        x="shared", color="independent", strokeDash="independent"
    )


def counts(width: int = _PLOT) -> alt.Chart:
    """Return the numbers at risk as a row of figures for each group; data set `counts`."""
    return (
        alt.Chart(alt.NamedData("counts"))
        .mark_text(fontSize=13)
        .encode(
            x=_time_axis("span", show=False),
            y=alt.Y(
                "group:N",
                title=None,
                axis=alt.Axis(
                    domain=False,
                    ticks=False,
                    minExtent=_MARGIN,
                    maxExtent=_MARGIN,
                    labelLimit=_MARGIN - 4,
                    labelPadding=16,
                ),
            ),
            text="n:Q",
            color=alt.Color("group:N", scale=alt.Scale(range=SERIES), legend=None),
        )
        .properties(
            width=width,
            height=alt.Step(19),
            title=alt.TitleParams("Number at risk", fontSize=13, fontWeight="normal", offset=4),
        )
    )


def group_color() -> alt.Color:
    """Color by group, the groups taken from the rows."""
    return alt.Color("group:N", scale=alt.Scale(range=SERIES), legend=_legend())


def group_dash() -> alt.StrokeDash:
    """Dash by group, in step with `group_color`."""
    return alt.StrokeDash("group:N", scale=alt.Scale(range=DASHES), legend=_legend())


def _legend() -> alt.Legend:
    return alt.Legend(title=None, orient="top", symbolType="stroke", symbolSize=400, columns=4)


def _wide_axis() -> alt.Axis:
    return alt.Axis(minExtent=_MARGIN, maxExtent=_MARGIN, titlePadding=-30)


def live(chart: Any) -> Any:
    """Let a finished chart grow and shrink with its rows: legends, labels and lines may change."""
    return chart.properties(autosize=alt.AutoSizeParams(type="pad", resize=True))


def _time_axis(span: str, show: bool = True) -> alt.X:
    """From 0 to `longest` in the one row of `span`, whatever the ghost goes up to."""
    return alt.X(
        "time:Q",
        scale=alt.Scale(domainMin=0, domainMax=_read(span, "longest", 1), nice=False),
        axis=alt.Axis(title=None, tickCount=8) if show else None,
    )


def _read(name: str, field: str, otherwise: float) -> Any:
    """Read a bound from the one row of a data set, so that it can be moved with the rows."""
    return alt.ExprRef(expr=f"length(data('{name}')) ? data('{name}')[0]['{field}'] : {otherwise}")


def below_a_bound(title: str, domain: tuple[float, float]) -> alt.LayerChart:
    """Return bars of counts beside the range that a bound rules out.

    Data sets
    ---------
    bars
        left, right, worlds: ends and height of each bar.
    edge
        left (the bound), right, text.
    """
    x = alt.X("left:Q", title=title, scale=alt.Scale(domain=list(domain), nice=False))
    edge = alt.Chart(alt.NamedData("edge"))
    out = edge.mark_rect(color=GHOST, opacity=0.45).encode(x=x, x2="right:Q")
    line = edge.mark_rule(strokeWidth=2).encode(x=x)
    words = edge.mark_text(align="left", dx=5, baseline="top").encode(
        x=x, y=alt.value(6), text="text:N"
    )
    bars = (
        alt.Chart(alt.NamedData("bars"))
        .mark_bar(stroke="white")
        .encode(x=x, x2="right:Q", y=alt.Y("worlds:Q", title="Worlds"))
    )
    return alt.layer(out, bars, line, words).properties(width=560, height=170)


def lifelines(left_and_right: alt.HConcatChart) -> alt.HConcatChart:
    """Add the previous curve (`curve_ghost`) to the template of `detention.lifelines`."""
    left, right = left_and_right.hconcat
    ghost = (
        alt.Chart(alt.NamedData("curve_ghost"))
        .mark_line(interpolate="step-after", color=GHOST, strokeWidth=1.6)
        .encode(x="time:Q", y="survival:Q")
    )
    curve = alt.layer(ghost, right).properties(width=230, height=right.height)
    return alt.hconcat(left.properties(width=200), curve)


def interval_record(
    names: Sequence[str], longest: float, unit: str, share: str
) -> tuple[alt.LayerChart, alt.LayerChart]:
    """Return spells that end somewhere in an interval, and the curves that they allow.

    Data sets
    ---------
    spells
        name, held (months surely held), first, last (bounds of the release; `last` empty
        when none is known), kind ("day known" | "between two days" | "not released so far").
    turnbull, turnbull_ghost
        time, low, high: the nonparametric estimate, least and greatest.
    curves, curves_ghost
        group, time, survival: curves with every date filled in.
    """
    time = alt.Scale(domain=[0, longest], nice=False)
    x = alt.X("held:Q", scale=time, title=None)
    kinds = ["day known", "between two days", "not released so far"]
    y = alt.Y(
        "name:N",
        sort=list(names),
        title=None,
        scale=alt.Scale(domain=list(names)),
        axis=alt.Axis(minExtent=210, maxExtent=210, ticks=False, domain=False, grid=True),
    )
    spells = alt.Chart(alt.NamedData("spells"))
    tip = [alt.Tooltip("name:N"), alt.Tooltip("words:N", title="")]
    sure = spells.mark_bar(height=5, color=COLORS["blue"], opacity=0.5).encode(
        x=x, x2=alt.value(0), y=y, tooltip=tip
    )
    open_part = (
        spells.transform_filter("datum.kind == 'between two days'")
        .mark_bar(height=13, color="white", stroke=COLORS["orange"], strokeWidth=1.6)
        .encode(x=alt.X("first:Q", scale=time, title=None), x2="last:Q", y=y, tooltip=tip)
    )
    ends = spells.mark_point(size=85, filled=True, opacity=1).encode(
        x=alt.X("mark:Q", scale=time, title=None),
        y=y,
        tooltip=tip,
        shape=alt.Shape(
            "kind:N",
            scale=alt.Scale(domain=kinds, range=["circle", "square", "triangle-right"]),
            legend=alt.Legend(title="The release", orient="top", columns=3),
        ),
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=kinds, range=[COLORS["blue"], COLORS["orange"], INK]),
            legend=alt.Legend(title="The release", orient="top", columns=3),
        ),
    )
    top = alt.layer(sure, open_part, ends).properties(width=450, height=19 * len(names))
    x = alt.X("time:Q", scale=time, title=unit)
    scale = alt.Scale(domain=[0, 1])

    def height_of(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, title=share)

    turnbull = alt.Chart(alt.NamedData("turnbull"))
    old = alt.Chart(alt.NamedData("turnbull_ghost"))
    area = turnbull.mark_area(interpolate="step-after", opacity=0.45, color=COLORS["yellow"])
    edges = [
        chart.mark_line(interpolate="step-after", strokeWidth=w, color=tint, opacity=0.75).encode(
            x=x, y=height_of(field)
        )
        for chart, w, tint in ((old, 1.2, GHOST), (turnbull, 6, COLORS["yellow"]))
        for field in ("low", "high")
    ]
    groups = ["every date earliest", "every date in the middle", "every date latest"]
    legend = alt.Legend(title="Kaplan-Meier with", orient="bottom", columns=3, symbolType="stroke")
    curves = (
        alt.Chart(alt.NamedData("curves"))
        .mark_line(interpolate="step-after", strokeWidth=2.2)
        .encode(
            x=x,
            y=height_of("survival"),
            color=alt.Color(
                "group:N", scale=alt.Scale(domain=groups, range=SERIES[:3]), legend=legend
            ),
            strokeDash=alt.StrokeDash(
                "group:N", scale=alt.Scale(domain=groups, range=DASHES[:3]), legend=legend
            ),
        )
    )
    trace = (
        alt.Chart(alt.NamedData("curves_ghost"))
        .mark_line(interpolate="step-after", strokeWidth=1.2, color=GHOST)
        .encode(x=x, y=height_of("survival"), detail="group:N")
    )
    hover = turnbull.mark_point(size=60, opacity=0.01).encode(
        x=x,
        y=height_of("low"),
        tooltip=[
            alt.Tooltip("time:Q", format=".1f"),
            alt.Tooltip("low:Q", format=".2f", title="Turnbull, least"),
            alt.Tooltip("high:Q", format=".2f", title="Turnbull, greatest"),
        ],
    )
    note = (
        alt.Chart(alt.Data(values=[{"text": "broad band: Turnbull's estimate, no day filled in"}]))
        .mark_text(align="right", dx=-4, fontSize=13)
        .encode(x=alt.value("width"), y=alt.value(14), text="text:N")
    )
    layers: list[Any] = [
        area.encode(x=x, y=height_of("low"), y2="high:Q"), *edges[2:], *edges[:2], trace, curves,
        hover, note,
    ]  # fmt: skip
    return top, alt.layer(*layers).properties(width=_PLOT, height=300)


SPELL_PARTS: Final[Mapping[str, str]] = {
    "at risk": COLORS["blue"],
    "counted though immortal": COLORS["orange"],
    "before entry, not counted": "#cfcfcf",
    "not in this sample": "#ececec",
}
"""Parts of a spell, by whether its months count in the risk sets."""


def spells_at_risk(names: Sequence[str], first: int, last: int, launch: int) -> alt.LayerChart:
    """Return spells over calendar time, cut by whether they count in the risk sets.

    Data sets: `spells` (name, start, end in milliseconds, part, tip), `ends` (name, day,
    event: "released" | "censored").

    Parameters
    ----------
    names : sequence of str
        Order of the rows, top to bottom.
    first, last, launch : int
        Bounds of the calendar and the launch, milliseconds since 1970.
    """
    time = alt.Scale(type="utc", domain=[first, last], nice=False)
    y = alt.Y(
        "name:N",
        sort=list(names),
        title=None,
        scale=alt.Scale(domain=list(names)),
        # More rows than names can stand beside; the tip names each.
        axis=alt.Axis(
            ticks=False, domain=False, labelFontSize=11, labelOverlap="parity", minExtent=_MARGIN
        ),
    )
    x = alt.X("start:T", scale=time, title=None, axis=alt.Axis(format="%Y", tickCount=10))
    bars = (
        alt.Chart(alt.NamedData("spells"))
        .mark_bar(height=8)
        .encode(
            x=x,
            x2="end:Q",
            y=y,
            tooltip=[alt.Tooltip("tip:N", title="")],
            color=alt.Color(
                "part:N",
                scale=alt.Scale(domain=list(SPELL_PARTS), range=list(SPELL_PARTS.values())),
                legend=alt.Legend(title="These months are", orient="top", columns=2),
            ),
        )
    )
    # The immortal months are hatched as well as colored.
    hatch = (
        alt.Chart(alt.NamedData("spells"))
        .transform_filter("datum.part == 'counted though immortal'")
        .mark_rule(strokeDash=[2, 3], strokeWidth=4, color="white")
        .encode(x=alt.X("start:T", scale=time), x2="end:Q", y=y)
    )
    ends = (
        alt.Chart(alt.NamedData("ends"))
        .mark_point(size=40, filled=True, color=INK, opacity=1)
        .encode(
            x=alt.X("day:T", scale=time),
            y=y,
            shape=alt.Shape(
                "event:N",
                scale=alt.Scale(
                    domain=["released", "censored"], range=["circle", "triangle-right"]
                ),
                legend=alt.Legend(title="and end with her", orient="top", columns=1),
            ),
        )
    )
    rule = alt.Chart(alt.Data(values=[{"start": launch, "text": "launch"}]))
    line = rule.mark_rule(strokeDash=[6, 3], strokeWidth=1.5, color=INK).encode(
        x=alt.X("start:T", scale=time)
    )
    text = rule.mark_text(align="right", dx=-4, dy=-6, fontSize=12).encode(
        x=alt.X("start:T", scale=time), y=alt.value(0), text="text:N"
    )
    layers: list[Any] = [bars, hatch, ends, line, text]
    return alt.layer(*layers).properties(width=_PLOT, height=10 * len(names))


KIND_SHAPES: Final = ("square", "diamond", "triangle-up")


def forest(
    axis: str,
    data: str = "estimates",
    width: int = _PLOT - 100,
    zero: float = 0.0,
    margin: int = 215,
    paired: bool = True,
    kinds: Sequence[str] = ("published", "ours"),
) -> alt.LayerChart:
    """Return estimates with intervals, one line a label, kinds side by side.

    Data sets: `estimates` and `estimates_ghost` (label, order, kind, estimate, low, high).

    Parameters
    ----------
    axis : str
        Title of the horizontal axis.
    data : str
        Name of the data set.
    zero : float
        Where the line of no effect stands.
    margin : int
        Room for the labels, pixels.
    paired : bool
        Set kinds that share a label side by side.
    kinds : sequence of str
        Kinds in the legend; the first three take square, diamond and triangle.
    """
    colors = [INK, COLORS["blue"], COLORS["orange"]][: len(kinds)]
    y = alt.Y(
        "label:N",
        title=None,
        sort=alt.EncodingSortField("order", op="min"),
        axis=alt.Axis(minExtent=margin, maxExtent=margin, labelLimit=margin - 6, ticks=False),
    )
    offset = alt.YOffset("kind:N", scale=alt.Scale(domain=list(kinds))) if paired else alt.Undefined
    legend = alt.Legend(title=None, orient="top")
    color = alt.Color("kind:N", scale=alt.Scale(domain=list(kinds), range=colors), legend=legend)
    shapes = alt.Scale(domain=list(kinds), range=list(KIND_SHAPES[: len(kinds)]))
    shape = alt.Shape("kind:N", scale=shapes, legend=legend)
    rows, old = alt.Chart(alt.NamedData(data)), alt.Chart(alt.NamedData(f"{data}_ghost"))
    x = alt.X("estimate:Q", title=axis, scale=alt.Scale(zero=False))
    # A ghost keeps to the lines there are now, or it would bring back those of before.
    there = alt.LookupData(data=alt.NamedData(data), key="label", fields=["order"])
    old = old.transform_lookup(lookup="label", from_=there).transform_filter("isValid(datum.order)")
    ghost = old.mark_point(filled=False, color=GHOST, size=110, strokeWidth=1.6).encode(
        x=x, y=y, yOffset=offset, shape=shape
    )
    bar = rows.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q", title=axis), x2="high:Q", y=y, yOffset=offset, color=color
    )
    dot = rows.mark_point(filled=True, size=110, opacity=1).encode(
        x=x,
        y=y,
        yOffset=offset,
        color=color,
        shape=shape,
        tooltip=[
            alt.Tooltip("label:N", title=""),
            alt.Tooltip("kind:N", title=""),
            alt.Tooltip("estimate:Q", format=".3f"),
            alt.Tooltip("low:Q", format=".3f", title="95 % from"),
            alt.Tooltip("high:Q", format=".3f", title="to"),
        ],
    )
    none = (
        alt.Chart(alt.Data(values=[{"estimate": zero}]))
        .mark_rule(color=MUTED, strokeDash=[4, 3])
        .encode(x=x)
    )
    layers: list[Any] = [none, ghost, bar, dot]
    return alt.layer(*layers).properties(
        width=width, height=alt.Step(**{"step": 34 if paired else 26, "for": "position"})
    )


def distributions(axis: str, names: Sequence[str]) -> alt.LayerChart:
    """Return histograms of ratios one over another, with the truth as a line across all.

    Positions along the axis are logarithms to the base 2; the axis is labelled with ratios.

    Data sets: `bars` and `bars_ghost` (name, left, right, base, top), `centers` (name, x, base,
    text), `truth` (x, text). The base of a histogram is the place of its name, counted from
    the bottom, and its top is at most 0.9 above.
    """
    y = alt.Scale(domain=[0, len(names)], nice=False)
    x = alt.X(
        "left:Q",
        title=axis,
        scale=alt.Scale(domain=[-5, 5], nice=False, clamp=True),
        axis=alt.Axis(values=list(range(-5, 6)), labelExpr="format(pow(2, datum.value), '.2~g')"),
    )
    height = alt.Y("base:Q", scale=y, axis=None)
    bars = (
        alt.Chart(alt.NamedData("bars"))
        .mark_rect(opacity=0.75)
        .encode(
            x=x,
            x2="right:Q",
            y=height,
            y2="top:Q",
            color=alt.Color("name:N", scale=alt.Scale(domain=list(names)), legend=None),
        )
    )
    ghost = (
        alt.Chart(alt.NamedData("bars_ghost"))
        .mark_rect(filled=False, stroke=GHOST, strokeWidth=0.9)
        .encode(x=x, x2="right:Q", y=height, y2="top:Q")
    )
    centers = alt.Chart(alt.NamedData("centers"))
    dots = centers.mark_point(shape="diamond", filled=True, size=110, color=INK, opacity=1).encode(
        x=alt.X("x:Q", title=axis), y=height
    )
    words = centers.mark_text(align="left", baseline="top", dx=4, fontSize=13).encode(
        x=alt.value(0), y=alt.Y("ceiling:Q", scale=y, axis=None), text="text:N"
    )
    truth = alt.Chart(alt.NamedData("truth"))
    line = truth.mark_rule(strokeWidth=2, strokeDash=[6, 3], color=INK).encode(
        x=alt.X("x:Q", title=axis)
    )
    label = truth.mark_text(align="left", dx=5, dy=-6, fontSize=13).encode(
        x=alt.X("x:Q", title=axis), y=alt.value(0), text="text:N"
    )
    layers: list[Any] = [ghost, bars, line, dots, words, label]
    return alt.layer(*layers).properties(width=theme.WIDTH, height=92 * len(names))


def probability_lines(width: int = 560, height: int = 320) -> alt.LayerChart:
    """Return transformed curves that are straight when a family fits.

    Data sets: `points` and `points_ghost` (group, log_time, transformed), `lines` (group,
    log_time, transformed), `words` (one row: transform, the title of the vertical axis).
    """
    x = alt.X("log_time:Q", title="log of months", scale=alt.Scale(zero=False))
    y = alt.Y("transformed:Q", title=None, scale=alt.Scale(zero=False))
    legend = alt.Legend(title=None, orient="bottom")
    color = alt.Color("group:N", scale=alt.Scale(range=SERIES), legend=legend)
    ghost = (
        alt.Chart(alt.NamedData("points_ghost")).mark_point(color=GHOST, size=14).encode(x=x, y=y)
    )
    points = (
        alt.Chart(alt.NamedData("points"))
        .mark_point(size=26, filled=True, opacity=0.85)
        .encode(
            x=x,
            y=y,
            color=color,
            shape=alt.Shape("group:N", legend=legend),
        )
    )
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_line(strokeWidth=2, clip=True)
        .encode(x=x, y=y, color=color)
    )
    words = (
        alt.Chart(alt.NamedData("words"))
        .mark_text(align="left", fontSize=13)
        .encode(x=alt.value(0), y=alt.value(-10), text="transform:N")
    )
    layers: list[Any] = [ghost, points, lines, words]
    return alt.layer(*layers).properties(width=width, height=height)


def residuals() -> alt.LayerChart:
    """Return residuals over time with a smooth curve and the level of a constant effect.

    Data sets: `points` (time, residual), `smooth` and `smooth_ghost` (time, value, low, high),
    `level` (value, text), `span` (longest, unit).
    """
    x = _time_axis("span")
    y = alt.Y("residual:Q", title="Coefficient (log hazard), as it moves")
    points = (
        alt.Chart(alt.NamedData("points"))
        .mark_point(size=36, color=MUTED, opacity=0.7)
        .encode(
            x=x,
            y=y,
            tooltip=[
                alt.Tooltip("time:Q", format=".1f", title="months"),
                alt.Tooltip("residual:Q", format=".2f"),
            ],
        )
    )
    smooth = alt.Chart(alt.NamedData("smooth"))
    band = smooth.mark_area(opacity=0.18, color=COLORS["blue"], clip=True).encode(
        x=x, y=alt.Y("low:Q", title="Coefficient (log hazard), as it moves"), y2="high:Q"
    )
    line = smooth.mark_line(strokeWidth=2.6, color=COLORS["blue"]).encode(x=x, y="value:Q")
    ghost = (
        alt.Chart(alt.NamedData("smooth_ghost"))
        .mark_line(strokeWidth=1.5, color=GHOST, clip=True)
        .encode(x=x, y="value:Q")
    )
    level = alt.Chart(alt.NamedData("level"))
    flat = level.mark_rule(strokeDash=[6, 3], color=COLORS["orange"], strokeWidth=2).encode(
        y="value:Q"
    )
    text = level.mark_text(align="right", dy=-9, fontSize=13, color=COLORS["orange"]).encode(
        x=alt.value("width"), y="value:Q", text="text:N"
    )
    words = (
        alt.Chart(alt.NamedData("span"))
        .mark_text(fontSize=14, baseline="top")
        .encode(x=alt.value(_PLOT / 2), y=alt.value(324), text="unit:N")
    )
    layers: list[Any] = [band, ghost, points, line, flat, text, words]
    return alt.layer(*layers).properties(width=_PLOT, height=300)
