"""What the formulas of deadlock, of its rivals and of bought visits start from."""

from __future__ import annotations

from dataclasses import asdict
from statistics import NormalDist
from typing import Any, Final

import numpy as np

from helpers.panels.base import Panel
from helpers.panels.base.panel import cells
from helpers.panels.deadlock import bargains, visits
from helpers.stats.release import critical_value
from helpers.theory import deadlock as model
from helpers.theory import equifinality as rivals
from helpers.theory import visits as bought

_HOUSE: Final = {
    **asdict(model.Bureau()),
    "kinds": [[kind.value, kind.stake] for kind in (model.FUNCTIONALIST, model.REGIONALIST)],
    "shares": model.JOBS,
    "spreads": {
        "value": model.VALUE_SPREAD,
        "stake": model.STAKE_SPREAD,
        "noise": model.NOISE,
    },
}
_TARGET: Final = asdict(model.Target())


def _generators(seeds: dict[int, Any]) -> dict[int, list[str]]:
    """Return where NumPy's generator stands for each seed: state and increment, both whole."""
    out = {}
    for key, seed in seeds.items():
        stands = np.random.PCG64(seed).state["state"]
        out[key] = [str(stands["state"]), str(stands["inc"])]
    return out


def _values(panel: Panel[Any], field: str) -> range:
    control: Any = panel._controls[field]
    return range(int(control.low), int(control.high) + 1, int(control.step))


def _bureau(panel: Panel[Any]) -> dict[str, Any]:
    return {
        "house": _HOUSE,
        "names": bargains.KINDS,
        "grid": bargains._GRID.tolist(),
        "generators": _generators({n: [8, n] for n in _values(panel, "number")}),
        "table": cells(bargains._BUREAU_ASSUMES),
    }


def _outcome(panel: Panel[Any]) -> dict[str, Any]:
    return {
        "house": _HOUSE,
        "target": _TARGET,
        "horizon": model.HORIZON,
        "fades": {key: asdict(signal) for key, signal in bargains.FADES.items()},
        "courses": bargains.COURSES,
        "table": cells(bargains._OUTCOME_ASSUMES),
    }


def _credit(panel: Panel[Any]) -> dict[str, Any]:
    nodes, weights = np.polynomial.hermite_e.hermegauss(model.NODES)
    sizes = _values(panel, "number")
    return {
        "house": _HOUSE,
        "target": _TARGET,
        "winnable": model.WINNABLE,
        "rows": bargains.CREDIT_ROWS,
        "generators": _generators({n: n for n in _values(panel, "draw")}),
        "critical": {n: [critical_value(n - k, 0.95) for k in (2, 3)] for n in sizes},
        "nodes": nodes.tolist(),
        "weights": (weights / weights.sum()).tolist(),
        "normal": [NormalDist().inv_cdf(u) for u in model.midpoints().tolist()],
        "table": cells(bargains._CREDIT_ASSUMES),
    }


def _rivals(panel: Panel[Any]) -> dict[str, Any]:
    """Return the curve to be met and the table, whose cells with numbers are written anew."""
    table = bargains.RivalsPanel.compute(bargains.RivalsState()).table
    return {
        "aim": rivals.target().tolist(),
        "base": rivals.BASE,
        "critical": rivals.KOLMOGOROV_5,
        "mechanisms": bargains.MECHANISMS,
        "table": cells(table),
    }


def _bought() -> dict[str, Any]:
    return {
        "world": {**asdict(bought.World()), "ordinary": bought.ORDINARY},
        "prices": bought.PRICES.tolist(),
    }


def _visit(panel: Panel[Any]) -> dict[str, Any]:
    """Return the world, its prices, and what no control moves: the bands and the table."""
    picture = visits.VisitPanel.compute(visits.VisitState())
    fixed = {name: picture.rows[name] for name in ("regions", "diagonal")}
    return {**_bought(), "fixed": fixed, "table": cells(picture.table)}


def _claim(panel: Panel[Any]) -> dict[str, Any]:
    """Return the world, the chance of approval by publicity of the cause, and the record."""
    record = panel.data.drop(columns="about")
    return {
        **_bought(),
        "approved": visits._approved(visits._FINE).tolist(),
        "about": panel.data["about"].tolist(),
        "table": cells(record),
    }


GIVEN: Final = {
    bargains.BureauPanel: _bureau,
    bargains.OutcomePanel: _outcome,
    bargains.CreditPanel: _credit,
    bargains.RivalsPanel: _rivals,
    visits.VisitPanel: _visit,
    visits.ClaimPanel: _claim,
}
