"""The exercise as a small form: controls, Check, Hint, feedback."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as w

from helpers.exercises import bank, grading
from helpers.exercises.bank import UnknownExercise
from helpers.exercises.learner import (
    CheckResult,
    check,
    check_entry,
    compare,
    prediction,
    stored_value,
)
from helpers.exercises.seal import Entry
from helpers.store.answers import AnswerStore

_WIDE = {"description_width": "initial"}


class Form:
    """An exercise shown as controls; text of the saved output never depends on stored answers.

    Attributes
    ----------
    control : Control or None
        Reads and sets the learner's entry; None when the exercise has no form.
    feedback : ipywidgets.HTML
        Where the verdict appears.
    view : ipywidgets.VBox
        The whole form.
    """

    def __init__(self, identifier: str) -> None:
        self.identifier = str(identifier)
        self.feedback = w.HTML()
        self.control: Control | None = None
        self.entry: Entry | None = None
        self._hints: list[str] = []
        self._shown = 0
        self.hint_area = w.HTML()
        self.button = w.Button(description="Check")
        self.hint_button = w.Button(description="Hint")
        self.solution_button = w.Button(description="Show solution")
        self.solution_area = w.HTML()
        self._solution = ""
        try:
            self.entry = bank.find(identifier)
        except UnknownExercise as error:
            self._say(f"Exercise not found: {error}")
            self.view = w.VBox([self.feedback])
            return
        self._lay_out(self.entry)

    def _lay_out(self, entry: Entry) -> None:
        if entry["kind"] == "code":
            self._say(
                f'This exercise checks your own function: check("{entry["id"]}", your_function).'
            )
            row: list[Any] = []
        else:
            self.control = make_control(entry)
            names = {"prediction": "Record", "reflection": "Save"}
            self.button.description = names.get(entry["kind"], "Check")
            self.button.tooltip = f"{self.button.description} exercise {entry['id']}"
            self.button.on_click(lambda _: self._guard(self.submit))
            row = [self.button]
        self._hints = grading.hints_of(entry)
        if self._hints:
            self.hint_button.description = f"Hint 1 of {len(self._hints)}"
            self.hint_button.on_click(lambda _: self._guard(self.next_hint))
            row.append(self.hint_button)
        self._solution = grading.solution_of(entry)
        if self._solution:
            self.solution_button.layout.display = "none"
            self.solution_button.on_click(lambda _: self._guard(self.show_solution))
            row.append(self.solution_button)
        title = w.HTML(f"<strong>Exercise {escape(entry['id'])}</strong>")
        controls = [self.control.view] if self.control else []
        self.view = w.VBox([title, *controls, w.HBox(row), self.hint_area, self.feedback])
        if self._solution:
            self.view.children = (*self.view.children, self.solution_area)
        self.view.add_class("hrd-exercise")
        if self.control is not None:
            self._guard(self._refill)

    def _refill(self) -> None:
        store = AnswerStore()
        value = stored_value(self.identifier, store)
        if value is not None and self.control is not None:
            # A stored answer may predate a change of the options.
            with contextlib.suppress(Exception):
                self.control.set(value)
            self._say("Your last entry is filled in.")
        if store.notice:
            self._say(store.notice)

    def submit(self) -> CheckResult | None:
        """Check what is entered, keep it, show the verdict and return it."""
        if self.entry is None or self.control is None:
            return None
        result = check_entry(self.entry, self.control.get())
        self.feedback.value = result.html()
        if result.word == grading.NOT_YET and not self._hints:
            self._offer_solution()
        return result

    def next_hint(self) -> None:
        """Show one more hint."""
        self._shown = min(self._shown + 1, len(self._hints))
        items = "".join(f"<li>{escape(h)}</li>" for h in self._hints[: self._shown])
        self.hint_area.value = f'<ol role="status" aria-live="polite">{items}</ol>'
        if self._shown == len(self._hints):
            self.hint_button.description = "No more hints"
            self.hint_button.disabled = True
            self._offer_solution()
        else:
            self.hint_button.description = f"Hint {self._shown + 1} of {len(self._hints)}"

    def _offer_solution(self) -> None:
        if self._solution:
            self.solution_button.layout.display = ""

    def show_solution(self) -> None:
        """Show the solution, where the instructor's build carries one, and keep that it was."""
        AnswerStore().mark_solution_shown(self.identifier)
        lines = escape(self._solution).replace("\n", "<br>")
        self.solution_area.value = (
            f'<div role="status" aria-live="polite"><strong>Solution:</strong> {lines}</div>'
        )
        self.solution_button.disabled = True

    def _say(self, text: str) -> None:
        self.feedback.value = f'<div role="status" aria-live="polite">{escape(text)}</div>'

    def _guard(self, action: Callable[[], object]) -> None:
        try:
            action()
        except Exception as error:  # a fault here must not reach the learner as a traceback
            self._say(f"This could not be done ({type(error).__name__}); restart the kernel.")

    def __repr__(self) -> str:
        if self.entry is None:
            return f"Exercise {self.identifier}: not found"
        return f"Exercise {self.identifier} ({self.entry['kind']}): run this cell to answer"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle = self.view._repr_mimebundle_()
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        return {**(data or {}), "text/plain": repr(self)}


class Control:
    """A widget with a way to read and to set the answer."""

    def __init__(self, view: Any, get: Callable[[], Any], put: Callable[[Any], None]) -> None:
        self.view, self.get, self._put = view, get, put

    def set(self, value: Any) -> None:
        """Fill in an answer."""
        self._put(value)


def make_control(entry: Entry) -> Control:
    """Return the control that fits the kind of exercise."""
    kind = entry["entry"] if entry["kind"] == "prediction" else entry["kind"]
    if kind == "choice":
        return _radio(entry["options"])
    if kind == "multiple":
        return _boxes(entry["options"])
    if kind == "ordering":
        return _places(entry["options"])
    if kind == "reflection":
        return _field(w.Textarea(rows=6, layout=w.Layout(width="95%")))
    label = "Your answer"
    if kind == "number":
        places = entry.get("decimals")
        digits = "" if places is None else "whole" if places == 0 else f"{places} decimals"
        digits = "1 decimal" if places == 1 else digits
        details = ", ".join(part for part in (entry.get("unit"), digits) if part)
        label = f"Your number ({details})" if details else "Your number"
    return _field(w.Text(description=label, style=_WIDE, layout=w.Layout(width="28em")))


def _field(box: Any) -> Control:
    if not box.description:
        box.description, box.style = "Your text", _WIDE

    def put(value: Any) -> None:
        shown = grading.number_text(float(value)) if isinstance(value, int | float) else value
        box.value = str(shown)

    return Control(box, lambda: box.value, put)


def _radio(options: list[str]) -> Control:
    box = w.RadioButtons(
        options=options,
        value=None,
        description="Your choice",
        style=_WIDE,
        layout=w.Layout(width="max-content"),
    )

    def put(value: Any) -> None:
        box.value = value

    return Control(box, lambda: box.value, put)


def _boxes(options: list[str]) -> Control:
    boxes = [
        w.Checkbox(value=False, description=o, indent=False, layout=w.Layout(width="95%"))
        for o in options
    ]

    def put(value: Any) -> None:
        for box, option in zip(boxes, options, strict=True):
            box.value = option in value

    def get() -> list[str]:
        return [o for box, o in zip(boxes, options, strict=True) if box.value]

    return Control(w.VBox(boxes), get, put)


def _places(options: list[str]) -> Control:
    # Drop-downs instead of dragging: every place can be reached and set by keyboard.
    choices = [("choose", ""), *((o, o) for o in options)]
    boxes = [
        w.Dropdown(
            options=choices,
            value="",
            description=f"Place {i}",
            style=_WIDE,
            layout=w.Layout(width="95%"),
        )
        for i in range(1, len(options) + 1)
    ]

    def put(value: Any) -> None:
        for box, item in zip(boxes, value, strict=True):
            box.value = item

    return Control(w.VBox(boxes), lambda: [b.value for b in boxes if b.value], put)


class Reveal:
    """A prediction beside what was found: at once when there is one, else at a button.

    The saved output never tells what was found, so that a reader can predict first.
    """

    def __init__(self, identifier: str, found: object = None) -> None:
        self.identifier, self.found = str(identifier), found
        self.text = w.HTML()
        self.button = w.Button(description="Compare")
        self.button.tooltip = f"Compare prediction {identifier} with the result"
        self.button.on_click(lambda _: self.show())
        self.view = w.HBox([self.button, self.text])
        self.view.add_class("hrd-reveal")
        if prediction(self.identifier) is not None:
            self.show()
        else:
            self._say("Record your prediction above, then press Compare.")

    def show(self) -> None:
        """Compare what is recorded now."""
        self._say(compare(self.identifier, self.found))

    def _say(self, text: str) -> None:
        self.text.value = f'<div role="status" aria-live="polite">{escape(text)}</div>'

    def __repr__(self) -> str:
        return compare(self.identifier, self.found)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle = self.view._repr_mimebundle_()
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        text = f"Prediction {self.identifier}: run this cell to compare"
        return {**(data or {}), "text/plain": text}


def reveal(identifier: str, found: object = None) -> Reveal:
    """Show a prediction beside the result. Never raises.

    Parameters
    ----------
    identifier : str
        Id of an exercise of kind "prediction".
    found : object, optional
        What was found, where it is computed: a number (shown with the unit of the exercise)
        or text. Default: what the exercise itself says.
    """
    return Reveal(identifier, found)


def ask(identifier: str) -> Form:
    """Show an exercise as a form, filled in with what was stored. Never raises.

    Parameters
    ----------
    identifier : str
        Exercise id, such as "01.2".
    """
    return Form(identifier)


def predict(identifier: str, value: object = None) -> Form | CheckResult:
    """Show the form of a prediction, or record `value` as the prediction.

    Parameters
    ----------
    identifier : str
        Id of an exercise of kind "prediction".
    value : object, optional
        The prediction, when it comes from code.
    """
    return Form(identifier) if value is None else check(identifier, value)
