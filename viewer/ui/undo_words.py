"""Undo and redo in the window: what the menu calls them, and what is said when something was taken back or failed."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Slot

from viewer.base.errors import ViewerError
from viewer.base.language import tr
from viewer.domain.mark import Mark
from viewer.library.journal import Act, Change
from viewer.qt.marks_controller import Direction, MarksController
from viewer.ui.actions import key_of
from viewer.ui.main_window import MainWindow
from viewer.ui.session import NoteSession
from viewer.ui.text import failure_words

log = logging.getLogger(__name__)


class UndoWords(QObject):
    """Listens to the marks' controller for the life of the window."""

    def __init__(self, window: MainWindow, session: NoteSession, marks: MarksController) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._marks = marks
        marks.changed.connect(self._changed)
        marks.nothingToUndo.connect(self._nothing_to_undo)
        marks.undoChanged.connect(self._name_undo)
        marks.failed.connect(self._fail)

    @Slot(object, object)
    def _changed(self, change: Change, direction: Direction) -> None:
        words = _act_words(change.act)
        elsewhere = [one for one in change.note_paths if one != self._session.path]
        value = change.after or change.before
        where = ""
        if elsewhere and isinstance(value, Mark):
            where = tr("In “{title}”").format(title=value.note_title)
        banner = self._window.banner
        if direction is Direction.UNDONE:
            banner.show_info(tr("Undone: {act}").format(act=words), where)
        elif direction is Direction.REDONE:
            banner.show_info(tr("Done again: {act}").format(act=words), where)
        elif change.act is Act.REMOVE_MARK:
            banner.show_info(
                tr("The mark is removed"), tr("{key} brings it back.").format(key=key_of("undo"))
            )

    @Slot(object)
    def _nothing_to_undo(self, direction: Direction) -> None:
        words = tr("Nothing to undo") if direction is Direction.UNDONE else tr("Nothing to do again")
        self._window.banner.show_info(words)

    @Slot()
    def _name_undo(self) -> None:
        actions = self._window.actions_set
        undo, redo = _act_words(self._marks.undo_act), _act_words(self._marks.redo_act)
        actions["undo"].setText(tr("Undo: {act}").format(act=undo) if undo else tr("Undo"))
        actions["redo"].setText(tr("Redo: {act}").format(act=redo) if redo else tr("Redo"))

    @Slot(object)
    def _fail(self, error: object) -> None:
        if not isinstance(error, ViewerError):
            log.warning("a mark could not be kept: %r", error)
        self._window.banner.show_failure(*failure_words(error, tr("This could not be kept.")))


def _act_words(act: Act | None) -> str:
    """``mark removed``; empty for None and for an act of a newer version."""
    words = {
        Act.ADD_MARK: tr("mark made"),
        Act.CHANGE_MARK: tr("mark changed"),
        Act.REMOVE_MARK: tr("mark removed"),
        Act.CREATE_COLLECTION: tr("collection made"),
        Act.RENAME_COLLECTION: tr("collection renamed"),
        Act.DELETE_COLLECTION: tr("collection deleted"),
        Act.ADD_ITEMS: tr("added to the collection"),
        Act.CHANGE_ITEM: tr("changed in the collection"),
        Act.MOVE_ITEM: tr("moved in the collection"),
        Act.REMOVE_ITEMS: tr("removed from the collection"),
        Act.TAKE_FROM_FILE: tr("taken from a mark's file"),
    }
    return words.get(act, "") if act is not None else ""
