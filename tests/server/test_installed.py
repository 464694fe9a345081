"""Where the project is installed (conda, Binder, a hub), it works without start.py."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def plain_environment() -> dict[str, str]:
    ours = ("PYTHON", "JUPYTER", "HRD_", "IPYTHON")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def test_the_first_cells_run_without_our_path_file(installed: Path) -> None:
    cells = []
    for book in BOOKS:
        saved = json.loads(book.read_text("utf-8"))["cells"]
        cells.append(next("".join(c["source"]) for c in saved if c["cell_type"] == "code"))
    ran = subprocess.run(
        [installed / "bin" / "python", "-P", "-c", "\n".join(cells)],
        cwd=ROOT / "notebooks",
        env=plain_environment() | {"PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]


def test_jupyter_there_loads_our_settings_and_our_extension(installed: Path) -> None:
    ran = subprocess.run(
        [installed / "bin" / "python", "-m", "jupyter_server.extension.serverextension", "list"],
        env=plain_environment(),
        capture_output=True,
        text=True,
    )
    said = ran.stdout + ran.stderr
    assert "helpers.server" in said
    assert "enabled" in next(line for line in said.splitlines() if "helpers.server" in line)
    settings = installed / "etc" / "jupyter" / "labconfig" / "default_setting_overrides.json"
    assert (
        settings.read_bytes()
        == (ROOT / ".jupyter" / "labconfig" / "default_setting_overrides.json").read_bytes()
    )


def test_binders_builder_reads_one_python_and_installs_after_the_source(installed: Path) -> None:
    ran = subprocess.run(
        [installed / "bin" / "jupyter-repo2docker", "--no-build", "--debug", ROOT],
        env=plain_environment(),
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    said = ran.stdout + ran.stderr
    assert "conda environment for python=3.12" in said
    # The whole source first, the packages and the project after it.
    assert said.index("COPY --chown=0:0 src/ ${REPO_DIR}/") < said.index("RUN ./binder/postBuild")
