"""Adding videos in the window: by key, paste or drop; the finished notes are opened, the rest goes on behind."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, QTimer
from PySide6.QtGui import QGuiApplication

from viewer.base.errors import ViewerError
from viewer.base.language import tr, tr_n
from viewer.base.paths import AppPaths, seeds_dir
from viewer.base.settings import Settings
from viewer.domain.video_source import parse_source
from viewer.library.add_queue import AddItem, AddProgress, AddState
from viewer.library.catalog import Catalog
from viewer.media.caption_store import CaptionStore
from viewer.qt.adding import Adding
from viewer.qt.clip_state import ClipState, ClipStatus
from viewer.qt.downloads import Downloads
from viewer.qt.jobs import JobRunner
from viewer.qt.library_controller import LibraryController
from viewer.ui.applied_settings import fetch_options
from viewer.ui.library_session import LibrarySession
from viewer.ui.main_window import MainWindow
from viewer.ui.session import NoteSession
from viewer.ui.status_banner import BannerButton
from viewer.ui.text import count_text

if TYPE_CHECKING:  # loaded when it is first wanted
    from viewer.ui.add_video import AddVideoDialog

_TOLD_AFTER_MS = 1500
"""At the start: when the last note is open, which takes the banner away."""

_LEFT = "left to add"
"""What the banner is about that says what waits."""


class AddingSession(QObject):
    """Handlers of the actions ``add_video`` and ``paste_address``; one for the life of the window."""

    def __init__(
        self,
        window: MainWindow,
        runner: JobRunner,
        catalog: Catalog,
        library: LibraryController,
        desk: LibrarySession,
        note: NoteSession,
        downloads: Downloads,
        store: CaptionStore,
        settings: Settings,
        paths: AppPaths,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._library = library
        self._desk = desk
        self._note = note
        self._downloads = downloads
        self._settings = settings
        self._to_open = ""
        self._batch: list[AddItem] = []
        self._dialog: AddVideoDialog | None = None
        self.adding = Adding(runner, catalog, paths, store, lambda: fetch_options(settings), self)
        self.adding.progressed.connect(self._progressed)
        self.adding.settled.connect(self._settled)
        self.adding.changed.connect(self._changed)
        self.adding.ended.connect(self._ended)
        library.refreshed.connect(self._refreshed)
        window.addressDropped.connect(self.open_with)
        window.library.addVideoWanted.connect(self.open)
        window.actions_set.connect(self.handlers())
        settings.listen(self._setting_changed)
        if self.adding.queue.waiting():
            QTimer.singleShot(_TOLD_AFTER_MS, self, self._tell_left)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Action id -> what it does."""
        return {"add_video": self.open, "paste_address": self.paste}

    # -- opening ---------------------------------------------------------------------------------------------

    @property
    def dialog(self) -> AddVideoDialog:
        """The window for adding; made when it is first wanted."""
        if self._dialog is None:
            from viewer.ui.add_video import AddVideoDialog

            window = self._window
            self._dialog = AddVideoDialog(
                self.adding, self._settings, window.themes, self._start_folder, window
            )
            self._dialog.openWanted.connect(self.open_note)
        return self._dialog

    def open(self) -> None:
        """Open the window for adding, with the address that lies on the clipboard, if it is one."""
        self.open_with(self._copied())

    def open_with(self, text: str) -> None:
        """Open it with this address. Nothing is asked of the site yet."""
        self._window.banner.drop(_LEFT)  # it offers this window
        self.dialog.show_address(text)

    def paste(self) -> None:
        """Open it with the pasted address; say so when what was copied is none."""
        text = self._copied()
        if text:
            self.open_with(text)
        else:
            self._window.banner.show_info(
                tr("What you have copied is no address of a video"),
                tr("Copy the address of a video, a playlist or a channel in your browser first."),
            )

    @staticmethod
    def _copied() -> str:
        text = QGuiApplication.clipboard().text().strip()
        return text if parse_source(text) is not None else ""

    def _start_folder(self) -> str:
        """Where the first question for a folder begins: the user's library, else their documents."""
        own = next((str(path) for path in self._library.folders if path.is_dir() and path != seeds_dir()), "")
        places = QStandardPaths.standardLocations(QStandardPaths.StandardLocation.DocumentsLocation)
        return own or next(iter(places), "")

    # -- what has become a note ------------------------------------------------------------------------------

    def _show_folder(self, folder: Path) -> None:
        """Make the folder of a new note a part of the library, unless it lies in it already."""
        if not any(folder == root or root in folder.parents for root in self._library.folders):
            self._desk.add_paths([folder])

    def open_note(self, path: str) -> None:
        """Open the note of this file as soon as the library knows it."""
        self._to_open = path
        if not self._open_wanted():
            self._show_folder(Path(path).parent)
            self._library.refresh()

    def _open_wanted(self) -> bool:
        entry = self._library.model.entry_of_file(self._to_open) if self._to_open else None
        if entry is None:
            return False
        self._to_open = ""
        self._desk.open_entry(entry)
        return True

    def _refreshed(self, summary: object) -> None:
        self._open_wanted()

    # -- how far it is ---------------------------------------------------------------------------------------

    def _progressed(self, progress: AddProgress) -> None:
        fraction = progress.done / progress.total if progress.total else None
        status = ClipStatus.WAITING if progress.resting_s else ClipStatus.FETCHING
        self._task(ClipState(status, fraction))

    def _task(self, state: ClipState | None) -> None:
        self._downloads.set_task(tr("Adding videos"), state, self.adding.stop)

    def _changed(self) -> None:
        if not self.adding.running:
            self._task(None)
        if self.adding.running or not self.adding.queue.waiting():
            self._window.banner.drop(_LEFT)

    def _settled(self, item: AddItem) -> None:
        self._batch.append(item)
        if item.state is AddState.DONE:
            # Not before: until there is a note the folder would show as empty.
            self._show_folder(Path(item.folder))

    def _ended(self, error: object) -> None:
        """Open the one note, or say how it went, unless the window for adding shows it."""
        batch, self._batch = self._batch, []
        made = [item for item in batch if item.state is AddState.DONE]
        there = [item for item in batch if item.path and os.path.exists(item.path)]
        if made:
            self._library.refresh()
        if len(batch) == 1 and there:
            if self._dialog is not None:
                self._dialog.close()  # the note is what was wanted
            self.open_note(there[0].path)
        if self._dialog is not None and self._dialog.isVisible():
            return
        if error is not None:
            message = (
                error.message if isinstance(error, ViewerError) else tr("The videos could not be added.")
            )
            advice = error.advice if isinstance(error, ViewerError) else ""
            waits = bool(self.adding.queue.waiting())
            self._window.banner.show_failure(
                message, advice, self._buttons() if waits else (), about=_LEFT if waits else ""
            )
        elif batch and not (len(batch) == 1 and there):
            self._tell(made, [item for item in batch if item.state is AddState.FAILED])

    def _tell(self, made: list[AddItem], failed: list[AddItem]) -> None:
        words = tr_n("{n} note was added", "{n} notes were added", len(made)).format(n=count_text(len(made)))
        advice = ""
        if failed:
            advice = tr_n("{n} video could not be added.", "{n} videos could not be added.", len(failed))
            advice = advice.format(n=count_text(len(failed)))
        buttons = [BannerButton(tr("Show the list"), lambda: self.open_with(""))]
        if made:
            first = made[0].path
            buttons.insert(0, BannerButton(tr("Open the first"), lambda: self.open_note(first), primary=True))
        self._window.banner.show_info(words, advice, buttons)

    def _tell_left(self) -> None:
        """After a restart: say what is left to do; nothing goes to the network by itself."""
        count = self.adding.queue.waiting()
        if self.adding.running or not count or not self._window.isVisible():
            return
        words = tr_n("{n} video is still to be added", "{n} videos are still to be added", count)
        self._window.banner.show_info(words.format(n=count_text(count)), "", self._buttons(), about=_LEFT)

    def _buttons(self) -> list[BannerButton]:
        return [
            BannerButton(tr("Go on"), self.adding.start, primary=True),
            BannerButton(tr("Show the list"), lambda: self.open_with("")),
        ]

    def _setting_changed(self, key: str) -> None:
        if key == "fetch.offline" and self._settings.get(key):
            self.adding.cancel_look()
            self.adding.stop()
