from __future__ import annotations

import os
from pathlib import Path

import pytest

from viewer.base.errors import ReadError
from viewer.library import user_store
from viewer.library.database import Session
from viewer.library.user_store import Position, UserStore


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "soundbite.sqlite3"


def test_everything_is_kept(file):
    store = UserStore(file)
    store.set_opened("/a.md", 5)
    store.set_opened("/a.md", 6)
    store.set_position("/a.md", Position("transcript", 12, 34_000))
    store.set_answer("/a.md", "AAAAAAAAAAA", True)
    store.set_answer("/b.md", "BBBBBBBBBBB", False)
    store.set_answer("/b.md", "CCCCCCCCCCC", False)
    store.set_answer("/b.md", "CCCCCCCCCCC", None)
    store.set_address("/a.md", "https://youtu.be/AAAAAAAAAAA")
    store.set_pinned("/a.md", True)
    store.close()
    store = UserStore(file)
    assert store.recovered == ""
    assert store.opened() == {"/a.md": 6}
    assert store.position("/a.md") == Position("transcript", 12, 34_000)
    assert store.position("/b.md") is None
    assert store.answers() == {("/a.md", "AAAAAAAAAAA"): True, ("/b.md", "BBBBBBBBBBB"): False}
    assert store.address("/a.md") == "https://youtu.be/AAAAAAAAAAA"
    assert store.pinned() == {"/a.md"}
    store.set_pinned("/a.md", False)
    store.set_address("/a.md", None)
    assert store.pinned() == frozenset()
    assert store.address("/a.md") is None
    store.close()


def test_a_rename_takes_everything_along(file):
    store = UserStore(file)
    store.set_opened("/a.md", 5)
    store.set_answer("/a.md", "AAAAAAAAAAA", True)
    store.set_pinned("/a.md", True)
    store.move("/a.md", "/b.md")
    assert store.opened() == {"/b.md": 5}
    assert store.answers() == {("/b.md", "AAAAAAAAAAA"): True}
    assert store.pinned() == {"/b.md"}
    store.close()


def test_a_name_that_is_no_utf8(file):
    store = UserStore(file)
    odd = os.fsdecode(b"/caf\xe9.md")
    store.set_opened(odd, 1)
    assert store.opened() == {odd: 1}
    store.close()


def test_a_damaged_file_is_set_aside_and_the_copy_put_back(file):
    store = UserStore(file)
    store.set_opened("/a.md", 5)
    store.close()
    file.with_suffix(".backup").unlink()
    UserStore(file).close()  # writes the daily copy
    file.write_bytes(b"garbage " * 1000)
    store = UserStore(file)
    assert "damaged" in store.recovered
    assert store.opened() == {"/a.md": 5}
    store.close()
    assert len(list(file.parent.glob("*.damaged-*"))) == 1


def test_without_a_copy_a_new_one_is_begun(file):
    file.parent.mkdir()
    file.write_bytes(b"garbage " * 1000)
    store = UserStore(file)
    assert "new one" in store.recovered
    assert store.opened() == {}
    store.close()


def test_a_copy_is_made_before_a_migration(file, monkeypatch):
    store = UserStore(file)
    store.set_opened("/a.md", 5)
    store.close()
    more = (*user_store._MIGRATIONS, ("ALTER TABLE opened ADD COLUMN times INTEGER NOT NULL DEFAULT 1",))
    monkeypatch.setattr(user_store, "_MIGRATIONS", more)
    store = UserStore(file)
    assert store.opened() == {"/a.md": 5}
    store.close()
    copy = Session(file.with_suffix(f".v{len(more) - 1}.backup"))
    assert copy.rows("SELECT * FROM opened") == [("/a.md", 5)]
    copy.close()


def test_a_failed_migration_leaves_the_file_as_it_was(file, monkeypatch):
    store = UserStore(file)
    store.set_opened("/a.md", 5)
    store.close()
    before = user_store._MIGRATIONS
    monkeypatch.setattr(user_store, "_MIGRATIONS", (*before, ("DROP TABLE pins", "DROP TABLE missing")))
    with pytest.raises(ReadError, match="as it was"):
        UserStore(file)
    monkeypatch.setattr(user_store, "_MIGRATIONS", before)
    store = UserStore(file)
    assert store.opened() == {"/a.md": 5}
    assert store.pinned() == frozenset()
    store.close()


def test_a_newer_version_is_not_touched(file):
    UserStore(file).close()
    session = Session(file)
    session.run("PRAGMA user_version=99")
    session.close()
    with pytest.raises(ReadError, match="newer version"):
        UserStore(file)
    assert not list(file.parent.glob("*.damaged-*"))
