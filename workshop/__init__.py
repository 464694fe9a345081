"""What a maintainer runs and a reader never imports."""

import helpers  # noqa: F401  before NumPy: it sets how many threads NumPy takes
