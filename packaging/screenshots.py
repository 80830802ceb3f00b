"""Make the pictures of the README and of every state, from the real window: ``python packaging/screenshots.py``.

Nothing goes to the network: the clip that plays is a drawn stand-in, put into a store of its own. Pictures go to
``resources/screenshots/``. Needs ffmpeg (the system's, or imageio-ffmpeg's).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_AUDIO_BACKEND", "pulseaudio")

from PySide6.QtCore import QEventLoop, QPoint, QPointF, QRectF, Qt, QTimer  # noqa: E402
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPainterPath  # noqa: E402
from PySide6.QtWidgets import QApplication, QDialog, QWidget  # noqa: E402

from viewer import app as app_module  # noqa: E402
from viewer.base.paths import AppPaths  # noqa: E402
from viewer.base.settings import Settings  # noqa: E402
from viewer.domain.video import Segment, VideoRef  # noqa: E402
from viewer.domain.video_source import VideoSource  # noqa: E402
from viewer.media.clip_files import Clip  # noqa: E402
from viewer.media.clip_store import ClipStore  # noqa: E402
from viewer.media.failures import FailureKind, MediaError  # noqa: E402
from viewer.media.listing import Entry, Found  # noqa: E402
from viewer.media.tools import Tools  # noqa: E402
from viewer.qt.models import RowKind  # noqa: E402
from viewer.qt.roles import Role  # noqa: E402

OUT = ROOT / "resources" / "screenshots"
USUAL = (1440, 900)


class NoNetwork:
    """Fetches nothing: what is not in the store fails as it would without a connection."""

    options: object = None
    tools = Tools.find()

    def fetch(
        self, segment: Segment, progress: object = None, cancel: object = None, on_playable: object = None
    ) -> Clip:
        raise MediaError(FailureKind.NO_NETWORK)

    def warm_up(self) -> None: ...

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
    command = [str(ffmpeg), "-v", "error", "-y", "-loop", "1", "-framerate", "5", "-i", str(picture)]
    command += [
        "-f",
        "lavfi",
        "-i",
        "anullsrc=r=44100:cl=stereo",
        "-t",
        seconds,
        "-vf",
        "scale=960:-2",
        "-pix_fmt",
        "yuv420p",
    ]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-g", "5", "-c:a", "aac", str(clip)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return clip


class Photographer:
    """Brings the window into each state and takes its picture."""

    def __init__(self, folder: Path, size: tuple[int, int] = USUAL, language: str = "en") -> None:
        app_module.make_qt_application()
        self.folder = folder
        self.size = size
        self.samples = folder / "Talks"  # where this machine keeps the samples is nobody's business
        shutil.copytree(ROOT / "seeds", self.samples)
        store = ClipStore(folder / "clips")
        paths = AppPaths.below(folder)
        settings = Settings(paths.settings_file)
        settings.set("look.language", language)
        settings.set("look.theme", "light")
        settings.set("look.motion", "reduced")
        settings.set("window.welcomed", True)
        self.app = app_module.build(paths, store, NoNetwork())  # type: ignore[arg-type]
        self.window = self.app.window
        self.store = store

    def begin(self) -> None:
        self.app.start([str(self.samples)])
        self.window.resize(*self.size)
        until(lambda: self.app.session.note is not None and not self.app.library.busy)
        self.open("000_")
        self.keep(3)
        self.rest(600)

    def keep(self, number: int) -> None:
        """Put the first clips of the note into the store."""
        lists = self.window.side.lists
        for segment in lists.models[RowKind.HIGHLIGHT].segments()[:number]:
            self.store.add(segment, "720", make_clip(self.folder, segment))
        self.app.clips.look_up(lists.segments())
        self.app.kept_counts.count()

    @staticmethod
    def rest(ms: int = 300) -> None:
        wait(ms)

    def act(self, action: str) -> None:
        self.window.actions_set[action].trigger()
        wait(200)

    def look(self, theme: str, size: tuple[int, int] | None = None) -> None:
        self.app.settings.set("look.theme", theme)
        self.window.resize(*(size or self.size))
        wait(250)

    def open(self, name: str) -> None:
        model = self.app.library.model
        for row in range(model.rowCount()):
            entry = model.index(row, 0).data(Role.NOTE_ENTRY)
            if name in entry.path:
                self.app.desk.open_entry(entry)
                until(lambda entry=entry: self.app.session.path == entry.path)
        wait(400)  # the quotes are judged

    def play(self, number: int, ms: int) -> None:
        segment = self.window.side.lists.models[RowKind.HIGHLIGHT].segments()[number]
        self.app.session.play(segment)
        until(lambda: self.app.player.position_ms > segment.start_ms)
        self.app.player.seek(ms)
        until(lambda: self.app.player.position_ms >= ms)
        wait(500)

    def dialog(self, action: str) -> QDialog:
        """The window that an action opens."""
        before = set(QApplication.topLevelWidgets())
        self.window.actions_set[action].trigger()

        def new() -> QDialog | None:
            shown = [
                one for one in QApplication.topLevelWidgets() if one.isVisible() and id(one) not in before
            ]
            return next((one for one in shown if isinstance(one, QDialog)), None)

        until(lambda: new() is not None)
        wait(500)
        found = new()
        assert found is not None
        return found

    def hide_path(self) -> None:
        """Where this machine keeps the samples is nobody's business."""
        note = self.app.session.note
        if note is not None:
            name = Path(self.app.session.path).name
            self.window.reader.details.show_note(note, f"~/Talks/{name}")

    def shoot_over(self, name: str, card: QWidget, place: QPoint, *, dim: bool = False) -> None:
        """A card that is a window of its own, over the main window."""
        wait(300)
        both = self.window.grab()
        painter = QPainter(both)
        if dim:
            painter.fillRect(self.window.rect(), QColor(0, 0, 0, 70))
        painter.drawPixmap(place, card.grab())
        painter.end()
        save(both.toImage(), name)

    def shoot_dialog(self, name: str, action: str) -> None:
        dialog = self.dialog(action)
        self.shoot(name, dialog)
        dialog.close()
        wait(50)

    def shoot(self, name: str, widget: QWidget | None = None) -> None:
        wait(150)
        save((widget or self.window).grab().toImage(), name)


def save(image: QImage, name: str) -> None:
    """As a PNG of 256 colours: a third of the bytes, and no eye sees it."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw.png"
        image.save(str(raw))
        command = [str(Tools.find().ffmpeg), "-v", "error", "-y", "-i", str(raw), "-filter_complex"]
        command += ["split[a][b];[a]palettegen=reserve_transparent=0[p];[b][p]paletteuse=dither=none"]
        command += ["-compression_level", "9", "-pred", "none"]
        subprocess.run([*command, str(OUT / f"{name}.png")], check=True, stdin=subprocess.DEVNULL)
    print(name, (OUT / f"{name}.png").stat().st_size // 1000, "kB", flush=True)


def reading(cam: Photographer) -> None:
    """The three panes, with and without sound, in every theme and in little room."""
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
    cam.act("focus_text")
    cam.shoot("focus-text")
    cam.act("focus_text")
    cam.act("focus_player")
    cam.shoot("focus-player")
    cam.act("focus_player")
    window.reader.open_find()
    window.reader.find_bar.field.setText("robot")
    cam.rest()
    cam.shoot("finding")
    window.reader.find_bar.close_bar()
    window.side.lists.tabs.setCurrentIndex(3)
    window.reader.tabs.setCurrentIndex(1)
    cam.shoot("mentions-and-notes")
    window.side.lists.tabs.setCurrentIndex(0)
    window.reader.tabs.setCurrentIndex(2)
    cam.hide_path()
    cam.shoot("details")
    window.reader.tabs.setCurrentIndex(0)
    app.player.pause()


def states(cam: Photographer) -> None:
    """Failed, offline, searching, and notes that lack something."""
    window, app = cam.window, cam.app
    highlights = window.side.lists.views[RowKind.HIGHLIGHT]
    highlights.setCurrentIndex(highlights.model().index(4, 0))
    app.session.play(window.side.lists.segments()[4])
    until(window.banner.isVisible)
    cam.rest()
    cam.shoot("failed")
    window.banner.dismiss()
    app.commands.toggle_offline()
    app.session.play(window.side.lists.segments()[3])
    until(window.banner.isVisible)
    cam.shoot("offline")
    window.banner.dismiss()
    app.commands.toggle_offline()
    window.activateWindow()
    window.top.search.setFocus()
    window.top.search.setText("humanoid robots")
    until(window.results.isVisible)
    cam.shoot("searching")
    window.top.search.clear()
    window.results.hide()
    cam.play(0, 23_000)
    window.toggle_full()
    cam.shoot("full-screen")
    window.toggle_full()
    window.resize(*cam.size)
    app.player.pause()
    cam.open("002_")
    window.side.lists.step(1)
    cam.shoot("untimed")
    window.banner.dismiss()
    cam.open("001_")
    cam.shoot("problems")
    cam.open("000_")


def mark(cam: Photographer, words: str, colour: str, note: str = "", tags: str = "") -> None:
    """Mark these words of the transcript, as a reader would."""
    page, marks = cam.window.reader.transcript, cam.app.marks
    begin = page.toPlainText().index(words)
    cursor = page.textCursor()
    cursor.setPosition(begin)
    cursor.setPosition(begin + len(words), cursor.MoveMode.KeepAnchor)
    page.setTextCursor(cursor)
    page.setFocus()
    cam.rest(100)
    before = len(marks.marks.marks)
    cam.act(f"mark_{colour}")
    until(lambda: len(marks.marks.marks) > before)
    if note or tags:
        made = next(one for one in marks.marks.marks if words in one.text)
        marks.marks.change(replace(made, comment=note, tags=tuple(tags.split())))
        cam.rest(200)


def own_things(cam: Photographer) -> None:
    """Marks, their editor, and a collection."""
    window, gathering = cam.window, cam.app.marks.gathering
    page = window.reader.transcript
    page.verticalScrollBar().setValue(0)
    mark(
        cam, "We are past the event horizon", "important", "The first sentence says it all.", "essay takeoff"
    )
    mark(cam, "Last week, Sam Altman published a fascinating", "agree")
    mark(cam, "I analyzed", "question", "By which method?")
    cam.act("show_marks")
    cam.shoot("marks")
    view = window.side.lists.views[RowKind.MARK]
    view.setCurrentIndex(view.model().index(0, 0))
    view.setFocus()
    cam.act("mark_note")
    cam.shoot("mark-editor")
    window.setFocus()
    cam.app.marks.session.editor.hide()
    gathering.open_pane()
    cam.app.marks.collections.create("An essay on the takeoff")
    until(lambda: gathering.collection is not None)
    for kind, numbers in ((RowKind.HIGHLIGHT, (0, 2)), (RowKind.QUOTE, (1, 3))):
        window.side.lists.turn_to(kind)
        for number in numbers:
            rows = window.side.lists.view()
            rows.setCurrentIndex(rows.model().index(number, 0))
            rows.setFocus()
            before = len(gathering.items)
            cam.act("gather")
            until(lambda before=before: len(gathering.items) > before)
    window.side.lists.turn_to(RowKind.HIGHLIGHT)
    window.banner.dismiss()
    cam.rest()
    cam.shoot("collections")
    cam.act("collections")


class Playlist:
    """What the address of the picture holds."""

    def look(self, source: VideoSource, progress: object, cancel: object) -> Found:
        titles = (
            ("Robots that fold the laundry", 1_260_000),
            ("What a good question is", 2_480_000),
            ("Ten years of attention", 3_310_000),
            ("Why models guess", 905_000),
        )
        entries = [
            Entry(VideoRef.youtube(f"talk{number:07}"), title, ms, "A conference")
            for number, (title, ms) in enumerate(titles)
        ]
        gone = Entry(VideoRef.youtube("talk9999999"), "", None, "", FailureKind.PRIVATE)
        return Found(source, "Talks of the spring", "A conference", (*entries, gone))


def dialogs(cam: Photographer) -> None:
    """Every window beside the main one."""
    window, app = cam.window, cam.app
    view = window.side.lists.views[RowKind.HIGHLIGHT]
    view.setCurrentIndex(view.model().index(0, 0))
    view.setFocus()
    cam.shoot_dialog("quote-check", "compare_quote")
    cam.act("palette")
    cam.rest()
    cam.shoot("palette")
    app.room.palette.close_palette()
    app.comforts.open_type()
    cam.shoot_over("type", app.comforts.type_card, window.mapFromGlobal(app.comforts.type_card.pos()))
    app.comforts.type_card.hide()
    for name, action in (
        ("preferences", "preferences"),
        ("keys", "shortcuts"),
        ("names", "names"),
        ("health", "health"),
        ("export", "export"),
        ("film", "make_film"),
    ):
        cam.shoot_dialog(name, action)
    storage = cam.dialog("storage")
    storage.place.setText("Kept in ~/Talks/clips (63.0 GB free on this disk)")
    cam.shoot("storage", storage)
    storage.close()
    app.adding.adding._maker = lambda: Playlist  # the site is not asked
    adding = cam.dialog("add_video")
    app.adding.dialog.address.setText("https://www.youtube.com/playlist?list=PLspring")
    app.adding.dialog.look_button.click()
    until(app.adding.dialog.card.isVisible)
    app.adding.dialog.folder.words.setText("Notes are saved in ~/Talks")
    cam.shoot("add-video", adding)
    adding.close()
    cam.act("manual")
    assert app.comforts.manual is not None
    app.comforts.manual.resize(1100, 760)
    cam.shoot("manual", app.comforts.manual)
    app.comforts.manual.close()
    cam.act("second_window")
    cam.shoot("second-window", app.comforts.windows.windows[-1])
    app.comforts.windows.close()


def beginnings(cam: Photographer) -> None:
    """A first start, and a folder without notes."""
    window, app = cam.window, cam.app
    app.settings.set("window.welcomed", False)
    app.comforts.welcome()
    card = next(one for one in QApplication.topLevelWidgets() if one.objectName() == "welcome")
    place = QPoint((window.width() - card.width()) // 2, (window.height() - card.height()) // 2)
    cam.shoot_over("first-start", card, place, dim=True)
    card.close()
    empty = cam.folder / "empty"
    empty.mkdir()
    app.desk.open_paths([empty])
    until(lambda: not window.reader.has_note)
    cam.rest(1000)
    cam.shoot("empty")


def usual(cam: Photographer) -> None:
    for part in (reading, states, own_things, dialogs, beginnings):
        part(cam)


def large(cam: Photographer) -> None:
    cam.play(0, 23_000)
    cam.shoot("scale-2")


def arabic(cam: Photographer) -> None:
    cam.play(0, 23_000)
    cam.shoot("arabic")
    cam.shoot_dialog("arabic-preferences", "preferences")
    cam.look("dark")
    cam.shoot("arabic-dark")


PARTS = {
    "usual": (usual, USUAL, "en", ""),
    "large": (large, (1200, 760), "en", "2"),
    "arabic": (arabic, USUAL, "ar", ""),
}
"""Name -> what is pictured, the size of the window, the language, the scale. Each has a process of its own."""


def main() -> int:
    OUT.mkdir(parents=True, exist_ok=True)
    if len(sys.argv) < 2:
        for name, (_, _, _, scale) in PARTS.items():
            environment = os.environ | ({"QT_SCALE_FACTOR": scale} if scale else {})
            subprocess.run([sys.executable, __file__, name], check=True, env=environment)
        return 0
    part, size, language, _ = PARTS[sys.argv[1]]
    with tempfile.TemporaryDirectory() as name:
        cam = Photographer(Path(name), size, language)
        cam.begin()
        part(cam)
        cam.window.close()
        wait(200)
    return 0


if __name__ == "__main__":
    sys.exit(main())
