"""Judging and fetching captions off the GUI thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from viewer.base.cancel import CancelToken, Progress
from viewer.base.errors import ViewerError
from viewer.domain.note import Note, NoteFormat
from viewer.domain.video import VideoRef
from viewer.library.quotes import NoteCheck
from viewer.media.caption_store import CaptionStore, KeptCaptions
from viewer.media.failures import FailureKind, MediaError
from viewer.media.fetcher import FetchOptions
from viewer.media.progress import FetchProgress, FetchStage
from viewer.qt.jobs import JobRunner
from viewer.qt.quote_checks_controller import QuoteChecksController

VIDEO = VideoRef.youtube("dQw4w9WgXcQ")


class FakeCatalog:
    """Knows the notes 1 and 2; the judging of 1 waits for ``go``."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.threads: list[str] = []

    def check(self, note_id: int, kept: Any = None) -> NoteCheck:
        self.threads.append(threading.current_thread().name)
        if note_id == 1:
            self.go.wait(5)
        if note_id == 3:
            raise KeyError(note_id)
        return NoteCheck(Note(NoteFormat.PLAIN))


class FakeFetcher:
    """Fetches until cancelled, or gives what it is told to."""

    def __init__(self, outcome: KeptCaptions | MediaError | None = None) -> None:
        self.outcome = outcome
        self.options = FetchOptions()
        self.languages: list[str] = []

    def fetch(
        self, video: VideoRef, languages: Sequence[str], progress: Progress, cancel: CancelToken
    ) -> KeptCaptions:
        self.languages = list(languages)
        progress(FetchProgress(FetchStage.RESOLVING))
        if self.outcome is None:
            cancel.wait(10)
            raise AssertionError("not cancelled")
        if isinstance(self.outcome, MediaError):
            raise self.outcome
        return self.outcome


@pytest.fixture
def catalog() -> FakeCatalog:
    return FakeCatalog()


@pytest.fixture
def make(
    runner: JobRunner, catalog: FakeCatalog, tmp_path: Path
) -> Callable[[FakeFetcher], QuoteChecksController]:
    def build(fetcher: FakeFetcher) -> QuoteChecksController:
        store = CaptionStore(tmp_path)
        return QuoteChecksController(runner, catalog, store, lambda: fetcher, FetchOptions())  # type: ignore[arg-type]

    return build


Make = Callable[[FakeFetcher], QuoteChecksController]


def test_the_newest_note_wins(qtbot: QtBot, make: Make, catalog: FakeCatalog) -> None:
    controller = make(FakeFetcher())
    heard: list[int] = []
    controller.checked.connect(lambda note_id, _: heard.append(note_id))
    controller.check(1)
    qtbot.waitUntil(lambda: bool(catalog.threads))
    controller.check(2)
    catalog.go.set()
    qtbot.waitUntil(lambda: heard == [2])
    qtbot.wait(50)
    assert heard == [2]
    assert all(name.startswith("check-") for name in catalog.threads)


def test_a_note_that_has_left_is_a_failure_and_no_bug(qtbot: QtBot, make: Make) -> None:
    controller = make(FakeFetcher())
    with qtbot.waitSignal(controller.checkFailed) as heard:
        controller.check(3)
    assert isinstance(heard.args[1], ViewerError)


def test_captions_are_fetched_in_the_wanted_languages_with_the_options_of_that_moment(
    qtbot: QtBot, make: Make
) -> None:
    fetcher = FakeFetcher(KeptCaptions(VIDEO, "de", True, ()))
    controller = make(fetcher)
    controller.set_options(FetchOptions(proxy="socks5://127.0.0.1:9"), ["de", "en"])
    told: list[object] = []
    controller.fetchProgressed.connect(lambda video, value: told.append((video, value.stage)))
    with qtbot.waitSignals([controller.fetchEnded, controller.fetched], order="strict"):
        controller.fetch(VIDEO, ["de", "en"])
        assert controller.fetching(VIDEO)
    assert not controller.fetching(VIDEO)
    assert fetcher.languages == ["de", "en"]
    assert fetcher.options.proxy == "socks5://127.0.0.1:9"
    assert controller.store.languages == ("de", "en")
    assert told == [(VIDEO, FetchStage.RESOLVING)]


def test_a_failure_is_told(qtbot: QtBot, make: Make) -> None:
    controller = make(FakeFetcher(MediaError(FailureKind.NO_CAPTIONS)))
    with qtbot.waitSignal(controller.fetchFailed) as heard:
        controller.fetch(VIDEO, ["en"])
    assert heard.args[1].kind is FailureKind.NO_CAPTIONS


def test_going_offline_ends_what_runs_without_a_word(qtbot: QtBot, make: Make) -> None:
    controller = make(FakeFetcher())
    failures: list[object] = []
    controller.fetchFailed.connect(lambda *args: failures.append(args))
    controller.fetch(VIDEO, ["en"])
    with qtbot.waitSignal(controller.fetchEnded, timeout=3000):
        controller.set_options(FetchOptions(offline=True), ["en"])
    assert failures == []
    assert not controller.fetching(VIDEO)
