"""Builds all that has to do with the reader's own marks and collections, and connects it with the window."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from viewer.base.errors import ViewerError
from viewer.base.language import tr
from viewer.base.settings import Settings
from viewer.domain.note import Note
from viewer.library.catalog import Catalog
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.collections_controller import CollectionsController
from viewer.qt.jobs import JobRunner
from viewer.qt.keeping import Keeping
from viewer.qt.library_controller import LibraryController
from viewer.qt.marks_controller import MarksController
from viewer.ui.collections_session import CollectionsSession
from viewer.ui.continuation import Continuation
from viewer.ui.library_session import LibrarySession
from viewer.ui.main_window import MainWindow
from viewer.ui.marks_session import MarksSession
from viewer.ui.session import NoteSession

if TYPE_CHECKING:
    from viewer.qt.mark_notes_controller import MarkNotesController, TwoVersions

log = logging.getLogger(__name__)


class MarksDesk(QObject):
    """Owns the controllers of marks and collections for the life of the window."""

    def __init__(
        self,
        window: MainWindow,
        settings: Settings,
        runner: JobRunner,
        catalog: Catalog,
        library: LibraryController,
        session: NoteSession,
        desk: LibrarySession,
        clips: ClipController,
        player: ClipPlayer,
        keeping: Keeping,
        continuation: Continuation,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._library = library
        self._desk = desk
        self.store = catalog.marks
        self.marks = MarksController(runner, catalog.marks, catalog.journal, self)

        def read_note(note_id: int) -> tuple[Note, str]:
            entry = catalog.entry(note_id)
            if entry is None:
                raise KeyError(note_id)
            return catalog.note(note_id), entry.path

        self.collections = CollectionsController(runner, catalog.collections, self.marks, read_note, self)
        self.session = MarksSession(window, session, self.marks, clips, player, keeping, library.model)
        self.gathering = CollectionsSession(
            window, session, self.session, self.collections, continuation, clips, settings
        )
        self.gathering.openNoteWanted.connect(self._open_note)
        self._settings = settings
        self._runner = runner
        self._catalog = catalog
        self._files: MarkNotesController | None = None
        self._files_begun = False
        library.refreshed.connect(self._begin_files)
        session.noteChanged.connect(lambda _: self._look_at_file(session.path))
        settings.listen(self._setting_changed)
        desk.hitOpened.connect(self.session.display.open_hit)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Action id -> what it does."""
        return self.session.handlers() | self.gathering.handlers()

    def _open_note(self, path: str, start_ms: int | None) -> None:
        entry = self._library.model.entry_of_file(path)
        if entry is not None:
            self._desk.open_note(entry.id, start_ms)
        else:
            self._window.banner.show_info(tr("This note is not in the library"), path)

    # -- the marks as files ----------------------------------------------------------------------------------

    @property
    def files(self) -> MarkNotesController:
        """What keeps the marks' files; made when a folder is named, since few do."""
        if self._files is None:
            from viewer.library.mark_notes import MarkNotes
            from viewer.qt.mark_notes_controller import MarkNotesController

            catalog = self._catalog
            notes = MarkNotes(catalog.user, catalog.marks)
            self._files = MarkNotesController(self._runner, notes, catalog.marks, self.marks, self)
            self._files.conflicted.connect(self._ask_which)
            self._files.told.connect(self._tell)
            self._files.failed.connect(self._files_failed)
        return self._files

    def _look_at_file(self, path: str) -> None:
        if self._files is not None:
            self._files.look_at(path)

    def _begin_files(self, _: object) -> None:
        """Bring the files up to date when it is known which notes there are."""
        if not self._files_begun:
            self._files_begun = True
            if self._settings.get("marks.folder"):
                self.files.use_folder(self._settings.get("marks.folder"), self._library.model.entries)

    def _setting_changed(self, key: str) -> None:
        if key == "marks.folder":
            self._files_begun = True
            self.files.use_folder(self._settings.get(key), self._library.model.entries)

    def _ask_which(self, found: list[TwoVersions]) -> None:
        from viewer.ui.two_versions_dialog import TwoVersionsDialog  # seldom needed

        TwoVersionsDialog(found, self.files.keep_mine, self.files.keep_theirs, self._window).open()

    def _tell(self, sentences: list[str]) -> None:
        self._window.banner.show_info(
            tr("A mark's file was changed elsewhere"), "\n".join(sentences[:3]), stay=True
        )

    def _files_failed(self, error: object) -> None:
        if isinstance(error, ViewerError):
            self._window.banner.show_failure(error.message, error.advice)
        elif isinstance(error, str):
            self._window.banner.show_failure(
                tr("The file of a note's marks could not be brought up to date."), error
            )
        else:
            log.warning("the files of the marks could not be kept: %r", error)

    def close(self) -> None:
        """Keep what is being written: the program ends."""
        self.session.editor.close_editor()
        self.gathering.close()
        if not self.marks.finish():
            log.warning("some marks were not kept in time")
        if self._files is not None:
            self._files.finish()
