"""The note's prose, section by section. Its links open only when they are clicked; times play."""

from __future__ import annotations

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QTextCharFormat, QTextCursor, QTextListFormat
from PySide6.QtWidgets import QWidget

from viewer.base.language import tr
from viewer.domain.note import Note
from viewer.domain.video import parse_address
from viewer.ui.notes_html import notes_html
from viewer.ui.reading_text import ReadingText
from viewer.ui.theme import ThemeManager


def open_in_browser(address: str) -> bool:
    """Hand a web address to the user's browser; anything but http and https is refused."""
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    if not url.isValid() or url.scheme().lower() not in ("http", "https") or not url.host():
        return False
    return QDesktopServices.openUrl(url)


_INDENT = 1.75
"""How far a list stands in from its text, in letters' heights."""

_NUMBERED = (
    QTextListFormat.Style.ListDecimal,
    QTextListFormat.Style.ListLowerAlpha,
    QTextListFormat.Style.ListUpperAlpha,
    QTextListFormat.Style.ListLowerRoman,
    QTextListFormat.Style.ListUpperRoman,
)

_AIR = 2.5
"""How many spaces stand between an item's sign and its words; Qt leaves them one."""


class NotesView(ReadingText):
    """Shows the note's sections."""

    timeActivated = Signal(str, int)
    """video id, ms: a link to a place in a video was clicked"""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent)
        self.setObjectName("notesView")
        self.setAccessibleName(tr("Notes"))
        self._note: Note | None = None
        self.anchorClicked.connect(self._clicked)

    def show_note(self, note: Note) -> None:
        """Show the note's sections from the beginning."""
        self._note = note
        self.verticalScrollBar().setValue(0)
        self.render_again()

    def make_page(self) -> None:
        """Make the page anew, keeping the place."""
        if self._note is None:
            return
        place = self.verticalScrollBar().value()
        html = notes_html(self._note, self.themes.theme, self.text_size, self.leading())
        if not html:
            html = "<p>" + tr("This note has no prose besides its lists and transcript.") + "</p>"
        self.document().setIndentWidth(round(self.text_size * _INDENT))
        self.setHtml(html)
        self._part_signs_from_words()
        self.lay_out()
        self.verticalScrollBar().setValue(place)

    def _part_signs_from_words(self) -> None:
        # Qt draws a sign one space before its words, in the format of the block, which no letter of them has: there a
        # space may be wider. Numbers would become wider, too: they end with spaces of their own.
        wide = QTextCharFormat()
        wide.setFontStretch(round(_AIR * 100))
        block = self.document().begin()
        while block.isValid():
            items = block.textList()
            if items is not None and items.format().style() in _NUMBERED:
                form = items.format()
                if not form.numberSuffix():
                    form.setNumberSuffix(".\u2002")
                    items.setFormat(form)
            elif items is not None:
                QTextCursor(block).mergeBlockCharFormat(wide)
            block = block.next()

    def go_to_heading(self, title: str) -> bool:
        """Put this heading at the top edge; False when there is none."""
        self.refresh()
        block = self.document().begin()
        while block.isValid():
            if block.text().strip() == title.strip():
                self.go_to(block.blockNumber(), -12)
                self.setTextCursor(QTextCursor(block))
                return True
            block = block.next()
        return False

    def _clicked(self, url: QUrl) -> None:
        text = url.toString()
        address = parse_address(text)
        if address is not None and address.start_ms is not None:
            self.timeActivated.emit(address.video.id, address.start_ms)
        else:
            open_in_browser(text)
