"""What the estimators load when first needed, loaded before a clock runs."""

from __future__ import annotations

import scipy.linalg
import scipy.optimize
import scipy.stats
import statsmodels.api

LOADED = (scipy.linalg, scipy.optimize, scipy.stats, statsmodels.api)
