"""A line that costs money is known where the system says so: NetworkManager's word, on a bus of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_MANAGER = """
import sys
from PySide6.QtCore import ClassInfo, Property, QCoreApplication, QObject, QTimer
from PySide6.QtDBus import QDBusAbstractAdaptor, QDBusConnection, QDBusObjectPath

@ClassInfo({"D-Bus Interface": "org.freedesktop.NetworkManager"})
class Manager(QDBusAbstractAdaptor):
    State = Property("uint", lambda self: 70)
    Connectivity = Property("uint", lambda self: 4)
    Metered = Property("uint", lambda self: int(sys.argv[1]))
    PrimaryConnection = Property(QDBusObjectPath, lambda self: QDBusObjectPath("/"))

app = QCoreApplication([])
thing = QObject()
manager = Manager(thing)
bus = QDBusConnection.systemBus()
bus.registerObject("/org/freedesktop/NetworkManager", thing)
print(bus.registerService("org.freedesktop.NetworkManager"), flush=True)
QTimer.singleShot(30000, app.quit)
app.exec()
"""

_ASKER = """
from PySide6.QtCore import QCoreApplication
app = QCoreApplication([])
from viewer.qt.prefetch import on_metered_line
print(on_metered_line())
"""


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("dbus-daemon") is None, reason="needs D-Bus"
)
@pytest.mark.parametrize(("word", "costs"), [("1", "True"), ("3", "True"), ("2", "False"), ("0", "False")])
def test_the_systems_word_is_heard(tmp_path: Path, word: str, costs: str) -> None:
    address = f"unix:path={tmp_path / 'bus'}"
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={address}", "--print-address"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    env = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": address}
    manager = None
    try:
        assert bus.stdout is not None
        bus.stdout.readline()
        manager = subprocess.Popen([sys.executable, "-c", _MANAGER, word], env=env, stdout=subprocess.PIPE)
        assert manager.stdout is not None
        assert manager.stdout.readline().strip() == b"True"
        root = Path(__file__).resolve().parents[2]
        asked = subprocess.run(
            [sys.executable, "-c", _ASKER], env=env, cwd=root, capture_output=True, text=True, timeout=20
        )
        assert asked.stdout.strip() == costs, asked.stderr
    finally:
        for process in (manager, bus):
            if process is not None:
                process.kill()
                process.wait()
                if process.stdout is not None:
                    process.stdout.close()
