"""A quote as a picture: the words large in the reading typeface, who said them where and when, and how true they are."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QTextLayout, QTextOption

from viewer.base.language import tr
from viewer.domain.cited_quote import CitedQuote
from viewer.domain.judgement import Verdict
from viewer.domain.timestamp import format_timestamp
from viewer.export.quote_text import runs_right_to_left
from viewer.ui.fonts import font, serif_family
from viewer.ui.icons import paint_icon
from viewer.ui.quote_words import COLORS, ICONS
from viewer.ui.text import DOT, date_text
from viewer.ui.theme import Theme

WIDTH = 800
"""Width of the picture in its own units; the image has ``SCALE`` pixels for each."""

SCALE = 2

_MARGIN = 64
_SIZES = ((90, 38), (180, 32), (320, 27), (600, 22), (10**9, 18))
"""Up to so many letters the words are set in this size."""

_LONGEST = 1400
_LINE_HEIGHT = 1.34


def quote_picture(quote: CitedQuote, theme: Theme) -> QImage:
    """Paint ``quote`` in the theme's colours, 1600 px wide and as high as its words need. GUI thread."""
    words = " ".join(quote.bare_text.split()) or quote.title
    if len(words) > _LONGEST:
        words = words[: _LONGEST - 1].rsplit(" ", 1)[0] + "…"
    size = next(size for most, size in _SIZES if len(words) <= most)
    inner = WIDTH - 2 * _MARGIN
    body = _Block(words, _font(size, serif=True), inner, _LINE_HEIGHT)
    speaker = _Block(quote.speaker or "", _font(19, bold=True), inner, 1.3)
    source = _Block(_source(quote), _font(15), inner, 1.4)
    foot = 26
    height = _MARGIN + 52 + body.height + 30 + 1 + 24 + speaker.height + source.height + 26 + foot + 34
    image = QImage(WIDTH * SCALE, round(height) * SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SCALE)
    image.fill(theme.color("surface"))
    painter = QPainter(image)
    painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.fillRect(QRectF(0, 0, WIDTH, 6), theme.color("accent"))
    _paint_mark(painter, theme, body.right_to_left)
    y = float(_MARGIN + 52)
    body.draw(painter, _MARGIN, y, theme.color("text"))
    y += body.height + 30
    painter.fillRect(QRectF(_MARGIN, y, inner, 1), theme.color("border"))
    y += 25
    speaker.draw(painter, _MARGIN, y, theme.color("text"))
    y += speaker.height
    source.draw(painter, _MARGIN, y, theme.color("text_soft"))
    y += source.height + 26
    _paint_foot(painter, quote, theme, QRectF(_MARGIN, y, inner, foot))
    painter.end()
    # Whoever takes it from the clipboard knows nothing of units: it has the size it has.
    image.setDevicePixelRatio(1)
    return image


def _font(size: float, *, bold: bool = False, serif: bool = False) -> QFont:
    return font(size, bold=bold, family=serif_family() if serif else None)


def _source(quote: CitedQuote) -> str:
    place = format_timestamp(quote.segment.start_ms) if quote.segment is not None else ""
    facts = DOT.join(part for part in (quote.channel or "", date_text(quote.published), place) if part)
    return "\n".join(part for part in (quote.note_title, facts) if part)


def _paint_mark(painter: QPainter, theme: Theme, right_to_left: bool) -> None:
    painter.setFont(_font(110, serif=True, bold=True))
    painter.setPen(theme.color("accent"))
    side = Qt.AlignmentFlag.AlignRight if right_to_left else Qt.AlignmentFlag.AlignLeft
    box = QRectF(_MARGIN - 6, _MARGIN - 26, WIDTH - 2 * _MARGIN + 12, 130)
    painter.drawText(box, side | Qt.AlignmentFlag.AlignTop, "”" if right_to_left else "“")


def _paint_foot(painter: QPainter, quote: CitedQuote, theme: Theme, box: QRectF) -> None:
    """How true it is on the leading side, the program's name on the other."""
    known = quote.verdict in {verdict.value for verdict in Verdict}
    if known and quote.verdict is not None:
        verdict = Verdict(quote.verdict)
        color = theme.color(COLORS[verdict])
        icon = QRectF(box.left(), box.top() + 3, 18, 18)
        paint_icon(painter, ICONS[verdict], theme.css(COLORS[verdict]), icon)
        painter.setFont(_font(14, bold=True))
        painter.setPen(color)
        words = box.adjusted(26, 0, 0, 0)
        painter.drawText(
            words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, quote.verdict_words
        )
    painter.setFont(_font(12))
    painter.setPen(theme.color("text_soft"))
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, tr("Soundbite"))


class _Block:
    """Wrapped text of one look: its height is known before it is drawn. Text from right to left stands on the right."""

    def __init__(self, text: str, look: QFont, width: float, spacing: float) -> None:
        self.height = 0.0
        self.right_to_left = runs_right_to_left(text)
        self._layouts: list[QTextLayout] = []
        for line in text.split("\n") if text else ():
            layout = QTextLayout(line, look)
            option = QTextOption()
            option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
            right = runs_right_to_left(line)
            option.setTextDirection(
                Qt.LayoutDirection.RightToLeft if right else Qt.LayoutDirection.LeftToRight
            )
            option.setAlignment(Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft)
            layout.setTextOption(option)
            layout.beginLayout()
            while True:
                row = layout.createLine()
                if not row.isValid():
                    break
                row.setLineWidth(width)
                row.setPosition(QPointF(0, self.height))
                self.height += max(row.height(), look.pixelSize() * spacing)
            layout.endLayout()
            self._layouts.append(layout)

    def draw(self, painter: QPainter, x: float, y: float, color: QColor) -> None:
        painter.setPen(color)
        for layout in self._layouts:
            layout.draw(painter, QPointF(x, y))
