"""The middle pane: the note's title, and its transcript, prose and details as three pages."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from viewer.base.language import is_right_to_left, tr
from viewer.domain.note import Note
from viewer.domain.transcript import Transcript
from viewer.ui.actions import tooltip
from viewer.ui.buttons import icon_button
from viewer.ui.details_view import DetailsView
from viewer.ui.empty_page import EmptyPage
from viewer.ui.find_bar import FindBar
from viewer.ui.fitting_label import FittingLabel
from viewer.ui.fonts import font
from viewer.ui.notes_view import NotesView
from viewer.ui.reading_place_bar import PlaceBar
from viewer.ui.reading_text import USUAL_MEASURE, USUAL_SPACING, ReadingText
from viewer.ui.text import meta_line
from viewer.ui.theme import ThemeManager
from viewer.ui.transcript_html import gutter_px
from viewer.ui.transcript_view import TranscriptView

TRANSCRIPT, NOTES, DETAILS = 0, 1, 2


_TITLE_LINES, _META_LINES = 3, 2
"""So much of a long title, and of what is said beneath it, is shown; the details have the whole."""


class ReaderPane(QWidget):
    """One note, read. ``show_note`` fills it, ``show_empty`` says what to do when there is none."""

    pageChanged = Signal(int)
    outlineWanted = Signal()
    typeWanted = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("readerPane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = FittingLabel(_TITLE_LINES, self)
        self.title.setObjectName("noteTitle")
        self.title.setFont(font(22, bold=True))
        self.title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.meta = FittingLabel(_META_LINES, self)
        self.meta.setObjectName("noteMeta")
        self.meta.setFont(font(13))
        self.meta.setProperty("role", "soft")
        self.tabs = QTabBar(self)
        self.tabs.setObjectName("readerTabs")
        self.tabs.setFont(font(13))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setAccessibleName(tr("Pages of the note"))
        self.tabs.setToolTip(tr("Transcript, notes and details of this note"))
        for words in (tr("Transcript"), tr("Notes"), tr("Details")):
            self.tabs.addTab(words)
        self.transcript = TranscriptView(themes, self)
        self.notes = NotesView(themes, self)
        self.details = DetailsView(themes, self)
        self.no_transcript = EmptyPage(themes, self, icon="text")
        self.empty = EmptyPage(themes, self)
        self.find_bar = FindBar(themes, self)
        self.place_bar = PlaceBar(themes, self)
        for page in (self.transcript, self.notes, self.details):
            self.place_bar.watch(page)
        self._build(themes)
        self.tabs.currentChanged.connect(self._turn)
        themes.changed.connect(self._size_title)
        for page in (self.transcript, self.notes, self.details):
            page.columnMoved.connect(self._align_head)
        self._shown = Transcript()
        self.show_empty("", "")

    def _build(self, themes: ThemeManager) -> None:
        self._find_button = icon_button("search", tooltip("find"), themes.theme, self)
        self._find_button.setObjectName("findButton")
        self._find_button.clicked.connect(self.open_find)
        self.outline_button = icon_button("outline", tooltip("outline"), themes.theme, self)
        self.outline_button.setObjectName("outlineButton")
        self.outline_button.clicked.connect(self.outlineWanted)
        self.type_button = icon_button("type", tooltip("type"), themes.theme, self)
        self.type_button.setObjectName("typeButton")
        self.type_button.clicked.connect(self.typeWanted)
        self._transcript_page = QStackedWidget(self)
        self._transcript_page.addWidget(self.transcript)
        self._transcript_page.addWidget(self.no_transcript)
        self.pages = QStackedWidget(self)
        for page in (self._transcript_page, self.notes, self.details):
            self.pages.addWidget(page)
        self._head = QWidget(self)
        head = QVBoxLayout(self._head)
        head.setContentsMargins(32, 24, 24, 0)
        head.setSpacing(6)
        head.addWidget(self.title)
        head.addWidget(self.meta)
        head.addSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(2)  # in some languages the tabs need every pixel of a narrow window
        row.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignBottom)
        row.addStretch(1)
        row.addWidget(self.place_bar.words)
        row.addSpacing(6)
        row.addWidget(self.type_button)
        row.addWidget(self.outline_button)
        row.addWidget(self._find_button)
        head.addLayout(row)
        note_page = QWidget(self)
        column = QVBoxLayout(note_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.place_bar)
        self._notices = QVBoxLayout()
        self._notices.setSpacing(0)
        column.addLayout(self._notices)
        column.addWidget(self.pages, 1)
        self._outer = QStackedWidget(self)
        self._outer.addWidget(note_page)
        self._outer.addWidget(self.empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._outer)

    # -- what is shown ---------------------------------------------------------------------------------------

    def add_notice(self, notice: QWidget) -> None:
        """Give ``notice`` a place between the tabs and the text; it is shown and hidden by its owner."""
        self._notices.addWidget(notice)

    def show_note(self, note: Note, path: str) -> None:
        """Show the note; a note without a transcript opens with its prose."""
        self.find_bar.hide()
        self.title.setText(note.title)
        self.title.setAccessibleName(note.title)
        self.meta.setText(meta_line(note))
        self.transcript.show_note(note)
        self._align_pages(note.transcript)
        self.notes.show_note(note)
        self.details.show_note(note, path)
        has_transcript = bool(note.transcript.cues)
        self._transcript_page.setCurrentIndex(0 if has_transcript else 1)
        if not has_transcript:
            self.no_transcript.show_words(
                tr("This note has no transcript"),
                tr(
                    "Its text is under Notes. A caption file beside the note, with the same name, is shown here."
                ),
            )
        problems = len(note.problems)
        details = tr("Details")
        self.tabs.setTabText(DETAILS, f"{details} · {problems}" if problems else details)
        self.tabs.setCurrentIndex(TRANSCRIPT if has_transcript else NOTES)
        self._outer.setCurrentIndex(0)

    def show_transcript(self, transcript: Transcript) -> None:
        """Show another transcript of the note: its captions, or its own with the times of its words."""
        self.transcript.show_transcript(transcript)
        self._align_pages(transcript)
        self.details.show_transcript(transcript)
        self._transcript_page.setCurrentIndex(0 if transcript.cues else 1)

    def show_empty(self, title: str, advice: str, button: str = "", icon: str = "") -> None:
        """Show that no note is open, and what to do; ``empty.activated`` is the button's click."""
        self.empty.show_words(title, advice, button, icon)
        self._outer.setCurrentIndex(1)

    @property
    def has_note(self) -> bool:
        """Whether a note is shown."""
        return self._outer.currentIndex() == 0

    def page(self) -> ReadingText:
        """The page that is in front."""
        return (self.transcript, self.notes, self.details)[self.tabs.currentIndex()]

    def set_type(
        self, size: int, serif: bool, measure: int = USUAL_MEASURE, spacing: int = USUAL_SPACING
    ) -> None:
        """Use this text size (px), typeface, letters in a line and distance of lines (percent) in every page."""
        for page in (self.transcript, self.notes, self.details):
            page.set_type(size, serif, measure, spacing)
        self._align_pages(self._shown)

    def _align_pages(self, transcript: Transcript) -> None:
        """Let all pages begin beneath the same title, which would else move from page to page."""
        self._shown = transcript
        # Margins are not mirrored: from right to left the columns stand in the middle.
        lead = 0 if is_right_to_left() else gutter_px(transcript, self.transcript.text_size)
        for page in (self.notes, self.details):
            page.set_lead(lead)

    def show_place(self, ms: int) -> None:
        """Turn to the transcript at ``ms``, without playing it."""
        self.tabs.setCurrentIndex(TRANSCRIPT)
        row = self.transcript.row_at(ms)
        if row is not None:
            self.transcript.show_row(row)

    def open_find(self) -> None:
        """Show the find bar over the page that is in front."""
        if self.has_note:
            self.find_bar.open_on(self.page())
            self._place_bar()

    def _turn(self, number: int) -> None:
        self.pages.setCurrentIndex(number)
        self.place_bar.show_page(self.page())
        self._align_head()
        if self.find_bar.isVisible():
            self.find_bar.set_page(self.page())
        self.pageChanged.emit(number)

    def _size_title(self) -> None:
        # Again after every change of the theme: a new style sheet brings back the first font.
        self.title.setFont(font(18 if self.width() < 560 else 22, bold=True))

    def _align_head(self) -> None:
        """The title stands above the column of text, wherever its width puts that."""
        left = round(self.page().column_left())
        layout = self._head.layout()
        if layout is None:
            return
        margins = layout.contentsMargins()
        if margins.left() != left:
            layout.setContentsMargins(left, margins.top(), max(16, left - 12), margins.bottom())

    def _place_bar(self) -> None:
        self.find_bar.adjustSize()
        width = min(340, self.find_bar.sizeHint().width(), self.width() - 32)
        height = self.find_bar.sizeHint().height()
        tabs_end = self.tabs.mapTo(self, self.tabs.rect().bottomRight())
        right = self._find_button.mapTo(self, self._find_button.rect().topRight()).x()
        if right - width > tabs_end.x():
            # Beside the tabs it covers no text.
            self.find_bar.setGeometry(right - width, tabs_end.y() - height - 2, width, height)
        else:
            self.find_bar.setGeometry(self.width() - width - 20, tabs_end.y() + 10, width, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._size_title()
        self._place_bar()
