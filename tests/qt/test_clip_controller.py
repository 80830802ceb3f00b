"""Click to sound: what is wanted plays, nothing is fetched twice, and a failure always says why."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.qt.conftest import Screen, segment
from viewer.base.cancel import CancelToken, Progress
from viewer.domain.video import Segment
from viewer.media.clip_files import Clip
from viewer.media.failures import FailureKind, MediaError
from viewer.media.fetcher import FetchProgress, FetchStage
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.clip_state import ClipStatus
from viewer.qt.jobs import JobRunner
from viewer.qt.now_playing import PlayerState

Until = Callable[[Callable[[], object]], None]

A, B, C, D = (segment(start, start + 1000) for start in (0, 1000, 2000, 3000))


class FakeStore:
    """Keeps clips in memory; every one is (part of) the same talk."""

    def __init__(self) -> None:
        self.kept: dict[tuple[Segment, str], Clip] = {}
        self.touched: list[Clip] = []
        self.remembered: dict[Segment, Clip] = {}
        self.threads: set[int] = set()

    def keep(self, wanted: Segment, path: Path, quality: str = "720") -> Clip:
        clip = Clip(segment(0, 6000), quality, path, 1, 0.0, 0.0, whole=True)
        self.kept[wanted, quality] = clip
        return clip

    def find(self, wanted: Segment, quality: str | None = None) -> Clip | None:
        self.threads.add(threading.get_ident())
        fitting = [clip for (s, q), clip in self.kept.items() if s == wanted and quality in (None, q)]
        return fitting[0] if fitting else None

    def recall(self, wanted: Segment, quality: str | None = None) -> Clip | None:
        return self.remembered.get(wanted)

    def touch(self, clip: Clip) -> Clip:
        self.touched.append(clip)
        return clip

    def remove(self, clip: Clip) -> None:
        self.kept = {key: kept for key, kept in self.kept.items() if kept.path != clip.path}


class FakeFetcher:
    """Fetches when told to: each segment waits for ``let(segment)``."""

    def __init__(self, store: FakeStore, path: Path) -> None:
        self.store, self.path = store, path
        self.begun: list[Segment] = []
        self.errors: dict[Segment, Exception] = {}
        self._gates: dict[Segment, threading.Event] = {}
        self.deaf = False
        self.grows = ""
        self.paused: list[Segment] = []

    def pause(self, what: Segment) -> None:
        self.paused.append(what)

    def resume(self, what: Segment) -> None:
        self.paused.remove(what)

    def gate(self, wanted: Segment) -> threading.Event:
        return self._gates.setdefault(wanted, threading.Event())

    def let(self, *segments: Segment) -> None:
        for wanted in segments:
            self.gate(wanted).set()

    def fetch(
        self,
        wanted: Segment,
        progress: Progress,
        cancel: CancelToken,
        on_playable: Callable[[str], None] | None = None,
    ) -> Clip:
        self.begun.append(wanted)
        if self.grows and on_playable is not None:
            on_playable(self.grows)
        progress(FetchProgress(FetchStage.DOWNLOADING, 42, 100, 1000.0, 0.5))
        while not self.gate(wanted).wait(0.005):
            if not self.deaf:
                cancel.raise_if_cancelled()
        if wanted in self.errors:
            raise self.errors.pop(wanted)
        return self.store.keep(wanted, self.path)


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def fetcher(store: FakeStore, talk: Path) -> FakeFetcher:
    return FakeFetcher(store, talk)


@pytest.fixture
def control(
    runner: JobRunner, player: ClipPlayer, store: FakeStore, fetcher: FakeFetcher
) -> Iterator[ClipController]:
    controller = ClipController(runner, player, store, fetcher)
    yield controller
    fetcher.deaf = False


def status(control: ClipController, wanted: Segment) -> ClipStatus:
    return control.state(wanted).status


def test_a_kept_clip_plays_at_once_and_nothing_is_fetched(
    control: ClipController, store: FakeStore, fetcher: FakeFetcher, talk: Path, screen: Screen, until: Until
):
    clip = store.keep(C, talk)
    told = []
    control.playingChanged.connect(told.append)
    control.play(C)
    assert control.wanted == C
    until(lambda: screen.numbers)
    assert screen.numbers[0] == 50
    assert told == [C]
    assert control.playing == C
    assert control.wanted is None
    assert status(control, C) is ClipStatus.READY
    assert store.touched == [clip]
    assert not fetcher.begun
    assert threading.get_ident() not in store.threads


def test_what_is_not_kept_is_fetched_then_played(
    control: ClipController, fetcher: FakeFetcher, player: ClipPlayer, until: Until
):
    seen = []
    control.clipStateChanged.connect(lambda s: seen.append(control.state(s)))
    control.play(B)
    until(lambda: control.state(B).fraction == 0.42)
    state = control.state(B)
    assert (state.status, state.done_bytes, state.total_bytes) == (ClipStatus.FETCHING, 42, 100)
    assert (state.speed, state.eta) == (1000.0, 0.5)
    fetcher.let(B)
    until(lambda: player.state is PlayerState.PLAYING)
    assert player.segment == B
    assert [s.status for s in seen if s.status is not ClipStatus.FETCHING] == [
        ClipStatus.WAITING,
        ClipStatus.READY,
    ]


def test_only_the_clip_that_is_still_wanted_plays(
    control: ClipController, fetcher: FakeFetcher, player: ClipPlayer, until: Until, qtbot: QtBot
):
    control.play(A)
    until(lambda: A in fetcher.begun)
    control.play(B)
    until(lambda: B in fetcher.begun)
    fetcher.let(A)
    until(lambda: status(control, A) is ClipStatus.READY)
    qtbot.wait(50)
    assert control.playing is None
    fetcher.let(B)
    until(lambda: control.playing == B)


def test_two_clicks_are_one_fetch(control: ClipController, fetcher: FakeFetcher, until: Until, qtbot: QtBot):
    control.play(A)
    control.play(A)
    until(lambda: fetcher.begun)
    control.play(A)
    qtbot.wait(50)
    fetcher.let(A)
    until(lambda: control.playing == A)
    assert fetcher.begun == [A]


def test_the_playing_clip_begins_again_without_loading(
    control: ClipController, store: FakeStore, player: ClipPlayer, talk: Path, until: Until, qtbot: QtBot
):
    store.keep(A, talk)
    control.play(A)
    until(lambda: player.state is PlayerState.ENDED)
    control.play(A)
    assert player.state is PlayerState.PLAYING


def test_the_number_at_once_is_bounded_and_the_clicked_one_goes_first(
    control: ClipController, fetcher: FakeFetcher, until: Until, qtbot: QtBot
):
    control.set_parallel(1)
    control.fetch([A, B, C])
    until(lambda: fetcher.begun == [A])
    qtbot.wait(50)
    assert fetcher.begun == [A]
    assert status(control, B) is ClipStatus.WAITING
    control.play(D)
    until(lambda: fetcher.begun == [A, D])
    fetcher.let(A, B, C, D)
    until(lambda: status(control, C) is ClipStatus.READY)
    assert fetcher.begun == [A, D, B, C]
    assert control.playing == D


def test_a_click_moves_a_waiting_one_to_the_front(
    control: ClipController, fetcher: FakeFetcher, until: Until
):
    control.set_parallel(1)
    control.fetch([A, B, C])
    until(lambda: fetcher.begun == [A])
    control.play(C)
    until(lambda: fetcher.begun == [A, C])
    fetcher.let(A, B, C)
    until(lambda: status(control, B) is ClipStatus.READY)


def test_a_failure_says_why_and_retry_works(
    control: ClipController, fetcher: FakeFetcher, until: Until, qtbot: QtBot
):
    fetcher.errors[A] = MediaError(FailureKind.PRIVATE)
    fetcher.let(A)
    with qtbot.waitSignal(control.failed) as failed:
        control.play(A)
    assert failed.args[0] == A
    assert failed.args[1].kind is FailureKind.PRIVATE
    assert status(control, A) is ClipStatus.FAILED
    assert control.state(A).error is failed.args[1]
    assert control.wanted is None
    control.retry()
    until(lambda: control.playing == A)
    assert status(control, A) is ClipStatus.READY


@pytest.mark.logs_errors
def test_a_bug_is_a_failure_too(control: ClipController, fetcher: FakeFetcher, qtbot: QtBot):
    fetcher.errors[A] = ZeroDivisionError()
    fetcher.let(A)
    with qtbot.waitSignal(control.failed) as failed:
        control.play(A)
    assert isinstance(failed.args[1], ZeroDivisionError)
    assert control.state(A).error is None


def test_a_failure_of_what_is_no_longer_wanted_shows_on_its_row_only(
    control: ClipController, fetcher: FakeFetcher, until: Until, qtbot: QtBot
):
    fetcher.errors[A] = MediaError(FailureKind.REMOVED)
    control.play(A)
    until(lambda: A in fetcher.begun)
    control.play(B)
    with qtbot.assertNotEmitted(control.failed, wait=20):
        fetcher.let(A)
        until(lambda: status(control, A) is ClipStatus.FAILED)


def test_a_paused_fetch_stands_still_and_another_takes_its_place(
    control: ClipController, fetcher: FakeFetcher, until: Until
):
    control.fetch([A, B, C, D])
    until(lambda: set(fetcher.begun) == {A, B} and control.state(A).done_bytes == 42)
    control.pause(A)
    assert fetcher.paused == [A]
    assert (status(control, A), control.state(A).done_bytes) == (ClipStatus.PAUSED, 42)
    until(lambda: C in fetcher.begun)
    control.pause(D)  # it waits: now it waits until it is resumed
    fetcher.let(B, C)
    until(lambda: status(control, C) is ClipStatus.READY)
    assert status(control, D) is ClipStatus.PAUSED
    control.resume(A)
    assert fetcher.paused == []
    assert status(control, A) is ClipStatus.FETCHING
    control.resume(D)
    until(lambda: D in fetcher.begun)
    fetcher.let(A, D)
    until(lambda: all(status(control, one) is ClipStatus.READY for one in (A, B, C, D)))


def test_a_click_on_what_is_paused_resumes_it_and_plays(
    control: ClipController, fetcher: FakeFetcher, player: ClipPlayer, until: Until
):
    control.fetch([A])
    until(lambda: control.state(A).done_bytes == 42)
    control.pause(A)
    control.play(A)
    assert fetcher.paused == []
    fetcher.let(A)
    until(lambda: control.playing == A)
    assert fetcher.begun == [A]


def test_what_is_paused_can_be_cancelled_and_fetched_again(
    control: ClipController, fetcher: FakeFetcher, until: Until
):
    control.fetch([A])
    until(lambda: fetcher.begun == [A])
    control.pause(A)
    control.cancel(A)
    until(lambda: status(control, A) is ClipStatus.NOT_FETCHED)
    control.fetch([A])
    until(lambda: fetcher.begun == [A, A] and status(control, A) is ClipStatus.FETCHING)
    fetcher.let(A)
    until(lambda: status(control, A) is ClipStatus.READY)


def test_cancel_stops_the_fetch_and_does_not_play(
    control: ClipController, fetcher: FakeFetcher, until: Until, qtbot: QtBot
):
    control.play(A)
    until(lambda: A in fetcher.begun)
    with qtbot.assertNotEmitted(control.failed):
        control.cancel(A)
        until(lambda: status(control, A) is ClipStatus.NOT_FETCHED)
    assert control.wanted is None
    fetcher.let(A)
    qtbot.wait(30)
    assert control.playing is None


def test_a_click_while_the_cancelled_fetch_is_ending_fetches_again(
    control: ClipController, fetcher: FakeFetcher, until: Until
):
    fetcher.deaf = True
    control.play(A)
    until(lambda: A in fetcher.begun)
    control.cancel(A)
    control.play(A)
    fetcher.let(A)
    until(lambda: control.playing == A)


def test_cancel_all_leaves_nothing_waiting(control: ClipController, fetcher: FakeFetcher, until: Until):
    control.fetch([A, B, C, D])
    control.cancel_all()
    until(lambda: all(status(control, s) is ClipStatus.NOT_FETCHED for s in (A, B, C, D)))


def test_offline_fetches_nothing_and_says_so(
    control: ClipController, fetcher: FakeFetcher, store: FakeStore, talk: Path, until: Until, qtbot: QtBot
):
    control.set_offline(True)
    with qtbot.waitSignal(control.failed) as failed:
        control.play(A)
    assert failed.args[1].kind is FailureKind.OFFLINE
    control.fetch([B])
    qtbot.wait(30)
    assert not fetcher.begun
    # A kept clip of another picture height is better than none.
    store.keep(C, talk, "360")
    control.play(C)
    until(lambda: control.playing == C)
    control.set_offline(False)
    control.retry()
    fetcher.let(A)
    control.play(A)
    until(lambda: control.playing == A)


def test_going_offline_ends_what_runs(
    control: ClipController, fetcher: FakeFetcher, until: Until, qtbot: QtBot
):
    control.play(A)
    control.fetch([B, C])
    until(lambda: A in fetcher.begun)
    with qtbot.waitSignal(control.failed) as failed:
        control.set_offline(True)
    assert failed.args[0] == A
    assert failed.args[1].kind is FailureKind.OFFLINE
    until(lambda: status(control, B) is ClipStatus.NOT_FETCHED)
    assert status(control, C) is ClipStatus.NOT_FETCHED
    assert status(control, A) is ClipStatus.FAILED


def test_look_up_finds_what_is_kept_and_what_is_gone(
    control: ClipController, store: FakeStore, talk: Path, until: Until
):
    store.keep(A, talk)
    store.keep(C, talk)
    control.look_up([A, B, C])
    until(lambda: status(control, A) is status(control, C) is ClipStatus.READY)
    assert status(control, B) is ClipStatus.NOT_FETCHED
    store.kept.clear()
    control.look_up([A])
    until(lambda: status(control, A) is ClipStatus.NOT_FETCHED)
    assert status(control, C) is ClipStatus.READY


def test_a_damaged_clip_fails_and_retry_fetches_it_anew(
    control: ClipController,
    store: FakeStore,
    fetcher: FakeFetcher,
    tmp_path: Path,
    until: Until,
    qtbot: QtBot,
):
    junk = tmp_path / "junk.mp4"
    junk.write_bytes(b"\0" * 3000)
    store.keep(A, junk)
    with qtbot.waitSignal(control.failed, timeout=5000) as failed:
        control.play(A)
    assert failed.args[1].kind is FailureKind.DAMAGED
    assert control.playing is None
    fetcher.let(A)
    control.retry()
    until(lambda: control.playing == A)
    assert fetcher.begun == [A]


def test_stop_lets_go(
    control: ClipController, store: FakeStore, player: ClipPlayer, talk: Path, tmp_path: Path, until: Until
):
    store.keep(A, Path(shutil.copy(talk, tmp_path / "copy.mp4")))
    control.play(A)
    until(lambda: player.state is PlayerState.PLAYING)
    control.stop()
    assert control.playing is None
    assert player.state is PlayerState.EMPTY


def test_what_was_found_before_plays_without_a_look(
    control: ClipController, store: FakeStore, fetcher: FakeFetcher, talk: Path, until: Until
):
    store.remembered[C] = store.keep(C, talk)
    control.play(C)
    assert (control.playing, control.wanted) == (C, None)
    assert status(control, C) is ClipStatus.READY
    until(lambda: bool(store.touched))
    assert not store.threads
    assert not fetcher.begun


def test_what_is_known_not_to_be_kept_is_fetched_without_a_look(
    control: ClipController, store: FakeStore, fetcher: FakeFetcher, talk: Path, until: Until
):
    store.keep(A, talk)
    control.look_up([A, B])
    until(lambda: status(control, A) is ClipStatus.READY)
    store.threads.clear()
    control.play(B)
    assert control.wanted == B
    until(lambda: fetcher.begun == [B])
    assert not store.threads
    fetcher.let(B)
    until(lambda: control.playing == B)
