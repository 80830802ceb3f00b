"""Bytes to text: which encoding a file is in, and what to say when it is not text at all."""

from __future__ import annotations

import codecs
import re

from viewer.domain.note import Problem
from viewer.formats.problems import problem

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
"""Bytes that no text in an eight-bit encoding holds (tab, line ends, form feed and escape are allowed)."""

_SAMPLE = 65_536
"""How many bytes are looked at to tell text from other things."""


def decode(data: bytes) -> tuple[str, list[Problem]]:
    """The text of a file's bytes, with ``\\n`` as its only line end, and what was odd about it. Never raises.

    Known are UTF-8, UTF-16 and UTF-32 with a byte order mark, UTF-16 without one, UTF-8, and as a last resort
    Windows-1252, which is a problem ``encoding-guessed``. What is no text (NUL bytes, many control letters) gives
    an empty text and a problem ``not-text``: a picture shown as letters helps nobody.
    """
    if not data:
        return "", []
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _with_bom(data[len(mark) :], name)
    if b"\0" in data[:_SAMPLE] or b"\0" in data:
        return _without_bom_utf16(data)
    try:
        return _newlines(data.decode("utf-8")), []
    except UnicodeDecodeError as error:
        return _eight_bit(data, error)


def normalised(text: str) -> str:
    """The text with ``\\n`` as its only line end, without byte order marks and halves of letters."""
    text = _newlines(text[1:] if text.startswith("\ufeff") else text)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text


def _newlines(text: str) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def _with_bom(data: bytes, name: str) -> tuple[str, list[Problem]]:
    text = data.decode(name, errors="replace")
    if _is_junk(text):
        return "", [_not_text()]
    problems = []
    if "\ufffd" in text:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        problems.append(
            problem("encoding-guessed", line, "Some letters of this file are damaged; they show as \ufffd.")
        )
    return _newlines(text), problems


def _without_bom_utf16(data: bytes) -> tuple[str, list[Problem]]:
    # Latin text in UTF-16 has a NUL in nearly every pair; other scripts still have it in spaces and line ends.
    sample = data[: _SAMPLE & ~1]
    odd, even = sample[1::2].count(0), sample[0::2].count(0)
    if len(data) % 2 == 0 and max(odd, even) > 4 * min(odd, even) and max(odd, even) * 20 > len(sample):
        try:
            text = data.decode("utf-16-le" if odd > even else "utf-16-be")
        except UnicodeDecodeError:
            return "", [_not_text()]
        if not _is_junk(text):
            return _newlines(text), []
    return "", [_not_text()]


def _eight_bit(data: bytes, error: UnicodeDecodeError) -> tuple[str, list[Problem]]:
    if len(_CONTROLS.findall(data[:_SAMPLE])) * 100 > len(data[:_SAMPLE]):
        return "", [_not_text()]
    line = data.count(b"\n", 0, error.start) + 1
    sound = data.decode("utf-8", errors="replace")
    damaged = sound.count("\ufffd")
    high = sum(1 for byte in data[:_SAMPLE] if byte > 127)
    if damaged * 20 < high or data[error.start :].decode("utf-8", errors="ignore") == "":
        # Mostly sound UTF-8 with a broken letter somewhere (a cut file): guessing anew would damage the rest.
        message = "Some letters of this file are damaged; they show as \ufffd."
        return _newlines(sound), [problem("encoding-guessed", line, message)]
    text = data.decode("cp1252", errors="replace")
    if "\ufffd" in text:
        text = data.decode("latin-1")
    message = "This file is not UTF-8; it was read as Windows-1252. Letters with accents may be wrong."
    return _newlines(text), [problem("encoding-guessed", line, message)]


def _is_junk(text: str) -> bool:
    sample = text[:_SAMPLE]
    odd = sum(1 for letter in sample if letter < " " and letter not in "\t\n\r\f\x1b")
    return odd * 100 > len(sample)


def _not_text() -> Problem:
    return problem("not-text", None, "This file is not text; nothing of it can be shown.")
