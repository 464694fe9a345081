"""Panels on ever released, and what a notebook needs beside them."""

from helpers.panels.release.confounding import ConfounderContours, EValues
from helpers.panels.release.fingerprint import Suspects, all_suspects, printed_row
from helpers.panels.release.horizon import HorizonPanel, horizon_data
from helpers.panels.release.tables import FittedProbabilities, TableThree
from helpers.panels.release.workbench import Workbench
from helpers.study.release import (
    Specification,
    fit_specification,
    fittable,
    region_table,
    release_rows,
    sample,
)

__all__ = [
    "ConfounderContours",
    "EValues",
    "FittedProbabilities",
    "HorizonPanel",
    "Specification",
    "Suspects",
    "TableThree",
    "Workbench",
    "all_suspects",
    "fit_specification",
    "fittable",
    "horizon_data",
    "printed_row",
    "region_table",
    "release_rows",
    "sample",
]
