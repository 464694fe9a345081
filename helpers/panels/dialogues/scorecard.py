"""Panel on a scorecard of dialogues, and how far its ranks depend on weights and doubt."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from helpers import charts
from helpers.charts import dialogues as pictures
from helpers.panels.base.controls import Choice, Control, Slider
from helpers.panels.base.panel import Panel, Picture
from helpers.stats import scorecard
from helpers.words import counted

CARD = ("Norway-China", "Norway-Indonesia", "Norway-Vietnam", "EU-China (comparator)")


DOUBT: Mapping[str, float] = {"high": 0.05, "medium": 0.15, "low": 0.30}
"""Chance that a score should be one step up, and that it should be one step down; ours."""


_DOUBTS = {"none": "0", "as we judged": "1", "twice as much": "2"}


@dataclass(frozen=True)
class CardState:
    K1: int = 1
    K2: int = 1
    K3: int = 1
    K4: int = 1
    K5: int = 1
    K6: int = 1
    K7: int = 1
    K8: int = 1
    K9: int = 1
    doubt: str = "1"
    evidence: str = "Norway-Indonesia"


def card_weights(state: CardState) -> tuple[int, ...]:
    """Return the nine weights in the order of the criteria."""
    return tuple(getattr(state, f"K{number}") for number in range(1, 10))


class Scorecard(Panel[CardState]):
    """Weigh nine criteria; see each programme's score, its interval and its chance to lead.

    `data` is the table of `load_dialogue_scorecard`; its scores are the suite's own.
    """

    name: ClassVar[str] = "Scorecard of recommendations"
    State = CardState
    reset_label: ClassVar[str] = "Back to equal weights"
    first: ClassVar[tuple[str, ...]] = ("K5", "K8", "doubt")

    def controls(self) -> Mapping[str, Control]:
        rows = self.data.drop_duplicates("criterion_id")
        sliders = {
            r.criterion_id: Slider(r.criterion, 0, 5, help=f"Weight of {r.criterion.lower()}")
            for r in rows.itertuples(index=False)
        }
        return {
            **sliders,
            "doubt": Choice("Doubt about each score", _DOUBTS),
            "evidence": Choice("Evidence in the table", {_short(p): p for p in CARD}),
        }

    def chart(self) -> Any:
        criteria = self.data.drop_duplicates("criterion_id")["criterion"].tolist()
        return charts.finish(
            pictures.scorecard([_short(p) for p in CARD], criteria),
            self.data,
            title="How far does each programme follow the advice? The scores are ours",
            description="Four weighted scores with intervals, above the scores that make them.",
        )

    @staticmethod
    def compute(state: CardState, data: pd.DataFrame) -> Picture:
        weights = card_weights(state)
        if not any(weights):
            raise ValueError(
                "All nine weights are zero, so nothing is scored. Give at least one criterion a "
                "weight above zero."
            )
        multiple = float(state.doubt)
        totals, scores, ranks = _card(weights, multiple, _card_key(data))
        span = 1.0 / sum(weights)
        rows = []
        for i, name in enumerate(CARD):
            low, high = scorecard.central_interval(totals[i])
            rows.append(
                {
                    "programme": _short(name),
                    "score": scores[i],
                    "low": low * span,
                    "high": high * span,
                    "label": f"{scores[i]:.2f} · first: {100 * ranks[i, 0]:.0f} in 100",
                    "tip": f"{_short(name)}: {scores[i]:.2f}, 90 % interval {low * span:.2f} to "
                    f"{high * span:.2f}; chance to be first {100 * ranks[i, 0]:.0f} %, last "
                    f"{100 * ranks[i, -1]:.0f} %",
                }
            )
        by_weight = dict(zip([f"K{n}" for n in range(1, 10)], weights, strict=True))
        cells = [
            {
                "criterion": r.criterion,
                "programme": _short(r.programme),
                "score": int(r.score),
                "sign": f"{r.score}{_MARKS[r.confidence]}",
                "counted": "counted" if by_weight[r.criterion_id] else "weight 0",
                "tip": f"{_short(r.programme)}, {r.criterion}: {r.score}. {r.rationale} "
                f"(confidence {r.confidence}; click to open the page)",
                "href": r.evidence_url,
            }
            for r in data.itertuples(index=False)
        ]
        return Picture(
            {"totals": rows, "cells": cells},
            _say_card(state, rows, ranks),
            _card_table(data, state.evidence, by_weight),
        )


_MARKS = {"high": "", "medium": " ?", "low": " ??"}


def _short(programme: str) -> str:
    return programme.removesuffix(" (comparator)")


def _card_key(data: pd.DataFrame) -> tuple[tuple[tuple[int, str], ...], ...]:
    """Return score and confidence by programme and criterion, as a cache can key them."""
    out = []
    for name in CARD:
        rows = data[data["programme"] == name].sort_values("criterion_id")
        out.append(tuple(zip(rows["score"].astype(int), rows["confidence"], strict=True)))
    return tuple(out)


@functools.lru_cache(maxsize=512)
def _card(
    weights: tuple[int, ...], multiple: float, key: tuple[tuple[tuple[int, str], ...], ...]
) -> tuple[list[np.ndarray], list[float], np.ndarray]:
    totals = [
        scorecard.total_chances(
            weights,
            [scorecard.score_chances(s, min(0.5, multiple * DOUBT[c])) for s, c in scores],
        )
        for scores in key
    ]
    points = [scorecard.weighted_score([s for s, _ in scores], weights) for scores in key]
    # Rounded, so that programmes with the same scores have the same chance.
    return totals, points, np.round(scorecard.rank_chances(totals), 12)


def _say_card(state: CardState, rows: Sequence[Mapping[str, Any]], ranks: np.ndarray) -> str:
    best = int(ranks[:, 0].argmax())
    order = sorted(range(len(rows)), key=lambda i: -rows[i]["score"])
    scores = ", ".join(
        f"{rows[i]['programme']} {rows[i]['score']:.2f} ({rows[i]['low']:.2f} to "
        f"{rows[i]['high']:.2f})"
        for i in order
    )
    said = (
        f"Scores of 2 with 90 % intervals: {scores}. {rows[best]['programme']} has the best chance "
        f"to be first, {100 * ranks[best, 0]:.0f} in 100"
    )
    if state.doubt == "0":
        said += ", ties shared; without doubt the order is as certain as the scores are, which is "
        said += "not how they were made"
    zero = card_weights(state).count(0)
    said += f"; {counted(zero, 'criterion counts', 'criteria count')} nothing. " if zero else ". "
    return said + "The scores are our judgement, not Stokke's and not NORAD's."


def _card_table(data: pd.DataFrame, programme: str, weights: Mapping[str, int]) -> pd.DataFrame:
    rows = data[data["programme"] == programme].sort_values("criterion_id")
    return pd.DataFrame(
        {
            "criterion": rows["criterion"],
            "from": rows["origin"].str.replace("Kudos criterion", "agency's abstract"),
            "weight": [weights[k] for k in rows["criterion_id"]],
            "score": rows["score"].astype(int),
            "that is": [getattr(r, f"scale_{r.score}") for r in rows.itertuples(index=False)],
            "because": rows["rationale"],
            "confidence": rows["confidence"],
            "page": rows["evidence_url"],
        }
    )
