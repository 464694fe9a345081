"""The settings of a panel that its page holds, and their pictures, each piece kept once."""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
import time
from collections.abc import Iterator
from typing import Any, Final

from helpers.panels.base import Choice, Panel, Several, Toggle
from helpers.panels.base.live import FIRST
from helpers.panels.base.panel import GHOST_SUFFIX, cells, records
from helpers.site.formulas import given

MOST: Final = 7000
"""Settings of a panel that are computed; where there are more, those nearest to the start."""
LONGEST: Final = 60.0
"""Seconds of the processor that a further ring of settings may take."""

Place = tuple[int, ...]
"""A setting as the place of each control's value among its values."""


def values_of(control: Any) -> list[Any]:
    """Return every value a control can take, in order."""
    if isinstance(control, Choice):
        return list(dict.fromkeys(control.options.values()))
    if isinstance(control, Toggle):
        return [False, True]
    if isinstance(control, Several):
        options = list(dict.fromkeys(control.options.values()))
        return [
            tuple(v for k, v in enumerate(options) if mask >> k & 1)
            for mask in range(2 ** len(options))
        ]
    count = round((control.high - control.low) / control.step)
    return [control.read(f"{control.low + i * control.step:.10g}") for i in range(count + 1)]


class Stored:
    """What a panel's page needs to answer without Python.

    Parameters
    ----------
    panel : Panel
        As the notebook opens it.
    most : int
        Settings to compute at most.
    """

    def __init__(self, panel: Panel[Any], most: int = MOST, longest: float = LONGEST) -> None:
        self.panel = panel
        self.fields = list(panel._controls)
        self.values = [values_of(panel._controls[f]) for f in self.fields]
        self.whole = math.prod(map(len, self.values))
        self._pool: dict[str, int] = {}
        self.frames: dict[Place, Any] = {}
        self._names: list[str] = []
        self.given = given(panel)
        if self.given is not None:
            return
        began = time.process_time()
        for number, ring in enumerate(self._rings(most)):
            each = (time.process_time() - began) / max(1, len(self.frames))
            if number > 1 and each * len(ring) > longest:
                break
            for place in ring:
                self.frames[place] = self._frame(place)

    def place_of(self, state: Any) -> Place:
        """Return the place of a state; a value between two steps counts as the nearer one."""
        out = []
        for field, values in zip(self.fields, self.values, strict=True):
            now = getattr(state, field)
            if isinstance(now, tuple):  # a start may name boxes in any order, or one not drawn
                now = tuple(v for v in values[-1] if v in now)
            if now in values:
                out.append(values.index(now))
            else:
                out.append(min(range(len(values)), key=lambda i: abs(values[i] - now)))
        return tuple(out)

    def state_at(self, place: Place) -> Any:
        """Return the state at a place."""
        chosen = {f: v[i] for f, v, i in zip(self.fields, self.values, place, strict=True)}
        return dataclasses.replace(self.panel._default, **chosen)

    @property
    def complete(self) -> bool:
        """Whether every setting of the panel is held."""
        return self.held == self.whole

    @property
    def held(self) -> int:
        """How many settings the page answers."""
        return self.whole if self.given is not None else len(self.frames)

    def _seeds(self) -> list[Place]:
        panel = self.panel
        states = [panel._default, panel._start]
        states += [panel._read(p["setting"]) for p in panel._view.facts["presets"]]
        return list(dict.fromkeys(map(self.place_of, states)))

    def _rings(self, most: int) -> Iterator[list[Place]]:
        """Yield the settings ring by ring: the start and presets, then a move away, then two.

        The first move is always there, with each box that stands alone ticked or not beside it,
        as many boxes show what another control has set; a further ring only when it fits whole.
        Last, where they fit, all combinations of the controls in sight with one further move.
        """
        if self.whole <= most:
            yield list(itertools.product(*[range(len(v)) for v in self.values]))
            return
        known = dict.fromkeys(self._seeds())
        yield list(known)
        edge, first = list(known), True
        while edge:
            ring: dict[Place, None] = {}
            for place in edge:
                for moved in self._moves(place):
                    for there in (moved, *(self._ticked(moved) if first else ())):
                        if there not in known:
                            ring[there] = None
            if not ring or (not first and len(known) + len(ring) > most):
                break
            yield list(ring)
            known.update(ring)
            edge, first = list(ring), False
        last = [place for place in dict.fromkeys(self._in_sight(most)) if place not in known]
        if len(known) + len(last) <= most:
            yield last

    def _in_sight(self, most: int) -> Iterator[Place]:
        """Yield what the controls in sight lead to from the start, and one move from there."""
        start, places = self.place_of(self.panel._start), self.panel._places(self.fields)
        free = [
            range(len(values)) if places[field] == FIRST else [k]
            for field, values, k in zip(self.fields, self.values, start, strict=True)
        ]
        if math.prod(map(len, free)) <= most:
            for place in itertools.product(*free):
                yield place
                yield from self._moves(place)

    def _moves(self, place: Place) -> Iterator[Place]:
        """Yield what one control leads to; of several boxes one is moved at a time."""
        for i, field in enumerate(self.fields):
            count = len(self.values[i])
            several = isinstance(self.panel._controls[field], Several)
            there = (
                [place[i] ^ (1 << k) for k in range(count.bit_length() - 1)]
                if several
                else [k for k in range(count) if k != place[i]]
            )
            for k in there:
                yield (*place[:i], k, *place[i + 1 :])

    def _ticked(self, place: Place) -> Iterator[Place]:
        """Yield what ticking one box leads to."""
        for i, field in enumerate(self.fields):
            if isinstance(self.panel._controls[field], Toggle):
                yield (*place[:i], 1 - place[i], *place[i + 1 :])

    def _frame(self, place: Place) -> Any:
        panel, state = self.panel, self.state_at(place)
        try:
            picture = type(panel).compute(state, panel.data)
            greyed = type(panel).unavailable(state, panel.data)
        except ValueError as problem:
            return self._keep(str(problem))
        except Exception as problem:  # said as in the notebook
            return self._keep(
                "This setting could not be computed. Nothing you did is lost: change the last "
                f"control or press {panel.reset_label!r}. (For the authors: {problem!r})"
            )
        self._names = self._names or list(picture.rows)
        plain = {f: why if isinstance(why, str) else dict(why) for f, why in greyed.items()}
        pieces = [picture.sentence, cells(picture.table) or {}, plain, dict(picture.notes)]
        rows = [self._keep(records(picture.rows[name])) for name in self._names]
        return [self._keep(piece) for piece in pieces] + rows

    def _keep(self, piece: Any) -> int:
        text = json.dumps(piece, separators=(",", ":"), ensure_ascii=False, default=_plain)
        return self._pool.setdefault(text, len(self._pool))

    def content(self) -> dict[str, Any]:
        """Return everything the page's script needs, as plain values."""
        panel, view = self.panel, self.panel._view
        controls = []
        for field, values in zip(self.fields, self.values, strict=True):
            control = panel._controls[field]
            listed = (
                {}
                if isinstance(control, Several)
                else {
                    "values": values,
                    "written": [control.write(v) for v in values],
                    "said": [control.say(v) for v in values],
                }
            )
            controls.append({"field": field, "label": control.label, **listed})
        ghosts = [
            d["name"]
            for spec in view.pictures.values()
            for d in spec.get("data", [])
            if d["name"].endswith(GHOST_SUFFIX)
        ]
        buttons = [c["field"] for c in view.facts["controls"] if c["kind"] == "button"]
        return {
            "facts": view.facts,
            "pictures": view.pictures,
            "controls": controls,
            "default": self.place_of(panel._default),
            "start": self.place_of(panel._start),
            "names": self._names,
            "ghosts": list(dict.fromkeys(ghosts)),
            "buttons": buttons,
            "whole": self.whole,
            "given": self.given,
            "pool": [json.loads(text) for text in self._pool],
            "frames": {".".join(map(str, place)): f for place, f in self.frames.items()},
        }


def _plain(value: Any) -> Any:
    """Return a number of NumPy's, or what else JSON does not know, as the notebook sends it."""
    return value.item() if hasattr(value, "item") else str(value)
