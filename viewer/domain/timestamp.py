"""Timestamps: whole milliseconds from the start of a video, and how people write them."""

from __future__ import annotations

import re

_CLOCK = re.compile(r"(?:(?P<h>\d{1,3}):)?(?P<m>\d{1,4}):(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?\Z")
_UNITS = re.compile(
    r"(?:(?P<h>\d{1,4})h)?(?:(?P<m>\d{1,5})m)?(?:(?P<s>\d{1,7})(?:\.(?P<f>\d{1,9}))?s?)?\Z", re.I
)


def _milliseconds(fraction: str | None) -> int:
    return int((fraction or "0").ljust(3, "0")[:3])


def parse_timestamp(text: str) -> int | None:
    """Read ``0:16``, ``118:30``, ``1:02:03``, ``00:04:01.06``, ``16``, ``16.5``, ``1m2s`` or ``90s`` as ms.

    None when the text is no timestamp. Minutes may exceed 59 when there are no hours (``118:30`` is found in
    real notes); seconds may not. The forms with letters are those of YouTube's ``t=`` parameter.
    """
    text = text.strip()
    if not text or not text.isascii():
        return None
    if ":" in text:
        match = _CLOCK.match(text)
        if match is None or int(match["s"]) > 59 or (match["h"] is not None and int(match["m"]) > 59):
            return None
        seconds = (int(match["h"] or 0) * 60 + int(match["m"])) * 60 + int(match["s"])
        return seconds * 1000 + _milliseconds(match["f"])
    match = _UNITS.match(text)
    if match is None or not any((match["h"], match["m"], match["s"])):
        return None
    seconds = int(match["h"] or 0) * 3600 + int(match["m"] or 0) * 60 + int(match["s"] or 0)
    return seconds * 1000 + _milliseconds(match["f"])


def format_timestamp(ms: int, *, millis: bool = False) -> str:
    """Write ``ms`` as people do: ``0:16``, ``8:36``, ``1:02:03``; with ``millis``, ``0:16.250``."""
    sign = "-" if ms < 0 else ""
    seconds, rest = divmod(abs(ms), 1000)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    text = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{sign}{text}.{rest:03}" if millis else sign + text


def format_range(start_ms: int | None, end_ms: int | None) -> str:
    """Write ``0:16-1:00`` with an en dash, ``0:16`` without an end, nothing without a start."""
    if start_ms is None:
        return ""
    if end_ms is None:
        return format_timestamp(start_ms)
    return f"{format_timestamp(start_ms)}–{format_timestamp(end_ms)}"
