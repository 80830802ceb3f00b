from __future__ import annotations

import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from viewer.media.clip_store import ClipStore
from viewer.qt.jobs import JobRunner
from viewer.qt.store_controller import StoreContents, StoreController

from .conftest import VIDEO, segment


@pytest.fixture
def store(tmp_path: Path) -> ClipStore:
    store = ClipStore(tmp_path / "clips")
    for start in (0, 10_000, 20_000):
        with store.work_folder() as work:
            (work / "clip.mp4").write_bytes(b"x" * 1000)
            store.add(segment(start, start + 5000), "720", work / "clip.mp4")
    return store


@pytest.fixture
def control(runner: JobRunner, store: ClipStore) -> StoreController:
    return StoreController(runner, store)


def test_looking_up_answers_from_memory_afterwards(qtbot: QtBot, control: StoreController) -> None:
    assert control.clip(segment(0, 5000)) is None
    with qtbot.waitSignal(control.known):
        control.look_up([segment(0, 5000), segment(1000, 9000)], [VIDEO])
    assert control.clip(segment(0, 5000)) is not None
    assert control.clip(segment(1000, 9000)) is None
    assert control.whole(VIDEO) is None


def test_of_look_ups_that_come_meanwhile_the_last_is_done(qtbot: QtBot, control: StoreController) -> None:
    answers: list[bool] = []
    control.known.connect(lambda: answers.append(control.clip(segment(20_000, 25_000)) is not None))
    control.look_up([segment(0, 5000)])
    control.look_up([segment(10_000, 15_000)])
    control.look_up([segment(20_000, 25_000)])
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert answers == [False, True]


def test_contents_count_what_is_used_and_pinned(
    qtbot: QtBot, control: StoreController, store: ClipStore
) -> None:
    store.pin(store.clips()[0])
    with qtbot.waitSignal(control.contentsRead) as heard:
        control.read_contents()
    contents: StoreContents = heard.args[0]
    assert (contents.used_bytes, contents.pinned_bytes, len(contents.clips)) == (3000, 1000, 3)
    assert contents.free_bytes


def test_a_smaller_budget_evicts_what_is_not_pinned(
    qtbot: QtBot, control: StoreController, store: ClipStore
) -> None:
    pinned = store.pin(store.clips()[-1])
    with qtbot.waitSignal(control.changed):
        control.set_budget(1500)
    assert [clip.path for clip in store.clips()] == [pinned.path]


def test_a_move_that_is_stopped_loses_nothing(
    qtbot: QtBot, control: StoreController, store: ClipStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, goes_on = threading.Event(), threading.Event()
    really = ClipStore.remove

    def remove(self: ClipStore, clip: object) -> None:
        really(self, clip)  # type: ignore[arg-type]
        begun.set()
        goes_on.wait(5)

    monkeypatch.setattr(ClipStore, "remove", remove)
    control.move_to(tmp_path / "other")
    assert control.moving
    qtbot.waitUntil(begun.is_set)
    control.cancel_move()
    with qtbot.waitSignal(control.moveEnded):
        goes_on.set()
    assert store.folder == tmp_path / "clips"
    assert not control.moving
    assert len(store.clips()) == 2
    assert len(ClipStore(tmp_path / "other").clips()) == 1
    with qtbot.waitSignal(control.moved):
        control.move_to(tmp_path / "other")
    assert store.folder == tmp_path / "other"
    assert len(store.clips()) == 3
