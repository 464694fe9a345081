"""Panels on comparison groups, and what a notebook needs beside them."""

from helpers.panels.comparison.balance import Balance, balance_rows
from helpers.panels.comparison.counterfactual import BackDoors, WouldHaveHappened
from helpers.panels.comparison.funnel import CodingRules, Funnel, funnel_steps
from helpers.panels.comparison.lists import Recode, SelectionLab, WhichTest, selection_tables
from helpers.study.lists import list_record

__all__ = [
    "BackDoors",
    "Balance",
    "CodingRules",
    "Funnel",
    "Recode",
    "SelectionLab",
    "WhichTest",
    "WouldHaveHappened",
    "balance_rows",
    "funnel_steps",
    "list_record",
    "selection_tables",
]
