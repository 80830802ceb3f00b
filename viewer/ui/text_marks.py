"""The words of highlights and quotes in the transcript: underlined while it is painted, the document is left alone.

A change of format in a long document costs a new layout; painting beneath the visible words costs next to nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTextBlock

from viewer.base.language import tr
from viewer.domain.note import Note
from viewer.domain.transcript import Transcript
from viewer.ui.theme import Theme

if TYPE_CHECKING:  # the judging of quotes is loaded when a note is judged, not at the start
    from viewer.domain.quote_checks import QuoteCheck


HIGHLIGHT = "highlight"
"""The kind of the checks that are a highlight's."""


@dataclass(frozen=True, slots=True)
class TextMark:
    """Characters ``start`` to ``end`` of the shown text of the cue in ``row``, and the quote whose words they are.

    ``words`` say which quote that is.
    """

    row: int
    start: int
    end: int
    check: QuoteCheck
    words: str = ""


def shown_offset(text: str, offset: int) -> int:
    """Where the character ``offset`` of a cue's text stands when its white space is shown as single spaces."""
    head = text[:offset]
    shown = " ".join(head.split())
    return len(shown) + (1 if shown and head[-1].isspace() else 0)


def own_offset(text: str, shown: int) -> int:
    """Where the character stands in a cue's text that is the ``shown``-th when white space is shown as single spaces.

    The other way round than :func:`shown_offset`.
    """
    if text == " ".join(text.split()):
        return min(shown, len(text))
    low, high = 0, len(text)
    while low < high:
        middle = (low + high) // 2
        if shown_offset(text, middle) < shown:
            low = middle + 1
        else:
            high = middle
    return low


def marks_of(note: Note, checks: Iterable[QuoteCheck], transcript: Transcript) -> list[TextMark]:
    """The marks of the note's quotes in the transcript that is shown, in its order; highlights before quotes."""
    marks = []
    for check in checks:
        words = mark_words(check, note.highlights[check.row].title if check.kind == HIGHLIGHT else "")
        for span in check.marks:
            if span.row < len(transcript.cues):
                text = transcript.cues[span.row].text
                start, end = shown_offset(text, span.start), shown_offset(text, span.end)
                marks.append(TextMark(span.row, start, end, check, words))
    return sorted(marks, key=lambda mark: mark.row)


class TextMarks:
    """Paints the marks of the visible part of a transcript and knows which is where.

    ``block_of`` gives a row's block and how many characters stand in it before the cue's text.
    """

    def __init__(self, block_of: Callable[[int], tuple[QTextBlock, int] | None]) -> None:
        self._block_of = block_of
        self._marks: list[TextMark] = []
        self._rows: list[int] = []
        self._painted: list[tuple[QRectF, TextMark]] = []
        self.hovered: QuoteCheck | None = None

    def set_marks(self, marks: list[TextMark]) -> None:
        """Show these and no others."""
        self._marks = marks
        self._rows = [mark.row for mark in marks]
        self._painted = []
        self.hovered = None

    def paint(self, painter: QPainter, first_row: int, last_row: int, offset: QPointF, theme: Theme) -> None:
        """Underline what stands in these rows; ``offset`` leads from the document's places to the widget's."""
        self._painted = []
        for mark in self._of_rows(first_row, last_row):
            hot = mark.check is self.hovered
            highlight = mark.check.kind == HIGHLIGHT
            pen = QPen(theme.color("highlight" if highlight else "quote"), 2.4 if hot else 1.4)
            # Told apart without colour: a highlight's line is whole, a quote's is dotted.
            pen.setStyle(Qt.PenStyle.SolidLine if highlight else Qt.PenStyle.DotLine)
            painter.setPen(pen)
            shift = 0.0 if highlight else 3.0
            for rect in self._rects(mark):
                place = rect.translated(offset)
                self._painted.append((place, mark))
                y = place.bottom() + shift
                painter.drawLine(QPointF(place.left(), y), QPointF(place.right(), y))

    def at(self, place: QPointF) -> TextMark | None:
        """The mark whose words are at this place of the widget, as it was painted last; a highlight before a quote."""
        return next((mark for rect, mark in self._painted if rect.contains(place)), None)

    def at_character(self, row: int, character: int) -> TextMark | None:
        """The mark that holds this character of the row's text."""
        for mark in self._of_rows(row, row):
            if mark.start <= character < mark.end:
                return mark
        return None

    def _of_rows(self, first: int, last: int) -> list[TextMark]:
        return self._marks[bisect_left(self._rows, first) : bisect_left(self._rows, last + 1)]

    def _rects(self, mark: TextMark) -> list[QRectF]:
        """Where the marked words stand in the document, a rectangle a line, down to where the underline goes."""
        found = self._block_of(mark.row)
        return [] if found is None else word_rects(*found, mark.start, mark.end)


def word_rects(block: QTextBlock, prefix: int, start: int, end: int) -> list[QRectF]:
    """Where the characters ``start`` to ``end`` behind a block's prefix stand in the document, a rectangle a line."""
    layout, text = block.layout(), block.text()
    begin, end = start + prefix, end + prefix
    rects = []
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        first = max(begin, line.textStart())
        last = min(end, line.textStart() + line.textLength())
        while last > first and text[last - 1].isspace():
            last -= 1
        if first >= last:
            continue
        x1, x2 = _x(line.cursorToX(first)), _x(line.cursorToX(last))
        top = layout.position().y() + line.y()
        rect = QRectF(min(x1, x2), top, abs(x2 - x1), line.ascent() + 3.5)
        rects.append(rect.translated(layout.position().x(), 0))
    return rects


def _x(answer: Any) -> float:
    # PySide gives a pair: the x, and the place it belongs to.
    return float(answer[0] if isinstance(answer, (tuple, list)) else answer)


def mark_words(check: QuoteCheck, title: str) -> str:
    """What is said of a mark that is pointed at: which highlight or quote it is, by its title or first words."""
    name = title or " ".join(check.text.split()[:8]) + "…"
    if check.kind == HIGHLIGHT:
        return tr("Highlight: {name}").format(name=name)
    who = f" — {check.speaker}" if check.speaker else ""
    return tr("Quote: {name}").format(name=name) + who
