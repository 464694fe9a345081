"""Pictures of time in custody: spells on a calendar, and lifelines on a clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt

from helpers.charts import theme
from helpers.charts.theme import COLORS, INK, MUTED

MANNER_SHAPES: Mapping[str, str] = {
    "pardon or amnesty": "circle",
    "sentence suspended": "square",
    "bail or parole": "diamond",
    "exile": "triangle-right",
    "exchange of prisoners": "cross",
    "charges dropped": "triangle-up",
    "end of term or later": "triangle-down",
    "not known": "triangle-left",
}
"""One shape for each manner of release, so that the picture can be read without color."""

STATUS_COLORS: Mapping[str, str] = {
    "counted as released": COLORS["blue"],
    "not counted": COLORS["orange"],
    "unknown": MUTED,
}


_TIMELINE = 470
"""Width of the calendar; with the names it fits beside the controls."""

SIGNS: Mapping[str, str] = {"counted as released": "+", "not counted": "–", "unknown": "?"}
"""A sign for each status, at the end of the row and in the legend; every font has them."""


def timeline(names: list[str], first: int, last: int, launch: int) -> alt.LayerChart:
    """Return the template of the detention timeline.

    Data sets: `spells` (name, start, end, status, sign, cut, tip), `bands` (name, earliest,
    latest, tip), `releases` (name, day, manner, status, tip). Times are milliseconds
    since 1970.

    Parameters
    ----------
    names : list of str
        The order of the rows, top to bottom.
    first, last, launch : int
        Bounds of the calendar and the day of launch, milliseconds since 1970.
    """
    y = alt.Y(
        "name:N",
        sort=names,
        title=None,
        scale=alt.Scale(domain=names),
        axis=alt.Axis(grid=True, ticks=False, domain=False, labelPadding=8),
    )
    time = alt.Scale(type="utc", domain=[first, last], nice=False)
    x = alt.X("start:T", scale=time, title=None, axis=alt.Axis(format="%Y", tickCount=10))
    status = alt.Color(
        "status:N",
        scale=alt.Scale(domain=list(STATUS_COLORS), range=list(STATUS_COLORS.values())),
        legend=alt.Legend(
            title="Under this coding",
            orient="bottom",
            direction="vertical",
            labelExpr=_signed(),
        ),
    )
    tip = alt.Tooltip("tip:N", title="")
    spells = (
        alt.Chart(alt.NamedData("spells"))
        .mark_bar(height=9, opacity=0.45)
        .encode(x=x, x2="end:Q", y=y, color=status, tooltip=tip)
    )
    cut = (
        alt.Chart(alt.NamedData("spells"))
        .transform_filter("datum.cut")
        .mark_text(align="left", dx=1, fontSize=12, color=INK)
        .encode(x=alt.X("start:T", scale=time), y=y, text="cut:N", tooltip=tip)
    )
    signs = (
        alt.Chart(alt.NamedData("spells"))
        .mark_text(align="right", dx=-4, fontSize=16, fontWeight="bold", color=INK)
        .encode(x=alt.value("width"), y=y, text="sign:N", tooltip=tip)
    )
    bands = (
        alt.Chart(alt.NamedData("bands"))
        .mark_bar(height=15, color="white", stroke=INK, strokeWidth=1.2, strokeDash=[3, 2])
        .encode(x=alt.X("earliest:T", scale=time), x2="latest:Q", y=y, tooltip=tip)
    )
    releases = (
        alt.Chart(alt.NamedData("releases"))
        .mark_point(size=130, filled=True, opacity=1, stroke="white", strokeWidth=0.8)
        .encode(
            x=alt.X("day:T", scale=time),
            y=y,
            color=status,
            shape=alt.Shape(
                "manner:N",
                scale=alt.Scale(domain=list(MANNER_SHAPES), range=list(MANNER_SHAPES.values())),
                legend=alt.Legend(title="Manner of release", orient="bottom", columns=2),
            ),
            tooltip=tip,
        )
    )
    rule = alt.Chart(alt.Data(values=[{"start": launch, "text": "launch, 1 Sep 2015"}]))
    launched = rule.mark_rule(strokeDash=[6, 3], color=INK, strokeWidth=1.4).encode(
        x=alt.X("start:T", scale=time)
    )
    label = rule.mark_text(align="right", dx=-5, y=-7, color=INK, fontSize=12).encode(
        x=alt.X("start:T", scale=time), text="text:N"
    )
    layers = alt.layer(launched, spells, cut, bands, releases, signs, label)
    return layers.properties(width=_TIMELINE, height=21 * len(names))


def _signed() -> str:
    """Return the legend's expression: each status with its sign."""
    labels = "datum.label"
    for status, sign in SIGNS.items():
        labels = f"datum.label === '{status}' ? '{sign} {status}' : {labels}"
    return labels


def lifelines(names: list[str], longest: float, unit: str) -> alt.HConcatChart:
    """Return lifelines (left) beside the Kaplan-Meier curve they give (right).

    Data sets: `lines` (name, time, at_risk: "at risk" | "no longer at risk", event:
    "released" | "censored"), `now` (time), `curve` (time, survival).

    Parameters
    ----------
    names : list of str
        The order of the rows.
    longest : float
        Right end of the clock, in `unit`.
    unit : str
        Unit of time, for the axis.
    """
    time = alt.Scale(domain=[0, longest], nice=False)
    y = alt.Y("name:N", sort=names, title=None, scale=alt.Scale(domain=names))
    lines = alt.Chart(alt.NamedData("lines"))
    bars = lines.mark_bar(height=8).encode(
        x=alt.X("time:Q", scale=time, title=unit),
        x2=alt.value(0),
        y=y,
        color=alt.Color(
            "at_risk:N",
            scale=alt.Scale(
                domain=["at risk", "no longer at risk"], range=[COLORS["blue"], "#c9c9c9"]
            ),
            legend=alt.Legend(title="At this step", orient="bottom"),
        ),
    )
    ends = lines.mark_point(size=120, filled=False, strokeWidth=2, color=INK).encode(
        x=alt.X("time:Q", scale=time),
        y=y,
        shape=alt.Shape(
            "event:N",
            scale=alt.Scale(domain=["released", "censored"], range=["circle", "stroke"]),
            legend=alt.Legend(title="Line ends in", orient="bottom"),
        ),
        tooltip=[alt.Tooltip("name:N"), alt.Tooltip("time:Q", format=".1f"), "event:N"],
    )
    now = (
        alt.Chart(alt.NamedData("now"))
        .mark_rule(color=COLORS["orange"], strokeWidth=2, strokeDash=[5, 3])
        .encode(x=alt.X("time:Q", scale=time))
    )
    curve = (
        alt.Chart(alt.NamedData("curve"))
        .mark_line(interpolate="step-after", strokeWidth=2.5, point=alt.OverlayMarkDef(size=45))
        .encode(
            x=alt.X("time:Q", scale=time, title=unit),
            y=alt.Y(
                "survival:Q", scale=alt.Scale(domain=[0, 1]), title="Estimated share still held"
            ),
            tooltip=[alt.Tooltip("time:Q", format=".1f"), alt.Tooltip("survival:Q", format=".3f")],
        )
    )
    left = alt.layer(bars, ends, now).properties(width=300, height=34 * len(names))
    return alt.hconcat(left, curve.properties(width=300, height=34 * len(names)))


def interval_curve(longest: float, unit: str, share: str) -> alt.LayerChart:
    """Return a Kaplan-Meier template that shows what uncertain dates leave open.

    Data sets: `curve` (time, survival, low, high, at_risk), `bounds` (time, earliest,
    latest: the curves when every uncertain date is as early or as late as it can be),
    `censored` (time, survival, name), `mark` (time, survival, text) for a labelled level.
    """
    time = alt.Scale(domain=[0, longest], nice=False)
    y = alt.Scale(domain=[0, 1])
    x = alt.X("time:Q", scale=time, title=unit)
    bounds = (
        alt.Chart(alt.NamedData("bounds"))
        .mark_area(interpolate="step-after", opacity=0.35, color=COLORS["yellow"])
        .encode(x=x, y=alt.Y("earliest:Q", scale=y, title=share), y2="latest:Q")
    )
    curve = alt.Chart(alt.NamedData("curve"))
    low, high = (
        curve.mark_line(interpolate="step-after", strokeDash=[4, 3], color=MUTED).encode(
            x=x, y=alt.Y(f"{side}:Q", scale=y)
        )
        for side in ("low", "high")
    )
    line = curve.mark_line(interpolate="step-after", strokeWidth=2.8, color=COLORS["blue"]).encode(
        x=x,
        y=alt.Y("survival:Q", scale=y, title=share),
    )
    hover = curve.mark_point(size=60, opacity=0.01).encode(
        x=x,
        y=alt.Y("survival:Q", scale=y),
        tooltip=[
            alt.Tooltip("time:Q", format=".1f", title=unit),
            alt.Tooltip("survival:Q", format=".3f", title=share),
            alt.Tooltip("at_risk:Q", title="at risk just before"),
        ],
    )
    ticks = (
        alt.Chart(alt.NamedData("censored"))
        .mark_point(shape="stroke", angle=90, size=140, strokeWidth=2.2, color=INK)
        .encode(x=x, y=alt.Y("survival:Q", scale=y), tooltip=["name:N"])
    )
    levels = alt.Chart(alt.NamedData("mark"))
    dots = levels.mark_point(shape="diamond", filled=True, size=110, color=COLORS["orange"]).encode(
        x=x, y=alt.Y("survival:Q", scale=y), tooltip=["text:N"]
    )
    words = levels.mark_text(align="right", dx=-10, dy=-10, color=COLORS["orange"]).encode(
        x=x, y=alt.Y("survival:Q", scale=y), text="text:N"
    )
    layers: list[Any] = [bounds, low, high, line, hover, ticks, dots, words]
    return alt.layer(*layers).properties(width=theme.WIDTH, height=300)
