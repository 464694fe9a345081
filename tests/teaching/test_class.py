"""For the seminar: a copy for the projector, polls from files, a page to print."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from helpers.charts import theme
from helpers.exercises import present
from helpers.exercises.bank import load_bank
from helpers.exercises.table import exercises_dir, notebooks_dir, read_solutions
from helpers.teaching import class_copy, cutting, handout, leaks
from helpers.teaching.polls import PredictionPoll, poll, read_ballots, vote_rows
from tests.teaching import kit

FIXTURE = Path(__file__).parent / "99_fixture.ipynb"
SOURCES = sorted(notebooks_dir().glob("[0-9][0-9]_*.ipynb"))


# Polls -----------------------------------------------------------------------------------------


@pytest.fixture
def polls(bank: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "polls"
    folder.mkdir()
    for number, vote in enumerate(["longer", "shorter", "longer", "much longer", "LONGER "]):
        answer = kit.record("shorter", vote)
        if number == 0:
            answer["history"] += kit.record("shorter", phase="after reveal")["history"]
        text = kit.handin(key=f"K{number}", _p2=answer, _p1=kit.record(str(40 + number)))
        (folder / f"handin_{number}.json").write_text(text)
    return folder


def test_a_poll_counts_the_last_vote_before_the_result(polls: Path) -> None:
    (polls / "bad.json").write_text("{")
    panel = poll("99.p2", polls)
    panel.open("show=yes")
    assert "5 votes on 99.p2: most, 3, say longer." in panel.sentence
    assert "bad.json is cut off or damaged" in panel.sentence
    rows = {r["answer"]: r["count"] for r in panel.still()["datasets"]["votes"]}
    assert rows == {"much longer": 1, "longer": 3, "shorter": 1}
    assert list(rows) == ["much longer", "longer", "shorter"]
    panel.open("phase=after&show=yes")
    assert "1 vote " in panel.sentence
    panel.reset()
    assert len(theme.png(panel.still())) > 1000


def test_a_poll_of_numbers_has_a_middle(polls: Path) -> None:
    panel = poll("99.p1", polls)
    panel.open("show=yes")
    assert "The middle vote is 42 %." in panel.sentence
    many = tuple(float(n) for n in range(0, 100, 3))
    rows = vote_rows(many, (), "%")
    assert len(rows) <= 12
    assert rows["count"].sum() == len(many)
    huge = vote_rows((1.0, *(10.0**n for n in range(20))), (), "")
    assert len(huge) <= 13


def test_the_folder_is_read_again_at_a_click(polls: Path) -> None:
    panel = poll("99.p2", polls)
    panel.open("show=yes")
    (polls / "late.json").write_text(kit.handin(key="LATE", _p2=kit.record("shorter")))
    panel.pressed("again")
    assert "6 votes" in panel.sentence
    assert panel.still()["datasets"]["votes_ghost"] != panel.still()["datasets"]["votes"]


@pytest.mark.parametrize(
    ("identifier", "folder", "words"),
    [
        ("99.p2", "nowhere", "is not a folder"),
        ("99.1", "", "is no prediction"),
        ("99.p9", "", "there is no exercise"),
        ("99.p2", "empty", "drop files handin_"),
    ],
)
def test_a_poll_without_votes_is_one_sentence(
    polls: Path, identifier: str, folder: str, words: str
) -> None:
    (polls / "empty").mkdir()
    panel = poll(identifier, polls / folder)
    assert words in panel.error
    assert not panel.sentence


def test_an_unreadable_vote_is_said(polls: Path) -> None:
    (polls / "odd.json").write_text(kit.handin(key="ODD", _p2=kit.record("sideways")))
    ballots = read_ballots("99.p2", polls)
    assert ballots.problems == ("ODD: 'sideways' cannot be read.",)
    assert len(ballots.before) == 5
    assert PredictionPoll(ballots).setting == ""


# The copy for the projector --------------------------------------------------------------------


@pytest.mark.parametrize("notebook", [FIXTURE, *SOURCES], ids=lambda p: p.stem)
def test_the_class_copy_hides_code_and_polls_each_prediction(
    notebook: Path, tmp_path: Path
) -> None:
    items = read_solutions(notebook)
    path = class_copy.make_class_copy(notebook, tmp_path / "class")
    book = cutting.read_book(path)
    nbformat.validate(nbformat.from_dict(book))
    code = [c for c in book["cells"] if c["cell_type"] == "code"]
    assert all(c["metadata"]["jupyter"]["source_hidden"] for c in code)
    polled = [s for c in code if (s := cutting.source_of(c)).startswith("poll(")]
    predictions = [i.identifier for i in items if i.kind == "prediction"]
    assert sorted(polled) == sorted(f'poll("{i}")' for i in predictions)
    assert leaks.find_leaks(tmp_path, items) == []


def test_making_the_copy_again_keeps_the_votes(tmp_path: Path) -> None:
    path = class_copy.make_class_copy(FIXTURE, tmp_path)
    (tmp_path / "polls" / "vote.json").write_text("{}")
    path.write_text("changed")
    class_copy.make_class_copy(FIXTURE, tmp_path)
    assert "cells" in path.read_text()
    assert (tmp_path / "polls" / "vote.json").exists()


def test_class_mode_is_an_output_with_a_way_back() -> None:
    bundle = present()._repr_mimebundle_()
    assert "display: none" in bundle["text/html"]
    assert "show the code" in bundle["text/html"]
    assert "Class mode" in bundle["text/plain"]


def test_a_wrong_number_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert class_copy.main(["77", "--to", str(tmp_path / "x")]) == 1
    assert "no notebook '77'" in capsys.readouterr().err


# The handout -----------------------------------------------------------------------------------


@pytest.mark.parametrize("notebook", [FIXTURE, *SOURCES], ids=lambda p: p.stem)
def test_a_handout_loads_nothing_and_tells_nothing(notebook: Path, bank: Path) -> None:
    items = read_solutions(notebook)
    stored = load_bank() if notebook == FIXTURE else load_bank(exercises_dir())
    page = handout.handout(notebook, stored)
    for found in re.finditer(r"""\b(src|srcset|poster|background)\s*=\s*["']([^"']*)""", page):
        assert found.group(2).startswith("data:"), found.group(0)[:80]
    assert not re.search(r"<(script|link|iframe|object|embed)\b", page)
    assert not re.search(r"@import|url\(", page)
    plain = " ".join(re.sub(r"<[^>]+>", " ", page).split()).casefold()
    for item in items:
        assert f"{item.identifier}" in page
        for secret in leaks.sentences_of(item):
            assert secret not in plain, item.identifier


def test_an_answers_picture_is_on_a_later_page_than_its_prediction(bank: Path) -> None:
    source = next(p for p in SOURCES if p.stem.startswith("02"))
    page = handout.handout(source, load_bank(exercises_dir()))
    for identifier in ("02.p1", "02.p2", "02.p3"):
        after = page[page.index(f"Prediction {identifier}") :]
        assert after.index('<div class="turn">') < after.index("<figure")
    before = page[: page.index('<div class="answer"><strong>Exercise 02.1<')]
    asked = before.rsplit('<div class="asked">', 1)[1]
    assert "By how many percentage points" in asked
    assert "*Try:*" not in page
    assert "Do now" not in page


def test_sections_can_be_chosen(bank: Path) -> None:
    source = next(p for p in SOURCES if p.stem.startswith("02"))
    whole = handout.handout(source, load_bank(exercises_dir()))
    one = handout.handout(source, load_bank(exercises_dir()), ["1"])
    assert "02.1</strong>" in one
    assert "02.12</strong>" not in one
    assert len(one) < len(whole)
    with pytest.raises(cutting.KitError, match="There is no section '77'; there are: 1\\."):
        handout.handout(source, {}, ["77"])


@pytest.mark.parametrize(
    ("number", "words"),
    [("06", ("AZ01", "Shame: Naming the women", "from 0 to 1")), ("07", ("VN01", "rival accounts")),
     ("01", ("T01", "what was done"))],
)  # fmt: skip
def test_a_bench_is_a_form_on_paper(number: str, words: tuple[str, ...]) -> None:
    source = next(p for p in SOURCES if p.stem.startswith(number))
    page = handout.handout(source, {})
    assert all(word in page for word in words)


def test_formulas_become_pictures_with_their_source(tmp_path: Path, bank: Path) -> None:
    text = "Let $\\hat{S}(t) = \\prod (1 - d_i/n_i)$ and `$5` cost; $$\\log T = x\\beta$$ $\\nope{$"
    path = tmp_path / "99_x.ipynb"
    cutting.write_book(cutting.as_book([cutting.markdown(text, "a")], {}), path)
    page = handout.handout(path, {})
    assert page.count('class="math"') == 2
    assert "<code>$5</code>" in page
    assert "MATH" not in page


@pytest.mark.parametrize("notebook", sorted(notebooks_dir().glob("0*.ipynb")), ids=lambda p: p.stem)
def test_no_formula_of_a_notebook_is_left_as_it_was_typed(notebook: Path) -> None:
    page = handout.handout(notebook, {})
    typed = [code for code in re.findall(r"<code>(.*?)</code>", page) if "\\" in code]
    assert typed == []


def test_a_handout_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "h.html"
    assert handout.main(["0", "--to", str(target)]) == 0
    first = target.read_bytes()
    assert handout.main(["0", "--to", str(target)]) == 1
    assert "nothing was overwritten" in capsys.readouterr().err
    assert target.read_bytes() == first
