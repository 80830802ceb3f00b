# ruff: noqa: N815 - signals carry Qt's camelCase
"""The user's collections for the window: their list, the items of the one that is shown, acts, off the GUI thread."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from viewer.base.cancel import CancelToken, Progress
from viewer.domain.collection import Collection, CollectionItem
from viewer.domain.note import Note
from viewer.library.collection_store import CollectionStore
from viewer.library.journal import Act, Change, Edit
from viewer.qt.collection_items import Dragged, FoundPlace, item_from_note
from viewer.qt.jobs import Job, JobRunner, JobState, Lane
from viewer.qt.marks_controller import MarksController

log = logging.getLogger(__name__)

ReadNote = Callable[[int], tuple[Note, str]]
"""A note's id -> the note and its path. Blocks; KeyError when it is no longer in the library."""


@dataclass(frozen=True, slots=True)
class _Contents:
    collections: tuple[Collection, ...]
    current: str
    items: tuple[CollectionItem, ...]


class CollectionsController(QObject):
    """Owns the use of the collection store from Qt. All methods on the GUI thread.

    ``collections`` are all of them, ``current`` is the id of the one that is shown (empty: none), ``items`` its items.
    """

    contentsChanged = Signal()
    """``collections``, ``current`` or ``items`` are others now"""
    added = Signal(object, int)
    """Collection, number of items that were put into it"""

    def __init__(
        self,
        runner: JobRunner,
        store: CollectionStore,
        marks: MarksController,
        read_note: ReadNote,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._store = store
        self._marks = marks
        self._read_note = read_note
        self.collections: tuple[Collection, ...] = ()
        self.items: tuple[CollectionItem, ...] = ()
        self.current = ""
        self.known = False
        """whether the collections have been read"""
        marks.changed.connect(self._changed)

    # -- reading ---------------------------------------------------------------------------------------------

    def show(self, collection_id: str) -> None:
        """Turn to a collection; ``contentsChanged`` follows."""
        self.current = collection_id
        self.read()

    def read(self) -> None:
        """Read the collections and the items of the shown one; ``contentsChanged`` follows."""
        store, wanted = self._store, self.current

        def work(progress: Progress, cancel: CancelToken) -> _Contents:
            collections = store.all()
            known = any(one.id == wanted for one in collections)
            current = wanted if known else (collections[0].id if collections else "")
            return _Contents(collections, current, store.items(current) if current else ())

        self._runner.start(Lane.MARKS, work, wanted).finished.connect(self._read)

    def collection(self) -> Collection | None:
        """The collection that is shown; None when there is none."""
        return next((one for one in self.collections if one.id == self.current), None)

    def item(self, item_id: str) -> CollectionItem | None:
        """An item of the shown collection."""
        return next((item for item in self.items if item.id == item_id), None)

    # -- acts ------------------------------------------------------------------------------------------------

    def create(self, title: str, things: Sequence[Dragged] = ()) -> None:
        """Make a collection, with these things in it, and turn to it."""
        store = self._store
        items = self._finder(things)

        def work() -> Change | None:
            made = store.create(title)
            found = items()
            added = store.add(made.id, found) if found else None
            return added or Change(Act.CREATE_COLLECTION, (Edit(None, made),))

        self._marks.act(work).finished.connect(self._created)

    def rename(self, title: str) -> None:
        """Give the shown collection another title."""
        store, current = self._store, self.current
        self._marks.act(lambda: store.rename(current, title))

    def delete(self) -> None:
        """Delete the shown collection."""
        store, current = self._store, self.current
        self._marks.act(lambda: store.delete(current))

    def add(self, things: Sequence[Dragged], at: int | None = None, collection_id: str = "") -> None:
        """Put things into a collection (the shown one), before the item that is at ``at`` (None: at the end)."""
        store, target = self._store, collection_id or self.current
        items = self._finder(things)

        def work() -> Change | None:
            found = items()
            return store.add(target, found, at) if found else None

        self._marks.act(work).finished.connect(self._added)

    def move(self, item_id: str, to: int) -> None:
        """Let an item be the ``to``-th of the shown collection."""
        store = self._store
        self._marks.act(lambda: store.move(item_id, to))

    def change(self, item: CollectionItem) -> None:
        """Keep an item's new words or clip ends."""
        store = self._store
        self._marks.act(lambda: store.change(item))

    def give_times(self, items: Sequence[CollectionItem]) -> None:
        """Keep the times that were found for items without one; ``contentsChanged`` follows."""
        store, wanted = self._store, list(items)

        def work(progress: Progress, cancel: CancelToken) -> int:
            return store.give_times(wanted)

        self._runner.start(Lane.MARKS, work).finished.connect(self._times_given)

    @Slot(object)
    def _times_given(self, job: Job) -> None:
        if job.state is JobState.SUCCEEDED and job.value:
            self.read()

    def remove(self, item_ids: Sequence[str]) -> None:
        """Take items out of the shown collection."""
        store = self._store
        wanted = list(item_ids)
        self._marks.act(lambda: store.remove(wanted))

    def _finder(self, things: Sequence[Dragged]) -> Callable[[], list[CollectionItem]]:
        """What looks these up; called on the worker's thread, since it may read notes."""
        wanted, read_note = list(things), self._read_note

        def find() -> list[CollectionItem]:
            items = []
            for thing in wanted:
                if not isinstance(thing, FoundPlace):
                    items.append(thing)
                    continue
                try:
                    note, path = read_note(thing.note_id)
                except KeyError:
                    log.warning("a found note is no longer in the library: %s", thing.title)
                    continue
                items.append(item_from_note(thing, note, path))
            return items

        return find

    # -- what comes back -------------------------------------------------------------------------------------

    @Slot(object)
    def _read(self, job: Job) -> None:
        if job.state is not JobState.SUCCEEDED or job.subject != self.current:
            return
        contents: _Contents = job.value
        self.collections, self.current, self.items = contents.collections, contents.current, contents.items
        self.known = True
        self.contentsChanged.emit()

    @Slot(object, object)
    def _changed(self, change: Change, direction: object) -> None:
        if change.collection_ids:
            self.read()

    @Slot(object)
    def _created(self, job: Job) -> None:
        if job.state is JobState.SUCCEEDED and job.value.change is not None:
            ids = job.value.change.collection_ids
            self.show(next(iter(ids)))
            self._tell(job.value.change)

    @Slot(object)
    def _added(self, job: Job) -> None:
        if job.state is JobState.SUCCEEDED and job.value.change is not None:
            self._tell(job.value.change)

    def _tell(self, change: Change) -> None:
        items = [edit.after for edit in change.edits if isinstance(edit.after, CollectionItem)]
        if not items:
            return
        target = next((one for one in self.collections if one.id == items[0].collection_id), None)
        self.added.emit(target, len(items))
