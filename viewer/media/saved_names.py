"""Names for saved clips: the one that the note suggests, made harmless for every file system."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from pathlib import PurePath

from viewer.domain.video import Segment

KINDS = ("mp4", "m4a", "mp3", "gif")
"""What a clip can be saved as; each is its file's suffix, too."""

_LONGEST_BYTES = 180
"""Of a name without its suffix. File systems allow 255; encrypted home folders (eCryptfs) 143 to 200."""

_SUFFIX = re.compile(r"\.(mp4|m4v|mkv|webm|mov|m4a|mp3|opus|ogg|gif|%\(ext\)s)\Z", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"|?*%]')
# Windows: "Naming Files, Paths, and Namespaces"; with any suffix, and with superscript digits, too.
_RESERVED = re.compile(
    r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9\u00b9\u00b2\u00b3])\Z", re.IGNORECASE
)


def suggested_name(file_name: str | None, segment: Segment, kind: str) -> str:
    """The file name for a saved clip: the note's own (``ZAJ4D8RAyfY-0m16s.mp4``) where it gives a usable one.

    Safe as a file name on Linux, Windows and macOS whatever the note says; never a path.
    """
    stem = _harmless(file_name or "")
    if not stem:
        minutes, seconds = divmod(segment.start_ms // 1000, 60)
        name = segment.video.id if segment.video.is_youtube else segment.video.key
        stem = f"{name}-{minutes}m{seconds}s"
    return f"{stem}.{kind}"


def _harmless(name: str) -> str:
    """``name`` without its folders, its suffix and whatever a file system minds; empty when nothing is left."""
    last = re.split(r"[/\\]", name)[-1]
    # Controls, direction marks, lone surrogates, private letters: nothing that a name shows.
    plain = "".join(
        letter for letter in unicodedata.normalize("NFC", last) if unicodedata.category(letter)[0] != "C"
    )
    stem = _SUFFIX.sub("", " ".join(plain.split()))
    if "%(" in stem:
        return ""  # a template of yt-dlp's, which only yt-dlp could fill in
    stem = _FORBIDDEN.sub("_", stem).strip(". ")
    stem = stem.encode()[:_LONGEST_BYTES].decode(errors="ignore").rstrip(". ")
    if _RESERVED.match(stem.partition(".")[0].rstrip()):
        stem = "_" + stem
    return stem if stem.strip("_-. ") else ""


def numbered(name: str) -> Iterator[str]:
    """``name``, then ``name (2)``, ``name (3)`` and so on, each with its suffix."""
    yield name
    path = PurePath(name)
    for number in itertools.count(2):
        yield f"{path.stem} ({number}){path.suffix}"
