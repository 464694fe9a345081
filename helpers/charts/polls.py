"""Picture of a poll: how many gave each answer."""

from __future__ import annotations

import altair as alt

from helpers.charts.theme import COLORS, GHOST, INK


def poll_bars() -> alt.LayerChart:
    """Return bars of votes by answer, the previous count as a pale outline.

    Data sets: `votes` and `votes_ghost` (answer, place, count, label).
    """

    def bars(name: str) -> alt.Chart:
        return alt.Chart(alt.NamedData(name)).encode(
            y=alt.Y(
                "answer:N",
                sort=alt.EncodingSortField("place", op="min"),
                title=None,
                axis=alt.Axis(labelFontSize=17, labelLimit=340, ticks=False, domain=False),
            ),
            x=alt.X(
                "count:Q",
                title="students",
                axis=alt.Axis(
                    grid=False,
                    labelExpr="datum.value % 1 ? '' : datum.label",
                    format="d",
                    labelFontSize=15,
                    titleFontSize=16,
                ),
                scale=alt.Scale(domainMin=0),
            ),
            tooltip=[alt.Tooltip("answer:N"), alt.Tooltip("label:N", title="students")],
        )

    ghost = bars("votes_ghost").mark_bar(filled=False, stroke=GHOST, strokeDash=[4, 3])
    now = bars("votes").mark_bar(color=COLORS["blue"])
    words = (
        bars("votes").mark_text(align="left", dx=6, fontSize=17, color=INK).encode(text="label:N")
    )
    return alt.layer(ghost, now, words).properties(width=560, height={"step": 38})
