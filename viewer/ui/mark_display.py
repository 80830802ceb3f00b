"""Where the reader's own marks are shown: in the text, in their list and on the timeline; going to one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from viewer.base.language import tr
from viewer.domain.note import Note
from viewer.library.search import SearchHit
from viewer.qt.clip_controller import ClipController
from viewer.qt.mark_rows import mark_of
from viewer.qt.marks_controller import MarksController, Places
from viewer.qt.roles import Role
from viewer.qt.timed_rows import RowKind, TimedRow
from viewer.ui.main_window import MainWindow
from viewer.ui.own_marks import stretches
from viewer.ui.reader_pane import TRANSCRIPT
from viewer.ui.session import NoteSession

if TYPE_CHECKING:
    from viewer.domain.transcript import Transcript


class MarkDisplay(QObject):
    """Shows the marks of the open note, wherever they come from, as soon as they are kept."""

    shown = Signal()
    """the marks of the open note are shown, and it is known where their words stand"""

    def __init__(
        self, window: MainWindow, session: NoteSession, marks: MarksController, clips: ClipController
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._marks = marks
        self._clips = clips
        self.places: Places = {}
        self._placed_in: Transcript | None = None
        self._wanted = ""
        self._chosen = ""
        """id of the mark that was chosen last in this note"""
        self._view = window.side.lists.views[RowKind.MARK]
        session.noteChanged.connect(self._note_changed)
        marks.marksChanged.connect(self._show)
        marks.placed.connect(self._show_places)
        window.reader.transcript.rendered.connect(self._rendered)
        window.side.lists.untimedActivated.connect(self._show_untimed)
        self._view.selectionModel().currentChanged.connect(lambda *_: self._choose_in_text())

    @Slot(object)
    def _note_changed(self, note: Note | None) -> None:
        if self._marks.path != self._session.path:
            self._chosen = ""
            self.places, self._placed_in = {}, None
        self._marks.open_note(self._session.path if note is not None else "")
        if note is not None and self._marks.marks:
            self._show(self._session.path)

    @Slot(str)
    def _show(self, path: str) -> None:
        """Show the open note's marks as they are now; where their words stand follows."""
        if path != self._session.path:
            return
        lists = self._window.side.lists
        marks = self._marks.marks
        chosen = mark_of(self._view.currentIndex().data(Role.ROW))
        number = self._view.currentIndex().row()
        known = set(lists.segments())
        lists.marks.set_marks(marks, self._lost())
        lists.count_marks()
        if chosen is None and number < 0 and self._chosen:
            self._choose_row(self._chosen)  # the note was read anew, and the list with it
        elif chosen is not None and lists.view() is self._view and not self._choose_row(chosen.id):
            # It was removed: the next one takes its place, as in any list.
            self._view.setCurrentIndex(self._view.model().index(min(number, len(marks) - 1), 0))
        self._view.scheduleDelayedItemsLayout()
        new = [segment for segment in lists.marks.segments() if segment not in known]
        for segment in lists.marks.segments():
            lists.set_clip_state(segment, self._clips.state(segment))
        if new:
            self._clips.look_up(lists.segments())
        self._window.timeline.set_own_marks(marks)
        self._place()

    def _lost(self) -> dict[str, bool]:
        return {mark_id: place is None for mark_id, place in self.places.items()}

    def _place(self) -> None:
        note = self._session.note
        if note is not None and note.transcript.cues:
            self._placed_in = note.transcript
            self._marks.place(note.transcript)

    def _rendered(self) -> None:
        note = self._session.note
        if note is not None and note.transcript is not self._placed_in and self._marks.marks:
            self._place()

    @Slot(str, object)
    def _show_places(self, path: str, places: Places) -> None:
        note = self._session.note
        if note is None or path != self._session.path:
            return
        self.places = places
        lists, transcript = self._window.side.lists, self._window.reader.transcript
        lists.marks.set_marks(self._marks.marks, self._lost())
        transcript.set_own_marks(stretches(self._marks.marks, places, note.transcript), transcript.own.chosen)
        if self._wanted:
            wanted, self._wanted = self._wanted, ""
            self._go_to(wanted)
        self.shown.emit()

    def _choose_row(self, mark_id: str) -> bool:
        lists = self._window.side.lists
        number = lists.marks.row_number(mark_id)
        if number >= 0:
            view = self._view
            view.setCurrentIndex(view.model().index(number, 0))
        return number >= 0

    def _choose_in_text(self) -> None:
        mark = mark_of(self._view.currentIndex().data(Role.ROW))
        transcript = self._window.reader.transcript
        if mark is not None:
            self._chosen = mark.id
        transcript.own.chosen = mark.id if mark is not None else ""
        transcript.viewport().update()

    def show_list(self) -> None:
        """Bring the list of the marks in front, with the focus in it."""
        window = self._window
        if window.side.isHidden():
            window.toggle_side()
        lists = window.side.lists
        lists.turn_to(RowKind.MARK)
        view = self._view
        if view.model().rowCount():
            if not view.currentIndex().isValid():
                view.setCurrentIndex(view.model().index(0, 0))
            view.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_hit(self, hit: SearchHit) -> None:
        """A found mark was chosen: when its note is shown, go to it."""
        if not hit.mark_id:
            return
        self._wanted = hit.mark_id
        if hit.path == self._session.path and self._marks.mark(hit.mark_id) is not None:
            self._place()

    def _go_to(self, mark_id: str) -> None:
        lists = self._window.side.lists
        if not self._choose_row(mark_id):
            self._wanted = mark_id  # its note is still on its way
            return
        lists.turn_to(RowKind.MARK)
        row = self._window.reader.transcript.own.row_of(mark_id)
        if row is not None:
            self._window.reader.tabs.setCurrentIndex(TRANSCRIPT)
            self._window.reader.transcript.show_row(row)

    def _show_untimed(self, row: TimedRow) -> None:
        mark = mark_of(row)
        if mark is None:
            return
        place = self._window.reader.transcript.own.row_of(mark.id)
        if place is not None:
            self._window.reader.tabs.setCurrentIndex(TRANSCRIPT)
            self._window.reader.transcript.show_row(place)
        else:
            self._window.banner.show_info(
                tr("The words of this mark are not in the transcript any more"),
                tr("The note was edited since. The mark keeps what they were."),
            )
