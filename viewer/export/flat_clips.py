"""A clip as a file for editing programs: no hidden pictures, the first picture at 0."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from viewer.base.cancel import CancelToken
from viewer.domain.video import Segment
from viewer.export.film import make_film
from viewer.export.film_parts import Captions, Card, CardKind, ClipPart, FilmOptions
from viewer.export.film_sound import copyable_sound
from viewer.media.clip_files import Clip
from viewer.media.failures import FailureKind, MediaError
from viewer.media.mp4_read import read_tracks
from viewer.media.mp4_write import read_moov

_USUAL_RATE = 48_000


@dataclass(frozen=True, slots=True)
class FlatClip:
    """A written file: ``frames`` pictures at ``rate`` a second, of so many pixels; sound samples a second, channels."""

    path: Path
    frames: int
    rate: Fraction
    width: int
    height: int
    sound_rate: int = _USUAL_RATE
    channels: int = 2


def flat_clip(
    clip: Clip, segment: Segment, target: Path, ffmpeg: Path | None, cancel: CancelToken
) -> FlatClip:
    """Write ``segment`` of a kept clip for a program that knows nothing of edit lists (most that edit). Blocks.

    It begins with its first picture and ends with its last. Raises as :func:`viewer.export.film.make_film`.
    """
    part = ClipPart(segment, Card(CardKind.CLIP, ""))
    options = FilmOptions(Captions.NONE, whole_pictures=True)
    make_film("", [part], {segment: clip}, target, options, _black, ffmpeg, cancel=cancel)
    with target.open("rb") as file:
        tracks = read_tracks(read_moov(file))
    picture = next((track for track in tracks if track.is_video and track.samples), None)
    if picture is None:
        raise MediaError(FailureKind.DAMAGED, f"{target.name} has no picture")
    sound = next((copyable_sound(track) for track in tracks if not track.is_video), None)
    steps = sorted(sample.duration for sample in picture.samples)
    return FlatClip(
        target,
        len(picture.samples),
        Fraction(picture.timescale, max(1, steps[len(steps) // 2])),
        picture.width >> 16,
        picture.height >> 16,
        sound.rate if sound is not None else _USUAL_RATE,
        sound.channels if sound is not None else 2,
    )


def _black(card: Card, width: int, height: int) -> bytes:
    """The picture of a clip that has none."""
    rows = zlib.compress((b"\0" + bytes(width)) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
