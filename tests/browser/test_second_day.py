"""A day with a notebook: run, save, close the tab, stop the server, open it the next day."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api")

from tests.browser import lab  # noqa: E402

pytestmark = pytest.mark.browser

BOOK = "00_start_here.ipynb"
WIDGET = "application/vnd.jupyter.widget-view+json"
PICTURES = ".jp-OutputArea-output img[src^='data:image/png']"
LIVE = ".jp-OutputArea-output .hrd-picture svg"


def counts(folder: Path) -> tuple[int, int]:
    """How many outputs of the file hold a widget and a picture, and a widget and text alone."""
    cells = json.loads((folder / BOOK).read_text("utf-8"))["cells"]
    data = [out.get("data", {}) for cell in cells for out in cell.get("outputs", [])]
    widgets = [one for one in data if WIDGET in one]
    return sum("image/png" in w for w in widgets), sum("image/png" not in w for w in widgets)


def says_dead(page) -> bool:  # type: ignore[no-untyped-def]
    text = page.inner_text(".jp-Notebook")
    return "model not found" in text or "Error displaying widget" in text


def wait_for(page, selector: str, number: int) -> None:  # type: ignore[no-untyped-def]
    page.wait_for_function(
        "([selector, number]) => document.querySelectorAll(selector).length >= number",
        arg=[selector, number],
        timeout=60_000,
    )


def test_the_second_day(tmp_path: Path) -> None:
    lab.need_chromium()
    folder, work = tmp_path / "books", tmp_path / "work"
    folder.mkdir()
    work.mkdir()
    shutil.copy(lab.ROOT / "notebooks" / BOOK, folder)
    size = {"width": 1280, "height": 1400}
    with lab.chromium() as browser:
        with lab.serving(folder, work) as server:
            page = browser.new_page(viewport=size)
            lab.open_notebook(page, server, BOOK)
            lab.run_all(page)
            panels, forms = counts(lab.ROOT / "notebooks")
            assert panels >= 3
            assert forms >= 5
            wait_for(page, LIVE, panels)
            page.keyboard.press("Control+S")
            page.wait_for_timeout(1500)
            assert counts(folder) == (panels, forms)
            page.close()
            # The tab again while the kernel lives: live panels, no still picture.
            page = browser.new_page(viewport=size)
            lab.open_notebook(page, server, BOOK)
            wait_for(page, LIVE, panels)
            assert not says_dead(page)
            page.close()
        with lab.serving(folder, work) as server:
            page = browser.new_page(viewport=size)
            lab.open_notebook(page, server, BOOK)
            wait_for(page, PICTURES, panels)
            page.wait_for_timeout(1500)
            assert not says_dead(page)
            assert page.inner_text(".jp-Notebook").count("run this cell to") == forms
            page.screenshot(path=lab.ARTIFACTS / "second-day.png")
            page.locator(PICTURES).first.scroll_into_view_if_needed()
            page.screenshot(path=lab.ARTIFACTS / "second-day-panel.png")
            # What is on disk keeps both, so that the notebook shows the same to everyone.
            assert counts(folder) == (panels, forms)
            lab.run_all(page)
            wait_for(page, LIVE, panels)
            assert not says_dead(page)
            page.close()
