"""What stands in the notebook: controls, a sentence, and charts that are only fed new rows.

One widget a panel: the controls are drawn from their declaration by the page's controls.js, the
charts by live.js, and what the learner does arrives here as a message that `on_message` gets.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from jupyter_client.jsonutil import json_clean, json_default

from helpers import page
from helpers.charts import drawing
from helpers.panels.base.controls import Piece, Preset

_HERE = Path(__file__).parent

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""Records by dataset name, as `{"curve": [{"month": 0, "share": 1.0}, ...]}`."""

FIRST, MORE, BELOW = "first", "more", "below"
"""Where a control stands: at once in sight, under *More controls*, or below the picture."""


def _packed(frame: Mapping[str, Any], _widget: Any) -> dict[str, Any]:
    """Return a frame whose rows are texts, so that nothing on the way walks through them."""
    rows = {name: _text(each) for name, each in frame.get("rows", {}).items()}
    return {**frame, "rows": rows}


def _text(rows: Any) -> str:
    try:
        return json.dumps(rows, default=json_default, allow_nan=False)
    except ValueError:  # an infinite number, which a browser cannot read
        return json.dumps(json_clean(rows))


class LiveView(anywidget.AnyWidget):
    """Controls, one sentence, one table, one place for an error, and a Vega view a picture.

    Parameters
    ----------
    pictures : mapping
        Compiled Vega by title; several stand behind tabs, and a view is given the data
        sets that its spec names.
    controls : mapping
        What can be moved, by field.
    places : mapping
        `FIRST`, `MORE` or `BELOW` by field; what is left out stands first.
    name : str
        What a screen reader calls the panel.
    reset : str
        Text of the button back to the start; without it there is no setting line either.
    presets : sequence of Preset
        Their settings as the panel itself writes them.
    on_message : callable
        Called with `{"kind": "move", "changes": {field: value}}`, `{"kind": "open",
        "setting": text}` or `{"kind": "reset"}`; it ends in `show` or `refuse`.

    Attributes
    ----------
    frame : dict
        `rows` by dataset name, `sentence`, `table` (columns and rows of texts), `error`,
        `serial`, and for the controls `state`, `greyed`, `options`, `notes`, `setting`;
        replaced as a whole at each change, so the browser repaints once.
    """

    _esm = page.script(_HERE / "live.js")
    _css = page.style(_HERE / "live.css")
    pictures = traitlets.Dict().tag(sync=True)
    facts = traitlets.Dict().tag(sync=True)
    frame = traitlets.Dict().tag(sync=True, to_json=_packed)

    def __init__(
        self,
        pictures: Mapping[str, Mapping[str, Any]],
        controls: Mapping[str, Piece] | None = None,
        *,
        places: Mapping[str, str] | None = None,
        name: str = "",
        reset: str = "",
        presets: Sequence[Preset] = (),
        on_message: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        stands = dict(places or {})
        declared = [
            {"field": field, "place": stands.get(field, FIRST), **piece.declare()}
            for field, piece in (controls or {}).items()
        ]
        shown = [{"label": p.label, "setting": p.setting, "question": p.question} for p in presets]
        facts = {"name": name, "reset": reset, "controls": declared, "presets": shown}
        super().__init__(pictures=dict(pictures), facts=facts, frame={"serial": 0})
        self._on_message = on_message
        self._turn = ""
        self.on_msg(self._answer)

    def _answer(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if not isinstance(content, dict):
            return
        if content.get("kind") == "vega":
            self.send({"kind": "vega"}, buffers=[drawing.vega_library()])
        elif self._on_message is not None:
            self._turn = str(content.get("turn", ""))
            before = self.frame["serial"]
            try:
                self._on_message(content)
            except Exception as problem:  # a learner never sees a traceback
                logging.getLogger(__name__).exception("a panel's answer failed")
                self.refuse(f"This could not be done. (For the authors: {problem!r})")
            if self.frame["serial"] == before:  # whoever asked waits for an answer
                self._next(dict(self.frame))
            self._turn = ""

    def mimebundle(self) -> dict[str, Any]:
        """Return what a notebook's output needs to show this view live."""
        made: Any = self._repr_mimebundle_()
        data = dict(made[0] if isinstance(made, tuple) else made)
        data.pop("text/plain", None)
        return data

    def show(
        self, rows: Rows, sentence: str, table: Mapping[str, Any] | None = None, **controls: Any
    ) -> None:
        """Draw these rows, say this sentence, set this table; clears a former error.

        `controls` are what the controls show: `state`, `greyed`, `options`, `notes`,
        `setting`; what is not given stays.
        """
        shown = {"rows": dict(rows), "sentence": sentence, "table": dict(table or {})}
        self._next({**self.frame, **controls, **shown, "error": "", "shown": ""})

    def refuse(self, error: str, shown: str = "", **controls: Any) -> None:
        """Say what is wrong and keep the last good picture, dimmed and named `shown`."""
        self._next({**self.frame, **controls, "error": error, "shown": shown})

    def _next(self, frame: dict[str, Any]) -> None:
        serial = int(self.frame.get("serial", 0)) + 1
        self.frame = {**frame, "serial": serial, "turn": self._turn}
