"""Kaplan-Meier against Freireich's printed estimate, R, lifelines, and the empirical survival."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter

from helpers.stats.errors import StatsError
from helpers.stats.kaplan_meier import SCALES, kaplan_meier, risk_table

EXPECTED = Path(__file__).resolve().parents[1] / "reference" / "curves" / "expected"

# Freireich et al. 1963, weeks of remission on 6-MP; + marks censoring.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
EVENT = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_freireich_as_printed() -> None:
    """Kalbfleisch & Prentice and Cox & Oakes print these to three places."""
    curve = kaplan_meier(WEEKS, EVENT)
    printed = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    for week, share in printed.items():
        assert curve.at(week) == pytest.approx(share, abs=0.0005 + 1e-9)
    assert curve.median == 23
    # Greenwood at week 10, printed 0.0963.
    assert curve.std_error[curve.time == 10][0] == pytest.approx(0.0963, abs=0.00005)


@pytest.mark.parametrize("delayed", [False, True])
def test_equals_lifelines(delayed: bool) -> None:
    draw = np.random.default_rng(3)
    time = np.round(draw.weibull(0.9, 252) * 50 + 1, 0)
    event = draw.random(252) < 0.5
    entry = np.floor(time * draw.uniform(0, 0.9, 252)) if delayed else None
    ours = kaplan_meier(time, event, entry)
    theirs = KaplanMeierFitter().fit(time, event, entry=entry)
    share = theirs.survival_function_at_times(ours.time).to_numpy()
    np.testing.assert_allclose(ours.survival, share, atol=1e-9)
    if not delayed:
        bounds = theirs.confidence_interval_.loc[ours.time].to_numpy()
        good = ours.survival > 0
        np.testing.assert_allclose(ours.lower[good], bounds[good, 0], atol=1e-6)
        np.testing.assert_allclose(ours.upper[good], bounds[good, 1], atol=1e-6)


@pytest.fixture(scope="module")
def witness() -> pd.DataFrame:
    return pd.read_csv(EXPECTED / "curves.csv", na_values=["NA", "NaN"])


CURVES = [
    *[("freireich", "plain", g) for g in (0, 1)],
    *[("veteran", "plain", g) for g in (1, 2, 3, 4)],
    *[("lung", m, g) for m in ("plain", "entry", "entry weighted", "start 100") for g in (1, 2)],
]


@pytest.mark.parametrize(("name", "model", "group"), CURVES)
def test_equals_r(witness: pd.DataFrame, name: str, model: str, group: int) -> None:
    """R writes twelve digits, so 1e-9 is rounding; it leaves bounds before any event NA."""
    rows = pd.read_csv(EXPECTED / f"{name}.csv").query("group == @group")
    said = witness[
        (witness["data"] == name) & (witness["model"] == model) & (witness["group"] == str(group))
    ]
    entry = None if model == "plain" else rows["entry"]
    weight = rows["weight"] if "weighted" in model else None
    start = 100.0 if model == "start 100" else 0.0
    for scale in SCALES:
        ours = kaplan_meier(rows["time"], rows["event"], entry, weight, interval=scale, start=start)
        quantities = {"survival": ours.survival}
        if not start:
            quantities |= {
                "std_error": ours.std_error,
                "at_risk": ours.at_risk,
                f"{scale} lower": ours.lower,
                f"{scale} upper": ours.upper,
            }
        for quantity, values in quantities.items():
            theirs = said[said["quantity"] == quantity]
            np.testing.assert_array_equal(theirs["time"], ours.time)
            value = theirs["value"].to_numpy()
            if scale == "log-log" and quantity.startswith("log-log"):
                value = np.where(ours.survival == 1, 1.0, value)
            np.testing.assert_allclose(values, value, atol=1e-9, err_msg=quantity)


def test_risk_set_emptied_early(witness: pd.DataFrame) -> None:
    """R's curve too is 0 from 2 on, though two come in later; a later start brings them back."""
    entry, time = [0, 0, 3, 4], [1, 2, 6, 8]
    for start, model in ((0.0, "entry"), (3.0, "start 3")):
        ours = kaplan_meier(time, [1] * 4, entry, start=start)
        said = witness[(witness["data"] == "emptied") & (witness["model"] == model)]
        np.testing.assert_allclose(ours.survival, said["value"], atol=1e-9)
        assert ours.emptied == (None if start else 2.0)
    assert kaplan_meier([1, 2], [1, 1]).emptied is None
    # A gap in which nobody is watched is not an emptied set: nobody had the event in it.
    gap = kaplan_meier([2, 6], [0, 1], [0, 3])
    assert gap.survival.tolist() == [1.0, 0.0]
    assert gap.emptied is None


def test_all_censored_stays_at_one() -> None:
    curve = kaplan_meier([1, 2, 3], [0, 0, 0])
    assert curve.survival.tolist() == [1.0] * 3
    assert curve.std_error.tolist() == [0.0] * 3
    assert curve.lower.tolist() == curve.upper.tolist() == [1.0] * 3
    assert curve.median == np.inf


def test_zero_time_is_a_time_like_any_other_unless_entry_is_delayed() -> None:
    """One of four out at 0 leaves three quarters, by the definition of the estimate."""
    assert kaplan_meier([0, 1, 2, 3], [1, 1, 1, 1]).at(0) == pytest.approx(0.75)
    with pytest.raises(StatsError, match="entry must come before"):
        kaplan_meier([0, 1], [1, 1], [0, 0])


def test_ties_leave_events_before_censoring() -> None:
    """Freireich, week 6: three relapses and one censored of 21 leave 18 of 21."""
    curve = kaplan_meier(WEEKS, EVENT)
    assert curve.at_risk[0] == 21
    assert curve.survival[0] == pytest.approx(18 / 21)


def test_fractional_weights_scale_the_risk_set_only() -> None:
    """One third of every weight leaves the estimate; what rounding leaves of 0 is 0."""
    one, third = (kaplan_meier(WEEKS[:5], [1] * 5, [0] * 5, [w] * 5) for w in (1, 1 / 3))
    np.testing.assert_allclose(third.survival, one.survival, atol=1e-12)
    assert third.survival[-1] == 0


def test_risk_table_counts_by_group() -> None:
    """Collett and Kalbfleisch & Prentice: 21 at 6 weeks, 15 at 10, 12 at 13 on 6-MP."""
    rows = pd.read_csv(EXPECTED / "freireich.csv")
    table = risk_table(rows["time"], None, rows["group"], [0, 6, 10, 13, 35, 36])
    assert table.groups == (0, 1)
    assert table.at_risk[0].tolist() == [21, 21, 15, 12, 1, 0]
    assert table.at_risk[1].tolist() == [21, 12, 8, 4, 0, 0]


def test_risk_table_equals_r_with_delayed_entry(witness: pd.DataFrame) -> None:
    rows = pd.read_csv(EXPECTED / "lung.csv")
    said = witness.query("data == 'lung' and model == 'entry' and quantity == 'at_risk'")
    for g, label in enumerate((1, 2)):
        theirs = said[said["group"] == str(label)]
        ours = risk_table(rows["time"], rows["entry"], rows["group"], theirs["time"])
        assert ours.at_risk[g].tolist() == theirs["value"].tolist()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([], None, None, [1]), "No rows are left"),
        (([1, 2], None, ["a"], [1]), "one group label for each row"),
        (([1, 2], None, ["a", None], [1]), "label is missing"),
        (([1, 2], None, [1.0, np.nan], [1]), "label is missing"),
        (([1, 2], None, np.array(["a", 1], dtype=object), [1]), "mix numbers and words"),
        (([1, 2], None, ["a", "b"], [-1]), "zero or more"),
        (([1, 2], None, ["a", "b"], []), "zero or more"),
    ],
)
def test_risk_table_bad_input(arguments: tuple, sentence: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(StatsError, match=sentence):
        risk_table(*arguments)


@pytest.mark.slow
@pytest.mark.parametrize("delayed", [False, True])
def test_log_log_interval_covers_what_it_promises(delayed: bool) -> None:
    """4,000 samples of exponential times; S(1) = 1/e.

    Three Monte Carlo errors are 0.0103; a further 0.005 allows for the interval being right
    only in large samples (n = 300 here).

    With delayed entry, those who left before they would have come in are never seen.
    """
    draw, runs, hits = np.random.default_rng(11), 4000, 0
    for _ in range(runs):
        life, end = draw.exponential(1, 300), draw.uniform(0.5, 3, 300)
        entry = draw.uniform(0, 0.4, 300) * draw.integers(0, 2, 300) if delayed else np.zeros(300)
        seen = np.minimum(life, end) > entry
        time, event = np.minimum(life, end)[seen], (life <= end)[seen]
        curve = kaplan_meier(time, event, entry[seen] if delayed else None)
        place = np.searchsorted(curve.time, 1.0, side="right") - 1
        hits += curve.lower[place] <= np.exp(-1) <= curve.upper[place]
    assert hits / runs == pytest.approx(0.95, abs=0.0103 + 0.005)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=40))
def test_without_censoring_it_is_the_empirical_survival(times: list[int]) -> None:
    curve = kaplan_meier(times, [1] * len(times))
    for when in range(0, 61, 7):
        assert curve.at(when) == pytest.approx(np.mean(np.array(times) > when), abs=1e-9)


@given(st.lists(st.tuples(st.integers(1, 60), st.booleans()), min_size=1, max_size=40))
def test_entry_at_zero_changes_nothing(rows: list[tuple[int, bool]]) -> None:
    time, event = zip(*rows, strict=True)
    plain, entered = kaplan_meier(time, event), kaplan_meier(time, event, [0] * len(time))
    np.testing.assert_allclose(plain.survival, entered.survival, atol=1e-12)


def test_weight_two_is_a_row_twice() -> None:
    doubled = kaplan_meier([1, 2, 2, 3], [1, 1, 1, 0])
    weighted = kaplan_meier([1, 2, 3], [1, 1, 0], weight=[1, 2, 1])
    np.testing.assert_allclose(weighted.survival, doubled.survival)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([], []), "No rows are left"),
        (([1, 2], [1]), "one value for each row"),
        (([1, np.nan], [1, 1]), "missing"),
        (([1, -2], [1, 1]), "negative"),
        (([1, 2], [1, 2]), "Events must be"),
        (([1, 2], [1, 1], [0, 2]), "entry must come before"),
        (([1, 2], [1, 1], None, [0, 0]), "not all zero"),
        (([1, 2], [1, 1], [-1, 0]), "entry is negative"),
        (([1, 2], [1, np.nan]), "Events must be"),
        (([1, 2], [1, 1], None, None, 1.0), "level is a number"),
        (([1, 2], [1, 1], None, None, 0.95, "logit"), "interval is one of"),
        (([1, 2], [1, 1], None, None, 0.95, "log", 2.0), "Nobody is followed beyond 2"),
        (([1, 2], [1, 1], None, None, 0.95, "log", -1.0), "start of the curve"),
    ],
)
def test_bad_input_is_one_sentence(arguments: tuple, sentence: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(StatsError, match=sentence):
        kaplan_meier(*arguments)
