"""Pictures of a paper on trial: the docket, what rests on what, whose release it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import altair as alt

from helpers.charts.theme import COLORS, GHOST, INK, MUTED

_LOOKS: Final = {
    "holds": ("circle", COLORS["blue"]),
    "holds with a condition": ("square", COLORS["sky"]),
    "imprecise": ("triangle-up", COLORS["yellow"]),
    "contradicted by the paper itself": ("cross", COLORS["orange"]),
    "cannot be checked here": ("diamond", GHOST),
}
SHORT: Final = {
    "holds": "holds",
    "holds with a condition": "with a condition",
    "imprecise": "imprecise",
    "contradicted by the paper itself": "contradicted",
    "cannot be checked here": "not here",
}


def docket(verdicts: Sequence[str]) -> alt.LayerChart:
    """Return the claims as marks in a row for each verdict, the chosen one ringed.

    Data sets: `claims` (id, verdict, place, claim, shown: "yes" or "no"), `chosen` (verdict,
    place, id).
    """
    short = [SHORT[v] for v in verdicts]
    y = alt.Y(
        "verdict:N",
        sort=short,
        scale=alt.Scale(domain=short),
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelLimit=130),
    )
    x = alt.X("place:Q", title="claims", axis=alt.Axis(format="d", tickMinStep=5, grid=False))
    marks = (
        alt.Chart(alt.NamedData("claims"))
        .mark_point(size=90, filled=True, stroke=MUTED, strokeWidth=0.5)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape(
                "verdict:N",
                scale=alt.Scale(domain=short, range=[_LOOKS[v][0] for v in verdicts]),
                legend=None,
            ),
            color=alt.Color(
                "verdict:N",
                scale=alt.Scale(domain=short, range=[_LOOKS[v][1] for v in verdicts]),
                legend=None,
            ),
            opacity=alt.Opacity(
                "shown:N", scale=alt.Scale(domain=["yes", "no"], range=[1, 0.15]), legend=None
            ),
            tooltip=[alt.Tooltip("id:N", title="claim"), alt.Tooltip("claim:N", title="says")],
        )
    )
    chosen = alt.Chart(alt.NamedData("chosen"))
    ring = chosen.mark_point(size=300, filled=False, stroke=INK, strokeWidth=2).encode(x=x, y=y)
    words = chosen.mark_text(dy=-18, fontSize=13, color=INK).encode(x=x, y=y, text="id:N")
    return alt.layer(marks, ring, words).properties(width=500, height=alt.Step(58))


def footing() -> alt.LayerChart:
    """Return claims on the left, conclusions on the right, and lines between them.

    Data sets: `lines` (x, y, x2, y2, needed, struck), `claims` (label, x, y, struck, tip),
    `conclusions` (y, words, stands).
    """
    scale_y = alt.Scale(domain=[0, 1], reverse=True)
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_rule()
        .encode(
            x=alt.X("x:Q", scale=alt.Scale(domain=[0, 1]), axis=None),
            x2="x2:Q",
            y=alt.Y("y:Q", scale=scale_y, axis=None),
            y2="y2:Q",
            color=alt.Color(
                "struck:N",
                scale=alt.Scale(domain=["no", "yes"], range=[MUTED, COLORS["orange"]]),
                legend=None,
            ),
            strokeDash=alt.StrokeDash(
                "struck:N",
                scale=alt.Scale(domain=["no", "yes"], range=[[1, 0], [3, 3]]),
                legend=None,
            ),
            strokeWidth=alt.StrokeWidth(
                "needed:N", scale=alt.Scale(domain=["yes", "no"], range=[2.6, 0.9]), legend=None
            ),
        )
    )
    claims = (
        alt.Chart(alt.NamedData("claims"))
        .mark_text(align="right", dx=-4, fontSize=11)
        .encode(
            x=alt.X("x:Q", scale=alt.Scale(domain=[0, 1]), axis=None),
            y=alt.Y("y:Q", scale=scale_y),
            text="label:N",
            color=alt.Color(
                "struck:N",
                scale=alt.Scale(domain=["no", "yes"], range=[INK, COLORS["orange"]]),
                legend=None,
            ),
            tooltip=[alt.Tooltip("tip:N", title="claim")],
        )
    )
    ends = (
        alt.Chart(alt.NamedData("conclusions"))
        .mark_text(align="left", dx=6, fontSize=12.5, color=INK, lineBreak="\n")
        .encode(x=alt.value(300), y=alt.Y("y:Q", scale=scale_y), text="words:N")
    )
    return alt.layer(lines, claims, ends).properties(width=620, height=460)


def whose() -> alt.LayerChart:
    """Return the nineteen as squares by what their exit can be credited to.

    Data set: `women` (place, row, whose, name, manner).
    """
    kinds = ["may be the campaign's", "somebody else's", "not counted", "not known"]
    return alt.layer(
        alt.Chart(alt.NamedData("women"))
        .mark_point(size=260, filled=True, stroke=INK, strokeWidth=0.7)
        .encode(
            x=alt.X("place:Q", axis=None, scale=alt.Scale(domain=[0, 20])),
            y=alt.Y(
                "whose:N",
                sort=kinds,
                scale=alt.Scale(domain=kinds),
                title=None,
                axis=alt.Axis(ticks=False, domain=False, labelLimit=190),
            ),
            color=alt.Color(
                "whose:N",
                scale=alt.Scale(
                    domain=kinds, range=[COLORS["blue"], COLORS["orange"], "#ffffff", GHOST]
                ),
                legend=None,
            ),
            shape=alt.Shape(
                "whose:N",
                scale=alt.Scale(domain=kinds, range=["circle", "cross", "square", "diamond"]),
                legend=None,
            ),
            tooltip=[alt.Tooltip("name:N"), alt.Tooltip("manner:N")],
        )
    ).properties(width=430, height=alt.Step(48))


def share_bounds(rows: Sequence[str]) -> alt.LayerChart:
    """Return bounds of shares as bars from the worst case to the best, in per cent.

    Data sets: `bounds` and `bounds_ghost` (row, low, high, label).
    """

    def part(name: str) -> alt.Chart:
        return alt.Chart(alt.NamedData(name)).encode(
            x=alt.X("low:Q", title="per cent", scale=alt.Scale(domain=[-60, 100], nice=False)),
            x2="high:Q",
            y=alt.Y(
                "row:N",
                sort=list(rows),
                scale=alt.Scale(domain=list(rows)),
                title=None,
                axis=alt.Axis(ticks=False, domain=False, labelLimit=190),
            ),
        )

    ghost = part("bounds_ghost").mark_bar(height=24, filled=False, stroke=GHOST, strokeDash=[4, 3])
    bars = part("bounds").mark_bar(height=14, color=COLORS["blue"], minBandSize=3)
    ends = part("bounds").mark_tick(thickness=3, size=24, color=INK)
    words: Any = (
        alt.Chart(alt.NamedData("bounds"))
        .mark_text(align="left", dx=8, fontSize=13, color=INK)
        .encode(
            x=alt.X("high:Q"),
            y=alt.Y("row:N", sort=list(rows), scale=alt.Scale(domain=list(rows))),
            text="label:N",
        )
    )
    return alt.layer(ghost, bars, ends, words).properties(width=430, height=alt.Step(44))


def spike() -> alt.LayerChart:
    """Return a series with the month of choice marked, and what comes before and after.

    Data sets: `series` (month, level, kind), `level` (month, month2, mean), `mark` (month).
    """
    x = alt.X("month:Q", title="months from the month of choice")
    y = alt.Y("level:Q", title="attention, the chosen ones' mean", scale=alt.Scale(zero=True))
    line = (
        alt.Chart(alt.NamedData("series"))
        .mark_line(point=True, color=COLORS["blue"])
        .encode(x=x, y=y)
    )
    mark = (
        alt.Chart(alt.NamedData("mark"))
        .mark_rule(color=COLORS["orange"], strokeDash=[6, 3], strokeWidth=2)
        .encode(x=x)
    )
    mean = (
        alt.Chart(alt.NamedData("mean"))
        .mark_rule(color=MUTED, strokeDash=[3, 3])
        .encode(y=alt.Y("level:Q"))
    )
    return alt.layer(mean, line, mark).properties(width=520, height=330)


def placebo() -> alt.LayerChart:
    """Return an estimate for each launch tried, with its interval, the real one marked.

    Data sets: `tries` (year, estimate, low, high, real: "yes" or "no").
    """
    x = alt.X("year:O", title="launch in September of")
    base = alt.Chart(alt.NamedData("tries"))
    bars = base.mark_rule(strokeWidth=2).encode(
        x=x, y=alt.Y("low:Q", title="coefficient on log months"), y2="high:Q"
    )
    points = base.mark_point(filled=True, size=110).encode(
        x=x,
        y="estimate:Q",
        shape=alt.Shape(
            "real:N",
            scale=alt.Scale(domain=["no", "yes"], range=["circle", "diamond"]),
            legend=None,
        ),
        color=alt.Color(
            "real:N",
            scale=alt.Scale(domain=["no", "yes"], range=[COLORS["blue"], COLORS["orange"]]),
            legend=None,
        ),
    )
    zero = (
        alt.Chart(alt.NamedData("zero"))
        .mark_rule(color=MUTED, strokeDash=[4, 3])
        .encode(y=alt.Y("level:Q"))
    )
    return alt.layer(zero, bars, points).properties(width=460, height=320)
