"""The picture in a window of its own: it goes on playing there, the keys work, Esc and closing bring it back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest

from tests.end_to_end.conftest import Driver
from tests.standin.server import StandinServer
from viewer.qt.now_playing import PlayerState
from viewer.ui.picture_window import PictureWindow

Start = Callable[..., Driver]
NOTE = "What does Sam Altman"


def playing(driver: Start, **settings: object) -> tuple[Driver, PictureWindow]:
    program = driver(**settings)
    program.open(NOTE)
    program.click_row(program.view("highlightView"), 0)
    player = program.application.player
    program.qtbot.waitUntil(lambda: player.state is PlayerState.PLAYING, timeout=30_000)
    return program, program.application.picture


def test_it_goes_on_playing_there_and_comes_back(driver: Start, standin: StandinServer) -> None:
    program, picture = playing(driver, play__captions=True)
    player, side, action = (
        program.application.player,
        program.window.side,
        program.window.actions_set["detach"],
    )
    assert not picture.isVisible()
    action.trigger()
    assert picture.isVisible()
    assert picture.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    assert side.player.window() is picture
    assert side.caption.window() is picture
    assert side.caption.isVisible()
    assert action.isChecked()
    assert player.state is PlayerState.PLAYING
    before = program.shown_frame()
    assert before is not None  # the standing picture came along
    program.qtbot.waitUntil(lambda: (program.shown_frame() or 0) > before + 5, timeout=5000)
    assert "NOTE" not in picture.windowTitle()
    assert NOTE in picture.windowTitle()
    QTest.keyClick(picture, Qt.Key.Key_Escape)
    assert not picture.isVisible()
    assert side.player.window() is program.window
    assert side.player.isVisible()
    assert side.caption.isVisible()
    assert not action.isChecked()
    assert player.state is PlayerState.PLAYING


def test_keys_buttons_and_slider_work_there(driver: Start, standin: StandinServer) -> None:
    program, picture = playing(driver)
    player = program.application.player
    picture.take_out()
    program.qtbot.waitUntil(picture.isActiveWindow, timeout=3000)
    QTest.keyClick(picture, Qt.Key.Key_Space)
    program.qtbot.waitUntil(lambda: player.state is PlayerState.PAUSED, timeout=3000)
    QTest.mouseClick(picture.play, Qt.MouseButton.LeftButton)
    program.qtbot.waitUntil(lambda: player.state is PlayerState.PLAYING, timeout=3000)
    QTest.mouseClick(
        picture.seek,
        Qt.MouseButton.LeftButton,
        pos=QPoint(picture.seek.width() // 2, picture.seek.height() // 2),
    )
    program.qtbot.waitUntil(lambda: 36_000 < player.position_ms < 41_000, timeout=5000)
    assert picture.times.text().endswith("/ 0:44")
    picture.close()
    assert program.window.side.player.window() is program.window


def test_its_place_is_remembered_and_it_ends_with_the_program(driver: Start, standin: StandinServer) -> None:
    program, picture = playing(driver)
    picture.take_out()
    picture.setGeometry(40, 50, 400, 300)
    picture.bring_back()
    picture.resize(700, 500)
    picture.take_out()
    assert picture.size() == QSize(400, 300)
    QTest.mouseDClick(program.window.side.player, Qt.MouseButton.LeftButton)
    assert picture.isFullScreen()
    assert not program.window.isFullScreen()
    QTest.keyClick(picture, Qt.Key.Key_Escape)
    assert not picture.isFullScreen()
    assert picture.isVisible()
    program.window.close()
    assert not picture.isVisible()
