"""The builder's parts: implied counts, null moves, derivatives, rounding, the loop."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.calendar import DAYS_PER_MONTH
from helpers.study.published import PrintedModel, printed_models
from workshop.cohort import audit, smooth
from workshop.cohort.durations import durations_of, residual, with_durations
from workshop.cohort.implied import RegionCounts, implied_counts, implied_shares
from workshop.cohort.rounding import frame_of, shuffle_campaign_countries
from workshop.cohort.rows import moments, null_move, rows_of
from workshop.cohort.search import load_checkpoint, loss_of, save_checkpoint
from workshop.cohort.targets import COHORT_CSV
from workshop.cohort.weibull import fit_with_jacobian


@pytest.fixture(scope="module")
def cohort() -> pd.DataFrame:
    return audit.read_cohort(COHORT_CSV)


def test_model_1_leaves_one_pair_of_shares() -> None:
    # Printed in Table 3, model 1.
    model = PrintedModel(
        "table3", 1, (0.457, 0.438), (0.116, 0.032), ("***", "***"), 252, -175.927, 355.853
    )
    assert implied_shares(model) == [(17, 19, 102, 233)]


def test_model_3_leaves_one_table_of_counts() -> None:
    # Printed in Table 3, model 3.
    model = PrintedModel(
        "table3",
        3,
        (0.507, -0.120, 0.099, 0.108, 0.359),
        (0.120, 0.150, 0.129, 0.125, 0.119),
        ("***", "", "", "", "***"),
        252,
        -173.349,
        356.698,
    )
    assert implied_counts(model) == [RegionCounts((18, 25, 73, 136), (5, 4, 7, 3), (9, 8, 37, 65))]


@pytest.mark.parametrize("group", ["inside", "outside"])
def test_null_move_changes_rows_but_no_moment(cohort: pd.DataFrame, group: str) -> None:
    flags = getattr(rows_of(cohort), group)
    rng = np.random.default_rng(5)
    for _ in range(10):
        proposal = null_move(flags, rng)
        assert proposal is not None
        changed, touched = proposal
        assert (changed != flags).any(axis=1).sum() in (2, 3, 4)
        assert set(np.flatnonzero((changed != flags).any(axis=1))) <= set(touched)
        np.testing.assert_array_equal(moments(changed), moments(flags))


def test_derivatives_equal_finite_differences() -> None:
    rng = np.random.default_rng(0)
    x = np.column_stack([rng.integers(0, 2, (60, 3)), np.ones(60)]).astype(float)
    logs = rng.normal(2, 1, 60)
    event = (rng.random(60) < 0.6).astype(float)
    exact = fit_with_jacobian(x, logs, event).jacobian
    for i in (0, 17, 59):
        up, down = logs.copy(), logs.copy()
        up[i] += 1e-5
        down[i] -= 1e-5
        step = fit_with_jacobian(x, up, event).values - fit_with_jacobian(x, down, event).values
        np.testing.assert_allclose(exact[:, i], step / 2e-5, atol=1e-6)


def test_intercept_only_exponential_case_has_a_closed_form() -> None:
    # With all events equal to their quantiles of a Weibull, theta must solve the score
    # equation sum exp(z) = events (Kalbfleisch and Prentice 2002).
    logs = np.log(np.arange(1.0, 21.0))
    fit = fit_with_jacobian(np.ones((20, 1)), logs, np.ones(20))
    assert np.exp(fit.theta[0] * logs - fit.theta[1]).sum() == pytest.approx(20)


def test_frame_and_rows_are_inverse(cohort: pd.DataFrame) -> None:
    back = frame_of(rows_of(cohort), cohort, np.random.default_rng(0))
    pd.testing.assert_frame_equal(back, cohort, check_dtype=False)


def test_whole_days_keep_the_caps_and_the_lengths(cohort: pd.DataFrame) -> None:
    rows, printed = rows_of(cohort), printed_models()
    rng = np.random.default_rng(1)
    shaken = with_durations(rows, durations_of(rows) + rng.normal(0, 2e-3, 408))
    groups = smooth.groups_of(rows, rng)
    near = smooth.sparse_misses(shaken, printed, groups, rounds=4)
    smoothed = smooth.whole_days(near, printed, groups, rounds=3, seconds=5)
    days = np.exp(durations_of(smoothed)) * DAYS_PER_MONTH
    np.testing.assert_allclose(days, np.rint(days), atol=1e-6)
    out = residual(smoothed, printed, smooth.MODELS)
    assert (np.abs(out.value) <= np.where(out.model == 5, 0.05, 0.01)).all()
    assert np.abs(durations_of(near) - durations_of(shaken)).max() <= 0.06 + 1e-9


def test_fresh_quantiles_print_the_table_too(cohort: pd.DataFrame) -> None:
    """Smoothness and print are no accident of one set of durations."""
    rows, printed = rows_of(cohort), printed_models()
    groups = smooth.groups_of(rows, np.random.default_rng(7))
    assert sorted(np.concatenate([g.places for g in groups])) == list(range(408))
    found = smooth.even(rows, printed, groups, rounds=4)
    out = residual(found.rows, printed, smooth.MODELS)
    np.testing.assert_allclose(out.value, found.value, atol=1e-9)
    assert np.abs(out.value[out.model < 5]).max() < 0.015
    assert np.abs(out.value[out.model == 5]).max() < 0.08
    months = np.exp(durations_of(found.rows))
    for group in groups:
        assert ((months[group.places] > group.low) & (months[group.places] < group.high)).all()
    ratio = np.sort(months[groups[7].places]) / groups[7].target
    assert np.abs(np.log(ratio)).max() < 0.5  # released: near the smooth curve at every rank


def test_release_quantiles_are_flat_and_then_fall() -> None:
    months = smooth.release_quantiles(np.linspace(0.001, 0.999, 999))
    density = 0.001 / np.diff(months) * 0.998
    assert 2.05 < months[0] < months[-1] < 120
    flat = density[(months[1:] > 4) & (months[1:] < 11)]
    assert flat.max() / flat.min() < 1.05
    assert density[(months[1:] > 60)].max() < flat.min() / 10


def test_residual_agrees_with_the_audit(cohort: pd.DataFrame) -> None:
    printed = printed_models()
    value = residual(rows_of(cohort), printed, (1, 2, 3, 4, 5)).value
    table = audit.audit_table(cohort, printed)
    chosen = table[(table["table"] == "table4") & (table["quantity"] != "N")]
    np.testing.assert_allclose(value, chosen["difference"], atol=2e-6)


def test_loss_puts_promises_before_digits() -> None:
    table = pd.DataFrame(
        {
            "table": ["table3", "table4"],
            "model": [1, 5],
            "difference": [0.0004, 0.06],
            "exact": [True, False],
        }
    )
    assert loss_of(table) == (1, 1, 0.06)


def test_checkpoint_round_trip(cohort: pd.DataFrame, tmp_path: Path) -> None:
    rows = rows_of(cohort)
    save_checkpoint(rows, cohort, 3, tmp_path / "kept.npz")
    again, frame, turn = load_checkpoint(tmp_path / "kept.npz")
    assert turn == 3
    np.testing.assert_array_equal(again.inside, rows.inside)
    np.testing.assert_array_equal(frame["arrested"], cohort["arrested"])


def test_campaign_countries_move_within_their_region_only() -> None:
    cohort = audit.read_cohort(COHORT_CSV)
    moved = shuffle_campaign_countries(cohort, np.random.default_rng(4))
    same = [c for c in cohort if c != "country"]
    pd.testing.assert_frame_equal(moved[same], cohort[same])
    changed = moved["country"] != cohort["country"]
    assert changed.any()
    assert (cohort.loc[changed, "freethe20"] == 1).all()
    keys = ["region", "freethe20", "country"]
    assert moved.groupby(keys).size().equals(cohort.groupby(keys).size())
