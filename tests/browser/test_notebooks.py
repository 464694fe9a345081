"""Every notebook in a real JupyterLab, with no network: drawn, run, every control moved."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api")

from tests.browser import lab  # noqa: E402

pytestmark = pytest.mark.browser

NOTEBOOKS = [
    entry["file"]
    for entry in json.loads((lab.ROOT / "notebooks" / "manifest.json").read_text("utf-8"))
]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[lab.Server, object]]:
    """One JupyterLab over a copy of the notebooks, and one browser."""
    lab.need_chromium()
    folder = tmp_path_factory.mktemp("books")
    work = tmp_path_factory.mktemp("work")
    shutil.copytree(lab.ROOT / "notebooks", folder, dirs_exist_ok=True)
    with lab.serving(folder, work) as server, lab.chromium() as browser:
        yield server, browser


@pytest.fixture
def page(running):  # type: ignore[no-untyped-def]
    _server, browser = running
    # Tall, so that every cell is on the page and nothing waits for a scroll.
    opened = browser.new_page(viewport={"width": 1280, "height": 1400})
    yield opened
    opened.close()


def shoot(page, name: str) -> None:  # type: ignore[no-untyped-def]
    page.screenshot(path=lab.ARTIFACTS / f"{name}.png")


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_fresh_clone_shows_its_charts(running, page, notebook: str) -> None:
    """Nothing run, nothing trusted: each chart or panel is there as a picture."""
    server, _ = running
    cells = json.loads((lab.ROOT / "notebooks" / notebook).read_text("utf-8"))["cells"]
    outputs = [out.get("data", {}) for cell in cells for out in cell.get("outputs", [])]
    pictures = sum("image/png" in data for data in outputs)
    assert pictures > 0
    lab.open_notebook(page, server, notebook)
    drawn = ".jp-OutputArea-output :is(img[src^='data:image/png'], .vega-embed canvas, svg.marks)"
    page.wait_for_function(
        f"() => document.querySelectorAll({json.dumps(drawn)}).length >= {pictures}",
        timeout=30_000,
    )
    assert "Loading widget" not in page.inner_text(".jp-Notebook")
    shoot(page, f"{Path(notebook).stem}-fresh")


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_runs_offline_and_every_control_moves_something(running, page, notebook: str) -> None:
    server, _ = running
    stem = Path(notebook).stem
    traffic = lab.Traffic()
    traffic.watch(page, server.url)
    lab.open_notebook(page, server, notebook)
    lab.run_all(page)
    assert lab.error_outputs(page) == []
    page.wait_for_function(
        "() => [...document.querySelectorAll('.hrd-figure')].every(p => p.dataset.serial)",
        timeout=60_000,
    )
    panels = page.locator(".hrd-panel:has(.hrd-foot:not([hidden]))")
    moved = 0
    for number in range(panels.count()):
        panel = panels.nth(number)
        panel.scroll_into_view_if_needed()
        shoot(page, f"{stem}-panel{number + 1}")
        moved += move_every_control(page, panel)
        shoot(page, f"{stem}-panel{number + 1}-moved")
        refuses_a_bad_setting(panel)
    assert panels.count() == 0 or moved >= panels.count()
    assert traffic.outside == []
    assert traffic.failed == []
    assert traffic.errors == []


CONTROLS = ".hrd-controls :is(input[type=checkbox], input[type=range], select, .hrd-buttons)"


def move_every_control(page, panel) -> int:  # type: ignore[no-untyped-def]
    """Move each control once from the start; each must change the picture or the words.

    A choice may say nothing where the panel opens (a filter where one value is left, an exit that
    counts once the outcome is shown); then it must do so with all lists at their first entry and
    all boxes ticked. What is greyed there is left alone.
    """
    panel.locator("details.hrd-others").evaluate("node => node.open = true")
    controls = panel.locator(CONTROLS)
    count = controls.count()
    for number in range(count):
        control = controls.nth(number)
        what = control.evaluate("node => node.outerHTML.slice(0, 160)")
        for wide in (False, True):
            panel.locator(".hrd-reset").click()
            page.wait_for_timeout(250)
            if wide:
                for other in range(count):
                    if other != number:
                        widen(controls.nth(other))
                        page.wait_for_timeout(100)
            if is_greyed(control) or any(
                nudge(control, attempt) and changed(page, panel, before)
                for attempt in range(6)
                if (before := content(panel))
            ):
                break
        else:
            raise AssertionError(f"This control changed neither picture nor words: {what}")
    panel.locator(".hrd-reset").click()
    return count


def is_greyed(control) -> bool:  # type: ignore[no-untyped-def]
    return control.evaluate(
        """node => node.matches('[disabled], [aria-disabled=true]') || (
          node.matches('.hrd-buttons') &&
          !node.querySelector('button[aria-pressed=false]:not([aria-disabled])')) || (
          node.tagName === 'SELECT'
          && node.querySelectorAll('option:not([disabled])').length < 2)"""
    )


def widen(control) -> None:  # type: ignore[no-untyped-def]
    """Set a list to its first entry and tick a box, unless it is greyed."""
    if is_greyed(control):
        return
    kind = control.evaluate("node => node.type === 'checkbox' ? 'box' : node.tagName")
    if kind == "SELECT":
        control.select_option(index=0)
    elif kind == "box" and not control.is_checked():
        control.click()


def nudge(control, attempt: int) -> bool:  # type: ignore[no-untyped-def]
    """Move a control to another value, as a reader would; `attempt` picks which."""
    if is_greyed(control):
        return False
    kind = control.evaluate("node => node.type === 'range' ? 'slider' : node.tagName")
    if kind == "slider":
        control.focus()
        control.press("ArrowRight" if attempt % 2 == 0 else "ArrowLeft")
    elif kind == "SELECT":
        open_ = control.locator("option:not([disabled])")
        values = open_.evaluate_all("nodes => nodes.map(n => n.value)")
        control.select_option(value=values[(attempt + 1) % len(values)])
    elif kind == "INPUT":
        control.click()
    else:
        buttons = control.locator("button[aria-pressed=false]:not([aria-disabled])")
        buttons.nth(attempt % buttons.count()).click()
    return True


def content(panel) -> str:  # type: ignore[no-untyped-def]
    return panel.evaluate(
        "panel => [...panel.querySelectorAll('svg, .hrd-sentence, .hrd-table, .hrd-error')]"
        ".map(node => node.outerHTML).join()"
    )


def changed(page, panel, before: str) -> bool:  # type: ignore[no-untyped-def]
    for _ in range(30):
        if content(panel) != before:
            return True
        page.wait_for_timeout(50)
    return False


def refuses_a_bad_setting(panel) -> None:  # type: ignore[no-untyped-def]
    """Nonsense in the setting line gives a sentence, and the picture stays."""
    box = panel.get_by_role("textbox", name="Setting")
    before = panel.locator(".hrd-picture svg").first.evaluate("svg => svg.innerHTML")
    box.fill("nothing=like-this")
    box.press("Enter")
    panel.locator(".hrd-error:not([hidden])").wait_for(timeout=5000)
    assert "no control 'nothing'" in panel.locator(".hrd-error").inner_text()
    assert panel.locator(".hrd-picture svg").first.evaluate("svg => svg.innerHTML") == before
    assert panel.locator(".hrd-stale").is_visible()
    panel.locator(".hrd-reset").click()
    panel.locator(".hrd-error").wait_for(state="hidden", timeout=5000)


def test_an_answer_gets_its_own_message_and_is_there_after_a_restart(running, page) -> None:  # type: ignore[no-untyped-def]
    server, _ = running
    notebook = "00_start_here.ipynb"

    def exercise():  # type: ignore[no-untyped-def]
        lab.open_notebook(page, server, notebook)
        lab.run_all(page)
        return page.locator(".hrd-exercise").filter(has_text="Exercise 00.1")

    form = exercise()
    form.locator("input").fill("84.2")
    form.get_by_role("button", name="Check").click()
    form.get_by_text("That is coding B").wait_for(timeout=5000)
    form.locator("input").fill("14/19")
    form.get_by_role("button", name="Check").click()
    form.get_by_text("Right").wait_for(timeout=5000)
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name="Shut Down Kernel", exact=True).click()
    page.wait_for_timeout(1500)
    page.goto("about:blank")
    form = exercise()
    assert form.locator("input").input_value().startswith("73.7") or (
        form.locator("input").input_value() == "14/19"
    )
    shoot(page, "00_start_here-answer-kept")


def test_a_code_given_at_the_bench_is_there_after_a_restart(running, page) -> None:  # type: ignore[no-untyped-def]
    server, _ = running
    lab.open_notebook(page, server, "01_typology.ipynb")
    lab.run_all(page)
    bench = page.locator(".hrd-bench")
    bench.get_by_role("button", name="public coercive").click()
    bench.get_by_text("1 coded").wait_for(timeout=5000)
    bench.get_by_text("the key").first.wait_for(timeout=5000)
    shoot(page, "01_typology-bench")
    page.goto("about:blank")
    lab.open_notebook(page, server, "01_typology.ipynb")
    lab.run_all(page)
    page.locator(".hrd-bench").get_by_text("1 coded").wait_for(timeout=5000)
