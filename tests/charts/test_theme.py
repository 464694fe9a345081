"""What every chart of the suite must have, and what its output holds."""

from __future__ import annotations

import base64
import io

import altair as alt
import pandas as pd
import pytest
from PIL import Image

from helpers import charts
from helpers.charts.theme import CONFIG, SERIES, bundle
from helpers.provenance.kinds import Provenance, ProvenanceError, mark


def a_chart() -> alt.Chart:
    return alt.Chart(pd.DataFrame({"x": [1, 2]})).mark_point().encode(x="x:Q")


def test_badge_is_read_from_the_data() -> None:
    rows = mark(pd.DataFrame({"x": [1]}), Provenance.SYNTHETIC)
    chart = charts.finish(a_chart(), rows, title="T", description="Two points.")
    (badge,) = chart.to_dict()["title"]["subtitle"]
    assert "SYNTHETIC" in badge
    assert "no real person" in badge


def test_unmarked_data_make_no_chart() -> None:
    with pytest.raises(ProvenanceError):
        charts.finish(a_chart(), pd.DataFrame({"x": [1]}), title="T", description="D")


@pytest.mark.parametrize("description", ["", "   "])
def test_a_chart_needs_words(description: str) -> None:
    with pytest.raises(charts.ChartError, match="no description"):
        charts.finish(a_chart(), Provenance.YOURS, title="T", description=description)
    with pytest.raises(charts.ChartError, match="no description"):
        bundle(a_chart().to_dict())


def test_output_has_a_live_spec_a_picture_and_a_sentence() -> None:
    chart = charts.finish(a_chart(), Provenance.YOURS, title="T", description="Two points.")
    data, metadata = bundle(chart.to_dict())
    assert set(data) == {"application/vnd.vegalite.v5+json", "image/png", "text/plain"}
    # The schema must be the one JupyterLab's own Vega-Lite takes without a warning.
    assert data["application/vnd.vegalite.v5+json"]["$schema"].endswith("/v5.json")
    assert data["text/plain"] == "[Chart] Two points."
    assert metadata["image/png"]["alt"] == "Two points."
    picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert len(picture.convert("RGB").getcolors(1000) or []) > 2, "the picture is blank"


def luminance(color: str) -> float:
    """WCAG 2 relative luminance."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_can_be_read_when_projected() -> None:
    """WCAG AA for text: contrast of 4.5 to 1 against white; labels of 13 px or more."""
    for color in (CONFIG["axis"]["labelColor"], CONFIG["title"]["subtitleColor"]):
        assert 1.05 / (luminance(color) + 0.05) >= 4.5
    assert CONFIG["axis"]["labelFontSize"] >= 13
    # WCAG for graphics: 3 to 1; yellow is kept for areas only and is the last but one.
    for color in SERIES[:4]:
        assert 1.05 / (luminance(color) + 0.05) >= 3
