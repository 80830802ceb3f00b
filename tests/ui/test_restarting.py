"""What counts from the next start on offers that start; it comes as the one before did."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QSpinBox, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from viewer.app import Application
from viewer.ui import restarting
from viewer.ui.preferences import Preferences


@pytest.fixture
def page(application: Application) -> Iterator[Preferences]:
    dialog = Preferences(application.settings, application.window)
    dialog.open()
    yield dialog
    if isValid(dialog):
        dialog.close()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The command lines that were started."""
    found: list[list[str]] = []
    monkeypatch.setattr(os, "execve", lambda program, argv, environment: found.append(list(argv)))
    monkeypatch.setattr(restarting, "start_beside", lambda argv: found.append(list(argv)))
    monkeypatch.setattr(sys, "orig_argv", ["python", "-m", "viewer", "/a folder"])
    return found


def zoom(page: Preferences) -> QSpinBox:
    box = page.findChild(QSpinBox, "setting_look.zoom")
    assert isinstance(box, QSpinBox)
    return box


def test_a_start_is_offered_only_while_something_waits_for_it(page: Preferences) -> None:
    assert not page.restart_button.isVisible()
    zoom(page).setValue(150)
    assert page.restart_button.isVisible()
    zoom(page).setValue(100)
    assert not page.restart_button.isVisible()


def test_what_waits_is_still_known_when_the_window_is_opened_again(
    application: Application, page: Preferences
) -> None:
    zoom(page).setValue(150)
    page.close()
    again = Preferences(application.settings, application.window)
    again.open()
    assert again.restart_button.isVisible()
    again.close()


def test_it_starts_with_the_same_arguments_when_all_is_closed(
    application: Application, page: Preferences, started: list[list[str]], qtbot: QtBot
) -> None:
    zoom(page).setValue(150)
    page.restart_button.click()
    assert not application.window.isVisible()
    assert application.settings.get("window.last_note") == application.session.path
    assert started == []
    restarting.begin_again(application.window)
    assert started == [[sys.executable, "-m", "viewer", "/a folder"]]


def test_a_usual_end_is_an_end(application: Application, started: list[list[str]]) -> None:
    application.window.close()
    restarting.begin_again(application.window)
    assert started == []


class StaysOpen(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Close:
            event.ignore()
            return True
        return False


def test_what_keeps_the_window_open_takes_the_wish_away(qtbot: QtBot, started: list[list[str]]) -> None:
    window, stays = QWidget(), StaysOpen()
    qtbot.addWidget(window)
    window.show()
    window.installEventFilter(stays)
    assert not restarting.restart(window)
    window.removeEventFilter(stays)
    window.close()
    restarting.begin_again(window)
    assert started == []
