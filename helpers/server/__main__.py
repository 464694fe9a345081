"""python -m helpers.server: let this environment's Jupyter load what the suite adds.

For an environment the project is installed in (conda, Binder, a hub): an editable install
brings no such files along. start.py has no need of it, it points Jupyter at .jupyter/ itself.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

FILES = (
    "labconfig/default_setting_overrides.json",
    "jupyter_server_config.d/hrd_notebooks.json",
)


def main() -> None:
    """Copy JupyterLab's settings and the line that names our extension."""
    source = Path(__file__).resolve().parents[2] / ".jupyter"
    target = Path(sys.prefix) / "etc" / "jupyter"
    for name in FILES:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target / name)
    print(f"Jupyter in {sys.prefix} now loads the suite's settings.")


if __name__ == "__main__":
    main()
