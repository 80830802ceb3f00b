"""The queue of videos as rows: a sign for the state, the title, and beneath it what became of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from viewer.base.language import tr
from viewer.domain.timestamp import format_timestamp
from viewer.library.add_queue import AddItem, AddState
from viewer.qt.adding import Index
from viewer.qt.roles import Role
from viewer.ui.fonts import font
from viewer.ui.icons import paint_icon
from viewer.ui.painting import draw_text, mirror, text_width
from viewer.ui.theme import ThemeManager

_SIGNS = {
    AddState.WAITING: ("clock", "text_soft"),
    AddState.FETCHING: ("download", "accent"),
    AddState.DONE: ("check", "success"),
    AddState.EXISTS: ("note", "text_soft"),
    AddState.FAILED: ("warning", "danger"),
}
_SIDE = 18


def state_words(item: AddItem) -> str:
    """What became of a video, in plain words."""
    if item.state is AddState.FAILED:
        return item.reason or tr("failed")
    if item.state is AddState.DONE:
        return tr("saved as {name}").format(name=Path(item.path).name)
    return {
        AddState.WAITING: tr("waiting"),
        AddState.FETCHING: tr("fetching…"),
        AddState.EXISTS: tr("is in the library already"),
    }[item.state]


class AddDelegate(QStyledItemDelegate):
    """Paints one video of the queue."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._title = font(13.5)
        self._small = font(12)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = QFontMetricsF(self._title).height() + QFontMetricsF(self._small).height()
        return QSize(240, round(lines) + 15)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = index.data(Role.ROW)
        if not isinstance(item, AddItem):
            return
        theme = self._themes.theme
        rect = QRectF(option.rect).adjusted(4, 1, -4, -1)
        painter.save()
        mirror(painter, QRectF(option.rect), option.direction)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state = option.state
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            chosen = state & QStyle.StateFlag.State_Selected
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft" if chosen else "hover"))
            painter.drawRoundedRect(rect, 6, 6)
        name, token = _SIGNS[item.state]
        top = rect.top() + 6
        step = QFontMetricsF(self._title).height()
        sign = QRectF(rect.left() + 10, top + (step - _SIDE) / 2, _SIDE, _SIDE)
        paint_icon(painter, name, theme.css(token), sign)
        right = rect.right() - 12
        if item.duration_ms:
            length = format_timestamp(item.duration_ms)
            width = text_width(length, self._small) + 2
            place = QRectF(right - width, top + 2, width, step)
            draw_text(painter, length, self._small, theme.color("text_soft"), place)
            right -= width + 12
        left = sign.right() + 10
        title = item.title or item.video.id
        draw_text(painter, title, self._title, theme.color("text"), QRectF(left, top, right - left, step))
        words = state_words(item)
        colour = theme.color("danger" if item.state is AddState.FAILED else "text_soft")
        below = QRectF(left, top + step + 2, rect.right() - 12 - left, step)
        draw_text(painter, words, self._small, colour, below)
        painter.restore()
