"""Rulings on Tables 3 and 4, from print."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import scipy

from helpers.calendar import DAYS_PER_MONTH, LAUNCH
from helpers.stats.comparison import odds_ratio
from helpers.stats.forensics import covariate_r2, residual_variance, scale_bound
from helpers.study.claims.court import (
    CONDITION,
    CONTRADICTED,
    HOLDS,
    IMPRECISE,
    READ,
    Court,
    Ruling,
    ruled,
    settles,
)
from helpers.study.vocabulary import TERMS

# Table 3 ---------------------------------------------------------------------------------


@settles("C032")
def _names(court: Court) -> Ruling:
    return ruled(455 <= 2800, f"455/2,800 = {100 * 455 / 2800:.0f} per cent of the names.")


@settles("C033")
def _sixty(court: Court) -> Ruling:
    n = court.printed["table3", 1].n_observations
    return Ruling(
        IMPRECISE if not 0.575 <= n / 455 < 0.625 else HOLDS,
        f"Roughly 60 per cent of 455 is {math.ceil(0.575 * 455)} to {math.floor(0.6249 * 455)}; "
        f"Table 3 has {n}, {100 * n / 455:.1f} per cent. The difference is not explained.",
    )


@settles("C034")
def _six(court: Court) -> Ruling:
    n = [court.printed["table3", m].n_observations for m in (1, 2, 4)]
    return ruled(
        n[1] == n[2] == 246, f"{n[0]} - {n[1]} = {n[0] - n[1]} rows drop; print says no more."
    )


@settles("C035")
def _held(court: Court) -> Ruling:
    n = [court.printed[t, 5].n_observations for t in ("table3", "table4")]
    return ruled(n == [156, 156], f"N = {n[0]} and {n[1]}; without the nineteen {n[0] - 19}.")


@settles("C108")
def _when(court: Court) -> Ruling:
    n = [court.printed[t, 5].n_observations for t in ("table3", "table4")]
    return Ruling(
        IMPRECISE,
        f"Table 3 says in prison in 2015, Table 4 at the launch, both N = {n[0]}: the two wordings "
        "name one sample only if nobody left between January and August 2015.",
    )


def _shares(court: Court) -> tuple[int, int, int, int]:
    (a, n), (b, m) = court.counts()["campaign"], court.counts()["outside the campaign"]
    return a, n, b, m


@settles("C038")
def _linear(court: Court) -> Ruling:
    a, n, b, m = _shares(court)
    gap, base = a / n - b / m, b / m
    printed = court.term("table3", 1)[0], court.term("table3", 1, "constant")[0]
    same = (round(gap, 3), round(base, 3)) == printed
    return Ruling(
        CONTRADICTED if same else HOLDS,
        f"{a}/{n} - {b}/{m} = {gap:.3f} and {b}/{m} = {base:.3f}: the printed {printed[0]} and "
        f"{printed[1]} are differences in probability, so the table is a linear probability model.",
    )


def _gaussian(court: Court) -> tuple[float, float]:
    a, n, b, m = _shares(court)
    rest = a * (1 - a / n) + b * (1 - b / m)
    size = n + m
    log_likelihood = -size / 2 * (math.log(2 * math.pi * rest / size) + 1)
    bernoulli = sum(
        k * math.log(k / s) + (s - k) * math.log(1 - k / s) for k, s in ((a, n), (b, m))
    )
    return log_likelihood, bernoulli


@settles("C039")
def _fingerprint(court: Court) -> Ruling:
    column = court.printed["table3", 1]
    gaussian, bernoulli = _gaussian(court)
    aic = 2 * 3 - 2 * gaussian
    fits = abs(aic - float(column.aic or 0)) < 0.001
    return Ruling(
        CONTRADICTED if fits else HOLDS,
        f"Gaussian: {gaussian:.3f}, AIC {aic:.3f} (printed {column.aic}); Bernoulli: "
        f"{bernoulli:.2f}. 2 - AIC/2 = {2 - aic / 2:.3f} is the printed log-likelihood.",
    )


@settles("C040")
def _gaps(court: Court) -> Ruling:
    gaps = []
    for model in range(1, 6):
        column = court.printed["table3", model]
        gaps.append((float(column.aic or 0) + 2 * column.log_likelihood) / 2)
    same = all(abs(g - len(TERMS[k])) < 0.0021 for k, g in enumerate(gaps, start=1))
    words = ", ".join(f"{g:.0f}" for g in gaps)
    return ruled(same, f"(AIC + 2 LL)/2 = {words}: the number of coefficients in every column.")


@settles("C041")
def _errors(court: Court) -> Ruling:
    a, n, b, m = _shares(court)
    s2 = (a * (1 - a / n) + b * (1 - b / m)) / (n + m - 2)
    own = math.sqrt(s2 * (1 / n + 1 / m)), math.sqrt(s2 / m)
    printed = court.term("table3", 1)[1], court.term("table3", 1, "constant")[1]
    return ruled(
        tuple(round(v, 3) for v in own) == printed,
        f"Least squares on the counts: {own[0]:.4f} and {own[1]:.4f}; printed {printed[0]}, "
        f"{printed[1]}.",
    )


@settles("C042")
def _odds(court: Court) -> Ruling:
    estimate = court.term("table3", 1)[0]
    ratio = odds_ratio(*_shares(court))
    return ruled(
        abs(math.exp(estimate) - ratio.estimate) < 0.1,
        f"exp({estimate}) = {math.exp(estimate):.2f}, but the counts give odds of "
        f"{ratio.estimate:.1f} to one (95 % {ratio.low:.1f} to {ratio.high:.0f}).",
    )


@settles("C043")
def _paragraph(court: Court) -> Ruling:
    estimate = court.term("table3", 1)[0]
    base = court.term("table3", 1, "constant")[0]
    odds = base / (1 - base) * math.exp(estimate)
    reached = 100 * odds / (1 + odds)
    return ruled(
        round(reached) == 89,
        f"From {100 * base:.1f} per cent, {math.exp(estimate):.2f} times the odds gives "
        f"{reached:.1f} per cent, not 89.",
    )


@settles("C044")
def _five(court: Court) -> Ruling:
    estimate = court.term("table3", 5)[0]
    linear = _fingerprint(court).verdict == CONTRADICTED
    return Ruling(
        CONTRADICTED if linear else HOLDS,
        f"exp({estimate}) = {math.exp(estimate):.2f}; in a linear model {estimate} is "
        f"{100 * estimate:.1f} points, and no odds.",
    )


@settles("C045")
def _overall(court: Court) -> Ruling:
    a, n, b, m = _shares(court)
    whole = 100 * (a + b) / (n + m)
    return Ruling(
        IMPRECISE if round(whole) != 44 else HOLDS,
        f"44 per cent is {b}/{m}, the women outside the campaign; overall it is {a + b}/{n + m} = "
        f"{whole:.1f} per cent.",
    )


@settles("C046")
def _risk(court: Court) -> Ruling:
    a, n, b, m = _shares(court)
    return Ruling(HOLDS, f"({a}/{n})/({b}/{m}) = {(a / n) / (b / m):.2f}; the paper prints none.")


@settles("C047")
def _largest(court: Court) -> Ruling:
    column = dict(zip(TERMS[5], court.printed["table3", 5].estimate, strict=True))
    regions = ("africa", "asia", "middle_east")
    top = column["constant"] + column["freethe20"]
    top += max(0.0, *(v for k, v in column.items() if k in regions))
    top += sum(
        max(0.0, v) for k, v in column.items() if k not in ("constant", "freethe20", *regions)
    )
    return Ruling(
        HOLDS if top > 1 else CONTRADICTED,
        f"The largest fitted probability of model 5, from print, is {top:.3f}, above one.",
    )


@settles("C048")
def _at_least(court: Court) -> Ruling:
    column = court.printed["table3", 5]
    n = column.n_observations
    # The printed log-likelihood is the Gaussian one minus 1.
    rest = n * math.exp(-2 * (column.log_likelihood + 1) / n - 1) / (2 * math.pi)
    spread = 17 * 2 / 19
    least = next(k for k in range(138) if k * (1 - k / 137) + spread >= rest)
    return Ruling(
        HOLDS,
        f"The log-likelihood implies a residual sum of squares of {rest:.2f}; no model leaves more "
        f"than the two groups do, so at least {least} of 137 were released "
        f"({100 * least / 137:.0f} per cent), if 17 of 19 were.",
    )


@settles("C049")
def _baselines(court: Court) -> Ruling:
    counts = court.counts()
    (k, n), (b, m) = counts["long list only"], counts["outside the campaign"]
    excess = [17 - 19 * k / n, 17 - 19 * b / m]
    return Ruling(
        CONDITION,
        f"{k}/{n} = {100 * k / n:.0f}, {b}/{m} = {100 * b / m:.0f}, and at least 8 per cent in "
        f"prison in 2015: {excess[0]:.0f}, {excess[1]:.0f} or up to 15 releases more than "
        "expected. The constant .053 of model 5 is a reference cell, no baseline.",
    )


def _stars(court: Court, table: str) -> Ruling:
    wrong, total = [], 0
    for model, terms in TERMS.items():
        column = court.printed[table, model]
        for k, term in enumerate(terms):
            # Rounded digits leave a range; a star is wrong only if no value in it would earn it.
            half = 0.0005
            estimate, error = abs(column.estimate[k]), column.std_error[k]
            lows, highs = (
                2 * scipy.stats.norm.sf((estimate - half) / (error + half)),
                2 * scipy.stats.norm.sf((estimate + half) / (error - half)),
            )
            earned = {"*" * sum(p < level for level in (0.1, 0.05, 0.01)) for p in (lows, highs)}
            total += 1
            if column.stars[k].replace("nan", "") not in earned:
                wrong.append(f"{term} in model {model}")
    return ruled(
        not wrong,
        f"{total - len(wrong)} of {total} stars agree with estimate and standard error"
        + (f"; not: {', '.join(wrong)}." if wrong else "."),
        IMPRECISE,
    )


@settles("C050")
def _stars3(court: Court) -> Ruling:
    return _stars(court, "table3")


@settles("C056")
def _stars4(court: Court) -> Ruling:
    return _stars(court, "table4")


@settles("C051")
def _stronger(court: Court) -> Ruling:
    values = [court.term("table3", m)[0] for m in range(1, 6)]
    return ruled(
        values[4] > max(values[:4]), f"{values[4]} against {min(values[:4])} to {max(values[:4])}."
    )


@settles("C110")
def _r_squared(court: Court) -> Ruling:
    column = court.printed["table3", 5]
    n, rank = column.n_observations, len(TERMS[5])
    error = f"{column.std_error[TERMS[5].index('freethe20')]:.3f}"
    spread = residual_variance(f"{column.log_likelihood:.3f}", n, rank)
    shared = covariate_r2(error, spread, 19, n)
    return Ruling(
        HOLDS,
        f"Residual variance {spread[0]:.4f} and standard error {error} leave "
        f"R2 = {shared.low:.2f} to {shared.high:.2f}.",
    )


# Table 4 ---------------------------------------------------------------------------------


def _ratios(court: Court) -> list[float]:
    return [math.exp(abs(court.term("table4", m)[0])) for m in range(1, 6)]


@settles("C053")
def _four_to_eight(court: Court) -> Ruling:
    found = _ratios(court)[:4]
    words = ", ".join(f"{v:.1f}" for v in found)
    inside = min(found) >= 3.5 and max(found) < 8.5
    return Ruling(
        HOLDS if inside else IMPRECISE,
        f"exp of models 1 to 4: {words}. Four to eight leaves out {max(found):.1f}.",
    )


@settles("C054")
def _even_larger(court: Court) -> Ruling:
    found = _ratios(court)
    estimate, error = (abs(v) for v in court.term("table4", 5))
    low, high = (math.exp(estimate + sign * 1.96 * error) for sign in (-1, 1))
    return ruled(
        found[4] > max(found[:4]),
        f"exp({estimate}) = {found[4]:.1f}, from {low:.1f} to {high:.0f}.",
    )


@settles("C057")
def _interval(court: Court) -> Ruling:
    estimate, error = (abs(v) for v in court.term("table4", 1))
    low, high = (
        math.exp(estimate + sign * scipy.stats.norm.ppf(0.975) * error) for sign in (-1, 1)
    )
    return Ruling(
        HOLDS, f"exp({estimate} ± 1.96 × {error}) = {low:.1f} to {high:.1f}; not printed."
    )


@settles("C058")
def _sign(court: Court) -> Ruling:
    values = [court.term("table4", m)[0] for m in range(1, 6)]
    return ruled(
        max(values) < 0, f"{', '.join(map(str, values))}: negative, so less time, in every column."
    )


@settles("C109")
def _scale(court: Court) -> Ruling:
    estimate, error = court.term("table4", 1)
    a, _, b, _ = _shares(court)
    bound = scale_bound(f"{estimate:.3f}", f"{error:.3f}", a, b)
    return Ruling(
        HOLDS,
        f"sigma is at most {bound.scale:.3f}, so the shape at least {bound.shape:.3f}, from the "
        f"standard error {error} and {a} and {b} releases; for model-based errors and the same "
        "releases as Table 3.",
    )


@settles("C055")
def _weibull(court: Court) -> Ruling:
    t = np.array([3.0, 10.0, 40.0])
    shape, beta = 0.55, court.term("table4", 1)[0]
    hazards = [shape / s * (t / s) ** (shape - 1) for s in (100.0, 100.0 * math.exp(beta))]
    ratio = hazards[1] / hazards[0]
    return Ruling(
        CONTRADICTED if np.ptp(ratio) < 1e-9 else HOLDS,
        f"With one shape the hazard ratio is {ratio[0]:.2f} at 3, 10 and 40 months alike: a "
        "Weibull model is itself one of proportional hazards, so their failing does not favour it.",
    )


@settles("C036")
def _two_months(court: Court) -> Ruling:
    return Ruling(
        CONDITION,
        "A floor of two months drops quick releases from the comparison; each woman of the "
        "campaign had passed it by being held at the launch.",
        READ,
    )


@settles("C037")
def _immortal(court: Court) -> Ruling:
    middle = court.women[["arrest_earliest", "arrest_latest"]].apply(pd.to_datetime).mean(axis=1)
    months = (pd.Timestamp(LAUNCH) - middle).dt.days.clip(lower=0).sum() / DAYS_PER_MONTH
    return Ruling(
        CONDITION,
        f"Before the launch the nineteen had been held about {months:.0f} months in which none "
        "could be released and still be chosen; models 1 to 4 count them.",
    )
