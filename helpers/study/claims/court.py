"""The tables of the court, the shape of a ruling, and the register of checks.

Every claim of the register has a ruling. Where print, the public record or a count can settle
it, a function of this module does, from the suite's own tables; where only reading can, the
ruling says which two places are set beside each other and stays a reading; where neither can,
it says what would.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pandas as pd

from helpers.study.published import PrintedModel, printed_models
from helpers.study.vocabulary import TERMS

HOLDS: Final = "holds"
CONDITION: Final = "holds with a condition"
IMPRECISE: Final = "imprecise"
CONTRADICTED: Final = "contradicted by the paper itself"
NOT_HERE: Final = "cannot be checked here"
VERDICTS: Final = (HOLDS, CONDITION, IMPRECISE, CONTRADICTED, NOT_HERE)

COMPUTED, READ = "computed", "read"

PRINT: Final = "printed numbers alone (R1)"
RECORD: Final = "the public record"
PASSAGES: Final = "passages read"
NOTHING: Final = "nothing here (R4)"
GROUNDS: Final = (PRINT, RECORD, PASSAGES, NOTHING)


@dataclass(frozen=True)
class Ruling:
    """What was found of one claim.

    Attributes
    ----------
    verdict : str
        One of `VERDICTS`.
    calculation : str
        The steps in words and numbers, or why it cannot be checked here.
    how : {"computed", "read", ""}
        Whether a function computed it or two passages were read; empty when neither.
    rests : str
        On what: one of `GROUNDS`.
    """

    verdict: str
    calculation: str
    how: str = COMPUTED
    rests: str = ""


@dataclass(frozen=True)
class Court:
    """The tables that rulings are computed from, as their loaders return them."""

    women: pd.DataFrame
    coding: pd.DataFrame
    intervals: pd.DataFrame
    calendar: pd.DataFrame
    azerbaijan: pd.DataFrame
    vietnam: pd.DataFrame
    interviews: pd.DataFrame
    samples: pd.DataFrame

    @cached_property
    def printed(self) -> dict[tuple[str, int], PrintedModel]:
        """The ten printed columns."""
        return printed_models()

    def term(self, table: str, model: int, term: str = "freethe20") -> tuple[float, float]:
        """Return a printed coefficient and its standard error."""
        column = self.printed[table, model]
        place = TERMS[model].index(term)
        return column.estimate[place], column.std_error[place]

    def counts(self) -> dict[str, tuple[int, int]]:
        """Return (released, women) by group: campaign, long list only, outside the campaign."""
        return {
            str(row.group): (int(row.released), int(row.women))
            for row in self.samples.itertuples(index=False)
        }

    def event(self, identifier: str) -> Any:
        """Return a dated event of either timeline."""
        both = pd.concat([self.azerbaijan, self.vietnam])
        return both[both["id"] == identifier].iloc[0]


_OF_PRINT: Final = {"samples", "printed", "term", "counts"}


class Watched:
    """A court that notes what is asked of it, so that no ruling has its ground typed in."""

    def __init__(self, court: Court) -> None:
        self._court = court
        self.asked: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.asked.add(name)
        return getattr(self._court, name)

    @property
    def ground(self) -> str:
        """Whether print alone was asked."""
        return PRINT if self.asked <= _OF_PRINT else RECORD


def day_of(court: Court, identifier: str) -> pd.Timestamp:
    return pd.Timestamp(court.event(identifier)["earliest"])


def woman(court: Court, name: str) -> Any:
    return court.women[court.women["name"] == name].iloc[0]


def said(day: Any) -> str:
    day = pd.Timestamp(day)
    return f"{day.day} {day:%B %Y}"


CHECKS: Final[dict[str, Callable[[Court], Ruling]]] = {}


def settles(*claims: str) -> Callable[[Callable[[Court], Ruling]], Callable[[Court], Ruling]]:
    def keep(function: Callable[[Court], Ruling]) -> Callable[[Court], Ruling]:
        for claim in claims:
            CHECKS[claim] = function
        return function

    return keep


def ruled(right: bool, calculation: str, otherwise: str = CONTRADICTED) -> Ruling:
    return Ruling(HOLDS if right else otherwise, calculation)
