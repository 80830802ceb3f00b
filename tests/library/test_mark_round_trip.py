"""Whatever a mark says is kept: in the database, through undo, and in a file that another computer takes over."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.formats.test_highlights_file import marks as any_mark
from viewer.domain.mark import Mark
from viewer.library.entries import NoteEntry
from viewer.library.mark_merge import same
from viewer.library.mark_notes import MarkNotes
from viewer.library.mark_store import MarkStore
from viewer.library.user_store import UserStore

NOTE = "/notes/talk.md"
LIBRARY = [NoteEntry(1, NOTE, "/notes", "A talk")]
several = st.lists(any_mark, min_size=1, max_size=4, unique_by=lambda mark: mark.id)


def settled(mark: Mark) -> Mark:
    """As it is kept: times of making and change are never 0."""
    made = mark.created_ms or 1
    return replace(
        mark, note_path=NOTE, note_title="A talk", created_ms=made, changed_ms=mark.changed_ms or made
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(several)
def test_marks_come_back_from_the_database_and_from_undo(generated: list[Mark]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = UserStore(Path(folder) / "user.sqlite3")
        marks = MarkStore(store.pool, store.journal)
        wanted = {mark.id: settled(mark) for mark in generated}
        for mark in wanted.values():
            marks.add(mark)
        assert {mark.id: mark for mark in marks.for_note(NOTE)} == wanted
        for mark in wanted.values():
            marks.remove(mark.id)
        for _ in wanted:
            marks.undo()
        assert {mark.id: mark for mark in marks.for_note(NOTE)} == wanted
        store.close()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(several)
def test_another_computer_reads_them_equal_and_changes_nothing(generated: list[Mark]) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        folder = root / "marks"
        folder.mkdir()
        stores = [UserStore(root / f"{number}.sqlite3") for number in range(2)]
        here, there = (MarkStore(store.pool, store.journal) for store in stores)
        wanted = {mark.id: settled(mark) for mark in generated}
        for mark in wanted.values():
            here.add(mark)
        done = MarkNotes(stores[0], here).sync(NOTE, folder)
        assert done.file is not None
        text = done.file.read_bytes()
        assert MarkNotes(stores[0], here).sync(NOTE, folder).change is None
        MarkNotes(stores[1], there).sync_all(folder, LIBRARY)
        taken = {mark.id: mark for mark in there.for_note(NOTE)}
        assert taken.keys() == wanted.keys()
        for mark_id, mark in taken.items():
            assert same(mark, wanted[mark_id])
            assert (mark.anchor, mark.created_ms) == (wanted[mark_id].anchor, wanted[mark_id].created_ms)
        assert done.file.read_bytes() == text
        assert len(list(folder.iterdir())) == 1
        for store in stores:
            store.close()
