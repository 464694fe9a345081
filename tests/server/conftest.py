"""An environment with JupyterHub, when there is one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def installed() -> Path:
    """The folder of an environment made by `.ci/hub FOLDER`."""
    named = os.environ.get("HRD_HUB")
    if not named:
        pytest.skip("No JupyterHub: run .ci/hub FOLDER and set HRD_HUB to that folder.")
    return Path(named)
