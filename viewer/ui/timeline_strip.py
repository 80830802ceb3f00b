"""Where things lie on the timeline's strip, and how all of it but the marks and the talk's lane is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from viewer.ui.theme import Theme
from viewer.ui.timeline_marks import OWN, POINTS, Mark, paint_scale
from viewer.ui.timeline_talk import MIDDLE, Spot

LEFT = 96
RIGHT = 24
HEIGHT = 112
_BOTTOM = 90.0
"""Where the scale begins, px from the top."""


def lane_y(lane: int) -> float:
    """The middle of a lane of marks, px from the top."""
    return 13.0 + lane * 15.0


@dataclass(frozen=True, slots=True)
class Strip:
    """A talk of ``duration_ms`` in a widget of ``width`` px; its time begins at ``left``.

    Time runs from left to right in Arabic, too, as in the players and video editors there: nothing is mirrored.
    """

    left: int
    width: int
    duration_ms: int

    @property
    def right(self) -> int:
        """Where the talk ends, px."""
        return self.width - RIGHT

    def x(self, ms: int) -> float:
        """Where a time lies."""
        room = self.right - self.left
        return self.left + room * min(1.0, ms / self.duration_ms) if self.duration_ms else float(self.left)

    def ms(self, x: float) -> int:
        """Which time lies there."""
        room = max(1, self.right - self.left)
        return int(max(0.0, min(1.0, (x - self.left) / room)) * self.duration_ms)

    def shape(self, mark: Mark, following_ms: int | None) -> QRectF:
        """Where a mark is drawn; ``following_ms`` is where the next one of its lane begins."""
        x, y = self.x(mark.segment.start_ms), lane_y(mark.lane)
        if mark.lane == POINTS:
            return QRectF(x - 5, y - 5, 10, 10)
        end = self.x(mark.segment.end_ms)
        if following_ms is not None:
            # Where two overlap, the second begins visibly.
            end = min(end, self.x(following_ms) - 2)
        return QRectF(x, y - 4, max(7.0, end - x), 8)

    def _band(self, start_ms: int, end_ms: int) -> QRectF:
        band = QRectF(self.x(start_ms), 6, 0, _BOTTOM - 12)
        band.setRight(max(band.left() + 3, self.x(end_ms)))
        return band

    # -- painting --------------------------------------------------------------------------------------------

    def paint_lanes(
        self, painter: QPainter, theme: Theme, names: Sequence[str], chapters: Sequence[Spot]
    ) -> None:
        """The names of the lanes and their lines, the scale, and where chapters begin."""
        for lane, words in enumerate(names):
            y = lane_y(lane) if lane <= OWN else MIDDLE
            painter.setPen(theme.color("text_soft"))
            painter.drawText(QRectF(20, y - 9, self.left - 28, 18), Qt.AlignmentFlag.AlignVCenter, words)
            painter.setPen(QPen(theme.color("border"), 1))
            if lane <= OWN:
                painter.drawLine(QPointF(self.left, y), QPointF(self.right, y))
        paint_scale(painter, theme, self.duration_ms, (self.left, self.right, _BOTTOM))
        painter.setPen(QPen(theme.color("border"), 1))
        for chapter in chapters:
            x = self.x(chapter.start_ms)
            painter.drawLine(QPointF(x, 6), QPointF(x, _BOTTOM))

    def paint_playing(self, painter: QPainter, theme: Theme, stretch: tuple[int, int]) -> None:
        """The stretch that is in the player."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_soft"))
        painter.drawRoundedRect(self._band(*stretch), 4, 4)

    def paint_drawn(self, painter: QPainter, theme: Theme, stretch: tuple[int, int]) -> None:
        """A stretch that is about to be marked."""
        painter.setPen(QPen(theme.color("mark_important"), 1.25, Qt.PenStyle.DashLine))
        painter.setBrush(theme.color("mark_important_soft"))
        painter.drawRoundedRect(self._band(*stretch), 4, 4)

    def paint_hits(self, painter: QPainter, theme: Theme, hits: Sequence[Spot]) -> None:
        """Where a search found something."""
        painter.setPen(QPen(theme.color("text"), 1))
        painter.setBrush(theme.color("find"))
        for spot in hits:
            painter.drawEllipse(QPointF(self.x(spot.start_ms), _BOTTOM - 4), 3.5, 3.5)

    def paint_playhead(self, painter: QPainter, theme: Theme, ms: int) -> None:
        """Where the player is."""
        x = self.x(ms)
        painter.setPen(QPen(theme.color("text"), 2))
        painter.drawLine(QPointF(x, 6), QPointF(x, _BOTTOM - 4))
        painter.setBrush(theme.color("text"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(QPolygonF([QPointF(x - 5, 2), QPointF(x + 5, 2), QPointF(x, 9)]))
