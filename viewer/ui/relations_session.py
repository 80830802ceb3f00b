"""What the open note shares with others: the suggested video, the notes about the same one, names, and health."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from viewer.base.language import tr
from viewer.domain.note import Note, Problem
from viewer.library.entries import NoteEntry
from viewer.library.relations import Suggestion
from viewer.library.search import SearchHit
from viewer.qt.library_controller import LibraryController
from viewer.qt.library_questions import LibraryQuestions
from viewer.ui.details_view import RelationLine
from viewer.ui.library_session import LibrarySession
from viewer.ui.main_window import MainWindow
from viewer.ui.reader_pane import DETAILS
from viewer.ui.suggestion_bar import SuggestionBar, reason_words
from viewer.ui.theme import ThemeManager

if TYPE_CHECKING:  # the dialogs are loaded when they are opened
    from viewer.ui.health_dialog import HealthDialog
    from viewer.ui.names_dialog import NamesDialog


class RelationsSession(QObject):
    """Asks about the open note, shows the answers, keeps what the user says to them; opens the two dialogs."""

    windowWanted = Signal(int)
    """id of a note that is to be opened in a second window"""

    def __init__(
        self,
        window: MainWindow,
        library: LibraryController,
        questions: LibraryQuestions,
        desk: LibrarySession,
        themes: ThemeManager,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._library = library
        self._questions = questions
        self._desk = desk
        self._themes = themes
        self._note_id: int | None = None
        self._suggestion: Suggestion | None = None
        self._problem: tuple[str, Problem] | None = None
        self.names: NamesDialog | None = None
        self.health: HealthDialog | None = None
        self.bar = SuggestionBar(window.reader)
        window.reader.add_notice(self.bar)
        self.bar.answered.connect(self.answer)
        window.reader.details.relationChosen.connect(self._link)
        questions.suggestionFound.connect(self._suggested)
        questions.answered.connect(self._answered)

    # -- the open note ---------------------------------------------------------------------------------------

    def note_opened(self, note_id: int, note: Note) -> None:
        """Ask what belongs to the note that is now open."""
        if note_id != self._note_id:
            self.bar.hide()
            self._suggestion = None
        self._note_id = note_id
        self._show_lines()
        self._point(note_id)
        self._questions.ask_suggestion(note_id)

    def _suggested(self, note_id: int, suggestion: Suggestion | None) -> None:
        if note_id != self._note_id:
            return
        self._suggestion = suggestion
        other = self._other()
        if suggestion is not None and other is not None and suggestion.accepted is None:
            self.bar.offer(other.title, suggestion)
        else:
            self.bar.hide()
        self._show_lines()

    def _other(self) -> NoteEntry | None:
        return self._library.model.entry(self._suggestion.other_id) if self._suggestion is not None else None

    def answer(self, accepted: bool | None) -> None:
        """Keep what the user says to the suggestion; None takes the answer back."""
        if self._suggestion is not None and self._note_id is not None:
            self._questions.answer(self._note_id, self._suggestion.video_id, accepted)

    def _answered(self, note_id: int) -> None:
        if note_id == self._note_id:
            self._desk.open_note(note_id)
            self._questions.ask_suggestion(note_id)

    def _show_lines(self) -> None:
        lines = []
        suggestion, other = self._suggestion, self._other()
        if suggestion is not None and other is not None and suggestion.accepted is not None:
            reason = reason_words(suggestion)
            words = (
                tr("The video is taken from this note ({reason}):")
                if suggestion.accepted
                else tr("You said that it is not the talk of this note ({reason}):")
            ).format(reason=reason)
            undo = tr("Undo") if suggestion.accepted else tr("Ask again")
            lines.append(RelationLine(words, other.title, f"note:{other.id}", undo, "answer:none"))
        if self._note_id is not None:
            for entry in self._library.model.companions(self._note_id):
                if suggestion is not None and suggestion.accepted and entry.id == suggestion.other_id:
                    continue
                words = tr("Also about this video:")
                beside, address = tr("Open in a second window"), f"window:{entry.id}"
                lines.append(RelationLine(words, entry.title, f"note:{entry.id}", beside, address))
        self._window.reader.details.show_relations(lines)

    def _link(self, address: str) -> None:
        kind, _, value = address.partition(":")
        if kind == "note" and value.isdigit():
            self._desk.open_note(int(value))
        elif kind == "window" and value.isdigit():
            self.windowWanted.emit(int(value))
        elif kind == "answer":
            self.answer(None)

    # -- dialogs ---------------------------------------------------------------------------------------------

    def open_names(self) -> None:
        """Show who speaks and what is named, or bring that window to the front."""
        if self.names is None:
            from viewer.ui.names_dialog import NamesDialog

            self.names = NamesDialog(self._questions, self._themes, self._window)
            self.names.passageChosen.connect(self._open_passage)
            self.names.destroyed.connect(self._names_gone)
        self.names.show()
        self.names.raise_()
        self.names.activateWindow()

    def _names_gone(self) -> None:
        self.names = None

    def _open_passage(self, hit: SearchHit, query: str, play: bool) -> None:
        self._desk.open_found(hit, query, play=play)

    def close(self) -> None:
        """Close both dialogs: the program ends."""
        for dialog in (self.names, self.health):
            if dialog is not None:
                dialog.close()

    def open_health(self) -> None:
        """Look through the folders and show what was understood and what looks wrong."""
        if self.health is None:
            from viewer.ui.health_dialog import HealthDialog

            self.health = HealthDialog(self._questions, self._library.folders, self._window)
            self.health.noteWanted.connect(self._open_problem)
            self.health.destroyed.connect(self._health_gone)
        self.health.show()
        self.health.raise_()
        self.health.activateWindow()

    def _health_gone(self) -> None:
        self.health = None

    def _open_problem(self, path: str, problem: Problem | None) -> None:
        self._problem = (path, problem) if problem is not None else None
        self._desk.open_file_at(path, DETAILS)

    def _point(self, note_id: int) -> None:
        """Show the problem that was chosen in the report, when its note is the one that is open now."""
        chosen, self._problem = self._problem, None
        entry = self._library.model.entry(note_id)
        if chosen is not None and entry is not None and entry.path == chosen[0]:
            self._window.reader.details.point_at(chosen[1])
