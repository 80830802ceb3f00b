"""Where reading stopped in each note: kept while the window lives, and from one start to the next."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer

from viewer.base.cancel import CancelToken, Progress
from viewer.base.errors import ViewerError
from viewer.library.user_store import Position, UserStore
from viewer.qt.jobs import JobRunner, Lane
from viewer.ui.reader_pane import ReaderPane

log = logging.getLogger(__name__)

_VIEWS = ("transcript", "notes", "details")
_REST_MS = 2000
"""The place is kept when the reader has not scrolled for this long."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page, the row (of a transcript) or block at its top edge, px of it above the edge, and its time (ms)."""

    page: int
    row: int
    offset: int = 0
    ms: int | None = None


class ReadingPlaces(QObject):
    """Remembers and returns to the place in the reader, by the path of the note's file."""

    def __init__(self, reader: ReaderPane, user: UserStore, runner: JobRunner) -> None:
        super().__init__(reader)
        self._reader = reader
        self._user = user
        self._runner = runner
        self._places: dict[str, Place] = {}
        self._path = ""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._rested)
        for page in (reader.transcript, reader.notes, reader.details):
            page.verticalScrollBar().valueChanged.connect(lambda _: self._rest.start())
        reader.pageChanged.connect(lambda _: self._rest.start())

    def here(self) -> Place:
        """The place that is shown now."""
        number = self._reader.tabs.currentIndex()
        row, offset = self._reader.page().place()
        ms = self._reader.transcript.start_of(row) if number == 0 else None
        return Place(number, row, offset, ms)

    def remember(self, path: str) -> None:
        """The note of this file is left, or about to be shown anew."""
        self._rest.stop()
        self._path = ""
        if path:
            self._keep(path, self.here())

    def restore(self, path: str) -> None:
        """Go to where the note of this file was left; a note never read stays at its beginning."""
        place = self._places.get(path) or self._kept(path)
        if place is not None:
            self.show(place)
        self._path = path
        self._rest.stop()

    def show(self, place: Place) -> None:
        """Turn the open note to this place."""
        self._reader.tabs.setCurrentIndex(place.page)
        row = place.row
        if place.page == 0 and place.ms is not None and self._reader.transcript.start_of(row) != place.ms:
            # The file has changed: lines may have come in above.
            found = self._reader.transcript.row_at(place.ms)
            row = row if found is None else found
        self._reader.page().go_to(row, place.offset)
        if not (row or place.offset):
            self._reader.page().verticalScrollBar().setValue(0)

    def last(self, path: str) -> Place | None:
        """Where the note of this file was left in this session; None when it was not open."""
        return self._places.get(path)

    def set_last(self, path: str, place: Place) -> None:
        """Let the note of this file open at ``place`` the next time."""
        self._places[path] = place

    def close(self) -> None:
        """Keep the place of the open note at once: the program ends."""
        self._rest.stop()
        if self._path:
            path, self._path = self._path, ""
            self._write(path, self.here())

    def _rested(self) -> None:
        if self._path and self._reader.has_note:
            self._keep(self._path, self.here())

    def _keep(self, path: str, place: Place) -> None:
        if self._places.get(path) == place:
            return
        self._places[path] = place

        def work(progress: Progress, cancel: CancelToken) -> None:
            self._write(path, place)

        self._runner.start(Lane.ASK, work)

    def _write(self, path: str, place: Place) -> None:
        try:
            self._user.set_position(path, Position(_VIEWS[place.page], place.row, place.ms))
        except ViewerError as error:
            log.warning("the place in %s cannot be kept: %s", path, error)

    def _kept(self, path: str) -> Place | None:
        try:
            kept = self._user.position(path)
        except ViewerError as error:
            log.warning("the place in %s cannot be read: %s", path, error)
            return None
        if kept is None or kept.view not in _VIEWS:
            return None
        return Place(_VIEWS.index(kept.view), kept.place, 0, kept.position_ms)
