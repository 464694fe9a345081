"""Panels on bought visits: what secrecy is worth, and a claim to be tested.

The model is ours, an illustration; see `helpers.theory.visits` for what was seen of Malis &
Smith 2024 and what was not.
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
from helpers.panels.base.controls import Choice, Control, Slider
from helpers.panels.base.panel import Panel, Picture
from helpers.panels.deadlock.bargains import assumptions
from helpers.provenance.kinds import Provenance
from helpers.study.cases import date_words
from helpers.theory import deadlock, visits

_LEAK: Final = Choice(
    "If it comes out, people learn",
    {"the whole bargain, a refusal too": "bargain", "only the price of a visit made": "price"},
)
_GUESS: Final = Choice(
    "A hidden price is taken to be", {"what it is": "right", "an ordinary 0.4": "ordinary"}
)

_ASSUMES = assumptions(
    (
        "The challenger stays out with a chance equal to its belief that the leader is secure.",
        "If it only reacts beyond some belief, a visible gamble can pay: then even an open "
        "bargain may be worth something.",
    ),
    (
        "The leader does not know whether it is secure.",
        "If it knows, the price that it offers says something too.",
    ),
    (
        "When it comes out, the whole bargain comes out, a refusal included (first option).",
        "If only the price of a visit made comes out, and the challenger guesses right, coming "
        "out changes nothing: choose the second option.",
    ),
    (
        "The price is paid when the visit takes place, once.",
        "Payment before delivery has no place here; that takes a repeated bargain.",
    ),
)


@dataclass(frozen=True)
class VisitState:
    price: float = 0.6
    known: float = 0.2
    leak: str = "bargain"
    guess: str = "right"
    possible: float = 0.5
    accuracy: float = 1.5
    worth: float = 3.0


def _world(state: Any) -> visits.World:
    names = ("known", "leak", "guess", "possible", "accuracy", "worth")
    return visits.World(**{name: getattr(state, name) for name in names if hasattr(state, name)})


class VisitPanel(Panel[VisitState]):
    """What a bought visit is worth to the leader, and at which price a deal exists."""

    name: ClassVar[str] = "A bought visit"
    State = VisitState

    def controls(self) -> Mapping[str, Control]:
        return {
            "price": Slider("Price z", 0, 1.4, 0.01),
            "known": Slider("Chance that it comes out, q", 0, 1, 0.01),
            "leak": _LEAK,
            "guess": _GUESS,
            "possible": Slider("Chance of a favor at all", 0, 1, 0.05),
            "accuracy": Slider("Power knows the leader", 0.1, 4, 0.1),
            "worth": Slider("Worth of a quiet challenger", 0.5, 5, 0.1),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.visit(float(visits.PRICES[-1])),
            Provenance.ILLUSTRATION,
            title="What a bought visit is worth, and when both gain",
            description="Worth of a visit by its price, and the range in which a deal exists.",
        )

    @staticmethod
    def compute(state: VisitState, data: Any = None) -> Picture:
        world = _world(state)
        prices = visits.PRICES[::4]
        worth = visits.value_of_visit(world, prices)
        most = visits.reservation(world, prices)
        low, high = visits.deal_range(world, prices)
        never, always = world.cutpoints
        end = float(prices[-1])
        bounds = [
            (0.0, never, "never visits", "never"),
            (never, always, "visits if sure enough", "if sure enough"),
            (always, end, "always visits", "always"),
        ]
        at = float(visits.reservation(world, state.price))
        lines = [
            {"what": what, "price": float(z), "worth": round(float(w), 5)}
            for what, values in (("a visit that happens", worth), ("the chance of one", most))
            for z, w in zip(prices, values, strict=True)
        ]
        words = _deal_in_words(state, world)
        rows = {
            "regions": [
                {
                    "low": a,
                    "high": b,
                    "label": label,
                    "middle": (a + b) / 2,
                    # A band too narrow for its word keeps its color and the legend.
                    "word": word if b - a >= 0.014 * len(word) + 0.1 else "",
                }
                for a, b, label, word in bounds
            ],
            "lines": lines,
            "diagonal": [{"price": z, "worth": z} for z in (0.0, end)],
            "here": [
                {
                    "price": state.price,
                    "worth": at,
                    "known": state.known,
                    "text": f"price {state.price:.2f}, q {state.known:.2f}",
                }
            ],
            "deals": [
                {"price": float(z), "low": float(a), "high": float(b)}
                for z, a, b in zip(prices, low, high, strict=True)
            ],
        }
        return Picture(rows, words, _ASSUMES)


def _deal_in_words(state: VisitState, world: visits.World) -> str:
    z = state.price
    chance = float(visits.visit_chances(world, z)[2])
    start = "Illustration, our simplification: "
    if chance <= 1e-9:
        never = world.cutpoints[0]
        return (
            f"{start}at a price of {z:.2f}, at or below {never:.2f}, the power never visits, so "
            f"there is nothing to buy. {_agreed(world)}"
        )
    hidden = visits.believed(world, z)
    after = float(visits.belief_after_visit(world, hidden))
    seen = float(visits.belief_after_visit(world, z))
    silence = float(visits.belief_after_silence(world, hidden))
    worth = float(visits.value_of_visit(world, z))
    most = float(visits.reservation(world, z))
    surplus = float(visits.gain_leader(world, z) + visits.gain_power(world, z))
    pays = "both gain" if bool(visits.deal_exists(world, z)) else "the leader would not pay it"
    return (
        f"{start}at a price of {z:.2f} the power visits in {100 * chance:.0f} % of cases. The "
        f"challenger believes {silence:.2f} after silence, {after:.2f} after a visit whose price "
        f"is hidden, {seen:.2f} when it is known. With q = {state.known:.2f} a visit that happens "
        f"is worth {worth:z.2f}, the chance of one {most:z.2f} a visit; {pays} (joint surplus "
        f"{surplus:z.2f}). {_agreed(world)}"
    )


def _agreed(world: visits.World) -> str:
    asked = visits.agreed_price(world, "F demands")
    offered = visits.agreed_price(world, "L offers")
    if asked is None or offered is None:
        return "No price at all suits both."
    words = f"If the power names the price it is {asked:.2f}, if the leader does {offered:.2f}"
    if world.guess == "right":
        loss = visits.loss_from_possibility(world, "F demands")
        words += f"; that such deals are possible costs a leader {loss:.2f} on average"
    return f"{words}."


PAPER: Final = "https://doi.org/10.1017/S0020818321000424"

_READINGS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("A16", "cause", "fits", "The cause was publicized, woman by woman."),
    (
        "A21",
        "price",
        "fits",
        "The carrot went out by letter; on this record it was public only a month later.",
    ),
    (
        "A22",
        "order",
        "not explained",
        "Six days after the letter: the invitation came first, the release second.",
    ),
    ("A27", "price", "fits", "The carrot becomes public; the event as recorded names no price."),
    (
        "A30",
        "price",
        "fits",
        "Releases for a photograph: told in an interview years later; we found no report of the "
        "time.",
    ),
    (
        "A32",
        "price",
        "against",
        "Two weeks before the summit; anybody could put the two together.",
    ),
    (
        "A34",
        "price",
        "fits",
        "At home the invitation was still worth something: shown as a mark of trust.",
    ),
    (
        "A35",
        "price",
        "against",
        "Five days on, the press abroad names the summit as one reading; the visit went ahead.",
    ),
    (
        "A37",
        "price",
        "against",
        "The sender itself speaks of the releases on the day of the meeting.",
    ),
    ("A42", "order", "not explained", "Eight weeks after the summit: delivery after payment."),
)
"""Event of the Azerbaijan timeline, what it is about, how it bears on the claim, our reading."""


def evidence(timeline: pd.DataFrame) -> pd.DataFrame:
    """Return the dated record that bears on the claim, with our reading and a source to open.

    Parameters
    ----------
    timeline : DataFrame
        As `helpers.data.load_timeline("azerbaijan")` gives it.
    """
    rows = timeline.set_index("id")
    out = []
    for key, about, bearing, reading in _READINGS:
        event = rows.loc[key]
        addresses = [a for a in (event["source"], event["corroboration_url"]) if _address(a)]
        out.append(
            {
                "about": about,
                "Date": date_words(event),
                "What is recorded (● public record)": event["event"],
                "For the claim?": bearing,
                "Our reading": reading,
                "Source": addresses[0] if addresses else PAPER,
            }
        )
    return pd.DataFrame(out)


def _address(text: Any) -> bool:
    return isinstance(text, str) and text.startswith("http")


@dataclass(frozen=True)
class ClaimState:
    cause: float = 0.5
    known: float = 0.2
    tie: float = 0.0
    proposer: str = "F demands"
    leak: str = "bargain"
    guess: str = "right"
    about: str = "all"


_STEPS: Final = 21
_SHARES: Final = np.round(np.linspace(0, 1, _STEPS), 2)
_FINE: Final = np.round(np.linspace(0, 1, 101), 2)


class ClaimPanel(Panel[ClaimState]):
    """Publicity of the cause against publicity of the price: the chance of a deal."""

    name: ClassVar[str] = "Publicize the cause, hide the price"
    State = ClaimState

    def controls(self) -> Mapping[str, Control]:
        return {
            "cause": Slider("Publicity of the cause", 0, 1, 0.01),
            "known": Slider("Publicity of the price", 0, 1, 0.01),
            "tie": Slider("Cause brings price to light", 0, 1, 0.05),
            "proposer": Choice("Who names the price", {"power": "F demands", "leader": "L offers"}),
            "leak": _LEAK,
            "guess": _GUESS,
            "about": Choice(
                "Record on",
                {
                    "everything": "all",
                    "the cause": "cause",
                    "the price": "price",
                    "the order": "order",
                },
            ),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.cause_and_price(1 / (_STEPS - 1)),
            Provenance.ILLUSTRATION,
            title="Chance of a deal, by what is made public",
            description="Map of the chance of a deal over publicity of cause and of price.",
        )

    @staticmethod
    def compute(state: ClaimState, data: pd.DataFrame) -> Picture:
        world = visits.World(leak=_as(state.leak), guess=_as(state.guess))
        price, cause = np.meshgrid(_SHARES, _SHARES)
        map_ = _approved(cause) * _struck(world, state, _out(price, cause, state.tie))
        line = _approved(np.array([state.cause])) * _struck(
            world, state, _out(_FINE, state.cause, state.tie)
        )
        approved = float(_approved(np.array([state.cause]))[0])
        out = float(_out(state.known, state.cause, state.tie))
        struck = float(_struck(world, state, np.array([out]))[0])
        chance = approved * struck
        # Many squares are equal but for their last digits: the most of the cause, the least price.
        equal = np.argwhere(map_ > map_.max() - 1e-9)
        best = max(((i, j) for i, j in equal), key=lambda at: (at[0], -at[1]))
        rows = {
            "cells": [
                {"cause": float(c), "known": float(q), "chance": round(float(m), 4)}
                for c, q, m in zip(cause.ravel(), price.ravel(), map_.ravel(), strict=True)
            ],
            "lines": [
                {"known": float(q), "chance": float(v)} for q, v in zip(_FINE, line, strict=True)
            ],
            "here": [
                {
                    "cause": state.cause,
                    "known": state.known,
                    "chance": chance,
                    "text": f"{100 * chance:.0f} %",
                }
            ],
        }
        words = (
            f"Illustration: with publicity {state.cause:.2f} of the cause and {state.known:.2f} "
            f"of the price, the sender's bureau approves with a chance of {100 * approved:.0f} %; "
            f"the bargain then comes out with a chance of {100 * out:.0f} % and ends in a visit "
            f"with a chance of {100 * struck:.0f} %: a deal in {100 * chance:.0f} % of cases. On "
            f"this map the best is {100 * map_.max():.0f} %, at {cause[best]:.2f} for the cause "
            f"and {price[best]:.2f} for the price."
        )
        table = data if state.about == "all" else data[data["about"] == state.about]
        return Picture(rows, words, table.drop(columns="about"))


def _as(text: str) -> Any:
    return text


def _out(known: Any, cause: Any, tie: float) -> Any:
    """Chance that the bargain comes out, when publicity of the cause may bring it with it."""
    return known + (1 - known) * tie * cause


def _approved(cause: np.ndarray) -> np.ndarray:
    return deadlock.approval_probability(deadlock.Bureau(), cause.ravel()).reshape(cause.shape)


def _struck(world: visits.World, state: ClaimState, out: np.ndarray) -> np.ndarray:
    grid, chances = _by_known(world, state.proposer)
    return np.interp(out, grid, chances)


@lru_cache(maxsize=32)
def _by_known(world: visits.World, proposer: str) -> tuple[np.ndarray, np.ndarray]:
    grid = np.linspace(0, 1, 201)
    return grid, visits.deal_chances(world, _as(proposer), grid)
