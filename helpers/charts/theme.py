"""Look, renderer and badge shared by every chart.

Colors are from Okabe & Ito's palette, told apart by readers with the common
color-vision deficiencies; a chart never relies on color alone (shape, dash or
label repeat it). Sizes are chosen to be read from the back of a seminar room.
"""

from __future__ import annotations

import base64
from typing import Any, Final

import altair as alt
import pandas as pd

from helpers.charts.drawing import png
from helpers.provenance.kinds import Provenance, provenance_of

INK: Final = "#1b1b1b"
MUTED: Final = "#595959"
GRID: Final = "#e3e3e3"
GHOST: Final = "#8f8f8f"

COLORS: Final = {
    "blue": "#0072B2",
    "orange": "#B84C00",
    "green": "#007A5A",
    "purple": "#8F4E8B",
    "sky": "#3A8FC4",
    "yellow": "#BF8100",
    "black": INK,
}
"""Okabe & Ito (2008), darkened against white: the first four to 4.5:1, for text; sky and yellow
to 3:1, for marks only."""

SERIES: Final = [COLORS[name] for name in ("blue", "orange", "green", "purple", "yellow", "black")]

WIDTH: Final = 660
"""Plot width in pixels; fits a 1280-pixel projector beside the contents panel."""

_FONT = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"

CONFIG: Final[dict[str, Any]] = {
    "font": _FONT,
    "background": "white",
    "padding": 8,
    "view": {"stroke": None},
    "mark": {"color": COLORS["blue"]},
    "axis": {
        "labelFontSize": 13,
        "titleFontSize": 14,
        "titleFontWeight": "normal",
        "labelColor": INK,
        "titleColor": INK,
        "gridColor": GRID,
        "domainColor": MUTED,
        "tickColor": MUTED,
        "labelLimit": 260,
    },
    "legend": {
        "labelFontSize": 13,
        "titleFontSize": 13,
        "labelColor": INK,
        "titleColor": INK,
        "symbolStrokeWidth": 2,
        "labelLimit": 320,
    },
    "title": {
        "anchor": "start",
        "fontSize": 16,
        "subtitleFontSize": 12.5,
        "color": INK,
        "subtitleColor": MUTED,
        "offset": 12,
        "subtitlePadding": 4,
    },
    "text": {"font": _FONT, "fontSize": 13, "color": INK},
    "header": {"labelFontSize": 13, "titleFontSize": 13},
    "range": {"category": SERIES},
}

# The Vega-Lite that JupyterLab 4 carries is 5.6; it draws no version 6 output.
_V5_MIME: Final = "application/vnd.vegalite.v5+json"
_V5_SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v5.json"

Chart = alt.TopLevelMixin


class ChartError(ValueError):
    """A chart lacks something every chart in the suite must have."""


def badges(*sources: pd.DataFrame | Provenance) -> list[str]:
    """Return one badge line for each kind of data among `sources`."""
    kinds: dict[Provenance, None] = {}
    for source in sources:
        found = (source,) if isinstance(source, Provenance) else provenance_of(source)
        kinds.update(dict.fromkeys(found))
    return [kind.badge for kind in kinds]


def finish(chart: Any, *sources: pd.DataFrame | Provenance, title: str, description: str) -> Any:
    """Give a chart its title, its provenance badge and its text alternative.

    Parameters
    ----------
    chart : altair chart
        Any top-level Altair chart.
    *sources : marked DataFrame or Provenance
        What the chart draws; the badge is read from the marks.
    title : str
        What the chart shows, in a few words.
    description : str
        The chart in a sentence or two, for readers who cannot see it.

    Raises
    ------
    ChartError
        If there is no source or no description.
    """
    if not sources:
        raise ChartError(f"The chart {title!r} names no data; pass the tables that it draws.")
    if not description.strip():
        raise ChartError(f"The chart {title!r} has no description; say in words what it shows.")
    heading = alt.TitleParams(text=title, subtitle=badges(*sources))
    return chart.properties(title=heading, description=description)


def _for_lab(spec: dict[str, Any]) -> dict[str, Any]:
    """Return the spec as JupyterLab's own Vega-Lite takes it."""
    # Its menu has no name for a screen reader; the picture can be saved from the page itself.
    return {**spec, "$schema": _V5_SCHEMA, "usermeta": {"embedOptions": {"actions": False}}}


def bundle(spec: dict[str, Any], **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the output of a chart: live spec, still picture, one sentence.

    The live spec is what JupyterLab draws with its own Vega; the PNG is what a
    fresh clone, a code-hosting site or a printed page shows; the sentence is
    what a screen reader says and what nbval compares.

    Raises
    ------
    ChartError
        If the spec has no description.
    """
    description = spec.get("description", "")
    if not description:
        raise ChartError("A chart has no description; pass it through charts.finish().")
    picture = base64.b64encode(png(spec)).decode("ascii")
    data = {
        _V5_MIME: _for_lab(spec),
        "image/png": picture,
        "text/plain": f"[Chart] {description}",
    }
    return data, {"image/png": {"alt": description}}


def use() -> None:
    """Make the suite's theme and renderer the ones Altair uses in this session."""

    @alt.theme.register("suite", enable=True)
    def _theme() -> alt.theme.ThemeConfig:
        return alt.theme.ThemeConfig({"config": CONFIG})  # type: ignore[misc,arg-type]

    alt.renderers.register("suite", bundle)
    alt.renderers.enable("suite")
    alt.data_transformers.disable_max_rows()
