"""What a newcomer meets in the first minute, measured: reading the samples, start to window, click to first frame.

Run it with ``python -m tests.benchmarks.first_minute``; it prints JSON. Every figure stands beside a floor that was
measured in the same run: machines differ, ratios less so. Offscreen, against the stand-in, at 20 Mbit/s with 50 ms
and without a limit.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

_EMPTY_WINDOW = """
import sys, time
from PySide6 import QtCore, QtGui, QtMultimedia, QtSvg, QtWidgets
class Window(QtWidgets.QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QtCore.QTimer.singleShot(0, app.quit)
app = QtWidgets.QApplication([])
window = Window(); window.resize(1440, 900); window.show()
app.exec()
"""

_OUR_WINDOW = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from viewer import app
qt = app.make_qt_application()
program = app.build()
program.library.noteOpened.connect(lambda *_: QTimer.singleShot(0, qt.quit))
program.start([])
qt.exec()
program.close()
"""


def _median(function: Callable[[], Any], times: int) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        function()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def parsing(times: int) -> dict[str, Any]:
    """Milliseconds to read each sample; the floor is decoding it and splitting it into lines."""
    from viewer.formats.decoding import decode
    from viewer.formats.registry import parse

    result = {}
    for path in sorted((ROOT / "seeds").iterdir()):
        data = path.read_bytes()
        text = decode(data)[0]
        ours = _median(lambda text=text, name=path.name: parse(text, name=name), times)
        floor = _median(lambda data=data: data.decode().splitlines(), times)
        result[path.name] = {
            "ms": round(ours * 1e3, 3),
            "kilobytes": len(data) // 1000,
            "ratio": round(ours / floor, 1),
        }
    return result


def _run(code: str, environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True, capture_output=True)


def starting(times: int) -> dict[str, Any]:
    """Seconds from nothing to the samples shown with a note open, beside an empty window with the same Qt parts."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "SOUNDBITE_HOME": home, "QT_QPA_PLATFORM": "offscreen"}
        _run(_OUR_WINDOW, environment)
        pairs = []
        for _ in range(times):
            ours = _median(lambda: _run(_OUR_WINDOW, environment), 1)
            empty = _median(lambda: _run(_EMPTY_WINDOW, environment), 1)
            pairs.append((ours, empty))
    return {
        "window_with_note_s": round(statistics.median(ours for ours, _ in pairs), 3),
        "empty_window_s": round(statistics.median(empty for _, empty in pairs), 3),
        "ratio": round(statistics.median(ours / empty for ours, empty in pairs), 2),
    }


def clicking(times: int) -> dict[str, Any]:
    """Seconds from a click on the first highlight to its first frame: nothing known, addresses known, clip kept."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QAbstractItemView

    from tests.standin.server import StandinServer
    from viewer import app
    from viewer.base.paths import AppPaths
    from viewer.base.settings import Settings
    from viewer.qt.roles import Role

    qt = app.make_qt_application()
    result: dict[str, Any] = {}

    def turn_ms(milliseconds: int) -> None:
        # Not QTest.qWait: it keeps Python's lock while events are handled, and Qt's audio thread waits for that.
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def wait(done: Callable[[], bool], seconds: float = 30) -> None:
        end = time.perf_counter() + seconds
        while not done():
            if time.perf_counter() > end:
                raise TimeoutError
            turn_ms(2)

    with StandinServer() as server, tempfile.TemporaryDirectory() as home:
        server.prepare("ZAJ4D8RAyfY", "136", "134", "140")
        os.environ.update(server.environment)
        for quality in ("360", "720"):
            for line in ("20 Mbit/s, 50 ms", "unlimited"):
                server.reset()
                if line != "unlimited":
                    server.slow_line()
                figures: dict[str, list[float]] = {"nothing_known": [], "addresses_known": [], "kept": []}
                for turn in range(times):
                    os.environ["SOUNDBITE_HOME"] = str(Path(home) / f"{quality}-{line[:2]}-{turn}")
                    Settings(AppPaths.standard().settings_file).set("fetch.quality", quality)
                    program = app.build()
                    program.start([])
                    wait(lambda p=program: p.session.note is not None)
                    model = program.window.findChild(QAbstractItemView, "highlightView").model()
                    first, second = (model.index(row, 0).data(Role.SEGMENT) for row in (0, 4))
                    seen: list[float] = []
                    program.window.side.player.sink.videoFrameChanged.connect(
                        lambda frame, seen=seen: seen.append(time.perf_counter()) if frame.isValid() else None
                    )
                    for name, segment in (
                        ("nothing_known", first),
                        ("addresses_known", second),
                        ("kept", first),
                    ):
                        wait(
                            lambda m=model: (
                                not any(m.index(r, 0).data(Role.CLIP_STATE).busy for r in range(5))
                            )
                        )
                        program.player.stop()
                        turn_ms(300)
                        seen.clear()
                        began = time.perf_counter()
                        program.session.play(segment)
                        wait(lambda seen=seen: bool(seen))
                        figures[name].append(seen[0] - began)
                    program.window.close()
                    program.close()
                result[f"{quality}p, {line}"] = {
                    name: round(statistics.median(values), 3) for name, values in figures.items()
                }
    qt.quit()
    return result


def main() -> None:
    """Measure everything and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--only", choices=("parsing", "starting", "clicking"))
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_AUDIO_BACKEND", "pulseaudio")
    parts = {"parsing": lambda: parsing(options.times * 4), "starting": lambda: starting(options.times)}
    parts["clicking"] = lambda: clicking(options.times)
    report = {name: run() for name, run in parts.items() if options.only in (None, name)}
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
