"""The cards of a case, so weighed, as pictures: beliefs, tests, sensitivity, two readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from helpers.panels.base.panel import Picture
from helpers.stats.process_tracing import (
    Update,
    disagreement,
    prior_sweep,
    readings,
    update,
)
from helpers.study.evidence import (
    Evidence,
    Weights,
    as_counted,
    card_table,
    likelihoods,
    prior_of,
    says_something,
    without_each,
)

GRID: Final = [k / 50 for k in range(1, 50)]
DIGITS: Final = 9
"""Places to which figures are taken before they are put in words or in order, so that the last
digits of a sum decide nothing."""


def percent(share: float) -> str:
    """Return a share in whole per cent."""
    return f"{100 * round(share, DIGITS):.0f} %"


def weigh(
    evidence: Evidence, weights: Weights, focal: str, once: bool, whose: str = "Your weights"
) -> Picture:
    """Return beliefs, their path, the cards as tests and the sensitivity of it all.

    Parameters
    ----------
    focal : str
        The hypothesis tested against the rest: H1, H2, ...
    once : bool
        Whether cards of one source share one weight; else all are taken as independent.

    Raises
    ------
    ValueError
        When no card counts, so that there is nothing to weigh.
    """
    prior = prior_of(evidence, weights)
    table = likelihoods(evidence, weights)
    if table.empty:
        raise ValueError("Every card is left out; take at least one of them back in.")
    cards = card_table(evidence, weights)
    groups = cards["source_group"]
    used = as_counted(table, groups, once)
    result = update(prior, used, "relative")
    tests = _test_rows(evidence, prior, table, used, cards, focal, once, result)
    sweep = prior_sweep(prior, used, focal, GRID, "relative")
    label = dict(zip(evidence.keys, evidence.names, strict=True))
    said = evidence.hypotheses.set_index("hypothesis")["statement"]
    beliefs = [
        {
            "hypothesis": label[h],
            "statement": said[h],
            "prior": float(prior[h]),
            "posterior": float(result.posterior[h]),
        }
        for h in evidence.keys
    ]
    titles = ["before any card", *cards.loc[table.index, "title"]]
    path = [
        {"step": step, "card": titles[step], "hypothesis": label[h], "share": float(share)}
        for h in evidence.keys
        for step, share in enumerate(result.path[h])
    ]
    swept = [
        {"prior": float(before), "hypothesis": label[h], "share": float(share)}
        for h in evidence.keys
        for before, share in zip(sweep.rows["prior"], sweep.rows[h], strict=True)
    ]
    rows = {
        "beliefs": beliefs,
        "path": path,
        "tests": tests,
        "sweep": swept,
        "here": [{"prior": float(prior[focal])}],
    }
    words = f"{whose}. " + _say(result, tests, table, groups, once, label, focal, sweep.leads_from)
    notes = {h: percent(share) for h, share in result.posterior.items()}
    return Picture(rows, words, _table(tests, label[focal], once), notes=notes)


def _test_rows(
    evidence: Evidence,
    prior: pd.Series,
    table: pd.DataFrame,
    used: pd.DataFrame,
    cards: pd.DataFrame,
    focal: str,
    once: bool,
    result: Update,
) -> list[dict[str, Any]]:
    """Return each card as a test: its kind as it was weighed, its decibels as they count."""
    speaks = says_something(table)
    counted = {reading.card: reading.decibels for reading in readings(prior, used, focal)}
    without = without_each(prior, table, cards["source_group"], once, result)
    rows = []
    for reading in readings(prior, table, focal):
        card = cards.loc[reading.card]
        then, changes = without[reading.card]
        quote = f" “{card['quote']}”" if card["quote"] else ""
        rows.append(
            {
                "id": reading.card,
                "card": card["title"],
                "text": card["card"] + quote,
                "source": card["source"],
                "url": card["source_url"],
                "test": reading.test_type if speaks[reading.card] else "not weighed",
                "p_given_h": reading.p_given_h,
                "p_given_rest": reading.p_given_rest,
                "ratio": reading.ratio,
                "decibels": counted[reading.card],
                "without": float(then[focal]),
                "posterior": float(result.posterior[focal]),
                "changes": "another one leads" if changes else "same one leads",
            }
        )
    return rows


def _say(
    result: Update,
    tests: Sequence[Mapping[str, Any]],
    table: pd.DataFrame,
    groups: pd.Series,
    once: bool,
    label: Mapping[str, str],
    focal: str,
    leads_from: float,
) -> str:
    speaks = says_something(table)
    if not speaks.any():
        return (
            f"None of the {len(table)} cards says anything yet, so every hypothesis keeps its "
            "prior. Weigh a card to begin."
        )
    order = result.posterior.round(DIGITS).sort_values(ascending=False, kind="stable")
    shares = ", ".join(f"{label[h]} {percent(p)}" for h, p in order.items())
    words = f"{int(speaks.sum())} of {len(table)} cards weighed: {shares}."
    strongest = max(tests, key=lambda row: round(abs(row["decibels"]), DIGITS))
    if round(abs(strongest["decibels"]), DIGITS) < 0.05:  # what would be printed as 0.0
        words += f" No card weighs for or against {focal}."
    else:
        way = "for" if strongest["decibels"] > 0 else "against"
        words += (
            f" The strongest card {way} {focal} is “{strongest['card']}” "
            f"({round(strongest['decibels'], DIGITS):+z.1f} dB, {strongest['test']})."
        )
    fragile = [row["card"] for row in tests if row["changes"] == "another one leads"]
    if fragile:
        words += f" Another hypothesis leads if you leave out: {'; '.join(fragile)}."
    else:
        words += " No single card decides which one leads."
    words += f" {focal} leads from a prior of {percent(leads_from)} on."
    shared = groups.loc[table.index[speaks]].value_counts()
    several = [f"{name} ({n})" for name, n in shared.items() if n > 1]
    if several:
        how = "counted once" if once else "counted as if independent"
        words += f" Cards that share a source are {how}: {', '.join(sorted(several))}."
    return words


def _table(tests: Sequence[Mapping[str, Any]], focal: str, once: bool) -> pd.DataFrame:
    weight = "decibels, one source shared" if once else "decibels"
    return pd.DataFrame(
        {
            "card": [row["card"] for row in tests],
            f"if {focal}": [f"{round(row['p_given_h'], DIGITS):.2f}" for row in tests],
            "if one of the rest": [f"{round(row['p_given_rest'], DIGITS):.2f}" for row in tests],
            "ratio": [f"{round(row['ratio'], DIGITS):.2f}" for row in tests],
            weight: [f"{round(row['decibels'], DIGITS):+z.1f}" for row in tests],
            "test": [row["test"] for row in tests],
            "without it": [percent(row["without"]) for row in tests],
            "source": [row["source"] for row in tests],
            "address": [row["url"] for row in tests],
        }
    )


def compare(evidence: Evidence, mine: Weights, theirs: Weights) -> Picture:
    """Return the cards on which two readers differ most, and between which hypotheses.

    A card one of them wrote, or left out, is not compared.
    """
    both = [c for c in evidence.cards["card_id"] if c not in mine.left_out + theirs.left_out]
    if not both:
        raise ValueError("You and your partner count no card in common.")
    a = likelihoods(evidence, mine).loc[both]
    b = likelihoods(evidence, theirs).loc[both]
    found = disagreement(a, b)
    apart = [card for card in both if found.at[card, "difference"] > 1e-9]
    found = found.loc[apart].round(DIGITS)
    found = found.sort_values("difference", ascending=False, kind="stable")
    if found.empty:
        return Picture({"pairs": []}, f"You weigh all {len(both)} cards in the same way.")
    title = evidence.cards.set_index("card_id")["title"]
    label = dict(zip(evidence.keys, evidence.names, strict=True))
    pairs, lines = [], []
    for card, row in found.iterrows():
        about = f"{row['first']} against {row['second']}"
        name = f"{title[card]} ({about})"
        for reader, value in (("you", row["mine"]), ("your partner", row["theirs"])):
            pairs.append({"card": name, "about": about, "reader": reader, "decibels": float(value)})
        lines.append(
            {
                "card": title[card],
                "ratio of": f"{label[row['first']]} to {label[row['second']]}",
                "you (dB)": f"{row['mine']:+z.1f}",
                "partner (dB)": f"{row['theirs']:+z.1f}",
                "apart (dB)": f"{row['difference']:.1f}",
            }
        )
    top, first = lines[0], found.iloc[0]
    after = [
        update(prior_of(evidence, w), likelihoods(evidence, w).loc[both]).leaders[0]
        for w in (mine, theirs)
    ]
    words = (
        f"You differ on {len(found)} of {len(both)} cards, most on “{top['card']}”: "
        f"{first['difference']:.1f} dB apart on {top['ratio of']}. "
    )
    words += (
        f"On these cards {label[after[0]]} leads for both of you."
        if after[0] == after[1]
        else f"On these cards {label[after[0]]} leads for you, {label[after[1]]} for your partner."
    )
    return Picture({"pairs": pairs}, words, pd.DataFrame(lines))
