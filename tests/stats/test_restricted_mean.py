"""Restricted means against R's survfit, lifelines, arithmetic, and simulation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time

from helpers.stats.errors import StatsError
from helpers.stats.restricted_mean import compare_restricted_means, restricted_mean

EXPECTED = Path(__file__).resolve().parents[1] / "reference" / "curves" / "expected"
TAUS = {"freireich": (10.0, 23.0), "veteran": (100.0, 180.0), "lung": (180.0, 365.25)}
CURVES = [
    *[("freireich", "plain", g) for g in (0, 1)],
    *[("veteran", "plain", g) for g in (1, 2, 3, 4)],
    *[("lung", m, g) for m in ("plain", "entry", "entry weighted") for g in (1, 2)],
]


def rows(name: str) -> pd.DataFrame:
    return pd.read_csv(EXPECTED / f"{name}.csv")


@pytest.fixture(scope="module")
def witness() -> pd.DataFrame:
    table = pd.read_csv(EXPECTED / "curves.csv")
    return table.set_index(["data", "model", "group", "quantity", "time"])["value"].sort_index()


@pytest.mark.parametrize(("name", "model", "group"), CURVES)
def test_equals_r(witness: pd.Series, name: str, model: str, group: int) -> None:
    """R writes twelve digits, so 1e-9 relative is rounding."""
    d = rows(name).query("group == @group")
    entry = None if model == "plain" else d["entry"]
    weight = d["weight"] if "weighted" in model else None
    for tau in TAUS[name]:
        ours = restricted_mean(d["time"], d["event"], tau, entry, weight)
        key = (name, model, str(group))
        assert ours.mean == pytest.approx(witness[(*key, "rmean", tau)].item(), rel=1e-9)
        assert ours.std_error == pytest.approx(
            witness[(*key, "rmean std_error", tau)].item(), rel=1e-9
        )
        assert ours.lost == pytest.approx(tau - ours.mean)


@pytest.mark.parametrize("tau", TAUS["freireich"])
def test_comparison_equals_r(witness: pd.Series, tau: float) -> None:
    d = rows("freireich")
    ours = compare_restricted_means(d["time"], d["event"], d["group"], tau)
    assert ours.groups == (0, 1)
    for quantity, got in (("difference", ours.difference), ("ratio", ours.ratio)):
        said = witness[("freireich", "second against first", "all", quantity, tau)]
        np.testing.assert_allclose([got.estimate, got.lower, got.upper], said, rtol=1e-9)
        assert (got.p_value < 0.05) == (not got.lower <= (quantity == "ratio") <= got.upper)


@pytest.mark.parametrize("name", list(TAUS))
def test_mean_equals_lifelines(name: str) -> None:
    """The mean only: lifelines gives the variance of the time itself, not of its mean."""
    for _, d in rows(name).groupby("group"):
        curve = KaplanMeierFitter().fit(d["time"], d["event"])
        for tau in TAUS[name]:
            theirs = restricted_mean_survival_time(curve, t=tau)
            ours = restricted_mean(d["time"], d["event"], tau)
            assert ours.mean == pytest.approx(theirs, rel=1e-9)


TIMES = st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=2, max_size=40)


@given(TIMES, st.floats(0.01, 50))
def test_rescaling_time_scales_mean_and_error(rows: list[tuple[int, bool]], unit: float) -> None:
    time, event = (np.array(x, dtype=float) for x in zip(*rows, strict=True))
    tau = float(time.max())
    one, two = (restricted_mean(time * u, event, tau * u) for u in (1.0, unit))
    assert two.mean == pytest.approx(unit * one.mean, rel=1e-9)
    assert two.std_error == pytest.approx(unit * one.std_error, rel=1e-7, abs=1e-12)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=40), st.integers(1, 60))
def test_without_censoring_it_is_the_mean_of_the_cut_times(times: list[int], tau: int) -> None:
    """And Greenwood's error is then the standard deviation (divisor n) over the root of n."""
    cut = np.minimum(times, tau)
    ours = restricted_mean(times, [1] * len(times), tau)
    assert ours.mean == pytest.approx(cut.mean())
    assert ours.std_error == pytest.approx(cut.std() / np.sqrt(len(times)), abs=1e-9)


@given(TIMES)
def test_entry_at_zero_changes_nothing(rows: list[tuple[int, bool]]) -> None:
    time, event = zip(*rows, strict=True)
    one, two = (restricted_mean(time, event, max(time), e) for e in (None, [0] * len(time)))
    assert (two.mean, two.std_error) == pytest.approx((one.mean, one.std_error))


def test_swapping_groups_turns_the_contrast_around() -> None:
    d = rows("lung")
    one = compare_restricted_means(d["time"], d["event"], d["group"], 365, d["entry"])
    two = compare_restricted_means(d["time"], d["event"], -d["group"], 365, d["entry"])
    assert two.difference.estimate == pytest.approx(-one.difference.estimate)
    assert two.difference.lower == pytest.approx(-one.difference.upper)
    assert two.ratio.estimate == pytest.approx(1 / one.ratio.estimate)
    assert two.ratio.p_value == pytest.approx(one.ratio.p_value)


def test_no_event_before_tau() -> None:
    """The area is the whole of tau; two such groups cannot be told apart."""
    ours = restricted_mean([3, 4, 5], [0, 0, 0], 5)
    assert (ours.mean, ours.std_error, ours.lower, ours.upper) == (5, 0, 5, 5)
    both = compare_restricted_means([3, 4, 5, 6], [0, 0, 0, 1], list("abab"), 4)
    assert both.difference.estimate == 0
    assert np.isnan(both.difference.p_value)
    one = compare_restricted_means([3, 4, 5, 6], [1, 0, 0, 0], list("abab"), 4)
    assert one.means[1].std_error == 0
    assert one.difference.std_error == one.means[0].std_error > 0


def test_tau_beyond_a_curve_at_zero_adds_no_area() -> None:
    assert restricted_mean([1, 2, 3], [1, 1, 1], 50).mean == pytest.approx(2)


def test_zero_time_adds_no_area() -> None:
    assert restricted_mean([0, 2], [1, 1], 2).mean == pytest.approx(1)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([], [], 1), "No rows are left"),
        (([1, 2], [1, 0], 3), "last time is 2 and the curve is not known beyond it"),
        (([1, 2], [1, 1], 0), "number above 0"),
        (([1, 2], [1, 1], np.nan), "number above 0"),
        (([1, np.nan], [1, 1], 1), "missing"),
        (([1, -2], [1, 1], 1), "negative"),
        (([1, 2], [1, 1], 1, [1, 0]), "entry must come before"),
        (([1, 2, 6, 8], [1, 1, 1, 1], 7, [0, 0, 3, 4]), "Nobody is left at risk at 2"),
        (([1, 2], [1, 1], 1, None, None, 95), "level is a number"),
    ],
)
def test_bad_input_is_one_sentence(arguments: tuple, sentence: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(StatsError, match=sentence):
        restricted_mean(*arguments)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([1, 2], [1, 1], ["a", "a"], 1), "there are 1"),
        (([1, 2, 3], [1, 1, 1], ["a", "b", "c"], 1), "there are 3"),
        (([1, 2, 9], [1, 0, 0], ["a", "a", "b"], 5), "last time in group a is 2"),
        (([0, 2, 9], [1, 1, 1], ["a", "b", "b"], 5), "mean of 0"),
        (([1, 2], [1, 1], ["a", None], 1), "label is missing"),
    ],
)
def test_bad_comparison_is_one_sentence(arguments: tuple, sentence: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(StatsError, match=sentence):
        compare_restricted_means(*arguments)


@pytest.mark.slow
def test_interval_of_the_difference_covers_what_it_promises() -> None:
    """Exponential rates 1 and 1/2 up to tau = 1: means 1 - e^-1 and 2 (1 - e^-1/2).

    Three Monte Carlo errors of 3,000 runs are 0.0119; 0.005 more for a finite sample.
    """
    draw, runs, hits = np.random.default_rng(5), 3000, 0
    true = 2 * (1 - np.exp(-0.5)) - (1 - np.exp(-1))
    group = np.repeat([0, 1], 150)
    for _ in range(runs):
        life, end = draw.exponential(np.where(group, 2.0, 1.0)), draw.uniform(0.5, 3, 300)
        got = compare_restricted_means(np.minimum(life, end), life <= end, group, 1.0).difference
        hits += got.lower <= true <= got.upper
    assert hits / runs == pytest.approx(0.95, abs=0.0119 + 0.005)
