"""The notes and folders that were open last, as two menus, in the library's menu and in the main one."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from viewer.base.errors import ViewerError
from viewer.base.language import tr
from viewer.base.settings import Settings
from viewer.library.entries import NoteEntry
from viewer.qt.models import LibraryModel
from viewer.qt.plain_words import plain_tip
from viewer.ui.icons import set_icon
from viewer.ui.library_session import LibrarySession
from viewer.ui.main_window import MainWindow

log = logging.getLogger(__name__)

MOST_NOTES = 12
MOST_FOLDERS = 10


class RecentMenus(QObject):
    """Fills both menus when they are opened, and remembers the folders."""

    def __init__(
        self, window: MainWindow, settings: Settings, library: LibraryModel, desk: LibrarySession
    ) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._library = library
        self._desk = desk
        self.notes = self._menu(tr("Recent notes"), "note")
        self.folders = self._menu(tr("Recent folders"), "folder")
        self.notes.aboutToShow.connect(self.fill_notes)
        self.folders.aboutToShow.connect(self.fill_folders)
        window.top.add_recent(self.notes, self.folders)
        settings.listen(self._setting_changed)
        self._setting_changed("library.folders")

    def _menu(self, words: str, icon: str) -> QMenu:
        menu = QMenu(words, self._window)
        set_icon(menu.menuAction(), icon, self._window.themes.theme)
        return menu

    # -- notes -----------------------------------------------------------------------------------------------

    def recent_notes(self) -> list[NoteEntry]:
        """The notes that were opened last, the latest first."""
        opened = [entry for entry in self._library.entries if entry.opened_at]
        return sorted(opened, key=lambda entry: -(entry.opened_at or 0))[:MOST_NOTES]

    def fill_notes(self) -> None:
        """List them anew."""
        self.notes.clear()
        for entry in self.recent_notes():
            words = entry.title or entry.path.rsplit("/", 1)[-1]
            action = self.notes.addAction(_short(words).replace("&", "&&"))
            action.setToolTip(plain_tip(entry.path))
            action.triggered.connect(partial(self._open_note, entry))
        self._or_nothing(self.notes)

    def _open_note(self, entry: NoteEntry, checked: bool = False) -> None:
        self._desk.open_entry(entry)

    # -- folders ---------------------------------------------------------------------------------------------

    def recent_folders(self) -> list[str]:
        """The folders that were shown last and still exist, the latest first."""
        return [folder for folder in self._settings.get("library.recent") if Path(folder).is_dir()]

    def fill_folders(self) -> None:
        """List them anew."""
        self.folders.clear()
        for folder in self.recent_folders():
            action = self.folders.addAction(folder.replace("&", "&&"))
            action.triggered.connect(partial(self._open_folder, folder))
        self._or_nothing(self.folders)
        if self.recent_folders():
            self.folders.addSeparator()
            forget = self.folders.addAction(tr("Forget these folders"))
            forget.triggered.connect(lambda _=False: self._remember([]))

    def _open_folder(self, folder: str, checked: bool = False) -> None:
        self._desk.open_paths([folder])

    def _setting_changed(self, key: str) -> None:
        if key != "library.folders":
            return
        shown = self._settings.get("library.folders")
        before = self._settings.get("library.recent")
        now = [*reversed(shown), *(folder for folder in before if folder not in shown)][:MOST_FOLDERS]
        if shown and now != before:
            self._remember(now)

    def _remember(self, folders: list[str]) -> None:
        try:
            self._settings.set("library.recent", folders)
        except ViewerError as error:
            log.warning("the recent folders could not be kept: %s", error)

    @staticmethod
    def _or_nothing(menu: QMenu) -> None:
        if menu.isEmpty():
            menu.addAction(tr("Nothing yet")).setEnabled(False)


def _short(words: str) -> str:
    return words if len(words) <= 64 else words[:63].rstrip() + "…"
