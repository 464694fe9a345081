"""Table 3 three ways: the rows and models behind the panels on a yes/no outcome.

The five models of Table 3 are fitted to whatever cohort the notebook loaded, the synthetic
one or the reader's own; every sentence says which, and at what level it speaks.
"""

from __future__ import annotations

import dataclasses
import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Final, TypeVar

import numpy as np
import pandas as pd

from helpers import charts
from helpers.charts import release as pictures
from helpers.panels.base.controls import Choice, Control
from helpers.panels.base.live import Rows
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import Provenance, provenance_of
from helpers.stats.errors import StatsError
from helpers.stats.release import (
    CONSTANT,
    Effect,
    Fit,
    SeparationError,
    average_marginal_effect,
    fit_release,
    odds_ratio,
    predict,
    profile_interval,
    risk_difference,
)

S = TypeVar("S")
TREATMENT: Final = "freethe20"
CONCERNS: Final = (
    "prisoner_of_conscience",
    "torture_concerns",
    "death_penalty_concerns",
    "legal_concerns",
    "medical_concerns",
)
REGIONS: Final[Mapping[str, str]] = {
    "africa": "Africa",
    "asia": "Asia",
    "middle_east": "Middle East",
}
"""Terms of Table 3; every other region is the baseline."""

MODELS: Final[Mapping[int, tuple[bool, bool, bool]]] = {
    1: (False, False, False),
    2: (True, False, False),
    3: (False, True, False),
    4: (True, True, False),
    5: (True, True, True),
}
"""Model of Table 3: whether it has the concerns, the regions, and only those held in 2015."""

LABELS: Final[Mapping[str, str]] = {
    TREATMENT: "#Freethe20",
    **{name: name.replace("_", " ") for name in CONCERNS},
    "africa": "Africa",
    "asia": "Asia",
    "middle_east": "Middle East",
    CONSTANT: "constant",
}
CODINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "file": {},
    "egypt": {"Egypt": "Africa"},
    "caucasus": {"Azerbaijan": "Asia", "Uzbekistan": "Asia"},
    "both": {"Egypt": "Africa", "Azerbaijan": "Asia", "Uzbekistan": "Asia"},
}
"""Regions of countries where they differ from the file's `region` column."""

FAMILY_WORDS: Final = {
    "linear": "linear",
    "logit": "logit",
    "probit": "probit",
    "firth": "Firth logit",
}
SCALES: Final[Mapping[str, str]] = {
    "difference in probability": "difference",
    "odds ratio": "odds",
    "average marginal effect": "slope",
}
_NORMAL: Final = 1.959963984540054


@dataclass(frozen=True, eq=False)
class ReleaseRows:
    """A cohort and the printed table, as the panels need them; hashed by identity.

    Attributes
    ----------
    cohort : DataFrame
        Columns of `load_cohort()`, marked synthetic or yours.
    numbers : DataFrame
        The numeric covariates, concerns as floats with NaN where missing.
    printed : mapping of model to term to (coefficient, standard error)
    observations : mapping of model to rows printed
    published : DataFrame
        The printed coefficients, for the badge.
    """

    cohort: pd.DataFrame
    numbers: pd.DataFrame
    printed: Mapping[int, Mapping[str, tuple[float, float]]]
    observations: Mapping[int, int]
    published: pd.DataFrame

    @property
    def own(self) -> bool:
        """Whether these are the reader's rows."""
        return Provenance.YOURS in provenance_of(self.cohort)

    @property
    def level(self) -> str:
        """Level at which a number computed on these rows speaks for the paper."""
        return "R2" if self.own else "R3"

    @property
    def where(self) -> str:
        """Where a number comes from, to end a sentence with."""
        return "on your rows (R2)" if self.own else "on the synthetic cohort's invented rows (R3)"


def release_rows(
    cohort: pd.DataFrame, coefficients: pd.DataFrame, fit: pd.DataFrame
) -> ReleaseRows:
    """Join a cohort with the printed Table 3.

    Parameters
    ----------
    cohort : DataFrame
        As `load_cohort` or `cohort_or_own` returns it.
    coefficients, fit : DataFrame
        As `load_published_coefficients` and `load_published_fit` return them.
    """
    cohort = cohort.reset_index(drop=True)
    numbers = pd.DataFrame({TREATMENT: cohort[TREATMENT].astype(float)})
    for name in CONCERNS:
        numbers[name] = cohort[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    table = coefficients[coefficients["table"] == "table3"]
    printed: dict[int, dict[str, tuple[float, float]]] = {}
    for row in table.itertuples(index=False):
        cell = (float(row.estimate), float(row.std_error))
        printed.setdefault(int(row.model), {})[str(row.term)] = cell
    foot = fit[fit["table"] == "table3"]
    observations = {
        int(m): int(n) for m, n in zip(foot["model"], foot["n_observations"], strict=True)
    }
    rows = ReleaseRows(cohort, numbers, printed, observations, coefficients)
    _warm(rows)
    return rows


def _warm(rows: ReleaseRows) -> None:
    """Fit what the panels open with and the slow profile limits, so that controls are quick."""
    for model in MODELS:
        for family in FAMILY_WORDS:
            try:
                fit = fit_specification(rows, Specification(model, family))
            except StatsError:
                continue
            if family == "firth":
                for term in fit.terms[:-1]:
                    effect_in(rows, Specification(model, family), term, "odds")


# One model ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Specification:
    """What is fitted: a model of Table 3 and what may be changed about it.

    `fill` is the value given to missing concern codes, or None to leave those women out;
    `who` is "all", a region as coded, or a country. With `drop`, terms other than the campaign
    that predict some women perfectly are left out with those women (see `fit_release`).
    """

    model: int = 4
    family: str = "linear"
    errors: str = "classical"
    fixed: bool = False
    coding: str = "file"
    fill: float | None = None
    who: str = "all"
    drop: bool = False


def regions_of(rows: ReleaseRows, coding: str) -> pd.Series:
    """Return each woman's region under a coding."""
    moved = rows.cohort["country"].map(CODINGS[coding])
    return moved.fillna(rows.cohort["region"])


def sample(rows: ReleaseRows, spec: Specification) -> tuple[pd.Series, pd.DataFrame, pd.Series]:
    """Return outcome, covariates and countries of the women a specification uses.

    Raises
    ------
    StatsError
        Nobody is left, or nobody to compare with.
    """
    concerns, regions, held = MODELS[spec.model]
    region = regions_of(rows, spec.coding)
    country = rows.cohort["country"]
    keep = pd.Series(True, index=rows.cohort.index)
    if held:
        keep &= rows.cohort["in_prison_2015"] == 1
    if spec.who != "all":
        keep &= (region == spec.who) | (country == spec.who)
    covariates = rows.numbers[[TREATMENT]].copy()
    if concerns:
        codes = rows.numbers[list(CONCERNS)]
        if spec.fill is None:
            known = codes.notna().all(axis=1)
            if keep.any() and not (keep & known).any():
                raise StatsError(
                    f"No woman here has all five concern codes that model {spec.model} needs; "
                    "choose model 1 or 3."
                )
            keep &= known
        else:
            codes = codes.fillna(spec.fill)
        covariates[list(CONCERNS)] = codes
    # One region, or a term for each country, leaves the region terms nothing to say.
    if regions and not spec.fixed and spec.who == "all":
        for term, name in REGIONS.items():
            covariates[term] = (region == name).astype(float)
    _check_groups(covariates.loc[keep, TREATMENT], rows.cohort.loc[keep, "released"], spec)
    return rows.cohort.loc[keep, "released"], covariates[keep], country[keep]


def _check_groups(treated: pd.Series, released: pd.Series, spec: Specification) -> None:
    period = " in prison in 2015" if MODELS[spec.model][2] else ""
    place = "" if spec.who == "all" else f" from {spec.who}"
    if treated.empty:
        raise StatsError(f"There is no woman{place}{period} among these rows; choose others.")
    for column, what in ((treated, "in the campaign"), (released, "released")):
        if column.nunique() < 2:
            word = "Each" if column.iloc[0] else "None"
            raise StatsError(
                f"{word} of the women{place}{period} here ({len(column)}) was {what}, so there is "
                "nothing to compare; choose other women."
            )


@lru_cache(maxsize=2048)
def fit_specification(rows: ReleaseRows, spec: Specification) -> Fit:
    """Fit one specification; what cannot be fitted says so in a sentence.

    Raises
    ------
    StatsError
        With what is wrong and what to do.
    """
    outcome, covariates, country = sample(rows, spec)
    return fit_columns(outcome, covariates, country, spec)


def fit_columns(
    outcome: pd.Series, covariates: pd.DataFrame, country: pd.Series, spec: Specification
) -> Fit:
    """Fit a specification to columns already chosen; see `fit_specification`."""
    if spec.who != "all":
        # In a part of the cohort a concern may be the same for all: it cannot matter there.
        spare = [c for c in covariates if c != TREATMENT and covariates[c].nunique() < 2]
        covariates = covariates.drop(columns=spare)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a failure is told by the check below
            fit = fit_release(
                outcome,
                covariates,
                spec.family,  # type: ignore[arg-type]
                spec.errors,  # type: ignore[arg-type]
                clusters=country if spec.errors == "cluster" else None,
                fixed_effects=country.rename("country") if spec.fixed else None,
                focus=TREATMENT if spec.drop else None,
            )
    except SeparationError as problem:
        raise SeparationError(f"{pretty(str(problem))[:-1]}, or drop that term.") from None
    except StatsError as problem:
        if "combination" in str(problem) or "use fewer covariates" in str(problem):
            raise StatsError(
                f"These {len(outcome)} women are too few, or too alike, to tell the terms of "
                f"model {spec.model} apart; choose model 1, or more women."
            ) from None
        raise StatsError(pretty(str(problem))) from None
    return fit


def pretty(text: str) -> str:
    """Return a message with our words for the columns, at most three terms named."""
    head, mark, tail = text.partition(" has no finite estimate for ")
    if mark:
        names, colon, rest = tail.partition(": ")
        parts = names.split(", ")
        if len(parts) > 3:
            parts = [*parts[:3], f"and {len(parts) - 3} more"]
        text = head + mark + ", ".join(parts) + colon + rest
    for term, label in LABELS.items():
        text = text.replace(term, label)
    return text


@lru_cache(maxsize=8192)
def effect_in(rows: ReleaseRows, spec: Specification, term: str, scale: str) -> Effect:
    """Return `effect_of` for a specification, kept: profile limits take milliseconds each."""
    return effect_of(fit_specification(rows, spec), term, scale)


def effect_of(fit: Fit, term: str, scale: str) -> Effect:
    """Return a term's effect on one of the three scales, with a 95 % interval.

    Parameters
    ----------
    scale : {"difference", "odds", "slope"}
        Difference in probability (everyone in against everyone out), odds ratio (profile
        limits for Firth), or the average marginal effect.

    Raises
    ------
    StatsError
        An odds ratio of a family that has none.
    """
    if scale == "slope":
        return average_marginal_effect(fit, term)
    if scale == "difference":
        return risk_difference(fit, term)
    if fit.family not in ("logit", "firth"):
        raise StatsError(
            f"A {fit.family} coefficient is not a log odds ratio, so exponentiating it means "
            "nothing; choose the logit or the Firth logit, or another scale."
        )
    found = odds_ratio(fit, term)
    if fit.family == "firth":
        try:
            low, high = profile_interval(fit, term)
        except StatsError:
            return found
        return dataclasses.replace(found, low=math.exp(low), high=math.exp(high))
    return found


# Axes whose unit changes ------------------------------------------------------------------

_LARGEST: Final = 1e6


def place(value: float, scale: str) -> float:
    """Return where a value stands on its axis: logarithms for odds ratios."""
    if scale != "odds":
        return value
    return math.log10(min(max(value, 1 / _LARGEST), _LARGEST))


def axis_rows(values: Sequence[float], scale: str) -> dict[str, list[dict[str, Any]]]:
    """Return the rows `ticks` and `axis` for an axis that holds `values`."""
    if scale == "odds":
        logs = [place(v, scale) for v in (*values, 1.0)]
        first, last = math.floor(min(logs)), math.ceil(max(logs))
        inside = (1, 2, 5) if last - first <= 2 else (1,)
        powers = [10.0**k * m for k in range(first, last) for m in inside] + [10.0**last]
        ticks = [
            {"x": math.log10(v), "label": f"{v:,.6g}", "bold": bool(abs(v - 1) < 1e-9)}
            for v in powers
        ]
        return {"ticks": ticks, "axis": [{"text": "Odds ratio (logarithmic), 1 = no effect"}]}
    step = 0.2 if max(values) - min(min(values), 0.0) <= 2.2 else 0.5
    first = math.floor(min(*values, 0.0) / step)
    last = math.ceil(max(*values, 0.0) / step)
    ticks = [
        {"x": k * step, "label": f"{100 * k * step:+.0f}" if k else "0", "bold": k == 0}
        for k in range(first, last + 1)
    ]
    text = "Difference in the probability of release, percentage points"
    if scale == "slope":
        text = "Average marginal effect, percentage points"
    return {"ticks": ticks, "axis": [{"text": text}]}


def in_words(effect: Effect, scale: str) -> str:
    """Return an effect with its interval, in the unit of its scale."""
    return numbers(effect.estimate, effect.low, effect.high, scale)


def numbers(value: float, low: float, high: float, scale: str) -> str:
    """Return a value and its limits, in the unit of their scale."""
    if scale == "odds":
        return f"{_odds(value)} ({_odds(low)} to {_odds(high)})"
    return f"{100 * value:+.1f} points ({100 * low:+.1f} to {100 * high:+.1f})"


def _odds(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}" if value < 10 else f"{value:.1f}"


class SameUnit(Panel[S]):
    """A panel whose ghost is shown only while the unit of its axis stays the same."""

    def _ghosts(self, rows: Rows, traced: bool) -> Rows:
        ghosts = super()._ghosts(rows, traced)
        units = {row.get("unit") for given in rows.values() for row in given if "unit" in row}
        return {
            name: [row for row in kept if row.get("unit") in units or "unit" not in row]
            for name, kept in ghosts.items()
        }


# Table 3 on three scales ------------------------------------------------------------------


@dataclass(frozen=True)
class TableState:
    model: str = "1"
    scale: str = "difference"
    estimator: str = "logit"


MODEL_CHOICES: Final[Mapping[str, str]] = {f"model {m}": str(m) for m in MODELS}


class TableThree(SameUnit[TableState]):
    """The campaign effect of the five models: printed, linear, and by the logit."""

    name: ClassVar[str] = "Table 3 three ways"
    State = TableState
    reset_label = "Back to as published"

    def controls(self) -> Mapping[str, Control]:
        return {
            "model": Choice("Model", MODEL_CHOICES),
            "scale": Choice("Scale", SCALES),
            "estimator": Choice(
                "Third row", {"logit": "logit", "probit": "probit", "Firth logit": "firth"}
            ),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.forest(15, 25, left=100),
            self.data.published,
            self.data.cohort,
            title="The campaign and release: five models, three readings",
            description="A forest plot: printed, linear and logit effects of five models.",
        )

    @staticmethod
    def compute(state: TableState, data: ReleaseRows) -> Picture:
        bars: list[dict[str, Any]] = []
        labels, values, notes = [], [], []
        for model in MODELS:
            top = 3 * (model - 1)
            labels.append({"y": top + 1, "text": f"Model {model}"})
            try:
                lines = [_printed(data, model, state.scale), *_ours(data, model, state)]
            except StatsError as problem:
                # A reader's own rows may lack what one model needs; the others are drawn.
                if str(model) == state.model or state.estimator == "probit":
                    raise
                lines = [_printed(data, model, state.scale)]
                notes.append(f" Model {model} is not drawn: {problem}")
            if _stands_in(data, model, state.estimator):
                notes.append(
                    f" In model {model} the {state.estimator} has no finite answer; the Firth "
                    "logit stands in."
                )
            for step, (series, value, low, high) in enumerate(lines):
                values += [v for v in (value, low, high) if v is not None]
                bars.append(
                    {
                        "y": top + step,
                        **_bar(value, low, high, state.scale),
                        "series": series,
                        "strong": str(model) == state.model,
                        "unit": state.scale,
                        "tip": f"Model {model}, {series}",
                    }
                )
        rows = {"bars": bars, "labels": labels, **axis_rows(values, state.scale)}
        model = int(state.model)
        text = _should_say(data, model, state) + "".join(notes)
        return Picture(rows, text, _term_table(data, model, state))


def _bar(value: float, low: float | None, high: float | None, scale: str) -> dict[str, Any]:
    if low is None or high is None:
        return {"x": place(value, scale), "low": None, "high": None, "value": f"{value:.2f}"}
    return {
        "x": place(value, scale),
        "low": place(low, scale),
        "high": place(high, scale),
        "value": numbers(value, low, high, scale).replace(" points", ""),
    }


@lru_cache(maxsize=256)
def answering(data: ReleaseRows, model: int, family: str) -> Specification:
    """Return the specification of a model in a family, or in Firth's logit when separated."""
    spec = Specification(model, family)
    try:
        fit_specification(data, spec)
    except SeparationError:
        return Specification(model, "firth")
    return spec


def fittable(data: ReleaseRows, model: int, family: str = "linear") -> int:
    """Return the model when these rows can be fitted with it, else model 1.

    A reader's own rows may lack the covariates of the other models.
    """
    try:
        fit_specification(data, Specification(model, family))
    except StatsError:
        return 1
    return model


def _stands_in(data: ReleaseRows, model: int, family: str) -> bool:
    try:
        return answering(data, model, family).family != family
    except StatsError:
        return False


_Line = tuple[str, float, float | None, float | None]


def _printed(data: ReleaseRows, model: int, scale: str) -> _Line:
    estimate, error = data.printed[model][TREATMENT]
    if scale == "odds":
        return ("exp(printed coefficient)", math.exp(estimate), None, None)
    reach = _NORMAL * error
    return ("as printed", estimate, estimate - reach, estimate + reach)


def _ours(data: ReleaseRows, model: int, state: TableState) -> list[_Line]:
    """Return the lines of the linear model (where the scale has one) and of the other."""
    specs = [answering(data, model, state.estimator)]
    if state.scale != "odds":
        specs.insert(0, Specification(model))
    lines: list[_Line] = []
    for spec in specs:
        effect = effect_in(data, spec, TREATMENT, state.scale)
        lines.append((FAMILY_WORDS[spec.family], effect.estimate, effect.low, effect.high))
    return lines


_ADJUSTED: Final[Mapping[int, str]] = {
    1: "",
    2: ", with the five case concerns held fixed",
    3: ", with region held fixed",
    4: ", with concerns and region held fixed",
    5: ", with concerns and region held fixed, among women in prison in 2015",
}


def _should_say(data: ReleaseRows, model: int, state: TableState) -> str:
    """Return the sentence that the number supports, in our words."""
    estimate, error = data.printed[model][TREATMENT]
    other = answering(data, model, state.estimator)
    effect = effect_in(data, other, TREATMENT, state.scale)
    name = FAMILY_WORDS[other.family]
    held = _ADJUSTED[model]
    if state.scale == "odds":
        if model == 1 and name == "logit" and not data.own:
            origin = "(R1: it needs only the four counts)"
        else:
            origin = f"{data.where}; the printed table cannot give it"
        return (
            f"The sentence to write for model {model}: 'The odds of release in the campaign were "
            f"{in_words(effect, 'odds')} times those outside{held}', by the {name} {origin}. "
            f"The exponential of the printed {estimate:.3f} is {math.exp(estimate):.2f}, which is "
            f"no odds ratio: {estimate:.3f} is a difference of probabilities."
        )
    linear = effect_in(data, Specification(model), TREATMENT, state.scale)
    both = (
        f"the {name} gives {in_words(effect, state.scale)} and the linear model "
        f"{in_words(linear, state.scale)} {data.where}"
    )
    if state.scale == "slope":
        return (
            f"The sentence to write for model {model}: 'The average marginal effect of the "
            f"campaign on the probability of release is {100 * estimate:.1f} points{held}'. That "
            f"is the printed coefficient (R1), for a linear slope is the same for all; {both}. "
            f"The {name}'s slope is an average of tangents, not the step from out to in."
        )
    reach = _NORMAL * error
    return (
        f"The sentence to write for model {model}: 'Women in the campaign were released more "
        f"often by {100 * estimate:.1f} percentage points (95 % interval "
        f"{100 * (estimate - reach):.1f} to {100 * (estimate + reach):.1f}){held}' (R1: the "
        f"printed coefficient and error). For comparison, {both}."
    )


def _term_table(data: ReleaseRows, model: int, state: TableState) -> pd.DataFrame:
    linear = fit_specification(data, Specification(model))
    other = answering(data, model, state.estimator)
    title = f"{FAMILY_WORDS[other.family]}, {_column(state.scale)} ({data.level})"
    out = []
    for term, (estimate, error) in data.printed[model].items():
        at = linear.index(term)
        ours = float(linear.estimate[at])
        cell = ""
        if term != CONSTANT:
            effect = effect_in(data, other, term, state.scale)
            cell = in_words(effect, state.scale).replace(" points", "")
        out.append(
            {
                "term": LABELS[term],
                "printed (R0)": f"{estimate:.3f} ({error:.3f})",
                f"linear ({data.level})": f"{ours:.3f} ({linear.std_error[at]:.3f})",
                "difference": f"{round(ours - estimate, 3) + 0.0:+.3f}",
                title: cell,
            }
        )
    return pd.DataFrame(out)


def _column(scale: str) -> str:
    return {"odds": "odds ratio", "difference": "points", "slope": "points of slope"}[scale]


# Fitted probabilities ---------------------------------------------------------------------


@dataclass(frozen=True)
class FittedState:
    family: str = "linear"
    who: str = "all"


class FittedProbabilities(Panel[FittedState]):
    """Where five models put each woman's probability, and how many lie beyond 0 and 1."""

    name: ClassVar[str] = "Fitted probabilities"
    State = FittedState
    reset_label = "Back to as published"

    def controls(self) -> Mapping[str, Control]:
        return {
            "family": Choice(
                "Model family", {"linear": "linear", "logit": "logit", "Firth logit": "firth"}
            ),
            "who": Choice(
                "Show", {"all women": "all", "in the campaign": "in", "outside it": "out"}
            ),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.fitted(len(MODELS)),
            self.data.cohort,
            title="Fitted probabilities in the five models",
            description="Points for fitted probabilities by model, with lines at zero and one.",
        )

    @staticmethod
    def compute(state: FittedState, data: ReleaseRows) -> Picture:
        points: list[dict[str, Any]] = []
        labels, counts, table = [], [], []
        stand_in: list[str] = []
        notes: list[str] = []
        for model in MODELS:
            try:
                lane = _lane(data, model, state.family, state.who)
            except StatsError as problem:
                notes.append(f" Model {model} is not drawn: {problem}")
                continue
            if lane.family != state.family:
                stand_in.append(str(model))
            points += lane.points
            name = f"Model {model}" + ("*" if lane.family != state.family else "")
            labels.append({"y": model - 1, "text": name})
            counts.append(
                {
                    "y": model - 1,
                    "text": f"{lane.row['above 1']} above 1, {lane.row['below 0']} below 0",
                }
            )
            table.append(lane.row)
        if not table:
            raise StatsError(f"None of the five models can be fitted.{notes[0]}")
        last = table[-1]
        name = FAMILY_WORDS[state.family].capitalize()
        text = (
            f"{name}: in model {last['model']}, {last['above 1']} of {last['women']} women have a "
            f"fitted probability above 1 and {last['below 0']} below 0; the largest is "
            f"{last['largest']}, {data.where}.{''.join(notes)}"
        )
        if state.family != "linear":
            text += " A curve that ends at 0 and 1 cannot leave them."
        if stand_in:
            text += (
                f" * Model {', '.join(stand_in)}: the logit has no finite answer (separation); "
                "the Firth logit is drawn."
            )
        rows_out = {"points": points, "labels": labels, "counts": counts}
        figures = {name: last[name] for name in ("women", "above 1", "below 0")}
        return Picture(rows_out, text, pd.DataFrame(table), figures)


@dataclass(frozen=True)
class _Lane:
    """The fitted probabilities of one model: the family that answered, points, a table row."""

    family: str
    points: list[dict[str, Any]]
    row: dict[str, Any]


@lru_cache(maxsize=64)
def _lane(data: ReleaseRows, model: int, family: str, who: str) -> _Lane:
    fit = fit_specification(data, answering(data, model, family))
    rows = pd.DataFrame(fit.design[:, :-1], columns=fit.terms[:-1])
    inside = rows[TREATMENT] == 1
    shown = {"all": inside | ~inside, "in": inside, "out": ~inside}[who]
    p = predict(fit, rows)["probability"][shown]
    row = {
        "model": model,
        "women": len(p),
        "smallest": f"{p.min():.3f}",
        "largest": f"{p.max():.3f}",
        "above 1": int((p > 1).sum()),
        "below 0": int((p < 0).sum()),
    }
    return _Lane(fit.family, _patterns(p, inside[shown], model), row)


def _patterns(p: pd.Series, inside: pd.Series, model: int) -> list[dict[str, Any]]:
    """Return one point for all women with the same fitted value and group."""
    out = []
    for (value, treated), women in p.groupby([p.round(6), inside]).size().items():  # type: ignore[misc]
        group = pictures.INSIDE if treated else pictures.OUTSIDE
        noun = "woman" if women == 1 else "women"
        out.append(
            {
                "y": model - 1 + (-0.16 if treated else 0.16),
                "x": round(float(value), 4),
                "women": int(women),
                "group": group,
                "tip": f"Model {model}: {women} {noun} {group}, fitted {value:.3f}",
            }
        )
    return out
