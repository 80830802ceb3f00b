from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.library.conftest import VIDEO, Library, note_text
from viewer.domain.mark import Mark, MarkColour, TextAnchor, new_mark_id
from viewer.domain.video import Segment, VideoRef
from viewer.library import journal, user_store
from viewer.library.database import Session
from viewer.library.journal import Act
from viewer.library.mark_store import MarkStore
from viewer.library.user_store import UserStore


@pytest.fixture
def marks(user: UserStore) -> MarkStore:
    return MarkStore(user.pool, user.journal)


def a_mark(path: str = "/talk.md", text: str = "hello world", start: int | None = 1000, **more) -> Mark:
    segment = Segment(VideoRef.youtube(VIDEO), start, start + 2500) if start is not None else None
    values = {"comment": "mine", "tags": ("greeting",), "colour": MarkColour.QUESTION, **more}
    return Mark(
        new_mark_id(), path, "A talk", segment, TextAnchor(text, "so ", ".", 3, 7), text, "Ada", **values
    )


def bare(mark: Mark | None) -> Mark | None:
    return replace(mark, created_ms=0, changed_ms=0) if mark else None


def test_what_is_added_is_read_back(marks: MarkStore) -> None:
    one, two, three = a_mark(start=5000), a_mark(start=1000), a_mark(start=None)
    elsewhere = a_mark("/other.md", tags=("greeting", "x"))
    for mark in (one, two, three, elsewhere):
        change = marks.add(mark)
        assert (change.act, change.before, bare(change.after)) == (Act.ADD_MARK, None, mark)
        assert change.note_paths == {mark.note_path}
    assert [bare(mark) for mark in marks.for_note("/talk.md")] == [two, one, three]
    assert marks.for_note("/nothing.md") == ()
    assert marks.count() == 4
    assert marks.counts() == {"/talk.md": 3, "/other.md": 1}
    assert marks.tags() == (("greeting", 4), ("x", 1))
    assert {mark.id for mark in marks.all()} == {one.id, two.id, three.id, elsewhere.id}
    assert [mark.id for mark in marks.some((two.id, "gone", one.id))] == [two.id, one.id]


def test_times_are_set_when_there_are_none(marks: MarkStore) -> None:
    mark = a_mark()
    marks.add(mark)
    kept = marks.get(mark.id)
    assert kept is not None
    assert kept.created_ms > 1_600_000_000_000
    assert kept.changed_ms == kept.created_ms


def test_a_change_that_changes_nothing_is_no_step(marks: MarkStore, user: UserStore) -> None:
    mark = a_mark()
    marks.add(mark)
    assert marks.change(mark) is None
    assert user.journal.next_undo() is Act.ADD_MARK
    assert marks.change(a_mark()) is None
    assert marks.remove("nothing") is None


def test_undo_and_redo_go_back_and_forth(marks: MarkStore, user: UserStore) -> None:
    mark = a_mark()
    marks.add(mark)
    kept = marks.get(mark.id)
    assert kept is not None
    marks.change(replace(kept, colour=MarkColour.DOUBT))
    marks.remove(mark.id)
    assert user.journal.next_undo() is Act.REMOVE_MARK
    change = marks.undo()
    assert change is not None
    assert change.act is Act.REMOVE_MARK
    assert change.before is None
    assert marks.get(mark.id).colour is MarkColour.DOUBT  # type: ignore[union-attr]
    marks.undo()
    assert marks.get(mark.id) == kept
    marks.undo()
    assert marks.count() == 0
    assert marks.undo() is None
    assert user.journal.next_redo() is Act.ADD_MARK
    for _ in range(3):
        assert marks.redo() is not None
    assert marks.redo() is None
    assert marks.count() == 0


def test_a_new_act_forgets_what_was_undone(marks: MarkStore) -> None:
    first, second = a_mark(), a_mark()
    marks.add(first)
    marks.undo()
    marks.add(second)
    assert marks.redo() is None
    assert [mark.id for mark in marks.all()] == [second.id]


def test_undo_works_after_a_restart(tmp_path: Path) -> None:
    mark = a_mark()
    store = UserStore(tmp_path / "user.sqlite3")
    marks = MarkStore(store.pool, store.journal)
    marks.add(mark)
    marks.remove(mark.id)
    store.close()
    store = UserStore(tmp_path / "user.sqlite3")
    marks = MarkStore(store.pool, store.journal)
    assert marks.undo() is not None
    assert bare(marks.get(mark.id)) == mark
    store.close()


def test_only_so_many_steps_are_kept(marks: MarkStore, monkeypatch) -> None:
    monkeypatch.setattr(journal, "MOST_STEPS", 3)
    for _ in range(5):
        marks.add(a_mark())
    assert [marks.undo() is not None for _ in range(4)] == [True, True, True, False]
    assert marks.count() == 2


def test_marks_go_along_when_the_note_is_renamed_even_those_that_are_undone(
    marks: MarkStore, user: UserStore
) -> None:
    stays, removed = a_mark(), a_mark()
    marks.add(stays)
    marks.add(removed)
    marks.remove(removed.id)
    user.move("/talk.md", "/new.md")
    assert [mark.id for mark in marks.for_note("/new.md")] == [stays.id]
    marks.undo()
    assert {mark.id for mark in marks.for_note("/new.md")} == {stays.id, removed.id}
    assert marks.for_note("/talk.md") == ()


def test_marks_of_two_notes_that_come_together_are_all_kept(marks: MarkStore, user: UserStore) -> None:
    marks.add(a_mark("/a.md"))
    marks.add(a_mark("/b.md"))
    user.move("/a.md", "/b.md")
    marks.add(a_mark("/b.md"))
    assert len(marks.for_note("/b.md")) == 3
    assert marks.counts() == {"/b.md": 3}


def test_a_file_renamed_while_nobody_looked_takes_its_marks_along(library: Library) -> None:
    path = library.write("talk.md", note_text())
    library.refresh()
    mark = a_mark(str(path))
    library.catalog.marks.add(mark)
    library.catalog.close()
    new = library.folder / "sub" / "other name.md"
    new.parent.mkdir()
    path.rename(new)
    library.catalog = type(library.catalog)(library.index, library.user)
    library.refresh()
    assert [one.id for one in library.catalog.marks.for_note(str(new))] == [mark.id]


def test_the_first_layout_is_brought_to_this_one_with_a_copy(tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "user.sqlite3"
    now = user_store._MIGRATIONS
    with monkeypatch.context() as patch:
        patch.setattr(user_store, "_MIGRATIONS", now[:1])
        old = UserStore(file)
        old.set_opened("/a.md", 5)
        old.close()
    store = UserStore(file)
    assert store.opened() == {"/a.md": 5}
    MarkStore(store.pool, store.journal).add(a_mark())
    store.close()
    copy = Session(file.with_suffix(".v1.backup"))
    assert copy.row("PRAGMA user_version") == (1,)
    assert copy.rows("SELECT * FROM opened") == [("/a.md", 5)]
    copy.close()


def test_an_act_is_synced_to_the_disk(marks: MarkStore, user: UserStore, monkeypatch) -> None:
    seen: list[object] = []
    real = Session.run

    def run(self: Session, sql: str, parameters=()):
        if sql == "COMMIT":
            seen.append(self.row("PRAGMA synchronous"))
        return real(self, sql, parameters)

    monkeypatch.setattr(Session, "run", run)
    marks.add(a_mark())
    user.set_opened("/a.md", 1)
    assert seen == [(2,), (1,)]


def test_a_damaged_file_loses_no_mark_of_an_ended_session(tmp_path: Path, caplog) -> None:
    file = tmp_path / "user.sqlite3"
    store = UserStore(file)
    mark = a_mark()
    MarkStore(store.pool, store.journal).add(mark)
    store.close()
    file.write_bytes(b"garbage " * 1000)
    store = UserStore(file)
    assert store.recovered
    assert bare(MarkStore(store.pool, store.journal).get(mark.id)) == mark
    store.close()


def test_a_damaged_copy_never_replaces_a_sound_one(tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "user.sqlite3"
    store = UserStore(file)
    MarkStore(store.pool, store.journal).add(a_mark())
    before = file.with_suffix(".backup").read_bytes()
    monkeypatch.setattr(Session, "backup_to", lambda self, target: target.write_bytes(b"garbage " * 1000))
    store.close()
    assert file.with_suffix(".backup").read_bytes() == before
