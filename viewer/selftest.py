"""``soundbite --selftest``: does everything that came with the program work on this machine?

It is meant for bundles above all: a plug-in that was left out, or a library that is missing, opens a fine window in
which no video plays. Every step does the real thing with the real parts, and none uses the network.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale, QObject, Qt, QTimer, QTranslator, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtMultimedia import QVideoFrame, QVideoSink

from viewer import __version__
from viewer.base.errors import ViewerError
from viewer.base.paths import seeds_dir
from viewer.domain.video import Segment, VideoRef
from viewer.library.catalog import Catalog
from viewer.media import process
from viewer.media.tools import Tools
from viewer.qt.clip_player import ClipPlayer

if TYPE_CHECKING:
    from viewer.domain.cited_quote import CitedQuote

_STEP_TIMEOUT_S = 60.0
_FRAME_TIMEOUT_MS = 20_000
_CLIP_MS = 2_000

# The shape that the solver looks for in YouTube's player: a function that calls .set("alr", "yes") on a new object,
# whose class has one more method that transforms "n" and "s".
_PLAYER = """
var _yt_player = {}; (function (g) {
  var window = this;
  var U = function (a) { this.m = new Map(); };
  U.prototype.set = function (k, v) { this.m.set(k, v); };
  U.prototype.get = function (k) { return this.m.get(k); };
  U.prototype.clone = function () { return this; };
  U.prototype.turn = function () {
    for (const k of ["n", "s"]) { const v = this.m.get(k); if (v) this.m.set(k, v.split("").reverse().join("")); }
  };
  var make = function (u, k, s) {
    var o = new U(u); o.set("alr", "yes"); s && o.set(k, decodeURIComponent(s)); return o;
  };
  g.make = make;
})(_yt_player);
"""


class _Failed(Exception):  # noqa: N818 - an outcome, not an error
    """A step did not do what it should; the text says what was seen instead."""


def _make_clip(tools: Tools, folder: Path) -> Path:
    """A red picture and a tone, made apart and merged by copy, as a download is. Two seconds long."""
    if tools.ffmpeg is None:
        raise _Failed("there is no ffmpeg")
    ffmpeg = [str(tools.ffmpeg), "-hide_banner", "-loglevel", "error", "-nostdin", "-y"]
    length = ["-t", str(_CLIP_MS / 1000)]
    video, audio, both = folder / "video.mp4", folder / "audio.m4a", folder / "both.mp4"
    red = ["-f", "lavfi", "-i", "color=c=red:s=320x180:r=25"]
    for argv in (
        [*ffmpeg, *red, *length, "-c:v", "libx264", "-pix_fmt", "yuv420p", str(video)],
        [*ffmpeg, "-f", "lavfi", "-i", "sine=frequency=440", *length, "-c:a", "aac", str(audio)],
        [*ffmpeg, "-i", str(video), "-i", str(audio), "-map", "0:v", "-map", "1:a", "-c", "copy", str(both)],
    ):
        outcome = process.run(argv, cwd=folder, timeout_s=_STEP_TIMEOUT_S)
        if not outcome.ok:
            raise _Failed(outcome.words)
    return both


def _ytdlp(tools: Tools, folder: Path) -> str:
    if not tools.ytdlp:
        raise _Failed("yt-dlp is not here")
    outcome = process.run(
        [*tools.ytdlp, "--ignore-config", "--version"], cwd=folder, timeout_s=_STEP_TIMEOUT_S
    )
    if not outcome.ok or not outcome.stdout:
        raise _Failed(outcome.words)
    return outcome.stdout[0].strip()


def _solve(tools: Tools, folder: Path) -> str:
    """Run yt-dlp's solver in deno, as yt-dlp does, over a player made up here; the answer must be the right one."""
    if tools.deno is None:
        raise _Failed("there is no deno")
    try:
        solver = importlib.import_module("yt_dlp_ejs.yt.solver")
        library, core = solver.lib(), solver.core()
    except (ImportError, OSError) as error:
        raise _Failed(f"yt-dlp's JavaScript pieces are not here: {error}") from error
    requests = [{"type": "n", "challenges": ["abc"]}, {"type": "sig", "challenges": ["xyz"]}]
    question = json.dumps({"type": "player", "player": _PLAYER, "requests": requests})
    script = folder / "solve.js"
    call = f"console.log(JSON.stringify(jsc({question})));"
    script.write_text(f"{library}\nObject.assign(globalThis, lib);\n{core}\n{call}\n", encoding="utf-8")
    options = [
        "--ext=js",
        "--no-code-cache",
        "--no-prompt",
        "--no-remote",
        "--no-npm",
        "--no-lock",
        "--no-config",
    ]
    environment = process.clean_environment({"DENO_DIR": str(folder / "deno"), "DENO_NO_UPDATE_CHECK": "1"})
    argv = [str(tools.deno), "run", *options, str(script)]
    outcome = process.run(argv, cwd=folder, env=environment, timeout_s=_STEP_TIMEOUT_S)
    if not outcome.ok:
        raise _Failed(outcome.words)
    answers = json.loads(outcome.stdout[-1])["responses"]
    solved = [next(iter(answer.get("data", {"": answer}).values())) for answer in answers]
    if solved != ["cba", "zyx"]:
        raise _Failed(f"deno ran, but solved {solved}")
    return str(tools.deno)


def _index(folder: Path) -> str:
    catalog = Catalog(folder / "index.sqlite3", folder / "user.sqlite3")
    try:
        catalog.refresh([seeds_dir()])
        notes, hits = len(catalog.entries()), catalog.search("Altman").total
    finally:
        catalog.close()
    if not notes or not hits:
        raise _Failed(f"{notes} samples were read and {hits} places found in them")
    return f"{notes} samples, {hits} places found"


class _Viewer(QObject):
    """Plays a file until a picture of it has been seen, then ends the event loop."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.seen = ""
        self.problem = "no picture within the time"
        self._sink = QVideoSink()
        self._sink.videoFrameChanged.connect(self._look, Qt.ConnectionType.QueuedConnection)
        self._player = ClipPlayer(self)
        self._player.set_video_output(self._sink)
        self._player.failed.connect(self._fail)
        self._player.set_muted(True)
        self._player.open(path, 0, Segment(VideoRef.youtube("dQw4w9WgXcQ"), 0, _CLIP_MS))
        self._player.play()
        QTimer.singleShot(_FRAME_TIMEOUT_MS, self._end)

    @Slot(QVideoFrame)
    def _look(self, frame: QVideoFrame) -> None:
        image = frame.toImage() if frame.isValid() else None
        if image is None or image.isNull() or self.seen:
            return
        colour = image.pixelColor(image.width() // 2, image.height() // 2)
        if colour.red() > 150 and colour.green() < 90 and colour.blue() < 90:
            self.seen = f"{image.width()}x{image.height()}"
        else:
            self.problem = f"the picture is {colour.name()}, not red"
        self._end()

    @Slot(str)
    def _fail(self, reason: str) -> None:
        self.problem = reason
        self._end()

    @Slot()
    def _end(self) -> None:
        self._player.shutdown()
        # Once more round the loop: a player must not go while it plays.
        QTimer.singleShot(100, QCoreApplication.quit)


def _play(tools: Tools, folder: Path) -> str:
    clip = _make_clip(tools, folder)
    application = QCoreApplication.instance() or QGuiApplication(sys.argv[:1])
    viewer = _Viewer(clip)
    application.exec()
    if not viewer.seen:
        raise _Failed(viewer.problem)
    return f"{viewer.seen} on {QGuiApplication.platformName()}"


def _export(folder: Path) -> str:
    """Every form once: each stands on a library with data files of its own, which a bundle may lack."""
    from viewer.domain.cited_quote import CitedQuote
    from viewer.export.writing import FORMATS, write_outline
    from viewer.qt.pdf_file import write_pdf

    application = QCoreApplication.instance() or QGuiApplication(sys.argv[:1])
    video = VideoRef.youtube("dQw4w9WgXcQ")
    quote = CitedQuote(
        "Read the last page first.", "Jane Doe", note_title="A talk", channel="Example", url=video.url
    )
    sizes = []
    for form in FORMATS:
        target = write_outline([quote], "A talk", form.id, folder / f"{form.id}.{form.suffix}", pdf=write_pdf)
        sizes.append(target.stat().st_size)
    sizes += _edit_list(replace(quote, segment=Segment(video, 0, _CLIP_MS)), folder)
    if not all(sizes) or application is None:
        raise _Failed(f"sizes: {sizes}")
    return f"{len(sizes)} forms written"


def _edit_list(quote: CitedQuote, folder: Path) -> list[int]:
    """The files for editing programs, over a clip that need not be there; their sizes in bytes."""
    from viewer.export.edit_list import EditClip
    from viewer.export.editing import write_timeline
    from viewer.export.fcpxml import fcpxml
    from viewer.export.flat_clips import FlatClip

    rate = Fraction(25)
    clip = FlatClip(folder / "media" / "clip.mp4", round(_CLIP_MS / 1000 * rate), rate, 320, 180)
    edits = [EditClip(quote, clip)]
    timeline, edl = folder / "cut.otio", folder / "cut.edl"
    write_timeline("A cut", edits, rate, folder, timeline, edl)
    return [timeline.stat().st_size, edl.stat().st_size, len(fcpxml("A cut", edits, rate, clip.path.parent))]


def _words() -> str:
    """Speak every language in turn, in our own words and in Qt's, and read the manual."""
    from viewer.base import language
    from viewer.ui import manual, speech

    application = QCoreApplication.instance() or QGuiApplication(sys.argv[:1])
    before, places = language.speaks(), QLocale()
    try:
        for name in language.OWN_NAMES:
            if speech.speak(name) != name:
                raise _Failed(f"the words of {name} are not here")
            # The last of them: those before it are about to go.
            if name != "en" and application.findChildren(QTranslator, "qtbase")[-1].isEmpty():
                raise _Failed(f"Qt's own words of {name} are not here")
            if any(chapter.language != name for chapter in manual.chapters()):
                raise _Failed(f"the manual is not whole in {name}")
    finally:
        speech.speak(before)
        QLocale.setDefault(places)
    chapters = len(manual.chapters())
    if not chapters:
        raise _Failed("the manual is empty")
    return f"{len(language.OWN_NAMES)} languages, {chapters} chapters of the manual"


def _steps(tools: Tools) -> tuple[tuple[str, Callable[[Path], str]], ...]:
    return (
        ("index", _index),
        ("yt-dlp", lambda folder: _ytdlp(tools, folder)),
        ("solver in deno", lambda folder: _solve(tools, folder)),
        (
            "merge by ffmpeg",
            lambda folder: f"{_make_clip(tools, folder).stat().st_size} bytes, {tools.ffmpeg}",
        ),
        ("play a clip", lambda folder: _play(tools, folder)),
        ("exports", _export),
        ("words", lambda folder: _words()),
    )


def run() -> int:
    """Run every step, print a line for each, and return the exit code: 1 if any failed. Takes some seconds."""
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    tools = Tools.find()
    failed = 0
    print(f"Soundbite {__version__}", flush=True)
    for name, step in _steps(tools):
        with tempfile.TemporaryDirectory(prefix="soundbite-selftest-", ignore_cleanup_errors=True) as folder:
            try:
                print(f"ok      {name}: {step(Path(folder))}", flush=True)
            except (_Failed, ViewerError, OSError, ValueError, KeyError) as error:
                failed += 1
                print(f"FAILED  {name}: {error}", flush=True)
    return 1 if failed else 0
