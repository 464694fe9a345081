"""Questions on a student's own cohort, added at the end of her notebooks.

Each is a number that follows from her rows by a few lines of pandas and is another one in
every other set. They stand in sets with a cohort for each student only: the notebooks
themselves ask about the public record, the paper, and the suite's cohort.

A question is a function of the cohort that returns the answer and, by message, what the usual
mistakes give. The messages are the same for all, so they state no number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from helpers import data
from helpers.calendar import DAYS_PER_MONTH, LAUNCH
from helpers.exercises.table import Solution
from helpers.teaching.varying import RULES, Drawn, Varied, restricted, vary

Found = tuple[float, Mapping[str, float]]

HEADING: Final = (
    "## Your own numbers\n\n"
    "These questions are about your cohort alone; your neighbor's numbers differ. The next cell "
    "loads it; compute each answer in a cell of your own. *Campaign rows* are those with "
    "`freethe20` equal to 1, *the others* those with 0; a month has 30.4375 days, and the launch "
    "is 1 September 2015."
)
CELL: Final = "from helpers import data\n\ncohort = data.load_cohort()"


@dataclass(frozen=True)
class Asked:
    """One question: its id, its words, and how its answer is read."""

    identifier: str
    text: str
    unit: str
    decimals: int
    rule: Callable[[pd.DataFrame], Found]

    @property
    def tolerance(self) -> float:
        """Half a unit of the last decimal asked for, and a little."""
        return 0.6 * 10.0**-self.decimals


QUESTIONS: Final[list[Asked]] = []


def ask(identifier: str, text: str, unit: str = "", decimals: int = 1) -> Callable[..., None]:
    """Register a question; what follows it computes the answer."""

    def put(rule: Callable[[pd.DataFrame], Found]) -> None:
        QUESTIONS.append(Asked(identifier, text, unit, decimals, rule))

        def varied(drawn: Drawn) -> Varied:
            answer, wrong = rule(pd.DataFrame(drawn.cohort))
            return Varied(answer, tuple(wrong.values()), "From your own rows.")

        RULES[f"own {identifier}"] = varied

    return put


def raw(question: Asked) -> Solution:
    """Return a question as an exercise whose answer is still to be computed."""
    _, wrong = question.rule(pd.DataFrame(data.load_cohort()))
    return Solution(
        question.identifier,
        {
            "kind": "number",
            "answer": _shipped(question.identifier),
            "tolerance": question.tolerance,
            "unit": question.unit,
            "decimals": question.decimals,
            "wrong": {float(n): message for n, message in enumerate(wrong)},
            "hints": ["Take the rows that the question names first, then count or average."],
            "explanation": "From your own rows.",
            "objective": "Compute a quantity of this notebook from rows of your own",
            "level": "apply",
            "varies": f"own {question.identifier}",
        },
    )


@lru_cache(maxsize=128)
def _shipped(identifier: str) -> float:
    question = next(q for q in QUESTIONS if q.identifier == identifier)
    return question.rule(pd.DataFrame(data.load_cohort()))[0]


def exercises_of(notebook: str) -> list[Solution]:
    """Return the questions of a notebook, such as "02", as they are for the suite's cohort."""
    shipped = Drawn(data.load_cohort(), data.load_long_list())
    return [vary(raw(q), shipped) for q in QUESTIONS if q.identifier[:2] == notebook]


# What the rows give ---------------------------------------------------------------------------


def _sides(c: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    return c[c["freethe20"] == 1], c[c["freethe20"] == 0]


def _share(rows: pd.DataFrame) -> float:
    return float(rows["released"].mean())


def _months(rows: pd.DataFrame) -> pd.Series[float]:
    """Months from the launch to the day a row leaves prison, or is last seen."""
    return (rows["left_prison"] - pd.Timestamp(LAUNCH)).dt.days / DAYS_PER_MONTH


def _after(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that leave prison, or are last seen, after the launch."""
    return rows[_months(rows) > 0]


def _freed_after(rows: pd.DataFrame) -> pd.Series[float]:
    left = _after(rows)
    return _months(left[left["released"] == 1])


def _counts(c: pd.DataFrame) -> tuple[int, int, int, int]:
    """Released and not, in the campaign; released and not, of the others."""
    campaign, others = _sides(c)
    a, b = int(campaign["released"].sum()), int(others["released"].sum())
    return a, len(campaign) - a, b, len(others) - b


def _over(top: float, low: float) -> float:
    return top / low if low else math.nan


# 00 -------------------------------------------------------------------------------------------


@ask("00.o1", "What per cent of all rows of your cohort are released?", "%")
def _(c: pd.DataFrame) -> Found:
    campaign, _others = _sides(c)
    return 100 * _share(c), {
        "That is the share among the campaign rows only.": 100 * _share(campaign),
        "That is the share that is not released.": 100 * (1 - _share(c)),
    }


@ask("00.o2", "What per cent of the others are *not* released?", "%")
def _(c: pd.DataFrame) -> Found:
    _campaign, others = _sides(c)
    return 100 * (1 - _share(others)), {
        "That is the share that is released.": 100 * _share(others),
        "That is of all rows; leave the campaign rows out.": 100 * (1 - _share(c)),
    }


@ask("00.o3", "Of the campaign rows released after the launch, what is the median number of "
     "months from the launch to the release?", "months")  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    campaign, others = _sides(c)
    freed = _freed_after(campaign)
    return float(freed.median()), {
        "That is the mean; a few late releases pull it.": float(freed.mean()),
        "That is the median of the others.": float(_freed_after(others).median()),
    }


@ask("00.o4", "What per cent of the campaign rows are released within twelve months after the "
     "launch?", "%")  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    campaign, _others = _sides(c)
    early = int((_freed_after(campaign) <= 12).sum())
    return 100 * _over(early, len(campaign)), {
        "That is of those released; divide by all campaign rows.": 100
        * _over(early, int(campaign["released"].sum())),
        "That is at any time, not within twelve months.": 100 * _share(campaign),
    }


@ask("00.o5", "For how many months, at the median of all rows arrested before the launch, had "
     "they been held when the campaign began, counting every such row up to the launch?",
     "months")  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    before = (pd.Timestamp(LAUNCH) - c["arrested"]).dt.days / DAYS_PER_MONTH
    before = before[before > 0]
    return float(before.median()), {
        "That is the mean.": float(before.mean()),
        "That is in years.": float(before.median()) / 12,
    }


# 02 -------------------------------------------------------------------------------------------


@ask("02.o1", "By how many percentage points is the share released higher among the campaign "
     "rows than among the others?", "points")  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    campaign, others = _sides(c)
    gap = _share(campaign) - _share(others)
    return 100 * gap, {
        "The sign is turned.": -100 * gap,
        "That is the difference as a share.": gap,
        "That compares with all rows, the campaign's own among them.": 100
        * (_share(campaign) - _share(c)),
    }


@ask("02.o2", "How many times as high is the share released among the campaign rows as among "
     "the others?", "times", 2)  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    a, no_a, b, no_b = _counts(c)
    ratio = _over(a / (a + no_a), b / (b + no_b))
    return ratio, {
        "That is the ratio of odds.": _over(a * no_b, no_a * b),
        "That is the others over the campaign.": _over(1, ratio),
    }


@ask("02.o3", "What is the standard error of the difference between the two shares, "
     "sqrt(p1 (1 - p1) / n1 + p0 (1 - p0) / n0), in points?", "points", 2)  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    campaign, others = _sides(c)
    parts = [_share(s) * (1 - _share(s)) / len(s) for s in (campaign, others)]
    return 100 * math.sqrt(sum(parts)), {
        "That is the campaign's part alone.": 100 * math.sqrt(parts[0]),
        "You added the two errors; add their squares.": 100 * sum(map(math.sqrt, parts)),
    }


@ask("02.o4", "What is the standardized difference in *legal concerns* between the campaign rows "
     "and the others, without its sign, among rows where they are coded? Divide by the root of "
     "the mean of the two p (1 - p).",
     "standard deviations", 2)  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    p = [float(side["legal_concerns"].mean()) for side in _sides(c)]
    spread = math.sqrt(sum(q * (1 - q) for q in p) / 2)
    return _over(abs(p[0] - p[1]), spread), {
        "That is the plain difference; divide by the spread.": abs(p[0] - p[1]),
        "You divided by the mean of p (1 - p), not by its root.": _over(
            abs(p[0] - p[1]), spread**2
        ),
    }


@ask("02.o5", "What per cent of the others are in the Middle East?", "%")
def _(c: pd.DataFrame) -> Found:
    campaign, others = _sides(c)
    return 100 * float((others["region"] == "Middle East").mean()), {
        "That is of all rows.": 100 * float((c["region"] == "Middle East").mean()),
        "That is of the campaign rows.": 100 * float((campaign["region"] == "Middle East").mean()),
    }


@ask("02.o6", "If the campaign rows of each region were released at the rate of the others in "
     "their region, what per cent of them would be released?", "%")  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    campaign, others = _sides(c)
    rate = others.groupby("region")["released"].mean()
    return 100 * float(campaign["region"].map(rate).mean()), {
        "That is the others' share as it is, with their own mix of regions.": 100 * _share(others),
        "That is what the campaign rows had.": 100 * _share(campaign),
    }


# 03 -------------------------------------------------------------------------------------------


@ask("03.o1", "With the clock from the launch, how many of the first 24 months are the campaign "
     "rows held, on average (the restricted mean)?", "months")  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    others, campaign = restricted(c, "launch", 24)
    return campaign, {
        "That is the others' mean.": others,
        "That is the months in which they are free.": 24 - campaign,
    }


@ask("03.o2", "With the clock from the launch, by how many months of the first 18 is the "
     "campaign rows' restricted mean below the others'?", "months")  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    others, campaign = restricted(c, "launch", 18)
    return others - campaign, {
        "The sign is turned.": campaign - others,
        "That is the campaign's mean.": campaign,
    }


@ask("03.o3", "From the launch on: how many releases are there in a hundred months at risk of "
     "the campaign rows that leave after it?", "releases", 2)  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    campaign, others = (_after(side) for side in _sides(c))
    rates = [100 * _over(float(s["released"].sum()), float(_months(s).sum()))
             for s in (campaign, others)]  # fmt: skip
    return rates[0], {
        "That is the others' rate.": rates[1],
        "That is in one month at risk.": rates[0] / 100,
    }


@ask("03.o4", "How many times the others' rate, from the launch on, is the campaign rows' rate "
     "of release?", "times", 2)  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    campaign, others = (_after(side) for side in _sides(c))
    rates = [_over(float(s["released"].sum()), float(_months(s).sum())) for s in (campaign, others)]
    shares = [float(s["released"].mean()) for s in (campaign, others)]
    return _over(*rates), {
        "That is the others over the campaign.": _over(rates[1], rates[0]),
        "That is the ratio of the shares, which knows no time.": _over(*shares),
    }


@ask("03.o5", "What per cent of the others left prison, or were last seen there, on or before "
     "the day of the launch, and so can be in no comparison that starts there?", "%")  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    _campaign, others = _sides(c)
    gone = len(others) - len(_after(others))
    return 100 * gone / len(others), {
        "That is of all rows.": 100 * gone / len(c),
        "That is the share that stays.": 100 * (1 - gone / len(others)),
    }


@ask("03.o6", "Of the others that leave prison or are last seen after the launch, what per cent "
     "are censored?", "%")  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    _campaign, others = _sides(c)
    left = _after(others)
    return 100 * (1 - _share(left)), {
        "That is the share with an event.": 100 * _share(left),
        "That is of all the others, those before the launch too.": 100 * (1 - _share(others)),
    }


# 04 -------------------------------------------------------------------------------------------


@ask("04.o1", "The odds of release in the campaign are how many times the odds outside it?",
     "times")  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    a, no_a, b, no_b = _counts(c)
    odds = _over(a * no_b, no_a * b)
    return odds, {
        "That is the ratio of shares.": _over(a / (a + no_a), b / (b + no_b)),
        "That is its logarithm.": math.log(odds) if odds > 0 else math.nan,
    }


@ask("04.o2", "What is the coefficient of the campaign in a logit with no other variable, the "
     "logarithm of the odds ratio?", "", 2)  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    a, no_a, b, no_b = _counts(c)
    odds = _over(a * no_b, no_a * b)
    return math.log(odds) if odds > 0 else math.nan, {
        "That is the odds ratio; take its logarithm.": odds,
        "That is the logarithm of the ratio of shares.": math.log(
            _over(a / (a + no_a), b / (b + no_b))
        ),
    }


@ask("04.o3", "And its standard error, the root of the sum of one over each of the four counts?",
     "", 2)  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    parts = [_over(1, n) for n in _counts(c)]
    return math.sqrt(sum(parts)), {
        "That is the variance; take the root.": sum(parts),
        "That is from the campaign's two counts only.": math.sqrt(sum(parts[:2])),
    }


@ask("04.o4", "Leave out the rows whose *legal concerns* are not coded. In a linear model of "
     "release on the campaign and these concerns, what is the campaign's coefficient, in points?",
     "points")  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    c = c[c["legal_concerns"].notna()]
    x = np.column_stack([np.ones(len(c)), c["freethe20"], c["legal_concerns"]]).astype(float)
    fit = np.linalg.lstsq(x, c["released"].to_numpy(dtype=float), rcond=None)[0]
    campaign, others = _sides(c)
    return 100 * float(fit[1]), {
        "That is the difference with nothing held fixed.": 100
        * (_share(campaign) - _share(others)),
        "That is the coefficient of legal concerns.": 100 * float(fit[2]),
    }


@ask("04.o5", "What is the E-value of the ratio of the two shares, RR + sqrt(RR (RR - 1))?",
     "", 2)  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    a, no_a, b, no_b = _counts(c)
    ratio = _over(a / (a + no_a), b / (b + no_b))
    e = ratio + math.sqrt(ratio * (ratio - 1)) if ratio >= 1 else math.nan
    return e, {
        "That is the ratio itself.": ratio,
        "You took the odds ratio.": _over(a * no_b, no_a * b),
    }


@ask("04.o6", "What is the logarithm of the odds of *no* release among the others?", "", 2)
def _(c: pd.DataFrame) -> Found:
    _a, _no_a, b, no_b = _counts(c)
    odds = _over(no_b, b)
    return math.log(odds) if odds > 0 else math.nan, {
        "That is the odds; take the logarithm.": odds,
        "That is the logarithm of the share.": math.log(_over(no_b, b + no_b)),
    }


# 05 -------------------------------------------------------------------------------------------


@ask("05.o1", "Say attention lasts six months. What per cent of the campaign rows released after "
     "the launch are released within them?", "%")  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    campaign, others = _sides(c)
    freed, rest = _freed_after(campaign), _freed_after(others)
    return 100 * float((freed <= 6).mean()), {
        "That is of all campaign rows.": 100 * _over(int((freed <= 6).sum()), len(campaign)),
        "That is among the others.": 100 * float((rest <= 6).mean()),
    }


@ask("05.o2", "How many months must attention last so that nine tenths of these releases fall "
     "within it (the 0.9 quantile)?", "months")  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    campaign, _others = _sides(c)
    freed = _freed_after(campaign)
    return float(freed.quantile(0.9)), {
        "That is the last release of all.": float(freed.max()),
        "That is the mean.": float(freed.mean()),
    }


@ask("05.o3", "How many releases a month are there among the others in the first twelve months "
     "after the launch?", "releases", 2)  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    campaign, others = _sides(c)
    early = int((_freed_after(others) <= 12).sum())
    return early / 12, {
        "That is in twelve months; divide.": float(early),
        "That is among the campaign rows.": int((_freed_after(campaign) <= 12).sum()) / 12,
    }


@ask("05.o4", "A campaign of any rows would have had news without it: what per cent of the "
     "others released after the launch are released in its first twelve months?", "%")  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    campaign, others = _sides(c)
    freed = _freed_after(others)
    return 100 * float((freed <= 12).mean()), {
        "That is among the campaign rows.": 100 * float((_freed_after(campaign) <= 12).mean()),
        "That is of all the others.": 100 * _over(int((freed <= 12).sum()), len(others)),
    }


# 08 -------------------------------------------------------------------------------------------


@ask("08.o1", "How large must the distance between two curves be before a test with as many "
     "women as your campaign rows released after the launch rejects (1.358 / sqrt(n))?",
     "", 3)  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    campaign, _others = _sides(c)
    n = len(_freed_after(campaign))
    return _over(1.358, math.sqrt(n)), {
        "You divided by n, not by its root.": _over(1.358, n),
        "That is with all campaign rows.": 1.358 / math.sqrt(len(campaign)),
    }


@ask("08.o2", "What is the largest distance between the two shares released by a month, of the "
     "campaign rows and of the others that are released after the launch?", "", 3)  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    a, b = (_freed_after(side).to_numpy() for side in _sides(c))
    if not len(a) or not len(b):
        return math.nan, dict.fromkeys(("m1", "m2"), math.nan)
    months = 12.0
    return float(stats.ks_2samp(a, b).statistic), {
        "That is the distance at twelve months; look for the largest.": abs(
            float((a <= months).mean() - (b <= months).mean())
        ),
        "That is the p value.": float(stats.ks_2samp(a, b).pvalue),
    }


@ask("08.o3", "How large must that distance be to reject at the 5 per cent line, "
     "1.358 sqrt((n + m) / (n m)) with n and m the two numbers of releases?", "", 3)  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    n, m = (len(_freed_after(side)) for side in _sides(c))
    return 1.358 * math.sqrt(_over(n + m, n * m)), {
        "That is with the campaign's number alone.": _over(1.358, math.sqrt(n)),
        "That is with the two numbers added.": _over(1.358, math.sqrt(n + m)),
    }


# 12 -------------------------------------------------------------------------------------------


def _expected(c: pd.DataFrame) -> pd.Series[float]:
    """Chance of release of each campaign row at the rate of the others of its region."""
    campaign, others = _sides(c)
    return campaign["region"].map(others.groupby("region")["released"].mean())


@ask("12.o1", "At the rate of the others in their region, how many of the campaign rows are "
     "expected to be released?", "rows", 2)  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    campaign, others = _sides(c)
    return float(_expected(c).sum()), {
        "That is at the others' overall rate.": len(campaign) * _share(others),
        "That is how many were released.": float(campaign["released"].sum()),
    }


@ask("12.o2", "How many releases were observed for each one expected?", "times", 2)
def _(c: pd.DataFrame) -> Found:
    campaign, others = _sides(c)
    observed = float(campaign["released"].sum())
    return _over(observed, float(_expected(c).sum())), {
        "That is expected over observed.": _over(float(_expected(c).sum()), observed),
        "That is at the others' overall rate.": _over(observed, len(campaign) * _share(others)),
    }


@ask("12.o3", "What is the standard deviation of the number released if each campaign row is "
     "released by itself at that rate (the root of the sum of p (1 - p))?", "rows", 2)  # fmt: skip
def _(c: pd.DataFrame) -> Found:
    p = _expected(c)
    return math.sqrt(float((p * (1 - p)).sum())), {
        "That is the variance.": float((p * (1 - p)).sum()),
        "That is as if each count were Poisson.": math.sqrt(float(p.sum())),
    }
