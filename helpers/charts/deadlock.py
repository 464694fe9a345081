"""Pictures of the deadlock model, of three mechanisms with one curve, and of bought visits.

Templates for panels: data sets are named and empty; `x_ghost` is drawn pale under `x`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt

from helpers.charts.survival import DASHES
from helpers.charts.theme import COLORS, GHOST, INK, MUTED, SERIES

KIND_SHAPES: Final[Mapping[str, str]] = {"functionalist": "circle", "regionalist": "square"}
KIND_DASHES: Final[Mapping[str, list[int]]] = {
    "functionalist": [1, 0],
    "regionalist": [7, 4],
}
_STATES: Final = ["supports", "does not support"]


def _share(field: str, title: str | None, **axis: Any) -> alt.Y:
    return alt.Y(
        field, scale=alt.Scale(domain=[0, 1]), title=title, axis=alt.Axis(format="%", **axis)
    )


def bureau() -> alt.HConcatChart:
    """Return the officials of one bureau (left) beside the chance of approval (right).

    Data sets
    ---------
    dots
        kind, stake, value, state ("supports" | "does not support"), tip.
    lines, lines_ghost
        kind, stake, value: where support begins, two points a kind.
    steps, steps_ghost
        publicity, chance.
    here
        publicity, chance, text: the present setting.
    """
    x = alt.X("stake:Q", scale=alt.Scale(domain=[0, 1.2]), title="Stake in other business")
    y = alt.Y("value:Q", scale=alt.Scale(domain=[-0.6, 1.6]), title="Value put on the case")
    kinds = list(KIND_SHAPES)
    ghost = (
        alt.Chart(alt.NamedData("lines_ghost"))
        .mark_line(color=GHOST, strokeWidth=1.4, clip=True)
        .encode(x=x, y=y, detail="kind:N")
    )
    # A dash channel would share its legend with the shapes and break their outline.
    lines = [
        alt.Chart(alt.NamedData("lines"))
        .transform_filter(alt.datum.kind == kind)
        .mark_line(color=INK, strokeWidth=2, strokeDash=pattern, clip=True)
        .encode(x=x, y=y)
        for kind, pattern in KIND_DASHES.items()
    ]
    dots = (
        alt.Chart(alt.NamedData("dots"))
        .mark_point(size=120, strokeWidth=2, opacity=1, clip=True)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape(
                "kind:N",
                scale=alt.Scale(domain=kinds, range=list(KIND_SHAPES.values())),
                legend=alt.Legend(title="Official", orient="bottom"),
            ),
            stroke=alt.Stroke(
                "state:N",
                scale=alt.Scale(domain=_STATES, range=[COLORS["blue"], COLORS["orange"]]),
                legend=None,
            ),
            fill=alt.Fill(
                "state:N",
                scale=alt.Scale(domain=_STATES, range=[COLORS["blue"], "white"]),
                legend=alt.Legend(
                    title="Private action",
                    orient="bottom",
                    symbolType="triangle-up",
                    symbolStrokeColor=INK,
                ),
            ),
            tooltip=[alt.Tooltip("tip:N", title="")],
        )
    )
    left = alt.layer(ghost, *lines, dots).properties(width=320, height=300)
    right = _curve_and_point(
        "steps", alt.X("publicity:Q", scale=alt.Scale(domain=[0, 1]), title="Publicity"), 240
    )
    return alt.hconcat(left, right, spacing=26)


def _curve_and_point(name: str, x: alt.X, width: int) -> alt.LayerChart:
    """Return a curve of chances with the present setting marked (`here`: chance, text)."""
    y = _share("chance:Q", "Chance of private action")
    ghost = (
        alt.Chart(alt.NamedData(f"{name}_ghost"))
        .mark_line(color=GHOST, strokeWidth=1.4)
        .encode(x=x, y=y)
    )
    line = alt.Chart(alt.NamedData(name)).mark_line(strokeWidth=2.6).encode(x=x, y=y)
    here = alt.Chart(alt.NamedData("here"))
    point = here.mark_point(
        shape="diamond", filled=True, size=150, color=COLORS["orange"], opacity=1
    ).encode(x=x, y=y, tooltip=[alt.Tooltip("text:N", title="")])
    return alt.layer(ghost, line, point).properties(width=width, height=300)


def outcome(courses: Sequence[str], horizon: int) -> alt.HConcatChart:
    """Return survival curves (left) beside what is left of releases when a part is removed.

    Data sets
    ---------
    curves, curves_ghost
        course, time, survival; the ghost shows the first of `courses` only.
    median
        time, survival, text: where the first curve passes one half; empty when it never does.
    parts, parts_ghost
        course, released, text.
    """
    first = courses[0]
    x = alt.X(
        "time:Q",
        scale=alt.Scale(domain=[0, horizon], nice=False),
        title="Months since the launch",
        axis=alt.Axis(values=list(range(0, horizon + 1, 6))),
    )
    y = _share("survival:Q", "Still held")
    color = alt.Color(
        "course:N", scale=alt.Scale(domain=list(courses), range=SERIES), legend=_stroke_legend(2)
    )
    dash = alt.StrokeDash(
        "course:N", scale=alt.Scale(domain=list(courses), range=DASHES), legend=_stroke_legend(2)
    )
    ghost = (
        alt.Chart(alt.NamedData("curves_ghost"))
        .transform_filter(alt.datum.course == first)
        .mark_line(interpolate="step-after", color=GHOST, strokeWidth=1.6)
        .encode(x=x, y=y)
    )
    lines = (
        alt.Chart(alt.NamedData("curves"))
        .mark_line(interpolate="step-after", strokeWidth=2.4)
        .encode(x=x, y=y, color=color, strokeDash=dash)
    )
    hover = (
        alt.Chart(alt.NamedData("curves"))
        .mark_point(size=40, opacity=0.01)
        .encode(
            x=x,
            y=y,
            tooltip=["course:N", "time:Q", alt.Tooltip("survival:Q", format=".3f")],
        )
    )
    median = alt.Chart(alt.NamedData("median"))
    dot = median.mark_point(
        shape="diamond", filled=True, size=120, color=COLORS["orange"], opacity=1
    ).encode(x=x, y=y)
    words = median.mark_text(align="left", dx=8, dy=-10, color=COLORS["orange"]).encode(
        x=x, y=y, text="text:N"
    )
    left = alt.layer(ghost, lines, hover, dot, words).properties(width=360, height=290)
    rows = alt.Y(
        "course:N",
        sort=list(courses),
        scale=alt.Scale(domain=list(courses)),
        title=None,
        axis=alt.Axis(orient="right", labelLimit=150, ticks=False, domain=False),
    )
    share = alt.X(
        "released:Q",
        scale=alt.Scale(domain=[0, 1.35]),  # room for the figure of a bar that is full
        title=f"Released within {horizon} months",
        axis=alt.Axis(format="%", values=[0, 0.5, 1]),
    )
    bars = (
        alt.Chart(alt.NamedData("parts"))
        .mark_bar(height=20)
        .encode(
            x=share,
            y=rows,
            color=alt.Color(
                "course:N", scale=alt.Scale(domain=list(courses), range=SERIES), legend=None
            ),
        )
    )
    # Named once beside the bars; the ticks below keep the previous setting.
    before = (
        alt.Chart(alt.NamedData("parts_ghost"))
        .mark_tick(color=MUTED, thickness=2, size=30)
        .encode(x=share, y=rows)
    )
    numbers = (
        alt.Chart(alt.NamedData("parts"))
        .mark_text(align="left", dx=5)
        .encode(x=share, y=rows, text="text:N")
    )
    right = alt.layer(bars, before, numbers).properties(width=140, height=alt.Step(46))
    return alt.hconcat(left, right, spacing=20)


def _stroke_legend(columns: int) -> alt.Legend:
    return alt.Legend(
        title=None, orient="bottom", symbolType="stroke", symbolSize=400, columns=columns
    )


def credit(rows: Sequence[str]) -> alt.LayerChart:
    """Return estimates with intervals, one row a regression, beside the truth.

    Data sets
    ---------
    estimates, estimates_ghost
        row, estimate, low, high, text.
    limits
        row, value: what endlessly many cases would give.
    truth
        value: the true direct effect, a rule.
    """
    domain = alt.Scale(domain=[-0.5, 1.5])
    x = alt.X("estimate:Q", scale=domain, title="Change in the chance of release")
    y = alt.Y(
        "row:N",
        sort=list(rows),
        scale=alt.Scale(domain=list(rows)),
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelLimit=230),
    )
    # The base class fills the ghost with the rows of the setting before.
    ghost = (
        alt.Chart(alt.NamedData("estimates_ghost"))
        .mark_point(shape="circle", size=110, color=GHOST, strokeWidth=1.5, clip=True)
        .encode(x=x, y=y)
    )
    estimates = alt.Chart(alt.NamedData("estimates"))
    whisker = estimates.mark_rule(strokeWidth=2.4, color=COLORS["blue"], clip=True).encode(
        x=alt.X("low:Q", scale=domain), x2="high:Q", y=y
    )
    point = estimates.mark_point(
        shape="circle", filled=True, size=110, color=COLORS["blue"], opacity=1, clip=True
    ).encode(x=x, y=y, tooltip=["row:N", alt.Tooltip("text:N", title="")])
    # A white edge first, so that no rule runs through the figures.
    text, edge = (
        estimates.mark_text(dy=-22, **look).encode(x=x, y=y, text="text:N")
        for look in ({"color": INK}, {"stroke": "white", "strokeWidth": 4})
    )
    limits = (
        alt.Chart(alt.NamedData("limits"))
        .mark_tick(thickness=3, size=26, color=INK)
        .encode(x=alt.X("value:Q", scale=domain), y=y)
    )
    zero = (
        alt.Chart(alt.Data(values=[{"value": 0}]))
        .mark_rule(color=MUTED)
        .encode(x=alt.X("value:Q", scale=domain))
    )
    truth = (
        alt.Chart(alt.NamedData("truth"))
        .mark_rule(color=COLORS["orange"], strokeDash=[6, 3], strokeWidth=2)
        .encode(x=alt.X("value:Q", scale=domain))
    )
    layers: list[Any] = [zero, truth, ghost, whisker, limits, point, edge, text]
    return alt.layer(*layers).properties(width=430, height=alt.Step(62))


def equifinality(mechanisms: Sequence[str], horizon: int) -> alt.VConcatChart:
    """Return three mechanisms' curves over the one to be met, above what else each implies.

    Data sets
    ---------
    target
        time, survival.
    curves, curves_ghost
        mechanism, time, survival.
    press, streets, offers, apart
        mechanism, month, share.
    """
    x = alt.X(
        "time:Q",
        scale=alt.Scale(domain=[0, horizon], nice=False),
        title="Months since the launch",
        axis=alt.Axis(values=list(range(0, horizon + 1, 6))),
    )
    y = _share("survival:Q", "Still held")
    color = alt.Color(
        "mechanism:N",
        scale=alt.Scale(domain=list(mechanisms), range=SERIES),
        legend=_stroke_legend(3),
    )
    dash = alt.StrokeDash(
        "mechanism:N",
        scale=alt.Scale(domain=list(mechanisms), range=DASHES),
        legend=_stroke_legend(3),
    )
    target = (
        alt.Chart(alt.NamedData("target"))
        .mark_line(color="#d8d8d8", strokeWidth=9)
        .encode(x=x, y=y)
    )
    ghost = (
        alt.Chart(alt.NamedData("curves_ghost"))
        .mark_line(color=GHOST, strokeWidth=1)
        .encode(x=x, y=y, detail="mechanism:N")
    )
    lines = (
        alt.Chart(alt.NamedData("curves"))
        .mark_line(strokeWidth=2.4)
        .encode(
            x=x,
            y=y,
            color=color,
            strokeDash=dash,
            tooltip=["mechanism:N", "time:Q", alt.Tooltip("survival:Q", format=".3f")],
        )
    )
    top = alt.layer(target, ghost, lines).properties(width=620, height=230)
    small = [
        _observable(name, title, mechanisms, horizon)
        for name, title in (
            ("press", ["Press abroad", "(share of launch)"]),
            ("streets", ["Press and protest", "in the country"]),
            ("offers", ["Cases with a", "private offer"]),
            ("apart", ["Still held where", "no relations"]),
        )
    ]
    return alt.vconcat(top, alt.hconcat(*small, spacing=16), spacing=18)


def _observable(
    name: str, title: list[str], mechanisms: Sequence[str], horizon: int
) -> alt.LayerChart:
    """Return one of the small charts of what else would be seen."""
    heading = _small_title(title)
    line = (
        alt.Chart(alt.NamedData(name))
        .mark_line(strokeWidth=2, interpolate="step-after")
        .encode(
            x=alt.X(
                "month:Q",
                scale=alt.Scale(domain=[1, horizon], nice=False),
                title=None,
                axis=alt.Axis(values=[1, 12, 24, 36]),
            ),
            y=_share("share:Q", None, tickCount=3),
            color=alt.Color(
                "mechanism:N",
                scale=alt.Scale(domain=list(mechanisms), range=SERIES),
                legend=None,
            ),
            strokeDash=alt.StrokeDash(
                "mechanism:N",
                scale=alt.Scale(domain=list(mechanisms), range=DASHES),
                legend=None,
            ),
        )
    )
    return alt.layer(line).properties(width=112, height=96, title=heading)


def _small_title(text: str | list[str]) -> alt.TitleParams:
    return alt.TitleParams(text, fontSize=13, fontWeight="normal", offset=6)


def visit(highest: float) -> alt.HConcatChart:
    """Return what a visit is worth by its price (left) and where a deal exists (right).

    Data sets
    ---------
    regions
        low, high, middle, label, word: the three ranges of the price, and a word to print in each.
    lines, lines_ghost
        what, price, worth.
    diagonal
        price, worth: where worth equals price.
    here
        price, worth, known, text: the present setting.
    deals, deals_ghost
        price, low, high: chances of becoming known at which a deal exists.
    """
    x = alt.X("price:Q", scale=alt.Scale(domain=[0, highest], nice=False), title="Price z")
    y = alt.Y("worth:Q", scale=alt.Scale(domain=[0, 3]), title="Worth to the leader")
    regions = alt.Chart(alt.NamedData("regions"))
    bands = regions.mark_rect(opacity=0.55).encode(
        x=alt.X("low:Q", scale=alt.Scale(domain=[0, highest], nice=False), title="Price z"),
        x2="high:Q",
        color=alt.Color(
            "label:N",
            scale=alt.Scale(
                domain=["never visits", "visits if sure enough", "always visits"],
                range=["#eeeeee", "#dcebf7", "#fbe3d3"],
            ),
            legend=alt.Legend(title="The power", orient="bottom", columns=3),
        ),
    )
    whats = ["a visit that happens", "the chance of one"]
    dash = alt.StrokeDash(
        "what:N",
        scale=alt.Scale(domain=whats, range=[[1, 0], [7, 4]]),
        legend=alt.Legend(
            title="Worth of", orient="bottom", symbolType="stroke", symbolSize=400, columns=2
        ),
    )
    ghost = (
        alt.Chart(alt.NamedData("lines_ghost"))
        .mark_line(color=GHOST, strokeWidth=1.4, clip=True)
        .encode(x=x, y=y, detail="what:N")
    )
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_line(strokeWidth=2.6, color=COLORS["blue"], clip=True)
        .encode(x=x, y=y, strokeDash=dash)
    )
    diagonal = (
        alt.Chart(alt.NamedData("diagonal"))
        .mark_line(color=COLORS["orange"], strokeWidth=1.8, strokeDash=[2, 2])
        .encode(x=x, y=y)
    )
    price_word = (
        alt.Chart(alt.Data(values=[{"price": highest, "worth": highest}]))
        .mark_text(align="right", dx=-4, dy=-10, color=COLORS["orange"])
        .encode(x=x, y=y, text=alt.value("the price itself"))
    )
    here = alt.Chart(alt.NamedData("here"))
    mark = {"shape": "diamond", "filled": True, "size": 150, "opacity": 1, "color": INK}
    point = here.mark_point(**mark).encode(x=x, y=y, tooltip=[alt.Tooltip("text:N", title="")])
    # The bands are pale, so each is named as well.
    band_word = regions.mark_text(fontSize=13, color=INK).encode(
        x=alt.X("middle:Q", scale=alt.Scale(domain=[0, highest], nice=False)),
        y=alt.value(10),
        text="word:N",
    )
    layers: list[Any] = [bands, ghost, lines, diagonal, price_word, band_word, point]
    left = alt.layer(*layers).properties(
        width=320, height=290, title=_small_title("What it is worth")
    )
    known = alt.Y("low:Q", scale=alt.Scale(domain=[0, 1]), title="Chance that it comes out, q")
    shade, edge = (
        alt.Chart(alt.NamedData(name))
        .transform_filter(shown)
        .mark_area(**look)
        .encode(x=x, y=known, y2="high:Q")
        for name, shown, look in (
            ("deals", "true", {"color": COLORS["sky"], "opacity": 0.6}),
            (
                "deals_ghost",
                "datum.high > datum.low",
                {"fillOpacity": 0, "line": {"color": GHOST, "strokeDash": [4, 3]}},
            ),
        )
    )
    spot = here.mark_point(**mark).encode(
        x=x, y=alt.Y("known:Q", scale=alt.Scale(domain=[0, 1])), tooltip=["text:N"]
    )
    right = alt.layer(edge, shade, spot).properties(
        width=230, height=290, title=_small_title("Shaded: both gain")
    )
    return alt.hconcat(left, right, spacing=26).resolve_scale(color="independent")


def cause_and_price(size: float) -> alt.HConcatChart:
    """Return the chance of a deal by publicity of the cause and of the price.

    Data sets
    ---------
    cells
        cause, known, chance: middles of squares `size` wide.
    here
        cause, known, chance, text.
    lines, lines_ghost
        known, chance: at the present publicity of the cause.

    Parameters
    ----------
    size : float
        Side of a square of the map.
    """
    half = size / 2
    extent = [-half, 1 + half]
    cells = (
        alt.Chart(alt.NamedData("cells"))
        .transform_calculate(
            left=f"datum.cause - {half}",
            right=f"datum.cause + {half}",
            low=f"datum.known - {half}",
            high=f"datum.known + {half}",
        )
        .mark_rect()
        .encode(
            x=alt.X(
                "left:Q",
                scale=alt.Scale(domain=extent, nice=False),
                title="Publicity of the cause",
                axis=alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".2f"),
            ),
            x2="right:Q",
            y=alt.Y(
                "low:Q",
                scale=alt.Scale(domain=extent, nice=False),
                title="Publicity of the price",
                axis=alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".2f"),
            ),
            y2="high:Q",
            color=alt.Color(
                "chance:Q",
                scale=alt.Scale(scheme="blues", domain=[0, 1]),
                legend=alt.Legend(title="Chance of a deal", format="%", orient="bottom"),
            ),
            tooltip=[
                alt.Tooltip("cause:Q", format=".2f"),
                alt.Tooltip("known:Q", format=".2f", title="price"),
                alt.Tooltip("chance:Q", format=".2f"),
            ],
        )
    )
    here = alt.Chart(alt.NamedData("here"))
    spot = here.mark_point(
        shape="diamond", size=190, filled=True, color=COLORS["orange"], stroke="white", opacity=1
    ).encode(
        x=alt.X("cause:Q", scale=alt.Scale(domain=extent, nice=False)),
        y=alt.Y("known:Q", scale=alt.Scale(domain=extent, nice=False)),
        tooltip=[alt.Tooltip("text:N", title="")],
    )
    left = alt.layer(cells, spot).properties(width=310, height=290)
    x = alt.X("known:Q", scale=alt.Scale(domain=[0, 1]), title="Publicity of the price")
    y = _share("chance:Q", "Chance of a deal, at this cause")
    ghost = (
        alt.Chart(alt.NamedData("lines_ghost"))
        .mark_line(color=GHOST, strokeWidth=1.4)
        .encode(x=x, y=y)
    )
    line = alt.Chart(alt.NamedData("lines")).mark_line(strokeWidth=2.6).encode(x=x, y=y)
    point = here.mark_point(
        shape="diamond", size=150, filled=True, color=COLORS["orange"], opacity=1
    ).encode(x=x, y=y)
    right = alt.layer(ghost, line, point).properties(width=230, height=290)
    return alt.hconcat(left, right, spacing=26)
