"""The process tracing bench in a real JupyterLab: keyboard, restart, export, a broken file."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api")

from tests.browser import lab  # noqa: E402

pytestmark = pytest.mark.browser

NOTEBOOK = "06_azerbaijan.ipynb"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[lab.Server, object, Path]]:
    """One JupyterLab over a copy of the notebook, a browser, and the learner's folder."""
    lab.need_chromium()
    folder, work = tmp_path / "books", tmp_path / "work"
    folder.mkdir()
    work.mkdir()
    shutil.copy(lab.ROOT / "notebooks" / NOTEBOOK, folder)
    with lab.serving(folder, work) as server, lab.chromium() as browser:
        yield server, browser, work


def open_bench(page, server):  # type: ignore[no-untyped-def]
    lab.open_notebook(page, server, NOTEBOOK)
    lab.run_all(page)
    assert lab.error_outputs(page) == []
    bench = page.locator(".hrd-tracing")
    bench.locator(".hrd-picture svg").first.wait_for(timeout=60_000)
    return bench


def press(handle, key: str, times: int) -> None:  # type: ignore[no-untyped-def]
    handle.focus()
    for _ in range(times):
        handle.press(key)


def test_a_card_weighed_by_keyboard_is_there_after_a_restart(running) -> None:  # type: ignore[no-untyped-def]
    server, browser, work = running
    page = browser.new_page(viewport={"width": 1280, "height": 2200})
    bench = open_bench(page, server)
    assert (
        "None of the 18 cards says anything yet"
        in bench.locator(".hrd-sentence").first.inner_text()
    )
    handles = bench.locator("input[type=range]:visible")
    press(handles.nth(2), "ArrowRight", 2)  # H3: from "as likely as not" to "very likely"
    press(handles.nth(0), "ArrowLeft", 1)  # H1: to "unlikely"
    bench.get_by_text("1 of 18 cards weighed: H3 Deadlock").wait_for(timeout=5000)
    bench.locator("summary", has_text="More controls").first.click()
    press(bench.get_by_label("Prior points of H5"), "ArrowRight", 3)
    bench.get_by_text("H5 Another's bargain").locator("visible=true").last.wait_for(timeout=5000)
    page.wait_for_timeout(500)
    said = bench.locator(".hrd-sentence").first.inner_text()
    bench.screenshot(path=lab.ARTIFACTS / "06_azerbaijan-bench.png")

    bench.get_by_role("button", name="Export").click()
    bench.get_by_text("cards_azerbaijan.json").first.wait_for(timeout=5000)
    file = json.loads((work / "cards_azerbaijan.json").read_text("utf-8"))
    assert file["cards"]["AZ01"]["expected"] == {"H3": "very likely", "H1": "unlikely"}
    assert file["prior points"]["H5"] == 8

    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name="Shut Down Kernel", exact=True).click()
    page.wait_for_timeout(1500)
    page.goto("about:blank")
    bench = open_bench(page, server)
    assert bench.locator(".hrd-sentence").first.inner_text() == said

    # A partner's file: first a broken one, then our export with one word changed.
    broken, good = work / "broken.json", work / "partner.json"
    broken.write_text("{ not json")
    file["cards"]["AZ01"]["expected"]["H3"] = "very unlikely"
    good.write_text(json.dumps(file), encoding="utf-8")
    bench.locator("summary", has_text="More controls").first.click()
    path = bench.get_by_placeholder("work/cards_of_my_partner.json")
    path.fill(str(broken))
    path.press("Enter")
    bench.get_by_text("This file cannot be compared: it is not a JSON file").wait_for(timeout=5000)
    bench.get_by_label("or choose the file").set_input_files(good)
    bench.get_by_text("You differ on 1 of 18 cards, most on").wait_for(timeout=5000)
    page.wait_for_timeout(500)
    bench.screenshot(path=lab.ARTIFACTS / "06_azerbaijan-bench-partner.png")
    bench.get_by_text("Show one worked reading").click()
    bench.get_by_text("Our worked reading, an illustration").wait_for(timeout=5000)
    bench.get_by_text("Count cards of one source once").click()
    bench.get_by_text("are counted once").wait_for(timeout=5000)
    page.wait_for_timeout(500)
    bench.screenshot(path=lab.ARTIFACTS / "06_azerbaijan-bench-ours.png")
    page.close()


def test_a_click_on_a_mark_opens_its_source_and_the_table_has_it(running) -> None:  # type: ignore[no-untyped-def]
    server, browser, _work = running
    page = browser.new_page(viewport={"width": 1280, "height": 1600})
    lab.open_notebook(page, server, NOTEBOOK)
    lab.run_all(page)
    panel = page.locator(".hrd-panel").first
    panel.locator(".hrd-picture svg").wait_for(timeout=60_000)
    panel.scroll_into_view_if_needed()
    marks = panel.locator(".hrd-picture svg .mark-symbol path")
    links = marks.evaluate_all("nodes => nodes.map(n => n.__data__?.href).filter(Boolean)")
    assert len(links) >= 30
    assert all(link.startswith("http") for link in links)
    cells = panel.locator(".hrd-table a").evaluate_all("nodes => nodes.map(n => n.href)")
    assert "https://www.rferl.org/a/leyla-yunus-released-azerbaijan/27416597.html" in cells
    number = marks.evaluate_all("nodes => nodes.findIndex(n => n.__data__?.href)")
    marks.nth(number + 2).hover()
    panel.locator(".hrd-tooltip:not([hidden])").wait_for(timeout=5000)
    tip = panel.locator(".hrd-tooltip").inner_text()
    assert "source:" in tip
    assert "event:" in tip
    page.screenshot(path=lab.ARTIFACTS / "06_azerbaijan-tooltip.png")
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    with page.context.expect_page(timeout=5000):
        marks.nth(number + 2).click()
    page.wait_for_timeout(1000)
    assert any(url.rstrip("/") in {link.rstrip("/") for link in links} for url in asked)
    page.close()
