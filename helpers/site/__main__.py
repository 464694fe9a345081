"""``python -m helpers.site``: make the web edition, and say how to go on when it is stopped."""

from __future__ import annotations

import math
import signal
import sys
import time
from typing import Any


def main() -> int:
    """Make the site; return the exit status."""
    asked = [-math.inf]

    def stop(*_: Any) -> None:
        asked.append(time.monotonic())
        if asked[-1] - asked[-2] > 1:  # a terminal and the program that called may both ask
            raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    try:
        # Only now: it loads for seconds, in which it may be stopped.
        from helpers.site.build import main

        return main()
    except KeyboardInterrupt:
        print("\nStopped; the same command goes on where it was.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
