"""A chart in the notebook that is compiled once and then only fed new rows."""

from __future__ import annotations

import functools
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import anywidget
import traitlets
import vl_convert as vlc

_HERE = Path(__file__).parent

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""Records by dataset name, as `{"curve": [{"month": 0, "share": 1.0}, ...]}`."""


@functools.cache
def vega_library() -> bytes:
    """Return the Vega library as one JavaScript module, built from vl-convert; no network.

    Building takes about three seconds, so the result is kept inside the Python
    environment, beside the package whose version names it.
    """
    kept = Path(sys.prefix) / "share" / "hrd" / f"vega-{version('vl-convert-python')}.js"
    if kept.is_file():
        return kept.read_bytes()
    library = vlc.javascript_bundle("export { vegaEmbed };").encode()
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=kept.parent, delete=False) as part:
            part.write(library)
        os.replace(part.name, kept)
    except OSError:
        pass  # a read-only environment only costs the three seconds again
    return library


class LiveView(anywidget.AnyWidget):
    """One Vega view, one sentence under it, one place for an error.

    Attributes
    ----------
    spec : dict
        Compiled Vega; sent once.
    frame : dict
        `rows` by dataset name, `sentence`, `table` (columns and rows of texts), `error`,
        `serial`; replaced as a whole at each change, so the browser repaints once.
    """

    _esm = _HERE / "live.js"
    _css = _HERE / "live.css"
    spec = traitlets.Dict().tag(sync=True)
    frame = traitlets.Dict().tag(sync=True)

    def __init__(self, spec: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(spec=dict(spec), frame={"serial": 0}, **kwargs)
        self.on_msg(self._answer)

    def _answer(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if isinstance(content, dict) and content.get("kind") == "vega":
            self.send({"kind": "vega"}, buffers=[vega_library()])

    def show(self, rows: Rows, sentence: str, table: Mapping[str, Any] | None = None) -> None:
        """Draw these rows, say this sentence, set this table; clears a former error."""
        frame = {"rows": dict(rows), "sentence": sentence, "table": dict(table or {})}
        self._next({**frame, "error": ""})

    def refuse(self, error: str) -> None:
        """Say what is wrong and keep the last good picture and its sentence."""
        self._next({**self.frame, "error": error})

    def _next(self, frame: dict[str, Any]) -> None:
        self.frame = {**frame, "serial": int(self.frame.get("serial", 0)) + 1}
