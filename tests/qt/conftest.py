"""Small media whose every frame says its own number, and a sink that reads it back."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtMultimedia import QVideoFrame, QVideoSink
from pytestqt.qtbot import QtBot

from tests.standin.media import ffmpeg
from viewer.domain.video import Segment, VideoRef
from viewer.qt.clip_player import ClipPlayer
from viewer.qt.jobs import JobRunner

VIDEO = VideoRef.youtube("dQw4w9WgXcQ")
FRAME_MS = 40
_SQUARE = 20
_BITS = 8
# Frame number N as eight black or white squares, lowest bit first.
_NUMBERED = f"nullsrc=s={_SQUARE * _BITS}x64:r=25,geq=lum='255*mod(floor(N/pow(2,floor(X/{_SQUARE}))),2)':cb=128:cr=128"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # pytest-qt takes its message handler away after each test; Qt's audio thread, still busy saying that there is
    # no sound device, then calls a Python function that is gone: a segmentation fault about once in 300 tests.
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("no_qt_log")


def segment(start_ms: int, end_ms: int) -> Segment:
    return Segment(VIDEO, start_ms, end_ms)


def frame_number(frame: QVideoFrame) -> int:
    image = frame.toImage()
    scale = image.width() / (_SQUARE * _BITS)
    bits = [
        image.pixelColor(int((bit + 0.5) * _SQUARE * scale), image.height() // 2).lightness() > 127
        for bit in range(_BITS)
    ]
    return sum(1 << bit for bit, on in enumerate(bits) if on)


def make_media(path: Path, seconds: float, codec: tuple[str, ...] = ("libx264", "-g", "50")) -> Path:
    command = [
        ffmpeg(),
        "-v",
        "error",
        "-y",
        "-f",
        "lavfi",
        "-i",
        _NUMBERED,
        "-f",
        "lavfi",
        "-i",
        "sine=f=440",
    ]
    command += ["-t", str(seconds), "-pix_fmt", "yuv420p", "-c:a", "aac", "-c:v", *codec, str(path)]
    subprocess.run(command, check=True, timeout=60, stdin=subprocess.DEVNULL, capture_output=True)
    return path


@pytest.fixture(scope="session")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six seconds, 150 frames."""
    return make_media(tmp_path_factory.mktemp("media") / "talk.mp4", 6)


class Screen(QObject):
    """What the viewer sees: the numbers of the frames shown, and whether the picture is black now."""

    def __init__(self) -> None:
        super().__init__()
        self.sink = QVideoSink()
        self.numbers: list[int] = []
        self.black = True
        self.times_black = 0
        self.sink.videoFrameChanged.connect(self._look, Qt.ConnectionType.QueuedConnection)

    @Slot(QVideoFrame)
    def _look(self, frame: QVideoFrame) -> None:
        self.black = not frame.isValid()
        self.times_black += self.black
        if frame.isValid():
            self.numbers.append(frame_number(frame))

    @property
    def number(self) -> int | None:
        return None if self.black or not self.numbers else self.numbers[-1]


@pytest.fixture
def screen(qapp: object) -> Screen:
    return Screen()


@pytest.fixture
def player(qtbot: QtBot, screen: Screen) -> Iterator[ClipPlayer]:
    player = ClipPlayer()
    player.set_video_output(screen.sink)
    yield player
    player.shutdown()
    qtbot.wait(20)


@pytest.fixture
def until(qtbot: QtBot) -> Callable[[Callable[[], object]], None]:
    """Wait until something is so; fail after ten seconds."""

    def wait(condition: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(condition()), timeout=10_000)

    return wait


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[JobRunner]:
    runner = JobRunner()
    yield runner
    assert runner.shutdown()
