"""The second campaign against the table of its source file, SciPy, statsmodels and simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, binomtest, fisher_exact, poisson_binom
from statsmodels.stats.proportion import proportion_confint

from helpers import data
from helpers.study.second_campaign import (
    Choices,
    chances,
    count,
    every_choice,
    every_count,
    followed,
    lottery_power,
    power,
    ratio_interval,
    times,
    two_sided,
)


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return followed(
        *(data.load_second_campaign(t) for t in ("namings", "people", "others", "world"))
    )


# The table in the README of the facts, computed there from the journalists' census itself.
PRINTED = [
    (Choices(), (4, 16), (51, 242), (1.10, 1.0), (1.51, 0.43)),
    (Choices(case="once"), (3, 15), (51, 242), (0.89, 1.0), (1.20, 0.91)),
    (Choices(naming="every"), (9, 22), (70, 276), (1.68, 0.06), (2.36, 0.003)),
    (Choices(naming="every", years="2015"), (6, 8), (33, 91), (2.43, 0.01), (3.70, 0.001)),
    (Choices(naming="every", years="not 2015"), (3, 14), (37, 185), (1.04, 1.0), (1.37, 0.68)),
]


@pytest.mark.parametrize(("choices", "named", "others", "plain", "right"), PRINTED)
def test_the_published_comparison(rows, choices, named, others, plain, right) -> None:
    counted = count(rows, choices)
    assert (counted.observed, counted.named) == named
    assert (counted.others_absent, counted.others) == others
    put_right = count(rows, Choices(**{**vars(choices), "months": "put right"}))
    for found, (ratio, p) in ((counted, plain), (put_right, right)):
        assert found.ratio == pytest.approx(ratio, abs=0.005)
        places = 0.0005 if p < 0.01 else 0.005
        assert found.p == pytest.approx(p, abs=places)


def test_the_world_counts_add_up_to_the_census() -> None:
    world = data.load_second_campaign("world")
    assert (world["held"].sum(), world["absent_next"].sum()) == (4524, 1460)


def test_people_and_namings_add_up_to_what_the_file_says() -> None:
    people = data.load_second_campaign("people")
    ours = people[
        people["campaign"].str.startswith("Free the Press") & (people["in_custody"] == "yes")
    ]
    assert (len(ours), ours["person"].nunique()) == (25, 18)
    first = ours.sort_values("named_earliest").drop_duplicates("person")
    for years, out in ((1, 5), (2, 7), (3, 11)):
        end = first["named_earliest"] + pd.DateOffset(years=years)
        assert (first["exit_latest"] <= end).sum() == out


def test_chances_are_the_poisson_binomial() -> None:
    rates = np.random.default_rng(1).uniform(0, 1, 12)
    assert chances(rates) == pytest.approx(poisson_binom(rates).pmf(np.arange(13)), abs=1e-13)


@pytest.mark.parametrize("observed", [0, 3, 9, 20])
def test_equal_rates_give_the_binomial_test_and_interval(observed: int) -> None:
    rates = np.full(20, 0.3)
    low, high = proportion_confint(observed, 20, method="beta")
    assert ratio_interval(observed, rates) == pytest.approx((low / 0.3, high / 0.3), abs=1e-9)
    tails = [binomtest(observed, 20, 0.3, side).pvalue for side in ("less", "greater")]
    assert two_sided(observed, rates) == pytest.approx(min(1, 2 * min(tails)), abs=1e-12)


def test_power_agrees_with_simulation(rows: pd.DataFrame) -> None:
    rates = count(rows, Choices()).rates
    odds = 4 * rates / (1 - np.where(rates < 1, rates, 0))
    shares = np.where(rates < 1, odds / (1 + odds), 1)
    drawn = (np.random.default_rng(3).random((20_000, len(rates))) < shares).sum(axis=1)
    rejects = np.array([two_sided(k, rates) <= 0.05 for k in range(len(rates) + 1)])
    assert power(rates, 4.0) == pytest.approx(rejects[drawn].mean(), abs=0.012)
    assert power(rates, 1.0) <= 0.05


def test_the_choices_carry_the_ratio_from_below_one_to_above_three(rows: pd.DataFrame) -> None:
    every = every_count(rows)
    assert len(every) <= len(list(every_choice()))
    assert every["ratio"].min() < 0.9
    assert every["ratio"].max() > 3.7
    assert every["p"].min() <= 0.001
    assert every["p"].max() == 1


def test_what_has_no_answer_is_said_in_a_sentence(rows: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="only to the next one"):
        count(rows, Choices(others="world", censuses="2"))
    with pytest.raises(ValueError, match="nobody to compare"):
        count(rows[rows["year"] == 2015], Choices(years="not 2015"))


def test_times_hold_the_published_counts() -> None:
    found = times(data.load_second_campaign("people"))
    assert len(found) == 18
    assert (found["right"] >= found["left"]).all()
    assert [int((found["right"] <= m + 0.1).sum()) for m in (12, 24, 36)] == [5, 7, 11]


@pytest.mark.parametrize(("named", "waiting", "rate", "ratio"), [(8, 8, 0.3, 6), (12, 20, 0.2, 3)])
def test_the_power_of_a_lottery_is_a_sum_over_fishers_tests(named, waiting, rate, ratio) -> None:
    odds = ratio * rate / (1 - rate)
    share = odds / (1 + odds)
    total = 0.0
    for k in range(named + 1):
        for j in range(waiting + 1):
            if fisher_exact([[k, named - k], [j, waiting - j]]).pvalue <= 0.05:
                total += float(binom(named, share).pmf(k) * binom(waiting, rate).pmf(j))
    assert lottery_power(named, waiting, rate, ratio) == pytest.approx(total, abs=1e-9)


@pytest.mark.parametrize(("names", "odds_ratio"), [(16, 4.9), (40, 2.7)])
def test_the_published_effects_are_seen_about_four_times_in_five(names, odds_ratio) -> None:
    # 51 of 242 others were absent; the file gives "about" these odds ratios for 80 per cent.
    assert power(np.full(names, 51 / 242), odds_ratio) == pytest.approx(0.8, abs=0.05)
