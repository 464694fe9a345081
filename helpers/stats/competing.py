"""Competing ends: how many have left by each of several ends, by each time.

A death or an execution ends a spell that a release can then no longer end. To treat it as
censoring asks how many would be released if nobody died; the Aalen-Johansen estimate asks
how many are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from helpers.stats.errors import StatsError
from helpers.stats.kaplan_meier import checked, checked_level

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Incidence:
    """Cumulative incidence of each end.

    Attributes
    ----------
    ends : tuple
        Labels of the ends, sorted.
    time : ndarray, shape (k,)
        Distinct times at which somebody leaves, ascending.
    held : ndarray, shape (k,)
        Share whom no end has reached just after each time; with the incidences it adds to 1.
    incidence, std_error, lower, upper : ndarray, shape (k, number of ends)
        Share whom the end has reached, its standard error, and the bounds of the pointwise
        interval (log-log scale; NaN where the share is 0).
    at_risk : ndarray, shape (k,)
    """

    ends: tuple[object, ...]
    time: Floats
    held: Floats
    incidence: Floats
    std_error: Floats
    lower: Floats
    upper: Floats
    at_risk: Floats

    def at(self, when: float, end: object) -> float:
        """Return the share whom an end has reached by a time.

        Raises
        ------
        StatsError
            There is no such end.
        """
        if end not in self.ends:
            raise StatsError(
                f"There is no end {end!r}; there are {', '.join(map(str, self.ends))}."
            )
        place = int(np.searchsorted(self.time, when, side="right"))
        return float(self.incidence[place - 1, self.ends.index(end)]) if place else 0.0


def aalen_johansen(
    time: ArrayLike,
    end: ArrayLike,
    entry: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    level: float = 0.95,
) -> Incidence:
    """Estimate the cumulative incidence of each end.

    Parameters
    ----------
    time : array_like, shape (n,)
        Time of exit, any unit, not negative.
    end : array_like, shape (n,)
        What ended the spell: a label (a word, or a number above 0), and 0, "" or None for
        censoring.
    entry, weight
        As for `kaplan_meier`.
    level : float
        Level of the pointwise interval.

    Raises
    ------
    StatsError
        As `kaplan_meier`, and where no row has an end or labels mix words and numbers.

    Notes
    -----
    Aalen & Johansen 1978, Scandinavian Journal of Statistics 5:141-150. The standard error is
    the infinitesimal jackknife, the square root of the sum of squared influences of the rows,
    as in `survfit` of R's survival. With one end the estimate is one minus Kaplan-Meier's.
    """
    labels = np.asarray(end, dtype=object).ravel()
    ended = np.array([x not in (0, "", None) and x == x for x in labels], dtype=bool)
    t, d, enters, w = checked(time, ended * 1.0, entry, weight)
    level = checked_level(level)
    if not ended.any():
        raise StatsError("No row has an end, so nothing has an incidence; widen the selection.")
    try:
        ends = tuple(sorted(set(labels[ended].tolist())))
    except TypeError:
        raise StatsError("The ends mix numbers and words; use one kind of label.") from None
    place = np.array([ends.index(x) if on else -1 for x, on in zip(labels, ended, strict=True)])
    times = np.unique(t)
    k = len(ends)
    held, total = 1.0, np.zeros(k)
    # Influence of each row on the share of each end; that on `held` is minus their sum.
    influence = np.zeros((t.size, k))
    incidence, error = np.empty((times.size, k)), np.empty((times.size, k))
    still, at_risk = np.empty(times.size), np.empty(times.size)
    for j, when in enumerate(times):
        inside = (t >= when) & ((enters < when) | (entry is None))
        risk = float(w @ inside)
        at_risk[j] = risk
        here = (t == when) & inside
        if risk > 0 and d[here].any():
            ends_here = here[:, None] & (place[:, None] == np.arange(k))
            hazard = w @ ends_here / risk
            change = (ends_here - inside[:, None] * hazard) / risk
            influence += held * change - influence.sum(axis=1)[:, None] * hazard
            total = total + held * hazard
            held = max(1 - float(total.sum()), 0.0)
        incidence[j], still[j] = total, held
        error[j] = np.sqrt(w @ influence**2)
    z = float(ndtri(0.5 + level / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.log(incidence)
        power = np.exp(z * error / (incidence * np.abs(log)))
        lower, upper = np.exp(log * power), np.exp(log / power)
    return Incidence(ends, times, still, incidence, error, lower, upper, at_risk)
