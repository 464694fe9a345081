"""Pictures of public attention: counts by month, coefficients, releases on a clock, power."""

from __future__ import annotations

from typing import Any, Final

import altair as alt

from helpers.charts import theme
from helpers.charts.theme import COLORS, GHOST, INK, MUTED

EVENT_MONTHS: Final = ("Jul 2015", "Aug 2015", "Sep 2015", "Oct 2015", "Nov 2015")
ANSWERED: Final = {
    "inside the window": ("circle", COLORS["blue"]),
    "perhaps inside: date uncertain": ("diamond", COLORS["green"]),
    "after the window": ("triangle-up", COLORS["orange"]),
}
"""Shape and color of a release, so that the picture can be read without color."""


def raw(launch: int) -> alt.VConcatChart:
    """Return counts by person and month, with a summary line, above the number observed.

    Data sets: `dots` (day, value, tip), `line` and `line_ghost` (day, value), `held` (day,
    people). Days are milliseconds since 1970.
    """
    time = alt.Scale(type="utc", nice=False)
    x = alt.X("day:T", scale=time, title=None, axis=alt.Axis(format="%b %Y", labelOverlap=True))
    y = alt.Y(
        "value:Q",
        title="A month's count (or index)",
        scale=alt.Scale(type="symlog", constant=1, domain=[0, 100]),
        axis=alt.Axis(values=[0, 1, 2, 5, 10, 20, 50, 100]),
    )
    dots = (
        alt.Chart(alt.NamedData("dots"))
        .mark_point(size=34, filled=True, opacity=0.3, color=COLORS["blue"])
        .encode(x=x, y=y, tooltip=alt.Tooltip("tip:N", title=""))
    )
    ghost = (
        alt.Chart(alt.NamedData("line_ghost"))
        .mark_line(color=GHOST, strokeDash=[4, 3], strokeWidth=1.6)
        .encode(x=x, y=y)
    )
    line = (
        alt.Chart(alt.NamedData("line"))
        .mark_line(color=INK, strokeWidth=2.4, point=alt.OverlayMarkDef(color=INK, size=30))
        .encode(x=x, y=y, tooltip=[alt.Tooltip("value:Q", format=".2f", title="line")])
    )
    rule, label = _launch_rule(launch, time)
    upper = alt.layer(rule, dots, ghost, line, label).properties(width=theme.WIDTH, height=270)
    lower = (
        alt.Chart(alt.NamedData("held"))
        .mark_area(interpolate="step-after", color=MUTED, opacity=0.45)
        .encode(
            x=x,
            y=alt.Y("people:Q", title="People", scale=alt.Scale(domain=[0, 20])),
            tooltip=["people:Q"],
        )
        .properties(width=theme.WIDTH, height=70)
    )
    return alt.vconcat(upper, lower).resolve_scale(x="shared")


def _launch_rule(launch: int, time: alt.Scale) -> tuple[alt.Chart, alt.Chart]:
    base = alt.Chart(alt.Data(values=[{"day": launch, "text": "September 2015"}]))
    rule = base.mark_rule(strokeDash=[6, 3], color=COLORS["orange"], strokeWidth=1.6).encode(
        x=alt.X("day:T", scale=time)
    )
    label = base.mark_text(align="left", dx=6, y=8, color=COLORS["orange"], fontSize=13).encode(
        x=alt.X("day:T", scale=time), text="text:N"
    )
    return rule, label


def event_study() -> alt.LayerChart:
    """Return five monthly coefficients with bars of one and two standard errors.

    Data sets: `coefficients` and `coefficients_ghost` (month, estimate, low1, high1, low2,
    high2, label, tip), `printed` (month, value, text, tip) for what the paper states.
    """
    x = alt.X(
        "month:N",
        sort=list(EVENT_MONTHS),
        scale=alt.Scale(domain=list(EVENT_MONTHS)),
        title=None,
        axis=alt.Axis(labelAngle=0, labelFontSize=14, grid=False),
    )
    title = "Coefficient, with 1 and 2 standard errors"
    # Room for the widest label, so that the axis stays where it is when the numbers change.
    axis = alt.Axis(minExtent=46)

    def bars(name: str, color: str, shift: int, ghost: bool) -> list[alt.Chart]:
        base = alt.Chart(alt.NamedData(name))
        dash = {"strokeDash": [4, 3]} if ghost else {}
        width = (1.2, 3.0) if ghost else (2.0, 6.0)
        two, one = (
            base.mark_rule(color=color, strokeWidth=w, xOffset=shift, **dash).encode(
                x=x, y=alt.Y(f"low{k}:Q", title=title, axis=axis), y2=f"high{k}:Q"
            )
            for k, w in ((2, width[0]), (1, width[1]))
        )
        point = base.mark_point(
            filled=not ghost, size=60 if ghost else 130, color=color, xOffset=shift, opacity=1
        ).encode(
            x=x,
            y=alt.Y("estimate:Q", title=title, axis=axis),
            tooltip=alt.Tooltip("tip:N", title=""),
        )
        return [two, one, point]

    zero = (
        alt.Chart(alt.Data(values=[{"at": 0}])).mark_rule(color=INK, strokeWidth=1).encode(y="at:Q")
    )
    words = (
        alt.Chart(alt.NamedData("coefficients"))
        .mark_text(align="left", dx=12, fontSize=14, color=INK)
        .encode(x=x, y="estimate:Q", text="label:N")
    )
    printed = alt.Chart(alt.NamedData("printed"))
    # To the left of September's own bar, on its label's other side and clear of the ghost.
    square = printed.mark_point(
        shape="square", size=110, filled=False, strokeWidth=2.2, color=COLORS["orange"], xOffset=-34
    ).encode(x=x, y="value:Q", tooltip=alt.Tooltip("tip:N", title=""))
    said = printed.mark_text(
        align="right",
        dx=-44,
        dy=-7,
        fontSize=13,
        lineBreak="\n",
        lineHeight=15,
        color=COLORS["orange"],
    ).encode(x=x, y="value:Q", text="text:N")
    layers: list[Any] = [
        zero,
        *bars("coefficients_ghost", GHOST, -16, ghost=True),
        *bars("coefficients", COLORS["blue"], 0, ghost=False),
        words,
        square,
        said,
    ]
    return alt.layer(*layers).properties(width=theme.WIDTH, height=320)


def one_plus(most: float) -> alt.HConcatChart:
    """Return what a fixed effect means at each baseline, in counts (left) and in per cent.

    Data sets: `curve` and `curve_ghost` (before, after), `mark` (before, after, text), `share`
    and `share_ghost` (before, value, kind), `share_mark` (before, value, kind, text). Baselines
    run from 0 to `most`.
    """
    x = alt.X("before:Q", title="Articles before", scale=alt.Scale(domain=[0, most], nice=False))
    # Room for the widest label, so that the axis stays where it is when the numbers change.
    axis = alt.Axis(minExtent=40)
    y = alt.Y("after:Q", title="Articles after", axis=axis)
    same = alt.Chart(
        alt.Data(values=[{"before": 0, "after": 0}, {"before": most, "after": most}])
    ).mark_line(color=MUTED, strokeDash=[2, 3])
    ghost = alt.Chart(alt.NamedData("curve_ghost")).mark_line(color=GHOST, strokeDash=[4, 3])
    line = alt.Chart(alt.NamedData("curve")).mark_line(color=COLORS["blue"], strokeWidth=2.6)
    mark = alt.Chart(alt.NamedData("mark"))
    dot = mark.mark_point(filled=True, size=130, color=COLORS["orange"], opacity=1)
    words = mark.mark_text(align="left", fontSize=15, color=COLORS["orange"], x=12, y=16)
    left = alt.layer(
        *(layer.encode(x=x, y=y) for layer in (same, ghost, line, dot)),
        words.encode(text="text:N"),
    ).properties(
        width=300,
        height=270,
        title=alt.TitleParams("Dotted: no change.", fontSize=13),
    )

    kinds = ["of articles", "of 1 + articles"]
    z = alt.Y("value:Q", title="Change in per cent", axis=axis)
    dash = alt.StrokeDash(
        "kind:N", scale=alt.Scale(domain=kinds, range=[[1, 0], [7, 4]]), legend=None
    )
    color = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=kinds, range=[COLORS["blue"], COLORS["purple"]]),
        legend=None,
    )
    pale = (
        alt.Chart(alt.NamedData("share_ghost"))
        .mark_line(color=GHOST, strokeWidth=1.2)
        .encode(x=x, y=z, detail="kind:N")
    )
    shares = (
        alt.Chart(alt.NamedData("share"))
        .mark_line(strokeWidth=2.6)
        .encode(x=x, y=z, strokeDash=dash, color=color)
    )
    share = alt.Chart(alt.NamedData("share_mark"))
    at = share.mark_point(filled=True, size=120, opacity=1, color=COLORS["orange"])
    told = share.mark_text(align="left", dx=10, dy=-10, fontSize=14, color=COLORS["orange"])
    right = alt.layer(
        pale, shares, at.encode(x=x, y=z), told.encode(x=x, y=z, text="text:N")
    ).properties(
        width=300,
        height=270,
        # Lines are told apart here: a legend of one half of a pair stands beside the other.
        title=alt.TitleParams("Solid: of articles. Dashed: of 1 + articles.", fontSize=13),
    )
    return alt.hconcat(left, right)


def releases(names: list[str], longest: float) -> alt.LayerChart:
    """Return releases on the clock of the campaign, with a window of attention.

    Data sets: `window` and `window_ghost` (start, end, part: "attention" | "answer"), `spans`
    (name, first, last, tip, url), `points` (name, at, status, tip, url), `notes` (name, at,
    text, tip, url). Times are months since launch; `names` orders the rows. A mark opens its
    source.
    """
    # Room on the left for the words beside what came before the launch.
    clock = alt.Scale(domain=[-13, longest], nice=False)
    ticks = alt.Axis(values=[-6, *range(0, int(longest) + 1, 6)])
    x_title = "Months since 1 September 2015"
    y = alt.Y(
        "name:N",
        sort=names,
        title=None,
        scale=alt.Scale(domain=names),
        axis=alt.Axis(grid=True, ticks=False, domain=False, labelPadding=8),
    )
    parts = alt.Fill(
        "part:N",
        scale=alt.Scale(domain=["attention", "answer"], range=["#bcd9ec", "#e9e4d2"]),
        legend=alt.Legend(title="Window", orient="bottom"),
    )
    window = (
        alt.Chart(alt.NamedData("window"))
        .mark_rect(opacity=0.75)
        .encode(x=alt.X("start:Q", scale=clock, title=x_title, axis=ticks), x2="end:Q", fill=parts)
    )
    ghost = (
        alt.Chart(alt.NamedData("window_ghost"))
        .mark_rule(color=GHOST, strokeDash=[4, 3], strokeWidth=1.6)
        .encode(x=alt.X("end:Q", scale=clock, title=x_title))
    )
    launch = (
        alt.Chart(alt.Data(values=[{"at": 0}]))
        .mark_rule(color=INK, strokeDash=[6, 3])
        .encode(x=alt.X("at:Q", scale=clock, title=x_title))
    )
    tip = alt.Tooltip("tip:N", title="")
    spans = (
        alt.Chart(alt.NamedData("spans"))
        .mark_bar(height=11, color="white", stroke=INK, strokeWidth=1.2, strokeDash=[3, 2])
        .encode(
            x=alt.X("first:Q", scale=clock, title=x_title),
            x2="last:Q",
            y=y,
            tooltip=tip,
            href="url:N",
        )
    )
    shapes = alt.Scale(domain=list(ANSWERED), range=[shape for shape, _ in ANSWERED.values()])
    colors = alt.Scale(domain=list(ANSWERED), range=[color for _, color in ANSWERED.values()])
    legend = alt.Legend(title="A release", orient="bottom", direction="vertical")
    points = (
        alt.Chart(alt.NamedData("points"))
        .mark_point(size=140, filled=True, opacity=1, stroke="white", strokeWidth=0.8)
        .encode(
            x=alt.X("at:Q", scale=clock, title=x_title),
            y=y,
            shape=alt.Shape("status:N", scale=shapes, legend=legend),
            color=alt.Color("status:N", scale=colors, legend=legend),
            tooltip=tip,
            href="url:N",
        )
    )
    notes = alt.Chart(alt.NamedData("notes"))
    pins = notes.mark_point(
        shape="cross", size=110, filled=True, color=COLORS["purple"], opacity=1
    ).encode(x=alt.X("at:Q", scale=clock, title=x_title), y=y, tooltip=tip, href="url:N")
    words = notes.mark_text(align="right", dx=-9, fontSize=12.5, color=COLORS["purple"]).encode(
        x=alt.X("at:Q", scale=clock, title=x_title), y=y, text="text:N"
    )
    layers: list[Any] = [window, ghost, launch, spans, points, pins, words]
    return alt.layer(*layers).properties(width=theme.WIDTH - 90, height=24 * len(names))


def power(lowest: float, highest: float) -> alt.LayerChart:
    """Return how often an effect is seen, by its true size.

    Data sets: `simulated` and `simulated_ghost` (ratio, seen, low, high, tip), `formula`
    (ratio, seen), `at` (ratio, seen, text), `wanted` (seen, text), `false_alarms` (seen, text).
    """
    x = alt.X(
        "ratio:Q",
        title="True lasting ratio of 1 + articles (1 = nothing lasts)",
        scale=alt.Scale(domain=[lowest, highest], nice=False),
    )
    y = alt.Y(
        "seen:Q",
        title="Share of studies that see it",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%"),
    )
    levels = alt.Chart(alt.NamedData("wanted"))
    wanted = levels.mark_rule(color=COLORS["orange"], strokeDash=[6, 3]).encode(y=y)
    named = levels.mark_text(
        align="right", x=alt.ExprRef("width - 6"), dy=-8, fontSize=13, color=COLORS["orange"]
    ).encode(y=y, text="text:N")
    alarms = alt.Chart(alt.NamedData("false_alarms"))
    floor = alarms.mark_rule(color=MUTED, strokeDash=[2, 3]).encode(y=y)
    floored = alarms.mark_text(
        align="right", x=alt.ExprRef("width - 6"), dy=-8, fontSize=13, color=MUTED
    ).encode(y=y, text="text:N")
    ghost = (
        alt.Chart(alt.NamedData("simulated_ghost"))
        .mark_line(color=GHOST, strokeDash=[4, 3], strokeWidth=1.6)
        .encode(x=x, y=y)
    )
    formula = (
        alt.Chart(alt.NamedData("formula"))
        .mark_line(color=COLORS["purple"], strokeDash=[8, 4], strokeWidth=1.8)
        .encode(x=x, y=y)
    )
    simulated = alt.Chart(alt.NamedData("simulated"))
    line = simulated.mark_line(color=COLORS["blue"], strokeWidth=2.6).encode(x=x, y=y)
    bars = simulated.mark_rule(color=COLORS["blue"], strokeWidth=1.4).encode(
        x=x, y=alt.Y("low:Q", scale=alt.Scale(domain=[0, 1])), y2="high:Q"
    )
    dots = simulated.mark_point(filled=True, size=70, color=COLORS["blue"], opacity=1).encode(
        x=x, y=y, tooltip=alt.Tooltip("tip:N", title="")
    )
    at = alt.Chart(alt.NamedData("at"))
    spot = at.mark_point(
        shape="diamond", filled=True, size=190, color=COLORS["orange"], opacity=1
    ).encode(x=x, y=y)
    said = at.mark_text(align="left", dx=14, dy=14, fontSize=15, color=COLORS["orange"]).encode(
        x=x, y=y, text="text:N"
    )
    key = [
        alt.Chart(alt.Data(values=[{"text": text}]))
        .mark_text(align="left", x=10, y=height, fontSize=13, color=COLORS[color])
        .encode(text="text:N")
        for text, height, color in (
            ("solid: simulated, with 2 errors", 14, "blue"),
            ("dashed: by formula", 32, "purple"),
        )
    ]
    layers: list[Any] = [
        *key,
        floor,
        floored,
        wanted,
        named,
        ghost,
        formula,
        line,
        bars,
        dots,
        spot,
        said,
    ]
    return alt.layer(*layers).properties(width=theme.WIDTH, height=320)
