"""A clip that still comes in: its first frame is the first shown, and the file takes over when it is needed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.qt.conftest import FRAME_MS, Screen, segment
from tests.qt.tap import Line, Tap, make_stream
from viewer.media.playable import LEAD_MS
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.now_playing import PlayerState

Until = Callable[[Callable[[], object]], None]

START = 60_000
ZERO = START - LEAD_MS
"""Where the stream's time 0 lies in the video: its frame 0 is before the clip, frame 1 is the clip's first."""
LAST = 124
CLIP = segment(START, ZERO + (LAST + 1) * FRAME_MS)


@pytest.fixture(scope="module")
def stream(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_stream(tmp_path_factory.mktemp("stream"))


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
    clip = segment(START, ZERO + 40 * FRAME_MS)
    tap.open(1)
    player.open_growing(tap.url, clip)
    player.play()
    until(lambda: player.state is PlayerState.ENDED)
    until(lambda: screen.number == 39)
    assert max(screen.numbers) == 39
    assert player.position_ms == clip.end_ms
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
    until(lambda: player.state is PlayerState.PAUSED and screen.number is not None)
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
    until(lambda: screen.number == 15)


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


@pytest.mark.parametrize("file_first", [False, True])
@pytest.mark.parametrize("fetch_over", [False, True])
def test_what_is_gone_before_the_player_asks_plays_from_the_file(
    player: ClipPlayer,
    screen: Screen,
    talk: Path,
    tmp_path: Path,
    until: Until,
    qtbot: QtBot,
    fetch_over: bool,
    file_first: bool,
):
    line = Line(tmp_path, CLIP, ZERO)
    if fetch_over:
        line.growth.end()
    else:  # in the very moment between: its files are gone already
        line.discard()
    with qtbot.assertNotEmitted(player.failed):
        player.open_growing(line.url, CLIP)
        player.play()
        if not file_first:
            until(lambda: player._media.url.isEmpty())
            assert player.state is PlayerState.LOADING
        player.complete(talk, ZERO)
        until(lambda: len(screen.numbers) > 3)
    assert screen.numbers[0] in (0, 1)
    assert player.state is PlayerState.PLAYING
    line.close()


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
    until(lambda: screen.number == 109)


@pytest.mark.parametrize("rounds", [40, 1, 2, 3, 4])
def test_playing_stopping_and_leaving_what_grows_never_hangs(talk: Path, tap: Tap, rounds: int):
    tap.open(0.6)
    command = [sys.executable, "-m", "tests.benchmarks.soak", "--child", talk, tap.url, str(rounds)]
    result = subprocess.run(
        command, capture_output=True, text=True, timeout=60, cwd=Path(__file__).parents[2]
    )
    assert (result.returncode, result.stdout.strip()) == (0, "done"), result.stderr[-2000:]
