"""Read what a learner entered and bring it to one canonical form."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

PERCENT_UNITS = frozenset({"%", "percent", "per cent"})
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", re.IGNORECASE)


class UnreadableAnswer(ValueError):
    """The answer cannot be read as the kind of answer the exercise asks for."""


def is_blank(answer: object) -> bool:
    """Tell whether nothing was entered: None, an ellipsis, empty text or an empty collection."""
    if answer is None or answer is Ellipsis:
        return True
    if isinstance(answer, str):
        return not answer.strip()
    return isinstance(answer, list | tuple | set | frozenset | dict) and not answer


def _one_decimal_mark(text: str) -> str:
    """Return `text` with a decimal point and no thousands separators."""
    if "," not in text:
        return text
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+\.\d+", text):
        return text.replace(",", "")
    if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+,\d+", text):
        return text.replace(".", "").replace(",", ".")
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}(,\d{3})+", text):
        raise UnreadableAnswer(
            f'"{text}" could be a thousand or a decimal; write it without the comma, '
            "or with a point for decimals."
        )
    if text.count(",") == 1 and "." not in text:
        return text.replace(",", ".")
    raise UnreadableAnswer(f'"{text}" is not a number we can read; write it like 12.5.')


def _plain(text: str) -> float:
    marked = _one_decimal_mark(text.strip())
    if not _PLAIN.fullmatch(marked):
        raise UnreadableAnswer(f'"{text[:40]}" is not a number we can read; write it like 12.5.')
    return float(marked)


def parse_number(answer: object, unit: str | None = None) -> float:
    """Return the number a learner entered.

    Parameters
    ----------
    answer : object
        A number, or text such as "12.5", "12,5", "89%", "17/19" or "14 months".
    unit : str, optional
        Unit of the exercise. When it is a percentage, "89%" is 89 and a fraction is read as
        a share (17/19 is 89.47); otherwise "89%" is 0.89.

    Returns
    -------
    float

    Raises
    ------
    UnreadableAnswer
        When no finite number can be read.
    """
    in_percent = unit in PERCENT_UNITS
    if isinstance(answer, bool) or type(answer).__name__ in {"bool_", "bool"}:
        raise UnreadableAnswer("A number is expected here, not true or false.")
    if isinstance(answer, str):
        value = _number_from_text(answer, unit, in_percent)
    else:
        try:
            value = float(answer)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError) as error:
            raise UnreadableAnswer(
                f"A single number is expected here, not a {type(answer).__name__}."
            ) from error
    if not math.isfinite(value):
        raise UnreadableAnswer("A finite number is expected here.")
    return value


def _number_from_text(answer: str, unit: str | None, in_percent: bool) -> float:
    text = unicodedata.normalize("NFKC", answer).replace("\u2212", "-").replace("\u2044", "/")
    text = text.strip()
    if unit and not in_percent and text.casefold().endswith(unit.casefold()):
        text = text[: -len(unit)].strip()
    had_percent = False
    for mark in ("%", "percent", "per cent"):
        if text.casefold().endswith(mark):
            text, had_percent = text[: -len(mark)].strip(), True
            break
    text = re.sub(r"(?<=\d) (?=\d{3}(\D|$))", "", text)
    if text.count("/") == 1 and any(c.isdigit() for c in text):
        top, bottom = (_plain(part) for part in text.split("/"))
        if bottom == 0:
            raise UnreadableAnswer("A fraction cannot have zero below the line.")
        value = top / bottom
        return value * 100 if in_percent and not had_percent else value
    value = _plain(text)
    return value / 100 if had_percent and not in_percent else value


def grid_places(tolerance: float, decimals: int | None) -> int:
    """Return the decimals to which a number is rounded before it is compared.

    The step is a power of ten between a fiftieth and a fifth of the tolerance.
    """
    if tolerance > 0:
        return -math.floor(math.log10(tolerance / 5) + 1e-9)
    return 6 if decimals is None else decimals


def on_grid(value: float, places: int) -> str:
    """Return the canonical text of a number rounded half up to `places` decimals."""
    scaled = Decimal(repr(float(value))).scaleb(places)
    return f"#{int(scaled.to_integral_value(ROUND_HALF_UP))}"


def grid_window(value: float, tolerance: float, places: int) -> list[str]:
    """Return every canonical text that counts as `value` within `tolerance`.

    Half a step is added on both sides so that no number within the tolerance is refused.
    """
    half = Decimal("0.5")
    centre = Decimal(repr(float(value))).scaleb(places)
    reach = Decimal(repr(float(tolerance))).scaleb(places)
    if not reach:
        return [on_grid(value, places)]
    low = int((centre - reach - half).to_integral_value(ROUND_CEILING))
    high = int((centre + reach + half).to_integral_value(ROUND_FLOOR))
    return [f"#{k}" for k in range(low, high + 1)]


def fold(text: object) -> str:
    """Return option text without differences of capitals and spacing."""
    return " ".join(unicodedata.normalize("NFKC", str(text)).casefold().split())


def fold_words(text: object) -> str:
    """Return short text without differences of capitals, accents, punctuation and spacing."""
    plain = unicodedata.normalize("NFKD", fold(text))
    kept = (c for c in plain if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in kept).split())


def match_option(answer: object, options: list[str]) -> str:
    """Return the option that `answer` names.

    Raises
    ------
    UnreadableAnswer
        When it names none of them.
    """
    wanted = fold(answer)
    for option in options:
        if fold(option) == wanted:
            return option
    listed = "; ".join(option.rstrip(".") for option in options)
    raise UnreadableAnswer(f'"{str(answer)[:60]}" is not one of the options: {listed}.')


def match_options(answer: object, options: list[str]) -> list[str]:
    """Return the options that `answer` (one text or a collection of texts) names, in its order."""
    if isinstance(answer, str):
        return [match_option(answer, options)]
    if isinstance(answer, Mapping) or not isinstance(answer, Iterable):
        raise UnreadableAnswer("A list of options is expected here.")
    return [match_option(item, options) for item in answer]


def canonical_set(chosen: Iterable[str]) -> str:
    """Return the canonical text of a set of options."""
    return "set:" + json.dumps(sorted({fold(c) for c in chosen}))


def canonical_order(chosen: Iterable[str]) -> str:
    """Return the canonical text of an order of options."""
    return "order:" + json.dumps([fold(c) for c in chosen])


def canonical_before(first: str, second: str) -> str:
    """Return the canonical text of "first was put before second"."""
    return "before:" + json.dumps([fold(first), fold(second)])


def canonical_result(value: Any, places: int) -> str:
    """Return the canonical text of what a learner's function returned.

    Numbers are rounded to `places` decimals; arrays, series and tuples count as lists.
    """
    return json.dumps(_simple(value, places), sort_keys=True, ensure_ascii=False)


def _simple(value: Any, places: int) -> Any:
    if hasattr(value, "tolist"):
        value = value.tolist()
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return on_grid(float(value), places) if math.isfinite(value) else f"#{float(value)}"
    if isinstance(value, Mapping):
        return {str(k): _simple(v, places) for k, v in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((_simple(v, places) for v in value), key=str)
    if isinstance(value, Iterable):
        return [_simple(v, places) for v in value]
    return f"<{type(value).__name__}>"
