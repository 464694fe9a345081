"""Panels on the two cases, and what a notebook needs beside them."""

from helpers.panels.cases.conditions import CaseConditions, TableFive
from helpers.panels.cases.leverage import LeveragePanel
from helpers.panels.cases.timeline import EvidenceTimeline, TwoAccounts
from helpers.panels.cases.tracing import TracingBench
from helpers.study.cases import case_conditions, case_record
from helpers.study.evidence import Evidence, likelihoods, posterior, worked_reading

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
