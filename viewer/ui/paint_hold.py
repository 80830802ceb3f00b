"""Painting waits for the player: a click is heard and seen sooner when lists are painted after what it asks for."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QWidget

from viewer.qt.clip_player import ClipPlayer
from viewer.qt.now_playing import PlayerState
from viewer.ui.player_view import PlayerView

LONGEST_MS = 40
"""What changes in the window is painted no later than this: nobody sees such a delay."""


class PaintHold(QObject):
    """Keeps a window's paint request back while a clip loads, until its first picture is there or a moment is over.

    Rows, timeline and transcript all change with a click, and painting them takes longer than loading a kept clip:
    the player, told that it is loaded, would begin only after that.
    """

    def __init__(self, window: QWidget, player: ClipPlayer, stage: PlayerView) -> None:
        super().__init__(window)
        self._window = window
        self._stage = stage
        self._holding = self._asked = False
        self._longest = QTimer(
            self, singleShot=True, interval=LONGEST_MS, timerType=Qt.TimerType.PreciseTimer
        )
        self._longest.timeout.connect(self.release)
        player.stateChanged.connect(self._player_changed)

    @property
    def holding(self) -> bool:
        """Whether painting waits now."""
        return self._holding

    @Slot()
    def release(self) -> None:
        """Paint what was kept back, with the event loop's next round."""
        if not self._holding:
            return
        self._holding = False
        self._longest.stop()
        self._stage.sink.videoFrameChanged.disconnect(self.release)
        self._window.removeEventFilter(self)
        if self._asked:
            self._asked = False
            request = QEvent(QEvent.Type.UpdateRequest)
            QCoreApplication.postEvent(self._window, request, Qt.EventPriority.LowEventPriority.value)

    @Slot(object)
    def _player_changed(self, state: PlayerState) -> None:
        if state in (PlayerState.EMPTY, PlayerState.FAILED):
            self.release()
        elif state is PlayerState.LOADING and not self._holding:
            self._holding = True
            self._window.installEventFilter(self)
            self._stage.sink.videoFrameChanged.connect(self.release)
            self._longest.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the request to paint; Qt posts no second one before it has been answered."""
        if event.type() != QEvent.Type.UpdateRequest or not self._holding:
            return False
        self._asked = True
        return True
