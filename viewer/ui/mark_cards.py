"""The card of the reader's own mark: as a quote's, with its colour, the comment, the tags, and a button for its menu."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QToolTip

from viewer.base.language import tr
from viewer.domain.mark import Mark
from viewer.qt.mark_rows import colour_words, lost_words, mark_of
from viewer.qt.roles import Role
from viewer.qt.timed_rows import TimedRow
from viewer.ui.actions import with_keys
from viewer.ui.icons import paint_icon
from viewer.ui.own_marks import icon_of, ink
from viewer.ui.painting import draw_text, mirror, mirrored_place, text_height, text_width
from viewer.ui.quote_mark import Part
from viewer.ui.row_delegate import RowDelegate
from viewer.ui.theme import Theme

_LINE = 18
_MENU = 24
_MOST_COMMENT = 8
_BAR = 3


class MarkCards(RowDelegate):
    """Draws rows of kind MARK. What lies beneath the speaker's line is the reader's own."""

    read_only = False
    """Whether a click on what the reader has written plays as the card does, since it cannot be changed there"""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        size = super().sizeHint(option, index)
        row = index.data(Role.ROW)
        return size + QSize(0, self._own_height(row)) if isinstance(row, TimedRow) else size

    def _own_height(self, row: TimedRow) -> int:
        mark = mark_of(row)
        if mark is None:
            return 0
        lines = _LINE + 2 if row.lost else 0
        if mark.comment:
            lines += int(text_height(mark.comment, self._body, self._comment_width(row), _MOST_COMMENT)) + 8
        return lines + (_LINE + 6 if mark.tags else 0)

    def _comment_width(self, row: TimedRow) -> float:
        return self._text_width(row) - 24

    @staticmethod
    def _last_line(row: TimedRow, words: object) -> bool:
        """Always there: it says the colour."""
        return True

    def _bottom(self, card: QRectF, row: TimedRow) -> QRectF:
        return super()._bottom(card.adjusted(0, 0, 0, -self._own_height(row)), row)

    def _right(self, painter: QPainter, line: QRectF, text: str, color: QColor) -> None:
        super()._right(painter, line.adjusted(0, 0, -_MENU, 0), text, color)

    def _menu_place(self, card: QRectF) -> QRectF:
        return QRectF(card.right() - _MENU - 6, card.top() + 6, _MENU, _MENU)

    def part_at(self, index: QModelIndex, rect: QRect, place: QPointF) -> Part | None:
        """The menu's button, or what the reader has written, which opens the editor."""
        row = index.data(Role.ROW)
        if not isinstance(row, TimedRow):
            return None
        card = self._card(rect)
        place = mirrored_place(place, QRectF(rect), self._view.layoutDirection())
        if self._menu_place(card).contains(place):
            return Part.MENU
        if self.read_only:
            return None
        bottom = self._bottom(card, row)
        return Part.EDIT if place.y() >= bottom.top() and card.contains(place) else None

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Say what a click there does."""
        here = view.indexAt(event.pos())
        part = self.part_at(here, view.visualRect(here), QPointF(event.pos())) if here.isValid() else None
        words = {
            Part.MENU: tr("What can be done with this mark"),
            Part.EDIT: with_keys(tr("Edit this mark"), "mark_note"),
        }
        if part is None:
            QToolTip.hideText()
            return True
        QToolTip.showText(event.globalPos(), words[part], view)
        return True

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The card, then what is the reader's own."""
        super().paint(painter, option, index)
        row = index.data(Role.ROW)
        mark = mark_of(row)
        if mark is None:
            return
        theme = self._themes.theme
        card = self._card(option.rect)
        painter.save()
        mirror(painter, QRectF(option.rect), option.direction)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(ink(mark.colour)))
        painter.drawRoundedRect(QRectF(card.left(), card.top() + 8, _BAR, card.height() - 16), 1.5, 1.5)
        menu = self._menu_place(card)
        paint_icon(painter, "more", theme.css("text_soft"), menu.adjusted(4, 4, -4, -4))
        self._own_words(painter, self._bottom(card, row), row, mark, theme)
        painter.restore()

    def _own_words(self, painter: QPainter, bottom: QRectF, row: TimedRow, mark: Mark, theme: Theme) -> None:
        name = colour_words(mark.colour)
        width = text_width(name, self._small)
        # Where nobody is named it stands in his place.
        left = bottom.right() - width - 1 if row.speaker else bottom.left() + 18
        place = QRectF(left, bottom.top(), width + 2, _LINE)
        draw_text(painter, name, self._small, theme.color(ink(mark.colour)), place)
        side = QRectF(place.left() - 18, bottom.top() + 1, 14, 14)
        paint_icon(painter, icon_of(mark.colour), theme.css(ink(mark.colour)), side)
        top = bottom.top() + _LINE + 2
        if row.lost:
            paint_icon(painter, "warning", theme.css("warning"), QRectF(bottom.left(), top, 15, 15))
            line = QRectF(bottom.left() + 20, top, bottom.width() - 20, _LINE)
            draw_text(painter, lost_words(), self._small, theme.color("warning"), line)
            top += _LINE + 2
        if mark.comment:
            icon = QRectF(bottom.left(), top + 4, 15, 15)
            paint_icon(painter, "comment", theme.css("text_soft"), icon)
            line = QRectF(bottom.left() + 24, top + 3, self._comment_width(row), 400)
            top += draw_text(painter, mark.comment, self._body, theme.color("text"), line, _MOST_COMMENT) + 8
        if mark.tags:
            self._tags(painter, QRectF(bottom.left(), top + 2, bottom.width(), _LINE), mark, theme)

    def _tags(self, painter: QPainter, line: QRectF, mark: Mark, theme: Theme) -> None:
        x = line.left()
        for number, tag in enumerate(mark.tags):
            rest = len(mark.tags) - number
            width = text_width(tag, self._small) + 16
            if x + width > line.right() - (28 if rest > 1 else 0):
                painter.setPen(theme.color("text_soft"))
                draw_text(
                    painter,
                    f"+{rest}",
                    self._small,
                    theme.color("text_soft"),
                    QRectF(x, line.top() + 1, 40, _LINE),
                )
                return
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft"))
            painter.drawRoundedRect(QRectF(x, line.top(), width, _LINE), 9, 9)
            place = QRectF(x + 8, line.top() + 1, width, _LINE)
            draw_text(painter, tag, self._small, theme.color("text"), place)
            x += width + 6
