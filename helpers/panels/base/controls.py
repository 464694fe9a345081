"""What a learner can move: declared once, checked once, drawn by ipywidgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets

_LABEL = {"description_width": "initial"}


@dataclass(frozen=True)
class Choice:
    """One of several values, shown as a row of buttons or, when many, a list.

    Parameters
    ----------
    label : str
        What is chosen.
    options : mapping
        Text shown to value kept; values are strings.
    """

    label: str
    options: Mapping[str, str]
    help: str = ""

    def widget(self, value: str) -> widgets.Widget:
        pairs = list(self.options.items())
        compact = len(pairs) <= 5 and sum(len(text) for text, _ in pairs) <= 60
        kind = widgets.ToggleButtons if compact else widgets.Dropdown
        extra: dict[str, Any] = {"layout": widgets.Layout(width="max-content", max_width="100%")}
        if compact:
            extra = {"style": {**_LABEL, "button_width": "max-content"}}
        else:
            extra["style"] = _LABEL
        return kind(
            options=pairs, value=value, description=self.label, tooltip=self.help or None, **extra
        )

    def read(self, text: str) -> str:
        if text in self.options.values():
            return text
        raise ValueError(_not_one_of(self.label, text, self.options.values()))

    def write(self, value: str) -> str:
        return value


@dataclass(frozen=True)
class Several:
    """Any number of values, as a tuple of strings in the order of the options."""

    label: str
    options: Mapping[str, str]
    help: str = ""

    def widget(self, value: Sequence[str]) -> widgets.Widget:
        return Ticks(self.label, self.options, value)

    def read(self, text: str) -> tuple[str, ...]:
        wanted = [part for part in text.split("+") if part]
        for part in wanted:
            if part not in self.options.values():
                raise ValueError(_not_one_of(self.label, part, self.options.values()))
        return tuple(value for value in self.options.values() if value in wanted)

    def write(self, value: Sequence[str]) -> str:
        return "+".join(value)


@dataclass(frozen=True)
class Toggle:
    """Yes or no."""

    label: str
    help: str = ""

    def widget(self, value: bool) -> widgets.Widget:
        return widgets.Checkbox(
            value=value,
            description=self.label,
            indent=False,
            tooltip=self.help or None,
            layout=widgets.Layout(width="max-content", margin="2px 18px 2px 2px"),
        )

    def read(self, text: str) -> bool:
        try:
            return {"yes": True, "no": False}[text]
        except KeyError:
            raise ValueError(_not_one_of(self.label, text, ("yes", "no"))) from None

    def write(self, value: bool) -> str:
        return "yes" if value else "no"


@dataclass(frozen=True)
class Slider:
    """A number between two bounds, in steps; whole numbers when all three are whole."""

    label: str
    low: float
    high: float
    step: float = 1
    unit: str = ""
    help: str = ""
    lazy: bool = False  # follow only when the handle is let go; for what takes long

    @property
    def _whole(self) -> bool:
        return all(float(x).is_integer() for x in (self.low, self.high, self.step))

    def widget(self, value: float) -> widgets.Widget:
        kind = widgets.IntSlider if self._whole else widgets.FloatSlider
        label = f"{self.label} ({self.unit})" if self.unit else self.label
        return kind(
            value=value,
            min=self.low,
            max=self.high,
            step=self.step,
            description=label,
            tooltip=self.help or None,
            continuous_update=not self.lazy,
            style=_LABEL,
            layout=widgets.Layout(width="420px", max_width="100%"),
        )

    def read(self, text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not self.low <= value <= self.high:
            raise ValueError(
                f"{self.label} takes a number from {self.low:g} to {self.high:g}, not {text!r}."
            )
        return int(value) if self._whole else value

    def write(self, value: float) -> str:
        return f"{value:g}"


Control = Choice | Several | Toggle | Slider


class Ticks(widgets.VBox):
    """A group of tick boxes that keeps its value as one tuple."""

    def __init__(self, label: str, options: Mapping[str, str], value: Sequence[str]) -> None:
        self._boxes = {
            kept: widgets.Checkbox(
                value=kept in value,
                description=text,
                indent=False,
                layout=widgets.Layout(width="max-content", margin="0 16px 0 0"),
            )
            for text, kept in options.items()
        }
        self._quiet = False
        self.add_traits(value=widgets.widget.Any(tuple(value)))
        row = widgets.Box(
            list(self._boxes.values()), layout=widgets.Layout(display="flex", flex_flow="row wrap")
        )
        super().__init__([widgets.Label(label), row])
        for box in self._boxes.values():
            box.observe(self._gather, names="value")
        self.observe(self._spread, names="value")

    def _gather(self, _change: Any) -> None:
        if not self._quiet:
            self.value = tuple(kept for kept, box in self._boxes.items() if box.value)

    def _spread(self, change: Any) -> None:
        self._quiet = True
        for kept, box in self._boxes.items():
            box.value = kept in change["new"]
        self._quiet = False


def _not_one_of(label: str, text: str, allowed: Any) -> str:
    return f"{label} cannot be {text!r}; it is one of: {', '.join(allowed)}."
