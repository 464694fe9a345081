"""The files through which a poll on the projector and the vote from phones speak."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

VOTES_FILE: Final = "votes.json"
"""Votes by exercise and phase, without anything that names a device."""
OPEN_FILE: Final = "open.json"
"""Which question the poll has opened."""
ROOM_FILE: Final = "room.json"
"""Where the class can vote; there only as long as the vote is."""
OWN_FILES: Final = re.compile(r"(votes(-\d+)?|open|room)\.json(\.part)?")


def put_aside(folder: Path) -> None:
    """Keep the votes of an earlier class out of this one, and the address it may have left."""
    if (folder / VOTES_FILE).exists():
        number = 1
        while (aside := folder / f"votes-{number}.json").exists():
            number += 1
        os.replace(folder / VOTES_FILE, aside)
    for name in (OPEN_FILE, ROOM_FILE):
        (folder / name).unlink(missing_ok=True)
