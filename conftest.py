"""Settings every test run shares, the notebooks' kernels included."""

from __future__ import annotations

import os
import tempfile

# Answers a developer has stored must not change what a notebook prints under test.
os.environ.setdefault("HRD_WORK_DIR", tempfile.mkdtemp(prefix="hrd-work-"))
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Frozen modules make ipykernel's debugger write a warning into notebook outputs.
os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
