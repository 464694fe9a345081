"""What the formulas of the spiral, the scorecard and the benchmark start from."""

from __future__ import annotations

from typing import Any, Final

from scipy.stats import norm

from helpers.panels.base import Panel
from helpers.panels.base.panel import cells
from helpers.panels.dialogues import benchmark, scorecard, spiral
from helpers.stats.scorecard import score_chances
from helpers.theory.benchmarks import SERIES, YEARS
from helpers.theory.spiral import TENSIONS, Phase


def _spiral(panel: Panel[Any]) -> dict[str, Any]:
    """Return each country's indicators and judgement, and the words of phases and rules."""
    facts = panel.data
    countries = {}
    for name, judged in facts.placements.set_index("country").iterrows():
        state = spiral.SpiralState(country=str(name), ours=True)
        picture = spiral.SpiralPath.compute(state, facts)
        listed = cells(picture.table)
        rows = facts.indicators[facts.indicators["country"] == name]
        countries[name] = {
            "indicators": [
                {"id": r.indicator_id, "phase": int(r.phase_no), "text": r.indicator, "cells": line}
                for r, line in zip(rows.itertuples(index=False), listed["rows"], strict=True)
            ],
            "coded": rows.loc[rows["seen"] == "yes", "indicator_id"].tolist(),
            "phase": int(judged["phase_no"]),
            "period": judged["period"],
            "why": f"(confidence {judged['confidence']}): {judged['reason']}",
        }
    return {
        "countries": countries,
        "columns": listed["columns"],
        "right": listed["right"],
        "fields": spiral._FIELDS,
        "apart": {"by": "country", "shared": spiral._SHARED},
        "phases": [
            {"place": box["place"], "text": box["text"], "tip": box["tip"], "label": phase.label}
            for phase, box in zip(Phase, picture.rows["phases"], strict=True)
        ],
        "signs": spiral._SIGNS,
        "steps": picture.rows["steps"],
        "tensions": [{"pair": pair, "text": text} for pair, text in TENSIONS.items()],
        "terms": spiral._TERMS,
    }


def _scorecard(panel: Panel[Any]) -> dict[str, Any]:
    """Return the scores with the chances of each by doubt, the cells and the tables."""
    data = panel.data
    state = scorecard.CardState()
    picture = scorecard.Scorecard.compute(state, data)
    weights = {f"K{number}": 1 for number in range(1, 10)}
    tables = {name: cells(scorecard._card_table(data, name, weights)) for name in scorecard.CARD}
    return {
        "programmes": [
            {
                "name": scorecard._short(name),
                "scores": [score for score, _ in scores],
                "chances": {
                    doubt: [
                        score_chances(
                            score, min(0.5, float(doubt) * scorecard.DOUBT[confidence])
                        ).tolist()
                        for score, confidence in scores
                    ]
                    for doubt in scorecard._DOUBTS.values()
                },
            }
            for name, scores in zip(scorecard.CARD, scorecard._card_key(data), strict=True)
        ],
        "criteria": list(weights),
        "cells": [
            {"criterion": criterion, "row": row}
            for criterion, row in zip(data["criterion_id"], picture.rows["cells"], strict=True)
        ],
        "columns": tables[state.evidence]["columns"],
        "right": tables[state.evidence]["right"],
        "lines": {name: table["rows"] for name, table in tables.items()},
    }


def _benchmark(panel: Panel[Any]) -> dict[str, Any]:
    """Return the series, and for each level its normal quantiles."""
    return {
        "years": YEARS,
        "series": {
            key: {"unit": series.unit, "here": series.here, "there": series.there}
            for key, series in SERIES.items()
        },
        "levels": {
            text: {
                "level": float(text),
                "one": norm.ppf(float(text)),
                "two": norm.ppf(0.5 + float(text) / 2),
                "often": norm.ppf(0.8),
            }
            for text in benchmark._LEVELS.values()
        },
    }


GIVEN: Final = {
    spiral.SpiralPath: _spiral,
    scorecard.Scorecard: _scorecard,
    benchmark.BenchmarkYears: _benchmark,
}
