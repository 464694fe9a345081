"""Click to paint in a real JupyterLab: the suite's panel beside the plain library path.

Both draw the same picture of the same 252 rows (two Kaplan-Meier curves with
log-log intervals, one control that changes the sample) and nothing is cached:

* panel: our estimator, rows pushed into a chart that is already there
* plain: lifelines, a new Altair chart, `ipywidgets.interactive_output`

The clock runs from the click on a check box until the new picture is in the page (drawn),
and until the frame with it is done (painted). Run: python benchmarks/repaint.py [--toggles 50]

With `--panels 02 03`, every panel of these notebooks is measured as it stands there: its
controls are moved in turn and each move is timed by the same clock. A setting that a panel
has seen before may come from its cache, so first visits are counted apart. With `--site OUT`,
the panels of a built web edition are measured in the same way, at `--width` pixels.
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

from tests.browser import looks  # noqa: E402
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
# Both clocks start at the click. Drawn: the mutation that brings the new picture, which an
# observer sees at once; a clock that looks at each frame shows nothing below about 60 ms.
# Painted: the end of the frame after it.
CLOCK = """
const timed = (root, sign, act, patience) => new Promise(done => {
  const before = sign();
  const watcher = new MutationObserver(() => {
    if (sign() === before || sign() === undefined) return;
    const drawn = performance.now() - begun;
    watcher.disconnect();
    clearTimeout(timer);
    requestAnimationFrame(() => setTimeout(() => done([drawn, performance.now() - begun]), 0));
  });
  watcher.observe(root, {subtree: true, childList: true, attributes: true});
  const timer = setTimeout(() => { watcher.disconnect(); done(null); }, patience);
  const begun = performance.now();
  act();
});
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
CLICK = (
    """async (sign) => {"""
    + CLOCK
    + """
  const box = document.querySelector('.jp-OutputArea input[type=checkbox]');
  return timed(document.body, eval(sign), () => box.click(), 8000);
}"""
)
CONTROLS = ".hrd-controls :is(input[type=checkbox], input[type=range], select, .hrd-buttons)"

# Moves control number `which` of panel number `panel` once and times the repaint.
MOVE = (
    """async ([panel, which, turn, controls]) => {"""
    + CLOCK
    + """
  const root = document.querySelectorAll('.hrd-panel')[panel];
  const figure = root.querySelector('.hrd-figure');
  const control = root.querySelectorAll(controls)[which];
  const tell = (...names) => {
    for (const name of names) control.dispatchEvent(new Event(name, {bubbles: true}));
  };
  const act = () => {
    if (control.matches('select')) {
      const open = [...control.options].filter(o => !o.disabled);
      const at = open.findIndex(o => o.selected);
      control.value = open[(at + 1) % open.length].value;
      tell('change');
    } else if (control.matches('[type=range]')) {
      control[turn % 8 < 4 ? 'stepUp' : 'stepDown']();
      tell('input', 'change');
    } else if (control.matches('input')) {
      control.click();
    } else {
      const buttons = [...control.querySelectorAll('button:not([aria-disabled])')];
      const at = buttons.findIndex(b => b.getAttribute('aria-pressed') === 'true');
      buttons[(at + 1) % buttons.length].click();
    }
  };
  const took = await timed(figure, () => figure.dataset.serial, act, 4000);
  return [took, root.querySelector('.hrd-foot input')?.value ?? ''];
}"""
)


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
                looks.wait_until_drawn(page)
                for number in range(page.locator(".hrd-panel").count()):
                    measure_panel(page, book.stem, number, moves)


def measure_site(site: Path, width: int, numbers: list[str], moves: int) -> None:
    """Print click to paint for each panel of a web edition, opened from its folder."""
    with chromium() as browser:
        for book in sorted(site.glob("[0-9][0-9]_*.html")):
            if numbers and book.name[:2] not in numbers:
                continue
            page = browser.new_page(viewport={"width": width, "height": 1000})
            page.goto(book.as_uri())
            count = page.locator("[data-panel]").count()
            for place in page.locator("[data-panel]").all():
                place.scroll_into_view_if_needed()
                place.locator(".hrd-panel svg").first.wait_for()
            for number in range(count):
                measure_panel(page, book.stem, number, moves)
            page.close()


def measure_panel(page, stem: str, number: int, moves: int) -> None:  # type: ignore[no-untyped-def]
    panel = page.locator(".hrd-panel").nth(number)
    if not panel.is_visible():
        print(f"{stem} panel {number + 1} is folded away")
        return
    panel.scroll_into_view_if_needed()
    panel.locator("details.hrd-others").evaluate("node => node.open = true")
    count = panel.locator(CONTROLS).count()
    seen: set[str] = set()
    first, again, lost = [], [], 0
    for turn in range(max(moves, 2 * count) if count else 0):
        took, setting = page.evaluate(MOVE, [number, turn % count, turn // count, CONTROLS])
        if took is None:
            lost += 1
            continue
        (again if setting in seen else first).append(took)
        seen.add(setting)
    words = [f"{stem} panel {number + 1} ({count} controls)"]
    for label, times in (("first visits", first), ("again", again)):
        if times:
            drawn, painted = (sorted(each) for each in zip(*times, strict=True))
            words.append(
                f"{label} n={len(times)} drawn p50 {statistics.median(drawn):.0f} "
                f"p95 {percentile(drawn, 0.95):.0f} max {drawn[-1]:.0f}, painted "
                f"p50 {statistics.median(painted):.0f} p95 {percentile(painted, 0.95):.0f} ms"
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
    parser.add_argument("--site", type=Path, metavar="OUT", help="a built web edition")
    parser.add_argument("--width", type=int, default=1280, help="of its window")
    options = parser.parse_args()
    toggles = options.toggles
    if options.site:
        measure_site(options.site.resolve(), options.width, options.panels or [], toggles)
        return 0
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
                good = [t for t in times if t is not None]
                results[name], painted = (sorted(each) for each in zip(*good, strict=True))
                print(
                    f"{name:6} drawn p50 {statistics.median(results[name]):6.0f} ms   "
                    f"p95 {percentile(results[name], 0.95):6.0f} ms   "
                    f"painted p50 {statistics.median(painted):6.0f} ms   "
                    f"n={len(good)}, timed out {times.count(None)}, "
                    f"outside requests {len(traffic.outside)}"
                )
                page.close()
    for label, at in (("p50", 0.5), ("p95", 0.95)):
        ratio = percentile(results["plain"], at) / percentile(results["panel"], at)
        print(f"{label} drawn: the plain path takes {ratio:.1f} times as long as the panel")
    return 0


def percentile(ordered: list[float], share: float) -> float:
    """Return a percentile of sorted values (nearest rank)."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


if __name__ == "__main__":
    sys.exit(main())
