from __future__ import annotations

import json

from pytestqt.qtbot import QtBot

from viewer.app import Application
from viewer.base.paths import AppPaths
from viewer.base.settings import Settings


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
