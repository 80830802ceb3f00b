"""A kept clip and its two files: what they are called, what the JSON file says, and writing whole ones only.

The name says enough to choose by without opening anything: ``KEY_START-END_QUALITY.mp4`` (whole videos:
``KEY_whole_QUALITY.mp4``; KEY is :attr:`VideoRef.key`, times in ms). The JSON file beside it has the same stem.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from viewer.base.untrusted import read_json
from viewer.domain.video import Segment, VideoRef
from viewer.media.ytdlp import QUALITIES

_NAME = re.compile(r"(?P<key>(?:yt|url)-[a-z0-9_-]+)_(?P<span>whole|\d+-\d+)_(?P<quality>\w+)\.mp4\Z")
_VERSION = 1
_LONGEST_MS = 1 << 62


@dataclass(frozen=True, slots=True)
class Clip:
    """One kept file. It holds ``segment`` exactly: its first frame is the first at or after the start.

    Sizes are bytes; ``created`` and ``played`` seconds since the epoch. ``whole``: it is the whole video.
    ``video_end_ms`` is set where the video ends before ``segment`` does: the file ends there, too.
    """

    segment: Segment
    quality: str
    path: Path
    size_bytes: int
    created: float
    played: float
    pinned: bool = False
    whole: bool = False
    video_end_ms: int | None = None

    def offset_ms(self, segment: Segment) -> int:
        """Where ``segment`` begins inside this file, in ms (0 when the clip was made for it)."""
        return segment.start_ms - self.segment.start_ms

    def holds(self, segment: Segment) -> bool:
        """Whether ``segment`` can be played from this file."""
        if segment.video != self.segment.video:
            return False
        # A whole video holds whatever starts in it: a range that runs over its end plays to the end.
        if self.whole:
            return segment.start_ms < self.segment.end_ms
        if self.video_end_ms is not None and segment.start_ms >= self.video_end_ms:
            return False
        return self.segment.start_ms <= segment.start_ms and segment.end_ms <= self.segment.end_ms


@dataclass(frozen=True, slots=True)
class NamedClip:
    """What a media file's name says: it may hold a segment, in this quality; so long (ms) it is."""

    path: Path
    quality: str
    length_ms: int

    @property
    def rank(self) -> int:
        """The higher, the better the picture; -1 for a quality of another version."""
        return quality_rank(self.quality)


def quality_rank(quality: str) -> int:
    """Where a quality stands among :data:`QUALITIES`; -1 for one that is none of them."""
    return QUALITIES.index(quality) if quality in QUALITIES else -1


def media_name(segment: Segment, quality: str, *, whole: bool) -> str:
    """What the media file of a clip is called."""
    span = "whole" if whole else f"{segment.start_ms}-{segment.end_ms}"
    return f"{segment.video.key}_{span}_{quality}.mp4"


def is_media(path: Path) -> bool:
    """Whether the name is that of a clip's media file."""
    return _NAME.match(path.name) is not None


def named(path: Path, segment: Segment) -> NamedClip | None:
    """What the file's name says, if by that it may hold ``segment``."""
    match = _NAME.match(path.name)
    if match is None or match["key"] != segment.video.key:
        return None
    if match["span"] == "whole":
        return NamedClip(path, match["quality"], _LONGEST_MS)
    start, end = map(int, match["span"].split("-"))
    if start <= segment.start_ms and end >= segment.end_ms:
        return NamedClip(path, match["quality"], end - start)
    return None


def read_clip(path: Path) -> Clip | None:
    """The clip at ``path``; None when it or its JSON file is missing, damaged or of another size."""
    try:
        size = path.stat().st_size
        beside = sidecar(path)
        played = beside.stat().st_mtime
        values = read_json(beside.read_text(encoding="utf-8"))
        if values["size_bytes"] != size:
            return None
        video = VideoRef(str(values["video"]["id"]), str(values["video"]["url"]))
        segment = Segment(video, int(values["start_ms"]), int(values["end_ms"]))
        return Clip(
            segment,
            str(values["quality"]),
            path,
            size,
            float(values["created"]),
            played,
            bool(values.get("pinned")),
            bool(values.get("whole")),
            None if values.get("video_end_ms") is None else int(values["video_end_ms"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_sidecar(clip: Clip) -> None:
    """Write what ``clip`` is beside its media file. Raises OSError."""
    segment = clip.segment
    values = {
        "version": _VERSION,
        "video": {"id": segment.video.id, "url": segment.video.url},
        "start_ms": segment.start_ms,
        "end_ms": segment.end_ms,
        "quality": clip.quality,
        "whole": clip.whole,
        "video_end_ms": clip.video_end_ms,
        "created": clip.created,
        "size_bytes": clip.size_bytes,
        "pinned": clip.pinned,
    }
    _write_json(sidecar(clip.path), values)


def write_pinned(path: Path, pinned: bool) -> None:
    """Say in the JSON file of the clip at ``path`` whether it is pinned; all else stays. Raises OSError."""
    beside = sidecar(path)
    try:
        values = read_json(beside.read_text(encoding="utf-8"))
    except ValueError as error:
        raise OSError(f"{beside} is damaged") from error
    played = beside.stat().st_mtime
    _write_json(beside, {**values, "pinned": pinned})
    os.utime(beside, (played, played))


def sidecar(path: Path) -> Path:
    """The JSON file beside a clip: what it is, and when it was played."""
    return path.with_suffix(".json")


def put(source: Path, target: Path) -> None:
    """Move a file; by a copy when the store has been moved to another file system since the download began.

    Raises OSError.
    """
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        part = target.with_suffix(".mp4.part")
        shutil.copyfile(source, part)
        sync(part)
        part.replace(target)


def delete(path: Path) -> None:
    """Delete a clip and what stands beside it; what is gone already is no error. Raises OSError."""
    path.unlink(missing_ok=True)
    sidecar(path).unlink(missing_ok=True)


def _write_json(path: Path, values: dict[str, object]) -> None:
    """Write a JSON file so that a crash leaves the old one or the new one. Raises OSError."""
    new = path.with_suffix(".json.new")
    try:
        with new.open("w", encoding="utf-8") as file:
            json.dump(values, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)
        raise


def sync(path: Path) -> None:
    """Wait until a file is on the disk. Raises OSError."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until a folder's entries are on the disk. Raises OSError."""
    if not hasattr(os, "O_DIRECTORY"):
        return  # Windows cannot
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
