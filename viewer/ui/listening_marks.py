"""Marks made while one listens: the last 20 seconds, a stretch that is begun and ended, one drawn on the timeline."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu

from viewer.base.language import tr
from viewer.domain.mark import MarkColour
from viewer.domain.timestamp import format_range, format_timestamp
from viewer.domain.video import Segment, VideoRef
from viewer.library.entries import NoteEntry
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.marks_controller import MarksController
from viewer.qt.models import LibraryModel
from viewer.ui.actions import key_of
from viewer.ui.main_window import MainWindow
from viewer.ui.mark_maker import mark_of_other, mark_of_stretch
from viewer.ui.session import NoteSession

LAST_MS = 20_000
"""What “mark the last 20 seconds” takes."""

_SHORTEST_MS = 500
"""A stretch that is ended sooner was a slip of the finger."""


class ListeningMarks(QObject):
    """Marks stretches of the video. ``colour`` says in which colour."""

    def __init__(
        self,
        window: MainWindow,
        session: NoteSession,
        marks: MarksController,
        player: ClipPlayer,
        library: LibraryModel,
        colour: Callable[[], MarkColour],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._marks = marks
        self._player = player
        self._library = library
        self._colour = colour
        self._begun: tuple[VideoRef, int] | None = None
        window.timeline.stretchChosen.connect(self._mark_drawn)
        window.timeline.installEventFilter(self)
        window.reader.transcript.installEventFilter(self)
        player.positionChanged.connect(self._stretch_grows)
        session.noteChanged.connect(lambda _: window.timeline.set_stretch(None))

    def mark_last(self) -> None:
        """Mark what was said in the last 20 seconds of what plays."""
        playing = self._player.segment
        if playing is not None:
            end = max(self._player.position_ms, _SHORTEST_MS)
            self._mark_stretch(Segment(playing.video, max(0, end - LAST_MS), end))

    def mark_stretch(self) -> None:
        """Begin a stretch where it plays; the second time, mark it up to where it plays then."""
        playing = self._player.segment
        if playing is None:
            return
        here = self._player.position_ms
        if self._begun is None or self._begun[0] != playing.video:
            self._begun = playing.video, here
            self._stretch_grows(here)
            place = format_timestamp(here)
            self._window.banner.show_info(
                tr("A mark begins at {place}").format(place=place),
                tr("Press {key} again where it ends.").format(key=key_of("mark_stretch")),
            )
            return
        start, end = sorted((self._begun[1], here))
        self._end_stretch()
        if end - start >= _SHORTEST_MS:
            self._mark_stretch(Segment(playing.video, start, end))

    def _end_stretch(self) -> None:
        self._begun = None
        self._window.timeline.set_stretch(None)

    def _stretch_grows(self, ms: int) -> None:
        playing, note = self._player.segment, self._session.note
        if self._begun is None or playing is None or note is None or note.video != self._begun[0]:
            return
        if playing.video == self._begun[0]:
            self._window.timeline.set_stretch((min(self._begun[1], ms), max(self._begun[1], ms)))

    def _mark_drawn(self, start_ms: int, end_ms: int) -> None:
        note = self._session.note
        if note is not None and note.video is not None and end_ms > start_ms:
            self._mark_stretch(Segment(note.video, start_ms, end_ms))

    def _mark_stretch(self, segment: Segment) -> None:
        note = self._session.note
        if note is not None and segment.video in note.videos:
            mark = mark_of_stretch(note, self._session.path, segment, self._colour())
        else:
            entry = self._entry_of(segment.video)
            if entry is None:
                self._window.banner.show_info(
                    tr("The note of what plays is not in the library"), tr("Open it to mark this.")
                )
                return
            mark = mark_of_other(entry.path, entry.title, segment, self._colour())
        self._marks.add(mark)
        words = mark.text if len(mark.text) < 100 else mark.text[:98].rsplit(" ", 1)[0] + "…"
        place = format_range(segment.start_ms, segment.end_ms)
        self._window.banner.show_info(tr("Marked: {place}").format(place=place), words)

    def _entry_of(self, video: VideoRef) -> NoteEntry | None:
        return next((entry for entry in self._library.entries if video.id in entry.video_ids), None)

    def fill_menu(self, ms: int, menu: QMenu) -> None:
        """Add to the strip's menu what can be marked there."""
        actions, note = self._window.actions_set, self._session.note
        if note is None or note.video is None:
            return
        video, place = note.video, format_timestamp(ms)
        if self._begun is not None and self._begun[0] == video and self._begun[1] != ms:
            begun = self._begun[1]
            _item(menu, tr("End the mark at {place}").format(place=place), partial(self._end_at, begun, ms))
        _item(menu, tr("Begin a mark at {place}").format(place=place), partial(self._begin_at, video, ms))
        menu.addAction(actions["mark_last"])

    def _begin_at(self, video: VideoRef, ms: int) -> None:
        self._begun = video, ms
        self._window.timeline.set_stretch((ms, ms))

    def _end_at(self, begun: int, ms: int) -> None:
        self._end_stretch()
        self._mark_drawn(min(begun, ms), max(begun, ms))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc gives up a stretch that was begun."""
        if self._begun is None or not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() == Qt.Key.Key_Escape:
            self._end_stretch()
            return True
        return False


def _item(menu: QMenu, words: str, act: Callable[[], object]) -> None:
    menu.addAction(words).triggered.connect(lambda _=False: act())
