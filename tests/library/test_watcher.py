from __future__ import annotations

import threading
import time

import pytest

from viewer.library import notices
from viewer.library import watcher as module
from viewer.library.watcher import LibraryWatcher


class Listener:
    def __init__(self) -> None:
        self.count = 0
        self.told = threading.Event()

    def __call__(self) -> None:
        self.count += 1
        self.told.set()

    def hears(self, seconds: float = 2.0) -> bool:
        heard = self.told.wait(seconds)
        self.told.clear()
        return heard


@pytest.fixture(params=["notices", "polling"])
def watching(request, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_POLL_S", 0.2)
    (tmp_path / "kept.md").write_text("kept")
    listener = Listener()
    watcher = LibraryWatcher([tmp_path], listener, polling_only=request.param == "polling")
    watcher.start()
    time.sleep(0.4)
    yield tmp_path, listener
    watcher.stop()


def test_new_changed_renamed_and_removed_files_are_noticed(watching):
    folder, listener = watching
    (folder / "a.md").write_text("new")
    assert listener.hears()
    (folder / "a.md").write_text("changed a lot")
    assert listener.hears()
    (folder / "a.md").rename(folder / "b.md")
    assert listener.hears()
    (folder / "b.md").unlink()
    assert listener.hears()
    (folder / "sub").mkdir()
    (folder / "sub" / "c.md").write_text("deep")
    assert listener.hears()


def test_many_changes_are_one(watching):
    folder, listener = watching
    for number in range(300):
        (folder / f"{number}.md").write_text("x")
    assert listener.hears()
    time.sleep(0.8)
    assert listener.count <= 2


def test_reading_and_hidden_files_are_no_change(watching):
    folder, listener = watching
    (folder / "kept.md").read_text()
    (folder / ".git").mkdir()
    (folder / ".git" / "index.md").write_text("x")
    (folder / "picture.png").write_bytes(b"x")
    assert not listener.hears(0.9)


def test_a_folder_that_is_not_there_yet_is_polled(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_POLL_S", 0.2)
    listener = Listener()
    watcher = LibraryWatcher([tmp_path / "later" / "notes"], listener)
    watcher.start()
    assert watcher.polling
    time.sleep(0.3)
    (tmp_path / "later" / "notes").mkdir(parents=True)
    (tmp_path / "later" / "notes" / "a.md").write_text("x")
    assert listener.hears()
    watcher.stop()


def test_when_the_system_refuses_it_is_polled(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_POLL_S", 0.2)

    def refuse(*_args, **_options):
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(notices.Observer, "schedule", refuse)
    listener = Listener()
    watcher = LibraryWatcher([tmp_path], listener)
    watcher.start()
    assert watcher.polling
    time.sleep(0.3)
    (tmp_path / "a.md").write_text("x")
    assert listener.hears()
    watcher.stop()


def test_after_stop_nothing_is_told_and_no_thread_stays(tmp_path):
    before = threading.active_count()
    listener = Listener()
    watcher = LibraryWatcher([tmp_path], listener)
    watcher.start()
    watcher.stop()
    (tmp_path / "a.md").write_text("x")
    assert not listener.hears(0.6)
    assert threading.active_count() == before


def test_watching_that_begins_aside_tells_what_it_may_have_missed(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_ASIDE_S", 0.1)
    listener = Listener()
    watcher = LibraryWatcher([tmp_path], listener)
    watcher.start_aside()
    assert listener.hears()
    (tmp_path / "a.md").write_text("x")
    assert listener.hears()
    watcher.stop()


def test_watching_that_begins_aside_can_be_stopped_before_it_begins(tmp_path):
    before = threading.active_count()
    listener = Listener()
    watcher = LibraryWatcher([tmp_path], listener)
    watcher.start_aside()
    watcher.stop()
    assert not listener.hears(0.6)
    assert threading.active_count() == before


@pytest.fixture
def noticing(tmp_path, monkeypatch):
    """A library with a link to a folder elsewhere, watched by notices alone once it has begun."""
    monkeypatch.setattr(module, "_POLL_S", 0.1)
    library, elsewhere = tmp_path / "notes", tmp_path / "elsewhere"
    (elsewhere / "deep").mkdir(parents=True)
    library.mkdir()
    (library / "link").symlink_to(elsewhere)
    (library / "round").symlink_to(library)
    listener = Listener()
    watcher = LibraryWatcher([library], listener)
    watcher.start()
    time.sleep(0.8)
    listener.told.clear()
    assert not watcher.polling
    yield library, elsewhere, listener
    watcher.stop()


def test_changes_behind_a_link_are_noticed(noticing):
    _, elsewhere, listener = noticing
    (elsewhere / "deep" / "a.md").write_text("new")
    assert listener.hears()


def test_a_folder_that_is_replaced_is_watched_on(noticing):
    library, _, listener = noticing
    library.rename(library.with_name("away"))
    assert listener.hears()
    library.mkdir()
    assert listener.hears()
    time.sleep(0.6)
    listener.told.clear()
    (library / "a.md").write_text("new")
    assert listener.hears()
