"""The one shape of every panel: state, controls, live view."""

from helpers.panels.base.controls import (
    Button,
    Choice,
    Preset,
    Several,
    Slider,
    Steps,
    Toggle,
    greyed,
)
from helpers.panels.base.panel import Panel, Picture

__all__ = [
    "Button",
    "Choice",
    "Panel",
    "Picture",
    "Preset",
    "Several",
    "Slider",
    "Steps",
    "Toggle",
    "greyed",
]
