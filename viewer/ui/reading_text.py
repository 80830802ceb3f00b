"""What every reading page shares: a measured column in the middle, text size, typeface, finding, safe links."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QTextCursor,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QTextEdit, QWidget

from viewer.domain.timestamp import format_timestamp
from viewer.domain.transcript import Transcript
from viewer.qt.sealed_document import nothing_for
from viewer.ui.fonts import font, reading_family
from viewer.ui.theme import ThemeManager
from viewer.ui.transcript_html import RenderedTranscript, gutter_px

USUAL_MEASURE = 68
"""Letters in a line of reading text; 60 to 75 read best."""

USUAL_SPACING = 160
"""Distance of lines in percent of the text size."""

_BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
"""Whoever came so must see where the keys go now; whoever clicked knows."""

MAX_MARKS = 500
"""So many finds are marked at once: each costs layout time."""

_LONG = 30_000
"""A page of so many letters is laid out anew (some 5 ms at least) when the window's edge rests, not at every step."""

_REST_MS = 120


class ReadingText(QTextBrowser):
    """A read-only page. It never loads anything from outside the program, whatever its text says."""

    columnMoved = Signal(float)
    """px from the left to the column of text"""
    rendered = Signal()
    """the page was made anew: cursors into it are no more"""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.themes = themes
        self.text_size = 16
        self.serif = False
        self.measure = USUAL_MEASURE
        self.spacing = USUAL_SPACING
        self.lead = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # A hanging indent from right to left counts as overhang, and moves a window in Arabic aside by as much.
        across = self.horizontalScrollBar()
        across.rangeChanged.connect(lambda low, high: across.setRange(0, 0) if high else None)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
            | Qt.TextInteractionFlag.LinksAccessibleByMouse
        )
        self._stale = False
        self._ringed = False
        self._show_cursor(False)
        self._finds: list[QTextCursor] = []
        self._laid_out_in = QSize()
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._come_to_rest)
        themes.changed.connect(self.render_again)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Nothing: a picture in a note is never fetched, nor read from the disk, by opening the note."""
        return nothing_for(kind)

    def set_type(
        self, size: int, serif: bool, measure: int = USUAL_MEASURE, spacing: int = USUAL_SPACING
    ) -> None:
        """Read at ``size`` px in the serif or the sans typeface from now on, in lines of ``measure`` letters that are
        ``spacing`` percent of the size apart. What stands at the top edge stays there.
        """
        wanted = (size, serif, measure, spacing)
        if wanted == (self.text_size, self.serif, self.measure, self.spacing):
            return
        number, offset = self.place() if self.isVisible() else (0, 0)
        self.text_size, self.serif, self.measure, self.spacing = wanted
        self.render_again()
        if number or offset:
            self.go_to(number, 0)

    def render_again(self) -> None:
        """Renew the text after the theme or the type changed: at once, or when the page comes in front."""
        self._stale = True
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Make the page if what it shows has changed since it was made."""
        if self._stale:
            self._stale = False
            self._finds = []
            self.make_page()
            self.rendered.emit()

    def make_page(self) -> None:
        """Make the page anew. The page's own."""

    def showEvent(self, event: QShowEvent) -> None:
        self.refresh()
        super().showEvent(event)

    def leading(self) -> int:
        """Distance of lines in percent of the typeface's own, so that every typeface reads equally airy."""
        metrics = QFontMetricsF(font(self.text_size, family=reading_family(self.serif)))
        return round(self.spacing * self.text_size / max(1.0, metrics.lineSpacing()))

    # -- the column ------------------------------------------------------------------------------------------

    def lay_out(self) -> None:
        """Put the text in a column of a readable width in the middle."""
        document = self.document()
        wanted = font(self.text_size, family=reading_family(self.serif))
        if document.defaultFont() != wanted:
            document.setDefaultFont(wanted)
        option = document.defaultTextOption()
        stop = float(self._gutter()) or 32.0
        if option.tabStopDistance() != stop:
            option.setTabStopDistance(stop)
            document.setDefaultTextOption(option)
        metrics = QFontMetricsF(document.defaultFont())
        column = metrics.averageCharWidth() * self.measure
        room = self.viewport().width()
        side = max(24.0 if room < 560 else 32.0, (room - column - max(self._gutter(), self.lead)) / 2)
        right = max(side, room - side - column - self._gutter())
        frame = document.rootFrame()
        form = frame.frameFormat()
        moved = max(abs(form.leftMargin() - side), abs(form.rightMargin() - right))
        if moved > 0.5 or form.bottomMargin() != 96:
            form.setLeftMargin(side)
            form.setRightMargin(right)
            form.setTopMargin(20)
            form.setBottomMargin(96)
            frame.setFrameFormat(form)
            self.columnMoved.emit(side)

    def set_lead(self, lead: int) -> None:
        """Let the column begin where that of another page does, which has ``lead`` px more than the text."""
        if lead != self.lead:
            self.lead = lead
            if not self._stale:
                self.lay_out()

    def column_left(self) -> float:
        """Where the column begins, px from the left."""
        return float(self.document().rootFrame().frameFormat().leftMargin())

    def _gutter(self) -> int:
        transcript = getattr(self, "_transcript", None)
        return gutter_px(transcript, self.text_size) if isinstance(transcript, Transcript) else 0

    # -- the focus -------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._ring(event.reason() in _BY_KEYBOARD)
        self._show_cursor(event.reason() in _BY_KEYBOARD)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._ring(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._show_cursor(True)
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._ring(False)
        self._show_cursor(False)
        super().mousePressEvent(event)

    def _show_cursor(self, shown: bool) -> None:
        """Show the text cursor to whoever reads with the keys; to others it is a stroke through the first letter."""
        self.setCursorWidth(1 if shown else 0)

    def _ring(self, ringed: bool) -> None:
        if ringed != self._ringed:
            self._ringed = ringed
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._ringed:
            painter = QPainter(self.viewport())
            painter.setPen(QPen(self.themes.theme.color("accent"), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self.themes.changing and self.isVisible():
            return  # for a moment the bars are as wide as without a style sheet; the page is made anew after it
        if self.isVisible() and event.oldSize().isValid() and self.document().characterCount() > _LONG:
            if not self._rest.isActive():
                self._laid_out_in = event.oldSize()
            if event.size().width() != self._laid_out_in.width():
                self._rest.start()
                return
        self._rest.stop()
        super().resizeEvent(event)
        self.lay_out()

    def _come_to_rest(self) -> None:
        """Lay a long page out in the width that the window has come to; what stands at the top edge stays there."""
        number, offset = self.place()
        super().resizeEvent(QResizeEvent(self.viewport().size(), self._laid_out_in))
        self.lay_out()
        if number:
            self.go_to(number, offset)

    # -- places ----------------------------------------------------------------------------------------------

    def place(self) -> tuple[int, int]:
        """What stands at the top edge: the number of its block, and how many px of it are above the edge."""
        if not self.verticalScrollBar().value():
            return 0, 0
        block = self.cursorForPosition(QPoint(self.viewport().width() // 2, 4)).block()
        top = self.document().documentLayout().blockBoundingRect(block).top()
        return block.blockNumber(), round(self.verticalScrollBar().value() - top)

    def go_to(self, number: int, offset: int = 0) -> None:
        """Put the block with this number at the top edge, ``offset`` px of it above."""
        self.refresh()
        block = self.document().findBlockByNumber(number)
        if block.isValid() and (number or offset):
            top = self.document().documentLayout().blockBoundingRect(block).top()
            self.verticalScrollBar().setValue(round(top + offset))

    # -- finding ---------------------------------------------------------------------------------------------

    def find_all(self, text: str) -> int:
        """Mark every place of ``text`` (letter case ignored) and return how many there are."""
        self._finds = []
        if text:
            cursor = QTextCursor(self.document())
            while True:
                cursor = self.document().find(text, cursor, QTextDocument.FindFlag(0))
                if cursor.isNull():
                    break
                self._finds.append(QTextCursor(cursor))
        self._mark(-1)
        return len(self._finds)

    @property
    def finds(self) -> int:
        """How many places are marked."""
        return len(self._finds)

    def show_marks(self, cursors: list[QTextCursor]) -> None:
        """Mark these places instead of those found before."""
        self._finds = list(cursors)
        self._mark(-1)

    def first_find_from_here(self) -> int:
        """Number of the first find at or after the cursor or the top of the view; 0 when there is none after."""
        here = self.cursorForPosition(self.viewport().rect().topLeft()).position()
        for number, cursor in enumerate(self._finds):
            if cursor.selectionStart() >= here:
                return number
        return 0

    def show_find(self, number: int) -> None:
        """Bring the number-th find into sight."""
        if 0 <= number < len(self._finds):
            cursor = QTextCursor(self._finds[number])
            cursor.setPosition(cursor.selectionStart())
            self.setTextCursor(cursor)
            self.ensureCursorVisible()
            self._mark(number)

    def _mark(self, current: int) -> None:
        theme = self.themes.theme
        marks = []
        for number, cursor in enumerate(self._finds[:MAX_MARKS]):
            mark = QTextEdit.ExtraSelection()
            mark.cursor = cursor
            if number == current:
                mark.format.setBackground(theme.color("accent"))
                mark.format.setForeground(theme.color("accent_text"))
            else:
                mark.format.setBackground(QColor(theme.css("find")))
            marks.append(mark)
        self.setExtraSelections(marks)


def times_and_text(
    cursor: QTextCursor,
    document: QTextDocument,
    rendered: RenderedTranscript,
    transcript: Transcript,
    *,
    times: bool,
    speakers: bool,
) -> str:
    """The selected stretch (all, without a selection) cue by cue, with or without its times and speakers."""
    begin, end = cursor.selectionStart(), cursor.selectionEnd()
    if begin == end:
        begin, end = 0, document.characterCount()
    lines: list[str] = []
    last_speaker: str | None = None
    for row, number in enumerate(rendered.block_of_row):
        block = document.findBlockByNumber(number)
        prefix = rendered.prefix_of_row[row]
        first = block.position() + prefix
        if block.position() + block.length() <= begin or block.position() >= end:
            continue
        text = block.text()[prefix + max(0, begin - first) : prefix + max(0, end - first)]
        if not text.strip():
            continue
        cue = transcript.cues[row]
        head = ""
        if times and cue.start_ms is not None:
            head = f"[{format_timestamp(cue.start_ms)}] "
        if speakers and cue.speaker and cue.speaker != last_speaker:
            head += f"{cue.speaker}: "
        last_speaker = cue.speaker
        lines.append(head + text)
    return "\n\n".join(lines)
