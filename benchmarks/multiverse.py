"""10,000 universes of three families beside a loop of the libraries, one run, same rows.

Prints seconds, the ratio a model, and the largest difference of the campaign coefficient from
the library's on the models that the loop fits. Then a chunk of permutations. Run:
python benchmarks/multiverse.py
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import helpers  # noqa: E402, F401, I001  before NumPy, as in the notebooks: it sets its threads

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import statsmodels.api as sm  # noqa: E402
from lifelines import WeibullAFTFitter  # noqa: E402
from weibull import rows  # noqa: E402

from helpers.stats.curve import points_released, variance_shares  # noqa: E402
from helpers.stats.multiverse import (  # noqa: E402
    Batch,
    least_squares_batch,
    logit_batch,
    weibull_batch,
)

EACH = (3334, 3333, 3333)
LOOP = 20


def main() -> None:
    warnings.simplefilter("ignore")
    t, d, x = rows(252, 10)
    draw = np.random.default_rng(1)
    samples = draw.random((12, len(t))) < 0.85
    samples[0] = True
    y = ((t <= 60) & (d == 1)) * 1.0
    fits: list[Callable[[np.ndarray, np.ndarray], Batch]] = [
        lambda include, kept: weibull_batch(t, d, x, include, kept),
        lambda include, kept: logit_batch(y, x, include, kept),
        lambda include, kept: least_squares_batch(y, x, include, kept),
    ]
    whole = worked = 0.0
    for name, fit, m in zip(("Weibull", "logit", "linear"), fits, EACH, strict=True):
        include = draw.random((m, 10)) < 0.5
        include[:, 0] = True
        kept = samples[draw.integers(0, 12, m)]
        fit(include[:600], kept[:600])
        begin, cpu = time.perf_counter(), time.process_time()
        batch = fit(include, kept)
        spent = time.perf_counter() - begin
        whole += spent
        worked += time.process_time() - cpu
        begin = time.perf_counter()
        theirs = []
        for on, rows_ in zip(include[:LOOP], kept[:LOOP], strict=True):
            some = x.loc[rows_, x.columns[on]]
            if name == "Weibull":
                frame = some.assign(time=t[rows_], event=d[rows_])
                life = WeibullAFTFitter().fit(frame, "time", "event")
                theirs.append(life.params_["lambda_"]["x1"])
            else:
                design = sm.add_constant(some)
                model = (sm.Logit if name == "logit" else sm.OLS)(y[rows_], design)
                theirs.append(
                    model.fit(disp=0).params["x1"] if name == "logit" else model.fit().params["x1"]
                )
        loop = (time.perf_counter() - begin) / LOOP
        gap = np.nanmax(np.abs(batch.estimate[:LOOP, 0] - np.array(theirs)))
        begin = time.perf_counter()
        found = points_released(batch, x, "x1", month=60, rows=kept)
        mapped = time.perf_counter() - begin
        answered = int(found["estimate"].notna().sum())
        print(
            f"{name:8} {m:6,} models {spent:6.2f} s, {answered:,} with an answer; a library loop "
            f"{loop * m:7.1f} s ({loop * m / spent:.0f} times); largest difference {gap:.1e}; "
            f"points {mapped:.2f} s"
        )
    print(f"together {sum(EACH):,} models in {whole:.2f} s, {worked:.2f} s of processor time")
    choices = np.random.default_rng(2).integers(0, 3, (10_000, 8))
    begin = time.perf_counter()
    variance_shares(pd.DataFrame(choices), choices @ np.arange(8) + choices[:, 0] * choices[:, 1])
    print(f"variance shares of 8 choices over 10,000: {time.perf_counter() - begin:.2f} s")


if __name__ == "__main__":
    main()
