"""Gives the lists their pictures and paints them anew when one arrives."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPoint
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractItemView

from viewer.base.settings import Settings
from viewer.domain.video import Segment, VideoRef
from viewer.library.catalog import Catalog
from viewer.library.entries import NoteEntry
from viewer.media.clip_store import ClipStore
from viewer.media.stills import StillStore
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_state import ClipStatus
from viewer.qt.jobs import JobRunner
from viewer.qt.kept_counts import KeptCounts
from viewer.qt.prefetch import on_metered_line
from viewer.qt.roles import Role
from viewer.qt.stills import Stills
from viewer.qt.timed_rows import TimedRow
from viewer.ui.highlights_pane import HighlightsPane
from viewer.ui.library_delegate import LibraryDelegate
from viewer.ui.main_window import MainWindow
from viewer.ui.row_delegate import RowDelegate

if TYPE_CHECKING:  # loaded when they are allowed
    from viewer.media.picture_source import PictureSource
    from viewer.qt.thumbnails import Thumbnails

SETTING = "fetch.pictures"


class StillPictures(QObject):
    """Lives as long as the window. Pictures are made of kept clips; nothing is fetched for one unless that is allowed.

    ``metered`` says whether what is sent costs money.
    """

    def __init__(
        self,
        window: MainWindow,
        runner: JobRunner,
        clips: ClipStore,
        cache: Path,
        counts: KeptCounts,
        controller: ClipController,
        catalog: Catalog,
        settings: Settings,
        metered: Callable[[], bool] = on_metered_line,
    ) -> None:
        super().__init__(window)
        self._library = window.library.view
        self._controller = controller
        self._catalog = catalog
        self._settings = settings
        self._panes: list[HighlightsPane] = []
        self.stills = Stills(runner, clips, StillStore(cache / "stills"), self)
        self._runner = runner
        self._folder = cache / "pictures"
        self._metered = metered
        self.source: Callable[[], PictureSource] = self._standard_source
        """Makes what pictures are fetched from"""
        self.thumbnails: Thumbnails | None = None
        """Those that are fetched; None until they are allowed for the first time"""
        delegate = self._library.itemDelegate()
        if isinstance(delegate, LibraryDelegate):
            delegate.still_of = self.stills.of_video
            delegate.thumbnail_of = self._thumbnail
        self.show_in(window.side.lists)
        counts.found.connect(self.stills.set_kept)
        self.stills.arrived.connect(self._arrived)
        controller.clipStateChanged.connect(self._clip_changed)
        controller.offlineChanged.connect(self._offline_changed)
        settings.listen(self._setting_changed)
        self._allow(bool(settings.get(SETTING)))

    def show_in(self, pane: HighlightsPane) -> None:
        """Show pictures on the cards of these lists."""
        self._panes.append(pane)
        pane.destroyed.connect(lambda: self._panes.remove(pane))
        for view in pane.views.values():
            cards = view.itemDelegate()
            if isinstance(cards, RowDelegate):
                cards.still_of = self.stills.of_segment
                cards.thumbnail_of = self._thumbnail

    def close(self) -> None:
        """Make and fetch no more pictures: the program ends."""
        self.stills.close()
        if self.thumbnails is not None:
            self.thumbnails.close()

    # -- what is fetched -------------------------------------------------------------------------------------

    def _allow(self, allowed: bool) -> None:
        if self.thumbnails is None:
            if not allowed:
                return
            from viewer.media.thumbnails import ThumbnailStore
            from viewer.qt.thumbnails import Thumbnails, small_jpeg

            self.thumbnails = Thumbnails(
                self._runner,
                ThumbnailStore(self._folder, small_jpeg),
                lambda: self.source(),
                self._named,
                self._metered,
                self._visible,
                self,
            )
            self.thumbnails.arrived.connect(self._paint_all)
        self.thumbnails.set_offline(bool(self._settings.get("fetch.offline")))
        self.thumbnails.set_enabled(allowed)

    def _thumbnail(self, video_id: str) -> QImage | None:
        return self.thumbnails.of_video(video_id) if self.thumbnails is not None else None

    def _standard_source(self) -> PictureSource:
        from viewer.media.picture_source import PictureSource

        return PictureSource(proxy=self._settings.get("fetch.proxy"))

    def _named(self, video: VideoRef) -> str | None:
        # Imported where it is used: reads notes, on a worker thread.
        from viewer.library.note_pictures import named_picture

        return named_picture(self._catalog, video)

    def _visible(self, wanted: Collection[str]) -> Collection[str]:
        """Those of these videos whose row or card can be seen now."""
        seen: set[str | None] = set()
        for index in visible_rows(self._library):
            entry = index.data(Role.NOTE_ENTRY)
            if isinstance(entry, NoteEntry):
                seen.add(entry.video_id)
        for pane in self._panes:
            for index in visible_rows(pane.view()):
                row = index.data(Role.ROW)
                if isinstance(row, TimedRow) and row.segment is not None:
                    seen.add(row.segment.video.id)
        return [video_id for video_id in wanted if video_id in seen]

    def _offline_changed(self, offline: bool) -> None:
        if self.thumbnails is not None:
            self.thumbnails.set_offline(offline)
            self._paint_all()

    def _setting_changed(self, key: str) -> None:
        if key == SETTING:
            self._allow(bool(self._settings.get(SETTING)))
            self._paint_all()

    # -- painting --------------------------------------------------------------------------------------------

    def _clip_changed(self, segment: Segment) -> None:
        if self._controller.state(segment).status is not ClipStatus.READY:
            self.stills.forget(segment)

    def _arrived(self, key: object) -> None:
        if isinstance(key, str):
            self._library.viewport().update()
        else:
            self._paint_panes()

    def _paint_all(self) -> None:
        self._library.viewport().update()
        self._paint_panes()

    def _paint_panes(self) -> None:
        for pane in self._panes:
            for view in pane.views.values():
                view.viewport().update()


def visible_rows(view: QAbstractItemView) -> Iterator[QModelIndex]:
    """The rows of a list that can be seen now, from the top; none while the list itself cannot."""
    if not view.isVisible():
        return
    area = view.viewport().rect()
    index = view.indexAt(QPoint(area.center().x(), area.top()))
    while index.isValid() and view.visualRect(index).top() <= area.bottom():
        yield index
        index = index.siblingAtRow(index.row() + 1)
