"""The fingerprint against R's fits of the same counts and against the printed table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.stats.errors import StatsError
from helpers.stats.fingerprint import (
    FAMILIES,
    IDENTITY,
    LM,
    LOGIT,
    PROBIT,
    STARGAZER,
    agrees,
    families_behind,
    fingerprint,
    half_unit,
    likelihood_verdicts,
    signatures,
)
from helpers.stats.release import fit_release

EXPECTED = Path(__file__).parents[1] / "reference" / "release" / "expected"
COUNTS = (17, 19, 102, 233)
MODEL_1 = {
    "group": "0.457",
    "group_se": "0.116",
    "constant": "0.438",
    "constant_se": "0.032",
    "log_likelihood": "-175.927",
    "aic": "355.853",
}
"""Table 3, model 1, as printed."""


def test_signatures_equal_r() -> None:
    r = pd.read_csv(EXPECTED / "counts.csv").set_index("family")
    ours = signatures(*COUNTS)
    for family, name in {
        LM: "lm",
        STARGAZER: "gaussian",
        LOGIT: "logit",
        PROBIT: "probit",
        IDENTITY: "identity",
    }.items():
        row = r.loc[name]
        likelihood = row["rank_minus_half_aic"] if family == STARGAZER else row["log_likelihood"]
        expected = [
            row["campaign"],
            row["campaign_se"],
            row["constant"],
            row["constant_se"],
            likelihood,
            row["aic"],
        ]
        # R's probit iterations leave about seven digits in the coefficients.
        np.testing.assert_allclose(ours.loc[family], expected, rtol=1e-7)


def test_only_the_stargazer_gaussian_printed_table_3_model_1() -> None:
    found = fingerprint(MODEL_1, *COUNTS)
    assert families_behind(found) == (STARGAZER,)
    without_fit = {k: v for k, v in MODEL_1.items() if k not in ("log_likelihood", "aic")}
    assert families_behind(fingerprint(without_fit, *COUNTS)) == (LM, STARGAZER)
    # The estimates alone cannot tell an identity link from least squares.
    only = {k: MODEL_1[k] for k in ("group", "constant")}
    assert families_behind(fingerprint(only, *COUNTS)) == (LM, STARGAZER, IDENTITY)


def test_a_bernoulli_model_would_have_printed_other_numbers() -> None:
    table = signatures(*COUNTS)
    assert agrees("-166.09", table.loc[LOGIT, "log_likelihood"])
    assert agrees("336.17", table.loc[LOGIT, "aic"])
    assert agrees("10.9", float(np.exp(table.loc[LOGIT, "group"])))


PRINTED_FITS = [("-175.927", 252, 2, "355.853"), ("-161.627", 246, 7, "337.254")]
PRINTED_FITS += [("-173.349", 252, 5, "356.698"), ("-157.843", 246, 10, "335.686")]
PRINTED_FITS += [("-20.640", 156, 10, "61.280")]


@pytest.mark.parametrize(("likelihood", "n", "rank", "aic"), PRINTED_FITS)
def test_every_printed_model_obeys_the_stargazer_identity(
    likelihood: str, n: int, rank: int, aic: str
) -> None:
    verdicts = {v.family: v for v in likelihood_verdicts(likelihood, n, rank, aic)}
    assert not verdicts[LM].possible
    assert verdicts[STARGAZER].possible


def test_model_1_cannot_be_bernoulli_even_without_counts() -> None:
    verdict = likelihood_verdicts("-175.927", 252, 2)[2]
    assert not verdict.possible
    assert "-174.673" in verdict.reason  # 252 log 2


def test_without_aic_nothing_contradicts_a_plausible_value() -> None:
    assert all(v.possible for v in likelihood_verdicts("-150.0", 252, 3))
    assert not likelihood_verdicts("5.0", 252, 3)[2].possible
    assert not likelihood_verdicts("-400.0", 252, 3)[0].possible


@settings(max_examples=25, deadline=None)
@given(st.integers(3, 25), st.integers(3, 25), st.data())
def test_closed_forms_equal_fits(n: int, m: int, data: st.DataObject) -> None:
    a, b = data.draw(st.integers(1, n - 1)), data.draw(st.integers(1, m - 1))
    y = np.repeat([1, 0, 1, 0], [a, n - a, b, m - b])
    frame = pd.DataFrame({"group": np.repeat([1, 0], [n, m])})
    table = signatures(a, n, b, m)
    for family, name in ((LM, "linear"), (LOGIT, "logit"), (PROBIT, "probit")):
        fit = fit_release(y, frame, name)  # type: ignore[arg-type]
        np.testing.assert_allclose(
            table.loc[family],
            [
                fit.estimate[0],
                fit.std_error[0],
                fit.estimate[1],
                fit.std_error[1],
                fit.log_likelihood,
                fit.aic,
            ],
            rtol=1e-6,
            atol=1e-8,
        )
    assert tuple(table.index) == FAMILIES


def test_half_a_unit_follows_the_printed_decimals() -> None:
    assert half_unit("0.457") == pytest.approx(0.0005)
    assert half_unit("-20.640") == pytest.approx(0.0005)
    assert half_unit("\N{MINUS SIGN}3") == pytest.approx(0.5)
    assert agrees("0.457", 0.4575)
    assert not agrees("0.457", 0.45752)


def test_bad_input_is_named() -> None:
    with pytest.raises(StatsError, match="not a plain printed number"):
        fingerprint({"group": "0.457***"}, *COUNTS)
    with pytest.raises(StatsError, match="Unknown quantity 'r2'"):
        fingerprint({"r2": "0.1"}, *COUNTS)
    with pytest.raises(StatsError, match="at least one printed number"):
        fingerprint({}, *COUNTS)
    with pytest.raises(StatsError, match="only one kind of outcome"):
        signatures(19, 19, 11, 21)
    with pytest.raises(StatsError, match="needs more than 3 rows"):
        likelihood_verdicts("-1.0", 3, 3)
