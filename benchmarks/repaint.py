"""Click to paint in a real JupyterLab: the suite's panel beside the plain library path.

Both draw the same picture of the same 252 rows (two Kaplan-Meier curves with
log-log intervals, one control that changes the sample) and nothing is cached:

* panel: our estimator, rows pushed into a chart that is already there
* plain: lifelines, a new Altair chart, `ipywidgets.interactive_output`

The clock runs from the click on a check box to the second animation frame after
the new picture is in the page. Run: python benchmarks/repaint.py [--toggles 50]

With `--panels 02 03`, every panel of these notebooks is measured as it stands there: its
controls are moved in turn and each move is timed by the same clock. A setting that a panel
has seen before may come from its cache, so first visits are counted apart.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.lab import Traffic, chromium, open_notebook, run_all, serving  # noqa: E402

SHARED = """
from dataclasses import dataclass
import altair as alt, numpy as np, pandas as pd, ipywidgets as widgets
from helpers import charts
from helpers.provenance.kinds import Provenance, mark
draw = np.random.default_rng(1)
rows = mark(pd.DataFrame({
    "time": draw.weibull(0.9, 252) * 60, "event": draw.random(252) < 0.5,
    "group": np.where(np.arange(252) < 60, "a", "b"), "late": draw.random(252) < 0.6,
}), Provenance.ILLUSTRATION)

def picture(data):
    x = alt.X("time:Q", scale=alt.Scale(domain=[0, 200]))
    y = alt.Scale(domain=[0, 1])
    line = alt.Chart(data).mark_line(interpolate="step-after").encode(
        x=x, y=alt.Y("survival:Q", scale=y), color="group:N")
    band = alt.Chart(data).mark_area(interpolate="step-after", opacity=0.2).encode(
        x=x, y=alt.Y("low:Q", scale=y), y2="high:Q", color="group:N")
    return (band + line).properties(width=600, height=300)
"""
PANEL = """
from helpers.panels.base import Panel, Picture, Toggle
from helpers.panels.base.panel import named
from helpers.stats.kaplan_meier import kaplan_meier

@dataclass(frozen=True)
class State:
    late: bool = False

class Bench(Panel):
    name, State = "Benchmark", State
    def controls(self):
        return {"late": Toggle("Late rows only")}
    def chart(self):
        return charts.finish(picture(named("curve")), rows, title="Two curves",
                             description="Two Kaplan-Meier curves.")
    @staticmethod
    def compute(state, data):
        part = data[data["late"]] if state.late else data
        out = []
        for name, g in part.groupby("group"):
            fit = kaplan_meier(g["time"].to_numpy(), g["event"].to_numpy())
            out.append(pd.DataFrame({"time": fit.time, "survival": fit.survival,
                                     "low": fit.lower, "high": fit.upper, "group": name}))
        return Picture({"curve": pd.concat(out)}, f"{len(part)} rows.")

Bench(rows)
"""
PLAIN = """
from IPython.display import display
from lifelines import KaplanMeierFitter
box = widgets.Checkbox(description="Late rows only")

def show(late):
    part = rows[rows["late"]] if late else rows
    out = []
    for name, g in part.groupby("group"):
        fit = KaplanMeierFitter().fit(g["time"], g["event"])
        ci = fit.confidence_interval_
        out.append(pd.DataFrame({"time": fit.timeline, "survival": fit.survival_function_.iloc[:, 0]
            .to_numpy(), "low": ci.iloc[:, 0].to_numpy(), "high": ci.iloc[:, 1].to_numpy(),
            "group": name}))
    spec = picture(pd.concat(out)).to_dict()
    spec["$schema"] = "https://vega.github.io/schema/vega-lite/v5.json"
    display({"application/vnd.vegalite.v5+json": spec, "text/plain": "chart"}, raw=True)

display(box, widgets.interactive_output(show, {"late": box}))
"""
# Ours writes the number of the frame it has drawn; the plain path makes a new canvas.
SIGNS = {
    "panel": "() => document.querySelector('.hrd-figure')?.dataset.serial",
    "plain": """() => {
      const drawn = [...document.querySelectorAll('.jp-OutputArea :is(canvas, svg.marks)')];
      const last = drawn.at(-1);
      if (!last) return undefined;
      last.dataset.nr ??= String(globalThis.hrdCount = (globalThis.hrdCount ?? 0) + 1);
      return last.dataset.nr;
    }""",
}
CLICK = """async (sign) => {
  const now = eval(sign);
  const box = document.querySelector('.jp-OutputArea .widget-checkbox input');
  const before = now();
  const frame = () => new Promise(done => requestAnimationFrame(done));
  const begun = performance.now();
  box.click();
  while (now() === before || now() === undefined) {
    if (performance.now() - begun > 8000) return null;
    await frame();
  }
  await frame();
  await frame();
  return performance.now() - begun;
}"""


# Moves control number `which` of panel number `panel` once and times the repaint.
MOVE = """async ([panel, which, turn]) => {
  const root = document.querySelectorAll('.hrd-panel')[panel];
  const figure = root.querySelector('.hrd-figure');
  const control = root.querySelectorAll(
    '.hrd-controls :is(input[type=checkbox], select, .widget-toggle-buttons, .noUi-handle)')[which];
  const frame = () => new Promise(done => requestAnimationFrame(done));
  const before = figure.dataset.serial;
  const begun = performance.now();
  if (control.matches('select')) {
    control.selectedIndex = (control.selectedIndex + 1) % control.options.length;
    control.dispatchEvent(new Event('change', {bubbles: true}));
  } else if (control.matches('.noUi-handle')) {
    const key = turn % 8 < 4 ? 'ArrowRight' : 'ArrowLeft';
    control.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
  } else if (control.matches('input')) {
    control.click();
  } else {
    const buttons = [...control.querySelectorAll('button')];
    const at = buttons.findIndex(b => b.classList.contains('mod-active'));
    buttons[(at + 1) % buttons.length].click();
  }
  while (figure.dataset.serial === before) {
    if (performance.now() - begun > 4000) return [null, ''];
    await frame();
  }
  await frame();
  await frame();
  const took = performance.now() - begun;
  return [took, root.querySelector('.hrd-foot input, input[type=text]')?.value ?? ''];
}"""


def measure_panels(numbers: list[str], moves: int) -> None:
    """Print click to paint for each panel of these notebooks."""
    books = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    with tempfile.TemporaryDirectory() as temporary:
        # A copy: JupyterLab saves what it runs.
        folder, work = Path(temporary) / "books", Path(temporary) / "work"
        shutil.copytree(ROOT / "notebooks", folder)
        work.mkdir()
        measure_books([b for b in books if b.name[:2] in numbers], folder, work, moves)


def measure_books(books: list[Path], folder: Path, work: Path, moves: int) -> None:
    """Serve a copy of the notebooks and measure the panels of some."""
    with serving(folder, work) as server:
        for book in books:
            with chromium() as browser:
                page = browser.new_page(viewport={"width": 1280, "height": 1400})
                open_notebook(page, server, book.name)
                run_all(page)
                page.wait_for_function(
                    "() => [...document.querySelectorAll('.hrd-picture')]"
                    ".every(p => p.querySelector('svg'))",
                    timeout=60_000,
                )
                page.wait_for_timeout(1500)
                for number in range(page.locator(".hrd-panel").count()):
                    measure_panel(page, book.stem, number, moves)


def measure_panel(page, stem: str, number: int, moves: int) -> None:  # type: ignore[no-untyped-def]
    panel = page.locator(".hrd-panel").nth(number)
    panel.scroll_into_view_if_needed()
    count = panel.locator(
        ".hrd-controls :is(input[type=checkbox], select, .widget-toggle-buttons, .noUi-handle)"
    ).count()
    seen: set[str] = set()
    first, again, lost = [], [], 0
    for turn in range(max(moves, 2 * count)):
        took, setting = page.evaluate(MOVE, [number, turn % count, turn // count])
        if took is None:
            lost += 1  # a slider at its end moves nothing
            continue
        (again if setting in seen else first).append(took)
        seen.add(setting)
    panel.get_by_role("button", name="Back to").click()
    words = [f"{stem} panel {number + 1} ({count} controls)"]
    for label, times in (("first visits", sorted(first)), ("again", sorted(again))):
        if times:
            words.append(
                f"{label} n={len(times)} p50 {statistics.median(times):.0f} "
                f"p95 {percentile(times, 0.95):.0f} ms"
            )
    print("; ".join(words) + (f"; no change {lost}" if lost else ""), flush=True)


def notebook(path: Path, code: str) -> None:
    """Write a one-off notebook with one set-up cell and one cell under test."""
    book = nbformat.v4.new_notebook()
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    book.cells = [nbformat.v4.new_code_cell(part.strip()) for part in (SHARED, code)]
    nbformat.write(book, path)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--toggles", type=int, default=50)
    parser.add_argument("--panels", nargs="*", metavar="NN", help="panels of these notebooks")
    options = parser.parse_args()
    toggles = options.toggles
    if options.panels:
        measure_panels(options.panels, toggles)
        return 0
    results: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder, work = Path(temporary) / "books", Path(temporary) / "work"
        folder.mkdir()
        work.mkdir()
        notebook(folder / "panel.ipynb", PANEL)
        notebook(folder / "plain.ipynb", PLAIN)
        with serving(folder, work) as server, chromium() as browser:
            for name in ("panel", "plain"):
                page = browser.new_page(viewport={"width": 1280, "height": 900})
                traffic = Traffic()
                traffic.watch(page, server.url)
                open_notebook(page, server, f"{name}.ipynb")
                run_all(page)
                page.wait_for_function(f"() => ({SIGNS[name]})() !== undefined", timeout=60_000)
                page.wait_for_timeout(1500)
                times = [page.evaluate(CLICK, SIGNS[name]) for _ in range(toggles + 4)][4:]
                lost = times.count(None)
                results[name] = sorted(t for t in times if t is not None)
                print(
                    f"{name:6} p50 {statistics.median(results[name]):6.0f} ms   "
                    f"p95 {percentile(results[name], 0.95):6.0f} ms   "
                    f"n={len(results[name])}, timed out {lost}, "
                    f"outside requests {len(traffic.outside)}"
                )
                page.close()
    for label, at in (("p50", 0.5), ("p95", 0.95)):
        ratio = percentile(results["plain"], at) / percentile(results["panel"], at)
        print(f"{label}: the plain path takes {ratio:.1f} times as long as the panel")
    return 0


def percentile(ordered: list[float], share: float) -> float:
    """Return a percentile of sorted values (nearest rank)."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


if __name__ == "__main__":
    sys.exit(main())
