"""Cards of evidence on a case: rival hypotheses, a reader's weights, what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from helpers.data.schemas import EXPECTED
from helpers.stats.process_tracing import (
    Update,
    leave_one_out,
    share_sources,
    update,
)

PROBABILITIES: Final[Mapping[str, float]] = dict(
    zip(EXPECTED, (0.02, 0.10, 0.25, 0.50, 0.75, 0.90, 0.98), strict=True)
)
"""What each word of the scale stands for; the numbers are our convention."""


NEUTRAL: Final = "as likely as not"


FORMAT: Final = "hrd evidence cards, version 1"


POINTS: Final = (1, 20)


START: Final = 5


MOST_OWN: Final = 12


@dataclass(frozen=True)
class Evidence:
    """One case's cards, rival hypotheses and our worked reading.

    Attributes
    ----------
    case : str
        `azerbaijan` or `vietnam`.
    cards, hypotheses, readings : DataFrame
        As `load_evidence_cards`, `load_hypotheses` and `load_readings` return them.
    """

    case: str
    cards: pd.DataFrame
    hypotheses: pd.DataFrame
    readings: pd.DataFrame

    @property
    def names(self) -> list[str]:
        """The hypotheses as shown: number and name."""
        table = self.hypotheses
        return [f"{h} {s}" for h, s in zip(table["hypothesis"], table["short"], strict=True)]

    @property
    def keys(self) -> list[str]:
        """The hypotheses as kept: H1, H2, ..."""
        return self.hypotheses["hypothesis"].tolist()


@dataclass(frozen=True)
class Weights:
    """What a reader believes: prior points, words by card and hypothesis, cards of their own.

    Attributes
    ----------
    prior : mapping
        Whole points from 1 to 20 by hypothesis; the prior is their share of the sum.
    expected : mapping
        By card and hypothesis a word of the scale; what is absent is `as likely as not`.
    left_out : tuple of str
        Cards that do not count.
    own : tuple
        Cards the reader wrote: (identifier, title, source).
    """

    prior: Mapping[str, int] = field(default_factory=dict)
    expected: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    own: tuple[tuple[str, str, str], ...] = ()


def worked_reading(evidence: Evidence) -> Weights:
    """Return our reading of the cards, with even priors: an illustration, not a key."""
    table = evidence.readings.set_index("card_id")
    expected = {card: {h: table.at[card, h] for h in evidence.keys} for card in table.index}
    return Weights(expected=expected)


def prior_of(evidence: Evidence, weights: Weights) -> pd.Series:
    """Return the prior probabilities by hypothesis, from the points."""
    points = pd.Series({h: weights.prior.get(h, START) for h in evidence.keys}, dtype=float)
    return points / points.sum()


def card_table(evidence: Evidence, weights: Weights) -> pd.DataFrame:
    """Return every card, the reader's own last, by identifier."""
    columns = ["title", "card", "quote", "source_group", "source", "source_url", "ask", "refers"]
    base = evidence.cards.set_index("card_id")[columns]
    own = pd.DataFrame(
        [
            (title, title, "", f"own: {source or name}", source or "not given", "", "", "")
            for name, title, source in weights.own
        ],
        index=[name for name, _, _ in weights.own],
        columns=columns,
    )
    own["source_url"] = [s if s.startswith("http") else "" for s in own["source"]]
    return pd.concat([base, own]) if len(own) else base


def likelihoods(evidence: Evidence, weights: Weights) -> pd.DataFrame:
    """Return P(card | hypothesis) of the cards that count.

    Returns
    -------
    DataFrame, shape (cards, hypotheses)
        A card nobody has weighed is 0.5 everywhere, and so changes nothing.
    """
    ids = [c for c in card_table(evidence, weights).index if c not in weights.left_out]
    rows = {
        card: [PROBABILITIES[weights.expected.get(card, {}).get(h, NEUTRAL)] for h in evidence.keys]
        for card in ids
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=evidence.keys)


def as_counted(table: pd.DataFrame, groups: pd.Series, once: bool) -> pd.DataFrame:
    return share_sources(table, groups.loc[table.index].tolist()) if once else table


def posterior(evidence: Evidence, weights: Weights, once: bool = False) -> pd.Series:
    """Return the probabilities by hypothesis after all cards that count.

    Parameters
    ----------
    once : bool
        Whether cards of one source share one weight.
    """
    groups = card_table(evidence, weights)["source_group"]
    used = as_counted(likelihoods(evidence, weights), groups, once)
    return update(prior_of(evidence, weights), used, "relative").posterior


def says_something(table: pd.DataFrame) -> pd.Series:
    return table.max(axis=1) - table.min(axis=1) > 1e-9


def without_each(
    prior: pd.Series, table: pd.DataFrame, groups: pd.Series, once: bool, result: Update
) -> dict[str, tuple[pd.Series, bool]]:
    """Return, by card, the posterior without it and whether another hypothesis then leads."""
    if len(table) == 1:
        leaders = update(prior, table * 0 + 0.5).leaders
        return {table.index[0]: (prior, leaders != result.leaders)}
    rows = leave_one_out(
        prior, table, "relative", groups.loc[table.index].tolist() if once else None
    )
    shares, changes = rows[prior.index].to_numpy(), rows["changes"].tolist()
    return {
        card: (pd.Series(shares[i], prior.index), changes[i]) for i, card in enumerate(rows.index)
    }


def as_file(evidence: Evidence, weights: Weights) -> dict[str, Any]:
    """Return the weights as the JSON object that is kept, exported and shared."""
    cards = card_table(evidence, weights)
    own = {name: source for name, _, source in weights.own}
    return {
        "format": FORMAT,
        "case": evidence.case,
        "scale": dict(PROBABILITIES),
        "hypotheses": dict(zip(evidence.keys, evidence.hypotheses["statement"], strict=True)),
        "prior points": {h: weights.prior.get(h, START) for h in evidence.keys},
        "cards": {
            card: {
                "title": cards.at[card, "title"],
                "source": own.get(card, cards.at[card, "source"]),
                "counts": card not in weights.left_out,
                "expected": dict(weights.expected.get(card, {})),
            }
            for card in cards.index
        },
    }


def from_file(evidence: Evidence, content: Any, whole: bool = True) -> Weights:
    """Return the weights in a JSON object such as `as_file` makes.

    Parameters
    ----------
    whole : bool
        Whether every card must be there. What a learner kept may be older than a card.

    Raises
    ------
    ValueError
        With one sentence on the first thing that is wrong.
    """
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ValueError("it is not a file of evidence cards made with Export.")
    if content.get("case") != evidence.case:
        raise ValueError(f"it is on the case {content.get('case')!r}, not on {evidence.case}.")
    points = content.get("prior points")
    if not isinstance(points, dict) or set(points) != set(evidence.keys):
        raise ValueError(f"its prior points must name {', '.join(evidence.keys)}.")
    for h, value in points.items():
        if type(value) is not int or not POINTS[0] <= value <= POINTS[1]:
            raise ValueError(f"the prior points of {h} must be a whole number from 1 to 20.")
    if not isinstance(content.get("cards"), dict) or not content["cards"]:
        raise ValueError("it has no cards.")
    known = set(evidence.cards["card_id"])
    absent = [c for c in evidence.cards["card_id"] if c not in content["cards"]]
    if whole and absent:
        # An absent card would be read as one weighed "as likely as not".
        raise ValueError(f"it is not complete: {', '.join(absent)} is missing.")
    expected: dict[str, dict[str, str]] = {}
    own, left_out = [], []
    for name, card in content["cards"].items():
        words = _card_words(evidence, name, card)
        if name not in known:
            own.append((name, str(card.get("title", ""))[:80], str(card.get("source", ""))[:300]))
        if words:
            expected[name] = words
        if card.get("counts") is False:
            left_out.append(name)
    if len(own) > MOST_OWN:
        raise ValueError(f"it has more than {MOST_OWN} cards that are not in this notebook.")
    even = set(points.values()) == {START}
    return Weights({} if even else dict(points), expected, tuple(left_out), tuple(own))


def _card_words(evidence: Evidence, name: str, card: Any) -> dict[str, str]:
    words = card.get("expected") if isinstance(card, dict) else None
    if not isinstance(words, dict):
        raise ValueError(f"its card {name!r} does not say how expected it is.")
    if name not in set(evidence.cards["card_id"]) and not name.startswith("own"):
        raise ValueError(f"its card {name!r} is not one of this case.")
    for h, word in words.items():
        if h not in evidence.keys or not isinstance(word, str) or word not in PROBABILITIES:
            raise ValueError(f"its card {name!r} has {h!r}: {word!r}, which is not on the scale.")
    return dict(words)
