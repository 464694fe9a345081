"""Panels on the question no data answer alone: what would have happened without the campaign?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import pandas as pd

from helpers import charts
from helpers.charts import diagram
from helpers.panels.base.controls import Choice, Control, Several, Slider
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import Provenance
from helpers.theory.causal_graph import Path, back_door_paths, causal_paths, closing_sets
from helpers.words import listed

_TOP: Final = "nineteen chosen: what happened"
_MIDDLE: Final = "nineteen chosen: had nothing been done"
_BOTTOM: Final = "twenty-one others: what happened"
_SELECTION: Final = "of the gap: selection"
_EFFECT: Final = "of the gap: effect on the chosen"


@dataclass(frozen=True)
class AnywayState:
    anyway: int = 10
    others: str = "11"


class WouldHaveHappened(Panel[AnywayState]):
    """Split the gap between the lists, given how many would have been released anyway.

    `data` is the marked table of published counts (group, women, released).
    """

    name: ClassVar[str] = "Effect and selection"
    State = AnywayState

    def controls(self) -> Mapping[str, Control]:
        return {
            "anyway": Slider("Released anyway", 0, 19, unit="of 19, assumed"),
            "others": Choice(
                "Of the twenty-one others",
                {"11 released, as printed": "11", "8, if three were freed before": "8"},
                help="Footnote 53: three women were freed in July 2015; see section 2.",
            ),
        }

    def chart(self) -> Any:
        return charts.finish(
            diagram.gap_split([_TOP, _MIDDLE, _BOTTOM, _SELECTION, _EFFECT]),
            self.data,
            Provenance.ILLUSTRATION,
            title="One gap, two parts",
            description="Two observed shares, an assumed one between them, and the gap split.",
        )

    @staticmethod
    def compute(state: AnywayState, data: pd.DataFrame) -> Picture:
        counts = data.set_index("group")
        n, a = (int(counts.loc["campaign", c]) for c in ("women", "released"))
        m, b = (int(counts.loc["long list only", c]) for c in ("women", "released"))
        if state.others == "8":
            m, b = m - 3, b - 3
        treated, untreated, others = (100 * k / s for k, s in ((a, n), (state.anyway, n), (b, m)))
        shares = [
            _share(_TOP, treated, f"{a} of {n}, {treated:.0f} %", "observed"),
            _share(_MIDDLE, untreated, f"{state.anyway} of {n}, {untreated:.0f} %", "assumed"),
            _share(_BOTTOM, others, f"{b} of {m}, {others:.0f} %", "observed"),
        ]
        effect, selection = treated - untreated, untreated - others
        parts = [
            _part(_SELECTION, others, untreated, selection),
            _part(_EFFECT, untreated, treated, effect),
        ]
        freed = a - state.anyway
        reading = (
            f"{freed} of the 17 releases would be the campaign's"
            if freed > 0
            else "the campaign would have freed nobody"
            if freed == 0
            else f"the campaign would have kept {_women(-freed)} in prison"
        )
        words = (
            f"Suppose {state.anyway} of the nineteen would have been released anyway. The gap of "
            f"{treated - others:.0f} points is then {_whole(effect)} points of effect and "
            f"{_whole(selection)} points of selection: {reading}. "
        )
        if abs(selection) < 3:
            words += "That is close to what the other list shows, as if chance had chosen."
        elif selection > 0:
            words += "The chosen would have done better than the others even so."
        else:
            words += "The chosen would have done worse than the others: hard cases were picked."
        words += " The number assumed is yours; no data show it."
        return Picture({"shares": shares, "parts": parts}, words)


def _women(count: int) -> str:
    return f"{count} {'woman' if count == 1 else 'women'}"


def _whole(points: float) -> str:
    return f"{points:.0f}".replace("-0", "0").replace("-", "−")


def _share(row: str, share: float, label: str, kind: str) -> dict[str, Any]:
    return {"row": row, "share": share, "label": label, "kind": kind}


def _part(row: str, start: float, end: float, size: float) -> dict[str, Any]:
    low, high = sorted((start, end))
    label = f"{size:+.0f} points".replace("-", "−").replace("+0", "0").replace("−0", "0")
    return {"row": row, "start": low, "end": high, "label": label}


# The diagram -------------------------------------------------------------------------------

CHOSEN: Final = "chosen"
RELEASED: Final = "released"
EXPECTED: Final = "expected success"
DIPLOMACY: Final = "diplomacy"
COUNTRY: Final = "country"
CASE: Final = "case type"
HELD: Final = "still held at the launch"

PLACES: Final = {
    CHOSEN: (0.13, 0.5),
    DIPLOMACY: (0.5, 0.5),
    RELEASED: (0.87, 0.5),
    EXPECTED: (0.5, 0.91),
    HELD: (0.5, 0.09),
    COUNTRY: (0.24, 0.09),
    CASE: (0.76, 0.09),
}
ARROWS: Final[Mapping[str, tuple[str, str]]] = {
    "expected-chosen": (EXPECTED, CHOSEN),
    "expected-released": (EXPECTED, RELEASED),
    "country-expected": (COUNTRY, EXPECTED),
    "country-chosen": (COUNTRY, CHOSEN),
    "country-released": (COUNTRY, RELEASED),
    "country-held": (COUNTRY, HELD),
    "case-held": (CASE, HELD),
    "held-chosen": (HELD, CHOSEN),
    "held-released": (HELD, RELEASED),
    "case-expected": (CASE, EXPECTED),
    "case-chosen": (CASE, CHOSEN),
    "case-released": (CASE, RELEASED),
    "chosen-diplomacy": (CHOSEN, DIPLOMACY),
    "diplomacy-released": (DIPLOMACY, RELEASED),
}
_FIXABLE: Final = {
    COUNTRY: "country",
    CASE: "case",
    HELD: "held",
    EXPECTED: "expected",
    DIPLOMACY: "diplomacy",
}
_WHY: Final = {
    "expected-chosen": "officials pick cases they expect to win",
    "expected-released": "cases expected to end well do end well",
    "country-expected": "some governments are known to give way",
    "country-chosen": "regional bureaus and other interests decide which countries appear",
    "country-released": "governments differ in how many they release",
    "case-expected": "a short term or poor health makes release likelier",
    "country-held": "governments differ in how long they hold women",
    "case-held": "charge, health and term decide who is out by then",
    "held-chosen": "only who is still in prison can be featured",
    "held-released": "who was out by then is among the released",
    "case-chosen": "one woman for each background; do no harm",
    "case-released": "charge, health and term decide who leaves prison",
    "chosen-diplomacy": "her name is raised with the government",
    "diplomacy-released": "what the campaign hopes for",
}


@dataclass(frozen=True)
class DoorState:
    arrows: tuple[str, ...] = tuple(ARROWS)
    fixed: tuple[str, ...] = ()


class BackDoors(Panel[DoorState]):
    """Switch arrows on and off and hold variables fixed: which back door is open?"""

    name: ClassVar[str] = "Back doors"
    State = DoorState
    first: ClassVar[tuple[str, ...]] = ("fixed",)

    def controls(self) -> Mapping[str, Control]:
        return {
            "arrows": Several("Arrows", {f"{a} → {b}": key for key, (a, b) in ARROWS.items()}),
            "fixed": Several("Held fixed (only like is compared with like)", _FIXABLE),
        }

    def chart(self) -> Any:
        return charts.finish(
            diagram.causal_diagram(),
            Provenance.ILLUSTRATION,
            title="Why might the chosen be released more often?",
            description="Seven boxes joined by arrows: what acts on being chosen and on release.",
        )

    @staticmethod
    def compute(state: DoorState, data: Any = None) -> Picture:
        drawn = [ARROWS[key] for key in ARROWS if key in state.arrows]
        fixed = [name for name, key in _FIXABLE.items() if key in state.fixed]
        doors = back_door_paths(drawn, CHOSEN, RELEASED, fixed)
        causal = causal_paths(drawn, CHOSEN, RELEASED, fixed)
        opened = [p for p in doors if p.open]
        on_open = {arrow for p in opened for arrow in p.arrows}
        on_causal = {arrow for p in causal if p.open for arrow in p.arrows}
        arrows = []
        for key, arrow in ARROWS.items():
            looks = (
                "taken away"
                if arrow not in drawn
                else "carries the effect"
                if arrow in on_causal
                else "on an open back-door path"
                if arrow in on_open
                else "on no open path"
            )
            tip = f"{arrow[0]} → {arrow[1]}: {_WHY[key]}"
            arrows.append({**diagram.place(PLACES, *arrow), "state": looks, "tip": tip})
        boxes = []
        for name, (x, y) in PLACES.items():
            kind = "compared" if name in (CHOSEN, RELEASED) else "left free"
            kind = "held fixed" if name in fixed else kind
            text = name.replace(" at the", "\nat the")
            text = text if kind != "held fixed" else f"{text}\nheld fixed"
            boxes.append({"x": x, "y": y, "text": text, "state": kind, "tip": f"{name}: {kind}"})
        closing = closing_sets(drawn, CHOSEN, RELEASED, [COUNTRY, CASE, HELD, EXPECTED])
        words = " ".join([_doors(opened, doors, closing), _effect(causal, opened)])
        table = pd.DataFrame(
            [
                {
                    "back-door path": p.words,
                    "now": "open" if p.open else "closed",
                    "closed by": ", ".join(
                        node if node in fixed else f"{node} (two arrows meet there)"
                        for node in p.closed_by
                    ),
                }
                for p in doors
            ]
        )
        return Picture({"arrows": arrows, "boxes": boxes}, words, table)


def _doors(opened: list[Path], doors: tuple[Path, ...], closing: tuple[frozenset[str], ...]) -> str:
    if not doors:
        return "There is no back-door path: nothing drawn acts on both being chosen and release."
    if not opened:
        if len(doors) == 1:
            return "No back-door path is open; the one drawn is closed."
        return f"No back-door path is open; of the {len(doors)} drawn, each is closed."
    one = len(opened) == 1
    named = min(opened, key=lambda p: (len(p.nodes), EXPECTED not in p.nodes))
    text = (
        f"{len(opened)} back-door path{'' if one else 's'} {'is' if one else 'are'} open"
        f"{':' if one else ', among them'} {named.words}."
    )
    # Every set closes all doors, so the one without the unmeasured variable is named if any.
    best = min(closing, key=lambda s: (EXPECTED in s, sorted(s)), default=frozenset[str]())
    if best:
        held = listed([n for n in (COUNTRY, CASE, HELD, EXPECTED) if n in best])
        text += f" Holding {held} fixed closes every back door"
        text += "; but nobody measured expected success." if EXPECTED in best else "."
    elif closing:
        text += " Nothing need be held fixed: what you hold fixed has opened a path."
    return text


def _effect(causal: tuple[Path, ...], opened: list[Path]) -> str:
    if not causal:
        text = "No arrows lead from chosen to released"
        if not opened:
            return f"{text}, and no path is open: any difference is chance alone."
        return f"{text}: any difference beyond chance is selection alone."
    if not any(p.open for p in causal):
        return "Holding diplomacy fixed shuts the effect out: that is how the campaign works."
    if opened:
        return "The difference between the groups is effect and selection together."
    return "If the drawing is right, the difference between the groups is the effect."
