"""Showing a file in the desktop's file manager, selected where the desktop can do that."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

log = logging.getLogger(__name__)

_NAME = "org.freedesktop.FileManager1"
_PATH = "/org/freedesktop/FileManager1"


def reveal(path: Path) -> bool:
    """Show ``path`` in the file manager: the file itself selected (Linux), else its folder. False when nothing opens.

    The interface is https://www.freedesktop.org/wiki/Specifications/file-manager-interface/.
    """
    if path.is_file() and _show_item(path):
        return True
    folder = path if path.is_dir() else path.parent
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _show_item(path: Path) -> bool:
    try:
        from PySide6.QtDBus import QDBusConnection, QDBusMessage
    except ImportError:  # not on every system, nor in every bundle
        return False
    bus = QDBusConnection.sessionBus()
    names = bus.interface() if bus.isConnected() else None
    if names is None:
        return False
    offered = names.activatableServiceNames().value() or []
    if _NAME not in offered and not names.isServiceRegistered(_NAME).value():
        return False
    message = QDBusMessage.createMethodCall(_NAME, _PATH, _NAME, "ShowItems")
    message.setArguments([[QUrl.fromLocalFile(str(path)).toString()], ""])
    return bus.send(message)
