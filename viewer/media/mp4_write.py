"""Cutting without re-encoding: an mp4 that shows exactly one stretch of its sources.

The samples from the key picture before the start are copied as they are; an edit list (ISO/IEC 14496-12, 8.6.6)
hides what lies before the start and after the end. So the clip is exact to the picture and costs no processor time.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from viewer.media.mp4_read import Mp4Error, Sample, Track, read_tracks

AUDIO_PREROLL_MS = 100
"""Sound decoders need some packets before the first that counts (Opus 80 ms, AAC one packet)."""

_CHUNK_MS = 500
_MATRIX = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000)
_MAX_COPY = 1 << 20


@dataclass(frozen=True, slots=True)
class Cut:
    """The samples of one track that a clip needs, and where it begins and ends among them (track units, pts)."""

    track: Track
    samples: tuple[Sample, ...]
    start: int
    end: int

    @property
    def first_dts(self) -> int:
        """The decoding time from which the clip's own timeline counts."""
        return self.samples[0].dts

    @property
    def media_time(self) -> int:
        """Where the clip begins on its own composition timeline; negative when the track begins later."""
        return self.start - self.track.shift - self.first_dts


def to_units(ms: int, timescale: int) -> int:
    """The first moment of a track at or after ``ms``: rounded up, so that "at or after the start" is exact."""
    return -(-ms * timescale // 1000)


def cut_track(track: Track, start_ms: int, end_ms: int) -> Cut:
    """Choose what a clip from ``start_ms`` to ``end_ms`` (half-open) needs of ``track``.

    Raises Mp4Error when the samples do not reach back to a key picture at or before the start, or nothing of the
    track lies in the stretch. An end after the track's end is mended.
    """
    start, end = to_units(start_ms, track.timescale), to_units(end_ms, track.timescale)
    samples = track.samples
    if track.is_video:
        shown = [index for index, sample in enumerate(samples) if start <= sample.pts < end]
    else:
        shown = [
            index for index, one in enumerate(samples) if one.pts + one.duration > start and one.pts < end
        ]
    if not shown:
        raise Mp4Error(f"no {track.codec} sample between {start_ms} and {end_ms} ms")
    first, last = shown[0], shown[-1]
    if track.is_video:
        earliest = min(samples[index].pts for index in shown)
        first = next(
            (at for at in range(first, -1, -1) if samples[at].sync and samples[at].pts <= earliest), -1
        )
        if first < 0:
            raise Mp4Error(f"no key picture at or before {start_ms} ms")
    else:
        early = start - AUDIO_PREROLL_MS * track.timescale // 1000
        while first > 0 and samples[first - 1].pts >= early:
            first -= 1
    chosen = tuple(samples[first : last + 1])
    reach = max(sample.pts + sample.duration for sample in chosen)
    return Cut(track, chosen, start, min(end, reach))


def write_clip(target: Path, cuts: Sequence[Cut], sources: Sequence[BinaryIO]) -> None:
    """Write one mp4 that shows ``cuts`` together; ``sources`` hold the bytes that their samples' offsets mean.

    The index comes first (any player may stream it). Raises Mp4Error for short sources, OSError for the disk.
    """
    if not cuts:
        raise Mp4Error("nothing to write")
    scale = next((cut.track.timescale for cut in cuts if cut.track.is_video), cuts[0].track.timescale)
    chunks = list(_interleave(cuts))
    head = box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41")
    size = sum(sample.size for cut in cuts for sample in cut.samples)
    wide = size > 0xFF00_0000
    # Chunk offsets depend on the length of the index that holds them; that does not depend on their values.
    for_size = _moov(cuts, chunks, 0, scale, wide=wide)
    mdat = struct.pack(">I4sQ", 1, b"mdat", size + 16) if wide else struct.pack(">I4s", size + 8, b"mdat")
    base = len(head) + len(for_size) + len(mdat)
    with target.open("wb") as file:
        file.write(head + _moov(cuts, chunks, base, scale, wide=wide) + mdat)
        for chunk in chunks:
            samples = cuts[chunk.track].samples[chunk.first : chunk.last]
            for offset, length in _runs(samples):
                _copy(sources[chunk.track], offset, length, file)


def recut(source: Path, target: Path, start_ms: int, end_ms: int) -> None:
    """Cut a stretch of a progressive mp4 (0 is where its edit list begins) into a new one.

    For files that others made: whole videos, and clips that overshoot their end as ffmpeg's stream copy does.
    Raises Mp4Error or OSError.
    """
    with source.open("rb") as file:
        tracks = read_tracks(read_moov(file))
        cuts = [cut_track(track, start_ms, end_ms) for track in tracks if track.samples]
        write_clip(target, cuts, [file] * len(cuts))


def read_moov(file: BinaryIO) -> bytes:
    """The ``moov`` box of an mp4 file, wherever it lies. Raises Mp4Error when there is none."""
    at = 0
    total = file.seek(0, 2)
    while at + 8 <= total:
        file.seek(at)
        head = file.read(16)
        size, kind = struct.unpack_from(">I4s", head)
        if size == 1 and len(head) == 16:
            (size,) = struct.unpack_from(">Q", head, 8)
        elif size == 0:
            size = total - at
        if size < 8 or at + size > total:
            break
        if kind == b"moov":
            file.seek(at)
            return file.read(size)
        at += size
    raise Mp4Error("no moov box")


@dataclass(frozen=True, slots=True)
class _Chunk:
    track: int
    first: int
    last: int
    size: int


def _interleave(cuts: Sequence[Cut]) -> Iterator[_Chunk]:
    """Pieces of about half a second of each track in turn, so that a player reads forwards only."""
    pieces: list[tuple[float, _Chunk]] = []
    for number, cut in enumerate(cuts):
        scale = cut.track.timescale
        first = 0
        begin = cut.samples[0].dts
        for index, sample in enumerate(cut.samples):
            if index > first and (sample.dts - begin) * 1000 >= _CHUNK_MS * scale:
                pieces.append(_piece(cut, number, first, index))
                first, begin = index, sample.dts
        pieces.append(_piece(cut, number, first, len(cut.samples)))
    pieces.sort(key=lambda piece: piece[0])
    for _, chunk in pieces:
        yield chunk


def _piece(cut: Cut, number: int, first: int, last: int) -> tuple[float, _Chunk]:
    size = sum(sample.size for sample in cut.samples[first:last])
    return cut.samples[first].pts / cut.track.timescale, _Chunk(number, first, last, size)


def _runs(samples: Sequence[Sample]) -> Iterator[tuple[int, int]]:
    """Neighbouring samples as one piece to copy: (offset, length)."""
    offset = length = 0
    for sample in samples:
        if length and sample.offset == offset + length:
            length += sample.size
            continue
        if length:
            yield offset, length
        offset, length = sample.offset, sample.size
    if length:
        yield offset, length


def _copy(source: BinaryIO, offset: int, length: int, target: BinaryIO) -> None:
    source.seek(offset)
    while length:
        block = source.read(min(length, _MAX_COPY))
        if not block:
            raise Mp4Error("the samples run over the end of the data")
        target.write(block)
        length -= len(block)


def box(kind: bytes, *parts: bytes) -> bytes:
    """One box of ``kind`` around ``parts``."""
    content = b"".join(parts)
    return struct.pack(">I4s", len(content) + 8, kind) + content


def full_box(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    """One box of ``kind`` with a version and flags."""
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def _moov(cuts: Sequence[Cut], chunks: Sequence[_Chunk], base: int, scale: int, *, wide: bool) -> bytes:
    offsets: list[list[tuple[int, _Chunk]]] = [[] for _ in cuts]
    at = base
    for chunk in chunks:
        offsets[chunk.track].append((at, chunk))
        at += chunk.size
    traks = []
    for number, cut in enumerate(cuts):
        tables = _tables(cut, offsets[number], wide)
        traks.append(trak(cut, number + 1, scale, tables, sum(sample.duration for sample in cut.samples)))
    length = max(presented(cut, scale) for cut in cuts)
    return box(b"moov", mvhd(scale, length, len(cuts) + 1), *traks)


def mvhd(scale: int, duration: int, next_track: int) -> bytes:
    """The movie header box."""
    return full_box(
        b"mvhd",
        1,
        0,
        struct.pack(">QQIQ", 0, 0, scale, duration),
        struct.pack(">IHHII", 0x10000, 0x100, 0, 0, 0),
        _MATRIX,
        bytes(24),
        struct.pack(">I", next_track),
    )


def presented(cut: Cut, scale: int) -> int:
    """How long the cut is shown, in units of ``scale``."""
    return round((cut.end - cut.start) * scale / cut.track.timescale)


def trak(cut: Cut, number: int, scale: int, tables: bytes, media: int) -> bytes:
    """One track box. ``media`` is the length of its samples in its own units."""
    track = cut.track
    length = presented(cut, scale)
    volume = 0 if track.is_video else 0x100
    tkhd = full_box(
        b"tkhd",
        1,
        3,
        struct.pack(">QQIIQ", 0, 0, number, 0, length),
        struct.pack(">QhhHH", 0, 0, 0 if track.is_video else 1, volume, 0),
        _MATRIX,
        struct.pack(">II", track.width, track.height),
    )
    mdhd = full_box(b"mdhd", 1, 0, struct.pack(">QQIQHH", 0, 0, track.timescale, media, track.language, 0))
    name = b"VideoHandler\0" if track.is_video else b"SoundHandler\0"
    hdlr = full_box(b"hdlr", 0, 0, bytes(4), track.handler, bytes(12), name)
    header = full_box(b"vmhd", 0, 1, bytes(8)) if track.is_video else full_box(b"smhd", 0, 0, bytes(4))
    dinf = box(b"dinf", full_box(b"dref", 0, 0, struct.pack(">I", 1), full_box(b"url ", 0, 1)))
    stbl = box(b"stbl", box(b"stsd", track.stsd), tables)
    mdia = box(b"mdia", mdhd, hdlr, box(b"minf", header, dinf, stbl))
    return box(b"trak", tkhd, _edits(cut, scale, length), mdia)


def _edits(cut: Cut, scale: int, length: int) -> bytes:
    media_time = cut.media_time
    entries = []
    if media_time < 0:
        empty = round(-media_time * scale / cut.track.timescale)
        entries.append(struct.pack(">Qqhh", empty, -1, 1, 0))
        length, media_time = max(0, length - empty), 0
    entries.append(struct.pack(">Qqhh", length, media_time, 1, 0))
    return box(b"edts", full_box(b"elst", 1, 0, struct.pack(">I", len(entries)), *entries))


def _grouped(values: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of equal values as (count, value)."""
    runs: list[tuple[int, int]] = []
    for value in values:
        if runs and runs[-1][1] == value:
            runs[-1] = (runs[-1][0] + 1, value)
        else:
            runs.append((1, value))
    return runs


def _durations(cut: Cut) -> list[int]:
    """From one decoding time to the next; a gap between fragments thereby stays where it is."""
    samples = cut.samples
    steps = [after.dts - before.dts for before, after in itertools.pairwise(samples)]
    if any(step < 0 for step in steps):
        raise Mp4Error("decoding times run backwards")
    return [*steps, samples[-1].duration]


def _tables(cut: Cut, chunks: Sequence[tuple[int, _Chunk]], wide: bool) -> bytes:
    samples = cut.samples
    stts = _grouped(_durations(cut))
    composition = [sample.pts - cut.track.shift - sample.dts for sample in samples]
    parts = [
        full_box(b"stts", 0, 0, struct.pack(">I", len(stts)), *(struct.pack(">II", *run) for run in stts))
    ]
    if any(composition):
        ctts = _grouped(composition)
        version = 1 if min(composition) < 0 else 0
        rows = (struct.pack(">Ii", *run) for run in ctts)
        parts.append(full_box(b"ctts", version, 0, struct.pack(">I", len(ctts)), *rows))
    if not all(sample.sync for sample in samples):
        keys = [index + 1 for index, sample in enumerate(samples) if sample.sync]
        parts.append(full_box(b"stss", 0, 0, struct.pack(f">I{len(keys)}I", len(keys), *keys)))
    counts = [chunk.last - chunk.first for _, chunk in chunks]
    stsc = [
        (index + 1, count) for index, count in enumerate(counts) if index == 0 or counts[index - 1] != count
    ]
    rows = (struct.pack(">III", first, count, 1) for first, count in stsc)
    parts.append(full_box(b"stsc", 0, 0, struct.pack(">I", len(stsc)), *rows))
    sizes = struct.pack(f">II{len(samples)}I", 0, len(samples), *(sample.size for sample in samples))
    parts.append(full_box(b"stsz", 0, 0, sizes))
    places = [offset for offset, _ in chunks]
    kind, letter = (b"co64", "Q") if wide else (b"stco", "I")
    parts.append(full_box(kind, 0, 0, struct.pack(f">I{len(places)}{letter}", len(places), *places)))
    return b"".join(parts)
