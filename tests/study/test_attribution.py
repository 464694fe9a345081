"""Bounds worked by hand."""

from __future__ import annotations

import pytest

from helpers import data
from helpers.study.attribution import credit, difference, manski


def test_bounds_by_hand() -> None:
    assert manski(14, 19, 3) == pytest.approx((14 / 19, 17 / 19))
    # Worst: none of ours, all of theirs; best the other way round.
    assert difference((14, 19, 3), (9, 21, 4)) == pytest.approx(
        (14 / 19 - 13 / 21, 17 / 19 - 9 / 21)
    )
    with pytest.raises(ValueError, match="do not fit"):
        manski(18, 19, 3)


def test_two_exchanges_are_somebody_elses() -> None:
    found = credit(data.load_women(), data.load_release_coding(), "C", {"exchange of prisoners"})
    assert (found["whose"] == "somebody else's").sum() == 2
    assert (found["counted"] == "yes").sum() == 17
    assert found.loc[found["counted"] != "yes", "whose"].eq("").all()
