"""Weibull fits: ours, one at a time and in batches, beside lifelines and R's survreg.

One run, same rows, same likelihood; prints times, ratios and how far coefficients and
standard errors differ. Then growth with n and p, and the batch's peak memory. Run:
python benchmarks/weibull.py   (R's columns appear where Rscript and survival are there)
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from lifelines import WeibullAFTFitter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from helpers.stats.accelerated import fit_accelerated  # noqa: E402
from helpers.stats.multiverse import CHUNK, weibull_batch  # noqa: E402

MODELS = 10_000


def rows(n: int, p: int) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Invented rows of about the cohort's shape: binary columns, about half censored."""
    draw = np.random.default_rng(252)
    x = pd.DataFrame(
        {f"x{j + 1}": (draw.random(n) < 0.15 + 0.3 * j / p).astype(float) for j in range(p)}
    )
    t = np.exp(5 - 1.0 * x["x1"] + 1.3 * np.log(draw.exponential(size=n))).to_numpy()
    stop = draw.uniform(20, 300, n)
    return np.minimum(t, stop), (t <= stop).astype(float), x


def median_time(call: Callable[[], object], repeats: int) -> float:
    call()
    spent = []
    for _ in range(repeats):
        begin = time.perf_counter()
        call()
        spent.append(time.perf_counter() - begin)
    return statistics.median(spent)


def batch_time(n: int, p: int, models: int) -> float:
    t, d, x = rows(n, p)
    include = np.random.default_rng(1).random((models, p)) < 0.5
    return median_time(lambda: weibull_batch(t, d, x, include), 3)


def with_r(frame: pd.DataFrame, repeats: int) -> np.ndarray | None:
    rscript = shutil.which("Rscript")
    if rscript is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        frame.to_csv(path, index=False)
        script = Path(__file__).with_name("weibull.R")
        command = [rscript, "--vanilla", str(script), str(path), str(repeats)]
        said = subprocess.run(command, capture_output=True, text=True)
    return np.array(said.stdout.split(), dtype=float) if said.returncode == 0 else None


def main() -> None:
    warnings.simplefilter("ignore")
    n, p = 252, 10
    t, d, x = rows(n, p)
    frame = x.assign(time=t, event=d)
    ours = fit_accelerated(t, d, x)
    single = median_time(lambda: fit_accelerated(t, d, x), 200)
    life = WeibullAFTFitter().fit(frame, "time", "event")
    lifelines = median_time(lambda: WeibullAFTFitter().fit(frame, "time", "event"), 10)
    r = with_r(frame, 100)

    include = np.random.default_rng(1).random((MODELS, p)) < 0.5
    include[0] = True
    whole = median_time(lambda: weibull_batch(t, d, x, include), 5)
    batch = weibull_batch(t, d, x, include)
    each = whole / MODELS

    terms = [*x.columns, "Intercept"]
    print(f"n = {n}, p = {p}, {int(d.sum())} events; {os.cpu_count()} processors\n")
    print(f"{'one model':34}{'ms':>10}{'lifelines /':>13}{'survreg /':>11}")
    reg = float("nan") if r is None else r[0]
    for name, spent in (
        ("lifelines WeibullAFTFitter.fit", lifelines),
        ("R survreg", reg),
        ("fit_accelerated", single),
        (f"weibull_batch, of {MODELS:,}", each),
    ):
        print(f"{name:34}{1e3 * spent:10.3f}{lifelines / spent:13.0f}{reg / spent:11.1f}")
    print(f"\n{MODELS:,} models: {whole:.2f} s, {int(batch.converged.sum())} converged")

    full = {
        "lifelines": (
            life.params_["lambda_"][terms].to_numpy(),
            life.standard_errors_["lambda_"][terms].to_numpy(),
        )
    }
    if r is not None:
        order = [*range(1, p + 1), 0]
        full["survreg"] = (r[1 : p + 2][order], r[p + 2 :][order])
    full["batch"] = (batch.estimate[0], batch.std_error[0])
    print("\nLargest difference of fit_accelerated from")
    for name, (estimate, error) in full.items():
        gaps = np.abs(ours.estimate - estimate).max(), np.abs(ours.std_error - error).max()
        print(f"  {name:10} coefficients {gaps[0]:.1e}   standard errors {gaps[1]:.1e}")

    print("\nGrowth, ms a model (single | batch of 2,000)")
    for rows_, columns in ((126, 10), (252, 10), (504, 10), (1008, 10), (252, 5), (252, 20)):
        t_, d_, x_ = rows(rows_, columns)
        one = median_time(lambda t_=t_, d_=d_, x_=x_: fit_accelerated(t_, d_, x_), 30)
        many = batch_time(rows_, columns, 2000) / 2000
        print(f"  n = {rows_:5}, p = {columns:2}:  {1e3 * one:.3f} | {1e3 * many:.4f}")

    print(f"\nPeak memory of the batch, one thread, chunks of {CHUNK}")
    for models in (1000, 10_000):
        tracemalloc.start()
        weibull_batch(t, d, x, include[:models], threads=1)
        print(f"  {models:6,} models: {tracemalloc.get_traced_memory()[1] / 1e6:.0f} MB")
        tracemalloc.stop()


if __name__ == "__main__":
    main()
