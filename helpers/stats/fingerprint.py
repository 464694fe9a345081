"""Which model printed this table? Families leave different digits on the same counts.

A group mean model (constant and one 0/1 term) is fixed by four counts, so every family can
be computed in closed form and compared, digit by digit, with what was printed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd
import scipy

from helpers.stats.comparison import check_counts
from helpers.stats.errors import StatsError

QUANTITIES: Final = ("group", "group_se", "constant", "constant_se", "log_likelihood", "aic")
LM: Final = "linear model (lm)"
STARGAZER: Final = "Gaussian GLM printed by stargazer"
LOGIT: Final = "logit"
PROBIT: Final = "probit"
IDENTITY: Final = "binomial, identity link"
FAMILIES: Final = (LM, STARGAZER, LOGIT, PROBIT, IDENTITY)
_SLACK: Final = 1e-9  # floating point only; rounding itself is half a unit


@dataclass(frozen=True)
class Verdict:
    """Whether a family could have printed the numbers, and the reason."""

    family: str
    possible: bool
    reason: str


@dataclass(frozen=True)
class Agreement:
    """One printed number against one family."""

    family: str
    quantity: str
    printed: str
    computed: float
    agrees: bool


def half_unit(printed: str) -> float:
    """Half a unit in the last printed place: the room that rounding leaves.

    Parameters
    ----------
    printed : str
        A number as printed, such as "0.457" (0.0005) or "-20.640" (0.0005).

    Raises
    ------
    StatsError
        Not a plain decimal number.
    """
    text = printed.strip().replace("\N{MINUS SIGN}", "-")
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "e" in text.lower():
        raise StatsError(f"{printed!r} is not a plain printed number such as '0.457'.")
    decimals = len(text.partition(".")[2])
    return 0.5 * 10.0**-decimals


def _value(printed: str) -> float:
    return float(printed.strip().replace("\N{MINUS SIGN}", "-"))


def agrees(printed: str, computed: float) -> bool:
    """Tell whether a computed number rounds to the printed one (ties allowed either way)."""
    return abs(_value(printed) - computed) <= half_unit(printed) + _SLACK


def signatures(a: float, n: float, b: float, m: float) -> pd.DataFrame:
    """Compute what each family prints for a group mean model.

    Parameters
    ----------
    a, n : int
        Outcomes and members where the 0/1 term is 1.
    b, m : int
        Outcomes and members where it is 0.

    Returns
    -------
    DataFrame, shape (5, 6)
        Index: family. Columns: group, group_se, constant, constant_se, log_likelihood, aic.
        The Gaussian AIC counts the error variance. stargazer prints rank - AIC/2 as the
        log-likelihood of a `glm`, which for a Gaussian one is the true value minus 1.

    Raises
    ------
    StatsError
        Impossible counts, or a group with only one kind of outcome (logit and probit have
        no finite estimate).
    """
    a, n, b, m = check_counts(a, n, b, m)
    if a in (0, n) or b in (0, m):
        raise StatsError(
            "One group has only one kind of outcome, so logit and probit have no finite "
            "estimate and cannot be compared."
        )
    p, q, total = a / n, b / m, n + m
    within = n * p * (1 - p) + m * q * (1 - q)
    s = math.sqrt(within / (total - 2))
    gaussian = -total / 2 * (math.log(2 * math.pi * within / total) + 1)
    gaussian_aic = 2 * 3 - 2 * gaussian
    linear = (p - q, s * math.sqrt(1 / n + 1 / m), q, s / math.sqrt(m))
    bernoulli = sum(
        k * math.log(r) + (size - k) * math.log(1 - r) for k, size, r in ((a, n, p), (b, m, q))
    )
    rows: dict[str, tuple[float, ...]] = {
        LM: (*linear, gaussian, gaussian_aic),
        STARGAZER: (*linear, 2 - gaussian_aic / 2, gaussian_aic),
    }
    variances = p * (1 - p) / n, q * (1 - q) / m
    norm = scipy.stats.norm
    links = {
        LOGIT: (math.log(p / (1 - p)), math.log(q / (1 - q)), p * (1 - p), q * (1 - q)),
        PROBIT: (norm.ppf(p), norm.ppf(q), norm.pdf(norm.ppf(p)), norm.pdf(norm.ppf(q))),
        IDENTITY: (p, q, 1.0, 1.0),
    }
    for family, (at_p, at_q, slope_p, slope_q) in links.items():
        parts = variances[0] / slope_p**2, variances[1] / slope_q**2
        rows[family] = (
            float(at_p - at_q),
            math.sqrt(sum(parts)),
            float(at_q),
            math.sqrt(parts[1]),
            bernoulli,
            4 - 2 * bernoulli,
        )
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(QUANTITIES))


def fingerprint(
    printed: Mapping[str, str], a: float, n: float, b: float, m: float
) -> tuple[Agreement, ...]:
    """Compare printed numbers of a group mean model with what each family would print.

    Parameters
    ----------
    printed : mapping
        Any of "group", "group_se", "constant", "constant_se", "log_likelihood", "aic", as
        printed strings: their decimals say how much rounding to allow.
    a, n, b, m : int
        The four counts, as in `signatures`.

    Returns
    -------
    tuple of Agreement
        Five families times the printed numbers.

    Raises
    ------
    StatsError
        Nothing printed, an unknown quantity, not a number, or counts `signatures` refuses.
    """
    if not printed:
        raise StatsError("Give at least one printed number to compare.")
    unknown = sorted(set(printed) - set(QUANTITIES))
    if unknown:
        raise StatsError(f"Unknown quantity {unknown[0]!r}; choose among {', '.join(QUANTITIES)}.")
    for text in printed.values():
        half_unit(text)
    table = signatures(a, n, b, m).to_dict("index")
    return tuple(
        Agreement(str(family), name, printed[name], row[name], agrees(printed[name], row[name]))
        for family, row in table.items()
        for name in QUANTITIES
        if name in printed
    )


def families_behind(found: tuple[Agreement, ...]) -> tuple[str, ...]:
    """Return the families with which every printed number agrees."""
    failed = {cell.family for cell in found if not cell.agrees}
    return tuple(family for family in FAMILIES if family not in failed)


def likelihood_verdicts(
    log_likelihood: str, n: int, rank: int, aic: str | None = None
) -> tuple[Verdict, ...]:
    """Judge families of a 0/1 outcome from the printed fit alone, without counts.

    Parameters
    ----------
    log_likelihood, aic : str
        As printed; AIC may be missing.
    n : int
        Rows.
    rank : int
        Estimated coefficients, the constant included.

    Returns
    -------
    tuple of Verdict
        For the linear model with its true log-likelihood, the Gaussian GLM printed by
        stargazer, and a Bernoulli model (logit, probit) with a constant. "Possible" means
        not contradicted. Used: AIC = 2 * parameters - 2 * log-likelihood; a Bernoulli
        maximum is never below -n log 2; the variance of 0/1 residuals is at most 1/4.

    Raises
    ------
    StatsError
        Not printed numbers, or n and rank impossible.
    """
    if rank < 1 or n <= rank:
        raise StatsError(f"A model with {rank} coefficients needs more than {rank} rows, got {n}.")
    room = half_unit(log_likelihood)
    value = _value(log_likelihood)
    verdicts = []
    for family, parameters, offset in (
        (LM, rank + 1, 0.0),
        (STARGAZER, rank, 1.0),
        ("Bernoulli (logit, probit)", rank, 0.0),
    ):
        reason = _contradiction(value, room, n, parameters, offset, aic, family)
        verdicts.append(Verdict(family, not reason, reason or "nothing contradicts it"))
    return tuple(verdicts)


def _contradiction(
    value: float, room: float, n: int, parameters: int, offset: float, aic: str | None, family: str
) -> str:
    if aic is not None:
        expected = 2 * parameters - 2 * value
        if abs(_value(aic) - expected) > half_unit(aic) + 2 * room + _SLACK:
            return (
                f"its AIC would be {expected:.3f} ({parameters} parameters), but {aic} is printed"
            )
    true = value + offset
    if family.startswith("Bernoulli"):
        floor = -n * math.log(2)
        if true < floor - room:
            return f"with a constant it cannot fall below -n log 2 = {floor:.3f}"
        return "" if true <= room else "a probability's logarithm cannot be positive"
    floor = -n / 2 * (math.log(2 * math.pi / 4) + 1)
    if true < floor - room:
        return f"residuals of a 0/1 outcome cannot be so large (floor {floor:.3f})"
    return ""
