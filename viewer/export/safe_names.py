"""Names for files and folders made from titles, which may hold anything."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from viewer.domain.cited_quote import CitedQuote
from viewer.domain.video import Segment, VideoRef
from viewer.media.saved_names import numbered, suggested_name

_LONGEST = 60
_SOME_SEGMENT = Segment(VideoRef("x", "x"), 0, 1)
_NOTHING = suggested_name(None, _SOME_SEGMENT, "mp4")
"""What a name becomes of which nothing harmless is left."""
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9]+")


def folder_name(title: str) -> str:
    """A folder's or file's name (without suffix) for a title: harmless on every system, never a path, never empty."""
    plain = " ".join(re.sub(r"[/\\]", " ", title).split())
    name = suggested_name(plain[:_LONGEST].strip() + ".mp4", _SOME_SEGMENT, "mp4")
    return "Soundbite" if name == _NOTHING else name.removesuffix(".mp4")


def clip_file_name(number: int, quote: CitedQuote, suffix: str = "mp4") -> str:
    """``01-jane-doe-16s.mp4``: plain letters only, which every program, list and checksum file can hold."""
    if quote.segment is None:
        raise ValueError("a quote without a time has no clip")
    who = quote.speaker or quote.title or quote.note_title
    letters = unicodedata.normalize("NFKD", who).encode("ascii", "ignore").decode()
    slug = _NOT_PLAIN.sub("-", letters).strip("-").lower()[:40].strip("-")
    minutes, seconds = divmod(quote.segment.start_ms // 1000, 60)
    parts = [f"{number:02d}", slug or "clip", f"{minutes}m{seconds:02d}s"]
    return "-".join(parts) + f".{suffix}"


def free_path(folder: Path, name: str) -> Path:
    """``folder/name``, with a number when that is taken."""
    return next(folder / candidate for candidate in numbered(name) if not (folder / candidate).exists())
