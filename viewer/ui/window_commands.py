"""What the keys and menus of the window do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from viewer import __version__
from viewer.base.language import tr
from viewer.base.settings import Settings
from viewer.base.settings_table import setting
from viewer.ui.icons import product_icon
from viewer.ui.main_window import MainWindow
from viewer.ui.theme import THEMES, ThemeManager


class WindowCommands(QObject):
    """Handlers of the actions in the Library, Go, View and Help menus."""

    pathsChosen = Signal(list)
    """folders or files (str) to show"""
    pathsAdded = Signal(list)
    """folders (str) to show, too"""
    namesWanted = Signal()
    healthWanted = Signal()
    samplesWanted = Signal()
    refreshWanted = Signal()

    def __init__(self, window: MainWindow, settings: Settings, themes: ThemeManager) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._themes = themes

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Action id -> what it does."""
        window = self._window
        return {
            "open_folder": self.open_folder,
            "add_folder": self.add_folder,
            "open_file": self.open_file,
            "names": self.namesWanted.emit,
            "health": self.healthWanted.emit,
            "open_samples": self.samplesWanted.emit,
            "refresh": self.refreshWanted.emit,
            "offline": self.toggle_offline,
            "preferences": self.open_preferences,
            "quit": window.close,
            "search": window.top.focus_search,
            "find": window.reader.open_find,
            "find_next": self._find_next,
            "find_previous": self._find_previous,
            "filter_notes": self._filter_notes,
            "focus_library": self._focus_library,
            "focus_reader": lambda: window.reader.page().setFocus(Qt.FocusReason.ShortcutFocusReason),
            "focus_side": self._focus_side,
            "fullscreen": window.toggle_full,
            "toggle_library": window.toggle_library,
            "toggle_side": window.toggle_side,
            "focus_text": window.focus_mode.toggle_text,
            "focus_player": window.focus_mode.toggle_player,
            "larger": lambda: self._text_size(1),
            "smaller": lambda: self._text_size(-1),
            "usual_size": lambda: self._settings.set("look.text_size", setting("look.text_size").default),
            "next_theme": self._next_theme,
            "shortcuts": self.open_shortcuts,
            "about": self.about,
        }

    def open_folder(self) -> None:
        """Ask for a folder of notes."""
        dialog = QFileDialog(self._window, tr("Open a folder of notes"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self._ask(dialog)

    def add_folder(self) -> None:
        """Ask for a folder that is shown besides the others."""
        dialog = QFileDialog(self._window, tr("Add a folder of notes"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.filesSelected.connect(lambda paths: self.pathsAdded.emit(list(paths)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def open_file(self) -> None:
        """Ask for notes."""
        dialog = QFileDialog(self._window, tr("Open a note"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        self._ask(dialog)

    def _ask(self, dialog: QFileDialog) -> None:
        dialog.filesSelected.connect(lambda paths: self.pathsChosen.emit(list(paths)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def open_preferences(self) -> None:
        """Open the preferences."""
        from viewer.ui.preferences import Preferences  # when they are opened: a start does without

        storage = self._window.actions_set["storage"].trigger
        Preferences(self._settings, self._window, storage).open()

    def open_shortcuts(self) -> None:
        """Show the keys, where they can be changed, too."""
        from viewer.ui.shortcuts_help import ShortcutsHelp

        ShortcutsHelp(self._settings, self._themes, self._window).open()

    def toggle_offline(self) -> None:
        """Switch the network off or on."""
        self._settings.set("fetch.offline", not self._settings.get("fetch.offline"))

    def about(self) -> None:
        """Say what this is."""
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(tr("About Soundbite"))
        box.setIconPixmap(product_icon().pixmap(64, 64))
        box.setText(f"<b>Soundbite {__version__}</b>")
        box.setInformativeText(
            tr(
                "Read a talk and hear it: every quote in your video notes is a play button.\n\n"
                "Free software under the GNU General Public License, version 3 or later. "
                "Made with Qt, yt-dlp and ffmpeg."
            )
        )
        box.open()

    def _find_next(self) -> None:
        self._find(1)

    def _find_previous(self) -> None:
        self._find(-1)

    def _find(self, by: int) -> None:
        """From one place to the next: of the find bar, else of the search, else ask what to find."""
        bar, hits = self._window.reader.find_bar, self._window.hits
        if bar.isVisible():
            bar.find_next() if by > 0 else bar.find_previous()
        elif hits.active:
            hits.step(by)
        else:
            self._window.reader.open_find()

    def _filter_notes(self) -> None:
        if self._window.library.isHidden():
            self._window.toggle_library()
        self._window.library.toggle_filters()

    def _focus_library(self) -> None:
        if self._window.library.isHidden():
            self._window.toggle_library()
        view = self._window.library.view
        view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not view.currentIndex().isValid() and view.model().rowCount():
            view.setCurrentIndex(view.model().index(0, 0))

    def _focus_side(self) -> None:
        if self._window.side.isHidden():
            self._window.toggle_side()
        view = self._window.side.lists.view()
        view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not view.currentIndex().isValid() and view.model().rowCount():
            view.setCurrentIndex(view.model().index(0, 0))

    def _text_size(self, by: int) -> None:
        limits = setting("look.text_size")
        size = self._settings.get("look.text_size") + by
        self._settings.set("look.text_size", int(max(limits.minimum or 10, min(limits.maximum or 40, size))))

    def _next_theme(self) -> None:
        now = self._themes.theme.name
        self._settings.set("look.theme", THEMES[(THEMES.index(now) + 1) % len(THEMES)])

    @staticmethod
    def quit() -> None:
        """End the program in order (for signals)."""
        QApplication.closeAllWindows()
