"""The program's own addresses, ``soundbite:VIDEO?t=16-60``, by which other programs ask it to play a segment.

Any web page can make the desktop hand over such an address, so it is hostile until proven: only the exact shape is
read, and only a YouTube id and two times come out of it.
"""

from __future__ import annotations

import re

from viewer.domain.timestamp import parse_timestamp
from viewer.domain.video import Segment, VideoRef

SCHEME = "soundbite:"

LONGEST_SEGMENT_MS = 3_600_000
"""Nobody quotes an hour; a page must not be able to ask for a download of ten."""

LATEST_START_MS = 48 * 3_600_000
"""No video is longer than two days."""

_SHAPE = re.compile(
    r"soundbite:(?://)?(?P<id>[A-Za-z0-9_-]{11})/?\?t=(?P<start>[0-9:.hms]{1,16})(?:-(?P<end>[0-9:.hms]{1,16}))?",
    re.I | re.A,
)


def is_soundbite_url(text: str) -> bool:
    """Whether ``text`` means to be an address of ours, sound or not; then it is no file's name."""
    return text[: len(SCHEME)].lower() == SCHEME


def parse_soundbite_url(text: str, default_length_ms: int = 30_000) -> Segment | None:
    """The segment that ``soundbite:VIDEO?t=START-END`` names; None for whatever has not exactly that shape.

    VIDEO is a YouTube id; START and END are seconds (``16``, ``16.5``) or times (``1:02``, ``1m2s``). Without END the
    segment is ``default_length_ms`` long. ``soundbite://VIDEO/?t=...``, into which some programs rewrite it, is read too.
    """
    match = _SHAPE.fullmatch(text)
    if match is None:
        return None
    start_ms = parse_timestamp(match["start"])
    if start_ms is None or start_ms > LATEST_START_MS:
        return None
    end_ms = parse_timestamp(match["end"]) if match["end"] else start_ms + default_length_ms
    if end_ms is None or not 0 < end_ms - start_ms <= LONGEST_SEGMENT_MS:
        return None
    return Segment(VideoRef.youtube(match["id"]), start_ms, end_ms)
