"""Starting the program anew, as it was started: for what only counts from a start on, the zoom and the language."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QWidget

from viewer.base.settings import Settings

AT_START = ("look.zoom", "look.language")
"""The settings that count from the next start on."""

_WANTED = "startAgain"
_IN_FORCE = "inForceSinceStart"


def remember(window: QWidget, settings: Settings) -> None:
    """Keep what is in force on the main window, before anybody can change it there. Again, it changes nothing."""
    if window.property(_IN_FORCE) is None:
        window.setProperty(_IN_FORCE, {key: settings.get(key) for key in AT_START})


def is_due(window: QWidget, settings: Settings) -> bool:
    """Whether something was chosen that is not in force yet."""
    before = window.property(_IN_FORCE)
    return bool(before) and any(settings.get(key) != value for key, value in before.items())


def restart(window: QWidget) -> bool:
    """Close the window, and start anew when all is put away; False when something under way keeps it open."""
    window.setProperty(_WANTED, True)
    closed = window.close()
    if not closed:
        window.setProperty(_WANTED, False)
    return closed


def command() -> list[str]:
    """The program with the arguments it was started with."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *sys.argv[1:]]
    return [sys.executable, *sys.orig_argv[1:]]


def begin_again(window: QWidget) -> None:
    """Start anew if :func:`restart` was asked for. To be called last: on Linux it does not come back.

    There the program takes its own place: what watches over it (a terminal, a sandbox, an AppImage's mount) goes on.
    """
    if not window.property(_WANTED):
        return
    argv = command()
    if sys.platform.startswith("linux"):
        sys.stdout.flush()
        sys.stderr.flush()
        os.execve(argv[0], argv, _environment())  # noqa: S606 - ourselves, with what we were started with
    else:
        start_beside(argv)


def start_beside(argv: Sequence[str]) -> None:
    """Start a program that stays when this one ends."""
    QProcess.startDetached(argv[0], list(argv[1:]), os.getcwd())


def _environment() -> dict[str, str]:
    environment = dict(os.environ)
    if getattr(sys, "frozen", False):
        environment["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    return environment
