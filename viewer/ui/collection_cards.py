# ruff: noqa: N802 - Qt's own names
"""How the items of a collection are drawn: clips as small cards, headings and words of the user's own between them."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from viewer.base.language import tr
from viewer.domain.collection import CollectionItem, ItemKind
from viewer.domain.timestamp import format_range
from viewer.qt.collection_model import ITEM_ROLE, NUMBER_ROLE
from viewer.qt.roles import Role
from viewer.ui.fonts import font
from viewer.ui.icons import paint_icon
from viewer.ui.painting import draw_text, mirror, text_height, text_width
from viewer.ui.text import DOT, length_text
from viewer.ui.theme import ThemeManager

Index = QModelIndex | QPersistentModelIndex

SIDE, RIGHT, PAD, GAP = 12, 4, 10, 6
_GRIP = 16
_MOST_WORDS = 3
_EDITOR = 96


class CollectionCards(QStyledItemDelegate):
    """Draws the items at the height their words need, and lends the field in which words are written."""

    def __init__(self, themes: ThemeManager, view: QListView) -> None:
        super().__init__(view)
        self._themes = themes
        self._view = view
        self._heading = font(15, bold=True)
        self._title = font(13, bold=True)
        self._body = font(13)
        self._small = font(12)
        self._strong = font(12, bold=True)

    def _width(self) -> float:
        return self._view.viewport().width() - SIDE - RIGHT - 2 * PAD - _GRIP

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        item = index.data(ITEM_ROLE)
        if not isinstance(item, CollectionItem):
            return QSize(100, 40)
        width = self._width()
        if item.kind is ItemKind.HEADING:
            return QSize(100, int(text_height(item.title, self._heading, width, 3)) + 26)
        if item.kind is ItemKind.TEXT:
            return QSize(100, int(text_height(item.text, self._body, width, 12, 1.12)) + 18)
        height = 2 * PAD + 18
        if item.title:
            height += int(text_height(item.title, self._title, width, 2)) + 3
        if item.text:
            height += int(text_height(item.text, self._body, width, _MOST_WORDS, 1.08)) + 3
        return QSize(100, height + 18 + GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One item."""
        item = index.data(ITEM_ROLE)
        if not isinstance(item, CollectionItem):
            return
        painter.save()
        mirror(painter, QRectF(option.rect), option.direction)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(option.rect).adjusted(SIDE, GAP / 2, -RIGHT, -GAP / 2)
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = current and bool(option.state & QStyle.StateFlag.State_HasFocus)
        playing = bool(index.data(Role.PLAYING))
        hover = bool(option.state & QStyle.StateFlag.State_MouseOver)
        theme = self._themes.theme
        words = item.kind is not ItemKind.CLIP
        if not words or current or hover:
            painter.setBrush(
                theme.color("accent_soft" if playing else "hover" if hover or words else "raised")
            )
            painter.setPen(
                QPen(theme.color("accent" if current or playing else "border"), 2.0 if focused else 1.0)
            )
            painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        grip = QRectF(card.left() + 3, card.center().y() - 8, 16, 16)
        paint_icon(painter, "grip", theme.css("text_soft" if hover or current else "border_strong"), grip)
        body = QRectF(card.left() + PAD + _GRIP, card.top() + PAD, self._width(), card.height())
        if item.kind is ItemKind.HEADING:
            place = body.translated(0, 0)
            draw_text(painter, item.title, self._heading, theme.color("text"), place, 3)
        elif item.kind is ItemKind.TEXT:
            draw_text(
                painter,
                item.text,
                self._body,
                theme.color("text_soft"),
                body.translated(0, -4),
                12,
                1.12,
            )
        else:
            self._clip(painter, body, item, int(index.data(NUMBER_ROLE)), playing)
        painter.restore()

    def _clip(
        self, painter: QPainter, body: QRectF, item: CollectionItem, number: int, playing: bool
    ) -> None:
        theme = self._themes.theme
        clip = item.clip
        line = QRectF(body.left(), body.top(), body.width(), 18)
        if clip is None:
            paint_icon(painter, "clock", theme.css("text_soft"), QRectF(line.left(), line.top() + 1, 14, 14))
            words = tr("No time known yet")
            draw_text(painter, words, self._small, theme.color("text_soft"), line.adjusted(20, 0, 0, 0))
        else:
            icon = "volume" if playing else "play"
            paint_icon(painter, icon, theme.css("accent"), QRectF(line.left(), line.top() + 2, 13, 13))
            words = f"{format_range(clip.start_ms, clip.end_ms)}{DOT}{length_text(clip.duration_ms)}"
            moved = DOT + tr("moved ends")
            room = line.width() - 48
            if clip != item.segment and text_width(words + moved, self._strong) <= room:
                words += moved
            draw_text(painter, words, self._strong, theme.color("accent"), line.adjusted(20, 0, -24, 0))
        count = str(number)
        place = line.adjusted(line.width() - text_width(count, self._small) - 2, 0, 0, 0)
        draw_text(painter, count, self._small, theme.color("text_soft"), place)
        top = body.top() + 20
        if item.title:
            place = QRectF(body.left(), top, body.width(), 60)
            top += draw_text(painter, item.title, self._title, theme.color("text"), place, 2) + 3
        if item.text:
            place = QRectF(body.left(), top, body.width(), 200)
            top += (
                draw_text(painter, item.text, self._body, theme.color("text"), place, _MOST_WORDS, 1.08) + 3
            )
        source = DOT.join(part for part in (item.speaker or "", item.note_title) if part)
        place = QRectF(body.left(), top, body.width(), 18)
        draw_text(painter, source, self._small, theme.color("text_soft"), place)

    # -- writing ---------------------------------------------------------------------------------------------

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        item = index.data(ITEM_ROLE)
        field: QWidget
        if isinstance(item, CollectionItem) and item.kind is ItemKind.TEXT:
            field = QPlainTextEdit(parent)
            field.setTabChangesFocus(True)
        else:
            field = QLineEdit(parent)
        field.setObjectName("itemWords")
        field.setAccessibleName(tr("Words of this item"))
        field.setFont(self._body)
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        words = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if isinstance(editor, QPlainTextEdit):
            editor.setPlainText(words)
            editor.selectAll()
        elif isinstance(editor, QLineEdit):
            editor.setText(words)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QPlainTextEdit):
            model.setData(index, editor.toPlainText())
        elif isinstance(editor, QLineEdit):
            model.setData(index, editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect.adjusted(SIDE, GAP // 2, -RIGHT, -GAP // 2)
        if isinstance(editor, QPlainTextEdit):
            rect.setHeight(max(rect.height(), _EDITOR))
            bottom = self._view.viewport().height()
            rect.moveTop(max(0, min(rect.top(), bottom - rect.height())))
        else:
            rect.setHeight(max(34, min(rect.height(), 40)))
        editor.setGeometry(rect)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Enter keeps several lines; Enter alone begins a new one."""
        if isinstance(watched, QPlainTextEdit) and isinstance(event, QKeyEvent):
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                return False
        return super().eventFilter(watched, event)
