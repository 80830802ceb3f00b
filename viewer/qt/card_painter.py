"""Paints the title cards and captions of a film. May be used on a worker thread: it paints on pictures only."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QImageWriter,
    QLinearGradient,
    QPainter,
    QTextLayout,
    QTextOption,
)

from viewer.export.film_parts import Card, CardKind

_TOP, _FOOT = QColor("#1d2026"), QColor("#121418")
_INK, _SOFT, _ACCENT = QColor("#f4f1ea"), QColor("#aeb0b6"), QColor("#5fd0c0")
_SHADE = QColor(0, 0, 0, 190)
_MARGIN = 0.09
_SMALLEST = 0.6
"""A long text is made smaller down to this share of its size; what still is too long is cut with an ellipsis."""


@dataclass(frozen=True, slots=True)
class CardFonts:
    """The typefaces: ``sans`` for names and captions, ``serif`` for headings and words."""

    sans: str
    serif: str


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines of text that were broken to a width; ``height`` in pixels."""

    layout: QTextLayout
    height: float
    lines: int


class QtCardPainter:
    """A ``viewer.export.film_parts.CardPainter``; sizes follow the picture's height."""

    def __init__(self, fonts: CardFonts) -> None:
        self._fonts = fonts

    def __call__(self, card: Card, width: int, height: int) -> bytes:
        """The card as a PNG of ``width`` by ``height`` pixels."""
        caption = card.kind is CardKind.CAPTION
        form = QImage.Format.Format_ARGB32_Premultiplied if caption else QImage.Format.Format_RGB32
        image = QImage(width, height, form)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        try:
            if caption:
                self._caption(painter, card.title, width, height)
            else:
                self._ground(painter, width, height)
                self._card(painter, card, width, height)
        finally:
            painter.end()
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"png")).write(image)
        return bytes(data.data())

    @staticmethod
    def _ground(painter: QPainter, width: int, height: int) -> None:
        gradient = QLinearGradient(QPointF(0, 0), QPointF(0, height))
        gradient.setColorAt(0, _TOP)
        gradient.setColorAt(1, _FOOT)
        painter.fillRect(0, 0, width, height, gradient)

    def _card(self, painter: QPainter, card: Card, width: int, height: int) -> None:
        """A bar in the accent's colour, the title, the lines below it: left-aligned, a little above the middle."""
        wide = width * (1 - 2 * _MARGIN)
        clip = card.kind is CardKind.CLIP
        size = {CardKind.HEADING: 0.105, CardKind.WORDS: 0.062}.get(card.kind, 0.088)
        family = self._fonts.sans if clip else self._fonts.serif
        most = 9 if card.kind is CardKind.WORDS else 4
        title = _fitted(card.title, family, size * height, clip, wide, height * 0.56, most)
        below = [
            _fitted(line, self._fonts.sans, height * 0.043, False, wide, height * 0.15, 2)
            for line in card.lines
        ]
        gap = height * 0.05
        total = title.height + (gap if below else 0) + sum(block.height for block in below)
        top = max(height * _MARGIN, (height - total) * 0.47)
        bar = QRectF(width * _MARGIN, top - height * 0.055, width * 0.06, max(2.0, height * 0.008))
        painter.fillRect(bar, _ACCENT)
        painter.setPen(_INK)
        title.layout.draw(painter, QPointF(width * _MARGIN, top))
        top += title.height + gap
        for number, block in enumerate(below):
            last = number == len(below) - 1
            painter.setPen(_SOFT if last else _INK)
            block.layout.draw(painter, QPointF(width * _MARGIN, top))
            top += block.height

    def _caption(self, painter: QPainter, text: str, width: int, height: int) -> None:
        """Words in the middle near the foot, on a dark ground that is as wide as they are."""
        if not text:
            return
        wide = width * 0.84
        block = _fitted(text, self._fonts.sans, height * 0.052, True, wide, height * 0.3, 3, centred=True)
        bounds = block.layout.boundingRect()
        pad = height * 0.018
        left = (width - wide) / 2
        top = height * 0.94 - block.height - pad
        used = max(
            block.layout.lineAt(number).naturalTextWidth() for number in range(block.layout.lineCount())
        )
        box = QRectF((width - used) / 2 - 1.4 * pad, top - pad, used + 2.8 * pad, bounds.height() + 2 * pad)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_SHADE)
        painter.drawRoundedRect(box, pad, pad)
        painter.setPen(_INK)
        block.layout.draw(painter, QPointF(left, top))


def _fitted(
    text: str,
    family: str,
    pixels: float,
    bold: bool,
    width: float,
    height: float,
    most: int,
    *,
    centred: bool = False,
) -> _Block:
    """``text`` broken to ``width``, smaller where it would be higher than ``height`` or have more than ``most`` lines."""
    size = pixels
    while True:
        block = _broken(text, family, size, bold, width, centred)
        fits = block.height <= height and block.lines <= most
        if fits:
            return block
        if size <= pixels * _SMALLEST:
            break
        size = max(pixels * _SMALLEST, size * 0.92)
    low, high = 0, len(text)
    while low < high:  # as many whole letters as fit
        middle = (low + high + 1) // 2
        block = _broken(text[:middle].rstrip() + "…", family, size, bold, width, centred)
        if block.height <= height and block.lines <= most:
            low = middle
        else:
            high = middle - 1
    return _broken(text[:low].rstrip() + "…", family, size, bold, width, centred)


def _broken(text: str, family: str, pixels: float, bold: bool, width: float, centred: bool) -> _Block:
    font = QFont(family)
    font.setPixelSize(max(6, round(pixels)))
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    layout = QTextLayout(text.replace("\n", "\u2028"), font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    if centred:
        option.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    layout.setTextOption(option)
    layout.beginLayout()
    top = 0.0
    while True:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0, top))
        top += line.height() * 1.18
    layout.endLayout()
    return _Block(layout, top, layout.lineCount())
