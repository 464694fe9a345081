"""The form: what it reads, what it fills in, what it says; never a traceback."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from helpers.exercises import ask, check, predict
from helpers.exercises.widgets import Form

ORDER = ["repression", "denial", "concession", "status"]
RIGHT = {
    "99.1": "17/19",
    "99.2": "private coercive",
    "99.3": ["axis one", "axis two"],
    "99.4": ORDER,
    "99.5": "risk set",
}


@pytest.mark.parametrize(("identifier", "answer"), RIGHT.items())
def test_a_form_checks_and_is_filled_in_again(bank: Path, identifier: str, answer: Any) -> None:
    form = ask(identifier)
    form.press("submit")
    assert "Blank" in form.said
    form.fill(answer)
    form.press("submit")
    assert "Right</strong>" in form.said
    again = ask(identifier)
    entered = again.answer
    assert sorted(entered) == sorted(answer) if isinstance(answer, list) else entered == answer
    said = re.search(r"Your last entry \((.*)\) is filled in\.", again.said)
    assert said
    ago = datetime.now() - datetime.strptime(said[1], "%Y-%m-%d, %H:%M")
    assert timedelta(0) <= ago < timedelta(minutes=5)


def test_a_number_stored_from_code_is_filled_in(bank: Path) -> None:
    check("99.1", 89.5)
    form = ask("99.1")
    assert form.answer == "89.5"


@pytest.mark.parametrize("identifier", ["99.1", "99.2", "99.3", "99.4", "99.5", "99.6", "99.p1"])
def test_saved_text_is_short_and_does_not_depend_on_answers(bank: Path, identifier: str) -> None:
    def text(form: Form) -> str:
        bundle = form._repr_mimebundle_()
        assert "application/vnd.jupyter.widget-view+json" in bundle
        return bundle["text/plain"]

    before = text(ask(identifier))
    check(identifier, RIGHT.get(identifier, "60"))
    assert text(ask(identifier)) == before
    assert len(before) < 80
    assert "0x" not in before


def test_hints_come_one_at_a_time(bank: Path) -> None:
    form = ask("99.1")
    assert form.labels["hint"] == "Hint 1 of 2"
    form.press("hint")
    assert "Count the rows." in form.hints
    assert "Divide" not in form.hints
    form.press("hint")
    assert "Divide seventeen" in form.hints
    assert form.labels["hint"] == "No more hints"


def test_prediction_and_reflection_are_recorded_not_scored(bank: Path) -> None:
    form = predict("99.p2")
    assert isinstance(form, Form)
    assert form.labels["submit"] == "Record"
    form.fill("longer")
    form.press("submit")
    assert "Recorded" in form.said
    written = ask("99.r1")
    written.fill("A rival explanation.")
    written.press("submit")
    assert "Nothing was scored" in written.said


def test_an_unknown_id_is_one_sentence(bank: Path) -> None:
    form = ask("99.11")
    assert "close ids: 99.1" in form.said
    assert repr(form) == "Exercise 99.11: not found"


def test_a_stored_answer_that_no_longer_fits_is_left_out(bank: Path) -> None:
    check("99.4", ["repression"])
    check("99.2", "an option of last year")
    for identifier in ("99.2", "99.4"):
        form = ask(identifier)
        form.press("submit")
        assert "<strong>" in form.said


def test_bad_folders_and_faults_stay_inside_the_form(
    bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "taken").write_text("")
    monkeypatch.setenv("HRD_WORK_DIR", str(tmp_path / "taken"))
    form = ask("99.2")
    form.fill("private coercive")
    form.press("submit")
    assert "Right</strong>" in form.said
    assert "could not be saved" in form.said

    def fault(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("helpers.exercises.widgets.check_entry", fault)
    form.press("submit")
    assert "could not be done (RuntimeError)" in form.said
