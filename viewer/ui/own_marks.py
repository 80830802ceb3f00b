"""The reader's own marks in the transcript: a tint behind the words and a line beneath them, painted, never a format.

The four colours are told apart without colour as well: a whole line, dots, two lines, a wave.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTextBlock

from viewer.base.language import tr
from viewer.domain.mark import Mark, MarkColour
from viewer.domain.transcript import Transcript
from viewer.qt.mark_rows import colour_words
from viewer.ui.text import DOT
from viewer.ui.text_marks import shown_offset, word_rects
from viewer.ui.theme import Theme

if TYPE_CHECKING:  # what aligns is loaded when marks are looked for, not at the start
    from viewer.domain.anchoring import Place

COLOURS = (MarkColour.IMPORTANT, MarkColour.QUESTION, MarkColour.AGREE, MarkColour.DOUBT)
"""In the order of their keys."""

_CHOSEN = 0.18
"""So much of the ink is in the tint of the mark that is chosen."""


def ink(colour: MarkColour) -> str:
    """The theme's token for lines and icons of this colour."""
    return f"mark_{colour.value}"


def tint(colour: MarkColour) -> str:
    """The theme's token for the ground behind words of this colour."""
    return f"mark_{colour.value}_soft"


def icon_of(colour: MarkColour) -> str:
    """The icon that stands for this colour."""
    return f"mark-{colour.value}"


def paint_line(
    painter: QPainter, theme: Theme, colour: MarkColour, left: float, right: float, y: float
) -> None:
    """The line of this colour, from ``left`` to ``right`` at the height ``y``."""
    pen = QPen(theme.color(ink(colour)), 1.6)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if colour is MarkColour.IMPORTANT:
        pen.setWidthF(2.4)
    elif colour is MarkColour.QUESTION:
        pen.setWidthF(2.2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setDashPattern([0.1, 2.0])
    elif colour is MarkColour.AGREE:
        pen.setWidthF(1.2)
        painter.setPen(pen)
        painter.drawLine(QPointF(left, y - 2.6), QPointF(right, y - 2.6))
    painter.setPen(pen)
    if colour is not MarkColour.DOUBT:
        painter.drawLine(QPointF(left, y), QPointF(right, y))
        return
    # Single strokes: as one line of many corners it takes ten times as long.
    pen.setWidthF(1.0)
    painter.setPen(pen)
    strokes, x, up = [], left, True
    while x < right:
        ends = (y + 0.6, y - 2.0) if up else (y - 2.0, y + 0.6)
        strokes.append(QLineF(x, ends[0], min(x + 3.0, right), ends[1]))
        x, up = x + 3.0, not up
    painter.drawLines(strokes)


@dataclass(frozen=True, slots=True)
class MarkedStretch:
    """Characters ``start`` to ``end`` of the shown text of the cue in ``row``, which belong to ``mark``."""

    row: int
    start: int
    end: int
    mark: Mark


def stretches(
    marks: Sequence[Mark], places: Mapping[str, Place | None], transcript: Transcript
) -> list[MarkedStretch]:
    """What of the transcript is marked, row by row."""
    result = []
    for mark in marks:
        place = places.get(mark.id)
        if place is None:
            continue
        last = min(place.last_cue, len(transcript.cues) - 1)
        for row in range(place.first_cue, last + 1):
            text = transcript.cues[row].text
            first = place.first_offset if row == place.first_cue else 0
            # Aligned words may begin with the space before them.
            begin = shown_offset(text, first + len(text[first:]) - len(text[first:].lstrip()))
            end = place.last_offset if row == place.last_cue else len(text)
            result.append(MarkedStretch(row, begin, shown_offset(text, end), mark))
    return sorted(result, key=lambda one: one.row)


class OwnMarks:
    """Paints what of the visible part of a transcript is marked, and knows what is where.

    ``block_of`` gives a row's block and how many characters stand in it before the cue's text.
    """

    def __init__(self, block_of: Callable[[int], tuple[QTextBlock, int] | None]) -> None:
        self._block_of = block_of
        self._stretches: list[MarkedStretch] = []
        self._rows: list[int] = []
        self._painted: list[tuple[QRectF, MarkedStretch]] = []
        self.chosen = ""
        """id of the mark that is emphasized"""

    def set_stretches(self, stretches: list[MarkedStretch]) -> None:
        """Show these and no others; they are sorted by row."""
        self._stretches = stretches
        self._rows = [one.row for one in stretches]
        self._painted = []

    @property
    def count(self) -> int:
        """How many stretches are shown (a mark over two cues has two)."""
        return len(self._stretches)

    def paint_ground(
        self, painter: QPainter, first_row: int, last_row: int, offset: QPointF, theme: Theme
    ) -> None:
        """The tint, before the text is painted; ``offset`` leads from the document's places to the widget's."""
        self._painted = []
        painter.setPen(Qt.PenStyle.NoPen)
        for one in self._of_rows(first_row, last_row):
            found = self._block_of(one.row)
            if found is None:
                continue
            ground = theme.color(tint(one.mark.colour))
            if one.mark.id == self.chosen:
                ground = _between(ground, theme.color(ink(one.mark.colour)), _CHOSEN)
            painter.setBrush(ground)
            for rect in word_rects(*found, one.start, one.end):
                place = rect.translated(offset).adjusted(-1.5, -1, 1.5, 1.5)
                self._painted.append((place, one))
                painter.drawRoundedRect(place, 3, 3)

    def paint_lines(self, painter: QPainter, theme: Theme) -> None:
        """The lines beneath what ``paint_ground`` has found."""
        for place, one in self._painted:
            y = place.bottom() - 0.5
            paint_line(painter, theme, one.mark.colour, place.left() + 1, place.right() - 1, y)

    def at(self, place: QPointF) -> Mark | None:
        """The mark whose words are at this place of the widget; of several the shortest."""
        found = [one for rect, one in self._painted if rect.contains(place)]
        return min(found, key=lambda one: one.end - one.start).mark if found else None

    def at_character(self, row: int, character: int) -> Mark | None:
        """The mark that holds this character of the row's shown text; of several the shortest."""
        found = [one for one in self._of_rows(row, row) if one.start <= character < one.end]
        return min(found, key=lambda one: one.end - one.start).mark if found else None

    def rect_of(self, mark_id: str) -> QRectF | None:
        """Where the mark's first line in sight was painted; None when nothing of it is in sight."""
        return next((rect for rect, one in self._painted if one.mark.id == mark_id), None)

    def around(self, mark_id: str) -> QRectF | None:
        """A rectangle around all of the mark that is in sight."""
        whole = self.rect_of(mark_id)
        for rect, one in self._painted:
            if whole is not None and one.mark.id == mark_id:
                whole = whole.united(rect)
        return whole

    def row_of(self, mark_id: str) -> int | None:
        """Row of the cue in which the mark begins; None when its words are not in the transcript."""
        return next((one.row for one in self._stretches if one.mark.id == mark_id), None)

    def _of_rows(self, first: int, last: int) -> list[MarkedStretch]:
        return self._stretches[bisect_left(self._rows, first) : bisect_left(self._rows, last + 1)]


def _between(first: QColor, second: QColor, share: float) -> QColor:
    """The colour that lies at ``share`` of the way from the first to the second."""

    def part(one: int, other: int) -> int:
        return round(one + (other - one) * share)

    return QColor(
        part(first.red(), second.red()),
        part(first.green(), second.green()),
        part(first.blue(), second.blue()),
    )


def hover_words(mark: Mark) -> str:
    """What is said of a mark that is pointed at."""
    words = tr("My mark: {colour}").format(colour=colour_words(mark.colour))
    if mark.tags:
        words += DOT + ", ".join(mark.tags)
    return f"{words}\n{mark.comment}" if mark.comment else words
