"""Getting about by keyboard: every command, every note and the open note's outline in one palette; back and forward."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from viewer.base.language import tr
from viewer.domain.note import Chapter, Note, Section
from viewer.domain.timestamp import format_timestamp
from viewer.library.entries import NoteEntry
from viewer.qt.models import LibraryModel
from viewer.ui.actions import ACTIONS, keys_text
from viewer.ui.history import History
from viewer.ui.library_session import LibrarySession
from viewer.ui.main_window import MainWindow
from viewer.ui.reader_pane import NOTES, TRANSCRIPT
from viewer.ui.reading_place import ReadingPlaces
from viewer.ui.session import NoteSession
from viewer.ui.text import DOT, date_text
from viewer.ui.theme import ThemeManager

if TYPE_CHECKING:  # loaded when it is opened
    from viewer.ui.palette import Entry, Palette


class ReadingRoom(QObject):
    """Fills the palette, and does what is chosen in it."""

    def __init__(
        self,
        window: MainWindow,
        session: NoteSession,
        desk: LibrarySession,
        library: LibraryModel,
        places: ReadingPlaces,
        themes: ThemeManager,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._desk = desk
        self._library = library
        self._themes = themes
        self.history = History(window, session, desk, places)
        window.reader.outlineWanted.connect(self.open_outline)

    @cached_property
    def palette(self) -> Palette:
        """The list to choose from; made when it is first opened."""
        from viewer.ui.palette import Palette

        return Palette(self._themes, self._window)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Action id -> what it does."""
        return {
            "palette": self.open_commands,
            "go_to_note": self.open_notes,
            "outline": self.open_outline,
            "go_back": self.history.back,
            "go_forward": self.history.forward,
        }

    # -- commands --------------------------------------------------------------------------------------------

    def open_commands(self) -> None:
        """Offer every action that can be done now, with its keys."""
        from viewer.ui.palette import Entry

        actions = self._window.actions_set
        entries = []
        for spec in ACTIONS:
            action = actions[spec.id]
            if spec.local or spec.id == "palette" or not action.isEnabled():
                continue
            words = tr(spec.text).rstrip("…")
            menu = tr(spec.menu)
            entries.append(Entry(words, action.trigger, keys_text(spec), spec.icon or "keyboard", menu))
        self.palette.open_with(
            tr("All commands"),
            tr("What do you want to do?"),
            entries,
            tr("No command matches."),
        )

    # -- notes -----------------------------------------------------------------------------------------------

    def open_notes(self) -> None:
        """Offer every note of the library: those read last come first."""
        entries = sorted(self._library.entries, key=lambda entry: -(entry.opened_at or 0))
        # The one that is open is where one is already: the one before it is what is wanted most.
        first = 1 if entries and entries[0].path == self._session.path and len(entries) > 1 else 0
        self.palette.open_with(
            tr("Go to a note"),
            tr("Title, channel or tag; the last read come first"),
            [self._note_entry(entry) for entry in entries],
            tr("No note matches."),
            first,
        )

    def _note_entry(self, entry: NoteEntry) -> Entry:
        from viewer.ui.palette import Entry

        source = DOT.join(part for part in (entry.channel or "", date_text(entry.published)) if part)
        title = entry.title or entry.path.rsplit("/", 1)[-1]
        more = " ".join((entry.channel or "", *entry.tags))
        return Entry(title, partial(self._desk.open_entry, entry), source, "note", more)

    # -- the outline -----------------------------------------------------------------------------------------

    def open_outline(self) -> None:
        """Offer the open note's chapters and headings."""
        note = self._session.note
        if note is None:
            return
        entries = self._outline(note)
        self.palette.open_with(
            tr("Outline of this note"),
            tr("Chapter or heading"),
            entries,
            tr("No chapter or heading matches.")
            if entries
            else tr("This note has no chapters and no headings."),
            self._current_chapter(note),
        )

    def _outline(self, note: Note) -> list[Entry]:
        from viewer.ui.palette import Entry

        entries = [
            Entry(
                chapter.title,
                partial(self._go_to_chapter, note, chapter),
                format_timestamp(chapter.start_ms),
                "clock",
            )
            for chapter in note.chapters
        ]
        sections = [section for section in note.sections if section.title]
        top = min((section.level for section in sections), default=1)
        entries += [
            Entry(section.title, partial(self._go_to_section, section), "", "text", "", section.level - top)
            for section in sections
        ]
        return entries

    def _current_chapter(self, note: Note) -> int:
        """The number of the chapter that is being read; 0 when that is not known."""
        reader = self._window.reader
        if reader.tabs.currentIndex() != TRANSCRIPT:
            return 0
        ms = reader.transcript.start_of(reader.transcript.place()[0])
        begun = [n for n, chapter in enumerate(note.chapters) if ms is not None and chapter.start_ms <= ms]
        return begun[-1] if begun else 0

    def _go_to_chapter(self, note: Note, chapter: Chapter) -> None:
        self.history.mark()
        reader = self._window.reader
        if note.transcript.cue_at(chapter.start_ms) is not None:
            reader.show_place(chapter.start_ms)
            reader.page().setFocus()
            return
        video = note.video_by_id(chapter.video_id) or note.video
        if video is not None:  # no text to turn to: what can be done there is to hear it
            self._session.play_time(video.id, chapter.start_ms)

    def _go_to_section(self, section: Section) -> None:
        self.history.mark()
        reader = self._window.reader
        reader.tabs.setCurrentIndex(NOTES)
        reader.notes.go_to_heading(section.title)
        reader.page().setFocus()
