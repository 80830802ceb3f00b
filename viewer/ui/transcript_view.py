"""The transcript as real text: times in a gutter, the playing line marked, the view following it."""

from __future__ import annotations

from bisect import bisect_right
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QMimeData,
    QPoint,
    QPointF,
    QPropertyAnimation,
    QRectF,
    Qt,
    QUrl,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QToolTip, QWidget

from viewer.base.language import tr
from viewer.domain.mark import Mark
from viewer.domain.note import Note
from viewer.domain.transcript import Transcript
from viewer.qt.plain_words import plain_tip
from viewer.ui import motion
from viewer.ui.actions import describe_action
from viewer.ui.own_marks import MarkedStretch, OwnMarks, hover_words
from viewer.ui.reading_text import ReadingText, times_and_text
from viewer.ui.text_marks import TextMark, TextMarks
from viewer.ui.text_selection import selected_range
from viewer.ui.theme import ThemeManager
from viewer.ui.transcript_html import RenderedTranscript, render_transcript

if TYPE_CHECKING:  # what reads words is loaded when some are selected, not at the start
    from viewer.domain.selection import Position

_CALM_TOP, _CALM_BOTTOM = 0.12, 0.72
"""The playing line may wander between these parts of the view's height before the view moves."""

_SCROLL_KEYS = (
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
)


class TranscriptView(ReadingText):
    """Shows one transcript. The playing cue is painted behind the text, never a change of the document."""

    cueActivated = Signal(int)
    """row of the cue whose time was clicked"""
    followingChanged = Signal(bool)
    markMenuWanted = Signal(object, QMenu)
    """QuoteCheck whose words were clicked with the other button, menu to fill"""
    menuWanted = Signal(object, QMenu)
    """the reader's own Mark under the pointer or None, menu to fill before all else"""
    ownMarkClicked = Signal(object)
    """the reader's own Mark whose words were clicked"""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent)
        self.setObjectName("readerView")
        self.setAccessibleName(tr("Transcript"))
        self._transcript = Transcript()
        self._rendered = RenderedTranscript("", (), ())
        self._top_row = 0
        self._marks = TextMarks(self._block_and_prefix)
        self.own = OwnMarks(self._block_and_prefix)
        self._playing: int | None = None
        self._describe()
        self._following = True
        self._moving = QPropertyAnimation(self.verticalScrollBar(), b"value", self)
        self._moving.setDuration(220)
        self._moving.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.anchorClicked.connect(self._clicked)
        self.cursorPositionChanged.connect(self._cursor_moved)
        bar = self.verticalScrollBar()
        bar.sliderMoved.connect(self._reader_scrolled)
        bar.actionTriggered.connect(self._reader_scrolled)
        self._follow_button = QPushButton(tr("Back to the playing line"), self)
        self._follow_button.setObjectName("followButton")
        words = tr("Show the line that is being said, and follow it again")
        describe_action(self._follow_button, words, "follow")
        self._follow_button.setCursor(Qt.CursorShape.PointingHandCursor)
        self._follow_button.clicked.connect(self.follow)
        self._follow_button.hide()

    # -- what is shown ---------------------------------------------------------------------------------------

    def show_note(self, note: Note) -> None:
        """Show the note's transcript from its beginning."""
        self._transcript = note.transcript
        self._forget_lines()
        self._set_following(True)
        self.render_again()

    def show_transcript(self, transcript: Transcript) -> None:
        """Show another transcript of the same note, at the same time of the talk; times of words alone change nothing."""
        before, self._transcript = self._transcript, transcript
        if _shown(before) == _shown(transcript):
            return
        row, offset = self.place()
        place = before.cues[row].start_ms if row < len(before.cues) else None
        self._forget_lines()
        self.render_again()
        again = transcript.cue_at(place) if place is not None else None
        if again is not None and (row or offset):
            # The same line in the same place of the window; another line of the talk begins at the edge.
            self.go_to(again, offset if transcript.cues[again].text == before.cues[row].text else 0)

    def _forget_lines(self) -> None:
        self._marks.set_marks([])
        self.own.set_stretches([])
        self._playing = None
        self._describe()
        self._rendered = RenderedTranscript("", (), ())
        self.verticalScrollBar().setValue(0)

    def set_marks(self, marks: list[TextMark]) -> None:
        """Underline the words of highlights and quotes, these and no others."""
        self._marks.set_marks(marks)
        self.viewport().update()

    def mark_at_cursor(self) -> TextMark | None:
        """The mark in which the text cursor stands."""
        place = self._cursor_place()
        return self._marks.at_character(*place) if place is not None else None

    def set_own_marks(self, stretches: list[MarkedStretch], chosen: str = "") -> None:
        """Tint what the reader has marked, and emphasize the mark with the id ``chosen``."""
        self.own.set_stretches(stretches)
        self.own.chosen = chosen
        self.viewport().update()

    def own_mark_at_cursor(self) -> Mark | None:
        """The reader's own mark in which the text cursor stands."""
        place = self._cursor_place()
        return self.own.at_character(*place) if place is not None else None

    def _cursor_place(self) -> tuple[int, int] | None:
        cursor = self.textCursor()
        row = self._row_of_block(cursor.blockNumber())
        return None if row is None else (row, cursor.positionInBlock() - self._rendered.prefix_of_row[row])

    def selected(self) -> tuple[Position, Position] | None:
        """The selected words as (cue, character), half-open; None without any."""
        return selected_range(self.textCursor(), self.document(), self._rendered, self._transcript)

    def make_page(self) -> None:
        """Make the text anew, keeping the place."""
        row = self._row_at_top()
        self._top_row = row or 0
        theme = self.themes.theme
        self._rendered = render_transcript(self._transcript, theme, self.text_size, self.leading())
        self.setHtml(self._rendered.html)
        self.lay_out()
        block = self._block(row) if row else None
        if block is not None:
            self.verticalScrollBar().setValue(int(self._block_rect(block).top()))

    # -- the playing line ------------------------------------------------------------------------------------

    @property
    def playing_row(self) -> int | None:
        """Row of the cue that is marked as playing."""
        return self._playing

    @property
    def following(self) -> bool:
        """Whether the view moves with the playing line."""
        return self._following

    def set_playing(self, row: int | None) -> None:
        """Mark the cue in ``row`` (None: none) and, while following, keep it in sight."""
        if row == self._playing:
            return
        self._playing = row
        self._describe()
        self.viewport().update()
        if row is not None and self._following:
            self._bring_into_view()
        self._place_button()

    def _describe(self) -> None:
        """Tell a screen reader which line plays."""
        words = tr("Press Enter on a line to play it; the playing line is followed.")
        block = self._block(self._playing)
        if block is not None:
            words = f"{' '.join(block.text().split())}  {words}"
        self.setAccessibleDescription(words)

    def follow(self) -> None:
        """Go back to the playing line and follow it from now on."""
        self._set_following(True)
        self._bring_into_view(always=True)

    def show_row(self, row: int) -> None:
        """Bring the cue into sight without playing it, and put the cursor on it (a search hit, a fallback)."""
        block = self._block(row)
        if block is not None:
            self.setTextCursor(QTextCursor(block))
            self._scroll_to(self._block_rect(block))

    def _set_following(self, following: bool) -> None:
        if following != self._following:
            self._following = following
            self.followingChanged.emit(following)
        self._place_button()

    def _reader_scrolled(self, *_: object) -> None:
        self._moving.stop()
        if self._playing is not None:
            self._set_following(False)

    def _bring_into_view(self, always: bool = False) -> None:
        block = self._block(self._playing)
        if block is None:
            return
        rect = self._block_rect(block)
        height = self.viewport().height()
        top = rect.top() - self.verticalScrollBar().value()
        calm = height * _CALM_TOP <= top and top + min(rect.height(), height * 0.5) <= height * _CALM_BOTTOM
        if always or not calm:
            self._scroll_to(rect)

    def _scroll_to(self, rect: QRectF) -> None:
        bar = self.verticalScrollBar()
        target = max(0, min(bar.maximum(), int(rect.top() - self.viewport().height() * 0.28)))
        self._moving.stop()
        if motion.reduced():
            bar.setValue(target)
            return
        self._moving.setStartValue(bar.value())
        self._moving.setEndValue(target)
        self._moving.start()

    def _place_button(self) -> None:
        self._follow_button.setVisible(self._playing is not None and not self._following)
        self._follow_button.adjustSize()
        x = (self.viewport().width() - self._follow_button.width()) // 2
        self._follow_button.move(max(8, x), self.height() - self._follow_button.height() - 16)

    # -- from rows to places and back ------------------------------------------------------------------------

    def _block(self, row: int | None) -> QTextBlock | None:
        if row is None or row >= len(self._rendered.block_of_row):
            return None
        block = self.document().findBlockByNumber(self._rendered.block_of_row[row])
        return block if block.isValid() else None

    def _block_and_prefix(self, row: int) -> tuple[QTextBlock, int] | None:
        block = self._block(row)
        return None if block is None else (block, self._rendered.prefix_of_row[row])

    def _block_rect(self, block: QTextBlock) -> QRectF:
        return self.document().documentLayout().blockBoundingRect(block)

    def _row_of_block(self, number: int) -> int | None:
        blocks = self._rendered.block_of_row
        place = bisect_right(blocks, number) - 1
        return place if place >= 0 else (0 if blocks else None)

    def _row_at_top(self) -> int | None:
        if not self._rendered.block_of_row or not self.verticalScrollBar().value():
            return None
        cursor = self.cursorForPosition(QPoint(self.viewport().width() // 2, 4))
        return self._row_of_block(cursor.blockNumber())

    def row_at(self, ms: int) -> int | None:
        """Row of the cue that is being said at ``ms``."""
        return self._transcript.cue_at(ms)

    def place(self) -> tuple[int, int]:
        """The row of the cue at the top edge, and how many px of it are above the edge."""
        number, offset = super().place()
        row = self._row_of_block(number)
        if row is None or not (number or offset):
            return 0, 0
        return row, offset + self._block_top(number) - self._block_top(self._rendered.block_of_row[row])

    def go_to(self, number: int, offset: int = 0) -> None:
        """Put the cue of this row at the top edge, ``offset`` px of it above."""
        self.refresh()
        if (number or offset) and number < len(self._rendered.block_of_row):
            super().go_to(self._rendered.block_of_row[number], offset)

    def start_of(self, row: int) -> int | None:
        """When the cue of this row begins (ms); None when that is not known or there is no such cue."""
        cues = self._transcript.cues
        return cues[row].start_ms if 0 <= row < len(cues) else None

    def _block_top(self, number: int) -> int:
        return round(self._block_rect(self.document().findBlockByNumber(number)).top())

    def row_at_cursor(self) -> int | None:
        """Row of the cue the text cursor stands in."""
        return self._row_of_block(self.textCursor().blockNumber())

    # -- copying ---------------------------------------------------------------------------------------------

    def copied_text(self, *, times: bool, speakers: bool) -> str:
        """The selected text, or all of it, as it is put on the clipboard."""
        cursor = self.textCursor()
        return times_and_text(
            cursor, self.document(), self._rendered, self._transcript, times=times, speakers=speakers
        )

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copying leaves the times out: who quotes wants the words."""
        data = QMimeData()
        data.setText(self.copied_text(times=False, speakers=False))
        return data

    def copy_with(self, *, times: bool, speakers: bool) -> None:
        """Put the selection (or, without one, the whole transcript) on the clipboard."""
        QApplication.clipboard().setText(self.copied_text(times=times, speakers=speakers))

    # -- events ----------------------------------------------------------------------------------------------

    def _clicked(self, url: QUrl) -> None:
        if url.scheme() == "cue":
            self.cueActivated.emit(int(url.path()))

    def paintEvent(self, event: QPaintEvent) -> None:
        block = self._block(self._playing)
        if block is not None:
            rect = self._block_rect(block).translated(0, -self.verticalScrollBar().value())
            rect = rect.adjusted(-12, -4, 12, 4)
            theme = self.themes.theme
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft"))
            painter.drawRoundedRect(rect, 8, 8)
            painter.setBrush(theme.color("accent"))
            painter.drawRoundedRect(QRectF(rect.left(), rect.top() + 6, 3, rect.height() - 12), 1.5, 1.5)
            painter.end()
        rows = self._visible_rows()
        offset = QPointF(-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
        if rows is not None and self.own.count:
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.own.paint_ground(painter, *rows, offset, self.themes.theme)
            painter.end()
        super().paintEvent(event)
        if rows is not None:
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.own.paint_lines(painter, self.themes.theme)
            self._marks.paint(painter, *rows, offset, self.themes.theme)
            painter.end()

    def _visible_rows(self) -> tuple[int, int] | None:
        blocks = self._rendered.block_of_row
        if not blocks:
            return None
        top = self.verticalScrollBar().value()
        # Not by cursorForPosition: in a long text that costs milliseconds.
        first = self._top_row = self._row_at_height(top, min(self._top_row, len(blocks) - 1))
        return first, self._row_at_height(top + self.viewport().height(), first)

    def _row_at_height(self, y: int, near: int) -> int:
        """The row of the last cue that begins above ``y`` (px in the page), looked for from ``near`` in growing steps.

        Asking where a cue begins lays out all the text above it: of a long talk that was just opened, most need not
        be laid out before it is painted.
        """
        blocks = self._rendered.block_of_row
        low, high, step = 0, len(blocks), 1
        if self._block_top(blocks[near]) > y:
            high = near
        else:
            low = near
            while near + step < high:
                if self._block_top(blocks[near + step]) > y:
                    high = near + step
                    break
                low = near + step
                step *= 2
        return max(0, bisect_right(blocks, y, low, high, key=self._block_top) - 1)

    def _point_at(self, mark: TextMark | None) -> None:
        check = mark.check if mark is not None else None
        if check is not self._marks.hovered:
            self._marks.hovered = check
            self.viewport().update()

    def _cursor_moved(self) -> None:
        """A cursor moved by the keyboard says which highlight it has come into."""
        mark = self.mark_at_cursor() if self.hasFocus() else None
        hovered = self._marks.hovered
        self._point_at(mark)
        if mark is not None and mark.check is not hovered and not QApplication.mouseButtons():
            QToolTip.showText(self.mapToGlobal(self.cursorRect().bottomRight()), plain_tip(mark.words), self)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            own, mark = self.own.at(QPointF(event.pos())), self._marks.at(QPointF(event.pos()))
            words = [hover_words(own)] if own is not None else []
            words += [mark.words] if mark is not None else []
            if words:
                QToolTip.showText(event.globalPos(), plain_tip("\n".join(words)), self)
                return True
        return super().viewportEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._point_at(self._marks.at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        mark = self.own.at(event.position())
        if mark is None or event.button() != Qt.MouseButton.LeftButton or self.textCursor().hasSelection():
            return
        if not self.anchorAt(event.position().toPoint()):
            self.ownMarkClicked.emit(mark)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event)
        self._reader_scrolled()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            row = self.row_at_cursor()
            if row is not None:
                self.cueActivated.emit(row)
            return
        super().keyPressEvent(event)
        if event.key() in _SCROLL_KEYS:
            self._reader_scrolled()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_button()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        row = self._row_of_block(self.cursorForPosition(event.pos()).blockNumber())
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        place = QPointF(event.pos())
        mark = self.mark_at_cursor() if keyboard else self._marks.at(place)
        self.menuWanted.emit(self.own_mark_at_cursor() if keyboard else self.own.at(place), menu)
        if mark is not None:
            self.markMenuWanted.emit(mark.check, menu)
            menu.addSeparator()
        play = None
        if row is not None and self.start_of(row) is not None:
            play = partial(self.cueActivated.emit, row)
        from viewer.ui.transcript_menu import fill_transcript_menu  # here: a start does without it

        fill_transcript_menu(menu, play, self.copy_with, self.selectAll)
        menu.popup(event.globalPos())


def _shown(transcript: Transcript) -> list[tuple[int | None, str | None, str, bool]]:
    """What of a transcript is seen."""
    return [(cue.start_ms, cue.speaker, cue.text, cue.ad) for cue in transcript.cues]
