"""A folder from somebody else is opened: none of its files runs before a cell is run."""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

playwright = pytest.importorskip("playwright.sync_api")

from tests.browser import lab  # noqa: E402

pytestmark = pytest.mark.browser

# What Python, IPython and Jupyter look for by name, wherever they look for it.
HOSTILE = """
ipykernel_launcher.py ipykernel/__init__.py IPython/__init__.py jupyterlab/__init__.py
helpers/__init__.py numpy.py pandas.py json.py site.py sitecustomize.py usercustomize.py
jupyter_config.py jupyter_server_config.py jupyter_lab_config.py jupyter_notebook_config.py
.jupyter/jupyter_server_config.py .jupyter/jupyter_lab_config.py
ipython_config.py ipython_kernel_config.py .ipython/profile_default/startup/00.py
profile_default/ipython_config.py profile_default/startup/00.py work/jupyter/ipython/x.py
""".split()  # noqa: SIM905
SAVED = [
    {"text/html": "<script>document.title = 'ran'</script>"},
    {"text/html": "<img src=x onerror=\"document.title = 'ran'\">"},
    {"text/html": "<iframe srcdoc=\"<script>parent.document.title = 'ran'</script>\"></iframe>"},
    {"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload=\"document.title='ran'\"/>"},
    {"application/javascript": "document.title = 'ran'"},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder full of files that leave a mark when they run, and a notebook with scripts."""
    own = tmp_path / "from somebody"
    mark = tmp_path / "ran"
    mark.mkdir()
    for name in HOSTILE:
        (own / name).parent.mkdir(parents=True, exist_ok=True)
        text = f"open({str(mark / name.replace('/', '_'))!r}, 'w').close()\n"
        (own / name).write_text(text)
    cell = nbformat.v4.new_code_cell("import helpers, json; print(helpers.__file__)")
    cell.outputs = [nbformat.v4.new_output("display_data", data) for data in SAVED]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    book = nbformat.v4.new_notebook(cells=[cell], metadata=kernel)
    nbformat.write(book, own / "a.ipynb")
    return own


@pytest.fixture
def address(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address that `start.py lab FOLDER` prints, run in that very folder."""
    spec = importlib.util.spec_from_file_location("start_here", lab.ROOT / "start.py")
    assert spec
    assert spec.loader
    start = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(start)
    commands: list[list[str]] = []
    monkeypatch.setattr(start, "set_up", lambda: None)
    monkeypatch.setattr(start, "env_python", lambda: sys.executable)
    monkeypatch.setattr(start, "call", lambda command: commands.append(command))
    start.lab([str(folder), "--no-browser"])
    process = subprocess.Popen(
        commands[0], cwd=folder, env=start.environment(), stderr=subprocess.PIPE, text=True
    )
    found: list[str] = []

    def listen() -> None:
        assert process.stderr
        for line in process.stderr:
            found.extend(re.findall(r"http://127\.0\.0\.1:\S+", line))

    threading.Thread(target=listen, daemon=True).start()
    try:
        until = time.monotonic() + 90
        while not found and process.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
        assert found, "no address was printed"
        yield found[0]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def test_nothing_of_a_foreign_folder_runs(folder: Path, address: str, tmp_path: Path) -> None:
    lab.need_chromium()
    with lab.chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(address)
        # The address that is printed opens the notebook itself.
        page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=90_000)
        page.wait_for_selector(".jp-StatusBar-TextItem:text-matches('\\\\| Idle')", timeout=90_000)
        page.screenshot(path=lab.ARTIFACTS / "foreign_folder.png")
        assert os.listdir(tmp_path / "ran") == []
        assert page.title() != "ran"
        bad = page.locator(".jp-OutputArea :is(script, iframe, [onerror], [onload])")
        assert bad.count() == 0
        lab.run_all(page)
        said = page.locator(".jp-OutputArea-output").first.inner_text()
        assert Path(said.strip()) == lab.ROOT / "helpers" / "__init__.py"
        assert os.listdir(tmp_path / "ran") == []
