"""Panels on the deadlock pathway: one bureau, what follows, who gets the credit, rivals.

Everything here is an illustration: the output of small models under stated assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Final

import numpy as np
import pandas as pd

from helpers import charts
from helpers.charts import deadlock as pictures
from helpers.panels.base.controls import Choice, Control, Several, Slider, Toggle
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import Provenance
from helpers.stats.release import least_squares
from helpers.theory import deadlock as model
from helpers.theory import equifinality as rivals

JOB_LABELS: Final[Mapping[str, str]] = {
    "signals what the top wants": "signal",
    "gives everybody the same facts": "facts",
    "arms those already pressing": "entrepreneurs",
}
KINDS: Final = ("functionalist", "regionalist")


def assumptions(*rows: tuple[str, str]) -> pd.DataFrame:
    """Return a table of assumptions, each with what changes when it fails."""
    return pd.DataFrame(rows, columns=["What is assumed", "What changes if it fails"])


_BUREAU_ASSUMES = assumptions(
    (
        "Publicity reaches colleagues as one weight, made of three jobs: a signal, shared facts, "
        "armed entrepreneurs. How the jobs split is our guess.",
        "If only entrepreneurs are armed, functionalists are won who were won already; the "
        "regional bureau still blocks.",
    ),
    (
        "Officials decide independently, given publicity.",
        "If they copy one another, the step is steeper for each bureau but less certain.",
    ),
    (
        "Roles are fixed: a regionalist stays one. The paper treats them as ideal types.",
        "If a desk officer can be won over for good, approval outlives the campaign.",
    ),
    (
        "Publicity costs nothing and comes from outside the model.",
        "If leaders publicize cases that the bureau will back anyway, publicity is a mark of "
        "approval, not its cause.",
    ),
)

_OUTCOME_ASSUMES = assumptions(
    (
        "Publicity reaches the target by a channel of its own, set near zero (direct shaming 0.1).",
        "If shaming works, most of the curve falls without any private action: raise the slider.",
    ),
    (
        "Leverage works only through approved private action.",
        "If an offer can be made without approval, deadlock matters less.",
    ),
    (
        "The target neither learns nor looks ahead, and nothing is repeated.",
        "Payment before delivery cannot be understood here; reputation would have to be added.",
    ),
    (
        "The monthly chance of release is the constant one that gives the probability over 36 "
        "months.",
        "If bargaining takes time, few are released at first and more later.",
    ),
)


@dataclass(frozen=True)
class BureauState:
    publicity: float = 0.25
    weight: float = 1.4
    equities: float = 1.2
    functionalists: float = 0.4
    quorum: float = 0.6
    veto: float = 0.4
    jobs: tuple[str, ...] = tuple(model.JOBS)
    relations: bool = True
    number: int = 1
    curve: bool = False


_HOUSE: Final[Mapping[str, Control]] = {
    "weight": Slider("Weight of publicity", 0, 3, 0.1),
    "equities": Slider("Weight of other business", 0, 3, 0.1),
    "quorum": Slider("Quorum, share of all", 0, 1, 0.05),
    "veto": Slider("Regional bureau blocks below", 0, 1, 0.05),
    "relations": Toggle("Diplomatic relations"),
}


def _bureau(state: Any) -> model.Bureau:
    names = ("weight", "equities", "quorum", "veto", "relations", "functionalists", "jobs")
    return model.Bureau(**{name: getattr(state, name) for name in names if hasattr(state, name)})


_GRID: Final = np.round(np.linspace(0, 1, 101), 2)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


class BureauPanel(Panel[BureauState]):
    """One bureau's officials, the line beyond which they support action, and the vote."""

    name: ClassVar[str] = "Inside the bureau"
    first = ("publicity", "jobs", "curve")
    State = BureauState

    def controls(self) -> Mapping[str, Control]:
        return {
            "publicity": Slider("Publicity from the top", 0, 1, 0.01),
            "weight": _HOUSE["weight"],
            "equities": _HOUSE["equities"],
            "functionalists": Slider("Share of functionalists", 0, 1, 0.05),
            "quorum": _HOUSE["quorum"],
            "veto": _HOUSE["veto"],
            "jobs": Several("Publicity", JOB_LABELS),
            "relations": _HOUSE["relations"],
            "number": Slider("Which bureau, of many alike", 1, 40),
            "curve": Toggle("Show approval at every publicity"),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.bureau(),
            Provenance.ILLUSTRATION,
            title="Who supports private action, and how likely approval is",
            description="Officials by stake and value with the line of support; approval by "
            "publicity.",
        )

    @staticmethod
    def compute(state: BureauState, data: Any = None) -> Picture:
        bureau = _bureau(state)
        people = model.draw(bureau, state.number)
        yes = model.supports(bureau, state.publicity, people)
        vote = model.decide(bureau, state.publicity, people)
        dots = [
            {
                "kind": KINDS[kind],
                "stake": round(float(stake), 3),
                "value": round(float(value), 3),
                "state": "supports" if flag else "does not support",
                "tip": f"{KINDS[kind]}: value {value:.2f}, stake {stake:.2f}",
            }
            for kind, stake, value, flag in zip(
                people.kind, people.stake, people.value, yes, strict=True
            )
        ]
        lines = [
            {
                "kind": kind,
                "stake": end,
                "value": bureau.equities * end - lift * state.publicity,
            }
            for kind, lift in zip(KINDS, bureau.lift, strict=True)
            for end in (0.0, 1.2)
        ]
        chances = model.approval_probability(bureau, _GRID)
        chance = float(model.approval_probability(bureau, state.publicity)[0])
        words = _vote_in_words(state, bureau, vote, chance)
        rows = {
            "dots": dots,
            "lines": lines,
            "steps": [
                {"publicity": float(p), "chance": float(c)}
                for p, c in zip(_GRID, chances, strict=True)
                # At the start one point only: the prediction is about the rest of the curve.
                if state.curve
            ],
            "here": [
                {
                    "publicity": state.publicity,
                    "chance": chance,
                    "text": f"{_percent(chance)} at {state.publicity:.2f}",
                }
            ],
        }
        return Picture(rows, words, _BUREAU_ASSUMES)


def _vote_in_words(
    state: BureauState, bureau: model.Bureau, vote: model.Decision, chance: float
) -> str:
    first, second = bureau.members
    total, regional = bureau.needed
    got = vote.functionalists + vote.regionalists
    if vote.approved:
        end = "Private action is approved."
    else:
        why = []
        if not vote.quorum_reached:
            why.append("the quorum is missed")
        if vote.blocked:
            why.append("the regional bureau blocks")
        if not bureau.relations:
            why.append("there are no relations to act through")
        end = f"No private action: {' and '.join(why)}."
    return (
        f"Illustration: at publicity {state.publicity:.2f}, in bureau {state.number}, "
        f"{vote.functionalists} of {first} functionalists and {vote.regionalists} of {second} "
        f"regionalists support private action; {got} in all, {total} needed, and {regional} "
        f"regionalists so that theirs does not block. {end} Of all such bureaus "
        f"{_percent(chance)} approve."
    )


COURSES: Final = ("as set", "without leverage", "without direct shaming", "without publicity")
FADES: Final[Mapping[str, model.Signal]] = {
    "never": model.Signal(),
    "12": model.Signal(12.0),
    "6": model.Signal(6.0),
    "2": model.Signal(2.0),
    "6stays": model.Signal(6.0, stays=True),
}


@dataclass(frozen=True)
class OutcomeState:
    publicity: float = 0.5
    weight: float = 1.4
    equities: float = 1.2
    quorum: float = 0.6
    veto: float = 0.4
    relations: bool = True
    leverage: float = 1.0
    shaming: float = 0.1
    backlash: float = 0.2
    fade: str = "never"


class OutcomePanel(Panel[OutcomeState]):
    """What follows: private action, the survival curve, and which part carries it."""

    name: ClassVar[str] = "What follows"
    first = ("publicity", "leverage", "shaming")
    State = OutcomeState

    def controls(self) -> Mapping[str, Control]:
        return {
            "publicity": Slider("Publicity from the top", 0, 1, 0.01),
            **_HOUSE,
            "leverage": Slider("Leverage", 0, 2, 0.1),
            "shaming": Slider("Direct shaming", 0, 4, 0.1),
            "backlash": Slider("Backlash", 0, 4, 0.1),
            "fade": Choice(
                "Publicity",
                {
                    "does not fade": "never",
                    "halves every 12 months": "12",
                    "halves every 6 months": "6",
                    "halves every 2 months": "2",
                    "halves every 6 months, but an approval stays": "6stays",
                },
            ),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.outcome(COURSES, model.HORIZON),
            Provenance.ILLUSTRATION,
            title="Still held, by month, and what each part adds",
            description="Survival curves of the model and releases with parts removed.",
        )

    @staticmethod
    def compute(state: OutcomeState, data: Any = None) -> Picture:
        bureau, signal = _bureau(state), FADES[state.fade]
        target = model.Target(
            shaming=state.shaming, backlash=state.backlash, leverage=state.leverage
        )
        without = {
            "as set": (target, state.publicity),
            "without leverage": (_change(target, leverage=0.0), state.publicity),
            "without direct shaming": (_change(target, shaming=0.0), state.publicity),
            "without publicity": (target, 0.0),
        }
        courses = {
            name: model.course(bureau, aim, publicity, signal)
            for name, (aim, publicity) in without.items()
        }
        main = courses["as set"]
        curves = [
            {"course": name, "time": month, "survival": round(float(value), 5)}
            for name, each in courses.items()
            for month, value in enumerate(each.survival)
        ]
        median = (
            []
            if main.median is None
            else [
                {
                    "time": main.median,
                    "survival": float(main.survival[main.median]),
                    "text": f"half by month {main.median}",
                }
            ]
        )
        parts = [
            {"course": name, "released": each.released, "text": _percent(each.released)}
            for name, each in courses.items()
        ]
        rows = {"curves": curves, "median": median, "parts": parts}
        return Picture(rows, _course_in_words(courses), _OUTCOME_ASSUMES)


def _change(target: model.Target, **values: float) -> model.Target:
    return model.Target(**{**target.__dict__, **values})


def _course_in_words(courses: Mapping[str, model.Course]) -> str:
    main = courses["as set"]
    start, later = float(main.acting[0]), float(main.acting[11])
    faded = "" if abs(start - later) < 0.005 else f" ({_percent(later)} in month 12)"
    half = (
        "fewer than half are released"
        if main.median is None
        else f"half are released by month {main.median}"
    )
    window = float(main.survival[2] - main.survival[9])
    rest = ", ".join(f"{name} {_percent(courses[name].released)}" for name in COURSES[1:])
    return (
        f"Illustration: private action is approved with a chance of {100 * start:.1f} %{faded}. "
        f"Within 36 months {100 * main.released:.1f} % are released, {_percent(window)} of all in "
        f"months 3 to 9; {half}. Released {rest}."
    )


_CREDIT_ASSUMES = assumptions(
    (
        "Each case has a publicity of its own, spread evenly from 0 to 1.",
        "If only a few cases are publicized, the intervals widen.",
    ),
    (
        "Publicity is given out at random (correlation 0), or by a case's hidden prospects.",
        "If prospects decide, publicity gets credit for having picked well.",
    ),
    (
        "A straight line is fitted to what is a step; errors are robust (HC1).",
        "A curve that follows the step would show the whole rise, but still not by which channel "
        "it comes.",
    ),
)

CREDIT_ROWS: Final = (
    "publicity, alone",
    "publicity, action held fixed",
    "action, publicity held fixed",
)


@dataclass(frozen=True)
class CreditState:
    number: int = 1000
    selection: float = 0.0
    leverage: float = 0.0  # the notebook asks what leverage 1 does
    shaming: float = 0.1
    backlash: float = 0.2
    weight: float = 1.4
    draw: int = 1


class CreditPanel(Panel[CreditState]):
    """Regress releases on publicity in invented cases; see who is given the credit."""

    name: ClassVar[str] = "Who gets the credit"
    first = ("leverage", "selection", "shaming")
    State = CreditState

    def controls(self) -> Mapping[str, Control]:
        return {
            "number": Slider("Cases", 100, 5000, 100),
            "selection": Slider("Leaders publicize winnable cases", 0, 0.9, 0.1),
            "leverage": Slider("Leverage", 0, 2, 0.1),
            "shaming": Slider("Direct shaming", 0, 4, 0.1),
            "backlash": Slider("Backlash", 0, 4, 0.1),
            "weight": _HOUSE["weight"],
            "draw": Slider("Which draw of cases", 1, 50),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.credit(CREDIT_ROWS),
            Provenance.ILLUSTRATION,
            title="Coefficients of two regressions; dashed: the true direct effect",
            description="Regression coefficients with 95 per cent intervals beside the truth.",
        )

    @staticmethod
    def compute(state: CreditState, data: Any = None) -> Picture:
        bureau = model.Bureau(weight=state.weight)
        target = model.Target(
            leverage=state.leverage, shaming=state.shaming, backlash=state.backlash
        )
        fits = _regressions(bureau, target, state.selection, state.number, state.draw)
        truth = model.credit(bureau, target, state.selection)
        limits = (truth.naive, truth.controlled, truth.action)
        estimates = [
            {
                "row": row,
                "estimate": estimate,
                "low": low,
                "high": high,
                "text": f"{estimate:z.2f} ({low:z.2f} to {high:z.2f})",
            }
            for row, (estimate, low, high) in zip(CREDIT_ROWS, fits, strict=True)
        ]
        rows = {
            "estimates": estimates,
            "limits": [
                {"row": row, "value": value} for row, value in zip(CREDIT_ROWS, limits, strict=True)
            ],
            "truth": [{"value": truth.direct}],
        }
        chosen = (
            "cases are publicized at random"
            if state.selection == 0
            else f"publicity follows a case's prospects (correlation {state.selection:.1f})"
        )
        naive, held = fits[0][0], fits[1][0]
        words = (
            f"Illustration: in {state.number} invented cases, where {chosen}, a regression of "
            f"release on publicity gives {naive:z.2f}; with private action held fixed it gives "
            f"{held:z.2f}; endlessly many cases would give {truth.naive:z.2f} and "
            f"{truth.controlled:z.2f}. In truth publicity changes the chance of release, from none "
            f"to full, by {truth.direct:z.2f} directly and by {truth.through:z.2f} with private "
            f"action counted in."
        )
        return Picture(rows, words, _CREDIT_ASSUMES)


@lru_cache(maxsize=128)
def _regressions(
    bureau: model.Bureau, target: model.Target, selection: float, number: int, seed: int
) -> tuple[tuple[float, float, float], ...]:
    """Return (estimate, low, high) for the rows of `CREDIT_ROWS`."""
    cases = model.cases(bureau, target, selection, number, seed)
    if cases.action.min() == cases.action.max():
        raise ValueError(
            "In these cases private action is always the same, so it cannot be held fixed; "
            "raise the weight of publicity or the number of cases."
        )
    frame = pd.DataFrame({"publicity": cases.publicity, "action": cases.action})
    alone = least_squares(cases.released, frame[["publicity"]], errors="HC1").table()
    both = least_squares(cases.released, frame, errors="HC1").table()
    picked = [alone.iloc[0], both.iloc[0], both.iloc[1]]
    return tuple((float(r["estimate"]), float(r["low"]), float(r["high"])) for r in picked)


MECHANISMS: Final[Mapping[str, str]] = {
    "shaming": "shaming",
    "mobilization": "mobilized foreigners",
    "inducement": "deadlock and inducement",
}


@dataclass(frozen=True)
class RivalsState:
    strength: float = 0.08
    wait: int = 0
    half_life: int = 4
    crowd: float = 0.08
    peak: int = 2
    crowd_half_life: int = 4
    approved: float = 0.5
    offer: int = 0
    acceptance: float = 0.1


class RivalsPanel(Panel[RivalsState]):
    """Make three mechanisms draw one curve, then see what else each would leave behind."""

    name: ClassVar[str] = "Three mechanisms, one curve"
    State = RivalsState

    def controls(self) -> Mapping[str, Control]:
        return {
            "strength": Slider("Shaming: strength", 0, 0.4, 0.01),
            "wait": Slider("Shaming: bites after", 0, 8, unit="months"),
            "half_life": Slider("Shaming: halves in", 1, 24, unit="months"),
            "crowd": Slider("Foreigners: strength", 0, 0.4, 0.01),
            "peak": Slider("Foreigners: peak in month", 1, 12),
            "crowd_half_life": Slider("Foreigners: halve in", 1, 24, unit="months"),
            "approved": Slider("Deadlock: share approved", 0, 1, 0.05),
            "offer": Slider("Deadlock: offer after", 0, 12, unit="months"),
            "acceptance": Slider("Deadlock: acceptance a month", 0, 0.4, 0.01),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.equifinality(list(MECHANISMS.values()), rivals.HORIZON),
            Provenance.ILLUSTRATION,
            title="Wide grey: the curve to be met. Below: what else each mechanism implies",
            description="Three survival curves over a target, and four other observations.",
        )

    @staticmethod
    def compute(state: RivalsState, data: Any = None) -> Picture:
        shaming = rivals.Shaming(state.strength, state.wait, state.half_life)
        crowd = rivals.Mobilization(state.crowd, state.peak, state.crowd_half_life)
        offers = rivals.Inducement(state.approved, state.offer, state.acceptance)
        aim = rivals.target()
        curves = {
            "shaming": shaming.survival(),
            "mobilization": crowd.survival(),
            "inducement": offers.survival(),
        }
        gaps = {key: rivals.gap(curve, aim) for key, curve in curves.items()}
        rows: dict[str, Any] = {
            "target": [{"time": t, "survival": float(s)} for t, s in enumerate(aim)],
            "curves": [
                {"mechanism": MECHANISMS[key], "time": t, "survival": round(float(s), 5)}
                for key, curve in curves.items()
                for t, s in enumerate(curve)
            ],
        }
        for name, paths in rivals.observables(shaming, crowd, offers).items():
            rows[name] = [
                {"mechanism": MECHANISMS[key], "month": int(m), "share": round(float(s), 4)}
                for key, path in paths.items()
                for m, s in zip(rivals.MONTHS, path, strict=True)
            ]
        said = ", ".join(
            f"{distance:.3f} for {MECHANISMS[key]} (month {month})"
            for key, (distance, month) in gaps.items()
        )
        largest = max(distance for distance, _ in gaps.values())
        words = (
            f"Illustration: the largest distance from the given curve is {said}. With "
            f"about {rivals.women_needed(largest)} fully observed cases the critical distance of a "
            "test at 5 per cent equals the largest of these; the chance of seeing it (power) is "
            "then only a half to nine tenths, by the shape of the curves."
        )
        return Picture(rows, words, _other_observations(shaming, crowd, offers))


def _other_observations(
    shaming: rivals.Shaming, crowd: rivals.Mobilization, offers: rivals.Inducement
) -> pd.DataFrame:
    apart = {
        "shaming": 1 - shaming.survival()[-1],
        "crowd": 1 - crowd.survival()[-1],
        "alone": 1 - rivals.held(np.full(rivals.HORIZON, rivals.BASE))[-1],
    }
    rows = [
        (
            "Press abroad",
            f"has to last: half the launch is left after {shaming.half_life} months",
            "a burst at the launch is enough",
            "a burst at the launch is enough",
        ),
        (
            "Press and protest in the country",
            "not needed",
            f"has to grow, to a peak in month {crowd.peak}",
            "not needed",
        ),
        (
            "Memos and approvals inside the sender",
            "not needed",
            "not needed",
            f"in {_percent(offers.approved)} of cases, after the launch",
        ),
        (
            "Private offers",
            "none",
            "none",
            f"from month {offers.delay + 1}, each before its release",
        ),
        (
            "Released in 36 months where there are no relations",
            _percent(float(apart["shaming"])),
            _percent(float(apart["crowd"])),
            f"{_percent(float(apart['alone']))}, as without a campaign",
        ),
    ]
    columns = ["Look at", "If shaming", "If mobilized foreigners", "If deadlock and inducement"]
    return pd.DataFrame(rows, columns=columns)
