"""A collection played through, one clip at a time or all in a row, and which of its items plays."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from viewer.base.language import tr
from viewer.domain.collection import CollectionItem
from viewer.qt.clip_controller import ClipController
from viewer.ui.collections_pane import CollectionsPane
from viewer.ui.continuation import Continuation
from viewer.ui.icons import set_icon
from viewer.ui.main_window import MainWindow
from viewer.ui.session import NoteSession


class CollectionPlaying(QObject):
    """Plays the items that ``pane`` shows, with the ends they have there; ``keep_ends`` keeps those that were moved."""

    def __init__(
        self,
        window: MainWindow,
        session: NoteSession,
        pane: CollectionsPane,
        continuation: Continuation,
        clips: ClipController,
        keep_ends: Callable[[], object],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._pane = pane
        self._continuation = continuation
        self._clips = clips
        self._keep_ends = keep_ends
        self._queued: list[str] = []
        pane.play.clicked.connect(self.play)
        pane.view.activatedItem.connect(self.play_item)
        continuation.queueMoved.connect(self._queue_moved)
        clips.playingChanged.connect(lambda _: self.show_playing())

    def play(self) -> None:
        """Play the collection as one, from its first clip; or stop doing so."""
        if self._queued:
            self._continuation.stop_queue()
            return
        playable = [item for item in self._pane.model.items if item.clip is not None]
        if not playable:
            self._window.actions_set["play_collection"].setChecked(False)
            self._window.banner.show_info(tr("There is nothing to play in the collection yet"))
            return
        self.play_from(playable[0])

    def play_from(self, item: CollectionItem) -> None:
        """Play this clip and those after it."""
        self._keep_ends()
        items = [one for one in self._pane.model.items if one.clip is not None]
        ids = [one.id for one in items]
        if item.id in ids:
            self._queued = ids
            segments = [one.clip for one in items if one.clip is not None]
            self._continuation.play_queue(segments, ids.index(item.id))

    def play_item(self, item: CollectionItem) -> None:
        """Play this clip only."""
        self._continuation.stop_queue()
        shown = next((one for one in self._pane.model.items if one.id == item.id), item)
        if shown.clip is not None:
            self._session.play_exactly(shown.clip)

    def show_playing(self) -> None:
        """Mark the item that is in the player; while they play in a row, the queue says which."""
        if self._queued:
            return
        playing = self._clips.playing
        same = (item.id for item in self._pane.model.items if playing is not None and item.clip == playing)
        self._pane.model.set_playing(next(same, ""))

    @Slot(int)
    def _queue_moved(self, at: int) -> None:
        playing = at >= 0
        if not playing:
            self._queued = []
        self._window.actions_set["play_collection"].setChecked(playing)
        set_icon(self._pane.play, "stop" if playing else "play", self._window.themes.theme)
        self._pane.model.set_playing(self._queued[at] if playing and at < len(self._queued) else "")
        if playing and at < len(self._queued):
            row = self._pane.model.row_of(self._queued[at])
            if row >= 0:
                self._pane.view.scrollTo(self._pane.model.index(row, 0))
