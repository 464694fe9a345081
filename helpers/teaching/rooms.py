"""The files through which a poll on the projector and the vote from phones speak."""

from __future__ import annotations

import re
from typing import Final

VOTES_FILE: Final = "votes.json"
"""Votes by exercise and phase, without anything that names a device."""
OPEN_FILE: Final = "open.json"
"""Which question the poll has opened."""
ROOM_FILE: Final = "room.json"
"""Where the class can vote; there only as long as the vote is."""
OWN_FILES: Final = re.compile(r"(votes(-\d+)?|open|room)\.json(\.part)?")
