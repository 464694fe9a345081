"""The one family of errors the statistics raise."""

from __future__ import annotations


class StatsError(ValueError):
    """Bad input to a statistical function: one sentence saying what is wrong and what to do."""
