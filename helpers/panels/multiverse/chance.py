"""Panel on chance: the same universes with shuffled labels, run, stopped and gone on with."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers import charts
from helpers.charts import multiverse as pictures
from helpers.panels.base.controls import Button, Choice, Control
from helpers.panels.base.panel import Panel, Picture
from helpers.panels.multiverse.every import NOT_A_FINDING, Multiverse
from helpers.stats.curve import (
    STATISTICS,
    Permutations,
    curve_statistics,
    permutation_runs,
)
from helpers.store.answers import SettingStore
from helpers.study.multiverse import LABELS, Relabeled, groups
from helpers.words import p_says

Array = NDArray[np.float64]

RUNS: Final = 1000
SEED: Final = 20150901
_BARS: Final = 24
_KEPT: Final = "10.noise"


@lru_cache(maxsize=4)
def refit(data: Multiverse, by: str) -> Relabeled:
    """Return what refits a thousand universes of points released by a month."""
    return Relabeled(data.rows, data.fitted, "points", by)


@dataclass
class Runs:
    """The multiverse and the shuffles drawn so far, by (month, among whom).

    Attributes
    ----------
    data : Multiverse
    beforehand : DataFrame or None
        As `helpers.data.load_shuffles` returns it.
    drawn : dict
    """

    data: Multiverse
    beforehand: pd.DataFrame | None = None
    drawn: dict[tuple[str, str], Permutations] = field(default_factory=dict)

    def known(self, by: str, among: str) -> tuple[Permutations | None, bool]:
        """Return the shuffles of these labels there are, and whether they came with the suite."""
        found = self.drawn.get((by, among)) or kept((by, among), self.observed(by))
        if self.beforehand is None or by != "ever" or self.data.caveat != NOT_A_FINDING:
            return found, False
        ours = self.beforehand[self.beforehand["among"] == among]
        if found is not None and len(found.drawn) >= len(ours):
            return found, False
        return Permutations(
            self.observed(by), ours[list(STATISTICS)].to_numpy(float), RUNS, SEED
        ), True

    def observed(self, by: str) -> Array:
        """Return the statistics of the labels as they are."""
        place = refit(self.data, by).place
        return curve_statistics(*(a[place] for a in self.data.fitted.answers["points", by]))


@dataclass(frozen=True)
class NoiseState:
    by: str = "ever"
    among: str = "anyone"


class NoisePanel(Panel[NoiseState]):
    """The curve under shuffled labels.

    Parameters
    ----------
    data : Multiverse
        What `multiverse` returns.
    scheduler : str, optional
        Address of a dask scheduler, such as "tcp://10.0.0.1:8786", to share the runs out to;
        without it they run in processes on this computer. The numbers are the same.
    beforehand : DataFrame, optional
        Shuffles that came with the suite, as `helpers.data.load_shuffles` returns them; they
        stand for the synthetic cohort alone.
    **more
        As for every panel.
    """

    name: ClassVar[str] = "Could noise look like this?"
    State = NoiseState

    def __init__(
        self, data: Multiverse, scheduler: str = "", beforehand: pd.DataFrame | None = None,
        **more: Any,
    ) -> None:  # fmt: skip
        self._scheduler = scheduler
        self._running = threading.Event()
        self._thread: threading.Thread | None = None
        super().__init__(Runs(data, beforehand), **more)

    def controls(self) -> Mapping[str, Control | Button]:
        return {
            "by": Choice("Released by", {"at any time": "ever", "month 24": "24"}),
            "among": Choice("Shuffle who was chosen", {v: k for k, v in LABELS.items()}),
            "run": Button("Run, or go on"),
            "stop": Button("Stop"),
        }

    first = ("by", "among", "run", "stop")

    def pressed(self, field: str) -> None:
        if field == "stop":
            self._running.clear()
            return
        if self._thread is None or not self._thread.is_alive():
            self._running.set()
            self._thread = threading.Thread(target=self._work, args=(self.state,), daemon=True)
            self._thread.start()

    def _work(self, state: NoiseState) -> None:
        try:
            self.run(state)
        except Exception as problem:  # said in the panel: a thread has nobody to raise to
            self._refuse(f"The runs stopped: {problem}")
        finally:
            self._running.clear()

    def run(self, state: NoiseState, runs: int = RUNS, cores: int = 0) -> Permutations:
        """Shuffle until `runs` are drawn or *Stop* is pressed; what was drawn is kept.

        Parameters
        ----------
        state : NoiseState
        runs : int
        cores : int
            Processes on this computer; all there are by default.

        Raises
        ------
        ValueError
            No cluster answers at the scheduler's address, or dask is not installed.
        """
        data, key = self.data.data, (state.by, state.among)
        self._running.set()
        with executor(self._scheduler, cores or os.cpu_count() or 1) as (pool, parts):
            for found in permutation_runs(
                refit(data, state.by),
                data.rows.campaign,
                runs,
                SEED,
                groups(data.rows, state.among),
                self.data.known(*key)[0],
                chunk=4 * parts,
                executor=pool,
                parts=parts,
            ):
                self.data.drawn[key] = found
                keep(key, found)
                self._show()
                if not self._running.is_set():
                    break
        return self.data.drawn[key]

    def chart(self) -> Any:
        return charts.finish(
            pictures.chance(),
            self.data.data.rows.frame,
            title="The curve's median, and those of shuffled labels",
            description="A histogram of the medians of curves with shuffled labels, the real "
            "one marked, and a bar of how many shuffles are done.",
        )

    @staticmethod
    def compute(state: NoiseState, data: Runs) -> Picture:
        key = (state.by, state.among)
        found, ours = data.known(*key)
        universes = refit(data.data, state.by).place.size
        if found is None or not len(found.drawn):
            words = (
                f"No shuffle is drawn yet. Press Run: each refits {universes:,} universes with the "
                f"campaign's label given by lot {LABELS[state.among]}; the bar shows how far it is."
            )
            rows = {"shuffles": [], "seen": [], "done": [{"share": 0, "label": f"0 of {RUNS:,}"}]}
            return Picture(rows, words, figures={"runs": 0})
        done = len(found.drawn)
        median = found.drawn[:, 0]
        top = max(float(np.nanmax(median)), float(found.observed[0])) * 1.02
        counts, edges = np.histogram(median[np.isfinite(median)], _BARS, (0, top))
        bars = [
            {"start": float(a), "stop": float(b), "runs": int(n)}
            for a, b, n in zip(edges[:-1], edges[1:], counts, strict=True)
        ]
        p = found.p_values
        when = ", drawn beforehand" if ours else ""
        words = (
            f"{done:,} of {RUNS:,} shuffles of {universes:,} universes{when}, labels given by lot "
            f"{LABELS[state.among]}. The real curve's median lies {found.observed[0]:.0f} "
            f"points from 0; shuffles reach as far with {p_says(p[0])}. "
            f"{100 * found.observed[1]:.0f} % of its universes are significant in one direction "
            f"({p_says(p[1])}), and for its mean z {p_says(p[2])}. "
            f"A p value below 1/{done + 1:,} cannot be seen with so few. "
            f"{data.data.caveat}"
        )
        return Picture(
            {
                "shuffles": bars,
                "seen": [{"value": float(found.observed[0]), "label": "the labels as they are"}],
                "done": [{"share": min(done / RUNS, 1), "label": f"{done:,} of {RUNS:,}"}],
            },
            words,
            figures={"runs": done, "median": float(found.observed[0]), "p median": float(p[0]),
                     "p significant": float(p[1]), "p stouffer": float(p[2])},
        )  # fmt: skip


class executor:
    """Who draws the shuffles: a cluster, or processes of this computer; with its parts.

    Parameters
    ----------
    scheduler : str
        Address of a dask scheduler, or "".
    cores : int
        Processes where there is no scheduler; with one, all runs are drawn in this process.

    Raises
    ------
    ValueError
        No cluster answers at the address, or dask is not installed.
    """

    def __init__(self, scheduler: str, cores: int) -> None:
        self.scheduler, self.cores = scheduler, cores
        self._close: list[Any] = []

    def __enter__(self) -> tuple[Executor | None, int]:
        if self.scheduler:
            try:
                from distributed import Client
            except ImportError:
                raise ValueError(
                    'Running on a cluster needs dask: install it with pip install ".[cluster]".'
                ) from None
            try:
                client = Client(self.scheduler, timeout=10)
            except (OSError, ValueError) as problem:
                raise ValueError(
                    f"No cluster answers at {self.scheduler!r}; check the address ({problem})."
                ) from None
            pool = client.get_executor()
            workers = len(client.scheduler_info()["workers"])
            self._close = [lambda: pool.shutdown(wait=False), client.close]
            return pool, max(workers, 1)
        if self.cores == 1:
            return None, 1
        # A fresh process each: forking one that has threads can hang it.
        local = ProcessPoolExecutor(self.cores, multiprocessing.get_context("spawn"))
        self._close = [lambda: local.shutdown(cancel_futures=True)]
        return local, self.cores

    def __exit__(self, *_: object) -> None:
        for close in self._close:
            close()


def kept(key: tuple[str, str], observed: Array) -> Permutations | None:
    """Return the shuffles kept in the work folder, or None where they are of other rows."""
    found: Any = SettingStore().read().get(f"{_KEPT}.{'.'.join(key)}")
    try:
        before = Permutations(
            np.array(found["observed"], dtype=float),
            np.array(found["drawn"], dtype=float).reshape(-1, 3),
            RUNS,
            int(found["seed"]),
        )
    except (TypeError, KeyError, ValueError):
        return None
    same = before.seed == SEED and np.allclose(before.observed, observed, equal_nan=True)
    return before if same else None


def keep(key: tuple[str, str], found: Permutations) -> None:
    """Keep the shuffles in the work folder, so that a later session goes on."""
    SettingStore().record(
        f"{_KEPT}.{'.'.join(key)}",
        {
            "observed": found.observed.tolist(),
            "drawn": found.drawn.round(6).tolist(),
            "seed": found.seed,
        },
    )
