"""An outline as a PDF: laid out by QTextDocument, so that every script is shaped, and written as real text."""

from __future__ import annotations

import html
import re
from pathlib import Path

from PySide6.QtCore import QLocale, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextDocument,
)

from viewer.base.cancel import CancelToken
from viewer.base.errors import ReadError
from viewer.base.language import tr
from viewer.domain.cited_quote import CitedQuote, Heading, Outline
from viewer.export.documents import caption_text
from viewer.export.quote_text import place_text, runs_right_to_left
from viewer.qt.sealed_document import SealedDocument

_DPI = 300
_MARGIN_MM = 22.0
_LIGA = int.from_bytes(b"liga", "big")
"""OpenType's tag for the usual ligatures."""

_JOINED = re.compile("[\u0600-\u1aff]")
"""Arabic and the scripts of India and its neighbours, whose ligatures are how they are written."""

_LETTER_COUNTRIES = frozenset(
    {
        QLocale.Country.UnitedStates,
        QLocale.Country.Canada,
        QLocale.Country.Mexico,
        QLocale.Country.Philippines,
        QLocale.Country.Chile,
        QLocale.Country.Colombia,
        QLocale.Country.Venezuela,
    }
)
"""Where people print on Letter (Unicode CLDR, supplemental data, paperSize); everybody else has A4."""

_STYLE = """
h1 { font-size: 21pt; margin-bottom: 26px; }
h2 { font-size: 15pt; margin-top: 30px; margin-bottom: 10px; }
h3 { font-size: 11pt; margin-top: 16px; margin-bottom: 2px; }
p { margin-top: 8px; margin-bottom: 14px; line-height: 135%; }
.quote { margin-left: 22px; margin-right: 22px; margin-top: 6px; margin-bottom: 3px; }
.source { margin-left: 22px; margin-right: 22px; margin-top: 0px; margin-bottom: 14px; font-size: 8.5pt; color: #55565f; }
.comment { margin-left: 22px; margin-right: 22px; margin-top: 0px; font-style: italic; }
a { color: #2f5bd0; text-decoration: none; }
"""


def page_size(locale: QLocale | None = None) -> QPageSize.PageSizeId:
    """A4, or Letter where the locale's country prints on it."""
    country = (locale or QLocale.system()).territory()
    return QPageSize.PageSizeId.Letter if country in _LETTER_COUNTRIES else QPageSize.PageSizeId.A4


def write_pdf(
    outline: Outline,
    title: str,
    target: Path,
    cancel: CancelToken,
    family: str = "",
    locale: QLocale | None = None,
) -> None:
    """Write the document to ``target``; needs a QGuiApplication, runs on any thread. Raises ReadError or Cancelled.

    ``family`` is the typeface; Qt finds others for the scripts that it has not.
    """
    writer = QPdfWriter(str(target))
    writer.setTitle(title)
    writer.setCreator("Soundbite")
    writer.setResolution(_DPI)
    writer.setPageSize(QPageSize(page_size(locale)))
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    document = SealedDocument()
    document.setUndoRedoEnabled(False)
    document.documentLayout().setPaintDevice(writer)
    font = QFont(family) if family else QFont("serif")
    font.setPointSizeF(11)
    page = _html(outline, title, cancel)
    if not _JOINED.search(page):
        # Ligatures would be copied and searched as letters of their own: "ﬁrst" is not found as "first".
        font.setFeature(QFont.Tag.fromValue(_LIGA), 0)
    document.setDefaultFont(font)
    document.setDefaultStyleSheet(_STYLE)
    document.setDocumentMargin(0)
    document.setHtml(page)
    foot = round(_DPI * 0.35)
    body = QSizeF(writer.width(), writer.height() - foot)
    document.setPageSize(body)
    _paint(document, writer, body, foot, cancel)


def _paint(document: QTextDocument, writer: QPdfWriter, body: QSizeF, foot: int, cancel: CancelToken) -> None:
    painter = QPainter()
    if not painter.begin(writer):
        raise ReadError(tr("The PDF could not be written."), tr("Check that the disk is not full."))
    small = QFont(document.defaultFont())
    small.setPointSizeF(8)
    pages = document.pageCount()
    # The palette of the window may be a dark one; paper is white.
    context = QAbstractTextDocumentLayout.PaintContext()
    context.palette = QPalette(Qt.GlobalColor.black, Qt.GlobalColor.white)
    try:
        for page in range(pages):
            cancel.raise_if_cancelled()
            if page and not writer.newPage():
                raise ReadError(tr("The PDF could not be written."), tr("Check that the disk is not full."))
            painter.save()
            top = page * body.height()
            painter.translate(0, -top)
            context.clip = QRectF(0, top, body.width(), body.height())
            painter.setClipRect(context.clip)
            document.documentLayout().draw(painter, context)
            painter.restore()
            painter.setFont(small)
            line = QRectF(0, body.height(), body.width(), foot)
            painter.drawText(
                line, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter, f"{page + 1}"
            )
    finally:
        painter.end()


def _html(outline: Outline, title: str, cancel: CancelToken) -> str:
    """The document in the HTML that QTextDocument knows. Every value is escaped."""
    parts = [_block("h1", title)]
    for part in outline:
        cancel.raise_if_cancelled()
        if isinstance(part, CitedQuote):
            parts.append(_quote(part))
        else:
            parts.append(_block("h2" if isinstance(part, Heading) else "p", part.text))
    return "".join(parts)


def _block(tag: str, text: str, css: str = "", extra: str = "") -> str:
    words = html.escape(text.replace("\0", "")).replace("\n", "<br>")
    kind = f' class="{css}"' if css else ""
    # Written out always: a block without it takes that of the block before.
    direction = "rtl" if runs_right_to_left(text) else "ltr"
    return f'<{tag}{kind} dir="{direction}">{words}{extra}</{tag}>' if text or extra else ""


def _quote(quote: CitedQuote) -> str:
    source, place, url = caption_text(quote), place_text(quote), quote.url_at
    extra = (", " if source and place else "") + html.escape(place)
    if quote.verdict_words:
        extra += f" · {html.escape(quote.verdict_words)}"
    if url.startswith(("https://", "http://")):
        # Written out, in a line of its own that does not break: QPdfWriter makes no links, but readers make one of
        # an address, and paper has none at all.
        link = f'<a href="{html.escape(url, quote=True)}">{html.escape(url)}</a>'
        extra += f"<br>{link}" if source or place else link
    tags = " ".join(f"#{tag}" for tag in quote.tags)
    return "".join(
        (
            _block("h3", quote.title),
            _block("p", f"“{quote.bare_text}”" if quote.bare_text else "", "quote"),
            _block("p", f"— {source}" if source else "", "source", extra),
            _block("p", quote.comment, "comment"),
            _block("p", tags, "source"),
        )
    )
