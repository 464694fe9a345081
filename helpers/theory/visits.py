"""Bought visits: what a visit is worth when its price may come out.

An illustration of our own, written beside Malis & Smith 2024, "Quid Pro Quo Diplomacy"
(Games 15(2), 14). Of that article the abstract, the timeline and the statement of the first
two propositions were seen; its pay-offs, its distribution of signals, its prices and its proofs
were not. No formula below is theirs.

A leader L is secure with chance `secure`. A foreign power F sees a private signal of it,
normal with mean +accuracy/2 (secure) or -accuracy/2 (not) and unit variance, and visits when ::

    price + care * P(secure | signal) - cost >= 0

so when the signal is at least a(price), which falls in the price. A challenger C stays out
with a chance equal to its belief that L is secure, and a quiet challenger is worth `worth`
to L. The price is paid when the visit takes place.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.theory.deadlock import normal_tail

Array = NDArray[np.float64]
Leak = Literal["bargain", "price"]
Guess = Literal["right", "ordinary"]
Proposer = Literal["F demands", "L offers"]

ORDINARY: Final = 0.4
"""Price that a challenger takes for granted when it does not guess the true one."""

PRICES: Final = np.round(np.linspace(0, 1.4, 281), 3)
"""Prices that can be agreed on; fine enough for the eye."""


@dataclass(frozen=True)
class World:
    """What L, F and C are up against.

    Parameters
    ----------
    known : float
        q, the chance that it comes out.
    leak : {"bargain", "price"}
        What comes out: the whole bargain, a refused visit included, or only the price of a
        visit that took place.
    guess : {"right", "ordinary"}
        What C believes about a price it does not see: the true one, or `ORDINARY`.
    possible : float
        Chance that a favor is on the table at all.
    secure, accuracy, worth, cost, care : float
        See the module.
    """

    known: float = 0.2
    leak: Leak = "bargain"
    guess: Guess = "right"
    possible: float = 0.5
    secure: float = 0.5
    accuracy: float = 1.5
    worth: float = 3.0
    cost: float = 1.0
    care: float = 0.8

    def __post_init__(self) -> None:
        if not 0 < self.secure < 1:
            raise ValueError("The chance that L is secure must lie between 0 and 1, ends left out.")
        if self.accuracy <= 0 or self.care <= 0:
            raise ValueError("accuracy and care must be above 0; F must see and mind something.")

    @property
    def cutpoints(self) -> tuple[float, float]:
        """Prices at or below which F never visits, and from which on it always does."""
        return self.cost - self.care, self.cost


def threshold(world: World, price: ArrayLike) -> Array:
    """Return a(price): the least signal on which F visits; infinite for never, -inf for always."""
    z = np.asarray(price, dtype=float)
    never, always = world.cutpoints
    needed = (world.cost - z) / world.care
    inside = (z > never + 1e-12) & (z < always - 1e-12)
    odds = np.log(np.where(inside, needed, 0.5) / np.where(inside, 1 - needed, 0.5))
    prior = math.log(world.secure / (1 - world.secure))
    at = (odds - prior) / world.accuracy
    return np.where(inside, at, np.where(z >= always - 1e-12, -np.inf, np.inf))


def visit_chances(world: World, price: ArrayLike) -> tuple[Array, Array, Array]:
    """Return P(visit) for a secure leader, for an insecure one, and over both."""
    a = threshold(world, price)
    strong = normal_tail(world.accuracy / 2 - a)
    weak = normal_tail(-world.accuracy / 2 - a)
    return strong, weak, world.secure * strong + (1 - world.secure) * weak


def belief_after_visit(world: World, price: ArrayLike) -> Array:
    """Return P(secure | visit at this price); the prior where there are no visits."""
    strong, _, visit = visit_chances(world, price)
    some = visit > 1e-12
    return np.where(some, world.secure * strong / np.where(some, visit, 1.0), world.secure)


def belief_after_silence(world: World, price: ArrayLike) -> Array:
    """Return P(secure | no visit) when C cannot see whether one was bargained over."""
    strong, _, visit = visit_chances(world, price)
    quiet = 1 - world.possible * visit
    some = quiet > 1e-12
    held_back = world.secure * (1 - world.possible * strong)
    return np.where(some, held_back / np.where(some, quiet, 1.0), world.secure)


def believed(world: World, price: ArrayLike) -> Array:
    """Return the price that C has in mind when it does not see it."""
    z = np.asarray(price, dtype=float)
    return z if world.guess == "right" else np.full_like(z, ORDINARY)


def value_of_visit(world: World, price: ArrayLike) -> Array:
    """Return what a visit that takes place adds for L, before the price is taken off."""
    hidden = believed(world, price)
    silence = belief_after_silence(world, hidden)
    secret = belief_after_visit(world, hidden) - silence
    baseline = world.secure if world.leak == "bargain" else silence
    seen = belief_after_visit(world, price) - baseline
    worth = world.worth * (world.known * seen + (1 - world.known) * secret)
    return np.where(visit_chances(world, price)[2] > 1e-12, worth, 0.0)


def reservation(world: World, price: ArrayLike) -> Array:
    """Return the most that L would pay for the chance of a visit at this price.

    When the whole bargain comes out, a refusal that is seen costs L on average exactly what
    a visit that is seen brings (beliefs move up and down around the prior), so only the
    hidden part counts: worth * (1 - known) * (belief after visit - belief after silence).
    """
    hidden = believed(world, price)
    silence = belief_after_silence(world, hidden)
    secret = world.worth * (1 - world.known) * (belief_after_visit(world, hidden) - silence)
    if world.leak == "price":
        secret = secret + world.worth * world.known * (belief_after_visit(world, price) - silence)
    return np.where(visit_chances(world, price)[2] > 1e-12, secret, 0.0)


def gain_leader(world: World, price: ArrayLike) -> Array:
    """Return L's expected gain from a deal at this price, against no deal."""
    z = np.asarray(price, dtype=float)
    return visit_chances(world, z)[2] * (reservation(world, z) - z)


def gain_power(world: World, price: ArrayLike) -> Array:
    """Return F's expected gain from a deal at this price; never negative, F may refuse."""
    z = np.asarray(price, dtype=float)
    strong, _, visit = visit_chances(world, z)
    return np.maximum(visit * (z - world.cost) + world.care * world.secure * strong, 0.0)


def deal_exists(world: World, price: ArrayLike) -> NDArray[np.bool_]:
    """Return whether both gain at this price: some visits, and L pays no more than it gets."""
    z = np.asarray(price, dtype=float)
    some = visit_chances(world, z)[2] > 1e-9
    flags: NDArray[np.bool_] = some & (gain_leader(world, z) >= 0)
    return flags


def agreed_price(world: World, proposer: Proposer) -> float | None:
    """Return the price agreed on, None when there is no deal.

    F demands the dearest price that L still takes; L offers the one that suits L best. Both
    choose among `PRICES`.
    """
    good = deal_exists(world, PRICES)
    if not good.any():
        return None
    if proposer == "F demands":
        return float(PRICES[good][-1])
    return float(PRICES[good][np.argmax(gain_leader(world, PRICES[good]))])


def deal_range(world: World, price: ArrayLike) -> tuple[Array, Array]:
    """Return the least and the greatest q at which a deal exists at each price.

    The most that L pays is a straight line in q, so its two ends give all between. Where no q
    allows a deal both bounds are 0.
    """
    z = np.asarray(price, dtype=float)
    start = reservation(replace(world, known=0.0), z) - z
    slope = reservation(replace(world, known=1.0), z) - z - start
    some = visit_chances(world, z)[2] > 1e-9
    flat = np.abs(slope) < 1e-12
    cross = np.clip(np.where(flat, 1.0, -start / np.where(flat, 1.0, slope)), 0, 1)
    low = np.where(some & (start < 0), np.where(start + slope >= 0, cross, 0.0), 0.0)
    high = np.where(start >= 0, np.where(start + slope >= 0, 1.0, cross), 0.0)
    high = np.where((start < 0) & (start + slope >= 0), 1.0, high)
    return np.where(some, low, 0.0), np.where(some, high, 0.0)


def deal_chances(world: World, proposer: Proposer, known: ArrayLike) -> Array:
    """Return the chance of a visit at the price agreed on, by q; 0 where there is no deal."""
    q = np.atleast_1d(np.asarray(known, dtype=float))[:, None]
    visit = visit_chances(world, PRICES)[2]
    start, end = (reservation(replace(world, known=k), PRICES) for k in (0.0, 1.0))
    gain = visit * (start + q * (end - start) - PRICES)
    good = (visit > 1e-9) & (gain >= 0)
    score = np.broadcast_to(PRICES, gain.shape) if proposer == "F demands" else gain
    chosen = np.argmax(np.where(good, score, -np.inf), axis=1)
    return np.where(good.any(axis=1), visit[chosen], 0.0)


def loss_from_possibility(world: World, proposer: Proposer) -> float:
    """Return what the mere possibility of a deal costs L on average, against isolation.

    With a challenger who guesses right, beliefs average out to the prior, so all that is
    left is the price paid: possible * P(visit) * price.
    """
    price = agreed_price(world, proposer)
    if price is None:
        return 0.0
    return float(world.possible * visit_chances(world, price)[2] * price)
