"""The windows beside the main one begin alike: with their name, in one size."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLabel
from pytestqt.qtbot import QtBot

from viewer.app import Application


@pytest.mark.parametrize(
    "action", ["preferences", "shortcuts", "storage", "names", "health", "add_video", "export"]
)
def test_a_dialog_begins_with_its_name(application: Application, qtbot: QtBot, action: str) -> None:
    def shown() -> list[QDialog]:
        return [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]

    application.window.actions_set[action].trigger()
    qtbot.waitUntil(lambda: len(shown()) == 1, timeout=5000)
    dialog = shown()[0]
    largest = max(dialog.findChildren(QLabel), key=lambda label: label.font().pixelSize())
    assert largest.font().pixelSize() == 20
    assert largest.text()
    assert largest.mapTo(dialog, largest.rect().topLeft()).y() == 20
    dialog.close()
