"""Panels of notebook 12: the eight choices, exact times, and the next campaign."""

from helpers.panels.second_campaign.choices import EightChoices, campaign_rows, named_table
from helpers.panels.second_campaign.planning import Lottery, NextCampaign
from helpers.panels.second_campaign.times import ExactTimes, two_campaigns

__all__ = [
    "EightChoices",
    "ExactTimes",
    "Lottery",
    "NextCampaign",
    "campaign_rows",
    "named_table",
    "two_campaigns",
]
