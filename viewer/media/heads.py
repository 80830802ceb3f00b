"""The beginning of a stream's file: what it holds, and which bytes hold which seconds."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from viewer.media.failures import FailureKind, MediaError
from viewer.media.mp4_read import IndexEntry, Mp4Error, find_box, read_index
from viewer.media.ranges import RangeReader

_HEAD_BYTES = 1500
_INDEX_BYTES_PER_S = 12 / 4.5
_LARGEST_HEAD = 64 << 20


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a stream's file: its tracks, and where its fragments lie (empty: a progressive file)."""

    data: bytes
    index: tuple[IndexEntry, ...]


class HeadCache:
    """Heads that were read already, so that a second clip of a video saves a round trip. Any thread may use it."""

    def __init__(self, limit: int = 64) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._heads: dict[object, Head] = {}

    def get(self, key: object) -> Head | None:
        """The head kept under ``key``."""
        with self._lock:
            return self._heads.get(key)

    def put(self, key: object, head: Head) -> None:
        """Keep a head; the oldest goes when there are too many."""
        with self._lock:
            self._heads[key] = head
            while len(self._heads) > self._limit:
                del self._heads[next(iter(self._heads))]


def read_head(reader: RangeReader, duration_ms: int | None) -> Head:
    """Read until the whole ``moov`` and ``sidx`` (where there is one) are here.

    ``duration_ms``, where known, lets the first request be of the right size. Raises MediaError or Cancelled.
    """
    size = _HEAD_BYTES + int((duration_ms or 0) / 1000 * _INDEX_BYTES_PER_S)
    data = reader.read(0, size - 1)
    while True:
        missing = _missing_head(data)
        if missing is None:
            break
        if len(data) + missing > _LARGEST_HEAD:
            raise MediaError(FailureKind.DAMAGED, "the file's index is too large")
        more = reader.read(len(data), len(data) + missing - 1)
        if not more:
            raise MediaError(FailureKind.DAMAGED, "the file ends within its index")
        data += more
    try:
        fragmented = find_box(data, b"moov", b"mvex", end=_whole(data)) is not None
        index = read_index(data[: _whole(data)]) if fragmented else []
    except Mp4Error as error:
        raise MediaError(FailureKind.DAMAGED, str(error)) from error
    return Head(data[: _whole(data)], tuple(index))


def _whole(data: bytes) -> int:
    """How many bytes of ``data`` are the whole boxes of a head: up to the end of ``sidx``, else of ``moov``."""
    at = end = 0
    while at + 8 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind in (b"moof", b"mdat") or size < 8 or at + size > len(data):
            break
        at += size
        if kind in (b"moov", b"sidx"):
            end = at
    return end


def _missing_head(data: bytes) -> int | None:
    """How many bytes of the head are still missing; None when ``moov``, and ``sidx`` if there is one, are whole.

    Raises MediaError when the file does not begin with them.
    """
    at = 0
    seen: set[bytes] = set()
    wanted = {b"moov", b"sidx"}
    while True:
        if at + 8 > len(data):
            return at + 8 - len(data)
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind in (b"moof", b"mdat"):
            if b"moov" in seen:
                return None
            raise MediaError(FailureKind.NO_FORMAT, "the file has no index at its front")
        if size < 8 or not kind.isalnum():
            raise MediaError(FailureKind.DAMAGED, "the file is no mp4")
        at += size
        seen.add(kind)
        if at > len(data):
            return at - len(data) + (0 if wanted <= seen else 8)
        if wanted <= seen:
            return None
