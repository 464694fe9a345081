"""What the formulas of the deadlock models start from."""

from __future__ import annotations

from dataclasses import asdict
from statistics import NormalDist
from typing import Any, Final

import numpy as np

from helpers.panels.base import Panel
from helpers.panels.base.panel import cells
from helpers.panels.deadlock import bargains
from helpers.stats.release import critical_value
from helpers.theory import deadlock as model

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


GIVEN: Final = {
    bargains.BureauPanel: _bureau,
    bargains.OutcomePanel: _outcome,
    bargains.CreditPanel: _credit,
}
