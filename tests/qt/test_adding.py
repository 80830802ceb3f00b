"""The queue worked off beside the window; the network is replaced."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from viewer.base.cancel import CancelToken, Progress
from viewer.base.paths import AppPaths
from viewer.domain.note import Metadata, Note, NoteFormat
from viewer.domain.video import VideoRef
from viewer.domain.video_source import VideoSource, parse_source
from viewer.library.add_queue import AddItem, AddState, Wanted
from viewer.library.catalog import Catalog
from viewer.media.caption_store import CaptionStore
from viewer.media.failures import FailureKind, MediaError
from viewer.media.listing import Entry, Found
from viewer.media.note_fetcher import Looked
from viewer.media.options import FetchOptions
from viewer.qt.adding import Adding, AddModel, Preview
from viewer.qt.jobs import JobRunner

VIDEOS = [VideoRef.youtube(f"VIDEO{number:06}") for number in range(4)]
LIST = parse_source("https://www.youtube.com/playlist?list=PLabc")


class Site:
    """Stands for the fetcher: video id -> what goes wrong with it."""

    def __init__(self) -> None:
        self.wrong: dict[str, Exception] = {}
        self.held: set[str] = set()

    def look(self, source: VideoSource, progress: Progress, cancel: CancelToken) -> Found:
        progress(Looked(4))
        if "look" in self.held:
            cancel.wait(20)
        entries = [Entry(video, video.id) for video in VIDEOS[:3]]
        return Found(source, "A list", "Ann", (*entries, Entry(VIDEOS[3], "", None, "", FailureKind.PRIVATE)))

    def note(
        self, video: VideoRef, info: Mapping[str, Any] | None, progress: Progress, cancel: CancelToken
    ) -> Note:
        if video.id in self.held:
            cancel.wait(20)
        if video.id in self.wrong:
            raise self.wrong[video.id]
        return Note(NoteFormat.VIDEO_NOTE, Metadata(video.id), (video,))


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def adding(qtbot: QtBot, site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Adding]:
    paths = AppPaths.standard()
    runner, catalog = JobRunner(), Catalog(paths.index_file, paths.user_file)
    made = Adding(runner, catalog, paths, CaptionStore(paths.captions), FetchOptions, gap_s=0)
    monkeypatch.setattr(made, "_maker", lambda: lambda: site)
    yield made
    runner.shutdown()
    catalog.close()


def states(adding: Adding) -> list[str]:
    return [str(item.state) for item in adding.queue.items()]


def found(site: Site) -> Found:
    assert LIST is not None
    return site.look(LIST, lambda value: None, CancelToken())


def test_looking_says_what_is_there(adding: Adding, qtbot: QtBot) -> None:
    assert LIST is not None
    told: list[int] = []
    adding.lookProgressed.connect(told.append)
    with qtbot.waitSignal(adding.looked) as looked:
        adding.look(LIST, "")
    assert looked.args is not None
    preview: Preview = looked.args[0]
    assert len(preview.found.entries) == 4
    assert told == [4]
    assert not adding.looking
    assert adding.queue.items() == ()


def test_a_look_that_was_given_up_says_nothing(adding: Adding, site: Site, qtbot: QtBot) -> None:
    assert LIST is not None
    site.held.add("look")
    adding.look(LIST, "")
    with qtbot.assertNotEmitted(adding.looked, wait=200), qtbot.waitSignal(adding.lookEnded):
        adding.cancel_look()
    assert not adding.looking


def test_each_video_settles_once(adding: Adding, site: Site, qtbot: QtBot, tmp_path: Path) -> None:
    settled: list[AddItem] = []
    adding.settled.connect(settled.append)
    model = AddModel(lambda item: str(item.state))
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    adding.changed.connect(lambda: model.set_items(adding.queue.items()))
    with qtbot.waitSignal(adding.ended, timeout=20_000) as ended:
        adding.add(found(site), str(tmp_path))
    assert ended.args == [None]
    assert states(adding) == ["done", "done", "done", "failed"]
    assert sorted(item.number for item in settled) == [1, 2, 3, 4]
    assert adding.queue.items()[3].reason == "This video is private."
    assert model.rowCount() == 4
    assert model.index(3, 0).data() == VIDEOS[3].id
    adding.clear()
    assert model.rowCount() == 0


def test_stopped_it_waits_and_goes_on(adding: Adding, site: Site, qtbot: QtBot, tmp_path: Path) -> None:
    site.held.add(VIDEOS[1].id)
    adding.add(found(site), str(tmp_path))
    qtbot.waitUntil(lambda: states(adding)[:2] == ["done", "fetching"], timeout=10_000)
    with qtbot.waitSignal(adding.ended) as ended:
        adding.stop()
    assert ended.args == [None]
    assert states(adding) == ["done", "waiting", "waiting", "failed"]
    site.held.clear()
    with qtbot.waitSignal(adding.ended, timeout=20_000):
        adding.start()
    assert states(adding) == ["done", "done", "done", "failed"]


def test_what_stops_the_queue_is_said(adding: Adding, site: Site, qtbot: QtBot, tmp_path: Path) -> None:
    site.wrong[VIDEOS[0].id] = MediaError(FailureKind.DISK_FULL)
    with qtbot.waitSignal(adding.ended) as ended:
        adding.add(found(site), str(tmp_path))
    assert ended.args is not None
    assert ended.args[0].kind is FailureKind.DISK_FULL
    assert states(adding) == ["waiting", "waiting", "waiting", "failed"]


@pytest.mark.logs_errors
def test_a_bug_at_one_video_does_not_stop_the_rest(
    adding: Adding, site: Site, qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    site.wrong[VIDEOS[0].id] = RuntimeError("a bug")
    with qtbot.waitSignal(adding.ended, timeout=20_000):
        adding.add(found(site), str(tmp_path))
    assert states(adding) == ["failed", "done", "done", "failed"]
    assert "log has the details" in adding.queue.items()[0].reason
    assert any(record.levelno == logging.ERROR for record in caplog.records)


def test_what_failed_can_be_tried_again(adding: Adding, site: Site, qtbot: QtBot, tmp_path: Path) -> None:
    site.wrong[VIDEOS[0].id] = MediaError(FailureKind.REMOVED)
    adding.queue.add([Wanted(VIDEOS[0])], tmp_path)
    with qtbot.waitSignal(adding.ended):
        adding.start()
    assert adding.queue.items()[0].state is AddState.FAILED
    site.wrong.clear()
    with qtbot.waitSignal(adding.ended):
        adding.retry()
    assert states(adding) == ["done"]
