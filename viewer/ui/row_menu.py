"""What a row offers besides playing: its context menu, and its words with their source."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QMenu

from viewer.base.language import tr
from viewer.domain.cited_quote import CitedQuote
from viewer.domain.note import Note
from viewer.domain.video import Segment
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_state import ClipStatus
from viewer.qt.timed_rows import TimedRow
from viewer.ui.copy_quote import row_quote
from viewer.ui.main_window import MainWindow
from viewer.ui.notes_view import open_in_browser
from viewer.ui.session import NoteSession


def quote_with_source(path: str, note: Note, row: TimedRow | None) -> str:
    """The row's words in quotation marks, who said them in which talk and when, and the address of the place."""
    from viewer.export.quote_text import with_source  # here: a start does without it

    if row is not None:
        return with_source(row_quote(path, note, row))
    return with_source(
        CitedQuote(
            "", note_title=note.title, channel=note.metadata.channel, url=note.video.url if note.video else ""
        )
    )


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
            QApplication.clipboard().setText(quote_with_source(self._session.path, self._session.note, row))
