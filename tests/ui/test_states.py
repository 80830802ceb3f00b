"""What is shown when there is nothing to show: what happened, what to do, and the button that does it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.conftest import NoNetwork
from viewer.app import Application
from viewer.qt.models import RowKind
from viewer.ui.welcome import Welcome


def buttons(application: Application) -> dict[str, QPushButton]:
    return {button.text(): button for button in application.window.banner.buttons}


def test_an_empty_library_offers_a_folder(
    application: Application, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    application.desk.open_paths([tmp_path])
    reader = application.window.reader
    qtbot.waitUntil(lambda: not reader.has_note, timeout=5000)
    qtbot.waitUntil(lambda: reader.empty.button.text() == "Open a folder", timeout=5000)
    asked: list[int] = []
    application.window.actions_set["open_folder"].triggered.disconnect()
    application.window.actions_set["open_folder"].triggered.connect(lambda: asked.append(1))
    reader.empty.button.click()
    assert asked == [1]
    # No note is open: nothing is said about what it lacks.
    assert not application.window.side.lists.empty._title.text()


def test_offline_offers_to_go_online_and_plays_then(
    application: Application, fetcher: NoNetwork, qtbot: QtBot
) -> None:
    application.settings.set("fetch.offline", True)
    segment = application.window.side.lists.models[RowKind.HIGHLIGHT].segments()[0]
    application.session.play(segment)
    qtbot.waitUntil(lambda: "Go online and play" in buttons(application), timeout=5000)
    assert fetcher.asked == []
    buttons(application)["Go online and play"].click()
    assert not application.settings.get("fetch.offline")
    qtbot.waitUntil(lambda: fetcher.asked == [segment], timeout=5000)


@pytest.fixture
def card(application: Application) -> Welcome:
    application.comforts.welcome()
    found = application.window.findChild(Welcome)
    assert isinstance(found, Welcome)
    return found


def test_the_first_start_is_greeted_once(application: Application, card: Welcome, qtbot: QtBot) -> None:
    assert card.isVisible()
    card.look.setCurrentIndex(card.look.findData("sepia"))
    card.look.activated.emit(card.look.currentIndex())
    assert application.settings.get("look.theme") == "sepia"
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert application.settings.get("window.welcomed")
    qtbot.waitUntil(lambda: application.window.findChild(Welcome) is None, timeout=3000)
    application.comforts.welcome()
    assert application.window.findChild(Welcome) is None


def test_the_greeting_leads_to_the_manual(application: Application, card: Welcome) -> None:
    card.manual.click()
    assert application.comforts.manual is not None
    assert application.settings.get("window.welcomed")
