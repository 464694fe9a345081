"""Panels of notebook 11: the docket, what rests on what, print alone, whose release."""

from helpers.panels.trial.docket import Docket, Footing, Register, register, verdict_table
from helpers.panels.trial.releases import (
    Bounds,
    PlaceboLaunch,
    Salience,
    WhoseRelease,
    baselines_table,
    placebo,
    releases_record,
)
from helpers.panels.trial.voices import Voices, fragments_table, voices_record

__all__ = [
    "Bounds",
    "Docket",
    "Footing",
    "PlaceboLaunch",
    "Register",
    "Salience",
    "Voices",
    "WhoseRelease",
    "baselines_table",
    "fragments_table",
    "placebo",
    "register",
    "releases_record",
    "verdict_table",
    "voices_record",
]
