"""Three mechanisms that can draw one and the same survival curve.

An illustration. Each mechanism is a path of monthly release rates on top of a small base
rate; `observables` says what else one would see if it were at work. That a falling rate and
a mixture of unlike cases cannot be told apart by one curve is a classical result on
durations (unobserved heterogeneity against duration dependence); the mechanisms are ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

HORIZON: Final = 36
BASE: Final = 0.005
"""Monthly release rate without any mechanism."""

KOLMOGOROV_5: Final = 1.358
"""Upper 5 per cent point of Kolmogorov's distribution (Smirnov 1948, limiting form)."""

MONTHS: Final = np.arange(1, HORIZON + 1)


@dataclass(frozen=True)
class Shaming:
    """The regime minds its name: pressure bites after `delay` months, then fades."""

    strength: float
    delay: int
    half_life: float

    def pressure(self) -> Array:
        """Share of the first pressure still felt in months 1 to `HORIZON`."""
        fading = 0.5 ** ((MONTHS - 1 - self.delay) / self.half_life)
        return np.where(self.delay < MONTHS, fading, 0.0)

    def survival(self) -> Array:
        """Chance of being still held in months 0 to `HORIZON`."""
        return held(BASE + self.strength * self.pressure())


@dataclass(frozen=True)
class Mobilization:
    """People in the target's country take it up: rising to a peak, then fading."""

    strength: float
    peak: int
    half_life: float

    def pressure(self) -> Array:
        """Mobilization as a share of its peak."""
        falling = 0.5 ** ((MONTHS - self.peak) / self.half_life)
        return np.where(self.peak >= MONTHS, MONTHS / self.peak, falling)

    def survival(self) -> Array:
        """Chance of being still held in months 0 to `HORIZON`."""
        return held(BASE + self.strength * self.pressure())


@dataclass(frozen=True)
class Inducement:
    """A deadlock is settled in a share of cases; an offer follows after `delay` months."""

    approved: float
    delay: int
    acceptance: float

    def offered(self) -> Array:
        """Share of cases with an offer on the table in months 1 to `HORIZON`."""
        return np.where(self.delay < MONTHS, self.approved, 0.0)

    def survival(self) -> Array:
        """Chance of being still held in months 0 to `HORIZON`."""
        moved = held(BASE + np.where(self.delay < MONTHS, self.acceptance, 0.0))
        return self.approved * moved + (1 - self.approved) * held(np.full(HORIZON, BASE))


def held(rate: Array) -> Array:
    """Return the chance of being still held in months 0 to n, from n monthly rates."""
    return np.concatenate([[1.0], np.exp(-np.cumsum(rate))])


def gap(curve: Array, other: Array) -> tuple[float, int]:
    """Return the largest vertical distance of two curves and the month where it lies."""
    distance = np.abs(curve - other)
    month = int(distance.argmax())
    return float(distance[month]), month


def women_needed(distance: float) -> int:
    """Return at how many cases the critical distance of a test at 5 per cent is `distance`.

    The one-sample Kolmogorov test in its limiting form, for a curve fixed beforehand and cases
    observed in full. This is no promise of power: with so many cases a true distance of that
    size is seen in about half of samples or more, by the shape of the curves. With months
    instead of days and an end of follow-up it is rarer still.
    """
    if distance <= 0:
        raise ValueError("Two equal curves cannot be told apart by any number of cases.")
    return int(np.ceil((KOLMOGOROV_5 / distance) ** 2))


def target() -> Array:
    """Return the curve to be reproduced: the mean of three near-equal ones, so nobody's own."""
    curves = (Shaming(0.12, 1, 10), Mobilization(0.12, 4, 8), Inducement(0.8, 1, 0.14))
    return np.mean([curve.survival() for curve in curves], axis=0)


def observables(
    shaming: Shaming, mobilization: Mobilization, inducement: Inducement
) -> dict[str, dict[str, Array]]:
    """Return by observation and mechanism what else would be seen, shares by month.

    `press` is coverage of the campaign abroad, `streets` press and protest in the target's
    own country, `offers` cases with a private offer on the table, `apart` survival in
    countries without diplomatic relations, where nobody can make an offer.
    """
    nothing = np.zeros(HORIZON)
    burst = np.where(MONTHS == 1, 1.0, 0.0)
    alone = held(np.full(HORIZON, BASE))
    return {
        # Pressure that bites for long needs coverage for long.
        "press": {
            "shaming": np.maximum(burst, 0.5 ** ((MONTHS - 1) / shaming.half_life)),
            "mobilization": burst,
            "inducement": burst,
        },
        "streets": {
            "shaming": nothing,
            "mobilization": mobilization.pressure(),
            "inducement": nothing,
        },
        "offers": {
            "shaming": nothing,
            "mobilization": nothing,
            "inducement": inducement.offered(),
        },
        "apart": {
            "shaming": shaming.survival()[1:],
            "mobilization": mobilization.survival()[1:],
            "inducement": alone[1:],
        },
    }
