"""No measure of the search's artefacts stands out in the rows but the one that is named."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import pytest

from helpers.calendar import LAUNCH
from helpers.teaching.cohorts.variant import variant
from workshop.cohort import audit
from workshop.cohort.artefacts import MAY_FALL, Measure, long_list_measures, measures
from workshop.cohort.placing import place
from workshop.cohort.targets import COHORT_CSV, LONG_LIST_CSV

BY_CHANCE: Final = {
    # What a draw of 102 releases from a smooth curve may do once in a hundred.
    "comparison releases in one month of stay, share": 0.12,
    "comparison releases in any 30 days of stay": 13,
    "comparison releases in any 7 days of stay": 7,
    "widest ratio of neighbouring releases, 2nd to 90th centile": 1.8,
    "largest single fall of the comparison curve": 0.06,
    "last confirmed dates on one day": 5,
    "still held: last confirmed in one calendar month, share": 0.2,
    "rows that end 0 to 7 days after the launch": 3,
    "most arrests in a year": 40,
    "arrests in January 2000": 6,
}


@pytest.fixture(scope="module")
def cohort() -> pd.DataFrame:
    return audit.read_cohort(COHORT_CSV)


def failed(found: list[Measure]) -> set[str]:
    return {measure.name for measure in found if not measure.passed}


def test_only_falling_arrests_are_left(cohort: pd.DataFrame) -> None:
    found = measures(cohort)
    assert len(found) == 36
    assert failed(found) == {MAY_FALL}
    assert failed(long_list_measures(audit.read_long_list(LONG_LIST_CSV))) == set()


def test_the_year_of_arrest_does_not_explain_the_campaign_away(cohort: pd.DataFrame) -> None:
    x = np.column_stack([np.ones(252), cohort["freethe20"], cohort["arrested"].dt.year])
    effect = np.linalg.lstsq(x, cohort["released"], rcond=None)[0][1]
    assert abs(effect - 0.457) < 0.05  # model 1 of Table 3, printed


def test_a_heap_a_cliff_and_a_lost_row_are_seen(cohort: pd.DataFrame) -> None:
    heap = cohort.copy()
    some = heap.index[(heap["in_prison_2015"] == 0) & (heap["released"] == 1)][:20]
    heap.loc[some, "left_prison"] = heap.loc[some, "arrested"] + pd.Timedelta(days=63)
    assert {
        "released rows with one length of stay",
        "comparison releases in one month of stay, share",
    } <= failed(measures(heap))
    cliff = cohort.copy()
    some = cliff.index[(cliff["in_prison_2015"] == 1) & (cliff["freethe20"] == 0)][:5]
    cliff.loc[some, "left_prison"] = pd.Timestamp(LAUNCH) + pd.Timedelta(days=1)
    assert "rows that end 0 to 7 days after the launch" in failed(measures(cliff))
    lost = cohort.copy()
    some = lost.index[(lost["freethe20"] == 1) & (lost["released"] == 0)]
    lost.loc[some, "left_prison"] = pd.Timestamp("2016-02-12")
    assert "campaign: unreleased rows followed to the year" in failed(measures(lost))


def test_an_even_row_of_releases_is_seen() -> None:
    rows = audit.read_long_list(LONG_LIST_CSV)
    out = rows.index[(rows["list"] == "long only") & (rows["released_within_3y"] == 1)]
    even = pd.Timestamp(LAUNCH) + pd.to_timedelta(np.linspace(90, 1000, len(out)), unit="D")
    rows.loc[out, "left_prison"] = even.normalize()
    assert "long list: spread of the gaps between releases" in failed(long_list_measures(rows))


@pytest.mark.parametrize("seed", range(8))
def test_a_students_rows_are_as_smooth(seed: int) -> None:
    for measure in measures(variant(seed)):
        if measure.chosen or measure.name == MAY_FALL:
            continue
        if measure.most < np.inf and measure.least == -np.inf:
            most = BY_CHANCE.get(measure.name, measure.most)
            assert measure.value <= most, measure
        elif measure.name.endswith(", p of even") or measure.name.endswith(", p"):
            assert measure.value >= 0.001, measure
        elif measure.name == "fewest arrests in a year":
            assert measure.value >= 2, measure
        else:
            assert measure.passed, measure


def test_placing_keeps_every_length_of_stay(cohort: pd.DataFrame) -> None:
    placed = place(cohort, np.random.default_rng(3), draws=12)
    before = (cohort["left_prison"] - cohort["arrested"]).to_numpy()
    np.testing.assert_array_equal((placed["left_prison"] - placed["arrested"]).to_numpy(), before)
    inside = cohort["in_prison_2015"] == 1
    pd.testing.assert_frame_equal(placed[inside], cohort[inside], check_dtype=False)
    assert failed(measures(placed)) == {MAY_FALL}
