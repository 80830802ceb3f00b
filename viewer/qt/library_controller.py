# ruff: noqa: N815 - signals carry Qt's camelCase
"""The library for the window: folders, refreshing, opening notes and searching, off the GUI thread."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from viewer.base.cancel import CancelToken, Progress
from viewer.base.errors import ReadError, ViewerError
from viewer.base.language import tr
from viewer.domain.note import Note
from viewer.library.catalog import Catalog
from viewer.library.entries import NoteEntry, RefreshProgress
from viewer.library.search import SearchResult
from viewer.qt.jobs import Job, JobRunner, JobState, Lane
from viewer.qt.library_changes import ChangeFinder, LibraryChange, refreshing
from viewer.qt.models import LibraryModel

log = logging.getLogger(__name__)

_PAINTED_AFTER_MS = 20


class LibraryController(QObject):
    """Owns the use of the catalog from Qt, and the one LibraryModel (``model``). All methods on the GUI thread."""

    progressed = Signal(int, int)
    """done, total files of the running refresh"""
    refreshed = Signal(object)
    """RefreshSummary"""
    failed = Signal(object)
    """ViewerError (or a bug's exception) of a refresh"""
    noteOpened = Signal(object, object)
    """note id, Note"""
    noteFailed = Signal(object, object)
    """note id, error"""
    searchFinished = Signal(str, object)
    """text, SearchResult; an overtaken search says nothing"""
    searchFailed = Signal(str, object)
    """text, error"""
    busyChanged = Signal(bool)
    """whether a refresh runs"""

    def __init__(self, runner: JobRunner, catalog: Catalog, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = LibraryModel(self)
        self._runner = runner
        self._catalog = catalog
        self._folders: tuple[Path, ...] = ()
        self._finder = ChangeFinder(catalog)
        self._changes: deque[LibraryChange] = deque()
        self._refresh: Job | None = None
        self._again = False
        self._calm = threading.Event()
        self._calm.set()

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders (or single files) of the library."""
        return self._folders

    @property
    def busy(self) -> bool:
        """Whether a refresh runs."""
        return self._refresh is not None

    def open_folders(self, folders: list[Path]) -> None:
        """Make these the library: what is indexed shows at once, then they are refreshed."""
        self._folders = tuple(folders)
        if self._refresh is not None:
            self._again = True
            self._refresh.cancel()
        else:
            self.refresh()

    def refresh(self) -> None:
        """Look at the folders again. While a refresh runs, another follows it."""
        if self._refresh is not None:
            self._again = True
            return
        work = refreshing(self._catalog, self._finder, self._folders, self._changes, self._calm)
        self._refresh = self._runner.start(Lane.INDEX, work)
        self._refresh.progressed.connect(self._told)
        self._refresh.finished.connect(self._refresh_finished)
        self.busyChanged.emit(True)

    def cancel_refresh(self) -> None:
        """Stop the running refresh; what has been read stays."""
        self._again = False
        if self._refresh is not None:
            self._refresh.cancel()

    def open_file(self, path: str) -> int | None:
        """Read the note that was indexed at this path before the list is there; None when none is known. Its id."""
        note_id = self._catalog.id_at(path)
        if note_id is not None:
            self._calm.clear()
            self.open_note(note_id)
        return note_id

    def open_note(self, note_id: int) -> None:
        """Read a note; ``noteOpened`` or ``noteFailed`` follows, unless another is asked for before."""
        catalog = self._catalog

        def read(progress: Progress, cancel: CancelToken) -> tuple[Note, NoteEntry]:
            try:
                note = catalog.note(note_id)
            except KeyError as error:
                raise _gone() from error
            cancel.raise_if_cancelled()
            return note, _opened(catalog, note_id)

        self._runner.start(Lane.NOTE, read, note_id).finished.connect(self._note_read)

    def search(self, text: str, limit: int = 50) -> None:
        """Search everything; ``searchFinished`` follows, unless a newer search overtakes this one."""
        catalog = self._catalog

        def look(progress: Progress, cancel: CancelToken) -> SearchResult:
            return catalog.search(text, limit, cancel)

        self._runner.start(Lane.SEARCH, look, text).finished.connect(self._searched)

    def _take_changes(self) -> None:
        while self._changes:
            change = self._changes.popleft()
            self.model.update_entries(change.changed, change.removed)

    @Slot(object)
    def _told(self, value: object) -> None:
        self._take_changes()
        if isinstance(value, RefreshProgress):
            self.progressed.emit(value.done, value.total)

    @Slot(object)
    def _refresh_finished(self, job: Job) -> None:
        self._take_changes()
        self._refresh = None
        if self._again:
            self._again = False
            self.refresh()
        else:
            self.busyChanged.emit(False)
        if job.state is JobState.SUCCEEDED:
            self.refreshed.emit(job.value)
        elif job.state is JobState.FAILED:
            self.failed.emit(job.error)

    @Slot(object)
    def _note_read(self, job: Job) -> None:
        QTimer.singleShot(_PAINTED_AFTER_MS, self, self._calm.set)  # when it has been painted
        if job.state is JobState.SUCCEEDED:
            note, entry = job.value
            self.model.update_entries([entry])
            self.noteOpened.emit(job.subject, note)
        elif job.state is JobState.FAILED:
            self.noteFailed.emit(job.subject, job.error)

    @Slot(object)
    def _searched(self, job: Job) -> None:
        if job.state is JobState.SUCCEEDED:
            self.searchFinished.emit(job.subject, job.value)
            if self._catalog.needs_refresh and not self.busy:
                self.refresh()  # the index turned out damaged: it is made anew, else nothing would be found
        elif job.state is JobState.FAILED:
            self.searchFailed.emit(job.subject, job.error)


def _opened(catalog: Catalog, note_id: int) -> NoteEntry:
    """Remember that the note was opened now; returns its row as it then is."""
    entry = catalog.entry(note_id)
    if entry is None:
        raise _gone()
    try:
        catalog.user.set_opened(entry.path, int(time.time() * 1000))
    except ViewerError as error:
        log.warning("that %s was opened cannot be remembered: %s", entry.path, error.detail or error)
    return catalog.entry(note_id) or entry


def _gone() -> ReadError:
    return ReadError(
        tr("This note is no longer in the library."), tr("Its file was probably moved or deleted.")
    )
