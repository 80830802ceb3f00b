"""What a search found, shown in the open note: words marked in the text, ticks on the timeline, F3 from one to the next."""

from __future__ import annotations

import re

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from viewer.base.language import tr
from viewer.domain.note import Note
from viewer.library.folding import fold
from viewer.library.marking import marked_ranges, over_the_end
from viewer.library.query import Query, any_of, parse_query
from viewer.ui.actions import describe_action
from viewer.ui.buttons import KeyGuard, icon_button
from viewer.ui.fonts import font
from viewer.ui.reader_pane import NOTES, TRANSCRIPT, ReaderPane
from viewer.ui.reading_text import ReadingText
from viewer.ui.theme import ThemeManager
from viewer.ui.timeline_view import TimelineView

_TIME = re.compile(r"\d+(?::\d\d){1,2}\t")
"""The time that begins a line of the transcript is no part of what was said."""


class HitBar(QWidget):
    """A line above the text: what was searched for, the number of places, previous, next, close."""

    stepped = Signal(int)
    closed = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("hitBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setFont(font(12))
        self.words.setMinimumWidth(40)
        previous = icon_button("up", tr("Previous place"), themes.theme, self, 16)
        following = icon_button("down", tr("Next place"), themes.theme, self, 16)
        describe_action(previous, tr("Previous place"), "find_previous")
        describe_action(following, tr("Next place"), "find_next")
        close = icon_button("close", tr("Take the marks away (Esc)"), themes.theme, self, 16)
        row = QHBoxLayout(self)
        row.setContentsMargins(32, 2, 16, 2)
        row.setSpacing(2)
        row.addWidget(self.words, 1)
        for button in (previous, following, close):
            row.addWidget(button)
        previous.clicked.connect(lambda: self.stepped.emit(-1))
        following.clicked.connect(lambda: self.stepped.emit(1))
        close.clicked.connect(self.closed)
        self._guard = KeyGuard(self)
        self._guard.guard(self)
        self.hide()


class HitMarks(QObject):
    """Holds the query whose hits are marked in the open note. Empty: nothing is marked."""

    def __init__(self, reader: ReaderPane, timeline: TimelineView, themes: ThemeManager) -> None:
        super().__init__(reader)
        self._reader = reader
        self._timeline = timeline
        self._text = ""
        self._query = Query()
        self._count = 0
        self._current = -1
        self.bar = HitBar(themes, reader)
        reader.add_notice(self.bar)
        self.bar.stepped.connect(self.step)
        self.bar.closed.connect(self.clear)
        reader.pageChanged.connect(lambda _: self._mark(go=False))
        reader.find_bar.closed.connect(lambda: self._mark(go=False))
        for page in (reader.transcript, reader.notes, reader.details):
            page.rendered.connect(self._rendered)

    @property
    def active(self) -> bool:
        """Whether hits are marked."""
        return bool(self._text)

    @property
    def count(self) -> int:
        """How many places are marked on the page that is in front."""
        return self._count

    def show(self, note: Note, text: str, place_ms: int | None) -> None:
        """Mark what ``text`` finds in the open note, beginning at ``place_ms`` or with the first."""
        query = parse_query(text)
        if not query.wanted and not query.speakers:
            self.clear()
            return
        self._text = text
        self._look(note, query, place_ms)
        if query.wanted and not self._count and query.loosened() != query:
            self._look(note, query.loosened(), place_ms)
            if not self._count:
                self._look(note, query, place_ms)
        if query.wanted and not self._count and place_ms is None:
            self.clear()  # found by its channel, a tag or who speaks: nothing to go through

    def _look(self, note: Note, query: Query, place_ms: int | None) -> None:
        """Mark what a query finds, on the page in front or else on the one that has it."""
        self._query = query
        self._timeline.set_hits(cue_hits(note, query))
        if place_ms is None and not self._find(self._reader.page()):
            for number, page in ((NOTES, self._reader.notes), (TRANSCRIPT, self._reader.transcript)):
                page.refresh()
                if self._find(page):
                    self._reader.tabs.setCurrentIndex(number)
                    break
        self._mark(go=True)

    def renew(self, note: Note) -> None:
        """The open note has changed: mark what is found in it now, without going anywhere."""
        if self._text:
            self._timeline.set_hits(cue_hits(note, self._query))
            self._mark(go=False)

    def clear(self) -> None:
        """Take every mark away."""
        self._text, self._query, self._count, self._current = "", Query(), 0, -1
        self.bar.hide()
        self._timeline.set_hits([])
        for page in (self._reader.transcript, self._reader.notes, self._reader.details):
            page.show_marks([])

    def step(self, by: int) -> None:
        """Go to the next (1) or the previous (-1) place, round the end."""
        if self._count:
            self._current = (self._current + by) % self._count
            self._reader.page().show_find(self._current)
        self._say()

    def _rendered(self) -> None:
        self._mark(go=False)

    def _mark(self, *, go: bool) -> None:
        """Mark the page in front; with ``go`` its place nearest to the cursor becomes the current one."""
        if not self._text or self._reader.find_bar.isVisible():
            return
        page = self._reader.page()
        page.refresh()
        cursors = self._find(page)
        self._count = len(cursors)
        self._current = -1
        page.show_marks(cursors)
        if go and cursors:
            here = page.textCursor().block().position()
            after = (n for n, cursor in enumerate(cursors) if cursor.selectionEnd() > here)
            self._current = next(after, 0)
            page.show_find(self._current)
        self._say()

    def _find(self, page: ReadingText) -> list[QTextCursor]:
        return marked_cursors(page.document(), self._query)

    def _say(self) -> None:
        if not self._count:
            words = tr("“{query}” is not on this page").format(query=self._text)
        elif self._current < 0:
            words = tr("“{query}”: {n} on this page").format(query=self._text, n=self._count)
        else:
            words = tr("“{query}”: {i} of {n}").format(query=self._text, i=self._current + 1, n=self._count)
        self.bar.words.setText(words)
        self.bar.setVisible(bool(self._query.wanted))


def marked_cursors(document: QTextDocument, query: Query) -> list[QTextCursor]:
    """A cursor over every found word of the document, in order; of phrases also over a line's end."""
    found: set[tuple[int, int]] = set()
    starts = tuple(term.plain[0] for term in query.wanted if term.plain)
    phrases = any(len(term.plain) > 1 for term in query.wanted)
    block = document.begin()
    last, last_begins = "", 0
    while block.isValid() and starts:
        text = block.text()
        time = _TIME.match(text)
        begins = block.position() + (time.end() if time else 0)
        said = text[time.end() :] if time else text
        # Most blocks hold none of the words: one look costs less than taking them apart.
        folded = fold(said)
        if any(word in folded for word in starts):
            found.update((begins + start, begins + end) for start, end in marked_ranges(said, query))
        if phrases and last and said:
            left, right = over_the_end(last, said, query)
            found.update((last_begins + start, last_begins + end) for start, end in left)
            found.update((begins + start, begins + end) for start, end in right)
        last, last_begins = said, begins
        block = block.next()
    return [_cursor(document, start, end) for start, end in sorted(found)]


def _cursor(document: QTextDocument, start: int, end: int) -> QTextCursor:
    cursor = QTextCursor(document)
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    return cursor


def cue_hits(note: Note, query: Query) -> list[int]:
    """When the cues begin (ms) that hold the query's words and are said by whom it names."""
    hits = []
    starts = tuple(term.plain[0] for term in query.wanted if term.plain)
    following = (*(cue.text for cue in note.transcript.cues[1:]), "")
    for cue, after in zip(note.transcript.cues, following, strict=False):
        if cue.start_ms is None:
            continue
        speaker = fold(cue.speaker or "")
        if query.speakers and not all(any_of(name, speaker) for name in query.speakers):
            continue
        folded = fold(cue.text)
        if starts and not (
            any(word in folded for word in starts)
            and (marked_ranges(cue.text, query) or over_the_end(cue.text, after, query)[0])
        ):
            continue
        hits.append(cue.start_ms)
    return hits
