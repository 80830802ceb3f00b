"""Hits of a search as a list: under a heading the notes, under another the passages, the found words marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from viewer.base.language import tr
from viewer.domain.timestamp import format_timestamp
from viewer.library.search import SearchHit
from viewer.qt.collection_items import ITEMS, item_of_hit, mime_of
from viewer.ui.fonts import font
from viewer.ui.painting import direction_of, draw_text, mirror, text_width, upright
from viewer.ui.text import DOT, date_text
from viewer.ui.theme import ThemeManager

HIT_ROLE = int(Qt.ItemDataRole.UserRole) + 1
ROW = 64
HEADING = 30
_NOTES_FIRST = 4
"""So many notes stand above the passages, the others below."""

Index = QModelIndex | QPersistentModelIndex


class HitModel(QAbstractListModel):
    """Best first within the notes and within the passages. A heading is a row that cannot be chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[SearchHit | str] = []

    def set_hits(self, hits: Sequence[SearchHit]) -> None:
        """Show these hits; headings where there are both notes and passages. Many notes leave passages in sight."""
        notes = [hit for hit in hits if hit.kind == "title"]
        passages = [hit for hit in hits if hit.kind != "title"]
        self.beginResetModel()
        self._rows = [*notes, *passages]
        if notes and passages:
            self._rows = [tr("NOTES"), *notes[:_NOTES_FIRST], tr("PASSAGES"), *passages]
            if notes[_NOTES_FIRST:]:
                self._rows += [tr("MORE NOTES"), *notes[_NOTES_FIRST:]]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        hit = self._rows[index.row()]
        if isinstance(hit, str):
            names = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
            return hit if role in names else None
        if role == HIT_ROLE:
            return hit
        if role == Qt.ItemDataRole.DisplayRole:
            return hit.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (hit.snippet, hit_source(hit)) if part)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(index.data(HIT_ROLE), SearchHit):
            return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled
        return Qt.ItemFlag.NoItemFlags

    def mimeTypes(self) -> list[str]:
        return [ITEMS]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """What the hits mean to a collection."""
        hits = [index.data(HIT_ROLE) for index in indexes]
        return mime_of([item_of_hit(hit) for hit in hits if isinstance(hit, SearchHit)])

    def next_row(self, row: int, by: int) -> int:
        """The row of the next (1) or previous (-1) hit, round the end; -1 when there is none."""
        for _ in self._rows:
            row = (row + by) % len(self._rows)
            if isinstance(self._rows[row], SearchHit):
                return row
        return -1

    def height(self, most: int) -> int:
        """Height (px) of up to ``most`` hits with the headings among them."""
        shown = self._rows[: most + 2]
        headings = sum(isinstance(row, str) for row in shown)
        return headings * HEADING + min(most, len(shown) - headings) * ROW


def kind_words(kind: str) -> str:
    """What a hit is, in the user's language."""
    words = {
        "title": tr("note"),
        "highlight": tr("highlight"),
        "quote": tr("quote"),
        "point": tr("key point"),
        "chapter": tr("chapter"),
        "mention": tr("mention"),
        "summary": tr("summary"),
        "section": tr("notes"),
        "transcript": tr("transcript"),
        "mark": tr("my mark"),
    }
    return words.get(kind, kind)


def hit_source(hit: SearchHit, *, time: bool = True) -> str:
    """Where a hit stands: note, kind, speaker, time; of a note its channel and date."""
    if hit.kind == "title":
        known = [part for part in (hit.channel or "", date_text(hit.published)) if part]
        return DOT.join(known or [kind_words(hit.kind)])
    parts = [hit.title, kind_words(hit.kind)]
    if hit.speaker:
        parts.append(hit.speaker)
    if time and hit.start_ms is not None:
        parts.append(format_timestamp(hit.start_ms))
    return DOT.join(parts)


class HitDelegate(QStyledItemDelegate):
    """The words with the found ones marked, beneath them where they stand."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._words = font(13.5)
        self._bold = font(13.5, bold=True)
        self._small = font(12)
        self._caps = font(11, bold=True, spacing=0.8)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW if isinstance(index.data(HIT_ROLE), SearchHit) else HEADING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit = index.data(HIT_ROLE)
        theme = self._themes.theme
        if not isinstance(hit, SearchHit):
            place = QRectF(option.rect).adjusted(18, 10, -18, 0)
            painter.save()
            mirror(painter, place, option.direction)
            draw_text(painter, index.data() or "", self._caps, theme.color("text_soft"), place)
            painter.restore()
            return
        rect = QRectF(option.rect).adjusted(6, 1, -6, -1)
        painter.save()
        mirror(painter, QRectF(option.rect), option.direction)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft"))
            painter.drawRoundedRect(rect, 6, 6)
        body = rect.adjusted(12, 9, -12, -8)
        time = format_timestamp(hit.start_ms) if hit.start_ms is not None else ""
        if time:
            width = text_width(time, self._bold)
            place = QRectF(body.right() - width - 2, body.top(), width + 4, 20)
            draw_text(painter, time, self._bold, theme.color("accent"), place)
            body.setRight(body.right() - width - 16)
        with upright(painter, body):
            painter.setLayoutDirection(direction_of(hit.snippet))
            self._marked(painter, hit, body)
        below = QRectF(rect.left() + 12, body.top() + 23, rect.width() - 24, 18)
        draw_text(painter, hit_source(hit, time=False), self._small, theme.color("text_soft"), below)
        painter.restore()

    def _marked(self, painter: QPainter, hit: SearchHit, body: QRectF) -> None:
        """One line that begins early enough to show the first mark."""
        theme = self._themes.theme
        text = hit.snippet.replace("\n", " ")
        begin = 0
        metrics = QFontMetricsF(self._words)
        if hit.marks:
            while metrics.horizontalAdvance(text[begin : hit.marks[0][1]]) > body.width() * 0.7:
                space = text.find(" ", begin + 1)
                if space < 0 or space >= hit.marks[0][0]:
                    break
                begin = space + 1
        x = body.left()
        place = begin
        baseline = body.top() + metrics.ascent() + 1
        painter.setClipRect(body.adjusted(0, -4, 0, 0))
        if begin:
            place_x = "… "
            painter.setFont(self._words)
            painter.setPen(theme.color("text_soft"))
            painter.drawText(int(x), int(baseline), place_x)
            x += metrics.horizontalAdvance(place_x)
        for start, end in (*hit.marks, (len(text), len(text))):
            for piece, marked in (
                (text[place : max(place, start)], False),
                (text[max(begin, start) : end], True),
            ):
                if not piece:
                    continue
                typeface = self._bold if marked else self._words
                room = body.right() - x
                if room < 8:
                    break
                width = text_width(piece, typeface)
                if width > room:
                    piece = QFontMetricsF(typeface).elidedText(piece, Qt.TextElideMode.ElideRight, room)
                    width = room
                if marked:
                    painter.fillRect(
                        QRectF(x - 1, body.top(), width + 2, metrics.height()), QColor(theme.css("find"))
                    )
                painter.setFont(typeface)
                painter.setPen(theme.color("text"))
                painter.drawText(int(x), int(baseline), piece)
                x += width
            place = end
        painter.setClipping(False)
