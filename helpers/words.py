"""How numbers and lists are said in a sentence, spelled one way in the whole suite."""

from __future__ import annotations

from collections.abc import Sequence


def listed(items: Sequence[object], most: int | None = None) -> str:
    """Return "a", "a and b" or "a, b and c"; beyond `most` items, "a, b and 3 more"."""
    said = [str(item) for item in items]
    if most is not None and len(said) > most:
        said = [*said[:most], f"{len(said) - most} more"]
    return " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)


def p_number(p: float) -> str:
    """Return a p value's digits, never zero.

    Four decimals below 0.02, three below 0.1, two above; "below 0.0001" where these say no more.
    """
    if p < 0.0001:
        return "below 0.0001"
    if p > 0.995:
        return "1.0" if p > 0.9995 else f"{p:.3f}"
    return f"{p:.4f}" if p < 0.02 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def p_says(p: float) -> str:
    """Return "p = 0.016", or "p below 0.0001"."""
    said = p_number(p)
    return f"p {said}" if said.startswith("below") else f"p = {said}"


def percent(share: float) -> str:
    """Return a share in per cent: one decimal below ten per cent, none above."""
    return f"{100 * share:.1f} %" if share < 0.1 else f"{100 * share:.0f} %"


def counted(number: int, one: str, many: str = "") -> str:
    """Return "1 woman" or "3 women"; without `many`, an s makes the plural."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"
