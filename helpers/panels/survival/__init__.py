"""Panels on time to release, and what a notebook needs beside them."""

from helpers.panels.survival.clocks import ClockLab, TruthLab
from helpers.panels.survival.curves import CohortCurves, IntervalRecord, RiskSetTable
from helpers.panels.survival.families import FamilyFit, HazardsTest
from helpers.panels.survival.parametric import ModelBench, Table4
from helpers.panels.survival.scale import ScaleInPrint
from helpers.study.cohort import cohort_rows
from helpers.study.time_to_release import clock_data, table4_data

__all__ = [
    "ClockLab",
    "CohortCurves",
    "FamilyFit",
    "HazardsTest",
    "IntervalRecord",
    "ModelBench",
    "RiskSetTable",
    "ScaleInPrint",
    "Table4",
    "TruthLab",
    "clock_data",
    "cohort_rows",
    "table4_data",
]
