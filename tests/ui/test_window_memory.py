from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QRect
from pytestqt.qtbot import QtBot

from viewer.app import Application
from viewer.base.paths import AppPaths
from viewer.base.settings import Settings
from viewer.ui.screen_room import fitted


def panes() -> dict[str, object]:
    value = Settings(AppPaths.standard().settings_file).get("window.splitters")
    return json.loads(value) if value else {}


def test_a_hidden_pane_is_remembered_without_closing(application: Application, qtbot: QtBot) -> None:
    memory = application.memory
    memory.rest.setInterval(20)
    application.window.toggle_library()
    qtbot.waitUntil(lambda: panes().get("library") is False)


def test_full_screen_is_not_how_the_window_comes_back(application: Application, qtbot: QtBot) -> None:
    application.memory.rest.stop()
    application.window.toggle_full()
    before = panes()
    application.memory.write()
    assert application.window.full
    assert panes() == before
    application.window.toggle_full()


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        (QRect(100, 80, 900, 600), QRect(100, 80, 900, 600)),  # it fits
        (QRect(0, 0, 1440, 900), QRect(0, 0, 1364, 690)),  # larger than the screen
        (QRect(900, 500, 1000, 600), QRect(366, 128, 1000, 600)),  # over its edge
        (QRect(3000, -200, 800, 500), QRect(566, 0, 800, 500)),  # on a screen that is gone
    ],
)
def test_a_window_is_no_larger_than_its_screen(place: QRect, wanted: QRect) -> None:
    assert fitted(place, QRect(0, 0, 1366, 728)) == wanted
