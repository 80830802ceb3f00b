"""Click to sound while the clip comes in: the wanted one plays at once, and every end of its fetch is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.qt.conftest import Screen, segment
from tests.qt.tap import Tap, make_stream
from tests.qt.test_clip_controller import FakeFetcher, FakeStore
from viewer.media.failures import FailureKind, MediaError
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.clip_state import ClipStatus
from viewer.qt.jobs import JobRunner
from viewer.qt.now_playing import PlayerState

Until = Callable[[Callable[[], object]], None]
A, B, LONGER = segment(5, 3005), segment(2000, 4000), segment(5, 5005)


@pytest.fixture(scope="module")
def stream(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_stream(tmp_path_factory.mktemp("stream"))


@pytest.fixture
def tap(stream: bytes) -> Iterator[Tap]:
    tap = Tap(stream)
    tap.open(0.5)
    yield tap
    tap.close()


@pytest.fixture
def fetcher(talk: Path, tap: Tap) -> FakeFetcher:
    fetcher = FakeFetcher(FakeStore(), talk)
    fetcher.grows = tap.url
    return fetcher


@pytest.fixture
def control(runner: JobRunner, player: ClipPlayer, fetcher: FakeFetcher) -> ClipController:
    return ClipController(runner, player, fetcher.store, fetcher)


def test_it_plays_while_it_is_fetched_and_is_ready_afterwards(
    control: ClipController, fetcher: FakeFetcher, player: ClipPlayer, screen: Screen, until: Until
):
    control.play(A)
    until(lambda: len(screen.numbers) > 3)
    assert control.playing == A
    assert control.wanted is None
    assert control.state(A).status is ClipStatus.FETCHING
    fetcher.let(A)
    until(lambda: control.state(A).status is ClipStatus.READY)
    assert player.state is PlayerState.PLAYING
    player.seek(2600)
    until(lambda: screen.number is not None and screen.number >= 65)


def test_a_fetch_that_fails_while_it_plays_stops_on_the_last_picture_and_says_so(
    control: ClipController,
    fetcher: FakeFetcher,
    player: ClipPlayer,
    screen: Screen,
    tap: Tap,
    until: Until,
    qtbot: QtBot,
):
    fetcher.errors[A] = MediaError(FailureKind.NO_NETWORK)
    control.play(A)
    until(lambda: len(screen.numbers) > 3)
    with qtbot.waitSignal(control.failed, timeout=5000) as failed:
        tap.break_off()
        fetcher.let(A)
    assert failed.args[1].kind is FailureKind.NO_NETWORK
    assert player.state is PlayerState.FAILED
    assert screen.number is not None
    assert screen.times_black == 0
    control.retry()
    until(lambda: player.state is PlayerState.PLAYING)


def test_what_is_no_longer_wanted_does_not_begin(
    control: ClipController, fetcher: FakeFetcher, player: ClipPlayer, until: Until
):
    control.fetch([B])
    control.play(A)
    until(lambda: control.playing == A)
    assert player.segment == A
    control.play(B)  # under way, and playable already
    assert control.playing == B


def test_cancelling_what_plays_stops_it_without_a_word(
    control: ClipController, player: ClipPlayer, screen: Screen, until: Until, qtbot: QtBot
):
    control.play(A)
    until(lambda: len(screen.numbers) > 3)
    with qtbot.assertNotEmitted(control.failed, wait=50):
        control.cancel(A)
        until(lambda: player.state is PlayerState.FAILED)
    control.retry()
    until(lambda: player.state is PlayerState.PLAYING)


def test_going_offline_stops_what_plays_from_the_line(
    control: ClipController, player: ClipPlayer, screen: Screen, until: Until, qtbot: QtBot
):
    control.play(A)
    until(lambda: len(screen.numbers) > 3)
    with qtbot.waitSignal(control.failed) as failed:
        control.set_offline(True)
    assert failed.args[1].kind is FailureKind.OFFLINE
    until(lambda: player.state is PlayerState.FAILED)


def test_a_longer_clip_takes_over_where_the_old_one_is(
    control: ClipController, fetcher: FakeFetcher, player: ClipPlayer, screen: Screen, until: Until
):
    control.play(A)
    until(lambda: len(screen.numbers) > 3)
    fetcher.let(A)
    until(lambda: control.state(A).status is ClipStatus.READY)
    control.change_to(LONGER, None)
    until(lambda: LONGER in fetcher.begun)
    assert player.segment == A
    place = player.position_ms
    fetcher.let(LONGER)
    until(lambda: player.segment == LONGER and player.state is PlayerState.PLAYING)
    assert place <= player.position_ms < place + 2000
    assert control.held == segment(0, 6000)


def test_a_longer_clip_that_cannot_be_had_leaves_the_old_one(
    control: ClipController, fetcher: FakeFetcher, player: ClipPlayer, until: Until, qtbot: QtBot
):
    fetcher.errors[LONGER] = MediaError(FailureKind.NO_NETWORK)
    fetcher.let(A, LONGER)
    control.play(A)
    until(lambda: control.playing == A)
    with qtbot.waitSignal(control.failed, timeout=5000):
        control.change_to(LONGER, None)
    assert control.playing == A
    assert player.segment == A
