"""Rulings on the media, the cases and what counts as a release, from the dated record."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd
import scipy

from helpers.calendar import END_OF_FOLLOW_UP, LAUNCH, months
from helpers.study.claims.court import (
    CONDITION,
    CONTRADICTED,
    HOLDS,
    IMPRECISE,
    Court,
    Ruling,
    day_of,
    ruled,
    said,
    settles,
    woman,
)

# Media -----------------------------------------------------------------------------------


@settles("C062")
def _articles(court: Court) -> Ruling:
    after = 2 * 1.5 - 1
    return Ruling(
        CONDITION,
        f"Fifty per cent of 1 + articles: from a median of one article to {after:.0f}, a doubling; "
        "fifty per cent of the articles only if nothing was added before the logarithm.",
    )


@settles("C063")
def _search(court: Court) -> Ruling:
    return Ruling(
        CONDITION, f"Doubling is {math.log(2):.3f} on the log scale; Figure 4 prints no digits."
    )


# The cases -------------------------------------------------------------------------------


def _dated(identifier: str, first: str, last: str) -> Callable[[Court], Ruling]:
    def check(court: Court) -> Ruling:
        day = day_of(court, identifier)
        inside = pd.Timestamp(first) <= day <= pd.Timestamp(last)
        return ruled(inside, f"On {said(day)}, by the record.")

    return check


for _claim, _event, _first, _last in (
    ("C075", "A06", "2014-07-01", "2014-07-31"),
    ("C093", "V30", "2016-02-01", "2016-02-29"),
    ("C094", "V28", "2016-01-01", "2016-04-30"),
    ("C095", "V37", "2017-02-01", "2017-02-28"),
):
    settles(_claim)(_dated(_event, _first, _last))


@settles("C077")
def _ismayilova(court: Court) -> Ruling:
    row = woman(court, "Khadija Ismayilova")
    arrest = pd.Timestamp(row["arrest_earliest"])
    term = float(row["sentence_months"]) / 12
    right = arrest.strftime("%Y-%m") == "2014-12" and term == 7.5
    return ruled(right, f"Arrested {said(arrest)}, sentenced to {term:g} years.")


@settles("C076")
def _yunus_term(court: Court) -> Ruling:
    row = woman(court, "Leyla Yunus")
    term = float(row["sentence_months"]) / 12
    return ruled(term == 8.5, f"{term:g} years, by the record.")


@settles("C078")
def _reaction(court: Court) -> Ruling:
    reaction, arrest = day_of(court, "A05"), day_of(court, "A06")
    return Ruling(
        CONTRADICTED if reaction < arrest else HOLDS,
        f"The report cited is of {said(reaction)}, {(arrest - reaction).days} days before the "
        f"arrest of {said(arrest)}; it concerns a detention at the airport.",
    )


@settles("C079")
def _omitted(court: Court) -> Ruling:
    out = pd.Timestamp(
        court.women.loc[court.women["name"] == "Leyla Yunus", "release_date"].iloc[0]
    )
    flew = day_of(court, "A39")
    return Ruling(
        IMPRECISE if out < flew else HOLDS,
        f"She left prison on {said(out)} and flew out on {said(flew)}, {(flew - out).days} days "
        "later; the paper tells of the journey only.",
    )


@settles("C081")
def _sequence(court: Court) -> Ruling:
    summit, freed = day_of(court, "A38"), day_of(court, "A42")
    return Ruling(
        CONDITION if freed > summit else HOLDS,
        f"Summit from {said(summit)}; Khadija Ismayilova freed on {said(freed)}, "
        f"{(freed - summit).days} days after the inducement was delivered.",
    )


@settles("C085")
def _journey(court: Court) -> Ruling:
    flew, freed = day_of(court, "A39"), day_of(court, "A42")
    days = (freed - flew).days
    return ruled(25 <= days <= 45, f"{said(flew)} to {said(freed)}: {days} days.", IMPRECISE)


@settles("C086")
def _served(court: Court) -> Ruling:
    arrest, sentence, out = (day_of(court, k) for k in ("V02", "V04", "V18"))
    years = [(out - day).days / 365.25 for day in (arrest, sentence)]
    return Ruling(
        CONTRADICTED if round(years[0]) != 3 else HOLDS,
        f"Arrest {said(arrest)} to release {said(out)}: {years[0]:.1f} years; three only when "
        f"counted from the sentence ({years[1]:.1f}).",
    )


@settles("C087")
def _before_her_turn(court: Court) -> Ruling:
    out = day_of(court, "V18")
    row = court.calendar[court.calendar["name"] == "Ta Phong Tan"].iloc[0]
    turn = pd.Timestamp(
        row["sourced_date"] if pd.notna(row["sourced_date"]) else row["inferred_date"]
    )
    return Ruling(
        CONDITION if out < turn else HOLDS,
        f"Released {said(out)}; her turn, by the order of the cases, fell on about {said(turn)}: "
        "the first release came before her own profile.",
    )


@settles("C088")
def _full_term(court: Court) -> Ruling:
    row = woman(court, "Bui Thi Minh Hang")
    counted = court.coding.loc[court.coding["name"] == row["name"], ["A", "B", "C"]].iloc[0]
    return Ruling(
        CONDITION if row["manner"] == "end of term or later" else HOLDS,
        f"Manner in the record: {row['manner']}; she counts as released under "
        f"{', '.join(k for k in 'ABC' if counted[k] == 1)} all the same.",
    )


@settles("C089")
def _exchange(court: Court) -> Ruling:
    traded = court.women[court.women["manner"] == "exchange of prisoners"]
    names = " and ".join(traded["name"])
    return Ruling(
        CONDITION if len(traded) else HOLDS,
        f"Left by an exchange of prisoners, and counted among the released: {names}.",
    )


@settles("C090")
def _nominees(court: Court) -> Ruling:
    spoken, signed = day_of(court, "V24"), day_of(court, "V30")
    return Ruling(
        IMPRECISE if spoken < signed else HOLDS,
        f"One later nominee opposed it on {said(spoken)}, {(signed - spoken).days} days before the "
        f"signing of {said(signed)}.",
    )


@settles("C091")
def _lost(court: Court) -> Ruling:
    freed, embargo, signed = (day_of(court, k) for k in ("V33", "V34", "V30"))
    return Ruling(
        CONDITION if freed > signed else HOLDS,
        f"After the signing ({said(signed)}) a priest was freed ({said(freed)}) and the arms "
        f"embargo lifted ({said(embargo)}); ratification was still to come.",
    )


@settles("C092")
def _earlier_exiles(court: Court) -> Ruling:
    freed = day_of(court, "V11")
    return Ruling(
        CONDITION if freed.date() < LAUNCH else HOLDS,
        f"Under the same talks a blogger was flown into exile in {freed:%B %Y}, before the launch.",
    )


@settles("C096")
def _when_released(court: Court) -> Ruling:
    known = court.intervals.dropna(subset=["release_latest"])
    last = months(LAUNCH, pd.to_datetime(known["release_latest"]))
    first = months(LAUNCH, pd.to_datetime(known["release_earliest"]))
    low, high = int((last <= 6).sum()), int((first <= 6).sum())
    return Ruling(
        CONDITION,
        f"Within six months {low} to {high} of {len(known)} dated releases, so both wordings, many "
        "soon and most later, can be true.",
    )


@settles("C067")
def _court_news(court: Court) -> Ruling:
    first, second = day_of(court, "A15"), day_of(court, "A12")
    return Ruling(
        CONDITION if first.date() == LAUNCH else HOLDS,
        f"One of the women was sentenced on {said(first)}, the day of the launch, another on "
        f"{said(second)}: part of September's news may be court news.",
    )


@settles("C068")
def _leavers(court: Court) -> Ruling:
    out = pd.to_datetime(court.intervals["release_latest"])
    gone = court.intervals[(out >= "2015-09-01") & (out <= "2015-09-30")]["name"]
    return Ruling(
        CONDITION if len(gone) else HOLDS,
        f"Released in September 2015 itself: {' and '.join(gone)}.",
    )


@settles("C102")
def _manners(court: Court) -> Ruling:
    out = court.women[court.women["released_by_2018_09"].astype(str) == "1"]
    bound = out["manner"].isin(["bail or parole", "sentence suspended", "exile"])
    return Ruling(
        CONDITION if bound.any() else HOLDS,
        f"{int(bound.sum())} of {len(out)} were let out on bail, on parole, on a suspended "
        "sentence or into exile; the outcome counts them like the free.",
    )


@settles("C104")
def _liu_xia(court: Court) -> Ruling:
    out = pd.Timestamp(woman(court, "Liu Xia")["release_date"])
    return Ruling(
        CONDITION if out.date() <= END_OF_FOLLOW_UP else HOLDS,
        f"Liu Xia left on {said(out)}, within the three years, after German diplomacy; she counts "
        "among the seventeen.",
    )


@settles("C014")
def _balance_power(court: Court) -> Ruling:
    # Smallest true difference that a t test of 19 against 21 sees in four of five samples.
    seen = (scipy.stats.norm.ppf(0.975) + scipy.stats.norm.ppf(0.8)) * math.sqrt(1 / 19 + 1 / 21)
    return Ruling(
        CONDITION,
        f"With 19 and 21 a test sees a difference of {seen:.2f} standard deviations four times in "
        "five; smaller ones pass for balance.",
    )
