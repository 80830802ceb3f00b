"""Reading mp4 files far enough to cut them: boxes, the segment index, tracks and their samples.

Formats: ISO/IEC 14496-12 (ISO base media file format). Both shapes are read: fragmented (``moof``, as DASH serves
them) and progressive (sample tables). Everything in a file is hostile until proven: sizes are checked, and what
does not add up raises :class:`Mp4Error`.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

Buffer = bytes | memoryview | mmap.mmap
"""What boxes are read from: bytes in memory, or a file's."""

_MAX_SAMPLES = 4_000_000
_MAX_ALIKE = 500_000
"""So many samples may be told by one number that stands for all: it takes no room in the file, but each does in memory."""

MAX_IN_FRAGMENT = 200_000
"""Samples of some hours; a fragment has those of some seconds."""

_MAX_TRACKS = 64
_NOT_SYNC = 0x0001_0000


class Mp4Error(Exception):
    """The bytes are not the mp4 that they should be."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its four-letter kind, where its content begins and where it ends in the buffer."""

    kind: bytes
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One fragment by the segment index: bytes ``first``..``last`` of the file (inclusive), time in ms."""

    first: int
    last: int
    start_ms: float
    end_ms: float

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Sample:
    """One coded picture or piece of sound. Times in the track's units; ``pts`` on the presentation timeline.

    ``offset`` is where its bytes lie in the file (or in the buffer they were read from).
    """

    dts: int
    pts: int
    duration: int
    size: int
    sync: bool
    offset: int


@dataclass(slots=True)
class Track:
    """One stream: what it is, its raw sample description, and its samples in decoding order."""

    id: int
    handler: bytes
    timescale: int
    stsd: bytes
    width: int = 0
    height: int = 0
    language: int = 0x55C4  # "und"
    shift: int = 0
    """Added to a composition time to get the presentation time: what the edit list says."""
    has_edits: bool = False
    default_duration: int = 0
    default_size: int = 0
    default_flags: int = 0
    samples: list[Sample] = field(default_factory=list)

    @property
    def is_video(self) -> bool:
        """Whether it is the picture."""
        return self.handler == b"vide"

    @property
    def codec(self) -> str:
        """The sample entry's four letters: ``avc1``, ``mp4a``, ``vp09``, ``av01``, ``Opus``."""
        return self.stsd[12:16].decode("latin-1") if len(self.stsd) >= 16 else ""


def _unpack(form: str, data: Buffer, at: int) -> tuple[int, ...]:
    try:
        return struct.unpack_from(form, data, at)
    except struct.error as error:
        raise Mp4Error(f"cut short at {at}: {error}") from error


def boxes(data: Buffer, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """The boxes of ``data`` between two places. Raises Mp4Error for one that runs over its parent's end."""
    end = len(data) if end is None else end
    at = start
    while at + 8 <= end:
        (size,) = _unpack(">I", data, at)
        kind = bytes(data[at + 4 : at + 8])
        head = 8
        if size == 1:
            (size,) = _unpack(">Q", data, at + 8)
            head = 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            raise Mp4Error(f"box {kind!r} at {at} of {size} bytes runs over its end")
        yield Box(kind, at + head, at + size)
        at += size


def find_box(data: Buffer, *path: bytes, start: int = 0, end: int | None = None) -> Box | None:
    """The first box at ``path`` (kinds, from the outside in); None when there is none."""
    found: Box | None = None
    for kind in path:
        found = next((box for box in boxes(data, start, end) if box.kind == kind), None)
        if found is None:
            return None
        start, end = found.start, found.end
    return found


def _must(data: Buffer, *path: bytes, start: int = 0, end: int | None = None) -> Box:
    box = find_box(data, *path, start=start, end=end)
    if box is None:
        raise Mp4Error(f"no {b'/'.join(path).decode('latin-1')} box")
    return box


def read_index(data: bytes, base: int = 0) -> list[IndexEntry]:
    """The fragments that the ``sidx`` box in ``data`` tells; ``base`` is where ``data`` begins in the file.

    Raises Mp4Error when there is none, or when it points to further indexes (YouTube's does not).
    """
    box = _must(data, b"sidx")
    version = data[box.start]
    (timescale,) = _unpack(">I", data, box.start + 8)
    if timescale == 0:
        raise Mp4Error("sidx without a time scale")
    form, at = (">II", box.start + 20) if version == 0 else (">QQ", box.start + 28)
    time, first_offset = _unpack(form, data, box.start + 12)
    (count,) = _unpack(">H", data, at + 2)
    offset = base + box.end + first_offset
    entries = []
    for index in range(count):
        reference, duration = _unpack(">II", data, at + 4 + 12 * index)
        if reference & 0x8000_0000:
            raise Mp4Error("sidx points to another sidx")
        size = reference & 0x7FFF_FFFF
        if size == 0:
            raise Mp4Error("sidx with an empty fragment")
        start_ms, end_ms = time * 1000 / timescale, (time + duration) * 1000 / timescale
        entries.append(IndexEntry(offset, offset + size - 1, start_ms, end_ms))
        offset += size
        time += duration
    return entries


def read_tracks(data: Buffer) -> list[Track]:
    """The tracks that the ``moov`` box in ``data`` tells, with their samples where it has sample tables."""
    moov = _must(data, b"moov")
    (movie_scale,) = _read_header_scale(data, _must(data, b"mvhd", start=moov.start, end=moov.end))
    tracks = []
    number = samples = 0
    for box in boxes(data, moov.start, moov.end):
        if box.kind == b"trak":
            track = _read_track(data, box, movie_scale)
            if track.handler in (b"vide", b"soun"):
                tracks.append(track)
            number, samples = number + 1, samples + len(track.samples)
            # A size is four bytes, unless one stands for all.
            if number > _MAX_TRACKS or samples > len(data) // 4 + _MAX_ALIKE:
                raise Mp4Error("more tracks or samples than any film has")
    mvex = find_box(data, b"mvex", start=moov.start, end=moov.end)
    if mvex is not None:
        for box in boxes(data, mvex.start, mvex.end):
            if box.kind == b"trex":
                track_id, _, duration, size, flags = _unpack(">5I", data, box.start + 4)
                for track in tracks:
                    if track.id == track_id:
                        track.default_duration, track.default_size = duration, size
                        track.default_flags = flags
    return tracks


def _read_header_scale(data: Buffer, box: Box) -> tuple[int]:
    (scale,) = _unpack(">I", data, box.start + (12 if data[box.start] == 0 else 20))
    if scale == 0:
        raise Mp4Error("a time scale of zero")
    return (scale,)


def _read_track(data: Buffer, trak: Box, movie_scale: int) -> Track:
    tkhd = _must(data, b"tkhd", start=trak.start, end=trak.end)
    wide = data[tkhd.start] == 1
    (track_id,) = _unpack(">I", data, tkhd.start + (20 if wide else 12))
    width, height = _unpack(">II", data, tkhd.end - 8)
    mdia = _must(data, b"mdia", start=trak.start, end=trak.end)
    mdhd = _must(data, b"mdhd", start=mdia.start, end=mdia.end)
    (timescale,) = _read_header_scale(data, mdhd)
    (language,) = _unpack(">H", data, mdhd.end - 4)
    hdlr = _must(data, b"hdlr", start=mdia.start, end=mdia.end)
    stbl = _must(data, b"minf", b"stbl", start=mdia.start, end=mdia.end)
    stsd = _must(data, b"stsd", start=stbl.start, end=stbl.end)
    track = Track(
        id=track_id,
        handler=bytes(data[hdlr.start + 8 : hdlr.start + 12]),
        timescale=timescale,
        stsd=bytes(data[stsd.start : stsd.end]),
        width=width,
        height=height,
        language=language,
    )
    shift = _read_shift(data, trak, timescale, movie_scale)
    if shift is not None:
        track.shift, track.has_edits = shift, True
    track.samples = _read_sample_tables(data, stbl, track.shift)
    return track


def _read_shift(data: Buffer, trak: Box, timescale: int, movie_scale: int) -> int | None:
    """What the edit list adds to composition times: leading empty edits, less the first edit's media time.

    None without an edit list.
    """
    elst = find_box(data, b"edts", b"elst", start=trak.start, end=trak.end)
    if elst is None:
        return None
    wide = data[elst.start] == 1
    (count,) = _unpack(">I", data, elst.start + 4)
    form, step = (">Qq", 20) if wide else (">Ii", 12)
    empty = 0
    for index in range(min(count, 64)):
        duration, media_time = _unpack(form, data, elst.start + 8 + step * index)
        if media_time >= 0:
            return round(empty * timescale / movie_scale) - media_time
        empty += duration
    return None


def _table(data: Buffer, stbl: Box, kind: bytes, form: str) -> list[tuple[int, ...]]:
    box = find_box(data, kind, start=stbl.start, end=stbl.end)
    if box is None:
        return []
    (count,) = _unpack(">I", data, box.start + 4)
    step = struct.calcsize(form)
    if count > _MAX_SAMPLES or box.start + 8 + count * step > box.end:
        raise Mp4Error(f"{kind.decode('latin-1')} is cut short")
    return list(struct.iter_unpack(form, data[box.start + 8 : box.start + 8 + count * step]))


def _read_sizes(data: Buffer, stbl: Box) -> list[int]:
    box = find_box(data, b"stsz", start=stbl.start, end=stbl.end)
    if box is None:
        return []
    same, count = _unpack(">II", data, box.start + 4)
    if count > (_MAX_ALIKE if same else _MAX_SAMPLES):
        raise Mp4Error("stsz with too many samples")
    if same:
        return [same] * count
    return list(_unpack(f">{count}I", data, box.start + 12))


def _written_out(runs: list[tuple[int, ...]], wanted: int) -> list[int]:
    """The value of each sample, from runs of (how many, value); no more than there are samples, whatever a run says."""
    values: list[int] = []
    for count, value in runs:
        values += [value] * min(count, wanted - len(values))
        if len(values) >= wanted:
            break
    return values


def _read_sample_tables(data: Buffer, stbl: Box, shift: int) -> list[Sample]:
    sizes = _read_sizes(data, stbl)
    if not sizes:
        return []
    durations = _written_out(_table(data, stbl, b"stts", ">II"), len(sizes))
    offsets = _written_out(_table(data, stbl, b"ctts", ">Ii"), len(sizes))
    sync_table = find_box(data, b"stss", start=stbl.start, end=stbl.end)
    sync = {number for (number,) in _table(data, stbl, b"stss", ">I")}
    places = _read_places(data, stbl, sizes)
    if len(durations) < len(sizes) or (offsets and len(offsets) < len(sizes)) or len(places) < len(sizes):
        raise Mp4Error("the sample tables do not agree")
    samples = []
    dts = 0
    for index, size in enumerate(sizes):
        pts = dts + (offsets[index] if offsets else 0) + shift
        is_sync = sync_table is None or index + 1 in sync
        samples.append(Sample(dts, pts, durations[index], size, is_sync, places[index]))
        dts += durations[index]
    return samples


def _read_places(data: Buffer, stbl: Box, sizes: list[int]) -> list[int]:
    chunks = [place for (place,) in _table(data, stbl, b"stco", ">I")]
    chunks = chunks or [place for (place,) in _table(data, stbl, b"co64", ">Q")]
    runs = _table(data, stbl, b"stsc", ">III")
    places: list[int] = []
    for number, (first, per_chunk, _) in enumerate(runs):
        last = runs[number + 1][0] if number + 1 < len(runs) else len(chunks) + 1
        if last <= first or not per_chunk:
            raise Mp4Error("stsc does not go on")
        for chunk in range(first, last):
            if not 1 <= chunk <= len(chunks):
                raise Mp4Error("stsc points outside of stco")
            at = chunks[chunk - 1]
            for _ in range(per_chunk):
                if len(places) == len(sizes):
                    return places
                places.append(at)
                at += sizes[len(places) - 1]
    return places


def read_fragment(data: Buffer, moof: Box, moof_at: int, track: Track) -> list[Sample]:
    """The samples of ``track`` that one ``moof`` box tells.

    ``moof_at`` is where the box (its size field) begins in ``data``; offsets are places in ``data``.
    """
    samples: list[Sample] = []
    for traf in boxes(data, moof.start, moof.end):
        if traf.kind != b"traf":
            continue
        tfhd = _must(data, b"tfhd", start=traf.start, end=traf.end)
        flags, track_id = _unpack(">II", data, tfhd.start)
        if track_id == track.id:
            samples += _read_traf(data, traf, tfhd, flags & 0xFF_FFFF, moof_at, track)
            if len(samples) > MAX_IN_FRAGMENT:
                raise Mp4Error("a fragment with too many samples")
    return samples


def _read_traf(data: Buffer, traf: Box, tfhd: Box, flags: int, moof_at: int, track: Track) -> list[Sample]:
    at = tfhd.start + 8
    duration, size, sample_flags = track.default_duration, track.default_size, track.default_flags
    if flags & 0x1:
        raise Mp4Error("a fragment with an absolute data offset")  # ours is a part of the file
    if flags & 0x2:
        at += 4
    if flags & 0x8:
        (duration,) = _unpack(">I", data, at)
        at += 4
    if flags & 0x10:
        (size,) = _unpack(">I", data, at)
        at += 4
    if flags & 0x20:
        (sample_flags,) = _unpack(">I", data, at)
    tfdt = _must(data, b"tfdt", start=traf.start, end=traf.end)
    (dts,) = _unpack(">Q" if data[tfdt.start] == 1 else ">I", data, tfdt.start + 4)
    samples: list[Sample] = []
    place = moof_at
    for trun in boxes(data, traf.start, traf.end):
        if trun.kind == b"trun":
            dts, place = _read_trun(
                data, trun, (dts, place, moof_at), (duration, size, sample_flags), track.shift, samples
            )
    return samples


def _read_trun(
    data: Buffer,
    trun: Box,
    begin: tuple[int, int, int],
    defaults: tuple[int, int, int],
    shift: int,
    samples: list[Sample],
) -> tuple[int, int]:
    """Append one run's samples; returns the decoding time and the place that follow it."""
    dts, place, moof_at = begin
    head, count = _unpack(">II", data, trun.start)
    version, flags = head >> 24, head & 0xFF_FFFF
    if len(samples) + count > MAX_IN_FRAGMENT:
        raise Mp4Error("trun with too many samples")
    at = trun.start + 8
    if flags & 0x1:
        (offset,) = _unpack(">i", data, at)
        place = moof_at + offset
        at += 4
    first_flags: int | None = None
    if flags & 0x4:
        (first_flags,) = _unpack(">I", data, at)
        at += 4
    fields = [bit for bit in (0x100, 0x200, 0x400, 0x800) if flags & bit]
    form = ">" + "".join("i" if bit == 0x800 and version else "I" for bit in fields)
    step = struct.calcsize(form)
    if at + step * count > trun.end:
        raise Mp4Error("trun is cut short")
    for index in range(count):
        values = dict(zip(fields, _unpack(form, data, at), strict=True)) if fields else {}
        at += step
        duration = values.get(0x100, defaults[0])
        size = values.get(0x200, defaults[1])
        sample_flags = values.get(0x400, defaults[2])
        if index == 0 and first_flags is not None:
            sample_flags = first_flags
        sync = not sample_flags & _NOT_SYNC
        samples.append(Sample(dts, dts + values.get(0x800, 0) + shift, duration, size, sync, place))
        dts += duration
        place += size
    return dts, place
