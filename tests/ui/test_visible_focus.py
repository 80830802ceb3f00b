"""Whoever goes by keyboard sees where the keys go."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from viewer.app import Application
from viewer.qt.models import RowKind
from viewer.ui.buttons import text_button


def looks(widget: QWidget) -> QImage:
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def reached(application: Application, widget: QWidget, qtbot: QtBot) -> tuple[QImage, QImage]:
    """How it looks without the focus, and reached with Tab."""
    application.window.activateWindow()
    application.window.top.menu.setFocus()
    qtbot.wait(20)
    without = looks(widget)
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(widget.hasFocus, timeout=2000)
    return without, looks(widget)


def test_every_pane_shows_that_it_has_the_focus(application: Application, qtbot: QtBot) -> None:
    window = application.window
    window.resize(1200, 800)
    lists = window.side.lists
    parts = [
        window.reader.page(),
        window.library.view,
        lists.views[RowKind.HIGHLIGHT],
        window.timeline,
        window.reader.tabs,
        lists.tabs,
        window.top.search,
        window.library.filter,
        window.library.sort,
        window.top.library,
        window.reader.type_button,
        window.side.controls.play,
        window.side.controls.volume,
    ]
    for part in parts:
        without, with_focus = reached(application, part, qtbot)
        assert without != with_focus, part.objectName()


def test_a_click_into_the_text_draws_no_ring(application: Application, qtbot: QtBot) -> None:
    page = application.window.reader.page()
    page.setFocus(Qt.FocusReason.ShortcutFocusReason)
    assert page._ringed
    qtbot.mouseClick(page.viewport(), Qt.MouseButton.LeftButton)
    assert not page._ringed


def test_enter_presses_the_button_that_has_the_focus_and_not_the_default_one(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    pressed: list[str] = []
    for name in ("default", "other"):
        button = text_button(name, "outline", dialog)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _=False, name=name: pressed.append(name))
    dialog.findChild(QPushButton, "default").setDefault(True)
    dialog.show()
    other = dialog.findChild(QPushButton, "other")
    other.setFocus()
    qtbot.keyClick(other, Qt.Key.Key_Return)
    assert pressed == ["other"]
