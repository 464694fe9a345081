"""No finite maximum is always said, and never said of a sample that has one.

The witness is a linear program of the test's own: it asks for a direction in which no row's
fit gets worse and counts the rows whose fit gets better. Rows may move as far as they like,
so its answer does not depend on the scale of a column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from helpers.stats.accelerated import ConvergenceError, fit_accelerated
from helpers.stats.errors import StatsError
from helpers.stats.multiverse import EXACT, least_squares_batch, logit_batch, weibull_batch
from helpers.stats.release import SeparationError, fit_release, least_squares

SAMPLES = [150, pytest.param(1000, marks=pytest.mark.slow)]
Frame = pd.DataFrame


def gains(better: np.ndarray, still: np.ndarray, first_rises: bool = False) -> bool:
    """Is there a d with better @ d >= 0, still @ d = 0, and some better row above 0?"""
    n, k = better.shape
    found = linprog(
        np.concatenate([np.zeros(k), -np.ones(n)]),
        A_ub=np.hstack([-better, np.eye(n)]),
        b_ub=np.zeros(n),
        A_eq=np.hstack([still, np.zeros((len(still), n))]) if len(still) else None,
        b_eq=np.zeros(len(still)) if len(still) else None,
        bounds=[(None, None)] * k + [(0, 1)] * n,
    )
    assert found.status == 0
    return bool(-found.fun > 0.5)


def logit_splits(y: np.ndarray, x: np.ndarray) -> bool:
    return gains(np.where(y == 1, 1.0, -1.0)[:, None] * x, np.empty((0, x.shape[1])))


def times_split(t: np.ndarray, d: np.ndarray, x: np.ndarray) -> bool:
    clock = np.log(t) - np.log(t).mean()
    z = np.column_stack([clock, -x])
    # The inverse of the scale may only rise, which counts as a gain of its own.
    rise = np.eye(z.shape[1])[:1]
    return gains(np.vstack([-z[d == 0], rise]), z[d == 1])


def columns(draw: np.random.Generator) -> Frame:
    """Small to middling samples with the columns that analysts have."""
    n = int(draw.integers(6, 60) if draw.random() < 0.7 else draw.integers(60, 300))
    kinds: list[Callable[[], np.ndarray]] = [
        lambda: (draw.random(n) < draw.uniform(0.05, 0.5)) * 1.0,
        lambda: draw.normal(size=n),
        lambda: draw.integers(0, 4, n) * 1.0,
        lambda: 2000.0 + draw.integers(0, 16, n),
        lambda: np.exp(2 * draw.normal(size=n)),
    ]
    k = int(draw.integers(1, min(5, n // 4) + 1))
    return pd.DataFrame({f"x{j}": kinds[draw.integers(len(kinds))]() for j in range(k)})


def independent(x: Frame) -> np.ndarray | None:
    centred = x.to_numpy() - x.to_numpy().mean(axis=0)
    size = np.sqrt((centred**2).sum(axis=0))
    if (size < 1e-9).any() or np.linalg.svd(centred / size)[1].min() < 1e-3:
        return None
    return np.column_stack([centred / size * np.sqrt(len(x)), np.ones(len(x))])


def logit_samples(seed: int) -> Iterator[tuple[Frame, np.ndarray, np.ndarray, bool]]:
    draw = np.random.default_rng(seed)
    while True:
        x = columns(draw)
        standard = independent(x)
        if standard is None:
            continue
        strength = draw.choice([0.0, 1.0, 4.0, 20.0])
        eta = strength * standard[:, :-1] @ draw.normal(size=x.shape[1]) + draw.normal()
        y = (draw.random(len(x)) < 1 / (1 + np.exp(-eta))) * 1.0
        if 0 < y.sum() < len(y):
            yield x, y, standard, logit_splits(y, standard)


def time_samples(
    seed: int,
) -> Iterator[tuple[Frame, np.ndarray, np.ndarray, np.ndarray | None, bool]]:
    draw = np.random.default_rng(seed)
    while True:
        x = columns(draw)
        standard = independent(x)
        if standard is None:
            continue
        n = len(x)
        t = np.exp(2 + standard[:, :-1] @ draw.normal(size=x.shape[1]))
        t = t * draw.exponential(size=n) ** draw.uniform(0.5, 2) + 1e-3
        d = (draw.random(n) < draw.uniform(0.1, 0.9)) * 1.0
        if draw.random() < 0.5:  # a group in which few or none are released
            group = x["x0"].to_numpy() > x["x0"].median()
            d[group & (draw.random(n) < 0.95)] = 0.0
        if d.sum() == 0:
            continue
        # Some come late; some are there from the start, without whom a shape need not exist.
        late = np.where(draw.random(n) < 0.3, 0.5 * t, 0.0) if draw.random() < 0.3 else None
        yield x, t, d, late, times_split(t, d, standard)


@pytest.mark.parametrize("each", SAMPLES)
def test_logit_says_separation_and_only_separation(each: int) -> None:
    left = {True: each, False: each}
    for x, y, _, splits in logit_samples(14):
        if left[splits]:
            left[splits] -= 1
            batch = logit_batch(y, x, [[True] * x.shape[1]])
            assert ("split perfectly" in batch.problem[0]) == splits, (batch.problem, left)
            assert bool(batch.problem[0]) == splits
        if not any(left.values()):
            break


@pytest.mark.parametrize("each", SAMPLES)
def test_weibull_says_what_has_no_maximum_and_only_that(each: int) -> None:
    left = {True: each, False: each}
    for x, t, d, late, splits in time_samples(19):
        if left[splits] and len(x) >= x.shape[1] + 2:
            left[splits] -= 1
            batch = weibull_batch(t, d, x, [[True] * x.shape[1]], entry=late)
            said = "no finite estimate" in batch.problem[0] or batch.problem[0] == EXACT
            assert said == splits, (batch.problem, left, t.size, d.sum())
            assert bool(batch.problem[0]) == splits
        if not any(left.values()):
            break


# One fit at a time ------------------------------------------------------------------------


@pytest.mark.parametrize("family", ["weibull", "log-normal", "log-logistic"])
def test_a_single_fit_of_times_agrees_with_the_program(family: str) -> None:
    count = 0
    for x, t, d, late, splits in time_samples(3):
        if len(x) < x.shape[1] + 2:
            continue
        count += 1
        if count > 80:
            break
        try:
            fit_accelerated(t, d, x, family, entry=late)  # type: ignore[arg-type]
            refused = False
        except ConvergenceError:
            refused = True
        assert refused == splits


def test_a_column_far_from_zero_changes_nothing() -> None:
    draw = np.random.default_rng(5)
    x = pd.DataFrame({"x": draw.normal(size=200), "z": draw.normal(size=200)})
    y = (draw.random(200) < 1 / (1 + np.exp(-x["x"]))) * 1.0
    for family in ("linear", "logit", "probit", "firth"):
        near = fit_release(y, x, family)  # type: ignore[arg-type]
        far = fit_release(y, x.assign(x=x["x"] + 1e8), family)  # type: ignore[arg-type]
        # 1e8 leaves eight of a number's sixteen digits
        np.testing.assert_allclose(far.estimate[:2], near.estimate[:2], rtol=1e-6)
        np.testing.assert_allclose(far.std_error[:2], near.std_error[:2], rtol=1e-6)
    batch = least_squares_batch(y + 1e6, x.assign(x=x["x"] + 1e8), [[True, True]])
    np.testing.assert_allclose(
        batch.estimate[0, :2], fit_release(y, x, "linear").estimate[:2], rtol=1e-6
    )
    with pytest.raises(StatsError, match="combination"):
        fit_release(y, pd.DataFrame({"x": x["x"] + 1e8, "again": 2 * (x["x"] + 1e8) - 3}))


def test_separation_by_a_column_far_from_zero_names_it() -> None:
    year = pd.DataFrame({"stamp": 1e8 + np.arange(20.0)})
    y = (year["stamp"] > 1e8 + 9.5) * 1.0
    with pytest.raises(SeparationError, match=r"stamp \(\+\)"):
        fit_release(y, year, "logit")
    y[[3, 15]] = 1 - y[[3, 15]]
    assert np.isfinite(fit_release(y, year, "logit").estimate).all()


def test_an_exact_line_is_refused() -> None:
    x = pd.DataFrame({"x": np.arange(30.0) ** 2, "z": np.cos(np.arange(30.0))})
    y = 3 * x["x"] - 7 * x["z"] + 1e4
    assert least_squares_batch(y, x, [[True, True], [True, False]]).problem == (EXACT, "")
    with pytest.raises(StatsError, match="exactly"):
        least_squares(y, x)
    y[4] += 1e-3
    assert least_squares_batch(y, x, [[True, True]]).problem == ("",)
