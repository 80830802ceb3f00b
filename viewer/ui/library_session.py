"""Which folders are shown, which note is opened, and what a search does: from the library to the window."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from viewer.base.errors import ViewerError
from viewer.base.language import set_apart, tr
from viewer.base.paths import seeds_dir
from viewer.base.settings import Settings
from viewer.domain.note import Note
from viewer.library.entries import NoteEntry, RefreshSummary
from viewer.library.query import parse_query
from viewer.library.search import SearchHit, SearchResult
from viewer.library.watcher import LibraryWatcher
from viewer.qt.clip_controller import ClipController
from viewer.qt.library_controller import LibraryController
from viewer.qt.models import LibraryFilterModel
from viewer.qt.roles import Role
from viewer.ui.actions import key_of
from viewer.ui.main_window import MainWindow
from viewer.ui.openings import Openings
from viewer.ui.session import NoteSession
from viewer.ui.status_banner import BannerButton

log = logging.getLogger(__name__)

PREFETCHED = 3
"""So many clips of an opened note are fetched ahead, where the user has switched that on."""

REMEMBER_AFTER_MS = 500
"""When the opened note is written down as the last one: the disk takes its time, and the note shall be painted."""

_STOPPED = "reading stopped"
"""What the banner is about that offers to read on."""

_LARGE = 200
"""Of so many files not all have been read when one has looked at the list."""

_UNREADABLE = "unreadable folder"
"""What the banner is about while a folder cannot be read."""

SEARCH_PAUSE_MS = 0
"""Letters typed faster than this are searched together."""


class LibrarySession(QObject):
    """Opens folders and notes, and keeps what is needed to come back to them at the next start."""

    noteShown = Signal(object, object)
    """note id, Note: it is in the window now"""
    hitOpened = Signal(object)
    """SearchHit that is about to be opened, from wherever it was chosen"""
    changedOnDisk = Signal()
    """a file below the shown folders changed; emitted from the watcher's thread"""

    def __init__(
        self,
        window: MainWindow,
        library: LibraryController,
        notes: LibraryFilterModel,
        session: NoteSession,
        clips: ClipController,
        settings: Settings,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._library = library
        self._notes = notes
        self._session = session
        self.openings = Openings(window.banner, session, self)
        self._clips = clips
        self._settings = settings
        self._wanted_id: object = None
        self._wanted_place: int | None = None
        self._by_itself = False
        self._play_when_open = False
        self._wanted_query = ""
        self._shown_id: object = None
        self._wanted_page: int | None = None
        self._watcher: LibraryWatcher | None = None
        self._unreadable: tuple[str, ...] = ()
        self.changedOnDisk.connect(self._disk_changed, Qt.ConnectionType.QueuedConnection)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SEARCH_PAUSE_MS)
        self._pause.timeout.connect(lambda: library.search(window.top.search.text()))
        self._last_note: str = settings.get("window.last_note")
        self._remembering = QTimer(self, singleShot=True, interval=REMEMBER_AFTER_MS)
        self._remembering.timeout.connect(self._remember_note)
        window.closing.connect(self._remember_note)

    # -- folders ---------------------------------------------------------------------------------------------

    def start(self, arguments: Sequence[str]) -> None:
        """Show these folders or files; without any, the remembered folders or the samples."""
        self._window.reader.show_empty(tr("Opening the library…"), "", icon="folder")
        remembered = [Path(folder) for folder in self._settings.get("library.folders")]
        paths = self.openings.read(arguments)
        if paths:
            self.open_paths(paths)
        elif remembered:
            self._open_remembered(remembered)
            self._show_folders(remembered)
        else:
            self.open_samples()

    def _open_remembered(self, folders: Sequence[Path]) -> None:
        """Come back to the last note without waiting for the list."""
        last = self._last_note
        if last and os.path.isfile(last) and any(Path(last).is_relative_to(folder) for folder in folders):
            self._wanted_id = self._library.open_file(last)

    def open_arguments(self, arguments: Sequence[str]) -> None:
        """Open what a second start was given: folders, files, addresses of ours."""
        paths = self.openings.read(arguments)
        if paths:
            self.open_paths(paths)

    def open_paths(self, paths: Sequence[Path | str]) -> None:
        """Show these folders or files from now on; folders are remembered."""
        wanted = [Path(path).absolute() for path in paths]
        found = [path for path in wanted if path.exists()]
        if found:
            if all(path.is_dir() for path in found):
                self._keep("library.folders", [str(path) for path in found])
            self._wanted_id = None
            self._show_folders(found)
        elif not self._library.model.rowCount():
            self.open_samples()
        missing = next((path for path in wanted if not path.exists()), None)
        if missing is not None:
            self._window.banner.show_failure(
                tr("{path} does not exist.").format(path=set_apart(str(missing))),
                tr("Check the name, or choose a folder with {key}.").format(key=key_of("open_folder")),
            )

    def add_paths(self, paths: Sequence[Path | str]) -> None:
        """Show these folders or files besides those that are shown; folders are remembered."""
        wanted = [Path(path).absolute() for path in paths]
        new = [path for path in wanted if path.exists() and path not in self._library.folders]
        if not new:
            if not any(path.exists() for path in wanted):
                self.open_paths(wanted)
            return
        shown_already = self._entry_of(str(new[0])) if len(new) == 1 else None
        if shown_already is not None:
            self.open_entry(shown_already)
            return
        remembered = [Path(folder) for folder in self._settings.get("library.folders")]
        shown = [path for path in self._library.folders if path != seeds_dir()]
        folders = [path for path in new if path.is_dir() and path not in remembered]
        if folders:
            self._keep("library.folders", [str(path) for path in (*remembered, *folders)])
        if not shown:
            self._wanted_id = None
        self._show_folders([*shown, *new])

    def remove_folder(self, folder: str) -> None:
        """Take a folder out of the library; its files stay as they are."""
        rest = [path for path in self._library.folders if str(path) != folder]
        self._keep("library.folders", [one for one in self._settings.get("library.folders") if one != folder])
        if self._window.library.filters.wanted.folder == folder:
            self._window.library.filters.clear()
        if self._session.path.startswith(os.path.join(folder, "")):
            self._wanted_id = None
        if rest:
            self._show_folders(rest)
        else:
            self.open_samples()

    def show_only(self, folder: str) -> None:
        """Leave out the notes of other folders; a chip takes that back."""
        filters = self._window.library.filters
        filters.set_wanted(replace(filters.wanted, folder=folder))

    def stop_reading(self) -> None:
        """Stop reading the folders; what has been read stays."""
        self._library.cancel_refresh()
        self._window.library.set_busy(0, 0)
        if self._wanted_id is None:
            self._open_last_or_first()
        self._window.banner.show_info(
            tr("Reading the library was stopped"),
            tr("The notes read so far are shown and can be searched."),
            [BannerButton(tr("Read on"), self._library.refresh, primary=True)],
            about=_STOPPED,
        )

    def open_samples(self) -> None:
        """Show the sample library."""
        self._window.banner.dismiss()
        self._keep("library.folders", [])
        self._window.top.set_folders([])
        self._wanted_id = None
        self._window.library.show_folder(tr("The sample library"), samples=True)
        self._library.open_folders([seeds_dir()])
        self.watch([])

    def watch(self, folders: Sequence[Path]) -> None:
        """Look at these folders again whenever something changes in them; at none for an empty list."""
        if self._watcher is not None:
            self._watcher.stop()
        self._watcher = LibraryWatcher(folders, self.changedOnDisk.emit) if folders else None
        if self._watcher is not None:
            self._watcher.start_aside()

    def _disk_changed(self) -> None:
        if self._watcher is not None:  # else the notice was on its way when watching, or the program, ended
            self._library.refresh()

    def _show_folders(self, folders: list[Path]) -> None:
        self._window.banner.dismiss()
        words = ", ".join(path.name or str(path) for path in folders)
        self._window.library.show_folder(words, samples=False)
        self._window.top.set_folders(list(self._settings.get("library.folders")))
        self._library.open_folders(folders)
        self.watch(folders)

    def progressed(self, done: int, total: int) -> None:
        """Show how far the reading of the folders is; open the last note, or one of a large library, once it is known."""
        self._window.library.set_busy(done, total)
        if self._wanted_id is not None:
            return
        # The notes of the folders shown before are still in the list for a moment.
        if self._is_inside(self._last_note):
            if self._entry_of(self._last_note) is not None:
                self._open_last_or_first()
        elif done and total >= _LARGE:
            self._open_first_read()

    def _is_inside(self, path: str) -> bool:
        return bool(path) and any(
            path == str(folder) or folder in Path(path).parents for folder in self._library.folders
        )

    def _open_first_read(self) -> None:
        """Open a note that has been read: until all of a large library have been, minutes may pass."""
        rows = min(self._notes.rowCount(), 100)
        entries = (self._notes.index(row, 0).data(Role.NOTE_ENTRY) for row in range(rows))
        best = next((entry for entry in entries if entry.indexed and self._is_inside(entry.path)), None)
        if best is not None:
            self.open_note(best.id)
            self._by_itself = True

    def busy_changed(self, busy: bool) -> None:
        """Take the progress away when the reading has ended; with the next one it is not stopped any more."""
        if busy:
            self._window.banner.drop(_STOPPED)
        else:
            self._window.library.set_busy(0, 0)

    def refreshed(self, summary: RefreshSummary) -> None:
        """Say what could not be read; open the first note, or renew the open one when its file has changed."""
        self._window.library.set_busy(0, 0)
        if summary.unreadable and summary.unreadable != self._unreadable:
            self._window.banner.show_failure(
                tr("A folder could not be read: {path}").format(path=set_apart(str(summary.unreadable[0]))),
                tr("Check that it still exists and that you may read it."),
                about=_UNREADABLE,
            )
        elif not summary.unreadable:
            self._window.banner.drop(_UNREADABLE)
        self._unreadable = summary.unreadable
        if self._wanted_id is None:
            self._open_last_or_first()
        elif self._wanted_id in summary.changed and isinstance(self._wanted_id, int):
            self._library.open_note(self._wanted_id)
        elif isinstance(self._wanted_id, int) and self._library.model.entry(self._wanted_id) is None:
            self._left_the_library()

    def _left_the_library(self) -> None:
        """The open note is not in the library any more: its folder is not shown, or its file is gone."""
        if not self._session.path or os.path.exists(self._session.path):
            self._wanted_id = None
            self._open_last_or_first()
            return
        self._window.banner.show_info(
            tr("The file of this note is gone"),
            tr("It was moved out of the library or deleted. Its text stays here until you open another."),
        )

    def refresh_failed(self, error: object) -> None:
        """Say why the library could not be read."""
        self._window.library.set_busy(0, 0)
        if isinstance(error, ViewerError):
            self._window.banner.show_failure(error.message, error.advice)
        else:
            log.warning("the library could not be read: %r", error)
            self._window.banner.show_failure(
                tr("The library could not be read."), tr("The log has the details.")
            )

    def _entry_of(self, path: str) -> NoteEntry | None:
        return self._library.model.entry_of_file(path) if path else None

    def _open_last_or_first(self) -> None:
        rows = min(self._notes.rowCount(), 500)
        entries = [self._notes.index(row, 0).data(Role.NOTE_ENTRY) for row in range(rows)]
        best = self._entry_of(self._last_note)
        # Without a note to come back to, one that plays shows best what this is.
        best = best or next((entry for entry in entries if entry.clips), None) or next(iter(entries), None)
        if best is not None:
            self.open_note(best.id)
            self._by_itself = True
        else:
            self._session.show_nothing(
                tr("No notes yet"),
                tr(
                    "Open a folder with video notes ({folder}), or add a video by its address ({video})."
                ).format(folder=key_of("open_folder"), video=key_of("add_video")),
                tr("Open a folder"),
                "folder",
                by_itself=True,
            )

    # -- notes -----------------------------------------------------------------------------------------------

    def open_entry(self, entry: NoteEntry) -> None:
        """Open the note of a row of the library."""
        self.open_note(entry.id)

    def open_note(self, note_id: int, place_ms: int | None = None, query: str = "") -> None:
        """Open a note of the library, at a place of its transcript (ms), with what a query finds marked."""
        self._wanted_id, self._wanted_place, self._wanted_query = note_id, place_ms, query
        self._by_itself = False
        self._library.open_note(note_id)

    def open_file_at(self, path: str, page: int) -> bool:
        """Open the note of this file with this page of the reader in front; False when it is not in the library."""
        entry = self._entry_of(path)
        if entry is not None:
            self._wanted_page = page
            self.open_note(entry.id)
        return entry is not None

    def note_opened(self, note_id: int, note: Note) -> None:
        """Show the note, if it is still the wanted one."""
        if note_id != self._wanted_id:
            return
        index = self._library.model.index_of(note_id)
        entry = index.data(Role.NOTE_ENTRY)
        path = entry.path if isinstance(entry, NoteEntry) else ""
        self._session.show(note, path, by_itself=self._by_itself)
        self._window.library.select(index)
        if self._window.focusWidget() in (None, self._window):
            self._window.library.view.setFocus()
        self._last_note = path
        self._remembering.start()
        if self._wanted_page is not None:
            self._window.reader.tabs.setCurrentIndex(self._wanted_page)
            self._wanted_page = None
        if self._wanted_place is not None:
            self._window.reader.show_place(self._wanted_place)
            if self._play_when_open and note.video is not None:
                self._session.play_time(note.video.id, self._wanted_place)
        if self._wanted_query:
            self._window.hits.show(note, self._wanted_query, self._wanted_place)
        elif note_id == self._shown_id:
            self._window.hits.renew(note)
        else:
            self._window.hits.clear()
        self._shown_id, self._wanted_query = note_id, ""
        self.noteShown.emit(note_id, note)
        self._wanted_place, self._play_when_open = None, False
        if self._settings.get("fetch.prefetch") and not self._clips.offline:
            self._clips.fetch(self._window.side.lists.segments()[:PREFETCHED])

    def kept_changed(self, kept: int, total: int) -> None:
        """Show on the open note's row how many of its clips are kept."""
        entry = self._library.model.entry(self._wanted_id) if isinstance(self._wanted_id, int) else None
        if entry is not None and entry.path == self._session.path:
            self._library.model.set_kept(entry.id, kept, total)

    def _remember_note(self) -> None:
        if self._last_note:
            self._keep("window.last_note", self._last_note)

    def note_failed(self, note_id: int, error: object) -> None:
        """Say why the wanted note cannot be shown."""
        if note_id == self._wanted_id:
            self._session.show_failure_to_open(error)

    def _keep(self, key: str, value: str | list[str]) -> None:
        try:
            self._settings.set(key, value)
        except ViewerError as error:
            log.warning("a setting could not be kept: %s", error)

    # -- searching -------------------------------------------------------------------------------------------

    def search_typed(self, text: str) -> None:
        """Search when the fingers rest for a moment."""
        if not parse_query(text).empty:
            self._window.results.expect()
            self._pause.start()
        else:
            self._pause.stop()
            self._window.results.give_up()

    def search_entered(self) -> None:
        """The field has the focus again: show again what it finds."""
        self.search_typed(self._window.top.search.text())

    def search_finished(self, text: str, result: SearchResult) -> None:
        """Show the result of the newest text."""
        field = self._window.top.search
        if text == field.text() and field.hasFocus():
            self._window.results.show_result(result)

    def search_failed(self, text: str, error: object) -> None:
        """A search that failed found nothing."""
        log.warning("the search for %r failed: %r", text, error)
        self.search_finished(text, SearchResult())

    def search_left(self) -> None:
        """Esc in the field: close the results, then empty the field, then go to the text."""
        if self._window.results.isVisible():
            self._window.results.give_up()
        elif self._window.top.search.text():
            self._window.top.search.clear()
        else:
            self._window.reader.page().setFocus()

    def hit_chosen(self, hit: SearchHit) -> None:
        """Open a hit's note at its place."""
        self.open_found(hit, self._window.top.search.text())

    def open_found(self, hit: SearchHit, query: str, *, play: bool = False) -> None:
        """Open a hit's note at its place, with all that ``query`` finds in it marked."""
        self.hitOpened.emit(hit)
        self._play_when_open = self._play_when_open or (play and hit.start_ms is not None)
        self.open_note(hit.note_id, hit.start_ms, query)
        self._window.reader.page().setFocus()

    def hit_played(self, hit: SearchHit) -> None:
        """Open a hit's note and play its place."""
        self._play_when_open = hit.start_ms is not None
        self.hit_chosen(hit)
