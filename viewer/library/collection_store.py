"""The user's collections, in the user's own database, kept like the marks and with the same undo."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from viewer.domain.collection import Collection, CollectionItem, new_item_id
from viewer.domain.ordering import between
from viewer.library.database import Pool, Session
from viewer.library.index_store import from_db
from viewer.library.journal import Act, Change, Journal, Recorder
from viewer.library.mark_rows import COLUMNS, collection_row, item_of, item_row, note_number

_COLLECTIONS = (
    "SELECT c.id, c.title, c.created_ms, c.changed_ms, "
    "(SELECT count(*) FROM items i WHERE i.collection=c.id) FROM collections c"
)
_ITEMS = f"SELECT n.path, {', '.join(f'i.{name}' for name in COLUMNS['items'])} FROM items i " + (
    "LEFT JOIN marked_notes n ON n.number=i.note"
)


class CollectionStore:
    """The collections and their items. Safe from any thread; the calls that write block for the disk (some ms)."""

    def __init__(self, pool: Pool, journal: Journal) -> None:
        self._pool, self._journal = pool, journal

    def create(self, title: str) -> Collection:
        """Make an empty collection. Raises ReadError."""
        now = _now()
        made = Collection(new_item_id(), title, now, now)
        self._journal.perform(
            Act.CREATE_COLLECTION, lambda recorder: recorder.put("collections", collection_row(made))
        )
        return made

    def rename(self, collection_id: str, title: str) -> Change | None:
        """Give a collection another title; None when nothing is different or there is no such collection."""

        def work(recorder: Recorder) -> None:
            known = _collection(recorder.session, collection_id)
            if known is not None:
                renamed = replace(known, title=title)
                if renamed != known:
                    recorder.put("collections", collection_row(replace(renamed, changed_ms=_now())))

        return self._journal.perform(Act.RENAME_COLLECTION, work)

    def delete(self, collection_id: str) -> Change | None:
        """Delete a collection with its items; None when there is no such collection."""

        def work(recorder: Recorder) -> None:
            recorder.drop("collections", collection_id)
            for item in _items(recorder.session, collection_id):
                recorder.drop("items", item.id)

        return self._journal.perform(Act.DELETE_COLLECTION, work)

    def all(self) -> tuple[Collection, ...]:
        """Every collection, the one changed last first."""
        rows = self._pool.session().rows(f"{_COLLECTIONS} ORDER BY c.changed_ms DESC, c.title, c.id")
        return tuple(Collection(*row) for row in rows)

    def get(self, collection_id: str) -> Collection | None:
        """One collection; None when there is no such collection."""
        return _collection(self._pool.session(), collection_id)

    def items(self, collection_id: str) -> tuple[CollectionItem, ...]:
        """The items of a collection in the user's order."""
        return _items(self._pool.session(), collection_id)

    def add(
        self, collection_id: str, items: Sequence[CollectionItem], at: int | None = None
    ) -> Change | None:
        """Put items before the one that is at ``at`` now (None: at the end), as one act; None without the collection.

        An item whose id is kept already gets a new one.
        """

        def work(recorder: Recorder) -> None:
            session = recorder.session
            if _collection(session, collection_id) is None:
                return
            low, high = _gap([item.position for item in _items(session, collection_id)], at)
            for item in items:
                low = between(low, high)
                taken = session.row("SELECT 1 FROM items WHERE id=?", (item.id,))
                placed = replace(
                    item,
                    id=new_item_id() if taken or not item.id else item.id,
                    collection_id=collection_id,
                    position=low,
                )
                _put(recorder, placed)
            _touch(session, collection_id)

        return self._journal.perform(Act.ADD_ITEMS, work)

    def move(self, item_id: str, to: int) -> Change | None:
        """Move an item so that it is the ``to``-th (from 0) of its collection; None when it is there already."""

        def work(recorder: Recorder) -> None:
            item = _item(recorder.session, item_id)
            if item is None:
                return
            items = _items(recorder.session, item.collection_id)
            place = max(0, min(to, len(items) - 1))
            if items[place].id == item_id:
                return
            low, high = _gap([other.position for other in items if other.id != item_id], place)
            _put(recorder, replace(item, position=between(low, high)))
            _touch(recorder.session, item.collection_id)

        return self._journal.perform(Act.MOVE_ITEM, work)

    def change(self, item: CollectionItem) -> Change | None:
        """Keep an item's new words or clip ends; None when nothing is different. Its place stays."""

        def work(recorder: Recorder) -> None:
            known = _item(recorder.session, item.id)
            if known is not None:
                _put(recorder, replace(item, collection_id=known.collection_id, position=known.position))
                _touch(recorder.session, known.collection_id)

        return self._journal.perform(Act.CHANGE_ITEM, work)

    def give_times(self, items: Sequence[CollectionItem]) -> int:
        """Keep the segments and verdicts that were found for items without a time; returns for how many.

        No act of the user's: there is nothing to undo. An item that has got a time meanwhile, or is gone, stays so.
        """
        given = 0
        with self._pool.writing(durable=True) as session:
            for item in items:
                known = _item(session, item.id)
                if known is None or known.segment is not None or item.segment is None:
                    continue
                row = item_row(item, None)
                session.run(
                    "UPDATE items SET video=?, start_ms=?, end_ms=?, verdict=? WHERE id=?",
                    (row["video"], row["start_ms"], row["end_ms"], row["verdict"], item.id),
                )
                given += 1
        return given

    def remove(self, item_ids: Sequence[str]) -> Change | None:
        """Remove items as one act; None when there are no such items."""

        def work(recorder: Recorder) -> None:
            for item_id in item_ids:
                item = _item(recorder.session, item_id)
                if item is not None:
                    recorder.drop("items", item_id)
                    _touch(recorder.session, item.collection_id)

        return self._journal.perform(Act.REMOVE_ITEMS, work)

    def undo(self) -> Change | None:
        """Take the last act back, whether it was about marks or collections; None when there is nothing to undo."""
        return self._journal.undo()

    def redo(self) -> Change | None:
        """Do again what was undone last; None when there is nothing."""
        return self._journal.redo()


def _gap(positions: Sequence[str], at: int | None) -> tuple[str | None, str | None]:
    """The positions between which something goes that is to be the ``at``-th."""
    place = len(positions) if at is None else max(0, min(at, len(positions)))
    return (
        positions[place - 1] if place else None,
        positions[place] if place < len(positions) else None,
    )


def _put(recorder: Recorder, item: CollectionItem) -> None:
    note = note_number(recorder.session, item.note_path) if item.note_path else None
    recorder.put("items", item_row(item, note))


def _touch(session: Session, collection_id: str) -> None:
    """Remember when the collection's items were changed last. No part of the act: undoing is a change, too."""
    session.run("UPDATE collections SET changed_ms=? WHERE id=?", (_now(), collection_id))


def _collection(session: Session, collection_id: str) -> Collection | None:
    row = session.row(f"{_COLLECTIONS} WHERE c.id=?", (collection_id,))
    return Collection(*row) if row else None


def _item(session: Session, item_id: str) -> CollectionItem | None:
    found = _read_items(session, "WHERE i.id=?", item_id)
    return found[0] if found else None


def _items(session: Session, collection_id: str) -> tuple[CollectionItem, ...]:
    return _read_items(session, "WHERE i.collection=? ORDER BY i.position, i.id", collection_id)


def _read_items(session: Session, condition: str, value: str) -> tuple[CollectionItem, ...]:
    names = COLUMNS["items"]
    return tuple(
        item_of(dict(zip(names, row[1:], strict=True)), from_db(row[0]) if row[0] is not None else "")
        for row in session.rows(f"{_ITEMS} {condition}", (value,))
    )


def _now() -> int:
    return int(time.time() * 1000)
