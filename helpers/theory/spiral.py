"""The spiral model of human rights change: five phases, and where indicators place a country.

The phases are those of Risse, Ropp and Sikkink (1999). How many indicators make a phase,
and what counts as out of order, is ours: the model has no such rule, and a reader should
move it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final


class Phase(IntEnum):
    """The five phases, in the model's order."""

    REPRESSION = 1
    DENIAL = 2
    TACTICAL_CONCESSIONS = 3
    PRESCRIPTIVE_STATUS = 4
    RULE_CONSISTENT_BEHAVIOUR = 5

    @property
    def label(self) -> str:
        """The phase's name in words."""
        return self.name.lower().replace("_", " ").replace("rule consistent", "rule-consistent")


NEEDS: Final = ("one", "half", "all")
"""How many of a phase's indicators must be seen: one, at least half, or all of them."""

TENSIONS: Final[Mapping[tuple[str, str], str]] = {
    ("R1", "T3"): "groups are absent or jailed, and yet they mobilise",
    ("R1", "C2"): "groups are absent or jailed, and yet opposition is free",
    ("R2", "T2"): "outside queries get no answer, and yet dialogues or visits are agreed",
    ("D1", "P4"): "criticism is called interference, and yet officials argue about compliance",
}
"""Pairs of indicators that can hardly both hold in one period; the choice of pairs is ours."""


@dataclass(frozen=True)
class Placement:
    """Where the indicators seen place a country.

    Attributes
    ----------
    supported : tuple of int
        The phases with enough indicators.
    furthest : int
        The highest phase with enough indicators; 0 when none has.
    unbroken : int
        The highest phase reached from denial on without a phase that lacks indicators;
        1 or 0 when denial itself lacks them.
    gaps : tuple of int
        Phases from denial to below `furthest` that lack indicators: out of order.
    next_phase : int
        The phase after `furthest`; 0 at the end of the path.
    lacking : tuple of str
        Indicators of the next phase that were not seen.
    short : int
        How many of them would be enough.
    regress : int
        Phases lost since `before`; 0 when none.
    tensions : tuple of str
        Sentences on indicators that pull against each other.
    """

    supported: tuple[int, ...]
    furthest: int
    unbroken: int
    gaps: tuple[int, ...]
    next_phase: int
    lacking: tuple[str, ...]
    short: int
    regress: int
    tensions: tuple[str, ...]


def wanted(total: int, need: str) -> int:
    """Return how many of `total` indicators a phase needs.

    Raises
    ------
    ValueError
        If `need` is not one of `NEEDS`.
    """
    counts = {"one": 1, "half": (total + 1) // 2, "all": total}
    if need not in counts:
        raise ValueError(f"The rule {need!r} is unknown; use one of: {', '.join(NEEDS)}.")
    return counts[need]


def place(
    indicators: Mapping[str, int], seen: Iterable[str], need: str = "half", before: int = 0
) -> Placement:
    """Return where the indicators seen place a country on the path.

    Parameters
    ----------
    indicators : mapping of str to int
        Every indicator, with the phase (1 to 5) that it speaks for.
    seen : iterable of str
        The indicators seen in the period.
    need : {"one", "half", "all"}
        How many of a phase's indicators must be seen for the phase to count.
    before : int
        The furthest phase reached in an earlier period; 0 when not known.

    Raises
    ------
    ValueError
        If an indicator seen, or the rule, is unknown.
    """
    found = set(seen)
    if unknown := sorted(found - set(indicators)):
        raise ValueError(f"The indicator {unknown[0]!r} is unknown.")
    of_phase = {p: [i for i, phase in indicators.items() if phase == p] for p in Phase}
    supported = [
        p
        for p, names in of_phase.items()
        if names and len(found & set(names)) >= wanted(len(names), need)
    ]
    furthest = int(max(supported, default=0))
    unbroken = 1 if Phase.REPRESSION in supported else 0
    for phase in list(Phase)[1:]:
        if phase not in supported:
            break
        unbroken = int(phase)
    after = furthest + 1 if furthest < len(Phase) else 0
    names = of_phase[Phase(after)] if after else []
    lacking = tuple(name for name in names if name not in found)
    return Placement(
        supported=tuple(map(int, supported)),
        furthest=furthest,
        unbroken=unbroken,
        gaps=tuple(int(p) for p in Phase if 1 < p < furthest and p not in supported),
        next_phase=after,
        lacking=lacking,
        short=max(0, wanted(len(names), need) - (len(names) - len(lacking))) if names else 0,
        regress=max(0, before - furthest) if furthest else 0,
        tensions=tuple(text for pair, text in TENSIONS.items() if found.issuperset(pair)),
    )
