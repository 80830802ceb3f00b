"""The pieces of a film: coded pictures and sounds as they lie in files, and which of them go together as they are."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

from viewer.media.mp4_read import Mp4Error, Sample, Track, boxes, read_tracks
from viewer.media.mp4_write import Cut, cut_track, read_moov

ENTRY_AT = 8
"""Where the sample entry begins in the content of ``stsd`` (after version, flags and count)."""
_VISUAL_BYTES = 86
"""A VisualSampleEntry with its header, before its boxes (ISO/IEC 14496-12, 12.1.3)."""
_PROFILES = (66, 77, 88, 100)
"""H.264 profiles with 8 bit 4:2:0 pictures: Baseline, Main, Extended, High (ITU-T H.264, annex A)."""


@dataclass(frozen=True, slots=True, order=True)
class PictureSize:
    """Width and height of coded pictures in pixels, which are square."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ParameterSets:
    """What a decoder of H.264 must know before a picture, ready to stand before each key picture (4-byte lengths)."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Source:
    """One clip's file, read: what of it is wanted. ``sound`` is None for a silent clip, ``picture`` for a podcast's."""

    path: Path
    picture: Cut | None
    sound: Cut | None
    start_ms: int
    end_ms: int

    @property
    def duration(self) -> Fraction:
        """How long it is shown, in seconds: as long as its picture."""
        cut = self.picture or self.sound
        if cut is None:
            raise Mp4Error(f"{self.path.name} is empty")
        return Fraction(cut.end - cut.start, cut.track.timescale)


def read_source(path: Path, start_ms: int, end_ms: int) -> Source:
    """Choose ``start_ms`` to ``end_ms`` of a kept file (0 is where its edit list begins). Raises Mp4Error, OSError."""
    with path.open("rb") as file:
        tracks = [track for track in read_tracks(read_moov(file)) if track.samples]
    pictures = [track for track in tracks if track.is_video]
    sounds = [track for track in tracks if not track.is_video]
    if not tracks:
        raise Mp4Error(f"{path.name} is empty")
    picture = cut_track(pictures[0], start_ms, end_ms) if pictures else None
    try:
        sound = cut_track(sounds[0], start_ms, end_ms) if sounds else None
    except Mp4Error:
        if picture is None:
            raise
        sound = None  # the picture goes on after the sound has ended
    return Source(path, picture, sound, start_ms, end_ms)


def whole_pictures(source: Source) -> Source:
    """``source`` from the moment of its first picture to the end of its last; the sound with it."""
    cut = source.picture
    if cut is None:
        return source
    shown = [one for one in cut.samples if cut.start <= one.pts < cut.end]
    last = max(shown, key=lambda one: one.pts)
    steps = sorted(one.duration for one in shown)
    picture = replace(cut, start=min(one.pts for one in shown), end=last.pts + steps[len(steps) // 2])
    sound = source.sound
    if sound is not None:
        later = Fraction(picture.start - cut.start, cut.track.timescale) * sound.track.timescale
        sound = replace(sound, start=sound.start + round(later))
    return replace(source, picture=picture, sound=sound)


# -- what it is ----------------------------------------------------------------------------------------------


def picture_size(track: Track) -> PictureSize:
    """The size of a track's coded pictures, even in both directions; raises Mp4Error."""
    width, height = _unpack(">HH", track.stsd, ENTRY_AT + 32)
    return PictureSize(max(2, width // 2 * 2), max(2, height // 2 * 2))


def copyable_size(track: Track) -> PictureSize | None:
    """The size of pictures that can stand in one track with others of their size; None for another codec."""
    if track.codec != "avc1" or len(track.stsd) < ENTRY_AT + _VISUAL_BYTES:
        return None
    if _unpack(">I", track.stsd, 4) != (1,):
        return None  # the description changes within the track
    avcc = child_box(track.stsd, _VISUAL_BYTES, b"avcC")
    pasp = child_box(track.stsd, _VISUAL_BYTES, b"pasp")
    if avcc is None or len(avcc) < 7 or avcc[1] not in _PROFILES or avcc[4] & 3 != 3:
        return None
    if pasp is not None and len(pasp) == 8 and pasp[:4] != pasp[4:]:
        return None
    return picture_size(track)


def parameter_sets(track: Track) -> ParameterSets:
    """The parameter sets of an ``avc1`` track (ISO/IEC 14496-15, 5.3.3). Raises Mp4Error."""
    avcc = child_box(track.stsd, _VISUAL_BYTES, b"avcC")
    if avcc is None:
        raise Mp4Error("no avcC box")
    found, at = b"", 5
    for mask in (0x1F, 0xFF):
        (count,) = _unpack(">B", avcc, at)
        at += 1
        for _ in range(count & mask):
            (size,) = _unpack(">H", avcc, at)
            if at + 2 + size > len(avcc):
                raise Mp4Error("avcC is cut short")
            found += struct.pack(">I", size) + avcc[at + 2 : at + 2 + size]
            at += 2 + size
    return ParameterSets(found)


def _unpack(form: str, data: bytes, at: int) -> tuple[int, ...]:
    try:
        return struct.unpack_from(form, data, at)
    except struct.error as error:
        raise Mp4Error(f"cut short at {at}: {error}") from error


def child_box(stsd: bytes, head: int, kind: bytes) -> bytes | None:
    """The content of a box in a sample entry whose own fields are ``head`` bytes long; None when it is not there."""
    (size,) = _unpack(">I", stsd, ENTRY_AT)
    end = min(len(stsd), ENTRY_AT + size)
    try:
        for box in boxes(stsd, ENTRY_AT + head, end):
            if box.kind == kind:
                return stsd[box.start : box.end]
    except Mp4Error:
        return None
    return None


# -- samples on their way into the film ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """Coded pictures or sounds of one file, in decoding order, with the seconds from their piece's start.

    ``sets`` stand before each key picture: files differ in them, and a player may begin at any of these.
    """

    path: Path
    track: Track
    samples: tuple[Sample, ...]
    times: tuple[Fraction, ...]
    sets: ParameterSets | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """A cut in three: what can be copied, and what must be encoded anew before and after it.

    ``head`` are the pictures before the first key picture that is shown (a decoder would need hidden ones before
    them), ``tail`` those at the end that lean on pictures shown after the end. Either is None when there is none.
    """

    head: Cut | None
    middle: tuple[Sample, ...]
    tail: Cut | None


def split(cut: Cut) -> Split:
    """Find what of a cut can stand in a film as it is, with no hidden pictures around it."""
    samples = cut.samples
    key = next((at for at, one in enumerate(samples) if one.sync and cut.start <= one.pts < cut.end), None)
    if key is None or any(one.pts < samples[key].pts for one in samples[key:]):
        return Split(cut, (), None)  # the second: pictures that lean over a key picture ("open GOP")
    after = _whole_until(cut, key)
    if after == key:
        return Split(cut, (), None)
    head = tail = None
    if any(cut.start <= one.pts < samples[key].pts for one in samples[:key]):
        head = replace(cut, samples=samples[:key], end=samples[key].pts)
    rest = [one.pts for one in samples[after:] if one.pts < cut.end]
    if rest:
        begin = max(at for at in range(key, after) if samples[at].sync)
        tail = replace(cut, samples=samples[begin:], start=min(rest))
    return Split(head, samples[key:after], tail)


def _whole_until(cut: Cut, key: int) -> int:
    """The index up to which (decoding order) everything is shown, and all of it before anything that follows."""
    samples = cut.samples
    beyond = next((at for at in range(key, len(samples)) if samples[at].pts >= cut.end), len(samples))
    latest = [one.pts for one in samples]
    for at in range(key + 1, beyond):
        latest[at] = max(latest[at], latest[at - 1])
    earliest = min((one.pts for one in samples[beyond:] if one.pts < cut.end), default=cut.end)
    for after in range(beyond, key, -1):
        if latest[after - 1] < earliest:
            return after
        earliest = min(earliest, samples[after - 1].pts)
    return key


def picture_times(cut: Cut, start: int | None = None) -> list[Fraction]:
    """When the pictures of a cut are shown, in order: seconds from ``start`` (track units; the cut's own when None)."""
    begin = cut.start if start is None else start
    shown = sorted(one.pts for one in cut.samples if cut.start <= one.pts < cut.end)
    return [Fraction(pts - begin, cut.track.timescale) for pts in shown]


def copied(path: Path, cut: Cut, samples: tuple[Sample, ...]) -> Shown:
    """Pictures of a cut (the middle of its :func:`split`) as they are."""
    times = tuple(Fraction(one.pts - cut.start, cut.track.timescale) for one in samples)
    return Shown(path, cut.track, samples, times, parameter_sets(cut.track))


def encoded_pictures(path: Path, times: Sequence[Fraction]) -> Shown:
    """The pictures of a file that ffmpeg has made, to be shown at ``times``. Raises Mp4Error when it made others."""
    with path.open("rb") as file:
        track = next((one for one in read_tracks(read_moov(file)) if one.is_video), None)
    if track is None or len(track.samples) != len(times):
        count = len(track.samples) if track is not None else 0
        raise Mp4Error(f"{path.name} has {count} pictures where {len(times)} were wanted")
    order = sorted(range(len(times)), key=lambda index: track.samples[index].pts)
    placed = [Fraction(0)] * len(times)
    for time, index in zip(sorted(times), order, strict=True):
        placed[index] = time
    return Shown(path, track, tuple(track.samples), tuple(placed), parameter_sets(track))


class Spool:
    """Takes samples from many files into one, whose track can then be written. Times are seconds in the film."""

    def __init__(self, file: BinaryIO, track: Track, scale: int) -> None:
        self._file = file
        self._track = track
        self._scale = scale
        self._samples: list[Sample] = []

    def add(self, shown: Shown, start: Fraction) -> None:
        """Copy the bytes of ``shown``, which begins at ``start`` of the film. Raises OSError, Mp4Error."""
        with shown.path.open("rb") as source:
            for sample, time in zip(shown.samples, shown.times, strict=True):
                offset = self._file.tell()
                if sample.sync and shown.sets is not None:
                    self._file.write(shown.sets.data)
                source.seek(sample.offset)
                data = source.read(sample.size)
                if len(data) != sample.size:
                    raise Mp4Error(f"{shown.path.name} is cut short")
                self._file.write(data)
                pts = round((start + time) * self._scale)
                size = self._file.tell() - offset
                self._samples.append(replace(sample, pts=pts, size=size, offset=offset))

    def cut(self, end: Fraction) -> Cut:
        """Everything that was added as one track that ends at ``end``, decoded in the order in which it came."""
        shown = sorted(sample.pts for sample in self._samples)
        last = round(end * self._scale)
        ends = [*shown[1:], max(last, shown[-1] + 1)]
        # A picture must be decoded before it is shown: all are decoded earlier by the longest wait.
        early = max(pts - one.pts for pts, one in zip(shown, self._samples, strict=True))
        duration = dict(
            zip(shown, (after - begin for begin, after in zip(shown, ends, strict=True)), strict=True)
        )
        samples = tuple(
            replace(one, dts=pts - early, duration=duration[one.pts])
            for pts, one in zip(shown, self._samples, strict=True)
        )
        track = replace(self._track, timescale=self._scale, shift=0, samples=[])
        return Cut(track, samples, 0, max(last, 1))
