# ruff: noqa: N802 - Qt's own names
"""The items of a collection as rows that can be dragged to another place, and that take what is dragged from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from viewer.base.language import tr
from viewer.domain.collection import CollectionItem, ItemKind
from viewer.domain.timestamp import format_range
from viewer.qt.collection_items import ITEMS, ORDER, things_of
from viewer.qt.roles import Role

ITEM_ROLE = int(Qt.ItemDataRole.UserRole) + 60
"""CollectionItem of a row."""

NUMBER_ROLE = ITEM_ROLE + 1
"""int: the how-maniest clip it is, from 1; 0 for what is no clip."""

Index = QModelIndex | QPersistentModelIndex


class CollectionModel(QAbstractListModel):
    """Shows items; what the user does to them is only said: the store decides, and new items are set."""

    dropped = Signal(object, int)
    """list of Dragged, row before which they were dropped"""
    moved = Signal(str, int)
    """id of an item, and the how-maniest (from 0) it is to be"""
    edited = Signal(str, str)
    """id of an item, its new words"""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.items: tuple[CollectionItem, ...] = ()
        self._playing = ""

    def set_items(self, items: Sequence[CollectionItem]) -> None:
        """Show these. Where the same items stand in the same order only what changed is painted anew."""
        new = tuple(items)
        if [item.id for item in new] == [item.id for item in self.items]:
            self.items = new
            if new:
                self.dataChanged.emit(self.index(0), self.index(len(new) - 1))
            return
        self.beginResetModel()
        self.items = new
        self.endResetModel()

    def set_playing(self, item_id: str) -> None:
        """Mark the item that plays; empty for none."""
        before, self._playing = self._playing, item_id
        for changed in {before, item_id}:
            row = self.row_of(changed)
            if row >= 0:
                self.dataChanged.emit(self.index(row), self.index(row), [int(Role.PLAYING)])

    def row_of(self, item_id: str) -> int:
        """Which row shows the item; -1 for none."""
        return next((row for row, item in enumerate(self.items) if item.id == item_id), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, D102 - Qt's own signature
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: D102 - Qt's own
        if not index.isValid() or index.row() >= len(self.items):
            return None
        item = self.items[index.row()]
        if role == ITEM_ROLE:
            return item
        if role == NUMBER_ROLE:
            before = self.items[: index.row() + 1]
            return sum(one.kind is ItemKind.CLIP for one in before) if item.kind is ItemKind.CLIP else 0
        if role == Role.PLAYING:
            return bool(self._playing) and item.id == self._playing
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return item.text if item.kind is ItemKind.TEXT else item.title or item.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(item)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: D102
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        item = self.items[index.row()]
        if str(value).strip() and str(value) != self.data(index, Qt.ItemDataRole.EditRole):
            self.edited.emit(item.id, str(value))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:  # noqa: D102 - Qt's own
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        usual = super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled
        return usual | Qt.ItemFlag.ItemIsEditable

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: D102 - Qt's own
        return Qt.DropAction.CopyAction | Qt.DropAction.MoveAction

    def supportedDragActions(self) -> Qt.DropAction:  # noqa: D102 - Qt's own
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:  # noqa: D102 - Qt's own
        return [ORDER, ITEMS]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The id of the item that is dragged."""
        data = QMimeData()
        if indexes:
            data.setData(ORDER, self.items[indexes[0].row()].id.encode())
        return data

    def dropMimeData(  # noqa: D102 - Qt's own
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        at = row if row >= 0 else (parent.row() if parent.isValid() else len(self.items))
        if data.hasFormat(ORDER):
            item_id = bytes(data.data(ORDER).data()).decode(errors="replace")
            here = self.row_of(item_id)
            if here < 0:
                return False
            self.moved.emit(item_id, at - 1 if at > here else at)
            return True
        things = things_of(data)
        if things:
            self.dropped.emit(things, at)
        return bool(things)


def spoken(item: CollectionItem) -> str:
    """What a screen reader says of an item."""
    if item.kind is ItemKind.HEADING:
        return tr("Heading: {words}").format(words=item.title)
    if item.kind is ItemKind.TEXT:
        return tr("Text: {words}").format(words=item.text)
    clip = item.clip
    time = format_range(clip.start_ms, clip.end_ms) if clip is not None else tr("No time known yet")
    return ", ".join(part for part in (item.title, item.text, time, item.speaker, item.note_title) if part)
