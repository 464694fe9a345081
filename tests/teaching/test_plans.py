"""The written plans fit their notebooks: minutes, panels with their settings, exercises."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from helpers.exercises.table import notebooks_dir, read_solutions
from helpers.panels.base.panel import Panel
from helpers.teaching import cutting, plans
from tests.teaching import kit

SOURCES = sorted(notebooks_dir().glob("[0-9][0-9]_*.ipynb"))
BOOKS = [path for path in SOURCES if plans.plan_path(path).exists()]


def outline_of(path: Path) -> cutting.Outline:
    return cutting.outline(cutting.read_book(path))


@pytest.mark.parametrize("path", BOOKS, ids=lambda p: p.stem)
def test_a_plan_fits_its_notebook(path: Path) -> None:
    items = {item.identifier: item for item in read_solutions(path)}
    found, said = plans.plans_of(path, outline_of(path), items)
    assert said == []
    assert [p.minutes for p in found] == list(plans.LENGTHS)
    assert all(p.by_hand for p in found)


@pytest.mark.parametrize("path", BOOKS, ids=lambda p: p.stem)
def test_every_setting_of_a_plan_opens(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HRD_WORK_DIR", str(tmp_path))
    space: dict[str, Any] = {"__name__": "__main__", "display": lambda *_: None}
    for number, cell in enumerate(json.loads(path.read_text("utf-8"))["cells"]):
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"{path.name}[{number}]", "exec"), space)
    panels = {v.name: v for v in space.values() if isinstance(v, Panel)}
    asked = [pair for plan in plans.read_plans(plans.plan_path(path).read_text("utf-8")).values()
             for beat in plan.beats for pair in beat.panels if pair[1]]  # fmt: skip
    assert asked
    for name, setting in asked:
        assert panels[name].at(setting).sentence


def outline(*panels: str) -> cutting.Outline:
    steps = tuple(cutting.Step("panel", "", name) for name in panels)
    return cutting.Outline("T", "Q", (), 50, (cutting.Section("S", steps),), ())


GOOD = (
    "# Plans\n\n## 50 minutes\nAim: to\nsee.\n\n"
    + "".join(f"### {n * 10}-{n * 10 + 10} Part {n}\nDo it.\n\nThen more.\nPanel: One | a=1\n"
              f"Exercise: 99.1, 99.p1\nExpect: this\nand that.\n\n" for n in range(5))
    + "Late: cut.\nHome: 99.2\n"
)  # fmt: skip


def test_a_plan_is_read() -> None:
    plan = plans.read_plans(GOOD)[50]
    assert (plan.aim, plan.late, plan.home) == ("to see.", "cut.", "99.2")
    first = plan.beats[0]
    assert (first.start, first.end, first.title) == (0, 10, "Part 0")
    assert first.text == "Do it.\n\nThen more."
    assert first.panels == (("One", "a=1"),)
    assert first.exercises == ("99.1", "99.p1")
    assert first.expect == "this and that."
    assert plan.beats[-1].text == "Do it.\n\nThen more."


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Panel: One", "Panel: Two", 'no panel "Two"; it has: One'),
        ("99.1,", "99.77,", "no exercise 99.77"),
        ("Home: 99.2", "Home: 99.88", "Home: there is no exercise 99.88"),
        ("### 10-20", "### 12-20", "should begin at minute 10"),
        ("### 40-50", "### 40-49", "ends at minute 49"),
        ("Aim: to\nsee.", "", '"Aim: ..." is missing'),
        ("Late: cut.\n", "", '"Late: ..." is missing'),
        ("Expect: this\nand that.", "", '"Expect: ..." is missing'),
        ("### 40-50 Part 4", "Part 4", "are 5 parts, not 4"),
        ("## 50 minutes", "## 55 minutes", "no plan of 50 minutes"),
    ],
)
def test_what_does_not_fit_is_said(old: str, new: str, words: str) -> None:
    known = ["99.1", "99.p1", "99.2"]
    whole = GOOD + "\n" + GOOD.replace("## 50", "## 80")
    assert plans.problems({50: plans.read_plans(whole)[50]}, outline("One"), known) == [
        "There is no plan of 80 minutes."
    ]
    said = plans.problems(plans.read_plans(GOOD.replace(old, new)), outline("One"), known)
    assert any(words in line for line in said), said


@pytest.mark.parametrize("notebook", [kit.FIXTURE, *SOURCES], ids=lambda p: p.stem)
@pytest.mark.parametrize("minutes", plans.LENGTHS)
def test_a_notebook_without_plans_gets_one_in_its_own_order(notebook: Path, minutes: int) -> None:
    items = {item.identifier: item for item in read_solutions(notebook)}
    plan = plans.propose(outline_of(notebook), items, minutes)
    assert not plan.by_hand
    assert plan.beats[0].start == 0
    assert plan.beats[-1].end == minutes
    for one, other in zip(plan.beats, plan.beats[1:], strict=False):
        assert one.end == other.start
        assert 0 < other.end - other.start <= minutes // 2
    named = " ".join([*(beat.title for beat in plan.beats), plan.home])
    assert all(identifier in named for identifier in items)
    page = plans.plan_html(plan)
    assert "Proposed from the notebook" in page


def test_benches_and_panels_without_outputs_are_seen() -> None:
    book = json.loads(kit.notebook("x = WhichTest(printed)\nx", "CodingBench(v)", "import os"))
    book["cells"] = [cutting.markdown("# T", "t"), *book["cells"]]
    steps = cutting.outline(book).sections[0].steps
    assert [step.text for step in steps] == ["Which test", "Coding bench"]
    shown = cutting.code("bench", "b")
    shown["outputs"] = [{"data": {"text/plain": "[Process tracing bench] 18 cards"}}]
    book["cells"].append(shown)
    assert cutting.outline(book).sections[0].steps[-1].text == "Process tracing bench"


def test_the_page_holds_no_markup_of_a_plan() -> None:
    nasty = GOOD.replace("Do it.", "<script>x</script>")
    page = plans.plan_html(plans.read_plans(nasty)[50])
    assert not re.search("<script", page)


def test_a_notebook_in_another_language_names_its_keywords() -> None:
    first = "# T\n\n**Frage.** Warum?\n\n- sehen;\n\n**Minuten:** 40"
    second = "## Eins\n\n*Versuche:* dies.\n\n*Zum Gespräch:* das."
    book = cutting.as_book([cutting.markdown(first, "a"), cutting.markdown(second, "b")], {})
    book["metadata"]["hrd_words"] = {
        "Question": "Frage", "Minutes": "Minuten", "Try": "Versuche",
        "For discussion": "Zum Gespräch",
    }  # fmt: skip
    found = cutting.outline(book)
    assert (found.question, found.minutes, found.discussion) == ("Warum?", 40, ("das.",))
    assert found.sections[0].steps[0].text == "dies."
