"""Exit code 0 proves nothing: every result is looked at."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.standin import catalogue, media
from viewer.media import checks
from viewer.media.failures import FailureKind, MediaError
from viewer.media.mp4_write import recut
from viewer.media.tools import Tools


@pytest.fixture
def ffmpeg(tools: Tools) -> Path:
    assert tools.ffmpeg is not None
    return tools.ffmpeg


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Ten seconds with picture and sound."""
    recut(media.make(catalogue.MINUTE, "18"), tmp_path / "clip.mp4", 5_000, 15_000)
    return tmp_path / "clip.mp4"


def joined(ffmpeg: Path, target: Path, *arguments: str) -> Path:
    subprocess.run([str(ffmpeg), "-v", "error", "-y", *arguments, str(target)], check=True)
    return target


def kind_of(path: Path, ffmpeg: Path, duration_ms: int | None = 10_000, **more: bool) -> FailureKind:
    with pytest.raises(MediaError) as caught:
        checks.check_clip(path, ffmpeg, duration_ms, **more)
    return caught.value.kind


def test_a_sound_clip_passes(clip: Path, ffmpeg: Path) -> None:
    facts = checks.check_clip(clip, ffmpeg, 10_000)
    assert (facts.video_codec, facts.audio_codec, facts.playable) == ("h264", "aac", True)


def test_the_length_counts(clip: Path, ffmpeg: Path) -> None:
    assert kind_of(clip, ffmpeg, 11_000) is FailureKind.DAMAGED
    assert kind_of(clip, ffmpeg, 9_000) is FailureKind.DAMAGED
    checks.check_clip(clip, ffmpeg, 9_000, slack_ms=1_000)
    checks.check_clip(clip, ffmpeg, None)


def test_a_picture_that_ends_early_is_seen_through(clip: Path, ffmpeg: Path, tmp_path: Path) -> None:
    short = joined(ffmpeg, tmp_path / "v.mp4", "-i", str(clip), "-t", "4", "-an", "-c", "copy")
    both = joined(
        *(ffmpeg, tmp_path / "both.mp4", "-i", str(short), "-i", str(clip)),
        *("-map", "0:v", "-map", "1:a", "-c", "copy"),
    )
    assert kind_of(both, ffmpeg) is FailureKind.DAMAGED


def test_a_missing_stream_is_seen(clip: Path, ffmpeg: Path, tmp_path: Path) -> None:
    silent = joined(ffmpeg, tmp_path / "v.mp4", "-i", str(clip), "-an", "-c", "copy")
    assert kind_of(silent, ffmpeg) is FailureKind.DAMAGED
    checks.check_clip(silent, ffmpeg, 10_000, want_audio=False)
    dark = joined(ffmpeg, tmp_path / "a.mp4", "-i", str(clip), "-vn", "-c", "copy")
    assert kind_of(dark, ffmpeg) is FailureKind.DAMAGED
    checks.check_clip(dark, ffmpeg, 10_000, want_video=False)


def test_av1_is_not_playable(ffmpeg: Path) -> None:
    av1 = media.make(catalogue.videos()[catalogue.AV1_ONLY_ID].talk, "396")
    assert kind_of(av1, ffmpeg, None, want_audio=False) is FailureKind.NO_FORMAT


@pytest.mark.parametrize("keep", [0, 10, 5_000, 300_000])
def test_a_file_cut_short_or_of_junk_is_damaged(clip: Path, ffmpeg: Path, keep: int) -> None:
    clip.write_bytes(clip.read_bytes()[:keep])
    assert kind_of(clip, ffmpeg) is FailureKind.DAMAGED
    clip.write_bytes(bytes(range(256)) * 40)
    assert kind_of(clip, ffmpeg) is FailureKind.DAMAGED


def test_a_missing_ffmpeg_is_told(clip: Path, tmp_path: Path) -> None:
    assert kind_of(clip, tmp_path / "no-ffmpeg") is FailureKind.NO_FFMPEG
