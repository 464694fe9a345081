"""What everyone can use: names, contrast, keys and sizes of panels and forms, light and dark."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api")
axe_package = pytest.importorskip("axe_playwright_python")

from tests.browser import lab, looks  # noqa: E402
from tests.browser.test_notebooks import NOTEBOOKS  # noqa: E402

pytestmark = pytest.mark.browser

AXE = (Path(axe_package.__file__).parent / "axe.min.js").read_text("utf-8")
# The outputs are ours; the rest of the page is JupyterLab's.
CHECK = """async () => (await axe.run(
  {include: [['.jp-Notebook .jp-OutputArea-output']]},
  {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations']},
)).violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.html.slice(0, 160)}`))"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[lab.Server, object]]:
    """One JupyterLab over a copy of the notebooks, and one browser."""
    lab.need_chromium()
    folder = tmp_path_factory.mktemp("books")
    shutil.copytree(lab.ROOT / "notebooks", folder, dirs_exist_ok=True)
    with lab.serving(folder, tmp_path_factory.mktemp("work")) as server, lab.chromium() as browser:
        yield server, browser


@pytest.fixture
def page(running):  # type: ignore[no-untyped-def]
    opened = running[1].new_page(viewport={"width": 1366, "height": 768})
    yield opened
    opened.close()


def run(page, server, notebook: str) -> None:  # type: ignore[no-untyped-def]
    # Tall while it runs, so that every cell is on the page and nothing waits for a scroll.
    page.set_viewport_size({"width": 1366, "height": 1400})
    lab.open_notebook(page, server, notebook)
    lab.run_all(page)
    assert lab.error_outputs(page) == []
    looks.wait_until_drawn(page)


def set_theme(page, name: str) -> None:  # type: ignore[no-untyped-def]
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.get_by_text("Theme", exact=True).hover()
    page.get_by_text(name, exact=True).click()
    page.wait_for_function(
        "dark => document.body.dataset.jpThemeLight === String(!dark)", arg="Dark" in name
    )
    page.wait_for_timeout(500)


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_outputs_pass_axe_in_light_and_dark_and_charts_stay_readable(
    running,  # type: ignore[no-untyped-def]
    page,  # type: ignore[no-untyped-def]
    notebook: str,
) -> None:
    run(page, running[0], notebook)
    page.evaluate(AXE)
    found = {"light": page.evaluate(CHECK)}
    set_theme(page, "JupyterLab Dark")
    found["dark"] = page.evaluate(CHECK)
    page.screenshot(path=lab.ARTIFACTS / f"{Path(notebook).stem}-dark.png")
    set_theme(page, "JupyterLab Light")
    page.set_viewport_size({"width": 1024, "height": 1400})
    page.wait_for_timeout(1000)
    small = [p for p in looks.measure(page) if p["smallest"] < 10.9]
    assert found == {"light": [], "dark": []}
    assert small == []


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_panel_is_worked_by_keyboard_alone(running, page, notebook: str) -> None:  # type: ignore[no-untyped-def]
    """Tab through the first panel; each control obeys its keys, and JupyterLab gets none."""
    run(page, running[0], notebook)
    panel = page.locator(".hrd-panel").first
    panel.scroll_into_view_if_needed()
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    panel.locator("summary").first.focus()
    focusable = "button, select, input, summary, [tabindex='0']"
    first = panel.locator(f".hrd-side :is({focusable})").first
    first.focus()
    reached = set()
    for _ in range(40):
        kind = page.evaluate(
            """() => {
              const node = document.activeElement;
              if (!node.closest('.hrd-panel')) return null;
              const name = node.getAttribute('aria-label') || node.labels?.[0]?.textContent
                || node.textContent;
              return [node.tagName, node.type ?? '', name.trim()];
            }"""
        )
        if kind is None:
            break
        tag, sort, name = kind
        assert name, kind
        reached.add((tag, sort))
        serial = panel.locator(".hrd-figure").get_attribute("data-serial")
        key = {"SELECT": "ArrowDown", "range": "ArrowRight", "checkbox": "Space"}.get(
            sort if tag == "INPUT" else tag, ""
        )
        if key == "ArrowDown":
            # Up where no choice is open below; nothing where none is open at all.
            key = page.evaluate(
                """() => {
                  const node = document.activeElement;
                  const open = [...node.options].map((o, i) => o.disabled ? -1 : i);
                  if (open.some((i) => i > node.selectedIndex)) return "ArrowDown";
                  return open.some((i) => i >= 0 && i < node.selectedIndex) ? "ArrowUp" : "";
                }"""
            )
        if key:
            page.keyboard.press(key)
            page.wait_for_function(
                "([p, s]) => document.querySelectorAll('.hrd-panel')[p]"
                ".querySelector('.hrd-figure').dataset.serial !== s",
                arg=[0, serial],
                timeout=8000,
            )
        if tag != "INPUT" or sort != "text":
            for letter in ("b", "x", "a"):
                page.keyboard.press(letter)
        page.keyboard.press("Tab")
    assert reached
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    assert panel.locator(".hrd-error").is_hidden() or panel.locator(".hrd-stale").is_visible()


def test_a_stopped_kernel_is_said_in_each_panel_and_form(running, page) -> None:  # type: ignore[no-untyped-def]
    run(page, running[0], NOTEBOOKS[0])
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Restart Kernel…", exact=True).click()
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.locator(".hrd-error:not([hidden])").first.wait_for(timeout=20_000)
    said = page.locator(".hrd-panel .hrd-error").all_inner_texts()
    assert said
    assert all("Run > Run All Cells" in text for text in said)
    forms = page.locator(".hrd-form .hrd-verdict").all_inner_texts()
    assert forms
    assert all("Run > Run All Cells" in text for text in forms)


def test_an_address_that_is_none_stays_text(running, page) -> None:  # type: ignore[no-untyped-def]
    """A cell that only looks like an address empties no table."""
    text = (lab.ROOT / "helpers" / "panels" / "base" / "live.js").read_text("utf-8")
    found = re.search(r"function linked\(text\) \{.*?\n\}\n", text, re.S)
    assert found is not None
    page.goto("about:blank")
    made = page.evaluate(
        "source => { const own = n => n; const element = (tag, c, a) =>"
        " Object.assign(document.createElement(tag), a); eval(`globalThis.linked = ${source}`);"
        " return ['https://[', 'http://a b', 'https://example.org/x'].map(t => {"
        " const n = linked(t); return typeof n === 'string' ? n : n.href; }); }",
        found.group(0),
    )
    assert json.dumps(made) == json.dumps(["https://[", "http://a b", "https://example.org/x"])
