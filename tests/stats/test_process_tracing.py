"""Bayesian process tracing: hand-worked arithmetic, base R, and properties that must hold."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.stats.errors import StatsError
from helpers.stats.process_tracing import (
    classify,
    decibels,
    disagreement,
    leave_one_out,
    prior_sweep,
    readings,
    share_sources,
    update,
    weights_of_evidence,
)

FOLDER = Path(__file__).parents[1] / "reference" / "process_tracing" / "expected"
R = pd.read_csv(FOLDER / "process_tracing.csv").set_index("quantity")["value"]
PRIOR = {"A": 0.5, "B": 0.3, "C": 0.2}
CARDS = pd.DataFrame(
    [
        [0.95, 0.60, 0.30],
        [0.40, 0.05, 0.05],
        [0.20, 0.70, 0.50],
        [0.92, 0.08, 0.10],
        [0.30, 0.30, 0.30],
    ],
    index=["k1", "k2", "k3", "k4", "k5"],
    columns=["A", "B", "C"],
)


@st.composite
def problems(draw: st.DrawFn, hypotheses: int = 0) -> tuple[pd.Series, pd.DataFrame]:
    width = hypotheses or draw(st.integers(2, 4))
    names = list("ABCD"[:width])
    weights = draw(st.lists(st.floats(0.05, 1), min_size=width, max_size=width))
    chance = st.lists(st.floats(0.01, 0.99), min_size=width, max_size=width)
    rows = draw(st.lists(chance, min_size=1, max_size=6))
    prior = pd.Series(weights, names) / sum(weights)
    return prior, pd.DataFrame(rows, [f"k{i}" for i in range(len(rows))], names)


def test_one_card_by_hand() -> None:
    # P(H | E) = .5 x .8 / (.5 x .8 + .5 x .2) = .8
    found = update({"H": 0.5, "not": 0.5}, pd.DataFrame([[0.8, 0.2]], ["e"], ["H", "not"]))
    assert found.posterior["H"] == pytest.approx(0.8, abs=1e-14)
    assert list(found.path.index) == ["prior", "e"]
    assert found.path.loc["prior", "H"] == 0.5
    assert found.leaders == ("H",)


def test_three_hypotheses_two_cards_by_hand() -> None:
    # weights: .5 x .2 x .5 = .05, .25 x .8 x .5 = .10, .25 x .4 x 1/2 = .05; total .20
    table = pd.DataFrame([[0.2, 0.8, 0.4], [0.5, 0.5, 0.5]], ["d", "e"], ["A", "B", "C"])
    found = update({"A": 0.5, "B": 0.25, "C": 0.25}, table)
    assert found.posterior.tolist() == pytest.approx([0.25, 0.5, 0.25], abs=1e-14)
    assert found.leaders == ("B",)


def test_ratios_give_the_same_posterior() -> None:
    ratios = pd.DataFrame([[8.0, 2.0], [30.0, 10.0]], ["d", "e"], ["H", "not"])
    # odds: 1 x 4 x 3 = 12, so P(H) = 12 / 13
    found = update({"H": 0.5, "not": 0.5}, ratios, "relative")
    assert found.posterior["H"] == pytest.approx(12 / 13, abs=1e-14)


def test_decibels_by_definition() -> None:
    assert decibels(10) == pytest.approx(10)
    assert decibels(2) == pytest.approx(3.0103, abs=5e-5)  # 10 log10 2
    assert decibels(1) == 0
    with pytest.raises(StatsError, match="above 0"):
        decibels(0)


def test_extreme_evidence_stays_finite() -> None:
    # 400 cards of 1:1000 underflow as a product; odds are 10^-1200 x 10^1200 = 1 here.
    names = ["H", "not"]
    rows = [[0.001, 0.5]] * 400 + [[0.5, 0.001]] * 400
    table = pd.DataFrame(rows, [f"k{i}" for i in range(800)], names)
    found = update({"H": 0.3, "not": 0.7}, table)
    assert found.posterior["H"] == pytest.approx(0.3, abs=1e-9)
    assert np.isfinite(found.path.to_numpy()).all()


@pytest.mark.parametrize(
    ("p", "q", "kind"),
    [
        (0.95, 0.05, "doubly decisive"),
        (0.40, 0.05, "smoking gun"),
        (0.95, 0.60, "hoop"),
        (0.60, 0.40, "straw in the wind"),
        (0.05, 0.05, "straw in the wind"),  # unlikely either way: tells nothing
        (0.95, 0.95, "straw in the wind"),  # likely either way: tells nothing
        (0.90, 0.10, "doubly decisive"),  # the thresholds themselves count
        (0.30, 0.10, "smoking gun"),
        (0.90, 0.70, "hoop"),
        (0.02, 0.60, "straw in the wind"),
    ],
)
def test_types_of_test(p: float, q: float, kind: str) -> None:
    assert classify(p, q) == kind


def test_thresholds_are_parameters() -> None:
    assert classify(0.8, 0.5, certain=0.75, separation=2) == "hoop"
    assert classify(0.8, 0.5, certain=0.75) == "straw in the wind"
    assert classify(0.5, 0.2, unique=0.2, separation=2) == "smoking gun"
    with pytest.raises(StatsError, match="strictly between"):
        classify(1, 0.5)
    with pytest.raises(StatsError, match="at least 1"):
        classify(0.5, 0.5, separation=0.5)


def test_readings_equal_r() -> None:
    found = readings(PRIOR, CARDS, "A")
    for one in found:
        assert one.p_given_rest == pytest.approx(R[f"rest_{one.card}"], rel=1e-12)
        assert one.decibels == pytest.approx(R[f"decibels_{one.card}"], rel=1e-10, abs=1e-12)
    kinds = ["hoop", "smoking gun", "straw in the wind", "doubly decisive", "straw in the wind"]
    assert [one.test_type for one in found] == kinds


def test_path_and_leave_one_out_equal_r() -> None:
    path, without = update(PRIOR, CARDS).path, leave_one_out(PRIOR, CARDS)
    for card in CARDS.index:
        for name in PRIOR:
            assert path.loc[card, name] == pytest.approx(R[f"path_{card}_{name}"], rel=1e-12)
            expected = R[f"without_{card}_{name}"]
            assert without.loc[card, name] == pytest.approx(expected, rel=1e-12)


def test_leave_one_out_says_whether_the_leader_changes() -> None:
    # With all: weights .5 x .9 x .2 = .09 and .5 x .1 x .6 = .03. Without the first card
    # .1 : .3, so the second hypothesis leads; without the second .45 : .05.
    table = pd.DataFrame([[0.9, 0.1], [0.2, 0.6]], ["d", "e"], ["A", "B"])
    rows = leave_one_out({"A": 0.5, "B": 0.5}, table)
    assert rows["leaders"].tolist() == [("B",), ("A",)]
    assert rows["changes"].tolist() == [True, False]
    assert rows.loc["d", "A"] == pytest.approx(0.25)


def test_prior_sweep_equals_r() -> None:
    grid = [0.01, 0.05, 0.25, 0.75]
    found = prior_sweep(PRIOR, CARDS, "A", grid)
    for x, (_, row) in zip(grid, found.rows.iterrows(), strict=True):
        assert row["prior"] == x
        for name in PRIOR:
            assert row[name] == pytest.approx(R[f"sweep_{x}_{name}"], rel=1e-12)
    assert found.leads_from == pytest.approx(R["leads_from"], rel=1e-9)


def test_a_tie_names_both() -> None:
    table = pd.DataFrame([[0.2, 0.8]], ["e"], ["A", "B"])
    assert update({"A": 0.8, "B": 0.2}, table).leaders == ("A", "B")


@given(problems(), st.randoms(use_true_random=False))
def test_order_of_cards_does_not_matter(problem, random) -> None:
    prior, table = problem
    order = list(table.index)
    random.shuffle(order)
    one, two = update(prior, table), update(prior, table.loc[order])
    assert two.posterior.tolist() == pytest.approx(one.posterior.tolist(), rel=1e-9)


@given(problems(), st.floats(0.01, 0.99))
def test_an_uninformative_card_changes_nothing(problem, chance: float) -> None:
    prior, table = problem
    more = pd.concat([table, pd.DataFrame(chance, ["new"], table.columns)])
    found = update(prior, more)
    assert found.posterior.tolist() == pytest.approx(update(prior, table).posterior.tolist())
    assert not leave_one_out(prior, more).loc["new", "changes"]


@given(problems(), st.floats(1e-6, 1e6))
def test_scaling_a_card_changes_nothing(problem, factor: float) -> None:
    prior, table = problem
    scaled = table.copy()
    scaled.iloc[0] *= factor
    one, two = update(prior, table), update(prior, scaled, "relative")
    assert two.posterior.tolist() == pytest.approx(one.posterior.tolist(), rel=1e-9)
    assert two.posterior.sum() == pytest.approx(1)


@given(problems(2))
def test_posterior_odds_are_prior_odds_times_the_ratios(problem) -> None:
    prior, table = problem
    posterior = update(prior, table).posterior
    odds = prior["A"] / prior["B"] * np.prod(table["A"] / table["B"])
    assert posterior["A"] / posterior["B"] == pytest.approx(odds, rel=1e-9)
    db = weights_of_evidence(prior, table, "A", "B").sum() + decibels(prior["A"] / prior["B"])
    assert db == pytest.approx(10 * math.log10(odds), abs=1e-9)


@given(problems())
def test_crossings_are_crossings(problem) -> None:
    prior, table = problem
    sweep = prior_sweep(prior, table, "A", [0.5])
    at = sweep.leads_from
    if 1e-9 < at < 1 - 1e-9:
        row = prior_sweep(prior, table, "A", [at]).rows.iloc[0]
        assert row["A"] == pytest.approx(row.drop(["prior", "A"]).max(), rel=1e-6)


TWO = pd.DataFrame([[0.5, 0.4]], ["e"], ["A", "B"])
HALF = {"A": 0.5, "B": 0.5}


@pytest.mark.parametrize(
    ("prior", "table", "said"),
    [
        ({"A": 1.0}, TWO[["A"]], "One hypothesis"),
        (HALF, TWO.iloc[:0], "no cards"),
        ({"A": 0.5, "B": 0.6}, TWO, "sum to 1.1"),
        ({"A": 1.0, "B": 0.0}, TWO, "above 0"),
        ({"A": 0.5, "B": float("nan")}, TWO, "prior is missing"),
        ({"A": 0.5, "D": 0.5}, TWO, "must be in both"),
        (HALF, TWO * 2, "strictly between 0 and 1"),
        (HALF, TWO * 0, "strictly between 0 and 1"),
        (HALF, TWO * float("nan"), "likelihood is missing"),
        (HALF, pd.concat([TWO, TWO]), "card 'e' is named twice"),
        (pd.Series([0.5, 0.5], ["A", "A"]), TWO, "hypothesis 'A' is named twice"),
        (HALF, TWO.set_axis(["prior"], axis=0), "name 'prior' labels results"),
        (HALF, TWO.set_axis(["A", "A"], axis=1), "hypothesis 'A' is named twice"),
    ],
)
def test_bad_input_is_one_sentence(prior, table: pd.DataFrame, said: str) -> None:
    with pytest.raises(StatsError, match=said) as caught:
        update(prior, table)
    assert str(caught.value).endswith(".")


def test_bad_choices() -> None:
    with pytest.raises(StatsError, match="'Z' is unknown"):
        readings(HALF, TWO, "Z")
    with pytest.raises(StatsError, match="'Z' is unknown"):
        weights_of_evidence(HALF, TWO, "A", "Z")
    with pytest.raises(StatsError, match="The grid"):
        prior_sweep(HALF, TWO, "A", [])
    with pytest.raises(StatsError, match="The grid"):
        prior_sweep(HALF, TWO, "A", [1.0])
    with pytest.raises(StatsError, match="finite number above 0"):
        update(HALF, -TWO, "relative")
    with pytest.raises(StatsError, match="scale"):
        update(HALF, TWO, "odds")  # type: ignore[arg-type]


def test_copies_of_one_card_from_one_source_weigh_as_one() -> None:
    one = pd.DataFrame({"A": [0.9], "B": [0.3]}, index=["x"])
    copies = pd.concat([one.rename(index={"x": f"x{i}"}) for i in range(4)])
    quiet = pd.DataFrame({"A": [0.5], "B": [0.5]}, index=["quiet"])
    shared = share_sources(pd.concat([copies, quiet]), ["s"] * 5)
    after = update({"A": 0.5, "B": 0.5}, shared, "relative").posterior
    assert after["A"] == pytest.approx(0.9 / 1.2)  # as the one card alone: .9 / (.9 + .3)
    apart = share_sources(copies, list("abcd"))
    pd.testing.assert_frame_equal(apart, copies)
    with pytest.raises(StatsError, match="one source for each card"):
        share_sources(copies, ["s"])
    with pytest.raises(StatsError, match="above 0"):
        share_sources(copies * 0, list("abcd"))


def test_disagreement_is_the_largest_over_all_pairs_of_hypotheses() -> None:
    rng = np.random.default_rng(3)
    names = list("ABCD")
    mine = pd.DataFrame(rng.uniform(0.02, 0.98, (6, 4)), index=list("uvwxyz"), columns=names)
    theirs = pd.DataFrame(rng.uniform(0.02, 0.98, (6, 4)), index=mine.index, columns=names)
    found = disagreement(mine, theirs.iloc[::-1, ::-1])
    for card, row in found.iterrows():
        by_pair = {
            (a, b): 10 * np.log10(mine.at[card, a] / mine.at[card, b])
            - 10 * np.log10(theirs.at[card, a] / theirs.at[card, b])
            for a in names
            for b in names
        }
        assert row["difference"] == pytest.approx(max(by_pair.values()))
        assert by_pair[row["first"], row["second"]] == pytest.approx(row["difference"])
        assert row["mine"] - row["theirs"] == pytest.approx(row["difference"])
    assert found["difference"].is_monotonic_decreasing
    assert disagreement(mine, mine)["difference"].max() == 0
    with pytest.raises(StatsError, match="same cards"):
        disagreement(mine, theirs.drop(index="u"))
    with pytest.raises(StatsError, match="above 0"):
        disagreement(mine, theirs * 0)


def test_leaving_out_a_card_lets_the_rest_of_its_source_share_anew() -> None:
    rng = np.random.default_rng(5)
    cards = pd.DataFrame(
        rng.uniform(0.05, 0.95, (7, 3)), index=list("tuvwxyz"), columns=list("ABC")
    )
    cards.loc["z"] = 0.5  # says nothing
    sources = ["s", "s", "s", "r", "r", "q", "s"]
    found = leave_one_out(PRIOR, cards, "relative", sources)
    for i, card in enumerate(cards.index):
        rest = cards.drop(index=card)
        shared = share_sources(rest, sources[:i] + sources[i + 1 :])
        want = update(PRIOR, shared, "relative")
        np.testing.assert_allclose(found.loc[card, list("ABC")].astype(float), want.posterior)
        assert found.at[card, "leaders"] == want.leaders
    with pytest.raises(StatsError, match="one source for each card"):
        leave_one_out(PRIOR, cards, "relative", ["s"])
