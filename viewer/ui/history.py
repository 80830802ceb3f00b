"""Back and forward over notes and the places in them, as a web browser does it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject

from viewer.ui.library_session import LibrarySession
from viewer.ui.main_window import MainWindow
from viewer.ui.reading_place import Place, ReadingPlaces
from viewer.ui.session import NoteSession

MOST_KEPT = 100
"""So many places are kept; older ones are forgotten."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A note's file and a place in its note."""

    path: str
    place: Place


class History(QObject):
    """Keeps where the reader has been. ``mark`` before a jump within a note; from note to note it sees by itself."""

    def __init__(
        self, window: MainWindow, session: NoteSession, desk: LibrarySession, places: ReadingPlaces
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._desk = desk
        self._places = places
        self._back: list[Stop] = []
        self._forward: list[Stop] = []
        self._path = ""
        self._going = ""
        session.noteChanged.connect(self._note_changed)
        window.results.hitChosen.connect(lambda _: self.mark())
        window.results.hitPlayed.connect(lambda _: self.mark())
        self._enable()

    def mark(self) -> None:
        """The reader is about to jump: this place can be come back to."""
        here = self._here()
        if here is not None:
            self._push(here)

    def back(self) -> None:
        """Go to where the reader was before."""
        self._go(self._back, self._forward)

    def forward(self) -> None:
        """Undo a step back."""
        self._go(self._forward, self._back)

    def _here(self) -> Stop | None:
        path = self._session.path
        return Stop(path, self._places.here()) if path and self._window.reader.has_note else None

    def _push(self, stop: Stop) -> None:
        if not self._back or self._back[-1] != stop:
            self._back = [*self._back, stop][-MOST_KEPT:]
        self._forward.clear()
        self._enable()

    def _note_changed(self, note: object) -> None:
        before, self._path = self._path, self._session.path
        going, self._going = self._going, ""
        if not before or before == self._path or going == self._path:
            return
        place = self._places.last(before)
        if place is not None:
            self._push(Stop(before, place))

    def _go(self, stack: list[Stop], other: list[Stop]) -> None:
        here = self._here()
        while stack:
            stop = stack.pop()
            if stop == here:
                continue
            if here is not None and stop.path == here.path:
                self._places.show(stop.place)
            else:
                self._places.set_last(stop.path, stop.place)
                if not self._desk.open_file_at(stop.path, stop.place.page):
                    continue  # it has left the library
                self._going = stop.path
            if here is not None:
                other.append(here)
            break
        self._enable()

    def _enable(self) -> None:
        actions = self._window.actions_set
        actions["go_back"].setEnabled(bool(self._back))
        actions["go_forward"].setEnabled(bool(self._forward))
