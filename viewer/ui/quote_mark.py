"""The mark on a quote's card: its verdict as icon and word, and beneath it where else the words were said."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QPainter

from viewer.base.language import tr
from viewer.ui.actions import tooltip
from viewer.ui.icons import paint_icon
from viewer.ui.painting import draw_text, text_width
from viewer.ui.quote_words import (
    COLORS,
    ICONS,
    differences_words,
    elsewhere_words,
    verdict_sentence,
    verdict_words,
)
from viewer.ui.text import DOT
from viewer.ui.theme import Theme

if TYPE_CHECKING:
    from viewer.domain.quote_checks import QuoteCheck

_LINE = 18
_ICON = 15
_ROOM = 4


class Part(enum.Enum):
    """What in a card does something of its own when it is clicked."""

    VERDICT = "verdict"
    """opens the quote beside what was said"""
    SAID = "said"
    """plays the words where they were said"""
    NOTE = "note"
    """plays the note's range"""
    MENU = "menu"
    """opens the menu of a mark"""
    EDIT = "edit"
    """opens the editor of a mark"""


class QuoteMark:
    """Draws the mark into the lines at the lower edge of a card, and knows what of it is where."""

    def __init__(self, small: QFont, strong: QFont) -> None:
        self._small = small
        self._strong = strong

    @staticmethod
    def line_height(check: QuoteCheck | None) -> int:
        """What a card needs beyond its usual lines, px: a line when the words were said elsewhere."""
        return _LINE + 2 if check is not None and check.elsewhere else 0

    def paint(self, painter: QPainter, bottom: QRectF, check: QuoteCheck, theme: Theme) -> float:
        """Draw the mark, and return how wide the verdict is at the right of the first line, px."""
        place = self._verdict_rect(bottom, check)
        token = COLORS[check.verdict]
        icon = QRectF(place.left(), place.top() + 1.5, _ICON, _ICON)
        paint_icon(painter, ICONS[check.verdict], theme.css(token), icon)
        words = QRectF(place.left() + _ICON + _ROOM, place.top(), place.width(), _LINE)
        draw_text(painter, verdict_words(check.verdict), self._small, theme.color(token), words)
        if check.elsewhere:
            said, note = elsewhere_words(check)
            warning = QRectF(bottom.left(), bottom.top() + _LINE + 3.5, _ICON, _ICON)
            paint_icon(painter, "warning", theme.css("warning"), warning)
            said_rect, note_rect = self._elsewhere_rects(bottom, check)
            draw_text(painter, said, self._strong, theme.color("accent"), said_rect)
            draw_text(
                painter,
                DOT,
                self._small,
                theme.color("text_soft"),
                said_rect.translated(said_rect.width(), 0),
            )
            draw_text(painter, note, self._small, theme.color("accent"), note_rect)
        return place.width()

    def part_at(self, bottom: QRectF, check: QuoteCheck, place: QPointF) -> Part | None:
        """The part at ``place``."""
        if self._verdict_rect(bottom, check).adjusted(-4, -2, 6, 2).contains(place):
            return Part.VERDICT
        if check.elsewhere:
            said, note = self._elsewhere_rects(bottom, check)
            if said.adjusted(-20, 0, 2, 4).contains(place):
                return Part.SAID
            if note.adjusted(-2, 0, 4, 4).contains(place):
                return Part.NOTE
        return None

    @staticmethod
    def tooltip(check: QuoteCheck, part: Part) -> str:
        """What a click on the part does."""
        if part is Part.SAID:
            return tooltip("play_words")
        if part is Part.NOTE:
            return tr("Play what the note says (Return)")
        lines = [verdict_sentence(check), differences_words(check), tooltip("compare_quote")]
        return "\n".join(line for line in lines if line)

    def _verdict_rect(self, bottom: QRectF, check: QuoteCheck) -> QRectF:
        width = _ICON + _ROOM + text_width(verdict_words(check.verdict), self._small) + 1
        return QRectF(bottom.right() - width, bottom.top(), width, _LINE)

    def _elsewhere_rects(self, bottom: QRectF, check: QuoteCheck) -> tuple[QRectF, QRectF]:
        said, note = elsewhere_words(check)
        top = bottom.top() + _LINE + 2
        first = QRectF(bottom.left() + _ICON + _ROOM, top, text_width(said, self._strong) + 1, _LINE)
        left = first.right() + text_width(DOT, self._small)
        return first, QRectF(left, top, text_width(note, self._small) + 1, _LINE)
