"""Data of unknown origin: JSON and numbers that a site, a file or another program says."""

from __future__ import annotations

import json
import math
import re
from typing import Any


def read_json(text: str | bytes) -> Any:
    """The value that JSON stands for. ValueError for anything that is none, also for what is nested without end.

    Python's own reader raises RecursionError there, which is no error that anybody expects of a file.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


_HALF_LETTERS = re.compile("[\\ud800-\\udfff]")


def told_text(value: object) -> str:
    """Words that were told; empty when they are none.

    JSON can hold half of a letter (``"\\ud800"``), which no file, no database and no terminal takes: U+FFFD instead.
    """
    return _HALF_LETTERS.sub("\ufffd", value) if isinstance(value, str) else ""


def told_number(value: object) -> float | None:
    """A count or a length that was told: finite and not below zero; None for everything else.

    JSON as Python reads it has ``Infinity``, ``NaN`` and whole numbers beyond every float.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        told = float(value)
    except OverflowError:
        return None
    return told if math.isfinite(told) and told >= 0 else None
