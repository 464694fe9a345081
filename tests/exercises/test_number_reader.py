"""What people type where a number is asked for: read, or refused with a true reason."""

from __future__ import annotations

import itertools
import math

import pytest

from helpers.exercises import grading, table
from helpers.exercises.reading import UnreadableAnswer, decimals_typed, parse_number
from helpers.exercises.table import Solution, plain_entry

SHARE = 17 / 19
# Every way of writing a share, beside every unit: the value is ordinary arithmetic.
SHARES = ("17/19", "17 / 19", "17 of 19", "=17/19")
SCALED = ("%", "points")
TYPED = [
    *((text, unit, 100 * SHARE) for text, unit in itertools.product(SHARES, SCALED)),
    *((text, unit, SHARE) for text, unit in itertools.product(SHARES, ("", "times"))),
    *((f"37.1{mark}", "points", 37.1) for mark in
      ("", "%", " %", "pp", " pp", " points", " percentage points", " point", " percent")),
    *((f"37,1{mark}", "points", 37.1) for mark in ("", "%", " pp", " points")),
    *((f"89.5{mark}", "%", 89.5) for mark in ("", "%", " %", " percent", " per cent")),
    *((f"10.9{mark}", unit, 10.9) for mark, unit in
      itertools.product(("", "x", " x", " times", "-fold"), ("", "times"))),
    *((f"16.6{mark}", "months", 16.6) for mark in ("", " months", " month", " mo", "months")),
    *((f"3{mark}", unit, 3.0) for mark, unit in
      itertools.product(("", " women", " people", " persons"), ("women", "people", "names"))),
    *((word, unit, value) for (word, value), unit in itertools.product(
        (("two", 2.0), ("Nineteen", 19.0), ("zero", 0.0)), ("", "women", "%"))),
    *((text, "", value) for text, value in (
        ("exp(2.825)", math.exp(2.825)), ("2/sqrt(19)", 2 / math.sqrt(19)), ("ln(2)", math.log(2)),
        ("14/19*100", 1400 / 19), ("1 - 0.6^(7/12)", 1 - 0.6 ** (7 / 12)), ("2*(3+4)", 14.0),
        ("17/19-11/21", 17 / 19 - 11 / 21), ("-16.6", -16.6), ("\u22123.5", -3.5),
        ("2\u00d73", 6.0),
        ("1e-3", 0.001), ("0,381", 0.381), ("12 345", 12345.0), ("16.6%", 0.166))),
    ("17/19-11/21", "points", 100 * (17 / 19 - 11 / 21)),
    ("14/19*100", "%", 1400 / 19),
    ("37.1 of 100", "of 100", 37.1),
    ("0.9 sd", "standard deviations", 0.9),
]  # fmt: skip


@pytest.mark.parametrize(("text", "unit", "value"), TYPED)
def test_read_as_people_write(text: str, unit: str, value: float) -> None:
    assert parse_number(text, unit) == pytest.approx(value, rel=1e-12)


REFUSED = [
    ("16.6 days", "months", "is in days; months are asked for"),
    ("3 months", "women", "is in months; women are asked for"),
    ("2 years", "", "is in years; a number without a unit"),
    ("about ten", "", '"about ten" is not a number'),
    ("1/0", "", "zero below the line"),
    ("(1+2)/0", "", "divides by zero"),
    ("16,600", "", "a thousand or a decimal"),
    ("9**9**9", "", "not a number we can read"),
    ("__import__('os')", "", "not a number we can read"),
    ("[1][0]", "", "not a number we can read"),
    ("sqrt(-1)", "", "not a number we can read"),
    ("a" * 300, "", "not a number we can read"),
    ("1+", "", '"1+" is not a number'),
    ("3/4/2015", "", "not a number we can read"),
    ("x", "", "not a number we can read"),
    ("%", "%", "not a number we can read"),
]


@pytest.mark.parametrize(("text", "unit", "said"), REFUSED)
def test_refused_with_a_true_reason(text: str, unit: str, said: str) -> None:
    with pytest.raises(UnreadableAnswer) as refusal:
        parse_number(text, unit)
    assert said in str(refusal.value)


def test_the_list_is_long_enough_to_mean_something() -> None:
    assert len(TYPED) + len(REFUSED) >= 100


@pytest.mark.parametrize(
    ("text", "places"), [("47", 0), ("47.2", 1), ("47,25 %", 2), ("1/3", None), (0.381, 3)]
)
def test_decimals_typed(text: object, places: int | None) -> None:
    assert decimals_typed(text) == places


@pytest.fixture
def near(monkeypatch: pytest.MonkeyPatch):
    """Look an answer up in an exercise with one right number."""

    def say(right: float, tolerance: float, unit: str, answer: object) -> str:
        def right_here(entry: object, value: float) -> bool:
            return abs(value - right) <= tolerance + 1e-12

        monkeypatch.setattr(grading, "_right", right_here)
        entry = {"kind": "number", "unit": unit, "tolerance": tolerance}
        return grading.near_miss(entry, parse_number(answer, unit), answer)

    return say


@pytest.mark.parametrize(
    ("right", "tolerance", "unit", "answer", "said"),
    [
        (37.1, 0.06, "points", "0.371", "a share"),
        (37.1, 0.06, "points", "-37.1", "the sign is not"),
        (0.381, 0.001, "", "38.1", "too large"),
        (4.6, 0.05, "", "0.2174", "turn it round"),
        (47.2, 0.05, "%", "47", "rounded too far"),
        (0.4588, 0.0005, "", "0.46", "rounded too far"),
        (1475, 0, "days", "1474", "one off"),
        (47.2, 0.05, "%", "30", ""),
    ],
)
def test_near_misses(near, right, tolerance, unit, answer, said) -> None:
    found = near(right, tolerance, unit, answer)
    assert said in found if said else not found


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("130", "too large: it lies between 0 and 100."),
        ("-5", "too small: it lies between 0 and 100."),
        ("30", ""),
        ("100", ""),
        ("0.472", "a share"),
    ],
)
def test_too_large_is_said_only_beyond_the_stated_range(answer: str, said: str) -> None:
    fields = {"kind": "number", "answer": 47.2, "tolerance": 0.05, "unit": "%", "between": [0, 100]}
    entry = plain_entry(Solution("99.1", fields))
    found = grading.near_miss(entry, parse_number(answer, "%"), answer)
    assert said in found if said else not found


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("abcdfe", "changed places, after the first 4"),
        ("abcefd", "the first 3 are right."),
        ("abfdce", "the first 2 are right."),
        ("acdbfe", ""),  # beyond the last four nothing is tried
        ("fedcba", "the other way round"),
    ],
)
def test_how_many_of_an_order_are_right(order: str, said: str) -> None:
    entry = plain_entry(Solution("99.2", {"kind": "ordering", "answer": list("abcdef")}))
    found = grading.near_miss(entry, list(order), list(order))
    assert said in found if said else not found


def test_of_three_the_first_alone_can_be_right() -> None:
    entry = plain_entry(Solution("99.2", {"kind": "ordering", "answer": list("abcd")}))
    assert grading.near_miss(entry, list("acdb")) == "only the first is right so far."


@pytest.mark.parametrize(
    "fields",
    [
        {"between": [0, 40]},
        {"between": [100, 0]},
        {"between": [0]},
        {"between": "0 to 100"},
    ],
)
def test_a_range_that_cannot_be_is_refused(fields: dict[str, object]) -> None:
    assert "between" in table._problem_with({"kind": "number", "answer": 47.2, **fields})


def test_a_prediction_takes_its_most() -> None:
    fields = {"kind": "prediction", "entry": "number", "unit": "women", "most": 19}
    assert table._problem_with(fields) == ""
    entry = plain_entry(Solution("99.p1", fields))
    assert grading.grade(entry, "20").message == "There are 19 in all."
    assert grading.grade(entry, "19").word == grading.RECORDED
    assert table._problem_with({**fields, "most": "19"}) == "most must be a number."


@pytest.mark.parametrize(
    ("entry", "value", "refused"),
    [
        ({"entry": "number", "unit": "%"}, 101, True),
        ({"entry": "number", "unit": "women"}, -3, True),
        ({"entry": "number", "unit": "women"}, 2.5, True),
        ({"entry": "number", "unit": "women", "most": 19}, 20, True),
        ({"entry": "number", "unit": "women", "most": 19}, 19, False),
        ({"entry": "number", "unit": "%"}, 0, False),
        ({"entry": "number", "unit": "%", "most": 1000}, 150, False),
        ({"entry": "number", "unit": "%", "most": 1000}, 1001, True),
        ({"entry": "text"}, "x", False),
    ],
)
def test_predictions_refuse_only_the_impossible(entry, value, refused) -> None:
    assert bool(grading._impossible(entry, value)) is refused
