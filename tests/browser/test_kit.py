"""What an instructor hands out and shows, in a real JupyterLab and a real browser, offline."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api")

from helpers.exercises.bank import load_bank  # noqa: E402
from helpers.teaching import assign, class_copy, handout  # noqa: E402
from tests.browser import lab  # noqa: E402
from tests.teaching import kit  # noqa: E402

pytestmark = pytest.mark.browser

SOURCE = lab.ROOT / "notebooks" / "01_typology.ipynb"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[lab.Server, object]]:
    """One JupyterLab over a student's set and a class copy, far from the project."""
    lab.need_chromium()
    folder = tmp_path_factory.mktemp("far away")
    made = assign.assign(assign.Wish((SOURCE,), folder / "out"))
    (made / "students" / "common").rename(folder / "set")
    class_copy.make_class_copy(SOURCE, folder / "class")
    with lab.serving(folder, tmp_path_factory.mktemp("work")) as server, lab.chromium() as browser:
        yield server, browser


@pytest.fixture
def page(running):  # type: ignore[no-untyped-def]
    _server, browser = running
    opened = browser.new_page(viewport={"width": 1280, "height": 1400})
    yield opened
    opened.close()


def test_a_students_set_checks_and_hands_in(running, page) -> None:  # type: ignore[no-untyped-def]
    server, _ = running
    traffic = lab.Traffic()
    traffic.watch(page, server.url)
    lab.open_notebook(page, server, f"set/{SOURCE.name}")
    lab.run_all(page)
    assert lab.error_outputs(page) == []
    form = page.locator(".hrd-exercise", has_text="Exercise 01.5")
    form.locator("input[type=text]").fill("0,40")
    form.get_by_role("button", name="Check").click()
    form.locator("strong", has_text="Right").wait_for()
    last = page.locator(".jp-Notebook .jp-CodeCell").last
    last.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.type('hand_in("Ada")')
    page.keyboard.press("Shift+Enter")
    page.get_by_text("Your answers are in handin_ada.json").wait_for()
    stored = json.loads((server.folder / "set" / "handin_ada.json").read_text("utf-8"))
    assert stored["answers"]["01.5"]["verdict"] == "Right"
    assert traffic.outside == []


def test_class_mode_hides_the_code_and_polls(running) -> None:  # type: ignore[no-untyped-def]
    server, browser = running
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    votes = server.folder / "class" / "polls"
    (votes / "room.json").write_text('{"address": "http://192.168.1.20:40000/ABCDEFGHJ"}')
    page.goto(server.address(f"class/{SOURCE.name}").replace("/lab/tree/", "/doc/tree/"))
    lab.wait_for_kernel(page)
    assert not page.locator("#jp-left-stack").is_visible()
    lab.start_all(page)
    # Folded cells show no prompt to wait for.
    page.locator(".hrd-show-code").wait_for(timeout=90_000)
    page.get_by_text("No vote on 01.p1 yet").wait_for(timeout=90_000)
    # A class begins at the top, with the title and where to vote in sight.
    page.wait_for_function(
        "() => document.querySelector('.jp-Notebook h1')?.getBoundingClientRect().top > 0",
        timeout=60_000,
    )
    page.get_by_alt_text("QR code of the address").wait_for()
    page.wait_for_timeout(800)
    page.screenshot(path=lab.ARTIFACTS / "kit-class-top.png")
    inputs = page.locator(".jp-Notebook .jp-CodeCell > .jp-Cell-inputWrapper")
    assert inputs.count() > 5
    assert not any(inputs.nth(n).is_visible() for n in range(inputs.count()))
    size = page.locator(".jp-Notebook .jp-MarkdownOutput p").first.evaluate(
        "node => parseFloat(getComputedStyle(node).fontSize)"
    )
    assert size >= 20
    for number, vote in enumerate(["two", "two", "none"]):
        answer = {"01.p1": kit.record(vote)}
        content = {**json.loads(kit.handin(key=f"K{number}")), "answers": answer}
        (votes / f"handin_{number}.json").write_text(json.dumps(content))
    page.get_by_role("button", name="Count again").click()
    page.get_by_text("3 votes on 01.p1; hidden").first.wait_for()
    hands = page.get_by_label("Hands")
    hands.fill("0 1 4 0 0")
    hands.press("Enter")
    page.get_by_label("Show the result").first.click()
    page.get_by_text("8 votes on 01.p1: most, 6, say two.").first.wait_for()
    assert lab.error_outputs(page) == []
    poll = page.locator(".jp-OutputArea-child", has_text="8 votes on 01.p1").last
    poll.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    page.screenshot(path=lab.ARTIFACTS / "kit-class.png")
    box = poll.bounding_box()
    assert box is not None
    assert box["height"] <= 660  # what 720 pixels leave below the menu
    page.locator(".hrd-show-code").check()
    assert inputs.nth(1).is_visible()
    page.close()


def test_a_handout_asks_nothing_of_the_network(running, page, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    bank = load_bank(lab.ROOT / "exercises")
    for source in sorted(SOURCE.parent.glob("0[0-9]_*.ipynb")):
        path = tmp_path / f"{source.stem}.html"
        path.write_text(handout.handout(source, bank), encoding="utf-8")
        asked: list[str] = []
        page.on("request", lambda request, seen=asked: seen.append(request.url))
        page.goto(path.as_uri())
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        drawn = page.eval_on_selector_all(
            "img", "all => all.map(i => i.complete && i.naturalWidth > 0 && i.alt !== '')"
        )
        assert drawn
        assert all(drawn)
        page.screenshot(path=lab.ARTIFACTS / f"kit-handout-{source.stem}.png", full_page=True)
