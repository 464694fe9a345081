"""Panels on human rights dialogues, and what a notebook needs beside them."""

from helpers.panels.dialogues.benchmark import BenchmarkYears
from helpers.panels.dialogues.findings import (
    ProgrammeTimeline,
    benchmark_table,
    findings_table,
    phases_table,
)
from helpers.panels.dialogues.scorecard import Scorecard
from helpers.panels.dialogues.spiral import SpiralFacts, SpiralPath

__all__ = [
    "BenchmarkYears",
    "ProgrammeTimeline",
    "Scorecard",
    "SpiralFacts",
    "SpiralPath",
    "benchmark_table",
    "findings_table",
    "phases_table",
]
