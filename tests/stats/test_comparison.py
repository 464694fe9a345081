"""Two proportions against R, published intervals, and properties that must hold."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from helpers.stats.comparison import (
    TESTS,
    check_counts,
    compare,
    fragility,
    odds_ratio,
    p_value_grid,
    randomization_test,
    risk_difference,
    risk_ratio,
)
from helpers.stats.errors import StatsError

REFERENCE = Path(__file__).parents[1] / "reference" / "comparison" / "expected" / "comparison.csv"
LISTS = (17, 19, 11, 21)
"""Short list against the rest of the long list: released within three years."""

R = pd.read_csv(REFERENCE).set_index(["case", "quantity"])["value"]
CASES = list(R.index.get_level_values("case").unique())


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, int, int, int]:
    n, m = draw(st.integers(2, 12)), draw(st.integers(2, 12))
    return draw(st.integers(0, n)), n, draw(st.integers(0, m)), m


def close(value: float, expected: float, rel: float = 1e-9) -> bool:
    return math.isclose(value, expected, rel_tol=rel, abs_tol=1e-14)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("test", TESTS)
def test_p_values_equal_r(case: str, test: str) -> None:
    counts = [int(v) for v in case.split("_")]
    expected = R[case, test.replace(" ", "_")]
    # Exact searches stop within 1e-8 of the maximum over the common proportion.
    assert close(compare(*counts, test).p_value, expected, 1e-8)


@pytest.mark.parametrize("case", CASES)
def test_one_sided_p_values_and_statistics_equal_r(case: str) -> None:
    counts = [int(v) for v in case.split("_")]
    one_sided = compare(*counts, "pooled t", "greater").p_value
    assert close(one_sided, R[case, "pooled_t_greater"])
    assert close(compare(*counts, "z", "less").p_value, R[case, "z_less"])
    assert close(compare(*counts, "fisher", "greater").p_value, R[case, "fisher_greater"])
    assert close(compare(*counts, "welch").statistic, R[case, "welch_statistic"])


@pytest.mark.parametrize("case", CASES)
def test_intervals_equal_r(case: str) -> None:
    counts = [int(v) for v in case.split("_")]
    difference, ratio = risk_difference(*counts), risk_ratio(*counts)
    assert close(difference.low, R[case, "newcombe_low"])
    assert close(difference.high, R[case, "newcombe_high"])
    # The R script finds the restricted estimate by a numerical search, good to about 1e-8.
    assert close(ratio.low, R[case, "koopman_low"], 1e-7)
    assert close(ratio.high, R[case, "koopman_high"], 1e-7)
    # fisher.test stops its root search early (about three digits), hence the loose check
    # here and the exact one below.
    odds = odds_ratio(*counts)
    assert close(odds.low, R[case, "odds_low"], 5e-3)
    assert close(odds.high, R[case, "odds_high"], 5e-3)


@pytest.mark.parametrize("case", CASES)
def test_conditional_odds_limits_leave_the_tails_they_promise(case: str) -> None:
    a, n, b, m = (int(v) for v in case.split("_"))
    odds = odds_ratio(a, n, b, m)
    law = stats.nchypergeom_fisher
    assert law.sf(a - 1, n + m, a + b, n, odds.low) == pytest.approx(0.025, abs=1e-7)
    assert law.cdf(a, n + m, a + b, n, odds.high) == pytest.approx(0.025, abs=1e-7)


def test_the_long_list_tests_as_known() -> None:
    # Values worked out for the long list; half a unit of the last digit given.
    # Barnard is .0110 here, in scipy and by brute force in R (first test above).
    known = {"pooled t": 0.0097, "welch": 0.0087, "fisher": 0.016, "boschloo": 0.011}
    digits = {"pooled t": 4, "welch": 4, "fisher": 3, "boschloo": 3}
    for test, value in known.items():
        found = compare(*LISTS, test).p_value  # type: ignore[arg-type]
        assert abs(found - value) <= 0.5 * 10 ** -digits[test]


def test_published_intervals() -> None:
    # Newcombe (1998), table II, case (a), method 10: 56/70 and 48/80.
    interval = risk_difference(56, 70, 48, 80)
    assert abs(interval.low - 0.0524) <= 5e-5
    assert abs(interval.high - 0.3339) <= 5e-5
    # Koopman (1984): 36 of 40 against 16 of 80.
    ratio = risk_ratio(36, 40, 16, 80)
    assert abs(ratio.low - 2.94) <= 0.005
    assert abs(ratio.high - 7.15) <= 0.005


def test_koopman_equals_statsmodels_inside_the_table() -> None:
    low, high = confint_proportions_2indep(
        *LISTS, method="score", compare="ratio", correction=False
    )
    ratio = risk_ratio(*LISTS)
    assert ratio.low == pytest.approx(low, rel=1e-6)
    assert ratio.high == pytest.approx(high, rel=1e-6)


@pytest.mark.parametrize("counts", [(19, 19, 11, 21), (17, 19, 21, 21), (19, 19, 21, 21)])
def test_koopman_stays_sane_at_the_edge(counts: tuple[int, int, int, int]) -> None:
    ratio = risk_ratio(*counts)
    assert 0 < ratio.low < ratio.estimate < ratio.high < math.inf


def test_ratio_with_an_empty_cell() -> None:
    assert risk_ratio(0, 19, 11, 21).low == 0
    assert risk_ratio(0, 19, 11, 21).high == pytest.approx(0.33018, abs=1e-5)  # statsmodels
    ratio = risk_ratio(17, 19, 0, 21)
    assert ratio.high == ratio.estimate == math.inf
    assert ratio.low == pytest.approx(5.76025, abs=1e-5)  # statsmodels


@settings(max_examples=60, deadline=None)
@given(tables(), st.sampled_from(["pooled t", "welch", "z", "fisher"]))
def test_relabelling_the_groups_flips_the_sign(
    counts: tuple[int, int, int, int], test: str
) -> None:
    a, n, b, m = counts
    here, there = compare(a, n, b, m, test), compare(b, m, a, n, test)
    assert close(here.p_value, there.p_value, 1e-9)
    if test != "fisher":
        assert close(here.statistic, -there.statistic)
    greater, less = compare(a, n, b, m, test, "greater"), compare(b, m, a, n, test, "less")
    assert close(greater.p_value, less.p_value, 1e-9)


@settings(max_examples=60, deadline=None)
@given(tables())
def test_swapping_the_outcome_mirrors_the_difference(counts: tuple[int, int, int, int]) -> None:
    a, n, b, m = counts
    here, there = risk_difference(a, n, b, m), risk_difference(n - a, n, m - b, m)
    assert here.low == pytest.approx(-there.high, abs=1e-12)
    assert here.low <= here.estimate + 1e-12 <= here.high + 2e-12
    if a + b > 0:
        ratio, turned = risk_ratio(a, n, b, m), risk_ratio(b, m, a, n)
        assert ratio.low <= ratio.estimate <= ratio.high
        if b > 0 and a > 0:
            assert ratio.low == pytest.approx(1 / turned.high, rel=1e-7)


@settings(max_examples=60, deadline=None)
@given(tables())
def test_exact_randomization_is_a_distribution_and_matches_fisher_one_sided(
    counts: tuple[int, int, int, int],
) -> None:
    result = randomization_test(*counts, alternative="greater")
    assert result.probability.sum() == pytest.approx(1)
    assert (result.difference * result.probability).sum() == pytest.approx(0, abs=1e-12)
    assert close(result.p_value, compare(*counts, "fisher", "greater").p_value, 1e-8)


@pytest.mark.parametrize("case", CASES)
def test_exact_randomization_equals_r(case: str) -> None:
    counts = [int(v) for v in case.split("_")]
    assert close(randomization_test(*counts).p_value, R[case, "randomization"], 1e-8)


def test_randomization_by_listing_every_assignment() -> None:
    from itertools import combinations

    outcomes = np.array([1, 1, 1, 0, 1, 0, 0])  # 3 of 4 against 1 of 3
    seen = []
    for chosen in combinations(range(7), 4):
        first = np.isin(np.arange(7), chosen)
        seen.append(outcomes[first].mean() - outcomes[~first].mean())
    share = np.mean(np.abs(seen) >= 3 / 4 - 1 / 3 - 1e-9)
    assert randomization_test(3, 4, 1, 3).p_value == pytest.approx(share)


def test_monte_carlo_lies_within_its_error() -> None:
    exact = randomization_test(*LISTS).p_value
    drawn = randomization_test(*LISTS, method="monte carlo", draws=200_000, seed=1)
    assert abs(drawn.p_value - exact) < 5 * math.sqrt(exact / 200_000)
    assert drawn.p_value >= 1 / 200_001


def test_fragility_against_a_walk_through_every_table() -> None:
    n, m = LISTS[1], LISTS[3]
    result = fragility(*LISTS, "fisher")
    assert result.significant
    distances = {"first": [], "second": [], "either": []}
    for a in range(n + 1):
        for b in range(m + 1):
            p = stats.fisher_exact([[a, n - a], [b, m - b]]).pvalue
            if (p < 0.05) == result.significant:
                continue
            da, db = abs(a - LISTS[0]), abs(b - LISTS[2])
            distances["either"].append(da + db)
            if db == 0:
                distances["first"].append(da)
            if da == 0:
                distances["second"].append(db)
    assert result.first == min(distances["first"])
    assert result.second == min(distances["second"])
    assert result.either == min(distances["either"])


@settings(max_examples=30, deadline=None)
@given(
    tables(),
    st.sampled_from(["pooled t", "welch", "z", "fisher"]),
    st.sampled_from(["two-sided", "greater", "less"]),
    st.sampled_from([0.05, 0.2]),
)
def test_fragility_is_the_nearest_table_with_the_other_verdict(
    counts: tuple[int, int, int, int], test: str, alternative: str, alpha: float
) -> None:
    a, n, b, m = counts
    found = fragility(*counts, test, alpha, alternative)
    tie = alpha * (1 - 1e-9)  # p of exactly alpha is not below it, whatever its last digit
    far = [
        abs(x - a) + abs(y - b)
        for x in range(n + 1)
        for y in range(m + 1)
        if (compare(x, n, y, m, test, alternative).p_value < tie) != found.significant
    ]
    assert found.either == (min(far) if far else None)


def test_a_p_value_of_exactly_alpha_is_not_below_it() -> None:
    # Three of three against none of three, one-sided: 1 of C(6, 3) = 20 tables.
    assert fragility(0, 3, 0, 3, "fisher", 0.05, "greater").either is None


def test_one_recoded_release_takes_fisher_to_about_five_percent() -> None:
    assert compare(16, 19, 11, 21, "fisher").p_value == pytest.approx(0.05, abs=0.005)


def test_fragility_from_no_effect_finds_one_and_none_where_none_exists() -> None:
    assert fragility(3, 9, 4, 7).either is not None
    none = fragility(1, 2, 1, 2)  # two against two can never reach 5 %
    assert (none.either, none.table, none.table_p_value) == (None, None, None)


def test_documented_answers_without_variation() -> None:
    for test in ("fisher", "barnard", "boschloo", "z", "pooled t", "welch"):
        assert compare(0, 5, 0, 6, test).p_value == 1
    clean = compare(5, 5, 0, 6, "pooled t")
    assert clean.statistic == math.inf
    assert clean.p_value == 0


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((0, 0, 1, 2), "first group is empty"),
        ((1, 2, 0, 0), "second group is empty"),
        ((3, 2, 1, 2), "3 outcomes but only 2 members"),
        ((-1, 2, 1, 2), "negative count"),
        ((1.5, 2, 1, 2), "whole numbers"),
        ((float("nan"), 2, 1, 2), "whole numbers"),
    ],
)
def test_impossible_counts_are_named(counts: tuple[float, ...], sentence: str) -> None:
    with pytest.raises(StatsError, match=sentence):
        check_counts(*counts)


def test_other_bad_input_is_named() -> None:
    with pytest.raises(StatsError, match="Unknown test"):
        compare(*LISTS, "t")  # type: ignore[arg-type]
    with pytest.raises(StatsError, match="Unknown alternative"):
        compare(*LISTS, "z", "bigger")  # type: ignore[arg-type]
    with pytest.raises(StatsError, match="at least two members"):
        compare(1, 1, 3, 5, "welch")
    with pytest.raises(StatsError, match="between 0 and 1"):
        risk_difference(*LISTS, level=95)
    with pytest.raises(StatsError, match="ratio of the two is undefined"):
        risk_ratio(0, 5, 0, 5)
    with pytest.raises(StatsError, match="odds ratio is undefined"):
        odds_ratio(5, 5, 5, 5)
    with pytest.raises(StatsError, match="alpha"):
        fragility(*LISTS, alpha=5)
    with pytest.raises(StatsError, match="draws is 0"):
        randomization_test(*LISTS, method="monte carlo", draws=0)
    with pytest.raises(StatsError, match="Unknown method"):
        randomization_test(*LISTS, method="bootstrap")  # type: ignore[arg-type]


def coverage(interval, truth, p: float, q: float, n: int, m: int) -> float:  # type: ignore[no-untyped-def]
    """Exact coverage: add up the probability of every table whose interval holds the truth."""
    total = 0.0
    for a in range(n + 1):
        for b in range(m + 1):
            if a + b == 0:
                continue
            found = interval(a, n, b, m)
            if found.low - 1e-9 <= truth <= found.high + 1e-9:
                total += stats.binom.pmf(a, n, p) * stats.binom.pmf(b, m, q)
    return total


@pytest.mark.parametrize(("p", "q"), [(0.7, 0.7), (0.8, 0.5), (0.5, 0.3)])
def test_intervals_cover_close_to_what_they_promise(p: float, q: float) -> None:
    # Score intervals are not exact: at these sizes they lie within about two points of 95 %.
    assert coverage(risk_difference, p - q, p, q, 19, 21) == pytest.approx(0.95, abs=0.02)
    assert coverage(risk_ratio, p / q, p, q, 19, 21) == pytest.approx(0.95, abs=0.02)


def exact_barnard(a: int, n: int, b: int, m: int) -> float:
    """Barnard's p with the extreme tables found in fractions, where ties are ties."""

    def squared(i: int, j: int) -> Fraction:
        share = Fraction(i + j, n + m)
        gap = Fraction(i, n) - Fraction(j, m)
        return gap**2 / (share * (1 - share)) if 0 < share < 1 else Fraction(0)

    here = squared(a, b)
    cells = [(i, j) for i in range(n + 1) for j in range(m + 1) if squared(i, j) >= here]
    x = np.linspace(0, 1, 20_001)
    return float(sum(stats.binom.pmf(i, n, x) * stats.binom.pmf(j, m, x) for i, j in cells).max())


@pytest.mark.parametrize("counts", [LISTS, (9, 10, 1, 9), (5, 19, 15, 21), (3, 10, 7, 9)])
def test_barnard_counts_tied_tables(counts: tuple[int, int, int, int]) -> None:
    """scipy.stats.barnard_exact loses ties: it gives 0.00056 where 0.00073 is right."""
    # The brute-force grid of 1/20,000 misses the maximum by less than 1e-7 of it.
    assert close(compare(*counts, "barnard").p_value, exact_barnard(*counts), 1e-6)


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_a_grid_holds_the_p_value_of_every_table(test, alternative) -> None:  # type: ignore[no-untyped-def]
    n, m = 7, 5
    grid = p_value_grid(n, m, test, alternative)
    for a in range(n + 1):
        for b in range(m + 1):
            # Six digits: the grid's parabola against a search for the maximum.
            assert close(grid[a, b], compare(a, n, b, m, test, alternative).p_value, 1e-5)


@pytest.mark.parametrize("test", TESTS)
def test_a_grid_equals_r(test) -> None:  # type: ignore[no-untyped-def]
    a, n, b, m = LISTS
    expected = R["_".join(map(str, LISTS)), test.replace(" ", "_")]
    assert close(p_value_grid(n, m, test)[a, b], expected, 1e-6)


def test_a_grid_refuses_what_compare_refuses() -> None:
    with pytest.raises(StatsError, match="empty"):
        p_value_grid(0, 5)
    with pytest.raises(StatsError, match="two members"):
        p_value_grid(1, 5, "welch")
    with pytest.raises(StatsError, match="Unknown test"):
        p_value_grid(4, 5, "sign")  # type: ignore[arg-type]


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
@pytest.mark.parametrize("counts", [LISTS, (17, 19, 13, 137), (1, 1, 3, 9)])
def test_wald_and_agresti_caffo_by_their_formulas(level: float, counts) -> None:  # type: ignore[no-untyped-def]
    for method, extra in (("Wald", 0), ("Agresti-Caffo", 1)):
        a, n, b, m = (x + extra * (1 + i % 2) for i, x in enumerate(counts))
        center = a / n - b / m
        error = math.sqrt(a * (n - a) / n**3 + b * (m - b) / m**3)
        reach = stats.norm.isf((1 - level) / 2) * error
        found = risk_difference(*counts, level, method)
        assert close(found.low, center - reach)
        assert close(found.high, center + reach)


def test_an_unknown_interval_is_refused() -> None:
    with pytest.raises(StatsError, match="Unknown method"):
        risk_difference(*LISTS, 0.95, "exact")


# Large groups -----------------------------------------------------------------------------


def test_barnard_and_boschloo_in_large_groups_equal_scipy() -> None:
    # scipy's own searches, kept here because they take from seconds to half a minute:
    # stats.barnard_exact([[258, 174], [342, 426]]), stats.boschloo_exact([[180, 150], [220, 250]])
    assert compare(258, 600, 174, 600, "barnard").p_value == pytest.approx(4.28639944196839e-07)
    mine = compare(90, 200, 75, 200, "boschloo").p_value
    assert mine == pytest.approx(stats.boschloo_exact([[90, 75], [110, 125]]).pvalue, rel=1e-4)
    assert compare(430, 1000, 400, 1000, "barnard").p_value < 0.5


@pytest.mark.parametrize("test", ["barnard", "boschloo"])
def test_groups_too_large_are_refused(test: str) -> None:
    with pytest.raises(StatsError, match="too many; use"):
        compare(900, 2000, 800, 2000, test)  # type: ignore[arg-type]
    with pytest.raises(StatsError, match="too many; use"):
        fragility(200, 600, 180, 600, test)  # type: ignore[arg-type]
