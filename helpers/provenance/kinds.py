"""Where a table comes from, carried by the table itself.

A reader must never take a synthetic row for a real person or an illustration
for an estimate. So every loader marks its frame, every derived frame carries
the marks of its parents, and charts read them to draw a badge.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

import pandas as pd

_KEY: Final = "provenance"


class Provenance(Enum):
    """The kinds of data in this suite, with the badge each one wears."""

    PUBLIC_RECORD = ("public record", "●", "public facts, each with its source")
    PUBLISHED = ("published", "■", "numbers and statements printed in the paper")
    SYNTHETIC = ("synthetic", "◇", "invented rows; no real person")
    ILLUSTRATION = ("illustration", "△", "output of a model under stated assumptions")
    YOURS = ("yours", "✚", "what you entered or loaded; it stays on this computer")

    def __init__(self, label: str, glyph: str, meaning: str) -> None:
        self.label = label
        self.glyph = glyph
        self.meaning = meaning

    @property
    def badge(self) -> str:
        """Glyph, name and meaning in one line; readable without color."""
        return f"{self.glyph} {self.label.upper()}: {self.meaning}"

    @classmethod
    def of_label(cls, label: str) -> Provenance:
        """Return the kind with this label.

        Raises
        ------
        ValueError
            If no kind has that label; the message lists those there are.
        """
        for kind in cls:
            if kind.label == label:
                return kind
        known = ", ".join(kind.label for kind in cls)
        raise ValueError(f"There is no kind of data called {label!r}; the kinds are {known}.")


class ProvenanceError(ValueError):
    """A table without a provenance mark reached a place that must show one."""


def mark(frame: pd.DataFrame, *kinds: Provenance) -> pd.DataFrame:
    """Return `frame` (the same object) marked with one or more kinds of data."""
    if not kinds:
        raise ProvenanceError("A table needs at least one kind of data; name it in mark().")
    # Plain strings, not enum members: pandas compares and copies attrs, and
    # Arrow or pickle round trips keep strings.
    frame.attrs[_KEY] = tuple(dict.fromkeys(kind.label for kind in kinds))
    return frame


def provenance_of(frame: pd.DataFrame) -> tuple[Provenance, ...]:
    """Return the kinds of data in `frame`, in the order they were marked.

    Raises
    ------
    ProvenanceError
        If the frame carries no mark.
    """
    labels = frame.attrs.get(_KEY)
    if not labels:
        raise ProvenanceError(
            "This table does not say what kind of data it holds. Load it with helpers.data, "
            "or pass it through carry(table, parent) after a merge."
        )
    return tuple(Provenance.of_label(label) for label in labels)


def carry(frame: pd.DataFrame, *parents: pd.DataFrame) -> pd.DataFrame:
    """Mark `frame` with every kind of data its parents have.

    pandas drops marks in merges and in concatenations of unlike tables, so a
    derived table is marked again from the tables that it was made of.
    """
    kinds = [kind for parent in parents for kind in provenance_of(parent)]
    return mark(frame, *kinds)
