"""Panels on the two cases, and what a notebook needs beside them."""

from helpers.panels.cases.timeline import (
    CaseConditions,
    EvidenceTimeline,
    LeveragePanel,
    TableFive,
    TwoAccounts,
    case_conditions,
    case_record,
)
from helpers.panels.cases.tracing import (
    Evidence,
    TracingBench,
    likelihoods,
    posterior,
    worked_reading,
)

__all__ = [
    "CaseConditions",
    "Evidence",
    "EvidenceTimeline",
    "LeveragePanel",
    "TableFive",
    "TracingBench",
    "TwoAccounts",
    "case_conditions",
    "case_record",
    "likelihoods",
    "posterior",
    "worked_reading",
]
