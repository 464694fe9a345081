"""Pictures of process tracing: beliefs, their path, each card as a test, and what holds it up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import altair as alt

from helpers.charts.theme import COLORS, GHOST, INK, MUTED, SERIES
from helpers.charts.timeline import RESIZE

TEST_MARKS: Final[Mapping[str, tuple[str, str]]] = {
    "doubly decisive": ("cross", COLORS["black"]),
    "smoking gun": ("triangle-up", COLORS["orange"]),
    "hoop": ("circle", COLORS["blue"]),
    "straw in the wind": ("square", COLORS["green"]),
    "not weighed": ("triangle-down", MUTED),
}
"""One shape and color for each kind of test."""

_DASHES: Final = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4], [13, 4])
_SHAPES: Final = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
_SHARE: Final = alt.Scale(domain=[0, 1])


def _by_hypothesis(names: list[str]) -> tuple[alt.Color, alt.StrokeDash, alt.Shape]:
    legend = alt.Legend(
        title="Hypothesis", orient="bottom", columns=3, symbolStrokeWidth=2.5, labelLimit=250
    )
    color = alt.Color(
        "hypothesis:N", scale=alt.Scale(domain=names, range=SERIES[: len(names)]), legend=legend
    )
    dash = alt.StrokeDash(
        "hypothesis:N",
        scale=alt.Scale(domain=names, range=list(_DASHES[: len(names)])),
        legend=None,
    )
    shape = alt.Shape(
        "hypothesis:N",
        scale=alt.Scale(domain=names, range=list(_SHAPES[: len(names)])),
        legend=legend,
    )
    return color, dash, shape


def _beliefs(names: list[str]) -> alt.LayerChart:
    color, _, _ = _by_hypothesis(names)
    axis = alt.Axis(labelLimit=250)
    y = alt.Y("hypothesis:N", sort=names, scale=alt.Scale(domain=names), title=None, axis=axis)
    base = alt.Chart(alt.NamedData("beliefs")).encode(
        y=y,
        tooltip=[
            alt.Tooltip("hypothesis:N"),
            alt.Tooltip("statement:N", title="says"),
            alt.Tooltip("prior:Q", format=".1%"),
            alt.Tooltip("posterior:Q", format=".1%"),
        ],
    )
    ghost = (
        alt.Chart(alt.NamedData("beliefs_ghost"))
        .mark_bar(height=20, fill=None, stroke=GHOST, strokeDash=[3, 2])
        .encode(x=alt.X("posterior:Q", scale=_SHARE), y=y)
    )
    bars = base.mark_bar(height=13).encode(
        x=alt.X("posterior:Q", scale=_SHARE, title="Probability", axis=alt.Axis(format="%")),
        color=color.legend(None),
    )
    prior = base.mark_tick(color=INK, thickness=2.5, size=22).encode(
        x=alt.X("prior:Q", scale=_SHARE)
    )
    words = base.mark_text(align="left", dx=5, fontSize=13).encode(
        x=alt.X("posterior:Q", scale=_SHARE), text=alt.Text("posterior:Q", format=".0%")
    )
    title = alt.TitleParams("After all cards (tick: before any)", fontSize=13.5)
    return alt.layer(ghost, bars, prior, words).properties(width=320, height=220, title=title)


def _path(names: list[str]) -> alt.LayerChart:
    color, dash, shape = _by_hypothesis(names)
    x = alt.X("step:Q", title="Cards taken in", axis=alt.Axis(tickMinStep=1, format="d"))
    y = alt.Y("share:Q", scale=_SHARE, title=None, axis=alt.Axis(format="%"))
    base = alt.Chart(alt.NamedData("path")).encode(
        x=x,
        y=y,
        color=color,
        tooltip=[
            alt.Tooltip("hypothesis:N"),
            alt.Tooltip("card:N", title="after"),
            alt.Tooltip("share:Q", format=".1%"),
        ],
    )
    ghost = (
        alt.Chart(alt.NamedData("path_ghost"))
        .mark_line(color=GHOST, strokeWidth=1)
        .encode(x=x, y=y, detail="hypothesis:N")
    )
    lines = base.mark_line(strokeWidth=2.2).encode(strokeDash=dash)
    points = base.mark_point(filled=True, size=42).encode(shape=shape)
    title = alt.TitleParams("Card by card", fontSize=13.5)
    return alt.layer(ghost, lines, points).properties(width=430, height=240, title=title)


def _tests() -> alt.LayerChart:
    kinds = list(TEST_MARKS)
    y = alt.Y("card:N", sort=None, title=None, axis=alt.Axis(labelLimit=215, grid=True))
    base = alt.Chart(alt.NamedData("tests")).encode(
        y=y,
        href="url:N",
        tooltip=[
            alt.Tooltip("card:N"),
            alt.Tooltip("text:N", title="says"),
            alt.Tooltip("source:N", title="source"),
            alt.Tooltip("test:N", title="test"),
            alt.Tooltip("decibels:Q", format="+.1f"),
        ],
    )
    x = alt.X("decibels:Q", title="For it, against the rest (dB)")
    zero = alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color=MUTED).encode(x="zero:Q")
    bars = base.mark_bar(height=5, color="#c9c9c9", cursor="pointer").encode(x=x)
    points = base.mark_point(filled=True, size=120, opacity=1, cursor="pointer").encode(
        x=x,
        shape=alt.Shape(
            "test:N",
            scale=alt.Scale(domain=kinds, range=[shape for shape, _ in TEST_MARKS.values()]),
            legend=alt.Legend(title="Test", orient="bottom", columns=2),
        ),
        color=alt.Color(
            "test:N",
            scale=alt.Scale(domain=kinds, range=[color for _, color in TEST_MARKS.values()]),
            legend=alt.Legend(title="Test", orient="bottom", columns=2),
        ),
    )
    title = alt.TitleParams("Each card as a test of the one chosen", fontSize=13.5)
    layers: list[Any] = [zero, bars, points]
    return alt.layer(*layers).properties(width=170, height=alt.Step(15), title=title)


def _without() -> alt.LayerChart:
    y = alt.Y("card:N", sort=None, title=None, axis=alt.Axis(labels=False, grid=True, ticks=False))
    base = alt.Chart(alt.NamedData("tests"))
    x = alt.X("without:Q", scale=_SHARE, title="Its probability", axis=alt.Axis(format="%"))
    stems = base.mark_rule(color="#c9c9c9", strokeWidth=2).encode(
        x=x, x2=alt.X2("posterior:Q"), y=y
    )
    now = base.mark_rule(color=INK, strokeDash=[4, 3]).encode(x=alt.X("posterior:Q", scale=_SHARE))
    points = base.mark_point(size=95, filled=True, opacity=1).encode(
        x=x,
        y=y,
        shape=alt.Shape(
            "changes:N",
            scale=alt.Scale(
                domain=["same one leads", "another one leads"], range=["circle", "triangle-up"]
            ),
            legend=alt.Legend(title="Without this card", orient="bottom", direction="vertical"),
        ),
        color=alt.Color(
            "changes:N",
            scale=alt.Scale(
                domain=["same one leads", "another one leads"],
                range=[COLORS["blue"], COLORS["orange"]],
            ),
            legend=alt.Legend(title="Without this card", orient="bottom", direction="vertical"),
        ),
        tooltip=[
            alt.Tooltip("card:N", title="left out"),
            alt.Tooltip("without:Q", title="then", format=".1%"),
            alt.Tooltip("changes:N", title="and"),
        ],
    )
    title = alt.TitleParams("If this card is left out", fontSize=13.5)
    return alt.layer(stems, now, points).properties(width=110, height=alt.Step(15), title=title)


def _sweep(names: list[str]) -> alt.LayerChart:
    color, dash, _ = _by_hypothesis(names)
    dash = dash.legend(title="Hypothesis", orient="bottom", columns=3)
    x = alt.X(
        "prior:Q",
        scale=_SHARE,
        title="Prior of the one chosen (the rest keep their proportions)",
        axis=alt.Axis(format="%"),
    )
    y = alt.Y("share:Q", scale=_SHARE, title="Posterior", axis=alt.Axis(format="%"))
    lines = (
        alt.Chart(alt.NamedData("sweep"))
        .mark_line(strokeWidth=2.2)
        .encode(
            x=x,
            y=y,
            color=color,
            strokeDash=dash,
            tooltip=[
                alt.Tooltip("hypothesis:N"),
                alt.Tooltip("prior:Q", format=".0%"),
                alt.Tooltip("share:Q", format=".1%"),
            ],
        )
    )
    now = (
        alt.Chart(alt.NamedData("here"))
        .mark_rule(color=INK, strokeDash=[4, 3])
        .encode(x=alt.X("prior:Q", scale=_SHARE))
    )
    title = alt.TitleParams("If you had begun elsewhere (dashed: your prior)", fontSize=13.5)
    return alt.layer(lines, now).properties(width=430, height=230, title=title)


def bench(names: list[str]) -> dict[str, Any]:
    """Return the pictures of the bench by title: beliefs, path, tests, prior.

    Data sets: `beliefs` and `beliefs_ghost` (hypothesis, statement, prior, posterior), `path`
    and `path_ghost` (step, card, hypothesis, share), `tests` (card, text, source, url, test,
    decibels, without, posterior, changes), `sweep` (prior, hypothesis, share), `here` (prior).

    Parameters
    ----------
    names : list of str
        The hypotheses, at most six, in their order.
    """
    tests = alt.hconcat(_tests(), _without(), spacing=12).resolve_scale(
        color="independent", shape="independent"
    )
    pictures = {"Beliefs": _beliefs(names), "Path": _path(names), "Tests": tests}
    pictures["Prior"] = _sweep(names)
    return {title: picture.properties(autosize=RESIZE) for title, picture in pictures.items()}


def two_readers() -> alt.LayerChart:
    """Return where two readers weigh a card most differently.

    Data set: `pairs` (card, about, reader: "you" | "your partner", decibels).
    """
    readers = {"you": ("circle", COLORS["blue"]), "your partner": ("square", COLORS["orange"])}
    y = alt.Y("card:N", sort=None, title=None, axis=alt.Axis(labelLimit=250, grid=True))
    x = alt.X("decibels:Q", title="Likelihood ratio of the pair named, in decibels")
    base = alt.Chart(alt.NamedData("pairs")).encode(
        y=y,
        tooltip=[
            alt.Tooltip("card:N"),
            alt.Tooltip("about:N", title="ratio of"),
            alt.Tooltip("reader:N"),
            alt.Tooltip("decibels:Q", format="+.1f"),
        ],
    )
    stems = base.mark_line(color="#bdbdbd", strokeWidth=3).encode(x=x, detail="card:N")
    points = base.mark_point(filled=True, size=120, opacity=1).encode(
        x=x,
        shape=alt.Shape(
            "reader:N",
            scale=alt.Scale(domain=list(readers), range=[s for s, _ in readers.values()]),
            legend=alt.Legend(title=None, orient="bottom"),
        ),
        color=alt.Color(
            "reader:N",
            scale=alt.Scale(domain=list(readers), range=[c for _, c in readers.values()]),
            legend=alt.Legend(title=None, orient="bottom"),
        ),
    )
    zero = alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color=MUTED).encode(x="zero:Q")
    layers: list[Any] = [zero, stems, points]
    return alt.layer(*layers).properties(width=360, height=alt.Step(22), autosize=RESIZE)
