"""Pictures of a second campaign: what was expected, every choice at once, power."""

from __future__ import annotations

from typing import Any, Final

import altair as alt

from helpers.charts.theme import COLORS, GHOST, INK, MUTED

_WIDTH: Final = 520


def expected_exits() -> alt.LayerChart:
    """Return the chances of each number of exits, the observed one marked when it is shown.

    Data sets: `chances` (exits, chance, counted: "yes" where the observed number or a rarer
    one on its side lies), `seen` (exits, label; empty while the outcome is hidden).
    """
    x = alt.X(
        "exits:Q",
        title="absent from the census asked about",
        axis=alt.Axis(format="d", tickMinStep=1),
        scale=alt.Scale(domainMin=-0.5, nice=False),
    )
    bars = (
        alt.Chart(alt.NamedData("chances"))
        .mark_bar(width=14, color=COLORS["sky"], stroke=MUTED, strokeWidth=0.5)
        .encode(
            x=x,
            y=alt.Y("chance:Q", title="chance if like the others", axis=alt.Axis(format="%")),
            tooltip=[alt.Tooltip("exits:Q"), alt.Tooltip("chance:Q", format=".1%")],
        )
    )
    seen = alt.Chart(alt.NamedData("seen"))
    rule = seen.mark_rule(color=COLORS["orange"], strokeWidth=3, strokeDash=[6, 3]).encode(x=x)
    words = seen.mark_text(align="left", dx=6, fontSize=14, color=INK).encode(
        x=x, y=alt.value(10), text="label:N"
    )
    return alt.layer(bars, rule, words).properties(width=_WIDTH, height=320)


def every_ratio() -> alt.LayerChart:
    """Return observed over expected for every combination, in order, one of them marked.

    Data sets: `ratios` (place, ratio, sure: "p ≤ .05" or "p > .05"), `mine` (place, ratio,
    label); both empty while the outcome is hidden.
    """
    x = alt.X("place:Q", title="combinations of choices, in order", axis=alt.Axis(format="d"))
    y = alt.Y("ratio:Q", title="observed / expected", scale=alt.Scale(domainMin=0))
    points = (
        alt.Chart(alt.NamedData("ratios"))
        .mark_point(size=14, filled=True, opacity=0.8)
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "sure:N",
                scale=alt.Scale(domain=["p > .05", "p ≤ .05"], range=[GHOST, COLORS["blue"]]),
                legend=alt.Legend(title=None, orient="top"),
            ),
            shape=alt.Shape(
                "sure:N",
                scale=alt.Scale(domain=["p > .05", "p ≤ .05"], range=["circle", "triangle-up"]),
                legend=alt.Legend(title=None, orient="top"),
            ),
        )
    )
    one = alt.Chart(alt.NamedData("one")).mark_rule(color=MUTED, strokeDash=[4, 3]).encode(y=y)
    mine = alt.Chart(alt.NamedData("mine"))
    mark = mine.mark_point(
        size=160, filled=False, strokeWidth=3, shape="diamond", color=COLORS["orange"]
    ).encode(x=x, y=y)
    words = mine.mark_text(align="right", dx=-12, dy=-12, fontSize=14, color=INK).encode(
        x=x, y=y, text="label:N"
    )
    return alt.layer(points, one, mark, words).properties(width=_WIDTH, height=330)


def power_curve(x_title: str) -> alt.LayerChart:
    """Return power against the number of names, the chosen number marked.

    Data sets: `power` and `power_ghost` (names, power), `here` (names, power, label).
    """
    x = alt.X("names:Q", title=x_title, scale=alt.Scale(nice=False, zero=True))
    y = alt.Y(
        "power:Q",
        title="chance of p ≤ .05",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%"),
    )

    def line(name: str, **look: Any) -> alt.Chart:
        return alt.Chart(alt.NamedData(name)).mark_line(**look).encode(x=x, y=y)

    ghost = line("power_ghost", color=GHOST, strokeWidth=1.4)
    curve = line("power", color=COLORS["blue"], strokeWidth=2.6)
    goal = alt.Chart(alt.NamedData("goal")).mark_rule(color=MUTED, strokeDash=[4, 3]).encode(y=y)
    here = alt.Chart(alt.NamedData("here"))
    mark = here.mark_point(
        size=140, filled=False, strokeWidth=3, shape="diamond", color=COLORS["orange"]
    ).encode(x=x, y=y)
    words = here.mark_text(align="left", dx=12, dy=-8, fontSize=14, color=INK).encode(
        x=x, y=y, text="label:N"
    )
    return alt.layer(ghost, curve, goal, mark, words).properties(width=_WIDTH, height=330)
