"""Batches of models: each equals the single fit of a library or of R, and none raises."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.stats import multiverse
from helpers.stats.accelerated import fit_accelerated
from helpers.stats.errors import StatsError
from helpers.stats.multiverse import (
    Batch,
    all_subsets,
    least_squares_batch,
    logit_batch,
    weibull_batch,
)

EXPECTED = Path(__file__).resolve().parents[1] / "reference" / "survival" / "expected"
TERMS = ["trt", "karno", "age", "squamous", "small", "adeno"]


@pytest.fixture(scope="module")
def veteran() -> pd.DataFrame:
    return pd.read_csv(EXPECTED / "veteran.csv")


def worst(batch: Batch, model: int, chosen: Any, estimate: Any, error: Any, value: float) -> float:
    """Largest relative distance of one model of a batch from its witness."""
    use = np.append(chosen, True)
    assert np.isnan(batch.estimate[model][~use]).all()
    gaps = [
        np.abs(batch.estimate[model][use] / np.asarray(estimate) - 1).max(),
        np.abs(batch.std_error[model][use] / np.asarray(error) - 1).max(),
        abs(batch.log_likelihood[model] / value - 1),
    ]
    return float(max(gaps))


# Witnesses -------------------------------------------------------------------------------


def test_every_subset_of_veteran_equals_survreg(veteran: pd.DataFrame) -> None:
    include = all_subsets(TERMS)
    batch = weibull_batch(veteran["time"], veteran["event"], veteran[TERMS], include)
    assert batch.converged.all()
    r = pd.read_csv(EXPECTED / "subsets.csv").set_index(["model", "term"])
    for model, chosen in enumerate(include):
        mine = r.loc[model]
        terms = [*np.array(TERMS)[chosen], "(Intercept)"]
        # survreg stops at a relative change of 1e-14 in the likelihood
        assert batch.scale[model] == pytest.approx(mine["estimate"]["scale"], rel=1e-6)
        assert (
            worst(
                batch,
                model,
                chosen,
                mine.loc[terms, "estimate"],
                mine.loc[terms, "std_error"],
                mine["estimate"]["log_likelihood"],
            )
            < 1e-6
        )


@pytest.mark.parametrize("weighted", [False, True])
def test_least_squares_and_logit_equal_statsmodels(veteran: pd.DataFrame, weighted: bool) -> None:
    draw = np.random.default_rng(3)
    include = all_subsets(TERMS)[::5]
    rows = draw.random((len(include), len(veteran))) < 0.8
    weights = draw.integers(1, 4, len(veteran)).astype(float) if weighted else None
    long = (veteran["time"] > 80).astype(float)
    linear = least_squares_batch(veteran["time"], veteran[TERMS], include, rows, weights)
    logit = logit_batch(long, veteran[TERMS], include, rows, weights)
    assert linear.converged.all()
    assert logit.converged.all()
    for model, (chosen, kept) in enumerate(zip(include, rows, strict=True)):
        x = veteran.loc[kept, list(np.array(TERMS)[chosen])].assign(constant=1.0)
        w = np.ones(len(x)) if weights is None else weights[kept]
        ols = sm.WLS(veteran.loc[kept, "time"], x, weights=w).fit()
        glm = sm.GLM(long[kept], x, family=sm.families.Binomial(), freq_weights=w)
        ml = glm.fit(tol=1e-14, maxiter=100)
        assert worst(linear, model, chosen, ols.params, ols.bse, ols.llf) < 1e-7
        assert worst(logit, model, chosen, ml.params, ml.bse, ml.llf) < 1e-7
        assert linear.n[model] == logit.n[model] == kept.sum()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**31), late=st.booleans(), chunk=st.integers(1, 9))
def test_a_batch_equals_single_fits(seed: int, late: bool, chunk: int) -> None:
    draw = np.random.default_rng(seed)
    n = 90
    x = pd.DataFrame({"a": draw.normal(size=n), "b": draw.integers(0, 2, n), "c": draw.random(n)})
    x["c"] = 1000 + 50 * x["c"]  # far from zero, as a year would be
    t = np.exp(3 - 0.7 * x["b"] + 0.9 * np.log(draw.exponential(size=n))).to_numpy()
    d = (draw.random(n) < 0.8).astype(float)
    entry = np.where(draw.random(n) < 0.4, 0.3 * t, 0.0) if late else None
    include = all_subsets(list(x))
    rows = draw.random((len(include), n)) < 0.8
    batch = weibull_batch(t, d, x, include, rows, entry=entry, chunk=chunk)
    for model, (chosen, kept) in enumerate(zip(include, rows, strict=True)):
        one = fit_accelerated(
            t[kept], d[kept], x.loc[kept, chosen], entry=None if entry is None else entry[kept]
        )
        assert batch.converged[model], batch.problem[model]
        use = np.append(chosen, True)
        assert batch.estimate[model][use] == pytest.approx(one.estimate, rel=1e-6, abs=1e-8)
        assert batch.std_error[model][use] == pytest.approx(one.std_error, rel=1e-6)
        assert batch.scale[model] == pytest.approx(one.scale, rel=1e-7)
        assert batch.log_likelihood[model] == pytest.approx(one.log_likelihood, abs=1e-8)


def test_whole_number_weights_are_repeated_rows(veteran: pd.DataFrame) -> None:
    weights = np.random.default_rng(8).integers(0, 4, len(veteran))
    x = veteran[TERMS]
    batch = weibull_batch(veteran["time"], veteran["event"], x, [[True] * 6], weights=weights)
    again = veteran.loc[np.repeat(veteran.index, weights)]
    one = fit_accelerated(again["time"], again["event"], again[TERMS])
    assert batch.estimate[0] == pytest.approx(one.estimate, rel=1e-7)
    assert batch.std_error[0] == pytest.approx(one.std_error, rel=1e-7)
    assert batch.n[0] == (weights > 0).sum()


def test_a_missing_value_drops_the_row_only_where_its_column_is_used(
    veteran: pd.DataFrame,
) -> None:
    x = veteran[["trt", "age"]].astype(float)
    x.loc[[3, 30], "age"] = np.nan
    batch = weibull_batch(veteran["time"], veteran["event"], x, [[True, False], [True, True]])
    assert list(batch.n) == [137, 135]
    kept = x["age"].notna()
    one = fit_accelerated(veteran["time"][kept], veteran["event"][kept], x[kept])
    assert batch.estimate[1] == pytest.approx(one.estimate, rel=1e-7)


def test_chunks_and_threads_change_nothing(veteran: pd.DataFrame) -> None:
    include = all_subsets(TERMS, always=["trt"])
    assert include.shape == (32, 6)
    assert include[:, 0].all()
    arguments = (veteran["time"], veteran["event"], veteran[TERMS], include)
    whole = weibull_batch(*arguments, chunk=1000, threads=1)
    parts = weibull_batch(*arguments, chunk=5, threads=3)
    np.testing.assert_allclose(whole.estimate, parts.estimate, rtol=1e-9)
    table = whole.table("trt")
    assert len(table) == 32
    assert (table["low"] < table["estimate"]).all()


# What cannot be fitted is reported --------------------------------------------------------


def failing(veteran: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """One specification a problem, and one in the middle that is fine."""
    n = len(veteran)
    x = veteran[["trt", "age"]].assign(
        same=2.0, twice=2 * veteran["age"] + 1, never=((veteran["event"] == 0) * 1.0)
    )
    rows = np.ones((7, n), dtype=bool)
    rows[0] = False
    rows[1] = np.arange(n) < 2
    rows[2] = veteran["event"] == 0
    include = np.zeros((7, 5), dtype=bool)
    include[:, 0] = True
    include[3, 2] = True  # constant
    include[4, [1, 3]] = True  # collinear
    include[5, 4] = True  # a group with no event
    return x, include, rows


def test_problems_are_named_and_the_rest_goes_on(veteran: pd.DataFrame) -> None:
    x, include, rows = failing(veteran)
    batch = weibull_batch(veteran["time"], veteran["event"], x, include, rows)
    assert batch.problem[:3] == (multiverse.NO_ROWS, multiverse.TOO_FEW, multiverse.NO_EVENT)
    assert batch.problem[3].startswith("same never varies")
    assert batch.problem[4].startswith("twice never varies here or is a combination")
    assert "no finite estimate for never" in batch.problem[5]
    assert batch.problem[6] == ""
    assert list(batch.converged) == [False] * 6 + [True]
    assert np.isnan(batch.estimate[:6]).all()
    one = fit_accelerated(veteran["time"], veteran["event"], veteran[["trt"]])
    assert batch.estimate[6][[0, -1]] == pytest.approx(one.estimate, rel=1e-8)


def test_problems_of_least_squares_and_logit(veteran: pd.DataFrame) -> None:
    x, include, rows = failing(veteran)
    linear = least_squares_batch(veteran["time"], x, include, rows)
    assert [bool(p) for p in linear.problem] == [True, True, False, True, True, False, False]
    logit = logit_batch(veteran["event"], x, include, rows)
    assert logit.problem[2] == multiverse.ONE_OUTCOME
    # The column is the outcome itself, so no term of that model is settled.
    assert "no finite estimate for trt, never" in logit.problem[5]
    assert logit.problem[6] == ""


BAD = [
    (dict(include=[[True, False, True]]), "one row a model"),
    (dict(rows=[True, False]), "needs shape"),
    (dict(weights=[1.0]), "needs shape"),
    (dict(weights=-1.0 * np.ones(137)), "zero or more"),
    (dict(chunk=0), "1 or more"),
    (dict(covariates=pd.DataFrame({"a": ["x"] * 137, "b": 1})), "not numeric"),
]


@pytest.mark.parametrize(("changes", "words"), BAD, ids=[w for _, w in BAD])
@pytest.mark.parametrize("model", ["weibull", "linear", "logit"])
def test_input_that_no_model_could_use(
    veteran: pd.DataFrame,
    model: str,
    changes: dict,
    words: str,  # type: ignore[type-arg]
) -> None:
    arguments = {"covariates": veteran[["trt", "age"]], "include": [[True, True]], **changes}
    batch = {
        "weibull": lambda **a: weibull_batch(veteran["time"], veteran["event"], **a),
        "linear": lambda **a: least_squares_batch(veteran["time"], **a),
        "logit": lambda **a: logit_batch(veteran["event"], **a),
    }[model]
    with pytest.raises(StatsError, match=words):
        batch(**arguments)


def test_outcomes_that_no_model_could_use(veteran: pd.DataFrame) -> None:
    x, include = veteran[["trt"]], [[True]]
    with pytest.raises(StatsError, match="zero or negative"):
        weibull_batch(veteran["time"] * 0, veteran["event"], x, include)
    with pytest.raises(StatsError, match="missing or infinite"):
        least_squares_batch(veteran["time"] * np.nan, x, include)
    with pytest.raises(StatsError, match="must be 0 or 1"):
        logit_batch(veteran["time"], x, include)
    with pytest.raises(StatsError, match="different names"):
        logit_batch(veteran["event"], pd.concat([x, x], axis=1), [[True, True]])
    with pytest.raises(StatsError, match="rows but the covariates"):
        logit_batch(veteran["event"][:-1], x, include)
    with pytest.raises(StatsError, match="not among"):
        all_subsets(["a"], always=["b"])
    with pytest.raises(StatsError, match="no term"):
        logit_batch(veteran["event"], x, include).table("age")
