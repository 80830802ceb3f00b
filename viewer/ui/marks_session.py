"""The reader's own marks in the window: making and changing them, showing them in text, list and timeline, undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu

from viewer.base.language import tr
from viewer.domain.mark import Mark, MarkColour
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.keeping import Keeping
from viewer.qt.mark_rows import colour_words, mark_of
from viewer.qt.marks_controller import MarksController
from viewer.qt.models import LibraryModel
from viewer.qt.timed_rows import RowKind, TimedRow
from viewer.ui.actions import key_of
from viewer.ui.colour_buttons import action_of
from viewer.ui.listening_marks import ListeningMarks
from viewer.ui.main_window import MainWindow
from viewer.ui.mark_display import MarkDisplay
from viewer.ui.mark_editor import MarkEditor
from viewer.ui.mark_maker import mark_of_words
from viewer.ui.own_marks import COLOURS
from viewer.ui.reader_pane import TRANSCRIPT
from viewer.ui.selection_bar import SelectionBar
from viewer.ui.session import NoteSession
from viewer.ui.undo_words import UndoWords

if TYPE_CHECKING:
    from viewer.domain.selection import Selection


class MarksSession(QObject):
    """What the user does with marks, and where they are shown."""

    def __init__(
        self,
        window: MainWindow,
        session: NoteSession,
        marks: MarksController,
        clips: ClipController,
        player: ClipPlayer,
        keeping: Keeping,
        library: LibraryModel,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._marks = marks
        self._keeping = keeping
        self._colour = MarkColour.IMPORTANT
        self._edit_when_made = ""
        self.display = MarkDisplay(window, session, marks, clips)
        self.listening = ListeningMarks(window, session, marks, player, library, lambda: self._colour)
        self.undo_words = UndoWords(window, session, marks)
        transcript = window.reader.transcript
        self.bar = SelectionBar(transcript, window.themes)
        self.editor = MarkEditor(window.themes, window)
        self._connect()

    def _connect(self) -> None:
        window, marks, bar = self._window, self._marks, self.bar
        transcript, lists, timeline = window.reader.transcript, window.side.lists, window.timeline
        self._session.noteChanged.connect(self._note_changed)
        marks.tagsRead.connect(self._know_tags)
        marks.failed.connect(self._forget_wish)
        self.display.shown.connect(self._edit_what_was_made)
        transcript.menuWanted.connect(self.fill_text_menu)
        transcript.ownMarkClicked.connect(bar.show_mark)
        bar.colourChosen.connect(self.mark_in)
        bar.noteWanted.connect(self.write_note)
        bar.clipWanted.connect(self.make_clip)
        bar.gatherWanted.connect(window.actions_set["gather"].trigger)
        bar.removeWanted.connect(self.remove)
        self.editor.kept.connect(marks.change)
        self.editor.removeWanted.connect(self._remove)
        lists.editWanted.connect(lambda row: self.edit(mark_of(row)))
        lists.menuWanted.connect(self.fill_row_menu)
        timeline.menuWanted.connect(self.fill_timeline_menu)
        for widget in (lists.views[RowKind.MARK], timeline):
            widget.installEventFilter(self)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Action id -> what it does."""
        colours: dict[str, Callable[[], object]] = {
            action_of(colour): partial(self.mark_in, colour) for colour in COLOURS
        }
        return colours | {
            "undo": self._marks.undo,
            "redo": self._marks.redo,
            "mark_note": self.write_note,
            "mark_clip": self.make_clip,
            "mark_last": self.listening.mark_last,
            "mark_stretch": self.listening.mark_stretch,
            "mark_remove": self.remove,
            "show_marks": self.display.show_list,
        }

    # -- what is meant ---------------------------------------------------------------------------------------

    def meant(self) -> Mark | None:
        """The mark that is meant now: that of the bar, of the list or strip that has the focus, at the text cursor."""
        window = self._window
        if self.bar.isVisible() and self.bar.mark is not None:
            return self._marks.mark(self.bar.mark.id)
        lists, transcript = window.side.lists, window.reader.transcript
        row = lists.current_row()
        if lists.view().hasFocus():
            return mark_of(row)
        if window.timeline.hasFocus():
            return window.timeline.chosen
        if self.selection() is None and window.reader.tabs.currentIndex() == TRANSCRIPT:
            found = transcript.own_mark_at_cursor()
            if found is not None and transcript.hasFocus():
                return self._marks.mark(found.id)
        return mark_of(row) if self.selection() is None else None

    def selection(self) -> Selection | None:
        """The words that are selected in the transcript that is in front."""
        reader = self._window.reader
        if not reader.has_note or reader.tabs.currentIndex() != TRANSCRIPT:
            return None
        return reader.transcript.selected()

    def selected_mark(self) -> Mark | None:
        """The selected words as a mark that is not kept yet; None without a selection."""
        selection, note = self.selection(), self._session.note
        if selection is None or note is None or not self._session.path:
            return None
        try:
            return mark_of_words(note, self._session.path, selection, self._colour)
        except ValueError:
            return None

    def _same(self, selection: Selection) -> Mark | None:
        """The mark of exactly these words."""
        for mark in self._marks.marks:
            place = self.display.places.get(mark.id)
            if place is not None and (place.first, place.last) == selection:
                return mark
        return None

    # -- making and changing ---------------------------------------------------------------------------------

    def mark_in(self, colour: MarkColour) -> None:
        """Mark the selected words in this colour, or give the mark that is meant this colour."""
        self._colour = colour
        selection = self.selection()
        if selection is None or (self.bar.isVisible() and self.bar.mark is not None):
            mark = self.meant()
        else:
            mark = self._same(selection)
        if mark is not None:
            self._marks.change(replace(mark, colour=colour))
            self.bar.dismiss()
            self._unselect()
            return
        made = self.selected_mark()
        if made is None:
            self._window.banner.show_info(
                tr("Select words in the transcript first"),
                tr("Then {keys} mark them. While you listen, {last} marks the last 20 seconds.").format(
                    keys=", ".join(key_of(action_of(colour)) for colour in COLOURS), last=key_of("mark_last")
                ),
            )
            return
        self._add(made)

    def _add(self, mark: Mark) -> None:
        self._marks.add(mark)
        self.bar.dismiss()
        self._unselect()

    def _unselect(self) -> None:
        # The tint says now what was selected.
        transcript = self._window.reader.transcript
        cursor = transcript.textCursor()
        if cursor.hasSelection():
            cursor.setPosition(cursor.selectionStart())
            transcript.setTextCursor(cursor)

    def write_note(self) -> None:
        """Open the editor on the mark that is meant; selected words are marked first."""
        selection = self.selection()
        mark = self._same(selection) if selection is not None else self.meant()
        if mark is not None:
            self.edit(mark)
            return
        made = self.selected_mark()
        if made is None:
            self._window.banner.show_info(tr("Choose a mark first, or select words in the transcript"))
            return
        self._edit_when_made = made.id
        self._add(made)

    def make_clip(self) -> None:
        """Play exactly the marked words (selected ones are marked first), and keep the clip."""
        mark = self.meant()
        if mark is None:
            mark = self.selected_mark()
            if mark is not None:
                self._add(mark)
        if mark is None:
            self._window.banner.show_info(tr("Choose a mark first, or select words in the transcript"))
        elif mark.segment is None:
            self._window.banner.show_info(
                tr("It is not known when these words are said"),
                tr("With the times of the transcript a clip can be made of them ({key}).").format(
                    key=key_of("get_transcript")
                ),
            )
        else:
            self._window.banner.dismiss()
            self._keeping.keep([mark.segment])
            self._session.play_exactly(mark.segment)

    def edit(self, mark: Mark | None) -> None:
        """Open the editor on a mark, beside where it is shown."""
        if mark is None:
            return
        self.bar.dismiss()
        self._marks.read_tags()
        self.editor.open_on(mark, self._place_of(mark))

    def _place_of(self, mark: Mark) -> QRect:
        """Where the mark is in the window: in its list when that has the focus, else in the text."""
        window, lists = self._window, self._window.side.lists
        view = lists.views[RowKind.MARK]
        number = lists.marks.row_number(mark.id)
        rect = window.reader.transcript.own.around(mark.id)
        if rect is not None and not (view.isVisible() and view.hasFocus()):
            port = window.reader.transcript.viewport()
            return QRect(port.mapTo(window, rect.topLeft().toPoint()), rect.size().toSize())
        if view.isVisible() and number >= 0:
            card = view.visualRect(view.model().index(number, 0))
            return QRect(view.viewport().mapTo(window, card.topLeft() + QPoint(16, 0)), card.size())
        return QRect(window.reader.mapTo(window, QPoint(48, 120)), window.reader.size() / 4)

    def remove(self) -> None:
        """Remove the mark that is meant."""
        mark = self.meant()
        if mark is None:
            self._window.banner.show_info(tr("Choose a mark first"))
        else:
            self._remove(mark)

    def _remove(self, mark: Mark) -> None:
        self.bar.dismiss()
        self._marks.remove(mark.id)

    @Slot(object)
    def _know_tags(self, tags: tuple[tuple[str, int], ...]) -> None:
        self.editor.tags.set_known([tag for tag, _ in tags])

    @Slot()
    def _edit_what_was_made(self) -> None:
        made = self._edit_when_made
        if made and self._marks.mark(made) is not None:
            self._edit_when_made = ""
            # When the words have been painted it is known where they are.
            QTimer.singleShot(0, self, lambda: self.edit(self._marks.mark(made)))

    @Slot(object)
    def _forget_wish(self, error: object) -> None:
        self._edit_when_made = ""

    @Slot(object)
    def _note_changed(self, note: object) -> None:
        self.bar.dismiss()
        self.editor.close_editor()

    # -- menus -----------------------------------------------------------------------------------------------

    def fill_text_menu(self, mark: Mark | None, menu: QMenu) -> None:
        """Add to the transcript's menu what can be done with the selection, else with the mark that was pointed at."""
        actions = self._window.actions_set
        if self.selection() is not None:
            part = menu.addMenu(tr("Mark"))
            for colour in COLOURS:
                part.addAction(actions[action_of(colour)])
            for name in ("mark_note", "mark_clip", "gather"):
                menu.addAction(actions[name])
            menu.addSeparator()
        elif mark is not None:
            self._fill(mark, menu)
            menu.addSeparator()

    def fill_row_menu(self, row: TimedRow, menu: QMenu) -> None:
        """Add to a row's menu what can be done with a mark."""
        mark = mark_of(row)
        if mark is not None:
            menu.addSeparator()
            self._fill(mark, menu)

    def fill_timeline_menu(self, ms: int, mark: Mark | None, menu: QMenu) -> None:
        """Add to the strip's menu what can be done with the mark that was pointed at, and what can be marked there."""
        if mark is not None:
            self._fill(mark, menu)
            menu.addSeparator()
        self.listening.fill_menu(ms, menu)

    def _fill(self, mark: Mark, menu: QMenu) -> None:
        self._item(menu, tr("Note and tags of the mark…"), partial(self.edit, mark))
        colours = menu.addMenu(tr("Colour"))
        for colour in COLOURS:
            change = partial(self._marks.change, replace(mark, colour=colour))
            self._item(colours, colour_words(colour), change, checked=colour is mark.colour)
        self._item(menu, tr("Remove the mark"), partial(self._remove, mark))

    @staticmethod
    def _item(menu: QMenu, words: str, act: Callable[[], object], checked: bool | None = None) -> None:
        action = menu.addAction(words)
        if checked is not None:
            action.setCheckable(True)
            action.setChecked(checked)
        action.triggered.connect(lambda _=False: act())

    # -- keys of the list and the strip ----------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: object) -> bool:
        """Del removes the chosen mark."""
        if not isinstance(event, QKeyEvent) or event.type() != QKeyEvent.Type.KeyPress:
            return False
        if event.key() == Qt.Key.Key_Delete and self.meant() is not None:
            self.remove()
            return True
        return False
