"""Draws one note of the library: a small card made from its title, the title, where from, and what is in it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from viewer.base.language import tr, tr_n
from viewer.domain.timestamp import format_timestamp
from viewer.library.entries import NoteEntry
from viewer.qt.roles import Role
from viewer.ui.fonts import font
from viewer.ui.icons import paint_icon
from viewer.ui.painting import draw_text, mirror
from viewer.ui.still_card import initials, paint_card
from viewer.ui.text import DOT, date_text
from viewer.ui.theme import ThemeManager

ROW_HEIGHT = 100
CARD = 44


class LibraryDelegate(QStyledItemDelegate):
    """Rows of one height, so that ten thousand of them cost nothing to lay out."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._title = font(13.5, bold=True)
        self._small = font(12)
        self._letters = font(15, bold=True)
        self.still_of: Callable[[str], QImage | None] | None = None
        """Answers with the picture of a video id that is made of a kept clip, where there is one."""
        self.thumbnail_of: Callable[[str], QImage | None] | None = None
        """Answers with the picture of a video id that was fetched, where that is allowed."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(160, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Ground, card, title on two lines, channel and date, length and marks: in reading direction."""
        entry = index.data(Role.NOTE_ENTRY)
        if not isinstance(entry, NoteEntry):
            return
        theme = self._themes.theme
        state = option.state
        rect = QRectF(option.rect).adjusted(8, 2, -8, -2)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        mirror(painter, rect, option.direction)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(theme.color("accent_soft" if chosen else "hover"))
            painter.drawRoundedRect(rect, 8, 8)
        if chosen:
            painter.setBrush(theme.color("accent"))
            painter.drawRoundedRect(QRectF(rect.left(), rect.top() + 12, 3, rect.height() - 24), 1.5, 1.5)
        if state & QStyle.StateFlag.State_HasFocus:  # reached with Tab nothing need be chosen yet
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.color("accent"))
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        self._card(painter, entry, QRectF(rect.left() + 12, rect.top() + 12, CARD, CARD))
        left = rect.left() + 12 + CARD + 12
        body = QRectF(left, rect.top() + 10, rect.right() - left - 10, rect.height() - 16)
        title = entry.title or entry.path.rsplit("/", 1)[-1]
        used = draw_text(painter, title, self._title, theme.color("text"), body, most=2)
        body.setTop(body.top() + used + 3)
        source = DOT.join(part for part in (entry.channel or "", date_text(entry.published)) if part)
        body.setTop(body.top() + draw_text(painter, source, self._small, theme.color("text_soft"), body))
        if used < 24:
            body.setTop(body.top() + 2)
        self._marks(painter, entry, index, body)
        painter.restore()

    def _card(self, painter: QPainter, entry: NoteEntry, rect: QRectF) -> None:
        image = None
        if self.still_of is not None:
            image = next((found for one in entry.video_ids if (found := self.still_of(one))), None)
        if image is None and self.thumbnail_of is not None and entry.video_id is not None:
            image = self.thumbnail_of(entry.video_id)
        seed = entry.channel or entry.title
        paint_card(painter, rect, image, initials(entry.title), seed, self._themes.theme, self._letters)

    def _marks(
        self, painter: QPainter, entry: NoteEntry, index: QModelIndex | QPersistentModelIndex, body: QRectF
    ) -> None:
        theme = self._themes.theme
        kept = index.data(Role.KEPT)
        parts = [format_timestamp(entry.duration_ms)] if entry.duration_ms else []
        if entry.highlights:
            parts.append(tr_n("{n} highlight", "{n} highlights", entry.highlights).format(n=entry.highlights))
        elif entry.quotes:
            parts.append(tr_n("{n} quote", "{n} quotes", entry.quotes).format(n=entry.quotes))
        if not parts:
            parts.append(tr("transcript") if entry.cues else tr("text"))
        if not entry.indexed:
            parts = [tr("being read…")]
        if isinstance(kept, tuple) and len(kept) == 2 and kept[0]:
            parts.append(tr("{kept}/{all} offline").format(kept=kept[0], all=kept[1]))
        others = index.data(Role.COMPANIONS)
        if others:
            parts.append(tr("same video"))
        right = body.right()
        if entry.problem_count:
            paint_icon(painter, "warning", theme.css("warning"), QRectF(right - 14, body.top() + 1, 14, 14))
            right -= 18
        if entry.has_transcript:
            color = theme.css("text_soft")
            paint_icon(painter, "text", color, QRectF(right - 14, body.top() + 1, 14, 14))
            right -= 18
        body.setRight(right)
        draw_text(painter, DOT.join(parts), self._small, theme.color("text_soft"), body)
