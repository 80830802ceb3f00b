"""What a row offers besides playing: its context menu, and its words with their source."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QMenu

from viewer.base.language import tr
from viewer.domain.note import Note
from viewer.domain.timestamp import format_timestamp
from viewer.domain.video import Segment
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_state import ClipStatus
from viewer.qt.timed_rows import TimedRow
from viewer.ui.main_window import MainWindow
from viewer.ui.notes_view import open_in_browser
from viewer.ui.session import NoteSession


def quote_with_source(note: Note, row: TimedRow | None) -> str:
    """The row's words in quotation marks, who said them in which talk and when, and the address of the place."""
    words = "" if row is None else row.text or row.title
    speaker = (row.speaker if row is not None else None) or note.metadata.channel
    segment = row.segment if row is not None else None
    place = f", {format_timestamp(segment.start_ms)}" if segment is not None else ""
    source = segment.video.url_at(segment.start_ms) if segment is not None else ""
    if not source and note.video is not None:
        source = note.video.url
    bare = words.strip().strip('"“”')
    lines = [
        f"“{bare}”" if bare else "",
        "— " + ", ".join(part for part in (speaker, f"“{note.title}”") if part),
    ]
    lines[1] += place
    return "\n".join(line for line in (*lines, source) if line)


class RowMenu(QObject):
    """Fills the context menu of a row."""

    def __init__(self, window: MainWindow, session: NoteSession, controller: ClipController) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._controller = controller

    def fill(self, row: TimedRow, menu: QMenu) -> None:
        """Add what can be done with ``row``."""
        if row.segment is not None:
            self._fill_timed(row.segment, menu)
        menu.addAction(tr("Copy quote with source")).triggered.connect(lambda _=False: self._copy(row))

    def _fill_timed(self, segment: Segment, menu: QMenu) -> None:
        menu.addAction(tr("Play")).triggered.connect(lambda _=False: self._session.play(segment))
        state = self._controller.state(segment)
        if state.status is ClipStatus.PAUSED:
            menu.addAction(tr("Resume fetching")).triggered.connect(
                lambda _=False: self._controller.resume(segment)
            )
        elif state.busy:
            menu.addAction(tr("Pause fetching")).triggered.connect(
                lambda _=False: self._controller.pause(segment)
            )
        if state.busy:
            menu.addAction(tr("Stop fetching")).triggered.connect(
                lambda _=False: self._controller.cancel(segment)
            )
        elif state.status is ClipStatus.FAILED:
            menu.addAction(tr("Retry")).triggered.connect(lambda _=False: self._session.play(segment))
        menu.addAction(tr("Show in the transcript")).triggered.connect(
            lambda _=False: self._window.reader.show_place(segment.start_ms)
        )
        menu.addAction(tr("Open on YouTube")).triggered.connect(
            lambda _=False: open_in_browser(segment.video.url_at(segment.start_ms))
        )
        menu.addSeparator()

    def _copy(self, row: TimedRow) -> None:
        if self._session.note is not None:
            QApplication.clipboard().setText(quote_with_source(self._session.note, row))
