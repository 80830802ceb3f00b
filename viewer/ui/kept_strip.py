"""Shows on the timeline which stretches of the open talk are kept offline."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_state import ClipStatus
from viewer.qt.store_controller import StoreController
from viewer.ui.main_window import MainWindow
from viewer.ui.session import NoteSession

_PAUSE_MS = 120
"""Many clips whose state changes at once are looked at once."""


class KeptStrip(QObject):
    """Looks again whenever a clip comes or goes."""

    def __init__(
        self, window: MainWindow, session: NoteSession, clips: ClipController, store: StoreController
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._clips = clips
        self._store = store
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.look)
        session.noteChanged.connect(self._soon)
        clips.clipStateChanged.connect(self._soon)
        store.changed.connect(self._soon)
        store.known.connect(self._soon)

    def _soon(self, *_: object) -> None:
        if not self._pause.isActive():
            self._pause.start()

    def look(self) -> None:
        """Show what is kept now."""
        note = self._session.note
        video = note.video if note is not None else None
        if note is None or video is None:
            return
        stretches = [
            (segment.start_ms, segment.end_ms)
            for segment in self._window.side.lists.segments()
            if segment.video == video and self._clips.state(segment).status is ClipStatus.READY
        ]
        if self._store.whole(video) is not None and note.metadata.duration_ms:
            stretches = [(0, note.metadata.duration_ms)]
        self._window.timeline.set_kept(stretches)
