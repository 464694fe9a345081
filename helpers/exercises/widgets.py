"""The exercise as a small form: what is entered, Check, Hint, feedback."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from helpers import page
from helpers.exercises import bank, grading
from helpers.exercises.bank import UnknownExercise
from helpers.exercises.learner import (
    CheckResult,
    check,
    check_entry,
    compare,
    prediction,
    stored_value,
    stored_when,
)
from helpers.exercises.seal import Entry
from helpers.store.answers import AnswerStore

_HERE = Path(__file__).parent


class FormView(anywidget.AnyWidget):
    """A form on the page: fields, buttons, and places for words that are there beforehand.

    Attributes
    ----------
    facts : dict
        `name` for a screen reader, `title`, `look`, `controls`; sent once.
    frame : dict
        `actions` (name, label, why it is off); `entry` as filled in from here, and how often
        it was `filled`; HTML `aside`, `said`, `after` in which typed text is escaped.
    """

    _esm = page.script(_HERE / "form.js")
    _css = page.style(_HERE / "form.css")
    facts = traitlets.Dict().tag(sync=True)
    frame = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        name: str,
        controls: Sequence[Mapping[str, Any]],
        on_message: Callable[[str, Mapping[str, Any]], None],
        *,
        title: str = "",
        look: str = "hrd-exercise",
    ) -> None:
        facts = {"name": name, "title": title, "look": look, "controls": list(controls)}
        super().__init__(facts=facts, frame={})
        self._on_message = on_message
        self.on_msg(self._told)

    def _told(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if isinstance(content, dict):
            self._on_message(content["kind"], content.get("entry", {}))

    def show(self, **changes: Any) -> None:
        """Change what the form says; what is not given stays."""
        filled = self.frame.get("filled", 0) + ("entry" in changes)
        self.frame = {**self.frame, **changes, "filled": filled}

    def bundle(self, text: str) -> dict[str, Any]:
        """Return the output of the cell that shows the form."""
        made: Any = self._repr_mimebundle_()
        return {**(made[0] if isinstance(made, tuple) else made or {}), "text/plain": text}


class Form:
    """An exercise shown as controls; text of the saved output never depends on stored answers.

    Attributes
    ----------
    entry : dict or None
        The exercise; None when there is none of this name.
    view : FormView
        The whole form.
    """

    def __init__(self, identifier: str) -> None:
        self.identifier = str(identifier)
        self.entry: Entry | None = None
        self._fields: list[dict[str, Any]] = []
        self._typed: dict[str, Any] = {}
        self._hints: list[str] = []
        self._shown = 0
        self._solution = ""
        self._offered = self._told_solution = False
        problem = ""
        try:
            self.entry = bank.find(identifier)
        except UnknownExercise as error:
            problem = f"Exercise not found: {error}"
        else:
            self._fields = fields_of(self.entry)
            self._hints = grading.hints_of(self.entry)
            self._solution = grading.solution_of(self.entry)
            if self.entry["kind"] == "code":
                problem = (
                    "This exercise checks your own function: "
                    f'check("{self.entry["id"]}", your_function).'
                )
        title = f"{self._kind} {self.entry['id']}" if self.entry else ""
        self.view = FormView(
            title or f"Exercise {self.identifier}", self._fields, self._do, title=title
        )
        self._act()
        if problem:
            self._say(problem)
        if self._fields:
            self._guard(self._refill)

    @property
    def _kind(self) -> str:
        is_prediction = self.entry is not None and self.entry["kind"] == "prediction"
        return "Prediction" if is_prediction else "Exercise"

    @property
    def said(self) -> str:
        """The HTML of the verdict, or of what else is said under the form."""
        return str(self.view.frame.get("said", ""))

    @property
    def hints(self) -> str:
        """The HTML of the hints shown."""
        return str(self.view.frame.get("aside", ""))

    @property
    def solution(self) -> str:
        """The HTML of the solution, empty until it is shown."""
        return str(self.view.frame.get("after", ""))

    @property
    def labels(self) -> dict[str, str]:
        """The texts of the buttons in sight, by name."""
        return {a["name"]: a["label"] for a in self.view.frame["actions"] if a["label"]}

    @property
    def answer(self) -> Any:
        """What is entered, as the check takes it."""
        values = [self._typed.get(field["field"]) for field in self._fields]
        if self.entry is not None and _form_of(self.entry) == "ordering":
            return [value for value in values if value]
        return values[0]

    def fill(self, value: Any) -> None:
        """Fill in an answer.

        Raises
        ------
        ValueError
            When the form has no such option or no such number of places.
        """
        names = [field["field"] for field in self._fields]
        ordered = self.entry is not None and _form_of(self.entry) == "ordering"
        values = list(value) if ordered else [value]
        if len(values) != len(names):
            raise ValueError("This answer has another number of places than the form.")
        for field, one in zip(self._fields, values, strict=True):
            options = [kept for kept, _ in field.get("options", [])]
            wanted = one if isinstance(one, list | tuple) else [one]
            if options and not set(wanted) <= set(options):
                raise ValueError("This answer is not among the options.")
        if isinstance(values[0], int | float):
            values = [grading.number_text(float(values[0]))]
        self._typed = dict(zip(names, values, strict=True))
        self.view.show(entry=self._typed)

    def _act(self) -> None:
        """Bring the buttons up to date."""
        actions = []
        if self._fields and self.entry is not None:
            names = {"prediction": "Record", "reflection": "Save"}
            actions.append(_action("submit", names.get(self.entry["kind"], "Check")))
        if self._hints:
            left = self._shown < len(self._hints)
            label = f"Hint {self._shown + 1} of {len(self._hints)}" if left else "No more hints"
            actions.append(_action("hint", label, "" if left else "all hints are shown"))
        if self._solution:
            label = "Show solution" if self._offered else ""
            off = "it is shown below" if self._told_solution else ""
            actions.append(_action("solution", label, off))
        self.view.show(actions=actions)

    def _do(self, action: str, typed: Mapping[str, Any]) -> None:
        self._typed = {**self._typed, **typed}
        todo = {"submit": self.submit, "hint": self.next_hint, "solution": self.show_solution}
        self._guard(todo[action])

    def _refill(self) -> None:
        store = AnswerStore()
        value = stored_value(self.identifier, store)
        if value is not None:
            try:
                self.fill(value)
                when = stored_when(self.identifier, store)
                self._say(f"Your last entry{f' ({when})' if when else ''} is filled in.")
            except (TypeError, ValueError):  # from before a change of the options
                self._say("What you entered last no longer fits this form.")
        if store.notice:
            self._say(store.notice)

    def press(self, action: str) -> None:
        """Do what a button does: "submit", "hint" or "solution"; whatever fails is said."""
        self._do(action, {})

    def submit(self) -> CheckResult | None:
        """Check what is entered, keep it, show the verdict and return it."""
        if self.entry is None or not self._fields:
            return None
        result = check_entry(self.entry, self.answer)
        self.view.show(said=result.body())
        if result.word == grading.NOT_YET and not self._hints:
            self._offer_solution()
        return result

    def next_hint(self) -> None:
        """Show one more hint."""
        self._shown = min(self._shown + 1, len(self._hints))
        items = "".join(f"<li>{escape(h)}</li>" for h in self._hints[: self._shown])
        self.view.show(aside=f"<ol>{items}</ol>")
        self._act()
        if self._shown == len(self._hints):
            self._offer_solution()

    def _offer_solution(self) -> None:
        self._offered = True
        self._act()

    def show_solution(self) -> None:
        """Show the solution, where the instructor's build carries one, and keep that it was."""
        AnswerStore().mark_solution_shown(self.identifier)
        lines = escape(self._solution).replace("\n", "<br>")
        self.view.show(after=f"<strong>Solution:</strong> {lines}")
        self._told_solution = True
        self._act()

    def _say(self, text: str) -> None:
        self.view.show(said=escape(text))

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
        return self.view.bundle(repr(self))


def _action(name: str, label: str, off: str = "") -> dict[str, str]:
    return {"name": name, "label": label, "off": off}


def _form_of(entry: Entry) -> str:
    return str(entry["entry"] if entry["kind"] == "prediction" else entry["kind"])


def fields_of(entry: Entry) -> list[dict[str, Any]]:
    """Return the fields that fit the kind of exercise, as the page's controls.js draws them."""
    kind = _form_of(entry)
    options = [[option, option] for option in entry.get("options") or []]
    if kind == "code":
        return []
    if kind == "choice":
        return [_field("radios", "Your choice", options=options)]
    if kind == "multiple":
        return [_field("several", "Your choices", options=options)]
    if kind == "ordering":
        # Lists instead of dragging: every place can be reached and set by keyboard.
        options = [["", "choose"], *options]
        return [
            _field("list", f"Place {place}", f"place{place}", options=options)
            for place in range(1, len(options))
        ]
    if kind == "reflection":
        return [_field("area", "Your text")]
    if kind != "number":
        return [_field("line", "Your answer")]
    places = entry.get("decimals")
    digits = "" if places is None else "whole" if places == 0 else f"{places} decimals"
    digits = "1 decimal" if places == 1 else digits
    details = ", ".join(part for part in (entry.get("unit"), digits) if part)
    return [_field("line", f"Your number ({details})" if details else "Your number")]


def _field(kind: str, label: str, field: str = "answer", **more: Any) -> dict[str, Any]:
    return {"field": field, "kind": kind, "label": label, **more}


class Reveal:
    """A prediction beside what was found: at once when there is one, else at a button.

    The saved output never tells what was found, so that a reader can predict first.
    """

    def __init__(self, identifier: str, found: object = None, shows: Any = None) -> None:
        self.identifier, self.found, self.shows = str(identifier), found, shows
        name = f"Prediction {self.identifier} and the result"
        self.view = FormView(name, [], lambda *_: self.show(), look="hrd-reveal")
        self.view.show(actions=[_action("compare", "Compare")])
        if prediction(self.identifier) is not None:
            self.show()
        else:
            self._say("Record your prediction above, then press Compare.")

    @property
    def said(self) -> str:
        """The HTML of what is said beside the button."""
        return str(self.view.frame["said"])

    def show(self) -> None:
        """Compare what is recorded now."""
        self._say(compare(self.identifier, self.found))
        if self.shows is not None:
            self.view.show(after=self.shows._repr_html_())

    def _say(self, text: str) -> None:
        self.view.show(said=escape(text))

    def __repr__(self) -> str:
        return compare(self.identifier, self.found)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return self.view.bundle(f"Prediction {self.identifier}: run this cell to compare")


def reveal(identifier: str, found: object = None, shows: Any = None) -> Reveal:
    """Show a prediction beside the result. Never raises.

    Parameters
    ----------
    identifier : str
        Id of an exercise of kind "prediction".
    found : object, optional
        What was found, where it is computed: a number (shown with the unit of the exercise)
        or text. Default: what the exercise itself says.
    shows : object, optional
        A table that answers the prediction: it appears with the comparison, not before.
    """
    return Reveal(identifier, found, shows)


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
