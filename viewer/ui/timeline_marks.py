"""The marks of the timeline in their lanes, and how one and the scale are drawn."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from viewer.domain.mark import Mark as OwnMark
from viewer.domain.note import Highlight, KeyPoint, Note, Quote
from viewer.domain.playing import segment_from
from viewer.domain.timestamp import format_range, format_timestamp
from viewer.domain.video import Segment, VideoRef
from viewer.qt.mark_rows import colour_words
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


class MarkLanes:
    """What is on the strip, by time: the marks of one note's first video, and the reader's own in their lane."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self._told: list[Mark] = []
        self._own: tuple[OwnMark, ...] = ()
        self._video: VideoRef | None = None
        self._following: dict[Mark, int] = {}

    @property
    def last_ms(self) -> int:
        """Where the last mark of the note ends; 0 without any."""
        return max((mark.segment.end_ms for mark in self._told), default=0)

    def following_ms(self, mark: Mark) -> int | None:
        """Where the next mark begins in a lane whose marks may overlap; None for the last."""
        return self._following.get(mark)

    def show_note(self, note: Note | None, default_length_ms: int) -> None:
        """Take the marks of the note's first video; own marks of the same video stay."""
        self._video = note.video if note is not None else None
        self._told = _marks_of(note, default_length_ms) if note is not None else []
        self._following = {}
        for lane in (0, 1):
            row = [mark for mark in self._told if mark.lane == lane]
            self._following.update((mark, after.segment.start_ms) for mark, after in itertools.pairwise(row))
        self.set_own([own for own in self._own if own.segment and own.segment.video == self._video])

    def set_own(self, marks: Sequence[OwnMark]) -> None:
        """Take the reader's own marks; those of another video are left out."""
        self._own = tuple(marks)
        own = []
        for mark in marks:
            if mark.segment is not None and mark.segment.video == self._video:
                title = mark.text or mark.comment or colour_words(mark.colour)
                own.append(Mark(OWN, title[:120], mark.segment, mark))
        self.marks = sorted([*self._told, *own], key=_by_time)

    def at(self, x: float, y: float, shape: Callable[[Mark], QRectF]) -> int:
        """Number of the mark under a point, with some room around it; -1 for none. ``shape``: where one is drawn."""
        best, reach = -1, 12.0
        for number, mark in enumerate(self.marks):
            drawn = shape(mark)
            if abs(drawn.center().y() - y) > 8:
                continue
            away = max(drawn.left() - x, x - drawn.right(), 0.0)
            if away < reach or (away == reach == 0.0):
                best, reach = number, away
        return best


def _marks_of(note: Note, default_length_ms: int) -> list[Mark]:
    found = []
    lanes: tuple[tuple[Highlight | Quote | KeyPoint, ...], ...] = (
        note.highlights,
        note.quotes,
        note.key_points,
    )
    for lane, items in enumerate(lanes):
        for item in items:
            end = getattr(item, "end_ms", None)
            segment = segment_from(note, item.video_id, item.start_ms, end, default_length_ms)
            if segment is not None and segment.video == note.video:
                title = getattr(item, "title", "") or getattr(item, "text", "")
                found.append(Mark(lane, title[:120], segment))
    return sorted(found, key=_by_time)


def _by_time(mark: Mark) -> tuple[int, int]:
    return mark.segment.start_ms, mark.lane


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
