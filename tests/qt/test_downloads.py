"""Everything that comes in as one sum, paused and resumed together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal

from tests.qt.test_clip_controller import A, B, C, FakeFetcher, FakeStore
from viewer.domain.video import VideoRef
from viewer.media.failures import FailureKind, MediaError
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.clip_state import ClipStatus
from viewer.qt.downloads import Downloads
from viewer.qt.jobs import JobRunner

Until = Callable[[Callable[[], object]], None]


class NoWholes(QObject):
    wholeChanged = Signal(object)  # noqa: N815 - Qt's camelCase

    def wholes(self) -> list[VideoRef]:
        return []

    def stop_all(self) -> None: ...


@pytest.fixture
def fetcher(talk: Path) -> FakeFetcher:
    return FakeFetcher(FakeStore(), talk)


@pytest.fixture
def control(runner: JobRunner, player: ClipPlayer, fetcher: FakeFetcher) -> ClipController:
    return ClipController(runner, player, fetcher.store, fetcher)


@pytest.fixture
def downloads(control: ClipController) -> Downloads:
    return Downloads(control, NoWholes())  # type: ignore[arg-type]


def test_the_sum_is_that_of_all(
    downloads: Downloads, control: ClipController, fetcher: FakeFetcher, until: Until
):
    control.fetch([A, B, C])
    until(lambda: downloads.totals().speed == 2000)
    totals = downloads.totals()
    assert (totals.running, totals.waiting, totals.paused, totals.failed) == (2, 1, 0, 0)
    assert totals.done_bytes == 84
    assert totals.eta is None, "the size of what waits is not known"
    fetcher.let(A)
    until(lambda: downloads.totals().waiting == 0 and downloads.totals().speed == 2000)
    assert downloads.totals().eta == pytest.approx((58 + 58) / 2000)
    fetcher.errors[B] = MediaError(FailureKind.NO_NETWORK)
    fetcher.let(B, C)
    until(lambda: downloads.totals().running == 0)
    assert downloads.totals().failed == 1
    assert [item.key for item in downloads.items()] == [B]
    downloads.items()[0].stop()
    assert downloads.items() == []


def test_all_are_paused_and_go_on_together(
    downloads: Downloads, control: ClipController, fetcher: FakeFetcher, until: Until
):
    assert downloads.toggle_paused() is None
    control.fetch([A, B, C])
    until(lambda: downloads.totals().speed == 2000)
    assert downloads.toggle_paused() is True
    assert set(fetcher.paused) == {A, B}
    assert C not in fetcher.begun, "it waited, and waits on"
    totals = downloads.totals()
    assert (totals.running, totals.waiting, totals.paused) == (0, 0, 3)
    assert (totals.done_bytes, totals.speed, totals.eta) == (84, 0.0, None)
    assert downloads.toggle_paused() is False
    assert fetcher.paused == []
    fetcher.let(A, B, C)
    until(lambda: all(control.state(one).status is ClipStatus.READY for one in (A, B, C)))
    assert downloads.items() == []
