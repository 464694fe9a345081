"""The class is the multiverse: what was committed to, what was changed, on the full curve."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np

from helpers import charts
from helpers.charts import multiverse as pictures
from helpers.panels.base.controls import Choice, Control, Toggle
from helpers.panels.base.panel import Panel, Picture
from helpers.panels.multiverse.commit import TenChoices
from helpers.panels.multiverse.every import BY, Multiverse, ordered, span
from helpers.provenance.kinds import Provenance
from helpers.study.multiverse import CHOICES
from helpers.words import counted

EXERCISE: Final = "10.p1"
AS_AT_START: Final = "as at the start"
_SEED: Final = 25


@dataclass(frozen=True)
class Commitment:
    """One learner's setting string before the result, and the last one after it, unnamed."""

    before: str
    after: str = ""


def read_settings(folder: str | Path, exercise: str = EXERCISE) -> list[Commitment]:
    """Return what a class committed to, from the hand-in files in a folder.

    Parameters
    ----------
    folder : path
        Holds files `handin_*.json` as `hand_in()` writes them; others are left alone.
    exercise : str
        The prediction that holds the setting string.

    Raises
    ------
    ValueError
        No hand-in file there holds a setting.
    """
    out = []
    for path in sorted(Path(folder).glob("handin_*.json")):
        try:
            history = json.loads(path.read_text("utf-8"))["answers"][exercise]["history"]
            said = [(str(h["value"]).strip(), h.get("phase", "")) for h in history]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        before = [value for value, phase in said if phase == "before reveal" and value]
        after = [value for value, phase in said if phase != "before reveal" and value]
        if before:
            out.append(Commitment(before[-1], after[-1] if after else ""))
    if not out:
        raise ValueError(
            f"No file handin_*.json in {str(folder)!r} holds a setting for {exercise}; "
            "put the hand-ins of your class there."
        )
    # In an order that says nothing of whose file it was.
    return sorted(out, key=lambda c: (c.before, c.after))


def synthetic_class(data: Multiverse, size: int = 25) -> list[Commitment]:
    """Return an invented class: most stay near a printed model, some change afterwards.

    Each starts from a printed model and changes up to three choices by lot; every fifth looks
    at two other universes after the result and moves to the larger estimate. Our assumption.
    """
    draw = np.random.default_rng(_SEED)
    universes = data.grid.universes
    names = list(CHOICES)
    start = np.flatnonzero(universes["printed"] != "")
    values = universes[names].to_numpy()
    points = data.fitted.answers["points", "24"][0]
    out = []
    for learner in range(size):
        model = values[draw.choice(start)]
        near = np.flatnonzero((values != model).sum(axis=1) <= int(draw.integers(1, 4)))
        mine = int(draw.choice(near))
        after = ""
        if learner % 5 == 0:
            others = draw.choice(near, 2)
            seen = np.nan_to_num(points[others], nan=-np.inf)
            other = int(others[int(np.argmax(seen))])
            after = _setting(dict(zip(names, values[other], strict=True)))
        out.append(Commitment(_setting(dict(zip(names, values[mine], strict=True))), after))
    return out


def _setting(choices: Mapping[str, str]) -> str:
    return "&".join(f"{k}={v}" for k, v in choices.items())


@dataclass(frozen=True)
class ClassData:
    """The multiverse and a class's universes: rows of the grid, or None where unreadable."""

    multiverse: Multiverse
    before: Sequence[int | None]
    after: Sequence[int | None]
    invented: bool


@dataclass(frozen=True)
class ClassState:
    by: str = "ever"
    after: bool = False


class ClassCurve(Panel[ClassState]):
    """A class's universes on the full curve.

    Parameters
    ----------
    data : Multiverse
        What `multiverse` returns.
    commitments : sequence of Commitment
        What `read_settings` or `synthetic_class` returns.
    invented : bool
        Whether the class is a synthetic one; the badge says so.
    """

    name: ClassVar[str] = "The class is the multiverse"
    State = ClassState

    def __init__(
        self, data: Multiverse, commitments: Sequence[Commitment], invented: bool = True,
        **more: Any,
    ) -> None:  # fmt: skip
        one = TenChoices(data)

        def universe(setting: str) -> int | None:
            text = "" if setting.strip().lower().rstrip(".") == AS_AT_START else setting
            try:
                return int(one.at(text).figures["universe"])
            except ValueError:
                return None

        before = [universe(c.before) for c in commitments]
        after = [universe(c.after) if c.after else b
                 for c, b in zip(commitments, before, strict=True)]  # fmt: skip
        super().__init__(ClassData(data, before, after, invented), **more)

    def controls(self) -> Mapping[str, Control]:
        return {
            "by": Choice("Points released by", BY),
            "after": Toggle("Show what was changed after the result"),
        }

    def chart(self) -> Any:
        source = Provenance.SYNTHETIC if self.data.invented else Provenance.YOURS
        return charts.finish(
            pictures.class_curve(),
            self.data.multiverse.rows.frame,
            source,
            title="The class's universes among all",
            description="The full specification curve with one mark for each learner.",
        )

    @staticmethod
    def compute(state: ClassState, data: ClassData) -> Picture:
        found = ordered(data.multiverse, "points", state.by)
        spots = {int(u): i for i, u in enumerate(found.place)}
        n = found.place.size

        def marks(universes: Sequence[int | None], when: str) -> list[dict[str, Any]]:
            return [
                {"place": (spots[u] + 0.5) / n, "estimate": float(found.estimate[spots[u]]),
                 "when": when}
                for u in universes if u in spots
            ]  # fmt: skip

        rows = marks(data.before, "committed")
        changed = [a for a, b in zip(data.after, data.before, strict=True) if a != b]
        readable = [u for u in data.before if u is not None]
        here = [row["estimate"] for row in rows]
        gaps = sum(bool(data.multiverse.fitted.problem[u]) for u in readable)
        words = (
            f"{counted(len(readable), 'learner')} committed to "
            f"{counted(len(set(readable)), 'different universe')}. "
        )
        if len(readable) < len(data.before):
            lost = len(data.before) - len(readable)
            words += f"{counted(lost, 'setting')} could not be read. "
        if here:
            words += (
                f"{len(here)} of them estimate this and have an answer, from {min(here):.0f} to "
                f"{max(here):.0f} points, median {np.median(here):.0f}; all {n:,} universes run "
                f"from {found.estimate[0]:.0f} to {found.estimate[-1]:.0f}, median "
                f"{np.median(found.estimate):.0f}. "
            )
        else:
            words += "None of them estimates this and has an answer; choose another month. "
        if gaps:
            words += f"{counted(gaps, 'chosen universe')} {'has' if gaps == 1 else 'have'} none. "
        if state.after:
            rows += marks(changed, "after seeing the result")
            words += f"{counted(len(changed), 'learner')} changed after seeing the result. "
        kind = "an invented class on invented rows" if data.invented else "your class"
        return Picture(
            {
                "curve": found.bins,
                "class": rows,
                "zero": [{"estimate": 0}],
                "span": span("points", state.by),
            },
            f"{words}This is {kind}; who is who is not kept.",
            figures={
                "learners": len(readable),
                "different": len(set(readable)),
                "here": len(here),
                "changed": len(changed),
            },
        )
