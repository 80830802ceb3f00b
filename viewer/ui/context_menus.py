"""What the other mouse button (or the menu key) offers on a note of the library, the timeline and the picture."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from viewer.base.language import tr
from viewer.domain.timestamp import format_timestamp
from viewer.domain.video import VideoRef
from viewer.library.entries import NoteEntry
from viewer.library.search import SearchHit
from viewer.qt.roles import Role
from viewer.ui.library_session import LibrarySession
from viewer.ui.main_window import MainWindow
from viewer.ui.note_windows import NoteWindows
from viewer.ui.notes_view import open_in_browser
from viewer.ui.reveal import reveal
from viewer.ui.session import NoteSession

_PICTURE = ("pause", "loop", "captions", "sound_only", "detach", "fullscreen", "save_clip", "open_video")
"""Actions that the picture's menu offers."""


def _act(menu: QMenu, words: str, act: object) -> QAction:
    action = menu.addAction(words)
    action.triggered.connect(lambda _=False: act())  # type: ignore[operator]
    return action


class ContextMenus(QObject):
    """Makes each menu when it is asked for."""

    def __init__(
        self, window: MainWindow, session: NoteSession, desk: LibrarySession, windows: NoteWindows
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._desk = desk
        self._windows = windows
        self._keep_when_open: object = None
        for widget, ask in (
            (window.library.view, self._ask_library),
            (window.side.player, self._ask_picture),
        ):
            widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            widget.customContextMenuRequested.connect(ask)
        window.timeline.menuWanted.connect(self.fill_timeline)
        window.results.menuWanted.connect(self.fill_hit)
        desk.noteShown.connect(self._note_shown)

    def _popup(self, widget: QWidget, menu: QMenu, place: QPoint) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(widget.mapToGlobal(place))

    # -- a note of the library -------------------------------------------------------------------------------

    def _ask_library(self, place: QPoint) -> None:
        view = self._window.library.view
        index = view.indexAt(place)
        entry = index.data(Role.NOTE_ENTRY) if index.isValid() else None
        if isinstance(entry, NoteEntry):
            menu = QMenu(view)
            self.fill_library(entry, menu)
            self._popup(view.viewport(), menu, place)

    def fill_library(self, entry: NoteEntry, menu: QMenu) -> None:
        """Add what can be done with a note of the library."""
        actions = self._window.actions_set
        _act(menu, tr("Open"), lambda: self._desk.open_entry(entry))
        _act(menu, tr("Open in a second window"), lambda: self._windows.open_entry(entry))
        menu.addSeparator()
        _act(menu, tr("Show in the file manager"), lambda: reveal(Path(entry.path)))
        _act(menu, tr("Copy the file's path"), lambda: self._copy(entry.path))
        video = VideoRef.from_id(entry.video_ids[0]) if entry.video_ids else None
        if video is not None:
            address = video.url
            _act(menu, tr("Copy the video's address"), lambda: self._copy(address))
            site = tr("Open on YouTube") if video.is_youtube else tr("Open the video's page")
            _act(menu, site, lambda: open_in_browser(address))
        menu.addSeparator()
        keep = _act(menu, tr("Open and keep offline"), lambda: self._keep(entry))
        keep.setEnabled(bool(entry.clips or entry.highlights or entry.quotes))
        menu.addAction(actions["health"])

    def _keep(self, entry: NoteEntry) -> None:
        if entry.path == self._session.path:
            self._window.actions_set["fetch_all"].trigger()
        else:
            self._keep_when_open = entry.id
            self._desk.open_entry(entry)

    def _note_shown(self, note_id: object, note: object) -> None:
        wanted, self._keep_when_open = self._keep_when_open, None
        if wanted is not None and wanted == note_id:
            self._window.actions_set["fetch_all"].trigger()

    # -- a hit of the search ---------------------------------------------------------------------------------

    def fill_hit(self, hit: SearchHit, menu: QMenu) -> None:
        """Add what can be done with a hit of the search."""
        _act(menu, tr("Open"), lambda: self._desk.hit_chosen(hit))
        play = _act(menu, tr("Play"), lambda: self._desk.hit_played(hit))
        play.setEnabled(hit.start_ms is not None)
        _act(menu, tr("Open in a second window"), lambda: self._windows.open_id(hit.note_id))
        _act(menu, tr("Copy the words"), lambda: self._copy(hit.snippet.strip()))
        menu.addSeparator()

    # -- the timeline ----------------------------------------------------------------------------------------

    def fill_timeline(self, ms: int, mark: object, menu: QMenu) -> None:
        """Add what can be done at a place (ms) of the talk."""
        note = self._session.note
        if note is None or note.video is None:
            return
        video, place = note.video, format_timestamp(ms)
        _act(menu, tr("Play at {place}").format(place=place), lambda: self._session.play_place(ms))
        show = _act(menu, tr("Show in the transcript"), lambda: self._window.reader.show_place(ms))
        show.setEnabled(note.transcript.cue_at(ms) is not None)
        address = video.url_at(ms)
        words = tr("Copy the address at {place}").format(place=place)
        _act(menu, words, lambda: self._copy(address))
        site = tr("Open on YouTube at {place}") if video.is_youtube else tr("Open the page at {place}")
        _act(menu, site.format(place=place), lambda: open_in_browser(address))

    # -- the picture -----------------------------------------------------------------------------------------

    def _ask_picture(self, place: QPoint) -> None:
        menu = QMenu(self._window.side.player)
        self.fill_picture(menu)
        self._popup(self._window.side.player, menu, place)

    def fill_picture(self, menu: QMenu) -> None:
        """Add what can be done with what plays."""
        copy = _act(menu, tr("Copy this picture"), self.copy_picture)
        copy.setEnabled(self._window.side.player.has_picture)
        menu.addSeparator()
        known = {action.objectName() for action in self._window.actions()}
        for action_id in _PICTURE:
            if f"action_{action_id}" in known:
                menu.addAction(self._window.actions_set[action_id])

    def copy_picture(self) -> bool:
        """Put the frame that is shown on the clipboard; False when there is none."""
        image = self._window.side.player.sink.videoFrame().toImage()
        if image.isNull():
            return False
        QApplication.clipboard().setImage(image)
        self._window.banner.show_info(tr("The picture is copied"))
        return True

    def _copy(self, text: str) -> None:
        QApplication.clipboard().setText(text)
        self._window.banner.show_info(tr("Copied"), text)
