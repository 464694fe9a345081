"""Panels of notebook 10: ten choices fixed first, every choice at once, chance, the class."""

from helpers.panels.multiverse.chance import NoisePanel
from helpers.panels.multiverse.classroom import ClassCurve, read_settings, synthetic_class
from helpers.panels.multiverse.commit import TenChoices
from helpers.panels.multiverse.every import EveryChoice, Multiverse, excluded_table, multiverse

__all__ = [
    "ClassCurve",
    "EveryChoice",
    "Multiverse",
    "NoisePanel",
    "TenChoices",
    "excluded_table",
    "multiverse",
    "read_settings",
    "synthetic_class",
]
