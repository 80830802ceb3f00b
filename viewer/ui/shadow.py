"""The soft shadow beneath a card that lies over the window."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QGraphicsEffect, QWidget


class SoftShadow(QGraphicsEffect):
    """Drawn once for each size and then kept.

    Qt's own shadow blurs the whole card again at every repaint: some 15 ms for a list of hits at every keystroke.
    """

    def __init__(self, parent: QWidget, *, reach: int, below: int, alpha: int, radius: int = 10) -> None:
        """``reach`` px around the card, moved ``below`` px down; ``alpha`` (0 to 255) where it is darkest."""
        super().__init__(parent)
        self._reach, self._below, self._alpha, self._radius = reach, below, alpha, radius
        self._kept = QPixmap()
        self._kept_for = (QSize(), 0.0)

    def boundingRectFor(self, source: QRectF | QRect) -> QRectF:  # noqa: N802
        reach, rect = self._reach, QRectF(source)
        return rect.adjusted(-reach, -reach + self._below, reach, reach + self._below).united(rect)

    def draw(self, painter: QPainter) -> None:
        card = self.sourceBoundingRect()
        shadow = self._shadow(card.size().toSize(), painter.device().devicePixelRatioF())
        corner = card.topLeft()
        painter.drawPixmap(
            round(corner.x()) - self._reach, round(corner.y()) - self._reach + self._below, shadow
        )
        self.drawSource(painter)

    def _shadow(self, size: QSize, ratio: float) -> QPixmap:
        if self._kept_for == (size, ratio):
            return self._kept
        reach = self._reach
        whole = QSize(size.width() + 2 * reach, size.height() + 2 * reach)
        pixmap = QPixmap(whole * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        card = QRectF(reach, reach, size.width(), size.height())
        inside = QPainterPath()  # what the card covers is not worth painting; its corners are round
        inside.addRect(card.adjusted(self._radius, self._radius, -self._radius, -self._radius))
        painter.setBrush(QColor(0, 0, 0, max(1, round(self._alpha / reach))))
        for step in range(1, reach + 1):
            # Wide rings lie closer together towards the card, so that the shadow fades out.
            out = reach * (step / reach) ** 2
            ring = QPainterPath()
            ring.addRoundedRect(card.adjusted(-out, -out, out, out), self._radius + out, self._radius + out)
            painter.drawPath(ring.subtracted(inside))
        painter.end()
        self._kept, self._kept_for = pixmap, (size, ratio)
        return pixmap
