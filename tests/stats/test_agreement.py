"""Agreement against published examples."""

from __future__ import annotations

import warnings

import krippendorff
import numpy as np
import pandas as pd
import pytest

from helpers.stats.agreement import (
    alpha_interval,
    cohen_kappa,
    krippendorff_alpha,
    most_contested,
)
from helpers.stats.errors import StatsError


def test_kappa_textbook_table() -> None:
    """Two readers of 50 proposals, 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: kappa 0.40."""
    first = ["y"] * 25 + ["n"] * 25
    second = ["y"] * 20 + ["n"] * 5 + ["y"] * 10 + ["n"] * 15
    found = cohen_kappa(first, second)
    assert found.observed == pytest.approx(0.7)
    assert found.expected == pytest.approx(0.5)
    assert found.kappa == pytest.approx(0.4, abs=1e-12)


def test_kappa_leaves_out_what_one_did_not_code() -> None:
    assert cohen_kappa(["a", "b", None, ""], ["a", "b", "a", "b"]).n == 2


def test_kappa_is_undefined_when_nothing_varies() -> None:
    found = cohen_kappa(["a", "a"], ["a", "a"])
    assert np.isnan(found.kappa)
    assert found.observed == 1


def test_kappa_bad_input() -> None:
    with pytest.raises(StatsError, match="same order"):
        cohen_kappa(["a"], ["a", "b"])
    with pytest.raises(StatsError, match="coded by both"):
        cohen_kappa(["a", None], [None, "b"])


def test_alpha_krippendorff_2011_example() -> None:
    """Four observers, twelve units, nominal: alpha 0.743 (Krippendorff 2011, section C)."""
    rows = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]
    table = pd.DataFrame([[None if c == "." else c for c in row] for row in rows])
    found = krippendorff_alpha(table)
    assert found.alpha == pytest.approx(0.743, abs=0.0005)
    assert (found.coders, found.items) == (4, 12)


def test_alpha_edges() -> None:
    with pytest.raises(StatsError, match="two coders"):
        krippendorff_alpha(pd.DataFrame([["a", "b"]]))
    with pytest.raises(StatsError, match="coded by two"):
        krippendorff_alpha(pd.DataFrame([["a", None], [None, "b"]]))
    assert np.isnan(krippendorff_alpha(pd.DataFrame([["a", "a"], ["a", "a"]])).alpha)
    assert krippendorff_alpha(pd.DataFrame([["a", "b"], ["a", "b"]])).alpha == pytest.approx(1)


ROWS = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]
EXAMPLE = pd.DataFrame(
    [[None if c == "." else c for c in row] for row in ROWS],
    columns=[f"u{i}" for i in range(1, 13)],
)


@pytest.mark.parametrize("seed", [0, 7])
def test_bootstrap_equals_the_package_on_the_same_items(seed: int) -> None:
    """The items of each draw, given to the krippendorff package, give the same alpha."""
    found = alpha_interval(EXAMPLE, draws=200, seed=seed)
    numbers = EXAMPLE.astype(float).to_numpy()
    numbers = numbers[:, (~np.isnan(numbers)).sum(axis=0) >= 2]
    n = numbers.shape[1]
    assert found.items == n == 11
    picks = np.random.default_rng(seed).integers(0, n, (200, n))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = np.array(
            [krippendorff.alpha(numbers[:, row], level_of_measurement="nominal") for row in picks]
        )
    assert found.draws == pytest.approx(expected, abs=1e-12)
    assert [found.low, found.high] == pytest.approx(np.percentile(expected, [2.5, 97.5]))
    assert found.alpha == pytest.approx(0.743, abs=0.0005)
    assert found.undefined == 0


def test_bootstrap_counts_draws_where_nothing_varies() -> None:
    # Items aa, bb: a draw is undefined when it takes one item twice, and 1 otherwise.
    found = alpha_interval(pd.DataFrame([["a", "b"], ["a", "b"]]), draws=400, seed=3)
    picks = np.random.default_rng(3).integers(0, 2, (400, 2))
    assert found.undefined == int((picks[:, 0] == picks[:, 1]).sum())
    assert (found.low, found.high) == (1, 1)
    same = alpha_interval(pd.DataFrame([["a", "a"], ["a", "a"]]), draws=10)
    assert np.isnan([same.alpha, same.low, same.high]).all()
    assert same.undefined == 10


def test_bootstrap_bad_input() -> None:
    with pytest.raises(StatsError, match="one draw"):
        alpha_interval(EXAMPLE, draws=0)
    with pytest.raises(StatsError, match="level"):
        alpha_interval(EXAMPLE, level=1)
    with pytest.raises(StatsError, match="two items"):
        alpha_interval(pd.DataFrame([["a", None], ["b", "a"]]))
    with pytest.raises(StatsError, match="coded by two"):
        alpha_interval(pd.DataFrame([["a", None], [None, "b"]]))


def test_most_contested_in_the_2011_example() -> None:
    """Codes of u6 are 1, 2, 3, 4: all 6 pairs differ. u2 has 3 against 1, so 3 of 6."""
    every = most_contested(EXAMPLE, 12)
    assert every.index[0] == "u6"
    assert every.loc["u6", "disagreement"] == 1
    assert every.loc["u6", "given"] == {"1": 1, "2": 1, "3": 1, "4": 1}
    assert every.loc["u2", "disagreement"] == pytest.approx(0.5)
    assert every.loc["u2", "given"] == {"2": 3, "3": 1}
    assert "u3" not in every.index  # 3, 3, 3, 3
    assert every["share"].sum() == pytest.approx(1)
    # Krippendorff 2011: 32 of 40 values on the diagonal of the coincidences, so 8 are not.
    assert (every["coders"] * every["disagreement"]).sum() == pytest.approx(8)
    assert list(most_contested(EXAMPLE, 1).index) == ["u6"]


def test_most_contested_edges() -> None:
    assert most_contested(pd.DataFrame([["a", "b"], ["a", "b"]])).empty
    with pytest.raises(StatsError, match="at least one item"):
        most_contested(EXAMPLE, 0)
    with pytest.raises(StatsError, match="coded by two"):
        most_contested(pd.DataFrame([[None, None], [None, None]]))
