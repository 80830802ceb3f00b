"""The second windows: opened for a note of the library, fed by the one player, closed with the main window."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from viewer.base.cancel import CancelToken, Progress
from viewer.base.errors import ViewerError
from viewer.base.language import tr
from viewer.base.settings import Settings
from viewer.domain.note import Note
from viewer.domain.video import Segment
from viewer.library.catalog import Catalog
from viewer.library.entries import NoteEntry
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.jobs import Job, JobRunner, JobState, Lane
from viewer.qt.marks_controller import MarksController
from viewer.qt.models import LibraryModel
from viewer.qt.quote_checks_controller import QuoteChecksController
from viewer.ui.applied_settings import READING
from viewer.ui.main_window import MainWindow
from viewer.ui.session import NoteSession
from viewer.ui.still_pictures import StillPictures

if TYPE_CHECKING:
    from viewer.ui.note_window import NoteWindow
    from viewer.ui.window_findings import WindowFindings

log = logging.getLogger(__name__)


class NoteWindows(QObject):
    """Keeps every second window for as long as it is open."""

    def __init__(
        self,
        window: MainWindow,
        session: NoteSession,
        library: LibraryModel,
        catalog: Catalog,
        runner: JobRunner,
        clips: ClipController,
        player: ClipPlayer,
        pictures: StillPictures,
        settings: Settings,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._library = library
        self._catalog = catalog
        self._runner = runner
        self._clips = clips
        self._player = player
        self._pictures = pictures
        self._settings = settings
        self.windows: list[NoteWindow] = []
        self._served_by: tuple[MarksController, QuoteChecksController] | None = None
        self._findings: WindowFindings | None = None
        clips.clipStateChanged.connect(self._clip_changed)
        clips.playingChanged.connect(self._playing_changed)
        player.positionChanged.connect(self._position_changed)
        settings.listen(self._setting_changed)

    def serve(self, marks: MarksController, checks: QuoteChecksController) -> None:
        """Show the reader's own marks, and how true the quotes are, in the windows, too."""
        self._served_by = marks, checks

    def open_current(self) -> None:
        """Open the note that is open in the main window, too: to look at two places of it, or to compare it."""
        entry = self._library.entry_of_file(self._session.path) if self._session.path else None
        if entry is not None:
            self.open_entry(entry)

    def open_id(self, note_id: int) -> None:
        """Open the note of this id."""
        entry = self._library.entry(note_id)
        if entry is not None:
            self.open_entry(entry)

    def open_entry(self, entry: NoteEntry) -> None:
        """Open a note of the library; one that is open already comes to the front."""
        for window in self.windows:
            if window.path == entry.path:
                window.raise_()
                window.activateWindow()
                return
        catalog, note_id = self._catalog, entry.id

        def read(progress: Progress, cancel: CancelToken) -> Note | None:
            try:
                return catalog.note(note_id)
            except KeyError:
                return None

        self._runner.start(Lane.ASK, read, entry).finished.connect(self._read)

    @Slot(object)
    def _read(self, job: Job) -> None:
        if job.state is JobState.SUCCEEDED and isinstance(job.value, Note):
            self._show(job.value, job.subject)
        elif job.state is not JobState.CANCELLED:
            words = str(job.error) if isinstance(job.error, ViewerError) else tr("The log has the details.")
            self._window.banner.show_failure(tr("This note could not be opened"), words)

    def _show(self, note: Note, entry: NoteEntry) -> None:
        from viewer.ui.note_window import NoteWindow

        window = NoteWindow(self._window.themes, self._window.actions_set)
        window.reader.set_type(*(self._settings.get(key) for key in READING))
        window.show_note(note, entry.path, self._session.default_length_ms)
        window.segmentWanted.connect(self._session.play)
        window.noteWanted.connect(self._note_wanted)
        window.gone.connect(self._gone)
        self._pictures.show_in(window.lists)
        self.windows.append(window)
        for segment in window.lists.segments():
            window.lists.set_clip_state(segment, self._clips.state(segment))
        self._clips.look_up(window.lists.segments())
        self._playing_changed(self._clips.playing)
        place = self._window.frameGeometry()
        window.move(place.left() + 48 * len(self.windows), place.top() + 40 * len(self.windows))
        window.show()
        window.reader.page().setFocus()
        self._add_findings(window, entry.id)

    def _add_findings(self, window: NoteWindow, note_id: int) -> None:
        if self._served_by is None:
            return
        if self._findings is None:
            from viewer.ui.window_findings import WindowFindings

            self._findings = WindowFindings(
                self._catalog, self._runner, self._clips, *self._served_by, self._window.themes, self
            )
        self._findings.add(window, note_id)

    def _note_wanted(self, address: str) -> None:
        kind, _, value = address.partition(":")
        if kind in ("note", "window") and value.isdigit():
            self.open_id(int(value))

    def _gone(self, window: NoteWindow) -> None:
        if window in self.windows:
            self.windows.remove(window)

    def close(self) -> None:
        """Close them all: the program ends."""
        for window in list(self.windows):
            window.close()

    # -- what the player does --------------------------------------------------------------------------------

    def _clip_changed(self, segment: Segment) -> None:
        row = self._session.row_of(segment)
        for window in self.windows:
            window.lists.set_clip_state(row, self._clips.state(segment))

    def _playing_changed(self, segment: Segment | None) -> None:
        row = None if segment is None else self._session.row_of(segment)
        for window in self.windows:
            window.lists.set_playing(row)
            if segment is None:
                window.show_position(None, 0)

    def _position_changed(self, ms: int) -> None:
        for window in self.windows:
            window.show_position(self._player.segment, ms)

    def _setting_changed(self, key: str) -> None:
        if key == "keys.chosen":
            for window in self.windows:
                # Whoever puts the keys in force may hear of it after us.
                QTimer.singleShot(0, window, window.use_keys)
        if key in READING:
            for window in self.windows:
                window.reader.set_type(*(self._settings.get(one) for one in READING))
