"""The real program in one window, offscreen: real yt-dlp, real ffmpeg, the stand-in for YouTube."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QAbstractItemModel, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QWidget
from pytestqt.qtbot import QtBot

from tests.standin.server import StandinServer
from tests.standin.signals import read_frame_number
from viewer import app
from viewer.base.paths import AppPaths
from viewer.base.settings import Settings


class Driver:
    """What a user can do and see."""

    def __init__(self, application: app.Application, qtbot: QtBot) -> None:
        self.application = application
        self.window = application.window
        self.qtbot = qtbot

    def find(self, kind: type[QWidget], name: str) -> QWidget:
        widget = self.window.findChild(kind, name)
        assert widget is not None, f"no {name}"
        return widget

    def titles(self) -> list[str]:
        return texts(self.view("libraryView").model())

    def view(self, name: str) -> QAbstractItemView:
        return self.find(QAbstractItemView, name)  # type: ignore[return-value]

    def open(self, beginning: str) -> None:
        view = self.view("libraryView")
        row = next(i for i, title in enumerate(texts(view.model())) if title.startswith(beginning))
        self.click_row(view, row)
        self.qtbot.waitUntil(lambda: self.application.session.note is not None, timeout=5000)

    def click_row(self, view: QAbstractItemView, row: int, place: QPoint | None = None) -> None:
        index = view.model().index(row, 0)
        view.scrollTo(index)
        rect = view.visualRect(index)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place or rect.center())

    def shown_frame(self) -> int | None:
        """The number burned into the picture that the player shows now."""
        frame = self.window.side.player.sink.videoFrame()
        if not frame.isValid():
            return None
        image = frame.toImage().convertToFormat(frame.toImage().Format.Format_RGB888)
        width, height = image.width(), image.height()
        lines = bytes(image.constBits()), image.bytesPerLine()
        packed = b"".join(lines[0][y * lines[1] : y * lines[1] + width * 3] for y in range(height))
        return read_frame_number(packed, width, height)


def texts(model: QAbstractItemModel) -> list[str]:
    return [str(model.index(row, 0).data() or "") for row in range(model.rowCount())]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody answers it is tried as often as ever, but without the seconds between."""
    monkeypatch.setattr("viewer.media.ranges._BACK_OFF_S", (0.05,))


@pytest.fixture
def driver(
    qtbot: QtBot, standin: StandinServer, standin_env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Driver]]:
    """Start the program (with the samples unless told otherwise); it is closed in order afterwards."""
    for name, value in standin_env.items():
        monkeypatch.setenv(name, value)
    running: list[app.Application] = []

    def start(*arguments: object, **settings: object) -> Driver:
        app.make_qt_application()
        kept = Settings(AppPaths.standard().settings_file)
        kept.set("fetch.quality", "360")
        for key, value in settings.items():
            kept.set(key.replace("__", "."), value)  # type: ignore[arg-type]
        application = app.build()
        running.append(application)
        application.start([str(argument) for argument in arguments])
        qtbot.waitExposed(application.window)
        result = Driver(application, qtbot)
        qtbot.waitUntil(lambda: application.session.note is not None, timeout=10_000)
        return result

    yield start
    for application in running:
        application.window.close()
        application.close()
        application.window.deleteLater()
        application.deleteLater()
        qtbot.wait(20)


__all__ = ["Driver", "QPointF", "texts"]
