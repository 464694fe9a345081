"""Pictures of how a comparison group is made: a funnel of counts, and rules applied to rows."""

from __future__ import annotations

from typing import Any, Final

import altair as alt

from helpers.charts.theme import COLORS, GHOST, INK, MUTED, WIDTH

KINDS: Final = {
    "printed": ("#9cc3dd", COLORS["blue"]),
    "printed as 'over'": ("#dceaf3", COLORS["blue"]),
    "computed by us": ("#ffffff", COLORS["orange"]),
}
OUTCOMES: Final = {"released": COLORS["blue"], "not released": "#d9d9d9"}


def funnel(steps: list[str], top: float) -> alt.LayerChart:
    """Return a falling row of bars, one of them marked.

    Data sets: `steps` (step, count, kind: a key of `KINDS`, label, tip), `here` (step).

    Parameters
    ----------
    steps : list of str
        From top to bottom.
    top : float
        Largest count.
    """
    y = alt.Y(
        "step:N",
        sort=steps,
        scale=alt.Scale(domain=steps, paddingInner=0.25),
        title=None,
        axis=alt.Axis(labelLimit=330, ticks=False, domain=False),
    )
    x = alt.X("count:Q", scale=alt.Scale(domain=[0, top * 1.5], nice=False), axis=None)
    base = alt.Chart(alt.NamedData("steps"))
    bars = base.mark_bar(strokeWidth=2).encode(
        x=x,
        y=y,
        fill=alt.Fill(
            "kind:N",
            scale=alt.Scale(domain=list(KINDS), range=[look[0] for look in KINDS.values()]),
            legend=alt.Legend(title="Number", orient="bottom"),
        ),
        stroke=alt.Stroke(
            "kind:N",
            scale=alt.Scale(domain=list(KINDS), range=[look[1] for look in KINDS.values()]),
            legend=alt.Legend(title="Number", orient="bottom"),
        ),
        tooltip=[alt.Tooltip("tip:N", title="")],
    )
    words = base.mark_text(align="left", dx=8, fontSize=14).encode(x=x, y=y, text="label:N")
    here = (
        alt.Chart(alt.NamedData("here"))
        .mark_text(text="◀ this step", fontSize=14, color=COLORS["orange"], align="right")
        .encode(x=alt.value("width"), y=y)
    )
    return alt.layer(bars, words, here).properties(width=440, height=alt.Step(34))


def totals(countries: list[str], name: str = "totals") -> alt.LayerChart:
    """Return bars of counts by country.

    Data set: `name` (country, urgent_actions).

    Parameters
    ----------
    countries : list of str
        From top to bottom. Named here, because a chart of several layers does not keep an
        order taken from the counts.
    """
    base = alt.Chart(alt.NamedData(name)).encode(
        x=alt.X("urgent_actions:Q", title="Urgent Actions, all years to January 2014"),
        y=alt.Y("country:N", sort=countries, scale=alt.Scale(domain=countries), title=None),
        tooltip=["country:N", "urgent_actions:Q"],
    )
    bars = base.mark_bar(color=COLORS["blue"])
    words = base.mark_text(align="left", dx=5).encode(text="urgent_actions:Q")
    return alt.layer(bars, words).properties(width=520, height=alt.Step(22))


def rules(groups: list[str]) -> alt.VConcatChart:
    """Return who is kept under some rules, the shares released, and their difference.

    Data sets: `kept` (group, outcome: a key of `OUTCOMES`, start, end), `kept_ghost`, `shares`
    and `shares_ghost` (group, share in per cent, label), `gap` and `gap_ghost` (row, low, high,
    estimate in points, label).

    Parameters
    ----------
    groups : list of str
        From top to bottom.
    """
    y = alt.Y(
        "group:N",
        sort=groups,
        scale=alt.Scale(domain=groups),
        title=None,
        axis=alt.Axis(labelLimit=200, ticks=False, domain=False),
    )
    rows = alt.X("start:Q", scale=alt.Scale(domain=[0, 240], nice=False), title="Rows kept")
    old = (
        alt.Chart(alt.NamedData("kept_ghost"))
        .mark_bar(height=30, filled=False, stroke=GHOST, strokeDash=[4, 3])
        .encode(x=rows, x2="end:Q", y=y)
    )
    kept = alt.Chart(alt.NamedData("kept"))
    bars = kept.mark_bar(height=22, stroke=MUTED).encode(
        x=rows,
        x2="end:Q",
        y=y,
        color=alt.Color(
            "outcome:N",
            scale=alt.Scale(domain=list(OUTCOMES), range=list(OUTCOMES.values())),
            legend=alt.Legend(title=None, orient="bottom"),
        ),
        tooltip=["group:N", "outcome:N", "label:N"],
    )
    left = alt.layer(old, bars).properties(width=260, height=90)
    share = alt.X(
        "share:Q",
        scale=alt.Scale(domain=[0, 150], nice=False),
        title="Released (per cent)",
        axis=alt.Axis(values=[0, 20, 40, 60, 80, 100]),
    )
    blank = alt.Y("group:N", sort=groups, scale=alt.Scale(domain=groups), axis=None)
    before = (
        alt.Chart(alt.NamedData("shares_ghost"))
        .mark_point(size=130, color=GHOST, filled=False, strokeDash=[3, 2])
        .encode(x=share, y=blank)
    )
    base = alt.Chart(alt.NamedData("shares"))
    dots = base.mark_point(size=130, filled=True, opacity=1).encode(x=share, y=blank)
    words = base.mark_text(align="left", dx=10, dy=-12).encode(x=share, y=blank, text="label:N")
    right = alt.layer(before, dots, words).properties(width=230, height=90)
    return alt.vconcat(alt.hconcat(left, right), difference("gap", ["difference"]))


def difference(name: str, rows: list[str], low: float = -40, high: float = 110) -> alt.LayerChart:
    """Return differences with their intervals around a line at zero.

    Data sets: `name` and its ghost (row, low, high, estimate in points, label).

    Parameters
    ----------
    rows : list of str
        From top to bottom.
    low, high : float
        Ends of the axis, in percentage points.
    """
    scale = alt.Scale(domain=[low, high], nice=False, clamp=True)
    title = "Campaign rows minus comparison rows (points)"
    y = alt.Y("row:N", sort=rows, scale=alt.Scale(domain=rows), title=None)
    x = alt.X("low:Q", scale=scale, title=title, axis=alt.Axis(values=list(range(-40, 101, 20))))
    zero = (
        alt.Chart(alt.Data(values=[{"low": 0}]))
        .mark_rule(color=INK, strokeDash=[6, 3], strokeWidth=1.6)
        .encode(x=x)
    )
    old = (
        alt.Chart(alt.NamedData(f"{name}_ghost"))
        .mark_rule(color=GHOST, strokeWidth=8, opacity=0.5)
        .encode(x=x, x2="high:Q", y=y)
    )
    base = alt.Chart(alt.NamedData(name))
    spans: Any = base.mark_rule(color=COLORS["blue"], strokeWidth=2.6).encode(x=x, x2="high:Q", y=y)
    dots = base.mark_point(size=110, filled=True, opacity=1).encode(
        x=alt.X("estimate:Q", scale=scale, title=title), y=y, tooltip=["row:N", "label:N"]
    )
    words = base.mark_text(align="center", dy=-14, fontSize=13).encode(
        x=alt.X("estimate:Q", scale=scale, title=title), y=y, text="label:N"
    )
    return alt.layer(zero, old, spans, dots, words).properties(
        width=WIDTH - 80, height=44 * len(rows)
    )
