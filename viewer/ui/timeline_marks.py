"""A mark of the timeline, and how it and the scale are drawn."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from viewer.domain.mark import Mark as OwnMark
from viewer.domain.timestamp import format_range, format_timestamp
from viewer.domain.video import Segment
from viewer.ui.own_marks import ink, paint_line, tint
from viewer.ui.painting import text_width
from viewer.ui.theme import Theme

POINTS = 2
"""The lane of the key points."""

OWN = 3
"""The lane of the reader's own marks."""

_STEPS_S = (10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
_LEAST_STEP = 72
"""So many px lie at least between two times of the scale."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing on the strip. ``lane`` 0 are highlights, 1 quotes, 2 key points, 3 the reader's own. Times in ms."""

    lane: int
    title: str
    segment: Segment
    own: OwnMark | None = None

    @property
    def words(self) -> str:
        """What a pointer or a screen reader is told."""
        return f"{format_range(self.segment.start_ms, self.segment.end_ms)}  {self.title}"


def paint_mark(painter: QPainter, theme: Theme, mark: Mark, shape: QRectF, *, ringed: bool) -> None:
    """A bar, a hollow bar, a diamond or an underlined bar, by its lane; with a ring when it is meant."""
    own = mark.own
    token = ink(own.colour) if own is not None else ("highlight", "quote", "point")[mark.lane]
    color = theme.color(token)
    painter.setPen(QPen(theme.color("window"), 1))
    painter.setBrush(color)
    if own is not None:
        painter.setPen(QPen(color, 1))
        painter.setBrush(theme.color(tint(own.colour)))
        painter.drawRoundedRect(shape.adjusted(0, -1, 0, 1), 2, 2)
        paint_line(painter, theme, own.colour, shape.left() + 1, shape.right() - 1, shape.bottom() - 1)
    elif mark.lane == POINTS:
        middle = shape.center()
        corners = (
            QPointF(middle.x(), shape.top()),
            QPointF(shape.right(), middle.y()),
            QPointF(middle.x(), shape.bottom()),
            QPointF(shape.left(), middle.y()),
        )
        painter.drawPolygon(QPolygonF(corners))
    elif mark.lane == 1:
        hollow = QColor(color)
        hollow.setAlphaF(0.28)
        painter.setPen(QPen(color, 1.5))
        painter.setBrush(hollow)
        painter.drawRoundedRect(shape, 4, 4)
    else:
        painter.drawRoundedRect(shape, 4, 4)
    if ringed:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("text"), 1.5))
        painter.drawRoundedRect(shape.adjusted(-3, -3, 3, 3), 5, 5)


def paint_scale(painter: QPainter, theme: Theme, duration_ms: int, place: tuple[float, float, float]) -> None:
    """Times beneath the strip; ``place`` is its left and right end and its lower edge, px."""
    left, right, y = place
    room = right - left
    step = next((s for s in _STEPS_S if room * s * 1000 / duration_ms >= _LEAST_STEP), _STEPS_S[-1]) * 1000
    for ms in range(0, duration_ms + 1, step):
        x = left + room * ms / duration_ms
        painter.setPen(QPen(theme.color("border_strong"), 1))
        painter.drawLine(QPointF(x, y - 4), QPointF(x, y))
        words = format_timestamp(ms)
        width = text_width(words, painter.font())
        if x + width > right - 8 and ms:
            continue
        painter.setPen(theme.color("text_soft"))
        painter.drawText(QPointF(x if ms == 0 else x - width / 2, y + 13), words)
    words = format_timestamp(duration_ms)
    painter.setPen(theme.color("text_soft"))
    painter.drawText(QPointF(right - text_width(words, painter.font()), y + 13), words)
