"""Charts: tidy frames in, Altair charts out. No statistic is computed here.

Importing this package makes the suite's theme and renderer current.
"""

from helpers.charts import theme
from helpers.charts.theme import COLORS, ChartError, badges, finish

__all__ = ["COLORS", "ChartError", "badges", "finish", "theme"]

theme.use()
