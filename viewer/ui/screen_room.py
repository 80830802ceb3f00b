"""Windows no larger than the screen they come up on: with a zoom of 200 % a laptop has room for 720 by 450."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

_FRAME = QSize(2, 38)
"""px that a desktop's frame and title add to a window that is not shown yet; the largest are about so large."""


def fitted(place: QRect, room: QRect) -> QRect:
    """A window's place within the ``room`` of a screen: smaller where it is larger, then moved in from the edges."""
    size = place.size().boundedTo(room.size() - _FRAME)
    left = max(room.left(), min(place.left(), room.right() + 1 - size.width()))
    top = max(room.top(), min(place.top(), room.bottom() + 1 - size.height()))
    return QRect(left, top, size.width(), size.height())


def fit_into_screen(window: QWidget) -> None:
    """Let a window that is not shown yet be no larger than its screen."""
    if not _has_screen() or window.isMaximized() or window.isFullScreen():
        return
    place = window.geometry()
    inside = fitted(place, window.screen().availableGeometry())
    if inside.size() != place.size():
        window.resize(inside.size())
    if inside.topLeft() != place.topLeft():
        window.move(inside.topLeft())


def open_size(window: QWidget, width: int, height: int) -> None:
    """Let a window come up in this size (px), or as large as the screen of its parent has room for."""
    wanted = QSize(width, height)
    if _has_screen():
        parent = window.parentWidget()
        screen = (parent.window() if parent is not None else window).screen()
        wanted = wanted.boundedTo(screen.availableGeometry().size() - _FRAME)
    window.resize(wanted)


def _has_screen() -> bool:
    """Offscreen there is none; Qt says 800 by 800."""
    return QGuiApplication.platformName() != "offscreen"
