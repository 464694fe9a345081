"""The choices behind Tables 3 and 4 as data, and every model they allow, fitted in batches.

A universe is one row: a value for each choice of `CHOICES`. `CONSTRAINTS` says which rows are
no analysis, and why. The ten printed models are universes like the others and stand first.

- `grid()` gives the universes kept and the count of those excluded, by reason;
- `fit_all(rows, universes)` fits them; `Fitted.curve(measure, by)` is what they say within one
  estimand, and why a universe says nothing;
- `Relabeled` refits a curve under other labels, for `helpers.stats.curve.permutation_runs`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers.calendar import DAYS_PER_MONTH, END_OF_FOLLOW_UP, LAUNCH
from helpers.stats.curve import points_released
from helpers.stats.multiverse import Batch, least_squares_batch, logit_batch, weibull_batch
from helpers.stats.newton import Pairs
from helpers.study.cohort import CohortRows
from helpers.study.vocabulary import (
    CAMPAIGN,
    CONCERNS,
    MODELS,
    REGION_CODINGS,
    REGION_OF_TERM,
    STATUSES,
    TERM_LABELS,
)

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Axis:
    """A choice: what it is called, and its values in words."""

    label: str
    options: Mapping[str, str]


CHOICES: Final[Mapping[str, Axis]] = {
    "family": Axis("Model", {"linear": "linear", "logit": "logit", "weibull": "Weibull"}),
    "outcome": Axis(
        "Outcome",
        {
            "ever": "released at any time",
            "12": "released within 12 months",
            "24": "released within 24 months",
            "36": "released within 36 months",
        },
    ),
    "clock": Axis("Clock", {"arrest": "from the arrest", "launch": "from the launch"}),
    "entry": Axis(
        "At risk",
        {
            "start": "from the start of the clock",
            "late": "from the launch",
            "campaign": "the campaign from the launch, others from the arrest",
        },
    ),
    # "In prison in 2015", as Table 3 says, are the same women here: a second value would
    # count every universe of them twice.
    "sample": Axis("Sample", {"all": "all women", "held": "in prison at the launch"}),
    "deaths": Axis(
        "Women who died",
        {
            "count": "count as not released",
            "out": "are left out",
            "end": "count as held to the end",
        },
    ),
    "concerns": Axis(
        "Concerns",
        {
            "none": "no concern",
            "all": "all five concerns",
            **{name: f"all but {TERM_LABELS[name]}" for name in CONCERNS},
        },
    ),
    "regions": Axis(
        "Regions",
        {"none": "no region", "file": "regions as in the file", "moved": "regions coded anew"},
    ),
    "missing": Axis(
        "Missing codes",
        {
            "drop": "women without codes are left out",
            "zero": "taken as no concern",
            "one": "taken as every concern",
            "imputed": "imputed five times",
        },
    ),
    "errors": Axis("Standard errors", {"classical": "classical", "robust": "robust (HC1)"}),
}
"""The ten choices: column of the universes -> its words."""


@dataclass(frozen=True)
class Constraint:
    """A reason why some universes are no analysis, or none of their own.

    `excluded` takes a frame of universes, or one universe as a mapping.
    """

    reason: str
    excluded: Callable[[Any], Any]


CONSTRAINTS: Final = (
    Constraint(
        "a yes-or-no model follows nobody over time, so nobody can enter it late",
        lambda u: (u["family"] != "weibull") & (u["entry"] != "start"),
    ),
    Constraint(
        "with a clock from the launch everybody is at risk from its start",
        lambda u: (u["clock"] == "launch") & (u["entry"] != "start"),
    ),
    Constraint(
        "a woman who had left before the launch cannot be followed from it",
        lambda u: (u["sample"] != "held") & ((u["clock"] == "launch") | (u["entry"] == "late")),
    ),
    Constraint(
        "released at any time needs no clock in a yes-or-no model: it would be counted twice",
        lambda u: (u["family"] != "weibull") & (u["outcome"] == "ever") & (u["clock"] == "launch"),
    ),
    Constraint(
        "a yes-or-no model has no end up to which the dead could be held",
        lambda u: (u["family"] != "weibull") & (u["deaths"] == "end"),
    ),
    Constraint(
        "without the concerns no code is missing: it would be counted again",
        lambda u: (u["concerns"] == "none") & (u["missing"] != "drop"),
    ),
    Constraint(
        "robust errors are computed for the yes-or-no models only",
        lambda u: (u["family"] == "weibull") & (u["errors"] == "robust"),
    ),
)


def why_not(choices: Mapping[str, str]) -> str:
    """Return the first reason why these ten choices are no universe; "" when they are one."""
    return next((c.reason for c in CONSTRAINTS if c.excluded(choices)), "")


def printed(table: int, model: int) -> dict[str, str]:
    """Return the universe of a printed model: `table` is 3 or 4, `model` 1 to 5."""
    what = MODELS[model]
    return {
        "family": "linear" if table == 3 else "weibull",
        "outcome": "ever",
        "clock": "launch" if table == 4 and what.held else "arrest",
        "entry": "start",
        "sample": "held" if what.held else "all",
        "deaths": "count",
        "concerns": "all" if what.concerns else "none",
        "regions": "file" if what.regions else "none",
        "missing": "drop",
        "errors": "classical",
    }


PRINTED: Final[Mapping[str, Mapping[str, str]]] = {
    f"Table {table}, model {model}": printed(table, model) for table in (3, 4) for model in MODELS
}
"""The printed models by name."""


@dataclass(frozen=True)
class Grid:
    """Universes kept, and why others are not.

    Attributes
    ----------
    universes : DataFrame
        One row a universe, one column a choice, and `printed` (a name or ""); printed first.
    excluded : DataFrame
        reason, universes: each universe counted under the first reason that excludes it.
    """

    universes: pd.DataFrame
    excluded: pd.DataFrame


def grid() -> Grid:
    """Return every combination of choices that is an analysis of its own."""
    product = itertools.product(*(axis.options for axis in CHOICES.values()))
    every = pd.DataFrame(list(product), columns=list(CHOICES))
    open_ = np.ones(len(every), dtype=bool)
    counts = []
    for constraint in CONSTRAINTS:
        hit = constraint.excluded(every).to_numpy(dtype=bool) & open_
        counts.append((constraint.reason, int(hit.sum())))
        open_ &= ~hit
    kept = every[open_].copy()
    names = {tuple(choices.values()): name for name, choices in PRINTED.items()}
    kept["printed"] = [names.get(row, "") for row in kept.itertuples(index=False, name=None)]
    kept = kept.sort_values("printed", key=lambda s: s == "", kind="stable")
    return Grid(kept.reset_index(drop=True), pd.DataFrame(counts, columns=["reason", "universes"]))


def tag(universes: pd.DataFrame) -> pd.Series:
    """Return what the coefficient of each universe estimates, before any common scale."""
    words = universes["outcome"].map(CHOICES["outcome"].options)
    return universes["family"].map(
        {"linear": "difference in probability, ", "logit": "odds ratio, ", "weibull": "time ratio"}
    ) + words.where(universes["family"] != "weibull", "")


# The rows, once for all universes ---------------------------------------------------------

DRAWS: Final = 5
_SEED: Final = 10


@dataclass(frozen=True)
class _Stack:
    """The cohort with copies of the uncoded women below it, one block for each filling.

    `source` is the row of the cohort that each row comes from, `block` 0 for the cohort
    itself, 1 and 2 for codes of 0 and of 1, 3 and more for imputations.
    """

    rows: CohortRows
    numbers: pd.DataFrame
    source: NDArray[np.intp]
    block: NDArray[np.intp]
    coded: Flags
    samples: Mapping[str, Flags]
    dead: Flags


def _stack(rows: CohortRows) -> _Stack:
    frame = rows.frame.reset_index(drop=True)
    codes = frame[list(CONCERNS)].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    coded = np.isfinite(codes).all(axis=1)
    bare = np.flatnonzero(~coded)
    blocks = [codes]
    blocks += [np.where(np.isfinite(codes[bare]), codes[bare], fill) for fill in (0.0, 1.0)]
    draw = np.random.default_rng(_SEED)
    for _ in range(DRAWS):
        blocks.append(_imputed(codes, bare, coded, rows, draw))
    source = np.concatenate([np.arange(len(frame)), *([bare] * (2 + DRAWS))])
    block = np.repeat(np.arange(3 + DRAWS), [len(frame)] + [len(bare)] * (2 + DRAWS))
    numbers = pd.DataFrame({CAMPAIGN: rows.campaign[source]})
    numbers[list(CONCERNS)] = np.vstack(blocks)
    moved = frame["country"].map(REGION_CODINGS["both"]).fillna(frame["region"])
    for coding, region in (("file", frame["region"]), ("moved", moved)):
        for term, name in REGION_OF_TERM.items():
            numbers[f"{term} ({coding})"] = (region == name).to_numpy(dtype=float)[source]
    samples = {
        "all": np.ones(len(frame), dtype=bool),
        "held": (rows.arrest <= 0) & (rows.exit > 0),
    }
    dead = (frame["status"] == STATUSES[1]).to_numpy(dtype=bool)
    return _Stack(rows, numbers, source, block, coded, samples, dead)


def _imputed(
    codes: Array, bare: NDArray[np.intp], coded: Flags, rows: CohortRows, draw: np.random.Generator
) -> Array:
    """Fill each uncoded woman with the codes of a coded one of the same outcome and group.

    A hot deck from donors drawn with replacement first (approximate Bayesian bootstrap,
    Rubin & Schenker 1986, JASA 81:366-374), so that the draws differ as much as they should.
    """
    out = codes[bare].copy()
    for place, woman in enumerate(bare):
        like = (rows.released == rows.released[woman]) & (rows.campaign == rows.campaign[woman])
        donors = np.flatnonzero(coded & like)
        if not donors.size:
            donors = np.flatnonzero(coded)
        if donors.size:
            found = draw.choice(draw.choice(donors, donors.size))
            out[place] = np.where(np.isfinite(out[place]), out[place], codes[found])
    return out


_BLOCKS: Final = {
    "drop": (0,),
    "zero": (1,),
    "one": (2,),
    "imputed": tuple(range(3, 3 + DRAWS)),
}
_CONCERNS_IN: Final = {
    "none": np.zeros(5, dtype=bool),
    "all": np.ones(5, dtype=bool),
    **{name: np.array([c != name for c in CONCERNS]) for name in CONCERNS},
}
_REGIONS_IN: Final = {
    "none": np.zeros(6, dtype=bool),
    "file": np.arange(6) < 3,
    "moved": np.arange(6) >= 3,
}


@dataclass(frozen=True)
class _Outcome:
    """Times, events and who may be used, for one outcome on one clock; by row of the cohort."""

    time: Array
    event: Array
    entry: Array
    usable: Flags


def _outcome(stack: _Stack, key: tuple[str, ...], campaign: Array) -> _Outcome:
    family, outcome, clock, entry, end = key
    rows = stack.rows
    start = rows.arrest if clock == "arrest" else np.zeros_like(rows.arrest)
    time, event = rows.exit - start, rows.released.copy()
    usable = time > 0
    if family != "weibull":
        if outcome != "ever":
            days = float(outcome) * DAYS_PER_MONTH
            event = event * (time <= days)
            # A woman lost before the horizon is neither released by then nor still held.
            lost = (time < days) & (rows.released == 0) & ~stack.dead
            usable &= ~lost
        return _Outcome(np.ones_like(time), event, np.zeros_like(time), usable)
    if end == "end":
        last = float((pd.Timestamp(END_OF_FOLLOW_UP) - pd.Timestamp(LAUNCH)).days)
        time = np.where(stack.dead, np.maximum(time, last - start), time)
    if outcome != "ever":
        days = float(outcome) * DAYS_PER_MONTH
        event = event * (time <= days)
        time = np.minimum(time, days)
    late = np.zeros_like(time)
    if entry != "start":
        enters = campaign == 1 if entry == "campaign" else np.ones_like(usable)
        late = np.where(enters, np.maximum(0.0, -rows.arrest), 0.0)
    usable &= time > late
    return _Outcome(
        np.where(usable, time, 1.0) / DAYS_PER_MONTH,
        np.where(usable, event, 0.0),
        np.where(usable, late, 0.0) / DAYS_PER_MONTH,
        usable,
    )


_FIT: Final = tuple(name for name in CHOICES if name != "errors")
_OUTCOME: Final = ("family", "outcome", "clock", "entry", "end")
MONTHS: Final = ("12", "24", "36")
MEASURES: Final[Mapping[str, str]] = {
    "points": "percentage points released, all women",
    "chosen": "percentage points released, women like the chosen",
    "odds": "odds ratio",
    "time": "time ratio",
    "hazard": "hazard ratio",
}


def _estimates(family: str, outcome: str, measure: str, by: str) -> bool:
    if family == "weibull":
        if measure in ("points", "chosen"):
            return by != "ever" and (outcome == "ever" or int(outcome) >= int(by))
        return measure in ("time", "hazard")
    if measure == "odds":
        return family == "logit" and outcome == by
    return measure in ("points", "chosen") and outcome == by


def within(universes: pd.DataFrame, measure: str, by: str) -> Flags:
    """Tell which universes estimate a measure by a month ("ever", "12", "24", "36").

    Percentage points by a month are those of yes-or-no models of that month and of Weibulls
    that were followed at least so long; ratios of times and hazards have no month.
    """
    pairs = zip(universes["family"], universes["outcome"], strict=True)
    return np.array([_estimates(f, o, measure, by) for f, o in pairs], dtype=bool)


@dataclass(frozen=True)
class Fitted:
    """Every universe's answer on every scale.

    Attributes
    ----------
    universes : DataFrame
        As `Grid.universes`.
    problem : ndarray of str, shape (m,)
        Why a universe has no answer; "" where it has one.
    n : ndarray of int, shape (m,)
        Women used.
    answers : mapping of (measure, month) to (estimate, std_error), each of shape (m,)
        Ratios as logarithms, without a month ("").
    fits : int
        Models fitted; fewer than universes where errors alone differ, more for imputations.
    """

    universes: pd.DataFrame
    problem: NDArray[np.object_]
    n: NDArray[np.int64]
    answers: Mapping[tuple[str, str], tuple[Array, Array]] = field(repr=False)
    fits: int

    def curve(self, measure: str = "points", by: str = "24") -> pd.DataFrame:
        """Return the universes of one estimand: place, estimate, std_error, problem.

        Parameters
        ----------
        measure : str
            A key of `MEASURES`. Ratios come as logarithms.
        by : {"ever", "12", "24", "36"}

        Returns
        -------
        DataFrame
            `place` is the row of `universes`; NaN where there is a problem.
        """
        place = np.flatnonzero(within(self.universes, measure, by))
        estimate, error = self.answers[measure, by if measure in ("points", "chosen") else ""]
        return pd.DataFrame(
            {
                "place": place,
                "estimate": estimate[place],
                "std_error": error[place],
                "problem": self.problem[place],
            }
        )


def fit_all(
    rows: CohortRows, universes: pd.DataFrame, chosen: bool = True, threads: int | None = None
) -> Fitted:
    """Fit every universe in batches.

    Parameters
    ----------
    rows : CohortRows
    universes : DataFrame
        As `grid` returns them, or some of them.
    chosen : bool
        Whether to average points over the chosen as well.
    threads : int, optional
        As in `helpers.stats.multiverse`.

    Notes
    -----
    Imputations are combined by Rubin's rules (1987): the mean of the estimates, and the mean
    variance plus (1 + 1/5) times the variance between them.
    """
    return _Plan(_stack(rows), universes).run(rows.campaign, None, chosen, threads)


class _Plan:
    """Which rows of which batch answer which universe."""

    def __init__(self, stack: _Stack, universes: pd.DataFrame) -> None:
        self.stack, self.universes = stack, universes
        keys = universes[list(_FIT)].assign(
            end=universes["deaths"].where(universes["deaths"] == "end", "no")
        )
        self.code, first = _codes(keys[list(_FIT)])
        fits = keys.iloc[first].reset_index(drop=True)
        self.parts = []
        for key, part in fits.groupby(list(_OUTCOME), sort=False):
            draws = [_BLOCKS[m] for m in part["missing"]]
            owner = np.repeat(part.index.to_numpy(), [len(d) for d in draws])
            block = np.concatenate([np.array(d) for d in draws])
            full = fits.loc[owner]
            include = np.column_stack(
                [
                    np.ones(len(full), dtype=bool),
                    np.vstack([_CONCERNS_IN[c] for c in full["concerns"]]),
                    np.vstack([_REGIONS_IN[c] for c in full["regions"]]),
                ]
            )
            self.parts.append((key, owner, include, self._rows(full, block)))
        self.count = len(fits)

    def _rows(self, fits: pd.DataFrame, block: NDArray[np.intp]) -> Flags:
        """Return which rows of the stack each fit may use, outcomes aside."""
        stack = self.stack
        some = np.vstack([stack.samples[s] for s in fits["sample"]])
        some &= ~((fits["deaths"] == "out").to_numpy()[:, None] & stack.dead)
        kept = some[:, stack.source]
        bare = (fits["concerns"] == "none").to_numpy()[:, None]
        cohort = (stack.block == 0) & (bare | stack.coded[stack.source])
        return np.asarray(
            kept & (cohort | ((stack.block == block[:, None]) & (block > 0)[:, None]))
        )

    def run(
        self,
        campaign: Array,
        only: tuple[str, str] | None,
        chosen: bool,
        threads: int | None,
    ) -> Fitted:
        """Fit all with these labels; with `only`, on one scale (measure, month)."""
        stack, k = self.stack, self.count
        numbers = stack.numbers.copy()
        numbers[CAMPAIGN] = np.asarray(campaign, dtype=float)[stack.source]
        wanted = (
            [only]
            if only
            else [
                *(
                    (m, b)
                    for m in (("points", "chosen") if chosen else ("points",))
                    for b in ("ever", *MONTHS)
                ),
                ("odds", ""),
                ("time", ""),
                ("hazard", ""),
            ]
        )
        answers = {key: np.full((4, k), np.nan) for key in wanted}
        problem = np.full(k, "", dtype=object)
        n = np.zeros(k, dtype=np.int64)
        total = 0
        for key, owner, include, rows in self.parts:
            used = _outcome(stack, key, np.asarray(campaign))
            take = rows & used.usable[stack.source]
            split = _split(key[0], used.event[stack.source], numbers, include, take)
            problem[owner[::-1]] = split[::-1]
            open_ = problem[owner] == ""
            owner, include, take = owner[open_], include[open_], take[open_]
            if not owner.size:
                continue
            batch = _fit(key[0], used, stack.source, numbers, include, take, threads)
            total += len(owner)
            starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
            size = np.diff(np.r_[starts, len(owner)])
            fit = owner[starts]
            problem[fit] = _first_problem(batch.problem, starts, size)
            n[fit] = batch.n[starts]
            hc1 = None
            if key[0] != "weibull":
                hc1 = replace(
                    batch, covariance=_robust(batch, used.event[stack.source], numbers, take)
                )
            for scale in wanted:
                found = _on_scale(batch, hc1, numbers, take, key, scale)
                if found is not None:
                    answers[scale][:, fit] = _rubin(found, starts, size)
        robust = (self.universes["errors"] == "robust").to_numpy()
        out = {}
        for scale, (b, s, _, s_robust) in answers.items():
            error = np.where(robust, s_robust[self.code], s[self.code])
            out[scale] = (b[self.code], error)
        return Fitted(self.universes, problem[self.code], n[self.code], out, total)


def _codes(frame: pd.DataFrame) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the group of each row and the first row of each group."""
    code = frame.groupby(list(frame.columns), sort=False).ngroup().to_numpy()
    return code, np.unique(code, return_index=True)[1]


def _fit(
    family: str,
    used: _Outcome,
    source: NDArray[np.intp],
    numbers: pd.DataFrame,
    include: Flags,
    take: Flags,
    threads: int | None,
) -> Batch:
    if family == "weibull":
        entry = used.entry[source] if used.entry.any() else None
        return weibull_batch(
            used.time[source], used.event[source], numbers, include, take,
            entry=entry, threads=threads,
        )  # fmt: skip
    batch = least_squares_batch if family == "linear" else logit_batch
    return batch(used.event[source], numbers, include, take, threads=threads)


SPLIT: Final = "nobody {} is released in these rows, so there is no finite estimate"
SPLIT_ALL: Final = "everybody {} is released in these rows, so there is no finite estimate"
_OF_REGION: Final = {"africa": "Africa", "asia": "Asia", "middle_east": "the Middle East"}


def _side(term: str, inside: bool) -> str:
    if term == CAMPAIGN:
        return "in the campaign" if inside else "outside the campaign"
    if term in _OF_REGION:
        return f"{'from' if inside else 'from outside'} {_OF_REGION[term]}"
    return f"{'with' if inside else 'without'} {TERM_LABELS[term]}"


def _split(
    family: str, event: Array, numbers: pd.DataFrame, include: Flags, take: Flags
) -> NDArray[np.object_]:
    """Say which fits are split by one column alone, in words; the engine finds the others.

    This is what separation mostly is here, and a count finds it in no time, where the engine
    has to solve a linear program for each model.
    """
    out = np.full(len(include), "", dtype=object)
    if family == "linear":
        return out
    x = np.nan_to_num(numbers.to_numpy(float))
    file, moved = x[:, 6:9].sum(axis=1), x[:, 9:].sum(axis=1)
    sides = np.column_stack([x, 1 - x, 1 - file, 1 - moved])
    there = take @ sides
    released = take @ (sides * event[:, None])
    on = np.column_stack([include, include, include[:, 6], include[:, 9]]) & (there > 0)
    terms = [str(c).partition(" (")[0] for c in numbers.columns]
    named = [_side(t, inside) for inside in (True, False) for t in terms]
    named += ["from another region"] * 2
    tests = [(released == 0, SPLIT)]
    if family == "logit":
        tests.append((released == there, SPLIT_ALL))
    for hit, words in tests:
        found = hit & on
        for i in np.flatnonzero(found.any(axis=1) & (out == "")):
            out[i] = words.format(named[int(np.argmax(found[i]))])
    return out


def _first_problem(
    problems: tuple[str, ...], starts: NDArray[np.intp], size: NDArray[np.intp]
) -> list[str]:
    return [
        next((p for p in problems[a : a + k] if p), "") for a, k in zip(starts, size, strict=True)
    ]


def _robust(batch: Batch, outcome: Array, numbers: pd.DataFrame, take: Flags) -> Array:
    """Return the sandwich covariance with the factor n / (n - k) (HC1), shape (m, k, k)."""
    x = np.column_stack([np.nan_to_num(numbers.to_numpy(float)), np.ones(len(numbers))])
    eta = np.nan_to_num(batch.estimate) @ x.T
    fitted = eta if batch.family == "linear" else 1 / (1 + np.exp(-np.clip(eta, -500, 500)))
    meat = Pairs(x).square(take * (outcome - fitted) ** 2)
    bread = batch.covariance / (batch.scale**2)[:, None, None]
    k = np.isfinite(batch.estimate).sum(axis=1)
    factor = batch.n / np.maximum(batch.n - k, 1)
    return np.asarray(bread @ meat @ bread * factor[:, None, None])


def _on_scale(
    batch: Batch,
    hc1: Batch | None,
    numbers: pd.DataFrame,
    take: Flags,
    key: tuple[str, ...],
    scale: tuple[str, str],
) -> tuple[Array, Array, Array] | None:
    """Return estimate and two errors of each fit on a scale, or None where it has none."""
    family, outcome = key[:2]
    measure, by = scale
    if not _estimates(family, outcome, measure, by or outcome):
        return None
    if measure in ("points", "chosen"):
        month = float(by) if family == "weibull" else None
        both = [
            points_released(b, numbers, CAMPAIGN, month, rows=take, chosen_only=measure == "chosen")
            for b in (batch, hc1) if b is not None
        ]  # fmt: skip
        errors = [f["std_error"].to_numpy() for f in both]
        return both[0]["estimate"].to_numpy(), errors[0], errors[-1]
    b, v = batch.estimate[:, 0], batch.covariance
    if measure == "hazard":
        # log of the hazard ratio: -b / sigma; d/db = -1/sigma, d/d log sigma = b / sigma
        g = np.column_stack([-np.ones_like(b), b]) / batch.scale[:, None]
        own = v[:, [0, -1]][:, :, [0, -1]]
        error = np.sqrt(np.maximum(np.einsum("mi,mij,mj->m", g, own, g), 0.0))
        return -b / batch.scale, error, error
    other = batch.std_error[:, 0] if hc1 is None else np.sqrt(hc1.covariance[:, 0, 0])
    return b, batch.std_error[:, 0], other


def _rubin(
    found: tuple[Array, Array, Array], starts: NDArray[np.intp], size: NDArray[np.intp]
) -> Array:
    """Combine imputations; rows: estimate, error, variance between, robust error."""
    b, s, r = found
    mean = np.add.reduceat(b, starts) / size
    spread = np.add.reduceat((b - np.repeat(mean, size)) ** 2, starts)
    between = spread / np.maximum(size - 1, 1)
    extra = (1 + 1 / size) * between
    errors = [np.sqrt(np.add.reduceat(e**2, starts) / size + extra) for e in (s, r)]
    return np.array([mean, errors[0], between, errors[1]])


# Other labels -------------------------------------------------------------------------------

LABELS: Final[Mapping[str, str]] = {
    "anyone": "among all women",
    "country": "among women of the same country",
    "held": "among women held at the launch, or not",
    "both": "among women of the same country, held alike",
}
"""Within which groups labels may be shuffled."""


def groups(rows: CohortRows, among: str) -> ArrayLike | None:
    """Return the groups within which labels are shuffled, or None: a key of `LABELS`."""
    held = pd.Series(np.where((rows.arrest <= 0) & (rows.exit > 0), "held", "not"))
    country = rows.frame["country"].reset_index(drop=True)
    found = {"anyone": None, "country": country, "held": held, "both": country + " " + held}
    return found[among]


class Relabeled:
    """Refits some universes with other labels: what `permutation_runs` calls.

    Parameters
    ----------
    rows : CohortRows
    fitted : Fitted
    measure, by : str
        The estimand.
    most : int
        Universes taken, by lot from a fixed seed where there are more; universes with imputed
        codes, which need five fits each, are left out.
    """

    def __init__(
        self, rows: CohortRows, fitted: Fitted, measure: str = "points", by: str = "24",
        most: int = 1000,
    ) -> None:  # fmt: skip
        place = fitted.curve(measure, by)["place"].to_numpy()
        place = place[(fitted.universes["missing"] != "imputed").to_numpy()[place]]
        if place.size > most:
            place = np.sort(np.random.default_rng(_SEED).choice(place, most, replace=False))
        self.place = place
        self.scale = (measure, by if measure in ("points", "chosen") else "")
        some = fitted.universes.iloc[place].reset_index(drop=True)
        self.plan = _Plan(_stack(rows), some)

    def __call__(self, labels: Array) -> tuple[Array, Array]:
        """Return estimates and standard errors with these labels, one a universe."""
        found = self.plan.run(labels, self.scale, False, threads=1)
        return found.answers[self.scale]
