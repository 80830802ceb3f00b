"""A clip that still comes in: its first frame is the first shown, and the file takes over when it is needed."""

from __future__ import annotations

import socket
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.qt.conftest import FRAME_MS, Screen, make_media, segment
from tests.standin.media import ffmpeg
from viewer.media.growing import LEAD_MS
from viewer.qt.clip_player import ClipPlayer, PlayerState

Until = Callable[[Callable[[], object]], None]

START = 60_000
ZERO = START - LEAD_MS
"""Where the stream's time 0 lies in the video: its frame 0 is before the clip, frame 1 is the clip's first."""
LAST = 124
CLIP = segment(START, ZERO + (LAST + 1) * FRAME_MS)


class Tap:
    """Serves a growing mp4 on 127.0.0.1: as much of it as ``open`` says, then the rest or a reset."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._changed = threading.Condition()
        self._until = 0
        self._broken = False
        self.readers = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.getsockname()[1]}/clip.mp4"

    def open(self, share: float) -> None:
        with self._changed:
            self._until = int(len(self._data) * share)
            self._changed.notify_all()

    def break_off(self) -> None:
        with self._changed:
            self._broken = True
            self._changed.notify_all()

    def close(self) -> None:
        self.break_off()
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self.readers += 1
            threading.Thread(target=self._send, args=(connection,), daemon=True).start()

    def _send(self, connection: socket.socket) -> None:
        sent = 0
        head = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        try:
            connection.recv(4096)
            connection.sendall(head)
            while sent < len(self._data):
                with self._changed:
                    while self._until <= sent and not self._broken:
                        self._changed.wait()
                    until = self._until
                    if self._broken:
                        linger = struct.pack("ii", 1, 0)
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                        return
                piece = self._data[sent:until]
                connection.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))
                sent = until
            connection.sendall(b"0\r\n\r\n")
        except OSError:
            pass
        finally:
            connection.close()


@pytest.fixture(scope="module")
def stream(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    # Without B-frames: in fragments, which have no edit list, they would delay every picture.
    whole = make_media(
        tmp_path_factory.mktemp("stream") / "whole.mp4", 6, ("libx264", "-g", "50", "-bf", "0")
    )
    path = whole.with_name("stream.mp4")
    command = [ffmpeg(), "-v", "error", "-i", whole, "-c", "copy", "-frag_duration", "250000"]
    command += ["-movflags", "empty_moov+default_base_moof", path]
    subprocess.run(command, check=True, timeout=30, stdin=subprocess.DEVNULL)
    return path.read_bytes()


@pytest.fixture
def tap(stream: bytes) -> Iterator[Tap]:
    tap = Tap(stream)
    yield tap
    tap.close()


def test_it_plays_before_it_is_whole_and_begins_with_its_first_frame(
    player: ClipPlayer, screen: Screen, tap: Tap, until: Until
):
    tap.open(0.4)
    player.open_growing(tap.url, CLIP)
    player.play()
    assert player.state is PlayerState.LOADING
    until(lambda: len(screen.numbers) > 5)
    assert screen.numbers[0] == 1
    assert player.state is PlayerState.PLAYING
    assert START <= player.position_ms < START + 2000


def test_it_stops_on_its_last_frame_and_nothing_after_it_is_shown(
    player: ClipPlayer, screen: Screen, tap: Tap, until: Until
):
    tap.open(1)
    player.open_growing(tap.url, CLIP)
    player.play()
    until(lambda: player.state is PlayerState.ENDED)
    assert (screen.number, max(screen.numbers)) == (LAST, LAST)
    assert player.position_ms == CLIP.end_ms
    assert screen.times_black == 0


def test_while_nothing_has_come_it_is_loading_and_not_failed(
    player: ClipPlayer, screen: Screen, tap: Tap, until: Until, qtbot: QtBot
):
    player.open_growing(tap.url, CLIP)
    player.play()
    qtbot.waitUntil(lambda: tap.readers == 1, timeout=5000)
    assert player.state is PlayerState.LOADING
    tap.open(1)
    until(lambda: screen.numbers)
    assert screen.numbers[0] == 1
    assert player.state is PlayerState.PLAYING


def test_a_pause_before_the_first_picture_stands_on_it(
    player: ClipPlayer, screen: Screen, tap: Tap, until: Until
):
    player.open_growing(tap.url, CLIP)
    player.play()
    player.pause()
    tap.open(1)
    until(lambda: player.state is PlayerState.PAUSED)
    shown = screen.number
    assert shown is not None
    assert 1 <= shown <= 4
    player.play()
    until(lambda: (screen.number or 0) > 10)


def test_a_seek_waits_for_the_file_and_goes_on_there(
    player: ClipPlayer, screen: Screen, tap: Tap, talk: Path, until: Until
):
    tap.open(0.4)
    player.open_growing(tap.url, CLIP)
    player.play()
    until(lambda: screen.numbers)
    player.seek(ZERO + 100 * FRAME_MS)
    assert player.state is PlayerState.LOADING
    assert player.position_ms == ZERO + 100 * FRAME_MS
    screen.numbers.clear()
    player.complete(talk, ZERO)
    until(lambda: screen.numbers)
    assert 100 <= screen.numbers[0] <= 103
    assert player.state is PlayerState.PLAYING


def test_becoming_whole_disturbs_nothing_and_seeks_then_work_at_once(
    player: ClipPlayer, screen: Screen, tap: Tap, talk: Path, until: Until
):
    tap.open(1)
    player.open_growing(tap.url, CLIP)
    player.play()
    until(lambda: len(screen.numbers) > 3)
    player.complete(talk, ZERO)
    assert player.state is PlayerState.PLAYING
    until(lambda: len(screen.numbers) > 10)
    player.pause()
    assert player.state is PlayerState.PAUSED
    player.seek(ZERO + 7 * FRAME_MS)
    until(lambda: screen.number == 7)
    assert player.state is PlayerState.PAUSED
    player.step_frames(1)
    until(lambda: screen.number == 8)


def test_loop_goes_on_in_the_file(player: ClipPlayer, screen: Screen, tap: Tap, talk: Path, until: Until):
    tap.open(1)
    player.set_loop(True)
    player.open_growing(tap.url, segment(START, START + 600))
    player.play()
    until(lambda: player.state is PlayerState.LOADING and player.position_ms == START and screen.numbers)
    player.complete(talk, ZERO)
    until(lambda: screen.numbers.count(1) >= 3)
    assert set(screen.numbers) <= set(range(16))


def test_playing_again_from_the_end_and_stepping_back_use_the_file(
    player: ClipPlayer, screen: Screen, tap: Tap, talk: Path, until: Until
):
    tap.open(1)
    player.open_growing(tap.url, segment(START, START + 600))
    player.play()
    until(lambda: player.state is PlayerState.ENDED)
    player.complete(talk, ZERO)
    player.step_frames(-1)
    until(lambda: screen.number == 14)
    screen.numbers.clear()
    player.seek(START)
    player.play()
    until(lambda: player.state is PlayerState.ENDED)
    # The picture at the clip's very start, when the file has one that began before it, is shown too.
    assert screen.numbers[0] in (0, 1)
    assert screen.number == 15


def test_what_breaks_off_waits_for_the_file_where_it_was(
    player: ClipPlayer, screen: Screen, tap: Tap, talk: Path, until: Until, qtbot: QtBot
):
    tap.open(0.4)
    player.open_growing(tap.url, CLIP)
    player.play()
    until(lambda: len(screen.numbers) > 5)
    with qtbot.assertNotEmitted(player.failed):
        tap.break_off()
        until(lambda: player.state is PlayerState.LOADING)
        place = player.position_ms
        player.complete(talk, ZERO)
        until(lambda: player.state is PlayerState.PLAYING)
    assert place > START
    assert player.position_ms >= place


def test_what_will_never_be_whole_stops_on_its_last_picture(
    player: ClipPlayer, screen: Screen, tap: Tap, until: Until, qtbot: QtBot
):
    tap.open(0.4)
    player.open_growing(tap.url, CLIP)
    player.play()
    until(lambda: len(screen.numbers) > 5)
    with qtbot.assertNotEmitted(player.failed):
        player.break_off()
        tap.break_off()
        assert player.state is PlayerState.FAILED
        shown = screen.number
        qtbot.waitUntil(lambda: screen.number is not None, timeout=1000)
    assert screen.times_black == 0
    assert shown is not None


def test_another_clip_may_follow_at_any_moment(
    player: ClipPlayer, screen: Screen, tap: Tap, talk: Path, until: Until
):
    tap.open(0.4)
    for _ in range(4):
        player.open_growing(tap.url, CLIP)
        player.play()
    until(lambda: screen.numbers)
    screen.numbers.clear()
    player.open(talk, 0, segment(4000, 4400))
    player.complete(Path("nothing.mp4"), 0)
    player.play()
    until(lambda: player.state is PlayerState.ENDED)
    assert screen.number == 109
