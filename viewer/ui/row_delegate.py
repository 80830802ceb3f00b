"""Draws one highlight, quote, key point or mention: a play disc that shows its clip's state, and the words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from viewer.base.language import tr
from viewer.domain.timestamp import format_range, format_timestamp
from viewer.domain.video import Segment
from viewer.qt.clip_state import ClipState, ClipStatus, clip_state_text
from viewer.qt.models import RowKind, TimedRow
from viewer.qt.plain_words import plain_tip
from viewer.qt.roles import Role
from viewer.ui.fonts import font
from viewer.ui.icons import paint_icon
from viewer.ui.painting import draw_text, mirror, mirrored_place, text_height, text_width
from viewer.ui.quote_mark import Part, QuoteMark
from viewer.ui.still_card import initials, paint_card
from viewer.ui.text import DOT, length_text
from viewer.ui.theme import Theme, ThemeManager

DISC = 32
STILL = QSizeF(80, 52)
"""The picture of a highlight; its disc stands in the lower corner."""
PAD = 12
GAP = 8
"""Space between two cards, px."""
SIDE = 16
"""Space before the cards, px; the scroll bar is at their other side."""
RIGHT = 4


@dataclass(frozen=True, slots=True)
class RowWords:
    """What a row says, in the order it is drawn."""

    title: str
    body: str
    speaker: str
    when: str


def row_words(row: TimedRow) -> RowWords:
    """The words of a row. A quote's words are its body; what has no time says so."""
    segment = row.segment
    point = row.kind in (RowKind.KEY_POINT, RowKind.MENTION)
    when = ""
    if segment is not None:
        when = format_range(segment.start_ms, None if point else segment.end_ms)
        if row.found:
            when = tr("Found at {place}").format(place=format_timestamp(segment.start_ms))
        if not point:
            when += DOT + length_text(segment.duration_ms)
    speaker = row.speaker or ""
    if row.kind is RowKind.MENTION and row.kind_name:
        speaker = row.kind_name
    return RowWords(row.title, row.text, speaker, when)


class RowDelegate(QStyledItemDelegate):
    """Cards of the height their words need at the view's width."""

    def __init__(self, themes: ThemeManager, view: QListView) -> None:
        super().__init__(view)
        self._themes = themes
        self._view = view
        self._title = font(14, bold=True)
        self._body = font(13.5)
        self._small = font(12)
        self._strong = font(12, bold=True)
        self._mark = QuoteMark(self._small, self._strong)
        self.still_of: Callable[[Segment], QImage | None] | None = None
        """Answers with the picture of a kept segment, where there is one."""
        self.thumbnail_of: Callable[[str], QImage | None] | None = None
        """Answers with the picture of a video id that was fetched, where that is allowed."""

    # -- measuring -------------------------------------------------------------------------------------------

    @staticmethod
    def _lead(row: TimedRow) -> int:
        """Width of what stands left of the words: a highlight's picture, else the disc."""
        return round(STILL.width()) if row.kind is RowKind.HIGHLIGHT else DISC

    def _text_width(self, row: TimedRow) -> int:
        return self._view.viewport().width() - SIDE - RIGHT - PAD - self._lead(row) - PAD - PAD

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        row = index.data(Role.ROW)
        if not isinstance(row, TimedRow):
            return QSize(100, 40)
        words = row_words(row)
        width = self._text_width(row)
        height = 2 * PAD + 18
        if words.title:
            height += int(text_height(words.title, self._title, width, 4)) + 4
        if words.body:
            height += int(text_height(words.body, self._body, width, 14, 1.12)) + 4
        if self._last_line(row, words):
            height += 18
        height += self._mark.line_height(row.check)
        least = round(STILL.height()) if row.kind is RowKind.HIGHLIGHT else DISC
        return QSize(100, max(height, least + 2 * PAD) + GAP)

    @staticmethod
    def _last_line(row: TimedRow, words: RowWords) -> bool:
        """Whether the row ends in a line for who said it and how true it is; a quote's is there before it is judged."""
        if row.kind is RowKind.MENTION:
            return False
        return bool(words.speaker) or (bool(words.body) and row.kind is not RowKind.KEY_POINT)

    @staticmethod
    def _card(rect: QRect) -> QRectF:
        """The card within its row."""
        return QRectF(rect).adjusted(SIDE, GAP / 2, -RIGHT, -GAP / 2)

    def _bottom(self, card: QRectF, row: TimedRow) -> QRectF:
        """The lines at the card's lower edge: who said it and how true it is, and beneath it where it was said."""
        left = card.left() + PAD + self._lead(row) + PAD
        height = 18 + self._mark.line_height(row.check)
        return QRectF(left, card.bottom() - PAD - height + 2, self._text_width(row), height)

    def part_at(self, index: QModelIndex, rect: QRect, place: QPointF) -> Part | None:
        """Which part of a row's card is at ``place``, when it does something else than the card; ``rect`` is the row's."""
        row = index.data(Role.ROW)
        if not isinstance(row, TimedRow) or row.check is None:
            return None
        card = self._card(rect)
        place = mirrored_place(place, QRectF(rect), self._view.layoutDirection())
        return self._mark.part_at(self._bottom(card, row), row.check, place)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Say what a click on the mark does."""
        place = view.indexAt(event.pos())
        part = self.part_at(place, view.visualRect(place), QPointF(event.pos())) if place.isValid() else None
        if part is None:
            return super().helpEvent(event, view, option, index)
        words = self._mark.tooltip(place.data(Role.ROW).check, part)
        QToolTip.showText(event.globalPos(), plain_tip(words), view)
        return True

    # -- painting --------------------------------------------------------------------------------------------

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Card, disc, then time and state, title, words, speaker from top to bottom."""
        row = index.data(Role.ROW)
        if not isinstance(row, TimedRow):
            return
        theme = self._themes.theme
        state = index.data(Role.CLIP_STATE)
        clip = state if isinstance(state, ClipState) else None
        playing = bool(index.data(Role.PLAYING))
        card = self._card(option.rect)
        painter.save()
        mirror(painter, QRectF(option.rect), option.direction)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, option, card, playing)
        disc = QRectF(card.left() + PAD, card.top() + PAD, DISC, DISC)
        if row.kind is RowKind.HIGHLIGHT:
            disc = self._still(painter, QRectF(disc.topLeft(), STILL), row, clip)
        hover = bool(option.state & QStyle.StateFlag.State_MouseOver)
        self._disc(painter, disc, row, clip, playing, hover)
        left = card.left() + PAD + self._lead(row) + PAD
        body = QRectF(left, card.top() + PAD, self._text_width(row), card.height())
        self._words(painter, body, row, clip, theme)
        bottom = self._bottom(card, row)
        taken = 0.0
        if row.check is not None and self._last_line(row, row_words(row)):
            taken = self._mark.paint(painter, bottom, row.check, theme) + 8
        if row.speaker and row.kind is not RowKind.MENTION:
            line = QRectF(bottom.left(), bottom.top(), bottom.width() - taken, 18)
            draw_text(painter, f"— {row.speaker}", self._small, theme.color("text_soft"), line)
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, card: QRectF, playing: bool) -> None:
        theme = self._themes.theme
        state = option.state
        token = (
            "accent_soft" if playing else "hover" if state & QStyle.StateFlag.State_MouseOver else "raised"
        )
        current = bool(state & QStyle.StateFlag.State_Selected)
        # The one the keys go to is shown though nothing is chosen yet: the list was just reached with Tab.
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        painter.setBrush(theme.color(token))
        edge = theme.color("accent" if current or playing or focused else "border")
        painter.setPen(QPen(edge, 2.0 if focused else 1.0))
        painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    def _still(self, painter: QPainter, place: QRectF, row: TimedRow, clip: ClipState | None) -> QRectF:
        """The kept clip's first frame, else the video's picture, else a drawn card; returns where its disc belongs."""
        theme = self._themes.theme
        image = None
        ready = clip is not None and clip.status is ClipStatus.READY
        if ready and row.segment is not None and self.still_of is not None:
            image = self.still_of(row.segment)
        if image is None and row.segment is not None and self.thumbnail_of is not None:
            image = self.thumbnail_of(row.segment.video.id)
        who = row.speaker or row.title
        paint_card(painter, place, image, initials(who), who, theme, self._strong, corner=True)
        side = DISC - 4.0
        disc = QRectF(place.right() - side - 3, place.bottom() - side - 3, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("raised"))
        painter.drawEllipse(disc.adjusted(-1, -1, 1, 1))
        return disc

    def _disc(
        self,
        painter: QPainter,
        disc: QRectF,
        row: TimedRow,
        clip: ClipState | None,
        playing: bool,
        hover: bool,
    ) -> None:
        theme = self._themes.theme
        accent = theme.color("accent")
        solid = playing or (clip is not None and clip.status is ClipStatus.READY)
        failed = clip is not None and clip.status is ClipStatus.FAILED
        edge = theme.color("danger") if failed else accent
        icon = "play"
        ink = theme.css("accent")
        if row.segment is None:
            edge, icon, ink = theme.color("border_strong"), "clock", theme.css("text_soft")
        elif failed:
            icon, ink = "retry", theme.css("danger")
        painter.setBrush(accent if solid else QColor(0, 0, 0, 0))
        painter.setPen(QPen(edge, 1.5))
        if solid:
            ink = theme.css("accent_text")
        if clip is not None and clip.busy:
            painter.setPen(QPen(theme.color("border"), 3))
            ring = disc.adjusted(2, 2, -2, -2)
            painter.drawEllipse(ring)
            ink_of_ring = theme.color("text_soft") if clip.status is ClipStatus.PAUSED else accent
            painter.setPen(QPen(ink_of_ring, 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawArc(ring, 90 * 16, -int(360 * 16 * max(0.04, clip.fraction or 0.0)))
        elif row.segment is None:
            painter.setPen(QPen(edge, 1.25, Qt.PenStyle.DashLine))
            painter.drawEllipse(disc.adjusted(1, 1, -1, -1))
        else:
            painter.drawEllipse(disc.adjusted(1, 1, -1, -1))
        if playing:
            self._bars(painter, disc, theme)
            return
        inset = 9 if icon == "play" else 8
        paint_icon(painter, icon, ink, disc.adjusted(inset, inset, -inset, -inset))

    @staticmethod
    def _bars(painter: QPainter, disc: QRectF, theme: Theme) -> None:
        painter.setPen(QPen(theme.color("accent_text"), 2.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        middle = disc.center()
        for x, half in ((-5.0, 3.5), (0.0, 6.0), (5.0, 2.5)):
            painter.drawLine(
                QPointF(middle.x() + x, middle.y() - half), QPointF(middle.x() + x, middle.y() + half)
            )

    def _words(
        self, painter: QPainter, body: QRectF, row: TimedRow, clip: ClipState | None, theme: Theme
    ) -> None:
        words = row_words(row)
        line = QRectF(body.left(), body.top(), body.width(), 18)
        if words.when:
            draw_text(painter, words.when, self._strong, theme.color("accent"), line)
            self._chip(painter, line, words, row, clip, theme)
        else:
            draw_text(painter, tr("No time known yet"), self._small, theme.color("text_soft"), line)
            if row.kind is RowKind.MENTION and words.speaker:
                self._right(painter, line, words.speaker, theme.color("text_soft"))
        top = body.top() + 20
        if words.title:
            place = QRectF(body.left(), top, body.width(), 200)
            top += draw_text(painter, words.title, self._title, theme.color("text"), place, 4) + 4
        if words.body:
            place = QRectF(body.left(), top, body.width(), 600)
            color = theme.color("text_soft" if words.title else "text")
            draw_text(painter, words.body, self._body, color, place, 14, 1.12)

    def _chip(
        self,
        painter: QPainter,
        line: QRectF,
        words: RowWords,
        row: TimedRow,
        clip: ClipState | None,
        theme: Theme,
    ) -> None:
        status = clip.status if clip is not None else ClipStatus.NOT_FETCHED
        parts = [words.speaker] if row.kind is RowKind.MENTION and words.speaker else []
        # Points and mentions are many: that most of them are not fetched need not be said on each.
        if row.kind in (RowKind.HIGHLIGHT, RowKind.QUOTE) or status is not ClipStatus.NOT_FETCHED:
            parts.append(clip_state_text(clip))
        token = {ClipStatus.READY: "success", ClipStatus.FAILED: "danger", ClipStatus.FETCHING: "accent"}
        self._right(painter, line, DOT.join(parts), theme.color(token.get(status, "text_soft")))

    def _right(self, painter: QPainter, line: QRectF, text: str, color: QColor) -> None:
        width = text_width(text, self._small)
        place = QRectF(max(line.left() + 40, line.right() - width - 1), line.top(), width + 2, line.height())
        draw_text(painter, text, self._small, color, place)
