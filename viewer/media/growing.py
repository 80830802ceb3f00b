"""Playing a clip while it still comes in: what is there already, as a fragmented mp4 that grows.

Every reader gets a stream of its own, made from the spool files as their bytes arrive: first the header, then
fragments of about half a second, picture and sound in turn. The clip begins :data:`~viewer.media.playable.LEAD_MS` into it. Format: ISO/IEC 14496-12, 8.8 (movie fragments).
"""

from __future__ import annotations

import logging
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from viewer.domain.video import Segment
from viewer.media.mp4_read import Box, Mp4Error, Sample, Track, read_fragment
from viewer.media.mp4_write import Cut, box, full_box, mvhd, to_units, trak
from viewer.media.playable import LEAD_MS

log = logging.getLogger(__name__)

_HIDDEN_MS = 5

_FINEST = 90_000
_FIRST_PIECE_MS = 250
_PIECE_MS = 500
_STALE_S = 60.0
_MOST_SAMPLES = 4_000_000
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
        if self.have < self._next_box + 8:
            return  # the middle of a fragment: most blocks are
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
            if len(track.samples) > _MOST_SAMPLES:
                raise Mp4Error("more samples than any film has")


class _Lane:
    """One track on its way into a stream: which sample comes next, and when it is shown there.

    A player begins a stream where its first sample lies and does not honour an edit list in fragments. So the
    pictures that are only needed for decoding are squeezed into the :data:`LEAD_MS` before the start.
    """

    def __init__(self, feed: Feed, track: Track, file: BinaryIO, number: int, start_ms: int) -> None:
        self.track = track
        self.file = file
        self.number = number
        self.next = 0
        self.scale = track.timescale
        self._feed = feed
        self._start = to_units(start_ms, track.timescale)
        self._factor = 1
        self._lead_end = 0
        self._ranks: dict[int, int] = {}
        self._dts_step = self._pts_step = 0
        self._first = 0
        self._twice = 0

    def begin(self) -> bool:
        """Find where to begin; False while that is not known."""
        samples, start = self.track.samples, self._start
        if not self.track.is_video:
            self.next = next((index for index, one in enumerate(samples) if one.pts >= start), -1)
            return self.next >= 0
        keys = [index for index, one in enumerate(samples) if one.sync and one.pts <= start]
        if not keys or samples[-1].dts + self.track.shift < start:
            return False
        self.next = self._first = keys[-1]
        lead = [index for index in range(keys[-1], len(samples)) if samples[index].pts < start]
        if not lead:
            # The stream must begin with a lead, or a player's position would not count from where all others do:
            # the key picture is sent twice.
            self._twice, lead = 1, [self._first]
        self._lead_end = lead[-1] + 1
        # So fine that every picture of the lead has moments of its own.
        zone = self._lead_end - self._first
        self._factor = -(-max(_FINEST, zone * 1000 // LEAD_MS) // self.track.timescale)
        self.scale = self.track.timescale * self._factor
        self._dts_step = _HIDDEN_MS * self.scale // 1000 // (zone + 1)
        self._pts_step = LEAD_MS * self.scale // 1000 // (len(lead) + 1)
        in_order = sorted(lead, key=lambda index: samples[index].pts)
        self._ranks = {index: rank for rank, index in enumerate(in_order)}
        return True

    def sample(self, index: int) -> Sample | None:
        """The sample that stands at ``index`` in the stream; None when it is not listed yet."""
        if index > self._first:
            index -= self._twice
        return self.track.samples[index] if index < len(self.track.samples) else None

    def ready(self, until_ms: float) -> int | None:
        """Up to which sample everything before ``until_ms`` is there; None while some of it is missing."""
        limit = until_ms * self.track.timescale / 1000 - self.track.shift
        index = self.next
        while (sample := self.sample(index)) is not None:
            if sample.dts >= limit and index >= self._lead_end:
                return index
            if sample.offset + sample.size > self._feed.have:
                return None
            index += 1
        return None

    def rest(self) -> int:
        """Up to which sample everything is there."""
        index = self.next
        while (sample := self.sample(index)) is not None and sample.offset + sample.size <= self._feed.have:
            index += 1
        return index

    def dts(self, index: int) -> int:
        """When the sample is decoded, on the stream's timeline."""
        lead_end = (self._lead_end - self._first) * self._dts_step
        if index < self._lead_end:
            return (index - self._first) * self._dts_step
        sample = self.sample(index)
        if sample is None:
            last = self.track.samples[-1]
            return max(lead_end, self._moment(last.dts + last.duration + self.track.shift))
        return max(lead_end, self._moment(sample.dts + self.track.shift))

    def pts(self, index: int, sample: Sample) -> int:
        """When the sample is shown, on the stream's timeline."""
        rank = self._ranks.get(index)
        if rank is not None:
            return _HIDDEN_MS * self.scale // 1000 + rank * self._pts_step
        return self._moment(sample.pts)

    def _moment(self, units: int) -> int:
        return (units - self._start) * self._factor + (_HIDDEN_MS + LEAD_MS) * self.scale // 1000


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

    @property
    def over(self) -> bool:
        """Whether the fetch has ended, well or not: who plays already plays on, nobody can begin."""
        return self._ended

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

    def stream(self, from_ms: int | None = None) -> Iterator[bytes]:
        """The clip as a fragmented mp4, as fast as it comes in. Raises GrowthEnded, OSError or Mp4Error.

        ``from_ms``: only from this place of the video on (kept within the clip); it waits until that has come.
        """
        start_ms, end_ms = self.segment.start_ms, self.segment.end_ms
        if from_ms is not None:
            start_ms = max(start_ms, min(from_ms, end_ms - 1))
        with ExitStack() as stack:
            lanes: list[_Lane] = []
            for feed in self._feeds:
                file = stack.enter_context(feed.spool.open("rb"))
                lanes += [
                    _Lane(feed, track, file, len(lanes) + 1 + at, start_ms)
                    for at, track in enumerate(feed.tracks)
                ]
            self._wait_for_beginnings(lanes)
            yield _header(lanes, _HIDDEN_MS + LEAD_MS + end_ms - start_ms)
            number = 0
            until = start_ms + float(_FIRST_PIECE_MS)
            while True:
                for lane in lanes:
                    stop = self._wait_for_samples(lane, min(until, end_ms))
                    if stop > lane.next:
                        number += 1
                        yield _fragment(number, lane, stop)
                        lane.next = stop
                if until >= end_ms:
                    return
                until += _PIECE_MS

    def _wait_for_beginnings(self, lanes: list[_Lane]) -> None:
        with self._changed:
            while not all(lane.begin() for lane in lanes):
                if self._finished or self._ended or not self._changed.wait(_STALE_S):
                    raise GrowthEnded

    def _wait_for_samples(self, lane: _Lane, until_ms: float) -> int:
        with self._changed:
            while True:
                stop = lane.ready(until_ms)
                if stop is not None:
                    return stop
                if self._finished:
                    return lane.rest()
                if self._ended or not self._changed.wait(_STALE_S):
                    raise GrowthEnded


def _header(lanes: list[_Lane], length_ms: int) -> bytes:
    scale = next((lane.scale for lane in lanes if lane.track.is_video), lanes[0].scale)
    empty = b"".join(full_box(kind, 0, 0, bytes(4)) for kind in (b"stts", b"stsc", b"stco"))
    empty += full_box(b"stsz", 0, 0, bytes(8))
    traks, extends = [], []
    for lane in lanes:
        track = replace(lane.track, timescale=lane.scale, shift=0, samples=[])
        length = length_ms * lane.scale // 1000
        cut = Cut(track, (Sample(0, 0, 0, 0, True, 0),), 0, length)
        traks.append(trak(cut, lane.number, scale, empty, length))
        extends.append(full_box(b"trex", 0, 0, struct.pack(">5I", lane.number, 1, 0, 0, 0)))
    moov = box(
        b"moov", mvhd(scale, length_ms * scale // 1000, len(lanes) + 1), *traks, box(b"mvex", *extends)
    )
    return box(b"ftyp", b"iso6\0\0\0\1iso6isommp41") + moov


def _fragment(number: int, lane: _Lane, stop: int) -> bytes:
    rows, parts = [], []
    for index in range(lane.next, stop):
        sample = lane.sample(index)
        if sample is None:
            raise Mp4Error("a sample is missing")
        parts.append(_read(lane.file, sample))
        dts, pts = lane.dts(index), lane.pts(index, sample)
        flags = _SYNC if sample.sync else _NOT_SYNC
        rows.append(struct.pack(">IIIi", lane.dts(index + 1) - dts, sample.size, flags, pts - dts))
    data = b"".join(parts)
    tfhd = full_box(b"tfhd", 0, 0x02_0000, struct.pack(">I", lane.number))
    tfdt = full_box(b"tfdt", 1, 0, struct.pack(">Q", lane.dts(lane.next)))

    def moof(offset: int) -> bytes:
        trun = full_box(b"trun", 1, 0xF01, struct.pack(">Ii", len(rows), offset), *rows)
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
