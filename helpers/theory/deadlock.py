"""The third pathway as a model one can play: publicity settles a quarrel at home.

An illustration. Nothing in it is estimated; its numbers were chosen so that the mechanism
can be seen. The mechanism is that of Myrick & Weinstein 2022, "An Alternative Pathway:
Resolving Bureaucratic Deadlock"; the equations are ours.

An official supports private coercive action when ::

    value + lift * publicity - equities * stake + noise > 0

Functionalists care more about the case and have little other business at stake;
regionalists care less and have much. Action is taken when support reaches a quorum, the
regional bureau does not block, and there are diplomatic relations. The target then frees
the prisoner within `HORIZON` months with probability ::

    logistic(base + shaming * publicity - backlash * publicity + bite * leverage * action)

Chances are exact sums; `simulate` plays the same story at random, to check them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

HORIZON: Final = 36
"""Months over which a release probability is stated."""

VALUE_SPREAD: Final = 0.15
STAKE_SPREAD: Final = 0.10
NOISE: Final = 0.23
"""Standard deviations within a kind of official: of value, of stake, of the day's mood."""


@dataclass(frozen=True)
class Kind:
    """A kind of official: mean value put on the case, mean stake in other business."""

    name: str
    value: float
    stake: float


FUNCTIONALIST: Final = Kind("functionalist", 0.7, 0.3)
REGIONALIST: Final = Kind("regionalist", 0.4, 0.8)

JOBS: Final[Mapping[str, tuple[float, float]]] = {
    "signal": (1 / 6, 1 / 2),
    "facts": (1 / 3, 1 / 3),
    "entrepreneurs": (1 / 2, 1 / 6),
}
"""Share of the weight that each job of publicity brings to functionalists and regionalists.

The jobs are the paper's; the shares are ours. Each column adds up to 1, so that all three
together are the one weight of the collapsed model.
"""


@dataclass(frozen=True)
class Bureau:
    """The sender's own house.

    Parameters
    ----------
    officials : int
        How many.
    functionalists : float
        Their share, rounded to whole officials.
    weight : float
        What full publicity adds to the value an official puts on the case.
    equities : float
        Weight of stakes in other business.
    quorum : float
        Share of all officials needed.
    veto : float
        Share of regionalists below which the regional bureau blocks.
    relations : bool
        Whether there are diplomatic relations to act through.
    jobs : tuple of str
        Which of `JOBS` publicity does.
    """

    officials: int = 20
    functionalists: float = 0.4
    weight: float = 1.4
    equities: float = 1.2
    quorum: float = 0.6
    veto: float = 0.4
    relations: bool = True
    jobs: tuple[str, ...] = tuple(JOBS)

    def __post_init__(self) -> None:
        if self.officials < 1:
            raise ValueError("A bureau needs at least one official.")
        for name in ("functionalists", "quorum", "veto"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is a share; choose a number from 0 to 1.")
        if self.equities < 0 or self.weight < 0:
            raise ValueError("weight and equities cannot be negative; choose 0 or more.")

    @property
    def members(self) -> tuple[int, int]:
        """Number of functionalists and of regionalists."""
        first = math.floor(self.functionalists * self.officials + 0.5)
        return first, self.officials - first

    @property
    def needed(self) -> tuple[int, int]:
        """Supporters needed in all, and among regionalists."""
        # Shares such as 0.6 are not exact in binary; 0.6 * 20 must not become 13.
        total = math.ceil(self.quorum * self.officials - 1e-9)
        return total, math.ceil(self.veto * self.members[1] - 1e-9)

    @property
    def lift(self) -> tuple[float, float]:
        """What full publicity adds for a functionalist and for a regionalist."""
        shares = [JOBS[job] for job in self.jobs]
        return self.weight * sum(s[0] for s in shares), self.weight * sum(s[1] for s in shares)


@dataclass(frozen=True)
class Target:
    """The government that holds the prisoner; all in log odds of release in `HORIZON` months.

    Parameters
    ----------
    base : float
        Without any campaign.
    shaming : float
        Direct effect of full publicity. Small, because the paper reports little sign of it.
    backlash : float
        Hardening under full publicity.
    leverage : float
        What the sender has to offer or withhold; used only by approved private action.
    bite : float
        Effect of one unit of leverage.
    """

    base: float = -1.5
    shaming: float = 0.1
    backlash: float = 0.2
    leverage: float = 1.0
    bite: float = 2.5


@dataclass(frozen=True)
class Signal:
    """How publicity lasts.

    Parameters
    ----------
    half_life : float, optional
        Months after which it has halved; None when it does not fade.
    stays : bool
        Whether an approval outlives the publicity that won it.
    """

    half_life: float | None = None
    stays: bool = False

    def path(self, publicity: float, months: int) -> Array:
        """Publicity in months 1 to `months`; the launch is in month 1."""
        if self.half_life is None:
            return np.full(months, publicity)
        return publicity * 0.5 ** (np.arange(months) / self.half_life)


def normal_tail(x: ArrayLike) -> Array:
    """P(Z > -x) for a standard normal Z, which is its distribution function at x."""
    return np.asarray(np.vectorize(math.erfc, otypes=[float])(-np.asarray(x) / math.sqrt(2)) / 2)


def binomial(n: int, p: ArrayLike) -> Array:
    """Chances of 0 to n successes in n independent trials; one row a value of `p`."""
    chance = np.atleast_1d(np.asarray(p, dtype=float))[:, None]
    k = np.arange(n + 1)
    return np.array([math.comb(n, i) for i in k]) * chance**k * (1 - chance) ** (n - k)


def spread(bureau: Bureau) -> float:
    """Standard deviation of what an official weighs, within a kind."""
    return math.sqrt(VALUE_SPREAD**2 + (bureau.equities * STAKE_SPREAD) ** 2 + NOISE**2)


def support_probability(bureau: Bureau, publicity: ArrayLike) -> tuple[Array, Array]:
    """Return the chance that a functionalist, and that a regionalist, supports action."""
    p = np.atleast_1d(np.asarray(publicity, dtype=float))
    first, second = (
        normal_tail((kind.value + lift * p - bureau.equities * kind.stake) / spread(bureau))
        for kind, lift in zip((FUNCTIONALIST, REGIONALIST), bureau.lift, strict=True)
    )
    return first, second


def approval_probability(bureau: Bureau, publicity: ArrayLike) -> Array:
    """Return the exact chance that private action is approved, one a value of publicity.

    The sum over all numbers of regional supporters that do not block, of the chance of that
    number times the chance of enough functionalists beside them.
    """
    p = np.atleast_1d(np.asarray(publicity, dtype=float))
    if not bureau.relations:
        return np.zeros(len(p))
    first, second = support_probability(bureau, p)
    functionalists, regionalists = bureau.members
    total, regional = bureau.needed
    ours, theirs = binomial(functionalists, first), binomial(regionalists, second)
    # at_least[:, j] is the chance of j or more functionalists in favor.
    at_least = np.hstack([np.cumsum(ours[:, ::-1], axis=1)[:, ::-1], np.zeros((len(p), 1))])
    chance = np.zeros(len(p))
    for supporters in range(regional, regionalists + 1):
        missing = min(max(total - supporters, 0), functionalists + 1)
        chance += theirs[:, supporters] * at_least[:, missing]
    return np.clip(chance, 0, 1)


@dataclass(frozen=True)
class Officials:
    """One bureau's officials: kind (0 functionalist, 1 regionalist), voiced value, stake."""

    kind: NDArray[np.int64]
    value: Array
    stake: Array


def draw(bureau: Bureau, number: int) -> Officials:
    """Return the officials of bureau number `number`, one of many alike; value includes mood."""
    rng = np.random.default_rng([8, number])
    standard = rng.standard_normal((2, bureau.officials))
    first, second = bureau.members
    kind = np.repeat([0, 1], [first, second])
    means = np.array([[k.value, k.stake] for k in (FUNCTIONALIST, REGIONALIST)])[kind]
    value = means[:, 0] + math.hypot(VALUE_SPREAD, NOISE) * standard[0]
    return Officials(kind, value, means[:, 1] + STAKE_SPREAD * standard[1])


def supports(bureau: Bureau, publicity: float, officials: Officials) -> Flags:
    """Return who supports private action."""
    lift = np.array(bureau.lift)[officials.kind]
    flags: Flags = officials.value + lift * publicity - bureau.equities * officials.stake > 0
    return flags


@dataclass(frozen=True)
class Decision:
    """What one bureau decides, and what stood in the way."""

    functionalists: int
    regionalists: int
    quorum_reached: bool
    blocked: bool
    approved: bool


def decide(bureau: Bureau, publicity: float, officials: Officials) -> Decision:
    """Return one bureau's decision."""
    yes = supports(bureau, publicity, officials)
    first, second = (int(yes[officials.kind == kind].sum()) for kind in (0, 1))
    total, regional = bureau.needed
    reached, blocked = first + second >= total, second < regional
    return Decision(first, second, reached, blocked, reached and not blocked and bureau.relations)


def logistic(x: ArrayLike) -> Array:
    """Return 1 / (1 + exp(-x))."""
    return np.asarray(1 / (1 + np.exp(-np.asarray(x, dtype=float))))


def release_probability(target: Target, publicity: ArrayLike, action: ArrayLike) -> Array:
    """Return the chance of release in `HORIZON` months if nothing changes meanwhile."""
    p, a = np.asarray(publicity, dtype=float), np.asarray(action, dtype=float)
    lever = target.bite * target.leverage
    return logistic(target.base + (target.shaming - target.backlash) * p + lever * a)


def monthly_hazard(probability: ArrayLike) -> Array:
    """Return the constant monthly chance that adds up to `probability` in `HORIZON` months."""
    return np.asarray(1 - (1 - np.asarray(probability)) ** (1 / HORIZON))


@dataclass(frozen=True)
class Course:
    """What follows in months 0 to `HORIZON`.

    `survival` is the chance of being still held, `acting` the chance that private action is
    under way in each month from 1 on.
    """

    survival: Array
    acting: Array

    @property
    def released(self) -> float:
        """Chance of release by the end."""
        return float(1 - self.survival[-1])

    @property
    def median(self) -> int | None:
        """First month by which at least half are released; None when that never comes."""
        below = np.flatnonzero(self.survival <= 0.5)
        return int(below[0]) if below.size else None


def course(bureau: Bureau, target: Target, publicity: float, signal: Signal) -> Course:
    """Return the exact survival curve.

    Publicity never rises after the launch, so in each bureau action runs from month 1 to some
    month and then stops; the curve is the mixture over that last month.
    """
    path = signal.path(publicity, HORIZON)
    acting = approval_probability(bureau, path[:1] if signal.stays else path)
    acting = np.full(HORIZON, acting[0]) if signal.stays else acting
    idle = np.log1p(-monthly_hazard(release_probability(target, path, 0)))
    active = np.log1p(-monthly_hazard(release_probability(target, path, 1)))
    weights = -np.diff(np.concatenate([[1.0], acting, [0.0]]))  # action lasts 0, 1, ... months
    on = np.concatenate([[0.0], np.cumsum(active)])
    off = np.concatenate([[0.0], np.cumsum(idle)])
    months = np.arange(HORIZON + 1)
    last = np.minimum(months[:, None], months[None, :])  # [last month of action, month]
    held = np.exp(on[last] + off[None, :] - off[last])
    return Course(weights @ held, acting)


def simulate(
    bureau: Bureau, target: Target, publicity: float, signal: Signal, runs: int, seed: int
) -> tuple[Flags, NDArray[np.int64]]:
    """Play the story `runs` times, official by official and month by month.

    Returns
    -------
    (approved, month)
        Whether action was taken at the launch, and the month of release, 0 when there is none.
    """
    rng = np.random.default_rng(seed)
    kind = np.repeat([0, 1], bureau.members)
    means = np.array([[k.value, k.stake] for k in (FUNCTIONALIST, REGIONALIST)])[kind]
    shape = (runs, bureau.officials)
    value = rng.normal(means[:, 0], VALUE_SPREAD, shape) + rng.normal(0, NOISE, shape)
    stake = rng.normal(means[:, 1], STAKE_SPREAD, shape)
    lift = np.array(bureau.lift)[kind]
    total, regional = bureau.needed
    month = np.zeros(runs, dtype=np.int64)
    approved = acting = np.zeros(runs, dtype=bool)
    for number, p in enumerate(signal.path(publicity, HORIZON), start=1):
        if number == 1 or not signal.stays:
            yes = value + lift * p - bureau.equities * stake > 0
            enough = (yes.sum(axis=1) >= total) & (yes[:, kind == 1].sum(axis=1) >= regional)
            acting = enough & bureau.relations
        if number == 1:
            approved = acting
        hazard = monthly_hazard(release_probability(target, p, acting))
        month[(month == 0) & (rng.random(runs) < hazard)] = number
    return approved, month


# Who gets the credit ---------------------------------------------------------------------

WINNABLE: Final = 1.0
"""Log odds of release that one standard deviation of a case's own prospects adds."""


@dataclass(frozen=True)
class Cases:
    """Simulated cases: publicity, private action, release, and their hidden prospects."""

    publicity: Array
    action: Array
    released: Array
    prospects: Array


def cases(bureau: Bureau, target: Target, selection: float, number: int, seed: int) -> Cases:
    """Return cases that differ in publicity, chosen the more by prospects the larger `selection`.

    Parameters
    ----------
    selection : float
        Correlation, on the normal scale, between a case's prospects and its publicity.
    number, seed : int
        How many cases, and the seed.
    """
    rng = np.random.default_rng(seed)
    prospects, rest = rng.standard_normal((2, number))
    publicity = normal_tail(selection * prospects + math.sqrt(1 - selection**2) * rest)
    approve = np.interp(publicity, *_approval_curve(bureau))
    action = (rng.random(number) < approve).astype(float)
    chance = _with_prospects(target, publicity, action, prospects)
    return Cases(publicity, action, (rng.random(number) < chance).astype(float), prospects)


@lru_cache(maxsize=64)
def _approval_curve(bureau: Bureau) -> tuple[Array, Array]:
    grid = np.linspace(0, 1, 401)
    return grid, approval_probability(bureau, grid)


def _with_prospects(target: Target, publicity: Array, action: Array, prospects: Array) -> Array:
    odds = target.base + (target.shaming - target.backlash) * publicity
    return logistic(odds + target.bite * target.leverage * action + WINNABLE * prospects)


@dataclass(frozen=True)
class Credit:
    """Slopes that a regression would find in endlessly many cases, and the truth.

    Attributes
    ----------
    naive : float
        Release on publicity.
    controlled, action : float
        Release on publicity and action together.
    direct : float
        True mean change from no to full publicity with each case's action held as it is.
    through : float
        True mean change of the whole pathway, action included.
    """

    naive: float
    controlled: float
    action: float
    direct: float
    through: float


NODES: Final = 24
"""Nodes of the Gauss-Hermite rule in `credit`."""


def midpoints(slices: int = 400) -> Array:
    """Return the midpoints of equal slices of cases; publicity is uniform."""
    return (np.arange(slices) + 0.5) / slices


@lru_cache(maxsize=256)
def credit(bureau: Bureau, target: Target, selection: float) -> Credit:
    """Return the slopes and the truth by integration, without drawing a case."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    weights = weights / weights.sum()
    uniform = midpoints()
    z = np.array([NormalDist().inv_cdf(u) for u in uniform])[:, None]
    prospects = selection * z + math.sqrt(1 - selection**2) * nodes[None, :]
    p = np.broadcast_to(uniform[:, None], prospects.shape)
    approve = np.interp(uniform, *_approval_curve(bureau))
    ends = np.interp([0.0, 1.0], *_approval_curve(bureau))

    def mean(publicity: Array, action: float) -> Array:
        return _with_prospects(target, publicity, np.full_like(publicity, action), prospects) @ (
            weights
        )

    idle, active = mean(p, 0), mean(p, 1)
    none, full = np.zeros_like(prospects), np.ones_like(prospects)
    direct = (1 - approve) * (mean(full, 0) - mean(none, 0))
    direct += approve * (mean(full, 1) - mean(none, 1))
    with_full = ends[1] * mean(full, 1) + (1 - ends[1]) * mean(full, 0)
    with_none = ends[0] * mean(none, 1) + (1 - ends[0]) * mean(none, 0)
    # Two rows a slice, one with action and one without, weighted by how often each occurs.
    x = np.concatenate([uniform, uniform])
    a = np.repeat([0.0, 1.0], len(uniform))
    y = np.concatenate([idle, active])
    w = np.sqrt(np.concatenate([1 - approve, approve]))
    one = np.ones_like(x)
    naive = np.linalg.lstsq(np.c_[one, x] * w[:, None], y * w, rcond=None)[0]
    both = np.linalg.lstsq(np.c_[one, x, a] * w[:, None], y * w, rcond=None)[0]
    return Credit(
        float(naive[1]),
        float(both[1]),
        float(both[2]),
        float(direct.mean()),
        float((with_full - with_none).mean()),
    )
