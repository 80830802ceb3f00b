"""The desktop is told of the end of long work, but only while the window is not in front and the user wants it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from viewer.app import Application
from viewer.ui import notices as module


@pytest.fixture
def told(application: Application, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the desktop is asked to show; the window has been in front and is no more."""
    notices = application.comforts.notices
    monkeypatch.setattr(module, "_by_portal", lambda title, text: True)
    found: list[tuple[str, str]] = []
    notices.told.connect(lambda title, text: found.append((title, text)))
    notices._state_changed(Qt.ApplicationState.ApplicationActive)
    notices.in_front = lambda: False
    return found


def test_what_the_banner_says_behind_ones_back_is_told(
    application: Application, told: list[tuple[str, str]]
) -> None:
    application.window.banner.show_info("The clips were saved", "5 of 5")
    assert told == [("The clips were saved", "5 of 5")]


def test_nothing_is_told_in_front_or_unwanted(application: Application, told: list[tuple[str, str]]) -> None:
    application.comforts.notices.in_front = lambda: True
    application.window.banner.show_info("Copied")
    application.comforts.notices.in_front = lambda: False
    application.settings.set("look.notices", False)
    application.window.banner.show_info("Saved")
    assert told == []


def test_a_long_reading_of_the_library_is_told_and_a_short_one_is_not(
    application: Application, told: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch, qtbot: object
) -> None:
    library = application.library
    with qtbot.waitSignal(library.refreshed, timeout=10_000):  # type: ignore[attr-defined]
        library.refresh()
    assert told == []
    monkeypatch.setattr(module, "LONG_S", 0.0)
    with qtbot.waitSignal(library.refreshed, timeout=10_000):  # type: ignore[attr-defined]
        library.refresh()
    assert told == [("The library has been read", "3 notes")]


_SEND = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtDBus import QDBusConnection
app = QCoreApplication([])
from viewer.ui.notices import portal_message
bus = QDBusConnection.sessionBus()
message = portal_message("Title of it", "Text of it")
bus.send(message)
QTimer.singleShot(300, app.quit)
app.exec()
"""


@pytest.mark.skipif(
    not sys.platform.startswith("linux")
    or not shutil.which("dbus-run-session")
    or not shutil.which("dbus-monitor"),
    reason="needs D-Bus",
)
def test_the_portal_is_asked_in_its_own_types(tmp_path: Path) -> None:
    send = tmp_path / "send.py"
    send.write_text(_SEND)
    root = Path(__file__).resolve().parents[2]
    script = (
        f"timeout 10 dbus-monitor --session > {tmp_path}/heard & sleep 0.7; "
        f"{sys.executable} {send}; sleep 0.3; kill %1"
    )
    env = {**os.environ, "PYTHONPATH": str(root), "QT_QPA_PLATFORM": "offscreen"}
    subprocess.run(["dbus-run-session", "--", "bash", "-c", script], env=env, timeout=60, capture_output=True)
    heard = (tmp_path / "heard").read_text()
    call = heard[heard.index("member=AddNotification") :]
    assert 'string "soundbite"' in call
    assert "dict entry(" in call
    assert 'variant             string "Title of it"' in call
