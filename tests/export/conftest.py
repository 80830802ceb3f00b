"""Kept clips of the stand-in's talks, and a painter of cards without Qt."""

from __future__ import annotations

import struct
import subprocess
import zlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from tests.media.conftest import fetcher, make_fetcher, tools  # noqa: F401 - fixtures
from tests.standin import media
from viewer.domain.video import Segment, VideoRef
from viewer.export.film_parts import Card, CardKind
from viewer.media.clip_files import Clip
from viewer.media.clip_store import ClipStore
from viewer.media.mp4_write import recut

THIRTY = media.Talk(20)
TWENTY_FIVE = media.Talk(20, fps=Fraction(25), tint=2, b_frames=0)
NTSC = media.Talk(20, fps=Fraction(30000, 1001), tint=1, b_frames=3)

Keep = Callable[..., tuple[Clip, Segment]]


def png(card: Card, width: int, height: int) -> bytes:
    """A card of one colour (a caption: a white bar at the foot of nothing) as PNG."""
    row = b"\0" + bytes([40, 60, 80, 255]) * width
    rows = [row] * height
    if card.kind is CardKind.CAPTION:
        clear = b"\0" + bytes(4) * width
        bar = b"\0" + (bytes([255] * 4) if card.title else bytes(4)) * width
        rows = [clear] * (height - height // 8) + [bar] * (height // 8)
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows), 1)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    """Keeps a stretch of a talk; ``inside`` (s) keeps so much more around it."""
    store = ClipStore(tmp_path / "clips")
    numbers: dict[media.Talk, str] = {}

    def make(
        talk: media.Talk, start_s: float, end_s: float, *, itag: str = "18", inside: float = 0.0
    ) -> tuple[Clip, Segment]:
        video_id = numbers.setdefault(talk, f"talk-{len(numbers):06d}")
        video = VideoRef.youtube(video_id)
        segment = Segment(video, round(start_s * 1000), round(end_s * 1000))
        around = Segment(
            video, max(0, segment.start_ms - round(inside * 1000)), segment.end_ms + round(inside * 1000)
        )
        with store.work_folder() as work:
            source = media.make(talk, itag)
            if itag != "18":  # a stream alone, in fragments
                source = work / "whole.mp4"
                argv = [
                    media.ffmpeg(),
                    "-v",
                    "error",
                    "-i",
                    str(media.make(talk, itag)),
                    "-c",
                    "copy",
                    str(source),
                ]
                subprocess.run(argv, check=True)
            recut(source, work / "clip.mp4", around.start_ms, around.end_ms)
            return store.add(around, "360", work / "clip.mp4"), segment

    return make
