"""What the formulas of the timelines and of leverage start from."""

from __future__ import annotations

from typing import Any, Final

from helpers.calendar import LAUNCH, millis
from helpers.charts.timeline import STRATEGY_MARKS
from helpers.panels.base import Panel
from helpers.panels.base.panel import cells
from helpers.panels.cases import leverage, timeline, tracing, weighing
from helpers.study import evidence as study


def _timeline(panel: Panel[Any]) -> dict[str, Any]:
    """Return every event with its row, its line of the table and what filters ask of it."""
    controls: dict[str, Any] = dict(panel._controls)
    whole = timeline.TimelineState(period="all", actors=tuple(controls["actors"].options.values()))
    events = panel.data.events
    table = timeline.EvidenceTimeline.compute(whole, panel.data).table
    listed = cells(table)
    filters = {field: column for field, (column, _) in timeline._FILTERS.items()}
    asked = ["actor", "strategy", *filters.values()]
    windows = {
        period: [
            millis(day)
            for day in timeline._window(timeline.TimelineState(period=period), panel.data)
        ]
        for period in ("near", "all")
    }
    return {
        "events": [
            {
                "row": timeline._event_row(row, 0, 0, 0, 0),
                "cells": line,
                "earliest": millis(row.earliest),
                "latest": millis(row.latest),
                "people": [who for who in controls["person"].options.values() if who in row.person],
                "facts": {name: getattr(row, name) for name in asked},
            }
            for row, line in zip(events.itertuples(index=False), listed["rows"], strict=True)
        ],
        "columns": listed["columns"],
        "filters": filters,
        "lanes": timeline._LANES,
        "mark": timeline._MARK,
        "rules": [
            {"day": millis(day), "text": text, "raised": bool(i % 2)}
            for i, (day, text) in enumerate(timeline._RULES[panel.data.case])
        ],
        "strategies": list(STRATEGY_MARKS),
        "windows": windows,
    }


def _leverage(panel: Panel[Any]) -> dict[str, Any]:
    """Return the corners of the line with the stretch that sets each, and the exits."""
    state = leverage.LeverageState(offer=True)
    picture = leverage.LeveragePanel.compute(state, panel.data)
    changes = sorted([*(day for _, day, _ in leverage._STEPS), leverage._CONGRESS, leverage._END])
    return {
        "corners": [
            {
                "day": millis(day),
                "stretch": [field for field, start, _ in leverage._STEPS if start <= day][-1],
                "after": day >= leverage._CONGRESS,
            }
            for day in changes
        ],
        "exits": picture.rows["exits"],
        "moments": picture.rows["moments"],
        "columns": cells(picture.table)["columns"],
        "launch": millis(LAUNCH),
        "freed": millis(panel.data.events.set_index("id").at["V37", "latest"]),
    }


def bench(made: tracing.TracingBench) -> dict[str, Any]:
    """Return what the page's process tracing bench needs: cards, scale, words, its two views."""
    ours = made.evidence
    cards = study.card_table(ours, study.Weights())
    listed = [{"id": name, **card} for name, card in cards.to_dict("index").items()]
    statements = ours.hypotheses.set_index("hypothesis")["statement"]
    given = {
        "keep": made._keep,
        "case": ours.case,
        "format": study.FORMAT,
        "keys": ours.keys,
        "names": ours.names,
        "statements": statements.loc[ours.keys].tolist(),
        "guide": tracing._guide(ours),
        "cards": listed,
        "reading": study.worked_reading(ours).expected,
        "probabilities": study.PROBABILITIES,
        "neutral": study.NEUTRAL,
        "points": study.POINTS,
        "start": study.START,
        "most_own": study.MOST_OWN,
        "grid": weighing.GRID,
        "ours": tracing.OURS,
        "not_own": tracing.NOT_OWN,
        "no_undo": tracing.NO_UNDO,
    }
    views = {
        name: {"facts": view.facts, "pictures": view.pictures}
        for name, view in (("bench", made._view), ("pair", made._pair_view))
    }
    return {"tracing": {"given": given, "views": views}}


GIVEN: Final = {timeline.EvidenceTimeline: _timeline, leverage.LeveragePanel: _leverage}
