"""Released within h months: a yes/no outcome with a horizon, when follow-up is incomplete.

A woman whose follow-up ends before the horizon has no known outcome there. Four answers:
count her as not released, leave her out, weight those who are known by the inverse of their
chance of still being followed, or read the share off a Kaplan-Meier curve.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from helpers.stats.errors import StatsError
from helpers.stats.kaplan_meier import checked_level, kaplan_meier

Method = Literal["held", "exclude", "weight", "curve"]
METHODS: Final[tuple[Method, ...]] = ("held", "exclude", "weight", "curve")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Share:
    """Share of one group released within the horizon.

    `n` women, of whom `released` are seen to be released by then and `unknown` are lost
    before; `std_error` is Greenwood's for the curve and the sandwich (HC0) otherwise;
    `low` and `high` are Wilson's limits at the effective sample size (Rothman 1978).
    """

    share: float
    std_error: float
    n: int
    released: int
    unknown: int
    low: float
    high: float


@dataclass(frozen=True)
class Horizon:
    """Two groups at one horizon; differences are group 1 minus group 0, as probabilities."""

    months: float
    method: Method
    inside: Share
    outside: Share
    difference: float
    low: float
    high: float

    @property
    def odds_ratio(self) -> float:
        """Odds of release inside over outside; infinite or NaN when a share is 0 or 1."""
        p, q = self.inside.share, self.outside.share
        over, under = p * (1 - q), q * (1 - p)
        if under > 0:
            return over / under
        return math.inf if over > 0 else math.nan


def released_within(
    time: ArrayLike,
    event: ArrayLike,
    group: ArrayLike,
    months: float,
    method: Method = "exclude",
    level: float = 0.95,
) -> Horizon:
    """Compare two groups' shares released within a horizon.

    Parameters
    ----------
    time : array_like, shape (n,)
        Follow-up from the start of the clock, same unit as `months`.
    event : array_like, shape (n,)
        1 if the follow-up ends in release, 0 if it is censored.
    group : array_like, shape (n,)
        1 for the group of interest, 0 for the other.
    months : float
        The horizon, positive. A release at exactly `months` counts.
    method : {"held", "exclude", "weight", "curve"}
        "held" counts women censored before the horizon as not released, which is what
        "ever released" does at the longest follow-up. "exclude" drops them. "weight" gives
        those who are known the weight 1 / G(t-), where G is the Kaplan-Meier estimate of
        still being followed, both groups together, at the release or at the horizon.
        "curve" is one minus the Kaplan-Meier estimate in each group.
    level : float
        Level of the interval of the difference. It is Newcombe's, from the limits of the two
        shares, so that a share of 0 or 1 is not taken for a certainty.

    Raises
    ------
    StatsError
        Bad times, events or groups; nobody with a known outcome in a group; weights for a
        horizon to which nobody is followed; an unknown method; a horizon that is not positive.

    Notes
    -----
    "weight" and "curve" need censoring that tells nothing about release. "held" is too low
    where anyone is lost; "exclude" is too high, for it drops the censored, who were held
    long, and keeps the released. Were G taken within each group, "weight" would equal "curve"
    (Satten & Datta 2001, American Statistician 55). Weights are taken as known.

    References
    ----------
    Newcombe (1998) Statistics in Medicine 17:873-890, method 10, which this is for "held" and
    "exclude". For weights and curves the sample size in Wilson's formula is the effective one,
    share (1 - share) / std_error^2 (Rothman 1978, Journal of Chronic Diseases 31:557-560), or
    the number of women with a known outcome where the standard error is zero.
    """
    if method not in METHODS:
        raise StatsError(f"The method is one of {', '.join(METHODS)}, not {method!r}.")
    if not (math.isfinite(months) and months > 0):
        raise StatsError(f"The horizon is {months}, but it must be a positive number of months.")
    t, d, g = (np.asarray(v, dtype=float).ravel() for v in (time, event, group))
    if not t.size == d.size == g.size:
        raise StatsError("Times, events and groups have different numbers of rows.")
    for values, what in ((d, "event"), (g, "group")):
        if not np.isin(values, (0, 1)).all():
            raise StatsError(f"The {what} must be 0 or 1 in every row, nothing missing.")
    if not ((t >= 0) & np.isfinite(t)).all():
        raise StatsError("Times must be numbers of zero or more, nothing missing.")
    released = (d == 1) & (t <= months)
    # Censored at the very horizon: seen held through it, so known.
    unknown = (d == 0) & (t < months)
    if method == "weight" and t.size and t.max() < months:
        raise StatsError(
            f"Nobody is followed to month {months:g} (the longest is followed to month "
            f"{t.max():.0f}), so there are no weights for it; choose an earlier horizon."
        )
    weight = _weights(t, d, months) if method == "weight" else np.ones(t.size)
    z = float(scipy.special.ndtri(0.5 + checked_level(level) / 2))
    shares = []
    for which in (1, 0):
        mine = g == which
        word = "inside" if which else "outside"
        if not mine.any():
            raise StatsError(f"There is nobody {word} the campaign among these rows.")
        counts = int(mine.sum()), int(released[mine].sum()), int(unknown[mine].sum())
        if method == "curve":
            curve = kaplan_meier(t[mine], d[mine])
            place = int(np.searchsorted(curve.time, months, side="right")) - 1
            held = float(curve.survival[place]) if place >= 0 else 1.0
            # Where the curve is 0, Greenwood's formula has nothing to say.
            error = float(np.nan_to_num(curve.std_error[place])) if place >= 0 else 0.0
            sure = counts[0] - counts[2]
            shares.append(Share(1 - held, error, *counts, *_limits(1 - held, error, sure, z)))
            continue
        known = mine if method == "held" else mine & ~unknown
        if not known.any():
            raise StatsError(
                f"Follow-up of all {counts[0]} {word} the campaign ends before month {months:g}; "
                "choose an earlier horizon or the Kaplan-Meier share."
            )
        w, y = weight[known], released[known].astype(float)
        share = float((w * y).sum() / w.sum())
        error = float(np.sqrt((w**2 * (y - share) ** 2).sum()) / w.sum())
        limits = _limits(share, error, int(known.sum()), z)
        shares.append(Share(share, error, *counts, *limits))
    inside, outside = shares
    gap = inside.share - outside.share
    down = math.hypot(inside.share - inside.low, outside.high - outside.share)
    up = math.hypot(inside.high - inside.share, outside.share - outside.low)
    return Horizon(months, method, inside, outside, gap, gap - down, gap + up)


def _limits(share: float, error: float, known: int, z: float) -> tuple[float, float]:
    """Return Wilson's limits at the effective sample size."""
    size = share * (1 - share) / error**2 if error > 0 else float(max(known, 1))
    middle = (share + z**2 / (2 * size)) / (1 + z**2 / size)
    reach = z / (1 + z**2 / size) * math.sqrt(share * (1 - share) / size + (z / (2 * size)) ** 2)
    return middle - reach, middle + reach


def _weights(t: Floats, d: Floats, months: float) -> Floats:
    """Return 1 / G just before each one's exit or the horizon, whichever comes first."""
    followed = kaplan_meier(t, 1 - d)
    when = np.minimum(t, months)
    # G(t-): the curve before the step at t; releases go before censorings at a tie.
    place = np.searchsorted(followed.time, when, side="left")
    before = np.concatenate([[1.0], followed.survival])[place]
    return 1 / np.maximum(before, 1e-12)
