"""Numbers written two ways: ``six`` and ``6``, ``$6.5 billion`` and ``six point five billion dollars``.

Only English number words are known; digits of every script are. A number's key is its value in plain digits
(``6500000000``, ``6.5``), an ordinal's its value and ``th`` (``21th``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

_UNIT_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TEN_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINAL_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_TENTH_WORDS = "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth"
_UNITS = {word: value for value, word in enumerate(_UNIT_WORDS.split())}
_TENS = {word: 10 * value for value, word in enumerate(_TEN_WORDS.split(), start=2)}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_ORDINALS = {word: value for value, word in enumerate(_ORDINAL_WORDS.split(), start=1)} | {
    word: 10 * value for value, word in enumerate(_TENTH_WORDS.split(), start=2)
}
_SUFFIXES = {"k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "t": 10**12, "tn": 10**12}

CURRENCIES = {"$": "dollars", "€": "euros", "£": "pounds", "¥": "yen", "₹": "rupees"}
"""Signs that stand before an amount, and the word that is said after it."""

STARTERS = frozenset(_UNITS) | frozenset(_TENS) | frozenset(_ORDINALS) | frozenset(CURRENCIES) | {"a"}
"""Keys, besides those that begin with a digit, with which a number can begin."""

_DIGITS = re.compile(r"\d+(?:\.\d+)?\Z")
_WRITTEN = re.compile(r"(?P<number>\d+(?:[.,]\d+)*)(?P<suffix>[a-z]{0,2})\Z")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z")


def _plain(value: Decimal) -> str:
    return str(int(value)) if value == value.to_integral_value() else format(value.normalize(), "f")


def written_number(text: str) -> str | None:
    """The key of one written number in lower case (``5,000``, ``6.5b``, ``21st``); None when it is none.

    A comma before exactly three digits groups thousands, any other single comma is a decimal one.
    """
    match = _WRITTEN.match(text)
    if match is None or len(text) > 30:
        return None
    digits = match["number"]
    if _THOUSANDS.match(digits):
        digits = digits.replace(",", "")
    elif digits.count(",") + digits.count(".") > 1:
        return None
    value = Decimal(digits.replace(",", "."))
    suffix = match["suffix"]
    if suffix in ("st", "nd", "rd", "th"):
        return f"{_plain(value)}th"
    if suffix and suffix not in _SUFFIXES:
        return None
    return _plain(value * _SUFFIXES.get(suffix, 1))


def _below_hundred(keys: Sequence[str], at: int) -> tuple[int, int] | None:
    word = keys[at] if at < len(keys) else ""
    if word in _UNITS:
        return _UNITS[word], at + 1
    if word not in _TENS:
        return None
    unit = _UNITS.get(keys[at + 1], 0) if at + 1 < len(keys) else 0
    return (_TENS[word] + unit, at + 2) if 0 < unit < 10 else (_TENS[word], at + 1)


def _below_thousand(keys: Sequence[str], at: int) -> tuple[int, int] | None:
    small = _below_hundred(keys, at)
    if small is None:
        return None
    value, end = small
    if end < len(keys) and keys[end] == "hundred":
        value, end = value * 100, end + 1
        rest = _below_hundred(keys, end + 1 if keys[end : end + 1] == ["and"] else end)
        # "between one hundred and two hundred" is two numbers.
        if rest is not None and keys[rest[1] : rest[1] + 1] != ["hundred"]:
            value, end = value + rest[0], rest[1]
    elif 10 <= value <= 20:
        # Years: "nineteen eighty four", "twenty twenty six".
        rest = _below_hundred(keys, end)
        if rest is not None and rest[0] >= 10:
            value, end = value * 100 + rest[0], rest[1]
    return value, end


def _fraction(keys: Sequence[str], at: int) -> tuple[str, int]:
    digits = ""
    while at < len(keys) and _UNITS.get(keys[at], 10) < 10:
        digits += str(_UNITS[keys[at]])
        at += 1
    return digits, at


def goes_on_alone(keys: Sequence[str], at: int, comma: bool) -> bool:
    """Whether behind punctuation ``keys[at]`` is a new number rather than the rest of the one before.

    ``two thousand, five hundred`` and ``six. Point five`` are one number; ``six million, five people`` are two.
    """
    if keys[at] not in _UNITS and keys[at] not in _TENS:
        return False
    if not comma:
        return keys[at - 1] != "point"
    group = _below_thousand(keys, at)
    behind = keys[group[1]] if group and group[1] < len(keys) else ""
    return keys[at - 1] in _SCALES and "hundred" not in keys[at + 1 : at + 3] and behind not in _SCALES


def read_number(keys: list[str], at: int) -> tuple[str, int] | None:
    """The key of the number that begins at ``keys[at]``, and the index behind it; None when none begins there."""
    word = keys[at]
    if word == "a":
        # "a million" says 1,000,000; any other "a" is an article.
        if keys[at + 1 : at + 2] == ["hundred"]:
            return "100", at + 2
        if at + 1 < len(keys) and keys[at + 1] in _SCALES:
            return str(_SCALES[keys[at + 1]]), at + 2
        return None
    if word in _ORDINALS:
        return f"{_ORDINALS[word]}th", at + 1
    if word in _TENS and at + 1 < len(keys) and _ORDINALS.get(keys[at + 1], 10) < 10:
        return f"{_TENS[word] + _ORDINALS[keys[at + 1]]}th", at + 2
    if _DIGITS.match(word):
        value, end = Decimal(word), at + 1
        if end < len(keys) and (keys[end] in _SCALES or keys[end] == "hundred"):
            value, end = value * _SCALES.get(keys[end], 100), end + 1
        return _plain(value), end
    else:
        group = _below_thousand(keys, at)
        if group is None:
            return None
        value, end = Decimal(group[0]), group[1]
        if end < len(keys) and keys[end] == "point":
            digits, behind = _fraction(keys, end + 1)
            if digits:
                value, end = value + Decimal(f"0.{digits}"), behind
    return _scaled(keys, value, end)


def _scaled(keys: list[str], value: Decimal, end: int) -> tuple[str, int]:
    total = Decimal(0)
    limit = 10**15
    while end < len(keys) and _SCALES.get(keys[end], limit) < limit:
        limit = _SCALES[keys[end]]
        total += value * limit
        value, end = Decimal(0), end + 1
        follow = end + 1 if keys[end : end + 1] == ["and"] else end
        group = _below_thousand(keys, follow)
        if group is None or (group[1] < len(keys) and _SCALES.get(keys[group[1]], 0) >= limit):
            break
        value, end = Decimal(group[0]), group[1]
    return _plain(total + value), end
