"""What the printed numbers of Table 3 give away: the counts behind models 1 and 3.

Linear regressions on counts can be undone. Model 1 has two groups, so its two
coefficients are two shares. Model 3 has four regions, and its coefficients, standard
errors and log-likelihood, each printed to three decimals, leave a single table of counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import exp, pi, sqrt
from typing import Final

import numpy as np

from helpers.study.published import PrintedModel

HALF: Final = 0.0005
"""Half a unit of the third decimal: a printed number stands for an interval this wide."""

Cell = tuple[int, int, int]
"""Women, campaign women, released women of one region."""


@dataclass(frozen=True)
class RegionCounts:
    """Counts by region, in the order Other, Africa, Asia, Middle East."""

    women: tuple[int, int, int, int]
    campaign: tuple[int, int, int, int]
    released: tuple[int, int, int, int]


def implied_shares(printed: PrintedModel, n: int = 252) -> list[tuple[int, int, int, int]]:
    """All (released, women) inside and outside the campaign that print model 1 exactly.

    Parameters
    ----------
    printed : PrintedModel
        Model 1 of Table 3.
    n : int
        Number of women.

    Returns
    -------
    list of (released inside, inside, released outside, outside)
    """
    effect, base = printed.estimate
    found = []
    for inside in range(1, n):
        outside = n - inside
        for released_out in range(outside + 1):
            if abs(released_out / outside - base) > HALF:
                continue
            for released_in in range(inside + 1):
                share = released_in / inside
                if abs(share - released_out / outside - effect) > HALF:
                    continue
                rss = inside * share * (1 - share) + released_out * (1 - released_out / outside)
                errors = (
                    sqrt(rss / (n - 2) * (1 / inside + 1 / outside)),
                    sqrt(rss / (n - 2) / outside),
                )
                close = all(
                    abs(e - p) <= HALF for e, p in zip(errors, printed.std_error, strict=True)
                )
                if close and abs(_printed_loglik(rss, n) - printed.log_likelihood) <= HALF:
                    found.append((released_in, inside, released_out, outside))
    return found


def _printed_loglik(rss: float, n: int) -> float:
    """Gaussian log-likelihood minus one, as stargazer prints it for a `glm`."""
    return -n / 2 * (np.log(2 * np.pi * rss / n) + 1) - 1


def implied_counts(
    printed: PrintedModel, n: int = 252, campaign: int = 19, released: int = 119, both: int = 17
) -> list[RegionCounts]:
    """All tables of counts by region that print model 3 of Table 3 to the last digit.

    Every cell is enumerated; interval bounds on the standard errors only discard cells
    that no table could contain. The margins come from model 1.

    Parameters
    ----------
    printed : PrintedModel
        Model 3 of Table 3: campaign, Africa, Asia, Middle East, constant.
    n, campaign, released, both : int
        All women, campaign women, released women, released campaign women.

    Returns
    -------
    list of RegionCounts
        One table for the paper's numbers.
    """
    effect, africa, asia, middle_east, constant = printed.estimate
    error_effect, *error_regions, error_constant = printed.std_error
    rss = n / (2 * pi) * exp(-2 * (printed.log_likelihood + 1) / n - 1)
    scale = sqrt(rss / (n - 5))
    within = (
        (scale / (error_effect + HALF)) ** 2,  # smallest and largest Sum f (1 - f / n)
        (scale / (error_effect - HALF)) ** 2,
    )
    found = []
    for base in _cells(constant, HALF, effect, n, campaign):
        if not _possible(error_constant, scale, within, 1 / base[0], base[1] / base[0]):
            continue
        rest = []
        for shift, error in zip((africa, asia, middle_east), error_regions, strict=True):
            cells = _cells(constant + shift, 2 * HALF, effect, n, campaign)
            rest.append(
                {
                    cell
                    for cell in cells
                    if _possible(
                        error,
                        scale,
                        within,
                        1 / cell[0] + 1 / base[0],
                        cell[1] / cell[0] - base[1] / base[0],
                    )
                }
            )
        for first, second in product(rest[0], rest[1]):
            third = (
                n - base[0] - first[0] - second[0],
                campaign - base[1] - first[1] - second[1],
                released - base[2] - first[2] - second[2],
            )
            if third in rest[2] and _prints(printed, (base, first, second, third), both):
                columns = list(zip(base, first, second, third, strict=True))
                found.append(RegionCounts(columns[0], columns[1], columns[2]))
    return found


def _cells(level: float, slack: float, effect: float, n: int, campaign: int) -> list[Cell]:
    """Cells whose released women agree with the region's printed intercept."""
    cells = []
    for women in range(1, n):
        for inside in range(min(campaign, women) + 1):
            middle = women * level + inside * effect
            room = women * slack + inside * HALF
            low, high = int(np.ceil(middle - room)), int(np.floor(middle + room))
            cells += [(women, inside, k) for k in range(max(low, 0), min(high, women) + 1)]
    return cells


def _possible(
    error: float, scale: float, within: tuple[float, float], inverse: float, tilt: float
) -> bool:
    """Whether a printed standard error can belong to these cells."""
    smallest = scale * sqrt(inverse + tilt**2 / within[1])
    largest = scale * sqrt(inverse + tilt**2 / within[0])
    return smallest <= error + 1.01 * HALF and largest >= error - 1.01 * HALF


def _prints(printed: PrintedModel, cells: tuple[Cell, ...], both: int) -> bool:
    """Whether ordinary least squares on these counts prints exactly as the paper does."""
    women, inside, out = (np.array(column, dtype=float) for column in zip(*cells, strict=True))
    spread = float((inside * (1 - inside / women)).sum())
    if spread <= 0:
        return False
    joint = both - float((inside * out / women).sum())
    effect = joint / spread
    level = (out - inside * effect) / women
    n = float(women.sum())
    rss = float(out.sum() - (out**2 / women).sum() - joint**2 / spread)
    if rss <= 0:
        return False
    scale = sqrt(rss / (n - 5))
    share = inside / women
    estimates = [effect, *(level[1:] - level[0]), level[0]]
    errors = [
        1 / sqrt(spread),
        *np.sqrt(1 / women[1:] + 1 / women[0] + (share[1:] - share[0]) ** 2 / spread),
        sqrt(1 / women[0] + share[0] ** 2 / spread),
    ]
    got = [*estimates, *(scale * error for error in errors), _printed_loglik(rss, int(n))]
    want = [*printed.estimate, *printed.std_error, printed.log_likelihood]
    return all(abs(g - w) <= HALF + 1e-9 for g, w in zip(got, want, strict=True))
