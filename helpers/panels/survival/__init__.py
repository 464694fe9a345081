"""Panels on time to release, and what a notebook needs beside them."""

from helpers.panels.survival.clocks import ClockLab, TruthLab, clock_data
from helpers.panels.survival.curves import CohortCurves, IntervalRecord, RiskSetTable, cohort_rows
from helpers.panels.survival.parametric import (
    FamilyFit,
    HazardsTest,
    ModelBench,
    Table4,
    table4_data,
)

__all__ = [
    "ClockLab",
    "CohortCurves",
    "FamilyFit",
    "HazardsTest",
    "IntervalRecord",
    "ModelBench",
    "RiskSetTable",
    "Table4",
    "TruthLab",
    "clock_data",
    "cohort_rows",
    "table4_data",
]
