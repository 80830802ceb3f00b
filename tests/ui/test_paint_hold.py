# ruff: noqa: N815 - signals carry Qt's camelCase
"""A click's lists are painted after the player was told to play: soon, once, and whatever becomes of the clip."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPaintEvent
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from viewer.qt.now_playing import PlayerState
from viewer.ui.paint_hold import LONGEST_MS, PaintHold
from viewer.ui.player_view import PlayerView
from viewer.ui.theme import ThemeManager


class Player(QObject):
    """Says what it does."""

    stateChanged = Signal(object)


class Canvas(QWidget):
    """Knows when it was painted."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[float] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted.append(time.monotonic())


class Setting:
    """A window that was painted, a player and what holds its painting back."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = Canvas()
        qtbot.addWidget(self.window)
        self.stage = PlayerView(ThemeManager("light"), self.window)
        self.player = Player()
        self.hold = PaintHold(self.window, self.player, self.stage)
        with qtbot.waitExposed(self.window):
            self.window.show()
        qtbot.waitUntil(lambda: bool(self.window.painted))
        qtbot.wait(20)
        self.window.painted.clear()

    def click(self) -> float:
        self.player.stateChanged.emit(PlayerState.LOADING)
        self.window.update()
        return time.monotonic()


@pytest.fixture
def setting(qtbot: QtBot) -> Setting:
    return Setting(qtbot)


def test_what_changes_is_painted_a_moment_later(setting: Setting, qtbot: QtBot):
    clicked = setting.click()
    qtbot.waitUntil(lambda: bool(setting.window.painted), timeout=3000)
    assert setting.window.painted[0] - clicked >= (LONGEST_MS - 5) / 1000
    assert not setting.hold.holding


def test_the_first_picture_ends_the_hold(setting: Setting, qtbot: QtBot):
    setting.click()
    image = QImage(16, 16, QImage.Format.Format_RGB32)
    setting.stage.sink.setVideoFrame(QVideoFrame(image))
    qtbot.waitUntil(lambda: not setting.hold.holding)
    qtbot.waitUntil(lambda: bool(setting.window.painted))


def test_playing_does_not_end_it_but_a_failure_does(setting: Setting, qtbot: QtBot):
    setting.click()
    setting.player.stateChanged.emit(PlayerState.PLAYING)
    assert setting.hold.holding
    setting.player.stateChanged.emit(PlayerState.FAILED)
    assert not setting.hold.holding
    qtbot.waitUntil(lambda: bool(setting.window.painted))


def test_afterwards_it_is_painted_as_ever(setting: Setting, qtbot: QtBot):
    for _ in range(3):
        setting.click()
        qtbot.waitUntil(lambda: bool(setting.window.painted))
        setting.window.painted.clear()
        setting.window.update()
        qtbot.waitUntil(lambda: bool(setting.window.painted))
        setting.window.painted.clear()
