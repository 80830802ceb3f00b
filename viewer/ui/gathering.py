"""What is put into a collection, and how: by key, by menu, by drag, from rows, marks, selected words and search hits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QMimeData, QObject, Slot
from PySide6.QtWidgets import QMenu

from viewer.base.language import tr, tr_n
from viewer.domain.collection import Collection, CollectionItem, ItemKind
from viewer.library.search import SearchHit
from viewer.qt.collection_items import Dragged, item_of_hit, item_of_mark, item_of_row, mime_of
from viewer.qt.collections_controller import CollectionsController
from viewer.qt.timed_rows import TimedRow
from viewer.ui.actions import key_of
from viewer.ui.main_window import MainWindow
from viewer.ui.marks_session import MarksSession
from viewer.ui.session import NoteSession

GATHERED = "gathered"
"""What the banner is about that says what went into a collection that is not seen."""


class Gathering(QObject):
    """Puts things into the collection that is shown; where there is none, into a new one.

    ``create`` asks for the title of a new collection and makes it with the given things in it.
    """

    def __init__(
        self,
        window: MainWindow,
        session: NoteSession,
        marks: MarksSession,
        collections: CollectionsController,
        create: Callable[[Sequence[Dragged]], object],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._marks = marks
        self._collections = collections
        self._create = create
        collections.added.connect(self._tell_added)
        window.side.lists.menuWanted.connect(self.fill_row_menu)
        window.results.menuWanted.connect(self.fill_hit_menu)
        for model in window.side.lists.models.values():
            model.add_to_drag = self._add_to_drag
        for view in window.side.lists.views.values():
            view.setDragEnabled(True)

    def meant(self) -> Dragged | None:
        """What would be gathered now: the search hit, the selected words, the mark, or the row that is chosen."""
        window = self._window
        hit = window.results.current_hit()
        if window.results.isVisible() and hit is not None:
            return item_of_hit(hit)
        selected = self._marks.selected_mark()
        if selected is not None:
            return replace(item_of_mark(selected), mark_id=None)
        mark = self._marks.meant()
        if mark is not None:
            return item_of_mark(mark)
        row, note = window.side.lists.current_row(), self._session.note
        if row is not None and note is not None:
            return item_of_row(row, note, self._session.path)
        return None

    def with_times(self, items: Sequence[CollectionItem]) -> list[CollectionItem]:
        """Those of the open note that had no time, with the one that is known now."""
        note, path = self._session.note, self._session.path
        lost = [item for item in items if item.segment is None and item.note_path == path]
        if note is None or not any(item.kind is ItemKind.CLIP for item in lost):
            return []
        rows = (row for model in self._window.side.lists.models.values() for row in model.timed())
        known = {_words(one): one for one in (item_of_row(row, note, path) for row in rows)}
        found = ((item, known.get(_words(item))) for item in lost)
        return [
            replace(item, segment=one.segment, verdict=one.verdict)
            for item, one in found
            if one is not None and item.kind is ItemKind.CLIP
        ]

    def gather(self) -> None:
        """Put what is meant into the collection that is shown; without any, into a new one."""
        thing = self.meant()
        if thing is None:
            self._window.banner.show_info(
                tr("Choose a quote or a mark first, or select words in the transcript")
            )
            return
        self.add([thing])

    def add(self, things: Sequence[Dragged], collection_id: str = "") -> None:
        """Put these into a collection: the shown one, or a new one when there is none."""
        if not self._collections.known:
            self._collections.read()
        target = collection_id or self._collections.current
        if target:
            self._collections.add(things, None, target)
        else:
            self._collections.create(self.new_title(), things)
        self._marks.bar.dismiss()

    @Slot(object, int)
    def _tell_added(self, collection: Collection | None, count: int) -> None:
        if self._window.left.lower_wanted and (
            collection is None or collection.id == self._collections.current
        ):
            return  # it is seen
        title = collection.title if collection is not None else self.new_title()
        words = tr_n("{n} item added to “{title}”", "{n} items added to “{title}”", count)
        self._window.banner.show_info(
            words.format(n=count, title=title),
            tr("{show} shows the collections, {undo} takes it back.").format(
                show=key_of("collections"), undo=key_of("undo")
            ),
            about=GATHERED,
        )

    def _add_to_drag(self, rows: Sequence[TimedRow], data: QMimeData) -> None:
        note = self._session.note
        if note is not None:
            mime_of([item_of_row(row, note, self._session.path) for row in rows], data)

    @Slot(object, int)
    def drop(self, things: list[Dragged], at: int) -> None:
        """Put what was dragged in before the item that is at ``at``."""
        if self._collections.current:
            self._collections.add(things, at)
        else:
            self._collections.create(self.new_title(), things)

    def fill_row_menu(self, row: TimedRow, menu: QMenu) -> None:
        """Add to a row's menu where it can be put."""
        note = self._session.note
        if note is not None:
            self._fill_add([item_of_row(row, note, self._session.path)], menu)

    def fill_hit_menu(self, hit: SearchHit, menu: QMenu) -> None:
        """Add to a search hit's menu where it can be put."""
        self._fill_add([item_of_hit(hit)], menu)

    def _fill_add(self, things: Sequence[Dragged], menu: QMenu) -> None:
        menu.addSeparator()
        part = menu.addMenu(tr("Add to a collection"))
        for one in self._collections.collections:
            _item(part, one.title, partial(self.add, things, one.id))
        if self._collections.collections:
            part.addSeparator()
        _item(part, tr("New collection…"), partial(self._create, things))

    def new_title(self) -> str:
        """A title that no collection has."""
        titles = {one.title for one in self._collections.collections}
        number = 1
        while tr("Collection {n}").format(n=number) in titles:
            number += 1
        return tr("Collection {n}").format(n=number)


def _words(item: CollectionItem) -> tuple[str, str, str | None]:
    return item.title, item.text, item.mark_id


def _item(menu: QMenu, words: str, act: Callable[[], object]) -> None:
    menu.addAction(words).triggered.connect(lambda _=False: act())
