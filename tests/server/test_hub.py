"""A class on one server: three users of a real JupyterHub, each with her own answers."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api")
psutil = pytest.importorskip("psutil")

from tests.browser import lab  # noqa: E402
from tests.server.test_installed import plain_environment  # noqa: E402

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BOOK = "02_comparison_groups.ipynb"
USERS = {"ada": "37.1", "bea": "37.0", "cleo": "45.7"}
CONFIG = """
import shutil
from pathlib import Path

homes, books = Path({homes!r}), Path({books!r})


def copy_notebooks(spawner):
    # What /etc/skel does on a server: each person gets a copy of the notebooks, once.
    own = homes / spawner.user.name / "notebooks"
    if not own.exists():
        shutil.copytree(books, own)


c = get_config()
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {hub_port}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = {password!r}
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(homes / "{{username}}")
c.Spawner.cmd = [{python!r}, "-m", "jupyterhub.singleuser"]
c.JupyterHub.implicit_spawn_seconds = 0.1
c.Spawner.args = ["--allow-root"]
c.Spawner.pre_spawn_hook = copy_notebooks
c.Spawner.start_timeout = c.Spawner.http_timeout = 180
"""
PASSWORD = "class of 2015"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def hub(installed: Path, folder: Path) -> Iterator[str]:
    """A JupyterHub on the loopback address; returns its address."""
    port = free_port()
    text = CONFIG.format(
        homes=str(folder / "homes"),
        books=str(lab.ROOT / "notebooks"),
        port=port,
        hub_port=free_port(),
        api_port=free_port(),
        proxy=str(installed / "node_modules" / ".bin" / "configurable-http-proxy"),
        password=PASSWORD,
        python=str(installed / "bin" / "python"),
    )
    (folder / "jupyterhub_config.py").write_text(text)
    env = plain_environment() | {"CONFIGPROXY_AUTH_TOKEN": "0" * 64, "OMP_NUM_THREADS": "1"}
    with open(folder / "hub.log", "a") as log:
        process = subprocess.Popen(
            [installed / "bin" / "python", "-m", "jupyterhub", "-f", "jupyterhub_config.py"],
            cwd=folder,
            env=env,
            stdout=log,
            stderr=log,
        )
        try:
            lab._wait_for(f"http://127.0.0.1:{port}/hub/health", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=180)


def sign_in(page, address: str, user: str) -> None:  # type: ignore[no-untyped-def]
    page.goto(f"{address}/hub/login?next=/user/{user}/lab/tree/notebooks/{BOOK}")
    page.locator("#username_input").fill(user)
    page.locator("#password_input").fill(PASSWORD)
    page.locator("#login_submit").click()


def form(page, identifier: str):  # type: ignore[no-untyped-def]
    return page.locator(".hrd-exercise", has_text=f"Exercise {identifier}").first


def answer_and_hand_in(page, user: str) -> None:  # type: ignore[no-untyped-def]
    asked = form(page, "02.1")
    asked.locator("input[type=text]").fill(USERS[user])
    asked.get_by_role("button", name="Check").click()
    asked.locator("strong", has_text=re.compile("Right|Not yet")).wait_for(timeout=30_000)
    asked.scroll_into_view_if_needed()
    page.screenshot(path=lab.ARTIFACTS / f"hub_{user}.png")
    page.locator(".jp-Notebook .jp-CodeCell").last.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.type(f'from helpers.exercises import hand_in; hand_in("{user}")')
    page.keyboard.press("Shift+Enter")
    page.get_by_text(f"Your answers are in handin_{user}.json").wait_for(timeout=30_000)


def memory(folder: Path) -> dict[str, float]:
    """Proportional memory in MB of each user's server and kernels, by name."""
    found: dict[str, float] = {}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            home = process.environ().get("HOME", "")
            if Path(home).parent == folder / "homes":
                kind = "kernel" if "ipykernel" in " ".join(process.cmdline()) else "server"
                name = f"{Path(home).name} {kind}"
                found[name] = found.get(name, 0) + process.memory_full_info().pss / 1e6
    return found


def test_three_users_at_once_each_find_their_own_answers(installed: Path, tmp_path: Path) -> None:
    lab.need_chromium()
    (tmp_path / "homes").mkdir()
    size = {"width": 1366, "height": 900}
    with lab.chromium() as browser:
        with hub(installed, tmp_path) as address:
            pages = {user: browser.new_context(viewport=size).new_page() for user in USERS}
            begun = time.monotonic()
            for user, page in pages.items():
                sign_in(page, address, user)
            for page in pages.values():
                lab.wait_for_kernel(page)
            opened = time.monotonic() - begun
            begun = time.monotonic()
            for page in pages.values():
                lab.start_all(page)
            for page in pages.values():
                lab.wait_for_all(page, 300)
            ran = time.monotonic() - begun
            for user, page in pages.items():
                assert lab.error_outputs(page) == []
                answer_and_hand_in(page, user)
            used = memory(tmp_path)
        print(f"\nopened after {opened:.0f} s, all cells ran after {ran:.0f} s, MB: ")
        print({name: round(size) for name, size in sorted(used.items())})
        for user, answer in USERS.items():
            home = tmp_path / "homes" / user
            kept = json.loads((home / "hrd-work" / "answers.json").read_text("utf-8"))
            assert kept["answers"]["02.1"]["history"][-1]["value"] == answer
            given = json.loads((home / "notebooks" / f"handin_{user}.json").read_text("utf-8"))
            assert given["answers"]["02.1"]["value"] == answer
        with hub(installed, tmp_path) as address:
            page = browser.new_context(viewport=size).new_page()
            sign_in(page, address, "bea")
            lab.wait_for_kernel(page)
            lab.run_all(page, 300)
            assert form(page, "02.1").locator("input[type=text]").input_value() == USERS["bea"]
