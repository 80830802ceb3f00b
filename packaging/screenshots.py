"""Make the pictures of the README and of every state, from the real window: ``python packaging/screenshots.py``.

Nothing goes to the network: the clip that plays is a drawn stand-in, put into a store of its own. Pictures go to
``resources/screenshots/``. Needs ffmpeg (the system's, or imageio-ffmpeg's).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_AUDIO_BACKEND", "pulseaudio")

from PySide6.QtCore import QEventLoop, QPointF, QRectF, Qt, QTimer  # noqa: E402
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPainterPath  # noqa: E402
from PySide6.QtWidgets import QWidget  # noqa: E402

from viewer import app as app_module  # noqa: E402
from viewer.base.paths import AppPaths  # noqa: E402
from viewer.domain.video import Segment  # noqa: E402
from viewer.media.clip_store import Clip, ClipStore  # noqa: E402
from viewer.media.failures import FailureKind, MediaError  # noqa: E402
from viewer.media.tools import Tools  # noqa: E402
from viewer.qt.models import RowKind  # noqa: E402
from viewer.qt.roles import Role  # noqa: E402
from viewer.ui.preferences import Preferences  # noqa: E402
from viewer.ui.shortcuts_help import ShortcutsHelp  # noqa: E402

OUT = ROOT / "resources" / "screenshots"
USUAL = (1440, 900)


class NoNetwork:
    """Fetches nothing: what is not in the store fails as it would without a connection."""

    options: object = None

    def fetch(self, segment: Segment, progress: object = None, cancel: object = None) -> Clip:
        raise MediaError(FailureKind.NO_NETWORK)

    def close(self) -> None: ...


def wait(ms: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def until(done: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError("the window did not get there")
        wait(30)


def draw_stand_in(path: Path) -> None:
    """Somebody speaking before a screen: a drawn picture stands in for the video, which is not ours to show."""
    image = QImage(1280, 720, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ground = QLinearGradient(0, 0, 1280, 720)
    ground.setColorAt(0, QColor("#17363a"))
    ground.setColorAt(1, QColor("#0c1c22"))
    painter.fillRect(image.rect(), ground)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#21494b"))
    painter.drawRoundedRect(QRectF(600, 110, 560, 330), 14, 14)
    painter.setBrush(QColor("#3f7f7c"))
    for number, width in enumerate((380, 300, 420, 220)):
        painter.drawRoundedRect(QRectF(650, 170 + 56 * number, width, 18), 9, 9)
    painter.setBrush(QColor("#e0762a"))
    painter.drawEllipse(QPointF(1085, 362), 30, 30)
    body = QPainterPath()
    body.moveTo(150, 720)
    body.cubicTo(150, 520, 250, 470, 360, 470)
    body.cubicTo(470, 470, 570, 520, 570, 720)
    painter.fillPath(body, QColor("#d9c7a8"))
    painter.setBrush(QColor("#e9d9bd"))
    painter.drawRoundedRect(QRectF(322, 400, 76, 100), 30, 30)
    painter.drawEllipse(QPointF(360, 330), 98, 116)
    hair = QPainterPath()
    hair.addEllipse(QPointF(360, 298), 112, 104)
    cut = QPainterPath()
    cut.addEllipse(QPointF(366, 352), 92, 104)
    painter.fillPath(hair.subtracted(cut), QColor("#7a3d1d"))
    painter.end()
    image.save(str(path))


def make_clip(folder: Path, segment: Segment) -> Path:
    ffmpeg = Tools.find().ffmpeg
    if ffmpeg is None:
        raise SystemExit("ffmpeg is needed (the system's, or pip install imageio-ffmpeg)")
    picture, clip = folder / "stand-in.png", folder / "stand-in.mp4"
    draw_stand_in(picture)
    seconds = str(segment.duration_ms / 1000)
    command = [str(ffmpeg), "-v", "error", "-y", "-loop", "1", "-framerate", "25", "-i", str(picture)]
    command += ["-f", "lavfi", "-i", "anullsrc=r=44100:cl=stereo", "-t", seconds, "-pix_fmt", "yuv420p"]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-c:a", "aac", str(clip)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return clip


class Photographer:
    """Brings the window into each state and takes its picture."""

    def __init__(self, folder: Path) -> None:
        app_module.make_qt_application()
        store = ClipStore(folder / "clips")
        self.app = app_module.build(AppPaths.below(folder), store, NoNetwork())  # type: ignore[arg-type]
        self.window = self.app.window
        self.store = store
        self.folder = folder

    def begin(self) -> None:
        self.app.settings.set("look.theme", "light")
        self.app.start()
        self.window.resize(*USUAL)
        until(lambda: self.app.session.note is not None)
        lists = self.window.side.lists
        for segment in lists.models[RowKind.HIGHLIGHT].segments()[:3]:
            self.store.add(segment, "720", make_clip(self.folder, segment))
        self.app.clips.look_up(lists.segments())
        wait(600)

    def look(self, theme: str, size: tuple[int, int] = USUAL) -> None:
        self.app.settings.set("look.theme", theme)
        self.window.resize(*size)
        wait(250)

    def open(self, name: str) -> None:
        model = self.app.library.model
        for row in range(model.rowCount()):
            entry = model.index(row, 0).data(Role.NOTE_ENTRY)
            if name in entry.path:
                self.app.desk.open_entry(entry)
                until(lambda entry=entry: self.app.session.path == entry.path)
        wait(250)

    def play(self, number: int, ms: int) -> None:
        segment = self.window.side.lists.models[RowKind.HIGHLIGHT].segments()[number]
        self.app.session.play(segment)
        until(lambda: self.app.player.position_ms > segment.start_ms)
        self.app.player.seek(ms)
        until(lambda: self.app.player.position_ms >= ms)
        wait(500)

    def hide_path(self) -> None:
        """Where this machine keeps the samples is nobody's business."""
        note = self.app.session.note
        if note is not None:
            name = Path(self.app.session.path).name
            self.window.reader.details.show_note(note, f"~/Talks/{name}")

    def shoot(self, name: str, widget: QWidget | None = None) -> None:
        wait(150)
        (widget or self.window).grab().save(str(OUT / f"{name}.png"))
        print(name)


def main() -> int:
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        cam = Photographer(Path(name))
        cam.begin()
        window, app = cam.window, cam.app
        cam.shoot("list")
        cam.play(0, 23_000)
        cam.shoot("reading-light")
        for theme in ("dark", "sepia", "contrast"):
            cam.look(theme)
            cam.shoot(f"reading-{theme}")
        cam.look("light", (1024, 700))
        cam.shoot("small-light")
        cam.look("dark", (1024, 700))
        cam.shoot("small-dark")
        cam.look("light")
        window.reader.transcript.verticalScrollBar().setValue(900)
        window.reader.transcript._reader_scrolled()
        cam.shoot("scrolled-away")
        window.reader.transcript.follow()
        window.reader.find_bar.field.setText("robot")
        window.reader.open_find()
        wait(300)
        cam.shoot("finding")
        window.reader.find_bar.close_bar()
        cam.open("000_")
        window.side.lists.tabs.setCurrentIndex(3)
        window.reader.tabs.setCurrentIndex(1)
        cam.shoot("mentions-and-notes")
        window.side.lists.tabs.setCurrentIndex(0)
        window.reader.tabs.setCurrentIndex(2)
        cam.hide_path()
        cam.shoot("details")
        window.reader.tabs.setCurrentIndex(0)
        highlights = window.side.lists.views[RowKind.HIGHLIGHT]
        highlights.setCurrentIndex(highlights.model().index(4, 0))
        app.session.play(window.side.lists.segments()[4])
        until(window.banner.isVisible)
        cam.shoot("failed")
        window.banner.dismiss()
        window.activateWindow()
        window.top.search.setFocus()
        window.top.search.setText("humanoid robots")
        until(window.results.isVisible)
        cam.shoot("searching")
        window.top.search.clear()
        window.toggle_full()
        cam.shoot("full-screen")
        window.toggle_full()
        window.resize(*USUAL)
        app.commands.toggle_offline()
        cam.open("002_")
        window.side.lists.step(1)
        cam.shoot("untimed")
        cam.open("001_")
        window.reader.tabs.setCurrentIndex(2)
        cam.hide_path()
        cam.shoot("problems")
        app.commands.toggle_offline()
        for title, dialog in (
            ("preferences", Preferences(app.settings, window)),
            ("keys", ShortcutsHelp(app.settings, app.themes, window)),
        ):
            dialog.open()
            cam.shoot(title, dialog)
            dialog.close()
        empty = Path(name) / "empty"
        empty.mkdir()
        app.desk.open_paths([empty])
        wait(1500)
        cam.shoot("empty")
        window.close()
        wait(200)
    return 0


if __name__ == "__main__":
    sys.exit(main())
