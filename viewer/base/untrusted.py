"""Data of unknown origin: files in somebody's folder; JSON, words and numbers that a site or a program says."""

from __future__ import annotations

import errno
import json
import math
import os
import re
import stat
from typing import Any


def read_file(path: str | os.PathLike[str], most_bytes: int) -> bytes:
    """The file's first ``most_bytes``, and one more when it has more. Raises OSError, also for what is no plain file.

    A pipe with the name of a note would be waited for, and a link to /dev/zero would never end.
    """
    flags = (
        os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
    )
    with open(os.open(path, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is no plain file", os.fspath(path))
        return file.read(most_bytes + 1)


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
