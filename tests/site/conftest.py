from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from helpers.site import build
from tests.browser import lab
from tests.site import built


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    assert build.build(build.chosen(built.BOOKS), out) == []
    return out


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    lab.need_chromium()
    with sync_playwright() as tools:
        started = tools.chromium.launch(
            executable_path=lab.find_chromium(),
            args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND"],
        )
        yield started
        started.close()


@pytest.fixture
def bench(browser: Browser, tmp_path: Path) -> Iterator[Any]:
    """A page that holds the scripts and nothing else."""
    (tmp_path / "bench.html").write_text("<!doctype html><title>bench</title>")
    page = browser.new_page()
    page.goto((tmp_path / "bench.html").as_uri())
    page.add_script_tag(content=built.scripts())
    yield page
    page.close()
