"""The one shape of every panel: state, controls, live view."""

from helpers.panels.base.controls import Choice, Several, Slider, Toggle
from helpers.panels.base.panel import Panel, Picture

__all__ = ["Choice", "Panel", "Picture", "Several", "Slider", "Toggle"]
