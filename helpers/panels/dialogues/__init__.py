"""Panels on human rights dialogues, and what a notebook needs beside them."""

from helpers.panels.dialogues.findings import (
    BenchmarkYears,
    ProgrammeTimeline,
    Scorecard,
    SpiralFacts,
    SpiralPath,
    benchmark_table,
    findings_table,
    phases_table,
)

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
