"""Playing a clip while it still comes in: what is there already, as a fragmented mp4 that grows.

Every reader gets a stream of its own, made from the spool files as their bytes arrive: first the header (with the
same edit list as the finished clip, so that it begins exactly), then fragments of about half a second, picture and
sound in turn. Format: ISO/IEC 14496-12, 8.8 (movie fragments).
"""

from __future__ import annotations

import logging
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from viewer.domain.video import Segment
from viewer.media.mp4_read import Box, Mp4Error, Sample, Track, read_fragment
from viewer.media.mp4_write import AUDIO_PREROLL_MS, Cut, box, full_box, mvhd, presented, to_units, trak

log = logging.getLogger(__name__)

_FIRST_PIECE_MS = 250
_PIECE_MS = 500
_STALE_S = 60.0
_LARGEST_MOOF = 8 << 20
_SYNC, _NOT_SYNC = 0x0200_0000, 0x0101_0000


class GrowthEnded(Exception):  # noqa: N818 - says what is
    """The download broke off: what comes in will not be whole."""


def align(track: Track, samples: Sequence[Sample], index_start_ms: float) -> bool:
    """Let a track without an edit list begin where its index says; True when its ``shift`` has changed.

    The B-frames' delay is then part of the composition times, and every player takes it off again.
    """
    if track.has_edits or not samples:
        return False
    shift = round(index_start_ms * track.timescale / 1000) - min(sample.pts for sample in samples)
    if shift == 0 or abs(shift) * 1000 > 500 * track.timescale:
        return False
    track.shift += shift
    return True


class Feed:
    """One stream as it comes in: its tracks' samples so far, and how many bytes of its spool file are there."""

    def __init__(
        self, changed: threading.Condition, spool: Path, tracks: list[Track], index_start_ms: float | None
    ) -> None:
        self.spool = spool
        self.tracks = tracks
        self.have = 0
        self.listed = index_start_ms is None  # a progressive file's samples are all known before they come
        self._changed = changed
        self._index_start_ms = index_start_ms
        self._next_box = 0

    def arrived(self, count: int) -> None:
        """``count`` more bytes are in the spool file."""
        with self._changed:
            self.have += count
            if not self.listed:
                try:
                    self._list_samples()
                except (Mp4Error, OSError) as error:
                    # The fetch itself will say so; nobody can play on from here.
                    log.info("%s cannot be played while it comes: %s", self.spool.name, error)
                    self.listed = True
            self._changed.notify_all()

    def _list_samples(self) -> None:
        with self.spool.open("rb") as file:
            while self.have >= self._next_box + 8:
                file.seek(self._next_box)
                size, kind = struct.unpack(">I4s", file.read(8))
                if size < 8:
                    raise Mp4Error("a box of no size")
                if kind == b"moof":
                    if size > _LARGEST_MOOF:
                        raise Mp4Error("a fragment's head is too large")
                    if self.have < self._next_box + size:
                        return
                    file.seek(self._next_box)
                    self._take_moof(file.read(size), self._next_box)
                self._next_box += size

    def _take_moof(self, data: bytes, at: int) -> None:
        moof = Box(b"moof", 8, len(data))
        for track in self.tracks:
            samples = read_fragment(data, moof, 0, track)
            if not track.samples and align(track, samples, self._index_start_ms or 0.0):
                samples = read_fragment(data, moof, 0, track)
            track.samples += [
                Sample(one.dts, one.pts, one.duration, one.size, one.sync, one.offset + at) for one in samples
            ]


@dataclass(slots=True)
class _Lane:
    """One track on its way into a stream: the sample that comes next."""

    feed: Feed
    track: Track
    file: BinaryIO
    next: int = 0
    first_dts: int = 0

    def begin(self, start_ms: int) -> bool:
        """Find where to begin; False while that is not known."""
        start = to_units(start_ms, self.track.timescale)
        samples = self.track.samples
        if self.track.is_video:
            keys = [index for index, one in enumerate(samples) if one.sync and one.pts <= start]
            if not keys or not any(one.pts >= start for one in samples):
                return False
            self.next = keys[-1]
        else:
            early = start - AUDIO_PREROLL_MS * self.track.timescale // 1000
            index = next((index for index, one in enumerate(samples) if one.pts >= early), None)
            if index is None:
                return False
            self.next = index
        self.first_dts = samples[self.next].dts
        return True

    def ready(self, until_ms: float) -> list[Sample] | None:
        """The samples before ``until_ms`` that are not out yet; None while some are missing."""
        limit = until_ms * self.track.timescale / 1000 - self.track.shift
        chosen: list[Sample] = []
        samples = self.track.samples
        for index in range(self.next, len(samples)):
            sample = samples[index]
            if sample.dts >= limit:
                return chosen
            if sample.offset + sample.size > self.feed.have:
                return None
            chosen.append(sample)
        return None

    def rest(self) -> list[Sample]:
        """Everything that is there and not out yet."""
        there = self.feed.have
        return [one for one in self.track.samples[self.next :] if one.offset + one.size <= there]


class Growth:
    """A clip on its way in. Any number of threads may read it; each gets the whole of it."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self._changed = threading.Condition()
        self._feeds: list[Feed] = []
        self._finished = False
        self._ended = False

    def add(self, spool: Path, tracks: list[Track], index_start_ms: float | None) -> Feed:
        """One more stream. ``index_start_ms``: where its first fragment begins; None when its samples are known."""
        feed = Feed(self._changed, spool, tracks, index_start_ms)
        self._feeds.append(feed)
        return feed

    def finish(self) -> None:
        """Every byte is there."""
        with self._changed:
            self._finished = True
            self._changed.notify_all()

    def end(self) -> None:
        """Nothing more comes: whoever still waits for something gives up."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def stream(self) -> Iterator[bytes]:
        """The clip as a fragmented mp4, as fast as it comes in. Raises GrowthEnded, OSError or Mp4Error."""
        start_ms, end_ms = self.segment.start_ms, self.segment.end_ms
        with ExitStack() as stack:
            lanes = []
            for feed in self._feeds:
                file = stack.enter_context(feed.spool.open("rb"))
                lanes += [_Lane(feed, track, file) for track in feed.tracks]
            self._wait_for_beginnings(lanes, start_ms)
            yield _header(lanes, start_ms, end_ms)
            number = 0
            until = start_ms + float(_FIRST_PIECE_MS)
            while True:
                last = until >= end_ms
                for lane in lanes:
                    samples = self._wait_for_samples(lane, min(until, end_ms))
                    if samples:
                        number += 1
                        yield _fragment(number, lanes.index(lane) + 1, lane, samples)
                        lane.next += len(samples)
                if last:
                    return
                until += _PIECE_MS

    def _wait_for_beginnings(self, lanes: list[_Lane], start_ms: int) -> None:
        with self._changed:
            while not all(lane.begin(start_ms) for lane in lanes):
                if self._finished or self._ended or not self._changed.wait(_STALE_S):
                    raise GrowthEnded

    def _wait_for_samples(self, lane: _Lane, until_ms: float) -> list[Sample]:
        with self._changed:
            while True:
                samples = lane.ready(until_ms)
                if samples is not None:
                    return samples
                if self._finished:
                    return lane.rest()
                if self._ended or not self._changed.wait(_STALE_S):
                    raise GrowthEnded


def _header(lanes: list[_Lane], start_ms: int, end_ms: int) -> bytes:
    scale = next((lane.track.timescale for lane in lanes if lane.track.is_video), lanes[0].track.timescale)
    empty = b"".join(full_box(kind, 0, 0, bytes(4)) for kind in (b"stts", b"stsc", b"stco"))
    empty += full_box(b"stsz", 0, 0, bytes(8))
    traks, extends, length = [], [], 0
    for number, lane in enumerate(lanes, 1):
        track = lane.track
        start, end = to_units(start_ms, track.timescale), to_units(end_ms, track.timescale)
        cut = Cut(track, (track.samples[lane.next],), start, end)
        length = max(length, presented(cut, scale))
        traks.append(trak(cut, number, scale, empty, end - start + max(0, cut.media_time)))
        extends.append(full_box(b"trex", 0, 0, struct.pack(">5I", number, 1, 0, 0, 0)))
    moov = box(b"moov", mvhd(scale, length, len(lanes) + 1), *traks, box(b"mvex", *extends))
    return box(b"ftyp", b"iso6\0\0\0\1iso6isommp41") + moov


def _fragment(number: int, track_id: int, lane: _Lane, samples: list[Sample]) -> bytes:
    data = b"".join(_read(lane.file, sample) for sample in samples)
    rows = b"".join(
        struct.pack(
            ">IIIi",
            sample.duration,
            sample.size,
            _SYNC if sample.sync else _NOT_SYNC,
            sample.pts - lane.track.shift - sample.dts,
        )
        for sample in samples
    )
    tfhd = full_box(b"tfhd", 0, 0x02_0000, struct.pack(">I", track_id))
    tfdt = full_box(b"tfdt", 1, 0, struct.pack(">Q", samples[0].dts - lane.first_dts))

    def moof(offset: int) -> bytes:
        trun = full_box(b"trun", 1, 0xF01, struct.pack(">Ii", len(samples), offset), rows)
        return box(
            b"moof", full_box(b"mfhd", 0, 0, struct.pack(">I", number)), box(b"traf", tfhd, tfdt, trun)
        )

    return moof(len(moof(0)) + 8) + box(b"mdat", data)


def _read(file: BinaryIO, sample: Sample) -> bytes:
    file.seek(sample.offset)
    data = file.read(sample.size)
    if len(data) != sample.size:
        raise Mp4Error("the spool file is cut short")
    return data
