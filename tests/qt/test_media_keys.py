"""The desktop's media keys reach the player: spoken to as the desktop does, over a bus of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_PROGRAM = """
import subprocess, sys, threading
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from viewer.domain.video import Segment, VideoRef
from viewer.qt.now_playing import PlayerState
from viewer.qt.media_keys import PATH, SERVICE, MediaCommands, MediaKeys

class Player(QObject):
    stateChanged = Signal(object)
    rangeChanged = Signal(int, int)
    state, speed, volume, position_ms, range_ms = PlayerState.PLAYING, 1.5, 80, 17000, (16000, 60000)
    segment = Segment(VideoRef.youtube("ZAJ4D8RAyfY"), 16000, 60000)
    def pause(self): print("pause")
    def seek(self, ms): print("seek", ms)

app = QCoreApplication([])
player = Player()
said = lambda word: (lambda: print(word))
keys = MediaKeys(player, MediaCommands(said("toggle"), said("next"), said("previous"), said("show"),
    lambda: "Past the horizon", lambda: "Sam"))
print("started", keys.start())

def call(*words):
    command = ["dbus-send", "--session", "--print-reply", "--dest=" + SERVICE, PATH, *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=10).stdout

def talk():
    p = "org.mpris.MediaPlayer2.Player."
    for name in ("PlayPause", "Next", "Previous", "Pause"):
        call(p + name)
    call(p + "Seek", "int64:5000000")
    call("org.mpris.MediaPlayer2.Raise")
    get = "org.freedesktop.DBus.Properties.Get"
    both = [f"string:{p[:-1]}"]
    print("status", "Playing" in call(get, *both, "string:PlaybackStatus"))
    print("position", "int64 1000000" in call(get, *both, "string:Position"))
    metadata = call(get, *both, "string:Metadata")
    print("title", "Past the horizon" in metadata, "path", "object path" in metadata, "array" in metadata)
    QTimer.singleShot(0, app, finish)

def finish():
    player.stateChanged.emit(PlayerState.PAUSED)
    keys.close()
    app.quit()

threading.Thread(target=talk, daemon=True).start()
QTimer.singleShot(30000, app.quit)
app.exec()
"""


@pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which("dbus-send")), reason="no D-Bus tools here"
)
def test_the_desktop_can_play_pause_and_step_and_sees_what_plays():
    result = subprocess.run(
        ["dbus-run-session", "--", sys.executable, "-u", "-c", _PROGRAM],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
    )
    assert result.stdout.splitlines() == [
        "started True",
        "toggle",
        "next",
        "previous",
        "pause",
        "seek 22000",
        "show",
        "status True",
        "position True",
        "title True path True True",
    ], result.stdout + result.stderr[-1500:]
