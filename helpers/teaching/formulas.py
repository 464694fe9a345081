"""Formulas as pictures, with their source as the text alternative."""

from __future__ import annotations

import base64
import functools
import io
import re
from html import escape, unescape
from typing import Final

MATH: Final = re.compile(r"\$\$(.+?)\$\$|(?<![\\$])\$(?!\s)([^$\n]+?)(?<!\s)\$(?!\d)", re.DOTALL)


def set_formulas(html: str) -> str:
    """Return escaped text or HTML with the formulas in it set."""
    return MATH.sub(lambda m: formula(unescape(m[1] or m[2]), bool(m[1])), html)


@functools.lru_cache(maxsize=256)
def formula(tex: str, display: bool) -> str:
    """Return a formula as a picture with its source as the text alternative."""
    from matplotlib import mathtext
    from matplotlib.font_manager import FontProperties

    plain = unescape(tex).strip()
    out = io.BytesIO()
    try:
        mathtext.math_to_image(
            f"${_for_mathtext(plain)}$", out, prop=FontProperties(size=13), dpi=200, format="png"
        )
    except Exception:  # what cannot be set is shown as it was written
        return f"<code>{escape(plain)}</code>"
    picture = base64.b64encode(out.getvalue()).decode("ascii")
    height = int.from_bytes(out.getvalue()[20:24], "big") / 200 * 72
    image = (
        f'<img class="math" alt="{escape(plain, quote=True)}" style="height:{height:.0f}pt" '
        f'src="data:image/png;base64,{picture}">'
    )
    return f"<div>{image}</div>" if display else image


_OTHER_NAMES: Final = {
    "text": r"\mathrm",
    "operatorname": r"\mathrm",
    "tfrac": r"\frac",
    "le": r"\leq",
    "lnot": r"\neg",
    "big": "",
}


def _said(text: str, _match: re.Match[str]) -> str:
    return text


def _without_braces(tex: str) -> str:
    """Return TeX in which what stands over a brace is bracketed, its label a subscript."""
    start = tex.find(r"\underbrace{")
    if start < 0:
        return tex
    opened, at = 1, start + len(r"\underbrace{")
    first = at
    while opened and at < len(tex):
        opened += {"{": 1, "}": -1}.get(tex[at], 0)
        at += 1
    inside = _without_braces(tex[first : at - 1])
    return f"{tex[:start]}\\left[{inside}\\right]{_without_braces(tex[at:])}"


def _for_mathtext(tex: str) -> str:
    """Return TeX without the few commands that the setter does not know."""
    tex = _without_braces(" ".join(tex.split()))
    tex = re.sub(r"\\tfrac(\d)(\d)", r"\\frac{\1}{\2}", tex)
    tex = re.sub(r"\\(bar|hat) (\w)", r"\\\1{\2}", tex)
    for name, instead in _OTHER_NAMES.items():
        tex = re.sub(rf"\\{name}(?![a-zA-Z])", functools.partial(_said, instead), tex)
    return re.sub(r"\\(mathrm)\{([^}]*)\}", lambda m: "\\mathrm{" + m[2].replace(" ", r"\ ") + "}",
                  tex)  # fmt: skip
