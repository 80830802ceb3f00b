"""What the other mouse button offers, the recent notes and folders, and notes that are dragged out."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QImage
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.ui.conftest import NoNetwork
from viewer.app import Application
from viewer.qt.roles import Role


def words(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def action(menu: QMenu, part: str) -> QAction:
    return next(one for one in menu.actions() if part in one.text())


def library_menu(application: Application, part: str) -> QMenu:
    entry = next(entry for entry in application.library.model.entries if part in entry.path)
    menu = QMenu(application.window)
    application.comforts.menus.fill_library(entry, menu)
    return menu


def test_a_note_of_the_library_can_be_opened_copied_and_shown(application: Application, qtbot: QtBot) -> None:
    menu = library_menu(application, "001_")
    action(menu, "path").trigger()
    assert QApplication.clipboard().text().endswith(".txt")
    assert "Show in the file manager" in words(menu)
    assert "Library health…" in words(menu)
    action(menu, "second window").trigger()
    qtbot.waitUntil(lambda: bool(application.comforts.windows.windows), timeout=5000)
    action(menu, "Open").trigger()
    qtbot.waitUntil(lambda: "001_" in application.session.path, timeout=5000)


def test_a_right_click_on_a_row_opens_its_menu(application: Application) -> None:
    view = application.window.library.view
    view.customContextMenuRequested.emit(QPoint(40, 40))
    menus = [menu for menu in view.findChildren(QMenu) if menu.isVisible()]
    assert menus
    assert "Open" in words(menus[0])
    menus[0].close()


def test_a_note_is_kept_from_its_row(application: Application, fetcher: NoNetwork, qtbot: QtBot) -> None:
    other = "000_"
    assert other in application.session.path or application.session.path
    menu = library_menu(application, Path(application.session.path).name)
    action(menu, "keep offline").trigger()
    qtbot.waitUntil(lambda: bool(fetcher.asked), timeout=5000)


def test_a_place_of_the_timeline_is_played_or_copied(
    application: Application, fetcher: NoNetwork, qtbot: QtBot
) -> None:
    menu = QMenu(application.window)
    application.window.timeline.menuWanted.emit(83_000, None, menu)
    action(menu, "Copy the address at 1:23").trigger()
    assert "t=83" in QApplication.clipboard().text()
    action(menu, "Play at 1:23").trigger()
    qtbot.waitUntil(lambda: bool(fetcher.asked), timeout=5000)
    assert fetcher.asked[0].start_ms == 83_000


def test_the_picture_is_copied(application: Application) -> None:
    menus, player = application.comforts.menus, application.window.side.player
    menu = QMenu(application.window)
    menus.fill_picture(menu)
    assert not action(menu, "Copy this picture").isEnabled()
    assert not menus.copy_picture()
    image = QImage(64, 36, QImage.Format.Format_RGB32)
    image.fill(0xFF0000)
    player.sink.setVideoFrame(QVideoFrame(image))
    assert menus.copy_picture()
    assert QApplication.clipboard().image().width() == 64


def test_recent_notes_are_listed_and_opened(application: Application, qtbot: QtBot) -> None:
    first = application.session.path
    entry = next(entry for entry in application.library.model.entries if entry.path != first)
    application.desk.open_entry(entry)
    qtbot.waitUntil(lambda: application.session.path == entry.path, timeout=5000)
    recent = application.comforts.recent
    qtbot.waitUntil(lambda: len(recent.recent_notes()) >= 2, timeout=5000)
    recent.fill_notes()
    assert words(recent.notes)[0] == entry.title
    recent.notes.actions()[1].trigger()
    qtbot.waitUntil(lambda: application.session.path == first, timeout=5000)


def test_recent_folders_outlive_being_taken_out(application: Application, tmp_path: Path) -> None:
    recent = application.comforts.recent
    recent.fill_folders()
    assert words(recent.folders) == ["Nothing yet"]
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        application.desk.open_paths([tmp_path / name])
    assert recent.recent_folders() == [str(tmp_path / "two"), str(tmp_path / "one")]
    (tmp_path / "one").rmdir()
    recent.fill_folders()
    assert words(recent.folders) == [str(tmp_path / "two"), "Forget these folders"]
    recent.folders.actions()[-1].trigger()
    assert recent.recent_folders() == []


def test_both_menus_stand_in_the_librarys_menu(application: Application) -> None:
    menu = application.window.top.library.menu()
    assert isinstance(menu, QMenu)
    assert {"Recent notes", "Recent folders"} <= set(words(menu))
    application.window.top.set_folders(["/somewhere"])
    assert {"Recent notes", "Recent folders"} <= set(words(menu))


def test_a_note_is_dragged_out_as_its_file(application: Application) -> None:
    view = application.window.library.view
    index = view.model().index(0, 0)
    data = view.model().mimeData([index])
    assert [url.toLocalFile() for url in data.urls()] == [index.data(Role.NOTE_ENTRY).path]


def test_a_hit_of_the_search_is_opened_beside_or_copied(application: Application, qtbot: QtBot) -> None:
    window = application.window
    window.activateWindow()
    window.top.search.setFocus()
    window.top.search.setText("robot")
    qtbot.waitUntil(lambda: window.results.current_hit() is not None, timeout=10_000)
    hit = window.results.current_hit()
    menu = QMenu(window)
    window.results.menuWanted.emit(hit, menu)
    action(menu, "Copy the words").trigger()
    assert QApplication.clipboard().text()
    action(menu, "second window").trigger()
    qtbot.waitUntil(lambda: bool(application.comforts.windows.windows), timeout=5000)
