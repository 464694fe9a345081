"""Agreement against published examples."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.stats.agreement import (
    cohen_kappa,
    krippendorff_alpha,
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
