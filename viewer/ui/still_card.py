"""A small picture that is never blank: the still where there is one, else letters on a tint of the theme."""

from __future__ import annotations

import zlib

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath

from viewer.ui.painting import upright
from viewer.ui.theme import Theme

_SMALL = frozenset(
    {"the", "a", "an", "what", "how", "why", "who", "on", "and", "of", "in", "is", "does", "do"}
)


def initials(title: str) -> str:
    """One or two letters that stand for a title on its card."""
    words = [word for word in title.split() if word[:1].isalnum()]
    big = [word for word in words if word[0].isupper() and word.lower() not in _SMALL]
    return "".join(word[0].upper() for word in (big or words)[:2])


def tint(words: str, theme: Theme) -> QColor:
    """The theme's colour that stands for ``words``: the same at every start."""
    return QColor(theme.speaker(zlib.crc32(words.encode())))


def paint_card(
    painter: QPainter,
    rect: QRectF,
    image: QImage | None,
    letters: str,
    seed: str,
    theme: Theme,
    typeface: QFont,
    *,
    corner: bool = False,
) -> None:
    """Fill ``rect``, its corners round, with the middle of ``image``; without one with ``letters`` in the tint of ``seed``.

    The letters stand in the middle, with ``corner`` in the upper corner.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if image is not None and not image.isNull():
        path = QPainterPath()
        path.addRoundedRect(rect, 6, 6)
        painter.setClipPath(path)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        with upright(painter, rect):
            painter.drawImage(rect, image, _middle(image, rect))
    else:
        color = tint(seed, theme)
        ground = QColor(color)
        ground.setAlphaF(0.22 if theme.dark else 0.13)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(rect, 6, 6)
        painter.setPen(color)
        painter.setFont(typeface)
        place, where = rect, Qt.AlignmentFlag.AlignCenter
        if corner:
            place = rect.adjusted(8, 6, -8, -6)
            where = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        with upright(painter, place):
            painter.drawText(place, where, letters)
    painter.restore()


def _middle(image: QImage, rect: QRectF) -> QRectF:
    """The largest part of the image with the shape of ``rect``."""
    wide, high = float(image.width()), float(image.height())
    shape = rect.width() / max(1.0, rect.height())
    if wide / max(1.0, high) > shape:
        return QRectF((wide - high * shape) / 2, 0, high * shape, high)
    return QRectF(0, (high - wide / shape) / 2, wide, wide / shape)
