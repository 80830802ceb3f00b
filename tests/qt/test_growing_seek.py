"""Seeking in a clip that still comes in: what is there plays at once, what is not as soon as it comes."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.qt.conftest import FRAME_MS, Screen, segment
from tests.qt.tap import Line
from viewer.media.playable import at_place
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.now_playing import PlayerState

Until = Callable[[Callable[[], object]], None]

ZERO = 60_000
"""Where frame 0 lies in the video."""
CLIP = segment(ZERO, ZERO + 150 * FRAME_MS)


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    line = Line(tmp_path, CLIP, ZERO)
    line.bring(0.6)
    yield line
    line.close()


def at(frame: int) -> int:
    return ZERO + frame * FRAME_MS


@pytest.fixture
def playing(player: ClipPlayer, screen: Screen, line: Line, until: Until) -> ClipPlayer:
    player.open_growing(line.url, CLIP)
    player.play()
    until(lambda: len(screen.numbers) > 2)
    return player


def test_what_is_there_plays_at_once_forwards_and_backwards(
    playing: ClipPlayer, screen: Screen, line: Line, until: Until
):
    for frame in (70, 20, 50):
        screen.numbers.clear()
        began = time.monotonic()
        playing.seek(at(frame))
        until(lambda: screen.numbers)
        assert screen.numbers[0] == frame
        assert playing.state is PlayerState.PLAYING
        assert time.monotonic() - began < 1.5
        assert at(frame) <= playing.position_ms < at(frame) + 1500
    assert screen.times_black == 0


def test_what_has_not_come_waits_and_plays_as_soon_as_it_is_there(
    playing: ClipPlayer, screen: Screen, line: Line, until: Until, qtbot: QtBot
):
    screen.numbers.clear()
    playing.seek(at(120))
    assert playing.state is PlayerState.LOADING
    assert playing.position_ms == at(120)
    qtbot.waitUntil(lambda: not playing._reopen.isActive(), timeout=1000)
    with qtbot.assertNotEmitted(playing.failed, wait=300):
        pass
    assert playing.state is PlayerState.LOADING
    assert not screen.numbers
    line.bring(0.95)  # not the whole
    until(lambda: screen.numbers)
    assert screen.numbers[0] == 120
    assert playing.state is PlayerState.PLAYING
    line.bring(1)
    until(lambda: playing.state is PlayerState.ENDED)
    until(lambda: screen.number == 149)


def test_of_many_places_the_last_counts(playing: ClipPlayer, screen: Screen, line: Line, until: Until):
    screen.numbers.clear()
    for frame in range(10, 80, 5):
        playing.seek(at(frame))
    until(lambda: screen.numbers)
    assert screen.numbers[0] == 75


def test_paused_it_stands_on_that_very_frame_and_steps(
    playing: ClipPlayer, screen: Screen, line: Line, until: Until, qtbot: QtBot
):
    playing.pause()
    screen.numbers.clear()
    playing.seek(at(40))
    until(lambda: screen.number == 40 and playing.state is PlayerState.PAUSED)
    playing.step_frames(-1)
    until(lambda: screen.number == 39 and playing.state is PlayerState.PAUSED)
    playing.step_frames(3)
    until(lambda: screen.number == 42 and playing.state is PlayerState.PAUSED)
    with qtbot.assertNotEmitted(playing.failed, wait=200):
        pass
    assert screen.number == 42
    assert set(screen.numbers) == {40, 39, 42}
    playing.play()
    until(lambda: (screen.number or 0) > 50)


def test_when_it_is_whole_meanwhile_the_file_is_taken(
    playing: ClipPlayer, screen: Screen, line: Line, talk: Path, until: Until, qtbot: QtBot
):
    screen.numbers.clear()
    playing.seek(at(120))
    qtbot.waitUntil(lambda: not playing._reopen.isActive(), timeout=1000)
    playing.complete(talk, ZERO)
    until(lambda: screen.numbers)
    assert screen.numbers[0] == 120
    playing.seek(at(5))
    until(lambda: 5 in screen.numbers)


def test_a_download_that_fails_while_it_waits_stops_it(
    playing: ClipPlayer, screen: Screen, line: Line, qtbot: QtBot
):
    playing.seek(at(120))
    qtbot.waitUntil(lambda: not playing._reopen.isActive(), timeout=1000)
    with qtbot.assertNotEmitted(playing.failed, wait=100):
        line.growth.end()
        playing.break_off()
    assert playing.state is PlayerState.FAILED
    assert screen.number is not None


def test_an_address_at_a_place_is_for_one_reader_too(line: Line):
    with urllib.request.urlopen(at_place(line.url, at(40)), timeout=5) as reader:
        assert b"moov" in reader.read1(4096)
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(at_place(line.url, at(10)), timeout=5)
    with urllib.request.urlopen(at_place(line.url, at(10)), timeout=5) as reader:
        assert b"moov" in reader.read1(4096)  # the first has hung up
