"""Interactive panels: state and widgets around charts and statistics. They know no file."""

from helpers.panels.controls import Choice, Several, Slider, Toggle
from helpers.panels.panel import Panel, Picture

__all__ = ["Choice", "Panel", "Picture", "Several", "Slider", "Toggle"]
