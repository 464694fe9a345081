"""What a learner can move: declared once, checked once, drawn by the page's controls.js."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

Declared = dict[str, Any]
"""A control as the browser takes it."""

Greyed = Mapping[str, str | Mapping[str, str]]
"""By field, why a value cannot be chosen now; a text instead of values greys the whole control."""


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

    def declare(self) -> Declared:
        compact = len(self.options) <= 5 and sum(map(len, self.options)) <= 60
        return {
            "kind": "choice" if compact else "list",
            "label": self.label,
            "help": self.help,
            "options": [[value, text] for text, value in self.options.items()],
        }

    def take(self, value: Any) -> str:
        return self.read(str(value))

    def read(self, text: str) -> str:
        if text in self.options.values():
            return text
        raise ValueError(_not_one_of(self.label, text, self.options.values()))

    def write(self, value: str) -> str:
        return value

    def say(self, value: str) -> str:
        return next(text for text, kept in self.options.items() if kept == value)


@dataclass(frozen=True)
class Steps(Choice):
    """One of several values in an order, shown as a slider whose readout is the text."""

    def declare(self) -> Declared:
        return {**super().declare(), "kind": "steps"}


@dataclass(frozen=True)
class Several:
    """Any number of values, as a tuple of strings in the order of the options."""

    label: str
    options: Mapping[str, str]
    help: str = ""

    def declare(self) -> Declared:
        options = [[value, text] for text, value in self.options.items()]
        return {"kind": "several", "label": self.label, "help": self.help, "options": options}

    def take(self, value: Sequence[str]) -> tuple[str, ...]:
        return self.read("+".join(map(str, value)))

    def read(self, text: str) -> tuple[str, ...]:
        wanted = [part for part in text.split("+") if part]
        for part in wanted:
            if part not in self.options.values():
                raise ValueError(_not_one_of(self.label, part, self.options.values()))
        return tuple(value for value in self.options.values() if value in wanted)

    def write(self, value: Sequence[str]) -> str:
        return "+".join(value)

    def say(self, value: Sequence[str]) -> str:
        return ", ".join(text for text, kept in self.options.items() if kept in value) or "none"


@dataclass(frozen=True)
class Toggle:
    """Yes or no."""

    label: str
    help: str = ""

    def declare(self) -> Declared:
        return {"kind": "toggle", "label": self.label, "help": self.help}

    def take(self, value: Any) -> bool:
        return bool(value)

    def read(self, text: str) -> bool:
        try:
            return {"yes": True, "no": False}[text]
        except KeyError:
            raise ValueError(_not_one_of(self.label, text, ("yes", "no"))) from None

    def write(self, value: bool) -> str:
        return "yes" if value else "no"

    say = write


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

    def declare(self) -> Declared:
        return {
            "kind": "slider",
            "label": self.label,
            "help": self.help,
            "low": self.low,
            "high": self.high,
            "step": self.step,
            "unit": self.unit,
            "lazy": self.lazy,
        }

    def take(self, value: Any) -> float:
        return self.read(str(value))

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

    def say(self, value: float) -> str:
        return f"{value:g} {self.unit}".strip()


Control = Choice | Several | Toggle | Slider


@dataclass(frozen=True)
class Button:
    """Does something that is no part of the setting; a panel's `pressed(field)` is called."""

    label: str
    help: str = ""

    def declare(self) -> Declared:
        return {"kind": "button", "label": self.label, "help": self.help}


@dataclass(frozen=True)
class Line:
    """A line of text to type; for what is built on the live view itself."""

    label: str
    placeholder: str = ""

    def declare(self) -> Declared:
        return {"kind": "line", "label": self.label, "placeholder": self.placeholder}


@dataclass(frozen=True)
class Upload:
    """A file to choose; arrives as a mapping `name, size, text`, without text when too large."""

    label: str
    accept: str = ""

    def declare(self) -> Declared:
        return {"kind": "upload", "label": self.label, "accept": self.accept}


@dataclass(frozen=True)
class Words:
    """HTML of our own among the controls, its text escaped; `spoken` when it answers something."""

    spoken: bool = False

    def declare(self) -> Declared:
        return {"kind": "words", "label": "", "spoken": self.spoken}


Piece = Control | Button | Line | Upload | Words


@dataclass(frozen=True)
class Preset:
    """A button that opens a setting and asks a question about what is then seen.

    Parameters
    ----------
    label : str
        On the button; a few words.
    setting : str
        A setting string of the panel; empty for its defaults.
    question : str
        Shown while the learner looks; one sentence.
    """

    label: str
    setting: str
    question: str = ""


def greyed(
    state: Any, controls: Mapping[str, Any], check: Callable[[Any], str]
) -> dict[str, dict[str, str]]:
    """Return the choices that `check` refuses, each tried alone from `state`.

    Parameters
    ----------
    state : dataclass
        Where the learner stands.
    controls : mapping
        The controls to try; `Choice`, `Several` and `Toggle` have choices, others are left out.
    check : callable
        From a state to the reason why it cannot be shown, in a few words, or to an empty
        text; it is called once a choice at each move, so it must be cheap.
    """
    out: dict[str, dict[str, str]] = {}
    for field, control in controls.items():
        now = getattr(state, field)
        tries: dict[str, Any] = {}
        if isinstance(control, Choice):
            tries = {value: value for value in control.options.values() if value != now}
        elif isinstance(control, Toggle):
            tries = {str(not now).lower(): not now}
        elif isinstance(control, Several):
            for value in control.options.values():
                kept = [v for v in now if v != value] if value in now else [*now, value]
                tries[value] = control.take(kept)
        reasons = {shown: check(replace(state, **{field: value})) for shown, value in tries.items()}
        refused = {shown: reason for shown, reason in reasons.items() if reason}
        if refused:
            out[field] = refused
    return out


def _not_one_of(label: str, text: str, allowed: Any) -> str:
    return f"{label} cannot be {text!r}; it is one of: {', '.join(allowed)}."
