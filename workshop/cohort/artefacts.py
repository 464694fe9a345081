"""What no data have and a search leaves behind: measures of the rows with the range they keep.

A learner who explores the rows must not "discover" the algorithm that made them: forty women
with one length of stay, heaps of dates, a cliff on the day of the launch. The printed numbers
are the business of `audit`; here only dates, lengths of stay and who left when are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from helpers.calendar import DAYS_PER_MONTH, LAUNCH
from helpers.stats.accelerated import fit_accelerated
from helpers.stats.errors import StatsError
from helpers.stats.kaplan_meier import kaplan_meier
from workshop.cohort.audit import CohortAuditError

Array = NDArray[np.float64]

LINEAR_EFFECT: Final = 0.457
"""Model 1 of Table 3, printed."""
MAY_FALL: Final = "arrests of 2011-2015 over those of 2000-2004"
"""The one measure the rows miss: print wants women still held arrested early, and arrests that
do not fall would then make the year of arrest explain the campaign away."""
_YEARS: Final = range(2000, 2016)
_EVEN_DAYS: Final = np.r_[np.ones(28), 11.25 / 12, 11 / 12, 7 / 12]
"""Days 1 to 31 of the month by how often a year has them."""


@dataclass(frozen=True)
class Measure:
    """One measure and the range it should keep, ends included.

    Attributes
    ----------
    name : str
    value : float
        Not a number where it cannot be computed, which fails.
    least, most : float
    chosen : bool
        Holds because the rows were chosen so, and need not in a fresh draw with another truth.
    """

    name: str
    value: float
    least: float = -np.inf
    most: float = np.inf
    chosen: bool = False

    @property
    def passed(self) -> bool:
        """Whether the value lies in its range."""
        return self.least <= self.value <= self.most


def measures(cohort: pd.DataFrame) -> list[Measure]:
    """Measure a cohort, columns as in `COLUMNS`, dates as timestamps."""
    return [
        *_lengths(cohort),
        *_calendar(cohort),
        *_around_the_launch(cohort),
        *_arrests(cohort),
        *_deaths(cohort),
        *_follow_up(cohort),
        *_campaign(cohort),
        *_what_models_find(cohort),
    ]


def long_list_measures(long_list: pd.DataFrame) -> list[Measure]:
    """Measure the twenty-one women of the long list who are not rows of the cohort."""
    rest = long_list[long_list["list"] == "long only"]
    out = rest["released_within_3y"] == 1
    share = np.sort((rest.loc[out, "left_prison"] - pd.Timestamp(LAUNCH)).dt.days / 1096)
    gaps = np.diff(np.r_[0, share, 1])
    # 2.5 per cent of eleven even draws are spaced more evenly than this.
    draws = np.sort(np.random.default_rng(1).random((4000, len(share))), axis=1)
    drawn = np.diff(np.pad(draws, ((0, 0), (1, 1)), constant_values=(0, 1)), axis=1)
    least = float(np.quantile(drawn.std(axis=1) / drawn.mean(axis=1), 0.025))
    last = rest.loc[~out, "left_prison"]
    return [
        Measure("long list: spread of the gaps between releases", gaps.std() / gaps.mean(), least),
        Measure(
            "long list: days from first to last confirmation", (last.max() - last.min()).days, 60
        ),
    ]


def table(found: list[Measure]) -> pd.DataFrame:
    """Return measures as a table: name, value, least, most, passed."""
    return pd.DataFrame(
        {
            "measure": [m.name for m in found],
            "value": [m.value for m in found],
            "least": [m.least for m in found],
            "most": [m.most for m in found],
            "passed": [m.passed for m in found],
        }
    )


def check(found: list[Measure]) -> None:
    """Refuse rows in which a measure other than `MAY_FALL` stands out.

    Raises
    ------
    CohortAuditError
        Naming the first of them.
    """
    for m in found:
        if not m.passed and m.name != MAY_FALL:
            raise CohortAuditError(
                f"Artefact of the search: {m.name} is {m.value:.3g} and should be "
                f"{m.least:.3g} to {m.most:.3g}."
            )


def _held(cohort: pd.DataFrame) -> pd.Series:
    """Days from arrest to the last date of a row."""
    return (cohort["left_prison"] - cohort["arrested"]).dt.days


def _since(cohort: pd.DataFrame) -> pd.Series:
    """Days from the launch to the last date of a row."""
    return (cohort["left_prison"] - pd.Timestamp(LAUNCH)).dt.days


def _commonest(values: pd.Series) -> int:
    return int(values.value_counts().iloc[0]) if len(values) else 0


def _most_within(values: Array, width: float) -> int:
    """Most values in any window [v, v + width)."""
    ordered = np.sort(values)
    return int((np.searchsorted(ordered, ordered + width) - np.arange(len(ordered))).max())


def _widest_gap(log_times: Array) -> float:
    """Largest gap between ordered times, as the number of rows a smooth curve puts there.

    The curve is a Gaussian kernel density (Silverman's width). Of n rows drawn from it the
    largest gap passes log(n / 0.01) about once in a hundred cohorts.
    """
    x = np.sort(log_times)
    smooth = stats.gaussian_kde(x, bw_method="silverman")
    expected = [smooth.integrate_box_1d(low, high) for low, high in pairwise(x)]
    return float(max(expected)) * len(x)


def _lengths(cohort: pd.DataFrame) -> list[Measure]:
    held = _held(cohort)
    released, campaign = cohort["released"] == 1, cohort["freethe20"] == 1
    days = held[released & ~campaign].to_numpy(dtype=float)
    count = len(days)
    by_month = np.bincount((days // DAYS_PER_MONTH).astype(int))
    ordered = np.sort(days)
    low, high = np.quantile(ordered, [0.02, 0.9])
    middle = ordered[(ordered >= low) & (ordered <= high)]
    curve = kaplan_meier(held[~campaign], released[~campaign])
    falls = -np.diff(np.r_[1.0, curve.survival])[curve.at_risk >= 20]  # one of few is a long step
    return [
        Measure("released rows with one length of stay", _commonest(held[released]), most=3),
        Measure(
            "different lengths, share of comparison releases",
            len(np.unique(days)) / count,
            least=0.85,
        ),
        Measure("unreleased rows with one length of stay", _commonest(held[~released]), most=3),
        Measure(
            "comparison releases in one month of stay, share", by_month.max() / count, most=0.0601
        ),
        Measure("comparison releases in any 30 days of stay", _most_within(days, 30), most=8),
        Measure("comparison releases in any 7 days of stay", _most_within(days, 7), most=5),
        Measure(
            "widest gap between releases, in rows of a smooth curve",
            _widest_gap(np.log(days)),
            most=np.log(count / 0.01),
        ),
        Measure(
            "widest ratio of neighbouring releases, 2nd to 90th centile",
            float((middle[1:] / middle[:-1]).max()),
            most=1.35,
        ),
        Measure("largest single fall of the comparison curve", float(falls.max()), most=0.02),
    ]


def _evenness(dates: pd.Series) -> float:
    """p-value of a chi-square test that dates fall evenly on the days of the month."""
    seen = dates.dt.day.value_counts().reindex(range(1, 32), fill_value=0)
    expected = _EVEN_DAYS / _EVEN_DAYS.sum() * len(dates)
    return float(stats.chisquare(seen, expected).pvalue)


def _calendar(cohort: pd.DataFrame) -> list[Measure]:
    custody = _in_custody(cohort)
    exits, confirmed = cohort.loc[~custody, "left_prison"], cohort.loc[custody, "left_prison"]
    return [
        Measure("releases and deaths on one day", _commonest(exits), most=3),
        Measure("last confirmed dates on one day", _commonest(confirmed), most=3),
        Measure("arrests on one day", _commonest(cohort["arrested"]), most=3),
        Measure("arrests by day of the month, p of even", _evenness(cohort["arrested"]), 0.01),
        Measure("exits by day of the month, p of even", _evenness(exits), 0.01),
    ]


def _around_the_launch(cohort: pd.DataFrame) -> list[Measure]:
    since, exits = _since(cohort), ~_in_custody(cohort)
    compared = (cohort["released"] == 1) & (cohort["freethe20"] == 0)
    return [
        Measure("rows that end 0 to 7 days after the launch", since.between(0, 7).sum(), most=0),
        Measure(
            "exits in the 7 days before the launch", (since.between(-7, -1) & exits).sum(), most=2
        ),
        Measure(
            "comparison releases in the 60 days after the launch",
            (since.between(0, 60) & compared).sum(),
            most=5,
        ),
        Measure(
            "comparison releases in the 120 days before the launch",
            (since.between(-120, -1) & compared).sum(),
            most=9,
        ),
    ]


def _trend_p(counts: Array) -> float:
    """p-value of a log-quadratic Poisson trend against the counts by year."""
    year = np.linspace(-1, 1, len(counts))
    design = np.column_stack([np.ones_like(year), year, year**2])
    beta = np.array([np.log(counts.mean()), 0.0, 0.0])
    for _ in range(50):
        expected = np.exp(design @ beta)
        beta += np.linalg.solve((design.T * expected) @ design, design.T @ (counts - expected))
    expected = np.exp(design @ beta)
    return float(stats.chi2.sf(((counts - expected) ** 2 / expected).sum(), len(counts) - 3))


def _arrests(cohort: pd.DataFrame) -> list[Measure]:
    arrested = cohort["arrested"]
    by_year = arrested.dt.year.value_counts().reindex(_YEARS, fill_value=0).to_numpy(dtype=float)
    full = by_year.copy()
    full[-1] *= 12 / 8  # the last year ends in August
    return [
        Measure("arrests by year against a smooth trend, p", _trend_p(full), least=0.01),
        Measure(MAY_FALL, full[-5:].sum() / full[:5].sum(), least=1.0),
        Measure("fewest arrests in a year", by_year.min(), least=5),
        Measure("most arrests in a year", by_year.max(), most=35),
        Measure("arrests in January 2000", (arrested < "2000-02-01").sum(), most=3),
        Measure("arrests in July and August 2015", (arrested >= "2015-07-01").sum(), most=8),
    ]


def _deaths(cohort: pd.DataFrame) -> list[Measure]:
    died = cohort["status"].str.startswith("died")
    days = np.sort(_since(cohort)[died].to_numpy(dtype=float))
    return [
        Measure("days between two deaths, fewest", np.diff(days).min(), least=30),
        Measure("deaths in any 12 months", _most_within(days, 365), most=2),
    ]


def _in_custody(cohort: pd.DataFrame) -> pd.Series:
    return (cohort["released"] == 0) & ~cohort["status"].str.startswith("died")


def _follow_up(cohort: pd.DataFrame) -> list[Measure]:
    last = cohort.loc[_in_custody(cohort), "left_prison"]
    return [
        Measure(
            "still held: last confirmed in 2018, share", (last.dt.year == 2018).mean(), 0.6, 0.9
        ),
        Measure(
            "still held: last confirmed before November 2015", (last < "2015-11-01").sum(), most=1
        ),
        Measure(
            "still held: last confirmed in one calendar month, share",
            _commonest(last.dt.to_period("M")) / len(last),
            most=0.15,
        ),
    ]


def _campaign(cohort: pd.DataFrame) -> list[Measure]:
    campaign, released = cohort["freethe20"] == 1, cohort["released"] == 1
    last = cohort.loc[campaign & ~released, "left_prison"]
    wait = _since(cohort)[campaign & released].to_numpy(dtype=float) / DAYS_PER_MONTH
    return [
        Measure(
            "campaign: unreleased rows followed to the year", last.dt.year.min(), 2018, chosen=True
        ),
        Measure(
            "campaign: median months to release", float(np.median(wait)), 6.5, 9.5, chosen=True
        ),
        Measure("campaign: released within 3 months", (wait < 3).sum(), 2, 5, chosen=True),
        Measure(
            "campaign: widest gap, in rows of a smooth curve",
            _widest_gap(np.log(wait)),
            most=np.log(len(wait) / 0.01),
        ),
        Measure(
            "campaign: year of the first arrest",
            cohort.loc[campaign, "arrested"].dt.year.min(),
            2003,
        ),
    ]


def _what_models_find(cohort: pd.DataFrame) -> list[Measure]:
    """What the year of arrest does to the linear effect, and delayed entry to the Weibull fit."""
    design = np.column_stack(
        [np.ones(len(cohort)), cohort["freethe20"], cohort["arrested"].dt.year]
    ).astype(float)
    with_year = np.linalg.lstsq(design, cohort["released"].to_numpy(dtype=float))[0][1]
    return [
        Measure(
            "linear effect of the campaign, year of arrest added",
            float(with_year),
            LINEAR_EFFECT - 0.05,
            LINEAR_EFFECT + 0.05,
            chosen=True,
        ),
        Measure(
            "Weibull effect of the campaign, delayed entry",
            _delayed_entry(cohort),
            -8,
            0,
            chosen=True,
        ),
    ]


def _delayed_entry(cohort: pd.DataFrame) -> float:
    """Log time ratio since arrest, rows watched from the launch on; NaN if not finite."""
    seen = cohort[_since(cohort) > 0]
    held = _held(seen) / DAYS_PER_MONTH
    entry = held - _since(seen) / DAYS_PER_MONTH
    try:
        fit = fit_accelerated(held, seen["released"], seen[["freethe20"]], entry=entry)
    except StatsError:
        return float("nan")
    return float(fit.estimate[fit.index("freethe20")])
