"""Gives the lists their still pictures and paints them anew when one arrives."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from viewer.domain.video import Segment
from viewer.media.clip_store import ClipStore
from viewer.media.stills import StillStore
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_state import ClipStatus
from viewer.qt.jobs import JobRunner
from viewer.qt.kept_counts import KeptCounts
from viewer.qt.stills import Stills
from viewer.ui.highlights_pane import HighlightsPane
from viewer.ui.library_delegate import LibraryDelegate
from viewer.ui.main_window import MainWindow
from viewer.ui.row_delegate import RowDelegate


class StillPictures(QObject):
    """Lives as long as the window. Pictures are made of kept clips only: nothing is ever fetched for one."""

    def __init__(
        self,
        window: MainWindow,
        runner: JobRunner,
        clips: ClipStore,
        cache: Path,
        counts: KeptCounts,
        controller: ClipController,
    ) -> None:
        super().__init__(window)
        self._library = window.library.view
        self._controller = controller
        self._panes: list[HighlightsPane] = []
        self.stills = Stills(runner, clips, StillStore(cache / "stills"), self)
        delegate = self._library.itemDelegate()
        if isinstance(delegate, LibraryDelegate):
            delegate.still_of = self.stills.of_video
        self.show_in(window.side.lists)
        counts.found.connect(self.stills.set_kept)
        self.stills.arrived.connect(self._arrived)
        controller.clipStateChanged.connect(self._clip_changed)

    def show_in(self, pane: HighlightsPane) -> None:
        """Show pictures on the cards of these lists."""
        self._panes.append(pane)
        pane.destroyed.connect(lambda: self._panes.remove(pane))
        for view in pane.views.values():
            cards = view.itemDelegate()
            if isinstance(cards, RowDelegate):
                cards.still_of = self.stills.of_segment

    def close(self) -> None:
        """Make no more pictures: the program ends."""
        self.stills.close()

    def _clip_changed(self, segment: Segment) -> None:
        if self._controller.state(segment).status is not ClipStatus.READY:
            self.stills.forget(segment)

    def _arrived(self, key: object) -> None:
        if isinstance(key, str):
            self._library.viewport().update()
            return
        for pane in self._panes:
            for view in pane.views.values():
                view.viewport().update()
