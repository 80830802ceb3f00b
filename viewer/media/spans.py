"""Fragments that came lately: a clip that overlaps another asks only for what it lacks.

In memory, and bounded: a clip whose start or end was nudged, a clip beside another, a retry. What is kept on disk
are clips, not fragments: after a restart only a clip *inside* a kept one is shared.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from viewer.domain.video import VideoRef
from viewer.media.mp4_read import IndexEntry

LIMIT_BYTES = 32 << 20
"""As much as a minute and a half at 1080p."""


@dataclass(frozen=True, slots=True)
class StreamKey:
    """One stream of one video. Its size is part of it: the site may have encoded it anew."""

    video: VideoRef
    format_id: str
    size_bytes: int | None


@dataclass(eq=False, slots=True)
class _Live:
    key: StreamKey
    first: int
    spool: Path


class SpanCache:
    """Keeps whole fragments, and knows the files into which others come just now. Any thread may use it."""

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit = limit_bytes
        self._lock = threading.Lock()
        self._kept: dict[tuple[StreamKey, int], bytes] = {}
        self._total = 0
        self._live: list[_Live] = []

    def get(self, key: StreamKey, entry: IndexEntry) -> bytes | None:
        """The bytes of one fragment; None when they are not here."""
        with self._lock:
            data = self._kept.pop((key, entry.first), None)
            if data is not None:
                self._kept[key, entry.first] = data  # the one used last goes last
            live = [one for one in self._live if one.key == key and one.first <= entry.first]
        if data is not None:
            return data if len(data) == entry.size else None
        for one in live:
            with contextlib.suppress(OSError), one.spool.open("rb") as file:
                file.seek(entry.first - one.first)
                data = file.read(entry.size)
                if len(data) == entry.size:
                    return data
        return None

    def put(self, key: StreamKey, entry: IndexEntry, data: bytes) -> None:
        """Keep one fragment; those not used for longest go when there is too much."""
        if len(data) != entry.size or len(data) > self._limit // 2:
            return
        with self._lock:
            before = self._kept.pop((key, entry.first), b"")
            self._kept[key, entry.first] = data
            self._total += len(data) - len(before)
            while self._total > self._limit:
                oldest = next(iter(self._kept))
                self._total -= len(self._kept.pop(oldest))

    @contextlib.contextmanager
    def coming(self, key: StreamKey, first: int, spool: Path) -> Iterator[None]:
        """Within this block the stream's bytes from ``first`` on come into ``spool``, in order."""
        live = _Live(key, first, spool)
        with self._lock:
            self._live.append(live)
        try:
            yield
        finally:
            with self._lock:
                self._live.remove(live)

    def forget(self, video: VideoRef) -> None:
        """Drop what is kept of ``video``: it has proved damaged."""
        with self._lock:
            for place in [place for place in self._kept if place[0].video == video]:
                self._total -= len(self._kept.pop(place))
