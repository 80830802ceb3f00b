"""Positions in an order that the user makes: between any two there is always room for another, none ever moves.

A position is a text of digits and small letters that sorts as it stands. Its first eight are a number to base 36 that
is counted up at the end of the order and down at its beginning; further ones are a fraction, made where something
is put between two neighbours.
"""

from __future__ import annotations

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_WIDTH = 8
_MIDDLE = 36**_WIDTH // 2


def between(low: str | None, high: str | None) -> str:
    """A position after ``low`` and before ``high``; None stands for the beginning and the end of the order.

    ValueError when ``low`` is not before ``high``.
    """
    if low is None and high is None:
        return _written(_MIDDLE, _WIDTH)
    if high is None and low is not None:
        return _written(int(low[:_WIDTH], 36) + 1, _WIDTH)
    if low is None and high is not None and int(high[:_WIDTH], 36) > 1:
        return _written(int(high[:_WIDTH], 36) - 1, _WIDTH)
    low, high = low or "0" * _WIDTH, high or ""
    if low >= high:
        raise ValueError(f"not in order: {low!r}, {high!r}")
    width = max(len(low), len(high)) + 1
    middle = (int(low.ljust(width, "0"), 36) + int(high.ljust(width, "0"), 36)) // 2
    text = _written(middle, width)
    return text[:_WIDTH] + text[_WIDTH:].rstrip("0")


def _written(number: int, width: int) -> str:
    digits = []
    while number:
        number, rest = divmod(number, 36)
        digits.append(_DIGITS[rest])
    return "".join(reversed(digits)).rjust(width, "0")
