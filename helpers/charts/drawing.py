"""Charts compiled and drawn without a browser or a network, each once.

Compiling a chart takes a tenth of a second, drawing its picture as long, and loading the
engine that does both more than either and 150 MB. So the results are kept inside the Python
environment, named by what they were made from, and the engine is loaded only when
something is new.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

PNG_SCALE: Final = 1.5


def vega_library() -> bytes:
    """Return the Vega library as one JavaScript module; building it takes three seconds."""
    return _kept("vega", "", "js", _build_library)


@functools.lru_cache(maxsize=1)
def _build_library() -> bytes:
    import vl_convert

    return str(vl_convert.javascript_bundle("export { vegaEmbed };")).encode()


def compiled(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a Vega-Lite spec compiled to Vega."""

    def make() -> bytes:
        import vl_convert

        return json.dumps(vl_convert.vegalite_to_vega(dict(spec)), separators=(",", ":")).encode()

    return dict(json.loads(_kept("chart", spec, "json", make)))


def png(spec: Mapping[str, Any], scale: float = PNG_SCALE) -> bytes:
    """Return the picture of a Vega-Lite spec."""

    def make() -> bytes:
        import vl_convert
        from PIL import Image

        drawn = Image.open(io.BytesIO(vl_convert.vegalite_to_png(vl_spec=dict(spec), scale=scale)))
        # 64 colors are plenty for flat charts and make the file a tenth of the size,
        # which matters because notebooks are committed with their pictures.
        small = drawn.convert("RGB").quantize(64, dither=Image.Dither.NONE)
        out = io.BytesIO()
        small.save(out, "PNG", optimize=True)
        return out.getvalue()

    return _kept(f"picture-{scale:g}", spec, "png", make)


def _kept(kind: str, made_from: Any, ending: str, make: Callable[[], bytes]) -> bytes:
    text = json.dumps(made_from, separators=(",", ":"), default=str)
    name = hashlib.sha256(f"{kind} {_engine()} {text}".encode()).hexdigest()[:32]
    kept = Path(sys.prefix) / "share" / "hrd" / f"{name}.{ending}"
    try:
        return kept.read_bytes()
    except OSError:
        content = make()
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=kept.parent, delete=False) as part:
            part.write(content)
        os.replace(part.name, kept)
    except OSError:
        pass  # a read-only environment only costs the time again
    return content


@functools.cache
def _engine() -> str:
    return version("vl-convert-python")
