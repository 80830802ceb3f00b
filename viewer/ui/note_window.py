"""A second window: another note, read beside the first. It has no player of its own; what is clicked in it plays in the
main window."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QSplitter

from viewer.base.language import tr
from viewer.domain.note import Note
from viewer.domain.playing import cue_segment, segment_from
from viewer.domain.video import Segment
from viewer.ui import keymap
from viewer.ui.actions import TABLE, ActionSet
from viewer.ui.buttons import KeyGuard
from viewer.ui.highlights_pane import HighlightsPane
from viewer.ui.icons import product_icon, recolor
from viewer.ui.reader_pane import NOTES, TRANSCRIPT, ReaderPane
from viewer.ui.text_marks import marks_of
from viewer.ui.theme import ThemeManager

if TYPE_CHECKING:
    from collections.abc import Callable

    from viewer.library.quotes import NoteCheck

SHARED = (
    "pause",
    "back",
    "forward",
    "back_more",
    "forward_more",
    "frame_back",
    "frame_forward",
    "slower",
    "faster",
    "loop",
    "mute",
    "stop_fetching",
    "larger",
    "smaller",
    "usual_size",
    "next_theme",
    "preferences",
    "shortcuts",
)
"""Actions of the main window whose keys do the same here."""


class NoteWindow(QMainWindow):
    """Reader and lists of one note. Closed, it is gone."""

    segmentWanted = Signal(object)
    """Segment to play"""
    noteWanted = Signal(str)
    """address of a note (``note:12``) that was clicked in the details"""
    gone = Signal(object)
    """this window: it was closed"""

    def __init__(self, themes: ThemeManager, actions: ActionSet) -> None:
        super().__init__()
        self.setObjectName("noteWindow")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowIcon(product_icon())
        self.resize(1000, 820)
        self.path = ""
        self.note: Note | None = None
        self._length = 30_000
        self._themes = themes
        self.reader = ReaderPane(themes, self)
        self.lists = HighlightsPane(themes, self)
        self.lists.make_read_only()
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setObjectName("panes")
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.reader)
        self.splitter.addWidget(self.lists)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setSizes([620, 380])
        self.setCentralWidget(self.splitter)
        self._own: dict[str, QAction] = {}
        for action_id in SHARED:
            self.addAction(actions[action_id])
        self._keys()
        self._guard = KeyGuard(self)
        self._guard.guard(self)
        self._connect()

    def _keys(self) -> None:
        own: dict[str, Callable[[], object]] = {
            "find": self.reader.open_find,
            "find_next": self.reader.find_bar.find_next,
            "find_previous": self.reader.find_bar.find_previous,
            "focus_reader": lambda: self.reader.page().setFocus(Qt.FocusReason.ShortcutFocusReason),
            "focus_side": lambda: self.lists.view().setFocus(Qt.FocusReason.ShortcutFocusReason),
            "next_highlight": lambda: self.lists.step(1),
            "previous_highlight": lambda: self.lists.step(-1),
            "follow": self.reader.transcript.follow,
        }
        for action_id, act in own.items():
            self._own[action_id] = self._key(tr(TABLE[action_id].text), act)
        self._key(tr("Close this window"), self.close).setShortcuts([QKeySequence("Ctrl+W")])
        self.use_keys()

    def _key(self, words: str, act: Callable[[], object]) -> QAction:
        action = QAction(words, self)
        action.triggered.connect(lambda _=False: act())
        self.addAction(action)
        return action

    def use_keys(self) -> None:
        """Listen to the keys that are in force now."""
        for action_id, action in self._own.items():
            action.setShortcuts([QKeySequence(key) for key in keymap.keys_of(TABLE[action_id])])

    def _connect(self) -> None:
        reader, lists = self.reader, self.lists
        lists.segmentActivated.connect(self.segmentWanted)
        lists.menuWanted.connect(self._fill_menu)
        reader.transcript.cueActivated.connect(self._play_cue)
        reader.notes.timeActivated.connect(self._play_time)
        reader.details.relationChosen.connect(self.noteWanted)
        reader.outlineWanted.connect(self._open_outline)
        reader.type_button.hide()  # one type for every window: it is chosen in the main one
        self._themes.changed.connect(self._recolor)

    def _recolor(self) -> None:
        recolor(self, self._themes.theme)

    # -- what is shown ---------------------------------------------------------------------------------------

    def show_note(self, note: Note, path: str, length_ms: int) -> None:
        """Show this note; what has no end plays for ``length_ms``."""
        self.note, self.path, self._length = note, path, length_ms
        self.reader.show_note(note, path)
        for model in self.lists.models.values():
            model.set_note(note, length_ms)
        self.lists.count()
        self.setWindowTitle(f"{note.title} — Soundbite")

    def show_checks(self, found: NoteCheck) -> bool:
        """Mark the note's quotes with what was found out, and read by the best transcript there is.

        False, and nothing is done, when the file has been changed since it was opened here.
        """
        note = self.note
        if note is None or found.note != replace(note, transcript=found.note.transcript):
            return False
        had_text = bool(note.transcript.cues)
        self.note = replace(note, transcript=found.reading)
        self.reader.show_transcript(found.reading)
        if found.reading.cues and not had_text:
            self.reader.tabs.setCurrentIndex(TRANSCRIPT)
        self.reader.transcript.set_marks(marks_of(found.note, found.checks, found.reading))
        self.lists.show_checks(found.note, found.checks)
        return True

    def show_position(self, segment: Segment | None, ms: int) -> None:
        """Mark the line that is being said, when what plays belongs to this note."""
        note = self.note
        if note is None:
            return
        video = note.video_by_id(note.transcript.video_id) or note.video
        row = note.transcript.cue_at(ms) if segment is not None and segment.video == video else None
        self.reader.transcript.set_playing(row)

    # -- playing ---------------------------------------------------------------------------------------------

    def _play(self, segment: Segment | None) -> None:
        if segment is not None:
            self.segmentWanted.emit(segment)

    def _play_cue(self, row: int) -> None:
        if self.note is not None:
            self._play(cue_segment(self.note, self.note.transcript.cues[row], self._length))

    def _play_time(self, video_id: str, ms: int) -> None:
        if self.note is not None:
            self._play(segment_from(self.note, video_id, ms, None, self._length))

    def _fill_menu(self, row: object, menu: QMenu) -> None:
        segment = getattr(row, "segment", None)
        if not isinstance(segment, Segment):
            return
        menu.addAction(tr("Play")).triggered.connect(lambda _=False: self.segmentWanted.emit(segment))
        show = menu.addAction(tr("Show in the transcript"))
        show.triggered.connect(lambda _=False: self.reader.show_place(segment.start_ms))

    def _open_outline(self) -> None:
        """Chapters and headings as a menu at the button."""
        note, menu = self.note, QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if note is None:
            return
        for chapter in note.chapters:
            action = menu.addAction(chapter.title.replace("&", "&&"))
            action.triggered.connect(lambda _=False, ms=chapter.start_ms: self.reader.show_place(ms))
        for section in note.sections:
            if section.title:
                action = menu.addAction(section.title.replace("&", "&&"))
                action.triggered.connect(lambda _=False, title=section.title: self._go_to_heading(title))
        button = self.reader.outline_button
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _go_to_heading(self, title: str) -> None:
        self.reader.tabs.setCurrentIndex(NOTES)
        self.reader.notes.go_to_heading(title)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.reader.find_bar.isVisible():
            self.reader.find_bar.close_bar()
        elif not self.reader.page().hasFocus():
            self.reader.page().setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.reader.tabs.currentIndex() != TRANSCRIPT:
            self.reader.tabs.setCurrentIndex(TRANSCRIPT)

    def closeEvent(self, event: object) -> None:
        self.gone.emit(self)
        super().closeEvent(event)  # type: ignore[arg-type]
