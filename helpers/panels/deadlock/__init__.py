"""Panels on the deadlock argument, and what a notebook needs beside them."""

from helpers.panels.deadlock.bargains import BureauPanel, CreditPanel, OutcomePanel, RivalsPanel
from helpers.panels.deadlock.visits import ClaimPanel, VisitPanel, evidence

__all__ = [
    "BureauPanel",
    "ClaimPanel",
    "CreditPanel",
    "OutcomePanel",
    "RivalsPanel",
    "VisitPanel",
    "evidence",
]
