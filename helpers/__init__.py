"""Analysis code behind the notebooks. Imports run one way: data, stats, charts, panels."""

import os
import sys

# The matrices here are small: a second thread of the linear algebra library waits more than it
# works, ten times as long where other processes share the processor. Read when NumPy is loaded.
for _library in ("OPENBLAS", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

# The grammar of web addresses that jsonschema would compile when altair is imported: over a
# second, for a check that no chart of ours needs. Where it is missing jsonschema leaves it out.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
