"""The deadlock model: exact chances against scipy, against simulation, against its fact sheet."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from helpers.theory import deadlock
from helpers.theory.deadlock import Bureau, Signal, Target

NEVER = Signal()

# The reference run of the fact sheet (its default values are not given): publicity, leverage,
# relations, backlash, share of runs with private action, release probability.
REFERENCE = [
    (0.00, 1.0, True, 0.2, 0.000, 0.184),
    (0.25, 1.0, True, 0.2, 0.143, 0.256),
    (0.50, 1.0, True, 0.2, 0.987, 0.728),
    (1.00, 0.0, True, 0.2, 1.000, 0.169),
    (1.00, 1.0, False, 0.2, 0.000, 0.169),
    (1.00, 1.0, True, 2.5, 1.000, 0.199),
]


def by_scipy(bureau: Bureau, publicity: float) -> float:
    """Approval as a double sum over scipy's distributions."""
    sd = math.sqrt(0.15**2 + (bureau.equities * 0.10) ** 2 + 0.23**2)
    means = [(0.7, 0.3), (0.4, 0.8)]
    p = [
        stats.norm.cdf(v + lift * publicity - bureau.equities * s, scale=sd)
        for (v, s), lift in zip(means, bureau.lift, strict=True)
    ]
    f, r = bureau.members
    total, regional = bureau.needed
    return float(
        sum(
            stats.binom.pmf(i, f, p[0]) * stats.binom.pmf(j, r, p[1])
            for i in range(f + 1)
            for j in range(r + 1)
            if i + j >= total and j >= regional
        )
    )


@pytest.mark.parametrize("publicity", [0.0, 0.25, 0.33, 0.5, 1.0])
@pytest.mark.parametrize(
    "bureau",
    [
        Bureau(),
        Bureau(officials=7, functionalists=0.5, quorum=0.5, veto=0.0),
        Bureau(functionalists=0.0),
        Bureau(functionalists=1.0),
        Bureau(quorum=0.0, veto=0.0),
        Bureau(quorum=1.0, veto=1.0),
        Bureau(jobs=("entrepreneurs",)),
        Bureau(jobs=()),
        Bureau(officials=1),
        Bureau(equities=0.0),
    ],
)
def test_approval_is_the_double_sum(bureau: Bureau, publicity: float) -> None:
    got = deadlock.approval_probability(bureau, publicity)[0]
    assert got == pytest.approx(by_scipy(bureau, publicity), abs=1e-12)


def test_binomial_is_scipys() -> None:
    p = np.array([0.0, 0.2, 0.5, 1.0])
    want = stats.binom.pmf(np.arange(13), 12, p[:, None])
    np.testing.assert_allclose(deadlock.binomial(12, p), want, atol=1e-14)


@pytest.mark.parametrize("row", REFERENCE, ids=str)
def test_defaults_come_near_the_reference_run(row: tuple[float, ...]) -> None:
    """Within 0.003 on action and 0.016 on release.

    The fact sheet gives three decimals of a simulation whose defaults and number of runs are
    not stated; 0.015 is one standard error of a share near 0.7 in a thousand runs.
    """
    publicity, leverage, relations, backlash, action, released = row
    bureau = Bureau(relations=bool(relations))
    target = Target(leverage=leverage, backlash=backlash)
    course = deadlock.course(bureau, target, publicity, NEVER)
    assert course.acting[0] == pytest.approx(action, abs=0.003)
    assert course.released == pytest.approx(released, abs=0.016)


@pytest.mark.parametrize("signal", [NEVER, Signal(6.0), Signal(6.0, stays=True), Signal(2.0)])
@pytest.mark.parametrize("publicity", [0.3, 0.6])
def test_exact_course_agrees_with_simulation(signal: Signal, publicity: float) -> None:
    bureau, target, runs = Bureau(), Target(shaming=0.5), 20_000
    exact = deadlock.course(bureau, target, publicity, signal)
    approved, month = deadlock.simulate(bureau, target, publicity, signal, runs, seed=8)
    # Four standard errors of a share; 1e-9 for shares of 0 or 1.
    for share, chance in [(approved.mean(), exact.acting[0])] + [
        (((month == 0) | (month > t)).mean(), exact.survival[t]) for t in (3, 9, 18, 36)
    ]:
        assert abs(share - chance) < 4 * math.sqrt(chance * (1 - chance) / runs) + 1e-9


def test_a_constant_signal_gives_the_probability_it_was_made_from() -> None:
    target = Target()
    course = deadlock.course(Bureau(), target, 1.0, NEVER)
    action = course.acting[0]
    by_hand = action * deadlock.release_probability(target, 1.0, 1.0) + (
        1 - action
    ) * deadlock.release_probability(target, 1.0, 0.0)
    assert course.released == pytest.approx(float(by_hand), abs=1e-12)


def test_one_bureau_decides_as_its_dots_say() -> None:
    bureau = Bureau()
    share = np.mean(
        [deadlock.decide(bureau, 0.33, deadlock.draw(bureau, n)).approved for n in range(3000)]
    )
    chance = by_scipy(bureau, 0.33)
    assert abs(share - chance) < 4 * math.sqrt(chance * (1 - chance) / 3000)


def test_no_relations_no_action() -> None:
    bureau = Bureau(relations=False)
    assert deadlock.approval_probability(bureau, [0.0, 1.0]).tolist() == [0, 0]
    assert not deadlock.decide(bureau, 1.0, deadlock.draw(bureau, 1)).approved


def test_jobs_add_up_to_the_one_weight() -> None:
    assert Bureau(weight=1.4).lift == pytest.approx((1.4, 1.4))
    assert Bureau(jobs=()).lift == (0, 0)


@pytest.mark.parametrize(
    "wrong", [{"officials": 0}, {"quorum": 1.2}, {"veto": -0.1}, {"equities": -1.0}]
)
def test_an_impossible_bureau_is_refused_in_words(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        Bureau(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("selection", [0.0, 0.5, 0.9])
def test_limits_of_the_regressions_agree_with_many_cases(selection: float) -> None:
    bureau, target, number = Bureau(), Target(), 200_000
    got = deadlock.credit(bureau, target, selection)
    cases = deadlock.cases(bureau, target, selection, number, seed=1)
    one = np.ones(number)
    alone = np.linalg.lstsq(np.c_[one, cases.publicity], cases.released, rcond=None)[0]
    x = np.c_[one, cases.publicity, cases.action]
    both = np.linalg.lstsq(x, cases.released, rcond=None)[0]
    # Standard errors at this size are below 0.008.
    assert got.naive == pytest.approx(alone[1], abs=0.03)
    assert got.controlled == pytest.approx(both[1], abs=0.03)
    assert got.action == pytest.approx(both[2], abs=0.03)


def test_naive_regression_credits_shaming_that_is_not_there() -> None:
    got = deadlock.credit(Bureau(), Target(shaming=0.0, backlash=0.0), 0.0)
    assert got.direct == pytest.approx(0, abs=1e-12)
    assert got.controlled == pytest.approx(0, abs=1e-9)
    assert got.naive > 0.5
    selected = deadlock.credit(Bureau(), Target(shaming=0.0, backlash=0.0, leverage=0.0), 0.5)
    assert selected.through == pytest.approx(0, abs=1e-12)
    assert selected.naive > 0.15
