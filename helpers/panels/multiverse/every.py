"""Panel on every universe at once: the curve, whose choice moves it, and where none answers."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Final

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers import charts
from helpers.charts import multiverse as pictures
from helpers.panels.base.controls import Choice, Control, Greyed
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import Provenance, mark
from helpers.provenance.shown import ShownTable, badged
from helpers.stats.curve import Shares, variance_shares
from helpers.stats.errors import StatsError
from helpers.study.cohort import CohortRows, cohort_rows
from helpers.study.multiverse import CHOICES, MEASURES, Fitted, Grid, fit_all, grid

BINS: Final = 120
_STRETCHES: Final = 40
BY: Final[Mapping[str, str]] = {
    "at any time": "ever",
    "month 12": "12",
    "month 24": "24",
    "month 36": "36",
}
_REACH: Final = 1.959963984540054
NOT_A_FINDING: Final = (
    "The spread is real as a spread of methods on these invented rows; it is no finding about "
    "the women."
)
YOURS: Final = "The rows are your file's; the spread is one of methods on them."


@dataclass(frozen=True, eq=False)
class Multiverse:
    """A cohort with every universe fitted; hashed by identity.

    Attributes
    ----------
    rows : CohortRows
    grid : Grid
    fitted : Fitted
    """

    rows: CohortRows
    grid: Grid
    fitted: Fitted

    @property
    def caveat(self) -> str:
        """What the spread is one of."""
        return NOT_A_FINDING if self.rows.whose == "In the synthetic cohort" else YOURS


def multiverse(cohort: pd.DataFrame) -> Multiverse:
    """Fit every universe to a cohort.

    Parameters
    ----------
    cohort : DataFrame
        As `load_cohort` or `cohort_or_own` returns it.
    """
    rows, kept = cohort_rows(cohort), grid()
    found = Multiverse(rows, kept, fit_all(rows, kept.universes))
    for measure in MEASURES:  # so that no move waits for what it shows first
        for by in dict.fromkeys(effective(measure, month) for month in BY.values()):
            with contextlib.suppress(ValueError):
                shares_of(found, measure, by)
    return found


@dataclass(frozen=True, eq=False)
class Ordered:
    """The universes of one estimand that answer, in order, and what is drawn of them."""

    place: NDArray[np.intp]
    estimate: NDArray[np.float64]
    sure: NDArray[np.int8]
    bins: pd.DataFrame
    cut: NDArray[np.intp]
    asked: int
    problems: pd.Series

    def position(self, universe: int) -> float | None:
        """Return where a universe stands, 0 to 1, or None where it has no answer here."""
        found = np.flatnonzero(self.place == universe)
        return float((found[0] + 0.5) / self.place.size) if found.size else None


@lru_cache(maxsize=64)
def ordered(data: Multiverse, measure: str, by: str) -> Ordered:
    """Return one estimand's curve, aggregated to at most 120 bins.

    Raises
    ------
    ValueError
        No universe of this estimand has an answer.
    """
    table = data.fitted.curve(measure, by)
    known = table.dropna(subset=["estimate", "std_error"]).sort_values("estimate", kind="stable")
    if known.empty:
        raise ValueError("No universe has an answer on this scale with these rows; choose another.")
    b, s = known["estimate"].to_numpy(), known["std_error"].to_numpy()
    n = len(b)
    cut = (np.arange(n) * min(BINS, n)) // n
    rows = pd.DataFrame({"bin": cut, "place": (np.arange(n) + 0.5) / n, "estimate": b,
                         "low": b - _REACH * s, "high": b + _REACH * s})  # fmt: skip
    bins = rows.groupby("bin").median()
    # One universe with a boundless interval should not flatten the others.
    limit = 0.6 * (b[-1] - b[0]) or 1.0
    bins["low"] = bins["low"].clip(lower=b[0] - limit)
    bins["high"] = bins["high"].clip(upper=b[-1] + limit)
    sure = (b > _REACH * s).astype(np.int8) - (b < -_REACH * s).astype(np.int8)
    why = table.loc[table["estimate"].isna(), "problem"].map(_short)
    return Ordered(known["place"].to_numpy(), b, sure, bins, cut, len(table), why.value_counts())


def _short(problem: str) -> str:
    if problem.startswith("there is no finite estimate"):
        return "several terms together split the outcome"
    if "never varies" in problem:
        return "a term never varies in these rows"
    return problem.removesuffix(", so there is no finite estimate").replace(
        " is released in these rows", " is released by then"
    )


@lru_cache(maxsize=64)
def shares_of(data: Multiverse, measure: str, by: str) -> Shares | None:
    """Return the division of one estimand's variance, or None where nothing varies."""
    found = ordered(data, measure, by)
    some = data.grid.universes.iloc[found.place][list(CHOICES)]
    varying = [c for c in CHOICES if c != "errors" and some[c].nunique() > 1]
    try:
        return variance_shares(some[varying], found.estimate)
    except StatsError:
        return None


@lru_cache(maxsize=16)
def codes(data: Multiverse) -> Mapping[str, NDArray[np.int8]]:
    """Return each choice of each universe as the number of its value."""
    universes = data.grid.universes
    return {
        name: pd.Categorical(universes[name], categories=list(axis.options)).codes
        for name, axis in CHOICES.items()
    }


def say(value: float, measure: str) -> str:
    """Return an estimate in the words of its scale."""
    if measure in ("points", "chosen"):
        return f"{value:.0f} points"
    return f"{math.exp(value):.3g}"


def span(measure: str, by: str) -> list[dict[str, Any]]:
    """Return what the axis of a curve says."""
    unit = MEASURES[measure]
    if measure in ("points", "chosen", "odds"):
        unit = unit.partition(",")[0] + (" at any time" if by == "ever" else f" by month {by}")
    return [{"unit": unit, "ratio": measure not in ("points", "chosen")}]


def effective(measure: str, by: str) -> str:
    """Return the month that matters for a measure."""
    return "" if measure in ("time", "hazard") else by


@dataclass(frozen=True)
class EveryState:
    measure: str = "points"
    by: str = "24"
    light: str = "family: linear"


_LIGHTS: Final = {
    f"{axis.label}: {words}": f"{name}: {value}"
    for name, axis in CHOICES.items()
    for value, words in axis.options.items()
}


class EveryChoice(Panel[EveryState]):
    """The specification curve of one estimand; `data` is what `multiverse` returns."""

    name: ClassVar[str] = "Every choice at once"
    State = EveryState

    def controls(self) -> Mapping[str, Control]:
        return {
            "measure": Choice("Estimand", {words: key for key, words in MEASURES.items()}),
            "by": Choice("Released by", BY),
            "light": Choice("Light up", _LIGHTS),
        }

    def chart(self) -> Any:
        def done(chart: Any, title: str, words: str) -> Any:
            return charts.finish(chart, self.data.rows.frame, title=title, description=words)

        return {
            "Curve": done(
                alt.vconcat(pictures.curve(), pictures.strips(), spacing=6),
                "Every universe of one estimand, in order",
                "Estimates in order with their intervals, printed models named, and below where "
                "the values of one choice lie.",
            ),
            "Which choice matters": done(
                pictures.shares(),
                "Share of the variance. Bar: fair share; dot: alone; triangle: with interactions",
                "Bars of each choice's share of the variance and of the largest interactions.",
            ),
            "No answer": done(
                pictures.gaps(),
                "Universes without an estimate",
                "Counts of universes without an estimate, by reason.",
            ),
        }

    @staticmethod
    def unavailable(state: EveryState, data: Multiverse) -> Greyed:
        if state.measure in ("time", "hazard"):
            return {"by": "a ratio of times or hazards is one for all months"}
        return {}

    @staticmethod
    def compute(state: EveryState, data: Multiverse) -> Picture:
        by = effective(state.measure, state.by)
        found = ordered(data, state.measure, by)
        axis, value = state.light.split(": ")
        code = codes(data)[axis][found.place]
        options = CHOICES[axis].options
        mine = code == list(options).index(value)
        n, bins = found.place.size, found.bins
        share = np.bincount(found.cut, mine, len(bins)) / np.bincount(found.cut)
        lit = bins.assign(share=share)[["place", "estimate", "share"]]
        shares = shares_of(data, state.measure, by)
        rows = {
            "curve": bins,
            "lit": lit[lit["share"] > 0],
            "marked": _marked(data, found),
            "strips": _strips(code, axis, value),
            "zero": [{"estimate": 0}],
            "span": span(state.measure, state.by),
            "shares": _share_rows(shares),
            "pairs": _pair_rows(shares),
            "gaps": _gap_rows(found),
        }
        figures: dict[str, float | int | str] = {
            "universes": found.asked,
            "answers": n,
            "low": float(found.estimate[0]),
            "median": float(np.median(found.estimate)),
            "high": float(found.estimate[-1]),
            "above": int((found.sure > 0).sum()),
            "below": int((found.sure < 0).sum()),
            "lit": int(mine.sum()),
        }
        if mine.any():
            figures["lit median"] = float(np.median(found.estimate[mine]))
        if shares is not None:
            top = shares.table.sort_values("shapley", ascending=False).iloc[0]
            figures["top choice"] = CHOICES[top["choice"]].label
            figures["top share"] = float(top["shapley"])
        return Picture(rows, _words(state, data, figures, options[value]), figures=figures)


def _words(
    state: EveryState, data: Multiverse, seen: Mapping[str, Any], value: str
) -> str:  # fmt: skip
    def of(key: str) -> str:
        return say(seen[key], state.measure)

    excluded = int(data.grid.excluded["universes"].sum())
    words = (
        f"{seen['universes']:,} of {len(data.grid.universes):,} universes estimate this "
        f"({excluded:,} further combinations are none); {seen['answers']:,} have an answer, from "
        f"{of('low')} to {of('high')}, half of them above {of('median')}. The 95 % interval lies "
        f"above {'1' if state.measure in ('odds', 'time', 'hazard') else '0'} in "
        f"{seen['above']:,} and below it in {seen['below']:,}. "
    )
    if seen["lit"]:
        words += (
            f"Lit, {CHOICES[state.light.split(': ')[0]].label.lower()}: {value}; "
            f"{seen['lit']:,} universes, median {of('lit median')}. "
        )
    else:
        words += f"No universe with an answer here has the value lit: {value}. "
    if "top choice" in seen:
        words += (
            f"The choice that moves the estimate most: {str(seen['top choice']).lower()} "
            f"({100 * seen['top share']:.0f} % of the variance). "
        )
    return words + data.caveat


def _marked(data: Multiverse, found: Ordered) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    names = data.grid.universes["printed"]
    reach = float(found.bins["high"].max() - found.bins["low"].min())
    top = float(found.bins["high"].max())
    for universe in np.flatnonzero(names != ""):
        at = found.position(int(universe))
        if at is not None:
            table, model = str(names.iloc[universe]).replace("Table ", "T").split(", model ")
            out.append({"place": at, "label": f"{table} m{model}",
                        "estimate": float(found.estimate[int(at * found.place.size)])})  # fmt: skip
    out.sort(key=lambda row: row["place"])
    for lane, row in enumerate(out):
        row["top"] = top - (0.6 + lane % 4) * 0.09 * reach
    return out


def _strips(code: NDArray[np.int8], axis: str, value: str) -> list[dict[str, Any]]:
    n = code.size
    parts = min(_STRETCHES, n)
    cut = (np.arange(n) * parts) // n
    size = np.bincount(cut)
    edge = np.concatenate([[0], np.cumsum(size)]) / n
    out = []
    for number, (key, words) in enumerate(CHOICES[axis].options.items()):
        share = np.bincount(cut, code == number, parts) / size
        label = f"> {words}" if key == value else words
        out += [
            {"value": label, "start": edge[i], "stop": edge[i + 1], "share": share[i]}
            for i in range(parts)
        ]
    return out


def _share_rows(shares: Shares | None) -> pd.DataFrame:
    if shares is None:
        return pd.DataFrame(columns=["choice", "alone", "total", "shapley"])
    return shares.table.assign(choice=[CHOICES[c].label for c in shares.table["choice"]])


def _pair_rows(shares: Shares | None) -> pd.DataFrame:
    if shares is None:
        return pd.DataFrame(columns=["pair", "interaction"])
    pairs = shares.pairs.sort_values("interaction", ascending=False).head(5)
    pairs = pairs[pairs["interaction"] > 0]
    names = [
        f"{CHOICES[a].label} × {CHOICES[b].label}"
        for a, b in zip(pairs["first"], pairs["second"], strict=True)
    ]
    return pd.DataFrame({"pair": names, "interaction": pairs["interaction"].to_numpy()})


def excluded_table(data: Multiverse) -> ShownTable:
    """Return how many combinations are no universe, by the first reason, with the badge."""
    return badged(mark(data.grid.excluded.copy(), Provenance.ILLUSTRATION))


def _gap_rows(found: Ordered) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"reason": str(r), "universes": int(n)} for r, n in found.problems.items()
    ]
    rest = sum(row["universes"] for row in rows[7:])
    return rows[:7] + ([{"reason": "other reasons", "universes": rest}] if rest else [])
