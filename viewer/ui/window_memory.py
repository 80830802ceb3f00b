"""Remembers the window's place and panes soon after they were changed: a crash must not cost them."""

from __future__ import annotations

import logging

from PySide6.QtCore import QEvent, QObject, QRect, QSize, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from viewer.base.errors import ViewerError
from viewer.ui.main_window import MainWindow

log = logging.getLogger(__name__)

REST_MS = 2000
"""So long nothing may move before it is written."""

_CHANGES = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.WindowStateChange)


_FRAME = QSize(2, 38)
"""px that a desktop's frame and title add to a window that is not shown yet; the largest are about so large."""


def fitted(place: QRect, room: QRect) -> QRect:
    """A window's place within the ``room`` of a screen: smaller where it is larger, then moved in from the edges.

    The usual size is larger than a small laptop's screen, and every size is after the zoom was raised.
    """
    size = place.size().boundedTo(room.size() - _FRAME)
    left = max(room.left(), min(place.left(), room.right() + 1 - size.width()))
    top = max(room.top(), min(place.top(), room.bottom() + 1 - size.height()))
    return QRect(left, top, size.width(), size.height())


def fit_into_screen(window: QWidget) -> None:
    """Let a window that is not shown yet be no larger than its screen. Offscreen there is none."""
    if QGuiApplication.platformName() == "offscreen" or window.isMaximized() or window.isFullScreen():
        return
    place = window.geometry()
    inside = fitted(place, window.screen().availableGeometry())
    if inside.size() != place.size():
        window.resize(inside.size())
    if inside.topLeft() != place.topLeft():
        window.move(inside.topLeft())


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
