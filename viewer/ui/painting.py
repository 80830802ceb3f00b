"""Drawing text for delegates: wrapped to a width, elided after so many lines, measured before it is painted."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption


@lru_cache(maxsize=4096)
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
    """Draw ``text`` from the rectangle's top left (or each line in its middle) and return the height it took."""
    if not text:
        return 0.0
    lines, step = _lines(text, font.toString(), int(rect.width()), most, leading)
    painter.setFont(font)
    painter.setPen(color)
    metrics = QFontMetricsF(font)
    base = rect.top() + (step - metrics.height()) / 2 + metrics.ascent()
    for line in lines:
        shift = (rect.width() - metrics.horizontalAdvance(line)) / 2 if centred else 0.0
        painter.drawText(QPointF(rect.left() + shift, base), line)
        base += step
    return len(lines) * step


def text_width(text: str, font: QFont) -> float:
    """Width in px of ``text`` on one line."""
    return float(QFontMetricsF(font).horizontalAdvance(text))
