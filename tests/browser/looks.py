"""How panels look on a page: sizes, the smallest text, labels that lie on one another.

Run over a notebook:  python -m tests.browser.looks 03 [--extremes]
prints, for each panel, its height at two screens, its smallest text and its overlaps at the
start and, with `--extremes`, at both ends of each control.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path
from typing import Any

from tests.browser import lab

MEASURE = """() => [...document.querySelectorAll('.hrd-panel')].flatMap((panel, number) => {
  if (!panel.offsetHeight) return [];
  const boxes = [...panel.querySelectorAll('.hrd-picture:not([hidden]) svg text')]
    .filter(t => t.textContent.trim() && +getComputedStyle(t).opacity > 0.05)
    .map(t => {
      const box = t.getBoundingClientRect();
      const own = parseFloat(t.getAttribute('font-size')) || 11;
      const svg = t.ownerSVGElement;
      const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
      return {text: t.textContent.trim(), size: own * scale, box};
    });
  const overlaps = [];
  for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
    const [a, b] = [boxes[i].box, boxes[j].box];
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide <= 1 || high <= 1) continue;
    const share = wide * high / Math.min(a.width * a.height, b.width * b.height);
    // A text over its own white edge is one text.
    if (share > 0.99 && boxes[i].text === boxes[j].text) continue;
    // A line of text is taller than its letters: touching lines share some of it.
    if (share > 0.12 && high > 0.35 * Math.min(a.height, b.height))
      overlaps.push(`${boxes[i].text} | ${boxes[j].text} (${Math.round(100 * share)} %)`);
  }
  const all = panel.getBoundingClientRect();
  const picture = panel.querySelector('.hrd-picture:not([hidden])');
  const cut = picture && (picture.scrollWidth > picture.clientWidth + 2
    || picture.scrollHeight > picture.clientHeight + 2);
  return {number: number + 1, name: panel.getAttribute('aria-label'), width: Math.round(all.width),
    height: Math.round(all.height), smallest: Math.min(99, ...boxes.map(b => b.size)),
    scrolls: Boolean(cut), overlaps};
})"""
ENDS = """([number, field, end]) => {
  const panel = document.querySelectorAll('.hrd-panel')[number];
  const control = panel.querySelector(`[data-field="${field}"]`);
  const range = control.querySelector('input[type=range]');
  const select = control.querySelector('select');
  const buttons = [...control.querySelectorAll('button:not([aria-disabled])')];
  const box = control.querySelector('input[type=checkbox]');
  const tell = (node, value) => {
    node.value = value;
    for (const name of ['input', 'change']) node.dispatchEvent(new Event(name, {bubbles: true}));
  };
  if (range) tell(range, end ? range.max : range.min);
  else if (select) {
    const open = [...select.options].filter(o => !o.disabled);
    tell(select, open.at(end ? -1 : 0).value);
  } else if (buttons.length) buttons.at(end ? -1 : 0).click();
  else if (box && box.checked !== Boolean(end)) box.click();
}"""


def wait_until_drawn(page: Any) -> None:
    """Wait until each panel has drawn its first picture."""
    page.wait_for_function(
        "() => [...document.querySelectorAll('.hrd-figure')].every(f => f.dataset.serial"
        " && (!f.querySelector('.hrd-picture') || f.querySelector('.hrd-picture svg')))",
        timeout=90_000,
    )
    page.wait_for_timeout(800)


def measure(page: Any) -> list[dict[str, Any]]:
    """Return size, smallest text and overlapping labels of each panel as it stands."""
    return list(page.evaluate(MEASURE))


def extremes(page: Any, number: int) -> dict[str, list[str]]:
    """Return the overlaps of one panel with each control at either end, the others as opened."""
    panel = page.locator(".hrd-panel").nth(number)
    fields = panel.locator("[data-field]").evaluate_all(
        "nodes => [...new Set(nodes.filter(n => n.matches('.hrd-control'))"
        ".map(n => n.dataset.field))]"
    )
    found = {}
    for field in fields:
        for end in (0, 1):
            page.evaluate(ENDS, [number, field, end])
            page.wait_for_timeout(350)
            lying = next(p["overlaps"] for p in measure(page) if p["number"] == number + 1)
            if lying:
                found[f"{field} {'last' if end else 'first'}"] = lying
        if panel.locator(".hrd-reset").is_visible():
            panel.locator(".hrd-reset").click()
            page.wait_for_timeout(250)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("numbers", nargs="+", metavar="NN")
    parser.add_argument("--extremes", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder, work = Path(temporary) / "books", Path(temporary) / "work"
        shutil.copytree(lab.ROOT / "notebooks", folder)
        work.mkdir()
        with lab.serving(folder, work) as server, lab.chromium() as browser:
            for number in options.numbers:
                book = next(folder.glob(f"{number}_*.ipynb"))
                page = browser.new_page(viewport={"width": 1366, "height": 1400})
                lab.open_notebook(page, server, book.name)
                lab.run_all(page)
                wait_until_drawn(page)
                for wide in (1440, 1366):
                    page.set_viewport_size({"width": wide, "height": 1400})
                    page.wait_for_timeout(1200)
                    for p in measure(page):
                        print(
                            f"{book.stem} {p['number']} {p['name']}: {p['width']}x{p['height']} at "
                            f"{wide}, smallest text {p['smallest']:.1f}"
                            f"{', scrolls' if p['scrolls'] else ''}{p['overlaps'] or ''}",
                            flush=True,
                        )
                if options.extremes:
                    for at in range(page.locator(".hrd-panel").count()):
                        print(book.stem, at + 1, extremes(page, at), flush=True)
                page.close()


if __name__ == "__main__":
    main()
