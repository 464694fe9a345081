"""The panels of notebook 04 say what the notebook says they do."""

from __future__ import annotations

from types import SimpleNamespace

from tests.notebooks.refusal import refused


def test_suspects(book: SimpleNamespace) -> None:
    assert "6 of 6" in book.suspects.at("family=glm").sentence
    assert "6 of 6" not in book.suspects.at("family=glm&outside=103").sentence
    refused(book.suspects, "inside=19", "from 1 to 18")


def test_table_three(book: SimpleNamespace) -> None:
    assert "model 5" in book.table_three.at("scale=odds&model=5&estimator=firth").sentence
    assert "no odds ratio" in book.table_three.at("scale=odds&model=5&estimator=firth").sentence
    refused(book.table_three, "scale=odds&estimator=probit", "not a log odds ratio")


def test_bench(book: SimpleNamespace) -> None:
    refused(book.bench, "model=5&family=logit", "no finite estimate")
    assert "Firth logit, model 5" in book.bench.at("model=5&family=firth&scale=odds").sentence
    assert "64 ways" in book.bench.at("missing=bounds").sentence
    assert (
        "term for Venezuela has no finite value"
        in book.bench.at("family=logit&scale=odds&fixed=yes").sentence
    )
    refused(book.bench, "who=Nowhere", "cannot be 'Nowhere'")


def test_fitted(book: SimpleNamespace) -> None:
    assert "0 of 19" in book.fitted.at("family=logit&who=in").sentence
    figures = book.fitted.at("family=logit&who=in").figures
    assert (figures["women"], figures["above 1"], figures["below 0"]) == (19, 0, 0)


def test_contours(book: SimpleNamespace) -> None:
    assert "Model 5" in book.contours.at("model=5&times=2").sentence
    refused(book.contours, "family=logit", "linear models only")
    refused(book.contours, "model=1", "does not contain legal concerns")


def test_a_confounder_beyond_the_possible(book: SimpleNamespace) -> None:
    said = book.contours.at("model=5&covariate=torture_concerns&times=3").sentence
    assert "which is impossible" in said
    assert "-183" not in said
    assert (
        "+0.7 points" in book.contours.at("model=5&covariate=torture_concerns&times=2.5").sentence
    )


def test_e_values(book: SimpleNamespace) -> None:
    assert "far too large" in book.e_values.at("measure=rare").sentence
    refused(book.e_values, "inside=9&of=limit", "includes 1")


def test_horizon(book: SimpleNamespace) -> None:
    assert "Kaplan-Meier" in book.horizon.at("months=36&method=curve").sentence
    assert "where this clock ends" in book.horizon.at("clock=launch").sentence
    refused(book.horizon, "months=999", f"from 6 to {book.horizon.state.months}")
    refused(book.horizon, "method=weight", "so there are no weights")
