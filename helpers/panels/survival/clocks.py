"""Panels on clocks: who is at risk when, and what that does to an estimate."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Final

import numpy as np
import pandas as pd

from helpers import charts
from helpers.calendar import DAYS_PER_MONTH, LAUNCH
from helpers.charts import survival as pictures
from helpers.panels.base.controls import Choice, Control, Toggle
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import Provenance
from helpers.stats.accelerated import AcceleratedFit
from helpers.stats.immortal import Estimates, estimate, simulate
from helpers.stats.spells import Design, Spells
from helpers.study.cohort import SAMPLES, CohortRows
from helpers.study.time_to_release import (
    FIVE_DESIGNS,
    ClockData,
    counted_parts,
    fit_terms,
    immortal_months,
)
from helpers.study.vocabulary import CAMPAIGN, MODELS

ENTRIES: Final[Mapping[str, str]] = {
    "at arrest (none late)": "none",
    "campaign at the launch": "campaign",
    "everyone at the launch": "everyone",
}


@dataclass(frozen=True)
class ClockState:
    clock: str = "arrest"
    entry: str = "none"
    sample: str = "all"
    model: str = "1"
    others: bool = True


class ClockLab(Panel[ClockState]):
    """Who is at risk when, and the campaign coefficient that each choice gives."""

    name: ClassVar[str] = "Clock laboratory"
    State = ClockState
    first: ClassVar[tuple[str, ...]] = ("entry", "sample", "clock")
    reset_label: ClassVar[str] = "Back to as published"

    def controls(self) -> Mapping[str, Control]:
        return {
            "clock": Choice("Clock from", {"arrest": "arrest", "launch": "launch"}),
            "entry": Choice("Enters the risk set", ENTRIES),
            "sample": Choice("Sample", SAMPLES),
            "model": Choice(
                "Covariates of", {f"model {k}": str(k) for k in (1, 2, 3, 4)}, "Table 4"
            ),
            "others": Toggle("Show all five designs side by side"),
        }

    def chart(self) -> Any:
        data: ClockData = self.data
        diagram = pictures.spells_at_risk(
            [_row_name(data.rows, k) for k in data.shown],
            first=_millis(
                min(math.floor(data.rows.arrest.min(initial=0) / DAYS_PER_MONTH), 0) - 2.0
            ),
            last=_millis(max(math.ceil(data.rows.exit.max(initial=0) / DAYS_PER_MONTH), 0) + 0.5),
            launch=_millis(0.0),
        )
        forest = pictures.forest(
            "Campaign coefficient on log months (95 % interval)",
            paired=False,
            kinds=("published", "ours", "ours, chosen now"),
        )
        return {
            "Months counted": pictures.live(
                charts.finish(
                    diagram,
                    data.rows.frame,
                    title="Who is at risk when",
                    description="Spells over calendar time, by whether their months count.",
                )
            ),
            "Coefficient": pictures.live(
                charts.finish(
                    forest,
                    data.rows.frame,
                    data.printed,
                    title="The coefficient that follows",
                    description="Estimates with intervals, printed and under each design.",
                )
            ),
        }

    @staticmethod
    def compute(state: ClockState, data: ClockData) -> Picture:
        rows, terms = data.rows, MODELS[int(state.model)].covariates
        design = Design(state.clock, state.entry, state.sample)  # type: ignore[arg-type]
        fit, spells, used = fit_terms(rows, terms, design)
        estimates, lines = [], []
        # Model 4's covariates on the clock from the launch are model 5.
        same = 5 if state.clock == "launch" and state.model == "4" else int(state.model)
        printed = data.printed.loc[same]
        estimates.append(
            whisker(
                f"printed, model {same}", 0, "published", printed["estimate"], printed["std_error"]
            )
        )
        estimates.append(_of(fit, "chosen now", 1, "ours, chosen now"))
        lines.append(_line("chosen now", fit, rows, _has_print(design, state.model)))
        beside = FIVE_DESIGNS.items() if state.others else ()
        for k, (label, other) in enumerate(beside, start=2):
            each = data.fits.get((int(state.model), label))
            if each is None:
                continue
            estimates.append(_of(each, label, k, "ours"))
            lines.append(_line(label, each, rows, _has_print(other, state.model)))
        return Picture(
            {
                "spells": _parts(data, design, spells, used),
                "ends": _ends(data),
                "estimates": estimates,
            },
            _say_clock(state, data, fit, spells, used),
            pd.DataFrame(lines),
            {"coefficient": float(fit.estimate[0]), "women": fit.n},
        )


def _row_name(rows: CohortRows, place: int) -> str:
    who = "campaign" if rows.campaign[place] == 1 else "other"
    return f"{who} row {rows.frame['id'].iloc[place]}"


def _millis(month: float) -> int:
    return int((pd.Timestamp(LAUNCH).timestamp() + month * DAYS_PER_MONTH * 86400) * 1000)


def _parts(
    data: ClockData, design: Design, spells: Spells, used: pd.DataFrame
) -> list[dict[str, Any]]:
    """Draw each spell of the diagram, cut into months that count and months that do not."""
    rows, out = data.rows, []
    for part in counted_parts(rows, design, spells, used, data.shown):
        name = _row_name(rows, part.row)
        out.append(
            {
                "name": name,
                "start": _millis(part.start),
                "end": _millis(part.stop),
                "part": part.kind,
                "tip": f"{name}: {part.stop - part.start:.0f} months {part.kind}",
            }
        )
    return out


def _ends(data: ClockData) -> list[dict[str, Any]]:
    rows = data.rows
    return [
        {
            "name": _row_name(rows, k),
            "day": _millis(rows.exit[k] / DAYS_PER_MONTH),
            "event": "released" if rows.released[k] == 1 else "censored",
        }
        for k in data.shown
    ]


def whisker(label: str, order: int, kind: str, middle: float, error: float) -> dict[str, Any]:
    """Return one line of a forest chart: an estimate with its 95 per cent interval."""
    reach = 1.959963984540054 * float(error)
    return {
        "label": label,
        "order": order,
        "kind": kind,
        "estimate": float(middle),
        "low": float(middle - reach),
        "high": float(middle + reach),
    }


def _of(fit: AcceleratedFit, label: str, order: int, kind: str) -> dict[str, Any]:
    return whisker(label, order, kind, fit.estimate[0], fit.std_error[0])


def _has_print(design: Design, model: str) -> bool:
    """Whether the paper prints this estimate: models 1-4, and model 5 with the clock at launch."""
    if design.clock == "launch":
        return model == "4"
    return design.entry == "none" and design.sample == "all"


def _line(label: str, fit: AcceleratedFit, rows: CohortRows, printed: bool) -> dict[str, Any]:
    ratio, low, high = fit.hazard_ratio(CAMPAIGN)
    return {
        "clock; entry": label,
        "women": fit.n,
        "released": fit.events,
        "coefficient": f"{fit.estimate[0]:.3f} ({fit.std_error[0]:.3f})",
        "time ratio": f"{np.exp(fit.estimate[0]):.3f}",
        "hazard ratio (95 %)": f"{ratio:.1f} ({low:.1f} to {high:.1f})",
        "level": rows.level.name if printed else "nothing printed",
    }


def _say_clock(
    state: ClockState, data: ClockData, fit: AcceleratedFit, spells: Spells, used: pd.DataFrame
) -> str:
    rows = data.rows
    beta, error = fit.estimate[0], fit.std_error[0]
    text = (
        f"{rows.whose}: clock from {state.clock}, {fit.n} women, {fit.events} released. The "
        f"campaign coefficient is {beta:.2f} (95 % {beta - 1.96 * error:.2f} to "
        f"{beta + 1.96 * error:.2f}), a time ratio of {np.exp(beta):.2f}. "
    )
    counted = state.clock == "arrest" and state.entry == "none"
    women = int((used[CAMPAIGN] == 1).sum())
    if counted:
        text += (
            f"The {women} campaign women bring {immortal_months(rows):.0f} months before the "
            "launch into the risk sets, months in which none of them could have been released "
            "and still be chosen."
        )
        if state.sample != "all":
            text += " So do all the others now: everyone here had to last until the launch."
    elif state.clock == "launch":
        text += "No month before the launch is counted for anybody."
    elif state.entry == "campaign":
        text += (
            "The campaign women's immortal months are out, but months that other women served "
            "before the launch are still compared."
        )
    else:
        text += (
            "Everybody enters at the launch with the months she had served: no immortal month "
            "is counted, and like is compared with like."
        )
    return text


# Where the truth is known ----------------------------------------------------------------

_TRUTHS: Final = {"none (ratio 1)": "1", "ratio 2": "2", "ratio 4": "4", "ratio 8": "8"}
_SHAPES: Final = {"falls": "0.6", "stays": "1", "rises": "1.5"}
_FITTED: Final[Mapping[str, tuple[str, str]]] = {
    "clock at arrest, nobody late": ("arrest", "none"),
    "clock at arrest, campaign enters at launch": ("arrest", "campaign"),
    "clock at arrest, everyone enters at launch": ("arrest", "everyone"),
    "clock at launch": ("launch", "none"),
}
DRAWS: Final = 200


@dataclass(frozen=True)
class TruthState:
    truth: str = "1"
    shape: str = "1"
    chosen: str = "19"


class TruthLab(Panel[TruthState]):
    """Two hundred invented populations with a known effect, fitted in four ways."""

    name: ClassVar[str] = "A world where the truth is known"
    State = TruthState

    def controls(self) -> Mapping[str, Control]:
        return {
            "truth": Choice("True effect on the hazard", _TRUTHS),
            "shape": Choice("With time held, the hazard", _SHAPES),
            "chosen": Choice("Women chosen", {"19": "19", "60": "60"}),
        }

    def chart(self) -> Any:
        template = pictures.distributions(
            "Estimated hazard ratio of the chosen (logarithmic)", list(_FITTED)
        )
        return pictures.live(
            charts.finish(
                template,
                Provenance.ILLUSTRATION,
                title="200 simulated populations, the same women fitted in four ways",
                description="Four histograms of estimates, one over another; the truth is marked.",
            )
        )

    @staticmethod
    def compute(state: TruthState, data: Any = None) -> Picture:
        truth = np.log(float(state.truth))
        fits = simulated(truth, float(state.shape), int(state.chosen))
        bars, centers, lines = [], [], []
        edges = np.arange(-5.5, 6.01, 0.25)
        top = len(_FITTED) - 1
        tallest = max(np.histogram(_base2(f), edges)[0].max() for f in fits.values())
        for k, (name, fit) in enumerate(fits.items()):
            base = float(top - k)
            counts, _ = np.histogram(_base2(fit), edges)
            bars += [
                {
                    "name": name,
                    "left": float(edges[j]),
                    "right": float(edges[j + 1]),
                    "base": base,
                    "top": base + 0.78 * float(n) / float(tallest),
                }
                for j, n in enumerate(counts)
                if n
            ]
            middle = float(np.exp(np.nanmedian(fit.log_ratio)))
            centers.append(
                {
                    "name": name,
                    "x": float(np.log2(middle)),
                    "base": base,
                    "ceiling": base + 0.98,
                    "text": f"{name}: median {middle:.2f}",
                }
            )
            lines.append(
                {
                    "design": name,
                    "median estimate": f"{middle:.2f}",
                    "truth": state.truth,
                    "95 % interval holds the truth": f"{100 * fit.covers(truth):.0f} %",
                    "draws without an estimate": int(np.isnan(fit.log_ratio).sum()),
                }
            )
        return Picture(
            {
                "bars": bars,
                "centers": centers,
                "truth": [{"x": float(np.log2(float(state.truth))), "text": "truth"}],
            },
            _say_truth(state, lines),
            pd.DataFrame(lines),
        )


@lru_cache(maxsize=64)
def simulated(truth: float, shape: float, chosen: int) -> dict[str, Estimates]:
    """Return the estimates of each design; kept, because a learner goes to and fro."""
    draws = simulate(truth, shape, chosen, DRAWS, seed=20150901)
    return {name: estimate(draws, *design) for name, design in _FITTED.items()}


def _base2(fit: Estimates) -> Any:
    return (fit.log_ratio / np.log(2))[np.isfinite(fit.log_ratio)]


def _say_truth(state: TruthState, lines: list[dict[str, Any]]) -> str:
    naive, campaign, everyone, launch = lines
    effect = "changes nothing"
    if state.truth != "1":
        effect = f"multiplies their hazard of release by {state.truth} from then on"
    return (
        f"Model output: in {DRAWS} invented populations of 252, choosing {state.chosen} women "
        f"still held {effect}. Counted from arrest with nobody entering late, the median "
        f"estimate is a hazard ratio of {naive['median estimate']}, and the 95 % interval holds "
        f"the truth in {naive['95 % interval holds the truth']} of the draws. With everyone "
        f"entering at the launch the median is {everyone['median estimate']} "
        f"({everyone['95 % interval holds the truth']}); with the clock restarted at the launch "
        f"{launch['median estimate']} ({launch['95 % interval holds the truth']}). Letting only "
        f"the chosen enter late gives {campaign['median estimate']}: their months in waiting are "
        "then missing among the others."
    )
