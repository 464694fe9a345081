"""Strategies of human rights diplomacy and the conditions that make them more likely.

Source: Myrick & Weinstein 2022, Tables 1 and 2. The paper says *more or less likely*,
not possible or impossible; "open" is short for "every condition named for it is met".
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Action(Enum):
    """What is done: raising an issue, or attaching an inducement to it."""

    EXPRESSIVE = "expressive"
    COERCIVE = "coercive"


class Forum(Enum):
    """Where it is done: in view of others, or between officials."""

    PUBLIC = "public"
    PRIVATE = "private"


class Strategy(Enum):
    """The four cells of Table 1, in the order of Table 2's columns."""

    PUBLIC_EXPRESSIVE = (Action.EXPRESSIVE, Forum.PUBLIC)
    PRIVATE_EXPRESSIVE = (Action.EXPRESSIVE, Forum.PRIVATE)
    PUBLIC_COERCIVE = (Action.COERCIVE, Forum.PUBLIC)
    PRIVATE_COERCIVE = (Action.COERCIVE, Forum.PRIVATE)

    def __init__(self, action: Action, forum: Forum) -> None:
        self.action = action
        self.forum = forum

    @property
    def label(self) -> str:
        """The cell's name, forum first."""
        return f"{self.forum.value} {self.action.value}"


class Condition(Enum):
    """The four rows of Table 2, each with what it means in practice."""

    DIPLOMATIC_RELATIONS = "The two governments have relations good enough for routine meetings."
    MINIMAL_BACKLASH = "Speaking in public is unlikely to make the target harden its stand."
    SUFFICIENT_LEVERAGE = "The sender holds something that the target wants or fears."
    PRIORITIZATION = "The sender is ready to put human rights before its competing equities."


_RELATIONS, _CALM = Condition.DIPLOMATIC_RELATIONS, Condition.MINIMAL_BACKLASH
_LEVERAGE, _PRIORITY = Condition.SUFFICIENT_LEVERAGE, Condition.PRIORITIZATION

REQUIREMENTS: Final[dict[Strategy, frozenset[Condition]]] = {
    Strategy.PUBLIC_EXPRESSIVE: frozenset({_CALM}),
    Strategy.PRIVATE_EXPRESSIVE: frozenset({_RELATIONS}),
    Strategy.PUBLIC_COERCIVE: frozenset({_CALM, _LEVERAGE, _PRIORITY}),
    Strategy.PRIVATE_COERCIVE: frozenset({_RELATIONS, _LEVERAGE, _PRIORITY}),
}
"""The ticks of Table 2."""


def closed_by(strategy: Strategy, met: Set[Condition]) -> frozenset[Condition]:
    """Return the conditions that `strategy` needs and that are not met."""
    return REQUIREMENTS[strategy] - met


def open_strategies(met: Set[Condition]) -> frozenset[Strategy]:
    """Return the strategies whose every condition is met."""
    return frozenset(s for s in Strategy if not closed_by(s, met))


@dataclass(frozen=True)
class Step:
    """One step of the pathway: its name, whether it holds, and why."""

    title: str
    holds: bool
    reason: str


def deadlock_pathway(met: Set[Condition]) -> tuple[Step, ...]:
    """Return the paper's pathway from publicity to private inducement.

    Priority is what the pathway produces, so whether it is met at the outset
    does not matter; the other three conditions are taken from `met`.

    Parameters
    ----------
    met : set of Condition

    Returns
    -------
    tuple of Step, length 5
        In order; the first step that does not hold ends the pathway.
    """
    talks, calm, lever = (c in met for c in (_RELATIONS, _CALM, _LEVERAGE))
    won = met | {_PRIORITY}
    opened = Strategy.PRIVATE_COERCIVE in open_strategies(won)
    return (
        Step(
            "deadlock",
            True,
            "one part of the government wants to act for the prisoners, another holds back "
            "to protect its own business with the target.",
        ),
        Step(
            "senior officials\ngo public",
            calm,
            "naming cases in public is open because little backlash is feared."
            if calm
            else "a public campaign risks a backlash, so senior officials do not begin one.",
        ),
        Step(
            "priority rises\nat home",
            calm,
            "publicity signals what the leadership wants, gives every office the same facts, "
            "and arms the officials who were already pressing.",
        ),
        Step(
            "private coercion\nopens",
            opened and calm,
            "relations, leverage and now priority are all there, so officials may tie an "
            "inducement to a case in private."
            if opened
            else "priority was won, but "
            + " and ".join(
                name
                for name, have in (
                    ("there are no relations to talk through", talks),
                    ("there is nothing to offer or withhold", lever),
                )
                if not have
            )
            + ".",
        ),
        Step(
            "inducement\noffered",
            opened and calm,
            "a carrot or a stick is put to the target in private; whether it then frees anyone "
            "is a further question.",
        ),
    )
