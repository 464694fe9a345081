"""Bought visits: beliefs against scipy and against a played game; where deals exist."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from helpers.theory import visits
from helpers.theory.visits import PRICES, World


def test_beliefs_by_scipy() -> None:
    world = World(secure=0.4, accuracy=1.2)
    z = 0.6
    needed = (world.cost - z) / world.care
    a = (np.log(needed / (1 - needed)) - np.log(0.4 / 0.6)) / 1.2
    strong, weak = stats.norm.sf(a, 0.6), stats.norm.sf(a, -0.6)
    visit = 0.4 * strong + 0.6 * weak
    got = visits.visit_chances(world, z)
    np.testing.assert_allclose([float(x) for x in got], [strong, weak, visit], rtol=1e-12)
    assert float(visits.belief_after_visit(world, z)) == pytest.approx(0.4 * strong / visit)
    quiet = 0.4 * (1 - 0.5 * strong) / (1 - 0.5 * visit)
    assert float(visits.belief_after_silence(world, z)) == pytest.approx(quiet)


def test_three_regions() -> None:
    world = World()
    never, always = world.cutpoints
    assert (never, always) == (pytest.approx(0.2), 1.0)
    z = np.array([0.0, 0.2, 0.3, 0.6, 0.95, 1.0, 1.4])
    visit = visits.visit_chances(world, z)[2]
    assert visit[:2].tolist() == [0, 0]
    assert visit[-2:].tolist() == [1, 1]
    assert (np.diff(visit[1:6]) > 0).all()
    assert visits.belief_after_visit(world, z)[-1] == pytest.approx(world.secure)


def test_gain_of_the_leader_by_playing_it_out() -> None:
    """The closed form against a game drawn half a million times."""
    world = World(known=0.3)
    z, n = 0.6, 500_000
    rng = np.random.default_rng(8)
    secure = rng.random(n) < world.secure
    signal = rng.standard_normal(n) + np.where(secure, 0.75, -0.75)
    visit = signal >= float(visits.threshold(world, z))
    out = rng.random(n) < world.known
    seen_visit = secure[visit].mean()
    seen_refusal = secure[~visit].mean()
    silence = float(visits.belief_after_silence(world, z))
    with_deal = np.select(
        [visit & out, visit & ~out, ~visit & out],
        [seen_visit, seen_visit, seen_refusal],
        silence,
    )
    # Without a deal nothing was bargained over: it comes out (the prior) or does not.
    without = np.where(out, world.secure, silence)
    gain = (world.worth * (with_deal - without) - z * visit).mean()
    assert float(visits.gain_leader(world, z)) == pytest.approx(gain, abs=0.01)


def test_gain_when_only_the_price_of_a_visit_comes_out() -> None:
    """A challenger with a wrong price in mind, corrected with chance q after a visit."""
    world = World(known=0.3, leak="price", guess="ordinary")
    z, n = 0.8, 500_000
    rng = np.random.default_rng(9)
    secure = rng.random(n) < world.secure
    signal = rng.standard_normal(n) + np.where(secure, 0.75, -0.75)
    visit = signal >= float(visits.threshold(world, z))
    imagined = signal >= float(visits.threshold(world, visits.ORDINARY))
    out = rng.random(n) < world.known
    quiet = ~(imagined & (rng.random(n) < world.possible))
    silence = secure[quiet].mean()
    belief = np.where(visit & out, secure[visit].mean(), secure[imagined].mean())
    gain = (world.worth * (np.where(visit, belief, silence) - silence) - z * visit).mean()
    assert float(visits.gain_leader(world, z)) == pytest.approx(gain, abs=0.01)


def test_gain_of_the_power_by_playing_it_out() -> None:
    world, z, n = World(), 0.5, 400_000
    rng = np.random.default_rng(8)
    secure = rng.random(n) < world.secure
    signal = rng.standard_normal(n) + np.where(secure, 0.75, -0.75)
    visit = signal >= float(visits.threshold(world, z))
    gain = np.where(visit, z + world.care * secure - world.cost, 0.0).mean()
    assert float(visits.gain_power(world, z)) == pytest.approx(gain, abs=0.004)


def test_beliefs_average_to_the_prior() -> None:
    world = World()
    z = 0.55
    visit = float(visits.visit_chances(world, z)[2]) * world.possible
    mean = visit * visits.belief_after_visit(world, z)
    mean += (1 - visit) * visits.belief_after_silence(world, z)
    assert float(mean) == pytest.approx(world.secure)


def test_openness_erodes_and_kills_the_deal() -> None:
    worths, prices = [], []
    for q in (0.0, 0.3, 0.6, 0.8):
        world = World(known=q)
        worths.append(float(visits.value_of_visit(world, 0.5)))
        prices.append(visits.agreed_price(world, "F demands"))
    assert worths == sorted(worths, reverse=True)
    assert prices == sorted(prices, reverse=True)  # type: ignore[type-var]
    opened = World(known=1.0)
    assert visits.agreed_price(opened, "F demands") is None
    assert not visits.deal_exists(opened, PRICES).any()
    assert float(visits.value_of_visit(opened, 1.2)) == 0
    assert visits.loss_from_possibility(opened, "L offers") == 0


def test_a_leader_loses_from_the_possibility() -> None:
    world = World()
    z = visits.agreed_price(world, "F demands")
    assert z is not None
    want = world.possible * float(visits.visit_chances(world, z)[2]) * z
    assert visits.loss_from_possibility(world, "F demands") == pytest.approx(want)
    assert want > 0


@pytest.mark.parametrize("leak", ["bargain", "price"])
@pytest.mark.parametrize("guess", ["right", "ordinary"])
@pytest.mark.parametrize("proposer", ["F demands", "L offers"])
def test_ranges_and_chances_agree_with_single_worlds(
    leak: visits.Leak, guess: visits.Guess, proposer: visits.Proposer
) -> None:
    world = World(leak=leak, guess=guess)
    low, high = visits.deal_range(world, PRICES)
    chances = visits.deal_chances(world, proposer, np.linspace(0, 1, 6))
    for q, chance in zip(np.linspace(0, 1, 6), chances, strict=True):
        here = World(known=float(q), leak=leak, guess=guess)
        inside = (low < high) & (low - 1e-9 <= q) & (q <= high + 1e-9)
        exists = visits.deal_exists(here, PRICES)
        # A bound met to the last digit may fall either side.
        assert (inside != exists).sum() <= 2
        z = visits.agreed_price(here, proposer)
        want = 0.0 if z is None else float(visits.visit_chances(here, z)[2])
        assert chance == pytest.approx(want, abs=1e-9)


@pytest.mark.parametrize("wrong", [{"secure": 0.0}, {"secure": 1.0}, {"care": 0.0}])
def test_an_impossible_world_is_refused_in_words(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"\.$|something\.$"):
        World(**wrong)
