"""The one shape of every interactive panel.

A panel is a frozen state, a pure function from state and data to a picture, and
thin controls. Moving a control makes a new state; the picture is recomputed and
its rows are pushed into a chart that is already there. Whatever goes wrong is
said in one sentence inside the panel, and the last good picture stays.
"""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Generic, TypeVar
from urllib.parse import parse_qsl, quote

import altair as alt
import ipywidgets as widgets
import numpy as np
import pandas as pd
import vl_convert as vlc

from helpers.charts import theme
from helpers.panels.base.controls import Control
from helpers.panels.base.live import LiveView, Rows
from helpers.store.answers import SettingStore

S = TypeVar("S")
GHOST_SUFFIX: Final = "_ghost"


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
    """

    rows: Mapping[str, Any]
    sentence: str
    table: pd.DataFrame | None = None
    figures: Mapping[str, float | int | str] = dataclasses.field(default_factory=dict)


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
    """

    State: ClassVar[type]
    name: ClassVar[str]

    def __init__(self, data: Any, setting: str = "", keep: str = "") -> None:
        self.data = data
        self._keep = keep
        self._kept = SettingStore()
        self._controls = self.controls()
        self._start: S = self.State()
        self._state: S = self._start
        self._quiet = False
        self._figures: Mapping[str, float | int | str] = {}
        self.last_error: BaseException | None = None
        self._template = self.chart().to_dict()
        self._view = LiveView(vlc.vegalite_to_vega(with_rows(self._template, {})))
        self._inputs = {
            field: control.widget(getattr(self._start, field))
            for field, control in self._controls.items()
        }
        for field, box in self._inputs.items():
            box.observe(lambda change, f=field: self._moved(f, change["new"]), names="value")
        self._setting_box = widgets.Text(
            description="Setting",
            continuous_update=False,
            placeholder="as at the start",
            tooltip="This line holds the panel's setting. Copy it to share; paste one to open it.",
            layout=widgets.Layout(width="430px", max_width="100%"),
        )
        self._setting_box.observe(self._typed, names="value")
        self._reset = widgets.Button(
            description=self.reset_label,
            icon="undo",
            layout=widgets.Layout(width="max-content"),
        )
        self._reset.on_click(lambda _: self._pressed_reset())
        self.widget = self._lay_out()
        self._show()
        setting = setting or (self._kept.get(keep) if keep else "")
        if setting:
            self.open(setting)

    reset_label: ClassVar[str] = "Back to start"

    # What a subclass defines -------------------------------------------------------------

    def controls(self) -> Mapping[str, Control]:
        """Return the controls by field of `State`."""
        return {}

    def chart(self) -> Any:
        """Return the finished chart, its data named and empty."""
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

    def move(self, **values: Any) -> None:
        """Move controls as a learner does, one after the other: `move(step=3)`."""
        for field_name, value in values.items():
            self._inputs[field_name].value = value

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
        """The state as a short string; only what differs from the start."""
        parts = []
        for field, control in self._controls.items():
            value = getattr(self._state, field)
            if value != getattr(self._start, field):
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

    def _open(self, setting: str, traced: bool) -> None:
        try:
            state = self._read(setting)
        except ValueError as problem:
            self._view.refuse(f"This setting cannot be opened: {problem}")
            return
        self._set(state, traced)

    def _set(self, state: S, traced: bool) -> None:
        self._state = state
        self._quiet = True
        for field, box in self._inputs.items():
            box.value = getattr(state, field)
        self._quiet = False
        self._show(traced)

    def _pressed_reset(self) -> None:
        self._set(self._start, traced=True)
        self._remember()

    def _read(self, setting: str) -> S:
        changes: dict[str, Any] = {}
        for field, text in parse_qsl(setting.replace("+", "%2B"), keep_blank_values=True):
            if field not in self._controls:
                known = ", ".join(self._controls)
                raise ValueError(f"this panel has no control {field!r}; it has: {known}.")
            changes[field] = self._controls[field].read(text)
        return dataclasses.replace(self._start, **changes)  # type: ignore[type-var]

    def _moved(self, field: str, value: Any) -> None:
        if self._quiet:
            return
        self._state = dataclasses.replace(self._state, **{field: value})  # type: ignore[type-var]
        self._show(traced=True)
        self._remember()

    def _typed(self, change: Any) -> None:
        if not self._quiet and change["new"] != self.setting:
            self._open(change["new"], traced=True)
            self._remember()

    # Picture -----------------------------------------------------------------------------

    def _show(self, traced: bool = False) -> None:
        self.last_error = None
        try:
            picture = type(self).compute(self._state, self.data)
        except ValueError as problem:
            self._fail(str(problem), problem)
        except Exception as problem:  # a learner never sees a traceback
            self._fail(
                "This setting could not be computed. Nothing you did is lost: change the last "
                f"control or press {self.reset_label!r}. (For the authors: {problem!r})",
                problem,
            )
        else:
            rows = {name: records(rows) for name, rows in picture.rows.items()}
            ghosts = self._ghosts(rows, traced)
            self._figures = picture.figures
            self._view.show({**rows, **ghosts}, picture.sentence, cells(picture.table))
        self._quiet = True
        self._setting_box.value = self.setting
        self._quiet = False

    def _remember(self) -> None:
        if self._keep:
            self._kept.record(self._keep, self.setting)

    def _ghosts(self, rows: Rows, traced: bool) -> Rows:
        """Return the rows of the setting before this one, for the chart's ghost data sets."""
        shown = self._view.frame.get("rows", {}) if traced else {}
        wanted = [n for n in _data_names(self._template) if n.endswith(GHOST_SUFFIX)]
        parents = {name: name.removesuffix(GHOST_SUFFIX) for name in wanted}
        # A move that changes nothing drawn keeps the ghost there was.
        if all(shown.get(parent) == rows.get(parent) for parent in parents.values()):
            return {name: shown.get(name, []) for name in wanted}
        return {name: shown.get(parent, []) for name, parent in parents.items()}

    def _fail(self, message: str, problem: BaseException) -> None:
        self.last_error = problem
        self._view.refuse(message)

    def _lay_out(self) -> widgets.Widget:
        row = widgets.Box(
            list(self._inputs.values()),
            layout=widgets.Layout(
                display="flex", flex_flow="row wrap", align_items="center", grid_gap="4px 16px"
            ),
        )
        foot = widgets.Box(
            [self._reset, self._setting_box],
            layout=widgets.Layout(display="flex", flex_flow="row wrap"),
        )
        whole = widgets.VBox([row, self._view, foot])
        row.add_class("hrd-controls")
        whole.add_class("hrd-panel")
        return whole

    def still(self) -> dict[str, Any]:
        """Return the present picture as a Vega-Lite spec with its rows inside."""
        spec = with_rows(self._template, self._view.frame.get("rows", {}))
        return {**spec, "description": self.sentence or spec["description"]}

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        live = self.widget._repr_mimebundle_()
        live.pop("text/plain", None)
        picture = base64.b64encode(theme.png(self.still())).decode("ascii")
        text = f"[Panel {self.name}] {self.sentence}"
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
