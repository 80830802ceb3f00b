"""Remembers the window's place and panes soon after they were changed: a crash must not cost them."""

from __future__ import annotations

import logging

from PySide6.QtCore import QEvent, QObject, QTimer

from viewer.base.errors import ViewerError
from viewer.ui.main_window import MainWindow
from viewer.ui.screen_room import fit_into_screen

log = logging.getLogger(__name__)

REST_MS = 2000
"""So long nothing may move before it is written."""

_CHANGES = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.WindowStateChange)


class WindowMemory(QObject):
    """Watches one window for its life."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        fit_into_screen(window)
        self.rest = QTimer(self)
        self.rest.setSingleShot(True)
        self.rest.setInterval(REST_MS)
        self.rest.timeout.connect(self.write)
        for splitter in (window.splitter, window.left):
            splitter.splitterMoved.connect(lambda *_: self.rest.start())
        for pane in (window.library, window.side):
            pane.installEventFilter(self)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = _CHANGES if watched is self._window else (QEvent.Type.ShowToParent, QEvent.Type.HideToParent)
        if event.type() in kinds and self._window.isVisible():
            self.rest.start()
        return False

    def write(self) -> None:
        """Write it now, unless the picture fills the screen: that is not how the window is to come back."""
        if self._window.full or not self._window.isVisible():
            return
        try:
            self._window.remember()
        except ViewerError as error:
            log.warning("the window's place could not be kept: %s", error)
