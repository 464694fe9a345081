"""The study of attention: its invented rows, every regression on them, months beside releases."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from helpers.calendar import DAYS_PER_MONTH
from helpers.provenance.kinds import carry
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
)
from helpers.study.record import WomenRecord

LASTS: Final = 1.5  # the ratio of the variant in which attention stays up


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


EFFECT_CHOICES: Final[dict[str, tuple[str, ...]]] = {**EFFECTS, "none": ()}


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
    effects = EFFECT_CHOICES[state.effects]
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
        EFFECT_CHOICES, FORMS.values(), ("HC1", "person"), (False, True), ("kept", "out")
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
