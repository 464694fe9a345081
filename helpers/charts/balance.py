"""Pictures of comparability: standardized differences, overlap, effect before and after."""

from __future__ import annotations

from typing import Any, Final

import altair as alt

from helpers.charts import funnel
from helpers.charts.theme import COLORS, GHOST, INK, MUTED

STAGES: Final = {"as observed": (MUTED, "circle"), "now": (COLORS["orange"], "diamond")}
GROUPS: Final = {"campaign rows": COLORS["orange"], "comparison rows": COLORS["blue"]}


def love_plot(covariates: list[str], rows: list[str]) -> tuple[Any, Any, Any]:
    """Return a love plot, the overlap of scores, and the effect before and after.

    Data sets: `balance` and `balance_ghost` (covariate, smd, stage: a key of `STAGES`, tip),
    `scores` and `scores_ghost` (group: a key of `GROUPS`, low, high, share, weighted), `effects`
    and `effects_ghost` (row, low, high, estimate in points, label).

    Parameters
    ----------
    covariates : list of str
        From top to bottom.
    rows : list of str
        Rows of the effect, from top to bottom.
    """
    scale = alt.Scale(domain=[-1.5, 1.5], nice=False, clamp=True)
    x = alt.X("smd:Q", scale=scale, title="Standardized difference, campaign minus comparison")
    y = alt.Y(
        "covariate:N",
        sort=covariates,
        scale=alt.Scale(domain=covariates),
        title=None,
        axis=alt.Axis(labelLimit=240, grid=True, gridDash=[1, 3]),
    )
    band = (
        alt.Chart(alt.Data(values=[{"smd": -0.1, "end": 0.1}]))
        .mark_rect(color="#e8f1f7")
        .encode(x=x, x2="end:Q")
    )
    zero = alt.Chart(alt.Data(values=[{"smd": 0}])).mark_rule(color=INK).encode(x=x)
    old = (
        alt.Chart(alt.NamedData("balance_ghost"))
        .transform_filter("datum.stage == 'now'")
        .mark_point(shape="diamond", size=130, color=GHOST, filled=False, strokeDash=[3, 2])
        .encode(x=x, y=y)
    )
    dots = (
        alt.Chart(alt.NamedData("balance"))
        .mark_point(size=110, opacity=1, strokeWidth=2, filled=True)
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "stage:N",
                scale=alt.Scale(domain=list(STAGES), range=[c for c, _ in STAGES.values()]),
                legend=alt.Legend(title=None, orient="bottom"),
            ),
            shape=alt.Shape(
                "stage:N",
                scale=alt.Scale(domain=list(STAGES), range=[s for _, s in STAGES.values()]),
                legend=alt.Legend(title=None, orient="bottom"),
            ),
            tooltip=[alt.Tooltip("tip:N", title="")],
        )
    )
    left = alt.layer(band, zero, old, dots).properties(width=420, height=26 * len(covariates))
    right = alt.vconcat(*(_histogram(group, 150) for group in GROUPS), spacing=8)
    return left, right, funnel.difference("effects", rows)


def _histogram(group: str, height: float) -> alt.LayerChart:
    last = group == list(GROUPS)[-1]
    x = alt.X(
        "low:Q",
        scale=alt.Scale(domain=[0, 1], nice=False),
        title="Propensity score (outline: weighted)" if last else None,
        axis=alt.Axis(labels=last, values=[0, 0.2, 0.4, 0.6, 0.8, 1]),
    )

    def bars(name: str, share: str, **look: Any) -> alt.Chart:
        y = alt.Y(
            f"{share}:Q",
            scale=alt.Scale(domain=[0, 1]),
            title=group,
            axis=alt.Axis(format="%", values=[0, 0.5, 1]),
        )
        return (
            alt.Chart(alt.NamedData(name))
            .transform_filter(f"datum.group == '{group}'")
            .mark_rect(**look)
            .encode(
                x=x,
                x2="high:Q",
                y=y,
                y2=alt.datum(0),
                tooltip=[
                    alt.Tooltip("low:Q", format=".1f", title="score from"),
                    alt.Tooltip("share:Q", format=".0%", title="share of the group"),
                    alt.Tooltip("weighted:Q", format=".0%", title="share after weighting"),
                ],
            )
        )

    return alt.layer(
        bars("scores_ghost", "weighted", filled=False, stroke=GHOST, strokeDash=[3, 2]),
        bars("scores", "share", color=GROUPS[group], opacity=0.45),
        bars("scores", "weighted", filled=False, stroke=INK, strokeWidth=1.6),
    ).properties(width=520, height=height)
