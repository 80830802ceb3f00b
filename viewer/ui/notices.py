"""Tells the desktop when long work has ended or failed while the window is not in front, and only then."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from viewer.base.language import tr, tr_n
from viewer.base.settings import Settings
from viewer.library.entries import RefreshSummary
from viewer.qt.library_controller import LibraryController
from viewer.qt.plain_words import plain_tip
from viewer.ui.icons import product_icon
from viewer.ui.main_window import MainWindow
from viewer.ui.text import count_text

log = logging.getLogger(__name__)

LONG_S = 10.0
"""Reading the library is worth a notice when it took longer than this."""

_TRAY_MS = 20_000
"""The icon in the tray, which a notice needs on some desktops, goes after this."""

_PORTAL = "org.freedesktop.portal.Desktop"
_PORTAL_PATH = "/org/freedesktop/portal/desktop"
_PORTAL_FACE = "org.freedesktop.portal.Notification"


class Notices(QObject):
    """What the banner says while nobody looks at the window is what the desktop is told."""

    told = Signal(str, str)
    """title, text: the desktop was asked to show them"""

    def __init__(self, window: MainWindow, settings: Settings, library: LibraryController) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._began: float | None = None
        self._was_in_front = False
        self._tray: QSystemTrayIcon | None = None
        self.in_front: Callable[[], bool] = _in_front
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._state_changed)
        window.banner.shown.connect(self._banner_shown)
        library.busyChanged.connect(self._busy_changed)
        library.refreshed.connect(self._refreshed)

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        self._was_in_front = self._was_in_front or state == Qt.ApplicationState.ApplicationActive

    def _banner_shown(self, message: str, advice: str) -> None:
        # Before it was ever in front the window is only being opened: its words will be seen.
        if self._was_in_front:
            self.say(message, advice)

    def _busy_changed(self, busy: bool) -> None:
        if busy:
            self._began = time.monotonic()

    def _refreshed(self, summary: RefreshSummary) -> None:
        began, self._began = self._began, None
        if began is not None and time.monotonic() - began >= LONG_S:
            notes = tr_n("{n} note", "{n} notes", summary.total).format(n=count_text(summary.total))
            self.say(tr("The library has been read"), notes)

    def say(self, title: str, text: str = "") -> bool:
        """Show a notice of the desktop; False when the window is in front, or the user wants none."""
        if self.in_front() or not self._settings.get("look.notices"):
            return False
        QApplication.alert(self._window)
        if not _by_portal(title, text):
            self._by_tray(title, text)
        self.told.emit(title, text)
        return True

    def _by_tray(self, title: str, text: str) -> None:
        if not QSystemTrayIcon.isSystemTrayAvailable() or not QSystemTrayIcon.supportsMessages():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(product_icon(), self)
            self._tray.messageClicked.connect(self._to_front)
            self._tray.activated.connect(lambda _: self._to_front())
        self._tray.show()
        # Some desktops read a notice's words as HTML.
        self._tray.showMessage(title, plain_tip(text), product_icon())
        QTimer.singleShot(_TRAY_MS, self._tray, self._tray.hide)

    def _to_front(self) -> None:
        self._window.raise_()
        self._window.activateWindow()


def _in_front() -> bool:
    return QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive


def portal_message(title: str, text: str) -> object:
    """The call that asks the desktop's portal for a notice.

    The interface: https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Notification.html.
    Not ``org.freedesktop.Notifications``: its arguments need an unsigned integer, which PySide6 cannot write.
    """
    from PySide6.QtDBus import QDBusMessage

    message = QDBusMessage.createMethodCall(_PORTAL, _PORTAL_PATH, _PORTAL_FACE, "AddNotification")
    message.setArguments(["soundbite", {"title": title, "body": text, "priority": "normal"}])
    return message


def _by_portal(title: str, text: str) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    try:
        from PySide6.QtDBus import QDBusConnection
    except ImportError:  # not on every system, nor in every bundle
        return False
    bus = QDBusConnection.sessionBus()
    names = bus.interface() if bus.isConnected() else None
    if names is None or not names.isServiceRegistered(_PORTAL).value():
        return False
    return bool(bus.send(portal_message(title, text)))  # type: ignore[arg-type]
