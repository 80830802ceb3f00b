"""What makes reading comfortable around the window: second windows, and more that is no pane of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from viewer.base.settings import Settings
from viewer.library.catalog import Catalog
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.jobs import JobRunner
from viewer.qt.library_controller import LibraryController
from viewer.ui.context_menus import ContextMenus
from viewer.ui.library_session import LibrarySession
from viewer.ui.main_window import MainWindow
from viewer.ui.note_windows import NoteWindows
from viewer.ui.notices import Notices
from viewer.ui.recent_menus import RecentMenus
from viewer.ui.related_notes import RelatedNotes
from viewer.ui.relations_session import RelationsSession
from viewer.ui.session import NoteSession
from viewer.ui.still_pictures import StillPictures


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
    ) -> None:
        super().__init__(window)
        self._window = window
        self.windows = NoteWindows(
            window, session, library.model, catalog, runner, clips, player, pictures, settings
        )
        self.menus = ContextMenus(window, session, desk, self.windows)
        self.recent = RecentMenus(window, settings, library.model, desk)
        self.related = RelatedNotes(window, desk, library.model, runner)
        self.notices = Notices(window, settings, library)
        relations.windowWanted.connect(self.windows.open_id)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Action id -> what it does."""
        return {"second_window": self.windows.open_current}

    def close(self) -> None:
        """Close what stands beside the main window: the program ends."""
        self.windows.close()
