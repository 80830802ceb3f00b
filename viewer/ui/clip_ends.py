"""Moving the ends of the clip that plays; what the kept file does not hold is fetched while the old one plays on."""

from __future__ import annotations

from PySide6.QtCore import QObject

from viewer.base.language import tr
from viewer.domain.timestamp import format_range
from viewer.domain.video import Segment
from viewer.qt.clip_controller import ClipController
from viewer.qt.clip_player import ClipPlayer
from viewer.ui.main_window import MainWindow
from viewer.ui.session import NoteSession

LEAST_MS = 1000
"""A clip is not made shorter than this."""


class ClipEnds(QObject):
    """Nudges the start and the end, and shows them on the timeline at once."""

    def __init__(
        self, window: MainWindow, session: NoteSession, controller: ClipController, player: ClipPlayer
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._controller = controller
        self._player = player
        self._wanted: Segment | None = None
        controller.playingChanged.connect(self._forget)
        controller.failed.connect(self._forget)

    def nudge(self, start_by: int, end_by: int) -> None:
        """Move the start and the end by so many ms. A moved start is played from."""
        opened = self._player.segment
        if opened is None:
            return
        # Several presses while the widened clip comes in add up.
        first, last = self._player.range_ms
        if self._wanted is not None:
            first, last = self._wanted.start_ms, self._wanted.end_ms
        note = self._session.note
        first = max(0, first + start_by)
        last += end_by
        if note is not None and note.video == opened.video and note.metadata.duration_ms and end_by > 0:
            last = min(last, max(note.metadata.duration_ms, self._player.range_ms[1]))
        if last - first < LEAST_MS:
            return
        moved = Segment(opened.video, first, last)
        held = self._controller.held
        if held is not None and held.start_ms <= first and last <= held.end_ms:
            self._wanted = None
            self._player.set_range(first, last)
            if start_by:
                self._player.seek(first)
        else:
            self._wanted = moved
            self._session.take_for(moved, opened)
            self._controller.change_to(moved, first if start_by else None)
        self._session.show_range(first, last)
        self._window.banner.show_info(tr("The clip is now {place}").format(place=format_range(first, last)))

    def _forget(self, *_: object) -> None:
        self._wanted = None
        if self._player.segment is not None:
            self._session.show_range(*self._player.range_ms)
