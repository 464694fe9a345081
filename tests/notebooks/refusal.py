"""What a panel says to a setting it refuses."""

from __future__ import annotations

import re

import pytest

from helpers.panels.base import Panel


def refused(panel: Panel, setting: str, words: str) -> None:  # type: ignore[type-arg]
    """Assert that a panel refuses a setting with these words."""
    with pytest.raises(ValueError, match=re.escape(words)):
        panel.at(setting)


def keeps(panel: Panel, good: str, bad: str, words: str) -> None:  # type: ignore[type-arg]
    """Assert that a panel of this kind still says these words after it refused a setting."""
    other = type(panel)(panel.data, good)
    other.open(bad)
    assert other.error
    assert words in other.sentence
