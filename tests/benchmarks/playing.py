"""From a click in the real window to the first picture; the window while clips come in; mpv and a bare player beside it.

    python -m tests.benchmarks.playing [--times N] [--parts first,kept,gui,mpv]

Prints JSON. The window runs offscreen in a process of its own, so that the stand-in's work does not count, at 720p.
The slow line is 20 Mbit/s with 50 ms. A click is a mouse click on a row; the first picture is the first one that
reaches the screen's sink with the player playing. mpv is started before it is timed, as our window is.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks.clips import LATENCY_MS, MEGABITS, PICTURES, ROOT, SOUND, START_S, TALK, spread
from tests.benchmarks.machine import machine
from tests.standin.server import StandinServer

if TYPE_CHECKING:
    from viewer.app import Application

PARTS = ("first", "kept", "gui", "mpv")
NOTE = "What does Sam Altman"
BEAT_MS = 1
QUALITY = "720"


# What runs in the measured process


class Window:
    """The real program in one window."""

    def __init__(self, folder: Path) -> None:
        from tests.end_to_end.conftest import texts
        from viewer import app
        from viewer.base.paths import AppPaths
        from viewer.base.settings import Settings

        self.qt = app.make_qt_application()
        paths = AppPaths.below(folder)
        settings = Settings(paths.settings_file)
        settings.set("fetch.quality", QUALITY)
        settings.set("fetch.parallel", 4)
        self.app: Application = app.build(paths)
        self.app.start([])
        self.wait(lambda: self.app.session.note is not None)
        titles = texts(self.app.notes)
        self._open(next(row for row, title in enumerate(titles) if title.startswith(NOTE)))
        self.wait(lambda: len(self.app.window.side.lists.segments()) > 4)
        self.view = self.app.window.side.lists.views[self._highlights()]
        self.rest(1.5)  # the start is over: the worker is warm, the quotes are judged

    @staticmethod
    def _highlights() -> Any:
        from viewer.qt.timed_rows import RowKind

        return RowKind.HIGHLIGHT

    def _open(self, row: int) -> None:
        view = self.app.window.library.view
        self._click(view, row)
        self.wait(lambda: (note := self.app.session.note) is not None and note.title.startswith(NOTE))

    def wait(self, condition: Callable[[], object], seconds: float = 60) -> None:
        """Let the event loop run, as the program does, until something is so."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop, watch = QEventLoop(), QTimer()
        deadline = time.monotonic() + seconds

        def look() -> None:
            if condition() or time.monotonic() > deadline:
                loop.quit()

        watch.timeout.connect(look)
        watch.start(10)
        if not condition():
            loop.exec()
        watch.stop()
        if not condition():
            raise RuntimeError("waited in vain")

    def rest(self, seconds: float) -> None:
        """Let the event loop run so long."""
        until = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() >= until)

    @staticmethod
    def _click(view: Any, row: int) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        index = view.model().index(row, 0)
        view.scrollTo(index)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).center())

    def first_picture(self, row: int) -> float:
        """Seconds from a click on a row to its first picture."""
        from PySide6.QtCore import QEventLoop, QTimer

        from viewer.qt.now_playing import PlayerState

        player, sink = self.app.player, self.app.window.side.player.sink
        began, seen, loop = time.perf_counter(), [], QEventLoop()

        def look() -> None:
            if not seen and sink.videoFrame().isValid() and player.state is PlayerState.PLAYING:
                seen.append(time.perf_counter() - began)
                loop.quit()

        player.stop()
        self.rest(0.3)
        sink.videoFrameChanged.connect(look)
        player.stateChanged.connect(look)
        QTimer.singleShot(30_000, loop, loop.quit)
        began = time.perf_counter()
        self._click(self.view, row)
        loop.exec()
        sink.videoFrameChanged.disconnect(look)
        player.stateChanged.disconnect(look)
        return seen[0]

    def forget(self, *, addresses: bool) -> None:
        """Let the next click begin with nothing: no clip, no fragments; nor addresses and index."""
        from viewer.media.heads import HeadCache
        from viewer.media.spans import SpanCache

        self.app.clips.cancel_all()
        self.app.player.stop()
        self.rest(0.4)
        self.app.store.clear(pinned_too=True)
        fetcher = self.app.fetcher._fetcher()  # type: ignore[union-attr]
        fetcher._spans = SpanCache()
        self.app.clips.look_up(
            self.app.window.side.lists.segments()
        )  # as the window does when clips are cleared
        self.rest(0.1)
        if addresses:
            fetcher._heads = HeadCache()
            fetcher.resolver._known.clear()

    def close(self) -> None:
        """End it in order."""
        self.app.window.close()
        self.app.close()


def measure_first(window: Window, times: int) -> dict[str, Any]:
    """Click to first picture: addresses known, and nothing known."""
    segment = window.app.window.side.lists.segments()[0]
    window.app.fetcher.prepare(segment.video)
    known, nothing = [], []
    for _ in range(times):
        window.forget(addresses=False)
        known.append(window.first_picture(0))
    for _ in range(times):
        window.forget(addresses=True)
        nothing.append(window.first_picture(0))
    window.app.clips.cancel_all()
    return {"known_s": known, "nothing_known_s": nothing}


def measure_kept(window: Window, times: int) -> dict[str, Any]:
    """Click to first picture of a kept clip, two in turn; a bare QMediaPlayer on the same files."""
    segments = window.app.window.side.lists.segments()[:2]
    window.app.clips.fetch(segments)
    from viewer.qt.clip_state import ClipStatus

    window.wait(lambda: all(window.app.clips.state(one).status is ClipStatus.READY for one in segments), 120)
    files = [clip.path for one in segments if (clip := window.app.store.find(one)) is not None]
    ours, bare = [], []
    for number in range(6 * times):
        ours.append(window.first_picture(number % 2))
        bare.append(_bare(window, files[number % 2]))
    return {"ours_s": ours, "bare_s": bare}


def _bare(window: Window, path: Path) -> float:
    from PySide6.QtCore import QUrl
    from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer, QVideoFrame, QVideoSink

    window.app.player.stop()
    window.rest(0.3)
    player, sound, sink = QMediaPlayer(), QAudioOutput(), QVideoSink()
    player.setAudioOutput(sound)
    player.setVideoSink(sink)
    seen: list[float] = []

    def look(frame: QVideoFrame) -> None:
        if frame.isValid() and not seen:
            seen.append(time.perf_counter())

    sink.videoFrameChanged.connect(look)
    began = time.perf_counter()
    player.setSource(QUrl.fromLocalFile(str(path)))
    player.play()
    window.wait(lambda: seen)
    player.setSource(QUrl())
    window.rest(0.1)
    return seen[0] - began


def measure_gui(window: Window, times: int) -> dict[str, Any]:
    """How long the window's thread is busy at a time while one clip plays and four others come in."""
    from PySide6.QtCore import Qt, QTimer

    from viewer.qt.clip_state import ClipStatus
    from viewer.qt.now_playing import PlayerState

    clips = window.app.clips
    segments = window.app.window.side.lists.segments()
    kept, others = segments[0], segments[1:5]
    clips.fetch([kept])
    window.wait(lambda: clips.state(kept).status is ClipStatus.READY, 120)
    gaps: list[tuple[float, float]] = []
    for _ in range(times):
        window.first_picture(0)
        for clip in window.app.store.clips():
            if clip.segment != kept:
                window.app.store.remove(clip)
        fetcher = window.app.fetcher._fetcher()  # type: ignore[union-attr]
        from viewer.media.spans import SpanCache

        fetcher._spans = SpanCache()
        clips.look_up(segments)
        window.wait(lambda: not any(clips.state(one).status is ClipStatus.READY for one in others))
        last = [0.0, 0.0]
        beat = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=BEAT_MS)

        def mark(last: list[float] = last) -> None:
            now, burnt = time.perf_counter(), time.thread_time()
            if last[0]:
                gaps.append(((now - last[0]) * 1000, (burnt - last[1]) * 1000))
            last[:] = now, burnt

        beat.timeout.connect(mark)
        window.app.player.set_loop(True)
        beat.start()
        clips.fetch(others)
        window.wait(lambda: all(clips.state(one).status is ClipStatus.READY for one in others), 180)
        beat.stop()
        if window.app.player.state is not PlayerState.PLAYING:
            raise RuntimeError("it does not play")
    gaps.sort()
    return {
        "beats": len(gaps),
        "median_ms": round(statistics.median(gap for gap, _ in gaps), 2),
        "p99_ms": round(gaps[int(len(gaps) * 0.99)][0], 2),
        # With the processor time that the thread itself used: what is missing it has waited for a processor.
        "longest_and_burnt_ms": [(round(gap, 1), round(burnt, 1)) for gap, burnt in gaps[-6:]],
        "over_16_ms": sum(gap > 16 for gap, _ in gaps),
    }


MEASURES: dict[str, Callable[[Window, int], dict[str, Any]]] = {
    "first": measure_first,
    "kept": measure_kept,
    "gui": measure_gui,
}


def child(name: str, folder: str, times: int) -> None:
    """Be the measured process."""
    window = Window(Path(folder))
    result = MEASURES[name](window, times)
    window.close()
    print(json.dumps(result), flush=True)
    os._exit(0)  # what Qt takes apart at the end is not measured here


# What runs beside the stand-in


class Mpv:
    """A running mpv without a window, told what to do over its socket."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        place = folder / "mpv.socket"
        argv = ["mpv", "--no-config", "--idle", "--vo=null", "--ao=null", f"--input-ipc-server={place}"]
        self.process = subprocess.Popen(
            argv, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._socket = socket.socket(socket.AF_UNIX)
        deadline = time.monotonic() + 10
        while True:
            try:
                self._socket.connect(str(place))
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
        self._file = self._socket.makefile("rb")

    def _say(self, *words: Any) -> None:
        self._socket.sendall(json.dumps({"command": list(words)}).encode() + b"\n")

    def first_picture(self, picture: str, sound: str, start_s: float) -> float:
        """Seconds from opening two streams at a second to the first picture and sound."""
        began = time.perf_counter()
        options = f"start={start_s},audio-file=%{len(sound)}%{sound}"
        self._say("loadfile", picture, "replace", options)
        for line in self._file:
            if json.loads(line).get("event") == "playback-restart":
                break
        took = time.perf_counter() - began
        self._say("stop")
        for line in self._file:
            if json.loads(line).get("event") == "idle":
                break
        return took

    def close(self) -> None:
        """End it."""
        with contextlib.suppress(OSError):
            self._say("quit")
        self.process.wait(5)
        self._socket.close()


class Run:
    """One run: the stand-in, and the measured processes."""

    def __init__(self, server: StandinServer, times: int) -> None:
        self.server = server
        self.times = times
        self.environment = {
            **os.environ,
            **server.environment,
            "QT_QPA_PLATFORM": "offscreen",
            "QT_AUDIO_BACKEND": "pulseaudio",
        }

    def lines(self) -> Iterator[str]:
        """Both lines, one after the other."""
        self.server.slow_line(MEGABITS, LATENCY_MS)
        yield "20M"
        self.server.slow_line(None, 0)
        yield "unthrottled"

    def measured(self, name: str, times: int) -> dict[str, Any]:
        """What a measured process says."""
        with tempfile.TemporaryDirectory() as folder:
            argv = [sys.executable, "-m", __spec__.name, "--child", json.dumps([name, folder, times])]
            environment = {**self.environment, "HOME": folder, "XDG_RUNTIME_DIR": folder}
            done = subprocess.run(
                argv, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, timeout=900
            )
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    def first(self) -> dict[str, Any]:
        """Click to first picture, and what ``yt-dlp -J`` takes for the same video."""
        result = {}
        for line in self.lines():
            seen = self.measured("first", self.times)
            argv = [sys.executable, "-m", "yt_dlp", "--ignore-config", "-J", "--"]
            dump = []
            for _ in range(self.times):
                began = time.perf_counter()
                subprocess.run(
                    [*argv, f"https://www.youtube.com/watch?v={TALK}"],
                    env=self.environment,
                    cwd=ROOT,
                    check=True,
                    capture_output=True,
                )
                dump.append(time.perf_counter() - began)
            result[line] = {
                "addresses_known_s": spread(seen["known_s"]),
                "nothing_known_s": spread(seen["nothing_known_s"]),
                "yt-dlp -J_s": spread(dump),
            }
        return result

    def kept(self) -> dict[str, Any]:
        """A kept clip, ours and a bare player."""
        self.server.slow_line(None, 0)
        seen = self.measured("kept", self.times)
        ours, bare = spread(seen["ours_s"]), spread(seen["bare_s"])
        return {"ours_s": ours, "bare_player_s": bare, "ratio": round(ours["median"] / bare["median"], 2)}

    def gui(self) -> dict[str, Any]:
        """The window's thread, on the slow line."""
        self.server.slow_line(MEGABITS, LATENCY_MS)
        return self.measured("gui", max(1, self.times // 3))

    def mpv(self) -> dict[str, Any]:
        """mpv on the same two streams at the same second."""
        if shutil.which("mpv") is None:
            return {"mpv": "not installed"}
        addresses = self._addresses()
        result = {}
        with tempfile.TemporaryDirectory() as folder:
            mpv = Mpv(Path(folder), {**self.environment, "HOME": folder})
            try:
                for line in self.lines():
                    took = [mpv.first_picture(*addresses, START_S) for _ in range(self.times)]
                    result[line] = spread(took)
            finally:
                mpv.close()
        return result

    def _addresses(self) -> tuple[str, str]:
        argv = [sys.executable, "-m", "yt_dlp", "--ignore-config", "-g", "-f"]
        argv += [f"{PICTURES[QUALITY]}+{SOUND}", "--", f"https://www.youtube.com/watch?v={TALK}"]
        done = subprocess.run(
            argv, env=self.environment, cwd=ROOT, check=True, capture_output=True, text=True
        )
        picture, sound = done.stdout.split()
        return picture, sound


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--child", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(*json.loads(given.child))
        return
    load = os.getloadavg()[0]
    result: dict[str, Any] = {}
    with StandinServer() as server:
        server.prepare(TALK, *PICTURES.values(), SOUND)
        run = Run(server, given.times)
        for part in given.parts.split(","):
            parts = {"first": run.first, "kept": run.kept, "gui": run.gui, "mpv": run.mpv}
            result[part] = parts[part]()
            print(json.dumps({part: result[part]}), file=sys.stderr, flush=True)
    result["machine"] = machine(load)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
