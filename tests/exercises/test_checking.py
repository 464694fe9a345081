"""What a learner sees for each kind of answer."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.exercises import check, prediction, reveal, solution
from helpers.exercises.reading import UnreadableAnswer, grid_places, grid_window, on_grid
from helpers.exercises.reading import parse_number as read

ORDER = ["repression", "denial", "concession", "status"]


def share(k: int, n: int) -> float:
    return k / n if n else 0.0


@pytest.mark.parametrize(
    ("identifier", "answer"),
    [
        ("99.1", 89.47),
        ("99.1", np.float64(89.9)),
        ("99.1", "89,5 %"),
        ("99.1", "17/19"),
        ("99.2", "Private  coercive"),
        ("99.3", {"axis two", "axis one"}),
        ("99.4", ORDER),
        ("99.5", "  Risk-Set! "),
        ("99.6", share),
        ("99.6", lambda k, n: np.float64(share(k, n))),
    ],
)
def test_right(bank: Path, identifier: str, answer: object) -> None:
    result = check(identifier, answer)
    assert result.right
    assert repr(result).startswith("Right")


@pytest.mark.parametrize(
    ("identifier", "answer", "message"),
    [
        ("99.1", "84,2%", "Sixteen of nineteen"),
        ("99.1", 14 / 19 * 100, "Fourteen of nineteen"),
        ("99.1", 50, "outside the accepted range"),
        ("99.2", "public coercive", "closed meeting"),
        ("99.2", "public expressive", "another option fits better"),
        ("99.3", ["axis one"], "One more axis"),
        ("99.3", ["axis one", "axis three"], "third axis is not"),
        ("99.3", ["axis two"], "one is still missing"),
        ("99.4", ["repression", "concession", "denial", "status"], "Denial comes before"),
        ("99.4", ORDER[::-1], "order backwards"),
        ("99.4", ["denial", "repression", "concession", "status"], "first two have changed places"),
        ("99.5", "Sample", "never shrinks"),
        ("99.5", "cohort", "not among the accepted"),
        ("99.6", lambda k, n: k / n, "nobody in it. (your function stopped with ZeroDivision"),
        ("99.6", lambda k, n: n, "another result than expected"),
        ("99.6", lambda k, n: None, "returns nothing yet"),
        ("99.6", lambda k, n: shares, "stopped with NameError: name 'shares'"),  # noqa: F821
    ],
)
def test_not_yet_with_the_message_of_that_answer(
    bank: Path, identifier: str, answer: object, message: str
) -> None:
    result = check(identifier, answer)
    assert result.word == "Not yet"
    assert message in result.message


@pytest.mark.parametrize("identifier", ["99.1", "99.2", "99.3", "99.4", "99.5", "99.6", "99.r1"])
def test_blank_is_polite_and_not_kept(bank: Path, identifier: str) -> None:
    assert repr(check(identifier)) == f"Blank: nothing entered yet for {identifier}."
    assert not (bank / "answers.json").exists()


@pytest.mark.parametrize(
    ("identifier", "answer", "words"),
    [
        ("99.1", "many", "not a number we can read"),
        ("99.1", True, "not true or false"),
        ("99.1", [1, 2], "single number"),
        ("99.1", float("nan"), "finite"),
        ("99.1", "1/0", "zero below"),
        ("99.2", "private", "not one of the options"),
        ("99.3", 3, "list of options"),
        ("99.4", ORDER[:3], '"status" has no place yet'),
        ("99.4", [*ORDER, "status"], "more than once"),
        ("99.5", share, "not a function"),
        ("99.6", 0.5, "pass your function itself"),
    ],
)
def test_unreadable_says_what_is_expected(
    bank: Path, identifier: str, answer: object, words: str
) -> None:
    result = check(identifier, answer)
    assert result.word == "Unreadable"
    assert words in result.message


def test_it_says_what_was_checked_and_within_what(bank: Path) -> None:
    assert check("99.1", 1).checked == (
        "Checked: whether your number is within plus or minus 0.5 % of ours."
    )
    assert "3 hidden inputs; not its style" in check("99.6", share).checked
    assert "Nothing was scored" in check("99.r1", "My reflection").checked


def test_html_carries_a_word_beside_the_sign_and_is_escaped(bank: Path) -> None:
    html = check("99.2", "<b>bold</b>").html()
    assert 'role="status"' in html
    assert "</span> Unreadable</strong>" in html
    assert "<b>" not in html


def test_unknown_id_lists_close_ones(bank: Path) -> None:
    result = check("99.p", 1)
    assert result.message.startswith('there is no exercise "99.p"; close ids: ')
    assert "99.p1" in result.message


def test_the_learners_function_cannot_change_the_hidden_inputs(bank: Path) -> None:
    assert check("99.6", share).right
    assert check("99.6", share).right


def test_solution_shows_and_returns_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert solution("99.1", kind="number", answer=1) is None  # type: ignore[func-returns-value]
    assert capsys.readouterr().out == ""


def test_a_share_where_per_cent_are_asked_is_told_so(bank: Path) -> None:
    assert check("99.1", 17 / 19).message.startswith("that is a share; in per cent")
    assert "outside the accepted range" in check("99.1", 0.5).message
    assert check("99.1", "89.5 per cent").right


def test_the_result_waits_for_a_prediction_and_the_button_follows_it(bank: Path) -> None:
    shown = reveal("99.p1", 73.7)
    assert "Record your prediction" in shown.said
    saved = shown._repr_mimebundle_()["text/plain"]
    check("99.p1", 60)
    shown.show()
    assert "You predicted 60%; here is 73.7%." in shown.said
    assert "You predicted 60%" in reveal("99.p1", 73.7).said
    assert "73.7" not in saved == shown._repr_mimebundle_()["text/plain"]


def test_prediction_is_what_was_said_before_the_reveal(bank: Path) -> None:
    assert prediction("99.p1") is None
    assert repr(reveal("99.p1", 73.7)) == "No prediction recorded for 99.p1. Here: 73.7%."
    assert check("99.p1", "55%").word == "Recorded"
    assert check("99.p1", "60").word == "Recorded"
    assert repr(reveal("99.p1", 73.7)) == "You predicted 60%; here is 73.7%."
    check("99.p1", 73.7)
    assert prediction("99.p1") == 60
    check("99.p2", "longer")
    assert repr(reveal("99.p2", "shorter")) == "You predicted longer; here is shorter."


# Reading numbers: expected values are what the text says in ordinary arithmetic.


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("89%", None, 0.89),
        ("89%", "%", 89),
        ("17/19", None, 17 / 19),
        ("14 months", "months", 14),
        ("−3,5", None, -3.5),
        ("1,234.5", None, 1234.5),
        ("1.234,5", None, 1234.5),
        ("12 345", None, 12345),
        (".5", None, 0.5),
        ("1e3", None, 1000),
        (pd.Series([1.0]).iloc[0], None, 1),
        (Fraction(1, 4), None, 0.25),
    ],
)
def test_number_forms(text: Any, unit: str | None, value: float) -> None:
    assert read(text, unit) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("text", ["1,234", "1,2,3", "nan", "inf", "1e999", "--1", "1/2/3", "0x10"])
def test_number_forms_refused(text: str) -> None:
    with pytest.raises(UnreadableAnswer):
        read(text)


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_any_number_survives_being_written_with_point_or_comma(x: float) -> None:
    written = f"{x:.4f}"
    assert read(written) == float(written)
    assert read(written.replace(".", ",")) == float(written)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        assert np.isfinite(read(text, "%"))
    except UnreadableAnswer as error:
        assert str(error).endswith(".")


@given(
    st.floats(-1e4, 1e4), st.sampled_from([0.001, 0.005, 0.01, 0.5, 1, 2.5, 30]), st.floats(-3, 3)
)
def test_tolerance_is_what_it_says(answer: float, tolerance: float, times: float) -> None:
    places = grid_places(tolerance, None)
    accepted = on_grid(answer + times * tolerance, places) in grid_window(answer, tolerance, places)
    if abs(times) <= 0.999:
        assert accepted
    # One step of the grid is at most a fifth of the tolerance.
    if abs(times) > 1.21:
        assert not accepted
