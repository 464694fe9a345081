"""Panels on the strategies of human rights diplomacy and the conditions that open them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from helpers import charts
from helpers.charts import strategies as pictures
from helpers.panels.base.controls import Choice, Control, Slider, Toggle
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import Provenance
from helpers.theory.strategies import (
    REQUIREMENTS,
    Condition,
    Strategy,
    closed_by,
    deadlock_pathway,
    open_strategies,
)
from helpers.words import listed

SHORT: Mapping[Condition, str] = {
    Condition.DIPLOMATIC_RELATIONS: "diplomatic relations",
    Condition.MINIMAL_BACKLASH: "little backlash to fear",
    Condition.SUFFICIENT_LEVERAGE: "sufficient leverage",
    Condition.PRIORITIZATION: "priority over competing equities",
}
FIELDS: Mapping[str, Condition] = {
    "relations": Condition.DIPLOMATIC_RELATIONS,
    "calm": Condition.MINIMAL_BACKLASH,
    "leverage": Condition.SUFFICIENT_LEVERAGE,
    "priority": Condition.PRIORITIZATION,
}
_TOGGLES = {field: Toggle(SHORT[condition].capitalize()) for field, condition in FIELDS.items()}


@dataclass(frozen=True)
class ConditionsState:
    relations: bool = True
    calm: bool = True
    leverage: bool = True
    priority: bool = True


def _met(state: Any) -> frozenset[Condition]:
    return frozenset(c for field, c in FIELDS.items() if getattr(state, field, False))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


class ConditionsPanel(Panel[ConditionsState]):
    """Toggle the four conditions; see which strategies are open and what closes the rest."""

    name: ClassVar[str] = "Four conditions"
    State = ConditionsState
    first: ClassVar[tuple[str, ...]] = tuple(FIELDS)

    def controls(self) -> Mapping[str, Control]:
        return dict(_TOGGLES)

    def chart(self) -> Any:
        return charts.finish(
            pictures.grid(),
            Provenance.PUBLISHED,
            title="Which strategies are open? (Tables 1 and 2)",
            description="Two by two: expressive or coercive action, public or private forum.",
        )

    @staticmethod
    def compute(state: ConditionsState, data: Any = None) -> Picture:
        met = _met(state)
        cells = []
        for strategy in Strategy:
            missing = [SHORT[c] for c in Condition if c in closed_by(strategy, met)]
            cells.append(
                {
                    "forum": strategy.forum.value,
                    "action": strategy.action.value,
                    "state": "closed" if missing else "open",
                    "line1": "✗ closed" if missing else "✓ open",
                    "line2": "lacks " + ",\n".join(missing) if missing else "all it needs is met",
                    "tip": f"{strategy.label} needs "
                    + listed([SHORT[c] for c in Condition if c in REQUIREMENTS[strategy]]),
                }
            )
        opened = [s.label for s in Strategy if s in open_strategies(met)]
        said = "No strategy is open" if not opened else f"Open: {listed(opened)}"
        shut = [
            f"{s.label} lacks {listed([SHORT[c] for c in Condition if c in closed_by(s, met)])}"
            for s in Strategy
            if closed_by(s, met)
        ]
        words = ". ".join([said, *map(_capital, shut)])
        return Picture({"cells": cells}, f"{words}.")


@dataclass(frozen=True)
class InverseState:
    target: str = "public expressive"
    relations: bool = True
    calm: bool = False
    leverage: bool = False
    priority: bool = False


class InversePanel(Panel[InverseState]):
    """Start from the strategy you want: which conditions are still to be won?"""

    name: ClassVar[str] = "What would open it"
    State = InverseState
    first: ClassVar[tuple[str, ...]] = ("target", *FIELDS)

    def controls(self) -> Mapping[str, Control]:
        target = Choice("Strategy wanted", {s.label: s.label for s in Strategy})
        return {"target": target, **_TOGGLES}

    def chart(self) -> Any:
        return charts.finish(
            pictures.condition_table([SHORT[c] for c in Condition], [s.label for s in Strategy]),
            Provenance.PUBLISHED,
            title="What each strategy needs, and what is missing (Table 2)",
            description="Four conditions by four strategies.",
        )

    @staticmethod
    def compute(state: InverseState, data: Any = None) -> Picture:
        met = _met(state)
        target = next(s for s in Strategy if s.label == state.target)
        needs = []
        for strategy in Strategy:
            for condition in Condition:
                needed = condition in REQUIREMENTS[strategy]
                kind = "not needed" if not needed else "met" if condition in met else "missing"
                sign = {"not needed": "", "met": "✓", "missing": "✗"}[kind]
                wanted = strategy is target and needed
                needs.append(
                    {
                        "condition": SHORT[condition],
                        "strategy": strategy.label,
                        "state": kind,
                        "sign": f"[{sign}]" if wanted else sign,
                        "tip": f"{strategy.label}: {SHORT[condition]} is {kind}",
                    }
                )
        missing = [c for c in Condition if c in closed_by(target, met)]
        if not missing:
            words = f"Nothing is missing: {target.label} action is open."
        else:
            words = f"To open {target.label} action, win {listed([SHORT[c] for c in missing])}."
            gained = met | set(missing)
            extra = [s.label for s in open_strategies(gained) - open_strategies(met) - {target}]
            if extra:
                words += f" That opens {listed(sorted(extra))} action as well."
        return Picture({"needs": needs}, words)


@dataclass(frozen=True)
class PathwayState:
    step: int = 0
    relations: bool = True
    calm: bool = True
    leverage: bool = True


class PathwayPanel(Panel[PathwayState]):
    """Play the paper's pathway: publicity raises priority, which opens private coercion."""

    name: ClassVar[str] = "The pathway"
    State = PathwayState
    first: ClassVar[tuple[str, ...]] = ("step", "relations", "calm", "leverage")

    def controls(self) -> Mapping[str, Control]:
        toggles = {f: t for f, t in _TOGGLES.items() if f != "priority"}
        return {"step": Slider("Step", 0, 4), **toggles}

    def chart(self) -> Any:
        return charts.finish(
            pictures.pathway(),
            Provenance.PUBLISHED,
            title="From publicity to private inducement: the paper's argument",
            description="Five boxes in a row, each a step of the argument.",
        )

    @staticmethod
    def compute(state: PathwayState, data: Any = None) -> Picture:
        steps = deadlock_pathway(_met(state))
        rows = []
        words = ""
        for number, step in enumerate(steps[:5]):
            if number > state.step:
                kind, mark = "ahead", str(number)
            else:
                kind, mark = (
                    ("reached", f"{number} ✓") if step.holds else ("stopped", f"{number} ✗")
                )
                words = f"Step {number}: {_capital(step.reason)}"
            rows.append(
                {
                    "place": number,
                    "state": kind,
                    "mark": mark,
                    # A step ahead keeps its text to itself: its order is for the reader to find.
                    "text": "" if kind == "ahead" else step.title,
                    "reason": "not reached yet" if kind == "ahead" else step.reason,
                }
            )
            if kind == "stopped":
                words += " The pathway stops here."
                break
        given = [SHORT[c] for field, c in FIELDS.items() if getattr(state, field, False)]
        words += f" Given from the start: {listed(given) if given else 'no condition'}."
        return Picture({"steps": rows}, words)
