"""One segment out of a file: exactly its frames, and its last one stays."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from tests.qt.conftest import FRAME_MS, Screen, make_media, segment
from tests.standin.media import ffmpeg
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.now_playing import PlayerState

Until = Callable[[Callable[[], object]], None]

# The files' own time 0 is this place in the video.
BASE = 60_000


def test_an_opened_clip_stands_on_its_first_frame(
    player: ClipPlayer, screen: Screen, talk: Path, until: Until
):
    player.open(talk, BASE, segment(BASE + 2000, BASE + 3000))
    assert player.state is PlayerState.LOADING
    until(lambda: screen.number == 50)
    assert player.state is PlayerState.PAUSED
    assert player.position_ms == BASE + 2000


def test_plays_exactly_the_segments_frames(player: ClipPlayer, screen: Screen, talk: Path, until: Until):
    player.open(talk, BASE, segment(BASE + 2000, BASE + 3000))
    player.play()
    until(lambda: player.state is PlayerState.ENDED)
    assert player.position_ms == BASE + 3000
    until(lambda: screen.number == 74)  # on a busy machine the last pictures come after the end is told
    assert screen.numbers[0] == 50
    assert max(screen.numbers) == 74
    assert min(screen.numbers) == 50


def test_the_last_frame_stays_at_the_files_own_end(
    player: ClipPlayer, screen: Screen, talk: Path, until: Until, qtbot: QtBot
):
    player.open(talk, BASE, segment(BASE + 5500, BASE + 6000))
    with qtbot.waitSignal(player.ended, timeout=10_000):
        player.play()
    qtbot.wait(150)
    assert screen.number == 149
    assert player.position_ms == BASE + 6000


def test_the_same_segment_out_of_another_file(player: ClipPlayer, screen: Screen, talk: Path, until: Until):
    for base, frames in ((BASE, (50, 59)), (BASE + 1000, (25, 34)), (BASE - 1000, (75, 84))):
        screen.numbers.clear()
        player.open(talk, base, segment(BASE + 2000, BASE + 2400))
        player.play()
        until(lambda: player.state is PlayerState.ENDED)
        until(lambda last=frames[1]: screen.number == last)
        assert screen.numbers[0] == frames[0]


def test_the_picture_is_never_black_between_clips(
    player: ClipPlayer, screen: Screen, talk: Path, tmp_path: Path, until: Until
):
    other = make_media(tmp_path / "other.mp4", 1)
    for path in (talk, other, talk, other):
        screen.numbers.clear()
        player.open(path, BASE, segment(BASE + 400, BASE + 1000))
        player.play()
        until(lambda: player.state is PlayerState.ENDED)
        until(lambda: screen.number == 24)
    assert screen.times_black == 0


def test_a_seek_before_the_media_is_loaded_is_held(
    player: ClipPlayer, screen: Screen, talk: Path, until: Until
):
    player.open(talk, BASE, segment(BASE, BASE + 6000))
    player.seek(BASE + 4000)
    player.play()
    assert player.position_ms == BASE + 4000
    until(lambda: screen.numbers)
    assert 100 <= screen.numbers[0] <= 103
    assert player.state is PlayerState.PLAYING


def test_what_is_played_from_the_files_beginning_begins_with_its_first_frame(
    player: ClipPlayer, screen: Screen, talk: Path, tmp_path: Path, until: Until
):
    other = make_media(tmp_path / "other.mp4", 2)
    for path in (talk, other, talk):
        screen.numbers.clear()
        player.open(path, BASE, segment(BASE, BASE + 1000))
        player.play()
        until(lambda: player.state is PlayerState.ENDED)
        assert screen.numbers[0] == 0
        until(lambda: screen.number == 24)
    assert screen.times_black == 0


def test_a_pause_before_the_media_is_loaded_stands_on_the_first_frame(
    player: ClipPlayer, screen: Screen, talk: Path, until: Until, qtbot: QtBot
):
    player.open(talk, BASE, segment(BASE, BASE + 6000))
    player.play()
    player.pause()
    until(lambda: screen.numbers)
    qtbot.wait(120)
    assert player.state is PlayerState.PAUSED
    assert set(screen.numbers) == {0}
    player.play()
    until(lambda: screen.number > 3)


def test_a_seek_and_a_play_again_before_the_media_is_loaded_begin_at_the_place(
    player: ClipPlayer, screen: Screen, talk: Path, until: Until
):
    player.open(talk, BASE, segment(BASE, BASE + 6000))
    player.play()
    player.seek(BASE + 4000)
    player.play()
    until(lambda: screen.numbers)
    assert 100 <= screen.numbers[0] <= 103
    assert player.state is PlayerState.PLAYING


def test_the_first_frame_after_a_held_play_is_the_segments_first(
    player: ClipPlayer, screen: Screen, talk: Path, until: Until
):
    for first in (13, 77, 101):
        screen.numbers.clear()
        player.open(talk, BASE, segment(BASE + first * FRAME_MS, BASE + 6000))
        player.play()
        until(lambda: screen.numbers)
        assert screen.numbers[0] == first


def test_seek_while_paused_shows_that_frame(player: ClipPlayer, screen: Screen, talk: Path, until: Until):
    player.open(talk, BASE, segment(BASE, BASE + 6000))
    until(lambda: screen.number == 0)
    for number in (120, 7, 149):
        player.seek(BASE + number * FRAME_MS)
        until(lambda number=number: screen.number == number)
        assert player.state is PlayerState.PAUSED


def test_seek_stays_within_the_segment(player: ClipPlayer, screen: Screen, talk: Path, until: Until):
    player.open(talk, BASE, segment(BASE + 2000, BASE + 3000))
    until(lambda: screen.number == 50)
    player.seek(BASE + 5000)
    until(lambda: screen.number == 74)
    player.seek(0)
    until(lambda: screen.number == 50)


def test_steps_by_single_frames_both_ways(player: ClipPlayer, screen: Screen, talk: Path, until: Until):
    player.open(talk, BASE, segment(BASE + 2000, BASE + 3000))
    until(lambda: screen.number == 50)
    for expected in (51, 52, 53):
        player.step_frames(1)
        until(lambda expected=expected: screen.number == expected)
    player.step_frames(1)
    player.step_frames(1)
    until(lambda: screen.number == 55)
    player.step_frames(-2)
    until(lambda: screen.number == 53)
    player.step_frames(-30)
    until(lambda: screen.number == 50)


def test_steps_back_from_the_end(player: ClipPlayer, screen: Screen, talk: Path, until: Until):
    player.open(talk, BASE, segment(BASE + 5600, BASE + 6000))
    player.play()
    until(lambda: player.state is PlayerState.ENDED)
    player.step_frames(-1)
    until(lambda: screen.number == 148)
    assert player.state is PlayerState.PAUSED


@pytest.mark.parametrize("end_ms", [3000, 6000], ids=["inside the file", "at the file's end"])
def test_play_at_the_end_begins_again(
    player: ClipPlayer, screen: Screen, talk: Path, until: Until, end_ms: int
):
    player.open(talk, BASE, segment(BASE + end_ms - 400, BASE + end_ms))
    player.play()
    until(lambda: player.state is PlayerState.ENDED)
    screen.numbers.clear()
    player.play()
    assert player.state is PlayerState.PLAYING
    until(lambda: player.state is PlayerState.ENDED)
    assert screen.numbers[0] == (end_ms - 400) // FRAME_MS
    until(lambda: screen.number == end_ms // FRAME_MS - 1)


@pytest.mark.parametrize("end_ms", [3000, 6000], ids=["inside the file", "at the file's end"])
def test_loop_begins_again_and_shows_nothing_else(
    player: ClipPlayer, screen: Screen, talk: Path, until: Until, end_ms: int
):
    first, last = (end_ms - 400) // FRAME_MS, end_ms // FRAME_MS - 1
    player.set_loop(True)
    player.open(talk, BASE, segment(BASE + end_ms - 400, BASE + end_ms))
    player.play()
    until(lambda: screen.numbers.count(first) >= 3)
    assert player.state is PlayerState.PLAYING
    assert set(screen.numbers) <= set(range(first, last + 1))
    player.set_loop(False)
    until(lambda: player.state is PlayerState.ENDED)


def test_position_is_told_finely_and_in_video_time(
    player: ClipPlayer, screen: Screen, talk: Path, until: Until
):
    told: list[int] = []
    player.positionChanged.connect(told.append)
    player.open(talk, BASE, segment(BASE + 1000, BASE + 2000))
    player.play()
    until(lambda: player.state is PlayerState.ENDED)
    assert told[0] == BASE + 1000
    assert told[-1] == BASE + 2000
    assert told == sorted(told)
    assert len(told) >= 12


def test_speed_is_kept_within_its_range_and_plays_faster(
    player: ClipPlayer, screen: Screen, talk: Path, until: Until, qtbot: QtBot
):
    with qtbot.waitSignal(player.speedChanged):
        player.set_speed(9.0)
    assert player.speed == 3.0
    player.open(talk, BASE, segment(BASE + 1000, BASE + 4000))
    player.play()
    until(lambda: player.state is PlayerState.PLAYING)
    with qtbot.waitSignal(player.ended, timeout=2500):
        pass
    assert max(screen.numbers) <= 99


def test_volume_mute_and_loop_say_when_they_change(player: ClipPlayer, qtbot: QtBot):
    with qtbot.waitSignals([player.volumeChanged, player.mutedChanged, player.loopChanged]):
        player.set_volume(140)
        player.set_muted(True)
        player.set_loop(True)
    assert (player.volume, player.muted, player.loop) == (100, True, True)
    with qtbot.assertNotEmitted(player.volumeChanged, wait=10):
        player.set_volume(100)


def test_moved_ends_are_what_plays(
    player: ClipPlayer, screen: Screen, talk: Path, until: Until, qtbot: QtBot
):
    player.open(talk, BASE, segment(BASE + 2000, BASE + 2400))
    player.play()
    until(lambda: player.state is PlayerState.ENDED)
    with qtbot.waitSignal(player.rangeChanged) as moved:
        player.set_range(BASE + 2000, BASE + 2800)
    assert moved.args == [BASE + 2000, BASE + 2800]
    assert player.state is PlayerState.PAUSED
    player.play()
    until(lambda: player.state is PlayerState.ENDED)
    until(lambda: screen.number == 69)
    with pytest.raises(ValueError):
        player.set_range(5, 5)


def test_toggle_while_loading_takes_the_play_back(
    player: ClipPlayer, screen: Screen, talk: Path, until: Until, qtbot: QtBot
):
    player.open(talk, BASE, segment(BASE, BASE + 2000))
    player.toggle()
    player.toggle()
    until(lambda: screen.number == 0)
    qtbot.wait(120)
    assert player.state is PlayerState.PAUSED


def test_stop_shows_nothing(player: ClipPlayer, screen: Screen, talk: Path, until: Until, qtbot: QtBot):
    player.open(talk, BASE, segment(BASE, BASE + 2000))
    player.play()
    until(lambda: len(screen.numbers) > 3)
    player.stop()
    assert player.state is PlayerState.EMPTY
    assert player.segment is None
    qtbot.wait(100)
    assert screen.black


def test_another_output_gets_the_standing_picture(
    player: ClipPlayer, screen: Screen, talk: Path, until: Until
):
    player.open(talk, BASE, segment(BASE + 2000, BASE + 3000))
    until(lambda: screen.number == 50)

    class Widget(QObject):
        """Like QVideoWidget: it has a sink."""

        def __init__(self) -> None:
            super().__init__()
            self.screen = Screen()

        def videoSink(self) -> object:
            return self.screen.sink

    widget = Widget()
    player.set_video_output(widget)
    until(lambda: widget.screen.number == 50)
    player.set_video_output(None)
    player.play()
    until(lambda: player.state is PlayerState.ENDED)


def test_a_missing_file_and_one_that_is_no_media_fail(
    player: ClipPlayer, tmp_path: Path, qtbot: QtBot, talk: Path, until: Until, screen: Screen
):
    with qtbot.waitSignal(player.failed) as missing:
        player.open(tmp_path / "gone.mp4", 0, segment(0, 1000))
    assert missing.args == ["file-missing"]
    junk = tmp_path / "junk.mp4"
    junk.write_bytes(b"\0" * 5000)
    with qtbot.waitSignal(player.failed, timeout=5000) as broken:
        player.open(junk, 0, segment(0, 1000))
        player.play()
    assert broken.args[0] in ("cannot-open", "cannot-decode")
    assert player.state is PlayerState.FAILED
    junk.write_bytes(talk.read_bytes())
    player.open(junk, 0, segment(0, 1000))
    until(lambda: screen.number == 0)


def test_pictures_that_cannot_be_decoded_fail(player: ClipPlayer, tmp_path: Path, qtbot: QtBot):
    encoders = subprocess.run([ffmpeg(), "-v", "error", "-encoders"], capture_output=True, text=True)
    if "libsvtav1" not in encoders.stdout:
        pytest.skip("no AV1 encoder here")
    film = make_media(tmp_path / "av1.mp4", 0.6, ("libsvtav1", "-preset", "12"))
    with qtbot.waitSignal(player.failed, timeout=10_000) as failed:
        player.open(film, 0, segment(0, 600))
        player.play()
    assert failed.args == ["no-picture"]


def test_sound_without_a_picture_plays(player: ClipPlayer, tmp_path: Path, talk: Path, until: Until):
    sound = tmp_path / "sound.m4a"
    subprocess.run([ffmpeg(), "-v", "error", "-i", talk, "-vn", "-c", "copy", sound], check=True, timeout=30)
    player.open(sound, 0, segment(1000, 1500))
    player.play()
    until(lambda: player.state is PlayerState.ENDED)
    assert player.position_ms == 1500


_SOAK = """
import faulthandler, sys
faulthandler.dump_traceback_later(40, exit=True)
from pathlib import Path
from PySide6.QtCore import QTimer, QMetaObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtMultimedia import QVideoSink
from viewer.domain.video import Segment, VideoRef
from viewer.qt.clip_player import ClipPlayer
app = QGuiApplication([])
player, sink = ClipPlayer(), QVideoSink()
player.set_video_output(sink)
film, rounds = Path(sys.argv[1]), int(sys.argv[2])
def go(left):
    if not left:
        player.shutdown()
        QMetaObject.invokeMethod(app, "quit", Qt.ConnectionType.QueuedConnection)
        return
    if left % 3 == 0:
        player.stop()
    start = left * 137 % 4000
    player.open(film, 0, Segment(VideoRef.youtube("dQw4w9WgXcQ"), start, start + 1500))
    player.play()
    if left % 4 == 0:
        player.seek(start + 900)
    QTimer.singleShot(5 + left * 7 % 40, lambda: go(left - 1))
go(rounds)
app.exec()
print("done")
"""


@pytest.mark.parametrize("rounds", [60, 1, 2, 3, 4, 5])
def test_playing_stopping_and_leaving_never_hangs(talk: Path, rounds: int):
    result = subprocess.run(
        [sys.executable, "-c", _SOAK, str(talk), str(rounds)], capture_output=True, text=True, timeout=60
    )
    assert (result.returncode, result.stdout.strip()) == (0, "done"), result.stderr[-2000:]
