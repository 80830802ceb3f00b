"""Watches a media while it plays: where it is, when its end has come, and that pictures come at all."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from viewer.qt.frame_gate import FrameGate
from viewer.qt.media_deck import MediaDeck

TICK_MS = 33
"""How often the position is told while playing."""

NO_PICTURE_AFTER_S = 3.0
"""Playing so long without one frame of a file that has a picture means that it cannot be decoded."""

_LAST_STRETCH_MS = 2 * TICK_MS


class PlayWatch(QObject):
    """Looks at the deck many times a second between ``begin`` and ``stop``. Times are ms of the media.

    What is near its end is timed to it: a look comes late by up to a tick.
    """

    cameTo = Signal(int)  # noqa: N815 - Qt's camelCase
    """Where it is now."""
    over = Signal()
    """The end that the gate has has been reached."""
    ended = Signal()
    """The media itself is at its end, and no seek is under way. Told in any state."""
    blind = Signal()
    """It has played for long without one frame."""

    def __init__(self, deck: MediaDeck, gate: FrameGate, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._deck = deck
        self._gate = gate
        self._speed = 1.0
        self._began = 0.0
        self._tick = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._tick.timeout.connect(self._look)
        self._end = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._end.timeout.connect(self.over)
        deck.ended.connect(self._media_ended)
        gate.overrun.connect(self._overrun)

    def begin(self) -> None:
        """It plays from now on."""
        self._began = time.monotonic()
        self._tick.start()

    def stop(self) -> None:
        """It plays no more."""
        self._tick.stop()
        self._end.stop()

    def set_speed(self, speed: float) -> None:
        """It plays at this speed."""
        self._speed = speed
        self._end.stop()

    def time_anew(self) -> None:
        """The end, or the place, is another one."""
        self._end.stop()

    @Slot()
    def _look(self) -> None:
        deck, gate = self._deck, self._gate
        if deck.at_end and not gate.seeking:
            self.ended.emit()
            return
        long = time.monotonic() - self._began > NO_PICTURE_AFTER_S
        if long and not gate.seen and deck.has_picture:
            self.blind.emit()
            return
        if gate.seeking and deck.has_picture:
            return
        place = min(deck.position_ms, gate.end_ms)
        remaining_ms = (gate.end_ms - place) / self._speed
        if remaining_ms <= _LAST_STRETCH_MS and not self._end.isActive():
            self._end.start(max(0, round(remaining_ms)))
        self.cameTo.emit(place)

    @Slot()
    def _media_ended(self) -> None:
        if not self._gate.seeking:
            self.ended.emit()

    @Slot()
    def _overrun(self) -> None:
        if not self._end.isActive():
            self.over.emit()
