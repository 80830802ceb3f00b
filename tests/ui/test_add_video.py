"""The window for adding videos, on the real window; only the network is replaced."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QListView, QPushButton
from pytestqt.qtbot import QtBot

from tests.qt.test_adding import VIDEOS, Site
from viewer.app import Application
from viewer.library.add_queue import AddProgress, AddQueue, AddState, Wanted
from viewer.media.failures import FailureKind, MediaError
from viewer.qt.roles import Role
from viewer.ui.add_video import AddVideoDialog

ADDRESS = "https://www.youtube.com/playlist?list=PLabc"


@pytest.fixture
def site(application: Application, monkeypatch: pytest.MonkeyPatch) -> Site:
    made = Site()
    monkeypatch.setattr(application.adding.adding, "_maker", lambda: lambda: made)
    monkeypatch.setattr(application.adding.adding, "_gap_s", 0.0)
    return made


@pytest.fixture
def dialog(application: Application, site: Site) -> AddVideoDialog:
    QGuiApplication.clipboard().setText("nothing of interest")
    application.window.actions_set["add_video"].trigger()
    return application.adding.dialog


def looked_up(dialog: AddVideoDialog, qtbot: QtBot) -> None:
    dialog.address.setText(ADDRESS)
    QTest.keyClick(dialog.address, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.card.isVisible)


def test_the_clipboard_is_read_when_it_opens_and_only_for_an_address(
    application: Application, dialog: AddVideoDialog
) -> None:
    assert dialog.address.text() == ""
    assert not dialog.look_button.isEnabled()
    dialog.close()
    QGuiApplication.clipboard().setText(f" {ADDRESS}\n")
    application.window.actions_set["add_video"].trigger()
    assert dialog.address.text() == ADDRESS
    assert dialog.address.selectedText() == ADDRESS
    assert dialog.hint.text() == "A playlist on YouTube"
    assert dialog.look_button.isEnabled()


def test_what_is_no_address_is_said_while_it_is_typed(dialog: AddVideoDialog) -> None:
    dialog.address.setText("http://vimeo.com/1")
    assert "This is no address" in dialog.hint.text()
    assert not dialog.look_button.isEnabled()
    QTest.keyClick(dialog.address, Qt.Key.Key_Return)
    assert dialog.look_button.text() == "Look it up"


def primary(dialog: AddVideoDialog) -> list[str]:
    return [
        button.text()
        for button in dialog.findChildren(QPushButton)
        if button.isVisible() and button.property("kind") == "primary"
    ]


def test_one_button_comes_next(dialog: AddVideoDialog, qtbot: QtBot) -> None:
    assert primary(dialog) == ["Look it up"]
    looked_up(dialog, qtbot)
    assert primary(dialog) == [dialog.card.add_button.text()]
    dialog.address.setText("https://www.youtube.com/watch?v=zaj4D8raYfY")
    assert primary(dialog) == ["Look it up"]


def test_by_keys_alone_from_the_address_to_the_notes(
    application: Application, dialog: AddVideoDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    application.settings.set("library.add_folder", str(tmp_path / "new"))
    looked_up(dialog, qtbot)
    assert dialog.card.name.text() == "A list"
    assert dialog.card.remarks.text() == "1 is private or removed and is left out."
    button = dialog.focusWidget()
    assert button is dialog.card.add_button
    QTest.keyClick(button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(list((tmp_path / "new").glob("*.md"))) == 3, timeout=20_000)
    qtbot.waitUntil(lambda: not application.adding.adding.running, timeout=10_000)
    assert dialog.heading.text() == "4 OF 4 FINISHED"
    assert [dialog.model.index(row, 0).data() for row in range(4)] == [
        *(video.id for video in VIDEOS[:3]),
        VIDEOS[3].id,
    ]
    assert (
        dialog.model.index(3, 0).data(Qt.ItemDataRole.AccessibleTextRole).endswith("This video is private.")
    )
    # The folder is a part of the library now; Enter on a row opens its note.
    qtbot.waitUntil(lambda: application.library.model.rowCount() == 3, timeout=20_000)
    dialog.view.activated.emit(dialog.model.index(1, 0))
    wanted = str(tmp_path / "new" / f"{VIDEOS[1].id}.md")
    qtbot.waitUntil(lambda: application.session.path == wanted, timeout=10_000)
    assert dialog.retry_button.isVisible()
    QTest.mouseClick(dialog.clear_button, Qt.MouseButton.LeftButton)
    assert dialog.nothing.isVisible()


def test_closed_it_goes_on_and_says_how_it_went(
    application: Application, dialog: AddVideoDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    application.settings.set("library.add_folder", str(tmp_path / "new"))
    looked_up(dialog, qtbot)
    dialog.card.add_button.click()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    banner = application.window.banner
    qtbot.waitUntil(
        lambda: banner.isVisible() and "3 notes were added" in banner.message.text(), timeout=20_000
    )
    assert "1 video could not be added" in banner.advice.text()


def test_why_it_cannot_go_on_is_said_and_offered_again(
    application: Application, site: Site, dialog: AddVideoDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    application.settings.set("library.add_folder", str(tmp_path / "new"))
    site.wrong[VIDEOS[0].id] = MediaError(FailureKind.DISK_FULL)
    looked_up(dialog, qtbot)
    dialog.card.add_button.click()
    qtbot.waitUntil(dialog.trouble.isVisible, timeout=10_000)
    assert "no space left" in dialog.trouble.text()
    assert dialog.run_button.text() == "Go on"
    site.wrong.clear()
    QTest.mouseClick(dialog.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(list((tmp_path / "new").glob("*.md"))) == 3, timeout=20_000)
    assert not dialog.trouble.isVisible()


def left_over(application: Application, folder: Path) -> None:
    """As after a start with something in the queue."""
    application.adding.adding.queue.add([Wanted(VIDEOS[0])], folder)
    application.adding._tell_left()
    assert application.window.banner.isVisible()
    assert "still to be added" in application.window.banner.message.text()


def test_what_is_left_is_not_offered_when_its_window_is_open(
    application: Application, site: Site, qtbot: QtBot, tmp_path: Path
) -> None:
    left_over(application, tmp_path)
    application.window.actions_set["add_video"].trigger()
    assert not application.window.banner.isVisible()


def test_what_is_left_is_not_offered_when_it_has_begun(
    application: Application, site: Site, qtbot: QtBot, tmp_path: Path
) -> None:
    left_over(application, tmp_path)
    application.adding.adding.start()
    assert not application.window.banner.isVisible()
    application.adding.adding.stop()
    qtbot.waitUntil(lambda: not application.adding.adding.running, timeout=10_000)


def test_a_rest_is_said(application: Application, dialog: AddVideoDialog) -> None:
    application.adding.adding.progressed.emit(AddProgress(1, 3, "x", 120.0))
    assert dialog.trouble.text() == "The site wants a rest. It goes on in 2 min."


def test_going_offline_stops_the_queue(
    application: Application, site: Site, dialog: AddVideoDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    application.settings.set("library.add_folder", str(tmp_path / "new"))
    site.held.add(VIDEOS[0].id)
    looked_up(dialog, qtbot)
    dialog.card.add_button.click()
    qtbot.waitUntil(lambda: dialog.run_button.text() == "Stop")
    application.settings.set("fetch.offline", True)
    qtbot.waitUntil(lambda: dialog.run_button.text() == "Go on", timeout=5_000)
    assert not list((tmp_path / "new").glob("*.md"))


def test_closing_the_window_puts_back_what_is_under_way(
    application: Application, site: Site, dialog: AddVideoDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    application.settings.set("library.add_folder", str(tmp_path / "new"))
    site.held.add(VIDEOS[0].id)
    looked_up(dialog, qtbot)
    dialog.card.add_button.click()
    qtbot.waitUntil(lambda: application.adding.adding.queue.items()[0].state is AddState.FETCHING)
    judged = application.window.side.lists.view().model()
    qtbot.waitUntil(lambda: judged.index(0, 0).data(Role.ROW).check is not None, timeout=10_000)
    application.close()
    kept = AddQueue(application.paths.add_queue).items()
    assert [str(item.state) for item in kept] == ["waiting", "waiting", "waiting", "failed"]


def test_an_address_is_pasted_over_the_text_and_the_lists(
    application: Application, site: Site, qtbot: QtBot
) -> None:
    window = application.window
    QGuiApplication.clipboard().setText(ADDRESS)
    for widget in (window.reader.page(), window.side.lists.view(), window.library.view):
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        assert application.adding.dialog.isVisible()
        assert application.adding.dialog.address.text() == ADDRESS
        application.adding.dialog.close()
    window.top.search.setFocus()
    QTest.keyClick(window.top.search, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert not application.adding.dialog.isVisible()
    assert window.top.search.text() == ADDRESS


def test_everything_has_a_name(dialog: AddVideoDialog) -> None:
    for kind in (QAbstractButton, QLineEdit, QListView):
        for widget in dialog.findChildren(kind):
            assert widget.accessibleName(), widget.objectName()
