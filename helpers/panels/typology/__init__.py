"""Panels on the four strategies, and what a notebook needs beside them."""

from helpers.panels.typology.coding import ClassAgreement, ClassCodes, CodingBench, keyed
from helpers.panels.typology.strategies import ConditionsPanel, InversePanel, PathwayPanel

__all__ = [
    "ClassAgreement",
    "ClassCodes",
    "CodingBench",
    "ConditionsPanel",
    "InversePanel",
    "PathwayPanel",
    "keyed",
]
