"""Analysis code behind the notebooks. Imports run one way: data, stats, charts, panels."""

import sys

# The grammar of web addresses that jsonschema would compile when altair is imported: over a
# second, for a check that no chart of ours needs. Where it is missing jsonschema leaves it out.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
