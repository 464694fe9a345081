"""Process tracing as Bayesian updating over rival, mutually exclusive hypotheses.

A table of likelihoods has one row for each card of evidence and one column for each
hypothesis. On the scale "probability" a cell is P(E | H), strictly between 0 and 1. On the
scale "relative" only the ratios within a row count, and cells are any positive numbers.
Cards are taken to be independent of each other given each hypothesis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
import pandas as pd
import scipy

from helpers.stats.errors import StatsError

Scale = Literal["probability", "relative"]
TestType = Literal["doubly decisive", "smoking gun", "hoop", "straw in the wind"]
Prior: TypeAlias = "Mapping[str, float] | pd.Series"

SCALES: Final[tuple[Scale, ...]] = ("probability", "relative")
CERTAIN: Final = 0.9
UNIQUE: Final = 0.1
SEPARATION: Final = 3.0
RESERVED: Final = ("prior", "leaders", "changes")
TIE: Final = 1e-9
"""Log posteriors closer than this count as equal."""


@dataclass(frozen=True)
class Update:
    """Beliefs before, along and after the cards.

    Attributes
    ----------
    prior, posterior : Series, shape (hypotheses,)
        Probabilities that sum to one.
    path : DataFrame, shape (cards + 1, hypotheses)
        Probabilities after each card in the order given; the first row is the prior and is
        labeled "prior".
    leaders : tuple of str
        The hypothesis with the largest posterior; more than one if they tie.
    """

    prior: pd.Series
    posterior: pd.Series
    path: pd.DataFrame
    leaders: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """One card read as a test of one hypothesis against the rest.

    Attributes
    ----------
    p_given_h, p_given_rest : float
        P(E | H) and P(E | not H); the second is the mean over the other hypotheses,
        weighted by their priors.
    ratio : float
        p_given_h / p_given_rest.
    decibels : float
        10 log10 of the ratio; positive favors the hypothesis.
    """

    card: str
    hypothesis: str
    p_given_h: float
    p_given_rest: float
    ratio: float
    decibels: float
    test_type: TestType


@dataclass(frozen=True)
class PriorSweep:
    """Posterior as the prior of one hypothesis moves.

    Attributes
    ----------
    hypothesis : str
    rows : DataFrame, shape (grid, 1 + hypotheses)
        Column `prior` (probability of the hypothesis moved), then the posterior of each.
    leads_from : float
        The prior from which on the hypothesis has the largest posterior.
    """

    hypothesis: str
    rows: pd.DataFrame
    leads_from: float


def _unique(names: Sequence[str], what: str) -> None:
    seen = pd.Index(names)
    if seen.has_duplicates:
        twice = seen[seen.duplicated()][0]
        raise StatsError(f"The {what} {twice!r} is named twice; give each its own name.")


def _checked(
    prior: Prior, likelihoods: pd.DataFrame, scale: Scale
) -> tuple[pd.Series, pd.DataFrame]:
    """Return prior and likelihoods as floats, hypotheses in the order of the prior."""
    if scale not in SCALES:
        raise StatsError(f"The scale {scale!r} is unknown; use one of {', '.join(SCALES)}.")
    before = pd.Series(prior, dtype=float)
    _unique(list(before.index), "hypothesis")
    _unique(list(likelihoods.columns), "hypothesis")
    _unique(list(likelihoods.index), "card")
    for name in [*before.index, *likelihoods.index]:
        if name in RESERVED:
            raise StatsError(
                f"The name {name!r} labels results; give the card or hypothesis another."
            )
    if len(before) < 2:
        raise StatsError("One hypothesis has nothing to be weighed against; give at least two.")
    odd = [h for h in likelihoods.columns if h not in before.index]
    odd += [h for h in before.index if h not in likelihoods.columns]
    if odd:
        raise StatsError(
            f"The hypothesis {odd[0]!r} must be in both the prior and the likelihoods."
        )
    if not len(likelihoods):
        raise StatsError("There are no cards; give at least one row of likelihoods.")
    if before.isna().any():
        raise StatsError("A prior is missing (NaN); give a probability for every hypothesis.")
    if (before <= 0).any() or not np.isfinite(before).all():
        raise StatsError("Every prior must be above 0, or no evidence could ever change it.")
    if abs(before.sum() - 1) > 1e-9:
        raise StatsError(f"The priors sum to {before.sum():.6g}; rescale them to sum to 1.")
    table = likelihoods.loc[:, list(before.index)].astype(float)
    values = table.to_numpy()
    if np.isnan(values).any():
        raise StatsError("A likelihood is missing (NaN); give one for every card and hypothesis.")
    if scale == "probability" and ((values <= 0) | (values >= 1)).any():
        raise StatsError(
            "Every likelihood must lie strictly between 0 and 1; use 0.001 or 0.999 for near "
            "certainty, or the scale 'relative'."
        )
    if (values <= 0).any() or not np.isfinite(values).all():
        raise StatsError("Every relative likelihood must be a finite number above 0.")
    return before, table


def _known(name: str, names: pd.Index, what: str) -> None:
    if name not in names:
        said = ", ".join(str(n) for n in names)
        raise StatsError(f"The {what} {name!r} is unknown; choose one of {said}.")


def _leaders(log_posterior: pd.Series) -> tuple[str, ...]:
    return tuple(log_posterior.index[log_posterior >= log_posterior.max() - TIE])


def _log_joint(before: pd.Series, table: pd.DataFrame) -> pd.Series:
    """Return log prior + sum of log likelihoods, not normalized."""
    return np.log(before) + np.log(table).sum()


def update(prior: Prior, likelihoods: pd.DataFrame, scale: Scale = "probability") -> Update:
    """Return the posterior after all cards, and the path card by card.

    Parameters
    ----------
    prior : mapping or Series, shape (hypotheses,)
        Positive probabilities that sum to 1.
    likelihoods : DataFrame, shape (cards, hypotheses)
        P(E | H) with scale "probability"; any positive numbers with scale "relative".
    scale : {"probability", "relative"}

    Raises
    ------
    StatsError
        For fewer than two hypotheses, no cards, repeated or unmatched names, missing values,
        priors not positive or not summing to 1, likelihoods outside the scale.

    Notes
    -----
    Bayes' rule in logs: log posterior = log prior + sum of log likelihoods - constant
    (Bennett 2015; Humphreys & Jacobs 2015; Fairfield & Charman 2017).
    """
    before, table = _checked(prior, likelihoods, scale)
    start = np.log(before.to_numpy())
    steps = start + np.vstack([np.zeros(len(start)), np.log(table.to_numpy()).cumsum(axis=0)])
    log_path = steps - scipy.special.logsumexp(steps, axis=1, keepdims=True)
    path = pd.DataFrame(np.exp(log_path), index=["prior", *table.index], columns=list(before.index))
    posterior = pd.Series(np.exp(log_path[-1]), index=before.index)
    return Update(before, posterior, path, _leaders(pd.Series(log_path[-1], before.index)))


def decibels(ratio: float) -> float:
    """Return the weight of evidence of a likelihood ratio, 10 log10(ratio), in decibels.

    Raises
    ------
    StatsError
        If the ratio is not a finite number above 0.

    Notes
    -----
    Good 1950; for qualitative evidence Fairfield & Charman 2017. Ten decibels multiply the
    odds by ten.
    """
    if not (np.isfinite(ratio) and ratio > 0):
        raise StatsError("A likelihood ratio must be a finite number above 0.")
    return float(10 * np.log10(ratio))


def weights_of_evidence(
    prior: Prior,
    likelihoods: pd.DataFrame,
    first: str,
    second: str,
    scale: Scale = "probability",
) -> pd.Series:
    """Return each card's weight for one hypothesis over another, in decibels.

    Between two hypotheses the weights add up: prior log odds (in decibels) plus their sum
    is the posterior log odds.

    Returns
    -------
    Series, shape (cards,)

    Raises
    ------
    StatsError
        As `update`, and for an unknown hypothesis.

    Notes
    -----
    Good 1950; Fairfield & Charman 2017.
    """
    before, table = _checked(prior, likelihoods, scale)
    for name in (first, second):
        _known(name, before.index, "hypothesis")
    logs = np.log10(table)
    return (10 * (logs[first] - logs[second])).rename("decibels")


def classify(
    p_given_h: float,
    p_given_rest: float,
    certain: float = CERTAIN,
    unique: float = UNIQUE,
    separation: float = SEPARATION,
) -> TestType:
    """Return the type of test a piece of evidence is for a hypothesis.

    Parameters
    ----------
    p_given_h, p_given_rest : float
        P(E | H) and P(E | not H), strictly between 0 and 1.
    certain : float
        The evidence is expected under the hypothesis if P(E | H) is at least this.
    unique : float
        The evidence is surprising otherwise if P(E | not H) is at most this.
    separation : float
        The likelihood ratio asked for besides, at least 1: P(E | H) / P(E | not H) for
        uniqueness (finding E helps the hypothesis), P(not E | not H) / P(not E | H) for
        certainty (missing E hurts it). It keeps evidence equally likely under both from
        counting as a strong test.

    Returns
    -------
    str
        "doubly decisive" (certain and unique), "smoking gun" (unique only), "hoop" (certain
        only) or "straw in the wind" (neither).

    Raises
    ------
    StatsError
        If a probability or threshold is not strictly between 0 and 1, or `separation` is
        below 1.

    Notes
    -----
    Types: Van Evera 1997; as likelihoods: Bennett 2015, Humphreys & Jacobs 2015. The types
    shade into one another; the default cut-offs 0.9, 0.1 and 3 are a convention of this
    function and not from those sources.
    """
    for value in (p_given_h, p_given_rest, certain, unique):
        if not 0 < value < 1:
            raise StatsError(
                "Probabilities and thresholds of a test must lie strictly between 0 and 1."
            )
    if not separation >= 1:
        raise StatsError("The separation is a likelihood ratio and must be at least 1.")
    slack = 1e-9  # a weighted mean of 0.1 and 0.1 can come out a hair above 0.1
    is_certain = p_given_h >= certain - slack and (1 - p_given_rest) >= (
        separation * (1 - p_given_h) * (1 - slack)
    )
    is_unique = p_given_rest <= unique + slack and p_given_h >= (
        separation * p_given_rest * (1 - slack)
    )
    if is_certain and is_unique:
        return "doubly decisive"
    if is_unique:
        return "smoking gun"
    return "hoop" if is_certain else "straw in the wind"


def readings(
    prior: Prior,
    likelihoods: pd.DataFrame,
    hypothesis: str,
    certain: float = CERTAIN,
    unique: float = UNIQUE,
    separation: float = SEPARATION,
) -> tuple[Reading, ...]:
    """Return every card read as a test of one hypothesis against the rest.

    Needs probabilities, since a test type depends on more than ratios. With three or more
    hypotheses P(E | not H) depends on the priors of the others, and the decibels against
    the rest do not add up over cards; `weights_of_evidence` between two do.

    Raises
    ------
    StatsError
        As `update` and `classify`, and for an unknown hypothesis.

    Notes
    -----
    P(E | not H) = sum of prior_j P(E | H_j) over the others / sum of their priors
    (Fairfield & Charman 2017).
    """
    before, table = _checked(prior, likelihoods, "probability")
    _known(hypothesis, before.index, "hypothesis")
    rest = before.drop(hypothesis)
    against = table[rest.index].to_numpy() @ (rest / rest.sum()).to_numpy()
    found = []
    for card, p, q in zip(table.index, table[hypothesis].to_numpy(), against, strict=True):
        kind = classify(float(p), float(q), certain, unique, separation)
        ratio = float(p / q)
        found.append(
            Reading(str(card), hypothesis, float(p), float(q), ratio, decibels(ratio), kind)
        )
    return tuple(found)


def prior_sweep(
    prior: Prior,
    likelihoods: pd.DataFrame,
    hypothesis: str,
    grid: Sequence[float],
    scale: Scale = "probability",
) -> PriorSweep:
    """Return the posterior while one prior moves and the others keep their proportions.

    Parameters
    ----------
    grid : sequence of float
        Priors of `hypothesis`, each strictly between 0 and 1.

    Raises
    ------
    StatsError
        As `update`; for an unknown hypothesis; for an empty grid or one outside (0, 1).

    Notes
    -----
    With weights w = prior x product of likelihoods, the hypothesis leads from the prior x
    that solves x L_h = (1 - x) max_j(prior_j L_j) / (1 - prior_h).
    """
    before, table = _checked(prior, likelihoods, scale)
    _known(hypothesis, before.index, "hypothesis")
    moved = np.asarray(grid, dtype=float)
    if moved.ndim != 1 or not moved.size or not ((moved > 0) & (moved < 1)).all():
        raise StatsError("The grid needs at least one prior, each strictly between 0 and 1.")
    rest = before.drop(hypothesis)
    log_likelihood = np.log(table).sum()
    share = np.log(rest / rest.sum()) + log_likelihood[rest.index]
    joint = pd.DataFrame(
        {
            name: np.log(moved) + log_likelihood[name]
            if name == hypothesis
            else np.log1p(-moved) + share[name]
            for name in before.index
        }
    )
    values = joint.to_numpy()
    rows = pd.DataFrame(
        np.exp(values - scipy.special.logsumexp(values, axis=1, keepdims=True)),
        columns=joint.columns,
    )
    rows.insert(0, "prior", moved)
    gap = float(share.max() - log_likelihood[hypothesis])
    return PriorSweep(hypothesis, rows, float(np.exp(gap - np.logaddexp(0, gap))))


def leave_one_out(
    prior: Prior,
    likelihoods: pd.DataFrame,
    scale: Scale = "probability",
    sources: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return the posterior without each card in turn.

    Parameters
    ----------
    sources : sequence of str, shape (cards,), optional
        If given, the cards of one source share one weight as in `share_sources`, with and
        without the card; those left of a source gain weight when one of them goes.

    Returns
    -------
    DataFrame, shape (cards, hypotheses + 2)
        Indexed by the card left out: posterior of each hypothesis, `leaders` (tuple of
        names) and `changes` (whether they differ from those with all cards).

    Raises
    ------
    StatsError
        As `update`, and as `share_sources`.
    """
    before, table = _checked(prior, likelihoods, scale)
    logs = np.log(table)
    gone = logs
    if sources is not None:
        gone = _share_lost(logs, sources)
        table = share_sources(table, sources)
    joint = _log_joint(before, table)
    values = (joint - gone).to_numpy()
    values = values - scipy.special.logsumexp(values, axis=1, keepdims=True)
    rows = pd.DataFrame(np.exp(values), index=table.index, columns=before.index)
    ahead = [_leaders(pd.Series(row, before.index)) for row in values]
    rows["leaders"] = ahead
    now = _leaders(joint)
    rows["changes"] = [names != now for names in ahead]
    return rows


def _share_lost(logs: pd.DataFrame, sources: Sequence[str]) -> pd.DataFrame:
    """Return what the log joint loses when a card goes and its source shares anew."""
    if len(sources) != len(logs):
        raise StatsError("Give one source for each card.")
    values = logs.to_numpy()
    speaks = np.ptp(np.exp(values), axis=1) > TIE
    names = np.asarray(list(sources), dtype=object)
    lost = values.copy()
    for i in np.flatnonzero(speaks):
        rest = speaks & (names == names[i])
        rest[i] = False
        if rest.any():
            others = values[rest].sum(axis=0)
            k = rest.sum() + 1
            lost[i] = (others + values[i]) / k - others / (k - 1)
    return pd.DataFrame(lost, index=logs.index, columns=logs.columns)


def share_sources(likelihoods: pd.DataFrame, sources: Sequence[str]) -> pd.DataFrame:
    """Return likelihoods in which the cards of one source together weigh as much as one.

    Each of the k cards of a source is raised to the power 1/k, so their product is their
    geometric mean. A card that is equally likely under every hypothesis says nothing and is
    not counted in k. Use the result with the scale "relative".

    Parameters
    ----------
    likelihoods : DataFrame, shape (cards, hypotheses)
        Positive numbers.
    sources : sequence of str, shape (cards,)
        Cards with the same entry share one weight.

    Raises
    ------
    StatsError
        If there is not one source for each card, or a likelihood is not positive.

    Notes
    -----
    A bound on dependence and not a model of it: it is right when the cards of a source are
    copies of one observation; with no sharing they are taken to be independent.
    """
    if len(sources) != len(likelihoods):
        raise StatsError("Give one source for each card.")
    values = likelihoods.to_numpy(dtype=float)
    if not (values > 0).all():
        raise StatsError("Every likelihood must be above 0.")
    speaks = np.ptp(values, axis=1) > TIE
    names = pd.Series(list(sources))
    counts = names[speaks].value_counts()
    power = 1 / names.map(counts).fillna(1).to_numpy(dtype=float)
    shared = np.where(speaks[:, None], values ** power[:, None], values)
    return pd.DataFrame(shared, index=likelihoods.index, columns=likelihoods.columns)


def disagreement(mine: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """Return on which cards two readers differ most, and between which two hypotheses.

    Parameters
    ----------
    mine, theirs : DataFrame, shape (cards, hypotheses)
        Positive likelihoods; cards and hypotheses in any order, those of `mine` are used.

    Returns
    -------
    DataFrame, shape (cards, 5)
        By card, the largest difference first: `first` and `second`, the pair of hypotheses
        whose likelihood ratio differs most; `mine` and `theirs`, that ratio in decibels;
        `difference` = mine - theirs, never negative.

    Raises
    ------
    StatsError
        If the two do not hold the same cards and hypotheses, or a likelihood is not positive.

    Notes
    -----
    With d = 10 log10(mine / theirs) by hypothesis, the largest difference of any ratio is
    max d - min d.
    """
    same = set(mine.index) == set(theirs.index) and set(mine.columns) == set(theirs.columns)
    if not same or mine.empty:
        raise StatsError("The two readers must have weighed the same cards and hypotheses.")
    a = mine.astype(float)
    b = theirs.loc[a.index, a.columns].astype(float)
    if not ((a > 0).all(axis=None) and (b > 0).all(axis=None)):
        raise StatsError("Every likelihood must be above 0.")
    in_db = 10 * np.log10(a)
    gap = in_db - 10 * np.log10(b)
    rows = []
    for card in a.index:
        first, second = gap.loc[card].idxmax(), gap.loc[card].idxmin()
        own = float(in_db.at[card, first] - in_db.at[card, second])
        difference = float(gap.at[card, first] - gap.at[card, second])
        rows.append((first, second, own, own - difference, difference))
    columns = ["first", "second", "mine", "theirs", "difference"]
    found = pd.DataFrame(rows, index=a.index, columns=columns)
    return found.sort_values("difference", ascending=False, kind="stable")
