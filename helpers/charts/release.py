"""Pictures of a yes/no outcome: forests, fingerprints, fitted probabilities, contours, horizons.

Charts whose axis may change its unit draw their own ticks from rows, so that one compiled
chart serves percentage points and odds alike. They take positions, and compute none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt

from helpers.charts import theme
from helpers.charts.theme import COLORS, GHOST, GRID, INK, MUTED

SERIES: Mapping[str, tuple[str, str]] = {
    "as printed": ("square", INK),
    "exp(printed coefficient)": ("square", MUTED),
    "linear": ("circle", COLORS["blue"]),
    "logit": ("diamond", COLORS["orange"]),
    "probit": ("triangle-up", COLORS["purple"]),
    "Firth logit": ("triangle-down", COLORS["green"]),
}
"""Shape and color of each kind of estimate; the shape alone tells them apart."""

INSIDE, OUTSIDE = "in the campaign", "outside the campaign"
GROUPS: Mapping[str, tuple[str, str]] = {
    INSIDE: ("diamond", COLORS["orange"]),
    OUTSIDE: ("circle", COLORS["blue"]),
}


def forest(rows: int, gap: float, left: int = 170, right: int = 200) -> alt.LayerChart:
    """Return a forest plot that draws its own axis.

    Data sets: `bars` and `bars_ghost` (y, x, low, high, series, strong, value, tip), `ticks`
    (x, label, bold), `labels` (y, text), `axis` (text). All x are positions on the plot's
    scale: percentage points, or logarithms of odds ratios.

    Parameters
    ----------
    rows : int
        Lines on the vertical axis; y runs from 0 to rows - 1.
    gap : float
        Pixels for a line.
    left, right : int
        Pixels kept for the labels and for the numbers.
    """
    # A live chart keeps the frame it was drawn with when empty, so the room for labels,
    # numbers and the axis is taken inside the frame.
    height, width = rows * gap, theme.WIDTH
    end = width - right
    scale = alt.Scale(zero=False, nice=False, range=[left, end])
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-0.5, rows - 0.5], range=[0, height]))
    x = alt.X("x:Q", axis=None, scale=scale)
    ticks = alt.Chart(alt.NamedData("ticks"))
    grid = ticks.mark_rule().encode(
        x=x,
        y=alt.value(0),
        y2=alt.value(height),
        color=alt.condition("datum.bold", alt.value(INK), alt.value(GRID)),
        strokeDash=alt.condition("datum.bold", alt.value([5, 3]), alt.value([1, 0])),
    )
    numbers = ticks.mark_text(fontSize=13, color=INK).encode(
        x=x, y=alt.value(height + 14), text="label:N"
    )
    title = (
        alt.Chart(alt.NamedData("axis"))
        .mark_text(fontSize=14, color=INK)
        .encode(x=alt.value((left + end) / 2), y=alt.value(height + 38), text="text:N")
    )
    names = (
        alt.Chart(alt.NamedData("labels"))
        .mark_text(align="right", fontSize=13, color=INK)
        .encode(x=alt.value(left - 12), y=y, text="text:N")
    )
    ghost = alt.Chart(alt.NamedData("bars_ghost"))
    ghost_line = (
        ghost.transform_filter("isValid(datum.low)")
        .mark_rule(color=GHOST, strokeWidth=2, strokeDash=[3, 3])
        .encode(x=alt.X("low:Q", axis=None, scale=scale), x2="high:Q", y=y)
    )
    ghost_dot = ghost.mark_point(size=130, color=GHOST, strokeWidth=1.5).encode(
        x=x, y=y, shape=_series("shape")
    )
    bars = alt.Chart(alt.NamedData("bars"))
    fade = alt.condition("datum.strong", alt.value(1.0), alt.value(0.55))
    tip = alt.Tooltip("tip:N", title="")
    line = (
        bars.transform_filter("isValid(datum.low)")
        .mark_rule(strokeWidth=2.5)
        .encode(
            x=alt.X("low:Q", axis=None, scale=scale),
            x2="high:Q",
            y=y,
            color=_series("color"),
            opacity=fade,
            tooltip=tip,
        )
    )
    dot = bars.mark_point(size=130, filled=True).encode(
        x=x, y=y, color=_series("color"), shape=_series("shape"), opacity=fade, tooltip=tip
    )
    value = bars.mark_text(align="left", fontSize=13, color=INK).encode(
        x=alt.value(end + 14),
        y=y,
        text="value:N",
        opacity=alt.condition("datum.strong", alt.value(1.0), alt.value(0.8)),
    )
    layers: list[Any] = [grid, numbers, title, names, ghost_line, ghost_dot, line, dot, value]
    return alt.layer(*layers).properties(width=width, height=height + 50)


def _series(channel: str) -> Any:
    kind = alt.Color if channel == "color" else alt.Shape
    place = 1 if channel == "color" else 0
    return kind(
        "series:N",
        scale=alt.Scale(domain=list(SERIES), range=[look[place] for look in SERIES.values()]),
        # The same in every layer: one layer without a legend takes it from all.
        legend=alt.Legend(title=None, orient="top", columns=3),
    )


def _group(channel: str) -> Any:
    kind = alt.Color if channel == "color" else alt.Shape
    place = 1 if channel == "color" else 0
    return kind(
        "group:N",
        scale=alt.Scale(domain=list(GROUPS), range=[look[place] for look in GROUPS.values()]),
        legend=alt.Legend(title=None, orient="top"),
    )


def fingerprint(quantities: list[str]) -> alt.LayerChart:
    """Return how far a suspect's six numbers lie from the printed ones.

    Data sets: `marks` and `marks_ghost` (quantity, distance in half units of the last
    printed digit, verdict: "agrees" | "differs", value, tip).

    Parameters
    ----------
    quantities : list of str
        Printed numbers, top to bottom, as the axis names them.
    """
    scale = alt.Scale(
        type="symlog", constant=1, domain=[-1e5, 1e5], range=[0, 470], nice=False, clamp=True
    )
    x = alt.X(
        "distance:Q",
        scale=scale,
        title="Distance from the printed number, in halves of its last digit",
        axis=alt.Axis(
            values=[-10000, -100, -1, 1, 100, 10000], format=",.0f", labelOverlap=False, grid=True
        ),
    )
    y = alt.Y(
        "quantity:N",
        sort=quantities,
        scale=alt.Scale(domain=quantities, padding=0.8),
        title="Printed in Table 3, model 1",
    )
    band = alt.Chart(alt.Data(values=[{"from": -1, "to": 1}]))
    allowed = band.mark_rect(color=COLORS["sky"], opacity=0.35).encode(
        x=alt.X("from:Q", scale=scale), x2="to:Q"
    )
    words = band.mark_text(fontSize=12, color=INK, dy=-8).encode(
        x=alt.value(225), y=alt.value(12), text=alt.value("what rounding allows")
    )
    ghost = (
        alt.Chart(alt.NamedData("marks_ghost"))
        .mark_point(size=170, color=GHOST, strokeWidth=1.5)
        .encode(x=x, y=y)
    )
    marks = alt.Chart(alt.NamedData("marks"))
    verdict = alt.Scale(domain=["agrees", "differs"], range=["circle", "cross"])
    colors = alt.Scale(domain=["agrees", "differs"], range=[COLORS["green"], COLORS["orange"]])
    legend = alt.Legend(title="This suspect's number", orient="bottom")
    dots = marks.mark_point(size=170, filled=True, opacity=1).encode(
        x=x,
        y=y,
        shape=alt.Shape("verdict:N", scale=verdict, legend=legend),
        color=alt.Color("verdict:N", scale=colors, legend=legend),
        tooltip=alt.Tooltip("tip:N", title=""),
    )
    value = marks.mark_text(align="left", fontSize=13, color=INK).encode(
        x=alt.value(464), y=y, text="value:N"
    )
    return alt.layer(allowed, words, ghost, dots, value).properties(width=480, height=250)


def fitted(models: int) -> alt.LayerChart:
    """Return the fitted probabilities of several models, with the limits 0 and 1.

    Data sets: `points` and `points_ghost` (y, x, women, group, tip), `labels` (y, text),
    `counts` (y, text). One point stands for all women with the same covariates.

    Parameters
    ----------
    models : int
        Lanes; y runs from 0 to models - 1.
    """
    left, end, height = 80, 510, 62 * models
    scale = alt.Scale(domain=[-0.3, 1.35], range=[left, end], nice=False, clamp=True)
    axis = alt.Axis(format=".0%", values=[-0.25, 0, 0.25, 0.5, 0.75, 1, 1.25], grid=False)
    x = alt.X("x:Q", scale=scale, title="Fitted probability of release", axis=axis)
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-0.5, models - 0.5], reverse=True))
    outside = alt.Chart(
        alt.Data(
            values=[
                {"from": -0.3, "to": 0, "text": "impossible", "at": -0.15},
                {"from": 1, "to": 1.35, "text": "impossible", "at": 1.175},
            ]
        )
    )
    shade = outside.mark_rect(color=COLORS["yellow"], opacity=0.22).encode(
        x=alt.X("from:Q", scale=scale), x2="to:Q"
    )
    word = outside.mark_text(fontSize=12, color=INK).encode(
        x=alt.X("at:Q", scale=scale), y=alt.value(12), text="text:N"
    )
    rule = (
        alt.Chart(alt.Data(values=[{"x": 0}, {"x": 1}]))
        .mark_rule(color=INK, strokeDash=[5, 3], strokeWidth=1.5)
        .encode(x=x)
    )
    names = (
        alt.Chart(alt.NamedData("labels"))
        .mark_text(align="right", fontSize=13, color=INK)
        .encode(x=alt.value(left - 10), y=y, text="text:N")
    )
    counts = (
        alt.Chart(alt.NamedData("counts"))
        .mark_text(align="left", fontSize=13, color=INK)
        .encode(x=alt.value(end + 10), y=y, text="text:N")
    )
    size = alt.Size(
        "women:Q",
        scale=alt.Scale(type="sqrt", domain=[0, 80], range=[25, 700]),
        legend=None,
    )
    ghost = (
        alt.Chart(alt.NamedData("points_ghost"))
        .mark_point(color=GHOST, strokeWidth=1.2)
        .encode(x=x, y=y, size=size, shape=_group("shape"))
    )
    dots = (
        alt.Chart(alt.NamedData("points"))
        .mark_point(filled=True, opacity=0.75)
        .encode(
            x=x,
            y=y,
            size=size,
            shape=_group("shape"),
            color=_group("color"),
            tooltip=alt.Tooltip("tip:N", title=""),
        )
    )
    layers: list[Any] = [shade, word, rule, names, counts, ghost, dots]
    return alt.layer(*layers).properties(width=end + 160, height=height)


def contour(limit: float) -> alt.LayerChart:
    """Return contours of an estimate adjusted for a confounder, with benchmarks.

    Data sets: `lines` and `lines_ghost` (level, x, y, zero), `beyond` (x, y, top: where the
    sign has changed), `tags` (x, y, text), `points` and `points_ghost` (x, y, kind, text, label).

    Parameters
    ----------
    limit : float
        End of both axes, a share below 1.
    """
    end, height = 520, 360
    across = alt.Scale(domain=[0, limit], range=[0, end], nice=False)
    up = alt.Scale(domain=[0, limit], nice=False)
    axis = alt.Axis(format=".0%", tickCount=6, grid=False)
    x = alt.X(
        "x:Q",
        scale=across,
        axis=axis,
        title="Share of who is in the campaign that the confounder explains",
    )
    y = alt.Y("y:Q", scale=up, axis=axis, title="Share of who is released that it explains")
    beyond = (
        alt.Chart(alt.NamedData("beyond"))
        .mark_area(color=COLORS["yellow"], opacity=0.22)
        .encode(x=x, y=y, y2="top:Q")
    )
    ghost_lines = (
        alt.Chart(alt.NamedData("lines_ghost"))
        .transform_filter("datum.zero")
        .mark_line(color=GHOST, strokeDash=[3, 3], strokeWidth=2)
        .encode(x=x, y=y, detail="level:N")
    )
    lines = alt.Chart(alt.NamedData("lines"))
    plain = (
        lines.transform_filter("!datum.zero")
        .mark_line(color=MUTED, strokeWidth=1.2)
        .encode(x=x, y=y, detail="level:N")
    )
    zero = (
        lines.transform_filter("datum.zero")
        .mark_line(color=COLORS["orange"], strokeWidth=3, strokeDash=[8, 4])
        .encode(x=x, y=y)
    )
    tags = (
        alt.Chart(alt.NamedData("tags"))
        .mark_text(fontSize=12, color=INK, align="left", dx=5)
        .encode(x=x, y=y, text="text:N")
    )
    kinds = {
        "no confounder": ("circle", INK),
        "as strong as the benchmark": ("diamond", COLORS["blue"]),
        "robustness value": ("cross", COLORS["orange"]),
    }
    shape = alt.Scale(domain=list(kinds), range=[k[0] for k in kinds.values()])
    color = alt.Scale(domain=list(kinds), range=[k[1] for k in kinds.values()])
    legend = alt.Legend(title=None, orient="top")
    ghost_points = (
        alt.Chart(alt.NamedData("points_ghost"))
        .mark_point(size=190, color=GHOST, strokeWidth=1.6)
        .encode(x=x, y=y, shape=alt.Shape("kind:N", scale=shape, legend=legend))
    )
    points = alt.Chart(alt.NamedData("points"))
    dots = points.mark_point(size=190, filled=True, opacity=1).encode(
        x=x,
        y=y,
        shape=alt.Shape("kind:N", scale=shape, legend=legend),
        color=alt.Color("kind:N", scale=color, legend=legend),
        tooltip=alt.Tooltip("text:N", title=""),
    )
    words = points.mark_text(align="left", dx=12, dy=-8, fontSize=13, color=INK).encode(
        x=x, y=y, text="label:N"
    )
    layers: list[Any] = [beyond, ghost_lines, plain, zero, tags, ghost_points, dots, words]
    return alt.layer(*layers).properties(width=end + 110, height=height)


def e_value_curve(limit: float) -> alt.LayerChart:
    """Return the pairs of risk ratios with which a confounder explains an association.

    Data sets: `curve` and `curve_ghost` (x, y), `points` (x, y, text).

    Parameters
    ----------
    limit : float
        End of both axes, a risk ratio.
    """
    scale = alt.Scale(type="log", domain=[1, limit], nice=False)
    axis = alt.Axis(values=[1, 2, 3, 5, 10, 20, 50], format="~g")
    x = alt.X(
        "x:Q",
        scale=scale,
        axis=axis,
        title="Risk ratio of the confounder with being in the campaign",
    )
    y = alt.Y("y:Q", scale=scale, axis=axis, title="Its risk ratio with release")
    ghost = (
        alt.Chart(alt.NamedData("curve_ghost"))
        .mark_line(color=GHOST, strokeDash=[3, 3], strokeWidth=2)
        .encode(x=x, y=y)
    )
    area = (
        alt.Chart(alt.NamedData("curve"))
        .mark_area(color=COLORS["yellow"], opacity=0.22)
        .encode(x=x, y=y, y2=alt.datum(limit))
    )
    line = (
        alt.Chart(alt.NamedData("curve"))
        .mark_line(color=COLORS["orange"], strokeWidth=3)
        .encode(x=x, y=y)
    )
    points = alt.Chart(alt.NamedData("points"))
    dot = points.mark_point(shape="cross", size=190, filled=True, color=INK, opacity=1).encode(
        x=x, y=y
    )
    word = points.mark_text(align="left", dx=12, dy=-10, fontSize=13, color=INK).encode(
        x=x, y=y, text="text:N"
    )
    return alt.layer(area, ghost, line, dot, word).properties(width=420, height=300)


def horizons() -> tuple[Any, Any, Any]:
    """Return shares released by a horizon, and the effect it gives on three scales.

    Data sets: `shares` and `shares_ghost` (month, share, group), `gap` and `gap_ghost`
    (month, points, low, high), `ratios` and `ratios_ghost` (month, ratio, kind), `now`
    (month), `at` (month, share, group, text, early: the label goes to the right).
    """
    month = _month()
    share = alt.Y(
        "share:Q",
        title="Share released",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", tickCount=5),
    )
    ghost = (
        alt.Chart(alt.NamedData("shares_ghost"))
        .mark_line(color=GHOST, strokeDash=[3, 3], strokeWidth=2, interpolate="step-after")
        .encode(x=month, y=share, detail="group:N")
    )
    dash = alt.StrokeDash(
        "group:N", scale=alt.Scale(domain=list(GROUPS), range=[[1, 0], [7, 3]]), legend=None
    )
    color = alt.Color(
        "group:N",
        scale=alt.Scale(domain=list(GROUPS), range=[look[1] for look in GROUPS.values()]),
        legend=alt.Legend(title=None, orient="top", symbolDash=[1, 0]),
    )
    shares = (
        alt.Chart(alt.NamedData("shares"))
        .mark_line(strokeWidth=2.8, interpolate="step-after")
        .encode(x=month, y=share, color=color, strokeDash=dash)
    )
    at = alt.Chart(alt.NamedData("at"))
    dots = at.mark_point(size=150, filled=True, opacity=1).encode(
        x=month,
        y=share,
        color=color,
        shape=alt.Shape(
            "group:N",
            scale=alt.Scale(domain=list(GROUPS), range=[look[0] for look in GROUPS.values()]),
            legend=None,
        ),
    )
    words = [
        at.transform_filter(test)
        .mark_text(align=side, dx=dx, dy=-11, fontSize=14, color=INK)
        .encode(x=month, y=share, text="text:N")
        for test, side, dx in (("datum.early", "left", 12), ("!datum.early", "right", -12))
    ]
    layers: list[Any] = [ghost, shares, _now(month), dots, *words]
    return alt.layer(*layers).properties(width=theme.WIDTH - 80, height=300), _gap(), _ratios()


def _month() -> alt.X:
    return alt.X("month:Q", title="Horizon, months", scale=alt.Scale(nice=False, zero=True))


def _now(month: alt.X) -> Any:
    return (
        alt.Chart(alt.NamedData("now"))
        .mark_rule(color=COLORS["purple"], strokeWidth=2, strokeDash=[5, 3])
        .encode(x=month)
    )


def _gap() -> Any:
    month = _month()
    scale = alt.Scale(domain=[-60, 110])
    y = alt.Y("points:Q", title="Difference, percentage points", scale=scale)
    zero = alt.Chart(alt.Data(values=[{"points": 0}])).mark_rule(color=INK).encode(y=y)
    ghost = (
        alt.Chart(alt.NamedData("gap_ghost"))
        .mark_line(color=GHOST, strokeDash=[3, 3], strokeWidth=2)
        .encode(x=month, y=y)
    )
    gap = alt.Chart(alt.NamedData("gap"))
    band = gap.mark_area(opacity=0.2, color=COLORS["blue"], clip=True).encode(
        x=month, y=alt.Y("low:Q", title="Difference, percentage points", scale=scale), y2="high:Q"
    )
    line = gap.mark_line(color=COLORS["blue"], strokeWidth=2.8).encode(x=month, y=y)
    return alt.layer(zero, band, ghost, line, _now(month)).properties(
        width=theme.WIDTH - 80, height=300
    )


def _ratios() -> Any:
    month = _month()
    y = alt.Y(
        "ratio:Q",
        title="Ratio (logarithmic)",
        scale=alt.Scale(type="log", domain=[0.001, 1000], nice=False, clamp=True),
        axis=alt.Axis(values=[0.001, 0.01, 0.1, 1, 10, 100, 1000], format="~g"),
    )
    one = alt.Chart(alt.Data(values=[{"ratio": 1}])).mark_rule(color=INK).encode(y=y)
    kinds = ["odds ratio (logit)", "time ratio (Weibull)"]
    color = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=kinds, range=[COLORS["orange"], COLORS["green"]]),
        legend=alt.Legend(title=None, orient="bottom", symbolType="stroke"),
    )
    dash = alt.StrokeDash(
        "kind:N", scale=alt.Scale(domain=kinds, range=[[1, 0], [7, 3]]), legend=None
    )
    ghost = (
        alt.Chart(alt.NamedData("ratios_ghost"))
        .mark_line(color=GHOST, strokeDash=[3, 3], strokeWidth=2)
        .encode(x=month, y=y, detail="kind:N")
    )
    line = (
        alt.Chart(alt.NamedData("ratios"))
        .mark_line(strokeWidth=2.8)
        .encode(x=month, y=y, color=color, strokeDash=dash)
    )
    return alt.layer(one, ghost, line, _now(month)).properties(width=theme.WIDTH - 80, height=300)
