"""Kinds of data, levels of evidence, and the badges that show them."""

from helpers.provenance.kinds import Provenance, carry, mark, provenance_of
from helpers.provenance.levels import Level, beside, kinds_of_levels
from helpers.provenance.shown import ShownTable, badged

__all__ = [
    "Level",
    "Provenance",
    "ShownTable",
    "badged",
    "beside",
    "carry",
    "kinds_of_levels",
    "mark",
    "provenance_of",
]
