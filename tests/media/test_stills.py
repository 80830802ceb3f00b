"""The first frame of a clip as a small picture: made once, kept in bounds, never in the way."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.standin.media import ffmpeg
from viewer.domain.video import Segment, VideoRef
from viewer.media.clip_files import Clip
from viewer.media.clip_store import ClipStore
from viewer.media.stills import WIDTH, StillStore

SEGMENT = Segment(VideoRef.youtube("ZAJ4D8RAyfY"), 16_000, 18_000)


@pytest.fixture
def clip(tmp_path: Path) -> Clip:
    made = tmp_path / "made.mp4"
    command = [ffmpeg(), "-v", "error", "-f", "lavfi", "-i", "color=red:s=640x360:r=25:d=2", str(made)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return ClipStore(tmp_path / "clips").add(SEGMENT, "360", made)


def test_the_picture_is_made_once(clip: Clip, tmp_path: Path) -> None:
    store = StillStore(tmp_path / "stills", Path(ffmpeg()))
    first = store.still(clip)
    assert first is not None
    assert first.read_bytes()[:2] == b"\xff\xd8"
    made = first.stat().st_ino
    assert store.still(clip) == first
    assert first.stat().st_ino == made
    assert [path.name for path in store.folder.iterdir()] == [first.name]
    assert WIDTH == 320


def test_what_cannot_be_read_has_no_picture(clip: Clip, tmp_path: Path) -> None:
    clip.path.write_bytes(b"nothing that plays")
    store = StillStore(tmp_path / "stills", Path(ffmpeg()))
    assert store.still(clip) is None
    clip.path.unlink()
    assert store.still(clip) is None


def test_the_least_used_pictures_go_first(clip: Clip, tmp_path: Path) -> None:
    store = StillStore(tmp_path / "stills", Path(ffmpeg()), most_kept=3)
    store.folder.mkdir()
    for number in range(3):
        old = store.folder / f"{number}.jpg"
        old.write_bytes(b"old")
        os.utime(old, (number, number))
    made = store.still(clip)
    assert made is not None
    left = {path.name for path in store.folder.iterdir()}
    assert made.name in left
    assert "0.jpg" not in left
    assert len(left) <= 3
