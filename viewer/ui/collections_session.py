"""Collections in the window: which is shown, its items and their order, and the ends of their clips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMenu

from viewer.base.errors import ViewerError
from viewer.base.language import tr, tr_n
from viewer.base.settings import Settings
from viewer.domain.collection import Collection, CollectionItem, ItemKind, length_ms, new_item_id
from viewer.qt.clip_controller import ClipController
from viewer.qt.collection_items import Dragged
from viewer.qt.collections_controller import CollectionsController
from viewer.ui.actions import key_of
from viewer.ui.collection_playing import CollectionPlaying
from viewer.ui.collections_pane import CollectionsPane
from viewer.ui.continuation import Continuation
from viewer.ui.gathering import GATHERED, Gathering
from viewer.ui.main_window import MainWindow
from viewer.ui.marks_session import MarksSession
from viewer.ui.session import NoteSession
from viewer.ui.text import DOT, length_text

_REST_MS = 600
"""A clip's ends are kept when the keys that move them rest for so long: ten presses are one step to undo."""

_READ_AFTER_MS = 500
"""Not before the window stands."""

_LEAST_MS = 500
"""A clip is at least so long, however its ends are moved."""


class CollectionsSession(QObject):
    """What the user does with collections. ``items`` and ``collection`` answer who wants to take one away."""

    menuAboutToShow = Signal(QMenu)
    """the collection's menu, to be added to by what takes a collection away"""
    openNoteWanted = Signal(str, object)
    """path of an item's note, start of its clip (ms) or None"""

    def __init__(
        self,
        window: MainWindow,
        session: NoteSession,
        marks: MarksSession,
        collections: CollectionsController,
        continuation: Continuation,
        clips: ClipController,
        settings: Settings,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._collections = collections
        self._settings = settings
        self._moved: CollectionItem | None = None
        self._wanted_item = self._shown_id = ""
        self._edit_wanted = False
        self._closed = False
        self.gathering = Gathering(window, session, marks, collections, self.create)
        self.pane = CollectionsPane(window.themes, window.left)
        window.left.put_below(self.pane)
        self._playing = CollectionPlaying(window, session, self.pane, continuation, clips, self.keep_ends)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.keep_ends)
        self._connect()
        if settings.get("window.collections"):
            self.open_pane()
        else:  # the menus offer them
            QTimer.singleShot(_READ_AFTER_MS, self, self._read_once)

    def _connect(self) -> None:
        pane, collections = self.pane, self._collections
        collections.contentsChanged.connect(self._show)
        collections.current = str(self._settings.get("collections.current"))
        pane.choice.activated.connect(self._turn)
        pane.menu.aboutToShow.connect(self._fill_menu)
        pane.close_button.clicked.connect(self.toggle_pane)
        pane.heading.clicked.connect(lambda: self._insert(ItemKind.HEADING))
        pane.text.clicked.connect(lambda: self._insert(ItemKind.TEXT))
        pane.empty.activated.connect(self.create)
        pane.model.dropped.connect(self.gathering.drop)
        pane.model.moved.connect(self._move)
        pane.model.edited.connect(self._write)
        pane.view.moveWanted.connect(self.move_by)
        pane.view.removeWanted.connect(self.remove)
        pane.view.nudgeWanted.connect(self.nudge)
        pane.view.menuWanted.connect(self._fill_item_menu)
        pane.view.selectionModel().currentChanged.connect(lambda *_: self._chosen())
        pane.ends.nudged.connect(self.nudge)
        self._session.checked.connect(self._give_times)
        self._session.noteChanged.connect(self._give_times)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Action id -> what it does."""
        return {
            "gather": self.gathering.gather,
            "collections": self.toggle_pane,
            "play_collection": self._playing.play,
        }

    # -- what is shown ---------------------------------------------------------------------------------------

    @property
    def collection(self) -> Collection | None:
        """The collection that is shown."""
        return self._collections.collection()

    @property
    def items(self) -> tuple[CollectionItem, ...]:
        """Its items in the user's order."""
        return self._collections.items

    def _read_once(self) -> None:
        if not self._collections.known and not self._closed:
            self._collections.read()

    def close(self) -> None:
        """Keep moved ends: the program ends."""
        self._closed = True
        self.keep_ends()

    def open_pane(self) -> None:
        """Show the collections beneath the library."""
        self._window.banner.drop(GATHERED)  # it is seen now
        self._window.left.show_lower(True)
        self._window.actions_set["collections"].setChecked(True)
        self._keep("window.collections", True)
        self._collections.read()

    def toggle_pane(self) -> None:
        """Show or hide the collections."""
        if not self._window.left.lower_wanted:
            self.open_pane()
            self.pane.view.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.keep_ends()
        self._window.left.show_lower(False)
        self._window.actions_set["collections"].setChecked(False)
        self._keep("window.collections", False)

    def _keep(self, key: str, value: str | bool) -> None:
        try:
            self._settings.set(key, value)
        except ViewerError as error:
            self._window.banner.show_failure(error.message, error.advice)

    @Slot()
    def _show(self) -> None:
        pane, known = self.pane, self._collections
        pane.choice.clear()
        for one in known.collections:
            pane.choice.addItem(f"{one.title}  ({one.count})", one.id)
        pane.choice.setCurrentIndex(pane.choice.findData(known.current))
        pane.choice.setVisible(bool(known.collections))
        pane.caps.setVisible(not known.collections)
        current = pane.current()
        row = pane.view.currentIndex().row()
        before, was_shown = {item.id for item in pane.model.items}, self._shown_id == known.current
        self._shown_id = known.current
        pane.model.set_items(known.items)
        came = [number for number, item in enumerate(known.items) if item.id not in before]
        wanted = self._wanted_item or (current.id if current is not None else "")
        if not pane.choose(wanted) and row >= 0 and known.items:
            pane.view.setCurrentIndex(pane.model.index(min(row, len(known.items) - 1), 0))
        if self._wanted_item and pane.model.row_of(self._wanted_item) >= 0:
            if self._edit_wanted:
                pane.view.edit(pane.view.currentIndex())
            self._wanted_item, self._edit_wanted = "", False
        elif came and was_shown:  # seen without being chosen: what is written next still comes where one was
            pane.view.scrollTo(pane.model.index(came[-1], 0))
        self._moved = None
        self._name()
        self._playing.show_playing()
        self._chosen()
        self._give_times()
        if known.current:
            self._keep("collections.current", known.current)

    @Slot()
    def _give_times(self) -> None:
        """Keep the times that are known now of words that were gathered without one."""
        found = self.gathering.with_times(self._collections.items)
        if found:
            self._collections.give_times(found)

    def _name(self) -> None:
        pane, items, collection = self.pane, self._collections.items, self.collection
        clips = sum(item.clip is not None for item in items)
        words = tr_n("{n} clip", "{n} clips", clips).format(n=clips)
        pane.length.setText(words + DOT + length_text(length_ms(items)) if clips else "")
        for button in (pane.heading, pane.text, pane.play):
            button.setVisible(collection is not None)
        pane.play.setEnabled(clips > 0)
        pane.view.setAccessibleName(
            collection.title if collection is not None else tr("Items of the collection")
        )
        if collection is None:
            pane.empty.show_words(
                tr("No collection yet"),
                tr("Gather quotes and marks from many notes, order them, play them through."),
                tr("New collection"),
            )
        pane.stack.setCurrentWidget(pane.empty if collection is None else pane.view)
        hint = tr("Drag quotes, marks and search results here, or choose one and press {key}.")
        pane.view.hint = "" if items else hint.format(key=key_of("gather"))
        pane.view.viewport().update()

    def _turn(self, _: int) -> None:
        self.keep_ends()
        self._collections.show(str(self.pane.choice.currentData()))

    def _chosen(self) -> None:
        item = self.pane.current()
        if self._moved is not None and (item is None or item.id != self._moved.id):
            self.keep_ends()
        clip = item.clip if item is not None else None
        self.pane.ends.setVisible(clip is not None)
        if clip is not None:
            self.pane.ends.show_ends(clip.start_ms, clip.end_ms)

    # -- collections -----------------------------------------------------------------------------------------

    def create(self, things: Sequence[Dragged] = ()) -> None:
        """Ask for a title and make a collection with these things in it."""
        self._ask(
            tr("New collection"),
            tr("Its title:"),
            self.gathering.new_title(),
            lambda title: self._collections.create(title, things),
        )

    def rename(self) -> None:
        """Ask for another title of the shown collection."""
        collection = self.collection
        if collection is not None:
            self._ask(
                tr("Rename the collection"), tr("Its title:"), collection.title, self._collections.rename
            )

    def delete(self) -> None:
        """Delete the shown collection; undo brings it back."""
        collection = self.collection
        if collection is not None:
            self._collections.delete()
            self._window.banner.show_info(
                tr("“{title}” is deleted").format(title=collection.title),
                tr("{key} brings it back.").format(key=key_of("undo")),
            )

    def _ask(self, title: str, label: str, text: str, act: Callable[[str], object]) -> None:
        dialog = QInputDialog(self._window)
        dialog.setObjectName("collectionTitleDialog")
        dialog.setWindowTitle(title)
        dialog.setLabelText(label)
        dialog.setTextEchoMode(QLineEdit.EchoMode.Normal)
        dialog.setTextValue(text)
        dialog.resize(420, dialog.sizeHint().height())
        dialog.textValueSelected.connect(lambda words: act(words.strip()) if words.strip() else None)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _fill_menu(self) -> None:
        menu = self.pane.menu
        menu.clear()
        self._item(menu, tr("New collection…"), self.create)
        if self.collection is not None:
            self._item(menu, tr("Rename…"), self.rename)
            self._item(menu, tr("Delete"), self.delete)
            menu.addSeparator()
            self.menuAboutToShow.emit(menu)

    # -- items -----------------------------------------------------------------------------------------------

    def _insert(self, kind: ItemKind) -> None:
        """A heading or words of the user's own before the chosen item (else at the end), ready to be written."""
        words = tr("Heading") if kind is ItemKind.HEADING else tr("Words of my own")
        item = CollectionItem(
            id=new_item_id(),
            kind=kind,
            title=words if kind is ItemKind.HEADING else "",
            text=words if kind is ItemKind.TEXT else "",
        )
        current = self.pane.view.currentIndex()
        self._wanted_item, self._edit_wanted = item.id, True
        self._collections.add([item], current.row() if current.isValid() else None)

    @Slot(str, str)
    def _write(self, item_id: str, words: str) -> None:
        item = self._collections.item(item_id)
        if item is None:
            return
        text = item.kind is ItemKind.TEXT
        self._collections.change(replace(item, text=words) if text else replace(item, title=words))

    @Slot(str, int)
    def _move(self, item_id: str, to: int) -> None:
        self._wanted_item = item_id
        self._collections.move(item_id, to)

    def move_by(self, by: int) -> None:
        """Move the chosen item one place up (-1) or down (1)."""
        item, row = self.pane.current(), self.pane.view.currentIndex().row()
        if item is not None and 0 <= row + by < len(self._collections.items):
            self.keep_ends()
            self._move(item.id, row + by)

    def remove(self) -> None:
        """Take the chosen item out of the collection."""
        item = self.pane.current()
        if item is not None:
            self._collections.remove([item.id])

    def nudge(self, start_ms: int, end_ms: int) -> None:
        """Move the ends of the chosen clip by so much; it is kept when one rests."""
        item = self.pane.current()
        clip = item.clip if item is not None else None
        if item is None or clip is None:
            return
        start = max(0, min(clip.start_ms + start_ms, clip.end_ms + end_ms - _LEAST_MS))
        end = max(clip.end_ms + end_ms, start + _LEAST_MS)
        self._moved = replace(item, clip_start_ms=start, clip_end_ms=end)
        items = [self._moved if one.id == item.id else one for one in self.pane.model.items]
        self.pane.model.set_items(items)
        self.pane.ends.show_ends(start, end)
        self._rest.start()

    def keep_ends(self) -> None:
        """Keep moved ends now."""
        self._rest.stop()
        moved, self._moved = self._moved, None
        if moved is not None:
            self._collections.change(moved)

    def _fill_item_menu(self, item: CollectionItem, menu: QMenu) -> None:
        if item.kind is ItemKind.CLIP:
            if item.clip is not None:
                self._item(menu, tr("Play"), partial(self._playing.play_item, item))
                self._item(menu, tr("Play from here on"), partial(self._playing.play_from, item))
            start = item.clip.start_ms if item.clip is not None else None
            if item.note_path:
                self._item(
                    menu, tr("Open its note"), partial(self.openNoteWanted.emit, item.note_path, start)
                )
            if item.clip != item.segment:
                plain = replace(item, clip_start_ms=None, clip_end_ms=None)
                self._item(menu, tr("Put the ends back"), partial(self._collections.change, plain))
        else:
            self._item(menu, tr("Edit"), lambda: self.pane.view.edit(self.pane.view.currentIndex()))
        menu.addSeparator()
        self._item(menu, tr("Add a heading before it"), lambda: self._insert(ItemKind.HEADING))
        self._item(menu, tr("Add words of your own before it"), lambda: self._insert(ItemKind.TEXT))
        menu.addSeparator()
        self._item(menu, tr("Move up"), partial(self.move_by, -1))
        self._item(menu, tr("Move down"), partial(self.move_by, 1))
        self._item(menu, tr("Take out of the collection"), self.remove)

    @staticmethod
    def _item(menu: QMenu, words: str, act: Callable[[], object]) -> None:
        menu.addAction(words).triggered.connect(lambda _=False: act())
