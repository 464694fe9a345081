"""The one shape of every interactive panel.

A panel is a frozen state, a pure function from state and data to a picture, and
thin controls. Moving a control makes a new state; the picture is recomputed and
its rows are pushed into a chart that is already there. Whatever goes wrong is
said in one sentence inside the panel, and the last good picture stays, dimmed and
named by what it shows.

What a panel declares so that it fits a screen, all of it optional:

* `first = ("coding", "month")`: the controls in sight; the others stand under
  *More controls*. Without it the first three are in sight. `below = ("ticks",)`: controls that
  need the whole width, under the picture.
* `chart()` may return `{"Beliefs": chart, "Path": chart}`: pictures behind tabs, each finished
  by itself. Rows go to every picture that names them.
* `unavailable(state, data)`: why choices cannot be shown now, by field and value (values as
  `Control.write` gives them, "true" and "false" for a `Toggle`), or by field alone for a
  whole control. They are greyed, with the reason as a tip. `greyed(state, controls, check)`
  builds it from one check of a state.
* `Picture.notes`: a few characters beside a control, by field, such as a posterior.
* In the notebook `Panel(data, presets=[Preset("Nobody late", "late=no", "What falls?")])`:
  buttons that open a setting and ask about it.
* Beside its controls a picture has 700 pixels of width and 560 of height; what is larger is
  shrunk until its smallest text has 11 pixels, then scrolls. So plan for about 640 x 480.
"""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Generic, TypeVar
from urllib.parse import parse_qsl, quote

import altair as alt
import numpy as np
import pandas as pd

from helpers.charts import drawing
from helpers.panels.base.controls import Button, Control, Greyed, Preset
from helpers.panels.base.live import BELOW, FIRST, MORE, LiveView, Rows
from helpers.store.answers import SettingStore

S = TypeVar("S")
GHOST_SUFFIX: Final = "_ghost"
_IN_SIGHT: Final = 3


@dataclass(frozen=True)
class Picture:
    """What a panel shows at one setting.

    Attributes
    ----------
    rows : mapping
        Rows by dataset name of the chart; DataFrames or records.
    sentence : str
        The picture in words; it stands under the chart and is its text alternative.
    table : DataFrame, optional
        Numbers or facts to be read beside the chart, the index left out. They are shown as
        they are, so round before; a cell that is an address becomes a link.
    figures : mapping
        The numbers and phrases the sentence is made of, by name and unrounded.
    notes : mapping, optional
        A few characters to stand beside controls, by field.
    """

    rows: Mapping[str, Any]
    sentence: str
    table: pd.DataFrame | None = None
    figures: Mapping[str, float | int | str] = dataclasses.field(default_factory=dict)
    notes: Mapping[str, str] = dataclasses.field(default_factory=dict)


class Panel(Generic[S]):
    """Base class; see the module's text.

    A subclass sets `State` (a frozen dataclass whose defaults are the starting
    point), and defines `controls()`, `chart()` (a finished Altair chart whose
    data are `alt.NamedData`) and the static `compute(state, data)`.

    A data set named `x_ghost` in the chart is filled by this class: it holds the
    rows that `x` had before the learner's last move, so the previous setting stays in
    sight as a pale trace. A setting opened by code starts without one.

    Parameters
    ----------
    data : object
        Passed to `compute` unchanged.
    setting : str, optional
        A setting string, as `panel.setting` gives it; what it leaves out starts
        at the default.
    keep : str, optional
        A name such as "09.scorecard" under which the learner's setting is kept in the
        work folder after each change, and opened the next time. A `setting` given here
        goes before a kept one.
    presets : sequence of Preset, optional
        Buttons that open a setting and ask about it.
    """

    State: ClassVar[type]
    name: ClassVar[str]

    def __init__(
        self, data: Any, setting: str = "", keep: str = "", presets: Sequence[Preset] = ()
    ) -> None:
        self.data = data
        self._keep = keep
        self._kept = SettingStore()
        self._figures: Mapping[str, float | int | str] = {}
        declared = self.controls()
        self._controls = {f: c for f, c in declared.items() if not isinstance(c, Button)}
        self._default: S = self.start()
        self._state: S = self._default
        self.last_error: BaseException | None = None
        chart = self.chart()
        charts = chart if isinstance(chart, Mapping) else {self.name: chart}
        self._templates = {title: part.to_dict() for title, part in charts.items()}
        names = _data_names(list(self._templates.values()))
        self._ghosted = {n: n.removesuffix(GHOST_SUFFIX) for n in names if n.endswith(GHOST_SUFFIX)}
        self._view = LiveView(
            {t: drawing.compiled(with_rows(part, {})) for t, part in self._templates.items()},
            declared,
            places=self._places(list(declared)),
            name=self.name,
            reset=self.reset_label,
            presets=[self._known(preset) for preset in presets],
            on_message=self._told,
        )
        self.widget = self._view
        # What the picture shows, and where the notebook opens the panel.
        self._drawn: S = self._default
        self._start: S = self._default
        self._begin(setting or (self._kept.get(keep) if keep else ""))
        if setting:
            self._start = self._state

    def _begin(self, setting: str) -> None:
        """Open the first setting; where it shows nothing, the defaults stand behind the reason."""
        try:
            self._state = self._read(setting)
        except ValueError as problem:
            self._show()
            self._refuse(f"This setting cannot be opened: {problem}")
            return
        self._show()
        if self.last_error and self._state != self._default:
            self._state, wanted = self._default, self._state
            self._show()
            self.set(wanted)

    reset_label: ClassVar[str] = "Back to start"
    first: ClassVar[tuple[str, ...]] = ()
    below: ClassVar[tuple[str, ...]] = ()

    def _places(self, fields: list[str]) -> dict[str, str]:
        others = [field for field in fields if field not in self.below]
        first = self.first or others[:_IN_SIGHT]
        return {f: BELOW if f in self.below else FIRST if f in first else MORE for f in fields}

    def _known(self, preset: Preset) -> Preset:
        return dataclasses.replace(preset, setting=self._write(self._read(preset.setting)))

    # What a subclass defines -------------------------------------------------------------

    def controls(self) -> Mapping[str, Control | Button]:
        """Return the controls by field of `State`; a `Button` has a name of its own."""
        return {}

    def start(self) -> Any:
        """Return the state a panel opens with; a subclass takes an end from its data here."""
        return self.State()

    def chart(self) -> Any:
        """Return the finished chart, its data named and empty, or several by title."""
        raise TypeError(f"{type(self).__name__} defines no chart().")

    @staticmethod
    def compute(state: Any, data: Any) -> Picture:
        """Return the picture at this state; pure, so tests call it without widgets.

        Raises
        ------
        ValueError
            When the setting cannot be computed; the message is shown as it is.
        """
        raise TypeError("A panel defines compute().")

    @staticmethod
    def unavailable(state: Any, data: Any) -> Greyed:
        """Return why choices cannot be shown at this state; see the module's text."""
        return {}

    def pressed(self, field: str) -> None:
        """Do what a `Button` of `controls` is for."""

    # State -------------------------------------------------------------------------------

    @property
    def state(self) -> S:
        """The current state."""
        return self._state

    def at(self, setting: str = "") -> Picture:
        """Return the picture of a setting; no control is moved and nothing shown changes.

        Parameters
        ----------
        setting : str
            As `setting` gives it; what it leaves out is as at the start.

        Raises
        ------
        ValueError
            When the setting cannot be read or is refused; the message is the panel's sentence.
        """
        return type(self).compute(self._read(setting), self.data)

    @property
    def rows(self) -> Rows:
        """The rows drawn now, by data set of the chart, ghosts included."""
        return dict(self._view.frame.get("rows", {}))

    @property
    def table(self) -> dict[str, Any]:
        """The table shown now: `columns`, `right` and `rows` of texts; empty without one."""
        return dict(self._view.frame.get("table", {}))

    @property
    def figures(self) -> Mapping[str, float | int | str]:
        """The figures of the picture shown now, by name."""
        return self._figures

    @property
    def sentence(self) -> str:
        """What the panel says now."""
        return str(self._view.frame.get("sentence", ""))

    @property
    def error(self) -> str:
        """What is wrong with the present setting; empty when nothing is."""
        return str(self._view.frame.get("error", ""))

    @property
    def setting(self) -> str:
        """The state as a short string; only what differs from the panel's defaults."""
        return self._write(self._state)

    def _write(self, state: S) -> str:
        parts = []
        for field, control in self._controls.items():
            value = getattr(state, field)
            if value != getattr(self._default, field):
                parts.append(f"{field}={quote(control.write(value), safe='+ ,')}")
        return "&".join(parts)

    def open(self, setting: str) -> None:
        """Go to a setting; one that cannot be read changes nothing and says why."""
        self._open(setting, traced=False)

    def set(self, state: S) -> None:
        """Go to a state and move the controls there."""
        self._set(state, traced=False)

    def reset(self) -> None:
        """Go back to the start; a kept setting changes only when the learner moves something."""
        self.set(self._start)

    def move(self, **changes: Any) -> None:
        """Move controls as a learner does, one after the other: `move(step=3)`."""
        for field, value in changes.items():
            self._moved(field, self._controls[field].take(value))

    def _open(self, setting: str, traced: bool) -> None:
        try:
            state = self._read(setting)
        except ValueError as problem:
            self._refuse(f"This setting cannot be opened: {problem}")
            return
        self._set(state, traced)

    def _set(self, state: S, traced: bool) -> None:
        self._state = state
        self._show(traced)

    def _read(self, setting: str) -> S:
        if not isinstance(setting, str):
            raise ValueError(f"a setting is a line of text, not {type(setting).__name__}.")
        changes: dict[str, Any] = {}
        for field, text in parse_qsl(setting.replace("+", "%2B"), keep_blank_values=True):
            if field not in self._controls:
                known = ", ".join(self._controls)
                raise ValueError(f"this panel has no control {field!r}; it has: {known}.")
            changes[field] = self._controls[field].read(text)
        return dataclasses.replace(self._default, **changes)  # type: ignore[type-var]

    def _told(self, message: dict[str, Any]) -> None:
        """Do what the learner did in the browser."""
        if message["kind"] == "move":
            for field, value in message["changes"].items():
                if field not in self._controls:
                    self.pressed(field)
                    continue
                try:
                    self.move(**{field: value})
                except ValueError as problem:
                    self._refuse(str(problem))
            return
        if message["kind"] == "open":
            self._open(message["setting"], traced=True)
        elif message["kind"] == "reset":
            self._set(self._start, traced=True)
        self._remember()

    def _moved(self, field: str, value: Any) -> None:
        self._state = dataclasses.replace(self._state, **{field: value})  # type: ignore[type-var]
        self._show(traced=True)
        self._remember()

    # Picture -----------------------------------------------------------------------------

    def _show(self, traced: bool = False) -> None:
        self.last_error = None
        try:
            picture = type(self).compute(self._state, self.data)
            unavailable = type(self).unavailable(self._state, self.data)
        except ValueError as problem:
            self._fail(str(problem), problem)
        except Exception as problem:  # a learner never sees a traceback
            self._fail(
                "This setting could not be computed. Nothing you did is lost: change the last "
                f"control or press {self.reset_label!r}. (For the authors: {problem!r})",
                problem,
            )
        else:
            self._drawn = self._state
            rows = {name: records(rows) for name, rows in picture.rows.items()}
            self._figures = picture.figures
            self._view.show(
                {**rows, **self._ghosts(rows, traced)},
                picture.sentence,
                cells(picture.table),
                greyed={f: _plain(why) for f, why in unavailable.items()},
                notes=dict(picture.notes),
                **self._standing(),
            )

    def _standing(self) -> dict[str, Any]:
        return {
            "state": {field: getattr(self._state, field) for field in self._controls},
            "setting": self.setting,
        }

    def _remember(self) -> None:
        if self._keep:
            self._kept.record(self._keep, self.setting)

    def _ghosts(self, rows: Rows, traced: bool) -> Rows:
        """Return the rows of the setting before this one, for the chart's ghost data sets."""
        shown = self._view.frame.get("rows", {}) if traced else {}
        # A move that changes nothing drawn keeps the ghost there was.
        if all(shown.get(parent) == rows.get(parent) for parent in self._ghosted.values()):
            return {name: shown.get(name, []) for name in self._ghosted}
        return {name: shown.get(parent, []) for name, parent in self._ghosted.items()}

    def _fail(self, message: str, problem: BaseException) -> None:
        self.last_error = problem
        self._refuse(message)

    def _refuse(self, message: str) -> None:
        # Only what differs: the controls beside the picture already say the rest.
        shown = [
            f"{control.label}: {control.say(getattr(self._drawn, field))}"
            for field, control in self._controls.items()
            if getattr(self._drawn, field) != getattr(self._state, field)
        ]
        self._view.refuse(message, "; ".join(shown), **self._standing())

    def still(self) -> dict[str, Any]:
        """Return the present picture as a Vega-Lite spec with its rows inside."""
        spec = with_rows(stacked(list(self._templates.values())), self._view.frame.get("rows", {}))
        return {**spec, "description": self.sentence or spec["description"]}

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        live = self._view.mimebundle()
        text = f"[Panel {self.name}] {self.sentence or self.error}"
        if not self.sentence:  # nothing could be computed, so there is nothing to draw
            return {**live, "text/plain": text}, {}
        picture = base64.b64encode(drawing.png(self.still())).decode("ascii")
        return (
            {**live, "image/png": picture, "text/plain": text},
            {"image/png": {"alt": self.sentence}},
        )


def named(name: str) -> Any:
    """Return a named, still empty data set for a panel's chart."""
    return alt.NamedData(name=name)


def records(rows: Any) -> list[dict[str, Any]]:
    """Return rows as plain records: dates as milliseconds since 1970, missing values as None.

    Vega parses dates only when it first reads a data set, so rows pushed later
    carry numbers, which a time scale takes as they are.
    """
    if not isinstance(rows, pd.DataFrame):
        return [dict(row) for row in rows]
    out = {}
    for column in rows.columns:
        values = rows[column]
        if pd.api.types.is_datetime64_any_dtype(values):
            stamps = values.to_numpy("datetime64[ms]")
            whole = stamps.astype("int64").astype(object)
            whole[np.isnat(stamps)] = None
            out[column] = whole.tolist()
        elif pd.api.types.is_float_dtype(values):
            numbers = values.to_numpy("float64", na_value=np.nan)
            out[column] = [x if x == x else None for x in numbers.tolist()]
        else:
            missing = values.isna().to_numpy()
            out[column] = [
                None if gone else value
                for value, gone in zip(values.tolist(), missing, strict=True)
            ]
    names = [str(column) for column in out]
    return [dict(zip(names, row, strict=True)) for row in zip(*out.values(), strict=True)]


def cells(table: pd.DataFrame | None) -> dict[str, Any]:
    """Return a table as the browser takes it: `columns` and `rows` of texts, none when empty."""
    if table is None or table.empty:
        return {}
    rows = records(table)
    right = [
        str(column) for column in table.columns if pd.api.types.is_numeric_dtype(table[column])
    ]
    return {
        "columns": [str(column) for column in table.columns],
        "right": right,
        "rows": [["" if value is None else str(value) for value in row.values()] for row in rows],
    }


def with_rows(template: Mapping[str, Any], rows: Rows) -> dict[str, Any]:
    """Return a spec whose named data sets hold `rows`; those without rows are empty."""
    names = _data_names(template)
    return {**template, "datasets": {name: list(rows.get(name, [])) for name in names}}


def stacked(templates: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return several specs as one, one picture over another; one alone as it is."""
    if len(templates) == 1:
        return dict(templates[0])
    whole = {"$schema", "config", "datasets", "autosize", "padding", "background"}
    parts = [{k: v for k, v in part.items() if k not in whole} for part in templates]
    frame = {k: v for k, v in templates[0].items() if k in {"$schema", "config"}}
    words = " ".join(part.get("description", "") for part in templates)
    apart = {"scale": {"color": "independent", "shape": "independent"}}
    return {**frame, "vconcat": parts, "resolve": apart, "description": words}


def _plain(why: str | Mapping[str, str]) -> str | dict[str, str]:
    return why if isinstance(why, str) else dict(why)


def _data_names(node: Any) -> list[str]:
    found: dict[str, None] = {}
    if isinstance(node, Mapping):
        data = node.get("data")
        if isinstance(data, Mapping) and "name" in data:
            found[data["name"]] = None
        for key, child in node.items():
            if key != "datasets":
                found.update(dict.fromkeys(_data_names(child)))
    elif isinstance(node, list):
        for child in node:
            found.update(dict.fromkeys(_data_names(child)))
    return list(found)
