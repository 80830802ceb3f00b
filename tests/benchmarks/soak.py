"""Start, play, stop, change and leave again and again: does the player ever hang or crash?

    python -m tests.benchmarks.soak [--starts N] [--rounds N]

Every start is a process of its own under a watchdog: the deadlock that this looks for was seen at exit, in a few of a
hundred. Half of what is played are files, half a stream that stalls on its way. Prints JSON; exit code 1 on any failure.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WATCHDOG_S = 50


def child(film: Path, url: str, rounds: int) -> None:
    """One process: ``rounds`` changes of what plays, then an orderly end."""
    faulthandler.dump_traceback_later(WATCHDOG_S, exit=True)
    from PySide6.QtCore import QMetaObject, Qt, QTimer
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtMultimedia import QVideoSink

    from viewer.domain.video import Segment, VideoRef
    from viewer.qt.clip_player import ClipPlayer

    app = QGuiApplication([])
    player, sink = ClipPlayer(), QVideoSink()
    player.set_video_output(sink)
    video = VideoRef.youtube("dQw4w9WgXcQ")

    def go(left: int) -> None:
        if not left:
            player.shutdown()
            QMetaObject.invokeMethod(app, "quit", Qt.ConnectionType.QueuedConnection)
            return
        if left % 3 == 0:
            player.stop()
        start = left * 137 % 4000
        if left % 2:
            player.open_growing(url, Segment(video, 5, 5000))
        else:
            player.open(film, 0, Segment(video, start, start + 1500))
        player.play()
        if left % 5 == 0:
            player.complete(film, 0)
        if left % 4 == 0:
            player.seek(start + 900)
        if left % 7 == 0:
            player.break_off()
        QTimer.singleShot(5 + left * 37 % 160, lambda: go(left - 1))

    go(rounds)
    app.exec()
    print("done")


def soak(starts: int, rounds: int) -> dict[str, object]:
    """Run so many children and count what came of them."""
    from tests.qt.conftest import make_media
    from tests.qt.tap import Tap, make_stream

    with tempfile.TemporaryDirectory() as folder:
        film = make_media(Path(folder) / "film.mp4", 6)
        tap = Tap(make_stream(Path(folder)))
        tap.open(0.6)
        command = [sys.executable, "-m", "tests.benchmarks.soak", "--child", str(film), tap.url]
        failures: list[str] = []
        began = time.monotonic()
        for number in range(starts):
            turns = rounds if number % 10 == 0 else 1 + number % 5
            try:
                result = subprocess.run(
                    [*command, str(turns)], capture_output=True, text=True, timeout=WATCHDOG_S + 10, cwd=ROOT
                )
            except subprocess.TimeoutExpired:
                failures.append(f"start {number}: hung beyond the watchdog")
                continue
            if (result.returncode, result.stdout.strip()) != (0, "done"):
                failures.append(f"start {number}: code {result.returncode}: {result.stderr[-600:]}")
        tap.close()
    return {"starts": starts, "failures": failures, "seconds": round(time.monotonic() - began, 1)}


def main() -> int:
    """Soak, or be one of its children."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=100, help="changes in every tenth process")
    parser.add_argument("--child", nargs=3, metavar=("FILM", "URL", "ROUNDS"))
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_AUDIO_BACKEND", "pulseaudio")
    if options.child:
        child(Path(options.child[0]), options.child[1], int(options.child[2]))
        return 0
    report = soak(options.starts, options.rounds)
    print(json.dumps(report, indent=2))
    return 1 if report["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
