"""The claims of the paper on trial: what each rests on, and a verdict that is recomputed.

Every claim of the register has a ruling. Where print, the public record or a count can settle
it, a function of this package does, from the suite's own tables; where only reading can, the
ruling says which two places are set beside each other and stays a reading; where neither can,
it says what would.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from helpers.study.claims import campaign, cases, tables
from helpers.study.claims.court import (
    CHECKS,
    COMPUTED,
    CONDITION,
    CONTRADICTED,
    GROUNDS,
    HOLDS,
    IMPRECISE,
    NOT_HERE,
    NOTHING,
    PASSAGES,
    READ,
    VERDICTS,
    Court,
    Ruling,
    Watched,
)

__all__ = [
    "COMPUTED",
    "CONDITION",
    "CONTRADICTED",
    "GROUNDS",
    "HOLDS",
    "IMPRECISE",
    "NOT_HERE",
    "READ",
    "VERDICTS",
    "Court",
    "Ruling",
    "campaign",
    "cases",
    "rule",
    "settled",
    "tables",
]


def settled() -> tuple[str, ...]:
    """Return the claims that a function settles."""
    return tuple(CHECKS)


def rule(claim: str, court: Court, readings: Mapping[str, tuple[str, str]]) -> Ruling:
    """Return the ruling on one claim.

    Parameters
    ----------
    claim : str
        Identifier, such as "C042".
    court : Court
        The tables.
    readings : mapping
        Claim -> (verdict, the two places and what they say) where only reading settles it;
        a verdict of "cannot be checked here" carries the reason instead.
    """
    if claim in CHECKS:
        watched = Watched(court)
        found = CHECKS[claim](watched)  # type: ignore[arg-type]
        return replace(found, rests=PASSAGES if found.how == READ else watched.ground)
    verdict, words = readings.get(claim, (NOT_HERE, "Nothing in the suite bears on it."))
    if verdict == NOT_HERE:
        return Ruling(verdict, words, "", NOTHING)
    return Ruling(verdict, words, READ, PASSAGES)
