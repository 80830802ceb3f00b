"""The soft shadow beneath a card that lies over the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid


class SoftShadow(QWidget):
    """Lies beneath a card, as a neighbour of it, and goes where that goes. Drawn once, for cards of any size.

    Not a QGraphicsEffect: with one, whatever changes in the card is painted again with the whole card and all the
    window beneath it, 10 ms for a list of hits at every keystroke.
    """

    def __init__(self, card: QWidget, *, reach: int, below: int, alpha: int, radius: int = 10) -> None:
        """``reach`` px around the card, moved ``below`` px down; ``alpha`` (0 to 255) where it is darkest."""
        super().__init__(card.parentWidget())
        self._card = card
        self._reach, self._below, self._alpha, self._radius = reach, below, alpha, radius
        self._kept = QPixmap()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setVisible(not card.isHidden())
        card.installEventFilter(self)
        card.destroyed.connect(self.deleteLater)
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay beneath the card."""
        kind = event.type()
        if not isValid(self._card):  # it is just being deleted
            return False
        if kind in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.ZOrderChange):
            self._follow()
        elif kind in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self.setVisible(kind == QEvent.Type.ShowToParent)
            self._follow()
        return False

    def _follow(self) -> None:
        reach = self._reach
        self.setGeometry(
            self._card.geometry().adjusted(-reach, -reach + self._below, reach, reach + self._below)
        )
        self.stackUnder(self._card)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The corners as they were drawn, the edges between them drawn out."""
        ratio = self.devicePixelRatioF()
        if self._kept.isNull() or self._kept.devicePixelRatio() != ratio:
            self._kept = self._drawn(ratio)
        painter = QPainter(self)
        corner = self._reach + self._radius
        _draw_frame(painter, self.rect(), corner, self._kept)

    def _drawn(self, ratio: float) -> QPixmap:
        """The shadow of the smallest card: four corners and one px between them."""
        reach, radius = self._reach, self._radius
        side = 2 * radius + 1
        pixmap = QPixmap(QSize(side + 2 * reach, side + 2 * reach) * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        card = QRectF(reach, reach, side, side)
        painter.setBrush(QColor(0, 0, 0, max(1, round(self._alpha / reach))))
        for step in range(1, reach + 1):
            # Wide rings lie closer together towards the card, so that the shadow fades out.
            out = reach * (step / reach) ** 2
            ring = QPainterPath()
            ring.addRoundedRect(card.adjusted(-out, -out, out, out), radius + out, radius + out)
            painter.drawPath(ring)
        painter.end()
        return pixmap


def _draw_frame(painter: QPainter, where: QRect, corner: int, frame: QPixmap) -> None:
    """Fill ``where`` with ``frame``: its four corners of ``corner`` px as they are, the rest stretched."""
    ratio = frame.devicePixelRatio()
    last = frame.width() / ratio - corner

    def spans(begin: int, size: int) -> list[tuple[float, float, float, float]]:
        """Target begin and size, source begin and size."""
        near = min(corner, size // 2)
        return [
            (begin, near, 0.0, near),
            (begin + near, size - 2 * near, corner, last - corner),
            (begin + size - near, near, last + corner - near, near),
        ]

    for x, wide, from_x, from_wide in spans(where.left(), where.width()):
        for y, high, from_y, from_high in spans(where.top(), where.height()):
            source = QRectF(from_x * ratio, from_y * ratio, from_wide * ratio, from_high * ratio)
            painter.drawPixmap(QRectF(x, y, wide, high), frame, source)
