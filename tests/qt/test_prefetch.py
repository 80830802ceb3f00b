"""Fetching ahead: only when switched on, one at a time, and never beside what the user asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.qt.conftest import VIDEO
from tests.qt.test_clip_controller import A, B, C, D, FakeFetcher, FakeStore
from viewer.base.cancel import CancelToken
from viewer.domain.video import VideoRef
from viewer.media.failures import FailureKind, MediaError
from viewer.qt import prefetch as module
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.clip_state import ClipStatus
from viewer.qt.jobs import JobRunner
from viewer.qt.prefetch import Prefetch

Until = Callable[[Callable[[], object]], None]


class Preparing(FakeFetcher):
    prepared: list[VideoRef]

    def prepare(self, video: VideoRef, cancel: CancelToken | None = None) -> None:
        self.prepared.append(video)


class Reader:
    """A reader with a note of four clips."""

    def __init__(self, runner: JobRunner, player: ClipPlayer, talk: Path) -> None:
        self.store = FakeStore()
        self.fetcher = Preparing(self.store, talk)
        self.fetcher.prepared = []
        self.clips = ClipController(runner, player, self.store, self.fetcher)
        self.metered = False
        self.prefetch = Prefetch(runner, self.clips, self.fetcher, lambda: self.metered)

    def status(self, segment: object) -> ClipStatus:
        return self.clips.state(segment).status  # type: ignore[arg-type]


@pytest.fixture
def reader(runner: JobRunner, player: ClipPlayer, talk: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    monkeypatch.setattr(module, "IDLE_MS", 20)
    return Reader(runner, player, talk)


def test_switched_off_it_sends_nothing(reader: Reader, qtbot: QtBot) -> None:
    reader.prefetch.note_opened([A, B, C, D])
    qtbot.wait(80)
    assert (reader.fetcher.prepared, reader.fetcher.begun) == ([], [])


def test_the_first_clips_come_one_at_a_time(reader: Reader, until: Until, qtbot: QtBot) -> None:
    reader.prefetch.set_enabled(True)
    reader.prefetch.note_opened([A, B, C, D])
    until(lambda: reader.fetcher.begun == [A])
    assert reader.fetcher.prepared == [VIDEO]
    qtbot.wait(60)
    assert reader.fetcher.begun == [A]
    reader.fetcher.let(A, B, C, D)
    until(lambda: reader.status(C) is ClipStatus.READY)
    qtbot.wait(80)
    assert reader.fetcher.begun == [A, B, C]  # three, not the whole note
    reader.prefetch.note_opened([A, B, C, D])
    qtbot.wait(60)
    assert reader.fetcher.prepared == [VIDEO]


def test_what_the_user_wants_stops_it_and_it_goes_on_afterwards(reader: Reader, until: Until) -> None:
    reader.prefetch.set_enabled(True)
    reader.prefetch.note_opened([A, B])
    until(lambda: reader.fetcher.begun == [A])
    reader.clips.play(D)
    until(lambda: reader.fetcher.begun[:2] == [A, D])
    until(lambda: reader.status(A) is ClipStatus.NOT_FETCHED)
    reader.fetcher.let(A, B, D)
    until(lambda: reader.clips.playing == D)
    until(lambda: reader.status(B) is ClipStatus.READY and reader.status(A) is ClipStatus.READY)


def test_a_click_on_what_is_being_fetched_ahead_keeps_it(reader: Reader, until: Until) -> None:
    reader.prefetch.set_enabled(True)
    reader.prefetch.note_opened([A])
    until(lambda: reader.fetcher.begun == [A])
    reader.clips.play(A)
    reader.fetcher.let(A)
    until(lambda: reader.clips.playing == A)
    assert reader.fetcher.begun == [A]


@pytest.mark.parametrize("why", ["offline", "metered"])
def test_never_offline_nor_where_it_costs_money(reader: Reader, qtbot: QtBot, why: str) -> None:
    reader.metered = why == "metered"
    reader.clips.set_offline(why == "offline")
    reader.prefetch.set_enabled(True)
    reader.prefetch.note_opened([A, B])
    qtbot.wait(80)
    assert (reader.fetcher.prepared, reader.fetcher.begun) == ([], [])


def test_another_note_and_switching_off_end_it(reader: Reader, until: Until, qtbot: QtBot) -> None:
    reader.prefetch.set_enabled(True)
    reader.prefetch.note_opened([A])
    until(lambda: reader.fetcher.begun == [A])
    reader.prefetch.note_opened([B])
    until(lambda: reader.fetcher.begun == [A, B])
    assert reader.status(A) is ClipStatus.NOT_FETCHED
    reader.prefetch.set_enabled(False)
    until(lambda: reader.status(B) is ClipStatus.NOT_FETCHED)
    qtbot.wait(60)
    assert reader.fetcher.begun == [A, B]


def test_a_failure_ends_it_for_this_note_without_a_word(reader: Reader, until: Until, qtbot: QtBot) -> None:
    reader.fetcher.errors[A] = MediaError(FailureKind.NO_NETWORK)
    reader.fetcher.let(A, B)
    reader.prefetch.set_enabled(True)
    with qtbot.assertNotEmitted(reader.clips.failed):
        reader.prefetch.note_opened([A, B])
        until(lambda: reader.status(A) is ClipStatus.FAILED)
        qtbot.wait(80)
    assert reader.fetcher.begun == [A]
