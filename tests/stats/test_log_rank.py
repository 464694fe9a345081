"""Log-rank tests against R's survdiff, the Cox score test, lifelines and the printed value."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines.statistics import multivariate_logrank_test

from helpers.stats.errors import StatsError
from helpers.stats.log_rank import WEIGHTINGS, LogRank, log_rank

EXPECTED = Path(__file__).resolve().parents[1] / "reference" / "curves" / "expected"
POWERS = {"rho": 0.5, "gamma": 2.0}


def rows(name: str) -> pd.DataFrame:
    return pd.read_csv(EXPECTED / f"{name}.csv")


def said(name: str, model: str, quantity: str) -> list[float]:
    table = pd.read_csv(EXPECTED / "curves.csv")
    picked = table.query("data == @name and model == @model and quantity == @quantity")
    assert len(picked), (name, model, quantity)
    return picked["value"].astype(float).tolist()


def test_freireich_as_printed() -> None:
    """Log-rank 16.79 on one degree of freedom."""
    d = rows("freireich")
    ours = log_rank(d["time"], d["event"], d["group"])
    assert ours.statistic == pytest.approx(16.79, abs=0.005)
    assert ours.df == 1
    assert ours.p_value < 0.0001
    assert ours.observed.tolist() == [9, 21]
    assert ours.size.tolist() == [21, 21]


@pytest.mark.parametrize("name", ["freireich", "veteran", "lung"])
@pytest.mark.parametrize("rho", [0, 0.5, 1])
@pytest.mark.parametrize("stratified", [False, True])
def test_equals_survdiff(name: str, rho: float, stratified: bool) -> None:
    """R writes twelve digits, so 1e-9 is rounding."""
    d = rows(name)
    strata = d["stratum"] if stratified else None
    ours = log_rank(d["time"], d["event"], d["group"], None, strata, "fleming-harrington", rho=rho)
    model = f"rho {rho} {'stratified' if stratified else 'plain'}"
    assert ours.statistic == pytest.approx(said(name, model, "chi2")[0], rel=1e-9)
    np.testing.assert_allclose(ours.observed, said(name, model, "observed"), rtol=1e-9)
    np.testing.assert_allclose(ours.expected, said(name, model, "expected"), rtol=1e-9)
    np.testing.assert_allclose(np.diag(ours.covariance), said(name, model, "variance"), rtol=1e-9)
    if rho != 0.5:
        kind = WEIGHTINGS[0] if rho == 0 else "peto-peto"
        twin = log_rank(d["time"], d["event"], d["group"], None, strata, kind)
        assert twin.statistic == pytest.approx(ours.statistic, rel=1e-12)


@pytest.mark.parametrize("stratified", [False, True])
def test_delayed_entry_equals_the_score_test_of_cox(stratified: bool) -> None:
    """Without ties the two are the same test; the ties are broken as in the R script."""
    d = rows("lung")
    time = d["time"] + np.arange(1, len(d) + 1) / 1000
    strata = d["stratum"] if stratified else None
    ours = log_rank(time, d["event"], d["group"], d["entry"], strata)
    model = f"score {'stratified' if stratified else 'plain'}"
    assert ours.statistic == pytest.approx(said("lung", model, "chi2")[0], rel=1e-9)


@pytest.mark.parametrize("weighting", WEIGHTINGS)
@pytest.mark.parametrize("late", [False, True])
def test_weighted_with_delayed_entry_equals_the_sum_written_out_in_r(
    weighting: str, late: bool
) -> None:
    d = rows("lung")
    powers = POWERS if weighting == "fleming-harrington" else {}
    model = f"{'late' if late else 'plain'} {weighting}" + (" 0.5 2" if powers else "")
    ours = log_rank(
        d["time"], d["event"], d["group"], d["entry"] if late else None, None, weighting, **powers
    )
    assert ours.statistic == pytest.approx(said("lung", model, "chi2")[0], rel=1e-9)


@pytest.mark.parametrize("name", ["freireich", "veteran", "lung"])
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("log-rank", None),
        ("gehan-breslow", "wilcoxon"),
        ("tarone-ware", "tarone-ware"),
        ("fleming-harrington", "fleming-harrington"),
    ],
)
def test_equals_lifelines(name: str, ours: str, theirs: str | None) -> None:
    """Peto is left out: lifelines puts the product of 1 - d / (n + 1) for the estimate."""
    d = rows(name)
    powers = POWERS if theirs == "fleming-harrington" else {}
    other = multivariate_logrank_test(
        d["time"], d["group"], d["event"], weightings=theirs,
        **({"p": 0.5, "q": 2.0} if powers else {}),
    )  # fmt: skip
    result = log_rank(d["time"], d["event"], d["group"], weighting=ours, **powers)
    assert result.statistic == pytest.approx(other.test_statistic, rel=1e-8)
    assert result.p_value == pytest.approx(other.p_value, rel=1e-7)


SPELLS = st.lists(
    st.tuples(st.integers(1, 30), st.booleans(), st.integers(0, 2)), min_size=6, max_size=40
)


def attempt(*arguments: object, **options: object) -> LogRank | None:
    try:
        return log_rank(*arguments, **options)  # type: ignore[arg-type]
    except StatsError:
        return None


@given(SPELLS, st.sampled_from(WEIGHTINGS), st.permutations([0, 1, 2]))
def test_relabelling_groups_leaves_the_statistic(
    spells: list[tuple[int, bool, int]], weighting: str, order: list[int]
) -> None:
    time, event, group = zip(*spells, strict=True)
    one = attempt(time, event, group, weighting=weighting)
    two = attempt(time, event, [order[g] for g in group], weighting=weighting)
    assert (one is None) == (two is None)
    if one and two:
        assert two.statistic == pytest.approx(one.statistic, rel=1e-7, abs=1e-9)
        assert two.df == one.df
        assert one.observed.sum() == pytest.approx(one.expected.sum())


@given(SPELLS, st.sampled_from(WEIGHTINGS))
def test_entry_at_zero_and_one_stratum_change_nothing(
    spells: list[tuple[int, bool, int]], weighting: str
) -> None:
    time, event, group = zip(*spells, strict=True)
    plain = attempt(time, event, group, weighting=weighting)
    other = attempt(time, event, group, [0] * len(time), ["all"] * len(time), weighting=weighting)
    assert (plain is None) == (other is None)
    if plain and other:
        assert other.statistic == pytest.approx(plain.statistic, rel=1e-12, abs=1e-12)


def test_group_without_events_keeps_its_place() -> None:
    """Times 1, 2 in a, 3+, 4+ in b: expected in b 2/4 + 2/3, variance 1/4 + 2/9."""
    ours = log_rank([1, 2, 3, 4], [1, 1, 0, 0], ["a", "a", "b", "b"])
    assert ours.observed.tolist() == [2, 0]
    assert ours.expected[1] == pytest.approx(2 / 4 + 2 / 3)
    assert ours.statistic == pytest.approx((7 / 6) ** 2 / (1 / 4 + 2 / 9))


def test_group_never_at_risk_costs_its_degree_of_freedom() -> None:
    """R's survdiff does the same: c is out before the first event."""
    two = log_rank([5, 6, 7, 8], [1, 1, 1, 0], ["a", "b", "a", "b"])
    three = log_rank([5, 6, 7, 8, 1], [1, 1, 1, 0, 0], ["a", "b", "a", "b", "c"])
    assert (three.df, two.df) == (1, 1)
    assert three.statistic == pytest.approx(two.statistic)
    assert three.groups == ("a", "b", "c")


@pytest.mark.parametrize(
    ("arguments", "options", "sentence"),
    [
        (([], [], []), {}, "No rows are left"),
        (([1, 2], [1, 1], ["a", "a"]), {}, "one group"),
        (([1, 2], [0, 0], ["a", "b"]), {}, "Nobody has the event"),
        (([1, 2], [1, 1], ["a"]), {}, "one group label for each row"),
        (([1, 2], [1, 1], ["a", None]), {}, "label is missing"),
        (([1, np.nan], [1, 1], ["a", "b"]), {}, "missing"),
        (([1, -2], [1, 1], ["a", "b"]), {}, "negative"),
        (([1, 2], [1, 1], ["a", "b"], [0, 2]), {}, "entry must come before"),
        (([1, 2], [1, 1], ["a", "b"]), {"weighting": "petopeto"}, "weighting is one of"),
        (([1, 2], [1, 1], ["a", "b"]), {"rho": 1.0}, "belong to"),
        (
            ([1, 2], [1, 1], ["a", "b"]),
            {"weighting": "fleming-harrington", "rho": -1.0},
            "zero or more",
        ),
        (([1, 2], [1, 1], ["a", "b"]), {"strata": [1, None]}, "stratum label is missing"),
        (([1, 2, 5, 6], [0, 0, 1, 1], ["a", "a", "b", "b"]), {}, "at risk together"),
        (([1, 2], [1, 1], ["a", "b"]), {"strata": [1, 2]}, "at risk together"),
        (
            ([1, 2, 3, 7, 8, 9], [1, 1, 1, 1, 1, 1], list("abacdc"), [0, 0, 0, 5, 5, 5]),
            {},
            "not all at risk together",
        ),
    ],
)
def test_bad_input_is_one_sentence(
    arguments: tuple,
    options: dict[str, object],
    sentence: str,  # type: ignore[type-arg]
) -> None:
    with pytest.raises(StatsError, match=sentence):
        log_rank(*arguments, **options)


def test_zero_time_counts_when_nobody_enters_late() -> None:
    """At 0 all four are at risk and one of two in a leaves: expected 1/2, variance 1/4."""
    ours = log_rank([0, 3, 4, 5], [1, 0, 0, 0], ["a", "a", "b", "b"])
    assert ours.statistic == pytest.approx(0.5**2 / 0.25)
