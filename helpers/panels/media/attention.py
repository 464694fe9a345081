"""Panels on public attention: a synthetic person-month panel, and the record's release dates."""

from __future__ import annotations

import contextlib
import functools
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
import pandas as pd

from helpers import charts
from helpers.calendar import DAYS_PER_MONTH
from helpers.charts import attention
from helpers.panels.base.controls import Choice, Control, Slider, Toggle
from helpers.panels.base.panel import Panel, Picture
from helpers.panels.record.women import WomenRecord
from helpers.provenance.kinds import Provenance, carry
from helpers.stats.errors import StatsError
from helpers.stats.panel import (
    Errors,
    PanelFit,
    negative_binomial,
    panel_regression,
    wild_cluster_bootstrap,
)
from helpers.study.media import (
    CONTROLS,
    EFFECTS,
    EVENTS,
    TARGETS,
    MediaDesign,
    Scale,
    build_media_panel,
    chance_of_seeing,
)

LASTS: Final = 1.5  # the ratio of the variant in which attention stays up
BACK: Final = "Back to as published"
_INVENTED: Final = "Invented rows, so this is recovered (R3), not reproduced."


def _millis(month: str) -> int:
    return int(pd.Timestamp(f"{month}-15").timestamp() * 1000)


# 1. The raw counts -----------------------------------------------------------------------


@dataclass(frozen=True)
class RawState:
    outcome: str = "articles"
    line: str = "median"
    span: str = "2015"
    best: bool = True


class RawAttention(Panel[RawState]):
    """Every person-month as a dot, with one summary line. `data` is the synthetic panel."""

    name: ClassVar[str] = "Every person-month"
    State = RawState

    def controls(self) -> Mapping[str, Control]:
        return {
            "outcome": Choice("Outcome", {"articles": "articles", "searches": "searches"}),
            "line": Choice(
                "Line", {"median": "median", "mean": "mean", "mean of ln(1 + y)": "log"}
            ),
            "span": Choice("Months", {"2015 only": "2015", "all sixty-one": "all"}),
            "best": Toggle("With the three best-covered people"),
        }

    def chart(self) -> Any:
        return charts.finish(
            attention.raw(_millis("2015-09")),
            self.data,
            title="Attention by person and month, before any model",
            description="Dots for person-months, a line for their summary, and how many are held.",
        )

    @staticmethod
    def compute(state: RawState, data: pd.DataFrame) -> Picture:
        rows = data.dropna(subset=[state.outcome])
        if not state.best:
            covered = data.groupby("person")["articles"].mean().nlargest(3).index
            rows = rows[~rows["person"].isin(covered)]
        whole = rows[state.outcome]
        if state.span == "2015":
            rows = rows[rows["year"] == 2015]
        day = rows["month"].map({m: _millis(m) for m in rows["month"].unique()})
        # A few days to the side by person, so that equal counts do not hide each other.
        aside = (rows["person"].str[1:].astype(int) - 10) * 86_400_000
        value = rows[state.outcome].astype(float)
        dots = pd.DataFrame(
            {
                "day": day + aside,
                "value": value,
                "tip": rows["person"]
                + ", "
                + rows["month"]
                + ": "
                + value.map("{:g}".format)
                + f" {state.outcome} (invented)",
            }
        )
        by_month = value.groupby(rows["month"])
        line = {
            "median": by_month.median,
            "mean": by_month.mean,
            "log": lambda: np.expm1(np.log1p(value).groupby(rows["month"]).mean()),
        }[state.line]()
        days = [_millis(m) for m in line.index]
        held = pd.DataFrame({"day": days, "people": by_month.size().to_numpy()})
        launch, before = line["2015-09"], line["2015-08"]
        words = {"median": "median", "mean": "mean", "log": "mean of ln(1 + y), taken back,"}
        sentence = (
            f"Invented rows: {len(whole)} person-months in all, median {whole.median():g}, mean "
            f"{whole.mean():.1f}, none at all in {100 * (whole == 0).mean():.0f} %. The "
            f"{words[state.line]} of {state.outcome} goes from {before:.1f} in August to "
            f"{launch:.1f} in September 2015; the number of people observed falls from "
            f"{held['people'].max()} to {held['people'].iloc[-1]} in the months shown."
        )
        return Picture(
            {
                "dots": dots,
                "line": pd.DataFrame({"day": days, "value": line.to_numpy()}),
                "held": held,
            },
            sentence,
        )


# 2. The event study ----------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class MediaWorlds:
    """The calibrated synthetic panel and its variants under other choices of the builder.

    Compared and hashed by identity, so that fits can be kept per object.

    Attributes
    ----------
    frames : mapping
        Panels by (what September multiplied, whether two people leave in September 2015,
        lasting ratio of articles after it).
    """

    frames: Mapping[tuple[Scale, bool, float], pd.DataFrame]

    @property
    def published(self) -> pd.DataFrame:
        """The panel that was calibrated to the words on Figure 4."""
        return self.frames["log", True, 1.0]


def media_worlds() -> MediaWorlds:
    """Build the calibrated panel and its variants, all from the one seed."""
    scales: tuple[Scale, ...] = ("log", "multiplier")
    choices = itertools.product(scales, (True, False), (1.0, LASTS))
    return MediaWorlds(
        {
            (scale, exits, lasting): build_media_panel(
                MediaDesign(scale=scale, september_exits=exits, lasting=lasting)
            )
            for scale, exits, lasting in choices
        }
    )


@dataclass(frozen=True)
class StudyState:
    outcome: str = "articles"
    form: str = "log1p"
    effects: str = "person"
    errors: str = "HC1"
    model: str = "ols"
    sentences: bool = False
    exits: str = "kept"
    world: str = "log"
    lasts: bool = False


FORMS: Final = {"ln(1 + y)": "log1p", "arcsinh(y)": "asinh", "y itself": "level"}
_TRANSFORM: Final[dict[str, Any]] = {
    "log1p": np.log1p,
    "asinh": np.arcsinh,
    "level": lambda y: np.asarray(y, dtype=float),
}
_EFFECTS: Final[dict[str, tuple[str, ...]]] = {**EFFECTS, "none": ()}
_EFFECT_WORDS: Final = {"person": "person and year", "country": "country and year", "none": "none"}
_ERROR_WORDS: Final = {
    "HC1": "HC1 errors",
    "person": "errors clustered by person",
    "year": "errors clustered by year",
    "two-way": "errors clustered by person and year",
    "wild": "errors clustered by person, p values from a wild bootstrap",
}
_CLUSTERS: Final[dict[str, tuple[Errors, tuple[str, ...]]]] = {
    "HC1": ("HC1", ()),
    "person": ("cluster", ("person",)),
    "year": ("cluster", ("year",)),
    "two-way": ("two-way", ("person", "year")),
    "wild": ("cluster", ("person",)),
}
WILD_DRAWS: Final = 1999


def _rows(state: StudyState, data: MediaWorlds) -> pd.DataFrame:
    scale: Scale = "log" if state.world == "log" else "multiplier"
    frame = data.frames[scale, state.exits != "stay", LASTS if state.lasts else 1.0]
    if state.exits == "out":
        gone = frame.loc[(frame["month"] == "2015-09") & (frame["release_month"] == 1), "person"]
        frame = frame[~frame["person"].isin(gone)]
    frame = frame.dropna(subset=[state.outcome])
    return frame.assign(transformed=_TRANSFORM[state.form](frame[state.outcome]))


@functools.lru_cache(maxsize=2048)
def fit_study(state: StudyState, data: MediaWorlds) -> tuple[PanelFit, tuple[float, ...], int]:
    """Return the fit at a setting, the p values of the five months, and the number of people.

    Raises
    ------
    StatsError
        When the model cannot be fitted with this outcome or these errors.
    """
    rows = _rows(state, data)
    terms = (*EVENTS, *CONTROLS, *(("sentence_month",) if state.sentences else ()))
    effects = _EFFECTS[state.effects]
    people = rows["person"].nunique()
    if state.model == "nb":
        if state.outcome == "searches":
            raise StatsError(
                "A negative binomial needs counts, and searches are an index from 0 to 100; "
                "choose articles or least squares."
            )
        fit = negative_binomial(rows, state.outcome, terms, effects=effects)
        return fit, tuple(fit.p_value[:5]), people
    kind, ways = _CLUSTERS[state.errors]
    fit = panel_regression(
        rows,
        "transformed",
        terms,
        effects=effects,
        errors=kind,
        clusters=ways,
    )
    p = tuple(fit.p_value[:5])
    if state.errors == "wild":
        p = tuple(
            wild_cluster_bootstrap(
                rows,
                "transformed",
                terms,
                month,
                cluster="person",
                effects=effects,
                draws=WILD_DRAWS,
            ).p_value
            for month in EVENTS
        )
    return fit, p, people


@dataclass(frozen=True)
class Verdicts:
    """What Figure 4 is read to say, judged by two standard errors."""

    up: bool
    quiet_before: bool
    quiet_after: bool


def judge(fit: PanelFit) -> Verdicts:
    """Return the three verdicts on a fit whose first five terms are July to November 2015."""
    t = fit.estimate[:5] / fit.standard_error[:5]
    return Verdicts(
        bool(t[2] > 2), bool((np.abs(t[:2]) < 2).all()), bool((np.abs(t[3:]) < 2).all())
    )


def survey(data: MediaWorlds, outcome: str = "articles") -> pd.DataFrame:
    """Return September and the three verdicts under every defensible setting, one a row.

    Effects (3), scale of the outcome (3), errors (robust, clustered by person), sentencing
    months controlled or not, and people freed in September kept or left out: 72 settings.
    """
    named = {form: label for label, form in FORMS.items()}
    out = []
    grid = itertools.product(
        _EFFECTS, FORMS.values(), ("HC1", "person"), (False, True), ("kept", "out")
    )
    for effects, form, errors, sentences, exits in grid:
        state = StudyState(outcome, form, effects, errors, "ols", sentences, exits)
        fit, _, _ = fit_study(state, data)
        seen = judge(fit)
        out.append(
            {
                "effects": effects,
                "scale": named[form],
                "errors": errors,
                "sentences controlled": sentences,
                "September exits": exits,
                "September": fit.estimate[2],
                "September up": seen.up,
                "nothing before": seen.quiet_before,
                "nothing after": seen.quiet_after,
            }
        )
    return carry(pd.DataFrame(out), data.published)


class EventStudy(Panel[StudyState]):
    """The design of Figure 4 on the synthetic panel. `data` is a `MediaWorlds`."""

    name: ClassVar[str] = "Event study"
    State = StudyState
    reset_label: ClassVar[str] = BACK

    def __init__(self, data: MediaWorlds, setting: str = "", keep: str = "") -> None:
        # The slow fits one or two moves from the start are made ahead (0.4 s), and kept.
        for effects in _EFFECTS:
            for ahead in (
                StudyState(effects=effects, model="nb"),
                StudyState(effects=effects, errors="wild"),
            ):
                with contextlib.suppress(StatsError):
                    fit_study(ahead, data)
        super().__init__(data, setting, keep)

    def controls(self) -> Mapping[str, Control]:
        return {
            "outcome": Choice("Outcome y", {"articles": "articles", "searches": "searches"}),
            "form": Choice("Scale", FORMS),
            "model": Choice("Model", {"least squares": "ols", "negative binomial": "nb"}),
            "effects": Choice(
                "Fixed effects",
                {
                    "person + year (text)": "person",
                    "country + year (note)": "country",
                    "none": "none",
                },
            ),
            "errors": Choice(
                "Errors",
                {
                    "robust, HC1 (as published)": "HC1",
                    "clustered by person": "person",
                    "clustered by year": "year",
                    "clustered by person and year": "two-way",
                    "wild bootstrap by person": "wild",
                },
            ),
            "sentences": Toggle("Control the months of two sentences"),
            "exits": Choice(
                "Two freed in September",
                {
                    "kept (as published)": "kept",
                    "left out altogether": "out",
                    "had they stayed in": "stay",
                },
            ),
            "world": Choice("Builder: September multiplied", {"1 + y": "log", "y": "multiplier"}),
            "lasts": Toggle("Builder: articles stay up by half from October on"),
        }

    def chart(self) -> Any:
        return charts.finish(
            attention.event_study(),
            self.data.published,
            Provenance.PUBLISHED,
            title="Five months of 2015 against all other months",
            description="Five coefficients, July to November 2015, with bars of 1 and 2 errors.",
        )

    @staticmethod
    def compute(state: StudyState, data: MediaWorlds) -> Picture:
        fit, p, people = fit_study(state, data)
        estimate, error = fit.estimate[:5], fit.standard_error[:5]
        said = [_said(b, state) for b in estimate]
        rows = pd.DataFrame(
            {
                "month": attention.EVENT_MONTHS,
                "estimate": estimate,
                **{f"low{k}": estimate - k * error for k in (1, 2)},
                **{f"high{k}": estimate + k * error for k in (1, 2)},
                "label": said,
            }
        )
        rows["tip"] = [
            f"{m} (invented rows): {b:.3f}, standard error {e:.3f}, {_p(q)}"
            for m, b, e, q in zip(rows["month"], estimate, error, p, strict=True)
        ]
        ratio = float(np.exp(TARGETS[state.outcome]))
        printed = {
            "month": "Sep 2015",
            "value": TARGETS[state.outcome],
            "text": f"printed:\n{_percent(ratio)}",
            "tip": "about +50 % articles, searches about doubled (text on Figure 4), as a log",
        }
        logs = state.model == "ols" and state.form == "log1p"
        table = pd.DataFrame(
            {
                "month": rows["month"],
                "coefficient": [f"{b:.3f}" for b in estimate],
                "standard error": [f"{e:.3f}" for e in error],
                "p": [_p(q).removeprefix("p ") for q in p],
                "in words": [_in_words(b, state) for b in estimate],
            }
        )
        return Picture(
            {"coefficients": rows, "printed": [printed] if logs else []},
            _say_study(state, fit, p, people),
            table,
        )


def _percent(ratio: float) -> str:
    return f"{100 * (ratio - 1):+.0f} %".replace("-", "−")


def _p(p: float) -> str:
    return "p below 0.001" if p < 0.001 else f"p {p:.3f}"


def _said(b: float, state: StudyState) -> str:
    if state.model == "ols" and state.form == "level":
        return f"{b:+.1f}".replace("-", "−")
    if state.model == "ols" and state.form == "asinh":
        return f"{b:+.2f}".replace("-", "−")
    return _percent(float(np.exp(b)))


def _after(b: float, y: float, state: StudyState) -> float:
    """Return what `y` becomes under a coefficient, on the scale that was fitted."""
    if state.model == "nb":
        return y * float(np.exp(b))
    if state.form == "level":
        return y + b
    if state.form == "asinh":
        return float(np.sinh(np.arcsinh(y) + b))
    return float((1 + y) * np.exp(b) - 1)


def _unit(state: StudyState) -> str:
    if state.model == "nb":
        return f"of {state.outcome}"
    if state.form == "log1p":
        return f"of 1 + {state.outcome}"
    return f"{state.outcome} more" if state.form == "level" else "on the arcsinh scale"


def _in_words(b: float, state: StudyState) -> str:
    return f"{_said(b, state)} {_unit(state)}"


def _say_study(state: StudyState, fit: PanelFit, p: tuple[float, ...], people: int) -> str:
    b, e = fit.estimate[:5], fit.standard_error[:5]
    base = 1.0 if state.outcome == "articles" else 10.0
    thing = "article" if state.outcome == "articles" else "points of the index"
    scale = {v: k for k, v in FORMS.items()}[state.form]
    model = f"Least squares of {scale.replace('y', state.outcome)}"
    errors = _ERROR_WORDS[state.errors]
    if state.model == "nb":
        model = "Negative binomial of articles"
        errors = "errors from the likelihood (scale and errors have no say here)"
    seen = judge(fit)
    reach = float(np.max(b[3:] + 2 * e[3:]))
    verdicts = [
        ("September up", seen.up),
        ("nothing before", seen.quiet_before),
        ("nothing after", seen.quiet_after),
    ]
    words = (
        f"{model}, effects: {_EFFECT_WORDS[state.effects]}; {errors}; {fit.n} rows on {people} "
        f"people. September 2015: {b[2]:.3f} (standard error {e[2]:.3f}, {_p(p[2])}), "
        f"{_in_words(b[2], state)}; at {base:g} {thing} that is {base:g} to "
        f"{_after(b[2], base, state):.1f}. By two standard errors: "
        + ", ".join(f"{name} {'holds' if holds else 'fails'}" for name, holds in verdicts)
        + f". The bars of October and November reach up to {_in_words(reach, state)}."
    )
    if state.lasts and state.outcome == "articles":
        words += " In this variant of the rows the rise does last."
    if state.model == "ols" and state.errors in ("year", "two-way"):
        words += (
            " Do not trust these errors: a month lies inside one year, so its own residuals add "
            "up to zero in every cluster."
        )
    return f"{words} {_INVENTED}"


# 3. What ln(1 + y) does ------------------------------------------------------------------


@dataclass(frozen=True)
class OnePlusState:
    hold: str = "one_plus"
    ratio: float = 1.5
    baseline: int = 1
    unit: str = "1"


MOST: Final = 20


class OnePlus(Panel[OnePlusState]):
    """A ratio of 1 + y, or of y, and what it means at each baseline. Arithmetic only."""

    name: ClassVar[str] = "What one plus does"
    State = OnePlusState

    def controls(self) -> Mapping[str, Control]:
        return {
            "hold": Choice(
                "The same at each baseline", {"ratio of 1 + y": "one_plus", "ratio of y": "y"}
            ),
            "ratio": Slider("Ratio", 0.5, 4, 0.1),
            "baseline": Slider("Articles before", 0, MOST),
            "unit": Choice("Articles counted in", {"ones": "1", "tens": "10"}),
        }

    def chart(self) -> Any:
        return charts.finish(
            attention.one_plus(MOST),
            Provenance.ILLUSTRATION,
            title="One coefficient, many percentages",
            description="Articles after against before; the change in per cent by baseline.",
        )

    @staticmethod
    def compute(state: OnePlusState, data: Any) -> Picture:
        unit, r = float(state.unit), state.ratio
        # Below this baseline 1 + y cannot shrink by the ratio: y would be less than none.
        least = max(unit * (1 / r - 1), 0) if state.hold == "one_plus" else 0.0
        if state.baseline < least:
            raise ValueError(
                f"From a baseline of {state.baseline} the ratio of 1 + y cannot be {r:g}: it would "
                f"leave fewer than none. Begin at {int(np.ceil(least))} or more, or take a larger "
                "ratio."
            )

        def after(y: float) -> float:
            return unit * (r * (1 + y / unit) - 1) if state.hold == "one_plus" else r * y

        def shares(y: float) -> dict[str, float]:
            new = after(y)
            of_all = 100 * ((unit + new) / (unit + y) - 1)
            # From nothing there is no percentage of articles.
            return {
                "of articles": 100 * (new / y - 1) if y else float("nan"),
                "of 1 + articles": of_all,
            }

        grid = [k / 4 for k in range(4 * MOST + 1) if k / 4 >= least]
        curve = [{"before": y, "after": after(y)} for y in grid]
        share = [
            {"before": y, "value": value, "kind": kind}
            for y in grid
            if y >= 1
            for kind, value in shares(y).items()
        ]
        y = float(state.baseline)
        here = shares(y)
        marks = [
            {"before": y, "value": value, "kind": kind, "text": f"{value:+.0f} %"}
            for kind, value in here.items()
            if y >= 1
        ]
        b = np.log((unit + after(y)) / (unit + y))
        gain = (
            f"{here['of articles']:+.0f} % of articles" if y else "from nothing, so no percentage"
        )
        one = "one" if unit == 1 else "ten articles"
        held = "1 + y" if state.hold == "one_plus" else "y"
        where = (
            "at each baseline"
            if least == 0
            else f"at each baseline from {least:.3g} on, below which y would fall under none"
        )
        return Picture(
            {
                "curve": curve,
                "mark": [{"before": y, "after": after(y), "text": f"{y:g} to {after(y):.1f}"}],
                "share": share,
                "share_mark": marks,
            },
            f"The ratio of {held} is {r:g} {where} (y counted in units of {one}). "
            f"Articles before: {y:g}; after: {after(y):.1f}; {gain}, "
            f"{here['of 1 + articles']:+.0f} % of 1 + y, a coefficient of {b:.3f}. Arithmetic, "
            "no data.".replace("-", "−"),
        )


# 4. Releases against attention -----------------------------------------------------------


@dataclass(frozen=True)
class ReleaseMonths:
    """Releases and confounders on the clock of the campaign, each with its source.

    Attributes
    ----------
    releases : DataFrame
        `name, country, first, last` (months since launch), `report` (true if `first` is
        the day of a single report, before the launch), `manner, note, url`; marked.
    notes : DataFrame
        `name, at, text, day, url` for court rulings close to the launch; marked.
    without : tuple of str
        Women for whom no source gives a release after the launch.
    """

    releases: pd.DataFrame
    notes: pd.DataFrame
    without: tuple[str, ...]


def release_months(
    record: WomenRecord, intervals: pd.DataFrame, sources: pd.DataFrame, azerbaijan: pd.DataFrame
) -> ReleaseMonths:
    """Put the releases of the public record on the clock of the campaign.

    Parameters
    ----------
    record : WomenRecord
        As `women_record` returns it.
    intervals, sources, azerbaijan : DataFrame
        As `load_release_intervals`, `load_sources` and `load_timeline("azerbaijan")` return.
    """
    launch = record.launch
    women = record.women.merge(intervals[["woman_id", "note"]], on="woman_id", suffixes=("", "_iv"))
    dated = women[women["release_last"].notna()].copy()
    # No first day is kept for a woman whom one report has out on bail before the launch.
    open_start = dated["release_earliest"].isna()
    reported = dated["woman_id"].map(intervals.set_index("woman_id")["reported_out"])
    dated["release_first"] = dated["release_first"].where(~open_start, reported)
    span = {"release_first": "first", "release_last": "last"}
    out = dated[["woman_id", "name", "country", "manner"]].assign(note=dated["note_iv"])
    for column, name in span.items():
        out[name] = (dated[column] - launch).dt.days / DAYS_PER_MONTH
        out[f"{name}_day"] = dated[column].dt.strftime("%Y-%m-%d")
    out["report"] = open_start
    out["url"] = [_source_of(key, sources) for key in out["woman_id"]]
    out = out.sort_values(["last", "first"], kind="stable").reset_index(drop=True)
    # The two sentences of August and September 2015 stand in the Azerbaijan timeline.
    court = azerbaijan[azerbaijan["event"].str.contains("court sentences")]
    notes = pd.DataFrame(
        {
            "name": court["person"],
            "at": (court["earliest"] - launch).dt.days / DAYS_PER_MONTH,
            "text": "sentenced " + court["earliest"].dt.strftime("%d %b").str.lstrip("0"),
            "day": court["earliest"].dt.strftime("%Y-%m-%d"),
            "event": court["event"],
            "url": court["corroboration_url"],
        }
    ).reset_index(drop=True)
    return ReleaseMonths(
        carry(out, record.women, intervals, sources),
        carry(notes, azerbaijan),
        tuple(women.loc[women["release_last"].isna(), "name"]),
    )


def _source_of(woman: str, sources: pd.DataFrame) -> str:
    own = sources[sources["woman_id"] == woman]
    for wanted in (own["fact"].eq("release"), own["fact"].eq("status"), own["fact"].ne("")):
        if wanted.any():
            return str(own.loc[wanted, "url"].iloc[0])
    raise ValueError(f"No source is kept for {woman}.")


@dataclass(frozen=True)
class ReleaseState:
    lasts: int = 1
    answer: int = 0
    sentences: bool = True


LONGEST: Final = 36


class AttentionWindow(Panel[ReleaseState]):
    """How long attention, or the answer to it, would have to last. `data`: `ReleaseMonths`."""

    name: ClassVar[str] = "Releases against attention"
    State = ReleaseState
    reset_label: ClassVar[str] = BACK

    def controls(self) -> Mapping[str, Control]:
        return {
            "lasts": Slider("Attention lasts", 1, 18, 1, "months"),
            "answer": Slider("An answer takes up to", 0, 18, 1, "months"),
            "sentences": Toggle("Show the two sentences"),
        }

    def chart(self) -> Any:
        data: ReleaseMonths = self.data
        return charts.finish(
            attention.releases(data.releases["name"].tolist(), LONGEST),
            data.releases,
            data.notes,
            title="When were they released, and how long is attention? (the window is assumed)",
            description="One row a woman with her release; a shaded window from the launch on.",
        )

    @staticmethod
    def compute(state: ReleaseState, data: ReleaseMonths) -> Picture:
        end = state.lasts + state.answer
        rows = data.releases
        # One woman may have been out before the launch: hers is never inside for certain.
        inside, after = (rows["last"] < end) & (rows["first"] >= 0), rows["first"] >= end
        names = list(attention.ANSWERED)
        status = np.select([inside, after], [names[0], names[2]], names[1])
        when = [
            f"one report: out on bail by {a}, before the launch; free by {b}"
            if report
            else a
            if a == b
            else f"{a} to {b}"
            for a, b, report in zip(
                rows["first_day"], rows["last_day"], rows["report"], strict=True
            )
        ]
        tip = [
            f"{r.name} ({r.country}): {w}; {r.manner}; {r.note}"
            for r, w in zip(rows.itertuples(index=False), when, strict=True)
        ]
        points = pd.DataFrame(
            {
                "name": rows["name"],
                "at": (rows["first"] + rows["last"]) / 2,
                "status": status,
                "tip": tip,
                "url": rows["url"],
            }
        )
        spans = rows.loc[rows["last"] > rows["first"], ["name", "first", "last", "url"]]
        spans = spans.assign(tip=np.array(tip)[spans.index])
        notes = data.notes.assign(tip=data.notes["event"])
        window = [{"start": 0, "end": state.lasts, "part": "attention"}]
        if state.answer:
            window.append({"start": state.lasts, "end": end, "part": "answer"})
        table = pd.DataFrame(
            {
                "woman": rows["name"],
                "released": when,
                "months": [
                    (f"{b:.1f}" if round(a, 1) == round(b, 1) else f"{a:.1f} to {b:.1f}").replace(
                        "-", "−"
                    )
                    for a, b in zip(rows["first"], rows["last"], strict=True)
                ],
                "manner": rows["manner"],
                "source": rows["url"],
            }
        )
        sure, open_ = int(inside.sum()), int((~inside & ~after).sum())
        missing = ", ".join(data.without)
        reported = ", ".join(rows.loc[rows["report"], "name"])
        sentence = (
            f"If attention lasted {state.lasts} month{'s' * (state.lasts > 1)} and an answer took "
            f"up to {state.answer} more, {sure} of {len(rows)} releases fall inside for certain, "
            f"{open_} perhaps, and {int(after.sum())} after. {reported} always counts as perhaps: "
            f"one report has her out before the launch. Only the sum, {end}, matters: the "
            "dates cannot tell lasting attention from a slow answer. The window is assumed; there "
            f"are no coverage data of the women here. Not drawn, no release after the launch "
            f"found: {missing}."
        )
        shown = notes if state.sentences else notes.head(0)
        return Picture(
            {"window": window, "points": points, "spans": spans, "notes": shown}, sentence, table
        )


# 5. Power --------------------------------------------------------------------------------


@dataclass(frozen=True)
class PowerState:
    ratio: float = 1.5
    effects: str = "person+year"
    errors: str = "cluster"
    women: str = "19"
    wanted: int = 80


class LastingPower(Panel[PowerState]):
    """How often a lasting effect would be seen. `data`: as `load_media_power` returns."""

    name: ClassVar[str] = "Could it be seen?"
    State = PowerState

    def controls(self) -> Mapping[str, Control]:
        return {
            "ratio": Slider("True lasting ratio", 1, 2, 0.05),
            "effects": Choice(
                "Fixed effects",
                {
                    "person + year": "person+year",
                    "country + year": "country+year",
                    "person": "person",
                    "none": "none",
                },
            ),
            "errors": Choice("Errors", {"clustered by person": "cluster", "HC1": "HC1"}),
            "women": Choice("People", {"19": "19", "38": "38", "76": "76"}),
            "wanted": Slider("Power wanted", 50, 95, 5, "%"),
        }

    def chart(self) -> Any:
        return charts.finish(
            attention.power(1, 2),
            self.data,
            title="How often would a lasting rise be seen?",
            description="A rising curve: share of simulated studies that see an effect, by size.",
        )

    @staticmethod
    def compute(state: PowerState, data: pd.DataFrame) -> Picture:
        women = int(state.women)
        cell = data[
            (data["women"] == women)
            & (data["effects"] == state.effects)
            & (data["errors"] == state.errors)
        ].sort_values("ratio")
        if cell.empty:
            raise ValueError(
                f"Nothing was simulated for {women} people with effects '{state.effects}'; "
                "choose 19, 38 or 76 people."
            )
        ratio, seen = cell["ratio"].to_numpy(), cell["seen"].to_numpy()
        half = 2 * np.sqrt(seen * (1 - seen) / cell["studies"].to_numpy())
        simulated = pd.DataFrame(
            {
                "ratio": ratio,
                "seen": seen,
                "low": np.clip(seen - half, 0, 1),
                "high": np.clip(seen + half, 0, 1),
                "tip": [
                    f"ratio {a:g}: seen in {100 * s:.0f} % of {n} simulated studies"
                    for a, s, n in zip(ratio, seen, cell["studies"], strict=True)
                ],
            }
        )
        error = float(cell["standard_error"].iloc[0])
        df = women - 1.0 if state.errors == "cluster" else float("inf")
        formula = [
            {"ratio": float(a), "seen": chance_of_seeing(float(np.log(a)), error, df)}
            for a in np.linspace(1, 2, 41)
        ]
        here = float(np.interp(state.ratio, ratio, seen))
        wanted = state.wanted / 100
        return Picture(
            {
                "simulated": simulated,
                "formula": formula,
                "at": [{"ratio": state.ratio, "seen": here, "text": f"{100 * here:.0f} %"}],
                "wanted": [{"seen": wanted, "text": f"wanted: {state.wanted} %"}],
                "false_alarms": [{"seen": 0.05, "text": "promised false alarms: 5 %"}],
            },
            _say_power(state, here, float(seen[0]), smallest_seen(ratio, seen, wanted)),
        )


def smallest_seen(ratio: np.ndarray, seen: np.ndarray, wanted: float) -> float | None:
    """Return where a simulated power curve first reaches `wanted`, by straight lines; or None."""
    above = np.flatnonzero(seen >= wanted)
    if not above.size:
        return None
    k = int(above[0])
    if k == 0:
        return float(ratio[0])
    share = (wanted - seen[k - 1]) / (seen[k] - seen[k - 1])
    return float(ratio[k - 1] + share * (ratio[k] - ratio[k - 1]))


def _say_power(state: PowerState, here: float, alarms: float, smallest: float | None) -> str:
    least = (
        "No ratio up to 2 reaches"
        if smallest is None
        else f"The smallest that reaches {state.wanted} % is about {smallest:.2f}, where"
    )
    if smallest is None:
        least += f" {state.wanted} %."
    else:
        least += f" each month's 1 + articles stay {100 * (smallest - 1):.0f} % up for good."
    effects = state.effects.replace("+", " and ")
    words = (
        f"A true lasting ratio of {state.ratio:g} is seen in {100 * here:.0f} % of simulated "
        f"studies of {state.women} invented people (effects: {effects}). {least} With nothing "
        f"there, {100 * alarms:.0f} % see something"
    )
    # Two standard errors of a share of 5 percent in 200 studies are 3 points.
    words += ": too many, so its power is not to be trusted." if alarms > 0.085 else "."
    if "year" in state.effects:
        words += (
            " With year effects, only October to December 2015 tell the lasting effect: later "
            "years take it into their own intercepts."
        )
    return words + " Model output under the builder's assumptions."


def targets_beside(panel: pd.DataFrame, fits: Mapping[str, PanelFit]) -> dict[str, Any]:
    """Return the paper's magnitudes in per cent beside what the regressions on `panel` give."""
    lines = {
        f"{what}, September 2015, %": (
            100 * np.expm1(TARGETS[what]),
            100 * float(np.expm1(fit.estimate[2])),
        )
        for what, fit in fits.items()
    }
    median = float(panel["articles"].median())
    return {**lines, "median articles a month": (TARGETS["median"], median)}
