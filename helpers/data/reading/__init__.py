"""One reader for every table that people bring: cells as text, the rows' numbers, what was decided.

Reading goes in three steps that never mix: bytes to a grid of cells (`source`, `text`,
`formats`), cells to days, yes or no and places (`meaning`, `places`), and, above this room,
cells to rows of a study, codes of a class or names of a roster. A file that can be read in
more than one way is refused; what was decided on the way is listed.
"""

from helpers.data.reading.grid import Grid, Unreadable
from helpers.data.reading.source import Source, look, only_reading

__all__ = ["Grid", "Source", "Unreadable", "look", "only_reading"]
