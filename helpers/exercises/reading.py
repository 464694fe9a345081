"""Read what a learner entered and bring it to one canonical form."""

from __future__ import annotations

import ast
import json
import math
import operator
import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

PERCENT_UNITS = frozenset({"%", "percent", "per cent"})
POINT_UNITS = frozenset({"points", "percentage points"})
_ENDED = re.compile(
    r"(?P<number>.*?[\d.)])\s*(?P<unit>-fold|%[a-z -]*|x|[a-z][a-z .-]*)", re.IGNORECASE
)
_SIGNS = (
    ("\u2212", "-"), ("\u2013", "-"), ("\u2044", "/"), ("\u00d7", "*"), ("\u00f7", "/"),
    ("\u00b7", "*"),
)  # fmt: skip
_UNITS = {
    **dict.fromkeys(
        ("point", "points", "pp", "percentage point", "percentage points", "%-points", "% points"),
        "points",
    ),
    **dict.fromkeys(("x", "times", "time", "fold", "-fold"), "times"),
    **dict.fromkeys(("month", "months", "mo", "mos"), "months"),
    **dict.fromkeys(("year", "years", "yr", "yrs"), "years"),
    **dict.fromkeys(("day", "days"), "days"),
    **dict.fromkeys(("week", "weeks"), "weeks"),
    **dict.fromkeys(("woman", "women", "person", "people", "persons", "names"), "people"),
    **dict.fromkeys(("db", "decibel", "decibels"), "db"),
    **dict.fromkeys(("sd", "standard deviation", "standard deviations"), "standard deviations"),
    **{one: f"{one}s" for one in ("test", "round", "claim", "outcome")},
}
"""Units as people write them, each with its one name."""
_WORDS = dict(
    zero=0, one=1, two=2, three=3, four=4, five=5, six=6, seven=7, eight=8, nine=9, ten=10,
    eleven=11, twelve=12, thirteen=13, fourteen=14, fifteen=15, sixteen=16, seventeen=17,
    eighteen=18, nineteen=19, twenty=20,
)  # fmt: skip
_OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_FUNCTIONS = {"sqrt": math.sqrt, "exp": math.exp, "ln": math.log, "log": math.log}
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


def _unreadable(entry: str) -> UnreadableAnswer:
    return UnreadableAnswer(
        f'"{entry.strip()[:60]}" is not a number we can read; write it like 12.5, 17/19 or sqrt(2).'
    )


def _plain(text: str) -> float:
    marked = _one_decimal_mark(text.strip())
    if not _PLAIN.fullmatch(marked):
        raise _unreadable(text)
    return float(marked)


def parse_number(answer: object, unit: str | None = None) -> float:
    """Return the number a learner entered.

    Parameters
    ----------
    answer : object
        A number, or text such as "12.5", "12,5", "89%", "17/19", "14 of 19", "14 months",
        "10.9x", "2/sqrt(19)" or "two".
    unit : str, optional
        Unit of the exercise. When it is a percentage or points, "89%" is 89 and a fraction is
        read as a share (17/19 is 89.47), a sum of fractions too while it is at most 1; otherwise
        "89%" is 0.89.

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
    text = unicodedata.normalize("NFKC", answer)
    for typed, plain in _SIGNS:
        text = text.replace(typed, plain)
    text = text.strip().removeprefix("=").strip()
    text, had_percent = _without_unit(text, unit, answer)
    # A percentage sign beside points, or beside per cent, is the unit and no division.
    scaled = in_percent or unit in POINT_UNITS
    text = re.sub(r"(?<=\d) (?=\d{3}(\D|$))", "", text)
    word = _WORDS.get(text.casefold())
    if word is not None:
        return float(word)
    text = re.sub(r"(?<=\d)\s+of\s+(?=\d)", "/", text)
    if text.count("/") == 1 and re.fullmatch(r"[\d.,+\-e\s]+/[\d.,+\-e\s]+", text):
        top, bottom = (_plain(part) for part in text.split("/"))
        if bottom == 0:
            raise UnreadableAnswer("A fraction cannot have zero below the line.")
        value = top / bottom
        return value * 100 if scaled and not had_percent else value
    if re.search(r"[*/^()a-z]|(?<=[\d.)])\s*[+-]", text.casefold()) and not _looks_plain(text):
        value = _arithmetic(text, answer)
        share = scaled and not had_percent and "/" in text and abs(value) <= 1
        return value * 100 if share else value
    value = _plain_of(text, answer)
    return value / 100 if had_percent and not scaled else value


def _looks_plain(text: str) -> bool:
    return _PLAIN.fullmatch(text.replace(",", ".", 1)) is not None


def _plain_of(text: str, entry: str) -> float:
    try:
        return _plain(text)
    except UnreadableAnswer as error:
        # The whole entry is quoted, not what was left of it.
        raise error if text == entry.strip() or "," in text else _unreadable(entry) from None


def _without_unit(text: str, unit: str | None, entry: str) -> tuple[str, bool]:
    """Return the text without a unit at its end, and whether that was a percentage sign."""
    if (
        unit
        and unit.casefold() not in {*PERCENT_UNITS, *_UNITS}
        and text.casefold().endswith(unit.casefold())
    ):
        return text[: -len(unit)].strip(), False
    found = _ENDED.fullmatch(text)
    if not found or found["unit"].casefold() in {"e"}:
        return text, False
    said = " ".join(found["unit"].casefold().rstrip(".").split())
    number = found["number"].strip()
    if said in PERCENT_UNITS:
        return number, True
    own = _UNITS.get((unit or "").casefold(), (unit or "").casefold())
    meant = _UNITS.get(said, said)
    if meant == own or (not unit and meant == "times") or meant in own.split():
        return number, False
    if meant in _UNITS.values():
        wanted = f"{unit} are asked for" if unit else "a number without a unit is asked for"
        raise UnreadableAnswer(f'"{entry.strip()[:60]}" is in {meant}; {wanted}.')
    return text, False


def _arithmetic(text: str, entry: str) -> float:
    """Return the value of simple arithmetic: + - * / ^ ( ) sqrt exp ln."""
    # A date, a slip of the pen or another base is no arithmetic.
    if re.search(r"\d[xob_]", text, re.IGNORECASE):
        raise _unreadable(entry)
    if re.fullmatch(r"\d+/\d+/\d+", text) or re.search(r"[+-]\s*[+-]", text):
        raise _unreadable(entry)
    try:
        tree = ast.parse(text.replace("^", "**").replace(",", "."), mode="eval")
        return _value(tree.body)
    except UnreadableAnswer:
        raise
    except ZeroDivisionError:
        raise UnreadableAnswer(f'"{entry.strip()[:60]}" divides by zero.') from None
    except (SyntaxError, ValueError, OverflowError, TypeError, RecursionError, MemoryError):
        raise _unreadable(entry) from None


def _value(node: ast.AST) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.UnaryOp) and type(node.op) in (ast.USub, ast.UAdd):
        inner = _value(node.operand)
        return -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        left, right = _value(node.left), _value(node.right)
        if isinstance(node.op, ast.Pow) and not abs(right) <= 100:
            raise ValueError
        return float(_OPERATIONS[type(node.op)](left, right))
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id.casefold() in _FUNCTIONS
        and len(node.args) == 1
        and not node.keywords
    ):
        return float(_FUNCTIONS[node.func.id.casefold()](_value(node.args[0])))
    raise ValueError


def decimals_typed(answer: object) -> int | None:
    """Return how many decimals were written, or None where no plain number was."""
    if isinstance(answer, float | int) and not isinstance(answer, bool):
        text = repr(answer)
    else:
        text = str(answer).strip()
    found = re.fullmatch(r"[+\-\u2212]?\d+(?:[.,](\d+))?\s*[^\d]*", text)
    return len(found[1] or "") if found else None


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
