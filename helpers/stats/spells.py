"""From dates to spells at risk: clock, entry, sample and end of follow-up as one choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.stats.errors import StatsError

Array = NDArray[np.float64]
Clock = Literal["arrest", "launch"]
Entry = Literal["none", "everyone", "campaign"]
Sample = Literal["all", "in prison at launch"]

CLOCKS: Final[tuple[Clock, ...]] = ("arrest", "launch")
ENTRIES: Final[tuple[Entry, ...]] = ("none", "everyone", "campaign")
SAMPLES: Final[tuple[Sample, ...]] = ("all", "in prison at launch")


@dataclass(frozen=True)
class Spells:
    """Times at risk.

    Attributes
    ----------
    rows : ndarray of int, shape (k,)
        Positions of the input rows that are kept.
    entry, time : ndarray, shape (k,)
        When each enters and leaves the risk set, on the design's clock, in the unit of
        the input (`entry` is 0 where nobody enters late).
    event : ndarray, shape (k,)
        1 released, 0 censored.
    """

    rows: NDArray[np.intp]
    entry: Array
    time: Array
    event: Array


@dataclass(frozen=True)
class Design:
    """Who is at risk when.

    Attributes
    ----------
    clock : {"arrest", "launch"}
        Where time starts.
    entry : {"none", "everyone", "campaign"}
        Who comes under observation only at the launch (delayed entry, left truncation):
        nobody; everybody, so that those out before the launch are never in a risk set;
        or those in the campaign alone, who had to be still held to be chosen.
    sample : {"all", "in prison at launch"}
    follow_up : float, optional
        End of follow-up, in units of time since the launch; later exits are censored there.

    Notes
    -----
    With the clock at the launch everybody who is left is at risk from 0, so `entry` has no
    effect; and whoever left before the launch cannot be followed and is dropped.

    Raises
    ------
    StatsError
        An unknown choice, or an end of follow-up that is not after the launch.
    """

    clock: Clock = "arrest"
    entry: Entry = "none"
    sample: Sample = "all"
    follow_up: float | None = None

    def __post_init__(self) -> None:
        for field, known in (("clock", CLOCKS), ("entry", ENTRIES), ("sample", SAMPLES)):
            if getattr(self, field) not in known:
                raise StatsError(
                    f"The {field} is one of {', '.join(known)}, not {getattr(self, field)!r}."
                )
        if self.follow_up is not None and not 0 < self.follow_up < np.inf:
            raise StatsError("Follow-up must end after the launch; give a number above 0.")

    def spells(
        self, arrest: ArrayLike, exit: ArrayLike, released: ArrayLike, campaign: ArrayLike
    ) -> Spells:
        """Return the spells at risk under this design.

        Parameters
        ----------
        arrest, exit : array_like, shape (n,)
            Times of arrest and of exit (release, or last confirmed in custody), counted
            from the launch: negative before it. Any unit; months in this suite.
        released : array_like, shape (n,)
            1 if the exit is a release, 0 if the spell is censored there.
        campaign : array_like, shape (n,)
            1 for rows in the campaign.

        Raises
        ------
        StatsError
            Missing or infinite times, an exit not after its arrest, a flag that is not
            0 or 1, columns of unlike length, or no row left.
        """
        start, stop = _times(arrest, "arrest"), _times(exit, "exit")
        event, chosen = _flag(released, "released"), _flag(campaign, "campaign")
        if not start.size == stop.size == event.size == chosen.size:
            raise StatsError("Arrest, exit, released and campaign need one value for each row.")
        if (stop <= start).any():
            row = int(np.argmax(stop <= start))
            raise StatsError(f"Row {row} leaves prison before or at its arrest; correct its dates.")
        keep = np.ones(start.size, dtype=bool)
        if self.sample == "in prison at launch" or self.clock == "launch":
            keep &= (start <= 0) & (stop > 0)
        if self.follow_up is not None:
            event = np.where(stop > self.follow_up, 0.0, event)
            stop = np.minimum(stop, self.follow_up)
            keep &= stop > start
        entered = np.zeros(start.size, dtype=bool)
        if self.clock == "arrest" and self.entry == "everyone":
            keep &= stop > 0
            entered[:] = True
        elif self.clock == "arrest" and self.entry == "campaign":
            keep &= (stop > 0) | (chosen == 0)
            entered = chosen == 1
        rows = np.flatnonzero(keep)
        if rows.size == 0:
            raise StatsError("No row is at risk under these choices; widen the sample.")
        zero = start if self.clock == "arrest" else np.zeros_like(start)
        late = np.where(entered, np.maximum(0.0, -start), 0.0)
        return Spells(rows, late[rows], (stop - zero)[rows], event[rows])


def _times(values: ArrayLike, name: str) -> Array:
    out = np.asarray(values, dtype=float).ravel()
    if out.size == 0:
        raise StatsError("There are no rows; widen the selection.")
    if not np.isfinite(out).all():
        row = int(np.argmax(~np.isfinite(out)))
        raise StatsError(f"Row {row} has no {name} time; give it one or drop the row.")
    return out


def _flag(values: ArrayLike, name: str) -> Array:
    out = np.asarray(values, dtype=float).ravel()
    if not np.isin(out, (0.0, 1.0)).all():
        raise StatsError(f"The column {name!r} must hold 0 and 1 only, nothing missing.")
    return out
