"""N learners run a notebook at the same moment on this machine: seconds, memory, failures.

    python benchmarks/class_load.py 12 [03]

Each kernel runs every cell of the notebook, as *Run All* does, with a work folder of its own.
Memory is the proportional set size (what N kernels share is counted once), read when all have
finished and are still there, as in a class that reads on.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 1800  # seconds for one cell; only a hanging kernel needs them


async def learner(book: Path, work: Path, done: asyncio.Barrier) -> tuple[float, str, float]:
    """Return seconds, what failed (or nothing) and the kernel's memory in MB."""
    notebook = nbformat.read(book, as_version=4)
    client = NotebookClient(
        notebook, timeout=PATIENCE, resources={"metadata": {"path": book.parent}}
    )
    begun = time.monotonic()
    failed = ""
    client.create_kernel_manager()
    await client.async_start_new_kernel(env={**os.environ, "HRD_WORK_DIR": str(work)})
    await client.async_start_new_kernel_client()
    try:
        for number, cell in enumerate(notebook.cells):
            await client.async_execute_cell(cell, number)
    except (CellExecutionError, TimeoutError, RuntimeError) as error:
        failed = f"cell {number}: {str(error).strip().splitlines()[-1]}"
    seconds = time.monotonic() - begun
    await done.wait()
    memory = 0.0
    with contextlib.suppress(psutil.Error, AttributeError):
        memory = psutil.Process(client.km.provisioner.pid).memory_full_info().pss / 1e6
    await done.wait()  # nobody leaves while others still look
    await client._async_cleanup_kernel()
    return seconds, failed, memory


async def class_of(count: int, book: Path) -> list[tuple[float, str, float]]:
    """Run the notebook in `count` kernels at once."""
    with tempfile.TemporaryDirectory() as folder:
        done = asyncio.Barrier(count)
        works = [Path(folder) / str(n) for n in range(count)]
        return list(await asyncio.gather(*(learner(book, work, done) for work in works)))


def main() -> None:
    """Print one line for the class."""
    count = int(sys.argv[1])
    number = sys.argv[2] if len(sys.argv) > 2 else "03"
    (book,) = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
    free = psutil.virtual_memory().available / 1e9
    found = asyncio.run(class_of(count, book))
    seconds, failed, memory = zip(*found, strict=True)
    print(
        f"{count} kernels, {book.stem}, {os.cpu_count()} cores (load {os.getloadavg()[0]:.0f}): "
        f"median {statistics.median(seconds):.0f} s, last {max(seconds):.0f} s, "
        f"{statistics.mean(memory):.0f} MB each (PSS), {sum(memory) / 1e3:.1f} of {free:.1f} GB, "
        f"{sum(map(bool, failed))} failures"
    )
    for what in filter(None, failed):
        print(f"  {what}")


if __name__ == "__main__":
    main()
