"""A click plays before the clip is whole: exactly from its first frame, and a broken line stops it with a word."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.end_to_end.conftest import Driver
from tests.standin.server import StandinServer
from viewer.qt.clip_state import ClipStatus
from viewer.qt.now_playing import PlayerState
from viewer.qt.roles import Role

Start = Callable[..., Driver]
NOTE = "What does Sam Altman"


def click_first(program: Driver) -> list[int]:
    """Click the first highlight (0:16 to 1:00); returns a list that collects the numbers of the frames shown."""
    numbers: list[int] = []

    def look() -> None:
        number = program.shown_frame()
        if number is not None and (not numbers or numbers[-1] != number):
            numbers.append(number)

    program.window.side.player.sink.videoFrameChanged.connect(look)
    program.click_row(program.view("highlightView"), 0)
    return numbers


def status(program: Driver) -> ClipStatus:
    state = program.view("highlightView").model().index(0, 0).data(Role.CLIP_STATE)
    return ClipStatus(state.status)


def test_the_first_frame_is_exact_while_the_clip_still_comes_in(
    driver: Start, standin: StandinServer
) -> None:
    program = driver()
    program.open(NOTE)
    standin.slow_line(megabits=8)
    numbers = click_first(program)
    program.qtbot.waitUntil(lambda: bool(numbers), timeout=30_000)
    assert numbers[0] == 16 * 30
    assert status(program) is ClipStatus.FETCHING
    assert program.application.player.state is PlayerState.PLAYING
    program.qtbot.waitUntil(lambda: status(program) is ClipStatus.READY, timeout=40_000)
    player = program.application.player
    assert player.state is PlayerState.PLAYING
    player.seek(59_000)  # in the file now
    program.qtbot.waitUntil(lambda: (program.shown_frame() or 0) >= 59 * 30, timeout=10_000)
    program.qtbot.waitUntil(lambda: player.state is PlayerState.ENDED, timeout=10_000)
    program.qtbot.waitUntil(lambda: numbers[-1] >= 60 * 30 - 3, timeout=5_000)
    assert numbers == sorted(numbers)
    assert numbers[-1] <= 60 * 30 - 1


@pytest.mark.usefixtures("impatient")
def test_a_line_that_breaks_stops_on_the_last_frame_and_says_so(
    driver: Start, standin: StandinServer
) -> None:
    program = driver()
    program.open(NOTE)
    standin.slow_line(megabits=2)
    numbers = click_first(program)
    program.qtbot.waitUntil(lambda: len(numbers) > 10, timeout=30_000)
    standin.stop()
    try:
        program.qtbot.waitUntil(lambda: program.window.banner.isVisible(), timeout=60_000)
        assert program.application.player.state is PlayerState.FAILED
        assert status(program) is ClipStatus.FAILED
        assert program.window.side.player.has_picture
        assert program.shown_frame() == numbers[-1]
    finally:
        standin.start()
    standin.slow_line(megabits=50)
    program.window.banner.buttons[0].click()
    program.qtbot.waitUntil(lambda: program.application.player.state is PlayerState.PLAYING, timeout=30_000)


def test_seeking_while_it_comes_in_goes_on_exactly_there(driver: Start, standin: StandinServer) -> None:
    program = driver()
    program.open(NOTE)
    standin.slow_line(megabits=4)
    numbers = click_first(program)
    player, stage = program.application.player, program.window.side.player
    program.qtbot.waitUntil(lambda: len(numbers) > 5, timeout=30_000)
    numbers.clear()
    player.seek(42_000)  # this has not come
    program.qtbot.waitUntil(lambda: stage.busy, timeout=5000)
    assert player.state is PlayerState.LOADING
    program.qtbot.waitUntil(lambda: bool(numbers), timeout=30_000)
    assert numbers[0] == 42 * 30
    assert status(program) is ClipStatus.FETCHING
    assert not stage.busy
    numbers.clear()
    player.seek(20_000)  # this has
    program.qtbot.waitUntil(lambda: bool(numbers), timeout=5000)
    assert numbers[0] == 20 * 30
    assert status(program) is ClipStatus.FETCHING
    assert not stage.busy
    assert standin.bytes_sent(kind="media") < 4_300_000  # nothing is asked for twice
