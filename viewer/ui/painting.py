"""Drawing text for delegates: wrapped to a width, elided after so many lines, measured before it is painted."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption

_TITLE_LINES = 4
"""What may have more lines is a paragraph."""


@lru_cache(maxsize=512)
def _lines(text: str, font_key: str, width: int, most: int, leading: float) -> tuple[tuple[str, ...], float]:
    typeface = QFont()
    typeface.fromString(font_key)
    metrics = QFontMetricsF(typeface)
    step = round(metrics.height() * leading)
    layout = QTextLayout(text, typeface)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    lines: list[str] = []
    while True:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(max(20, width))
        if len(lines) == most - 1:
            rest = text[line.textStart() :]
            lines.append(metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width))
            break
        lines.append(text[line.textStart() : line.textStart() + line.textLength()].rstrip())
    layout.endLayout()
    return tuple(lines), float(step)


def text_height(text: str, font: QFont, width: float, most: int, leading: float = 1.0) -> float:
    """Height in px of ``text`` wrapped to ``width``, with at most ``most`` lines."""
    if not text:
        return 0.0
    lines, step = _lines(text, font.toString(), int(width), most, leading)
    return len(lines) * step


def draw_text(
    painter: QPainter,
    text: str,
    font: QFont,
    color: QColor,
    rect: QRectF,
    most: int = 1,
    leading: float = 1.0,
    *,
    centred: bool = False,
) -> float:
    """Draw ``text`` from the rectangle's top left (or each line in its middle) and return the height it took.

    What is mirrored begins at the top right. The words run as their own language does, whatever the window's is.
    """
    if not text:
        return 0.0
    lines, step = _lines(text, font.toString(), int(rect.width()), most, leading)
    painter.setFont(font)
    painter.setPen(color)
    metrics = QFontMetricsF(font)
    base = rect.top() + (step - metrics.height()) / 2 + metrics.ascent()
    along = direction_of(text)
    share = 0.5 if centred else 1.0 if is_mirrored(painter) else 0.0
    if most > _TITLE_LINES and len(lines) > 1 and not centred:
        # A paragraph begins where its own language begins.
        share = 1.0 if along is Qt.LayoutDirection.RightToLeft else 0.0
    with upright(painter, rect):
        painter.setLayoutDirection(along)
        for line in lines:
            shift = (rect.width() - metrics.horizontalAdvance(line)) * share if share else 0.0
            painter.drawText(QPointF(rect.left() + shift, base), line)
            base += step
    return len(lines) * step


def direction_of(text: str) -> Qt.LayoutDirection:
    """The direction in which ``text`` runs: that of its first letter (https://unicode.org/reports/tr9/#P2)."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in ("R", "AL"):
            return Qt.LayoutDirection.RightToLeft
        if kind == "L":
            break
    return Qt.LayoutDirection.LeftToRight


def mirror(painter: QPainter, rect: QRectF, direction: Qt.LayoutDirection) -> None:
    """Paint ``rect`` mirrored from now on where the window runs from right to left: what is drawn left comes right.

    :func:`draw_text` and the other painters of this room stay legible; whoever draws otherwise uses :func:`upright`.
    """
    if direction is Qt.LayoutDirection.RightToLeft:
        painter.translate(rect.left() + rect.right(), 0)
        painter.scale(-1, 1)


def is_mirrored(painter: QPainter) -> bool:
    """Whether :func:`mirror` is in force."""
    return painter.worldTransform().m11() < 0


@contextmanager
def upright(painter: QPainter, rect: QRectF) -> Iterator[None]:
    """Draw within ``rect`` as it is read, though what is around it is mirrored."""
    painter.save()
    if is_mirrored(painter):
        painter.translate(rect.left() + rect.right(), 0)
        painter.scale(-1, 1)
    try:
        yield
    finally:
        painter.restore()


def mirrored_place(place: QPointF, rect: QRectF, direction: Qt.LayoutDirection) -> QPointF:
    """Where ``place`` (of the mouse, say) was painted before :func:`mirror` moved it."""
    if direction is Qt.LayoutDirection.RightToLeft:
        return QPointF(rect.left() + rect.right() - place.x(), place.y())
    return place


def text_width(text: str, font: QFont) -> float:
    """Width in px of ``text`` on one line."""
    return float(QFontMetricsF(font).horizontalAdvance(text))
