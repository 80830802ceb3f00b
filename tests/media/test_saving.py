"""What is saved is exactly the clip, whole or not at all, and never in the place of something else."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from tests.media.conftest import child_processes
from tests.standin import catalogue, media
from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.domain.video import Segment, VideoRef
from viewer.media import checks, process
from viewer.media.clip_files import Clip
from viewer.media.clip_store import ClipStore
from viewer.media.failures import FailureKind, MediaError
from viewer.media.mp4_write import recut
from viewer.media.progress import FetchProgress, FetchStage
from viewer.media.saving import SavedSoFar, Wanted, save_clip_as, save_clips
from viewer.media.tools import Tools

VIDEO = VideoRef.youtube(catalogue.SHORT_ID)


def segment(start_s: float, end_s: float) -> Segment:
    return Segment(VIDEO, int(start_s * 1000), int(end_s * 1000))


@pytest.fixture
def clip(tmp_path: Path) -> Clip:
    """Seconds 16 to 31 of the minute's talk, kept."""
    store = ClipStore(tmp_path / "clips")
    with store.work_folder() as work:
        recut(media.make(catalogue.MINUTE, "18"), work / "clip.mp4", 16_000, 31_000)
        return store.add(segment(16, 31), "360", work / "clip.mp4")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def only_file(folder: Path, name: str) -> bool:
    return [path.name for path in folder.iterdir()] == [name]


def test_the_whole_clip_as_mp4(clip: Clip, out: Path, tools: Tools) -> None:
    told: list[object] = []
    target = save_clip_as(clip, segment(16, 31), out / "a.mp4", "mp4", tools.ffmpeg, told.append)
    assert media.first_and_last_frame(target) == (480, 929, 450)
    assert only_file(out, "a.mp4")
    last = told[-1]
    assert isinstance(last, FetchProgress)
    assert (last.stage, last.fraction) == (FetchStage.DONE, 1.0)


def test_a_part_of_it_is_exact(clip: Clip, out: Path, tools: Tools) -> None:
    target = save_clip_as(clip, segment(18.35, 21.02), out / "a.mp4", "mp4", tools.ffmpeg)
    assert media.first_and_last_frame(target) == (551, 630, 80)
    heard = media.audio_time(target)
    assert heard is not None
    assert abs(heard - 18.35) < 0.025


@pytest.mark.parametrize(("kind", "codec"), [("m4a", "aac"), ("mp3", "mp3")])
def test_sound_alone(clip: Clip, out: Path, tools: Tools, kind: str, codec: str) -> None:
    assert tools.ffmpeg is not None
    target = save_clip_as(clip, segment(18.35, 25), out / f"a.{kind}", kind, tools.ffmpeg)
    facts = checks.look(target, tools.ffmpeg)
    assert facts is not None
    assert (facts.video_codec, facts.audio_codec) == ("", codec)
    assert abs(facts.duration_ms - 6650) < 60
    heard = media.audio_time(target)
    assert heard is not None
    assert abs(heard - 18.35) < 0.05  # MP3's own delay is told to players, up to a packet


def test_a_gif(clip: Clip, out: Path, tools: Tools) -> None:
    assert tools.ffmpeg is not None
    told: list[float] = []

    def listen(value: object) -> None:
        if (
            isinstance(value, FetchProgress)
            and value.stage is FetchStage.CUTTING
            and value.fraction is not None
        ):
            told.append(value.fraction)

    target = save_clip_as(clip, segment(18, 20), out / "a.gif", "gif", tools.ffmpeg, listen)
    facts = checks.look(target, tools.ffmpeg)
    assert facts is not None
    assert (facts.video_codec, facts.audio_codec) == ("gif", "")
    assert abs(facts.duration_ms - 2000) < 100
    assert target.read_bytes()[:6] == b"GIF89a"
    assert media.frame_numbers(target)[0] == 540
    assert told == sorted(told)
    assert told[-1] > 0.9
    assert only_file(out, "a.gif")


def test_mp4_and_m4a_need_no_ffmpeg_and_mp3_says_so(clip: Clip, out: Path) -> None:
    save_clip_as(clip, segment(17, 18), out / "a.mp4", "mp4", None)
    save_clip_as(clip, segment(17, 18), out / "a.m4a", "m4a", None)
    with pytest.raises(MediaError) as caught:
        save_clip_as(clip, segment(17, 18), out / "a.mp3", "mp3", None)
    assert caught.value.kind is FailureKind.NO_FFMPEG
    assert sorted(path.name for path in out.iterdir()) == ["a.m4a", "a.mp4"]


def test_an_existing_file_is_replaced_only_by_a_whole_one(clip: Clip, out: Path, tools: Tools) -> None:
    target = out / "a.mp4"
    target.write_bytes(b"before")
    damaged = clip.path.read_bytes()
    clip.path.write_bytes(damaged[: len(damaged) // 2])
    with pytest.raises(MediaError) as caught:
        save_clip_as(clip, segment(17, 30), target, "mp4", tools.ffmpeg)
    assert caught.value.kind is FailureKind.DAMAGED
    assert target.read_bytes() == b"before"
    assert only_file(out, "a.mp4")
    clip.path.write_bytes(damaged)
    save_clip_as(clip, segment(17, 30), target, "mp4", tools.ffmpeg)
    assert target.stat().st_size > 10_000


def test_what_cannot_be_is_told(clip: Clip, out: Path, tools: Tools) -> None:
    with pytest.raises(MediaError) as caught:
        save_clip_as(clip, segment(40, 41), out / "a.mp4", "mp4", tools.ffmpeg)
    assert caught.value.kind is FailureKind.BEYOND_END
    with pytest.raises(MediaError) as caught:
        save_clip_as(clip, segment(16, 17), out / "not there" / "a.mp4", "mp4", tools.ffmpeg)
    assert caught.value.kind is FailureKind.STORE_UNWRITABLE
    assert "not there" in caught.value.message
    clip.path.unlink()
    with pytest.raises(MediaError) as caught:
        save_clip_as(clip, segment(16, 17), out / "a.mp4", "mp4", tools.ffmpeg)
    assert "no longer kept" in caught.value.message
    assert not list(out.iterdir())


def test_a_picture_without_sound_has_no_mp3(tmp_path: Path, out: Path, tools: Tools) -> None:
    store = ClipStore(tmp_path / "clips")
    with store.work_folder() as work:
        cut = work / "cut.mp4"
        recut(media.make(catalogue.MINUTE, "18"), cut, 0, 2000)
        silent = work / "silent.mp4"
        assert tools.ffmpeg is not None
        argv = [str(tools.ffmpeg), "-i", str(cut), "-an", "-c", "copy", str(silent)]
        assert process.run(argv, cwd=work).ok
        kept = store.add(segment(0, 2), "360", silent)
    for kind in ("mp3", "m4a"):
        with pytest.raises(MediaError) as caught:
            save_clip_as(kept, segment(0, 2), out / f"a.{kind}", kind, tools.ffmpeg)
        assert caught.value.message == "This clip has no sound."
    assert not list(out.iterdir())


def test_cancel_leaves_no_process_and_no_file(tmp_path: Path, out: Path, tools: Tools) -> None:
    store = ClipStore(tmp_path / "clips")
    with store.work_folder() as work:
        recut(media.make(catalogue.MINUTE, "18"), work / "clip.mp4", 0, 60_000)
        kept = store.add(segment(0, 60), "360", work / "clip.mp4")
    before = child_processes()
    token = CancelToken()
    moments: list[float] = []

    def cancel_when_it_runs() -> None:
        deadline = time.monotonic() + 10
        while not child_processes() - before and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.1)
        moments.append(time.monotonic())
        token.cancel()

    threading.Thread(target=cancel_when_it_runs).start()
    with pytest.raises(Cancelled):
        save_clip_as(kept, segment(0, 60), out / "a.gif", "gif", tools.ffmpeg, cancel=token)
    assert time.monotonic() - moments[0] < 1.0
    assert not child_processes() - before
    assert not list(out.iterdir())


def test_all_clips_into_a_folder_overwrite_nothing(clip: Clip, out: Path, tools: Tools) -> None:
    (out / "talk.mp4").write_bytes(b"mine")
    wanted = [Wanted(clip, segment(at, at + 1), "talk.mp4") for at in (16, 18, 20)]
    told: list[object] = []
    saved = save_clips(wanted, out, "mp4", tools.ffmpeg, told.append)
    assert [path.name for path in saved] == ["talk (2).mp4", "talk (3).mp4", "talk (4).mp4"]
    assert (out / "talk.mp4").read_bytes() == b"mine"
    assert [media.first_and_last_frame(path)[0] for path in saved] == [480, 540, 600]
    assert told[-1] == SavedSoFar(3, 3)
    assert len(list(out.iterdir())) == 4


def test_a_file_system_without_hard_links(
    clip: Clip, out: Path, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    (out / "a.mp4").write_bytes(b"mine")
    saved = save_clips([Wanted(clip, segment(16, 17), "a.mp4")], out, "mp4", tools.ffmpeg)
    assert [path.name for path in saved] == ["a (2).mp4"]
    assert (out / "a.mp4").read_bytes() == b"mine"
