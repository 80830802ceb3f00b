"""What makes reading comfortable around the window: second windows, and more that is no pane of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from viewer.base.settings import Settings
from viewer.library.catalog import Catalog
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.jobs import JobRunner
from viewer.qt.library_controller import LibraryController
from viewer.qt.store_controller import StoreController
from viewer.ui.applied_settings import READING
from viewer.ui.context_menus import ContextMenus
from viewer.ui.kept_strip import KeptStrip
from viewer.ui.library_session import LibrarySession
from viewer.ui.main_window import MainWindow
from viewer.ui.note_windows import NoteWindows
from viewer.ui.notices import Notices
from viewer.ui.recent_menus import RecentMenus
from viewer.ui.related_notes import RelatedNotes
from viewer.ui.relations_session import RelationsSession
from viewer.ui.session import NoteSession
from viewer.ui.still_pictures import StillPictures

if TYPE_CHECKING:  # loaded when it is opened
    from viewer.ui.manual_window import ManualWindow


class Comforts(QObject):
    """Builds them and joins them to the window."""

    def __init__(
        self,
        window: MainWindow,
        settings: Settings,
        runner: JobRunner,
        catalog: Catalog,
        library: LibraryController,
        clips: ClipController,
        player: ClipPlayer,
        session: NoteSession,
        desk: LibrarySession,
        relations: RelationsSession,
        pictures: StillPictures,
        store: StoreController,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self.manual: ManualWindow | None = None
        self.windows = NoteWindows(
            window, session, library.model, catalog, runner, clips, player, pictures, settings
        )
        self.menus = ContextMenus(window, session, desk, self.windows)
        self.recent = RecentMenus(window, settings, library.model, desk)
        self.related = RelatedNotes(window, desk, library.model, runner)
        self.notices = Notices(window, settings, library)
        self.kept = KeptStrip(window, session, clips, store)
        window.reader.empty.activated.connect(window.actions_set["open_folder"].trigger)
        window.reader.typeWanted.connect(self.open_type)
        relations.windowWanted.connect(self.windows.open_id)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Action id -> what it does."""
        return {
            "second_window": self.windows.open_current,
            "manual": self.open_manual,
            "type": self.open_type,
        }

    def open_type(self) -> None:
        """Offer how the text looks, beneath its button."""
        from viewer.ui.type_card import TypeCard

        reader = self._window.reader
        self.type_card = TypeCard(self._settings, self._window)
        self.type_card.open_at(reader.type_button)

    def open_manual(self) -> None:
        """Show the manual, or bring it to the front."""
        if self.manual is None:
            from viewer.ui.manual_window import ManualWindow

            self.manual = ManualWindow(self._window.themes, self._window)
            self.manual.page.set_type(*(self._settings.get(key) for key in READING))
            self.manual.destroyed.connect(self._manual_gone)
        self.manual.show()
        self.manual.raise_()
        self.manual.activateWindow()

    def welcome(self) -> None:
        """Greet whoever starts the program for the first time, once."""
        if self._settings.get("window.welcomed"):
            return
        from viewer.ui.welcome import Welcome

        own = bool(self._settings.get("library.folders"))
        card = Welcome(self._window.themes, self._window, own=own)
        card.folderWanted.connect(self._window.actions_set["open_folder"].trigger)
        card.manualWanted.connect(self.open_manual)
        card.themeChosen.connect(lambda name: self._settings.set("look.theme", name))
        card.finished.connect(lambda _: self._settings.set("window.welcomed", True))
        card.open()

    def _manual_gone(self) -> None:
        self.manual = None

    def close(self) -> None:
        """Close what stands beside the main window: the program ends."""
        self.windows.close()
        if self.manual is not None:
            self.manual.close()
