"""A real JupyterLab and a real browser with every outside name unresolvable."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
ARTIFACTS = ROOT / "artifacts"
MISSING = (
    "No Chromium was found: install it (Debian: sudo apt install chromium) or set HRD_CHROMIUM "
    "to its path, and run the tests again."
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def find_chromium() -> str | None:
    """Return the browser's path, or None."""
    named = os.environ.get("HRD_CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def need_chromium() -> None:
    """Skip the test where there is no browser; fail where one is required."""
    if find_chromium() is None:
        if os.environ.get("HRD_REQUIRE_BROWSER"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    ARTIFACTS.mkdir(exist_ok=True)


@dataclass(frozen=True)
class Server:
    """A running JupyterLab on this computer's loopback address."""

    url: str
    token: str
    folder: Path

    def address(self, notebook: str) -> str:
        return f"{self.url}/lab/tree/{notebook}?token={self.token}&reset"


@contextlib.contextmanager
def serving(folder: Path, work: Path) -> Iterator[Server]:
    """Serve `folder` with the repository's own JupyterLab settings; answers go to `work`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    env = {
        **os.environ,
        "JUPYTER_CONFIG_PATH": str(ROOT / ".jupyter"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTER_CONFIG_DIR": str(work / "jupyter-config"),
        "JUPYTER_DATA_DIR": str(work / "jupyter-data"),
        "HRD_WORK_DIR": str(work),
    }
    options = [
        "--no-browser",
        f"--port={port}",
        f"--ServerApp.root_dir={folder}",
        f"--IdentityProvider.token={token}",
        *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
    ]
    with open(work / "lab.log", "w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options], env=env, stdout=log, stderr=log
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(f"{url}/api/status?token={token}", process)
            yield Server(url, token, folder)
        finally:
            process.terminate()
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:  # kernels that are still busy hold it up
                process.kill()
                process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError("JupyterLab ended before it answered; see lab.log.")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"JupyterLab did not answer within {seconds:.0f} seconds.")


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium that can reach this computer and nothing else."""
    found = find_chromium()
    if found is None:
        raise RuntimeError(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            ],
        )
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Traffic:
    """What a page asked of the network."""

    outside: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self, page: Page, home: str) -> None:
        def on_request(request):  # type: ignore[no-untyped-def]
            local = (home, home.replace("http", "ws"), "data:", "blob:", "about:")
            if not request.url.startswith(local):
                self.outside.append(request.url)

        def on_response(response):  # type: ignore[no-untyped-def]
            if response.status >= 400:
                self.failed.append(f"{response.status} {response.url}")

        page.on("request", on_request)
        page.on("requestfailed", lambda r: self.failed.append(f"{r.failure} {r.url}"))
        page.on("response", on_response)
        page.on("pageerror", lambda error: self.errors.append(str(error)))


def open_notebook(page: Page, server: Server, notebook: str) -> None:
    """Open a notebook and wait until it is drawn and its kernel is idle."""
    page.goto(server.address(notebook))
    wait_for_kernel(page)


def wait_for_kernel(page: Page) -> None:
    """Wait until a notebook is drawn and its kernel is idle."""
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=90_000)
    # The status light is idle before there is a kernel, too; the status bar is not.
    page.wait_for_selector(".jp-StatusBar-TextItem:text-matches('\\\\| Idle')", timeout=90_000)


def run_all(page: Page, seconds: float = 180) -> None:
    """Clear what was saved, run every cell and wait for the last."""
    start_all(page)
    wait_for_all(page, seconds)


def start_all(page: Page) -> None:
    """Clear what was saved, and run every cell."""
    page.get_by_role("menuitem", name="Edit", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Clear Outputs of All Cells$")).click()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Run All Cells$")).click()


def wait_for_all(page: Page, seconds: float = 180) -> None:
    """Wait until every cell has run."""
    # A collapsed cell shows no prompt.
    page.wait_for_function(
        """() => {
          const prompts = [...document.querySelectorAll(
            '.jp-Notebook .jp-CodeCell .jp-InputPrompt')].map(p => p.textContent.trim());
          return prompts.length > 0 && prompts.every(p => p === '' || /^\\[\\d+\\]:?$/.test(p));
        }""",
        timeout=seconds * 1000,
    )
    page.wait_for_selector(".jp-NotebookPanel-toolbar [data-status='idle']", timeout=60_000)


def error_outputs(page: Page) -> list[str]:
    """Return the text of error outputs and of anything a cell wrote to standard error."""
    return page.eval_on_selector_all(
        ".jp-Notebook .jp-RenderedText[data-mime-type*='stderr'], "
        ".jp-Notebook .jp-RenderedText[data-mime-type*='error']",
        "nodes => nodes.map(node => node.textContent)",
    )
