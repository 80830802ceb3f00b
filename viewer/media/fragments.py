"""The fast way: only the bytes of the segment, by range, cut without re-encoding.

A DASH mp4 begins with its index (``sidx``): it tells which bytes hold which seconds. What is needed is fetched
into a spool file per stream, picture and sound side by side, then cut by :mod:`viewer.media.mp4_write`. A
progressive mp4 (YouTube's itag 18) works the same way: its sample tables say where every picture lies.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import mmap
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from viewer.base.cancel import CancelToken
from viewer.domain.video import Segment, VideoRef
from viewer.media.failures import FailureKind, MediaError, from_os_error
from viewer.media.growing import Feed, Growth, align
from viewer.media.heads import Head, HeadCache, read_head
from viewer.media.mp4_read import (
    MAX_IN_FRAGMENT,
    Buffer,
    IndexEntry,
    Mp4Error,
    Sample,
    Track,
    boxes,
    read_fragment,
    read_tracks,
)
from viewer.media.mp4_write import Cut, cut_track, to_units, write_clip
from viewer.media.pausing import Gate
from viewer.media.progress import FetchStage, Meter
from viewer.media.ranges import RangeReader, RateLimit, Source
from viewer.media.resolver import MediaFormat
from viewer.media.spans import LIMIT_BYTES, SpanCache, StreamKey

log = logging.getLogger(__name__)

_SPARE_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class FragmentJob:
    """What one fast fetch needs. ``duration_ms`` is the video's length where known.

    ``announce`` is told, before the first byte comes, of what can be played while it does.
    """

    segment: Segment
    formats: tuple[MediaFormat, ...]
    sources: tuple[Source, ...]
    duration_ms: int | None
    work: Path
    proxy: str
    limit: RateLimit
    heads: HeadCache
    meter: Meter
    cancel: CancelToken
    announce: Callable[[Growth], None] | None = None
    gate: Gate = field(default_factory=Gate)
    spans: SpanCache = field(default_factory=SpanCache)


def can_fetch(formats: tuple[MediaFormat, ...]) -> bool:
    """Whether these formats can be had in this way: one or two mp4 files over HTTP, of a codec that plays."""
    return 1 <= len(formats) <= 2 and all(
        one.protocol in ("http", "https")
        and one.ext in ("mp4", "m4a")
        and (not one.has_video or one.video_codec.startswith(("avc1", "avc3", "vp09", "vp9")))
        and (one.has_video or one.has_audio)
        for one in formats
    )


def fetch_clip(job: FragmentJob) -> Path:
    """Fetch what the segment needs and cut it into ``clip.mp4`` in the work folder.

    Raises MediaError (the site, the network, damaged data), Cancelled, or OSError for the disk.
    """
    job = _until_available(job)
    job.meter.begin_download()
    streams = [_Stream(job, number) for number in range(len(job.formats))]
    growth = Growth(job.segment)
    try:
        _side_by_side([stream.prepare for stream in streams], job.cancel)
        wanted = sum(stream.wanted for stream in streams)
        _want_space(job.work, 2 * wanted)  # the bytes as they come, and the clip cut from them
        job.meter.begin_download(wanted)
        for stream in streams:
            stream.feed_into(growth)
        if job.announce is not None:
            job.announce(growth)
        _side_by_side([stream.download for stream in streams], job.cancel)
        growth.finish()
        job.meter.stage(FetchStage.CUTTING)
        cuts, files = [], []
        with contextlib.ExitStack() as stack:
            for stream in streams:
                file = stack.enter_context(stream.spool.open("rb"))
                for cut in stream.cuts():
                    cuts.append(cut)
                    files.append(file)
            target = job.work / "clip.mp4"
            write_clip(target, cuts, files)
        return target
    except Mp4Error as error:
        raise MediaError(FailureKind.DAMAGED, str(error)) from error
    finally:
        growth.end()
        for stream in streams:
            stream.close()


def fetch_heads(
    video: VideoRef,
    formats: Sequence[MediaFormat],
    duration_ms: int | None,
    limit: RateLimit,
    proxy: str,
    heads: HeadCache,
    cancel: CancelToken,
) -> None:
    """Read the heads of streams ahead of a click, which then saves a round trip. Raises MediaError or Cancelled."""

    def read(one: MediaFormat) -> None:
        key = StreamKey(video, one.format_id, one.size_bytes)
        if heads.get(key) is None:
            with RangeReader(Source(one.url, one.headers), proxy, cancel, limit) as reader:
                heads.put(key, read_head(reader, duration_ms))

    _side_by_side([functools.partial(read, one) for one in formats], cancel)


def _want_space(folder: Path, count: int) -> None:
    """Raise MediaError (``DISK_FULL``) now rather than after a long download."""
    free = shutil.disk_usage(folder).free
    if free < count + _SPARE_BYTES:
        raise MediaError(FailureKind.DISK_FULL, f"{count} bytes wanted, {free} free in {folder}")


def _until_available(job: FragmentJob) -> FragmentJob:
    """Wait until the site lets the addresses be used (``available_at``), a few seconds at most."""
    latest = max((one.available_at or 0.0 for one in job.formats), default=0.0)
    wait = min(latest - time.time(), 30.0)
    if wait > 0:
        job.cancel.wait(wait)
    return job


def _side_by_side(jobs: Sequence[Callable[[], object]], cancel: CancelToken) -> None:
    """Run every job on a thread of its own; the first error ends them all and is raised."""
    errors: list[BaseException] = []

    def run(job: Callable[[], object]) -> None:
        try:
            job()
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            errors.append(error)

    threads = [threading.Thread(target=run, args=(job,), daemon=True) for job in jobs[1:]]
    for thread in threads:
        thread.start()
    run(jobs[0])
    for thread in threads:
        thread.join()
    cancel.raise_if_cancelled()
    if errors:
        raise errors[0]


class _Stream:
    """One stream of a job: its head, its needed bytes in a spool file, and its samples."""

    def __init__(self, job: FragmentJob, number: int) -> None:
        self.job = job
        self.format = job.formats[number]
        self.spool = job.work / f"stream-{number}.bin"
        self.wanted = 0
        self._source = job.sources[number]
        self._reader = RangeReader(self._source, job.proxy, job.cancel, job.limit, job.gate)
        self._key = StreamKey(job.segment.video, self.format.format_id, self.format.size_bytes)
        self._head = Head(b"", ())
        self._first = self._last = 0
        self._entries: tuple[IndexEntry, ...] = ()
        self._feed: Feed | None = None

    def feed_into(self, growth: Growth) -> None:
        """Let what comes be played while it does."""
        self.spool.touch()
        if self._head.index:
            self._feed = growth.add(self.spool, read_tracks(self._head.data), self._entries[0].start_ms)
            return
        tracks = []
        for cut in self._progressive_cuts():
            cut.track.samples = list(self._moved(cut, -self._first).samples)
            tracks.append(cut.track)
        self._feed = growth.add(self.spool, tracks, None)

    def close(self) -> None:
        """Drop the connection."""
        self._reader.close()

    def prepare(self) -> None:
        """Read the head and choose the bytes."""
        head = self.job.heads.get(self._key)
        if head is None:
            head = read_head(self._reader, self.job.duration_ms)
            self.job.heads.put(self._key, head)
        self._head = head
        start, end = self.job.segment.start_ms, self.job.segment.end_ms
        if head.index:
            entries = [entry for entry in head.index if entry.end_ms > start and entry.start_ms < end]
            if not entries:
                raise MediaError(FailureKind.BEYOND_END, f"the index ends at {head.index[-1].end_ms:.0f} ms")
            self._entries = tuple(entries)
            self._first, self._last = entries[0].first, entries[-1].last
        else:
            places = [
                (sample.offset, sample.offset + sample.size - 1)
                for cut in self._progressive_cuts()
                for sample in cut.samples
            ]
            self._first, self._last = min(places)[0], max(last for _, last in places)
        self.wanted = self._last - self._first + 1

    def download(self) -> None:
        """Fetch the chosen bytes into the spool file; what others have brought is not asked for again."""
        with (
            self.spool.open("wb", buffering=0) as file,
            self.job.spans.coming(self._key, self._first, self.spool),
        ):

            def take(block: bytes) -> None:
                try:
                    file.write(block)
                except OSError as error:
                    # Told apart from the network's own trouble, which would be tried again for seconds.
                    raise from_os_error(error, "writing what comes in") from error
                self.job.meter.add(len(block))
                if self._feed is not None:
                    self._feed.arrived(len(block))

            for first, last, data in self._pieces():
                if data is None:
                    self._reader.stream(first, last, take)
                else:
                    take(data)
            if file.tell() != self.wanted:
                raise MediaError(FailureKind.DAMAGED, f"{file.tell()} of {self.wanted} bytes came")
        self._keep_fragments()

    def _pieces(self) -> Iterator[tuple[int, int, bytes | None]]:
        """What to ask for (first and last byte), and what is here already."""
        at = self._first
        for entry in self._entries:
            data = self.job.spans.get(self._key, entry)
            if data is not None:
                if at < entry.first:
                    yield at, entry.first - 1, None
                yield entry.first, entry.last, data
                at = entry.last + 1
        if at <= self._last:
            yield at, self._last, None

    def _keep_fragments(self) -> None:
        if self.wanted > LIMIT_BYTES // 2:
            return  # a whole video, which holds its clips anyhow
        with self.spool.open("rb") as file:
            for entry in self._entries:
                file.seek(entry.first - self._first)
                self.job.spans.put(self._key, entry, file.read(entry.size))

    def cuts(self) -> list[Cut]:
        """The samples of each track that the clip needs; their offsets are places in the spool file."""
        if not self._head.index:
            return [self._moved(cut, -self._first) for cut in self._progressive_cuts()]
        start, end = self.job.segment.start_ms, self.job.segment.end_ms
        tracks = self._fragmented_tracks()
        first, last = self._around()
        if first is not None and not all(_reaches_back(track, start) for track in tracks):
            # The index's times may be off by a picture or two: take one fragment more.
            self._extend(first, at_front=True)
            tracks = self._fragmented_tracks()
        if last is not None and not all(_reaches_on(track, end) for track in tracks):
            self._extend(last, at_front=False)
            tracks = self._fragmented_tracks()
        return [cut_track(track, start, end) for track in tracks]

    def _progressive_cuts(self) -> list[Cut]:
        start, end = self.job.segment.start_ms, self.job.segment.end_ms
        tracks = read_tracks(self._head.data)
        if not tracks or not all(track.samples for track in tracks):
            raise Mp4Error("the file has no sample tables")
        return [cut_track(track, start, end) for track in tracks]

    @staticmethod
    def _moved(cut: Cut, by: int) -> Cut:
        return replace(cut, samples=tuple(replace(one, offset=one.offset + by) for one in cut.samples))

    def _fragmented_tracks(self) -> list[Track]:
        tracks = read_tracks(self._head.data)
        base = self._first
        with (
            self.spool.open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
        ):
            for track in tracks:
                for entry in self._entries:
                    begin, end = entry.first - base, entry.last + 1 - base
                    samples = _entry_samples(data, begin, end, track)
                    if entry is self._entries[0] and align(track, samples, entry.start_ms):
                        samples = _entry_samples(data, begin, end, track)
                    track.samples += samples
        return tracks

    def _around(self) -> tuple[IndexEntry | None, IndexEntry | None]:
        """The fragments just before and just after those that were fetched."""
        index = self._head.index
        first, last = index.index(self._entries[0]), index.index(self._entries[-1])
        return (
            index[first - 1] if first > 0 else None,
            index[last + 1] if last + 1 < len(index) else None,
        )

    def _extend(self, entry: IndexEntry, *, at_front: bool) -> None:
        more = self._reader.read(entry.first, entry.last)
        if len(more) != entry.size:
            raise MediaError(FailureKind.DAMAGED, f"{len(more)} of {entry.size} bytes came")
        self.job.meter.add(len(more))
        if at_front:
            # A new file: whoever plays from the old one keeps it.
            longer = self.spool.with_suffix(".longer")
            longer.write_bytes(more + self.spool.read_bytes())
            self.spool = longer
            self._first = entry.first
            self._entries = (entry, *self._entries)
            return
        with self.spool.open("ab") as file:
            file.write(more)
        self._last = entry.last
        self._entries = (*self._entries, entry)


def _entry_samples(data: Buffer, begin: int, end: int, track: Track) -> list[Sample]:
    """The samples of one index entry, each of which must lie within it. Raises Mp4Error."""
    samples: list[Sample] = []
    for box in boxes(data, begin, end):
        if box.kind == b"moof":
            samples += read_fragment(data, box, box.start - 8, track)
        if len(samples) > MAX_IN_FRAGMENT:
            raise Mp4Error("a fragment with too many samples")
    if not samples:
        raise Mp4Error("a fragment without samples")
    if any(sample.offset < begin or sample.offset + sample.size > end for sample in samples):
        raise Mp4Error("a fragment's samples run over its end")
    return samples


def _reaches_back(track: Track, start_ms: int) -> bool:
    start = to_units(start_ms, track.timescale)
    if not track.is_video:
        return track.samples[0].pts <= start
    return any(sample.sync and sample.pts <= start for sample in track.samples)


def _reaches_on(track: Track, end_ms: int) -> bool:
    return max(one.pts + one.duration for one in track.samples) >= to_units(end_ms, track.timescale)


__all__ = ["FragmentJob", "HeadCache", "can_fetch", "fetch_clip"]
