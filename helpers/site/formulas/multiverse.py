"""What the formula of the ten choices starts from."""

from __future__ import annotations

from typing import Any, Final

from helpers.panels.base import Panel
from helpers.panels.base.panel import records
from helpers.panels.multiverse import commit
from helpers.panels.multiverse.every import ordered, span
from helpers.study.multiverse import CHOICES, CONSTRAINTS, MEASURES, tag


def _ten(panel: Panel[Any]) -> dict[str, Any]:
    """Return the answer of every universe by its choices, and the curve of every scale."""
    data = panel.data
    universes = data.grid.universes
    problems = [why for why in dict.fromkeys(data.fitted.problem) if why]
    codes = {name: {v: i for i, v in enumerate(axis.options)} for name, axis in CHOICES.items()}
    answers: dict[str, Any] = {}
    for universe, row in enumerate(universes[list(CHOICES)].to_dict("records")):
        problem = data.fitted.problem[universe]
        key = "".join(str(codes[name][value]) for name, value in row.items())
        answers[key] = (
            problems.index(problem)
            if problem
            else ",".join(map(str, commit.answer_of(universe, row, data)))
        )
    curves = {}
    for by in CHOICES["outcome"].options:
        found = ordered(data, "points", by)
        curves[by] = {
            "bins": records(found.bins),
            "span": span("points", by),
            "size": found.place.size,
            "ends": [f"{found.estimate[0]:.0f}", f"{found.estimate[-1]:.0f}"],
        }
    named = universes.assign(what=tag(universes))
    whats = named.drop_duplicates(["family", "outcome"])
    printed = named[named["printed"] != ""]
    return {
        "options": {name: list(axis.options) for name, axis in CHOICES.items()},
        "reasons": [constraint.reason for constraint in CONSTRAINTS],
        "whats": {f"{r.family} {r.outcome}": r.what for r in whats.itertuples(index=False)},
        "printed": [
            [{name: getattr(r, name) for name in CHOICES}, r.printed]
            for r in printed.itertuples(index=False)
        ],
        "own": {family: MEASURES[ratio] for family, ratio in commit.OWN.items()},
        "problems": problems,
        "answers": dict(sorted(answers.items())),
        "curves": curves,
        "caveat": data.caveat,
    }


GIVEN: Final = {commit.TenChoices: _ten}
